//! Ranks: whether answers lie higher at one level than at another.

use super::Groups;
use crate::{
    estimate::{Cell, Estimator, Formula, Scored},
    study::Kind,
    tally::Numbers,
};

/// The mean rank of the answers at each level, from 0 to 1, among the answers of all these levels.
///
/// The rank of an answer is the weight of those below it and half the weight of those who gave the same, over all
/// weight: `R(x) = (Σ_{y < x} w + ½ Σ_{y = x} w) / Σ w`. [`Groups::equal`] of it is Wilcoxon's test for two levels
/// and Kruskal and Wallis's for more, for samples with a design; ranks are taken as known (Lumley & Scott 2013, *Biometrika*
/// 100, p. 831). R's `svyranktest` gives ties ranks that depend on the order of rows where their weights differ; these
/// do not.
///
/// Answers on a scale without a value have no rank. `None` where the question is neither a scale nor a number that the
/// tally [keeps](crate::tally::Plan::keep_numbers), or nobody at a level gave an answer with a rank.
#[must_use]
pub fn mean_ranks(estimator: &Estimator<'_>, question: usize, segment: usize, levels: &[usize]) -> Option<Groups> {
    match (estimator.study.questions[question].kind, &estimator.tally.numbers[question]) {
        _ if levels.is_empty() => None,
        (Kind::Scale, _) => of_scale(estimator, question, segment, levels),
        (_, Some(numbers)) => of_numbers(estimator, numbers, segment, levels),
        _ => None,
    }
}

fn of_scale(estimator: &Estimator<'_>, question: usize, segment: usize, levels: &[usize]) -> Option<Groups> {
    let asked = &estimator.study.questions[question];
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
    Groups::new(estimator, levels, estimator.joint(question, Some(segment), &formulas, &base))
}

fn of_numbers(estimator: &Estimator<'_>, numbers: &Numbers, segment: usize, levels: &[usize]) -> Option<Groups> {
    let first = estimator.plan.segments[segment].first_place;
    let group = |place: u16| levels.iter().position(|level| first + level == usize::from(place));
    let mut answers: Vec<(usize, usize)> = numbers.places[segment]
        .iter()
        .enumerate()
        .filter_map(|(answer, place)| Some((answer, group(*place)?)))
        .collect();
    let (value, weight) = (|answer: usize| numbers.values[answer], |answer: usize| numbers.weights[answer]);
    answers.sort_by(|(one, _), (other, _)| value(*one).total_cmp(&value(*other)));
    let all: f64 = answers.iter().map(|(answer, _)| weight(*answer)).sum();
    let mut below = 0.0;
    let mut scored = Vec::with_capacity(answers.len());
    for tied in answers.chunk_by(|(one, _), (other, _)| value(*one) == value(*other)) {
        let same: f64 = tied.iter().map(|(answer, _)| weight(*answer)).sum();
        let score = (below + same / 2.0) / all;
        scored.extend(tied.iter().map(|(answer, group)| Scored { answer: *answer, group: *group, score }));
        below += same;
    }
    Groups::new(estimator, levels, estimator.mean_scores(numbers, levels.len(), &scored))
}
