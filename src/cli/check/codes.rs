//! Numbers that look like codes for no answer but are counted as answers.

use std::collections::HashMap;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    responses::Profile,
    study::{Kind, Levels, Origin, Study},
};

/// Codes by custom: what respondents did not say.
const CUSTOM: [f64; 14] =
    [77.0, 88.0, 97.0, 98.0, 99.0, 777.0, 888.0, 997.0, 998.0, 999.0, 9997.0, 9998.0, 9999.0, 99999.0];
/// The same below zero.
const NEGATIVE: [f64; 10] = [-7.0, -8.0, -9.0, -77.0, -88.0, -97.0, -98.0, -99.0, -999.0, -9999.0];

/// A warning for each column of numbers that holds such a code far away from all other numbers.
pub(super) fn undeclared(study: &Study, profiles: &[Profile]) -> Diagnostics {
    let questions = study.questions.iter().filter(|question| question.kind == Kind::Number);
    let questions = questions.map(|question| (&question.columns[0], &question.column_origin));
    let segments = study.segments.iter().filter(|segment| matches!(segment.levels, Levels::Bands { .. }));
    let segments = segments.map(|segment| (&segment.column, &segment.origin));
    let mut warnings = Diagnostics::default();
    // Each column once.
    let mut unseen: HashMap<&str, &Profile> =
        profiles.iter().map(|profile| (profile.column.as_str(), profile)).collect();
    for (column, Origin(place)) in questions.chain(segments) {
        let Some(profile) = unseen.remove(column.as_str()) else { continue };
        let missing = study.missing_codes(column);
        let read = if study.data.decimal_comma { profile.with_decimal_comma() } else { profile.clone() };
        let suspects = suspects(&read, &missing);
        let Some(code) = suspects.first() else { continue };
        let all: Vec<String> = suspects.iter().map(ToString::to_string).collect();
        let message = format!(
            "column `{column}` counts {} as {}, far from all other numbers",
            all.join(", "),
            if all.len() == 1 { "a number" } else { "numbers" }
        );
        let hint = format!("if it stands for no answer, add missing = {{ \"{code}\" = \"skipped\" }}");
        warnings.push(Diagnostic::warning("undeclared-missing", place.clone(), message).hint(hint));
    }
    warnings
}

fn suspects(profile: &Profile, missing: &[String]) -> Vec<f64> {
    const FEWEST_OTHERS: usize = 3;
    /// A code stands so many times as high as the highest answer: 99 is an age among those up to 80.
    const APART: f64 = 2.0;
    let missing: Vec<f64> = missing.iter().filter_map(|code| code.parse().ok()).collect();
    let numbers = profile.values.iter().filter_map(|(value, count)| Some((value.parse::<f64>().ok()?, *count)));
    let numbers: Vec<(f64, u64)> = numbers.filter(|(number, _)| !missing.contains(number)).collect();
    let is_custom = |number: &f64| CUSTOM.contains(number) || NEGATIVE.contains(number);
    let others: Vec<f64> = numbers.iter().map(|(number, _)| *number).filter(|number| !is_custom(number)).collect();
    if others.len() < FEWEST_OTHERS {
        return Vec::new();
    }
    let (low, high) = others.iter().fold((f64::MAX, f64::MIN), |(low, high), n| (low.min(*n), high.max(*n)));
    // Somebody may be far from all others; that several are so in the same way is unlikely.
    let is_suspect = |(number, count): &&(f64, u64)| {
        let below = NEGATIVE.contains(number) && low >= 0.0;
        below || CUSTOM.contains(number) && *number >= APART * high && *count >= 2
    };
    numbers.iter().filter(is_suspect).map(|(number, _)| *number).collect()
}

#[cfg(test)]
mod tests {
    use super::suspects;
    use crate::responses::Profile;

    #[test]
    fn codes_are_suspected_only_far_from_all_answers() {
        let found = |values: &[&str]| suspects(&Profile::of("x", values), &["-8".to_owned()]);
        assert_eq!(found(&["1", "5", "40", "999", "999", "-9", "-8"]), [999.0, -9.0]);
        for answers in [
            &["18", "54", "80", "99", "99"][..],
            &["1", "5", "40", "999"],
            &["1000", "2500", "9999", "9999", "8000"],
            &["-9", "-5", "0", "3"],
            &["99", "99", "1"],
        ] {
            assert!(found(answers).is_empty(), "{answers:?}");
        }
    }
}
