//! Weighting to crossed margins and a total of a number at once, by every method.

use proptest::prelude::{Strategy, TestCaseError, prop, prop_assert, proptest};
use topline::weighting::{Bounds, Calibration, Cell, Convergence, LevelOrder, Margin, Method, Solution, WeightSums};

const FACTORS: Bounds = Bounds { low: 0.3, high: 3.0 };
const LEVELS: u32 = 3;
/// Margins: two variables, both crossed, and a third; post-stratification takes the crossed one.
const SIZES: [u32; 4] = [LEVELS, LEVELS, LEVELS * LEVELS, LEVELS];
const CROSSED: [usize; 1] = [2];
const ALL: [usize; 4] = [0, 1, 2, 3];

/// A method with the margins that it is to meet, and whether it meets a number too.
const METHODS: [(Method, &[usize], Numbers); 7] = [
    (Method::PostStratification, &CROSSED, Numbers::None),
    (Method::Raking, &ALL, Numbers::None),
    (Method::Exponential, &ALL, Numbers::One),
    (Method::TruncatedExponential(FACTORS), &ALL, Numbers::One),
    (Method::Linear, &ALL, Numbers::One),
    (Method::TruncatedLinear(FACTORS), &ALL, Numbers::One),
    (Method::Logit(FACTORS), &ALL, Numbers::One),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Numbers {
    None,
    One,
}

/// Respondents of one weight and number each, and factors that meet the targets.
#[derive(Clone, Debug)]
struct Made {
    rows: Vec<([u32; 4], f64, f64)>,
    factors: Vec<f64>,
}

impl Made {
    fn base(&self) -> Vec<f64> {
        self.rows.iter().map(|(_, weight, _)| *weight).collect()
    }

    /// Some of the margins, with targets that are so many times what the factors meet.
    fn calibration(&self, base: &[f64], margins: &[usize], numbers: Numbers, scale: f64) -> Calibration {
        let values = |value: f64| if numbers == Numbers::One { vec![value] } else { Vec::new() };
        let cells = self.rows.iter().zip(base).map(|((levels, _, value), base)| Cell {
            levels: margins.iter().map(|margin| levels[*margin]).collect(),
            numbers: values(*value),
            base: WeightSums::of_equal(*base, 1),
        });
        let weights = || {
            self.rows
                .iter()
                .zip(&self.factors)
                .map(|((levels, weight, value), factor)| (levels, weight * factor * scale, value))
        };
        let margin = |margin: &usize| {
            let mut targets = vec![0.0; SIZES[*margin] as usize];
            weights().for_each(|(levels, weight, _)| targets[levels[*margin] as usize] += weight);
            Margin { targets, order: LevelOrder::Unordered }
        };
        let margins: Vec<Margin> = margins.iter().map(margin).collect();
        let total = weights().map(|(_, weight, value)| weight * value).sum();
        Calibration::new(&cells.collect::<Vec<_>>(), &margins, &values(total)).expect("targets that factors meet")
    }

    /// The largest deviation from a target: as a part of it, of a number as a part of its absolute values.
    fn deviation(&self, calibration: &Calibration, weights: &[f64]) -> f64 {
        let levels = calibration.margins().last().map_or(0, |levels| levels.end);
        let absolute: f64 = self.rows.iter().zip(weights).map(|((.., value), weight)| weight.abs() * value.abs()).sum();
        let totals = calibration.totals(weights).into_iter().zip(calibration.targets()).enumerate();
        let parts = totals.map(|(place, (total, target))| {
            let scale = if place < levels { *target } else { absolute.max(target.abs()) };
            if total == *target { 0.0 } else { (total - target).abs() / scale }
        });
        parts.fold(0.0, f64::max)
    }
}

fn made() -> impl Strategy<Value = Made> {
    let row = (prop::array::uniform3(0..LEVELS), 0.2_f64..4.0, -20.0_f64..80.0, 0.7_f64..1.4);
    prop::collection::vec(row, 8..80).prop_map(|rows| {
        let sum =
            |part: fn(f64, f64) -> f64| rows.iter().map(|(_, weight, _, factor)| part(*weight, *factor)).sum::<f64>();
        // Around 1, or bounds of factors would be beyond reach.
        let scale = sum(|weight, _| weight) / sum(|weight, factor| weight * factor);
        let factors = rows.iter().map(|row| row.3 * scale).collect();
        let row =
            |([a, b, c], weight, value, _): &([u32; 3], f64, f64, f64)| ([*a, *b, a * LEVELS + b, *c], *weight, *value);
        Made { rows: rows.iter().map(row).collect(), factors }
    })
}

fn solve(calibration: &Calibration, method: Method, base: &[f64]) -> Result<Solution, TestCaseError> {
    calibration
        .solve(method, base, Convergence::default())
        .map_err(|error| TestCaseError::fail(format!("{method:?}: {error}")))
}

fn product(base: &[f64], factors: &[f64]) -> Vec<f64> {
    base.iter().zip(factors).map(|(base, factor)| base * factor).collect()
}

proptest! {
    #[test]
    fn crossed_margins_and_a_total_are_met_to_ten_digits(made in made()) {
        for (method, margins, numbers) in METHODS {
            let calibration = made.calibration(&made.base(), margins, numbers, 1.0);
            let weights = product(&made.base(), &solve(&calibration, method, &made.base())?.factors);
            let deviation = made.deviation(&calibration, &weights);
            prop_assert!(deviation <= 1e-10, "{method:?}: {deviation}");
        }
    }

    #[test]
    fn weights_do_not_depend_on_the_scale_of_base_weights(made in made(), exponent in -6.0_f64..6.0) {
        let scale = 10_f64.powf(exponent);
        let scaled: Vec<f64> = made.base().iter().map(|base| base * scale).collect();
        for (method, margins, numbers) in METHODS {
            // Bounds are of factors around 1: there the population is scaled with the base weights.
            let is_bounded = matches!(method, Method::TruncatedLinear(_) | Method::TruncatedExponential(_) | Method::Logit(_));
            let population = if is_bounded { scale } else { 1.0 };
            let one = made.calibration(&made.base(), margins, numbers, 1.0);
            let other = made.calibration(&scaled, margins, numbers, population);
            let one = product(&made.base(), &solve(&one, method, &made.base())?.factors);
            let other = product(&scaled, &solve(&other, method, &scaled)?.factors);
            for (one, other) in one.iter().zip(other) {
                let other = other / population;
                prop_assert!((one - other).abs() <= 1e-7 * one.abs().max(1.0), "{method:?}: {one} and {other}");
            }
        }
    }

    #[test]
    fn weights_that_were_fitted_are_fitted_to_themselves(made in made()) {
        for (method, margins, numbers) in METHODS {
            let calibration = made.calibration(&made.base(), margins, numbers, 1.0);
            let fitted = product(&made.base(), &solve(&calibration, method, &made.base())?.factors);
            // The linear method alone can leave some below 0, which are no base weights.
            if fitted.iter().any(|weight| *weight < 0.0) {
                prop_assert!(method == Method::Linear);
                continue;
            }
            let again = made.calibration(&fitted, margins, numbers, 1.0);
            for factor in solve(&again, method, &fitted)?.factors {
                prop_assert!((factor - 1.0).abs() <= 1e-9, "{method:?}: {factor}");
            }
        }
    }
}
