//! Files of responses, one file here for each format.
//!
//! A format says which columns a file has and hands the cells of wanted columns to a
//! [`Cells`]. Everything written goes to a file beside its place first and is renamed
//! when it is complete. A [`Structure`] is the questionnaire behind such a file, where there is a file of that too.

mod arrow;
mod csv;
mod damaged;
mod described;
mod format;
mod left_out;
mod moment;
mod output;
mod parquet;
mod platform;
mod remark;
mod sas;
mod spreadsheet;
mod spss;
mod stata;
mod strip;
mod structure;
mod triple_s;
mod unpacked;
mod values;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

pub use self::{
    csv::{
        CsvWriter,
        problems::{Short, ShortRows},
    },
    described::{codebook_path, codebook_text},
    format::{Format, Said},
    left_out::LeftOut,
    output::{OutputFormat, Separator, keep_inputs, write_atomically},
    parquet::{ParquetTable, read_rows, write_parquet},
    platform::{Layout, Platform},
    remark::Remark,
    structure::{Answers, Asked, Choice, Code, Routing, Structure, Syntax},
};
use self::{
    left_out::Kept,
    unpacked::{Held, Unpacking},
};
use crate::{
    codebook::Codebook,
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    responses::Cells,
    study::Packing,
};

/// A file of responses.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where it is.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// The platform that it was exported from, where that is known.
    pub platform: Option<Platform>,
    /// Why it is taken for what it is, where that was not said.
    pub recognised: Option<String>,
    /// What is worth knowing of how it is read.
    pub remarks: Vec<Remark>,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// What the file itself says of them.
    pub codebook: Codebook,
    /// How many rows, where the file says so before it is read.
    pub rows: Option<u64>,
    /// A file beside it that it is read with.
    pub beside: Option<PathBuf>,
    /// Its size in bytes, the measure of progress.
    pub bytes: u64,
    /// Rows of a text before the first respondent.
    header_rows: usize,
    /// The encoding of a text.
    encoding: csv::encoding::Encoding,
    /// What becomes of rows of a text that end early.
    short_rows: ShortRows,
    /// The sheet of a workbook.
    sheet: Option<Arc<spreadsheet::Sheet>>,
    /// Multiple responses that are read as if they had a column for each option.
    packings: Vec<Packing>,
    /// Rows that are passed over.
    left_out: Option<Arc<LeftOut>>,
}

/// What somebody said of a file, beside its name; what they did not say is told from the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// Its format or its platform.
    pub format: Option<&'a str>,
    /// The encoding of a text.
    pub encoding: Option<&'a str>,
    /// The sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// What becomes of rows of a text that end early.
    pub short_rows: ShortRows,
}

impl Given<'_> {
    /// Complains of what was said of a file of this format that can be said of others only.
    fn suits(&self, format: Format, path: &Path, place: &Place) -> Result<(), Diagnostics> {
        let is_workbook = matches!(format, Format::Excel | Format::OpenDocument);
        let (key, what) = match (self.sheet, self.encoding) {
            (Some(_), _) if !is_workbook => ("sheet", "a workbook"),
            (_, Some(_)) if format != Format::Csv => ("encoding", "a text"),
            _ => return Ok(()),
        };
        let message = format!("`{key}` is said of {what}, but {} is {}", path.display(), format.name());
        let hint = format!("leave the {key} out: such a file knows it, or has none");
        Err(Diagnostic::error("unsuited", place.clone(), message).hint(hint).into())
    }
}

/// A file that is read by a reader of its own, block by block.
trait Source: Send {
    /// Hands the cells of the next rows to `columns`, one for each wanted column; returns how many rows, 0 at the end.
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics>;

    /// The part of the file that has been read.
    fn part_read(&self) -> f64;
}

/// The column that marks a file as made up: every file that `topline simulate` writes has it.
pub const SYNTHETIC_COLUMN: &str = "synthetic";

impl Table {
    /// Opens a file far enough to know its columns. `format` overrides what the file shows; `place` is where
    /// somebody named the file.
    pub fn open(path: &Path, format: Option<&str>, place: &Place) -> Result<Self, Diagnostics> {
        Self::open_as(path, &Given { format, ..Given::default() }, place)
    }

    /// The same for a file of which more was said than its format.
    pub fn open_as(path: &Path, given: &Given<'_>, place: &Place) -> Result<Self, Diagnostics> {
        if path.is_dir() {
            let hint = Some("name the file in it, such as responses.csv".to_owned());
            return Err(unreadable(path, place, "it is a folder", hint));
        }
        let bytes = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            Ok(_) => return Err(unreadable(path, place, "it is not a file", None)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(unreadable(path, place, "there is no such file", neighbour(path)));
            }
            Err(error) => return Err(unreadable(path, place, &error.to_string(), None)),
        };
        let said = Said::of_name(given.format, place)?;
        let encoding = given.encoding.map(|name| csv::encoding::of_name(name, place)).transpose()?;
        let format = match said {
            Said::Plain(format) => format,
            Said::Nothing | Said::Export(_) => {
                described_elsewhere(path, place)?;
                Format::of_file(path, place)?
            }
        };
        format.check(path)?;
        given.suits(format, path, place)?;
        let mut table = Self {
            path: path.to_owned(),
            format,
            platform: None,
            recognised: None,
            remarks: Vec::new(),
            columns: Vec::new(),
            codebook: Codebook::default(),
            rows: None,
            beside: None,
            bytes,
            header_rows: 1,
            encoding: encoding_rs::UTF_8,
            short_rows: given.short_rows,
            sheet: None,
            packings: Vec::new(),
            left_out: None,
        };
        match format {
            Format::Csv => {
                let head = csv::head(path, Platform::ROWS, encoding)?;
                table.encoding = head.encoding;
                if encoding.is_none() && head.encoding != encoding_rs::UTF_8 {
                    let name = csv::encoding::name(head.encoding);
                    table.remarks.push(if head.is_marked { Remark::Marked(name) } else { Remark::Encoding(name) });
                }
                table.lay_out(&head.rows, said, place)?;
            }
            Format::Excel | Format::OpenDocument => {
                let sheet = spreadsheet::read(path, given.sheet, place)?;
                let (head, titles) = spreadsheet::head(&sheet, Platform::ROWS);
                table.lay_out(&head, said, place)?;
                table.header_rows += titles;
                if table.platform.is_none()
                    && let Some(header) = spreadsheet::header_of_two_rows(&sheet, titles)
                {
                    (table.columns, table.header_rows) = (named(&header.names), header.rows);
                }
                table.remarks.extend(spreadsheet::remarks(&sheet, titles, table.header_rows));
                table.sheet = Some(Arc::new(sheet));
            }
            Format::Arrow => table.columns = named(&arrow::columns(path)?),
            Format::Parquet => {
                let (columns, rows) = parquet::columns(path)?;
                (table.columns, table.rows) = (columns, Some(rows));
            }
            Format::TripleS => {
                let opened = triple_s::open(path)?;
                (table.columns, table.codebook) = (opened.columns, opened.codebook);
                table.bytes = std::fs::metadata(&opened.data).map_or(bytes, |metadata| metadata.len());
                (table.recognised, table.beside) = (Some(opened.recognised), Some(opened.data));
            }
            Format::Spss => {
                let read = spss::Dictionary::read(path)?;
                (table.columns, table.codebook, table.rows) = (read.columns, read.codebook, read.rows);
            }
            Format::Stata => {
                let read = stata::Dictionary::read(path)?;
                (table.columns, table.codebook, table.rows) = (read.columns, read.codebook, Some(read.rows));
            }
            Format::Sas => {
                let read = sas::Dictionary::read(path)?;
                (table.columns, table.codebook, table.rows) = (read.columns, read.codebook, Some(read.rows));
            }
        }
        if let Some((path, codebook)) = described::beside(path, &table.columns)? {
            table.recognised = Some(format!("described by {}", path.display()));
            (table.codebook, table.beside) = (codebook, Some(path));
        }
        table.name_apart();
        Ok(table)
    }

    /// Takes a table of text apart whose first rows are these.
    fn lay_out(&mut self, head: &[Vec<String>], said: Said, place: &Place) -> Result<(), Diagnostics> {
        let layout = match said {
            Said::Plain(_) => None,
            Said::Nothing => Platform::recognise(head),
            Said::Export(platform) => match platform.layout(head) {
                Some(layout) => Some((platform, layout)),
                None => return Err(no_export(&self.path, platform, head, place)),
            },
        };
        let Some((platform, layout)) = layout else {
            self.columns = named(&head[0]);
            return Ok(());
        };
        self.platform = Some(platform);
        if said == Said::Nothing {
            self.recognised = Some(format!("an export of {}: {}", platform.title(), layout.why));
        }
        self.header_rows = layout.header_rows;
        self.columns = named(&layout.columns);
        self.codebook = layout.codebook;
        Ok(())
    }

    /// The name of what it is, as a study file has it.
    #[must_use]
    pub fn format_name(&self) -> &'static str {
        self.platform.map_or(self.format.name(), Platform::name)
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
            Format::Csv | Format::TripleS => "line",
            _ => "row",
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
            Format::Csv => csv::head(&self.path, 1, Some(self.encoding)).map(|head| Some(head.delimiter)),
            _ => Ok(None),
        }
    }

    /// The encoding of a text that is not in UTF-8.
    #[must_use]
    pub fn encoding_name(&self) -> Option<String> {
        let is_other = self.format == Format::Csv && self.encoding != encoding_rs::UTF_8;
        is_other.then(|| csv::encoding::name(self.encoding))
    }

    /// The sheet of a workbook that has several.
    #[must_use]
    pub fn sheet_name(&self) -> Option<&str> {
        self.sheet.as_ref().filter(|sheet| !sheet.others.is_empty()).map(|sheet| sheet.name.as_str())
    }

    fn text(&self) -> csv::Known {
        let Self { header_rows, encoding, short_rows, .. } = *self;
        csv::Known { header_rows, width: self.columns.len(), encoding, short_rows }
    }

    /// Lets these multiple responses be read as if they had a column for each option.
    pub fn unpack(&mut self, packings: Vec<Packing>) {
        let is_here = |packing: &Packing| packing.packed.iter().all(|column| self.columns.contains(column));
        self.packings = packings.into_iter().filter(is_here).collect();
    }

    /// Whether a column holds answers that are packed, which are read as columns of their own.
    #[must_use]
    pub fn is_unpacked(&self, column: &str) -> bool {
        self.packings.iter().any(|packing| packing.packed.iter().any(|packed| packed == column))
    }

    /// Lets these rows be passed over wherever the file is read from now on.
    pub fn leave_out(&mut self, left_out: LeftOut) {
        self.left_out = Some(Arc::new(left_out));
    }

    /// The rows that are passed over, where somebody has looked for any.
    #[must_use]
    pub fn left_out(&self) -> Option<&LeftOut> {
        self.left_out.as_deref()
    }

    /// The columns of the file, and those that it is read as if it had.
    pub fn all_columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().chain(self.packings.iter().flat_map(|packing| &packing.columns)).map(String::as_str)
    }

    /// A reading of these columns from the first row.
    pub fn blocks(&self, wanted: &[&str]) -> Result<Blocks, Diagnostics> {
        let positions: HashMap<&str, usize> =
            self.columns.iter().enumerate().map(|(index, column)| (column.as_str(), index)).collect();
        let position = |name: &str| positions.get(name).copied();
        let mut own = Vec::new();
        let mut packed: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.packings.len()];
        let mut missing = Vec::new();
        for (index, name) in wanted.iter().enumerate() {
            let among = |packing: &Packing| packing.columns.iter().position(|column| column == name);
            let mut options = self.packings.iter().enumerate().filter_map(|(i, packing)| Some((i, among(packing)?)));
            match (position(name), options.next()) {
                (Some(_), _) => own.push(index),
                (None, Some((packing, option))) => packed[packing].push((index, option)),
                (None, None) => missing.push(*name),
            }
        }
        if !missing.is_empty() {
            let message = format!("there is no column {}", quoted_list(missing));
            return Err(Diagnostic::error("unknown-column", Place::File(self.name()), message).into());
        }
        let used = self.packings.iter().zip(packed).filter(|(_, wanted)| !wanted.is_empty());
        let (packings, packed): (Vec<&Packing>, Vec<_>) = used.unzip();
        let sources = packings.iter().flat_map(|packing| &packing.packed).map(String::as_str);
        let read: Vec<&str> = own.iter().map(|index| wanted[*index]).chain(sources).collect();
        let indices: Vec<usize> = read.iter().filter_map(|name| position(name)).collect();
        let reading = match self.format {
            Format::Csv => Reading::Csv(csv::Blocks::open(&self.path, self.text(), indices)?),
            Format::Arrow => Reading::Other(arrow::open(&self.path, &indices)?),
            Format::Parquet => Reading::Parquet(parquet::Blocks::open(&self.path, &read)?),
            Format::Excel | Format::OpenDocument => {
                let Some(sheet) = &self.sheet else {
                    return Err(unreadable(&self.path, &Place::File(self.name()), "no sheet was read", None));
                };
                Reading::Other(spreadsheet::open(&self.path, sheet, self.header_rows, indices)?)
            }
            Format::TripleS => Reading::Other(triple_s::read(&self.path, &read)?),
            Format::Spss => Reading::Other(spss::Dictionary::read(&self.path)?.open(&indices)?),
            Format::Stata => Reading::Other(stata::Dictionary::read(&self.path)?.open(&indices)?),
            Format::Sas => Reading::Other(sas::Dictionary::read(&self.path)?.open(&indices)?),
        };
        let unpackings = packings.into_iter().zip(packed).map(|(packing, wanted)| Unpacking::new(packing, wanted));
        let left_out = self.left_out.clone().filter(|left_out| left_out.count() > 0);
        Ok(Blocks { reading, bytes: self.bytes, own, unpackings: unpackings.collect(), left_out, row: 0 })
    }

    /// Hands over every row of the columns that `name` says. `progress` is told the bytes read so far after each block.
    pub fn read<C: Cells>(
        &self,
        columns: &mut [C],
        name: impl Fn(&C) -> &str,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Rows, Diagnostics> {
        let names: Vec<&str> = columns.iter().map(name).collect();
        let mut blocks = self.blocks(&names)?;
        let mut all = 0;
        loop {
            let rows = blocks.fill(columns)?;
            progress(blocks.bytes_read());
            all += rows as u64;
            if rows == 0 {
                return Ok(Rows { all, short: blocks.short_rows() });
            }
        }
    }

    /// Gives columns of one name names of their own: `Q1`, `Q1 (2)`.
    fn name_apart(&mut self) {
        let mut taken: HashSet<String> = self.columns.iter().cloned().collect();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (index, column) in self.columns.iter_mut().enumerate() {
            let times = seen.entry(column.clone()).or_insert(0);
            *times += 1;
            if *times == 1 {
                continue;
            }
            let mut name = format!("{column} ({times})");
            while !taken.insert(name.clone()) {
                *times += 1;
                name = format!("{column} ({times})");
            }
            let old = std::mem::replace(column, name.clone());
            self.remarks.push(Remark::Renamed { position: index + 1, from: old, to: name });
        }
    }
}

/// The rows that were read of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// How many.
    pub all: u64,
    /// Those of a text that end early, where that is no error.
    pub short: Option<Short>,
}

/// Reads some columns of a file, block by block.
pub struct Blocks {
    reading: Reading,
    bytes: u64,
    /// Which of the wanted columns stand in the file.
    own: Vec<usize>,
    unpackings: Vec<Unpacking>,
    /// Rows that are passed over.
    left_out: Option<Arc<LeftOut>>,
    /// The next row of the file.
    row: usize,
}

enum Reading {
    Csv(csv::Blocks),
    Parquet(parquet::Blocks),
    Other(Box<dyn Source>),
}

/// Where the cells of a column of the file go.
enum Slot<'a, C> {
    Wanted(&'a mut C),
    Held(&'a mut Held),
}

impl Blocks {
    /// Hands the cells of the next rows to `columns`, one for each wanted column; returns how many rows, 0 at the end.
    pub fn fill<C: Cells>(&mut self, columns: &mut [C]) -> Result<usize, Diagnostics> {
        let Some(left_out) = self.left_out.clone() else { return self.fill_all(columns) };
        loop {
            let start = self.row;
            let kept = columns.iter_mut().map(|cells| Kept { cells, left_out: &left_out, row: start });
            let rows = self.fill_all(&mut kept.collect::<Vec<_>>())?;
            self.row += rows;
            let kept = left_out.kept_among(start..self.row);
            if rows == 0 || kept > 0 {
                return Ok(kept);
            }
        }
    }

    /// The same of all rows.
    fn fill_all<C: Cells>(&mut self, columns: &mut [C]) -> Result<usize, Diagnostics> {
        if self.unpackings.is_empty() {
            return self.reading.fill(columns);
        }
        let mut wanted: Vec<Option<&mut C>> = columns.iter_mut().map(Some).collect();
        let own = self.own.iter().filter_map(|index| wanted[*index].take()).map(Slot::Wanted);
        let held = self.unpackings.iter_mut().flat_map(|unpacking| &mut unpacking.held).map(Slot::Held);
        let mut slots: Vec<Slot<'_, C>> = own.chain(held).collect();
        let rows = self.reading.fill(&mut slots)?;
        drop(slots);
        for unpacking in &mut self.unpackings {
            unpacking.hand_over(columns);
        }
        Ok(rows)
    }

    /// The rows of a text that ended early so far.
    fn short_rows(&self) -> Option<Short> {
        if let Reading::Csv(blocks) = &self.reading { blocks.short_rows() } else { None }
    }

    /// The bytes read so far; where a file is not read from front to back, in proportion to its rows.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        match &self.reading {
            Reading::Csv(blocks) => blocks.bytes_read(),
            Reading::Parquet(blocks) => (blocks.part_read() * self.bytes as f64) as u64,
            Reading::Other(source) => (source.part_read() * self.bytes as f64) as u64,
        }
    }
}

impl Reading {
    fn fill<C: Cells>(&mut self, columns: &mut [C]) -> Result<usize, Diagnostics> {
        match self {
            Self::Csv(blocks) => blocks.fill(columns),
            Self::Parquet(blocks) => blocks.fill(columns),
            Self::Other(source) => {
                let mut cells: Vec<&mut dyn Cells> = columns.iter_mut().map(|cells| cells as &mut dyn Cells).collect();
                source.fill(&mut cells)
            }
        }
    }
}

impl<C: Cells> Cells for Slot<'_, C> {
    fn text(&mut self, value: &str, position: u64) {
        match self {
            Self::Wanted(cells) => cells.text(value, position),
            Self::Held(held) => held.text(value, position),
        }
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        match self {
            Self::Wanted(cells) => cells.numbers(values, first),
            Self::Held(held) => held.numbers(values, first),
        }
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        match self {
            Self::Wanted(cells) => cells.repeated(texts, keys, first),
            Self::Held(held) => held.repeated(texts, keys, first),
        }
    }
}

/// Names of columns: one without a name is called by its position, `column 3`.
fn named(names: &[String]) -> Vec<String> {
    let name = |(position, name): (usize, &String)| match name.trim() {
        "" => format!("column {}", position + 1),
        name => name.to_owned(),
    };
    names.iter().enumerate().map(name).collect()
}

/// The complaint about a file that is said to be what it does not look like.
fn no_export(path: &Path, platform: Platform, head: &[Vec<String>], place: &Place) -> Diagnostics {
    let message = format!("{} does not look like an export of {}", path.display(), platform.title());
    let hint = match Platform::recognise(head) {
        Some((other, layout)) => format!("it looks like one of {}: {}", other.title(), layout.why),
        None => "leave the format out, or name that of a plain table: csv".to_owned(),
    };
    Diagnostic::error("unknown-format", place.clone(), message).hint(hint).into()
}

/// Refuses a file of data that only the definition beside it explains.
fn described_elsewhere(path: &Path, place: &Place) -> Result<(), Diagnostics> {
    let Some(definition) = triple_s::definition_of(path) else { return Ok(()) };
    let (data, definition) = (path.display(), definition.display());
    let message = format!("{data} is the data of {definition}, which says what stands where");
    let hint = format!("name {definition} instead; if {data} is a table by itself, say so: --format csv");
    Err(Diagnostic::error("described-elsewhere", place.clone(), message).hint(hint).into())
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
