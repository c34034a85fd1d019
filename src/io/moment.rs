//! Dates and times as text, in the form of ISO 8601: statistics programs store them as numbers of days or seconds.

/// Days from 14 October 1582, from which SPSS counts, to 1 January 1970.
pub(super) const FROM_1582: f64 = 141_428.0;
/// Days from 1 January 1960, from which Stata and SAS count, to 1 January 1970.
pub(super) const FROM_1960: f64 = 3653.0;

/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;

/// The first and the last day that have four digits for their year, 1 January 1 and 31 December 9999, from 1970.
const DAYS: (f64, f64) = (-719_162.0, 2_932_896.0);

/// A date such as `2024-03-31`, days after 1970; with the time of day if it is not midnight. `None` beyond the years 1 to 9999.
pub(super) fn date(days: f64) -> Option<String> {
    let (day, rest) = (days.floor(), days - days.floor());
    if rest != 0.0 {
        return date_and_time(days * DAY);
    }
    let (year, month, day) = civil(day)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// A date and time such as `2024-03-31 18:05:00`, seconds after 1970. `None` beyond the years 1 to 9999.
pub(super) fn date_and_time(seconds: f64) -> Option<String> {
    // A thousandth is more than double precision holds of a moment in our times.
    let seconds = (seconds * 1000.0).round() / 1000.0;
    let day = (seconds / DAY).floor();
    let (year, month, date) = civil(day)?;
    Some(format!("{year:04}-{month:02}-{date:02} {}", clock(seconds - day * DAY)))
}

/// A month such as `2024-03`, for the first of a month; else its date.
pub(super) fn month(days: f64) -> Option<String> {
    match civil(days)? {
        (year, month, 1) if days.fract() == 0.0 => Some(format!("{year:04}-{month:02}")),
        _ => date(days),
    }
}

/// A quarter such as `2024-Q1`, for the first day of a quarter; else the date.
pub(super) fn quarter(days: f64) -> Option<String> {
    match civil(days)? {
        (year, month, 1) if days.fract() == 0.0 && month % 3 == 1 => Some(format!("{year:04}-Q{}", month / 3 + 1)),
        _ => date(days),
    }
}

/// A time of day or a duration such as `36:05:00`. `None` for what is no such number.
pub(super) fn time(seconds: f64) -> Option<String> {
    const LONGEST: f64 = 1e12;
    let seconds = (seconds * 1000.0).round() / 1000.0;
    let sign = if seconds < 0.0 { "-" } else { "" };
    (seconds.abs() < LONGEST).then(|| format!("{sign}{}", clock(seconds.abs())))
}

fn clock(seconds: f64) -> String {
    let whole = seconds.floor() as u64;
    let thousandths = ((seconds - seconds.floor()) * 1000.0).round() as u64;
    let fraction = if thousandths == 0 { String::new() } else { format!(".{thousandths:03}") };
    format!("{:02}:{:02}:{:02}{fraction}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// Year, month and day of a day after 1970, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013),
/// `civil_from_days`: <https://howardhinnant.github.io/date_algorithms.html>.
fn civil(days: f64) -> Option<(i64, i64, i64)> {
    let days = Some(days.floor()).filter(|days| (DAYS.0..=DAYS.1).contains(days))? as i64 + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    Some((year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1))
}

#[cfg(test)]
mod tests {
    use super::{DAY, DAYS, FROM_1582, FROM_1960, date, date_and_time, month, quarter, time};

    #[test]
    fn moments_are_written_as_the_standard_has_them() {
        assert_eq!(date(0.0).unwrap(), "1970-01-01");
        assert_eq!(date(-FROM_1582).unwrap(), "1582-10-14");
        assert_eq!(date(-FROM_1960).unwrap(), "1960-01-01");
        assert_eq!([date(DAYS.0), date(DAYS.1)].map(Option::unwrap), ["0001-01-01", "9999-12-31"]);
        assert_eq!(date(19_782.0).unwrap(), "2024-02-29");
        assert_eq!(date(0.75).unwrap(), "1970-01-01 18:00:00");
        assert_eq!(date_and_time(-1.0).unwrap(), "1969-12-31 23:59:59");
        assert_eq!(date_and_time(1.0625).unwrap(), "1970-01-01 00:00:01.063");
        assert_eq!(date_and_time(DAY - 0.0001).unwrap(), "1970-01-02 00:00:00");
        assert_eq!(month(31.0).unwrap(), "1970-02");
        assert_eq!([quarter(0.0), quarter(31.0)].map(Option::unwrap), ["1970-Q1", "1970-02-01"]);
        assert_eq!(time(129_900.5).unwrap(), "36:05:00.500");
        assert_eq!([date(f64::NAN), date(1e9), date_and_time(f64::INFINITY), time(f64::NAN)], [const { None }; 4]);
    }
}
