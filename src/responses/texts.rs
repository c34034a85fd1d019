//! Cells as text, whatever they were.

use std::fmt::Write;

use super::Cells;

/// The cells of a column, in the order of the rows; a number is written as it is, none is blank.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// The cell of a row, counted from 0.
    #[must_use]
    pub fn cell(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.cell(row))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

impl Cells for Texts {
    fn text(&mut self, value: &str, _: u64) {
        self.text.push_str(value);
        self.ends.push(self.text.len());
    }

    fn numbers(&mut self, values: &[f64], _: u64) {
        for value in values {
            if !value.is_nan() {
                // Writing into a text cannot fail.
                let _ = write!(self.text, "{value}");
            }
            self.ends.push(self.text.len());
        }
    }
}
