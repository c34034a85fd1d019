//! Codes that are no answer for one who reads a column, but an answer for another.

use std::collections::HashMap;

use super::{Kind, Levels, Missing, Origin, Study};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// A question or segment as a reader of its column.
struct Reading<'a> {
    name: String,
    column: &'a str,
    missing: &'a [Missing],
    answers: Answers<'a>,
    origin: &'a Origin,
}

/// What counts as an answer.
enum Answers<'a> {
    /// These codes.
    Codes(Vec<&'a String>),
    /// Any number.
    Numbers,
    /// Numbers from the first band on, without those that are missing for anybody who reads the column.
    Bands(f64),
}

/// Warnings of codes that a question or segment calls missing while another, of the same column, does not: for bands the code is
/// missing without a word, for numbers and options it counts. That a question says for the bands of its column what is
/// missing is as it should be.
#[must_use]
pub fn disputed(study: &Study) -> Diagnostics {
    let readings: Vec<Reading<'_>> = readings(study).collect();
    let mut warnings = Diagnostics::default();
    let mut of_column: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, reading) in readings.iter().enumerate() {
        of_column.entry(reading.column).or_default().push(index);
    }
    for (index, says) in readings.iter().enumerate() {
        for other in of_column[says.column].iter().filter(|other| **other != index).map(|other| &readings[*other]) {
            let is_general = |code: &str| study.data.missing.iter().any(|missing| missing.code == code);
            let codes = says.missing.iter().map(|missing| missing.code.as_str()).filter(|code| !is_general(code));
            let is_shared = |code: &str| other.missing.iter().any(|missing| super::same_code(&missing.code, code));
            for code in codes.filter(|code| !is_shared(code)) {
                let number: Option<f64> = code.parse().ok();
                let consequence = match &other.answers {
                    Answers::Codes(known) => {
                        known.iter().any(|known| super::same_code(known, code)).then_some("but listed in")
                    }
                    Answers::Numbers => number.map(|_| "but counts as a number in"),
                    Answers::Bands(first) => {
                        let is_in_band = number.is_some_and(|number| number >= *first);
                        let says_for_bands = matches!(says.answers, Answers::Numbers);
                        (is_in_band && !says_for_bands).then_some("and so also in")
                    }
                };
                let Some(consequence) = consequence else { continue };
                let message = format!(
                    "`{code}` is missing in {}, {consequence} {}: both read column `{}`",
                    says.name, other.name, other.column
                );
                let hint = "write it into `missing` of both; or, if it is no answer in any column, of [data]";
                warnings.push(Diagnostic::warning("disputed-missing", other.origin.0.clone(), message).hint(hint));
            }
        }
    }
    warnings
}

fn readings(study: &Study) -> impl Iterator<Item = Reading<'_>> {
    let variables = study.weighting.iter().flat_map(|weighting| weighting.own_variables(&study.segments));
    let segments = study.segments.iter().map(|segment| ("segment", segment));
    let segments = segments.chain(variables.map(|variable| ("variable", variable))).map(|(what, segment)| Reading {
        name: format!("{what} `{}`", segment.id),
        column: &segment.column,
        missing: &segment.missing,
        answers: match &segment.levels {
            Levels::Codes(levels) => {
                Answers::Codes(levels.iter().flat_map(|level| [&level.code].into_iter().chain(&level.also)).collect())
            }
            Levels::Bands { starts, .. } => Answers::Bands(starts.first().copied().unwrap_or(f64::NEG_INFINITY)),
        },
        origin: &segment.origin,
    });
    let questions = study.questions.iter().filter(|question| question.kind != Kind::Multiple).flat_map(|question| {
        question.columns.iter().map(|column| Reading {
            name: format!("question `{}`", question.id),
            column,
            missing: &question.missing,
            answers: if question.kind.is_numeric() {
                Answers::Numbers
            } else {
                let codes = question.options.iter().flat_map(|option| [&option.code].into_iter().chain(&option.also));
                Answers::Codes(codes.collect())
            },
            origin: &question.origin,
        })
    });
    segments.chain(questions)
}
