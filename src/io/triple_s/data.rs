//! The data, line by line, each cell held against what the definition says of it.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8};

use super::{
    definition::{Codes, Definition, Kind, Layout, Variable, canonical},
    encoding::{Decoded, line as decoded},
    fields::{Column, Part},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::Source,
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
    rows: u64,
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

/// Whether somebody chose nothing of a spread that begins with this column.
pub(super) fn has_none(path: &Path, definition: &Definition, column: &Column) -> Result<bool, Diagnostics> {
    let mut rows = Rows::open(path, definition.clone(), vec![column.clone()])?;
    let mut zeros = Zeros(false);
    while rows.fill(&mut [&mut zeros])? > 0 {}
    Ok(zeros.0)
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
        let failure = |error: std::io::Error| Diagnostics::from(failure(path, &error.to_string()));
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
        let mut rows = Self { path, definition, wanted, lines, encoding, bytes, read: 0, rows: 0, wrong };
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
                let read = read.map_err(|error| failure(path, &error.to_string()))? as u64;
                self.read += read;
                *line += 1;
                if read == Self::LONGEST && text.last() != Some(&b'\n') {
                    let message = format!("line {line} does not end within 64 MB: this is no text");
                    return Err(failure(path, &message).into());
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
                let is_there = reader.read_byte_record(record).map_err(|error| failure(path, &error.to_string()))?;
                self.read = reader.position().byte();
                Ok(is_there.then(|| record.position().map_or(0, csv::Position::line)))
            }
        }
    }

    fn hand_over(&mut self, line: u64, columns: &mut [&mut dyn Cells]) {
        let text = match &self.lines {
            Lines::Fixed { text, .. } => Some(decoded(text, self.encoding)),
            Lines::Csv { .. } => None,
        };
        let text = text.as_deref().unwrap_or_default();
        for (index, (column, cells)) in self.wanted.iter().zip(columns.iter_mut()).enumerate() {
            let variable = &self.definition.variables[column.variable];
            let cell = match &self.lines {
                Lines::Fixed { .. } => positions(text, variable).map(str::to_owned),
                Lines::Csv { record, .. } => fields(record, variable, self.encoding),
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
        if self.rows == 0 {
            problems.push(failure(&self.path, "the file has no responses"));
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
        self.rows += rows as u64;
        if rows == 0 {
            self.finish()?;
        }
        Ok(rows)
    }

    fn part_read(&self) -> f64 {
        self.read as f64 / self.bytes.max(1) as f64
    }
}

/// What was found, and what was expected.
type Refused = (String, String);

/// The characters of a line at which a variable stands.
fn positions<'a>(line: &'a str, variable: &Variable) -> Result<&'a str, Refused> {
    let (start, finish) = variable.position;
    let at = |position: usize| match line.is_ascii() {
        true => (position <= line.len()).then_some(position),
        false => line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(position),
    };
    match (at(start - 1), at(finish)) {
        (Some(from), Some(to)) => Ok(&line[from..to]),
        // Blanks at the end of a line get lost; a text may end early.
        (Some(from), None) if variable.kind == Kind::Character => Ok(&line[from..]),
        (None, None) if variable.kind == Kind::Character => Ok(""),
        _ => {
            let length = line.chars().count();
            let expected =
                if start == finish { format!("it at {start}") } else { format!("it from {start} to {finish}") };
            Err((format!("not there: the line ends at {length}"), expected))
        }
    }
}

/// The fields of a line that hold a variable; subfields that stand in fields of their own are put together.
fn fields(record: &ByteRecord, variable: &Variable, encoding: &'static Encoding) -> Result<String, Refused> {
    let (start, finish) = variable.position;
    let field = |position: usize| {
        let missing = || {
            let fields = record.len();
            (format!("not there: the line has {fields} fields"), format!("it in field {position}"))
        };
        record.get(position - 1).map(|bytes| decoded(bytes, encoding)).ok_or_else(missing)
    };
    match variable.kind {
        Kind::Spread { width, .. } if finish > start => {
            let parts = (start..=finish).map(|position| Ok(format!("{:>width$}", field(position)?.trim())));
            parts.collect()
        }
        _ => field(start).map(std::borrow::Cow::into_owned),
    }
}

/// What a cell says of a column.
fn value(cell: &str, variable: &Variable, part: Part) -> Result<String, Refused> {
    let trimmed = cell.trim();
    let refuse = |expected: String| Err((format!("{trimmed:?}"), expected));
    if trimmed.is_empty() {
        return Ok(String::new());
    }
    match (variable.kind, part) {
        (Kind::Bits, Part::Bit(code)) => match cell.chars().nth(code - 1) {
            _ if !cell.chars().all(|bit| matches!(bit, '0' | '1' | ' ')) => refuse("a 0 or 1 for each code".to_owned()),
            Some('1') => Ok("1".to_owned()),
            Some(_) => Ok("0".to_owned()),
            None => refuse(format!("a 0 or 1 for each code, also for {code}")),
        },
        (Kind::Spread { subfields, width }, Part::Subfield(index)) => {
            let letters: Vec<char> = cell.chars().collect();
            let subfield = |index: usize| -> String {
                letters.iter().skip(index * width).take(width).collect::<String>().trim().to_owned()
            };
            let is_unused = |text: &str| text.is_empty() || text.chars().all(|letter| letter == '0');
            let own = subfield(index);
            if is_unused(&own) {
                let chose_nothing = index == 0 && (0..subfields).all(|index| is_unused(&subfield(index)));
                return Ok(if chose_nothing { "0" } else { "" }.to_owned());
            }
            code(&own, variable, Codes::Numeric).or_else(|expected| Err((format!("{own:?}"), expected)))
        }
        (Kind::Single(codes), _) => code(trimmed, variable, codes).or_else(refuse),
        (Kind::Logical, _) if matches!(trimmed, "0" | "1") => Ok(trimmed.to_owned()),
        (Kind::Logical, _) => refuse("0 or 1".to_owned()),
        (Kind::Quantity, _) => match trimmed.parse::<f64>() {
            Ok(number) if number.is_finite() && is_listed(trimmed, variable) => Ok(trimmed.to_owned()),
            Ok(number) if number.is_finite() => refuse(listed(variable)),
            _ => refuse("a number with a point before decimals".to_owned()),
        },
        (Kind::Date, _) => date(trimmed).map_or_else(|| refuse("a date as YYYYMMDD".to_owned()), Ok),
        (Kind::Time, _) => time(trimmed).map_or_else(|| refuse("a time as HHMMSS".to_owned()), Ok),
        _ => Ok(trimmed.to_owned()),
    }
}

/// A code as the definition has it, or what was expected.
fn code(text: &str, variable: &Variable, codes: Codes) -> Result<String, String> {
    let code = match codes {
        Codes::Literal => Some(text.to_owned()),
        Codes::Numeric => canonical(text),
    };
    code.filter(|code| is_listed(code, variable)).ok_or_else(|| listed(variable))
}

fn is_listed(text: &str, variable: &Variable) -> bool {
    if variable.codes.is_empty() && variable.ranges.is_empty() {
        return true;
    }
    let number = text.parse::<f64>().ok();
    let is_code = |code: &str| code == text || number.is_some_and(|number| code.parse() == Ok(number));
    let is_within = |(low, high): &(f64, f64)| number.is_some_and(|number| (*low..=*high).contains(&number));
    variable.codes.iter().any(|code| is_code(&code.code)) || variable.ranges.iter().any(is_within)
}

/// What may stand in a cell, in words.
fn listed(variable: &Variable) -> String {
    const MOST: usize = 12;
    let ranges = variable.ranges.iter().map(|(low, high)| format!("{low} to {high}"));
    let mut all: Vec<String> = ranges.chain(variable.codes.iter().map(|code| code.code.clone())).collect();
    if all.len() > MOST {
        all.truncate(MOST);
        all.push("…".to_owned());
    }
    format!("one of {}", all.join(", "))
}

/// `20260131` and `2026-01-31` as the latter.
fn date(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    let is_one = ("01"..="12").contains(&month) && ("01"..="31").contains(&day);
    is_one.then(|| format!("{year}-{month}-{day}"))
}

/// `1830`, `183059` and `18:30:59` as the last.
fn time(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|letter| *letter != ':').collect();
    if ![4, 6].contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hour, minute, second) = (&digits[..2], &digits[2..4], digits.get(4..6).unwrap_or("00"));
    let is_one = hour < "24" && minute < "60" && second < "60";
    is_one.then(|| format!("{hour}:{minute}:{second}"))
}

fn failure(path: &Path, message: &str) -> Diagnostic {
    Diagnostic::error("unreadable", Place::File(path.display().to_string()), message)
}

#[cfg(test)]
mod tests {
    use super::{date, positions, time, value};
    use crate::io::triple_s::{
        definition::{Code, Codes, Kind, Variable},
        fields::Part,
    };

    fn variable(kind: Kind, codes: &[&str]) -> Variable {
        let code = |code: &&str| Code { code: (*code).to_owned(), label: String::new(), has_score: false };
        Variable {
            name: "q".to_owned(),
            ident: "1".to_owned(),
            label: String::new(),
            kind,
            position: (2, 4),
            usage: None,
            filter: None,
            codes: codes.iter().map(code).collect(),
            ranges: Vec::new(),
        }
    }

    #[test]
    fn cells_are_read_as_the_tables_of_the_standard_have_them() {
        let read = |cell: &str, kind, codes: &[&str], part| value(cell, &variable(kind, codes), part).ok();
        let bits = |cell: &str, code| read(cell, Kind::Bits, &["1", "3"], Part::Bit(code));
        assert_eq!((bits("101", 3), bits("1 0", 3)), (Some("1".to_owned()), Some("0".to_owned())));
        assert_eq!((bits("   ", 1), bits("10", 3), bits("1x1", 1)), (Some(String::new()), None, None));
        let spread = |cell: &str, index| {
            read(cell, Kind::Spread { subfields: 2, width: 2 }, &["1", "3", "10"], Part::Subfield(index))
        };
        for cell in [" 1 0", " 1  ", "0100"] {
            assert_eq!((spread(cell, 0).as_deref(), spread(cell, 1).as_deref()), (Some("1"), Some("")), "{cell}");
        }
        assert_eq!((spread("0000", 0).as_deref(), spread("    ", 0).as_deref()), (Some("0"), Some("")));
        assert_eq!((spread("10 3", 0).as_deref(), spread("10 4", 1)), (Some("10"), None));
        let single = |cell| read(cell, Kind::Single(Codes::Numeric), &["1", "12"], Part::Whole);
        assert_eq!((single("01").as_deref(), single(" 12").as_deref(), single("2")), (Some("1"), Some("12"), None));
    }

    #[test]
    fn positions_are_letters_and_dates_are_iso() {
        let text = variable(Kind::Character, &[]);
        assert_eq!(positions("aäöüb", &text), Ok("äöü"));
        assert_eq!((positions("aä", &text), positions("", &text)), (Ok("ä"), Ok("")));
        assert!(positions("ab", &variable(Kind::Quantity, &[])).is_err());
        assert_eq!((date("20260131").as_deref(), date("20261301")), (Some("2026-01-31"), None));
        assert_eq!((time("1830").as_deref(), time("18:30:59").as_deref()), (Some("18:30:00"), Some("18:30:59")));
    }
}
