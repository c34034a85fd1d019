//! What an estimate computes of weighted sums, and how it answers to each of them.
//!
//! Every figure is a smooth function of the sums `T_c = Σ w y` of some cells `c` of a question. A [`Formula`] says which.
//! Its value is the estimate; its slopes `∂θ/∂T_c` make the influence of any group of respondents, `z = Σ_c ∂θ/∂T_c T_c(group)`
//! (Deville 1999, *Survey Methodology* 25, p. 193; Särndal, Swensson & Wretman 1992, 5.5), and with it the variance. The same
//! formula of the sums under replicate weights gives replicate estimates.

use std::collections::{BTreeMap, BTreeSet};

use crate::variance::ROUNDING;

/// A slot of a question in one of its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The place: the total, a level of a segment, or those in none of its levels.
    pub place: usize,
    /// The slot.
    pub slot: usize,
}

/// A function of sums of cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// `Σ_c a_c T_c`
    Sum(Vec<(f64, Cell)>),
    /// `Σ_i a_i θ_i`
    Combination(Vec<(f64, Formula)>),
    /// `θ / η`
    Ratio(Box<Formula>, Box<Formula>),
    /// `ln θ`
    Logarithm(Box<Formula>),
    /// `θ²`
    Square(Box<Formula>),
    /// `√θ`, 0 where rounding leaves `θ` below.
    Root(Box<Formula>),
}

/// `∂θ/∂T_c` of each cell that matters, in the order of the cells.
pub type Slopes = Vec<(Cell, f64)>;

impl Formula {
    /// `θ / η`
    #[must_use]
    pub fn ratio(numerator: Self, denominator: Self) -> Self {
        Self::Ratio(Box::new(numerator), Box::new(denominator))
    }

    /// The plain sum of some slots in a place.
    #[must_use]
    pub fn slots(place: usize, slots: &[usize]) -> Self {
        Self::Sum(slots.iter().map(|slot| (1.0, Cell { place, slot: *slot })).collect())
    }

    /// `ln θ`
    #[must_use]
    pub fn ln(self) -> Self {
        Self::Logarithm(Box::new(self))
    }

    /// The value, where `sum` gives `T_c`.
    pub fn value(&self, sum: &impl Fn(Cell) -> f64) -> f64 {
        match self {
            Self::Sum(terms) => terms.iter().map(|(factor, cell)| factor * sum(*cell)).sum(),
            Self::Combination(parts) => parts.iter().map(|(factor, part)| factor * part.value(sum)).sum(),
            Self::Ratio(numerator, denominator) => numerator.value(sum) / denominator.value(sum),
            Self::Logarithm(inner) => inner.value(sum).ln(),
            Self::Square(inner) => inner.value(sum).powi(2),
            Self::Root(inner) => inner.value(sum).max(0.0).sqrt(),
        }
    }

    /// The places whose cells it names.
    #[must_use]
    pub fn places(&self) -> BTreeSet<usize> {
        match self {
            Self::Sum(terms) => terms.iter().map(|(_, cell)| cell.place).collect(),
            Self::Combination(parts) => parts.iter().flat_map(|(_, part)| part.places()).collect(),
            Self::Ratio(one, other) => one.places().into_iter().chain(other.places()).collect(),
            Self::Logarithm(inner) | Self::Square(inner) | Self::Root(inner) => inner.places(),
        }
    }

    /// The slopes at these sums.
    pub fn slopes(&self, sum: &impl Fn(Cell) -> f64) -> Slopes {
        let mut paths = BTreeMap::new();
        self.descend(1.0, sum, &mut paths);
        paths.into_iter().map(|(cell, path)| (cell, path.slope())).collect()
    }

    /// Adds `outer · ∂θ/∂T_c`, the chain rule from the outside in.
    fn descend(&self, outer: f64, sum: &impl Fn(Cell) -> f64, paths: &mut BTreeMap<Cell, Path>) {
        match self {
            Self::Sum(terms) => {
                for (factor, cell) in terms {
                    let path = paths.entry(*cell).or_default();
                    path.sum += outer * factor;
                    path.size += (outer * factor).abs();
                }
            }
            Self::Combination(parts) => {
                for (factor, part) in parts {
                    part.descend(outer * factor, sum, paths);
                }
            }
            Self::Ratio(numerator, denominator) => {
                let whole = denominator.value(sum);
                numerator.descend(outer / whole, sum, paths);
                denominator.descend(-outer * numerator.value(sum) / (whole * whole), sum, paths);
            }
            Self::Logarithm(inner) => inner.descend(outer / inner.value(sum), sum, paths),
            Self::Square(inner) => inner.descend(2.0 * outer * inner.value(sum), sum, paths),
            Self::Root(inner) => {
                let root = self.value(sum);
                // A root of 0 has no slope: nobody differs from anybody.
                if root > 0.0 {
                    inner.descend(outer / (2.0 * root), sum, paths);
                }
            }
        }
    }
}

/// What leads to a cell: the sum over all ways of the chain rule, and of their sizes.
#[derive(Clone, Copy, Debug, Default)]
struct Path {
    sum: f64,
    size: f64,
}

impl Path {
    /// 0 where ways cancel and only rounding is left: of a mean that everybody has, nobody changes it.
    fn slope(self) -> f64 {
        if self.sum.abs() <= ROUNDING * self.size { 0.0 } else { self.sum }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::{Cell, Formula};

    fn cell(slot: usize) -> Cell {
        Cell { place: 0, slot }
    }

    fn formulas() -> Vec<Formula> {
        let share = |slot| Formula::ratio(Formula::slots(0, &[slot]), Formula::slots(0, &[0, 1, 2]));
        let odds = |slot| Formula::ratio(Formula::slots(0, &[slot]), Formula::slots(0, &[2]));
        let spread = Formula::Combination(vec![(1.0, share(0)), (-1.0, Formula::Square(Box::new(share(0))))]);
        vec![
            share(1),
            Formula::Sum(vec![(2.0, cell(0)), (-0.5, cell(2))]),
            Formula::Combination(vec![(1.0, odds(0).ln()), (-1.0, odds(1).ln())]),
            Formula::Root(Box::new(spread)),
        ]
    }

    proptest! {
        /// Slopes are what small changes of the sums do to the value.
        #[test]
        fn slopes_are_derivatives(sums in proptest::array::uniform3(1.0..100.0_f64)) {
            for formula in formulas() {
                let slopes = formula.slopes(&|cell: Cell| sums[cell.slot]);
                for (cell, slope) in slopes {
                    let step = 1e-6 * sums[cell.slot];
                    let moved = |by: f64| formula.value(&|at: Cell| sums[at.slot] + if at == cell { by } else { 0.0 });
                    let difference = (moved(step) - moved(-step)) / (2.0 * step);
                    prop_assert!((difference - slope).abs() <= 1e-6 * (1.0 + slope.abs()), "{formula:?} {difference} {slope}");
                }
            }
        }
    }
}
