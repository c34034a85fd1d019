//! The weighting for people.

use super::{
    super::{Screen, paper::Paper},
    shifts::Shift,
};
use crate::{
    disclosure::{ReleasedLevel, ReleasedStep, ReleasedWeighting},
    study::{Kind, Language, weighting::Weighting},
    survey::Survey,
    table::{Column, Grid},
    words::{self, Term, Unit, weighting as in_words},
};

pub(super) fn print(
    survey: &Survey,
    released: &ReleasedWeighting,
    shifts: &[Shift<'_>],
    screen: &Screen,
    language: Language,
) -> String {
    let study = &survey.study;
    let Some(weighting) = &study.weighting else { return String::new() };
    let mut paper = Paper { text: String::new(), width: screen.width(), language };
    paper.lines("", study.about.title.text(language));
    if study.data.synthetic {
        paper.lines("", words::term(Term::Synthetic, language));
    }
    paper.text.push('\n');
    let summary = in_words::description(study, weighting, released, language);
    paper.lines("", &summary);
    for index in 0..weighting.margins.len() {
        add(&mut paper, &margin_grid(weighting, released, index, language));
    }
    if !weighting.numbers.is_empty() {
        add(&mut paper, &number_grid(weighting, released, language));
    }
    add(&mut paper, &steps(released, language));
    facts(&mut paper, survey, released);
    if !shifts.is_empty() {
        add(&mut paper, &figures(shifts, language));
    }
    if released.withholds {
        paper.text.push('\n');
        paper.lines("", &format!("{} {}", words::WITHHELD, words::term(Term::Withheld, language)));
    }
    paper.text
}

fn add(paper: &mut Paper, grid: &Grid) {
    paper.heading(&grid.caption);
    paper.text += &grid.to_terminal(paper.width);
}

fn margin_grid(weighting: &Weighting, released: &ReleasedWeighting, index: usize, language: Language) -> Grid {
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
    let unknown = shares.unknown.iter().map(|level| row(in_words::unknown(language).to_owned(), level));
    Grid {
        caption: in_words::margin(weighting, margin, language),
        columns: vec![
            Column::text(language.choose("Ausprägung", "level")),
            Column::numbers(language.choose("Befragte", "respondents")),
            Column::numbers(language.choose("vorher", "before")),
            Column::numbers(language.choose("nachher", "after")),
            Column::numbers(language.choose("Ziel", "target")),
        ],
        rows: levels.chain(unknown).collect(),
    }
}

fn number_grid(weighting: &Weighting, released: &ReleasedWeighting, language: Language) -> Grid {
    let print = |number: f64| words::amount(number, Unit::Mean, language);
    let rows = weighting.numbers.iter().zip(&released.numbers).map(|(number, (shift, target))| {
        let [before, after] = shift.map_or([words::WITHHELD; 2].map(str::to_owned), |shift| shift.map(print));
        vec![number.column.clone(), before, after, print(*target)]
    });
    Grid {
        caption: language.choose("Zahlen", "Numbers").to_owned(),
        columns: vec![
            Column::text(language.choose("Spalte", "column")),
            Column::numbers(language.choose("vorher", "before")),
            Column::numbers(language.choose("nachher", "after")),
            Column::numbers(language.choose("Ziel", "target")),
        ],
        rows: rows.collect(),
    }
}

fn steps(released: &ReleasedWeighting, language: Language) -> Grid {
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
            Column::text(language.choose("Schritt", "step")),
            Column::numbers(language.choose("kleinstes", "lowest")),
            Column::numbers(language.choose("größtes", "highest")),
            Column::numbers(language.choose("Variationskoeff.", "CV")),
            Column::numbers(language.choose("Designeffekt", "design effect")),
            Column::numbers(language.choose("effektiv", "effective base")),
        ],
        rows: names.into_iter().zip(&released.steps).map(row).collect(),
    }
}

fn facts(paper: &mut Paper, survey: &Survey, released: &ReleasedWeighting) {
    let language = paper.language;
    paper.text.push('\n');
    if let Some(number) = released.at_bounds {
        let number = words::respondents(number, language);
        let text = language.choose(format!("{number} Befragte an einer Schranke"), format!("{number} respondents"));
        paper.fact(language.choose("Schranken", "at a bound"), &text);
    }
    if let Some(number) = released.dropped {
        let number = words::respondents(number, language);
        let text = language.choose(
            format!("{number} Befragte, deren Ausprägung unbekannt ist"),
            format!("{number} respondents whose level is unknown"),
        );
        paper.fact(language.choose("Gewicht 0", "weight 0"), &text);
    }
    if let Some(weights) = &survey.weights {
        let iterations = words::count(weights.iterations as u64, language);
        paper.fact(language.choose("Iterationen", "iterations"), &iterations);
    }
}

fn figures(shifts: &[Shift<'_>], language: Language) -> Grid {
    let row = |shift: &Shift<'_>| {
        let question = shift.question;
        let share = question.kind != Kind::Number && question.kind != Kind::Ratio;
        let print = |value: f64| {
            if share { words::percent(value, 1, language) } else { words::amount(value, Unit::Mean, language) }
        };
        let difference = shift.after - shift.before;
        let difference = if share {
            words::points(difference, 1, language)
        } else {
            words::amount(difference, Unit::Mean, language)
        };
        let sign = if difference.starts_with('−') || shift.after == shift.before { "" } else { "+" };
        let short = question.short.text(language);
        let label = shift.option.map_or_else(
            || short.to_owned(),
            |option| format!("{short}: {}", question.options[option].label.text(language)),
        );
        vec![label, print(shift.before), print(shift.after), format!("{sign}{difference}")]
    };
    Grid {
        caption: language.choose("Was sich durch die Gewichtung verschob", "What weighting moved").to_owned(),
        columns: vec![
            Column::text(language.choose("Wert", "figure")),
            Column::numbers(language.choose("vorher", "before")),
            Column::numbers(language.choose("nachher", "after")),
            Column::numbers(language.choose("Differenz", "difference")),
        ],
        rows: shifts.iter().map(row).collect(),
    }
}
