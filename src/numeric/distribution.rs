//! Quantiles, found on the cumulative distribution functions of `statrs`.
//!
//! The crate's own inverses lose digits in the tails and do not return for large shapes, so each quantile here is
//! bracketed on the cumulative function and then narrowed by interpolation with bisection as the fallback
//! (Brent 1973, *Algorithms for Minimization without Derivatives*, ch. 4). Checked against R in
//! `tests/reference/quantiles.csv`.

use statrs::function::{beta::beta_reg, erf::erfc_inv};

/// The value below which a standard normal variable lies with probability `p`.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
}

/// The value below which Student's t with `df` degrees of freedom lies with probability `p`;
/// `df = ∞` is the normal distribution, `df <= 0` has no quantile (NaN).
#[must_use]
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if !(df > 0.0 && p > 0.0 && p < 1.0) {
        return f64::NAN;
    }
    if df.is_infinite() {
        return normal_quantile(p);
    }
    if df >= NORMAL_EXPANSION_FROM {
        return t_quantile_near_normal(p, df);
    }
    if p > 0.5 {
        return -t_quantile(1.0 - p, df);
    }
    // P(T < -t) = I(df / (df + t²); df/2, 1/2) / 2. With y = t² / (df + t²) this is 1 - I(y; 1/2, df/2),
    // and y keeps its digits where t is small.
    let y = beta_quantile(1.0 - 2.0 * p, 0.5, df / 2.0);
    let x = beta_quantile(2.0 * p, df / 2.0, 0.5);
    let ratio = if y < 0.5 { y / (1.0 - y) } else { (1.0 - x) / x };
    -(df * ratio).sqrt()
}

/// The value below which a beta variable with shapes `a` and `b` lies with probability `p`.
/// `a = 0` puts all mass at 0 and `b = 0` at 1, as the Clopper-Pearson limits need.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || a < 0.0 || b < 0.0 || a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if a == 0.0 || p == 0.0 {
        return 0.0;
    }
    if b == 0.0 || p == 1.0 {
        return 1.0;
    }
    // Near 1 the quantile is found as a distance from 1, where a double has more digits to give.
    if beta_reg(a, b, 0.5) < p {
        1.0 - root_in_unit(|x| (1.0 - p) - beta_reg(b, a, x))
    } else {
        root_in_unit(|x| p - beta_reg(a, b, x))
    }
}

/// From here on the first terms of the expansion of t around the normal are exact to the last digit.
const NORMAL_EXPANSION_FROM: f64 = 1e6;

/// Abramowitz & Stegun 26.7.5: t_p = z + (z³ + z)/(4 df) + (5z⁵ + 16z³ + 3z)/(96 df²) + ...
fn t_quantile_near_normal(p: f64, df: f64) -> f64 {
    let z = normal_quantile(p);
    let z3 = z.powi(3);
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z3 + 3.0 * z) / 96.0;
    z + first / df + second / (df * df)
}

/// The root of a falling function on (0, 1/2], searched on a logarithmic scale first so that tiny roots keep
/// their relative precision.
fn root_in_unit(f: impl Fn(f64) -> f64) -> f64 {
    let mut high: f64 = 0.5;
    let mut low = high;
    while f(low) < 0.0 {
        high = low;
        low *= low.min(0.25);
        if low < 1e-300 {
            return 0.0;
        }
    }
    if low == high {
        return low;
    } // the root is 1/2 itself or just above
    let (mut f_low, mut f_high) = (f(low), f(high));
    for step in 0..200 {
        if (high - low) <= 1e-16 * high {
            break;
        }
        let secant = high - f_high * (high - low) / (f_high - f_low);
        let geometric = (low * high).sqrt();
        let middle = if step % 3 != 2 && secant > low && secant < high { secant } else { geometric };
        let f_middle = f(middle);
        if f_middle == 0.0 {
            return middle;
        }
        if f_middle > 0.0 {
            // Illinois: halving the value at the end that stays keeps the secant from creeping.
            (low, f_low) = (middle, f_middle);
            f_high /= 2.0;
        } else {
            (high, f_high) = (middle, f_middle);
            f_low /= 2.0;
        }
    }
    f64::midpoint(low, high)
}
