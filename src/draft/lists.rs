//! Several answers in one cell, as forms export them: `Acme, Bolt` beside `Acme` and `Bolt`.

use super::codes::reason_of_words;
use crate::{responses::Profile, study::Reason};

/// The answers of a column whose cells hold lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lists {
    /// What stands between two answers.
    pub separator: String,
    /// The answers that several gave, the most frequent first.
    pub answers: Vec<String>,
    /// How many answers only one respondent gave: typed, or hardly ever chosen.
    pub others: usize,
    /// Answers that were only given together, so that they may be one with the separator in it.
    pub doubtful: Vec<(String, String)>,
    /// What says that there is no answer, and why.
    pub missing: Vec<(String, Reason)>,
}

/// What may stand between answers, the surest first.
const SEPARATORS: [&str; 4] = ["|", ";", ", ", ","];
/// A list has no more answers to choose from.
const MOST_ANSWERS: usize = 60;
/// Longer answers are sentences.
const LONGEST: usize = 120;
/// So many respondents do not choose two answers only together by chance.
const MANY: u64 = 5;

/// The lists of a column, if its cells hold some; `separator` is what its file is known to put between answers.
pub(super) fn lists(profile: &Profile, separator: Option<&str>) -> Option<Lists> {
    let known = separator.into_iter().find_map(|separator| split(profile, separator, Certainty::Known));
    known.or_else(|| SEPARATORS.into_iter().find_map(|separator| split(profile, separator, Certainty::Guessed)))
}

/// Whether all cells hold the same answers in different orders: a ranking.
pub(super) fn is_ranking(profile: &Profile, separator: &str) -> bool {
    const FEWEST: usize = 3;
    let sorted = |cell: &str| {
        let mut parts: Vec<String> = parts(cell, separator).map(str::to_owned).collect();
        parts.sort();
        parts
    };
    let Some((first, _)) = profile.values.first() else { return false };
    let all = sorted(first);
    all.len() >= FEWEST && profile.values.len() > 1 && profile.values.iter().all(|(value, _)| sorted(value) == all)
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
    let mut cells: Vec<(Vec<String>, u64)> =
        values.iter().map(|(value, rows)| (parts(value, separator).map(str::to_owned).collect(), *rows)).collect();
    let doubtful = join(&mut cells, separator);
    let answers = counted(&cells);
    let (repeated, once): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, rows)| *rows > 1);
    let given: u64 = repeated.iter().map(|(_, rows)| rows).sum();
    // Many different lists have more answers than could be looked at.
    let others = once.len().max(usize::from(profile.many));
    let are_short = repeated.iter().all(|(answer, _)| answer.chars().count() <= LONGEST);
    // What is mostly typed is no list to choose from.
    let is_chosen = given >= 2 * (repeated.len() + once.len()) as u64 && repeated.len() <= MOST_ANSWERS;
    let answers: Vec<String> = repeated.into_iter().map(|(answer, _)| answer).collect();
    let separator = separator.to_owned();
    (is_chosen && are_short && answers.len() > 1).then_some(Lists { separator, answers, others, doubtful, missing })
}

/// How many gave each answer, the most frequent first.
fn counted(cells: &[(Vec<String>, u64)]) -> Vec<(String, u64)> {
    let mut answers: Vec<(String, u64)> = Vec::new();
    for (part, rows) in cells.iter().flat_map(|(parts, rows)| parts.iter().map(move |part| (part, rows))) {
        match answers.iter_mut().find(|(answer, _)| answer == part) {
            Some((_, known)) => *known += rows,
            None => answers.push((part.clone(), *rows)),
        }
    }
    answers.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    answers
}

/// Joins parts that never occur without each other to the one answer that they are, where that is certain; returns
/// those that may be one.
fn join(cells: &mut [(Vec<String>, u64)], separator: &str) -> Vec<(String, String)> {
    let mut doubtful: Vec<(String, String)> = Vec::new();
    loop {
        let answers = counted(cells);
        let rows_of = |part: &str| answers.iter().find(|(answer, _)| answer == part).map_or(0, |(_, rows)| *rows);
        let mut pairs: Vec<(&str, &str, u64)> = Vec::new();
        for (parts, rows) in cells.iter() {
            for pair in parts.windows(2).filter(|pair| rows_of(&pair[0]) == rows_of(&pair[1])) {
                match pairs.iter_mut().find(|(first, second, _)| *first == pair[0] && *second == pair[1]) {
                    Some((.., known)) => *known += rows,
                    None => pairs.push((&pair[0], &pair[1], *rows)),
                }
            }
        }
        let together = pairs.into_iter().filter(|(first, _, rows)| *rows > 1 && *rows == rows_of(first));
        let together: Vec<(String, String, u64)> =
            together.map(|(first, second, rows)| (first.to_owned(), second.to_owned(), rows)).collect();
        let is_certain = |(first, second, rows): &&(String, String, u64)| {
            let is_open = first.matches('(').count() > first.matches(')').count();
            *rows >= MANY || is_open || second.starts_with(char::is_lowercase)
        };
        let Some((first, second, _)) = together.iter().find(is_certain) else {
            doubtful.extend(together.into_iter().map(|(first, second, _)| (first, second)));
            return doubtful;
        };
        let whole = format!("{first}{separator}{second}");
        for (parts, _) in cells.iter_mut() {
            if let Some(at) = parts.windows(2).position(|pair| pair[0] == *first && pair[1] == *second) {
                parts.splice(at..at + 2, [whole.clone()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_ranking, lists};
    use crate::responses::Profile;

    fn found(values: &[&str], separator: Option<&str>) -> Option<String> {
        lists(&Profile::of("x", values), separator)
            .map(|lists| format!("{:?} {}", lists.separator, lists.answers.join("/")))
    }

    #[test]
    fn what_is_only_given_together_may_be_one_answer() {
        let cells = ["Tea", "Salt, Pepper", "Tea", "Salt, Pepper, Tea", "Milk, Tea", "Milk", "Tea, Milk"];
        let lists = lists(&Profile::of("x", &cells), Some(", ")).unwrap();
        assert_eq!(lists.doubtful, [("Salt".to_owned(), "Pepper".to_owned())]);
        assert_eq!(lists.answers.len(), 4);
    }

    #[test]
    fn rankings_hold_all_answers() {
        let of = |cells: &[&str]| is_ranking(&Profile::of("x", cells), ";");
        assert!(of(&["A;B;C;", "C;B;A;", "A;C;B;"]));
        assert!(!of(&["A;B;C;", "C;B;"]));
        assert!(!of(&["A;B;", "B;A;"]));
    }

    #[test]
    fn lists_are_told_from_answers_with_commas() {
        let brands = ["Acme", "Acme, Bolt", "Bolt, Core", "Bolt", "Acme, Bolt, Core"];
        assert_eq!(found(&brands, None).unwrap(), "\", \" Bolt/Acme/Core");
        let german = ["Acme;Bolt;", "Acme;", "Bolt;Core;", "Core;"];
        assert_eq!(found(&german, Some(";")).unwrap(), "\";\" Acme/Bolt/Core");
        let with_comma = ["Tea", "Bread, rolls", "Bread, rolls, Tea", "Tea", "Tea, kvass", "Tea, mate", "Bread, rolls"];
        let lists = lists(&Profile::of("x", &with_comma), Some(", ")).unwrap();
        assert_eq!((lists.answers, lists.others), (vec!["Tea".to_owned(), "Bread, rolls".to_owned()], 2));
        for answers in [&["Yes, often", "Yes, rarely", "No", "No"][..], &["1,5", "2,5", "1", "2"], &["a", "b", "a"]] {
            assert_eq!(found(answers, None), None, "{answers:?}");
        }
    }
}
