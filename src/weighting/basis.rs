//! What the targets explain of an influence.
//!
//! The error of a calibrated estimate is that of what the calibration variables leave of its influence: of the residual
//! `z_k - x_k' β` with `β = (Σ W x x')⁻¹ Σ W x z` over the respondents `k` (Deville & Särndal 1992, p. 379-380; Särndal, Swensson &
//! Wretman 1992, 6.6). All choices of `W` are the same in large samples. R `survey` 4.1 takes, by its source:
//!
//! | `W` | for |
//! |---|---|
//! | base weights | `calibrate`, whatever the `calfun` (`svyrecvar`: `qr.resid` on `x √d`) |
//! | base weights | `postStratify`: means of `z` by level, weighted by the weights before; within a level final weights are the same |
//! | 1 for each respondent | `rake`: unweighted means of `z` by level, margin after margin, ten times; their limit is this projection |
//!
//! The residual is taken of an influence `z` without weight, and the variance is that of `Σ w (z - x' β)` with the final
//! weights `w`, by the design of the sample. Trimmed weights have the basis of the method that fitted them.

use super::{Calibration, Error};
use crate::numeric::Cholesky;

/// The space of the calibration variables, in the metric of some weights.
#[derive(Clone, Debug)]
pub struct Basis {
    calibration: Calibration,
    weights: Vec<f64>,
    products: Cholesky,
}

impl Basis {
    /// The basis in the metric of `weights`: the sum of `W` in each cell, which is the number of respondents where `W` is 1.
    pub fn new(calibration: Calibration, weights: &[f64]) -> Result<Self, Error> {
        calibration.check_base(weights)?;
        let products = Cholesky::of_independent_rows(&calibration.products(weights), calibration.targets().len());
        // Finite weights of finite numbers can still overflow.
        let products = products.ok_or(Error::BadCell(0))?;
        Ok(Self { calibration, weights: weights.to_vec(), products })
    }

    /// How many dimensions it has: calibration variables that do not depend on others.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.products.rank()
    }

    /// How many calibration variables there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.calibration.targets().len()
    }

    /// The calibration variables of a cell that are not 0: their positions and values.
    pub fn variables(&self, cell: usize) -> impl Iterator<Item = (usize, f64)> {
        self.calibration.variables(cell)
    }

    /// `β`, from the sums `Σ W z` over the respondents of each cell.
    #[must_use]
    pub fn coefficients(&self, sums: &[f64]) -> Vec<f64> {
        let mut coefficients = self.products.solve(&self.calibration.totals(sums));
        // Once more with what the first solution leaves: rounding in the products then counts for nothing.
        let explained = self.calibration.combinations(&coefficients);
        let rest: Vec<f64> = sums
            .iter()
            .zip(&self.weights)
            .zip(explained)
            .map(|((sum, weight), fitted)| sum - weight * fitted)
            .collect();
        let further = self.products.solve(&self.calibration.totals(&rest));
        coefficients.iter_mut().zip(further).for_each(|(coefficient, further)| *coefficient += further);
        coefficients
    }

    /// `x_c' β` of each cell, to be taken from the influence of each of its respondents.
    #[must_use]
    pub fn fitted(&self, sums: &[f64]) -> Vec<f64> {
        self.calibration.combinations(&self.coefficients(sums))
    }
}
