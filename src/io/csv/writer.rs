//! Writes text separated by commas or tabs, in UTF-8.

use std::io::Write;

use csv::{Writer, WriterBuilder};

use super::super::Separator;

/// Writes rows of text cells.
pub struct CsvWriter<W: Write>(Writer<W>);

impl<W: Write> CsvWriter<W> {
    /// Begins with the header row, with commas between cells.
    pub fn new(writer: W, header: &[&str]) -> std::io::Result<Self> {
        Self::separated(writer, Separator::Comma, header)
    }

    /// The same with another separator.
    pub fn separated(writer: W, separator: Separator, header: &[&str]) -> std::io::Result<Self> {
        let separator = match separator {
            Separator::Comma => b',',
            Separator::Tab => b'\t',
        };
        let mut writer = WriterBuilder::new().delimiter(separator).from_writer(writer);
        writer.write_record(header).map_err(writing_error)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> std::io::Result<()> {
        self.0.write_record(cells).map_err(writing_error)
    }

    /// Ends the file.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// What went wrong below the writer of records, of the kind that it was: a broken pipe is no other failure.
fn writing_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => std::io::Error::other("a record of another length than the header"),
    }
}
