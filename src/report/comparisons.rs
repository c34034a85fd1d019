//! The contrasts of a study, as a chapter.

use super::{Block, Level, Section, Source};
use crate::table::Comparisons;

/// A chapter, where the study has contrasts.
pub(super) fn section(source: &Source<'_>) -> Option<Section> {
    let study = &source.survey.study;
    let questions: Vec<usize> = (0..study.questions.len()).collect();
    let comparisons = Comparisons::of(study, source.release, &questions, source.language)?;
    let note = Block::Note(comparisons.note);
    let blocks = vec![Block::Grid(comparisons.grid), note];
    Some(Section::new("comparisons", Level::Chapter, comparisons.heading, blocks))
}
