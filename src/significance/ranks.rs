//! Ranks: whether the answers on a scale lie higher at one level than at another.

use super::Groups;
use crate::{
    estimate::{Cell, Estimator, Formula},
    study::Kind,
};

/// The mean rank of the answers at each level, from 0 to 1, among the answers of all these levels.
///
/// The rank of an answer is the weight of those below it and half the weight of those who gave the same, over all
/// weight: `R(x) = (Σ_{y < x} w + ½ Σ_{y = x} w) / Σ w`. [`Groups::equal`] of it is Wilcoxon's test for two levels
/// and Kruskal and Wallis's for more, for samples with a design; ranks are taken as known (Lumley & Scott 2013, *Biometrika*
/// 100, p. 831). R's `svyranktest` gives ties ranks that depend on the order of rows where their weights differ; these
/// do not.
///
/// Answers without a value have no rank. `None` where the question is no scale, or nobody at a level gave an answer
/// with one.
#[must_use]
pub fn mean_ranks(estimator: &Estimator<'_>, question: usize, segment: usize, levels: &[usize]) -> Option<Groups> {
    let asked = &estimator.study.questions[question];
    if asked.kind != Kind::Scale {
        return None;
    }
    let first = estimator.plan.segments[segment].first_place;
    let places: Vec<usize> = levels.iter().map(|level| first + level).collect();
    let options = asked.options.iter().enumerate();
    let valued: Vec<(usize, f64)> = options.filter_map(|(slot, option)| Some((slot, option.value?))).collect();
    let sums: Vec<Vec<[f64; 2]>> =
        places.iter().map(|place| estimator.tally.questions[question].sums(*place)).collect();
    let weight = |slot: usize| sums.iter().map(|sums| sums[slot][0]).sum::<f64>();
    let all: f64 = valued.iter().map(|(slot, _)| weight(*slot)).sum();
    let part = |holds: &dyn Fn(f64) -> bool| -> f64 {
        valued.iter().filter(|(_, value)| holds(*value)).map(|(slot, _)| weight(*slot)).sum::<f64>() / all
    };
    let ranks: Vec<(f64, usize)> = (valued.iter())
        .map(|(slot, value)| (part(&|other| other < *value) + part(&|other| other == *value) / 2.0, *slot))
        .collect();
    let slots: Vec<usize> = valued.iter().map(|(slot, _)| *slot).collect();
    let formulas: Vec<Formula> = (places.iter())
        .map(|place| {
            let terms = ranks.iter().map(|(rank, slot)| (*rank, Cell { place: *place, slot: *slot }));
            Formula::ratio(Formula::Sum(terms.collect()), Formula::slots(*place, &slots))
        })
        .collect();
    let base: Vec<Cell> =
        places.iter().flat_map(|place| slots.iter().map(|slot| Cell { place: *place, slot: *slot })).collect();
    Groups::new(estimator, question, segment, levels, &formulas, &base)
}
