//! Whether cells, targets and base weights fit each other.

use std::collections::BTreeMap;

use super::{
    Calibration, Cell, Constraint, Error, Margin,
    collapse::{partner, respondents},
};
use crate::numeric::Cholesky;

/// What does not fit between cells and targets.
pub(super) fn unfit(cells: &[Cell], margins: &[Margin], totals: &[f64]) -> Vec<Error> {
    const AGREE: f64 = 1e-9;
    let mut errors = Vec::new();
    if margins.is_empty() && totals.is_empty() {
        errors.push(Error::NoTargets);
    }
    for (number, target) in totals.iter().enumerate().filter(|(_, target)| !target.is_finite()) {
        errors.push(Error::BadTarget { constraint: Constraint::Number(number), target: *target });
    }
    for (at, cell) in cells.iter().enumerate() {
        let is_whole = cell.levels.len() == margins.len() && cell.numbers.len() == totals.len();
        let is_weighted = cell.base.sum.is_finite() && (cell.base.respondents == 0 || cell.base.lowest >= 0.0);
        if !(is_whole && is_weighted && cell.numbers.iter().all(|number| number.is_finite())) {
            errors.push(Error::BadCell(at));
        }
    }
    let mut first = None;
    for (margin, of) in margins.iter().enumerate() {
        let total: f64 = of.targets.iter().sum();
        let first = *first.get_or_insert(total);
        if (total - first).abs() > AGREE * first {
            errors.push(Error::TotalsDiffer { margin, total, first });
        }
        errors.extend(unfit_levels(cells, margin, of));
    }
    errors
}

/// What does not fit between cells and the targets of a margin.
fn unfit_levels(cells: &[Cell], margin: usize, of: &Margin) -> Vec<Error> {
    let mut errors = Vec::new();
    if of.targets.iter().sum::<f64>() == 0.0 {
        errors.push(Error::NoTargets);
    }
    let counts = respondents(cells, margin, of.targets.len());
    for (level, (target, respondents)) in of.targets.iter().copied().zip(counts.iter().copied()).enumerate() {
        if !(target.is_finite() && target >= 0.0) {
            errors.push(Error::BadTarget { constraint: Constraint::Level { margin, level }, target });
        } else if target > 0.0 && respondents == 0 {
            let collapse_with = partner(of, &counts, level);
            errors.push(Error::NoRespondents { margin, level, target, collapse_with });
        } else if target == 0.0 && respondents > 0 {
            errors.push(Error::NoTarget { margin, level, respondents });
        }
    }
    let mut without = BTreeMap::new();
    for cell in cells {
        let level = cell.levels.get(margin).map(|level| *level as usize);
        if let Some(level) = level.filter(|level| *level >= of.targets.len()) {
            *without.entry(level).or_insert(0) += cell.base.respondents;
        }
    }
    errors.extend(without.into_iter().map(|(level, respondents)| Error::NoTarget { margin, level, respondents }));
    errors
}

impl Calibration {
    /// Base weights must be there for each cell, finite, not negative, and not all 0.
    pub(super) fn check_base(&self, base: &[f64]) -> Result<(), Error> {
        if base.len() != self.cells() {
            return Err(Error::BaseOfOtherCells { cells: self.cells(), weights: base.len() });
        }
        let bad = base.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0));
        if let Some(cell) = bad {
            return Err(Error::BadCell(cell));
        }
        let totals = self.totals(base);
        let empty = self.margins().flatten().find(|place| totals[*place] == 0.0 && self.targets()[*place] > 0.0);
        empty.map_or(Ok(()), |place| Err(Error::NoBaseWeight(self.constraint(place))))
    }

    /// Targets that no weights whatsoever meet: those of constraints that depend on others, such as a coarser margin,
    /// and are not what the others leave. That follows from which cells there are, so each counts the same: one that
    /// outweighs all others would make their constraints look alike.
    pub(super) fn contradictions(&self, base: &[f64]) -> Vec<Error> {
        const AGREE: f64 = 1e-8;
        let present: Vec<f64> = base.iter().map(|base| if *base > 0.0 { 1.0 } else { 0.0 }).collect();
        let products = self.products(&present);
        let Some(cholesky) = Cholesky::of_independent_rows(&products, self.targets().len()) else { return Vec::new() };
        let weights = self.combinations(&cholesky.solve(self.targets()));
        let weights: Vec<f64> =
            weights.iter().zip(&present).map(|(combination, present)| combination * present).collect();
        let (implied, scales) = (self.totals(&weights), self.scales(base));
        let contradicts = |place: &usize| {
            !cholesky.is_independent(*place)
                && (implied[*place] - self.targets()[*place]).abs() > AGREE * scales[*place]
        };
        let contradiction = |place: usize| {
            let (constraint, implied, target) = (self.constraint(place), implied[place], self.targets()[place]);
            Error::Contradiction { constraint, implied, target }
        };
        (0..self.targets().len()).filter(contradicts).map(contradiction).collect()
    }
}
