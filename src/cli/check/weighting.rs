//! What weights are fitted to.

use super::super::paper::Paper;
use crate::{
    disclosure::ReleasedWeighting,
    survey::Survey,
    words::{self, weighting as in_words},
};

/// Says how weights are made: from which base weights, by which method, to which margins.
pub(super) fn print(paper: &mut Paper, survey: &Survey) {
    let (study, language) = (&survey.study, paper.language);
    let Some(weighting) = &study.weighting else { return };
    let base =
        study.design.weight.as_ref().map(|(column, _)| {
            language.choose(format!(", ausgehend von {column}"), format!(", starting from {column}"))
        });
    let method = format!("{}{}", in_words::method(weighting.method, language), base.unwrap_or_default());
    paper.fact(language.choose("Gewichtung", "weighting"), &method);
    for margin in &weighting.margins {
        let (name, source) = (in_words::margin(weighting, margin, language), in_words::source(margin, language));
        let levels = words::count(margin.targets.len() as u64, language);
        let text =
            language.choose(format!("{name}: {levels} Zellen, {source}"), format!("{name}: {levels} cells, {source}"));
        paper.fact(language.choose("  Rand", "  margin"), &text);
    }
    for number in &weighting.numbers {
        paper.fact(language.choose("  Zahl", "  number"), &number.column);
    }
    if let Some(trim) = weighting.trim {
        paper.fact(language.choose("  getrimmt", "  trimmed"), &in_words::trim(trim, language));
    }
}

/// The lowest and the highest weight as multiples of the average; none where they and the targets would tell how many are at a
/// small level.
pub(super) fn range(survey: &Survey, average: f64) -> Option<[f64; 2]> {
    match ReleasedWeighting::of(survey) {
        Some(released) => released.last().and_then(|step| step.range),
        None => survey.tally.weight_range.map(|(low, high)| [low, high].map(|weight| weight / average)),
    }
}
