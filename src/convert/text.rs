//! The cells of a block as text, whatever they were.

use crate::responses::Cells;

/// Cells of a column.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    pub fn cell(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|row| self.cell(row))
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

impl Cells for Texts {
    fn text(&mut self, value: &str, _: u64) {
        self.text.push_str(value.trim());
        self.ends.push(self.text.len());
    }

    fn numbers(&mut self, values: &[f64], _: u64) {
        use std::fmt::Write;
        for value in values {
            if !value.is_nan() {
                // Writing into a text cannot fail.
                let _ = write!(self.text, "{value}");
            }
            self.ends.push(self.text.len());
        }
    }
}
