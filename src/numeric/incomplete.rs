//! The incomplete beta and gamma functions, regularised: what all distributions here stand on.
//!
//! `statrs` has both, but stops after 140 terms, which is too few for shapes beyond about 10⁴, and takes its leading
//! factor from differences of large logarithms. Here that factor is Loader's saddle-point form, and the continued
//! fractions run until they stand still.

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

/// The probabilities below and above a value. The smaller one is computed and has all its digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tails {
    pub lower: f64,
    pub upper: f64,
}

impl Tails {
    fn of_lower(lower: f64) -> Self {
        Self { lower, upper: 1.0 - lower }
    }

    fn of_upper(upper: f64) -> Self {
        Self { lower: 1.0 - upper, upper }
    }
}

/// `I_x(a, b)` and its complement for shapes `a, b > 0`. `y` is `1 - x`, which the caller knows better than a
/// difference would (Abramowitz & Stegun 26.5.2 where the other tail converges faster).
pub(super) fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if x <= 0.0 {
        return Tails::of_lower(0.0);
    }
    if y <= 0.0 {
        return Tails::of_upper(0.0);
    }
    // x^a y^b / B(a, b), from the binomial probability of a among a + b.
    let both = a + b;
    let errors = stirling_error(both) - stirling_error(a) - stirling_error(b);
    let deviance = deviance_term(a, both * x) + deviance_term(b, both * y);
    let factor = (a / both * b / (2.0 * PI)).sqrt() * (errors - deviance).exp();
    if x < (a + 1.0) / (both + 2.0) {
        Tails::of_lower(factor * beta_fraction(a, b, x, y))
    } else {
        Tails::of_upper(factor * beta_fraction(b, a, y, x))
    }
}

/// `P(a, x)` and `Q(a, x)` for a shape `a > 0` (Abramowitz & Stegun 6.5.29 and 6.5.31).
pub(super) fn gamma_tails(a: f64, x: f64) -> Tails {
    if x <= 0.0 {
        return Tails::of_lower(0.0);
    }
    if x.is_infinite() {
        return Tails::of_upper(0.0);
    }
    // x^a e^-x / Γ(a), from the Poisson probability of a.
    let factor = (a / (2.0 * PI)).sqrt() * (-stirling_error(a) - deviance_term(a, x)).exp();
    if x < a + 1.0 {
        Tails::of_lower(factor / a * gamma_series(a, x))
    } else {
        Tails::of_upper(factor * gamma_fraction(a, x))
    }
}

/// `k ln(k / m) + m - k`: half of what an observed `k` adds to the deviance from an expected `m > 0`. Near `k = m`, where
/// the terms cancel, its series (Loader 2000, *Fast and Accurate Computation of Binomial Probabilities*).
#[must_use]
pub fn deviance_term(k: f64, m: f64) -> f64 {
    let ratio = (k - m) / (k + m);
    if ratio.abs() >= 0.1 {
        return if k == 0.0 { m } else { k * (k / m).ln() + m - k };
    }
    let mut sum = (k - m) * ratio;
    let mut power = 2.0 * k * ratio;
    for odd in 1..100 {
        power *= ratio * ratio;
        let next = sum + power / f64::from(2 * odd + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// The terms of Stirling's series.
const STIRLING: [f64; 6] = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];

/// What Stirling's formula lacks: `ln Γ(x + 1) - (x + 1/2) ln x + x - ln(2π) / 2` (Abramowitz & Stegun 6.1.41).
fn stirling_error(x: f64) -> f64 {
    if x < 15.0 {
        return ln_gamma(x + 1.0) - (x + 0.5) * x.ln() + x - 0.5 * (2.0 * PI).ln();
    }
    STIRLING.iter().rev().fold(0.0, |sum, term| sum / (x * x) + term) / x
}

/// Terms after which a fraction that does not stand still is given up as NaN. About the square root of the smaller
/// shape is needed.
const MOST_TERMS: u32 = 1_000_000;

/// `I_x(a, b) B(a, b) / (x^a y^b)` as a continued fraction whose terms do not cancel (`BFRAC` of
/// Didonato & Morris 1992, *ACM Transactions on Mathematical Software* 18, pp. 360–373).
fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    // How far a lies above its expectation: each form is exact where the other is not.
    let distance = if a > b { (a + b) * y - b } else { a - (a + b) * x };
    let start = 1.0 + distance;
    let mut fraction = Fraction::new(start / (1.0 + 1.0 / a));
    for term in 1..MOST_TERMS {
        let term = f64::from(term);
        let size = a + 2.0 * term - 1.0;
        let step = term * (b - term) * x;
        let before = 1.0 + (term - 1.0) / a;
        let numerator = before * (before + b / a) * (a / size).powi(2) * step * x;
        let share = (1.0 + term / a) / (1.0 + (1.0 + 2.0 * term) / a);
        let denominator = term + step / size + share * (start + term * (1.0 + y));
        if (fraction.add(numerator, denominator) - 1.0).abs() <= f64::EPSILON {
            return fraction.value;
        }
    }
    f64::NAN
}

/// The continued fraction of `Q(a, x)` without its leading factor (Press et al. 2007, 6.2.7).
fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut fraction = Fraction::new(x + 1.0 - a);
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        if (fraction.add(-m * (m - a), x + 1.0 - a + 2.0 * m) - 1.0).abs() <= f64::EPSILON {
            return fraction.value;
        }
    }
    f64::NAN
}

/// `Σ x^n / ((a + 1) ... (a + n))`.
fn gamma_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..MOST_TERMS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term <= f64::EPSILON / 2.0 * sum {
            return sum;
        }
    }
    f64::NAN
}

/// A continued fraction, evaluated from its front (Lentz 1976, *Applied Optics* 15, p. 668).
struct Fraction {
    value: f64,
    c: f64,
    d: f64,
}

impl Fraction {
    /// `1 / denominator`, to which further terms are added below.
    fn new(denominator: f64) -> Self {
        let d = 1.0 / away_from_zero(denominator);
        Self { value: d, c: f64::MAX, d }
    }

    /// Adds `numerator / denominator` at the bottom; returns the factor by which the value changed.
    fn add(&mut self, numerator: f64, denominator: f64) -> f64 {
        self.d = 1.0 / away_from_zero(denominator + numerator * self.d);
        self.c = away_from_zero(denominator + numerator / self.c);
        let change = self.c * self.d;
        self.value *= change;
        change
    }
}

fn away_from_zero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}
