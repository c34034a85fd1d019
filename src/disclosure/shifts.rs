//! How far weighting moved the headline figures.

use super::{Figure, Release, ReleasedDomain, ReleasedQuestion, release};
use crate::{
    estimate::{Bases, Estimate},
    study::{Kind, Question},
    survey::Survey,
};

/// A headline figure with and without weighting to the population.
#[derive(Clone, Debug)]
pub struct Shift<'a> {
    /// The question that it is of.
    pub question: &'a Question,
    /// The option that it is the share of; none for means and ratios.
    pub option: Option<usize>,
    /// With base weights alone, unless withheld.
    pub before: Option<f64>,
    /// With fitted weights.
    pub after: f64,
    /// Its base, with base weights alone and with fitted weights, unless withheld.
    pub bases: [Option<Bases>; 2],
}

/// Those that may be shown. A figure before weighting is one more equation between its cells at the levels of a segment: where
/// some of these are withheld it could give them back, and is withheld too. The same responses are counted with fitted weights
/// and with base weights alone, as by [`Survey::count_beside_base`].
#[must_use]
pub fn shifts<'a>(survey: &'a Survey, base: &Survey) -> Vec<Shift<'a>> {
    let published = |survey: &Survey| -> Release { release(&survey.study, &survey.plan, &survey.estimates()) };
    let (weighted, unweighted) = (published(survey), published(base));
    let mut shifts = Vec::new();
    for (index, question) in survey.study.questions.iter().enumerate() {
        let (released, before) = (&weighted.questions[index], &unweighted.questions[index]);
        let options: Vec<Option<usize>> = match question.kind {
            Kind::Number | Kind::Ratio => vec![None],
            _ => released.headline(question).into_iter().map(Some).collect(),
        };
        for option in options {
            let hides = [released, before].into_iter().any(|question| hides(question, option));
            let [without, with] = [before, released].map(|question| &question.domains[0]);
            if let Some(after) = shown(with, option) {
                let before = shown(without, option);
                let bases = [before.map(|before| before.bases).or(without.bases), Some(after.bases)];
                let before = before.map(|before| before.value).filter(|_| !hides);
                shifts.push(Shift { question, option, before, after: after.value, bases });
            }
        }
    }
    shifts
}

fn hides(question: &ReleasedQuestion, option: Option<usize>) -> bool {
    let mut figures = question.domains.iter().filter_map(|domain| figure(domain, option));
    figures.any(|figure| figure.withheld().is_some())
}

fn shown(domain: &ReleasedDomain, option: Option<usize>) -> Option<&Estimate> {
    figure(domain, option).and_then(Figure::shown)
}

fn figure(domain: &ReleasedDomain, option: Option<usize>) -> Option<&Figure> {
    option.map_or(domain.mean.as_ref(), |option| domain.shares.get(option))
}
