//! Rows of a file that are passed over wherever it is read.

use std::ops::Range;

use crate::responses::Cells;

/// Which rows of a file are passed over, a bit each, and how many for which reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    bits: Vec<u64>,
    rows: usize,
    /// How many for each reason, in the order in which reasons are applied.
    pub by_reason: Vec<u64>,
}

impl LeftOut {
    /// For so many reasons, before the first row.
    #[must_use]
    pub fn of_reasons(reasons: usize) -> Self {
        Self { by_reason: vec![0; reasons], ..Self::default() }
    }

    /// Notes the next row: the position of the reason for which it is passed over.
    pub fn push(&mut self, reason: Option<usize>) {
        if self.rows.is_multiple_of(BITS) {
            self.bits.push(0);
        }
        if let (Some(reason), Some(last)) = (reason, self.bits.last_mut()) {
            *last |= 1 << (self.rows % BITS);
            if let Some(count) = self.by_reason.get_mut(reason) {
                *count += 1;
            }
        }
        self.rows += 1;
    }

    /// How many rows are passed over.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.by_reason.iter().sum()
    }

    /// All rows that are kept, and whatever comes after the last that was noted.
    pub fn kept(&self) -> impl Iterator<Item = usize> {
        (0..).filter(|row| self.keeps(*row))
    }

    /// How many of these rows are kept.
    pub(super) fn kept_among(&self, rows: Range<usize>) -> usize {
        rows.filter(|row| self.keeps(*row)).count()
    }

    /// The stretches of rows that are kept among these.
    #[must_use]
    pub fn stretches(&self, rows: Range<usize>) -> Vec<Range<usize>> {
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for row in rows.filter(|row| self.keeps(*row)) {
            match stretches.last_mut() {
                Some(last) if last.end == row => last.end += 1,
                _ => stretches.push(row..row + 1),
            }
        }
        stretches
    }

    fn keeps(&self, row: usize) -> bool {
        self.bits.get(row / BITS).is_none_or(|bits| bits >> (row % BITS) & 1 == 0)
    }
}

const BITS: usize = u64::BITS as usize;

/// Hands on the cells of the rows that are kept.
pub(super) struct Kept<'a, C> {
    pub cells: &'a mut C,
    pub left_out: &'a LeftOut,
    /// The row of the next cell.
    pub row: usize,
}

impl<C> Kept<'_, C> {
    /// The stretches that are kept of the next so many cells, as positions among them.
    fn next(&mut self, cells: usize) -> Vec<Range<usize>> {
        let start = self.row;
        self.row += cells;
        let stretches = self.left_out.stretches(start..self.row).into_iter();
        stretches.map(|rows| rows.start - start..rows.end - start).collect()
    }
}

impl<C: Cells> Cells for Kept<'_, C> {
    fn text(&mut self, value: &str, position: u64) {
        if self.left_out.keeps(self.row) {
            self.cells.text(value, position);
        }
        self.row += 1;
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        for kept in self.next(values.len()) {
            let start = first + kept.start as u64;
            self.cells.numbers(&values[kept], start);
        }
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        for kept in self.next(keys.len()) {
            let start = first + kept.start as u64;
            self.cells.repeated(texts, &keys[kept], start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LeftOut;

    #[test]
    fn rows_are_kept_in_stretches_between_those_passed_over() {
        let mut left_out = LeftOut::of_reasons(2);
        for row in 0..200 {
            left_out.push(match row {
                0 | 64 => Some(1),
                63 | 199 => Some(0),
                _ => None,
            });
        }
        assert_eq!(left_out.by_reason, [2, 2]);
        assert_eq!(left_out.count(), 4);
        assert_eq!(left_out.stretches(0..200), [1..63, 65..199]);
        assert_eq!(left_out.stretches(60..66), [60..63, 65..66]);
        assert_eq!(left_out.kept_among(190..250), 59, "rows that were never seen are kept");
    }
}
