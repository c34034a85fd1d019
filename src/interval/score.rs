//! Wilson's score interval.

/// The values `q` with `|p - q| <= t √(q (1 - q) / n)`.
pub(super) fn wilson(p: f64, n: f64, t: f64) -> (f64, f64) {
    let t2 = t * t;
    let (middle, reach) = (p + t2 / (2.0 * n), t / (2.0 * n) * (4.0 * n * p * (1.0 - p) + t2).sqrt());
    ((middle - reach) / (1.0 + t2 / n), (middle + reach) / (1.0 + t2 / n))
}
