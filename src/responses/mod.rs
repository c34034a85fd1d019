//! Responses in memory: small batches of coded columns.
//!
//! A file format hands over one cell at a time, as text or as a number, through [`Cells`]. [`Intake`] turns cells
//! into dense codes at once: known codes from the study file become `u8`, weights and numbers `f64`, strata and
//! units a running number. What does not fit is counted with the place where it was first seen, and reading goes
//! on, so that all complaints about a file come together. Only the columns that a study names are ever read.

mod coder;
mod intake;
mod profile;
mod selection;

pub use coder::{BLANK, Coder, OTHER, Unlisted};
pub use intake::{Finding, Findings, Form, Intake, NumberRule, Request, What};
pub use profile::{Profile, Profiler};
pub use selection::{Requests, Selection, Truth};

/// Receives the cells of the columns it wants: each column in the order of the rows, all columns equally far whenever
/// [`Cells::end_of_rows`] is called.
pub trait Cells {
    /// The names of the wanted columns; `column` below counts in this list.
    fn wanted(&self) -> Vec<String>;
    /// A cell that holds text; blank text is no answer. `position` is the line or row for messages.
    fn text(&mut self, column: usize, value: &str, position: u64);
    /// A cell that holds a number, or nothing.
    fn number(&mut self, column: usize, value: Option<f64>, position: u64);
    /// All wanted cells of so many rows have been handed over.
    fn end_of_rows(&mut self, rows: usize);
}

/// Some rows of the columns that were asked for, in the order they were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// How many rows.
    pub rows: usize,
    /// One column for each request.
    pub columns: Vec<Column>,
}

/// One column of a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Codes of a [`Coder`].
    Codes(Vec<u8>),
    /// Numbers; NaN is no value.
    Numbers(Vec<f64>),
    /// Running numbers of distinct values.
    Keys(Vec<u32>),
}

impl Column {
    /// The codes of a coded column; empty for any other.
    #[must_use]
    pub fn codes(&self) -> &[u8] {
        if let Self::Codes(codes) = self { codes } else { &[] }
    }

    /// The numbers of a numeric column; empty for any other.
    #[must_use]
    pub fn numbers(&self) -> &[f64] {
        if let Self::Numbers(numbers) = self { numbers } else { &[] }
    }

    /// The running numbers of a column of keys; empty for any other.
    #[must_use]
    pub fn keys(&self) -> &[u32] {
        if let Self::Keys(keys) = self { keys } else { &[] }
    }
}
