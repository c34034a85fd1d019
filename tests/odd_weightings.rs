//! Weightings that go wrong: each ends in an error that names what is wrong, or in weights that meet the targets.

#[path = "odd_weightings/files.rs"]
mod files;
#[path = "odd_weightings/numbers.rs"]
mod numbers;
#[path = "odd_weightings/respondents.rs"]
mod respondents;
#[path = "odd_weightings/targets.rs"]
mod targets;

use std::fs;

use tempfile::TempDir;
use topline::survey::{read_study, weighted_rows};

/// A respondent as the file has it: weight, sex, age, minutes.
type Row = [String; 4];

/// What is to come of a weighting.
enum Outcome {
    /// An error with this code and these words in it.
    Refused(&'static str, &'static str),
    /// Weights, so many of which are 0, by which these shares of the known, in percent, or means are met.
    Met(usize, &'static [(&'static str, f64)]),
}
use Outcome::{Met, Refused};

struct Case {
    name: &'static str,
    rows: fn(&mut Vec<Row>),
    weighting: &'static str,
    /// `targets.csv`.
    file: &'static str,
    outcome: Outcome,
}

const SEX: &str = "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 49, f = 51 }\n";
const AGE: &str = "[[weighting.margin]]\nby = 'age'\ntargets = { '18-29' = 20, '30-64' = 50, '65+' = 30 }\n";
const SEX_MET: (&str, f64) = ("f", 51.0);
const AGE_MET: (&str, f64) = ("18-29", 20.0);

const STUDY: &str = "[data]\nfile = 'responses.csv'\n[design]\nweight = 'weight'\n[[segment]]\nid = 'age'\nbands = [18, 30, 65]\n\
                     [[segment]]\nid = 'sex'\nlevels = ['m', 'f']\n\
                     [[question]]\nid = 'minutes'\nkind = 'number'\n[weighting]\n";

/// Respondents of every sex and age, of unequal weights, three in ten of them female.
fn usual() -> Vec<Row> {
    let row = |number: u32| {
        let weight = 0.5 + f64::from(number % 7) / 4.0;
        let sex = if number % 10 < 3 { "f" } else { "m" };
        [weight.to_string(), sex.to_owned(), (18 + number * 17 % 70).to_string(), (number % 50).to_string()]
    };
    (0..240).map(row).collect()
}

fn age_of(row: &Row) -> &'static str {
    match row[2].parse::<f64>() {
        Ok(age) if age >= 65.0 => "65+",
        Ok(age) if age >= 30.0 => "30-64",
        Ok(age) if age >= 18.0 => "18-29",
        _ => "",
    }
}

/// The weights of a weighting, or what is wrong.
fn weigh(case: &Case, rows: &[Row]) -> Result<Vec<f64>, String> {
    let folder = TempDir::new().expect("a folder");
    let lines = rows.iter().map(|row| row.join(",") + "\n");
    let responses = "weight,sex,age,minutes\n".to_owned() + &lines.collect::<String>();
    fs::write(folder.path().join("responses.csv"), responses).expect("written");
    fs::write(folder.path().join("targets.csv"), case.file).expect("written");
    let weighting = case.weighting.replace("SEX\n", SEX).replace("AGE\n", AGE);
    let path = folder.path().join("study.toml");
    fs::write(&path, format!("{STUDY}{weighting}")).expect("written");
    let words = |text: String| text.replace("│", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let (study, table) = read_study(&path, &mut |_, _| ()).map_err(|problems| words(problems.to_string()))?;
    let mut found = Vec::new();
    let mut take = |weights: &[f64], _: &[_]| {
        found.extend_from_slice(weights);
        Ok(())
    };
    weighted_rows(&study, &table, &mut |_, _| ())
        .and_then(|mut weighted| weighted.read(&[], &mut |_, _| (), &mut take))
        .map_err(|problems| words(problems.to_string()))?;
    Ok(found)
}

/// What is wrong with weights that should meet a target.
fn unmet(rows: &[Row], weights: &[f64], (of, target): (&str, f64)) -> Option<String> {
    let pairs = || rows.iter().zip(weights).filter(|(_, weight)| **weight != 0.0);
    let (mut part, mut all) = (0.0, 0.0);
    for (row, weight) in pairs() {
        if of == "minutes" {
            part += weight * row[3].parse::<f64>().expect("a number");
            all += weight;
            continue;
        }
        let both = format!("{} {}", row[1], age_of(row));
        let level = match of {
            "m" | "f" => row[1].as_str(),
            _ if of.contains(' ') => both.as_str(),
            _ => age_of(row),
        };
        if !level.trim().is_empty() && level != "x" {
            all += weight;
            part += if level == of { *weight } else { 0.0 };
        }
    }
    let found = if of == "minutes" { part / all } else { 100.0 * part / all };
    ((found / target - 1.0).abs() > 1e-9 || !found.is_finite()).then(|| format!("{of} is {found}, not {target}"))
}

fn nothing(_: &mut Vec<Row>) {}

#[test]
fn every_weighting_is_refused_with_a_reason_or_meets_its_targets() {
    let mut failures = Vec::new();
    for case in cases() {
        let mut rows = usual();
        (case.rows)(&mut rows);
        let found = std::panic::catch_unwind(|| weigh(&case, &rows));
        let failure = match (found, &case.outcome) {
            (Err(_), _) => Some("it panics".to_owned()),
            (Ok(Err(said)), Refused(code, part)) => {
                (!(said.contains(code) && said.contains(part))).then(|| format!("it says: {said}"))
            }
            (Ok(Err(said)), Met(..)) => Some(format!("it is refused: {said}")),
            (Ok(Ok(weights)), Refused(..)) => Some(format!("it is weighted: {:?}", &weights[..weights.len().min(5)])),
            (Ok(Ok(weights)), Met(zeros, targets)) => {
                let is_odd = |weight: &&f64| !(weight.is_finite() && **weight >= 0.0);
                let odd = weights.iter().find(is_odd).map(|weight| format!("a weight is {weight}"));
                let none = weights.iter().filter(|weight| **weight == 0.0).count();
                let count = (none != *zeros || weights.len() != rows.len())
                    .then(|| format!("{none} of {} weights are 0", weights.len()));
                odd.or(count).or_else(|| targets.iter().find_map(|target| unmet(&rows, &weights, *target)))
            }
        };
        failures.extend(failure.map(|failure| format!("{}: {failure}", case.name)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn case(
    name: &'static str,
    rows: fn(&mut Vec<Row>),
    weighting: &'static str,
    file: &'static str,
    outcome: Outcome,
) -> Case {
    Case { name, rows, weighting, file, outcome }
}

fn set(rows: &mut [Row], column: usize, value: &str) {
    for row in rows {
        value.clone_into(&mut row[column]);
    }
}

fn cases() -> Vec<Case> {
    [
        respondents::of_respondents(),
        respondents::of_weights(),
        targets::of_targets(),
        targets::of_margins(),
        numbers::of_numbers(),
        numbers::of_columns(),
        numbers::of_bounds(),
        files::of_files(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const BOTH_MET: Outcome = Met(0, &[SEX_MET, AGE_MET, ("65+", 30.0)]);
const CROSSED: &str = "[[weighting.margin]]\nby = ['sex', 'age']\n[weighting.margin.targets]\n\
                       m = { '18-29' = 10, '30-64' = 25, '65+' = 14 }\nf = { '18-29' = 10, '30-64' = 25, '65+' = 16 }\n";
const CROSSED_MET: Outcome = Met(0, &[("m 18-29", 10.0), ("f 65+", 16.0), SEX_MET]);
