//! The weighting for programs: a line a figure, and JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::shifts::Shift;
use crate::{
    disclosure::{Count, ReleasedLevel, ReleasedWeighting},
    study::{Language, Study, weighting::Margin},
    words::{self, weighting as in_words},
};

const STEPS: [&str; 3] = ["base", "fitted", "trimmed"];

/// The code of a crossed level: `18-24 × f`.
fn code(study: &Study, margin: &Margin, cell: usize) -> String {
    let Some(weighting) = &study.weighting else { return String::new() };
    let codes = weighting.levels_at(margin, cell).map(|(segment, level)| segment.levels()[level].code.as_str());
    codes.collect::<Vec<_>>().join(" × ")
}

/// Lines that begin with what they are; numbers as they are printed, with a point.
pub(super) fn to_tsv(study: &Study, released: &ReleasedWeighting, shifts: &[Shift<'_>]) -> String {
    let Some(weighting) = &study.weighting else { return String::new() };
    let synthetic = if study.data.synthetic { "synthetic" } else { "" };
    let mut text = String::new();
    let mut line = |cells: &[&str]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
        let _ = writeln!(text, "{}", cells.join("\t"));
    };
    let percent = |share: Option<f64>, none: &str| {
        share.map_or_else(|| none.to_owned(), |share| words::points(share, 1, Language::En))
    };
    for (margin, shares) in weighting.margins.iter().zip(&released.margins) {
        let name = weighting.name_of(margin);
        let mut of_level = |code: &str, level: &ReleasedLevel| {
            let respondents = words::respondents(level.respondents, Language::En).replace(',', "");
            let [before, after] = [level.before, level.after].map(|share| percent(share, words::WITHHELD));
            let target = percent(level.target, "");
            line(&["margin", &name, code, &respondents, &before, &after, &target, synthetic]);
        };
        for (cell, level) in shares.levels.iter().enumerate() {
            of_level(&code(study, margin, cell), level);
        }
        if let Some(level) = &shares.unknown {
            of_level("unknown", level);
        }
    }
    for (number, (shift, target)) in weighting.numbers.iter().zip(&released.numbers) {
        let print = |value: f64| value.to_string();
        let [before, after] = shift.map_or([words::WITHHELD; 2].map(str::to_owned), |shift| shift.map(print));
        line(&["number", &number.column, &before, &after, &print(*target), synthetic]);
    }
    for (name, step) in STEPS.into_iter().zip(&released.steps) {
        let print = |value: f64| words::decimal(value, 3, Language::En).replace(',', "");
        let [low, high] = step.range.map_or([words::WITHHELD; 2].map(str::to_owned), |range| range.map(print));
        let spread = [step.coefficient_of_variation, step.design_effect].map(print);
        let effective = words::decimal(step.effective_base, 0, Language::En).replace(',', "");
        line(&["weights", name, &low, &high, &spread[0], &spread[1], &effective, synthetic]);
    }
    for shift in shifts {
        let option = shift.option.map_or("", |option| shift.question.options[option].code.as_str());
        let print = |value: f64| match shift.option {
            Some(_) => words::points(value, 1, Language::En),
            None => words::amount(value, words::Unit::Mean, Language::En).replace(',', ""),
        };
        let [before, moved] = [shift.before, shift.before.map(|before| shift.after - before)]
            .map(|value| value.map_or_else(|| words::WITHHELD.to_owned(), |value| print(value).replace('−', "-")));
        let after = print(shift.after).replace('−', "-");
        line(&["figure", &shift.question.id, option, &before, &after, &moved, synthetic]);
    }
    text
}

/// Everything as one JSON document. A count that may not be said is missing; `under` says of how many it is fewer.
pub(super) fn to_json(study: &Study, released: &ReleasedWeighting, shifts: &[Shift<'_>], language: Language) -> String {
    let Some(weighting) = &study.weighting else { return String::new() };
    let margins: Vec<Value> = weighting.margins.iter().zip(&released.margins).map(|(margin, shares)| {
        let of_level = |code: Value, label: String, level: &ReleasedLevel| {
            let (n, under) = counted(level.respondents);
            json!({
                "level": code,
                "label": label,
                "n": n,
                "under": under,
                "before": level.before,
                "after": level.after,
                "target": level.target,
            })
        };
        let levels = shares.levels.iter().enumerate().map(|(cell, level)| {
            of_level(code(study, margin, cell).into(), in_words::level(weighting, margin, cell, language), level)
        });
        let unknown = shares.unknown.iter().map(|level| of_level(Value::Null, in_words::unknown(language).to_owned(), level));
        json!({
            "by": margin.variables.iter().map(|variable| weighting.variables[*variable].segment.id.as_str()).collect::<Vec<_>>(),
            "file": margin.file.as_ref().map(|file| file.display().to_string()),
            "source": margin.source.as_ref().map(|source| source.text(language)),
            "date": margin.date,
            "levels": levels.chain(unknown).collect::<Vec<_>>(),
        })
    }).collect();
    let numbers = weighting.numbers.iter().zip(&released.numbers).map(|(number, (shift, target))| {
        let [before, after] = shift.map_or([None; 2], |shift| shift.map(Some));
        json!({ "column": number.column, "before": before, "after": after, "target": target })
    });
    let steps = STEPS.into_iter().zip(&released.steps).map(|(name, step)| {
        let [lowest, highest] = step.range.map_or([None; 2], |range| range.map(Some));
        json!({
            "step": name,
            "lowest": lowest,
            "highest": highest,
            "coefficient_of_variation": step.coefficient_of_variation,
            "design_effect": step.design_effect,
            "n": step.respondents,
            "n_effective": step.effective_base,
        })
    });
    let figures = shifts.iter().map(|shift| {
        json!({
            "question": shift.question.id,
            "option": shift.option.map(|option| shift.question.options[option].code.as_str()),
            "before": shift.before,
            "after": shift.after,
        })
    });
    let document = json!({
        "schema": "topline.weight/1",
        "method": weighting.method.name(),
        "population": weighting.population,
        "margins": margins,
        "numbers": numbers.collect::<Vec<_>>(),
        "weights": steps.collect::<Vec<_>>(),
        "at_bounds": released.at_bounds.map(counted).map(|(n, _)| n),
        "dropped": released.dropped.map(counted).map(|(n, _)| n),
        "figures": figures.collect::<Vec<_>>(),
        "synthetic": study.data.synthetic,
    });
    format!("{document:#}\n")
}

/// A number where it may be said exactly, and what it is below where that is said.
fn counted(count: Count) -> (Option<u64>, Option<u64>) {
    match count {
        Count::Exactly(number) => (Some(number), None),
        Count::Under(limit) => (None, Some(limit)),
        Count::About(_) | Count::Rest => (None, None),
    }
}
