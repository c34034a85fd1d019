//! The interval of the likelihood ratio.

use crate::numeric::{deviance_term, falling_root_below};

/// The values `q` whose deviance `2 n (p ln(p / q) + (1 - p) ln((1 - p) / (1 - q)))` is at most `t²`, for `0 < p < 1`.
///
/// R's `svyciprop(method = "likelihood")` profiles a quasibinomial model: its deviance for the respondents, divided by
/// the dispersion of the Pearson residuals, which is `n / (n - 1)`, and compared with `t²` times the design effect.
/// The number of respondents cancels but for that dispersion, so `n` here is the effective sample size times
/// `(n - 1) / n`. R then interpolates on a few points of the profile; here the equation is solved.
pub(super) fn limits(p: f64, n: f64, t: f64) -> (f64, f64) {
    let allowed = t * t / (2.0 * n);
    (below(p, allowed), 1.0 - below(1.0 - p, allowed))
}

/// The limit below a share; the one above is that below its complement.
fn below(p: f64, allowed: f64) -> f64 {
    let excess = |q: f64| deviance_term(p, q) + deviance_term(1.0 - p, 1.0 - q) - allowed;
    falling_root_below(excess, p)
}
