//! The weighting for programs: a line a figure, and JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    disclosure::{ReleasedLevel, ReleasedWeighting, Shift},
    study::{Language, Study, weighting::Margin},
    survey::Survey,
    table::exclusions_to_json,
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
    let percent = |share: f64| words::points(share, 1, Language::En);
    let respondents = |number: Option<u64>| words::or_withheld(number, |number| number.to_string());
    let whole = |number: f64| words::effective_base(number, Language::En).replace(',', "");
    for (margin, shares) in weighting.margins.iter().zip(&released.margins) {
        let name = weighting.name_of(margin);
        let mut of_level = |code: &str, level: &ReleasedLevel| {
            let [before, after] = [level.before, level.after].map(|share| words::or_withheld(share, percent));
            let target = level.target.map(percent).unwrap_or_default();
            line(&["margin", &name, code, &respondents(level.respondents), &before, &after, &target, synthetic]);
        };
        for (cell, level) in shares.levels.iter().enumerate() {
            of_level(&code(study, margin, cell), level);
        }
        if let Some(level) = &shares.unknown {
            of_level("unknown", level);
        }
    }
    for (number, moved) in weighting.numbers.iter().zip(&released.numbers) {
        let print =
            |value: f64| words::amount(value, words::Unit::Mean, Language::En).replace(',', "").replace('−', "-");
        let [before, after] = [moved.before, moved.after].map(|value| words::or_withheld(value, print));
        let n = respondents(moved.respondents);
        line(&["number", &number.column, &n, &before, &after, &print(moved.target), synthetic]);
    }
    for (name, step) in STEPS.into_iter().zip(&released.steps) {
        let print = |value: f64| words::decimal(value, 3, Language::En).replace(',', "");
        let [low, high] = [0, 1].map(|end| step.range.map(|range| range[end]));
        let numbers = [low, high, step.coefficient_of_variation(), step.design_effect()];
        let [low, high, variation, effect] = numbers.map(|number| words::or_withheld(number, print));
        let (n, effective) = (step.respondents.to_string(), words::or_withheld(step.effective_base, whole));
        line(&["weights", name, &low, &high, &variation, &effect, &n, &effective, synthetic]);
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
        let n = respondents(shift.bases[1].map(|bases| bases.unweighted));
        let effective = shift.bases.map(|bases| words::or_withheld(bases, |bases| whole(bases.effective)));
        let [base, weighted] = &effective;
        line(&["figure", &shift.question.id, option, &n, &before, &after, &moved, base, weighted, synthetic]);
    }
    text
}

/// Everything as one JSON document. What is withheld is null.
pub(super) fn to_json(
    survey: &Survey,
    released: &ReleasedWeighting,
    shifts: &[Shift<'_>],
    language: Language,
) -> String {
    let study = &survey.study;
    let Some(weighting) = &study.weighting else { return String::new() };
    let margins: Vec<Value> = weighting.margins.iter().zip(&released.margins).map(|(margin, shares)| {
        let of_level = |code: Value, label: String, level: &ReleasedLevel| {
            json!({
                "level": code,
                "label": label,
                "n": level.respondents,
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
    let numbers = weighting.numbers.iter().zip(&released.numbers).map(|(number, moved)| {
        let (before, after) = (moved.before, moved.after);
        json!({ "column": number.column, "n": moved.respondents, "before": before, "after": after, "target": moved.target })
    });
    let steps = STEPS.into_iter().zip(&released.steps).map(|(name, step)| {
        let [lowest, highest] = step.range.map_or([None; 2], |range| range.map(Some));
        json!({
            "step": name,
            "lowest": lowest,
            "highest": highest,
            "coefficient_of_variation": step.coefficient_of_variation(),
            "design_effect": step.design_effect(),
            "n": step.respondents,
            "n_effective": step.effective_base,
        })
    });
    let figures = shifts.iter().map(|shift| {
        // What is not a number, because it is withheld, is null.
        let effective = |of: usize| shift.bases[of].map(|bases| bases.effective);
        json!({
            "question": shift.question.id,
            "option": shift.option.map(|option| shift.question.options[option].code.as_str()),
            "before": shift.before,
            "after": shift.after,
            "n": shift.bases[1].map(|bases| bases.unweighted),
            "n_effective_before": effective(0),
            "n_effective_after": effective(1),
        })
    });
    let document = json!({
        "schema": "topline.weight/1",
        "method": weighting.method.name(),
        "population": weighting.population,
        "margins": margins,
        "numbers": numbers.collect::<Vec<_>>(),
        "weights": steps.collect::<Vec<_>>(),
        "at_bounds": released.at_bounds,
        "excluded": exclusions_to_json(survey, language),
        "dropped": released.dropped,
        "figures": figures.collect::<Vec<_>>(),
        "synthetic": study.data.synthetic,
    });
    format!("{document:#}\n")
}
