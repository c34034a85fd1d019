//! Bounds of the factor of each cell that keep weights within bounds, in the whole sample and in replicates.
//!
//! A replicate has other base weights, which say how often respondents were drawn in it, not how often each may count. Their
//! factors are what may not leave its bounds: there the same limits of the same cells hold, as each replicate has the same
//! `bounds` in `calibrate` of R.

use super::{Bounds, Cell, Error, Method, newton::Distance};

/// Bounds of weights as bounds of factors, which hold for other base weights too, such as those of replicates.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The bounds of weights.
    bounds: Bounds,
    /// Those of the factor of each cell, with those of the method.
    factors: Vec<Bounds>,
}

impl Limits {
    /// Those that keep the weights of respondents in these cells within bounds, `low / d_c` to `high / d_c` where their base
    /// weight is `d_c`, and factors within the bounds of the method. An error are cells whose respondents have different base
    /// weights, and those that no factor brings within both.
    pub fn new(cells: &[Cell], method: Method, bounds: Bounds) -> Result<Self, Error> {
        if !bounds.are_in_order() {
            return Err(Error::BadTrimming(bounds));
        }
        let (_, of_method) = distance(method);
        let of_cell = |(at, cell): (usize, &Cell)| {
            if cell.base.respondents == 0 {
                return Ok(of_method);
            }
            let weight = cell.base.common().ok_or(Error::MixedBaseWeights(at))?;
            let own = bounds.times(1.0 / weight);
            let both = Bounds { low: own.low.max(of_method.low), high: own.high.min(of_method.high) };
            if both.are_in_order() {
                Ok(both)
            } else {
                Err(Error::BoundsApart { base: weight, factors: of_method, bounds })
            }
        };
        Ok(Self { bounds, factors: cells.iter().enumerate().map(of_cell).collect::<Result<_, _>>()? })
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    pub(super) fn factors(&self) -> &[Bounds] {
        &self.factors
    }
}

/// The `F` that a method ends at, and its own bounds.
pub(super) fn distance(method: Method) -> (Distance, Bounds) {
    match method {
        Method::PostStratification | Method::Raking | Method::Exponential => (Distance::Exponential, Bounds::NONE),
        Method::TruncatedExponential(bounds) => (Distance::Exponential, bounds),
        Method::Linear => (Distance::Linear, Bounds::NONE),
        Method::TruncatedLinear(bounds) => (Distance::Linear, bounds),
        Method::Logit(bounds) => (Distance::Logit(bounds), bounds),
    }
}
