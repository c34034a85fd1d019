//! What a weighting did.

use super::{Bounds, Calibration, Cell};

/// The share of a level before and after weighting, and what it should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelShare {
    /// The respondents at the level.
    pub respondents: u64,
    /// Their share of all base weights.
    pub before: f64,
    /// Their share of all weights.
    pub after: f64,
    /// Their share of the population.
    pub target: f64,
}

impl Calibration {
    /// For each margin and level the shares before and after weighting. `cells` and `factors` are those of the
    /// calibration.
    #[must_use]
    pub fn shares(&self, cells: &[Cell], factors: &[f64]) -> Vec<Vec<LevelShare>> {
        let base: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
        let counts: Vec<f64> = cells.iter().map(|cell| cell.base.respondents as f64).collect();
        let after: Vec<f64> = base.iter().zip(factors).map(|(base, factor)| base * factor).collect();
        let [counts, before, after] = [counts, base, after].map(|weights| self.totals(&weights));
        let of_margin = |levels: std::ops::Range<usize>| {
            let share = |totals: &[f64], level: usize| totals[level] / totals[levels.clone()].iter().sum::<f64>();
            let of_level = |level| LevelShare {
                respondents: counts[level] as u64,
                before: share(&before, level),
                after: share(&after, level),
                target: share(self.targets(), level),
            };
            levels.clone().map(of_level).collect()
        };
        self.margins().map(of_margin).collect()
    }
}

/// The share of respondents whose weight, base weight times factor, lies at a bound, to 1e-9 of it. Each cell must have
/// one base weight; those of a cell that has not are not at a bound.
#[must_use]
pub fn respondents_at_bounds(cells: &[Cell], factors: &[f64], bounds: Bounds) -> f64 {
    let (mut at_bounds, mut all) = (0, 0);
    for (cell, factor) in cells.iter().zip(factors) {
        all += cell.base.respondents;
        if cell.base.common().is_some_and(|weight| bounds.touch(weight * factor)) {
            at_bounds += cell.base.respondents;
        }
    }
    if all == 0 { 0.0 } else { at_bounds as f64 / all as f64 }
}
