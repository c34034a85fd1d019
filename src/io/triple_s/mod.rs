//! Triple-S XML 1.1, 1.2 and 2.0, the interchange format of survey software: a definition, `.sss` or `.xml`, beside a
//! file of data, `.asc`, `.dat` or `.csv`.
//!
//! The definition says of each variable where it stands in a line, or which fields of a line hold it, and what its codes
//! mean. Every cell is held against it: what it does not know is complained of with its line.
//!
//! * A bitstring becomes a column of 0 and 1 for each code, `Q2_1`, `Q2_2`, …; blank where nothing is known.
//! * A spread becomes a column for each subfield, `Q4_1`, `Q4_2`, …, blank where it is not used. Who was asked and chose
//!   nothing has 0 in the first.
//! * Dates and times are written as ISO 8601 has them.
//! * Of a `filter` that is a logical, those are the base for whom it is true; of any other, those who have a value.
//!
//! Source: The Triple-S XML standard, versions 1.1.002 (July 2001), 1.2 and 2.0.002 (September 2011), The Triple-S Group,
//! <https://triple-s.org>.

mod beside;
mod cell;
mod data;
mod definition;
mod described;
mod encoding;
mod fields;
mod reader;
mod xml;

use std::path::{Path, PathBuf};

pub(super) use self::beside::definition_of;
use self::{data::Rows, fields::Part};
use super::Source;
use crate::{codebook::Codebook, diagnostic::Diagnostics};

/// What a definition says of its data.
pub(super) struct Opened {
    pub columns: Vec<String>,
    pub codebook: Codebook,
    /// The file of data.
    pub data: PathBuf,
    /// What it is, in words.
    pub recognised: String,
}

/// Reads a definition and finds its data.
pub(super) fn open(path: &Path) -> Result<Opened, Diagnostics> {
    let definition = reader::read(path)?;
    let data = beside::data_of(path, &definition)?;
    let columns = fields::columns(&definition);
    let begin_spreads = columns.iter().filter(|column| column.part == Part::Subfield(0)).cloned().collect();
    // What cannot be read is complained of when it is read.
    let with_none = data::with_none(&data, &definition, begin_spreads).unwrap_or_default();
    let codebook = described::codebook(&definition, &columns, &with_none);
    let recognised = format!(
        "Triple-S XML {}, data in {}{}",
        definition.version,
        data.file_name().unwrap_or_default().to_string_lossy(),
        definition.languages()
    );
    Ok(Opened { columns: columns.into_iter().map(|column| column.name).collect(), codebook, data, recognised })
}

/// A reading of these columns of the data.
pub(super) fn read(path: &Path, wanted: &[&str]) -> Result<Box<dyn Source>, Diagnostics> {
    let definition = reader::read(path)?;
    let data = beside::data_of(path, &definition)?;
    let columns = fields::columns(&definition);
    let wanted = wanted.iter().filter_map(|name| columns.iter().find(|column| column.name == *name).cloned()).collect();
    Ok(Box::new(Rows::open(&data, definition, wanted)?))
}
