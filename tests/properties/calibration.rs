//! Variances of calibrated estimates against the definition, respondent by respondent.

use std::sync::Arc;

use proptest::prelude::{prop, prop_assert, proptest};
use topline::{
    estimate::Estimates,
    study::Study,
    tally::{Cells, Fitted, Plan, WeightingPlan},
    weighting::{Basis, Calibration, Cell, Convergence, LevelOrder, Margin, Method},
};

use super::{Row, batches, meant, rows, tally};

const DESIGNS: [&str; 4] =
    ["", "strata = \"stratum\"", "units = \"unit\"", "strata = \"stratum\"\nunits = \"unit\"\nnested = true"];

/// Levels of the first margin, those in no level included, and of the second.
const LEVELS: [usize; 2] = [4, 2];

fn study(design: &str) -> Study {
    let text = format!(
        r#"
[data]
file = "none.csv"
[design]
weight = "weight"
lonely_unit = "adjust"
{design}
[[segment]]
id = "level"
levels = ["0", "1", "2"]
allow_empty = true
[[segment]]
id = "many_a"
levels = ["0", "1"]
allow_empty = true
[[question]]
id = "single"
options = ["0", "1", "2"]
missing = {{ 3 = "skipped" }}
[[question]]
id = "number"
kind = "number"
statistics = ["median", "total"]
"#
    );
    meant(&text)
}

/// The plan with weights that are fitted to these totals of both margins.
fn fitted(study: &Study, rows: &[Row], totals: &[Vec<f64>; 2], method: Method) -> Option<Plan> {
    let mut plan = Plan::new(study);
    let mut variables = plan.segments.clone();
    for variable in &mut variables {
        variable.first_place = 0;
    }
    let mut cells = Cells::new(&WeightingPlan { variables, numbers: Vec::new(), base: None });
    for batch in batches(&plan, rows, 50) {
        let of_rows = cells.of(&batch);
        let column = plan.weight.expect("there are weights");
        cells.add(&of_rows, Some(batch.columns[column].numbers()));
    }
    let of_traits: Vec<Cell> = (cells.traits.iter())
        .map(|traits| Cell {
            levels: traits.levels.iter().zip(LEVELS).map(|(level, none)| level.unwrap_or(none - 1) as u32).collect(),
            numbers: Vec::new(),
            base: traits.base,
        })
        .collect();
    let margins: Vec<Margin> =
        totals.iter().map(|targets| Margin { targets: targets.clone(), order: LevelOrder::Ordered }).collect();
    let calibration = Calibration::new(&of_traits, &margins, &[]).ok()?;
    let base: Vec<f64> = of_traits.iter().map(|cell| cell.base.sum).collect();
    let solution = calibration.solve(method, &base, Convergence::default()).ok()?;
    let basis = Arc::new(Basis::new(calibration, &base).ok()?);
    let positions = (0..cells.traits.len()).map(Some).collect();
    let divisors = solution.factors.clone();
    plan.fitted = Some(Fitted { cells, factors: solution.factors, basis, divisors, positions, replicates: None });
    Some(plan)
}

fn estimates(study: &Study, plan: &Plan, rows: &[Row], size: usize) -> Estimates {
    super::estimates(study, plan, &tally(plan, &batches(plan, rows, size)))
}

/// The variance of the sum of `w e` over respondents, where `e` is what a regression with base weights on the margins
/// leaves of `z`.
fn variance(rows: &[Row], design: usize, weights: &[f64], z: &[f64]) -> f64 {
    let x = |row: &Row| -> Vec<f64> {
        let mut x = vec![0.0; LEVELS[0] + 1];
        x[usize::from(row.3)] = 1.0;
        x[LEVELS[0]] = f64::from(row.5);
        x
    };
    let coefficients = regression(rows.iter().zip(z).map(|(row, z)| (row.0, x(row), *z)));
    let rest = rows.iter().zip(z).map(|(row, z)| z - x(row).iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>());
    let influences: Vec<f64> = rest.zip(weights).map(|(rest, weight)| rest * weight).collect();
    let stratum = |row: &Row| if design % 2 == 1 { row.1 } else { 0 };
    let unit = |row: usize| if design >= 2 { (stratum(&rows[row]), usize::from(rows[row].2)) } else { (0, row) };
    let mut units: std::collections::BTreeMap<(u8, (u8, usize)), f64> = std::collections::BTreeMap::new();
    for (row, influence) in influences.iter().enumerate() {
        *units.entry((stratum(&rows[row]), unit(row))).or_default() += influence;
    }
    let mut sum = 0.0;
    let strata: std::collections::BTreeSet<u8> = units.keys().map(|(stratum, _)| *stratum).collect();
    for stratum in strata {
        let own: Vec<f64> = units.iter().filter(|((known, _), _)| *known == stratum).map(|(_, z)| *z).collect();
        let n = own.len() as f64;
        let mean = own.iter().sum::<f64>() / n;
        sum += n / (n - 1.0) * own.iter().map(|z| (z - mean).powi(2)).sum::<f64>();
    }
    sum
}

/// Weighted least squares, by elimination; a variable that depends on others has the coefficient 0.
fn regression(rows: impl Iterator<Item = (f64, Vec<f64>, f64)>) -> Vec<f64> {
    let size = LEVELS[0] + 1;
    let mut system = vec![vec![0.0; size + 1]; size];
    for (weight, x, z) in rows {
        for (line, one) in system.iter_mut().zip(&x) {
            line.iter_mut().zip(x.iter().chain([&z])).for_each(|(sum, other)| *sum += weight * one * other);
        }
    }
    let mut coefficients = vec![0.0; size];
    let mut pivots = Vec::new();
    for column in 0..size {
        let Some(row) = (0..size).find(|row| {
            !pivots.contains(&(*row, column))
                && !pivots.iter().any(|(used, _)| used == row)
                && system[*row][column].abs() > 1e-7
        }) else {
            continue;
        };
        pivots.push((row, column));
        let pivot = system[row].clone();
        for (other, line) in system.iter_mut().enumerate().filter(|(other, _)| *other != row) {
            let times = line[column] / pivot[column];
            let _ = other;
            line.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= times * pivot);
        }
    }
    for (row, column) in pivots {
        coefficients[column] = system[row][size] / system[row][column];
    }
    coefficients
}

proptest! {
    #[test]
    fn errors_are_those_of_residuals(
        rows in rows(),
        shares in prop::collection::vec(0.1_f64..1.0, LEVELS[0] + LEVELS[1]),
        design in 0_usize..4,
        raking in 0_usize..2,
    ) {
        let is_there = |margin: usize, level: usize| rows.iter().any(|row| usize::from([row.3, row.5][margin]) == level);
        let totals = [0, 1].map(|margin| {
            let own = |level: usize| if is_there(margin, level) { shares[margin * LEVELS[0] + level] } else { 0.0 };
            let sum: f64 = (0..LEVELS[margin]).map(own).sum();
            (0..LEVELS[margin]).map(|level| 100.0 * own(level) / sum).collect::<Vec<f64>>()
        });
        // Lonely units have rules of their own.
        let units = |stratum: u8| {
            let own = rows.iter().enumerate().filter(|(_, row)| design % 2 == 0 || row.1 == stratum);
            let units = own.map(|(index, row)| if design >= 2 { usize::from(row.2) } else { index });
            units.collect::<std::collections::BTreeSet<usize>>().len()
        };
        if (0..3).any(|stratum| units(stratum) == 1) {
            return Ok(());
        }
        let study = study(DESIGNS[design]);
        let method = [Method::Linear, Method::Raking][raking];
        let Some(plan) = fitted(&study, &rows, &totals, method) else { return Ok(()) };
        let made = estimates(&study, &plan, &rows, 50);
        let fitted = plan.fitted.as_ref().expect("it is fitted");
        let mut cells = fitted.cells.clone();
        let of_rows: Vec<u32> = batches(&plan, &rows, 500).iter().flat_map(|batch| cells.of(batch)).collect();
        let weights: Vec<f64> = rows.iter().zip(&of_rows).map(|(row, cell)| row.0 * fitted.factors[*cell as usize]).collect();
        prop_assert!((weights.iter().sum::<f64>() - 100.0).abs() < 1e-6);
        if weights.iter().any(|weight| *weight <= 0.0) {
            return Ok(());
        }
        let sum = |of: &dyn Fn(&Row) -> f64| rows.iter().zip(&weights).map(|(row, weight)| weight * of(row)).sum::<f64>();
        // The share of an option among those at a level, and the mean and the total of a number.
        for (domain, level) in [(0, None), (1, Some(0)), (2, Some(1))] {
            let is_in = |row: &Row| level.is_none_or(|level| row.3 == level);
            let in_base = |row: &Row| f64::from(u8::from(is_in(row) && row.4 < 3));
            let yes = |row: &Row| f64::from(u8::from(is_in(row) && row.4 == 0));
            let base = sum(&in_base);
            if base > 0.0 {
                let p = sum(&yes) / base;
                let z: Vec<f64> = rows.iter().map(|row| (yes(row) - p * in_base(row)) / base).collect();
                let expected = variance(&rows, design, &weights, &z);
                let found = made.questions[0].domains[domain].shares[0].estimate.expect("somebody is there");
                prop_assert!((found.value - p).abs() < 1e-9);
                if p > 1e-12 && p < 1.0 - 1e-12 && !found.standard_error.is_nan() {
                    let error = found.standard_error.powi(2) - expected;
                    prop_assert!(error.abs() < 1e-9 * expected.max(1e-4), "{} {expected}", found.standard_error.powi(2));
                }
            }
        }
        let z: Vec<f64> = rows.iter().map(|row| row.7 as f64).collect();
        let expected = variance(&rows, design, &weights, &z);
        let total = made.questions[1].domains[0].further.iter().find(|further| further.statistic == topline::estimate::Statistic::Total);
        let found = total.and_then(|total| total.estimate).expect("there is a total");
        if !found.standard_error.is_nan() {
            prop_assert!((found.standard_error.powi(2) - expected).abs() < 1e-7 * expected.max(1.0), "{} {expected}", found.standard_error.powi(2));
        }
        let again = estimates(&study, &plan, &rows, 7);
        let same = format!("{made:?}") == format!("{again:?}");
        prop_assert!(same, "the size of batches changes something");
    }
}
