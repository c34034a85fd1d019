//! Apache Parquet, read row group by row group so that memory does not grow with the file.

use std::{fs::File, io::Write, path::Path};

use polars::prelude::{
    Column, DataFrame, DataType, KeyValueMetadata, ParquetReader, ParquetWriter, PolarsError, Schema, SerReader,
};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    responses::Cells,
};

/// The names of the columns, and how many rows there are.
pub fn columns(path: &Path) -> Result<(Vec<String>, u64), Diagnostics> {
    let attempt = || {
        let mut reader = ParquetReader::new(File::open(path)?);
        let names = reader.schema()?.iter_names().map(ToString::to_string).collect();
        Ok((names, reader.num_rows()? as u64))
    };
    attempt().map_err(|error: PolarsError| failure(path, &error.to_string()))
}

/// Hands the cells of the columns `wanted` to `cells`, a slice of a row group at a time.
pub fn read(
    path: &Path,
    wanted: &[String],
    bytes: u64,
    cells: &mut impl Cells,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Diagnostics> {
    const ROWS_AT_ONCE: usize = 1 << 17;
    let mut columns = wanted.to_vec();
    columns.sort();
    columns.dedup();
    let mut attempt = || {
        let mut reader = ParquetReader::new(File::open(path)?);
        let metadata = reader.get_metadata()?.clone();
        let mut start = 0;
        for group in &metadata.row_groups {
            let end = start + group.num_rows();
            while start < end {
                let rows = ROWS_AT_ONCE.min(end - start);
                let mut reader = ParquetReader::new(File::open(path)?)
                    .with_columns(Some(columns.clone()))
                    .with_slice(Some((start, rows)));
                reader.set_metadata(metadata.clone());
                let frame = reader.finish()?;
                for (index, name) in wanted.iter().enumerate() {
                    hand_over(frame.column(name)?, index, start, cells)?;
                }
                cells.end_of_rows(rows);
                start += rows;
                progress(bytes * start as u64 / metadata.num_rows.max(1) as u64);
            }
        }
        Ok(metadata.num_rows)
    };
    match attempt().map_err(|error: PolarsError| failure(path, &error.to_string()))? {
        0 => Err(failure(path, "the file has no responses")),
        _ => Ok(()),
    }
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

fn hand_over(column: &Column, index: usize, start: usize, cells: &mut impl Cells) -> Result<(), PolarsError> {
    let position = |row: usize| (start + row + 1) as u64;
    let dtype = column.dtype();
    if dtype.is_primitive_numeric() || *dtype == DataType::Boolean {
        for (row, value) in column.cast(&DataType::Float64)?.f64()?.iter().enumerate() {
            cells.number(index, value, position(row));
        }
    } else {
        for (row, value) in column.cast(&DataType::String)?.str()?.iter().enumerate() {
            cells.text(index, value.unwrap_or_default(), position(row));
        }
    }
    Ok(())
}

fn failure(path: &Path, message: &str) -> Diagnostics {
    Diagnostic::error("unreadable", Place::File(path.display().to_string()), message).into()
}
