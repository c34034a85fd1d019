//! A first look at columns: which values there are, and how often.

use std::collections::HashMap;

use super::Cells;
use crate::study::finite;

/// What a column holds.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The column.
    pub column: String,
    /// Distinct values with their counts, in the order they were first seen; only the first [`Profile::MOST`].
    pub values: Vec<(String, u64)>,
    /// Rows with a value.
    pub filled: u64,
    /// Rows without one.
    pub blank: u64,
    /// Rows whose value is a number.
    pub numbers: u64,
    /// Rows whose value would be a number with a point instead of its comma.
    pub commas: u64,
    /// Smallest and largest number.
    pub range: Option<(f64, f64)>,
    /// Whether there are more distinct values than are kept.
    pub many: bool,
    /// Whether there are more distinct numbers that are no answers than are kept.
    pub many_missing: bool,
    /// From where to where numbers are no answers: these are kept however many others there are, and so are `.a` to `.z`.
    missing: Vec<(f64, f64)>,
    /// How many are kept for that.
    kept: usize,
    index: HashMap<String, usize>,
    range_of_commas: Option<(f64, f64)>,
}

impl Profile {
    /// How many distinct values are kept.
    pub const MOST: usize = 250;

    /// The profile of a column that has not been looked at.
    #[must_use]
    pub fn new(column: &str) -> Self {
        Self { column: column.to_owned(), ..Self::default() }
    }

    /// The same column, in which numbers from the first to the second are no answers.
    #[must_use]
    pub fn without_answers_within(mut self, ranges: &[(f64, f64)]) -> Self {
        self.missing = ranges.to_vec();
        self
    }

    /// The profile of a column that holds these values.
    #[cfg(test)]
    #[must_use]
    pub fn of(column: &str, values: &[&str]) -> Self {
        let mut profile = Self::new(column);
        for value in values {
            profile.text(value, 1);
        }
        profile
    }

    /// Whether every value is a number.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        self.filled > 0 && self.numbers == self.filled
    }

    /// The same column for a reader to whom a point is no part of a number.
    #[must_use]
    pub fn without_points(&self) -> Self {
        let has_point = |value: &str| value.contains('.') && value.parse::<f64>().is_ok();
        let points: u64 = self.values.iter().filter(|(value, _)| has_point(value)).map(|(_, count)| count).sum();
        Self { numbers: self.numbers - points, ..self.clone() }
    }

    /// The same column for a reader to whom `1,5` is a number, and `1.5` none.
    #[must_use]
    pub fn with_decimal_comma(&self) -> Self {
        let mut profile = Self::new(&self.column);
        let point = |value: &str| comma_number(value).map(|_| value.replacen(',', ".", 1));
        profile.values =
            self.values.iter().map(|(value, count)| (point(value).unwrap_or_else(|| value.clone()), *count)).collect();
        profile.range = [self.range, self.range_of_commas].into_iter().flatten().reduce(union);
        Self {
            filled: self.filled,
            blank: self.blank,
            numbers: self.without_points().numbers + self.commas,
            many: self.many,
            ..profile
        }
    }

    /// The same column without the rows of some values, as far as distinct values are kept.
    #[must_use]
    pub fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut profile = Self { blank: self.blank, many: self.many, ..Self::new(&self.column) };
        for (value, rows) in &self.values {
            if is_left_out(value) {
                profile.blank += rows;
            } else {
                profile.add(value, finite(value), *rows);
            }
        }
        profile
    }

    fn add(&mut self, value: &str, number: Option<f64>, rows: u64) {
        self.filled += rows;
        if let Some(number) = number {
            self.numbers += rows;
            self.range = [self.range, Some((number, number))].into_iter().flatten().reduce(union);
        } else if let Some(number) = comma_number(value) {
            self.commas += rows;
            self.range_of_commas = [self.range_of_commas, Some((number, number))].into_iter().flatten().reduce(union);
        }
        if let Some(index) = self.index.get(value) {
            self.values[*index].1 += rows;
        } else if self.values.len() < Self::MOST {
            self.index.insert(value.to_owned(), self.values.len());
            self.values.push((value.to_owned(), rows));
        } else if !self.is_missing(value, number) {
            self.many = true;
        } else if self.kept < Self::MOST {
            self.kept += 1;
            self.index.insert(value.to_owned(), self.values.len());
            self.values.push((value.to_owned(), rows));
        } else {
            self.many_missing = true;
        }
    }

    fn is_missing(&self, value: &str, number: Option<f64>) -> bool {
        let within = |number: f64| self.missing.iter().any(|(low, high)| (*low..=*high).contains(&number));
        number.map_or_else(|| is_special_missing(value), within)
    }
}

/// Whether a cell holds a missing value of Stata or SAS that says why: `.a` to `.z`, in SAS also `._`.
#[must_use]
pub fn is_special_missing(value: &str) -> bool {
    matches!(value.as_bytes(), [b'.', letter] if letter.is_ascii_alphabetic() || *letter == b'_')
}

fn union((low, high): (f64, f64), (other_low, other_high): (f64, f64)) -> (f64, f64) {
    (low.min(other_low), high.max(other_high))
}

fn comma_number(value: &str) -> Option<f64> {
    let number = || finite(&value.replacen(',', ".", 1));
    if value.contains(',') { number() } else { None }
}

impl Cells for Profile {
    fn text(&mut self, value: &str, _: u64) {
        let value = value.trim();
        if value.is_empty() {
            self.blank += 1;
        } else {
            self.add(value, finite(value), 1);
        }
    }

    fn numbers(&mut self, values: &[f64], _: u64) {
        for number in values {
            if number.is_nan() {
                self.blank += 1;
            } else {
                self.add(&number.to_string(), Some(*number), 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;
    use crate::responses::Cells;

    #[test]
    fn what_is_no_answer_is_kept_among_many_numbers() {
        let mut profile = Profile::new("x").without_answers_within(&[(9990.0, f64::INFINITY)]);
        profile.numbers(&(0..1000).map(f64::from).collect::<Vec<f64>>(), 1);
        profile.numbers(&[9998.0, 9998.0, 5000.0], 1001);
        profile.text(".b", 1004);
        let has = |value: &str| profile.values.iter().any(|(known, _)| known == value);
        assert!(profile.many && !profile.many_missing && has("9998") && has(".b") && !has("5000"));
        profile.numbers(&(10_000..11_000).map(f64::from).collect::<Vec<f64>>(), 1005);
        assert!(profile.many_missing);
    }
}
