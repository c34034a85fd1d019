//! A sheet in memory: the cells that hold something, row by row.

use std::fmt;

use calamine::DataRef;

use super::cell::{Cell, Texts};

/// A sheet.
#[derive(Default)]
pub struct Sheet {
    pub name: String,
    /// The names of the others that can be seen.
    pub others: Vec<String>,
    pub texts: Texts,
    /// Rows that hold something: the number of each, from 1, and where its cells end.
    pub rows: Vec<(u32, usize)>,
    /// Cells that hold something, by row and column.
    cells: Vec<(u32, Cell)>,
    pub width: usize,
    /// Rectangles of cells that were made one.
    pub merged: Vec<Merged>,
}

/// A rectangle of cells that were made one: rows and columns from 0, the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

/// A sheet that is being read.
#[derive(Default)]
pub struct Filling {
    sheet: Sheet,
    found: Vec<(u32, u32, Cell)>,
}

/// Why a cell is not taken.
#[derive(Debug)]
pub enum Refused {
    /// More cells hold something than are read.
    TooMany,
    /// It lies beyond the last column that a workbook can have.
    Beyond,
}

impl Filling {
    /// Cells of a sheet that hold something: 40 million, a gigabyte in memory.
    pub const MOST: usize = 40_000_000;
    /// Columns of a workbook.
    const COLUMNS: u32 = 16_384;

    /// Takes a cell; rows and columns are counted from 0.
    pub fn take(&mut self, (row, column): (u32, u32), value: &DataRef<'_>, is_formula: bool) -> Result<(), Refused> {
        let cell = match self.sheet.texts.cell(value) {
            None if is_formula && *value == DataRef::Empty => Some(Cell::Uncomputed),
            cell => cell,
        };
        self.found.extend(cell.map(|cell| (row, column, cell)));
        match self.found.len() {
            _ if column >= Self::COLUMNS => Err(Refused::Beyond),
            cells if cells > Self::MOST => Err(Refused::TooMany),
            _ => Ok(()),
        }
    }

    /// The sheet.
    pub fn finish(mut self) -> Sheet {
        let position = |(row, column, _): &(u32, u32, Cell)| (*row, *column);
        if !self.found.is_sorted_by_key(position) {
            self.found.sort_by_key(position);
        }
        self.found.dedup_by_key(|cell| position(cell));
        let sheet = &mut self.sheet;
        sheet.texts.finish();
        for (row, column, cell) in self.found {
            sheet.width = sheet.width.max(column as usize + 1);
            sheet.cells.push((column, cell));
            match sheet.rows.last_mut() {
                Some((number, end)) if *number == row.saturating_add(1) => *end = sheet.cells.len(),
                _ => sheet.rows.push((row.saturating_add(1), sheet.cells.len())),
            }
        }
        self.sheet
    }
}

impl Sheet {
    /// The cells of a row that hold something, with their columns.
    pub fn row(&self, index: usize) -> &[(u32, Cell)] {
        let start = index.checked_sub(1).map_or(0, |before| self.rows[before].1);
        &self.cells[start..self.rows[index].1]
    }

    /// A row as text.
    pub fn texts_of_row(&self, index: usize) -> Vec<String> {
        let mut texts = vec![String::new(); self.width];
        for (column, cell) in self.row(index) {
            texts[*column as usize] = match cell {
                Cell::Number(number) => number.to_string(),
                Cell::Text(key) | Cell::Error(key) => self.texts.of(*key).to_owned(),
                Cell::Uncomputed => String::new(),
            };
        }
        texts
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sheet {}: {} rows, {} columns", self.name, self.rows.len(), self.width)
    }
}
