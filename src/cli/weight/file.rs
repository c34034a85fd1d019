//! The file that weights are written to: beside the row or an id of each respondent, or beside all that is known of them.

use std::{
    fmt::Write as _,
    io::{BufWriter, Error, ErrorKind, Write},
    path::Path,
};

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, NewChunkedArray, Series, StringChunked};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    io::{
        CsvWriter, Format, OutputFormat, ParquetTable, SYNTHETIC_COLUMN, Separator, Table, read_rows, write_atomically,
    },
    personal::named,
    study::Study,
    survey::{Beside, Progress, WeightedRows},
};

/// What is written where.
pub(super) struct Output<'a> {
    path: &'a Path,
    format: OutputFormat,
    table: &'a Table,
    /// The columns of the responses that are written too; none for the running number of the row instead.
    kept: Vec<String>,
    /// What the column of weights is called.
    weight: &'a str,
    /// In front of decimals in a text.
    decimal: &'static str,
    /// Whether a column is added that says that responses are made up.
    marks: bool,
}

/// Whether a path means stdout.
pub(super) fn goes_to_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// The running number of each row.
const ROW: &str = "row";

impl<'a> Output<'a> {
    /// Checks what was asked for.
    pub(super) fn new(
        path: &'a Path,
        id: Option<&str>,
        all: bool,
        weight: &'a str,
        study: &Study,
        table: &'a Table,
    ) -> Result<Self, Diagnostics> {
        let place = Place::File("command line".to_owned());
        let format =
            if goes_to_stdout(path) { OutputFormat::Text(Separator::Comma) } else { OutputFormat::of(path, &place)? };
        let columns = || table.columns.iter().map(String::as_str);
        if let Some(id) = id.filter(|id| columns().all(|column| column != *id)) {
            let message = format!("there is no column `{id}`");
            let hint = did_you_mean(id, columns()).unwrap_or_else(|| format!("there are {}", quoted_list(columns())));
            return Err(Diagnostic::error("unknown-column", place, message).hint(hint).into());
        }
        let kept = if all { table.columns.clone() } else { id.map(str::to_owned).into_iter().collect() };
        let marks = study.data.synthetic && !kept.iter().any(|column| column == SYNTHETIC_COLUMN);
        let others = kept.iter().map(String::as_str);
        let mut others = others.chain(kept.is_empty().then_some(ROW)).chain(marks.then_some(SYNTHETIC_COLUMN));
        if weight.trim().is_empty() || others.any(|other| other == weight) {
            let message = if weight.trim().is_empty() {
                "a column of weights needs a name".to_owned()
            } else {
                format!("there is a column `{weight}` already")
            };
            let hint = "give the weights another name with --column";
            return Err(Diagnostic::error("duplicate-column", place, message).hint(hint).into());
        }
        let decimal = if study.data.decimal_comma { "," } else { "." };
        Ok(Self { path, format, table, kept, weight, decimal, marks })
    }

    /// A warning of columns that are copied though their names say that they identify people.
    pub(super) fn personal_data(&self) -> Diagnostics {
        let mut warnings = Diagnostics::default();
        let columns = self.kept.iter().filter(|column| named(column).is_some());
        let columns: Vec<&str> = columns.map(String::as_str).collect();
        if self.kept.len() > 1 && !columns.is_empty() {
            let message = format!("personal data are copied, by the names of {}", quoted_list(columns));
            let hint = "without --all, --id COLUMN writes only what joins the weights to the responses";
            let place = Place::File(self.place());
            warnings.push(Diagnostic::warning("personal-data", place, message).hint(hint));
        }
        warnings
    }

    /// Writes the weights; returns how many, or nothing where who reads them has gone away, as `head` does.
    pub(super) fn write(
        &self,
        rows: &mut WeightedRows<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Option<u64>, Diagnostics> {
        if goes_to_stdout(self.path) {
            return match self.fill(BufWriter::new(std::io::stdout()), rows, progress) {
                Ok(written) => Ok(Some(written)),
                Err(Failure::Writing(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(None),
                Err(Failure::Writing(error)) => Err(self.cannot_write(&error)),
                Err(Failure::Reading(problems)) => Err(problems),
            };
        }
        let (mut written, mut unreadable) = (0, None);
        let done = write_atomically(self.path, |writer| match self.fill(writer, rows, progress) {
            Ok(rows) => {
                written = rows;
                Ok(())
            }
            Err(Failure::Writing(error)) => Err(error),
            Err(Failure::Reading(problems)) => {
                unreadable = Some(problems);
                Err(Error::other("the responses cannot be read"))
            }
        });
        match (done, unreadable) {
            (_, Some(problems)) => Err(problems),
            (done, None) => done.map(|()| Some(written)),
        }
    }

    fn fill<W: Write + Send>(
        &self,
        writer: W,
        rows: &mut WeightedRows<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<u64, Failure> {
        let is_typed = self.format == OutputFormat::Parquet && self.table.format == Format::Parquet;
        let as_text: &[String] = if is_typed { &[] } else { &self.kept };
        let mut sheet = match self.format {
            OutputFormat::Text(separator) => {
                let writer = CsvWriter::separated(writer, separator, &self.header()).map_err(Failure::Writing)?;
                Sheet::Text(Box::new(writer))
            }
            OutputFormat::Parquet => Sheet::Parquet(ParquetSheet { unbegun: Some(writer), table: None }),
        };
        let (mut written, mut unwritable) = (0, None);
        // Who is joined by the number of the row is joined to the file as it is.
        let mut kept: Box<dyn Iterator<Item = usize> + Send> = match self.table.left_out() {
            Some(left_out) => Box::new(left_out.kept()),
            None => Box::new(0..),
        };
        let mut take = |weights: &[f64], beside: &[Beside]| {
            let rows: Vec<usize> = kept.by_ref().take(weights.len()).collect();
            self.add(&mut sheet, &rows, weights, beside).map_err(|error| {
                let problems = self.cannot_write(&error);
                unwritable = Some(error);
                problems
            })?;
            written += weights.len() as u64;
            Ok(())
        };
        let read = rows.read(as_text, progress, &mut take);
        match (read, unwritable) {
            (_, Some(error)) => Err(Failure::Writing(error)),
            (Err(problems), None) => Err(Failure::Reading(problems)),
            (Ok(()), None) => sheet.finish().map(|()| written).map_err(Failure::Writing),
        }
    }

    /// Where the weights go, in words.
    pub(super) fn place(&self) -> String {
        if goes_to_stdout(self.path) { "stdout".to_owned() } else { self.path.display().to_string() }
    }

    fn cannot_write(&self, error: &Error) -> Diagnostics {
        Diagnostic::error("cannot-write", Place::File(self.place()), format!("cannot write: {error}")).into()
    }

    fn header(&self) -> Vec<&str> {
        let row = self.kept.is_empty().then_some(ROW);
        let kept = self.kept.iter().map(String::as_str);
        row.into_iter().chain(kept).chain([self.weight]).chain(self.marks.then_some(SYNTHETIC_COLUMN)).collect()
    }

    fn add<W: Write + Send>(
        &self,
        sheet: &mut Sheet<W>,
        rows: &[usize],
        weights: &[f64],
        beside: &[Beside],
    ) -> std::io::Result<()> {
        match sheet {
            Sheet::Text(writer) => self.add_lines(writer, rows, weights, beside),
            Sheet::Parquet(sheet) => sheet.write(&self.frame(rows, weights, beside)?),
        }
    }

    fn add_lines<W: Write>(
        &self,
        writer: &mut CsvWriter<W>,
        rows: &[usize],
        weights: &[f64],
        beside: &[Beside],
    ) -> std::io::Result<()> {
        let mut beside: Vec<_> = beside.iter().map(Beside::cells).collect();
        let (mut row, mut number) = (String::new(), String::new());
        for (weight, position) in weights.iter().zip(rows.iter().map(|row| row + 1)) {
            row.clear();
            number.clear();
            // Writing into a text cannot fail.
            let _ = write!(row, "{position}");
            let _ = write!(number, "{weight}");
            if self.decimal != "." {
                number = number.replace('.', self.decimal);
            }
            let row = self.kept.is_empty().then_some(row.as_str());
            let cells = beside.iter_mut().map(|cells| cells.next().unwrap_or_default());
            let cells = row.into_iter().chain(cells).chain([number.as_str()]);
            writer.row(cells.chain(self.marks.then_some("1")))?;
        }
        Ok(())
    }

    fn frame(&self, rows: &[usize], weights: &[f64], beside: &[Beside]) -> std::io::Result<DataFrame> {
        let mut columns: Vec<Column> = if self.kept.is_empty() {
            vec![Column::new(ROW.into(), rows.iter().map(|row| *row as u64 + 1).collect::<Vec<u64>>())]
        } else if beside.is_empty() {
            read_rows(&self.table.path, &self.kept, rows)?
        } else {
            let column = |(name, beside): (&String, &Beside)| {
                let cells = beside.cells().map(|cell| Some(cell).filter(|cell| !cell.is_empty()));
                StringChunked::from_iter_options(name.as_str().into(), cells).into_column()
            };
            self.kept.iter().zip(beside).map(column).collect()
        };
        columns.push(Series::new(self.weight.into(), weights).into_column());
        if self.marks {
            columns.push(Column::new(SYNTHETIC_COLUMN.into(), vec![1_i32; weights.len()]));
        }
        DataFrame::new_infer_height(columns).map_err(Error::other)
    }
}

/// Why weights cannot be written.
enum Failure {
    /// The responses cannot be read.
    Reading(Diagnostics),
    /// The output cannot be written.
    Writing(Error),
}

/// A file that is being written.
enum Sheet<W: Write> {
    Text(Box<CsvWriter<W>>),
    Parquet(ParquetSheet<W>),
}

/// Its columns are known when the first rows are there.
struct ParquetSheet<W: Write> {
    unbegun: Option<W>,
    table: Option<Box<ParquetTable<W>>>,
}

impl<W: Write + Send> Sheet<W> {
    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Text(writer) => writer.finish(),
            Self::Parquet(sheet) => sheet.table.map_or(Ok(()), |table| table.finish()),
        }
    }
}

impl<W: Write + Send> ParquetSheet<W> {
    fn write(&mut self, frame: &DataFrame) -> std::io::Result<()> {
        if let Some(writer) = self.unbegun.take() {
            self.table = Some(Box::new(ParquetTable::new(writer, frame.schema(), Vec::new())?));
        }
        self.table.as_mut().map_or(Ok(()), |table| table.write(frame))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::{Column, DataFrame, ParquetReader, SerReader};

    use super::{ParquetSheet, Sheet};

    #[test]
    fn a_parquet_file_holds_the_rows_of_every_batch() {
        let mut bytes = Vec::new();
        let mut sheet = ParquetSheet { unbegun: Some(&mut bytes), table: None };
        for first in [1_u64, 4, 7] {
            let rows = Column::new("row".into(), (first..first + 3).collect::<Vec<u64>>());
            sheet.write(&DataFrame::new_infer_height(vec![rows]).expect("a frame")).expect("written");
        }
        Sheet::Parquet(sheet).finish().expect("ended");
        let frame = ParquetReader::new(Cursor::new(bytes)).finish().expect("a parquet file");
        let rows: Vec<u64> = frame.column("row").expect("there").u64().expect("numbers").into_no_null_iter().collect();
        assert_eq!(rows, (1..10).collect::<Vec<u64>>());
    }
}
