//! What the targets explain of an influence.
//!
//! The error of a calibrated estimate is that of what the calibration variables leave of its influence: of the residual
//! `z_k - x_k' β` with `β = (Σ W x x')⁻¹ Σ W x z` over the respondents `k` (Deville & Särndal 1992, p. 379-380; Särndal, Swensson &
//! Wretman 1992, 6.6). All choices of `W` are the same in large samples. R `survey` 4.1 takes, by its source:
//!
//! | `W` | for |
//! |---|---|
//! | base weights | `calibrate`, whatever the `calfun` (`svyrecvar`: `qr.resid` on `x √d`) |
//! | base weights | `postStratify`: means of `z` by level, weighted by the weights before |
//! | 1 for each respondent | `rake`: unweighted means of `z` by level, margin after margin, ten times |
//!
//! Such rounds come ever nearer to the regression ([`Basis::in_rounds`] takes R's ten, [`Basis::new`] solves it): after
//! each, what is left is at most `ρ²` of it for two margins whose indicators are correlated by `ρ` at most.
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
    regression: Regression,
}

#[derive(Clone, Debug)]
enum Regression {
    Solved(Cholesky),
    /// The sum of `W` at each level.
    InRounds(Vec<f64>),
}

impl Basis {
    /// The basis in the metric of `weights`: the sum of `W` in each cell, which is the number of respondents where `W` is 1.
    pub fn new(calibration: Calibration, weights: &[f64]) -> Result<Self, Error> {
        calibration.check_base(weights)?;
        let products = Cholesky::of_independent_rows(&calibration.products(weights), calibration.targets().len());
        // Finite weights of finite numbers can still overflow.
        let products = products.ok_or(Error::BadCell(0))?;
        Ok(Self { calibration, weights: weights.to_vec(), regression: Regression::Solved(products) })
    }

    /// The same, but instead of solving the regression the means of `z` by level are taken from it, margin after margin, in
    /// ten rounds, as R does after `rake`. A number has no levels: with one the regression is solved.
    pub fn in_rounds(calibration: Calibration, weights: &[f64]) -> Result<Self, Error> {
        if calibration.numbers() > 0 {
            return Self::new(calibration, weights);
        }
        calibration.check_base(weights)?;
        let regression = Regression::InRounds(calibration.totals(weights));
        Ok(Self { calibration, weights: weights.to_vec(), regression })
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
        match &self.regression {
            Regression::Solved(products) => self.solved(products, sums),
            Regression::InRounds(totals) => self.in_ten_rounds(totals, sums),
        }
    }

    /// `x_c' β` of each cell, to be taken from the influence of each of its respondents.
    #[must_use]
    pub fn fitted(&self, sums: &[f64]) -> Vec<f64> {
        self.calibration.combinations(&self.coefficients(sums))
    }

    fn solved(&self, products: &Cholesky, sums: &[f64]) -> Vec<f64> {
        let mut coefficients = products.solve(&self.calibration.totals(sums));
        // Once more with what the first solution leaves: rounding in the products then counts for nothing.
        let explained = self.calibration.combinations(&coefficients);
        let rest: Vec<f64> = sums
            .iter()
            .zip(&self.weights)
            .zip(explained)
            .map(|((sum, weight), fitted)| sum - weight * fitted)
            .collect();
        let further = products.solve(&self.calibration.totals(&rest));
        coefficients.iter_mut().zip(further).for_each(|(coefficient, further)| *coefficient += further);
        coefficients
    }

    /// The sum of the means that each level was taken, as `svyrecvar` does for the class `raking`.
    fn in_ten_rounds(&self, totals: &[f64], sums: &[f64]) -> Vec<f64> {
        const ROUNDS: usize = 10;
        let mut coefficients = vec![0.0; totals.len()];
        let mut rest = sums.to_vec();
        for _ in 0..ROUNDS {
            for levels in self.calibration.levels() {
                let mut means = vec![0.0; totals.len()];
                levels.iter().zip(&rest).for_each(|(level, rest)| means[*level as usize] += rest);
                // A level of nobody has no mean.
                let of_somebody = means.iter_mut().zip(totals).filter(|(_, total)| **total > 0.0);
                of_somebody.for_each(|(mean, total)| *mean /= total);
                for ((rest, weight), level) in rest.iter_mut().zip(&self.weights).zip(levels) {
                    *rest -= weight * means[*level as usize];
                }
                coefficients.iter_mut().zip(means).for_each(|(coefficient, mean)| *coefficient += mean);
            }
        }
        coefficients
    }
}
