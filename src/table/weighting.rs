//! What weighting did, as grids.

use super::{Column, Grid};
use crate::{
    disclosure::{ReleasedLevel, ReleasedNumber, ReleasedStep, ReleasedWeighting},
    study::{Language, weighting::Weighting},
    words::{self, Unit, weighting as in_words},
};

/// A row of a grid of what weighting moved, as printed.
pub struct Moved {
    /// What moved.
    pub label: String,
    /// On how many respondents it stands.
    pub respondents: String,
    /// What it was before weighting.
    pub before: String,
    /// What it is after weighting.
    pub after: String,
    /// What it is compared with.
    pub beside: String,
}

/// A grid of what weighting moved: of what, and what stands beside it.
#[must_use]
pub fn moved(caption: String, [what, beside]: [&str; 2], rows: Vec<Moved>, language: Language) -> Grid {
    let rows = rows.into_iter().map(|row| vec![row.label, row.respondents, row.before, row.after, row.beside]);
    Grid {
        caption,
        columns: vec![
            Column::text(what),
            Column::numbers(language.choose("Befragte", "Respondents")),
            Column::numbers(language.choose("Vorher", "Before")),
            Column::numbers(language.choose("Nachher", "After")),
            Column::numbers(beside),
        ],
        rows: rows.collect(),
    }
}

/// The levels of a margin: respondents, and their shares before and after weighting and in the population.
#[must_use]
pub fn margin_shares(weighting: &Weighting, released: &ReleasedWeighting, index: usize, language: Language) -> Grid {
    let (margin, shares) = (&weighting.margins[index], &released.margins[index]);
    let percent = |share: f64| words::percent(share, 1, language);
    let row = |label: String, level: &ReleasedLevel| Moved {
        label,
        respondents: words::or_withheld(level.respondents, |number| words::count(number, language)),
        before: words::or_withheld(level.before, percent),
        after: words::or_withheld(level.after, percent),
        beside: level.target.map_or(words::EMPTY.to_owned(), percent),
    };
    let levels = shares.levels.iter().enumerate();
    let levels = levels.map(|(cell, level)| row(in_words::level(weighting, margin, cell, language), level));
    let unknown = shares.unknown.iter().map(|level| row(in_words::unknown_of_all(language), level));
    let columns = [language.choose("Ausprägung", "Level"), language.choose("Ziel", "Target")];
    moved(in_words::margin(weighting, margin, language), columns, levels.chain(unknown).collect(), language)
}

/// The numbers of a weighting, before and after it and in the population.
#[must_use]
pub fn numbers(weighting: &Weighting, released: &ReleasedWeighting, language: Language) -> Grid {
    let amount = |number: f64| words::amount(number, Unit::Mean, language);
    let row = |column: &str, number: &ReleasedNumber| Moved {
        label: column.to_owned(),
        respondents: words::or_withheld(number.respondents, |number| words::count(number, language)),
        before: words::or_withheld(number.before, amount),
        after: words::or_withheld(number.after, amount),
        beside: amount(number.target),
    };
    let rows = weighting.numbers.iter().zip(&released.numbers).map(|(number, released)| row(&number.column, released));
    let columns = [language.choose("Spalte", "Column"), language.choose("Ziel", "Target")];
    moved(language.choose("Zahlen", "Numbers").to_owned(), columns, rows.collect(), language)
}

/// How unequal weights are after each step.
#[must_use]
pub fn weight_steps(released: &ReleasedWeighting, language: Language) -> Grid {
    let names = [
        language.choose("Ausgangsgewichte", "base weights"),
        language.choose("angepasst", "fitted"),
        language.choose("getrimmt", "trimmed"),
    ];
    let print = |number: Option<f64>| words::or_withheld(number, |number| words::decimal(number, 2, language));
    let row = |(name, step): (&str, &ReleasedStep)| {
        let [low, high] = [0, 1].map(|end| print(step.range.map(|range| range[end])));
        vec![
            name.to_owned(),
            low,
            high,
            print(step.coefficient_of_variation()),
            print(step.design_effect()),
            words::count(step.respondents, language),
            words::or_withheld(step.effective_base, |base| words::decimal(base, 0, language)),
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
            Column::numbers(language.choose("Befragte", "Respondents")),
            Column::numbers(language.choose("Basis effektiv", "Effective base")),
        ],
        rows: names.into_iter().zip(&released.steps).map(row).collect(),
    }
}
