//! Axes with round numbers.

use crate::{
    chart::{Axis, Tick},
    study::Language,
    words,
};

/// From 0 to the first tick at or above `high`, but never beyond everybody.
pub(super) fn of_shares(high: f64, language: Language) -> Axis {
    let high = if high.is_finite() { high.clamp(0.01, 1.0) } else { 1.0 };
    let step = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1].into_iter().find(|step| high / step <= 7.0).unwrap_or(0.2);
    let digits = usize::from(step < 0.01);
    ticks(0, ceiling(high, step), step, |value| words::percent(value, digits, language))
}

/// Around all values between `low` and `high`.
pub(super) fn of_means(low: f64, high: f64, language: Language) -> Axis {
    let (low, high) = if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 1.0) };
    // A single value without an interval still needs an axis of some length.
    let reach = (high - low).max(high.abs() * 0.1).max(1e-6);
    let power = 10_f64.powi((reach / 5.0).log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| reach / step <= 6.0);
    let step = step.unwrap_or(10.0 * power);
    let digits = (-step.log10().floor()).max(0.0) as usize;
    let first = (low / step + 1e-9).floor() as i64;
    let last = ceiling(high, step).max(first + 1);
    ticks(first, last, step, |value| words::decimal(value, digits, language))
}

/// How many steps reach at least up to `value`.
fn ceiling(value: f64, step: f64) -> i64 {
    (value / step - 1e-9).ceil() as i64
}

fn ticks(first: i64, last: i64, step: f64, label: impl Fn(f64) -> String) -> Axis {
    let at = |index: i64| index as f64 * step;
    let ticks = (first..=last).map(|index| Tick { value: at(index), label: label(at(index)) });
    Axis { min: at(first), max: at(last), ticks: ticks.collect() }
}

#[cfg(test)]
mod tests {
    use super::{of_means, of_shares};
    use crate::study::Language::{De, En};

    #[test]
    fn an_axis_of_shares_covers_all_limits_with_few_ticks() {
        for high in [0.001, 0.034, 0.1, 0.3, 0.566, 0.7, 0.98, 1.0, 1.2] {
            let axis = of_shares(high, En);
            assert!(axis.max >= high.min(1.0) - 1e-9 && axis.max <= 1.0 + 1e-9, "{high}: {}", axis.max);
            assert!((2..=8).contains(&axis.ticks.len()), "{high}: {} ticks", axis.ticks.len());
        }
        let labels: Vec<String> = of_shares(0.566, De).ticks.into_iter().map(|tick| tick.label).collect();
        assert_eq!(
            labels.join(" "),
            "0\u{202f}% 10\u{202f}% 20\u{202f}% 30\u{202f}% 40\u{202f}% 50\u{202f}% 60\u{202f}%"
        );
    }

    #[test]
    fn an_axis_of_means_starts_near_the_data() {
        let axis = of_means(43.2, 47.9, En);
        assert!((axis.min, axis.max) == (43.0, 48.0), "{axis:?}");
        let alone = of_means(5.0, 5.0, En);
        assert!(alone.min <= 5.0 && alone.max > 5.0);
    }
}
