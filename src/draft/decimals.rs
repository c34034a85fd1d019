//! Recognises files whose numbers have a decimal comma, as spreadsheets in most of Europe write them.

use super::codes::{is_no_answer, number};
use crate::responses::Profile;

/// The columns as a reader of decimal commas sees them, if the file is written so. A file that has both commas and
/// points in numbers is left as it is: one of the two would be misread.
pub(super) fn with_decimal_comma(profiles: &[Profile]) -> Option<Vec<Profile>> {
    let with_points =
        |profile: &Profile| profile.is_numeric() && profile.values.iter().any(|(value, _)| value.contains('.'));
    let any = profiles.iter().any(has_decimal_commas);
    let read = |profile: &Profile| {
        if has_decimal_commas(profile) { profile.with_decimal_comma() } else { profile.without_points() }
    };
    (any && !profiles.iter().any(with_points)).then(|| profiles.iter().map(read).collect())
}

/// Numbers, some with a decimal comma, and words for no answer; `1,234` and `12,500` alone may be thousands.
fn has_decimal_commas(profile: &Profile) -> bool {
    let written = |value: &str| {
        let decimal = value.contains(',') && number(&value.replacen(',', ".", 1)).is_some();
        decimal || number(value).is_some() && !value.contains('.')
    };
    let is_decimal = |value: &str| {
        value.split_once(',').is_some_and(|(whole, rest)| {
            let thousands = rest.len() == 3 && !whole.trim_start_matches('-').starts_with('0');
            !thousands && rest.contains(|digit: char| digit.is_ascii_digit() && digit != '0')
        })
    };
    profile.commas > 0
        && profile.values.iter().all(|(value, _)| written(value) || is_no_answer(value))
        && profile.values.iter().any(|(value, _)| written(value) && is_decimal(value))
}

#[cfg(test)]
mod tests {
    use super::with_decimal_comma;
    use crate::responses::Profile;

    #[test]
    fn commas_are_decimal_only_where_nothing_speaks_against_it() {
        let read = |columns: &[&[&str]]| {
            let profiles: Vec<Profile> = columns.iter().map(|values| Profile::of("x", values)).collect();
            with_decimal_comma(&profiles).map(|profiles| profiles[0].numbers)
        };
        assert_eq!(read(&[&["1,5", "2", "k.A."], &["a, b"]]), Some(2));
        assert_eq!(read(&[&["0,512", "1,250"]]), Some(2));
        assert_eq!(read(&[&["1,234", "12,500"]]), None, "thousands, perhaps");
        assert_eq!(read(&[&["1,5", "2.5"]]), None);
        assert_eq!(read(&[&["1,5"], &["2.5"]]), None);
        assert_eq!(read(&[&["1", "1,2", "1,2,3"]]), None, "codes in a list");
    }
}
