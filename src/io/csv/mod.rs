//! Text separated by commas, semicolons or tabs, in any encoding, with one header row.
//!
//! | what | how it is read |
//! |---|---|
//! | encoding | told by a byte order mark or by the text; [`encoding`] says how sure that is. Text in UTF-8 is not copied |
//! | `sep=;` | the first line that tells Excel the separator is no row |
//! | line ends | line feeds, with or without carriage returns; carriage returns alone where there are no others |
//! | rows of blank cells | are no rows |
//! | blank cells beyond the last column | nothing: a separator at the end of every row |
//! | other cells beyond it | an error with the line |
//! | rows that end early | an error, unless the study file says that they are blank ([why](problems)) |
//! | cells that are not text in the encoding, or hold a zero | an error with the line, if the column is wanted |

mod cuts;
mod decoder;
pub(super) mod encoding;
mod pieces;
pub(super) mod problems;
mod text;
mod writer;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use csv::{ByteRecord, ReaderBuilder};
use rayon::prelude::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator,
    ParallelIterator,
};

pub use self::writer::CsvWriter;
use self::{
    cuts::{Cuts, record_ends},
    encoding::Encoding,
    pieces::{Piece, Splitter},
    problems::{Problems, Short, ShortRows, no_text},
    text::{Text, line_ends},
};
use super::damaged::unreadable;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    responses::Cells,
};

/// The first rows of a text, and how it is written.
pub struct Head {
    pub rows: Vec<Vec<String>>,
    pub encoding: Encoding,
    /// Whether the text begins with the byte order mark of its encoding.
    pub is_marked: bool,
    pub delimiter: char,
}

/// The first rows, as text.
pub fn head(path: &Path, rows: usize, said: Option<Encoding>) -> Result<Head, Diagnostics> {
    let mut text = Text::open(path, said)?;
    let (mut bytes, mut records) = (Vec::new(), Vec::new());
    read_records(&mut text, path, rows, &mut bytes, |record| records.push(record.clone()))?;
    let mut head = Vec::new();
    for record in records {
        let cells = record.iter().map(|cell| std::str::from_utf8(cell).map(str::to_owned));
        let cells: Vec<_> = cells.collect();
        if let Some(column) = cells.iter().position(Result::is_err) {
            // What is wrong below the names is told with its line when it is read.
            if head.is_empty() {
                let place = Place::File(path.display().to_string());
                return Err(no_text(place, (text.before.1 + 1, column), 1, text.encoding).into());
            }
            break;
        }
        head.push(cells.into_iter().flatten().collect::<Vec<String>>());
    }
    match head.first() {
        Some(names) if names.iter().any(|name| !name.trim().is_empty()) => {
            let (encoding, delimiter) = (text.encoding, char::from(text.delimiter));
            Ok(Head { rows: head, encoding, is_marked: text.mark > 0, delimiter })
        }
        _ => Err(unreadable(path, "the file is empty: no header row with column names, no responses").into()),
    }
}

/// What is known of a text before its rows are read.
#[derive(Clone, Copy)]
pub struct Known {
    pub header_rows: usize,
    /// How many columns it has.
    pub width: usize,
    pub encoding: Encoding,
    pub short_rows: ShortRows,
}

/// Reads some columns of a file, block by block.
///
/// A block is cut where records end, each piece is split into cells by a thread of its own, and then each column
/// takes its cells piece by piece: so what a column sees does not depend on the number of threads.
pub struct Blocks {
    path: PathBuf,
    file: Text,
    splitter: Splitter,
    /// What has been read but not handed over: begins with a record.
    text: Vec<u8>,
    line: u64,
    is_at_end: bool,
    rows: u64,
    problems: Problems,
}

impl Blocks {
    /// Bytes that one thread splits at a time, and how many such pieces make a block. Each column goes over the whole
    /// block, so it must stay in the cache: blocks of 16 MB cost a third more than those of 1 MB.
    const PIECE: usize = 1 << 18;
    const PIECES: usize = 4;

    /// Before the first record after the header rows; `indices` are the wanted columns.
    pub fn open(path: &Path, known: Known, indices: Vec<usize>) -> Result<Self, Diagnostics> {
        let mut file = Text::open(path, Some(known.encoding))?;
        let mut format = ReaderBuilder::new();
        format.delimiter(file.delimiter).flexible(true).has_headers(false);
        let mut text = Vec::new();
        let header = read_records(&mut file, path, known.header_rows, &mut text, |_| ())?;
        let line = 1 + file.before.1 + text.get(file.before.0..header).map_or(0, line_ends);
        text.drain(..header);
        let splitter =
            Splitter { format, delimiter: file.delimiter, width: known.width, indices, short_rows: known.short_rows };
        let (is_at_end, rows, problems) = (false, 0, Problems::default());
        Ok(Self { path: path.to_owned(), file, splitter, text, line, is_at_end, rows, problems })
    }

    /// Hands the cells of the next block to `columns`; returns its rows, 0 at the end.
    pub fn fill<C: Cells>(&mut self, columns: &mut [C]) -> Result<usize, Diagnostics> {
        loop {
            let ends = self.read()?;
            if ends.is_empty() {
                return self.finish().map(|()| 0);
            }
            let starts = [0].into_iter().chain(ends.iter().copied());
            let pieces: Vec<&[u8]> = starts.zip(&ends).map(|(start, end)| &self.text[start..*end]).collect();
            let mut lines = vec![self.line];
            for piece in &pieces {
                lines.push(lines[lines.len() - 1] + line_ends(piece));
            }
            let splitter = &self.splitter;
            let pieces: Vec<csv::Result<Piece<'_>>> = (pieces.into_par_iter().zip(lines.par_iter()))
                .map(|(piece, line)| splitter.split(piece, *line))
                .collect();
            let pieces: Vec<Piece<'_>> = pieces
                .into_iter()
                .collect::<csv::Result<_>>()
                .map_err(|error| unreadable(&self.path, error.to_string()))?;
            columns.par_iter_mut().enumerate().for_each(|(column, cells)| {
                for piece in &pieces {
                    piece.columns[column].hand_over(&piece.lines, cells);
                }
            });
            let rows = pieces.iter().map(|piece| piece.lines.len()).sum();
            self.rows += rows as u64;
            for piece in &pieces {
                self.problems.append(&piece.problems);
            }
            drop(pieces);
            self.line = lines[lines.len() - 1];
            self.text.drain(..ends[ends.len() - 1]);
            if rows > 0 {
                return Ok(rows);
            }
        }
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.file.bytes_read()
    }

    /// The rows so far that ended early.
    pub fn short_rows(&self) -> Option<Short> {
        self.problems.short
    }

    /// Reads on until there is a record; returns where pieces of whole records end in `text`.
    fn read(&mut self) -> Result<Vec<usize>, Diagnostics> {
        loop {
            let wanted = Self::PIECE * Self::PIECES;
            let read = (&mut self.file).take(wanted as u64).read_to_end(&mut self.text);
            let read = read.map_err(|error| unreadable(&self.path, error.to_string()))?;
            self.is_at_end = read < wanted;
            let Cuts { mut ends, stray, open } = record_ends(&self.text, self.splitter.delimiter, Self::PIECE);
            let complain = |position: usize, message: &str, hint: &str| -> Diagnostics {
                let line = self.line + line_ends(&self.text[..position]);
                let place = Place::File(self.path.display().to_string());
                Diagnostic::error("stray-quote", place, format!("line {line}: {message}")).hint(hint).into()
            };
            if let Some(position) = stray {
                let hint =
                    "double the quotes inside a quoted cell; an unclosed quote in an earlier line looks like this too";
                return Err(complain(position, "a quoted cell goes on after its closing quote", hint));
            }
            if let (true, Some(position)) = (self.is_at_end, open) {
                return Err(complain(
                    position,
                    "the quoted cell that begins here is never closed",
                    "add the closing quote",
                ));
            }
            let rest = self.text.len() - ends.last().copied().unwrap_or(0);
            if self.is_at_end {
                if rest > 0 {
                    ends.push(self.text.len());
                }
                return Ok(ends);
            }
            if !ends.is_empty() {
                return Ok(ends);
            }
            if rest > LONGEST_RECORD {
                return Err(endless(&self.path, self.line));
            }
        }
    }

    fn finish(&mut self) -> Result<(), Diagnostics> {
        let Splitter { width, short_rows, .. } = self.splitter;
        let mut problems = self.problems.complaints(&self.path, width, short_rows, self.file.encoding);
        if self.rows == 0 && problems.is_empty() {
            problems.push(unreadable(&self.path, "the file has a header row but no responses"));
        }
        problems.unless_errors(()).map(|_| ())
    }
}

/// No record is longer; if one seems to be, a quote was not closed.
const LONGEST_RECORD: usize = 1 << 26;

/// Reads the first records, as far as there are so many, and hands them over; returns where they end in what was read.
fn read_records(
    text: &mut Text,
    path: &Path,
    wanted: usize,
    bytes: &mut Vec<u8>,
    mut take: impl FnMut(&ByteRecord),
) -> Result<usize, Diagnostics> {
    const CHUNK: usize = 1 << 16;
    let mut format = ReaderBuilder::new();
    format.delimiter(text.delimiter).flexible(true).has_headers(false);
    loop {
        // Twice as much each time, so that a long record is not gone over again and again.
        let more = bytes.len().max(CHUNK) as u64;
        let read = (&mut *text).take(more).read_to_end(bytes).map_err(|error| unreadable(path, error.to_string()))?;
        let is_at_end = (read as u64) < more;
        let start = text.before.0.min(bytes.len());
        let mut reader = format.from_reader(&bytes[start..]);
        let mut records = Vec::new();
        let mut record = ByteRecord::new();
        while records.len() < wanted
            && reader.read_byte_record(&mut record).map_err(|error| unreadable(path, error.to_string()))?
        {
            records.push(record.clone());
        }
        let mut end = start + reader.position().byte() as usize;
        // A record that ends where the bytes do may go on.
        if (records.len() == wanted && end + 1 < bytes.len()) || is_at_end {
            if end > start && bytes[end - 1] == b'\r' && bytes.get(end) == Some(&b'\n') {
                end += 1;
            }
            records.iter().for_each(&mut take);
            return Ok(end);
        }
        if bytes.len() > LONGEST_RECORD {
            return Err(endless(path, text.before.1 + 1));
        }
    }
}

fn endless(path: &Path, line: u64) -> Diagnostics {
    let message = format!("the record that begins in line {line} does not end");
    let place = Place::File(path.display().to_string());
    Diagnostic::error("endless-record", place, message).hint("is a quoted cell not closed?").into()
}
