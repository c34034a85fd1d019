//! Apache Parquet, read column by column in blocks of rows so that memory does not grow with the file.
//!
//! Texts are nearly always stored as keys into a dictionary of the distinct texts. These keys are handed over as they
//! are: each distinct text is coded once, not once a row. A column chunk that is not stored so is read as plain text.

use std::{
    fs::File,
    io::{Cursor, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use polars::prelude::{
    BooleanChunked, Column, DataFrame, KeyValueMetadata, NewChunkedArray, ParquetReader, ParquetWriter, PolarsError,
    PolarsResult, Schema, SerReader,
};
use polars_arrow::{
    array::{Array, BooleanArray, DictionaryArray, PrimitiveArray, Utf8ViewArray},
    datatypes::{ArrowDataType, ArrowSchema, DTYPE_CATEGORICAL_NEW, Field, IntegerType, Metadata},
    types::NativeType,
};
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, Filter, PageReader, column_iter_to_arrays, infer_schema,
    read_metadata,
};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::{
    damaged::{guarded, unreadable},
    values,
};
use crate::{diagnostic::Diagnostics, responses::Cells};

/// The names of the columns, and how many rows there are.
pub fn columns(path: &Path) -> Result<(Vec<String>, u64), Diagnostics> {
    let (metadata, schema) = open(path)?;
    Ok((schema.iter_names().map(ToString::to_string).collect(), metadata.num_rows as u64))
}

/// Reads some columns of a file, block by block.
pub struct Blocks {
    path: PathBuf,
    metadata: FileMetadata,
    fields: Vec<Field>,
    group: usize,
    row_in_group: usize,
    rows: usize,
}

/// Rows of a row group.
#[derive(Clone, Copy)]
struct Piece {
    group: usize,
    start: usize,
    end: usize,
    /// Position of the first row in the file, from 1.
    position: u64,
}

impl Blocks {
    /// Most rows of a block, and most cells.
    const ROWS: usize = 1 << 20;
    const CELLS: usize = 1 << 25;

    /// Before the first row of these columns.
    pub fn open(path: &Path, wanted: &[&str]) -> Result<Self, Diagnostics> {
        let (metadata, schema) = open(path)?;
        let field = |name: &&str| {
            let field = schema.get(name).cloned();
            let chunks =
                metadata.row_groups.iter().map(|group| group.columns_under_root_iter(name).map_or(0, Iterator::count));
            match field {
                Some(field) if chunks.clone().all(|count| count == 1) => Ok(field),
                _ => Err(unreadable(path, format!("column `{name}` holds lists or structures, expected plain values"))),
            }
        };
        let fields = wanted.iter().map(field).collect::<Result<_, _>>()?;
        match metadata.num_rows {
            0 => Err(unreadable(path, "the file has no responses").into()),
            _ => Ok(Self { path: path.to_owned(), metadata, fields, group: 0, row_in_group: 0, rows: 0 }),
        }
    }

    /// Hands the cells of the next block to `columns`; returns its rows, 0 at the end.
    pub fn fill<C: Cells>(&mut self, columns: &mut [C]) -> Result<usize, Diagnostics> {
        let pieces = self.next_pieces();
        let read = |(cells, field): (&mut C, &Field)| {
            let failed = |error: PolarsError| {
                Diagnostics::from(unreadable(&self.path, format!("column `{}`: {error}", field.name)))
            };
            let decode = |piece: &Piece| self.decode(field, *piece, cells);
            guarded(&self.path, || pieces.iter().try_for_each(decode).map_err(failed))
        };
        let done: Vec<Result<(), Diagnostics>> = columns.par_iter_mut().zip(self.fields.par_iter()).map(read).collect();
        done.into_iter().collect::<Result<(), Diagnostics>>()?;
        Ok(pieces.iter().map(|piece| piece.end - piece.start).sum())
    }

    /// The part of the file that has been read.
    pub fn part_read(&self) -> f64 {
        self.rows as f64 / self.metadata.num_rows as f64
    }

    fn next_pieces(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut left = Self::ROWS.min(Self::CELLS / self.fields.len().max(1)).max(1);
        while let Some(group) = self.metadata.row_groups.get(self.group)
            && left > 0
        {
            let (start, rows) = (self.row_in_group, left.min(group.num_rows() - self.row_in_group));
            pieces.push(Piece { group: self.group, start, end: start + rows, position: self.rows as u64 + 1 });
            left -= rows;
            self.rows += rows;
            self.row_in_group += rows;
            if self.row_in_group == group.num_rows() {
                self.group += 1;
                self.row_in_group = 0;
            }
        }
        pieces
    }

    fn decode(&self, field: &Field, piece: Piece, cells: &mut impl Cells) -> PolarsResult<()> {
        let group = &self.metadata.row_groups[piece.group];
        let Some(chunk) = group.columns_under_root_iter(&field.name).and_then(|mut chunks| chunks.next()) else {
            return Ok(());
        };
        let range = chunk.byte_range();
        let mut bytes = vec![0; (range.end - range.start) as usize];
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(range.start))?;
        file.read_exact(&mut bytes)?;
        let bytes = Buffer::from(bytes);
        let arrays = |field| arrays(chunk, bytes.clone(), field, piece);
        let is_text = matches!(field.dtype(), ArrowDataType::Utf8View | ArrowDataType::Dictionary(..));
        // A chunk whose dictionary grew too large changes to plain text halfway, which the decoder of keys refuses.
        let has_dictionary = is_text && chunk.dictionary_page_offset().is_some();
        let keys = if has_dictionary { arrays(as_keys(field)).ok() } else { None };
        let arrays = match keys {
            Some(keys) => keys,
            None if is_text => arrays(Field::new(field.name.clone(), ArrowDataType::Utf8View, true))?,
            None => arrays(field.clone())?,
        };
        let mut position = piece.position;
        for array in arrays {
            let rows = array.len() as u64;
            hand_over(array.as_ref(), field, position, cells)?;
            position += rows;
        }
        Ok(())
    }
}

fn open(path: &Path) -> Result<(FileMetadata, ArrowSchema), Diagnostics> {
    let attempt = || {
        let metadata = read_metadata(&mut File::open(path)?)?;
        let schema = infer_schema(&metadata)?;
        Ok((metadata, schema))
    };
    guarded(path, || attempt().map_err(|error: PolarsError| damaged(path, &error)))
}

fn arrays(
    chunk: &ColumnChunkMetadata,
    bytes: Buffer<u8>,
    field: Field,
    piece: Piece,
) -> PolarsResult<Vec<Box<dyn Array>>> {
    let pages = PageReader::new(Cursor::new(bytes), chunk, Vec::new(), usize::MAX);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let types = vec![&chunk.descriptor().descriptor.primitive_type];
    let rows = Filter::new_ranged(piece.start, piece.end);
    column_iter_to_arrays(vec![pages], types, field, Some(rows)).map(|(arrays, _)| arrays)
}

/// The field as it must look for keys to be handed out.
fn as_keys(field: &Field) -> Field {
    let keys = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(ArrowDataType::Utf8View), false);
    let mut metadata = Metadata::default();
    metadata.insert(DTYPE_CATEGORICAL_NEW.into(), "".into());
    Field { metadata: Some(Arc::new(metadata)), ..Field::new(field.name.clone(), keys, true) }
}

/// Hands over the cells of an array.
pub(super) fn hand_over(array: &dyn Array, field: &Field, first: u64, cells: &mut impl Cells) -> PolarsResult<()> {
    let any = array.as_any();
    if let Some(array) = any.downcast_ref::<DictionaryArray<u32>>()
        && let Some(texts) = array.values().as_any().downcast_ref::<Utf8ViewArray>()
    {
        let blank = texts.len() as u32;
        let texts: Vec<&str> = texts.values_iter().chain([""]).collect();
        match array.keys().validity() {
            None => cells.repeated(&texts, array.keys().values(), first),
            Some(present) => {
                let mut keys = array.keys().values().as_slice().to_vec();
                for row in (!present).true_idx_iter() {
                    keys[row] = blank;
                }
                cells.repeated(&texts, &keys, first);
            }
        }
    } else if let Some(array) = any.downcast_ref::<Utf8ViewArray>() {
        for (value, position) in array.iter().zip(first..) {
            cells.text(value.unwrap_or_default(), position);
        }
    } else if let Some(array) = any.downcast_ref::<BooleanArray>() {
        let number = |value: Option<bool>| value.map_or(f64::NAN, |value| f64::from(u8::from(value)));
        cells.numbers(&array.iter().map(number).collect::<Vec<f64>>(), first);
    } else {
        match field.dtype() {
            ArrowDataType::Int8 => numbers::<i8>(array, f64::from, first, cells),
            ArrowDataType::Int16 => numbers::<i16>(array, f64::from, first, cells),
            ArrowDataType::Int32 => numbers::<i32>(array, f64::from, first, cells),
            ArrowDataType::Int64 => whole_numbers::<i64>(array, |value| value as f64, first, cells),
            ArrowDataType::UInt8 => numbers::<u8>(array, f64::from, first, cells),
            ArrowDataType::UInt16 => numbers::<u16>(array, f64::from, first, cells),
            ArrowDataType::UInt32 => numbers::<u32>(array, f64::from, first, cells),
            ArrowDataType::UInt64 => whole_numbers::<u64>(array, |value| value as f64, first, cells),
            ArrowDataType::Float32 => numbers::<f32>(array, f64::from, first, cells),
            ArrowDataType::Float64 => numbers::<f64>(array, |value| value, first, cells),
            _ => return values::hand_over(array, first, cells),
        }
    }
    Ok(())
}

fn numbers<T: NativeType>(array: &dyn Array, number: impl Fn(T) -> f64, first: u64, cells: &mut impl Cells) {
    let Some(array) = array.as_any().downcast_ref::<PrimitiveArray<T>>() else { return };
    let numbers: Vec<f64> = match array.validity() {
        None => array.values().iter().map(|value| number(*value)).collect(),
        Some(_) => array.iter().map(|value| value.map_or(f64::NAN, |value| number(*value))).collect(),
    };
    cells.numbers(&numbers, first);
}

/// Whole numbers that a float cannot tell apart, such as long ids, are handed over as text.
fn whole_numbers<T: NativeType + std::fmt::Display>(
    array: &dyn Array,
    number: impl Fn(T) -> f64,
    first: u64,
    cells: &mut impl Cells,
) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Some(values) = array.as_any().downcast_ref::<PrimitiveArray<T>>() else { return };
    if values.values().iter().all(|value| number(*value).abs() < EXACT) {
        return numbers(array, number, first, cells);
    }
    for (value, position) in values.iter().zip(first..) {
        cells.text(&value.map(ToString::to_string).unwrap_or_default(), position);
    }
}

/// Some rows of some columns, with the types that they have in the file. The rows rise.
pub fn read_rows(path: &Path, columns: &[String], rows: &[usize]) -> std::io::Result<Vec<Column>> {
    let (first, end) = (rows.first().copied().unwrap_or(0), rows.last().map_or(0, |last| last + 1));
    let reader = ParquetReader::new(File::open(path)?).with_columns(Some(columns.to_vec()));
    let mut frame = reader.with_slice(Some((first, end - first))).finish().map_err(std::io::Error::other)?;
    if rows.len() < end - first {
        let mut is_wanted = vec![false; end - first];
        for row in rows {
            is_wanted[row - first] = true;
        }
        frame = frame.filter(&BooleanChunked::from_slice("".into(), &is_wanted)).map_err(std::io::Error::other)?;
    }
    // Row groups are pieces, of which all columns that are written must have the same.
    let column = |name: &String| frame.column(name).map(Column::rechunk).map_err(std::io::Error::other);
    columns.iter().map(column).collect()
}

/// A Parquet file that is written in slices.
pub struct ParquetTable<W: Write>(polars::prelude::BatchedWriter<W>);

impl<W: Write + Send> ParquetTable<W> {
    /// Begins a file with these columns; `metadata` are free pairs of name and text.
    pub fn new(writer: W, schema: &Schema, metadata: Vec<(String, String)>) -> std::io::Result<Self> {
        let writer = ParquetWriter::new(writer).with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)));
        writer.batched(schema).map(Self).map_err(std::io::Error::other)
    }

    /// Adds rows.
    pub fn write(&mut self, frame: &DataFrame) -> std::io::Result<()> {
        self.0.write_batch(frame).map_err(std::io::Error::other)
    }

    /// Ends the file.
    pub fn finish(self) -> std::io::Result<()> {
        self.0.finish().map(|_| ()).map_err(std::io::Error::other)
    }
}

/// Writes a small table at once.
pub fn write_parquet<W: Write + Send>(
    writer: W,
    columns: Vec<Column>,
    metadata: Vec<(String, String)>,
) -> std::io::Result<()> {
    let frame = DataFrame::new_infer_height(columns).map_err(std::io::Error::other)?;
    let mut table = ParquetTable::new(writer, frame.schema(), metadata)?;
    table.write(&frame)?;
    table.finish()
}

fn damaged(path: &Path, error: &PolarsError) -> Diagnostics {
    let message = "this is no Parquet file, or one that is damaged or was cut off";
    let hint = format!("write or download it again ({error})");
    unreadable(path, message).hint(hint).into()
}
