//! The tail of a weighted sum of chi-squared variables over another one.

use super::root::falling_root_below;

/// The probability that `Σ w_i χ²_1` exceeds `x · χ²_m / m`, all of them independent, with weights above 0 and `m`
/// degrees of freedom, whole or not. With equal weights `1 / k` it is the tail of F with `k` and `m`.
///
/// That is `P(Q > 0)` for `Q = Σ λ_j χ²_(h_j)` with the weights `w_i` (`h = 1`) and `-x / m` (`h = m`), whose moment
/// generating function is `M(s) = Π (1 - 2 λ_j s)^(-h_j / 2)`, and so `∫ M(s) / s ds / 2πi` along any line that crosses the
/// real axis between 0 and `1 / 2 max w`. Imhof's integral (1961, *Biometrika* 48, p. 419) goes through 0; here the line
/// crosses where `M(s) / s` is least (Rice 1980, *SIAM Journal on Scientific and Statistical Computing* 1, p. 438):
/// nothing cancels, and a small probability has as many digits as a large one.
#[must_use]
pub fn chi_squared_sum_upper_tail(x: f64, weights: &[f64], m: f64) -> f64 {
    // In units of the largest weight the line crosses between 0 and 1/2.
    const BELOW_HALF: f64 = 0.5 - 1e-13;
    let largest = weights.iter().fold(0.0, |largest: f64, weight| largest.max(*weight));
    let are_weights = largest > 0.0 && largest.is_finite() && weights.iter().all(|weight| *weight > 0.0);
    if !(are_weights && x.is_finite() && m > 0.0 && m.is_finite()) {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 1.0;
    }
    let mut terms: Vec<(f64, f64)> = weights.iter().map(|weight| (weight / largest, 1.0)).collect();
    terms.push((-x / largest / m, m));
    let slope = |s: f64| terms.iter().map(|(lambda, h)| h * lambda / (1.0 - 2.0 * lambda * s)).sum::<f64>();
    let c = falling_root_below(|s| 1.0 / s - slope(s), BELOW_HALF);
    let turns: Vec<(f64, f64)> =
        terms.iter().map(|(lambda, h)| (2.0 * lambda / (1.0 - 2.0 * lambda * c), *h)).collect();
    let height: f64 = terms.iter().map(|(lambda, h)| -h / 2.0 * (-2.0 * lambda * c).ln_1p()).sum();
    // M(s) / s at c + iy over M(c), its real part.
    let part = |y: f64| {
        let size: f64 = turns.iter().map(|(turn, h)| -h / 4.0 * (turn * y).powi(2).ln_1p()).sum();
        let angle: f64 = turns.iter().map(|(turn, h)| h / 2.0 * (turn * y).atan()).sum::<f64>() - (y / c).atan();
        size.exp() * angle.cos() / c.hypot(y)
    };
    let curvature: f64 = 1.0 / (c * c) + turns.iter().map(|(turn, h)| h / 2.0 * turn * turn).sum::<f64>();
    height.exp() * integral(part, 1.0 / curvature.sqrt()) / std::f64::consts::PI
}

/// The integral from 0 to infinity of a smooth function that falls at a distance of about `scale`: with
/// `y = scale · exp(π/2 sinh t)` it falls twice exponentially on both sides, and the trapezoidal rule doubles its digits
/// with each halving of the step (Takahasi & Mori 1974, *Publications of RIMS* 9, p. 721).
fn integral(f: impl Fn(f64) -> f64, scale: f64) -> f64 {
    const REACH: f64 = 4.5;
    const FINEST: u32 = 11;
    let at = |t: f64| {
        let y = scale * (std::f64::consts::FRAC_PI_2 * t.sinh()).exp();
        let value = f(y) * y * std::f64::consts::FRAC_PI_2 * t.cosh();
        if value.is_finite() { value } else { 0.0 }
    };
    let mut step: f64 = 0.5;
    let count = |step: f64| (REACH / step).round() as i32;
    let mut sum: f64 = (-count(step)..=count(step)).map(|index| at(f64::from(index) * step)).sum();
    let mut before = sum * step;
    for _ in 0..FINEST {
        step /= 2.0;
        sum += (-count(step)..=count(step))
            .filter(|index| index % 2 != 0)
            .map(|index| at(f64::from(index) * step))
            .sum::<f64>();
        let now = sum * step;
        if (now - before).abs() <= 1e-13 * now.abs() {
            return now;
        }
        before = now;
    }
    before
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::chi_squared_sum_upper_tail;
    use crate::numeric::f_upper_tail;

    proptest! {
        #[test]
        fn equal_weights_are_f(x in 0.001..200.0_f64, k in 1_usize..40, m in 0.5..5000.0_f64, scale in 0.01..100.0_f64) {
            let weights = vec![scale / k as f64; k];
            let (found, expected) = (chi_squared_sum_upper_tail(x * scale, &weights, m), f_upper_tail(x, k as f64, m));
            prop_assert!((found - expected).abs() <= 1e-10 * expected + 1e-300, "{found:e} {expected:e}");
        }

        #[test]
        fn weights_in_pairs_have_a_closed_form(a in 0.05..1.0_f64, b in 1.5..20.0_f64, x in 0.1..50.0_f64, m in 1.0..2000.0_f64) {
            // 2 a and 2 b times exponential variables: a mixture of their tails, each averaged over the denominator.
            let tail = |scale: f64| (1.0 + x / (scale * m)).powf(-m / 2.0);
            let expected = (b * tail(b) - a * tail(a)) / (b - a);
            let found = chi_squared_sum_upper_tail(x, &[a, a, b, b], m);
            prop_assert!((found - expected).abs() <= 1e-10 * expected, "{found:e} {expected:e}");
        }
    }

    #[test]
    fn nonsense_is_not_a_number() {
        for (x, weights, m) in [(1.0, &[][..], 3.0), (1.0, &[0.0], 3.0), (f64::NAN, &[1.0], 3.0), (1.0, &[1.0], 0.0)] {
            assert!(chi_squared_sum_upper_tail(x, weights, m).is_nan());
        }
        assert!((chi_squared_sum_upper_tail(0.0, &[1.0], 3.0) - 1.0).abs() < 1e-15);
    }
}
