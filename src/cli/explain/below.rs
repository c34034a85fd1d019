//! Who answered up to a quantile and who above, and whether that may be told.
//!
//! The steps of a quantile tell the share of answers up to it. That is a cell like any other: it may be told where neither side
//! of the quantile holds but a few. Levels add up to the total, so for a level that must hold at every level of its segment, and
//! among those in none; then no level follows from the others.

use std::collections::BTreeMap;

use crate::{disclosure::tells_too_much, survey::Survey, tally::Numbers};

/// Σw and Σw².
pub(super) type Moments = [f64; 2];

/// Whether the share of answers up to a quantile may be told.
pub(super) fn may_be_told(survey: &Survey, question: usize, segment: Option<usize>, quantile: f64) -> bool {
    let mut counts = vec![[0, 0]; places(survey, segment)];
    for answer in answers(survey, question, segment) {
        let [base, below] = &mut counts[answer.place];
        *base += 1;
        *below += u64::from(answer.value <= quantile);
    }
    let rules = &survey.study.publication;
    counts.iter().all(|[base, below]| *base == 0 || !tells_too_much(rules, *below, *base))
}

/// For each stratum of the first stage and each place the moments of the base, and of those up to a quantile.
pub(super) fn moments_of_strata(
    survey: &Survey,
    question: usize,
    segment: Option<usize>,
    quantile: f64,
) -> BTreeMap<usize, Vec<Vec<Moments>>> {
    let strata: Vec<usize> = survey.tally.frame.ancestors(0).into_iter().collect();
    let places = places(survey, segment);
    let mut cells: BTreeMap<usize, Vec<Vec<Moments>>> = BTreeMap::new();
    for answer in answers(survey, question, segment) {
        let of_stratum = cells.entry(strata[answer.group]).or_insert_with(|| vec![vec![[0.0; 2]; 2]; places]);
        let reached = if answer.value <= quantile { 2 } else { 1 };
        for [w, w2] in &mut of_stratum[answer.place][..reached] {
            *w += answer.weight;
            *w2 += answer.weight * answer.weight;
        }
    }
    cells
}

/// An answer to a number question.
struct Answer {
    value: f64,
    weight: f64,
    group: usize,
    /// 0, or the level in the segment; after the last those in none.
    place: usize,
}

fn answers(survey: &Survey, question: usize, segment: Option<usize>) -> impl Iterator<Item = Answer> {
    let numbers = survey.tally.numbers[question].as_ref();
    let answer = move |numbers: &Numbers, index: usize| Answer {
        value: numbers.values[index],
        weight: numbers.weights[index],
        group: numbers.groups[index] as usize,
        place: segment.map_or(0, |segment| {
            usize::from(numbers.places[segment][index]) - survey.plan.segments[segment].first_place
        }),
    };
    numbers.into_iter().flat_map(move |numbers| (0..numbers.values.len()).map(move |index| answer(numbers, index)))
}

fn places(survey: &Survey, segment: Option<usize>) -> usize {
    segment.map_or(1, |segment| survey.plan.segments[segment].levels + 1)
}
