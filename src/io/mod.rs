//! Files of responses, one file here for each format.
//!
//! A format says which columns a file has and hands the cells of wanted columns to a
//! [`Cells`]. Everything written goes to a file beside its place first and is renamed
//! when it is complete.

mod csv;
mod output;
mod parquet;

use std::path::{Path, PathBuf};

pub use self::{
    csv::CsvWriter,
    output::{OutputFormat, Separator, keep_inputs, write_atomically},
    parquet::{ParquetTable, read_slice, write_parquet},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    responses::Cells,
};

/// The formats that are read, by name.
const FORMATS: [(&str, Format); 2] = [("csv", Format::Csv), ("parquet", Format::Parquet)];

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-, semicolon- or tab-separated text in UTF-8 with one header row.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// A file of responses.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where it is.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// How many rows, where the file says so before it is read.
    pub rows: Option<u64>,
    /// Its size in bytes, the measure of progress.
    pub bytes: u64,
}

/// The column that marks a file as made up: every file that `topline simulate` writes has it.
pub const SYNTHETIC_COLUMN: &str = "synthetic";

impl Table {
    /// Opens a file far enough to know its columns. `format` overrides what the ending says; `place` is where
    /// somebody named the file.
    pub fn open(path: &Path, format: Option<&str>, place: &Place) -> Result<Self, Diagnostics> {
        if path.is_dir() {
            let hint = Some("name the file in it, such as responses.csv".to_owned());
            return Err(unreadable(path, place, "it is a folder", hint));
        }
        let format = choose_format(path, format, place)?;
        let bytes = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            Ok(_) => return Err(unreadable(path, place, "it is not a file", None)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(unreadable(path, place, "there is no such file", neighbour(path)));
            }
            Err(error) => return Err(unreadable(path, place, &error.to_string(), None)),
        };
        let (columns, rows) = match format {
            Format::Csv => (csv::columns(path)?, None),
            Format::Parquet => parquet::columns(path).map(|(columns, rows)| (columns, Some(rows)))?,
        };
        let table = Self { path: path.to_owned(), format, columns, rows, bytes };
        table.unique_columns()?;
        Ok(table)
    }

    /// Whether the file marks itself as made up.
    #[must_use]
    pub fn is_marked_synthetic(&self) -> bool {
        self.columns.iter().any(|column| column == SYNTHETIC_COLUMN)
    }

    /// What positions in this file are called: lines of a text, rows of a table.
    #[must_use]
    pub fn position_name(&self) -> &'static str {
        match self.format {
            Format::Csv => "line",
            Format::Parquet => "row",
        }
    }

    /// The name for messages.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// What stands between the cells of a text.
    pub fn separator(&self) -> Result<Option<char>, Diagnostics> {
        match self.format {
            Format::Csv => csv::separator(&self.path).map(Some),
            Format::Parquet => Ok(None),
        }
    }

    /// A reading of these columns from the first row.
    pub fn blocks(&self, wanted: &[&str]) -> Result<Blocks, Diagnostics> {
        let position = |name: &&str| self.columns.iter().position(|column| column == name);
        let missing: Vec<&str> = wanted.iter().filter(|name| position(name).is_none()).copied().collect();
        if !missing.is_empty() {
            let message = format!("there is no column {}", quoted_list(missing));
            return Err(Diagnostic::error("unknown-column", Place::File(self.name()), message).into());
        }
        let indices: Vec<usize> = wanted.iter().filter_map(position).collect();
        let reading = match self.format {
            Format::Csv => Reading::Csv(csv::Blocks::open(&self.path, self.columns.len(), indices)?),
            Format::Parquet => Reading::Parquet(parquet::Blocks::open(&self.path, wanted)?),
        };
        Ok(Blocks { reading, bytes: self.bytes })
    }

    /// Hands over every row of the columns that `name` says. `progress` is told the bytes read so far after each block.
    pub fn read<C: Cells>(
        &self,
        columns: &mut [C],
        name: impl Fn(&C) -> &str,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, Diagnostics> {
        let names: Vec<&str> = columns.iter().map(name).collect();
        let mut blocks = self.blocks(&names)?;
        let mut all = 0;
        loop {
            let rows = blocks.fill(columns)?;
            progress(blocks.bytes_read());
            all += rows as u64;
            if rows == 0 {
                return Ok(all);
            }
        }
    }

    fn unique_columns(&self) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        let mut seen = std::collections::HashSet::new();
        for column in self.columns.iter().filter(|column| !seen.insert(column.as_str())) {
            let message = format!("two columns are called `{column}`");
            let hint = "rename one of them: nobody could tell which is meant";
            problems.push(Diagnostic::error("duplicate-column", Place::File(self.name()), message).hint(hint));
        }
        problems.unless_errors(()).map(|_| ())
    }
}

/// Reads some columns of a file, block by block.
pub struct Blocks {
    reading: Reading,
    bytes: u64,
}

enum Reading {
    Csv(csv::Blocks),
    Parquet(parquet::Blocks),
}

impl Blocks {
    /// Hands the cells of the next rows to `columns`, one for each wanted column; returns how many rows, 0 at the end.
    pub fn fill<C: Cells>(&mut self, columns: &mut [C]) -> Result<usize, Diagnostics> {
        match &mut self.reading {
            Reading::Csv(blocks) => blocks.fill(columns),
            Reading::Parquet(blocks) => blocks.fill(columns),
        }
    }

    /// The bytes read so far; where a file is not read from front to back, in proportion to its rows.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        match &self.reading {
            Reading::Csv(blocks) => blocks.bytes_read(),
            Reading::Parquet(blocks) => (blocks.part_read() * self.bytes as f64) as u64,
        }
    }
}

/// The format of a name, or of a file's ending.
pub fn choose_format(path: &Path, format: Option<&str>, place: &Place) -> Result<Format, Diagnostics> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let name = format.unwrap_or(match ending.as_str() {
        "tsv" | "txt" | "tab" => "csv",
        "pq" => "parquet",
        other => other,
    });
    if let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == name) {
        return Ok(*format);
    }
    let names = || FORMATS.iter().map(|(name, _)| *name);
    let (message, hint) = match format {
        Some(name) => (
            format!("`{name}` is no format that topline reads ({})", path.display()),
            did_you_mean(name, names()).unwrap_or_else(|| format!("topline reads {}", quoted_list(names()))),
        ),
        None if ending.is_empty() => (
            format!("the name of {} does not say what it holds", path.display()),
            "add its ending, .csv or .parquet, or name the format: init --format csv; [data] format = \"csv\""
                .to_owned(),
        ),
        None => (
            format!("topline does not read .{ending} files ({})", path.display()),
            format!("topline reads csv, tsv and parquet: {}", way_to_csv(&ending)),
        ),
    };
    Err(Diagnostic::error("unknown-format", place.clone(), message).hint(hint).into())
}

/// How a file of another program becomes one that topline reads.
fn way_to_csv(ending: &str) -> &'static str {
    match ending {
        "xlsx" | "xls" | "xlsm" | "xlsb" => "in Excel, save the sheet as \"CSV UTF-8 (comma delimited)\"",
        "ods" | "numbers" => "save the sheet as CSV in UTF-8",
        "sav" | "zsav" | "por" => "in SPSS, save it as CSV in UTF-8, with values rather than labels",
        "dta" => "in Stata, export delimited using responses.csv",
        "rds" | "rdata" | "rda" => "in R, write.csv(data, \"responses.csv\", row.names = FALSE, na = \"\")",
        "json" | "jsonl" | "sqlite" | "db" => "export it as CSV in UTF-8 or as Parquet",
        _ => "save the responses as CSV in UTF-8",
    }
}

fn unreadable(path: &Path, place: &Place, why: &str, hint: Option<String>) -> Diagnostics {
    let message = format!("cannot read {}: {why}", path.display());
    Diagnostic::error("unreadable", place.clone(), message).maybe_hint(hint).into()
}

/// A file of a similar name in the same folder.
fn neighbour(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    did_you_mean(path.file_name()?.to_str()?, names.iter().map(String::as_str))
}
