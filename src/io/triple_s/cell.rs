//! A cell, held against what the definition says of its variable.

use super::{
    definition::{Codes, Kind, Variable, canonical},
    fields::Part,
};

/// What was found, and what was expected.
pub(super) type Refused = (String, String);

/// What a cell says of a column.
pub(super) fn value(cell: &str, variable: &Variable, part: Part) -> Result<String, Refused> {
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
            code(&own, variable, Codes::Numeric).map_err(|expected| (format!("{own:?}"), expected))
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
    variable.codes.iter().any(|code| is_code(&code.value)) || variable.ranges.iter().any(is_within)
}

/// What may stand in a cell, in words.
fn listed(variable: &Variable) -> String {
    const MOST: usize = 12;
    let ranges = variable.ranges.iter().map(|(low, high)| format!("{low} to {high}"));
    let mut all: Vec<String> = ranges.chain(variable.codes.iter().map(|code| code.value.clone())).collect();
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

#[cfg(test)]
mod tests {
    use super::{date, time, value};
    use crate::io::triple_s::{
        definition::{Code, Codes, Kind, Variable},
        fields::Part,
    };

    fn variable(kind: Kind, codes: &[&str]) -> Variable {
        let code = |code: &&str| Code { value: (*code).to_owned(), label: String::new(), has_score: false };
        Variable { codes: codes.iter().map(code).collect(), ..Variable::of(kind) }
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
    fn dates_are_iso() {
        assert_eq!((date("20260131").as_deref(), date("20261301")), (Some("2026-01-31"), None));
        assert_eq!((time("1830").as_deref(), time("18:30:59").as_deref()), (Some("18:30:00"), Some("18:30:59")));
    }
}
