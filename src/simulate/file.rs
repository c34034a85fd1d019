//! The file that made-up responses are written to.

use std::{fmt::Write as _, io::Write, ops::Range};

use polars::prelude::{Column, DataFrame, IntoColumn, NewChunkedArray, StringChunked};

use super::{
    plan::{Look, Output},
    respondents::Rows,
};
use crate::{
    io::{CsvWriter, OutputFormat, ParquetTable, SYNTHETIC_COLUMN},
    responses,
};

/// A file of responses that is being written.
pub enum ResponseFile<W: Write> {
    /// As text, with this in front of decimals.
    Csv(Box<CsvWriter<W>>, &'static str),
    /// As Parquet.
    Parquet(Box<ParquetTable<W>>),
}

impl<W: Write + Send> ResponseFile<W> {
    /// Begins a file with these columns and the one that says that no person answered.
    pub fn new(
        writer: W,
        format: OutputFormat,
        outputs: &[Output],
        seed: u64,
        decimal_comma: bool,
    ) -> std::io::Result<Self> {
        match format {
            OutputFormat::Text(separator) => {
                let names = outputs.iter().map(|output| output.name.as_str());
                let header: Vec<&str> = names.chain([SYNTHETIC_COLUMN]).collect();
                let decimal = if decimal_comma { "," } else { "." };
                CsvWriter::separated(writer, separator, &header).map(|writer| Self::Csv(Box::new(writer), decimal))
            }
            OutputFormat::Parquet => {
                let note = format!("true: made by topline simulate, seed {seed}; no person answered");
                let metadata = vec![(SYNTHETIC_COLUMN.to_owned(), note)];
                let columns = outputs.iter().map(|output| match &output.look {
                    Look::Codes(_) => parquet_column(output, &responses::Column::Codes(Vec::new())),
                    Look::Packed(_) => packed_column(output, Vec::new()),
                    _ => parquet_column(output, &responses::Column::Numbers(Vec::new())),
                });
                let frame = frame(columns.collect(), 0)?;
                ParquetTable::new(writer, frame.schema(), metadata).map(|table| Self::Parquet(Box::new(table)))
            }
        }
    }

    /// Adds rows.
    pub fn write(&mut self, outputs: &[Output], rows: &Rows) -> std::io::Result<()> {
        match self {
            Self::Csv(writer, decimal) => write_csv(writer, decimal, outputs, rows),
            Self::Parquet(table) => {
                let columns = outputs.iter().map(|output| match &output.look {
                    Look::Packed(packed) => {
                        packed_column(output, (0..rows.batch.rows).map(|row| packed.cell(&rows.batch, row)).collect())
                    }
                    _ => parquet_column(output, &rows.batch.columns[output.position]),
                });
                table.write(&frame(columns.collect(), rows.batch.rows)?)
            }
        }
    }

    /// Ends the file.
    pub fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Csv(writer, _) => writer.finish(),
            Self::Parquet(table) => table.finish(),
        }
    }
}

/// Where the text of a cell is.
enum Cell<'a> {
    Known(&'a str),
    Made(Range<usize>),
}

fn write_csv<W: Write>(
    writer: &mut CsvWriter<W>,
    decimal: &str,
    outputs: &[Output],
    rows: &Rows,
) -> std::io::Result<()> {
    let mut digits = String::new();
    let mut cells = Vec::with_capacity(outputs.len());
    for row in 0..rows.batch.rows {
        digits.clear();
        cells.clear();
        for output in outputs {
            cells.push(match (&output.look, &rows.batch.columns[output.position]) {
                (Look::Packed(packed), _) => {
                    let start = digits.len();
                    digits.push_str(&packed.cell(&rows.batch, row));
                    Cell::Made(start..digits.len())
                }
                (Look::Codes(values), column) => Cell::Known(text(values, column.codes()[row]).unwrap_or_default()),
                (look, column) => {
                    let start = digits.len();
                    write_number(&mut digits, look, column.numbers()[row]);
                    if decimal != "."
                        && let Some(point) = digits[start..].find('.')
                    {
                        digits.replace_range(start + point..=start + point, decimal);
                    }
                    Cell::Made(start..digits.len())
                }
            });
        }
        let texts = cells.iter().map(|cell| match cell {
            Cell::Known(text) => text,
            Cell::Made(range) => &digits[range.clone()],
        });
        writer.row(texts.chain(["1"]))?;
    }
    Ok(())
}

fn write_number(text: &mut String, look: &Look, number: f64) {
    // Formatting into a String cannot fail.
    let _ = match look {
        _ if number.is_nan() => Ok(()),
        Look::Decimals(decimals) => write!(text, "{number:.decimals$}"),
        _ => write!(text, "{}", number as i64),
    };
}

fn frame(mut columns: Vec<Column>, rows: usize) -> std::io::Result<DataFrame> {
    columns.push(Column::new(SYNTHETIC_COLUMN.into(), vec![1_i32; rows]));
    DataFrame::new_infer_height(columns).map_err(std::io::Error::other)
}

fn parquet_column(output: &Output, column: &responses::Column) -> Column {
    let name = output.name.as_str().into();
    match &output.look {
        Look::Codes(values) => match numbers_of(values) {
            Some(numbers) => {
                let cells = column.codes().iter().map(|code| numbers.get(usize::from(*code)).copied());
                Column::new(name, cells.collect::<Vec<Option<i32>>>())
            }
            None => StringChunked::from_iter_options(name, column.codes().iter().map(|code| text(values, *code)))
                .into_column(),
        },
        Look::Whole => {
            let cells = column.numbers().iter().map(|number| (!number.is_nan()).then_some(*number as i64));
            Column::new(name, cells.collect::<Vec<Option<i64>>>())
        }
        Look::Decimals(_) | Look::Packed(_) => Column::new(name, column.numbers().to_vec()),
    }
}

fn packed_column(output: &Output, cells: Vec<String>) -> Column {
    let cells = cells.into_iter().map(|cell| Some(cell).filter(|cell| !cell.is_empty()));
    StringChunked::from_iter_options(output.name.as_str().into(), cells).into_column()
}

/// The codes as whole numbers if all are written like ones.
fn numbers_of(values: &[String]) -> Option<Vec<i32>> {
    values.iter().map(|value| value.parse().ok().filter(|number: &i32| number.to_string() == *value)).collect()
}

fn text(values: &[String], code: u8) -> Option<&str> {
    values.get(usize::from(code)).map(String::as_str)
}
