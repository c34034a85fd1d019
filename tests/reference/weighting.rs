//! Weighting against R: factors of every cell by every method, what targets explain of an influence, trimmed weights.

use std::collections::BTreeMap;

use topline::weighting::{
    Basis, Bounds, Calibration, Cell, Convergence, LevelOrder, Margin, Method, Redistribution, Rounds, Solution,
    WeightSums, trim,
};

use crate::{
    Row,
    differences::{Differences, Number, Section},
    number, read,
};

/// Rows of one table: what R computed of a case by a method within bounds.
type Group = (String, String, String, String);

pub fn factors(differences: &mut Differences) {
    let cells = read("data/weighting_cells");
    let targets = read("data/weighting_targets");
    let mut compared = BTreeMap::new();
    for ((case, method, low, high), rows) in groups() {
        if method.starts_with("trim") || method.starts_with("basis") {
            continue;
        }
        let place = format!("{case} {method} {low} {high}");
        let cells = cells_of(&cells, &case);
        let calibration = calibration(&cells, &targets, &case);
        let bounds = bounds(&low, &high);
        let solution = solve(&calibration, &cells, &method, bounds).unwrap_or_else(|error| panic!("{place}: {error}"));
        let weights = cells.iter().zip(&solution.factors).map(|(cell, factor)| (cell, *factor));
        let spread = WeightSums::over(weights).spread().expect("there are weights");
        for row in &rows {
            let found = match row["statistic"].as_str() {
                "factor" => solution.factors[row["cell"].parse::<usize>().expect("a cell")],
                "mean" => spread.mean,
                "lowest" => spread.lowest,
                "highest" => spread.highest,
                "cv" => spread.coefficient_of_variation,
                "design_effect" => spread.design_effect,
                "effective_base" => spread.effective_base,
                other => panic!("{other} is no statistic"),
            };
            let expected = number(row, "value").expect("a number");
            let place = format!("{place} {} {}", row["statistic"], row["cell"]);
            let estimator = format!("weights, {}", method.replace('_', " "));
            differences.figure(Section::Weights, &estimator, &place).equal(Number::Value, found, expected);
        }
        *compared.entry(method).or_insert(0) += rows.len();
    }
    let methods: Vec<(&str, usize)> = compared.iter().map(|(method, rows)| (method.as_str(), *rows)).collect();
    let expected = [
        ("exponential", 1438),
        ("linear", 1438),
        ("logit", 1420),
        ("post_stratification", 12),
        ("raking", 457),
        ("truncated_linear", 1370),
        ("within_exponential", 995),
        ("within_linear", 389),
    ];
    assert_eq!(methods, expected, "how many were compared");
}

pub fn projections(differences: &mut Differences) {
    let cells = read("data/weighting_cells");
    let targets = read("data/weighting_targets");
    let mut compared = 0;
    for ((case, metric, ..), rows) in groups().into_iter().filter(|(group, _)| group.1.starts_with("basis")) {
        let cells = cells_of(&cells, &case);
        let calibration = calibration(&cells, &targets, &case);
        let metric: Vec<f64> = match metric.as_str() {
            "basis_base" => cells.iter().map(|cell| cell.base.sum).collect(),
            _ => cells.iter().map(|cell| cell.base.respondents as f64).collect(),
        };
        let basis = Basis::new(calibration.clone(), &metric).expect("a basis");
        let values = |statistic: &str| -> Vec<f64> {
            let of = rows.iter().filter(|row| row["statistic"] == statistic);
            of.map(|row| number(row, "value").expect("a number")).collect()
        };
        for (cell, (found, expected)) in basis.fitted(&values("sum")).into_iter().zip(values("fitted")).enumerate() {
            let place = format!("{case} {cell}");
            differences.figure(Section::Weights, "what targets explain", &place).equal(Number::Value, found, expected);
            compared += 1;
        }
    }
    assert_eq!(compared, 1440, "how many were compared");
}

pub fn trimmed(differences: &mut Differences) {
    let mut compared = 0;
    for ((_, method, low, high), rows) in groups().into_iter().filter(|(group, _)| group.0 == "trim") {
        let values = |statistic: &str| -> Vec<f64> {
            let of = rows.iter().filter(|row| row["statistic"] == statistic);
            of.map(|row| number(row, "value").expect("a number")).collect()
        };
        let rounds = if method == "trim_once" { Rounds::Once } else { Rounds::UntilWithin };
        let weights: Vec<(f64, u64)> = values("weight").into_iter().map(|weight| (weight, 1)).collect();
        let found = trim(&weights, bounds(&low, &high), Redistribution::Equal, rounds).expect("it can be trimmed");
        for (at, (found, expected)) in found.into_iter().zip(values("trimmed")).enumerate() {
            let place = format!("{method} {low} {high} {at}");
            differences.figure(Section::Weights, "weights, trimmed alone", &place).equal(
                Number::Value,
                found,
                expected,
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 320, "how many were compared");
}

fn solve(
    calibration: &Calibration,
    cells: &[Cell],
    method: &str,
    bounds: Bounds,
) -> Result<Solution, topline::weighting::Error> {
    let convergence = Convergence { tolerance: 1e-12, ..Convergence::default() };
    let base: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
    let method = match method {
        "post_stratification" => Method::PostStratification,
        "raking" => Method::Raking,
        "exponential" => Method::Exponential,
        "linear" => Method::Linear,
        "truncated_linear" => Method::TruncatedLinear(bounds),
        "logit" => Method::Logit(bounds),
        "within_exponential" => return calibration.within(cells, Method::Raking, bounds, convergence),
        "within_linear" => return calibration.within(cells, Method::Linear, bounds, convergence),
        other => panic!("{other} is no method"),
    };
    calibration.solve(method, &base, convergence)
}

/// The rows of each table, in the order of the cells.
fn groups() -> BTreeMap<Group, Vec<Row>> {
    let mut groups: BTreeMap<Group, Vec<Row>> = BTreeMap::new();
    for row in read("weighting") {
        let [case, method, low, high] = ["case", "method", "low", "high"].map(|name| row[name].clone());
        groups.entry((case, method, low, high)).or_default().push(row);
    }
    groups
}

fn bounds(low: &str, high: &str) -> Bounds {
    Bounds { low: low.parse().unwrap_or(f64::NEG_INFINITY), high: high.parse().unwrap_or(f64::INFINITY) }
}

fn cells_of(rows: &[Row], case: &str) -> Vec<Cell> {
    let number = |row: &Row, name: &str| number(row, name).expect("a number");
    let cell = |row: &Row| Cell {
        levels: row["levels"].split(' ').map(|level| level.parse().expect("a level")).collect(),
        numbers: row["number"].parse().into_iter().collect(),
        base: WeightSums {
            respondents: row["respondents"].parse().expect("a count"),
            sum: number(row, "base"),
            squares: number(row, "squares"),
            lowest: number(row, "lowest"),
            highest: number(row, "highest"),
        },
    };
    rows.iter().filter(|row| row["case"] == case).map(cell).collect()
}

fn calibration(cells: &[Cell], targets: &[Row], case: &str) -> Calibration {
    let targets_of = |margin: &str| -> Vec<f64> {
        let rows = targets.iter().filter(|row| row["case"] == case && row["margin"] == margin);
        rows.map(|row| number(row, "target").expect("a target")).collect()
    };
    let margins = 0..cells[0].levels.len();
    let margin = |at: usize| Margin { targets: targets_of(&at.to_string()), order: LevelOrder::Unordered };
    let margins: Vec<Margin> = margins.map(margin).collect();
    Calibration::new(cells, &margins, &targets_of("number")).unwrap_or_else(|errors| panic!("{case}: {errors:?}"))
}
