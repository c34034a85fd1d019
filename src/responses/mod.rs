//! Responses in memory: small batches of coded columns.
//!
//! A file format hands over cells column by column, as text, as keys into a few texts, or as numbers, through
//! [`Cells`]. An [`Intake`] for each column turns them into dense codes at once: known codes from the study file become
//! `u8`, weights and numbers `f64`, strata and units a running number. What does not fit is counted with the place
//! where it was first seen, and reading goes on, so that all complaints about a file come together. Only the columns
//! that a study names are ever read.

mod coder;
mod hash;
mod intake;
mod profile;
mod selection;
mod texts;

pub use coder::{BLANK, Coder, OTHER, Unlisted};
pub use hash::{hash_of_number, hash_of_row, hash_of_text};
pub use intake::{Finding, Findings, Form, Intake, NumberRule, Request, What, take_batch};
pub use profile::{Profile, is_special_missing};
pub use selection::{Requests, Selection, Truth};
pub use texts::Texts;

/// Receives the cells of one column in the order of the rows. Positions are the lines or rows that messages name.
pub trait Cells: Send {
    /// A cell that holds text; blank text is no answer.
    fn text(&mut self, value: &str, position: u64);

    /// Cells that hold numbers, NaN where there is none; the first is at `first`.
    fn numbers(&mut self, values: &[f64], first: u64);

    /// Cells that repeat a few texts, as keys into them; the first is at `first`.
    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        one_by_one(self, texts, keys, first);
    }
}

impl<C: Cells + ?Sized> Cells for &mut C {
    fn text(&mut self, value: &str, position: u64) {
        (**self).text(value, position);
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        (**self).numbers(values, first);
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        (**self).repeated(texts, keys, first);
    }
}

/// Hands over cells that repeat a few texts as if each were a text of its own.
fn one_by_one(cells: &mut (impl Cells + ?Sized), texts: &[&str], keys: &[u32], first: u64) {
    for (key, position) in keys.iter().zip(first..) {
        cells.text(texts[*key as usize], position);
    }
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
