//! Several answers in one cell, as forms export them: `Acme, Bolt` beside `Acme` and `Bolt`.

use super::codes::reason_of_words;
use crate::{responses::Profile, study::Reason};

/// The answers of a column whose cells hold lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lists {
    /// What stands between two answers.
    pub separator: String,
    /// The answers that were seen, the most frequent first.
    pub answers: Vec<String>,
    /// What says that there is no answer, and why.
    pub missing: Vec<(String, Reason)>,
}

/// What may stand between answers, the surest first.
const SEPARATORS: [&str; 4] = ["|", ";", ", ", ","];
/// A list has no more answers to choose from.
const MOST_ANSWERS: usize = 60;
/// Longer answers are sentences.
const LONGEST: usize = 120;

/// The lists of a column, if its cells hold some; `separator` is what its file is known to put between answers.
pub(super) fn lists(profile: &Profile, separator: Option<&str>) -> Option<Lists> {
    let known = separator.into_iter().find_map(|separator| split(profile, separator, Certainty::Known));
    known.or_else(|| SEPARATORS.into_iter().find_map(|separator| split(profile, separator, Certainty::Guessed)))
}

/// The answers in a cell.
fn parts<'a>(cell: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    cell.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

/// Whether it is known that a separator stands between answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Known,
    Guessed,
}

fn split(profile: &Profile, separator: &str, certainty: Certainty) -> Option<Lists> {
    let (silent, values): (Vec<_>, Vec<_>) = (profile.values.iter().map(|(value, rows)| (value.as_str(), *rows)))
        .partition(|(value, _)| reason_of_words(value).is_some());
    let missing = silent.iter().filter_map(|(value, _)| Some(((*value).to_owned(), reason_of_words(value)?))).collect();
    let stands_alone = |part: &str| values.iter().any(|(value, _)| value.trim() == part);
    let is_list = |value: &str| parts(value, separator).count() > 1;
    let is_sure = |value: &str| is_list(value) && parts(value, separator).all(stands_alone);
    let is_likely = |value: &str| is_list(value) && parts(value, separator).any(stands_alone);
    let ends = |value: &str| certainty == Certainty::Known && value.ends_with(separator);
    let of = |is_so: &dyn Fn(&str) -> bool| values.iter().filter(|(value, _)| is_so(value)).count();
    // 1,5 beside 1 and 5 is a number.
    let are_numbers = profile.commas > 0 && profile.commas + profile.numbers == profile.filled;
    if are_numbers || of(&is_sure) == 0 && of(&is_likely) < 2 && of(&ends) < 2 {
        return None;
    }
    let mut answers: Vec<(&str, u64)> = Vec::new();
    for (value, rows) in &values {
        for part in parts(value, separator) {
            match answers.iter_mut().find(|(answer, _)| *answer == part) {
                Some((_, known)) => *known += rows,
                None => answers.push((part, *rows)),
            }
            if answers.len() > MOST_ANSWERS {
                return None;
            }
        }
    }
    let given: u64 = answers.iter().map(|(_, rows)| rows).sum();
    let are_repeated = given >= 2 * answers.len() as u64;
    let are_short = answers.iter().all(|(answer, _)| answer.chars().count() <= LONGEST);
    answers.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let answers: Vec<String> = answers.into_iter().map(|(answer, _)| answer.to_owned()).collect();
    (are_repeated && are_short && answers.len() > 1).then(|| Lists {
        separator: separator.to_owned(),
        answers,
        missing,
    })
}

#[cfg(test)]
mod tests {
    use super::lists;
    use crate::responses::Profile;

    fn found(values: &[&str], separator: Option<&str>) -> Option<String> {
        lists(&Profile::of("x", values), separator)
            .map(|lists| format!("{:?} {}", lists.separator, lists.answers.join("/")))
    }

    #[test]
    fn lists_are_told_from_answers_with_commas() {
        let brands = ["Acme", "Acme, Bolt", "Bolt, Core", "Bolt", "Acme, Bolt, Core"];
        assert_eq!(found(&brands, None).unwrap(), "\", \" Bolt/Acme/Core");
        let german = ["Acme;Bolt;", "Acme;", "Bolt;Core;", "Core;"];
        assert_eq!(found(&german, Some(";")).unwrap(), "\";\" Acme/Bolt/Core");
        for answers in [&["Yes, often", "Yes, rarely", "No", "No"][..], &["1,5", "2,5", "1", "2"], &["a", "b", "a"]] {
            assert_eq!(found(answers, None), None, "{answers:?}");
        }
    }
}
