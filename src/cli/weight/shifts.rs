//! How far weighting moved the headline figures.

use super::super::published;
use crate::{
    disclosure::{Figure, ReleasedQuestion},
    study::{Kind, Question},
    survey::Survey,
};

/// A headline figure with and without weighting to the population.
pub(super) struct Shift<'a> {
    pub question: &'a Question,
    /// The option that it is the share of; none for means and ratios.
    pub option: Option<usize>,
    /// With base weights alone.
    pub before: f64,
    /// With fitted weights.
    pub after: f64,
}

/// Those that may be shown both ways.
pub(super) fn shifts<'a>(survey: &'a Survey, base: &Survey) -> Vec<Shift<'a>> {
    let (weighted, unweighted) = (published(survey), published(base));
    let mut shifts = Vec::new();
    for (index, question) in survey.study.questions.iter().enumerate() {
        let released = &weighted.questions[index];
        let options: Vec<Option<usize>> = match question.kind {
            Kind::Number | Kind::Ratio => vec![None],
            _ => released.headline(question).into_iter().map(Some).collect(),
        };
        for option in options {
            let value = |released: &ReleasedQuestion| {
                let total = &released.domains[0];
                let figure = option.map_or(total.mean.as_ref(), |option| total.shares.get(option));
                figure.and_then(Figure::shown).map(|estimate| estimate.value)
            };
            if let (Some(before), Some(after)) = (value(&unweighted.questions[index]), value(released)) {
                shifts.push(Shift { question, option, before, after });
            }
        }
    }
    shifts
}
