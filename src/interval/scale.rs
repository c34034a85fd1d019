//! Wald intervals on another scale than that of the share; `reach` is the quantile times the standard error.

use std::f64::consts::FRAC_PI_2;

pub(super) fn logit(p: f64, reach: f64) -> (f64, f64) {
    let (middle, reach) = ((p / (1.0 - p)).ln(), reach / (p * (1.0 - p)));
    (logistic(middle - reach), logistic(middle + reach))
}

/// Beyond a right angle the square of the sine turns back: the limits would come nearer to the share.
pub(super) fn arcsine(p: f64, reach: f64) -> (f64, f64) {
    let (middle, reach) = (p.sqrt().asin(), reach / (2.0 * (p * (1.0 - p)).sqrt()));
    let (low, high) = ((middle - reach).max(0.0), (middle + reach).min(FRAC_PI_2));
    (low.sin().powi(2), high.sin().powi(2))
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
