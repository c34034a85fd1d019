//! How the sample was weighted to the population, and what that did.

use super::{Block, Level, Section, Source};
use crate::{
    chart::{Chart, compose},
    disclosure::ReleasedWeighting,
    table::{margin_shares, numbers, weight_steps},
    words::{self, Term, weighting as in_words},
};

/// How weights were made, in sentences; none where they were not fitted.
pub(super) fn description(source: &Source<'_>) -> Option<String> {
    let study = &source.survey.study;
    let released = ReleasedWeighting::of(source.survey)?;
    Some(in_words::description(study, study.weighting.as_ref()?, &released, source.language))
}

/// The margins as a chart and as tables, then the weights after each step.
pub(super) fn section(source: &Source<'_>) -> Option<Section> {
    let (survey, language) = (source.survey, source.language);
    let released = ReleasedWeighting::of(survey)?;
    let weighting = survey.study.weighting.as_ref()?;
    let chart = compose::weighting(survey, &released, language).ok();
    let chart = chart.map(|chart| Block::Chart(Box::new(Chart { id: "weighting-chart".to_owned(), ..chart })));
    let margins = (0..weighting.margins.len()).map(|index| margin_shares(weighting, &released, index, language));
    let numbers = (!weighting.numbers.is_empty()).then(|| numbers(weighting, &released, language));
    let grids = margins.chain(numbers).chain([weight_steps(&released, language)]).map(Block::Grid);
    let withheld = format!("{} {}", words::WITHHELD, words::term(Term::Withheld, language));
    let note = released.withholds.then_some(Block::Note(withheld));
    let blocks = chart.into_iter().chain(grids).chain(note).collect();
    Some(Section::new("weighting", Level::Part, source.phrases.weighting, blocks))
}
