//! A table of responses in another format, with all that is known of its columns.
//!
//! The table is read twice: once to see what its columns hold, then block by block to write them. What a format cannot hold is
//! said in a note; nothing is dropped silently. Columns with personal data, by what the file says of them or by what they look
//! like, are left out unless they are asked for.
//!
//! | | holds | does not hold |
//! |---|---|---|
//! | CSV, Parquet | everything, in [a codebook](crate::io::codebook_path) beside it | |
//! | SPSS | labels, measures, what is missing, sets of multiple responses, the weight | bases, reasons, lists in a cell |
//! | Triple-S | labels, multiple responses, the weight, the serial number, a base that a logical variable names | reasons, other bases |

mod kept;
mod names;
mod plain;
mod shape;
mod spss;
mod triple_s;

use std::path::{Path, PathBuf};

use self::kept::Kept;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::{Table, codebook_path, keep_inputs},
};

/// Whether personal data are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// They stay where they are.
    LeftOut,
    /// They are written like everything else.
    Kept,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The files.
    pub files: Vec<PathBuf>,
    /// How many rows.
    pub rows: u64,
    /// What was left out, changed, or cannot be held, a sentence each.
    pub notes: Vec<String>,
}

/// Progress: bytes done of all.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Csv,
    Parquet,
    Sav,
    Zsav,
    TripleS,
}

/// Writes a table to a file of the format that its ending says.
pub fn convert(
    table: &Table,
    output: &Path,
    personal: Personal,
    progress: &mut Progress<'_>,
) -> Result<Converted, Diagnostics> {
    let target = Target::of_ending(output)?;
    let files = target.files(output);
    let inputs: Vec<&Path> = [table.path.as_path()].into_iter().chain(table.beside.as_deref()).collect();
    for file in &files {
        keep_inputs(file, &inputs)?;
    }
    let all = table.bytes * 2;
    let mut kept = Kept::look(table, personal, &mut |bytes| progress(bytes, all))?;
    let mut progress = |bytes| progress(table.bytes + bytes, all);
    let rows = match target {
        Target::Csv => plain::write_csv(&kept, &files, &mut progress)?,
        Target::Parquet => plain::write_parquet(&kept, &files, &mut progress)?,
        Target::Sav | Target::Zsav => spss::write(&mut kept, output, target == Target::Zsav, &mut progress)?,
        Target::TripleS => triple_s::write(&mut kept, &files, &mut progress)?,
    };
    Ok(Converted { files, rows, notes: kept.notes })
}

impl Target {
    fn of_ending(path: &Path) -> Result<Self, Diagnostics> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        match ending.as_str() {
            "csv" => Ok(Self::Csv),
            "parquet" | "pq" => Ok(Self::Parquet),
            "sav" => Ok(Self::Sav),
            "zsav" => Ok(Self::Zsav),
            "sss" => Ok(Self::TripleS),
            _ => {
                let message = format!("the name of {} does not say in which format to write it", path.display());
                let hint = "topline writes .csv, .parquet, .sav, .zsav and .sss";
                let place = Place::File("command line".to_owned());
                Err(Diagnostic::error("unknown-format", place, message).hint(hint).into())
            }
        }
    }

    /// All files that are written.
    fn files(self, output: &Path) -> Vec<PathBuf> {
        match self {
            Self::Csv | Self::Parquet => vec![output.to_owned(), codebook_path(output)],
            Self::Sav | Self::Zsav => vec![output.to_owned()],
            Self::TripleS => vec![output.to_owned(), output.with_extension("asc")],
        }
    }
}
