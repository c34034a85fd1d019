//! Several estimates of one question together, with their covariances: what contrasts and tests need.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Bases, Estimator,
    formula::{Cell, Formula, Slopes},
    influence::spread_out,
    replicated::Replicated,
};
use crate::{interval::Confidence, tally::Sums, variance::linearized::covariances};

/// Estimates with their covariances.
#[derive(Clone, Debug)]
pub struct Joint {
    /// The estimates.
    pub values: Vec<f64>,
    /// Their covariances, row after row, in the product of their units.
    pub covariances: Vec<f64>,
    /// Degrees of freedom, by the rule of the study.
    pub degrees_of_freedom: f64,
    /// The confidence level with its quantile.
    pub confidence: Confidence,
    /// Those on whom the estimates stand.
    pub bases: Bases,
}

impl Estimator<'_> {
    /// Estimates of a question; their formulas may name cells of the total and of the levels of one segment. `base` holds
    /// the cells of all on whom they stand, each respondent once.
    #[must_use]
    pub fn joint(&self, question: usize, segment: Option<usize>, formulas: &[Formula], base: &[Cell]) -> Joint {
        let sums = &self.tally.questions[question];
        let source = self.source(question);
        let of_formulas: BTreeSet<usize> = formulas.iter().flat_map(Formula::places).collect();
        let all = of_formulas.iter().copied().chain(base.iter().map(|cell| cell.place));
        let totals = totals_of(sums, all);
        let first = |cell: Cell| totals[&cell.place][cell.slot][0];
        let bases = Bases::of(sums, base, &|cell: Cell| totals[&cell.place][cell.slot]);
        let places = segment.map(|segment| {
            let plan = &self.plan.segments[segment];
            plan.first_place..plan.first_place + plan.levels + 1
        });
        let k = formulas.len();
        let pairs: Vec<(usize, usize)> = (0..k * k).map(|index| (index / k, index % k)).collect();
        let values: Vec<f64> = formulas.iter().map(|formula| formula.value(&first)).collect();
        if let Some(design) = &self.design.replicates {
            let replicated = Replicated::new(design, sums, &Vec::from_iter(of_formulas));
            let formulas: Vec<&Formula> = formulas.iter().collect();
            return Joint {
                covariances: replicated.covariances(&values, &formulas, &pairs),
                values,
                degrees_of_freedom: self.design.degrees_of_freedom,
                confidence: self.confidence,
                bases,
            };
        }
        let slopes: Vec<Slopes> = (formulas.iter())
            .map(|formula| match &places {
                // No respondent may be in two places at once, in the total and in a level.
                Some(places) if source.squares_are_needed => spread_out(&formula.slopes(&first), places.clone()),
                _ => formula.slopes(&first),
            })
            .collect();
        let influences = source.influences(&slopes, base, pairs);
        let (degrees_of_freedom, confidence) = self.precision(&influences, bases.unweighted);
        Joint { values, covariances: covariances(self.design, influences), degrees_of_freedom, confidence, bases }
    }
}

/// The sums of all slots in some places.
pub(super) fn totals_of(sums: &Sums, places: impl Iterator<Item = usize>) -> Totals {
    places.map(|place| (place, sums.sums(place))).collect()
}

/// For each place the sums of its slots.
pub(super) type Totals = BTreeMap<usize, Vec<[f64; 2]>>;
