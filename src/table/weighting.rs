//! What weighting did, as grids.

use super::{Column, Grid};
use crate::{
    disclosure::{ReleasedLevel, ReleasedNumber, ReleasedStep, ReleasedWeighting, Shift},
    study::{Kind, Language, Study, weighting::Weighting},
    words::{self, Unit, weighting as in_words},
};

/// A row of a grid of what weighting moved, as printed.
struct Moved {
    /// What moved.
    label: String,
    /// On how many respondents it stands.
    respondents: String,
    /// What it was before weighting.
    before: String,
    /// What it is after weighting.
    after: String,
    /// What it is compared with.
    beside: String,
}

/// A grid of what weighting moved: of what, and what stands beside it.
fn moved(caption: String, [what, beside]: [&str; 2], rows: Vec<Moved>, language: Language) -> Grid {
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

/// The headline figures, with how many answered, and as how many they count before and after weighting.
#[must_use]
pub fn figure_shifts(study: &Study, shifts: &[Shift<'_>], language: Language) -> Grid {
    let row = |shift: &Shift<'_>| {
        let question = shift.question;
        let is_share = question.kind != Kind::Number && question.kind != Kind::Ratio;
        let print = |value: f64| {
            if is_share { words::percent(value, 1, language) } else { words::amount(value, Unit::Mean, language) }
        };
        let difference = |before: f64| {
            let difference = shift.after - before;
            let text = if is_share {
                words::points(difference, 1, language)
            } else {
                words::amount(difference, Unit::Mean, language)
            };
            // What is rounded to nothing has no sign.
            let is_nothing = !text.contains(|digit| ('1'..='9').contains(&digit));
            let sign = if text.starts_with('−') || is_nothing { "" } else { "+" };
            format!("{sign}{text}")
        };
        let short = question.short.text(language);
        Moved {
            label: shift.option.map_or_else(
                || short.to_owned(),
                |option| format!("{short}: {}", question.options[option].label.text(language)),
            ),
            respondents: words::base_count(shift.bases[1].as_ref(), study, language),
            before: words::or_withheld(shift.before, print),
            after: print(shift.after),
            beside: words::or_withheld(shift.before, difference),
        }
    };
    let caption = language.choose("Was sich durch die Gewichtung verschob", "What weighting moved").to_owned();
    let columns = [language.choose("Wert", "Figure"), language.choose("Differenz", "Difference")];
    let mut grid = moved(caption, columns, shifts.iter().map(row).collect(), language);
    grid.columns.push(Column::numbers(language.choose("Basis effektiv", "Effective base")));
    for (row, shift) in grid.rows.iter_mut().zip(shifts) {
        let effective = shift.bases.map(|bases| bases.map(|bases| words::effective_base(bases.effective, language)));
        let [before, after] = effective.map(|effective| words::or_withheld(effective, |effective| effective));
        row.push(format!("{before} → {after}"));
    }
    grid
}
