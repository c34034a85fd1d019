//! How long interviews took: seconds and times of day in the cells of a file, and their median.

use std::collections::BTreeMap;

/// A second by its tenths, as far as a day: nobody's duration is known better, and so few are counted in little memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Durations {
    by_tenths: BTreeMap<u32, u64>,
}

impl Durations {
    pub(super) fn add(&mut self, seconds: f64) {
        const DAY: f64 = 86_400.0;
        *self.by_tenths.entry((seconds.min(DAY) * 10.0).round() as u32).or_default() += 1;
    }

    /// The median, between the two in the middle of an even number.
    pub(super) fn median(&self) -> Option<f64> {
        let all: u64 = self.by_tenths.values().sum();
        let last = all.checked_sub(1)?;
        let at = |rank: u64| {
            let mut before = 0;
            let tenths = self.by_tenths.iter().find(|(_, count)| {
                before += **count;
                before > rank
            });
            tenths.map(|(tenths, _)| f64::from(*tenths) / 10.0)
        };
        Some(f64::midpoint(at(last / 2)?, at(all / 2)?))
    }
}

/// Seconds; NaN where there are none.
pub(super) fn seconds(cell: &str) -> f64 {
    positive(cell.trim().replacen(',', ".", 1).parse().unwrap_or(f64::NAN))
}

pub(super) fn positive(seconds: f64) -> f64 {
    if seconds > 0.0 && seconds.is_finite() { seconds } else { f64::NAN }
}

/// A moment in seconds from one that all moments of a file share; NaN where it cannot be read.
///
/// Understood are `2026-03-05T10:11:12.5+01:00` and its like, `3/5/2026 10:11 PM` and `05.03.2026 10:11:12`. Whether 3/5 is in
/// March or in May makes no difference between two moments of one day.
pub(super) fn moment(cell: &str) -> f64 {
    let cell = cell.trim();
    if let Ok(number) = cell.parse() {
        return moment_of_number(number);
    }
    parsed(cell).unwrap_or(f64::NAN)
}

/// The days of spreadsheets, or seconds, or thousandths of them.
pub(super) fn moment_of_number(number: f64) -> f64 {
    match number.abs() {
        20_000.0..80_000.0 => number * 86_400.0,
        1e11.. => number / 1000.0,
        _ => number,
    }
}

fn parsed(cell: &str) -> Option<f64> {
    let (date, rest) = cell.split_once(['T', ' '])?;
    let rest = rest.trim();
    let numbers = |text: &str, separator: char| -> Option<Vec<i64>> {
        let parts: Option<Vec<i64>> = text.split(separator).map(|part| part.parse().ok()).collect();
        parts.filter(|parts| parts.len() == 3)
    };
    let [year, month, day] = if let Some(parts) = numbers(date, '-') {
        [parts[0], parts[1], parts[2]]
    } else if let Some(parts) = numbers(date, '/') {
        [parts[2], parts[0], parts[1]]
    } else {
        let parts = numbers(date, '.')?;
        [parts[2], parts[1], parts[0]]
    };
    let upper = rest.to_uppercase();
    let half = if upper.ends_with("PM") { Some(12.0) } else { upper.ends_with("AM").then_some(0.0) };
    let clock = upper.trim_end_matches(['A', 'P', 'M', 'Z', ' ']);
    let (clock, zone) = match clock.find(['+', '-']) {
        Some(at) => (&clock[..at], zone(&clock[at..])?),
        None => (clock, 0.0),
    };
    let mut parts = clock.trim().split(':').map(|part| part.parse::<f64>().ok());
    let (mut hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0.0))?;
    if let Some(half) = half {
        hours = hours % 12.0 + half;
    }
    let is_clock = (0.0..24.0).contains(&hours) && (0.0..60.0).contains(&minutes) && (0.0..61.0).contains(&seconds);
    let days = days(year, month, day)? as f64;
    is_clock.then_some(days * 86_400.0 + hours * 3600.0 + minutes * 60.0 + seconds - zone)
}

/// How far a zone such as `+01:00` is ahead, in seconds.
fn zone(text: &str) -> Option<f64> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let hours: f64 = digits.get(..2)?.parse().ok()?;
    let minutes: f64 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    Some(sign * (hours * 3600.0 + minutes * 60.0))
}

/// Days from the year 0 of the Gregorian calendar, whose years begin in March here.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    // A day in the place of the month is a date with the day first.
    let (month, day) = if month > 12 { (day, month) } else { (month, day) };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let since_march = (month + 9) % 12;
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * since_march + 2) / 5
            + day,
    )
}

#[cfg(test)]
mod tests {
    use super::{Durations, moment, seconds};

    #[test]
    fn a_median_lies_between_the_two_in_the_middle() {
        let median = |values: &[f64]| {
            let mut durations = Durations::default();
            for value in values {
                durations.add(*value);
            }
            durations.median()
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[30.0]), Some(30.0));
        assert_eq!(median(&[1.0, 10.0, 2.0]), Some(2.0));
        assert_eq!(median(&[10.5, 1.0, 2.0, 1e9]), Some(6.25));
    }

    #[test]
    fn moments_are_read_in_the_forms_of_platforms() {
        for (start, end, apart) in [
            ("2026-02-28T23:59:30.000+01:00", "2026-03-01T00:00:00.500+01:00", 30.5),
            ("2024-02-28 23:59:00", "2024-03-01 00:01:00", 86_520.0),
            ("3/5/2026 11:59:30 AM", "3/5/2026 12:01:00 PM", 90.0),
            ("05.03.2026 10:11", "05.03.2026 10:12", 60.0),
            ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00-01:00", 3600.0),
            ("46086.5", "46086.75", 21_600.0),
            ("28/12/25 10:00", "28/12/25 10:05", 300.0),
        ] {
            assert_eq!(moment(end) - moment(start), apart, "{start} {end}");
        }
        for cell in ["", "today", "2026-03-05", "2026-13-45 10:00", "10:00"] {
            assert!(moment(cell).is_nan(), "{cell}");
        }
        assert_eq!(seconds(" 12,5 "), 12.5);
        assert!(seconds("0").is_nan() && seconds("-5").is_nan() && seconds("n/a").is_nan());
    }
}
