//! SAS: `.sas7bdat`, with the labels of a format catalogue (`.sas7bcat`) that stands beside it.
//!
//! The crate `sas7bdat` finds columns and rows; the numbers of a row are taken apart here, since the crate does not
//! tell the special missing values `.A` to `.Z` and `._` from `.`, which alone is blank. Dates and times are text, since
//! what SAS stores is days or seconds since 1960.

use std::{
    collections::HashMap,
    fs::File,
    io::{Cursor, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use encoding_rs::Encoding;
use sas7bdat::{
    Dataset, Endianness, Error, IoBackendPreference, LabelSet, LogicalType, OpenOptions, RowSelection, ValueKey,
    catalog::{normalize_format_name, parse_catalog},
};

use super::{
    Source,
    damaged::{damaged, guarded, no_rows, unreadable},
    moment,
    strip::Strip,
};
use crate::{
    codebook::{Codebook, Value, Variable},
    diagnostic::Diagnostics,
    responses::Cells,
    study::Reason,
};

/// What data sets begin with.
pub(super) const MAGIC: [u8; 32] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 0x08, 0x00, 0x09,
    0xC7, 0x31, 0x8C, 0x18, 0x1F, 0x10, 0x11,
];

/// What a file says before its rows.
pub(super) struct Dictionary {
    pub codebook: Codebook,
    pub columns: Vec<String>,
    pub rows: u64,
    path: PathBuf,
    data: Dataset,
    encoding: Option<&'static Encoding>,
}

/// How a column is stored in a row.
#[derive(Clone, Copy)]
struct Stored {
    at: usize,
    bytes: usize,
    kind: LogicalType,
    order: Endianness,
}

impl Dictionary {
    /// Reads what stands before the rows.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        guarded(path, || Self::unguarded(path))
    }

    fn unguarded(path: &Path) -> Result<Self, Diagnostics> {
        let failed = |error: Error| damaged(path, &error.to_string());
        // A file that is mapped into memory and shortened meanwhile would end the program.
        let options = OpenOptions::builder().io_backend(IoBackendPreference::Buffered).build();
        let length = path.metadata().map_err(|error| damaged(path, &error.to_string()))?.len();
        let data = Dataset::open_with(path, options).map_err(failed)?;
        let metadata = data.metadata();
        if metadata.page_count.saturating_mul(u64::from(metadata.page_size)) > length {
            return Err(damaged(path, "it ends before its last page"));
        }
        let rows = metadata.row_count.saturating_sub(metadata.deleted_row_count);
        if metadata.row_count > 0 && u64::from(metadata.row_len) > length {
            return Err(damaged(path, "its rows are longer than the file"));
        }
        let mut labels = HashMap::new();
        for catalogue in catalogues(path) {
            let sets = guarded(&catalogue, || label_sets(&catalogue))?;
            labels.extend(sets.into_iter().map(|set| (normalize_format_name(&set.name), set)));
        }
        let encoding = metadata.encoding.as_deref().and_then(|name| Encoding::for_label(name.as_bytes()));
        let title = metadata.file_label.as_deref().map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
        let variables = data.columns().iter().map(|column| {
            let variable = Variable::new(&column.name).labelled(column.label.as_deref().unwrap_or_default());
            let format = normalize_format_name(column.format.as_deref().unwrap_or_default());
            let labels =
                labels.get(&format).or_else(|| labels.get(&format!("${format}"))).filter(|_| !format.is_empty());
            Variable {
                values: labels.map(|labels| values(labels, column.logical_type)).unwrap_or_default(),
                ..variable
            }
        });
        Ok(Self {
            codebook: Codebook { title, variables: variables.collect(), ..Codebook::default() },
            columns: data.columns().iter().map(|column| column.name.clone()).collect(),
            rows,
            path: path.to_owned(),
            encoding,
            data,
        })
    }

    /// A reading of these columns from the first row.
    pub fn open(self, indices: &[usize]) -> Result<Box<dyn Source>, Diagnostics> {
        let Self { path, data, encoding, rows, .. } = self;
        let order = data.metadata().endianness;
        let stored = |index: &usize| {
            let column = &data.columns()[*index];
            let (at, bytes) = (column.offset as usize, column.physical_width as usize);
            Stored { at, bytes, kind: column.logical_type, order }
        };
        let stored = indices.iter().map(stored).collect();
        // Only a scan that reaches the end makes the crate keep where the rows of each page begin.
        let end = data.metadata().row_count;
        guarded(&path, || {
            let scanned = data
                .scan()
                .select(RowSelection::range(end, u64::MAX))
                .visit_raw_rows(|_| Ok(ControlFlow::Continue(())));
            scanned.map_err(|error| damaged(&path, &error.to_string()))
        })?;
        Ok(Box::new(Reading { path, data, stored, encoding, next: 0, read: 0, rows }))
    }
}

struct Reading {
    path: PathBuf,
    data: Dataset,
    stored: Vec<Stored>,
    /// How texts are encoded, if that is known.
    encoding: Option<&'static Encoding>,
    /// The next row of the file; some may be deleted.
    next: u64,
    read: u64,
    rows: u64,
}

impl Reading {
    /// Cells of a block.
    const CELLS: u64 = 1 << 17;

    fn block(&mut self, strips: &mut [Strip]) -> Result<usize, Diagnostics> {
        let all = self.data.metadata().row_count;
        let most = (Self::CELLS / strips.len().max(1) as u64).max(1);
        let mut rows = 0;
        while rows == 0 && self.next < all {
            let end = (self.next + most).min(all);
            let mut is_unknown = false;
            let scan = self.data.scan().select(RowSelection::range(self.next, end));
            let scanned = scan.visit_raw_rows(|row| {
                rows += 1;
                for (stored, strip) in self.stored.iter().zip(strips.iter_mut()) {
                    is_unknown |= !stored.take(row.bytes, self.encoding, strip);
                }
                Ok(ControlFlow::Continue(()))
            });
            scanned.map_err(|error| damaged(&self.path, &error.to_string()))?;
            if is_unknown {
                return Err(self.unknown_encoding());
            }
            self.next = end;
        }
        Ok(rows)
    }

    fn unknown_encoding(&self) -> Diagnostics {
        let name = self.data.metadata().encoding.as_deref().unwrap_or("an encoding that it does not name");
        let message = format!("the texts of this file are encoded in {name}, which topline does not know");
        let hint = "in SAS, copy the data set with (encoding=\"utf-8\")";
        unreadable(&self.path, message).hint(hint).into()
    }
}

impl Source for Reading {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        if self.rows == 0 {
            return Err(no_rows(&self.path));
        }
        let mut strips: Vec<Strip> = columns.iter().map(|_| Strip::default()).collect();
        let path = self.path.clone();
        let rows = guarded(&path, || self.block(&mut strips))?;
        for (strip, cells) in strips.iter_mut().zip(columns) {
            strip.hand_over(self.read + 1, *cells);
        }
        self.read += rows as u64;
        if rows == 0 && self.read != self.rows {
            return Err(damaged(&path, &format!("it says that it has {} rows, but has {}", self.rows, self.read)));
        }
        Ok(rows)
    }

    fn part_read(&self) -> f64 {
        self.read as f64 / self.rows.max(1) as f64
    }
}

impl Stored {
    /// Takes a cell from a row; `false` if it is a text in an unknown encoding.
    fn take(&self, row: &[u8], encoding: Option<&'static Encoding>, strip: &mut Strip) -> bool {
        let cell = row.get(self.at..self.at + self.bytes).unwrap_or_default();
        if self.kind.is_numeric() {
            self.take_number(cell, strip);
            return true;
        }
        let filled = cell.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
        match (std::str::from_utf8(&cell[..filled]), encoding) {
            (Ok(text), _) if text.is_ascii() => strip.text(text),
            (_, Some(encoding)) => strip.text(&encoding.decode_without_bom_handling(&cell[..filled]).0),
            _ => return false,
        }
        true
    }

    /// Takes a number, of which SAS may have stored the first bytes only.
    fn take_number(&self, cell: &[u8], strip: &mut Strip) {
        let from_greatest = |(index, byte): (usize, &u8)| u64::from(*byte) << (56 - 8 * index.min(7));
        let bits: u64 = match self.order {
            Endianness::Big => cell.iter().enumerate().map(from_greatest).sum(),
            Endianness::Little => cell.iter().rev().enumerate().map(from_greatest).sum(),
        };
        let number = f64::from_bits(bits);
        match (number.is_nan(), text(number, self.kind)) {
            (true, _) => match letter(!(bits >> 40) as u8) {
                Some(letter) => strip.text(&format!(".{letter}")),
                None => strip.number(f64::NAN),
            },
            (false, Some(text)) => strip.text(&text),
            (false, None) => strip.number(number),
        }
    }
}

/// The letter of a special missing value: as it is, or as its place in the alphabet.
fn letter(tag: u8) -> Option<char> {
    match tag {
        0 | b'_' => Some('_'),
        2..=27 => Some(char::from(b'A' + tag - 2)),
        b'A'..=b'Z' => Some(char::from(tag)),
        _ => None,
    }
}

/// The text that a number stands for, where it stands for a moment.
fn text(number: f64, kind: LogicalType) -> Option<String> {
    match kind {
        LogicalType::Date => moment::date(number - moment::FROM_1960),
        LogicalType::DateTime => moment::date_and_time(number - moment::FROM_1960 * moment::DAY),
        LogicalType::Time => moment::time(number),
        _ => None,
    }
}

fn values(labels: &LabelSet, kind: LogicalType) -> Vec<Value> {
    let answer = |number: f64, label: &str| {
        Value::answer(&text(number, kind).unwrap_or_else(|| (number + 0.0).to_string()), label)
    };
    let value = |(key, label): (&ValueKey, &str)| match key {
        ValueKey::Numeric(number) => answer(*number, label),
        ValueKey::Integer(number) => answer(f64::from(*number), label),
        ValueKey::String(text) => Value::answer(text.trim_end(), label),
        ValueKey::Tagged(letter) => Value::missing(&format!(".{letter}"), Some(label), Reason::Skipped),
    };
    labels.labels.iter().map(|label| value((&label.key, label.label.trim()))).collect()
}

/// The labels in a format catalogue.
fn label_sets(path: &Path) -> Result<Vec<LabelSet>, Diagnostics> {
    /// More labels than anybody writes.
    const LONGEST: u64 = 1 << 28;
    let failed = |error: &dyn std::fmt::Display| damaged(path, &error.to_string());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| failed(&error))?;
    file.take(LONGEST).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    // The crate knows the letters of special missing values by their place in the alphabet only.
    for at in 2..bytes.len().saturating_sub(5) {
        if bytes[at - 2..at] == [0; 2] && bytes[at + 1..at + 6] == [0xFF; 5] {
            bytes[at] = match bytes[at] {
                b'_' => 0,
                letter @ b'A'..=b'Z' => letter - b'A' + 2,
                other => other,
            };
        }
    }
    Ok(parse_catalog(&mut Cursor::new(bytes)).map_err(|error| failed(&error))?.label_sets)
}

/// Format catalogues beside a file: the one of its own name, and the one that SAS calls `formats`.
fn catalogues(path: &Path) -> Vec<PathBuf> {
    let own = path.with_extension("sas7bcat");
    let common = path.with_file_name("formats.sas7bcat");
    let mut found: Vec<PathBuf> = vec![common, own];
    found.dedup();
    found.retain(|catalogue| catalogue.is_file());
    found
}
