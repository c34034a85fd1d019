//! A first look at columns: which values there are, and how often.

use std::collections::HashMap;

use super::Cells;

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
    /// Smallest and largest number.
    pub range: Option<(f64, f64)>,
    /// Whether there are more distinct values than are kept.
    pub many: bool,
    index: HashMap<String, usize>,
}

impl Profile {
    /// How many distinct values are kept.
    pub const MOST: usize = 250;

    /// Whether every value is a number.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        self.filled > 0 && self.numbers == self.filled
    }

    fn add(&mut self, value: &str, number: Option<f64>) {
        self.filled += 1;
        if let Some(number) = number {
            self.numbers += 1;
            let (low, high) = self.range.unwrap_or((number, number));
            self.range = Some((low.min(number), high.max(number)));
        }
        if let Some(index) = self.index.get(value) {
            self.values[*index].1 += 1;
        } else if self.values.len() < Self::MOST {
            self.index.insert(value.to_owned(), self.values.len());
            self.values.push((value.to_owned(), 1));
        } else {
            self.many = true;
        }
    }
}

/// Profiles some columns of a file.
#[derive(Debug)]
pub struct Profiler {
    /// One profile for each column asked for.
    pub profiles: Vec<Profile>,
    /// Rows seen.
    pub rows: u64,
}

impl Profiler {
    /// A profiler of these columns.
    #[must_use]
    pub fn new(columns: &[String]) -> Self {
        let profile = |column: &String| Profile { column: column.clone(), ..Profile::default() };
        Self { profiles: columns.iter().map(profile).collect(), rows: 0 }
    }
}

impl Cells for Profiler {
    fn wanted(&self) -> Vec<String> {
        self.profiles.iter().map(|profile| profile.column.clone()).collect()
    }

    fn text(&mut self, column: usize, value: &str, _: u64) {
        let value = value.trim();
        let profile = &mut self.profiles[column];
        if value.is_empty() {
            profile.blank += 1;
        } else {
            profile.add(value, value.parse().ok().filter(|number: &f64| number.is_finite()));
        }
    }

    fn number(&mut self, column: usize, value: Option<f64>, _: u64) {
        let profile = &mut self.profiles[column];
        match value {
            Some(number) => profile.add(&number.to_string(), Some(number)),
            None => profile.blank += 1,
        }
    }

    fn end_of_rows(&mut self, rows: usize) {
        self.rows += rows as u64;
    }
}
