//! The answers of a column: which are options, and which stand for no answer.

use std::cmp::Reverse;

pub(super) use crate::study::finite as number;
use crate::{
    personal::words,
    responses::{Profile, is_special_missing},
    study::{Reason, order::sort_options, same_code},
};

/// The distinct values of a column, told apart.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    /// Answers with their counts, in the order of printing.
    pub options: Vec<(String, u64)>,
    /// Other spellings of an option, with the option.
    pub also: Vec<(String, String)>,
    /// Codes that are likely to stand for no answer.
    pub missing: Vec<(String, Reason)>,
    /// Words among many numbers that are in `missing` because they are no numbers, whatever they say.
    pub stray: Vec<String>,
    /// Rows with words for no answer.
    silent: u64,
}

/// A value to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// As the data hold it.
    pub code: String,
    /// What is printed.
    pub label: String,
    /// Other spellings of the code.
    pub also: Vec<String>,
}

impl Choice {
    /// A value that has one spelling.
    pub fn new(code: &str, label: String) -> Self {
        Self { code: code.to_owned(), label, also: Vec::new() }
    }
}

impl Codes {
    /// Tells the values of a column apart.
    pub fn of(profile: &Profile) -> Self {
        let mut options: Vec<(String, u64)> = Vec::new();
        for (value, count) in &profile.values {
            let code = canonical(value);
            match options.iter_mut().find(|(known, _)| same_code(known, &code)) {
                Some((_, known)) => *known += count,
                None => options.push((code, *count)),
            }
        }
        let (mut missing, mut silent) = (Vec::new(), 0);
        options.retain(|(code, count)| {
            reason_of_words(code).is_none_or(|reason| {
                missing.push((code.clone(), reason));
                silent += count;
                false
            })
        });
        let stray = stray_words(&options);
        options.retain(|(code, count)| {
            let is_stray = stray.contains(code);
            if is_stray {
                missing.push((code.clone(), Reason::Skipped));
                silent += count;
            }
            !is_stray
        });
        if let Some(numbers) = whole_numbers(&options) {
            let reasons: Vec<_> = numbers.iter().map(|number| number_for_missing(*number, &numbers)).collect();
            for ((code, _), reason) in options.iter().zip(&reasons) {
                missing.extend(reason.map(|reason| (code.clone(), reason)));
            }
            let mut reasons = reasons.into_iter();
            options.retain(|_| reasons.next().flatten().is_none());
        }
        let mut also = Vec::new();
        options = one_spelling(options, &mut also);
        sort_options(&mut options);
        if options.iter().map(|(code, _)| code.as_str()).eq(["0", "1"]) {
            options.reverse();
        }
        Self { options, also, missing, stray, silent }
    }

    /// Whether a column holds numbers, apart from words for no answer.
    pub fn are_numbers(&self, profile: &Profile) -> bool {
        self.numbers().is_some() && profile.numbers + self.silent == profile.filled
    }

    /// An option with its spellings, to be listed with this label.
    pub fn choice(&self, code: &str, label: String) -> Choice {
        let also = self.also.iter().filter(|(option, _)| option == code).map(|(_, spelling)| spelling.clone());
        Choice { code: code.to_owned(), label, also: also.collect() }
    }

    /// The options as numbers, where all are numbers.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let numbers: Option<Vec<f64>> = self.options.iter().map(|(code, _)| number(code)).collect();
        numbers.filter(|numbers| !numbers.is_empty())
    }

    /// The same with "don't know" in words among the options: for an opinion it is an answer.
    pub fn with_undecided(mut self) -> Self {
        let (undecided, missing) =
            self.missing.into_iter().partition(|(code, reason)| *reason == Reason::DontKnow && number(code).is_none());
        self.missing = missing;
        let undecided = Vec::into_iter(undecided).map(|(code, _)| (code, 0)).collect();
        self.options.extend(one_spelling(undecided, &mut self.also));
        self
    }

    /// Every code, the missing ones last.
    pub fn all(&self) -> Vec<String> {
        let options = self.options.iter().map(|(code, _)| code.clone());
        options.chain(self.missing.iter().map(|(code, _)| code.clone())).collect()
    }
}

/// The mark of a column that holds one mark or nothing, in all its spellings: a box that was ticked or left empty.
pub(super) fn ticks(profile: &Profile) -> Option<Vec<String>> {
    const MARKS: [&str; 14] = [
        "1",
        "x",
        "y",
        "✓",
        "✔",
        "☑",
        "yes",
        "ja",
        "true",
        "checked",
        "selected",
        "ticked",
        "angekreuzt",
        "ausgewählt",
    ];
    let (mark, _) = profile.values.first()?;
    let alike = profile.values.iter().all(|(value, _)| folded(value) == folded(mark));
    let (name, own) = (words(&profile.column), words(mark));
    let is_named = !own.is_empty() && name.ends_with(&own);
    let is_mark = MARKS.contains(&folded(mark).as_str()) || is_named;
    (alike && is_mark && !profile.many).then(|| profile.values.iter().map(|(value, _)| value.clone()).collect())
}

/// Whether a value says that there is no answer.
pub(super) fn is_no_answer(value: &str) -> bool {
    reason_of_words(value).is_some()
}

/// Whether "don't know" in words is among some codes.
pub(super) fn is_undecided(code: &str) -> bool {
    reason_of_words(code) == Some(Reason::DontKnow)
}

/// `1.0`, as spreadsheets write it, is the code `1`.
fn canonical(value: &str) -> String {
    const LARGEST: f64 = 1e15;
    match number(value) {
        Some(number) if value.contains('.') && number.fract() == 0.0 && number.abs() < LARGEST => {
            (number + 0.0).to_string()
        }
        _ => value.to_owned(),
    }
}

/// Answers that differ in case and spaces only are one, spelled as most respondents have it.
fn one_spelling(options: Vec<(String, u64)>, also: &mut Vec<(String, String)>) -> Vec<(String, u64)> {
    let mut once: Vec<Vec<(String, u64)>> = Vec::new();
    for option in options {
        match once.iter_mut().find(|spellings| folded(&spellings[0].0) == folded(&option.0)) {
            Some(spellings) => spellings.push(option),
            None => once.push(vec![option]),
        }
    }
    let one = |mut spellings: Vec<(String, u64)>| {
        let all = spellings.iter().map(|(_, count)| count).sum();
        // The first of the most frequent, since sorting is stable; capitals only where nobody wrote otherwise.
        let is_shouted = |code: &str| !code.contains(char::is_lowercase);
        spellings.sort_by_key(|(code, count)| (is_shouted(code), Reverse(*count)));
        let (code, _) = spellings.remove(0);
        also.extend(spellings.into_iter().map(|(spelling, _)| (code.clone(), spelling)));
        (code, all)
    };
    once.into_iter().map(one).collect()
}

fn folded(code: &str) -> String {
    code.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A few words among many different numbers: `about 30`, `siehe oben`.
fn stray_words(options: &[(String, u64)]) -> Vec<String> {
    const MOST_WORDS: usize = 3;
    const FEWEST_NUMBERS: usize = 13;
    let (numbers, words): (Vec<_>, Vec<_>) = options.iter().partition(|(code, _)| number(code).is_some());
    let rows = |options: &[&(String, u64)]| options.iter().map(|(_, count)| count).sum::<u64>();
    let few = words.len() <= MOST_WORDS && numbers.len() >= FEWEST_NUMBERS && rows(&words) * 10 <= rows(&numbers);
    if few { words.into_iter().map(|(code, _)| code.clone()).collect() } else { Vec::new() }
}

/// The reason that words stand for, if they say that there is no answer.
pub(super) fn reason_of_words(code: &str) -> Option<Reason> {
    let spoken = words(&code.replace(['\'', '’'], "")).join(" ");
    match spoken.as_str() {
        "dont know" | "do not know" | "dk" | "weiss nicht" | "weiss ich nicht" | "w n" => Some(Reason::DontKnow),
        "keine angabe"
        | "keine angaben"
        | "k a"
        | "refused"
        | "prefer not to say"
        | "prefer not to answer"
        | "no answer"
        | "not stated"
        | "verweigert"
        | "moechte ich nicht sagen" => Some(Reason::Refused),
        "n a" | "na" | "not applicable" | "not asked" | "nicht gefragt" | "entfaellt" | "nv" => Some(Reason::NotShown),
        "null" | "nan" | "missing" | "fehlend" | "skipped" | "uebersprungen" => Some(Reason::Skipped),
        "" if code.chars().all(|c| c.is_ascii_punctuation()) => Some(Reason::Skipped),
        _ if is_special_missing(code) => Some(Reason::Skipped),
        _ => None,
    }
}

/// The reason in the label of a code that is known to be no answer: `Not asked (new members)`, `trifft nicht zu`. Other than
/// for any code, it is enough that the label begins so, and "does not apply" cannot be an opinion.
pub(super) fn reason_of_label(label: &str) -> Option<Reason> {
    const BEGINNINGS: [(&str, Reason); 34] = [
        ("dont know", Reason::DontKnow),
        ("do not know", Reason::DontKnow),
        ("dk", Reason::DontKnow),
        ("cant say", Reason::DontKnow),
        ("cannot say", Reason::DontKnow),
        ("unsure", Reason::DontKnow),
        ("not sure", Reason::DontKnow),
        ("weiss nicht", Reason::DontKnow),
        ("weiss ich nicht", Reason::DontKnow),
        ("kann ich nicht sagen", Reason::DontKnow),
        ("refus", Reason::Refused),
        ("prefer not", Reason::Refused),
        ("no answer", Reason::Refused),
        ("not stated", Reason::Refused),
        ("keine angabe", Reason::Refused),
        ("keine antwort", Reason::Refused),
        ("verweiger", Reason::Refused),
        ("antwort verweiger", Reason::Refused),
        ("angabe verweiger", Reason::Refused),
        ("moechte ich nicht", Reason::Refused),
        ("not asked", Reason::NotShown),
        ("not applicable", Reason::NotShown),
        ("not administered", Reason::NotShown),
        ("not in split", Reason::NotShown),
        ("inapplicable", Reason::NotShown),
        ("does not apply", Reason::NotShown),
        ("n a", Reason::NotShown),
        ("iap", Reason::NotShown),
        ("trifft nicht zu", Reason::NotShown),
        ("tnz", Reason::NotShown),
        ("nicht gefragt", Reason::NotShown),
        ("nicht erhoben", Reason::NotShown),
        ("nicht in split", Reason::NotShown),
        ("entfaellt", Reason::NotShown),
    ];
    let spoken = words(&label.replace(['\'', '’'], "")).join(" ");
    let begins = |(beginning, _): &&(&str, Reason)| {
        // A short one is a whole word.
        let rest = spoken.strip_prefix(beginning);
        rest.is_some_and(|rest| beginning.len() > 3 || rest.is_empty() || rest.starts_with(' '))
    };
    reason_of_words(label).or_else(|| BEGINNINGS.iter().find(begins).map(|(_, reason)| *reason))
}

fn whole_numbers(options: &[(String, u64)]) -> Option<Vec<f64>> {
    options.iter().map(|(code, _)| number(code).filter(|number| number.fract() == 0.0)).collect()
}

/// The reason a number stands for by custom, if it lies apart from all other numbers of its column.
fn number_for_missing(code: f64, all: &[f64]) -> Option<Reason> {
    const CUSTOM: [f64; 17] =
        [1.0, 2.0, 6.0, 7.0, 8.0, 9.0, 66.0, 77.0, 88.0, 97.0, 98.0, 99.0, 777.0, 888.0, 997.0, 998.0, 999.0];
    /// From which code on, up to which answer: 98 after answers up to 20, 8 after 1, 2, 3, 4, 5.
    const APART: [(f64, f64); 3] = [(777.0, 150.0), (66.0, 20.0), (8.0, 5.0)];
    if !CUSTOM.contains(&code.abs()) {
        return None;
    }
    let apart = if code < 0.0 {
        let answers: Vec<&f64> = all.iter().filter(|number| !CUSTOM.contains(&-**number)).collect();
        answers.len() >= 2 && answers.iter().all(|number| **number >= 0.0)
    } else {
        APART.iter().any(|(from, most)| {
            let answers: Vec<&f64> = all.iter().filter(|number| **number < *from && **number >= 0.0).collect();
            let highest = answers.iter().fold(0.0_f64, |highest, number| highest.max(**number));
            // 8 follows 1, 2, 3, 4, 5 closely: only a gapless scale before it makes it stand apart.
            let gapless = *from > 10.0 || highest <= answers.len() as f64;
            let above = all.iter().filter(|number| **number >= *from).all(|number| CUSTOM.contains(number));
            code >= *from && answers.len() >= 2 && highest <= *most && gapless && above
        })
    };
    let reason = match code.abs() as u32 % 10 {
        1 | 2 | 6 => Reason::NotShown,
        7 => Reason::Refused,
        8 => Reason::DontKnow,
        _ => Reason::Skipped,
    };
    apart.then_some(reason)
}

#[cfg(test)]
mod tests {
    use super::Codes;
    use crate::{responses::Profile, study::Reason};

    fn codes(values: &[&str]) -> (Vec<String>, Vec<(String, Reason)>) {
        let profile = Profile::of("x", values);
        let codes = Codes::of(&profile);
        (codes.options.into_iter().map(|(code, _)| code).collect(), codes.missing)
    }

    #[test]
    fn codes_for_no_answer_lie_apart() {
        let missing = |code: &str, reason| vec![(code.to_owned(), reason)];
        assert_eq!(codes(&["1", "2", "3", "-99"]).1, missing("-99", Reason::Skipped));
        assert_eq!(codes(&["1", "2", "5", "98"]).1, missing("98", Reason::DontKnow));
        assert_eq!(codes(&["1", "2", "8"]).1, missing("8", Reason::DontKnow));
        assert_eq!(codes(&["yes", "no", "k.A."]).1, missing("k.A.", Reason::Refused));
        assert_eq!(codes(&["1", "2", "#N/A"]).1, missing("#N/A", Reason::NotShown));
        for answers in
            [&["0", "5", "8", "9", "10"][..], &["30", "98", "99"], &["-2", "-1", "0", "1", "-5"], &["1", "99", "100"]]
        {
            assert!(codes(answers).1.is_empty(), "{answers:?}");
        }
    }

    #[test]
    fn spellings_of_an_answer_are_one_option() {
        let profile = Profile::of("x", &["ja", "Ja", "Ja", "JA", "nein", "weiß nicht", "Weiß nicht"]);
        let codes = Codes::of(&profile).with_undecided();
        assert_eq!(
            codes.options.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(),
            ["Ja", "nein", "weiß nicht"]
        );
        assert_eq!(codes.choice("Ja", "Ja".to_owned()).also, ["ja", "JA"]);
        assert_eq!(codes.choice("weiß nicht", String::new()).also, ["Weiß nicht"]);
    }

    #[test]
    fn numbers_of_spreadsheets_are_one_code() {
        assert_eq!(codes(&["0.0", "1.0", "1", "0"]).0, ["1", "0"]);
        assert_eq!(codes(&["01", "2.5"]).0, ["01", "2.5"]);
        assert_eq!(codes(&["-0", "0", "3"]).0, ["-0", "3"]);
    }
}
