//! Reads the files that margins of weighting take their targets from.

use std::{collections::HashMap, path::Path};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::Table,
    responses::{Batch, Cells, Findings, Intake, NumberRule, Requests, take_batch},
    study::{
        resolve::band_code,
        spec::Spec,
        weighting::{Rows, TargetColumn, TargetFile, TargetRow, TargetTable},
    },
};

/// What is in the target files of a study file that lies in `folder`, by the position of the margin; nothing where that is
/// among `problems`. A reference survey is
/// read once for all margins that count it with the same weight.
pub(super) fn read_targets(
    spec: &Spec,
    folder: &Path,
    problems: &mut Diagnostics,
) -> HashMap<usize, Option<TargetTable>> {
    let mut readings: Vec<Vec<TargetFile>> = Vec::new();
    for file in spec.target_files() {
        match readings.iter_mut().find(|reading| counts_like(&reading[0], &file)) {
            Some(reading) => reading.push(file),
            None => readings.push(vec![file]),
        }
    }
    let mut found = HashMap::new();
    for reading in readings {
        let tables = match read(&reading, folder) {
            Ok(tables) => tables.into_iter().map(Some).collect(),
            Err(unreadable) => {
                problems.append(unreadable);
                vec![None; reading.len()]
            }
        };
        found.extend(reading.iter().map(|file| file.margin).zip(tables));
    }
    found
}

/// Whether two files are one reference survey, counted in the same way.
fn counts_like(one: &TargetFile, other: &TargetFile) -> bool {
    let weight = |file: &TargetFile| match &file.rows {
        Rows::Respondents { weight } => Some(weight.as_ref().map(|(column, _)| column.clone())),
        Rows::Cells => None,
    };
    let is_same = one.file == other.file && one.decimal_comma == other.decimal_comma;
    is_same && weight(one).is_some() && weight(one) == weight(other)
}

/// A table for each margin that takes its targets from one file.
fn read(margins: &[TargetFile], folder: &Path) -> Result<Vec<TargetTable>, Diagnostics> {
    let first = &margins[0];
    let table = Table::open(&folder.join(&first.file), None, &first.place)?;
    let has_all = |margin: &&TargetFile| margin.wanted(&table.columns).is_some();
    let complete: Vec<&TargetFile> = margins.iter().filter(has_all).collect();
    let rows = match &first.rows {
        _ if complete.is_empty() => Vec::new(),
        Rows::Cells => vec![rows_of_cells(&table, first)?],
        Rows::Respondents { weight } => rows_of_respondents(&table, &complete, weight.as_ref())?,
    };
    let mut rows = rows.into_iter();
    let mut found = |margin: &TargetFile| TargetTable {
        name: table.name(),
        position_name: table.position_name(),
        columns: table.columns.clone(),
        rows: if has_all(&margin) { rows.next().unwrap_or_default() } else { Vec::new() },
    };
    Ok(margins.iter().map(&mut found).collect())
}

/// The cells of a column as text.
struct Texts<'a> {
    column: &'a str,
    texts: Vec<(String, u64)>,
}

impl Cells for Texts<'_> {
    fn text(&mut self, value: &str, position: u64) {
        self.texts.push((value.trim().to_owned(), position));
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        let text = |number: &f64| if number.is_nan() { String::new() } else { number.to_string() };
        self.texts.extend(values.iter().map(text).zip(first..));
    }
}

fn rows_of_cells(table: &Table, file: &TargetFile) -> Result<Vec<TargetRow>, Diagnostics> {
    let wanted = file.wanted(&table.columns).unwrap_or_default();
    let mut columns: Vec<Texts<'_>> = wanted.into_iter().map(|column| Texts { column, texts: Vec::new() }).collect();
    table.read(&mut columns, |column| column.column, &mut |_| ())?;
    let Some((amounts, levels)) = columns.split_last() else { return Ok(Vec::new()) };
    let row = |(row, (amount, position)): (usize, &(String, u64))| TargetRow {
        cells: levels.iter().map(|column| column.texts[row].0.clone()).collect(),
        amount: amount.clone(),
        position: Some(*position),
    };
    Ok(amounts.texts.iter().enumerate().map(row).collect())
}

/// Respondents of a reference survey of the same levels, for each margin.
fn rows_of_respondents(
    table: &Table,
    margins: &[&TargetFile],
    weight: Option<&(String, Place)>,
) -> Result<Vec<Vec<TargetRow>>, Diagnostics> {
    const ROWS_IN_BATCH: usize = 1 << 20;
    let mut requests = Requests::default();
    let mut counts: Vec<Count> = margins.iter().map(|margin| Count::new(margin, &mut requests)).collect();
    let weights = weight.map(|(column, _)| requests.numbers(column, &NumberRule::Weight));
    requests.0.iter_mut().for_each(|request| request.decimal_comma = margins[0].decimal_comma);
    let columns: Vec<&str> = requests.0.iter().map(|request| request.column.as_str()).collect();
    let mut blocks = table.blocks(&columns)?;
    let mut intakes: Vec<Intake> = requests.0.iter().map(Intake::new).collect();
    loop {
        let mut rows = 0;
        while rows < ROWS_IN_BATCH {
            match blocks.fill(&mut intakes)? {
                0 => break,
                more => rows += more,
            }
        }
        if rows == 0 {
            break;
        }
        let batch = take_batch(&mut intakes, rows);
        let weights = weights.map(|column| batch.columns[column].numbers());
        for count in &mut counts {
            count.add(&batch, weights);
        }
    }
    let (findings, keys): (Vec<Findings>, Vec<Vec<String>>) = intakes.into_iter().map(Intake::finish).unzip();
    let mut problems = Diagnostics::default();
    for (request, findings) in findings.iter().enumerate() {
        let is_weight = weights == Some(request);
        let place = weight.filter(|_| is_weight).map_or(&margins[0].place, |(_, place)| place);
        // A blank key is a respondent of unknown level.
        if is_weight || keys[request].is_empty() {
            misread(table, columns[request], findings, place, &mut problems);
        }
    }
    let (rows, _) = problems.unless_errors(counts.iter().map(|count| count.rows(&keys)).collect())?;
    Ok(rows)
}

fn misread(table: &Table, column: &str, findings: &Findings, place: &Place, problems: &mut Diagnostics) {
    for finding in &findings.found {
        let value = if finding.value.is_empty() { "nothing".to_owned() } else { format!("`{}`", finding.value) };
        let (name, position) = (table.name(), table.position_name());
        let message =
            format!("column `{column}` of {name} holds {value} in {position} {}, expected a number", finding.first);
        let hint = if finding.value.contains(',') {
            "with decimal = \",\" in the margin numbers are written 1500 or 1,5"
        } else {
            "weights are numbers from 0 upwards; what is no number of a band goes into `missing` of its segment"
        };
        problems.push(Diagnostic::error("target-file", place.clone(), message).hint(hint));
    }
}

/// The respondents of a reference survey, by the levels of one margin.
struct Count {
    columns: Vec<(usize, Vec<f64>)>,
    index: HashMap<Vec<u32>, usize>,
    groups: Vec<(Vec<u32>, f64)>,
}

impl Count {
    fn new(margin: &TargetFile, requests: &mut Requests) -> Self {
        let mut column = |column: &TargetColumn| {
            let request = if column.bands.is_empty() {
                requests.keys(&column.name)
            } else {
                requests.numbers(&column.name, &NumberRule::any(&column.missing))
            };
            (request, column.bands.clone())
        };
        let columns = margin.columns.iter().map(&mut column).collect();
        Self { columns, index: HashMap::new(), groups: Vec::new() }
    }

    fn add(&mut self, batch: &Batch, weights: Option<&[f64]>) {
        let mut group = vec![0; self.columns.len()];
        for row in 0..batch.rows {
            for (key, (column, bands)) in group.iter_mut().zip(&self.columns) {
                let column = &batch.columns[*column];
                *key = if bands.is_empty() {
                    column.keys()[row]
                } else {
                    // 0 is below the first band, and no number at all.
                    bands.partition_point(|start| *start <= column.numbers()[row]) as u32
                };
            }
            let weight = weights.map_or(1.0, |weights| weights[row]);
            if let Some(known) = self.index.get(&group) {
                self.groups[*known].1 += weight;
            } else {
                self.index.insert(group.clone(), self.groups.len());
                self.groups.push((group.clone(), weight));
            }
        }
    }

    fn rows(&self, keys: &[Vec<String>]) -> Vec<TargetRow> {
        let code = |(key, (column, bands)): (&u32, &(usize, Vec<f64>))| match (bands.is_empty(), *key as usize) {
            (true, key) => keys[*column][key].clone(),
            (false, 0) => String::new(),
            (false, band) => band_code(bands, band - 1),
        };
        let row = |(group, weight): &(Vec<u32>, f64)| TargetRow {
            cells: group.iter().zip(&self.columns).map(code).collect(),
            amount: weight.to_string(),
            position: None,
        };
        self.groups.iter().map(row).collect()
    }
}
