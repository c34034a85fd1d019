//! What a column holds, as far as a format needs to know before it is written.

use crate::responses::{Cells, Profile};

/// A column that is looked at.
pub(super) struct Shape {
    pub profile: Profile,
    /// The longest cell, in letters and in bytes.
    pub letters: usize,
    pub bytes: usize,
    /// Cells that are numbers, but not as numbers are written: `007`, `1e3`.
    pub odd_numbers: u64,
    /// Digits after the point.
    pub decimals: usize,
    /// Cells that hold a line break.
    pub breaks: u64,
}

impl Shape {
    pub fn new(column: &str) -> Self {
        let profile = Profile::new(column);
        Self { profile, letters: 0, bytes: 0, odd_numbers: 0, decimals: 0, breaks: 0 }
    }

    /// Whether all cells are numbers, or none holds anything.
    pub fn is_numeric(&self) -> bool {
        self.profile.numbers == self.profile.filled
    }

    /// Whether all cells are numbers as numbers are written, so that nothing is lost where they are stored as such.
    pub fn is_plainly_numeric(&self) -> bool {
        self.is_numeric() && self.odd_numbers == 0
    }

    fn look(&mut self, value: &str) {
        let value = value.trim();
        self.letters = self.letters.max(value.chars().count());
        self.bytes = self.bytes.max(value.len());
        self.breaks += u64::from(value.contains(['\n', '\r']));
        if value.parse::<f64>().is_ok() {
            let digits = value.trim_start_matches('-');
            let has_zeros = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
            let is_odd = has_zeros || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            // Whole numbers beyond these have no number of their own.
            self.odd_numbers += u64::from(is_odd || digits.len() > LONGEST_NUMBER);
            let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            self.decimals = self.decimals.max(decimals);
        }
    }
}

const LONGEST_NUMBER: usize = 17;

impl Cells for Shape {
    fn text(&mut self, value: &str, position: u64) {
        self.look(value);
        self.profile.text(value, position);
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        for number in values.iter().filter(|number| !number.is_nan()) {
            self.look(&number.to_string());
        }
        self.profile.numbers(values, first);
    }
}
