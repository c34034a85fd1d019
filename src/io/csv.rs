//! Text separated by commas, semicolons or tabs, in UTF-8, with one header row.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use csv::{ByteRecord, ReaderBuilder, Writer, WriterBuilder};
use memchr::{memchr, memchr_iter, memchr2_iter, memchr3, memrchr};
use rayon::prelude::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator,
    ParallelIterator,
};

use super::Separator;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    responses::Cells,
};

/// The first rows, as text.
pub fn head(path: &Path, rows: usize) -> Result<Vec<Vec<String>>, Diagnostics> {
    let (file, _, delimiter) = begin(path)?;
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(file);
    let mut head = Vec::new();
    for record in reader.byte_records().take(rows) {
        let record = record.map_err(|error| failure(path, &error.to_string()))?;
        let line = record.position().map_or(1, csv::Position::line);
        let cells = record.iter().map(|cell| std::str::from_utf8(cell).map(str::to_owned));
        match cells.collect::<Result<Vec<String>, _>>() {
            Ok(cells) => head.push(cells),
            // What is wrong below the names is told with its line when it is read.
            Err(_) if !head.is_empty() => break,
            Err(_) => return Err(not_utf8(path, line, 1).into()),
        }
    }
    match head.first() {
        Some(names) if names.iter().any(|name| !name.trim().is_empty()) => Ok(head),
        _ => Err(failure(path, "the file is empty: no header row with column names, no responses")),
    }
}

/// The separator of cells.
pub fn separator(path: &Path) -> Result<char, Diagnostics> {
    begin(path).map(|(_, _, delimiter)| char::from(delimiter))
}

/// Reads some columns of a file, block by block.
///
/// A block is cut where records end, each piece is split into cells by a thread of its own, and then each column
/// takes its cells piece by piece: so what a column sees does not depend on the number of threads. Pieces without quotes
/// are not copied: a cell is two positions in what was read.
pub struct Blocks {
    path: PathBuf,
    file: File,
    format: ReaderBuilder,
    delimiter: u8,
    width: usize,
    indices: Vec<usize>,
    /// What has been read but not handed over: begins with a record.
    text: Vec<u8>,
    line: u64,
    bytes: u64,
    is_at_end: bool,
    rows: u64,
    problems: Problems,
}

/// What is wrong with some lines; the first of each kind and how many.
#[derive(Default)]
struct Problems {
    /// Line and cells of a record with too many or too few of them.
    ragged: Option<(u64, usize, u64)>,
    /// Line of a cell that is not UTF-8.
    broken: Option<(u64, u64)>,
}

/// The wanted cells of some records, column by column.
struct Piece<'a> {
    columns: Vec<Strip<'a>>,
    lines: Vec<u64>,
    problems: Problems,
}

/// The cells of one column: where each begins and ends in a text.
#[derive(Default)]
struct Strip<'a> {
    text: Cow<'a, str>,
    cells: Vec<(u32, u32)>,
}

impl Blocks {
    /// Bytes that one thread splits at a time, and how many such pieces make a block. Each column goes over the whole
    /// block, so it must stay in the cache: blocks of 16 MB cost a third more than those of 1 MB.
    const PIECE: usize = 1 << 18;
    const PIECES: usize = 4;
    /// No record is longer; if one seems to be, a quote was not closed.
    const LONGEST_RECORD: usize = 1 << 26;

    /// Before the first record after the header rows; `indices` are the wanted columns of `width`.
    pub fn open(path: &Path, header_rows: usize, width: usize, indices: Vec<usize>) -> Result<Self, Diagnostics> {
        let (mut file, mark, delimiter) = begin(path)?;
        let mut format = ReaderBuilder::new();
        format.delimiter(delimiter).flexible(true).has_headers(false);
        let mut reader = format.from_reader(&mut file);
        let mut record = ByteRecord::new();
        for _ in 0..header_rows {
            reader.read_byte_record(&mut record).map_err(|error| failure(path, &error.to_string()))?;
        }
        let (line, bytes) = (reader.position().line(), mark + reader.position().byte());
        drop(reader);
        file.seek(SeekFrom::Start(bytes)).map_err(|error| failure(path, &error.to_string()))?;
        let file = file.into_inner();
        let problems = Problems::default();
        let (text, is_at_end, rows) = (Vec::new(), false, 0);
        let path = path.to_owned();
        Ok(Self { path, file, format, delimiter, width, indices, text, line, bytes, is_at_end, rows, problems })
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
                lines.push(lines[lines.len() - 1] + memchr_iter(b'\n', piece).count() as u64);
            }
            let pieces: Vec<csv::Result<Piece<'_>>> =
                (pieces.into_par_iter().zip(lines.par_iter())).map(|(piece, line)| self.split(piece, *line)).collect();
            let pieces: Vec<Piece<'_>> = pieces
                .into_iter()
                .collect::<csv::Result<_>>()
                .map_err(|error| failure(&self.path, &error.to_string()))?;
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
        self.bytes
    }

    /// Reads on until there is a record; returns where pieces of whole records end in `text`.
    fn read(&mut self) -> Result<Vec<usize>, Diagnostics> {
        loop {
            let wanted = Self::PIECE * Self::PIECES;
            let read = (&mut self.file).take(wanted as u64).read_to_end(&mut self.text);
            let read = read.map_err(|error| failure(&self.path, &error.to_string()))?;
            self.bytes += read as u64;
            self.is_at_end = read < wanted;
            let Cuts { mut ends, stray, open } = record_ends(&self.text, self.delimiter, Self::PIECE);
            let complain = |position: usize, message: &str, hint: &str| -> Diagnostics {
                let line = self.line + memchr_iter(b'\n', &self.text[..position]).count() as u64;
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
            if rest > Self::LONGEST_RECORD {
                let message = format!("the record that begins in line {} does not end", self.line);
                let place = Place::File(self.path.display().to_string());
                let hint = "is a quoted cell not closed?";
                return Err(Diagnostic::error("endless-record", place, message).hint(hint).into());
            }
        }
    }

    fn split<'a>(&self, bytes: &'a [u8], first_line: u64) -> csv::Result<Piece<'a>> {
        match plain(bytes) {
            Some(text) => Ok(self.split_plain(text, first_line)),
            None => self.split_quoted(bytes, first_line),
        }
    }

    /// Splits text in which every separator and every line break is one: cells are looked at where they stand.
    fn split_plain<'a>(&self, text: &'a str, first_line: u64) -> Piece<'a> {
        let bytes = text.as_bytes();
        let (mut lines, mut problems) = (Vec::new(), Problems::default());
        let mut columns: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.indices.len()];
        let mut record: Vec<(u32, u32)> = Vec::with_capacity(self.width);
        let (mut line, mut start) = (first_line, 0);
        for end in memchr2_iter(self.delimiter, b'\n', bytes).chain((!bytes.ends_with(b"\n")).then_some(bytes.len())) {
            if bytes.get(end) == Some(&self.delimiter) {
                record.push((start as u32, end as u32));
                start = end + 1;
                continue;
            }
            let last = end - usize::from(end > start && bytes[end - 1] == b'\r');
            record.push((start as u32, last as u32));
            let first = record[0].0 as usize;
            // Spreadsheets end in rows of empty cells.
            if !bytes[first..last].iter().all(|byte| *byte == self.delimiter || byte.is_ascii_whitespace()) {
                if record.len() == self.width {
                    lines.push(line);
                    for (index, cells) in self.indices.iter().zip(&mut columns) {
                        cells.push(record[*index]);
                    }
                } else {
                    problems.ragged.get_or_insert((line, record.len(), 0)).2 += 1;
                }
            }
            record.clear();
            line += 1;
            start = end + 1;
        }
        let columns = columns.into_iter().map(|cells| Strip { text: Cow::Borrowed(text), cells }).collect();
        Piece { columns, lines, problems }
    }

    fn split_quoted(&self, bytes: &[u8], first_line: u64) -> csv::Result<Piece<'static>> {
        let mut columns: Vec<(Vec<u8>, Vec<usize>)> = vec![Default::default(); self.indices.len()];
        let (mut lines, mut problems) = (Vec::new(), Problems::default());
        let mut reader = self.format.from_reader(bytes);
        let mut record = ByteRecord::new();
        let (mut line, mut counted) = (first_line, 0);
        while reader.read_byte_record(&mut record)? {
            // The reader counts lines at the end of a record, and a line break of two characters only half.
            let start = record.position().map_or(0, csv::Position::byte) as usize;
            let start = start + bytes[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            line += memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
            counted = start;
            // Spreadsheets end in rows of empty cells.
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            if record.len() != self.width {
                problems.ragged.get_or_insert((line, record.len(), 0)).2 += 1;
                continue;
            }
            lines.push(line);
            for (index, (text, ends)) in self.indices.iter().zip(&mut columns) {
                text.extend_from_slice(&record[*index]);
                ends.push(text.len());
            }
        }
        let columns = columns.into_iter().map(|(text, ends)| problems.checked(text, ends, &lines)).collect();
        Ok(Piece { columns, lines, problems })
    }

    fn finish(&mut self) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        if let Some((line, found, count)) = self.problems.ragged {
            let message = match count {
                1 => format!("line {line} has {found} cells, expected {}", self.width),
                count => {
                    format!("{count} rows do not have {} cells; the first is line {line} with {found}", self.width)
                }
            };
            let hint = "a cell that holds the separator or a line break must stand in double quotes";
            let place = Place::File(self.path.display().to_string());
            problems.push(Diagnostic::error("ragged-row", place, message).hint(hint));
        }
        if let Some((line, count)) = self.problems.broken {
            problems.push(not_utf8(&self.path, line, count));
        }
        if self.rows == 0 && problems.is_empty() {
            problems.append(failure(&self.path, "the file has a header row but no responses"));
        }
        problems.unless_errors(()).map(|_| ())
    }
}

/// The text of a piece, if nothing in it needs the rules of quotes: no quotes, UTF-8, and line breaks that all readers
/// agree on.
fn plain(bytes: &[u8]) -> Option<&str> {
    let is_plain =
        memchr(b'"', bytes).is_none() && memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'));
    if is_plain { std::str::from_utf8(bytes).ok() } else { None }
}

impl Strip<'_> {
    fn hand_over(&self, lines: &[u64], cells: &mut impl Cells) {
        for ((start, end), line) in self.cells.iter().zip(lines) {
            cells.text(&self.text[*start as usize..*end as usize], *line);
        }
    }
}

impl Problems {
    fn append(&mut self, later: &Self) {
        if let Some((line, cells, count)) = later.ragged {
            self.ragged.get_or_insert((line, cells, 0)).2 += count;
        }
        if let Some((line, count)) = later.broken {
            self.broken.get_or_insert((line, 0)).1 += count;
        }
    }

    /// Leaves cells blank that are not UTF-8, and notes them.
    fn checked(&mut self, text: Vec<u8>, ends: Vec<usize>, lines: &[u64]) -> Strip<'static> {
        let mut cells = Vec::with_capacity(ends.len());
        let mut start = 0;
        for end in ends {
            cells.push((start, end as u32));
            start = end as u32;
        }
        let bytes = match String::from_utf8(text) {
            Ok(text) if cells.iter().all(|(_, end)| text.is_char_boundary(*end as usize)) => {
                return Strip { text: text.into(), cells };
            }
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        let mut text = String::new();
        for ((start, end), line) in cells.iter_mut().zip(lines) {
            let begin = text.len() as u32;
            if let Ok(valid) = std::str::from_utf8(&bytes[*start as usize..*end as usize]) {
                text.push_str(valid);
            } else {
                let (first, count) = self.broken.get_or_insert((*line, 0));
                *first = *line.min(first);
                *count += 1;
            }
            (*start, *end) = (begin, text.len() as u32);
        }
        Strip { text: text.into(), cells }
    }
}

/// Where records end, and what is wrong with quotes.
#[derive(Default)]
struct Cuts {
    /// One end at least every so many bytes if records are so short, and the last one.
    ends: Vec<usize>,
    /// A closing quote that neither a separator nor a line break follows.
    stray: Option<usize>,
    /// An opening quote without a closing one.
    open: Option<usize>,
}

fn record_ends(text: &[u8], delimiter: u8, apart: usize) -> Cuts {
    let mut found = Cuts::default();
    let ends = &mut found.ends;
    let mut start = 0;
    if memchr(b'"', text).is_none() {
        while start < text.len() {
            let reach = (start + apart).min(text.len());
            let last = memrchr(b'\n', &text[start..reach]);
            let Some(end) = last.or_else(|| memchr(b'\n', &text[reach..]).map(|end| reach - start + end)) else {
                break;
            };
            start += end + 1;
            ends.push(start);
        }
        return found;
    }
    // Quotes may hide line breaks. A quote means something only at the start of a cell.
    let mut position = 0;
    let mut last = 0;
    while position < text.len() {
        if text[position] == b'"' {
            let opening = position;
            position += 1;
            loop {
                let Some(quote) = memchr(b'"', &text[position..]) else {
                    found.open = Some(opening);
                    position = text.len();
                    break;
                };
                position += quote + 1;
                if text.get(position) != Some(&b'"') {
                    break;
                }
                position += 1;
            }
            let after = text[position..].iter().find(|byte| **byte != b' ').copied().unwrap_or(b'\n');
            if after != delimiter && !matches!(after, b'\n' | b'\r') {
                found.stray.get_or_insert(position);
            }
        }
        let Some(end) = memchr3(delimiter, b'\n', b'\r', &text[position.min(text.len())..]) else { break };
        position += end + 1;
        if text[position - 1] == b'\n' {
            last = position;
            if last - start >= apart {
                ends.push(last);
                start = last;
            }
        }
    }
    if last > start {
        ends.push(last);
    }
    found
}

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

/// The file after a byte order mark, the length of the mark, and the separator.
fn begin(path: &Path) -> Result<(BufReader<File>, u64, u8), Diagnostics> {
    let attempt = || {
        let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
        let start = file.fill_buf()?;
        let mark = usize::from(start.starts_with(b"\xEF\xBB\xBF")) * 3;
        let delimiter = guess_delimiter(&start[mark..]);
        let foreign = no_text(start);
        file.seek(SeekFrom::Start(mark as u64))?;
        Ok((file, mark as u64, delimiter, foreign))
    };
    match attempt().map_err(|error: std::io::Error| failure(path, &error.to_string()))? {
        (_, _, _, Some((what, hint))) => {
            Err(Diagnostic::error("not-utf8", Place::File(path.display().to_string()), what).hint(hint).into())
        }
        (file, mark, delimiter, None) => Ok((file, mark, delimiter)),
    }
}

/// What a file is that is no text in UTF-8, whatever its ending says, and what to do: told by its first bytes.
fn no_text(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const BEGINNINGS: [(&[u8], &str, &str); 7] = [
        (b"PK\x03\x04", "this is an Excel workbook, or another zip file, whatever its ending says", RESAVE),
        (b"\xD0\xCF\x11\xE0", "this is an old Excel workbook, whatever its ending says", RESAVE),
        (b"\xFF\xFE", UTF16, RESAVE),
        (b"\xFE\xFF", UTF16, RESAVE),
        (b"$FL", "this is an SPSS file", "its format is sav: leave the format out"),
        (b"<stata", "this is a Stata file", "its format is dta: leave the format out"),
        (b"PAR1", "this is a Parquet file, whatever its ending says", "let its name end in .parquet"),
    ];
    const LOOKED_AT: usize = 200;
    const UTF16: &str = "the file is in UTF-16, as Excel's \"Unicode text\" is; topline reads UTF-8";
    const RESAVE: &str = "in Excel, save the sheet as \"CSV UTF-8 (comma delimited)\"";
    let known = BEGINNINGS.iter().find(|(beginning, ..)| start.starts_with(beginning));
    // Every other byte of Western text in UTF-16 is zero.
    let zeros = memchr_iter(0, &start[..start.len().min(LOOKED_AT)]).count();
    let unmarked = (zeros * 3 > start.len().min(LOOKED_AT)).then_some((UTF16, RESAVE));
    known.map(|(_, what, hint)| (*what, *hint)).or(unmarked)
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
    let hint = "in Excel, save it as \"CSV UTF-8\"; or convert it: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv";
    Diagnostic::error("not-utf8", Place::File(path.display().to_string()), message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::{Blocks, Piece, Strip, guess_delimiter, no_text, record_ends};

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (start, expected) in [
            (&b"PK\x03\x04\x14\x00"[..], "Excel"),
            (&utf16("a;b\n\u{fc};1\n"), "UTF-16"),
            (&[&b"\xFF\xFE"[..], &utf16("a;b")].concat(), "UTF-16"),
            (b"PAR1", "Parquet"),
        ] {
            assert!(no_text(start).expect("no text").0.contains(expected), "{expected}");
        }
        assert_eq!(no_text("\u{feff}a,b\nä,1\n".as_bytes()), None);
        assert_eq!(no_text(b""), None);
    }

    #[test]
    fn text_without_quotes_is_split_as_any_other() {
        let texts = [
            "a,b,c\n1,2,3\n",
            "1,2,3\r\n4,5,6\r\n",
            "1,2,3\n\n\r\n , \t,\n4,,6",
            "1,2\n3,4,5,6\n7,8,9\n",
            ",,\n,,x\n,ä,\n",
            "1,2,3\n4\r,5,6\n",
            "1,2,3\r4,5,6\n",
            "",
        ];
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.csv");
        std::fs::write(&path, "a,b,c\n1,2,3\n").expect("written");
        let blocks = Blocks::open(&path, 1, 3, vec![2, 0, 2]).expect("opened");
        for text in texts {
            let seen = |piece: Piece<'_>| {
                let cells = |strip: &Strip<'_>| -> Vec<String> {
                    strip
                        .cells
                        .iter()
                        .map(|(start, end)| strip.text[*start as usize..*end as usize].to_owned())
                        .collect()
                };
                (piece.columns.iter().map(cells).collect::<Vec<_>>(), piece.lines, piece.problems.ragged)
            };
            let quoted = seen(blocks.split_quoted(text.as_bytes(), 2).expect("split"));
            assert_eq!(seen(blocks.split(text.as_bytes(), 2).expect("split")), quoted, "{text:?}");
        }
    }

    #[test]
    fn records_end_at_line_breaks_outside_quotes() {
        assert_eq!(record_ends(b"a,b\nc,d\ne", b',', 1).ends, [4, 8]);
        assert_eq!(record_ends(b"a,b\nc,d\ne", b',', 100).ends, [8]);
        assert_eq!(record_ends(b"\"a\nb\",c\n\"d\"\"\n\",e\nf", b',', 1).ends, [8, 17]);
        assert_eq!(record_ends(b"5\" nail,c\nd,e\n", b',', 1).ends, [10, 14]);
        assert_eq!(record_ends(b"a,\"never closed\n", b',', 1).open, Some(2));
        assert_eq!(record_ends(b"a,\"b\nc,\"d\n", b',', 1).stray, Some(8));
        assert_eq!(record_ends(b"a,\"b\" ,\"\"\n", b',', 1).stray, None);
        assert_eq!(record_ends(b"a\r\n\"b\r\n\"\r\n", b',', 1).ends, [3, 10]);
    }

    #[test]
    fn the_separator_is_seen_in_the_header() {
        assert_eq!(guess_delimiter(b"a,b,c\n1;2;3;4;5"), b',');
        assert_eq!(guess_delimiter(b"\"a,b,c\";d;e\n"), b';');
        assert_eq!(guess_delimiter(b"a\tb\n"), b'\t');
        assert_eq!(guess_delimiter(b"single"), b',');
    }
}
