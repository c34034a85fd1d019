//! The cells of one column of a block, numbers and texts mixed, as files of statistics programs hold them: `1`, `2`, `.a`.

use crate::responses::Cells;

/// The cells of a column, in the order of the rows.
#[derive(Default)]
pub(super) struct Strip {
    /// A number for each row; NaN where there is none, or a text.
    numbers: Vec<f64>,
    text: String,
    /// The rows that hold texts, and where in `text` each ends.
    texts: Vec<(usize, usize)>,
}

impl Strip {
    /// Adds a number, NaN for a blank cell.
    pub fn number(&mut self, number: f64) {
        self.numbers.push(number);
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.texts.push((self.numbers.len(), self.text.len()));
        self.numbers.push(f64::NAN);
    }

    /// Hands everything over, and is empty again; the first row is at `first`.
    pub fn hand_over(&mut self, first: u64, cells: &mut dyn Cells) {
        let (mut row, mut start) = (0, 0);
        for (at, end) in &self.texts {
            if *at > row {
                cells.numbers(&self.numbers[row..*at], first + row as u64);
            }
            cells.text(&self.text[start..*end], first + *at as u64);
            (row, start) = (at + 1, *end);
        }
        if self.numbers.len() > row {
            cells.numbers(&self.numbers[row..], first + row as u64);
        }
        self.numbers.clear();
        self.text.clear();
        self.texts.clear();
    }
}
