//! Where the columns of an SPSS file stand in its rows, and how their cells are shown.

use ambers::SpssMetadata;
use encoding_rs::Encoding;

use super::{NO_NUMBER, decoded, records::Records};
use crate::io::{moment, strip::Strip};

/// How a column is stored in a row.
#[derive(Clone)]
pub(super) enum Stored {
    Number(usize, Shown),
    /// Pieces of a text: where each begins, and its bytes.
    Text(Vec<(usize, usize)>),
}

/// How numbers are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Number,
    Date,
    Month,
    Quarter,
    Moment,
    Time,
}

impl Stored {
    pub fn take(&self, row: &[u8], encoding: &'static Encoding, text: &mut Vec<u8>, strip: &mut Strip) {
        match self {
            Self::Number(at, shown) => {
                let bytes = row[*at..].first_chunk().copied().unwrap_or_default();
                let number = f64::from_le_bytes(bytes);
                match shown.text(number) {
                    _ if number == NO_NUMBER => strip.number(f64::NAN),
                    Some(text) => strip.text(&text),
                    None => strip.number(number),
                }
            }
            Self::Text(pieces) => {
                text.clear();
                for (at, bytes) in pieces {
                    text.extend_from_slice(&row[*at..at + bytes]);
                }
                strip.text(&decoded(text, encoding));
            }
        }
    }

    /// A number as cells of this column hold it.
    pub fn code(&self, number: f64) -> String {
        let text = if let Self::Number(_, shown) = self { shown.text(number) } else { None };
        text.unwrap_or_else(|| (number + 0.0).to_string())
    }
}

impl Shown {
    /// By a format such as `DATE11`.
    fn of_format(format: &str) -> Self {
        match format.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
            "DATE" | "ADATE" | "EDATE" | "SDATE" | "JDATE" | "WKYR" => Self::Date,
            "MOYR" => Self::Month,
            "QYR" => Self::Quarter,
            "DATETIME" | "YMDHMS" => Self::Moment,
            "TIME" | "DTIME" | "MTIME" => Self::Time,
            _ => Self::Number,
        }
    }

    /// The text that a number of seconds stands for, where it stands for a moment.
    fn text(self, seconds: f64) -> Option<String> {
        let days = seconds / moment::DAY - moment::FROM_1582;
        match self {
            Self::Number => None,
            Self::Date => moment::date(days),
            Self::Month => moment::month(days),
            Self::Quarter => moment::quarter(days),
            Self::Moment => moment::date_and_time(seconds - moment::FROM_1582 * moment::DAY),
            Self::Time => moment::time(seconds),
        }
    }
}

/// Where each column stands in a row, if that fits the records of the file.
pub(super) fn stored(metadata: &SpssMetadata, records: &Records) -> Option<Vec<Stored>> {
    /// The bytes of a longer text that one record holds.
    const PIECE: usize = 255;
    /// By which the number of its records is counted.
    const COUNTED: usize = 252;
    let slots = &records.slots;
    let mut slot = 0;
    let mut stored = Vec::new();
    for name in &metadata.variable_names {
        let is_text = metadata.arrow_data_types.get(name).is_some_and(|kind| kind == "String");
        let width = *metadata.variable_storage_widths.get(name)?;
        let pieces = if is_text && width > PIECE + 1 { width.div_ceil(COUNTED) } else { 1 };
        let mut found = Vec::new();
        let mut left = width;
        for _ in 0..pieces {
            let (kind, _) = slots.get(slot)?;
            let own = usize::try_from(*kind).ok()?;
            if is_text != (own > 0) {
                return None;
            }
            let bytes = if is_text { own.min(left).min(PIECE) } else { 8 };
            found.push((slot * 8, bytes));
            left -= bytes.min(left);
            slot += own.div_ceil(8).max(1);
            let continues = slots.get(slot - own.div_ceil(8).max(1) + 1..slot)?;
            if continues.iter().any(|(kind, _)| *kind >= 0) {
                return None;
            }
        }
        let shown = || Shown::of_format(metadata.format(name).unwrap_or_default());
        stored.push(if is_text { Stored::Text(found) } else { Stored::Number(found[0].0, shown()) });
    }
    (slot == slots.len()).then_some(stored)
}
