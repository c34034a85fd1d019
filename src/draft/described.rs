//! Answers as the file itself describes them, held against what it contains.

use super::{
    answers::Answers,
    codes::{Choice, Codes, number, reason_of_label, reason_of_words},
    naming::label,
};
use crate::{
    codebook::{Measure, Value, Variable},
    diagnostic::quoted_list,
    responses::{Profile, is_special_missing},
    study::{Kind, Reason, order::is_known_scale, same_code},
};

/// What a column holds, as its file describes it.
#[derive(Debug)]
pub(super) struct Described {
    pub kind: Kind,
    pub options: Vec<Choice>,
    pub missing: Vec<(String, Reason)>,
    /// What to look at, for the reader of the study file.
    pub remarks: Vec<String>,
}

/// Longer runs of whole numbers are counts, not steps of a scale.
const MOST_STEPS: usize = 12;
/// Fewer steps are not called a scale.
const FEWEST_STEPS: usize = 4;

/// The answers of a column whose file describes some of its values; `None` if it says nothing of use.
pub(super) fn described(profile: &Profile, variable: &Variable) -> Option<Described> {
    if variable.measure == Some(Measure::Amount) && variable.values.is_empty() {
        return amounts(profile);
    }
    if variable.values.is_empty() && variable.missing_ranges.is_empty() {
        return None;
    }
    let missing = missing(profile, variable);
    let is_missing = |code: &str| missing.iter().any(|(known, _)| same_code(known, code));
    let labelled: Vec<&Value> = variable.values.iter().filter(|value| !is_missing(&value.code)).collect();
    let is_labelled = |code: &str| labelled.iter().any(|value| same_code(&value.code, code));
    let values = profile.values.iter().map(|(value, _)| value.as_str());
    let strangers: Vec<&str> = values.filter(|value| !is_missing(value) && !is_labelled(value)).collect();
    let are_numbers = strangers.iter().all(|value| number(value).is_some());
    let is_measured = variable.measure == Some(Measure::Number) || profile.many || strangers.len() > MOST_STEPS;
    if is_measured && are_numbers && (!strangers.is_empty() || labelled.is_empty()) {
        // "98 = don't know" on a number of hours describes an exception, not the answers.
        let remarks = named_numbers(&labelled).into_iter().collect();
        return Some(Described { kind: Kind::Number, options: Vec::new(), missing, remarks });
    }
    if labelled.is_empty() {
        return described_by_values(profile, missing);
    }
    Some(listed(variable, &labelled, &strangers, missing))
}

/// Numbers that respondents gave themselves, if all are numbers.
fn amounts(profile: &Profile) -> Option<Described> {
    let codes = Codes::of(profile);
    if !codes.are_numbers(profile) {
        return None;
    }
    let is_guess = codes.missing.iter().any(|(code, _)| number(code).is_some());
    let remarks = is_guess.then(|| "The codes under `missing` are a guess.".to_owned()).into_iter().collect();
    Some(Described { kind: Kind::Number, options: Vec::new(), missing: codes.missing, remarks })
}

/// The codes that are no answers: those that the file calls so, and those whose label says so.
pub(super) fn missing(profile: &Profile, variable: &Variable) -> Vec<(String, Reason)> {
    let spoken = |value: &Value| value.label.as_deref().and_then(reason_of_words);
    // For an opinion "don't know" in words is an answer, unless the file says otherwise.
    let of_label = |value: &Value| spoken(value).filter(|reason| *reason != Reason::DontKnow);
    let told = |value: &Value| value.label.as_deref().and_then(reason_of_label);
    let listed = variable.values.iter().filter_map(|value| {
        let reason = value.missing.map(|reason| told(value).unwrap_or(reason)).or_else(|| of_label(value))?;
        Some((value.code.clone(), reason))
    });
    let mut missing: Vec<(String, Reason)> = listed.collect();
    for (value, _) in &profile.values {
        let within = |code: f64| variable.missing_ranges.iter().any(|(low, high)| (*low..=*high).contains(&code));
        let is_new = !missing.iter().any(|(known, _)| same_code(known, value));
        if is_new && (number(value).is_some_and(within) || is_special_missing(value)) {
            let label = variable.values.iter().find(|known| same_code(&known.code, value));
            missing.push((value.clone(), label.and_then(told).unwrap_or(Reason::Skipped)));
        }
    }
    missing
}

/// The options of a column: those with a label, and those that only the data have.
fn listed(variable: &Variable, labelled: &[&Value], strangers: &[&str], missing: Vec<(String, Reason)>) -> Described {
    let known = labelled.iter().map(|value| Choice::new(&value.code, name(value)));
    let unknown = strangers.iter().map(|value| Choice::new(value, (*value).to_owned()));
    let mut options: Vec<Choice> = known.chain(unknown).collect();
    let are_numbers = options.iter().all(|option| number(&option.code).is_some());
    let mut remarks = Vec::new();
    // Only the ends of a scale may have words.
    let has_bare_steps = !strangers.is_empty() && are_numbers;
    if has_bare_steps {
        options.sort_by(|a, b| number(&a.code).unwrap_or(0.0).total_cmp(&number(&b.code).unwrap_or(0.0)));
    } else if !strangers.is_empty() {
        remarks.push(format!("The file does not say what these mean: {}.", quoted_list(strangers.iter().copied())));
    }
    let labels: Vec<(String, u64)> = options.iter().map(|option| (option.label.clone(), 0)).collect();
    let is_ordered = has_bare_steps || variable.measure == Some(Measure::Ordinal);
    let is_scale = is_known_scale(&labels) || is_ordered && are_numbers && options.len() >= FEWEST_STEPS;
    let kind = if is_scale { Kind::Scale } else { Kind::Single };
    Described { kind, options, missing, remarks }
}

/// The answers of a column of which the file says only what is no answer.
fn described_by_values(profile: &Profile, missing: Vec<(String, Reason)>) -> Option<Described> {
    let rest = profile.without(|value| missing.iter().any(|(code, _)| same_code(code, value)));
    let Answers::To(kind, codes) = Answers::of(&rest) else { return None };
    let options = match kind {
        Kind::Number => Vec::new(),
        _ => codes.options.iter().map(|(code, _)| codes.choice(code, label(code))).collect(),
    };
    let missing = missing.into_iter().chain(codes.missing).collect();
    Some(Described { kind, options, missing, remarks: Vec::new() })
}

/// Numbers some of which have words that are no reason for a missing answer.
fn named_numbers(labelled: &[&Value]) -> Option<String> {
    let labels: Vec<String> = labelled.iter().map(|value| format!("{} = {}", value.code, name(value))).collect();
    (!labels.is_empty()).then(|| format!("Numbers; the file calls some of them {}.", labels.join(", ")))
}

fn name(value: &Value) -> String {
    value.label.clone().unwrap_or_else(|| value.code.clone())
}
