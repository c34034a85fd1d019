//! What contrasts compare.

use super::super::paper::Paper;
use crate::{
    study::{Contrast, Study},
    words::comparison,
};

/// Says of a contrast which figures it compares, and how.
pub(super) fn print(paper: &mut Paper, study: &Study, contrast: &Contrast) {
    let language = paper.language;
    let head = language.choose("Vergleich", "comparison");
    let label = comparison::label(study, contrast, language);
    let (measure, _) = comparison::measure(contrast, language);
    paper.heading(&format!("{head} {} – {label}", contrast.id));
    paper.fact(language.choose("Maß", "measure"), measure);
    for cell in &contrast.cells {
        let role = comparison::role(contrast, cell, language);
        paper.fact(&role, &comparison::cell(study, contrast, cell, language));
    }
}
