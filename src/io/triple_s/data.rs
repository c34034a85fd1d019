//! The data, line by line, each cell held against what the definition says of it.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8};

use super::{
    cell::{Refused, value},
    definition::{Definition, Kind, Layout, Variable},
    encoding::{Decoded, line as decoded},
    fields::Column,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::Source,
    io::damaged::unreadable,
    responses::Cells,
};

/// Lines of the data, and which of their cells are wanted.
pub(super) struct Rows {
    path: PathBuf,
    definition: Definition,
    wanted: Vec<Column>,
    lines: Lines,
    encoding: &'static Encoding,
    bytes: u64,
    read: u64,
    respondents: u64,
    /// For each wanted column what was wrong first, and in how many lines.
    wrong: Vec<Option<(Wrong, u64)>>,
}

/// A cell that is not as the definition says.
struct Wrong {
    line: u64,
    found: String,
    expected: String,
}

type Bytes = Box<dyn BufRead + Send>;

enum Lines {
    Fixed { from: Bytes, line: u64, text: Vec<u8> },
    Csv { reader: Box<csv::Reader<Bytes>>, record: ByteRecord },
}

/// Those of these columns, of which each begins a spread, where somebody chose nothing.
pub(super) fn with_none(
    path: &Path,
    definition: &Definition,
    columns: Vec<Column>,
) -> Result<Vec<Column>, Diagnostics> {
    if columns.is_empty() {
        return Ok(columns);
    }
    let mut rows = Rows::open(path, definition.clone(), columns.clone())?;
    let mut zeros: Vec<Zeros> = columns.iter().map(|_| Zeros(false)).collect();
    loop {
        let mut cells: Vec<&mut dyn Cells> = zeros.iter_mut().map(|zeros| zeros as &mut dyn Cells).collect();
        if rows.fill(&mut cells)? == 0 {
            break;
        }
    }
    Ok(columns.into_iter().zip(zeros).filter(|(_, zeros)| zeros.0).map(|(column, _)| column).collect())
}

struct Zeros(bool);

impl Cells for Zeros {
    fn text(&mut self, value: &str, _: u64) {
        self.0 |= value == "0";
    }

    fn numbers(&mut self, _: &[f64], _: u64) {}
}

impl Rows {
    /// Lines that are handed over at a time.
    const ROWS: usize = 1 << 12;
    /// No line is longer.
    const LONGEST: u64 = 1 << 26;

    pub(super) fn open(path: &Path, definition: Definition, wanted: Vec<Column>) -> Result<Self, Diagnostics> {
        let failure = |error: std::io::Error| unreadable(path, error.to_string());
        let bytes = std::fs::metadata(path).map_err(failure)?.len();
        let mut file = BufReader::with_capacity(1 << 18, File::open(path).map_err(failure)?);
        let start = file.fill_buf().map_err(failure)?;
        let (marked, length) = Encoding::for_bom(start).unzip();
        file.consume(length.unwrap_or(0));
        let encoding = marked.or(definition.encoding).unwrap_or(UTF_8);
        let (from, encoding): (Bytes, _) = if encoding.is_ascii_compatible() {
            (Box::new(file), encoding)
        } else {
            (Box::new(BufReader::new(Decoded::new(file, encoding))), UTF_8)
        };
        let lines = match definition.layout {
            Layout::Fixed => Lines::Fixed { from, line: 0, text: Vec::new() },
            Layout::Csv => {
                let mut format = ReaderBuilder::new();
                let reader = Box::new(format.has_headers(false).flexible(true).from_reader(from));
                Lines::Csv { reader, record: ByteRecord::new() }
            }
        };
        let wrong = wanted.iter().map(|_| None).collect();
        let path = path.to_owned();
        let mut rows = Self { path, definition, wanted, lines, encoding, bytes, read: 0, respondents: 0, wrong };
        for _ in 0..rows.definition.skip {
            rows.advance()?;
        }
        Ok(rows)
    }

    /// Goes to the next line that holds anything; returns its number.
    fn advance(&mut self) -> Result<Option<u64>, Diagnostics> {
        let path = &self.path;
        match &mut self.lines {
            Lines::Fixed { from, line, text } => loop {
                text.clear();
                let read = from.take(Self::LONGEST).read_until(b'\n', text);
                let read = read.map_err(|error| unreadable(path, error.to_string()))? as u64;
                self.read += read;
                *line += 1;
                if read == Self::LONGEST && text.last() != Some(&b'\n') {
                    let message = format!("line {line} does not end within 64 MB: this is no text");
                    return Err(unreadable(path, message).into());
                }
                // DOS marked the end of files with a control character.
                while text.last().is_some_and(|last| matches!(last, b'\n' | b'\r' | 0x1A)) {
                    text.pop();
                }
                if read == 0 || !text.is_empty() {
                    return Ok((read > 0).then_some(*line));
                }
            },
            Lines::Csv { reader, record } => {
                let is_there = reader.read_byte_record(record).map_err(|error| unreadable(path, error.to_string()))?;
                self.read = reader.position().byte();
                Ok(is_there.then(|| record.position().map_or(0, csv::Position::line)))
            }
        }
    }

    fn hand_over(&mut self, line: u64, columns: &mut [&mut dyn Cells]) {
        let letters = match &self.lines {
            Lines::Fixed { text, .. } => Letters::of(decoded(text, self.encoding, self.definition.other_encoding)),
            Lines::Csv { .. } => Letters::of(Cow::Borrowed("")),
        };
        for (index, (column, cells)) in self.wanted.iter().zip(columns.iter_mut()).enumerate() {
            let variable = &self.definition.variables[column.variable];
            let cell = match &self.lines {
                Lines::Fixed { .. } => letters.of_variable(variable).map(Cow::Borrowed),
                Lines::Csv { record, .. } => {
                    fields(record, variable, |bytes| decoded(bytes, self.encoding, self.definition.other_encoding))
                        .map(Cow::Owned)
                }
            };
            match cell.and_then(|cell| value(&cell, variable, column.part)) {
                Ok(value) => cells.text(&value, line),
                Err((found, expected)) => {
                    let wrong = &mut self.wrong[index];
                    wrong.get_or_insert_with(|| (Wrong { line, found, expected }, 0)).1 += 1;
                    cells.text("", line);
                }
            }
        }
    }

    fn finish(&mut self) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        let mut seen = Vec::new();
        for (column, wrong) in self.wanted.iter().zip(&self.wrong) {
            let Some((Wrong { line, found, expected }, count)) = wrong else { continue };
            // All columns of a variable stand in the same cell.
            if seen.contains(&(column.variable, *line)) {
                continue;
            }
            seen.push((column.variable, *line));
            let name = &self.definition.variables[column.variable].name;
            let more = if *count > 1 { format!("; {count} lines are wrong like this") } else { String::new() };
            let place = Place::File(self.path.display().to_string());
            let message = format!("line {line}: {name} is {found}, expected {expected}{more}");
            problems.push(Diagnostic::error("bad-cell", place, message));
        }
        if self.respondents == 0 {
            problems.push(unreadable(&self.path, "the file has no responses"));
        }
        problems.unless_errors(()).map(|_| ())
    }
}

impl Source for Rows {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        let mut rows = 0;
        while rows < Self::ROWS {
            let Some(line) = self.advance()? else { break };
            self.hand_over(line, columns);
            rows += 1;
        }
        self.respondents += rows as u64;
        if rows == 0 {
            self.finish()?;
        }
        Ok(rows)
    }

    fn part_read(&self) -> f64 {
        self.read as f64 / self.bytes.max(1) as f64
    }
}

/// A line whose letters are found by their positions.
struct Letters<'a> {
    text: Cow<'a, str>,
    /// Where each letter begins, and the last ends, unless all of them are of one byte.
    starts: Option<Vec<usize>>,
}

impl<'a> Letters<'a> {
    fn of(text: Cow<'a, str>) -> Self {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let starts = (!text.is_ascii()).then(|| starts.collect());
        Self { text, starts }
    }

    fn at(&self, position: usize) -> Option<usize> {
        match &self.starts {
            Some(starts) => starts.get(position).copied(),
            None => (position <= self.text.len()).then_some(position),
        }
    }

    /// Those at which a variable stands.
    fn of_variable(&self, variable: &Variable) -> Result<&str, Refused> {
        let (start, finish) = variable.position;
        match (self.at(start - 1), self.at(finish)) {
            (Some(from), Some(to)) => Ok(&self.text[from..to]),
            // Blanks at the end of a line get lost; a text may end early.
            (Some(from), None) if variable.kind == Kind::Character => Ok(&self.text[from..]),
            (None, None) if variable.kind == Kind::Character => Ok(""),
            _ => {
                let length = self.text.chars().count();
                let expected =
                    if start == finish { format!("it at {start}") } else { format!("it from {start} to {finish}") };
                Err((format!("not there: the line ends at {length}"), expected))
            }
        }
    }
}

/// The fields of a line that hold a variable; subfields that stand in fields of their own are put together.
fn fields<'a>(
    record: &'a ByteRecord,
    variable: &Variable,
    text: impl Fn(&'a [u8]) -> Cow<'a, str>,
) -> Result<String, Refused> {
    let (start, finish) = variable.position;
    let field = |position: usize| {
        let missing = || {
            let fields = record.len();
            (format!("not there: the line has {fields} fields"), format!("it in field {position}"))
        };
        record.get(position - 1).map(&text).ok_or_else(missing)
    };
    match variable.kind {
        Kind::Spread { width, .. } if finish > start => {
            let parts = (start..=finish).map(|position| Ok(format!("{:>width$}", field(position)?.trim())));
            parts.collect()
        }
        _ => field(start).map(Cow::into_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Letters, Variable};

    #[test]
    fn positions_are_letters() {
        let text = Variable { position: (2, 4), ..Variable::of(Kind::Character) };
        let read = |line: &'static str, variable: &Variable| {
            Letters::of(line.into()).of_variable(variable).map(str::to_owned).ok()
        };
        assert_eq!(read("aäöüb", &text).as_deref(), Some("äöü"));
        assert_eq!((read("aä", &text).as_deref(), read("", &text).as_deref()), (Some("ä"), Some("")));
        assert_eq!(read("ab", &Variable { kind: Kind::Quantity, ..text }), None);
    }
}
