//! Hashes by which cells are told apart: a number and its text are the same.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;

/// The hash of a text; none of a blank one.
#[must_use]
pub fn hash_of_text(text: &str) -> Option<u64> {
    let text = text.trim();
    // Parquet's long integers are text in one part of a file and numbers in another.
    match text.parse() {
        Ok(number) if is_plain(text) => hash_of_number(number),
        _ if text.is_empty() => None,
        _ => Some(FixedState::default().hash_one(text)),
    }
}

/// The hash of a number; none of NaN.
#[must_use]
pub fn hash_of_number(number: f64) -> Option<u64> {
    (!number.is_nan()).then(|| FixedState::default().hash_one(number.to_bits()))
}

/// The hash of a row that has these hashes so far and this cell next.
#[must_use]
pub fn hash_of_row(so_far: u64, cell: Option<u64>) -> u64 {
    FixedState::default().hash_one((so_far, cell))
}

/// Whether a text is how a whole number is written that a float has a place for.
fn is_plain(text: &str) -> bool {
    const EXACT: usize = 15;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_short = (1..=EXACT).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_short && (text == "0" || !digits.starts_with('0'))
}
