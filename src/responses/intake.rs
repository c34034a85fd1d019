//! Collects cells into batches and counts what does not fit.

use std::collections::HashMap;

use super::{BLANK, Batch, Cells, Coder, Column, OTHER, Unlisted};

/// A column that is wanted, and as what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The column's name in the data.
    pub column: String,
    /// What its cells become.
    pub form: Form,
}

/// What the cells of a column become.
#[derive(Clone, Debug)]
pub enum Form {
    /// Codes.
    Codes(Coder),
    /// Numbers.
    Numbers(NumberRule),
    /// Running numbers of distinct values; a blank is a value too.
    Keys,
}

/// Which numbers are in order.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberRule {
    /// Any number, or none; these texts also mean none.
    Any {
        /// Values that stand for a missing number; they become NaN.
        missing: Vec<f64>,
    },
    /// Weights: present and not negative.
    Weight,
}

/// What was wrong with the cells of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// The first kinds of wrong value, in the order they were seen.
    pub found: Vec<Finding>,
    /// How many more rows had yet other wrong values.
    pub further_rows: u64,
}

/// A wrong value.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// In what way it is wrong.
    pub what: What,
    /// The value as it stands in the data.
    pub value: String,
    /// In how many rows.
    pub rows: u64,
    /// Line or row where it was first seen.
    pub first: u64,
}

/// In what way a value is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// No listed code.
    Unlisted,
    /// Not a number where one is needed.
    NotANumber,
    /// A negative or infinite weight.
    BadWeight,
    /// No weight.
    NoWeight,
}

/// Collects the cells of requested columns into batches.
pub struct Intake<F> {
    requests: Vec<Request>,
    findings: Vec<Findings>,
    keys: Vec<HashMap<String, u32>>,
    batch: Batch,
    rows_in_batch: usize,
    sink: F,
}

impl<F: FnMut(Batch)> Intake<F> {
    /// Batches of `rows_in_batch` rows go to `sink`.
    pub fn new(requests: Vec<Request>, rows_in_batch: usize, sink: F) -> Self {
        let batch = Batch { rows: 0, columns: requests.iter().map(|request| empty(&request.form)).collect() };
        let findings = vec![Findings::default(); requests.len()];
        let keys = vec![HashMap::new(); requests.len()];
        Self { requests, findings, keys, batch, rows_in_batch, sink }
    }

    /// Hands over the last rows; returns what was wrong and the distinct keys, for each request.
    pub fn finish(mut self) -> (Vec<Findings>, Vec<Vec<String>>) {
        if self.batch.rows > 0 {
            self.flush();
        }
        let names = self.keys.into_iter().map(|keys| {
            let mut names: Vec<(String, u32)> = keys.into_iter().collect();
            names.sort_by_key(|(_, key)| *key);
            names.into_iter().map(|(name, _)| name).collect()
        });
        (self.findings, names.collect())
    }

    fn flush(&mut self) {
        let fresh = Batch { rows: 0, columns: self.requests.iter().map(|request| empty(&request.form)).collect() };
        (self.sink)(std::mem::replace(&mut self.batch, fresh));
    }

    fn store_code(&mut self, column: usize, code: u8, value: impl FnOnce() -> String, position: u64) {
        if let Form::Codes(coder) = &self.requests[column].form
            && code == OTHER
            && coder.unlisted() == Unlisted::Reported
        {
            self.findings[column].add(What::Unlisted, value(), position);
        }
        if let Column::Codes(codes) = &mut self.batch.columns[column] {
            codes.push(code);
        }
    }

    fn store_number(&mut self, column: usize, value: f64, position: u64) {
        let mut stored = value;
        if let Form::Numbers(rule) = &self.requests[column].form {
            match rule {
                NumberRule::Any { missing } if missing.contains(&value) => stored = f64::NAN,
                NumberRule::Weight if value.is_nan() => {
                    self.findings[column].add(What::NoWeight, String::new(), position);
                }
                NumberRule::Weight if value < 0.0 || value.is_infinite() => {
                    self.findings[column].add(What::BadWeight, value.to_string(), position);
                }
                _ => {}
            }
        }
        if let Column::Numbers(numbers) = &mut self.batch.columns[column] {
            numbers.push(stored);
        }
    }

    fn store_key(&mut self, column: usize, value: &str) {
        let keys = &mut self.keys[column];
        let next = keys.len() as u32;
        let key = keys.get(value).copied().unwrap_or_else(|| {
            keys.insert(value.to_owned(), next);
            next
        });
        if let Column::Keys(column) = &mut self.batch.columns[column] {
            column.push(key);
        }
    }
}

impl<F: FnMut(Batch)> Cells for Intake<F> {
    fn wanted(&self) -> Vec<String> {
        self.requests.iter().map(|request| request.column.clone()).collect()
    }

    fn text(&mut self, column: usize, value: &str, position: u64) {
        let value = value.trim();
        match &self.requests[column].form {
            Form::Codes(coder) => {
                let code = coder.code_of_text(value);
                self.store_code(column, code, || value.to_owned(), position);
            }
            Form::Numbers(_) if value.is_empty() => self.store_number(column, f64::NAN, position),
            Form::Numbers(_) => match value.parse::<f64>() {
                Ok(number) if !number.is_nan() => self.store_number(column, number, position),
                _ => {
                    self.findings[column].add(What::NotANumber, value.to_owned(), position);
                    if let Column::Numbers(numbers) = &mut self.batch.columns[column] {
                        numbers.push(f64::NAN);
                    }
                }
            },
            Form::Keys => self.store_key(column, value),
        }
    }

    fn number(&mut self, column: usize, value: Option<f64>, position: u64) {
        match &self.requests[column].form {
            Form::Codes(coder) => {
                let code = value.map_or(BLANK, |value| coder.code_of_number(value));
                self.store_code(column, code, || value.unwrap_or(f64::NAN).to_string(), position);
            }
            Form::Numbers(_) => self.store_number(column, value.unwrap_or(f64::NAN), position),
            Form::Keys => self.store_key(column, &value.map(|value| value.to_string()).unwrap_or_default()),
        }
    }

    fn end_of_rows(&mut self, rows: usize) {
        self.batch.rows += rows;
        if self.batch.rows >= self.rows_in_batch {
            self.flush();
        }
    }
}

impl Findings {
    /// Different wrong values of a column that are told apart.
    const KEPT: usize = 10;

    fn add(&mut self, what: What, value: String, position: u64) {
        if let Some(finding) = self.found.iter_mut().find(|finding| finding.what == what && finding.value == value) {
            finding.rows += 1;
        } else if self.found.len() < Self::KEPT {
            self.found.push(Finding { what, value, rows: 1, first: position });
        } else {
            self.further_rows += 1;
        }
    }
}

fn empty(form: &Form) -> Column {
    match form {
        Form::Codes(_) => Column::Codes(Vec::new()),
        Form::Numbers(_) => Column::Numbers(Vec::new()),
        Form::Keys => Column::Keys(Vec::new()),
    }
}
