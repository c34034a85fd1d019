//! Splits pieces of whole records into cells.
//!
//! Pieces without quotes are not copied: a cell is two positions in what was read.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};
use memchr::{memchr_iter, memchr2, memchr2_iter};

use super::problems::{Problems, ShortRows};
use crate::responses::Cells;

/// How a text is split.
pub struct Splitter {
    pub format: ReaderBuilder,
    pub delimiter: u8,
    /// How many columns there are.
    pub width: usize,
    /// Those that are wanted.
    pub indices: Vec<usize>,
    pub short_rows: ShortRows,
}

/// The wanted cells of some records, column by column.
pub struct Piece<'a> {
    pub columns: Vec<Strip<'a>>,
    pub lines: Vec<u64>,
    pub problems: Problems,
}

/// The cells of one column: where each begins and ends in a text.
#[derive(Default)]
pub struct Strip<'a> {
    pub text: Cow<'a, str>,
    pub cells: Vec<(u32, u32)>,
}

impl Splitter {
    pub fn split<'a>(&self, bytes: &'a [u8], first_line: u64) -> csv::Result<Piece<'a>> {
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
                let is_blank = |cell: &(u32, u32)| text[cell.0 as usize..cell.1 as usize].trim_ascii().is_empty();
                let spilled = || record[self.width..].iter().any(|cell| !is_blank(cell));
                if record.len() == self.width || self.admits(&mut problems, &lines, (line, record.len()), spilled) {
                    lines.push(line);
                    for (index, cells) in self.indices.iter().zip(&mut columns) {
                        cells.push(record.get(*index).copied().unwrap_or((last as u32, last as u32)));
                    }
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
        let is_blank = |cell: &[u8]| cell.trim_ascii().is_empty();
        while reader.read_byte_record(&mut record)? {
            // The reader counts lines at the end of a record, and a line break of two characters only half.
            let start = record.position().map_or(0, csv::Position::byte) as usize;
            let start = start + bytes[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            line += memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
            counted = start;
            // Spreadsheets end in rows of empty cells.
            if record.iter().all(is_blank) {
                continue;
            }
            let spilled = || record.iter().skip(self.width).any(|cell| !is_blank(cell));
            if record.len() != self.width && !self.admits(&mut problems, &lines, (line, record.len()), spilled) {
                continue;
            }
            lines.push(line);
            for (index, (text, ends)) in self.indices.iter().zip(&mut columns) {
                text.extend_from_slice(record.get(*index).unwrap_or_default());
                ends.push(text.len());
            }
        }
        let columns = self.indices.iter().zip(columns);
        let columns = columns.map(|(index, (text, ends))| checked(text, ends, &lines, *index, &mut problems)).collect();
        Ok(Piece { columns, lines, problems })
    }

    /// Whether a record is taken that has not one cell for each column; `lines` are those of the records before it.
    fn admits(
        &self,
        problems: &mut Problems,
        lines: &[u64],
        (line, cells): (u64, usize),
        spilled: impl Fn() -> bool,
    ) -> bool {
        if cells < self.width {
            problems.add_short(lines.len(), line, cells, self.width);
            return self.short_rows != ShortRows::Refused;
        }
        // A separator at the end of every row, but not of the names.
        let is_long = spilled();
        if is_long {
            problems.add_long(line, cells);
        }
        !is_long
    }
}

/// The text of a piece, if nothing in it needs the rules of quotes: no quotes, UTF-8, line breaks that all readers
/// agree on, and no zeros.
fn plain(bytes: &[u8]) -> Option<&str> {
    let is_plain =
        memchr2(b'"', 0, bytes).is_none() && memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'));
    if is_plain { std::str::from_utf8(bytes).ok() } else { None }
}

impl Strip<'_> {
    pub fn hand_over(&self, lines: &[u64], cells: &mut impl Cells) {
        for ((start, end), line) in self.cells.iter().zip(lines) {
            cells.text(&self.text[*start as usize..*end as usize], *line);
        }
    }
}

/// Leaves cells blank that are no text, and notes them.
fn checked(text: Vec<u8>, ends: Vec<usize>, lines: &[u64], column: usize, problems: &mut Problems) -> Strip<'static> {
    let mut cells = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        cells.push((start, end as u32));
        start = end as u32;
    }
    let bytes = match String::from_utf8(text) {
        Ok(text) if !text.contains('\0') && cells.iter().all(|(_, end)| text.is_char_boundary(*end as usize)) => {
            return Strip { text: text.into(), cells };
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let mut text = String::new();
    for ((start, end), line) in cells.iter_mut().zip(lines) {
        let begin = text.len() as u32;
        match std::str::from_utf8(&bytes[*start as usize..*end as usize]) {
            Ok(valid) if !valid.contains('\0') => text.push_str(valid),
            _ => problems.add_broken(*line, column),
        }
        (*start, *end) = (begin, text.len() as u32);
    }
    Strip { text: text.into(), cells }
}

#[cfg(test)]
mod tests {
    use super::{Piece, ShortRows, Splitter, Strip};

    fn cells(piece: &Piece<'_>) -> Vec<Vec<String>> {
        let cell = |strip: &Strip<'_>, (start, end): (u32, u32)| strip.text[start as usize..end as usize].to_owned();
        let column = |strip: &Strip<'_>| strip.cells.iter().map(|range| cell(strip, *range)).collect();
        piece.columns.iter().map(column).collect()
    }

    fn splitter(short_rows: ShortRows) -> Splitter {
        let mut format = csv::ReaderBuilder::new();
        format.flexible(true).has_headers(false);
        Splitter { format, delimiter: b',', width: 3, indices: vec![2, 0, 2], short_rows }
    }

    #[test]
    fn text_without_quotes_is_split_as_any_other() {
        let texts = [
            "a,b,c\n1,2,3\n",
            "1,2,3\r\n4,5,6\r\n",
            "1,2,3\n\n\r\n , \t,\n4,,6",
            "1,2\n3,4,5,6\n7,8,9\n",
            "1\n2\n3,4\n3,4,5,, \n7,8\n9\n",
            ",,\n,,x\n,ä,\n",
            "1,2,3\n4\r,5,6\n",
            "1,2,3\r4,5,6\n",
            "",
        ];
        for short_rows in [ShortRows::Refused, ShortRows::Blank] {
            let splitter = splitter(short_rows);
            for text in texts {
                let seen = |piece: Piece<'_>| (cells(&piece), piece.lines.clone(), piece.problems);
                let quoted = seen(splitter.split_quoted(text.as_bytes(), 2).expect("split"));
                assert_eq!(seen(splitter.split(text.as_bytes(), 2).expect("split")), quoted, "{text:?}");
            }
        }
    }

    #[test]
    fn rows_may_end_early_where_that_was_said_and_never_spill_over() {
        let text = b"1,2,3\n4\n5,6,7,,\n8,9,10,11\n";
        let piece = splitter(ShortRows::Blank).split(text, 2).expect("split");
        assert_eq!(cells(&piece)[..2], [["3", "", "7"], ["1", "4", "5"]]);
        assert_eq!(piece.problems.long, Some((5, 4, 1)));
        let piece = splitter(ShortRows::Refused).split(text, 2).expect("split");
        assert_eq!(piece.lines, [2, 4]);
    }
}
