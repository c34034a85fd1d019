//! CSV and Parquet, with a codebook beside them.

use std::{
    io::{Error, Write},
    path::PathBuf,
};

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, NewChunkedArray, Schema, Series, StringChunked};

use super::{kept::Kept, shape::Shape};
use crate::{
    diagnostic::Diagnostics,
    io::{CsvWriter, ParquetTable, codebook_text, write_atomically},
    responses::Texts,
};

/// Writes a CSV file and its codebook.
pub(super) fn write_csv(kept: &Kept<'_>, files: &[PathBuf], progress: &mut dyn FnMut(u64)) -> Result<u64, Diagnostics> {
    let header: Vec<&str> = kept.columns.iter().map(|shape| shape.profile.column.as_str()).collect();
    let rows = with_blocks(kept, &files[0], progress, |writer, blocks| {
        let mut writer = CsvWriter::new(writer, &header)?;
        let rows = blocks(&mut |texts, rows| {
            (0..rows).try_for_each(|row| writer.row(texts.iter().map(|cells| cells.cell(row).trim())))
        })?;
        writer.finish()?;
        Ok(rows)
    })?;
    write_codebook(kept, &files[1])?;
    Ok(rows)
}

/// Writes a Parquet file and its codebook.
pub(super) fn write_parquet(
    kept: &Kept<'_>,
    files: &[PathBuf],
    progress: &mut dyn FnMut(u64),
) -> Result<u64, Diagnostics> {
    let forms: Vec<Form> = kept.columns.iter().map(Form::of).collect();
    let names: Vec<&str> = kept.columns.iter().map(|shape| shape.profile.column.as_str()).collect();
    let empty: Vec<Column> =
        names.iter().zip(&forms).map(|(name, form)| form.column(name, &Texts::default())).collect();
    let rows = with_blocks(kept, &files[0], progress, |writer, blocks| {
        let frame = |columns| DataFrame::new_infer_height(columns).map_err(Error::other);
        let schema: Schema = (**frame(empty)?.schema()).clone();
        let mut table = ParquetTable::new(writer, &schema, Vec::new())?;
        let rows = blocks(&mut |texts, _| {
            let columns = names.iter().zip(&forms).zip(texts).map(|((name, form), cells)| form.column(name, cells));
            table.write(&frame(columns.collect())?)
        })?;
        table.finish()?;
        Ok(rows)
    })?;
    write_codebook(kept, &files[1])?;
    Ok(rows)
}

/// Hands over blocks of cells.
type Blocks<'a> = dyn FnMut(&mut dyn FnMut(&[Texts], usize) -> std::io::Result<()>) -> std::io::Result<u64> + 'a;

/// Writes a file from blocks; what is wrong with the input is told as such.
pub(super) fn with_blocks<T>(
    kept: &Kept<'_>,
    path: &std::path::Path,
    progress: &mut dyn FnMut(u64),
    write: impl FnOnce(&mut std::io::BufWriter<&mut std::fs::File>, &mut Blocks<'_>) -> std::io::Result<T>,
) -> Result<T, Diagnostics> {
    let (mut unreadable, mut written) = (None, None);
    let done = write_atomically(path, |writer| {
        let mut blocks =
            |take: &mut dyn FnMut(&[Texts], usize) -> std::io::Result<()>| match kept.blocks(progress, take) {
                Ok(rows) => rows,
                Err(problems) => {
                    unreadable = Some(problems);
                    Err(Error::other("the responses cannot be read"))
                }
            };
        written = Some(write(writer, &mut blocks)?);
        Ok(())
    });
    match (unreadable, done, written) {
        (Some(problems), ..) | (None, Err(problems), _) => Err(problems),
        (None, Ok(()), Some(written)) => Ok(written),
        (None, Ok(()), None) => Err(Diagnostics::default()),
    }
}

fn write_codebook(kept: &Kept<'_>, path: &std::path::Path) -> Result<(), Diagnostics> {
    write_atomically(path, |writer| writer.write_all(codebook_text(&kept.codebook).as_bytes()))
}

/// How a column is stored.
#[derive(Clone, Copy)]
enum Form {
    Whole,
    Number,
    Text,
}

impl Form {
    fn of(shape: &Shape) -> Self {
        match () {
            () if shape.profile.filled == 0 || !shape.is_plainly_numeric() => Self::Text,
            () if shape.decimals == 0 => Self::Whole,
            () => Self::Number,
        }
    }

    fn column(self, name: &str, cells: &Texts) -> Column {
        let cells = cells.cells().map(str::trim);
        match self {
            Self::Whole => Series::new(name.into(), cells.map(|cell| cell.parse().ok()).collect::<Vec<Option<i64>>>())
                .into_column(),
            Self::Number => Series::new(name.into(), cells.map(|cell| cell.parse().ok()).collect::<Vec<Option<f64>>>())
                .into_column(),
            Self::Text => {
                let cells = cells.map(|cell| Some(cell).filter(|cell| !cell.is_empty()));
                StringChunked::from_iter_options(name.into(), cells).into_column()
            }
        }
    }
}
