//! Files of SPSS, Stata and SAS: every cell, label and code for no answer is what another program reads in the same file.

use std::{fs, path::PathBuf, process::Command};

use topline::{
    codebook::{Measure, SetKind, Variable},
    diagnostic::{Diagnostics, Place},
    io::Table,
    responses::Cells,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/statistics");

/// Where topline differs on purpose: quarters are text here.
const OTHERWISE: [(&str, &str); 1] = [("pyreadstat-simple-alltypes.sav", "quarter")];

/// The cells of a column as text.
struct Column {
    name: String,
    cells: Vec<String>,
    positions: Vec<u64>,
}

impl Cells for Column {
    fn text(&mut self, value: &str, position: u64) {
        self.cells.push(value.to_owned());
        self.positions.push(position);
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        self.cells.extend(values.iter().map(|value| if value.is_nan() { String::new() } else { value.to_string() }));
        self.positions.extend(first..first + values.len() as u64);
    }
}

#[test]
fn every_cell_and_label_is_what_pyreadstat_reads() {
    let mut files = 0;
    for name in fixtures() {
        let Ok(golden) = fs::read_to_string(format!("{FOLDER}/{name}.read")) else { continue };
        files += 1;
        let table = open(&name).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let columns = read(&table).unwrap_or_else(|problems| {
            assert!(name.contains("empty") && problems.to_string().contains("describes columns"), "{name}: {problems}");
            Vec::new()
        });
        let named: Vec<&str> =
            golden.lines().filter_map(|line| line.strip_prefix("column\t")?.split('\t').next()).collect();
        assert_eq!(table.columns, named, "{name}");
        for line in golden.lines() {
            let mut parts = line.split('\t');
            let (what, column) = (parts.next().unwrap(), parts.next().unwrap_or_default());
            let rest: Vec<&str> = parts.collect();
            let variable = || table.codebook.variable(column).unwrap_or_else(|| panic!("{name}: {column}"));
            match what {
                "title" => assert_eq!(table.codebook.title.as_deref().unwrap_or_default(), column, "{name}"),
                "column" => {
                    assert_eq!(variable().label.as_deref().unwrap_or_default(), rest[0], "{name}: {column}");
                    if name.ends_with("sav") {
                        assert_eq!(measure(variable()), rest[1], "{name}: {column}");
                    }
                }
                "value" => {
                    let value = variable().values.iter().find(|value| value.code == rest[0]);
                    let value = value.unwrap_or_else(|| panic!("{name}: {column} {rest:?} in {:?}", variable().values));
                    assert_eq!(value.label.as_deref(), Some(rest[1]), "{name}: {column}");
                    assert!(value.missing.is_some() || !rest[0].starts_with('.'), "{name}: {column} {rest:?}");
                }
                "missing" => assert!(is_missing(variable(), rest[0], rest[1]), "{name}: {column} {rest:?}"),
                "cells" if columns.is_empty() || OTHERWISE.contains(&(name.as_str(), column)) => {}
                "cells" => {
                    let found = columns.iter().find(|found| found.name == column).expect("a column");
                    assert_eq!(found.cells, rest, "{name}: {column}");
                    assert!(found.positions.iter().copied().eq(1..=rest.len() as u64), "{name}: {column}");
                }
                "set" => {
                    let set = table.codebook.sets.iter().find(|set| set.name == column);
                    let set = set.unwrap_or_else(|| panic!("{name}: {column}"));
                    assert_eq!(set.kind == SetKind::Categories, rest[0] == "C", "{name}: {column}");
                    assert_eq!(set.label.as_deref().unwrap_or_default(), rest[1], "{name}: {column}");
                    assert!(set.members.iter().map(|member| member.column.as_str()).eq(rest[2..].iter().copied()));
                }
                other => panic!("{name}: {other}"),
            }
        }
        // Nothing is called missing that is not.
        let said = table.codebook.variables.iter().flat_map(|variable| &variable.values);
        let listed =
            golden.lines().any(|line| line.starts_with("missing") || line.contains("\t.")) || name.contains("tagged");
        assert!(listed || said.clone().all(|value| value.missing.is_none()), "{name}");
    }
    assert_eq!(files, 25, "files with what another program read in them");
}

#[test]
fn quarters_are_written_as_such() {
    let table = open("pyreadstat-simple-alltypes.sav").expect("opened");
    let columns = read(&table).expect("read");
    let quarters = columns.iter().find(|column| column.name == "quarter").expect("a column");
    assert_eq!(quarters.cells[..5], ["2014-Q4", "2014-Q4", "2014-Q4", "2014-Q4", "2015-Q1"]);
}

#[test]
fn weights_are_written_beside_what_the_files_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let topline = |arguments: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_topline")).args(arguments).current_dir(folder.path()).output();
        let output = command.expect("topline runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (name, question) in [("club.zsav", "sport"), ("panel-14.dta", "trust")] {
        fs::copy(format!("{FOLDER}/{name}"), folder.path().join(name)).expect("copied");
        topline(&["init", name, "-o", "drafted.toml"]);
        let drafted = fs::read_to_string(folder.path().join("drafted.toml")).expect("written");
        let drafted = drafted.lines().filter(|line| !line.starts_with("weight ")).collect::<Vec<_>>().join("\n");
        let region = if name == "club.zsav" {
            "{ N = 40, S = 40, \"Ö\" = 20 }"
        } else {
            "{ Nord = 50, Ost = 20, \"Süd\" = 30 }"
        };
        let weighting =
            format!("\n[weighting]\nmethod = \"raking\"\n[[weighting.margin]]\nby = \"region\"\ntargets = {region}\n");
        fs::write(folder.path().join("weighting.toml"), drafted.clone() + &weighting).expect("written");
        for written in ["weighted.csv", "weighted.parquet"] {
            topline(&["weight", "weighting.toml", "-o", written, "--all", "--column", "fitted"]);
            let used = drafted.replace(name, written).replace("[design]", "[design]\nweight = \"fitted\"");
            fs::write(folder.path().join("used.toml"), used).expect("written");
            let shares = |study: &str| {
                let shown = topline(&["headline", study]);
                let line = shown.lines().find(|line| line.starts_with(question)).expect("a line").to_owned();
                line.split('\t').take(5).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(shares("used.toml"), shares("weighting.toml"), "{name} in {written}");
        }
        for file in ["drafted.toml", "weighted.csv", "weighted.parquet"] {
            fs::remove_file(folder.path().join(file)).expect("removed");
        }
    }
}

fn measure(variable: &Variable) -> &'static str {
    match variable.measure {
        Some(Measure::Nominal) => "nominal",
        Some(Measure::Ordinal) => "ordinal",
        Some(Measure::Number | Measure::Amount) => "scale",
        None => "unknown",
    }
}

fn is_missing(variable: &Variable, low: &str, high: &str) -> bool {
    let listed = variable.values.iter().any(|value| value.code == low && value.missing.is_some());
    let end = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    low == high && listed || variable.missing_ranges.contains(&(end(low), end(high)))
}

fn fixtures() -> Vec<String> {
    let files = fs::read_dir(FOLDER).expect("a folder").flatten();
    let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.retain(|name| [".sav", ".zsav", ".dta", ".sas7bdat"].iter().any(|ending| name.ends_with(ending)));
    names.sort();
    names
}

fn open(name: &str) -> Result<Table, Diagnostics> {
    Table::open(&PathBuf::from(FOLDER).join(name), None, &Place::File("here".to_owned()))
}

fn read(table: &Table) -> Result<Vec<Column>, Diagnostics> {
    let column = |name: &String| Column { name: name.clone(), cells: Vec::new(), positions: Vec::new() };
    let mut columns: Vec<Column> = table.columns.iter().map(column).collect();
    table.read(&mut columns, |column| &column.name, &mut |_| {})?;
    Ok(columns)
}
