//! What a cell of a workbook holds, as a survey has it.
//!
//! | in the workbook | here |
//! |---|---|
//! | number, also where it is shown as percent or money | the number that is stored: 25 % is 0.25 |
//! | text, also where it looks like a number | the text |
//! | true, false | 1, 0, as from Parquet |
//! | date, time, both; also in workbooks that count from 1904 | `2026-03-02`, `14:30:00`, `2026-03-02 14:30:00` |
//! | duration | `26:05:00` |
//! | formula | the value that was computed when the file was saved |
//! | formula that was never computed | an error, if the column is wanted |
//! | error such as `#N/A` | its name, as text; how many there are is said |

use std::collections::HashMap;

use calamine::{CellErrorType, DataRef, ExcelDateTime, ExcelDateTimeType};

/// A cell that holds something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// One of the texts.
    Text(u32),
    /// The name of an error, one of the texts.
    Error(u32),
    /// A formula without a value.
    Uncomputed,
}

/// The distinct texts of a sheet.
#[derive(Default)]
pub struct Texts {
    texts: Vec<String>,
    keys: HashMap<String, u32>,
}

impl Texts {
    pub fn of(&self, key: u32) -> &str {
        self.texts.get(key as usize).map_or("", String::as_str)
    }

    fn key(&mut self, text: &str) -> u32 {
        if let Some(key) = self.keys.get(text) {
            return *key;
        }
        let key = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.keys.insert(text.to_owned(), key);
        key
    }

    /// The texts are complete: only what they are is needed from now on.
    pub fn finish(&mut self) {
        self.keys = HashMap::new();
    }

    /// The cell of a value, if it holds anything.
    pub fn cell(&mut self, value: &DataRef<'_>) -> Option<Cell> {
        let text = match value {
            DataRef::Empty => return None,
            DataRef::Int(number) => return Some(Cell::Number(*number as f64)),
            DataRef::Float(number) if number.is_finite() => return Some(Cell::Number(*number)),
            DataRef::Float(_) => return Some(Cell::Error(self.key("#NUM!"))),
            DataRef::Bool(value) => return Some(Cell::Number(f64::from(u8::from(*value)))),
            DataRef::Error(error) => return Some(Cell::Error(self.key(name_of(error)))),
            DataRef::String(text) => return self.text(text),
            DataRef::SharedString(text) => return self.text(text),
            DataRef::DateTime(moment) => moment_of(moment),
            DataRef::DateTimeIso(text) => text.replacen('T', " ", 1).trim_end_matches(" 00:00:00").to_owned(),
            DataRef::DurationIso(text) => clock_of(text).unwrap_or_else(|| text.clone()),
        };
        self.text(&text)
    }

    fn text(&mut self, text: &str) -> Option<Cell> {
        // OpenDocument keeps errors as texts.
        if ERRORS.contains(&text) {
            return Some(Cell::Error(self.key(text)));
        }
        (!text.trim().is_empty()).then(|| Cell::Text(self.key(text)))
    }
}

const ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

fn name_of(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

/// A date, a time, or both.
fn moment_of(moment: &ExcelDateTime) -> String {
    const SECONDS: f64 = 86_400.0;
    let days = moment.as_f64();
    if moment.is_duration() {
        let seconds = (days.abs() * SECONDS).round() as u64;
        let sign = if days < 0.0 { "-" } else { "" };
        return format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    // From when days are counted is told by comparing only.
    let is_1904 = *moment == ExcelDateTime::new(days, ExcelDateTimeType::DateTime, true);
    // Excel rounds to seconds what it shows; a moment just before midnight is then midnight.
    let days = (days * SECONDS).round() / SECONDS;
    let rounded = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, hour, minute, second, _) = rounded.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match (days < 1.0, (hour, minute, second)) {
        (true, _) => time,
        (false, (0, 0, 0)) => date,
        (false, _) => format!("{date} {time}"),
    }
}

/// `PT26H05M00S` as `26:05:00`.
fn clock_of(text: &str) -> Option<String> {
    let rest = text.strip_prefix("PT")?;
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let whole = seconds.split(['.', ',']).next()?;
    let [hours, minutes, seconds] = [hours, minutes, whole].map(|part| part.parse::<u32>().ok());
    Some(format!("{:02}:{:02}:{:02}", hours?, minutes?, seconds?))
}

#[cfg(test)]
mod tests {
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    use super::{clock_of, moment_of};

    #[test]
    fn dates_and_times_are_written_as_iso_has_them() {
        let of = |days, kind, is_1904| moment_of(&ExcelDateTime::new(days, kind, is_1904));
        let date = ExcelDateTimeType::DateTime;
        assert_eq!(of(46_083.0, date, false), "2026-03-02");
        assert_eq!(of(44_621.0, date, true), "2026-03-02");
        assert_eq!(of(46_083.604_166_666_664, date, false), "2026-03-02 14:30:00");
        assert_eq!(of(46_082.999_999_999_9, date, false), "2026-03-02");
        assert_eq!(of(0.604_166_666_67, date, false), "14:30:00");
        assert_eq!(of(26.0 / 24.0 + 5.0 / 1440.0, ExcelDateTimeType::TimeDelta, false), "26:05:00");
        assert_eq!(clock_of("PT26H05M00S").as_deref(), Some("26:05:00"));
    }
}
