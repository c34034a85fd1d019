//! Quantiles, found on the cumulative distribution functions of `statrs`.
//!
//! The crate's own inverses lose digits in the tails and do not return for large shapes, so each quantile here is
//! bracketed on the cumulative function and then narrowed by interpolation with bisection as the fallback
//! (Brent 1973, *Algorithms for Minimization without Derivatives*, ch. 4). Checked against R in
//! `tests/reference/quantiles.csv`: to 1e-10 relative, but for beta shapes beyond 10⁵ only to 10⁻⁷, and to 10⁻⁴ where
//! both are beyond 10⁶, because the cumulative function itself has no more digits there.

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
    // P(T < -t) = I(x; df/2, 1/2) / 2 with x = df / (df + t²); y = 1 - x. Far out the probability itself has the
    // digits, near the middle its distance from one half has them.
    let (a, b) = (df / 2.0, 0.5);
    let odds = if p > 0.3 {
        odds_below(1.0 - 2.0 * p, b, a)
    } else if beta_reg(a, b, 0.5) > 2.0 * p {
        let x = root_in_unit(|x| 2.0 * p - beta_reg(a, b, x));
        (1.0 - x) / x
    } else {
        let y = root_in_unit(|y| beta_reg(a, b, 1.0 - y) - 2.0 * p);
        y / (1.0 - y)
    };
    -(df * odds).sqrt()
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

/// From here on the expansion of t around the normal is more exact than the beta function that is at hand.
const NORMAL_EXPANSION_FROM: f64 = 1e4;

/// Abramowitz & Stegun 26.7.5, all terms given there.
fn t_quantile_near_normal(p: f64, df: f64) -> f64 {
    let z = normal_quantile(p);
    let s = z * z;
    let terms = [
        z * (s + 1.0) / 4.0,
        z * ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        z * ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92160.0,
    ];
    z + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / df)
}

/// `y / (1 - y)` at the quantile `y` of a beta variable.
fn odds_below(p: f64, a: f64, b: f64) -> f64 {
    let y = beta_quantile(p, a, b);
    y / (1.0 - y)
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
