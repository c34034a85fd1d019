//! Intervals for independent draws: a share of `n` respondents, without weights, strata or units.

use crate::numeric::beta_quantile;

pub(super) fn agresti_coull(p: f64, n: f64, z: f64) -> (f64, f64) {
    let size = n + z * z;
    let middle = (n * p + z * z / 2.0) / size;
    let reach = z * (middle * (1.0 - middle) / size).sqrt();
    (middle - reach, middle + reach)
}

/// Weighted shares may stand for less than one answer; then the posterior can lie beside the share, and the limit is the
/// share itself.
pub(super) fn jeffreys(p: f64, n: f64, upper: f64) -> (f64, f64) {
    let (yes, no) = (n * p + 0.5, n * (1.0 - p) + 0.5);
    let low = if p == 0.0 { 0.0 } else { beta_quantile(1.0 - upper, yes, no).min(p) };
    let high = if p == 1.0 { 1.0 } else { beta_quantile(upper, yes, no).max(p) };
    (low, high)
}
