//! Apache Arrow's own files: the file format, which is Feather version 2 too, and the stream.
//!
//! They are read batch by batch, as they were written, so that memory does not grow with the file. Categories of pandas and
//! factors of R are dictionaries: each distinct text is handed over once, with keys into it. Compressed batches (LZ4,
//! Zstandard) are unpacked one by one. A stream without the mark of its end was cut off and is an error.

mod measured;

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use polars::prelude::{PolarsError, PolarsResult};
use polars_arrow::{
    array::{Array, DictionaryArray, DictionaryKey, NullArray, Utf8Array, Utf8ViewArray},
    datatypes::{ArrowDataType, ArrowSchema, Field, IntegerType},
    io::ipc::read::{FileReader, StreamReader, StreamState, read_file_metadata, read_stream_metadata},
    record_batch::RecordBatchT,
    types::Offset,
};

use super::{
    Source,
    damaged::{guarded, unreadable},
    parquet::hand_over,
};
use crate::{
    diagnostic::Diagnostics,
    responses::{Cells, Texts},
};

/// What a file begins with.
pub const FILE: &[u8] = b"ARROW1";
/// A stream begins with the length of its schema, after a mark that no text begins with.
pub const STREAM: &[u8] = b"\xFF\xFF\xFF\xFF";

/// The first Feather had a format of its own.
pub const FEATHER_1: &[u8] = b"FEA1";

/// Whether a file that begins like this is one of Arrow.
pub fn is_arrow(start: &[u8]) -> bool {
    start.starts_with(FILE) || start.starts_with(STREAM)
}

/// The names of the columns.
pub fn columns(path: &Path) -> Result<Vec<String>, Diagnostics> {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE.len() as u64).read_to_end(&mut start));
    read.map_err(|error| unreadable(path, error.to_string()))?;
    if start.starts_with(FEATHER_1) {
        let hint = "write it as version 2: write_feather(..., version = 2)";
        return Err(unreadable(path, "this is Feather of version 1, which topline does not read").hint(hint).into());
    }
    if !is_arrow(&start) {
        let hint = "is it damaged, or of another program? Write it again, or as CSV in UTF-8";
        return Err(unreadable(path, "this is no Arrow file: it begins neither as a file nor as a stream")
            .hint(hint)
            .into());
    }
    guarded(path, || {
        let schema = Batches::open(path, None).map_err(|error| damaged(path, &error))?.schema;
        Ok(schema.iter_values().map(|field| field.name.to_string()).collect())
    })
}

/// A reading of these columns.
pub fn open(path: &Path, indices: &[usize]) -> Result<Box<dyn Source>, Diagnostics> {
    guarded(path, || {
        let mut taken = indices.to_vec();
        taken.sort_unstable();
        taken.dedup();
        // Rows are counted by some column.
        if taken.is_empty() {
            taken.push(0);
        }
        let batches = Batches::open(path, Some(taken.clone())).map_err(|error| damaged(path, &error))?;
        let fields: Vec<Field> = batches.schema.iter_values().cloned().collect();
        let bytes = std::fs::metadata(path).map_or(1, |metadata| metadata.len().max(1));
        let places: Vec<usize> =
            indices.iter().filter_map(|index| taken.iter().position(|taken| taken == index)).collect();
        for field in places.iter().filter_map(|place| fields.get(taken[*place])) {
            if is_nested(field.dtype()) {
                let message = format!("column `{}` holds lists or structures, expected plain values", field.name);
                return Err(unreadable(path, message).into());
            }
        }
        let reading =
            Reading { path: path.to_owned(), batches: batches.batches, fields, taken, places, rows: 0, bytes };
        Ok(Box::new(reading) as Box<dyn Source>)
    })
}

struct Reading {
    path: PathBuf,
    batches: Reader,
    /// All columns of the file.
    fields: Vec<Field>,
    /// Those that are read, in the order of the file.
    taken: Vec<usize>,
    /// Where each wanted column is among those that are read.
    places: Vec<usize>,
    rows: u64,
    bytes: u64,
}

impl Source for Reading {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        let path = self.path.clone();
        guarded(&path, || {
            while let Some(batch) = self.batches.next().map_err(|error| damaged(&self.path, &error))? {
                let rows = batch.len();
                if rows == 0 {
                    continue;
                }
                for (place, cells) in self.places.iter().zip(columns.iter_mut()) {
                    let field = &self.fields[self.taken[*place]];
                    let array = batch.arrays()[*place].as_ref();
                    hand_over_any(array, field, self.rows + 1, *cells)
                        .map_err(|error| unreadable(&self.path, format!("column `{}`: {error}", field.name)))?;
                }
                self.rows += rows as u64;
                return Ok(rows);
            }
            if self.rows == 0 { Err(unreadable(&self.path, "the file has no responses").into()) } else { Ok(0) }
        })
    }

    fn part_read(&self) -> f64 {
        self.batches.position().unwrap_or(0) as f64 / self.bytes as f64
    }
}

/// A file or a stream that is open.
struct Batches {
    schema: ArrowSchema,
    batches: Reader,
}

enum Reader {
    File(Box<FileReader<BufReader<File>>>, File),
    Stream(Box<StreamReader<BufReader<File>>>, File),
}

impl Batches {
    /// Opens a file, to read all columns or some.
    fn open(path: &Path, projection: Option<Vec<usize>>) -> PolarsResult<Self> {
        let file = File::open(path)?;
        // Shares the position, by which progress is told.
        let beside = file.try_clone()?;
        let mut start = [0; FILE.len()];
        let mut reader = BufReader::new(file);
        let is_file = reader.read_exact(&mut start).is_ok() && start == FILE;
        reader.seek(SeekFrom::Start(0))?;
        if is_file {
            let metadata = read_file_metadata(&mut reader)?;
            measured::file(&mut File::open(path)?, &metadata)
                .map_err(|error| PolarsError::ComputeError(error.into()))?;
            let schema = metadata.schema.as_ref().clone();
            let reader = Box::new(FileReader::new(reader, metadata, projection, None));
            return Ok(Self { schema, batches: Reader::File(reader, beside) });
        }
        measured::stream(&mut File::open(path)?).map_err(|error| PolarsError::ComputeError(error.into()))?;
        let metadata = read_stream_metadata(&mut reader)?;
        let schema = metadata.schema.clone();
        let reader = Box::new(StreamReader::new(reader, metadata, projection));
        Ok(Self { schema, batches: Reader::Stream(reader, beside) })
    }
}

impl Reader {
    fn next(&mut self) -> PolarsResult<Option<RecordBatchT<Box<dyn Array>>>> {
        match self {
            Self::File(reader, _) => reader.next().transpose(),
            Self::Stream(reader, _) => match reader.next().transpose()? {
                None => Ok(None),
                Some(StreamState::Some(batch)) => Ok(Some(batch)),
                Some(StreamState::Waiting) => {
                    Err(PolarsError::ComputeError("the stream has no end: it was cut off".into()))
                }
            },
        }
    }

    fn position(&self) -> std::io::Result<u64> {
        match self {
            Self::File(_, file) | Self::Stream(_, file) => (&*file).stream_position(),
        }
    }
}

fn is_nested(dtype: &ArrowDataType) -> bool {
    match dtype {
        ArrowDataType::Dictionary(_, values, _) => is_nested(values),
        ArrowDataType::Extension(extension) => is_nested(&extension.inner),
        ArrowDataType::List(_)
        | ArrowDataType::LargeList(_)
        | ArrowDataType::FixedSizeList(..)
        | ArrowDataType::Struct(_)
        | ArrowDataType::Union(_)
        | ArrowDataType::Map(..) => true,
        _ => false,
    }
}

/// Hands over the cells of a batch; what Parquet has too is handed over as there.
fn hand_over_any(array: &dyn Array, field: &Field, first: u64, mut cells: &mut dyn Cells) -> PolarsResult<()> {
    if let ArrowDataType::Dictionary(keys, ..) = array.dtype() {
        return match keys {
            IntegerType::Int8 => repeated::<i8>(array, field, first, cells),
            IntegerType::Int16 => repeated::<i16>(array, field, first, cells),
            IntegerType::Int32 => repeated::<i32>(array, field, first, cells),
            IntegerType::Int64 => repeated::<i64>(array, field, first, cells),
            IntegerType::UInt8 => repeated::<u8>(array, field, first, cells),
            IntegerType::UInt16 => repeated::<u16>(array, field, first, cells),
            IntegerType::UInt32 => repeated::<u32>(array, field, first, cells),
            IntegerType::UInt64 => repeated::<u64>(array, field, first, cells),
            IntegerType::Int128 | IntegerType::UInt128 => Err(PolarsError::ComputeError("keys of 128 bits".into())),
        };
    }
    if let Some(texts) = texts_of(array) {
        for (text, position) in texts.into_iter().zip(first..) {
            cells.text(text.unwrap_or_default(), position);
        }
        return Ok(());
    }
    hand_over(array, field, first, &mut cells)
}

/// The texts of an array, if it holds any.
fn texts_of(array: &dyn Array) -> Option<Vec<Option<&str>>> {
    fn of<O: Offset>(array: &dyn Array) -> Option<Vec<Option<&str>>> {
        array.as_any().downcast_ref::<Utf8Array<O>>().map(|texts| texts.iter().collect())
    }
    let any = array.as_any();
    let of_views = || any.downcast_ref::<Utf8ViewArray>().map(|texts| texts.iter().collect());
    let of_nothing = || any.downcast_ref::<NullArray>().map(|nothing| vec![None; nothing.len()]);
    of::<i32>(array).or_else(|| of::<i64>(array)).or_else(of_views).or_else(of_nothing)
}

fn repeated<K: DictionaryKey>(array: &dyn Array, field: &Field, first: u64, cells: &mut dyn Cells) -> PolarsResult<()> {
    let Some(array) = array.as_any().downcast_ref::<DictionaryArray<K>>() else {
        return Err(PolarsError::ComputeError("a dictionary with other keys than it says".into()));
    };
    let mut values = Texts::default();
    let field = Field::new(field.name.clone(), array.values().dtype().clone(), true);
    hand_over_any(array.values().as_ref(), &field, 0, &mut values)?;
    let blank = values.len() as u32;
    let texts: Vec<&str> = values.cells().chain([""]).collect();
    let keys: Vec<u32> = array.keys_iter().map(|key| key.map_or(blank, |key| key.min(blank as usize) as u32)).collect();
    cells.repeated(&texts, &keys, first);
    Ok(())
}

fn damaged(path: &Path, error: &PolarsError) -> Diagnostics {
    let message = "the Arrow file is damaged or was cut off";
    let hint = format!("write it again, with a writer of Arrow since version 1.0 or Feather version 2 ({error})");
    unreadable(path, message).hint(hint).into()
}
