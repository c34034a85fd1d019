//! The weighting for people.

use super::super::{Screen, paper::Paper};
use crate::{
    disclosure::{ReleasedWeighting, Shift},
    study::Language,
    survey::Survey,
    table::{Grid, figure_shifts, margin_shares, numbers, weight_steps},
    words::{self, Term, weighting as in_words},
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
        add(&mut paper, &figure_shifts(study, shifts, language));
    }
    if let Some(note) = in_words::withheld(released, shifts, language) {
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
