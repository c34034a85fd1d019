//! Counts of respondents of which none says how many are in a group that is too small to be shown.
//!
//! Small groups are said to be small. Exact numbers beside them would give them back by subtraction, so as soon as one
//! group of a study is hidden all others are given in round numbers.

use crate::{study::Exclusion, survey::Survey};

/// How many respondents, as far as it may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// Rounded to tens.
    About(u64),
    /// Fewer than this, but somebody.
    Under(u64),
    /// All but the groups that are hidden.
    Rest,
}

/// How counts of a study are given.
#[derive(Clone, Copy, Debug)]
pub struct Counting {
    minimum: u64,
    rounds: bool,
}

impl Counting {
    /// That of a survey: its groups are the levels of segments, those in none of them, and those asked and not
    /// asked a question.
    #[must_use]
    pub fn new(survey: &Survey) -> Self {
        let study = &survey.study;
        let exact = Self { minimum: study.publication.minimum_count, rounds: false };
        let segments = (0..study.segments.len()).flat_map(|segment| levels(survey, segment));
        let asked = (0..study.questions.len()).map(|question| asked(survey, question));
        let asked = asked.flat_map(|asked| [asked, survey.tally.rows - asked]);
        let rounds = segments.chain(asked).any(|number| exact.is_small(number));
        Self { rounds, ..exact }
    }

    /// What may be said of a group.
    #[must_use]
    pub fn of(&self, number: u64) -> Count {
        const ROUND: u64 = 10;
        match number {
            number if self.is_small(number) => Count::Under(self.minimum),
            number if self.rounds && number > 0 => Count::About((number + ROUND / 2) / ROUND * ROUND),
            number => Count::Exactly(number),
        }
    }

    /// What may be said of groups that are everybody together.
    #[must_use]
    pub fn of_all(&self, groups: &[u64]) -> Vec<Count> {
        let hides = groups.iter().any(|number| self.is_small(*number));
        // A single other level is everybody but the hidden: a round number could still tell one from the other.
        let others = groups.iter().filter(|number| **number > 0 && !self.is_small(**number)).count();
        let of = |number: &u64| match *number {
            number if hides && others == 1 && number > 0 && !self.is_small(number) => Count::Rest,
            number => self.of(number),
        };
        groups.iter().map(of).collect()
    }

    /// What may be said of groups whose sum is known, such as those who are not in a base: where one is hidden the others are in
    /// round numbers; none where the sum itself is too small.
    #[must_use]
    pub fn of_parts(&self, groups: &[u64]) -> Option<Vec<Count>> {
        let rounds = self.rounds || groups.iter().any(|number| self.is_small(*number));
        let counting = Self { rounds, ..*self };
        (!self.is_small(groups.iter().sum())).then(|| groups.iter().map(|number| counting.of(*number)).collect())
    }

    /// Whether a group is too small for its number to be said.
    #[must_use]
    pub fn is_small(&self, number: u64) -> bool {
        (1..self.minimum).contains(&number)
    }

    /// Whether some group of the study is hidden.
    #[must_use]
    pub fn rounds(&self) -> bool {
        self.rounds
    }
}

/// How many are at each level of a segment, and then in none.
#[must_use]
pub fn levels(survey: &Survey, segment: usize) -> Vec<u64> {
    let (plan, tally) = (&survey.plan, &survey.tally);
    let levels = plan.levels(segment).map(|domain| tally.everybody.count(plan.place(domain), 0));
    levels.chain([tally.in_no_level[segment]]).collect()
}

/// How many were asked a question.
#[must_use]
pub fn asked(survey: &Survey, question: usize) -> u64 {
    let absences = survey.tally.absences[question];
    survey.tally.rows - absences.not_asked - absences.answered_unasked
}

/// How many respondents each reason of the study leaves out, in the order in which reasons are applied.
#[must_use]
pub fn left_out(survey: &Survey) -> Vec<(&Exclusion, Count)> {
    let counting = Counting::new(survey);
    let by_reason = survey.table.left_out().map_or(&[][..], |left_out| &left_out.by_reason);
    survey
        .study
        .data
        .exclude
        .iter()
        .zip(by_reason)
        .map(|(exclusion, number)| (exclusion, counting.of(*number)))
        .collect()
}
