//! Collects the cells of a column and counts what does not fit.

use std::{collections::HashMap, ops::RangeInclusive};

use foldhash::fast::FixedState;

use super::{Batch, Cells, Coder, Column, OTHER, Unlisted, coder::trimmed, one_by_one};

/// A column that is wanted, and as what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The column's name in the data.
    pub column: String,
    /// What its cells become.
    pub form: Form,
    /// Whether numbers in text are written `1,5`; then a point is no part of a number.
    pub decimal_comma: bool,
}

/// What the cells of a column become.
#[derive(Clone, Debug)]
pub enum Form {
    /// Codes.
    Codes(Coder),
    /// Numbers.
    Numbers(NumberRule),
    /// Running numbers of distinct values.
    Keys,
}

/// Which numbers are in order.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberRule {
    /// Any number, or none. What stands for none becomes NaN.
    Any {
        /// Numbers that stand for none.
        missing: Vec<f64>,
        /// Words that stand for none.
        words: Vec<String>,
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
    /// A weight that is negative, infinite, or beyond what can be squared.
    BadWeight,
    /// No weight.
    NoWeight,
    /// No stratum or primary sampling unit.
    NoKey,
}

/// Collects the cells of a requested column.
pub struct Intake {
    request: Request,
    column: Column,
    findings: Findings,
    keys: Keys,
}

/// The distinct values of a column of keys, by text and by the bits of a number.
#[derive(Default)]
struct Keys {
    names: Vec<String>,
    by_text: HashMap<String, u32, FixedState>,
    by_number: HashMap<u64, u32, FixedState>,
}

/// The rows collected since the last batch.
pub fn take_batch(intakes: &mut [Intake], rows: usize) -> Batch {
    let take = |intake: &mut Intake| {
        let fresh = empty(&intake.request.form, rows);
        std::mem::replace(&mut intake.column, fresh)
    };
    Batch { rows, columns: intakes.iter_mut().map(take).collect() }
}

impl Intake {
    /// An intake that has seen nothing.
    #[must_use]
    pub fn new(request: &Request) -> Self {
        let column = empty(&request.form, 0);
        Self { request: request.clone(), column, findings: Findings::default(), keys: Keys::default() }
    }

    /// What was wrong, and the distinct values of a column of keys.
    #[must_use]
    pub fn finish(self) -> (Findings, Vec<String>) {
        (self.findings, self.keys.names)
    }
}

impl Cells for Intake {
    fn text(&mut self, value: &str, position: u64) {
        let value = trimmed(value);
        match (&self.request.form, &mut self.column) {
            (Form::Codes(coder), Column::Codes(codes)) => {
                let code = coder.code_of_text(value);
                if code == OTHER && coder.unlisted() == Unlisted::Reported {
                    self.findings.add(What::Unlisted, value, position);
                }
                codes.push(code);
            }
            (Form::Numbers(rule), Column::Numbers(numbers)) => {
                let parsed = match value {
                    "" => Ok(f64::NAN),
                    // 1.500 would be one and a half to one reader and fifteen hundred to the other.
                    _ if self.request.decimal_comma && value.contains('.') => "".parse::<f64>(),
                    _ if self.request.decimal_comma => value.replacen(',', ".", 1).parse::<f64>(),
                    _ => value.parse::<f64>(),
                };
                match parsed {
                    Ok(number) if value.is_empty() || number.is_finite() => {
                        numbers.push(rule.check(number, position, &mut self.findings));
                    }
                    _ if rule.is_missing_word(value) => numbers.push(f64::NAN),
                    _ => {
                        self.findings.add(What::NotANumber, value, position);
                        numbers.push(f64::NAN);
                    }
                }
            }
            (Form::Keys, Column::Keys(keys)) => {
                if value.is_empty() {
                    self.findings.add(What::NoKey, "", position);
                }
                keys.push(self.keys.of_text(value));
            }
            _ => {}
        }
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        match (&self.request.form, &mut self.column) {
            (Form::Codes(coder), Column::Codes(codes)) => {
                let start = codes.len();
                codes.extend(values.iter().map(|value| coder.code_of_number(*value)));
                if coder.unlisted() == Unlisted::Reported {
                    self.findings.add_unlisted(&codes[start..], first, |row| values[row].to_string());
                }
            }
            (Form::Numbers(rule), Column::Numbers(numbers)) => {
                let positions = first..;
                let checked =
                    values.iter().zip(positions).map(|(v, position)| rule.check(*v, position, &mut self.findings));
                numbers.extend(checked);
            }
            (Form::Keys, Column::Keys(keys)) => {
                for row in (0..values.len()).filter(|row| values[*row].is_nan()) {
                    self.findings.add(What::NoKey, "", first + row as u64);
                }
                keys.extend(values.iter().map(|value| self.keys.of_number(*value)));
            }
            _ => {}
        }
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        match (&self.request.form, &mut self.column) {
            (Form::Codes(coder), Column::Codes(codes)) => {
                let code_of: Vec<u8> = texts.iter().map(|text| coder.code_of_text(text)).collect();
                let start = codes.len();
                codes.extend(keys.iter().map(|key| code_of[*key as usize]));
                if coder.unlisted() == Unlisted::Reported && code_of.contains(&OTHER) {
                    self.findings
                        .add_unlisted(&codes[start..], first, |row| texts[keys[row] as usize].trim().to_owned());
                }
            }
            (Form::Keys, Column::Keys(column)) => {
                for row in (0..keys.len()).filter(|row| texts[keys[*row] as usize].trim().is_empty()) {
                    self.findings.add(What::NoKey, "", first + row as u64);
                }
                // Keys are numbered in the order of the rows, which need not be the order of the texts.
                let mut key_of = vec![None; texts.len()];
                column.extend(keys.iter().map(|key| {
                    let key = *key as usize;
                    *key_of[key].get_or_insert_with(|| self.keys.of_text(texts[key].trim()))
                }));
            }
            _ => one_by_one(self, texts, keys, first),
        }
    }
}

impl NumberRule {
    /// Weights beside 0. Their squares are summed: 1e-200 would vanish and 1e200 be infinite.
    const WEIGHTS: RangeInclusive<f64> = 1e-100..=1e100;

    /// Any number; these codes of a study file stand for none.
    #[must_use]
    pub fn any(missing: &[String]) -> Self {
        let (numbers, words) = missing.iter().partition::<Vec<&String>, _>(|code| code.parse::<f64>().is_ok());
        Self::Any {
            missing: numbers.into_iter().filter_map(|code| code.parse().ok()).collect(),
            words: words.into_iter().cloned().collect(),
        }
    }

    fn is_missing_word(&self, value: &str) -> bool {
        matches!(self, Self::Any { words, .. } if words.iter().any(|word| word == value))
    }

    /// The number as it is stored; a bad weight is noted.
    fn check(&self, value: f64, position: u64, findings: &mut Findings) -> f64 {
        match self {
            Self::Any { missing, .. } if missing.contains(&value) => return f64::NAN,
            Self::Weight if value.is_nan() => findings.add(What::NoWeight, "", position),
            Self::Weight if value != 0.0 && !Self::WEIGHTS.contains(&value) => {
                let typed = if (1e-9..1e15).contains(&value.abs()) { value.to_string() } else { format!("{value:e}") };
                findings.add(What::BadWeight, &typed, position);
            }
            Self::Any { .. } if value.is_infinite() => findings.add(What::NotANumber, &value.to_string(), position),
            _ => {}
        }
        value
    }
}

impl Keys {
    fn of_text(&mut self, value: &str) -> u32 {
        if let Some(key) = self.by_text.get(value) {
            return *key;
        }
        let key = self.names.len() as u32;
        self.names.push(value.to_owned());
        self.by_text.insert(value.to_owned(), key);
        key
    }

    /// A number is the same key as its text.
    fn of_number(&mut self, value: f64) -> u32 {
        if let Some(key) = self.by_number.get(&value.to_bits()) {
            return *key;
        }
        let key = if value.is_nan() { self.of_text("") } else { self.of_text(&value.to_string()) };
        self.by_number.insert(value.to_bits(), key);
        key
    }
}

impl Findings {
    /// Different wrong values of a column that are told apart.
    const KEPT: usize = 10;

    fn add(&mut self, what: What, value: &str, position: u64) {
        if let Some(finding) = self.found.iter_mut().find(|finding| finding.what == what && finding.value == value) {
            finding.rows += 1;
        } else if self.found.len() < Self::KEPT {
            self.found.push(Finding { what, value: value.to_owned(), rows: 1, first: position });
        } else {
            self.further_rows += 1;
        }
    }

    fn add_unlisted(&mut self, codes: &[u8], first: u64, value: impl Fn(usize) -> String) {
        for row in (0..codes.len()).filter(|row| codes[*row] == OTHER) {
            self.add(What::Unlisted, &value(row), first + row as u64);
        }
    }
}

fn empty(form: &Form, rows: usize) -> Column {
    match form {
        Form::Codes(_) => Column::Codes(Vec::with_capacity(rows)),
        Form::Numbers(_) => Column::Numbers(Vec::with_capacity(rows)),
        Form::Keys => Column::Keys(Vec::with_capacity(rows)),
    }
}
