//! What each group of respondents adds to estimates: slopes times sums.

use std::{ops::Range, slice::ChunksExact};

use super::{
    Estimator,
    calibration::{Calibration, Raw},
    formula::{Cell, Slopes},
    statistic::overlap,
};
use crate::{
    tally::{CalibrationSums, Numbers, Sums},
    variance::{ROUNDING, linearized::Influences},
};

/// How the slots of a question overlap: who stands in two of them at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Nobody: each respondent gave one answer.
    None,
    /// Slot `k` holds the power `k` of a number, so that slots `a` and `b` meet in slot `a + b`.
    Powers,
    /// Slot 0 holds everybody, 1 and 2 two numbers, 3 to 5 their products.
    TwoNumbers,
    /// Every slot lies within the last one, the base. Two others meet in a slot of those who chose both, if there is one.
    WithinBase {
        /// The base.
        base: usize,
        /// Slots of those who chose both of two options.
        both: Vec<([usize; 2], usize)>,
    },
}

impl Overlap {
    /// The slot whose sum of `w²` is that of `w² y_a y_b`; `None` where nobody is in both.
    fn slot(&self, a: usize, b: usize) -> Option<usize> {
        match self {
            Self::None => (a == b).then_some(a),
            Self::Powers => Some(a + b),
            Self::TwoNumbers => match (a.min(b), a.max(b)) {
                (0, other) => Some(other),
                (1, other) => Some(other + 2),
                _ => Some(5),
            },
            Self::WithinBase { .. } if a == b => Some(a),
            Self::WithinBase { base, both } => match (a == *base, b == *base) {
                (true, _) => Some(b),
                (_, true) => Some(a),
                _ => both.iter().find(|(options, _)| *options == [a.min(b), a.max(b)]).map(|(_, slot)| *slot),
            },
        }
    }
}

/// The sums of a question, and how respondents are spread over them.
pub struct Source<'a> {
    /// The sums.
    pub sums: &'a Sums,
    /// How slots overlap.
    pub overlap: Overlap,
    /// Whether groups are strata in which each respondent is a unit of the sample.
    pub squares_are_needed: bool,
    /// What was calibrated, where weights were, and there the sums by cell unless groups are cut into cells.
    calibration: Option<(Calibration<'a>, Option<&'a Sums>)>,
}

impl Source<'_> {
    /// The influences of estimates with these slopes, for these pairs of them; `base` holds the cells of those on whom
    /// they stand.
    pub fn influences(&self, slopes: &[Slopes], base: &[Cell], pairs: Vec<(usize, usize)>) -> Influences {
        let index = |cell: Cell| self.sums.index(cell.place, cell.slot);
        let firsts: Vec<Vec<(usize, f64)>> =
            slopes.iter().map(|slopes| slopes.iter().map(|(cell, slope)| (index(*cell), *slope)).collect()).collect();
        let seconds: Vec<Vec<(usize, f64)>> = if self.squares_are_needed {
            pairs.iter().map(|(one, other)| self.products(&slopes[*one], &slopes[*other])).collect()
        } else {
            Vec::new()
        };
        let base: Vec<usize> = base.iter().map(|cell| index(*cell)).collect();
        let groups = self.sums.groups();
        let mut influences = Influences {
            estimates: slopes.len(),
            pairs,
            reached: Vec::with_capacity(groups.len()),
            is_everywhere: false,
            sums: Vec::with_capacity(groups.len() * firsts.len()),
            products: Vec::with_capacity(groups.len() * seconds.len()),
        };
        for group in groups.clone() {
            influences.reached.push(base.iter().any(|index| group[*index][0] > 0.0));
            influences.sums.extend(firsts.iter().map(|terms| total(terms, group, 0)));
            influences.products.extend(seconds.iter().map(|terms| total(terms, group, 1)));
        }
        let Some((calibration, by_cell)) = &self.calibration else { return influences };
        let each = |groups: ChunksExact<'_, [f64; 2]>, power: usize| -> Vec<f64> {
            groups
                .flat_map(|group| firsts.iter().map(|terms| total(terms, group, power)).collect::<Vec<f64>>())
                .collect()
        };
        let squares = if seconds.is_empty() { Vec::new() } else { each(groups, 1) };
        let by_cell = by_cell.map_or(Vec::new(), |sums| each(sums.groups(), 0));
        calibration.residuals(Raw { influences, by_cell, squares })
    }

    /// `Σ w² z u` as a sum over cells of `w²`, where `z` and `u` are sums over the cells that a respondent is in.
    fn products(&self, one: &Slopes, other: &Slopes) -> Vec<(usize, f64)> {
        let mut products = Vec::new();
        for (a, slope) in one {
            for (b, factor) in other.iter().filter(|(b, _)| b.place == a.place) {
                if let Some(slot) = self.overlap.slot(a.slot, b.slot) {
                    products.push((self.sums.index(a.place, slot), slope * factor));
                }
            }
        }
        products
    }
}

/// What an answer to a number question adds to one of several estimates.
pub struct Addition {
    /// The answer, as a position in [`Numbers`].
    pub answer: usize,
    /// The estimate.
    pub estimate: usize,
    /// `z`, with the weight.
    pub influence: f64,
}

impl<'a> Estimator<'a> {
    /// The sums of a question.
    pub(super) fn source(&self, question: usize) -> Source<'a> {
        let by_cell = match &self.tally.calibration {
            Some(CalibrationSums::Units { by_cell, .. }) => Some(&by_cell[question]),
            _ => None,
        };
        Source {
            sums: &self.tally.questions[question],
            overlap: overlap(&self.study.questions[question]),
            squares_are_needed: self.plan.squares_are_needed(),
            calibration: self.calibration().map(|calibration| (calibration, by_cell)),
        }
    }

    fn calibration(&self) -> Option<Calibration<'a>> {
        let (fitted, sums) = (self.plan.fitted.as_ref()?, self.tally.calibration.as_ref()?);
        Some(Calibration { fitted, sums, everybody: &self.tally.everybody, groups: self.tally.frame.groups.len() })
    }

    /// The influences of so many estimates, for all pairs of them, row after row; each answer adds to one of them.
    pub(super) fn influences_of_answers(
        &self,
        numbers: &Numbers,
        estimates: usize,
        pairs: Vec<(usize, usize)>,
        additions: impl Iterator<Item = Addition>,
    ) -> Influences {
        let groups = self.tally.everybody.groups().len();
        let squared = if self.plan.squares_are_needed() { groups } else { 0 };
        let mut influences = Influences {
            estimates,
            reached: vec![false; groups],
            is_everywhere: false,
            sums: vec![0.0; groups * estimates],
            products: vec![0.0; squared * pairs.len()],
            pairs,
        };
        let calibration = self.calibration();
        let cells = calibration.as_ref().map_or(0, |calibration| calibration.fitted.factors.len());
        let mut by_cell = vec![0.0; cells * estimates];
        let mut squares = vec![0.0; squared * estimates];
        let mut sizes = vec![0.0_f64; groups * estimates];
        for Addition { answer, estimate, influence } in additions {
            let group = numbers.groups[answer] as usize;
            let position = group * estimates + estimate;
            influences.reached[group] = true;
            influences.sums[position] += influence;
            sizes[position] += influence.abs();
            if let Some(product) = influences.products.get_mut(position * estimates + estimate) {
                *product += influence * influence;
                squares[position] += influence * numbers.weights[answer];
            }
            if let Some(cell) = numbers.cells.get(answer) {
                by_cell[*cell as usize * estimates + estimate] += influence;
            }
        }
        for (sum, size) in influences.sums.iter_mut().zip(sizes) {
            *sum = without_rounding(*sum, size);
        }
        match calibration {
            Some(calibration) => calibration.residuals(Raw { influences, by_cell, squares }),
            None => influences,
        }
    }
}

/// The slopes with the total written as the places of one segment, so that no respondent is in two of the places.
pub fn spread_out(slopes: &Slopes, places: Range<usize>) -> Slopes {
    let mut spread = std::collections::BTreeMap::new();
    for (cell, slope) in slopes {
        let places = if cell.place == 0 { places.clone() } else { cell.place..cell.place + 1 };
        places.for_each(|place| *spread.entry(Cell { place, ..*cell }).or_insert(0.0) += slope);
    }
    spread.into_iter().collect()
}

/// What a group adds.
fn total(terms: &[(usize, f64)], group: &[[f64; 2]], power: usize) -> f64 {
    let (mut sum, mut size) = (0.0, 0.0);
    for (index, factor) in terms {
        let term = factor * group[*index][power];
        sum += term;
        size += term.abs();
    }
    without_rounding(sum, size)
}

/// A sum of terms, or 0 where only rounding is left of them. A domain within one unit has no variance, and intervals
/// made from what rounding leaves would be wrong.
pub(super) fn without_rounding(sum: f64, size: f64) -> f64 {
    if sum.abs() <= ROUNDING * size { 0.0 } else { sum }
}
