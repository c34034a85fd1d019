//! The variance of an estimate from its influence, linearised.
//!
//! An estimate is a point and its influence: what each primary sampling unit adds to it. For a ratio `p = Y / X`
//! the influence of unit `i` of stratum `h` is `z_hi = (Y_hi - p X_hi) / X`. Units outside a domain have `z = 0` and
//! stay: a domain is a mask. The variance is
//!
//! `V = Σ_h (1 - f_h) n_h / (n_h - 1) Σ_i (z_hi - z̄_h)²`
//!
//! with `n_h` units in stratum `h` and the sampled fraction `f_h` (Särndal, Swensson & Wretman 1992, *Model Assisted
//! Survey Sampling*, sections 5.5 and 5.10; R `survey`: `svyrecvar`). The unit is the square of the estimate's.

use crate::{design::SampleDesign, study::LonelyUnit};

/// The influences of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Sum of `z` over the units.
    pub sum: f64,
    /// Sum of `z²` over the units.
    pub sum_of_squares: f64,
}

/// What summing in floating point leaves of equal numbers, relative to their squares.
const ROUNDING: f64 = 1e-13;

/// The linearised variance from one [`Spread`] for each stratum of the design. NaN where no stratum has a variance.
#[must_use]
pub fn linearized(design: &SampleDesign, spreads: &[Spread]) -> f64 {
    let units: f64 = design.strata.iter().map(|stratum| stratum.units as f64).sum();
    let mean_of_all = spreads.iter().map(|spread| spread.sum).sum::<f64>() / units;
    let mut variance = 0.0;
    let mut known = 0_usize;
    for (stratum, spread) in design.strata.iter().zip(spreads) {
        let n = stratum.units as f64;
        let left = 1.0 - stratum.sampled_fraction;
        if stratum.units > 1 {
            // Where all units are alike only rounding is left, and that is no variance.
            let centred = spread.sum_of_squares - spread.sum * spread.sum / n;
            let centred = if centred > ROUNDING * spread.sum_of_squares { centred } else { 0.0 };
            variance += left * n / (n - 1.0) * centred;
            known += 1;
            continue;
        }
        match design.lonely_unit {
            LonelyUnit::Fail if left > 0.0 => return f64::NAN,
            LonelyUnit::Fail | LonelyUnit::Certainty | LonelyUnit::Remove => known += 1,
            LonelyUnit::Adjust => {
                variance += left * (spread.sum - mean_of_all).powi(2);
                known += 1;
            }
            LonelyUnit::Average => {}
        }
    }
    match (design.lonely_unit, known) {
        (_, 0) => f64::NAN,
        (LonelyUnit::Average, known) => variance * design.strata.len() as f64 / known as f64,
        _ => variance,
    }
}
