//! The contrasts of a study: what is compared, the difference or ratio, its interval and base.

use super::{Block, Column, Grid, Level, Section, Source};
use crate::{
    disclosure::Figure,
    study::{Contrast, Of, Scale},
    words::{self, Term, Unit},
};

/// A chapter, where the study has contrasts.
pub(super) fn section(source: &Source<'_>) -> Option<Section> {
    let (study, phrases, language) = (&source.survey.study, source.phrases, source.language);
    let contrasts = study.contrasts.iter().zip(&source.release.contrasts);
    let rows: Vec<Vec<String>> = contrasts.map(|(contrast, figure)| row(source, contrast, figure)).collect();
    let interval = words::confidence_interval(study.design.confidence, language);
    let columns = vec![
        Column::text(phrases.comparison),
        Column::text(phrases.measure),
        Column::numbers(phrases.result),
        Column::numbers(&interval),
        Column::numbers(words::term(Term::Base, language)),
    ];
    let grid = Grid { caption: phrases.comparisons_caption.to_owned(), columns, rows };
    let note = Block::Note(phrases.comparisons_note.to_owned());
    (!study.contrasts.is_empty())
        .then(|| Section::new("comparisons", Level::Chapter, phrases.comparisons, vec![Block::Grid(grid), note]))
}

fn row(source: &Source<'_>, contrast: &Contrast, figure: &Figure) -> Vec<String> {
    let (phrases, language, study) = (source.phrases, source.language, &source.survey.study);
    let of_shares = contrast.cells.iter().all(|cell| !matches!(cell.of, Of::Mean));
    let (measure, unit) = match contrast.scale {
        Scale::Difference if of_shares => (phrases.points_difference, Unit::Points),
        Scale::Difference => (phrases.difference, Unit::Mean),
        Scale::RelativeRisk => (phrases.relative_risk, Unit::Mean),
        Scale::OddsRatio => (phrases.odds_ratio, Unit::Mean),
    };
    let limits = figure.shown().and_then(|estimate| estimate.limits).map_or_else(
        || words::EMPTY.to_owned(),
        |limits| {
            let [low, high] = [limits.low, limits.high].map(|limit| words::amount(limit, unit, language));
            language.choose(format!("{low} bis {high}"), format!("{low} to {high}"))
        },
    );
    let bases = figure.shown().map(|estimate| estimate.bases);
    vec![
        contrast.label.text(language).to_owned(),
        measure.to_owned(),
        words::figure(figure, unit, language),
        limits,
        words::base_count(bases.as_ref(), study, language),
    ]
}
