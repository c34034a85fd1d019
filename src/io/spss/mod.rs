//! SPSS: `.sav`, and `.zsav` with its data compressed.
//!
//! The dictionary (names, labels, codes for no answer, encoding) is read by the crate `ambers`; the rows by
//! `rows`, block by block. A code that SPSS calls user-missing stays in its cell, and the codebook says that it is no
//! answer; only system-missing cells are blank. Dates and times are text, since what SPSS stores is seconds since 1582.

mod described;
mod records;
mod rows;
mod sets;
mod stored;

use std::{
    fs::File,
    io::{BufReader, Read, Result as IoResult, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use ambers::{Scanner, SpssMetadata};
use encoding_rs::Encoding;
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use self::{
    described::codebook,
    records::{Header, Records},
    rows::Rows,
    stored::{Stored, stored},
};
use super::{
    Source,
    damaged::{damaged, guarded, no_rows, unreadable},
    strip::Strip,
};
use crate::{codebook::Codebook, diagnostic::Diagnostics, responses::Cells};

/// What stands in a cell without a number: system-missing.
const NO_NUMBER: f64 = -f64::MAX;

/// What a file says before its rows.
pub(super) struct Dictionary {
    pub codebook: Codebook,
    pub columns: Vec<String>,
    /// How many rows, where it says so.
    pub rows: Option<u64>,
    path: PathBuf,
    header: Header,
    stored: Vec<Stored>,
    encoding: &'static Encoding,
    row_bytes: usize,
    data_at: u64,
}

impl Dictionary {
    /// Reads what stands before the rows.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        let unreadable = |error: std::io::Error| damaged(path, &format!("its dictionary cannot be read ({error})"));
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let length = file.get_ref().metadata().map_err(unreadable)?.len();
        let Some(header) = records::header(&mut file).map_err(unreadable)? else {
            let message =
                "the numbers of this file are stored from the greatest byte to the least, which topline does not read";
            return Err(refused(path, message, "open and save it again in SPSS or PSPP on a machine of today"));
        };
        let records = Records::read(&mut file, length).map_err(unreadable)?;
        let data_at = file.stream_position().map_err(unreadable)?;
        let metadata = guarded(path, || {
            file.rewind().map_err(unreadable)?;
            let mut unpacked = Unpacked { file: &mut file, at: 0 };
            let scanner = Scanner::open(&mut unpacked, 0).map_err(|error| damaged(path, &error.to_string()))?;
            Ok(scanner.metadata().clone())
        })?;
        if file.stream_position().map_err(unreadable)? != data_at || header.compression != 0 && header.bias != 100.0 {
            return Err(damaged(path, "its dictionary contradicts itself"));
        }
        let encoding = encoding(path, &records, &metadata)?;
        let stored =
            stored(&metadata, &records).ok_or_else(|| damaged(path, "its columns do not fit into its rows"))?;
        let codebook = codebook(&metadata, &records, &stored, encoding);
        Ok(Self {
            codebook,
            columns: metadata.variable_names,
            rows: header.rows,
            path: path.to_owned(),
            header,
            row_bytes: records.slots.len() * 8,
            stored,
            encoding,
            data_at,
        })
    }

    /// A reading of these columns from the first row.
    pub fn open(self, indices: &[usize]) -> Result<Box<dyn Source>, Diagnostics> {
        let rows = File::open(&self.path)
            .and_then(|file| Rows::open(BufReader::with_capacity(1 << 16, file), &self.header, self.data_at))
            .map_err(|error| damaged(&self.path, &format!("its data cannot be read ({error})")))?;
        let stored = indices.iter().map(|index| self.stored[*index].clone()).collect();
        Ok(Box::new(Reading { dictionary: Self { stored, ..self }, rows, read: 0, block: Vec::new() }))
    }
}

struct Reading {
    /// With the wanted columns only.
    dictionary: Dictionary,
    rows: Rows,
    read: u64,
    /// The rows of a block.
    block: Vec<u8>,
}

impl Reading {
    /// Bytes of a block, which all columns go over.
    const BLOCK: usize = 1 << 20;
}

impl Source for Reading {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        let Dictionary { path, stored, encoding, row_bytes, header, .. } = &self.dictionary;
        let most = (Self::BLOCK / row_bytes).max(1);
        self.block.resize(most * row_bytes, 0);
        let mut rows = 0;
        for row in self.block.chunks_exact_mut(*row_bytes) {
            let is_there = self.rows.next(row).map_err(|error| {
                let row = self.read + rows as u64 + 1;
                damaged(path, &format!("row {row} cannot be read ({error})"))
            })?;
            if !is_there {
                break;
            }
            rows += 1;
        }
        let first = self.read + 1;
        self.read += rows as u64;
        if rows == 0 {
            return match header.rows {
                Some(said) if said > self.read => {
                    Err(damaged(path, &format!("it ends after {} of {said} rows", self.read)))
                }
                _ if self.read == 0 => Err(no_rows(path)),
                _ => Ok(0),
            };
        }
        let block = &self.block[..rows * row_bytes];
        columns.par_iter_mut().zip(stored).for_each(|(cells, stored)| {
            let mut strip = Strip::default();
            let mut text = Vec::new();
            for row in block.chunks_exact(*row_bytes) {
                stored.take(row, encoding, &mut text, &mut strip);
            }
            strip.hand_over(first, *cells);
        });
        Ok(rows)
    }

    fn part_read(&self) -> f64 {
        self.dictionary.rows.map_or(0.0, |rows| self.read as f64 / rows.max(1) as f64).min(1.0)
    }
}

/// The file as if its data were not packed, so that who reads the dictionary leaves them alone.
struct Unpacked<'a> {
    file: &'a mut BufReader<File>,
    at: u64,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> IoResult<usize> {
        let read = self.file.read(bytes)?;
        for (byte, at) in bytes[..read].iter_mut().zip(self.at..) {
            if (records::COMPRESSION_AT..records::COMPRESSION_AT + 4).contains(&at) {
                *byte = 0;
            }
        }
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Unpacked<'_> {
    fn seek(&mut self, to: SeekFrom) -> IoResult<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

/// The encoding of texts, if it is one that is known: otherwise letters would come out as others.
fn encoding(path: &Path, records: &Records, metadata: &SpssMetadata) -> Result<&'static Encoding, Diagnostics> {
    const NUMBERS: i32 = 3;
    const NAME: i32 = 20;
    /// Code pages of DOS, of which the reader makes others.
    const OF_DOS: [i32; 2] = [437, 850];
    let record = |wanted: i32| records.further.iter().rev().find(|(kind, _)| *kind == wanted).map(|(_, bytes)| bytes);
    let page = || {
        let page = record(NUMBERS)?.get(28..32)?.first_chunk().copied().map(i32::from_le_bytes)?;
        OF_DOS.contains(&page).then(|| format!("code page {page}"))
    };
    let unknown = match record(NAME).map(|name| String::from_utf8_lossy(name).trim_matches(['\0', ' ']).to_owned()) {
        Some(name) => Some(name).filter(|name| Encoding::for_label(name.as_bytes()).is_none()),
        None => page(),
    };
    match (unknown, Encoding::for_label(metadata.file_encoding.as_bytes())) {
        (None, Some(encoding)) => Ok(encoding),
        (unknown, _) => {
            let name = unknown.unwrap_or_else(|| metadata.file_encoding.clone());
            let message = format!("the texts of this file are encoded in {name}, which topline does not know");
            Err(refused(path, &message, "in SPSS, SET UNICODE=ON, open the file, and save it again"))
        }
    }
}

/// Text without the blanks that fill it up.
fn decoded<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> std::borrow::Cow<'a, str> {
    let filled = bytes.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    encoding.decode_without_bom_handling(&bytes[..filled]).0
}

fn refused(path: &Path, message: &str, hint: &str) -> Diagnostics {
    unreadable(path, message).hint(hint).into()
}
