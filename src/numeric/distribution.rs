//! The normal, Student's t, chi-squared, F and beta distributions: tails and quantiles.

use std::f64::consts::SQRT_2;

use statrs::function::erf::{erfc, erfc_inv};

use super::{
    incomplete::{Tails, beta_tails, gamma_tails},
    root::{falling_root, falling_root_below},
};

/// The value below which a standard normal variable lies with probability `p`.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

/// The probability that a standard normal variable exceeds `z`.
#[must_use]
pub fn normal_upper_tail(z: f64) -> f64 {
    erfc(z / SQRT_2) / 2.0
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
    // P(|T| > t) = I(x; df/2, 1/2) with x = df / (df + t²).
    let (x, y) = beta_split(Tails { lower: 2.0 * p, upper: 1.0 - 2.0 * p }, df / 2.0, 0.5);
    -(df * y / x).sqrt()
}

/// The probability that Student's t with `df` degrees of freedom is at least as far from 0 as `t`: the two-sided
/// p-value. `df = ∞` is the normal distribution.
#[must_use]
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    // F with one degree of freedom is the square of t.
    f_upper_tail(t * t, 1.0, df)
}

/// The probability that a chi-squared variable with `df` degrees of freedom, whole or not, exceeds `x`.
#[must_use]
pub fn chi_squared_upper_tail(x: f64, df: f64) -> f64 {
    if df > 0.0 && df.is_finite() && !x.is_nan() { gamma_tails(df / 2.0, x / 2.0).upper } else { f64::NAN }
}

/// The value below which a chi-squared variable with `df` degrees of freedom lies with probability `p`.
#[must_use]
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    if !(df > 0.0 && df.is_finite() && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let a = df / 2.0;
    let missing = |x: f64| {
        let tails = gamma_tails(a, x);
        if p <= 0.5 { p - tails.lower } else { tails.upper - (1.0 - p) }
    };
    let mut high = a + 1.0;
    if missing(high) <= 0.0 {
        return 2.0 * falling_root_below(missing, high);
    }
    while missing(high) > 0.0 {
        high *= 2.0;
    }
    2.0 * falling_root(missing, high / 2.0, high)
}

/// The probability that an F variable exceeds `f`. Degrees of freedom need not be whole; with those of the denominator
/// infinite, F is a chi-squared variable over `df1`.
#[must_use]
pub fn f_upper_tail(f: f64, df1: f64, df2: f64) -> f64 {
    if !(df1 > 0.0 && df1.is_finite() && df2 > 0.0) || f.is_nan() {
        return f64::NAN;
    }
    if df2.is_infinite() {
        return chi_squared_upper_tail(f * df1, df1);
    }
    if f <= 0.0 || f.is_infinite() {
        return if f <= 0.0 { 1.0 } else { 0.0 };
    }
    let ratio = f * (df1 / df2);
    beta_tails(df1 / 2.0, df2 / 2.0, 1.0 / (1.0 + 1.0 / ratio), 1.0 / (1.0 + ratio)).upper
}

/// The value below which an F variable lies with probability `p`; degrees of freedom as in [`f_upper_tail`].
#[must_use]
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    if !(df1 > 0.0 && df1.is_finite() && df2 > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if df2.is_infinite() {
        return chi_squared_quantile(p, df1) / df1;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let (x, y) = beta_split(Tails { lower: p, upper: 1.0 - p }, df1 / 2.0, df2 / 2.0);
    df2 / df1 * (x / y)
}

/// The value below which a beta variable with shapes `a` and `b` lies with probability `p`.
/// `a = 0` puts all mass at 0 and `b = 0` at 1, as the Clopper-Pearson limits need.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if !((0.0..=1.0).contains(&p) && a >= 0.0 && b >= 0.0) {
        return f64::NAN;
    }
    if a == 0.0 || p == 0.0 {
        return 0.0;
    }
    if b == 0.0 || p == 1.0 {
        return 1.0;
    }
    beta_split(Tails { lower: p, upper: 1.0 - p }, a, b).0
}

/// The quantile `x` of a beta variable and `1 - x`: the smaller one is searched and has all its digits.
fn beta_split(wanted: Tails, a: f64, b: f64) -> (f64, f64) {
    if a.min(b) >= NEARLY_NORMAL_FROM {
        return beta_split_near_normal(wanted, a, b);
    }
    let excess = |x: f64, y: f64| {
        let tails = beta_tails(a, b, x, y);
        if wanted.lower <= wanted.upper { tails.lower - wanted.lower } else { wanted.upper - tails.upper }
    };
    if excess(0.5, 0.5) >= 0.0 {
        let x = falling_root_below(|x| -excess(x, 1.0 - x), 0.5);
        (x, 1.0 - x)
    } else {
        let y = falling_root_below(|y| excess(1.0 - y, y), 0.5);
        (1.0 - y, y)
    }
}

/// From here on the expansion of t around the normal has all digits, and takes no search.
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

/// From here on a search takes long, and the first terms of the expansion of a beta variable have all digits.
const NEARLY_NORMAL_FROM: f64 = 1e10;

/// Cornish & Fisher's expansion with the skewness (Abramowitz & Stegun 26.2.49); what it leaves out is smaller than a
/// standard deviation by the smaller shape.
fn beta_split_near_normal(wanted: Tails, a: f64, b: f64) -> (f64, f64) {
    let (mean_x, mean_y) = (a / (a + b), b / (a + b));
    let deviation = (mean_x * mean_y / (a + b + 1.0)).sqrt();
    let skewness = 2.0 * (b - a) / (a + b + 2.0) * ((a + b + 1.0) / a / b).sqrt();
    let z = if wanted.lower <= wanted.upper { normal_quantile(wanted.lower) } else { -normal_quantile(wanted.upper) };
    let distance = deviation * (z + skewness / 6.0 * (z * z - 1.0));
    (mean_x + distance, mean_y - distance)
}

#[cfg(test)]
mod tests {
    use super::{NEARLY_NORMAL_FROM, beta_quantile, beta_split_near_normal, chi_squared_quantile};
    use crate::numeric::incomplete::Tails;

    #[test]
    fn the_expansion_of_beta_joins_the_search() {
        for (a, b) in [(NEARLY_NORMAL_FROM, 1e10), (1e10, 3e12)] {
            for p in [0.005, 0.025, 0.5, 0.9] {
                let searched = beta_quantile(p, a * 0.999_999_999_9, b * 0.999_999_999_9);
                let expanded = beta_split_near_normal(Tails { lower: p, upper: 1.0 - p }, a, b).0;
                assert!((searched / expanded - 1.0).abs() < 1e-12, "{a} {b} {p}: {searched} {expanded}");
            }
        }
    }

    #[test]
    fn with_one_shape_far_larger_a_beta_variable_is_a_gamma_variable() {
        for a in [0.5, 1.0, 700.0] {
            for p in [0.025, 0.5, 0.975] {
                let (beta, gamma) = (beta_quantile(p, a, 1e15) * 1e15, chi_squared_quantile(p, 2.0 * a) / 2.0);
                assert!((beta / gamma - 1.0).abs() < 1e-11, "{a} {p}: {beta} {gamma}");
            }
        }
    }
}
