//! The order in which options are listed when nobody said: words of agreement and frequency as people rank them,
//! numbers by size, ranges such as `25-34` by their first number, anything else by how often it was answered.

use std::collections::HashSet;

/// Words that have a rank. Each line is one scale from its first to its last step.
const SCALES: [&[&str]; 18] = [
    &["yes", "no"],
    &["ja", "nein"],
    &["true", "false"],
    &["y", "n"],
    &["j", "n"],
    &[
        "strongly agree",
        "agree",
        "somewhat agree",
        "slightly agree",
        "neither agree nor disagree",
        "neutral",
        "slightly disagree",
        "somewhat disagree",
        "disagree",
        "strongly disagree",
    ],
    &[
        "stimme voll und ganz zu",
        "stimme voll zu",
        "stimme zu",
        "stimme eher zu",
        "teils/teils",
        "teils teils",
        "neutral",
        "stimme eher nicht zu",
        "stimme nicht zu",
        "stimme gar nicht zu",
        "stimme überhaupt nicht zu",
    ],
    &[
        "trifft voll und ganz zu",
        "trifft voll zu",
        "trifft zu",
        "trifft eher zu",
        "teils/teils",
        "teils teils",
        "trifft eher nicht zu",
        "trifft nicht zu",
        "trifft gar nicht zu",
        "trifft überhaupt nicht zu",
    ],
    &[
        "very satisfied",
        "satisfied",
        "somewhat satisfied",
        "neither satisfied nor dissatisfied",
        "neutral",
        "somewhat dissatisfied",
        "dissatisfied",
        "very dissatisfied",
    ],
    &[
        "sehr zufrieden",
        "zufrieden",
        "eher zufrieden",
        "weder noch",
        "teils/teils",
        "neutral",
        "eher unzufrieden",
        "unzufrieden",
        "sehr unzufrieden",
    ],
    &["very likely", "likely", "somewhat likely", "neutral", "somewhat unlikely", "unlikely", "very unlikely"],
    &[
        "very important",
        "important",
        "somewhat important",
        "neutral",
        "not very important",
        "not important",
        "not important at all",
    ],
    &[
        "sehr wichtig",
        "wichtig",
        "eher wichtig",
        "teils/teils",
        "neutral",
        "eher unwichtig",
        "unwichtig",
        "sehr unwichtig",
    ],
    &["excellent", "very good", "good", "fair", "poor", "very poor"],
    &[
        "sehr gut",
        "eher gut",
        "gut",
        "befriedigend",
        "mittel",
        "ausreichend",
        "mangelhaft",
        "eher schlecht",
        "schlecht",
        "sehr schlecht",
        "ungenügend",
    ],
    &["several times a day", "daily", "several times a week", "weekly", "monthly", "less often", "never"],
    &["always", "very often", "often", "sometimes", "rarely", "never"],
    &["immer", "sehr oft", "oft", "häufig", "manchmal", "gelegentlich", "selten", "nie"],
];

/// Answers that are listed last, in this order.
const LAST: [&[&str]; 4] = [
    &["other", "others", "sonstiges", "sonstige", "andere", "anderes"],
    &["none", "none of these", "nichts davon", "keine", "keines davon"],
    &["don't know", "dont know", "weiß nicht", "weiss nicht", "weiß ich nicht", "no opinion"],
    &["no answer", "keine angabe", "k.a.", "refused", "prefer not to say"],
];

/// Sorts values with their counts into the order of their options.
pub fn sort_options(values: &mut [(String, u64)]) {
    let scale = SCALES.iter().find(|scale| {
        let ranked = values.iter().filter(|(value, _)| rank(scale, value).is_some()).count();
        let pinned = values.iter().filter(|(value, _)| last(value).is_some()).count();
        ranked >= 2 && ranked + pinned == values.len()
    });
    let numeric = values.iter().all(|(value, _)| leading_number(value).is_some() || last(value).is_some());
    values.sort_by(|(a, count_a), (b, count_b)| {
        let by_scale = || match scale {
            Some(scale) => rank(scale, a).cmp(&rank(scale, b)),
            None if numeric => leading_number(a).unwrap_or(f64::MAX).total_cmp(&leading_number(b).unwrap_or(f64::MAX)),
            None => count_b.cmp(count_a),
        };
        last(a).cmp(&last(b)).then_with(by_scale).then_with(|| a.cmp(b))
    });
}

/// Whether all values, apart from such as "don't know", are steps of one known scale, and three steps or more of it.
#[must_use]
pub fn is_known_scale(values: &[(String, u64)]) -> bool {
    let open: Vec<_> = values.iter().filter(|(value, _)| last(value).is_none()).collect();
    SCALES.iter().any(|scale| {
        let ranks: Option<HashSet<usize>> = open.iter().map(|(value, _)| rank(scale, value)).collect();
        ranks.is_some_and(|ranks| ranks.len() >= 3)
    })
}

/// Whether values have an order of their own, apart from how often they were answered.
#[must_use]
pub fn is_ordered(values: &[&str]) -> bool {
    let sorted = |count: &dyn Fn(usize) -> usize| {
        let counted = values.iter().enumerate().map(|(index, value)| ((*value).to_owned(), count(index) as u64));
        let mut counted: Vec<(String, u64)> = counted.collect();
        sort_options(&mut counted);
        counted.into_iter().map(|(value, _)| value).collect::<Vec<_>>()
    };
    sorted(&|index| index) == sorted(&|index| values.len() - index)
}

/// Whether an answer is listed last, such as "other" and "don't know".
#[must_use]
pub fn is_last(value: &str) -> bool {
    last(value).is_some()
}

fn rank(scale: &[&str], value: &str) -> Option<usize> {
    let value = plain(value);
    scale.iter().position(|step| *step == value)
}

/// `None` for ordinary answers, which therefore come before the pinned ones.
fn last(value: &str) -> Option<usize> {
    let value = plain(value);
    LAST.iter().position(|words| words.contains(&value.as_str()))
}

/// `Strongly_agree` is `strongly agree`, and apostrophes are of one kind.
fn plain(value: &str) -> String {
    value.trim().to_lowercase().replace('_', " ").replace('’', "'")
}

/// The number a value is or begins with: `3`, `25-34`, `65+`, `(19,39]`.
fn leading_number(value: &str) -> Option<f64> {
    let text = value.trim().trim_start_matches(['(', '[', '<', '>', '=', ' ']);
    let end = text.char_indices().find(|(i, c)| !(c.is_ascii_digit() || *c == '.' || (*c == '-' && *i == 0)));
    text[..end.map_or(text.len(), |(i, _)| i)].trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{is_known_scale, sort_options};

    fn sorted(values: &[&str]) -> Vec<String> {
        let mut values: Vec<_> = values.iter().zip(1..).map(|(value, count)| ((*value).to_owned(), count)).collect();
        sort_options(&mut values);
        values.into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn yes_and_no_are_no_scale_however_they_are_spelled() {
        let is_scale =
            |values: &[&str]| is_known_scale(&values.iter().map(|value| ((*value).to_owned(), 1)).collect::<Vec<_>>());
        assert!(!is_scale(&["Yes", "yes", "YES", "no"]));
        assert!(is_scale(&["agree", "neutral", "disagree", "don't know"]));
    }

    #[test]
    fn options_come_in_the_order_people_expect() {
        assert_eq!(sorted(&["no", "don't know", "yes"]), ["yes", "no", "don't know"]);
        assert_eq!(sorted(&["10", "9", "-1"]), ["-1", "9", "10"]);
        assert_eq!(sorted(&["65+", "18-24", "25-34"]), ["18-24", "25-34", "65+"]);
        assert_eq!(sorted(&["(39,59]", "(0,19]", "(19,39]"]), ["(0,19]", "(19,39]", "(39,59]"]);
        assert_eq!(sorted(&["Often", "Never", "Always"]), ["Always", "Often", "Never"]);
        assert_eq!(sorted(&["Don’t_know", "disagree", "Strongly_Agree"]), ["Strongly_Agree", "disagree", "Don’t_know"]);
        assert_eq!(sorted(&["red", "other", "blue"]), ["blue", "red", "other"], "most frequent first, other last");
    }
}
