//! What is wrong with some rows of a text: the first of each kind and how many.
//!
//! # Rows that end early
//!
//! Excel and some platforms leave out empty cells at the end of a row. But a row looks the same of which a part stands
//! in the next line, because a line break within an answer was not put in quotes; the other part would then be read
//! as a respondent with answers to other questions. Nobody can tell the two apart from one row, so rows that end early
//! are an error, unless the study file says that their missing cells are blank: `[data] short_rows = "blank"`.
//!
//! `topline init` writes that line where the rows look left out rather than torn. Torn rows come in pairs, which
//! together have the cells of one row and one more, and an answer at the end of a row tears off a row of one
//! cell. If at least half of the short rows are of that kind, init does not guess.

use std::path::Path;

use super::encoding::{Encoding, name};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, counted};

/// What becomes of rows that end early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShortRows {
    /// They are an error.
    #[default]
    Refused,
    /// Their missing cells are blank.
    Blank,
    /// Their missing cells are blank if they look left out, and they are an error if they look torn.
    Judged,
}

impl ShortRows {
    /// Whether these rows are an error.
    fn refuses(self, short: Short) -> bool {
        match self {
            Self::Refused => true,
            Self::Blank => false,
            Self::Judged => short.look_torn(),
        }
    }
}

/// Rows that end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// The first line.
    pub line: u64,
    /// Its cells.
    pub cells: usize,
    /// How many there are.
    pub rows: u64,
    /// How many look like parts of a row that was torn.
    pub torn: u64,
}

/// What is wrong with some rows.
#[derive(Debug, Default, PartialEq)]
pub struct Problems {
    pub short: Option<Short>,
    /// Line and cells of a record with too many of them, and how many such there are.
    pub long: Option<(u64, usize, u64)>,
    /// Line and column of a cell that is no text, and how many there are.
    broken: Option<(u64, usize, u64)>,
    /// The last short row of a piece: how many rows there were before it, and its cells.
    last: Option<(usize, usize)>,
}

impl Short {
    /// Whether these rows look torn rather than left out.
    #[must_use]
    pub fn look_torn(&self) -> bool {
        self.torn * 2 >= self.rows
    }
}

impl Problems {
    /// Notes a row that ends early; `before` is how many rows of the piece came before it.
    pub fn add_short(&mut self, before: usize, line: u64, cells: usize, width: usize) {
        let short = self.short.get_or_insert(Short { line, cells, rows: 0, torn: 0 });
        short.rows += 1;
        let beside = self.last.filter(|(last, _)| last + 1 == before).map(|(_, cells)| cells);
        if beside.is_some_and(|beside| beside + cells == width + 1) {
            short.torn += 2;
            self.last = None;
        } else {
            short.torn += u64::from(cells == 1 && beside.is_none());
            self.last = Some((before, cells));
        }
    }

    pub fn add_long(&mut self, line: u64, cells: usize) {
        self.long.get_or_insert((line, cells, 0)).2 += 1;
    }

    pub fn add_broken(&mut self, line: u64, column: usize) {
        let (first, at, count) = self.broken.get_or_insert((line, column, 0));
        (*first, *at) = (*first, *at).min((line, column));
        *count += 1;
    }

    /// Adds those of a later piece.
    pub fn append(&mut self, later: &Self) {
        if let Some(later) = later.short {
            let short = self.short.get_or_insert(Short { rows: 0, torn: 0, ..later });
            short.rows += later.rows;
            short.torn += later.torn;
        }
        if let Some((line, cells, count)) = later.long {
            self.long.get_or_insert((line, cells, 0)).2 += count;
        }
        if let Some((line, column, count)) = later.broken {
            self.broken.get_or_insert((line, column, 0)).2 += count;
        }
    }

    /// The complaints about a text of so many columns.
    pub fn complaints(&self, path: &Path, width: usize, short_rows: ShortRows, encoding: Encoding) -> Diagnostics {
        let place = || Place::File(path.display().to_string());
        let mut problems = Diagnostics::default();
        if let Some(short) = self.short.filter(|short| short_rows.refuses(*short)) {
            problems.push(ended_early(place(), short, width));
        }
        if let Some((line, cells, rows)) = self.long {
            let message = match rows {
                1 => format!("line {line} has {cells} cells, expected {width}"),
                rows => format!("{rows} rows have more than {width} cells; the first is line {line} with {cells}"),
            };
            let hint = "a cell that holds the separator or a line break must stand in double quotes";
            problems.push(Diagnostic::error("ragged-row", place(), message).hint(hint));
        }
        if let Some((line, column, cells)) = self.broken {
            problems.push(no_text(place(), (line, column), cells, encoding));
        }
        problems
    }
}

/// The complaint about rows that end early.
fn ended_early(place: Place, short: Short, width: usize) -> Diagnostic {
    let Short { line, cells, rows, .. } = short;
    let message = match rows {
        1 => format!("line {line} has {}, expected {width}", counted(cells, "cell")),
        rows => format!("{rows} rows have fewer than {width} cells; the first is line {line} with {cells}"),
    };
    let hint = "a cell that holds a line break must stand in double quotes; if empty cells at the end of a row were left out, \
                say so: short_rows = \"blank\" in [data], or init --short-rows blank";
    Diagnostic::error("ragged-row", place, message).hint(hint)
}

/// The complaint about cells that are no text.
pub fn no_text(place: Place, (line, column): (u64, usize), cells: u64, encoding: Encoding) -> Diagnostic {
    let (encoding, cell) = (name(encoding), column + 1);
    let message = match cells {
        1 => format!("cell {cell} of line {line} is not text in {encoding}"),
        cells => format!("{cells} cells are not text in {encoding}; the first is cell {cell} of line {line}"),
    };
    let hint = match encoding.as_str() {
        "utf-8" => {
            "if all of the file is in another encoding, say which: encoding = \"windows-1252\" in [data], or init --encoding; if \
             it was put together of two, mend these cells in an editor"
        }
        _ => "if the file is in another encoding, say which: encoding = \"...\" in [data], or init --encoding",
    };
    Diagnostic::error("not-text", place, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::Problems;

    fn look_torn(lengths: &[usize]) -> bool {
        let mut problems = Problems::default();
        for (before, cells) in lengths.iter().enumerate().filter(|(_, cells)| **cells < 5) {
            problems.add_short(before, before as u64 + 2, *cells, 5);
        }
        problems.short.expect("short rows").look_torn()
    }

    #[test]
    fn torn_rows_come_in_pairs() {
        assert!(look_torn(&[5, 5, 2, 4, 5]), "a line break in the second cell");
        assert!(look_torn(&[5, 1, 5, 3, 3]), "one in the last cell, and one in the third");
        assert!(!look_torn(&[5, 3, 5, 5, 4]), "rows whose last cells are empty");
        assert!(!look_torn(&[2, 3, 5, 4, 2, 2, 3, 1, 5, 4]), "many such rows");
    }
}
