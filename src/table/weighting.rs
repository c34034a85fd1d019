//! What weighting did, as grids.

use super::{Column, Grid};
use crate::{
    disclosure::{ReleasedLevel, ReleasedStep, ReleasedWeighting},
    study::{Language, weighting::Weighting},
    words::{self, Unit, weighting as in_words},
};

/// The levels of a margin: respondents, and their shares before and after weighting and in the population.
#[must_use]
pub fn margin_shares(weighting: &Weighting, released: &ReleasedWeighting, index: usize, language: Language) -> Grid {
    let (margin, shares) = (&weighting.margins[index], &released.margins[index]);
    let share = |share: Option<f64>, none: &str| {
        share.map_or_else(|| none.to_owned(), |share| words::percent(share, 1, language))
    };
    let row = |label: String, level: &ReleasedLevel| {
        vec![
            label,
            words::respondents(level.respondents, language),
            share(level.before, words::WITHHELD),
            share(level.after, words::WITHHELD),
            share(level.target, words::EMPTY),
        ]
    };
    let levels = shares.levels.iter().enumerate();
    let levels = levels.map(|(cell, level)| row(in_words::level(weighting, margin, cell, language), level));
    let unknown = shares.unknown.iter().map(|level| row(in_words::unknown_of_all(language), level));
    Grid {
        caption: in_words::margin(weighting, margin, language),
        columns: vec![
            Column::text(language.choose("Ausprägung", "Level")),
            Column::numbers(language.choose("Befragte", "Respondents")),
            Column::numbers(language.choose("Vorher", "Before")),
            Column::numbers(language.choose("Nachher", "After")),
            Column::numbers(language.choose("Ziel", "Target")),
        ],
        rows: levels.chain(unknown).collect(),
    }
}

/// The numbers of a weighting, before and after it and in the population.
#[must_use]
pub fn numbers(weighting: &Weighting, released: &ReleasedWeighting, language: Language) -> Grid {
    let print = |number: f64| words::amount(number, Unit::Mean, language);
    let rows = weighting.numbers.iter().zip(&released.numbers).map(|(number, (shift, target))| {
        let [before, after] = shift.map_or([words::WITHHELD; 2].map(str::to_owned), |shift| shift.map(print));
        vec![number.column.clone(), before, after, print(*target)]
    });
    Grid {
        caption: language.choose("Zahlen", "Numbers").to_owned(),
        columns: vec![
            Column::text(language.choose("Spalte", "Column")),
            Column::numbers(language.choose("Vorher", "Before")),
            Column::numbers(language.choose("Nachher", "After")),
            Column::numbers(language.choose("Ziel", "Target")),
        ],
        rows: rows.collect(),
    }
}

/// How unequal weights are after each step.
#[must_use]
pub fn weight_steps(released: &ReleasedWeighting, language: Language) -> Grid {
    let names = [
        language.choose("Ausgangsgewichte", "base weights"),
        language.choose("angepasst", "fitted"),
        language.choose("getrimmt", "trimmed"),
    ];
    let print = |number: f64| words::decimal(number, 2, language);
    let row = |(name, step): (&str, &ReleasedStep)| {
        let [low, high] = step.range.map_or([words::WITHHELD; 2].map(str::to_owned), |range| range.map(print));
        vec![
            name.to_owned(),
            low,
            high,
            print(step.coefficient_of_variation),
            print(step.design_effect),
            words::decimal(step.effective_base, 0, language),
        ]
    };
    Grid {
        caption: language
            .choose("Gewichte, als Vielfache des Durchschnitts", "Weights, as multiples of their average")
            .to_owned(),
        columns: vec![
            Column::text(language.choose("Schritt", "Step")),
            Column::numbers(language.choose("Kleinstes", "Lowest")),
            Column::numbers(language.choose("Größtes", "Highest")),
            Column::numbers("CV"),
            Column::numbers(language.choose("Designeffekt", "Design effect")),
            Column::numbers(language.choose("Basis effektiv", "Effective base")),
        ],
        rows: names.into_iter().zip(&released.steps).map(row).collect(),
    }
}
