//! [Counts](crate::disclosure::Counting) of respondents in words.

use crate::{
    disclosure::{Count, Counting, asked, levels},
    study::{Language, Reason},
    survey::Survey,
    words,
};

pub(super) struct Counts<'a> {
    survey: &'a Survey,
    language: Language,
    counting: Counting,
}

impl<'a> Counts<'a> {
    pub(super) fn new(survey: &'a Survey, language: Language) -> Self {
        Self { survey, language, counting: Counting::new(survey) }
    }

    /// How many are at each level of a segment, then in none where somebody is.
    pub(super) fn of_levels(&self, segment: usize) -> Vec<String> {
        let mut counts = self.counting.of_all(&levels(self.survey, segment));
        if counts.last() == Some(&Count::Exactly(0)) {
            counts.pop();
        }
        counts.into_iter().map(|count| words::respondents(count, self.language)).collect()
    }

    /// How many are in each of some groups that are everybody together.
    pub(super) fn of_groups(&self, groups: &[u64]) -> Vec<String> {
        self.counting.of_all(groups).into_iter().map(|count| words::respondents(count, self.language)).collect()
    }

    /// How many were asked a question.
    pub(super) fn asked(&self, question: usize) -> String {
        let asked = asked(self.survey, question);
        match self.survey.tally.rows - asked {
            0 => words::count(asked, self.language),
            others if self.counting.is_small(others) => self.language.choose("fast alle", "nearly all").to_owned(),
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
        let asked = asked(self.survey, question);
        let others = self.survey.tally.rows - asked;
        let tells = others > 0 && (self.counting.rounds() || self.counting.is_small(others));
        if tells { None } else { self.exact(asked) }
    }

    /// How many did not answer by reason, where that may be said exactly.
    pub(super) fn exactly_missing(&self, question: usize) -> Vec<(Reason, Option<u64>)> {
        let missing = Reason::ALL.into_iter().zip(self.survey.tally.absences[question].missing);
        missing.filter(|(_, number)| *number > 0).map(|(reason, number)| (reason, self.exact(number))).collect()
    }

    /// So many respondents.
    pub(super) fn of(&self, number: u64) -> String {
        self.print(number)
    }

    /// So many of all of whom something can be said; both, or what may be said of the part alone.
    pub(super) fn of_part(&self, part: u64, all: u64) -> String {
        let is_hidden = [part, all, all - part].iter().any(|number| self.counting.is_small(*number));
        let of = self.language.choose("von", "of");
        if is_hidden || part == 0 { self.print(part) } else { format!("{} {of} {}", self.print(part), self.print(all)) }
    }

    fn exact(&self, number: u64) -> Option<u64> {
        (!self.counting.rounds() && !self.counting.is_small(number)).then_some(number)
    }

    fn print(&self, number: u64) -> String {
        words::respondents(self.counting.of(number), self.language)
    }
}
