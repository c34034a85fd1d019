//! Nets of a multiple response: what they say about a few, alone and together.
//!
//! Who chooses may choose several options, so that a net is no sum of what is shown. Together with other figures it tells
//! more. With `f(V)` for those who chose any option of `V`, somebody who knows a net and what lies within it finds
//!
//! * `f(V) - f(S)` for `S` within `V`: who chose from `V` but nothing of `S`;
//! * the sum of `f` over parts of `V`, less `f(V)`: how often somebody chose from a further part.
//!
//! A net is withheld where one of these is few. They are all that can be found as long as of two nets one lies within the
//! other or they have no option in common (a test tries all sums). From others more follows than can be listed: of nets that
//! overlap otherwise the first alone is given.
//!
//! Levels add up to the total: where a net is withheld at a level for its answers, so it is at all levels of the segment,
//! and where it is in the total, so it is everywhere. Those who are in none of the levels that are shown are looked at like
//! a level.

use super::{Withheld, is_small, tells_too_much};
use crate::{
    estimate::{DomainEstimates, Statistic},
    study::{Publication, Question, Study},
    tally::Plan,
};

/// Decides on the nets of a question among its further figures; `why` says for each domain and figure why it is withheld so
/// far, for its base or its options.
pub(super) fn decide(
    study: &Study,
    plan: &Plan,
    question: &Question,
    domains: &[DomainEstimates],
    why: &mut [Vec<Option<Withheld>>],
) {
    let Some(total) = domains.first() else { return };
    let positions: Vec<usize> =
        (0..total.further.len()).filter(|index| matches!(total.further[*index].statistic, Statistic::Net(_))).collect();
    let counts = |domain: &DomainEstimates| Counts {
        base: domain.bases.unweighted,
        answers: (domain.shares.iter().map(|share| share.count))
            .chain(positions.iter().map(|index| domain.further[*index].count.unwrap_or(0)))
            .collect(),
    };
    let total = counts(total);
    let decide = |groups: &[Counts], mut is_withheld: Vec<bool>| {
        for net in 0..is_withheld.len() {
            let before: Vec<usize> = (0..net).filter(|before| !is_withheld[*before]).collect();
            let crosses = before.iter().any(|before| question.nets[*before].crosses(&question.nets[net]));
            is_withheld[net] |= (crosses && study.publication.minimum_count > 0)
                || groups.iter().any(|group| group.tells(&study.publication, question, net, &before));
        }
        is_withheld
    };
    let in_total =
        decide(std::slice::from_ref(&total), positions.iter().map(|index| why[0][*index].is_some()).collect());
    for (index, is_withheld) in positions.iter().zip(&in_total) {
        if *is_withheld {
            why[0][*index].get_or_insert(Withheld::Cell);
        }
    }
    for segment in 0..study.segments.len() {
        let levels = plan.levels(segment);
        let has_base = |level: &usize| positions.iter().all(|index| why[*level][*index] != Some(Withheld::Base));
        let mut groups: Vec<Counts> = levels.clone().filter(has_base).map(|level| counts(&domains[level])).collect();
        groups.push(total.without(&groups));
        let so_far = (positions.iter().zip(&in_total))
            .map(|(index, total)| *total || levels.clone().any(|level| why[level][*index] == Some(Withheld::Cell)));
        let is_withheld = decide(&groups, so_far.collect());
        for (index, _) in positions.iter().zip(is_withheld).filter(|(_, is_withheld)| *is_withheld) {
            levels.clone().for_each(|level| {
                why[level][*index].get_or_insert(Withheld::Cell);
            });
        }
    }
}

/// How many of a group gave each answer.
struct Counts {
    base: u64,
    /// The options, then the nets.
    answers: Vec<u64>,
}

impl Counts {
    fn without(&self, others: &[Self]) -> Self {
        let less = |all: u64, of: &dyn Fn(&Self) -> u64| all - others.iter().map(of).sum::<u64>();
        Self {
            base: less(self.base, &|other| other.base),
            answers: (self.answers.iter().enumerate())
                .map(|(answer, all)| less(*all, &|other| other.answers[answer]))
                .collect(),
        }
    }

    /// Whether a net tells of a few, alone or with those before it that are shown.
    fn tells(&self, rules: &Publication, question: &Question, net: usize, before: &[usize]) -> bool {
        let count = |net: usize| self.answers[question.options.len() + net];
        let shown = || before.iter().copied().chain([net]);
        let nets = &question.nets;
        let is_part = |part: usize, whole: usize| {
            nets[part].lies_within(&nets[whole]) && (!nets[whole].lies_within(&nets[part]) || part > whole)
        };
        let finds_few = |whole: usize| {
            let within = || shown().filter(|part| is_part(*part, whole));
            // What lies within a part adds nothing.
            let parts = || within().filter(|part| !within().any(|other| is_part(*part, other)));
            let is_single = |option: &&usize| !parts().any(|part| nets[part].options.contains(*option));
            let singles = nets[whole].options.iter().filter(is_single).map(|option| self.answers[*option]);
            let counts: Vec<u64> = parts().map(count).chain(singles).collect();
            let repeated = counts.iter().sum::<u64>().saturating_sub(count(whole));
            counts.iter().any(|part| is_small(rules, count(whole) - part)) || is_small(rules, repeated)
        };
        tells_too_much(rules, count(net), self.base) || shown().any(finds_few)
    }
}
