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
//!
//! A unit is lonely when the sample has no other in its stratum and the population has one. A unit that only a domain
//! leaves alone is not lonely: its neighbours are there with `z = 0` (R: `survey.adjust.domain.lonely = FALSE`).

use crate::{design::SampleDesign, study::LonelyUnit};

/// The influences of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Sum of the weights in the estimate's base: 0 where the estimate does not reach the stratum.
    pub weight: f64,
    /// Sum of `z` over the units.
    pub sum: f64,
    /// Sum of `z²` over the units.
    pub sum_of_squares: f64,
}

/// What summing in floating point may leave of equal numbers, relative to them or to their squares.
pub const ROUNDING: f64 = 1e-13;

/// The linearised variance from one [`Spread`] for each stratum of the design. NaN where no stratum that the estimate
/// reaches has a variance.
#[must_use]
pub fn linearized(design: &SampleDesign, spreads: &[Spread]) -> f64 {
    let units: f64 = design.strata.iter().map(|stratum| stratum.units as f64).sum();
    let mean_of_all = spreads.iter().map(|spread| spread.sum).sum::<f64>() / units;
    let mut variance = 0.0;
    let (mut reached, mut known) = (0.0, 0.0);
    // Strata beyond a domain add nothing, and averaging over them would make a lonely unit in it too sure.
    for (stratum, spread) in design.strata.iter().zip(spreads).filter(|(_, spread)| spread.weight > 0.0) {
        reached += 1.0;
        let left = 1.0 - stratum.sampled_fraction;
        let squares = if stratum.units > 1 {
            let n = stratum.units as f64;
            // Where all units are alike only rounding is left, and that is no variance.
            let centred = spread.sum_of_squares - spread.sum * spread.sum / n;
            if centred <= ROUNDING * spread.sum_of_squares { 0.0 } else { n / (n - 1.0) * centred }
        } else if left > 0.0 {
            match design.lonely_unit {
                LonelyUnit::Fail => return f64::NAN,
                LonelyUnit::Certainty | LonelyUnit::Remove => 0.0,
                LonelyUnit::Adjust => (spread.sum - mean_of_all).powi(2),
                LonelyUnit::Average => continue,
            }
        } else {
            0.0
        };
        variance += left * squares;
        known += 1.0;
    }
    variance * (reached / known)
}
