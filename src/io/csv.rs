//! Text separated by commas, semicolons or tabs, in UTF-8, with one header row.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use csv::{ByteRecord, ReaderBuilder, Writer, WriterBuilder};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    responses::Cells,
};

/// The names in the header row.
pub fn columns(path: &Path) -> Result<Vec<String>, Diagnostics> {
    let mut reader = open(path)?;
    let header = reader.byte_headers().map_err(|error| failure(path, &error.to_string()))?.clone();
    if header.is_empty() || header.iter().all(<[u8]>::is_empty) {
        return Err(failure(path, "the file has no header row with column names"));
    }
    let names = header.iter().map(|name| std::str::from_utf8(name).map(|name| name.trim().to_owned()));
    names.collect::<Result<_, _>>().map_err(|_| not_utf8(path, 1, 1).into())
}

/// Hands the cells of the columns at `indices` to `cells`, row by row.
pub fn read(
    path: &Path,
    width: usize,
    indices: &[usize],
    cells: &mut impl Cells,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Diagnostics> {
    const ROWS_BETWEEN_PROGRESS: u64 = 1 << 14;
    let mut reader = open(path)?;
    let mut record = ByteRecord::new();
    let mut ragged: Option<(u64, usize, u64)> = None;
    let mut broken: Option<(u64, u64)> = None;
    let mut rows = 0_u64;
    while reader.read_byte_record(&mut record).map_err(|error| failure(path, &error.to_string()))? {
        let position = record.position();
        let line = position.map_or(0, csv::Position::line);
        if record.len() != width {
            let (_, _, count) = ragged.get_or_insert((line, record.len(), 0));
            *count += 1;
            continue;
        }
        for (column, index) in indices.iter().enumerate() {
            let value = std::str::from_utf8(&record[*index]).unwrap_or_else(|_| {
                broken.get_or_insert((line, 0)).1 += 1;
                ""
            });
            cells.text(column, value, line);
        }
        cells.end_of_rows(1);
        rows += 1;
        if rows.is_multiple_of(ROWS_BETWEEN_PROGRESS) {
            progress(position.map_or(0, csv::Position::byte));
        }
    }
    let mut problems = Diagnostics::default();
    if let Some((line, found, count)) = ragged {
        let message = match count {
            1 => format!("line {line} has {found} cells, expected {width}"),
            count => format!("{count} rows do not have {width} cells; the first is line {line} with {found}"),
        };
        let hint = "a cell that holds the separator or a line break must stand in double quotes";
        problems.push(Diagnostic::error("ragged-row", Place::File(path.display().to_string()), message).hint(hint));
    }
    if let Some((line, count)) = broken {
        problems.push(not_utf8(path, line, count));
    }
    if rows == 0 && problems.is_empty() {
        problems.append(failure(path, "the file has a header row but no responses"));
    }
    problems.unless_errors(()).map(|_| ())
}

/// Writes rows of text cells.
pub struct CsvWriter<W: Write>(Writer<W>);

impl<W: Write> CsvWriter<W> {
    /// Begins with the header row.
    pub fn new(writer: W, header: &[&str]) -> std::io::Result<Self> {
        let mut writer = WriterBuilder::new().from_writer(writer);
        writer.write_record(header)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> std::io::Result<()> {
        Ok(self.0.write_record(cells)?)
    }

    /// Ends the file.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

fn open(path: &Path) -> Result<csv::Reader<BufReader<File>>, Diagnostics> {
    let attempt = || {
        let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
        let start = file.fill_buf()?;
        let mark = usize::from(start.starts_with(b"\xEF\xBB\xBF")) * 3;
        let delimiter = guess_delimiter(&start[mark..]);
        let is_utf16 = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
        file.seek(SeekFrom::Start(mark as u64))?;
        Ok((file, delimiter, is_utf16))
    };
    let (file, delimiter, is_utf16) = attempt().map_err(|error: std::io::Error| failure(path, &error.to_string()))?;
    if is_utf16 {
        return Err(not_utf8(path, 1, 1).into());
    }
    Ok(ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(file))
}

/// The separator that is most frequent outside quotes in the header row.
fn guess_delimiter(start: &[u8]) -> u8 {
    let mut quoted = false;
    let header = start.iter().take_while(|byte| {
        quoted ^= **byte == b'"';
        quoted || **byte != b'\n'
    });
    let header: Vec<u8> = header.copied().collect();
    let count = |delimiter: u8| {
        let mut quoted = false;
        header
            .iter()
            .filter(|byte| {
                quoted ^= **byte == b'"';
                !quoted && **byte == delimiter
            })
            .count()
    };
    // `max_by_key` keeps the last of equals, so the comma stands last.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn failure(path: &Path, message: &str) -> Diagnostics {
    Diagnostic::error("unreadable", Place::File(path.display().to_string()), message).into()
}

fn not_utf8(path: &Path, line: u64, cells: u64) -> Diagnostic {
    let message = match cells {
        1 => format!("a cell in line {line} is not text in UTF-8"),
        cells => format!("{cells} cells are not text in UTF-8; the first is in line {line}"),
    };
    let hint = "save the file as \"CSV UTF-8\", or convert it: iconv -f WINDOWS-1252 -t UTF-8";
    Diagnostic::error("not-utf8", Place::File(path.display().to_string()), message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::guess_delimiter;

    #[test]
    fn the_separator_is_seen_in_the_header() {
        assert_eq!(guess_delimiter(b"a,b,c\n1;2;3;4;5"), b',');
        assert_eq!(guess_delimiter(b"\"a,b,c\";d;e\n"), b';');
        assert_eq!(guess_delimiter(b"a\tb\n"), b'\t');
        assert_eq!(guess_delimiter(b"single"), b',');
    }
}
