//! Roots of functions that fall.

/// The root of a falling function on `(0, high]` with `f(high) <= 0`, searched on a logarithmic scale first so that
/// tiny roots keep their relative precision. 0 where the root is below 1e-300.
#[must_use]
pub fn falling_root_below(f: impl Fn(f64) -> f64, high: f64) -> f64 {
    let mut high = high;
    let mut low = high;
    let mut step: f64 = 0.5;
    while f(low) < 0.0 {
        high = low;
        low *= step;
        step *= step;
        if low < 1e-300 {
            return 0.0;
        }
    }
    falling_root(f, low, high)
}

/// The root of a falling function between two positive places where `f(low) >= 0 >= f(high)`, to the last digit that
/// the function has: interpolation with bisection as the fallback (Brent 1973, *Algorithms for Minimization without
/// Derivatives*, ch. 4), here the Illinois rule (Dowell & Jarratt 1971, *BIT* 11, p. 168).
#[must_use]
pub fn falling_root(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let (mut f_low, mut f_high) = (f(low), f(high));
    if f_low.is_nan() || f_high.is_nan() {
        return f64::NAN;
    }
    for step in 0..200 {
        if high - low <= f64::EPSILON * high {
            break;
        }
        let secant = high - f_high * (high - low) / (f_high - f_low);
        let geometric = (low * high).sqrt();
        let middle = if step % 3 != 2 && secant > low && secant < high { secant } else { geometric };
        let f_middle = f(middle);
        if f_middle == 0.0 {
            return middle;
        }
        if f_middle.is_nan() {
            return f64::NAN;
        }
        if f_middle > 0.0 {
            // Halving the value at the end that stays keeps the secant from creeping.
            (low, f_low) = (middle, f_middle);
            f_high /= 2.0;
        } else {
            (high, f_high) = (middle, f_middle);
            f_low /= 2.0;
        }
    }
    f64::midpoint(low, high)
}
