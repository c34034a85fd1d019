//! Tests of this room.

use std::{collections::HashMap, path::Path};

use tempfile::TempDir;

use super::{simulate, simulate_in_batches};
use crate::{
    diagnostic::{Diagnostics, Place},
    io::Table,
    responses::Cells,
    study::{
        Kind, Study,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
};

const MESSENGER: &str = include_str!("../../data/messenger-2017/study.toml");

/// A column, as text.
struct Texts {
    name: String,
    cells: Vec<String>,
}

impl Cells for Texts {
    fn text(&mut self, value: &str, _: u64) {
        // Formats may differ in how they write a number, such as 1.0420.
        self.cells.push(value.parse::<f64>().map_or(value.to_owned(), |number| number.to_string()));
    }

    fn numbers(&mut self, values: &[f64], _: u64) {
        let text = |value: &f64| if value.is_nan() { String::new() } else { value.to_string() };
        self.cells.extend(values.iter().map(text));
    }
}

fn study(text: &str, columns: Option<Vec<String>>) -> Result<Study, Diagnostics> {
    let (spec, problems) = Spec::parse("study.toml", text);
    resolve(&spec, Path::new(""), &Catalog { columns, ..Catalog::default() }, problems)
}

fn written(text: &str, rows: u64, seed: u64, rows_at_once: usize) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("responses.csv");
    let study = study(text, None).unwrap_or_else(|problems| panic!("{problems}"));
    simulate_in_batches(&study, rows, seed, &path, rows_at_once, &mut |_| ()).unwrap();
    std::fs::read(path).unwrap()
}

/// The columns of simulated responses, by name.
fn columns(text: &str, rows: u64, file: &str) -> HashMap<String, Vec<String>> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(file);
    simulate(&study(text, None).unwrap(), rows, 2017, &path, &mut |_| ()).unwrap();
    let table = Table::open(&path, None, &Place::File(file.to_owned())).unwrap();
    assert!(table.is_marked_synthetic());
    let column = |name: &String| Texts { name: name.clone(), cells: Vec::new() };
    let mut columns: Vec<Texts> = table.columns.iter().map(column).collect();
    table.read(&mut columns, |column| &column.name, &mut |_| ()).unwrap();
    columns.into_iter().map(|column| (column.name, column.cells)).collect()
}

#[test]
fn the_same_seed_gives_the_same_file_in_batches_of_any_size() {
    let whole = written(MESSENGER, 300, 1, 1000);
    assert_eq!(whole, written(MESSENGER, 300, 1, 1000));
    assert_eq!(whole, written(MESSENGER, 300, 1, 7));
    assert_ne!(whole, written(MESSENGER, 300, 2, 1000));
    assert!(written(MESSENGER, 301, 1, 1000).starts_with(&whole), "a longer file begins like a shorter one");
}

#[test]
fn csv_and_parquet_hold_the_same() {
    assert!(columns(CLUSTERED, 200, "a.csv") == columns(CLUSTERED, 200, "a.parquet"));
}

#[test]
fn only_those_in_the_base_are_asked() {
    let columns = columns(MESSENGER, 1000, "a.csv");
    for (base, codes, asked, all_answer) in [
        ("use_whatsapp", ["yes"].as_slice(), "imagine", true),
        ("use_whatsapp", &["yes"], "contacts_family", true),
        ("use_whatsapp", &["no"], "future", false),
        ("imagine", &["yes"], "purpose_job", true),
        ("overdue", &["yes"], "privacy_fear", false),
    ] {
        for (base, asked_cell) in columns[base].iter().zip(&columns[asked]) {
            let is_asked = codes.contains(&base.as_str());
            assert!(is_asked || asked_cell.is_empty(), "{asked}");
            assert!(!(all_answer && is_asked && asked_cell.is_empty()), "{asked}");
        }
    }
    assert!(columns["synthetic"].iter().all(|cell| cell == "1"));
}

#[test]
fn published_shares_are_met_in_their_base() {
    let columns = columns(MESSENGER, 3000, "a.csv");
    let weights: Vec<f64> = columns["weight"].iter().map(|cell| cell.parse().unwrap()).collect();
    let mean = weights.iter().sum::<f64>() / 3000.0;
    assert!((mean - 1.0).abs() < 0.03 && weights.iter().all(|weight| *weight > 0.0), "{mean}");
    for question in study(MESSENGER, None).unwrap().questions {
        for (index, option) in question.options.iter().enumerate() {
            let (column, code) = match question.kind {
                Kind::Multiple => (&question.columns[index], "1"),
                _ => (&question.columns[0], option.code.as_str()),
            };
            let answered = weights.iter().zip(&columns[column]).filter(|(_, cell)| !cell.is_empty());
            let (mut base, mut chosen) = (0.0, 0.0);
            for (weight, cell) in answered {
                base += weight;
                chosen += if cell == code { *weight } else { 0.0 };
            }
            if let Some(target) = option.published.or(option.assumed) {
                let share = 100.0 * chosen / base;
                assert!((share - target).abs() < 0.7, "{} {}: {share} instead of {target}", question.id, option.code);
            }
        }
    }
}

#[test]
fn the_first_option_leans_as_told() {
    let text = "[data]\nfile = 'a.csv'\n[[segment]]\nid = 'age'\nbands = [18, 40, 60]\n\
        [[question]]\nid = 'use'\noptions = ['yes', 'no']\npublished = { yes = 50 }\nlean = { age = -2 }\n";
    let columns = columns(text, 20_000, "a.csv");
    let logit_of = |ages: std::ops::Range<f64>| {
        let rows = columns["age"].iter().zip(&columns["use"]);
        let answers = rows.filter(|(age, _)| ages.contains(&age.parse().unwrap())).map(|(_, answer)| answer);
        let (yes, no): (Vec<_>, Vec<_>) = answers.partition(|answer| *answer == "yes");
        (yes.len() as f64 / no.len() as f64).ln()
    };
    let lean = logit_of(60.0..200.0) - logit_of(18.0..40.0);
    assert!((lean + 2.0).abs() < 0.4, "{lean}");
}

/// Strata, units, every kind of question, missing codes and a base on a number.
const CLUSTERED: &str = r#"
[data]
file = "a.csv"
[design]
weight = "w"
strata = "stratum"
units = "unit"
fpc = "size"
[simulation]
strata = 4
units = 9
[[segment]]
id = "city"
levels = ["north", "south"]
[[question]]
id = "spend"
kind = "number"
[[question]]
id = "mood"
kind = "scale"
options = ["1", "2", "3"]
missing = { "-99" = "refused" }
base = { where = "spend >= 50 AND city IN ('north')" }
"#;

#[test]
fn units_lie_in_one_stratum_each_and_bases_may_ask_for_numbers() {
    let columns = columns(CLUSTERED, 4000, "a.parquet");
    let mut strata = HashMap::new();
    for (unit, stratum) in columns["unit"].iter().zip(&columns["stratum"]) {
        assert_eq!(strata.entry(unit).or_insert(stratum), &stratum);
    }
    assert_eq!(strata.len(), 9);
    for stratum in ["1", "2", "3", "4"] {
        assert!(strata.values().filter(|known| **known == stratum).count() >= 2);
    }
    for ((spend, city), mood) in columns["spend"].iter().zip(&columns["city"]).zip(&columns["mood"]) {
        let is_asked = spend.parse::<f64>().is_ok_and(|spend| spend >= 50.0) && city == "north";
        assert_eq!(is_asked, !mood.is_empty());
    }
    assert!(columns["mood"].iter().any(|mood| mood == "-99"));
}

#[test]
fn a_base_on_a_later_answer_is_refused() {
    let text = "[data]\nfile = 'a.csv'\n\
        [[question]]\nid = 'why'\noptions = ['a', 'b']\nbase = { where = \"use = 'yes' AND town = 'x'\" }\n\
        [[question]]\nid = 'use'\noptions = ['yes', 'no']\n";
    let problems = simulate(&study(text, None).unwrap(), 10, 1, Path::new("never.csv"), &mut |_| ()).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["asked-later", "not-made"]);
    assert!(!Path::new("never.csv").exists());
}

#[test]
fn an_ending_of_no_known_format_is_refused() {
    let study = study(MESSENGER, None).unwrap();
    let problems = simulate(&study, 10, 1, Path::new("never.docx"), &mut |_| ()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["unknown-format"]);
}

#[test]
fn the_flagship_study_fits_its_responses() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/messenger-2017/responses.csv");
    let table = Table::open(Path::new(path), None, &Place::File(path.to_owned())).unwrap();
    let (spec, problems) = Spec::parse("study.toml", MESSENGER);
    assert!(problems.is_empty(), "{problems}");
    assert!(spec.undeclared_columns().is_empty());
    study(MESSENGER, Some(table.columns.clone())).unwrap_or_else(|problems| panic!("{problems}"));
    let bytes = std::fs::read(path).unwrap();
    assert!(bytes == written(MESSENGER, 3000, 2017, 1000), "make the file again: it is older than the study file");
}

#[test]
fn replicate_weights_are_made_for_units_and_follow_the_study() {
    let text = |rest: &str| {
        format!(
            "[data]\nfile = \"a.csv\"\n[design]\nweight = \"w\"\nunits = \"psu\"\n[design.replicates]\n{rest}\n\
             [simulation]\nunits = 40\n[[question]]\nid = \"q\"\noptions = [\"yes\", \"no\"]\n"
        )
    };
    let brr = text("type = \"brr\"\ncolumns = [\"rw*\"]\ncount = 70");
    let made = columns(&brr, 300, "a.csv");
    assert_eq!(made.keys().filter(|name| name.starts_with("rw")).count(), 70);
    let numbers = |name: &str| made[name].iter().map(|cell| cell.parse::<f64>().unwrap()).collect::<Vec<f64>>();
    let (weights, last) = (numbers("w"), numbers("rw70"));
    let doubled: HashMap<&String, bool> = made["psu"].iter().zip(last.iter().map(|weight| *weight > 0.0)).collect();
    for ((unit, weight), replicate) in made["psu"].iter().zip(&weights).zip(&last) {
        let expected = if doubled[unit] { 2.0 * weight } else { 0.0 };
        assert!((replicate - expected).abs() < 1e-5, "{unit}: {weight} {replicate}");
    }
    assert!((5..35).contains(&doubled.values().filter(|doubled| **doubled).count()));
    let factors =
        columns(&text("type = \"bootstrap\"\ncolumns = \"f*\"\ncount = 9\ncombined = false"), 50, "a.parquet");
    let reach = (8.0_f64 / 9.0).sqrt();
    for factor in factors["f9"].iter().map(|cell| cell.parse::<f64>().unwrap()) {
        assert!(((factor - 1.0).abs() - reach).abs() < 1e-5, "{factor}");
    }
    assert_eq!(written(&brr, 100, 1, 7), written(&brr, 100, 1, 1000));
}

/// Numbers that are weighted to: one that nothing else asks for, one that a question asks, one of a band, one of an option.
const WEIGHTED: &str = r#"
[data]
file = "a.csv"
[weighting]
method = "linear"
[[weighting.number]]
column = "income"
mean = 2450.5
[[weighting.number]]
column = "children"
total = 36.0
[[weighting.number]]
column = "balance"
mean = 0.0
[[weighting.number]]
column = "minutes"
mean = 210.0
[[weighting.number]]
column = "age"
mean = 48.0
[[weighting.margin]]
by = ["sex", "age"]
targets = { f = { "18-39" = 3, "40-59" = 30, "60+" = 18 }, m = { "18-39" = 12, "40-59" = 20, "60+" = 17 } }
[[weighting.variable]]
id = "sex"
levels = ["f", "m"]
[[segment]]
id = "age"
bands = [18, 40, 60]
[[question]]
id = "minutes"
kind = "number"
"#;

#[test]
fn numbers_that_are_weighted_to_have_nearly_the_mean_of_the_population() {
    let columns = columns(WEIGHTED, 4000, "a.csv");
    let numbers = |name: &str| {
        let cells = columns[name].iter().filter(|cell| !cell.is_empty());
        cells.map(|cell| cell.parse::<f64>().unwrap()).collect::<Vec<f64>>()
    };
    for (name, mean, deviation) in
        [("income", 2450.5, 612.6), ("children", 0.009, 0.00225), ("balance", 0.0, 1.0), ("minutes", 210.0, 52.5)]
    {
        let numbers = numbers(name);
        let found = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let squares = numbers.iter().map(|number| (number - found).powi(2)).sum::<f64>() / numbers.len() as f64;
        assert!((found - mean).abs() < 0.2 * deviation, "{name}: {found}");
        assert!((squares.sqrt() / deviation - 1.0).abs() < 0.1, "{name}: {}", squares.sqrt());
        assert!(name == "balance" || numbers.iter().all(|number| *number > 0.0), "{name}");
    }
    let young = numbers("age").iter().filter(|age| **age < 40.0).count() as f64 / 4000.0;
    assert!((young - 0.15).abs() < 0.05, "levels without a share have that of the margin: {young}");
}
