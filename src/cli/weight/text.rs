//! The weighting for people.

use super::{
    super::{Screen, paper::Paper},
    shifts::Shift,
};
use crate::{
    disclosure::ReleasedWeighting,
    study::{Kind, Language, Study},
    survey::Survey,
    table::{Column, Grid, Moved, margin_shares, moved, numbers, weight_steps},
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
        add(&mut paper, &margin_shares(weighting, released, index, language));
    }
    if !weighting.numbers.is_empty() {
        add(&mut paper, &numbers(weighting, released, language));
    }
    add(&mut paper, &weight_steps(released, language));
    facts(&mut paper, survey, released);
    if !shifts.is_empty() {
        add(&mut paper, &figures(study, shifts, language));
    }
    let withholds = released.withholds || shifts.iter().any(|shift| shift.before.is_none());
    if let Some(note) = in_words::withheld(&ReleasedWeighting { withholds, ..released.clone() }, language) {
        paper.text.push('\n');
        paper.lines("", &note);
    }
    paper.text
}

fn add(paper: &mut Paper, grid: &Grid) {
    paper.heading(&grid.caption);
    paper.text += &grid.to_terminal(paper.width);
}

fn facts(paper: &mut Paper, survey: &Survey, released: &ReleasedWeighting) {
    let language = paper.language;
    paper.text.push('\n');
    if let Some(number) = released.at_bounds {
        let number = words::count(number, language);
        let text = language.choose(format!("{number} Befragte an einer Schranke"), format!("{number} respondents"));
        paper.fact(language.choose("Schranken", "at a bound"), &text);
    }
    if released.dropped > 0 {
        let number = words::count(released.dropped, language);
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

/// The headline figures, with how many answered, and as how many they count before and after weighting.
fn figures(study: &Study, shifts: &[Shift<'_>], language: Language) -> Grid {
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
