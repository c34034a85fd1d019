//! Counts of respondents of which none says how many are in a group that is too small to be shown.
//!
//! Small groups are said to be small. Exact numbers beside them would give them back by subtraction, so as soon as one
//! group is hidden all others are printed in round numbers.

use crate::{
    study::{Language, Reason},
    survey::Survey,
    words,
};

pub(super) struct Counts<'a> {
    survey: &'a Survey,
    language: Language,
    rounds: bool,
}

impl<'a> Counts<'a> {
    pub(super) fn new(survey: &'a Survey, language: Language) -> Self {
        let exact = Self { survey, language, rounds: false };
        let segments = (0..survey.study.segments.len()).flat_map(|segment| exact.levels(segment));
        let questions = (0..survey.study.questions.len()).map(|question| exact.number_asked(question));
        let mut groups = segments.chain(questions.flat_map(|asked| [asked, survey.tally.rows - asked]));
        let rounds = groups.any(|number| exact.is_small(number));
        Self { rounds, ..exact }
    }

    /// How many are at each level of a segment, then in none where somebody is.
    pub(super) fn of_levels(&self, segment: usize) -> Vec<String> {
        let levels = self.levels(segment);
        let hides = levels.iter().any(|number| self.is_small(*number));
        // A single other level is everybody but the hidden: a round number could still tell one from the other.
        let others = levels.iter().filter(|number| **number > 0 && !self.is_small(**number)).count();
        let print = |number: u64| match number {
            number if hides && others == 1 && number > 0 && !self.is_small(number) => {
                self.language.choose("der Rest", "the rest").to_owned()
            }
            number => self.print(number),
        };
        let (nowhere, named) = levels.split_last().unwrap_or((&0, &[]));
        let named = named.iter().map(|number| print(*number));
        named.chain((*nowhere > 0).then(|| print(*nowhere))).collect()
    }

    /// How many were asked a question.
    pub(super) fn asked(&self, question: usize) -> String {
        let asked = self.number_asked(question);
        match self.survey.tally.rows - asked {
            0 => words::count(asked, self.language),
            others if self.is_small(others) => self.language.choose("fast alle", "nearly all").to_owned(),
            _ => self.print(asked),
        }
    }

    /// How many did not answer, by reason.
    pub(super) fn missing(&self, question: usize) -> Vec<(Reason, String)> {
        let missing = Reason::ALL.into_iter().zip(self.survey.tally.absences[question].missing);
        missing.filter(|(_, number)| *number > 0).map(|(reason, number)| (reason, self.print(number))).collect()
    }

    /// How many were asked, unless that could tell how many are in a small group.
    pub(super) fn exactly_asked(&self, question: usize) -> Option<u64> {
        let asked = self.number_asked(question);
        let others = self.survey.tally.rows - asked;
        (others == 0 || !self.rounds && !self.is_small(others)).then(|| self.exact(asked)).flatten()
    }

    /// How many did not answer by reason, where that may be said exactly.
    pub(super) fn exactly_missing(&self, question: usize) -> Vec<(Reason, Option<u64>)> {
        let missing = Reason::ALL.into_iter().zip(self.survey.tally.absences[question].missing);
        missing.filter(|(_, number)| *number > 0).map(|(reason, number)| (reason, self.exact(number))).collect()
    }

    fn exact(&self, number: u64) -> Option<u64> {
        (!self.rounds && !self.is_small(number)).then_some(number)
    }

    fn levels(&self, segment: usize) -> Vec<u64> {
        let (plan, tally) = (&self.survey.plan, &self.survey.tally);
        let levels = plan.levels(segment).map(|domain| tally.everybody.count(plan.place(domain), 0));
        levels.chain([tally.in_no_level[segment]]).collect()
    }

    fn number_asked(&self, question: usize) -> u64 {
        let absences = self.survey.tally.absences[question];
        self.survey.tally.rows - absences.not_asked - absences.answered_unasked
    }

    fn is_small(&self, number: u64) -> bool {
        (1..self.survey.study.publication.minimum_count).contains(&number)
    }

    fn print(&self, number: u64) -> String {
        const ROUND: u64 = 10;
        let print = |number| words::count(number, self.language);
        match number {
            number if self.is_small(number) => {
                let minimum = print(self.survey.study.publication.minimum_count);
                self.language.choose(format!("unter {minimum}"), format!("under {minimum}"))
            }
            number if self.rounds && number > 0 => {
                let round = print((number + ROUND / 2) / ROUND * ROUND);
                self.language.choose(format!("rund {round}"), format!("about {round}"))
            }
            number => print(number),
        }
    }
}
