//! The contrasts of a study, a row each, below the headline percentages.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{Columns, Row, Screen, base_count};
use crate::{
    disclosure::Release,
    study::{Language, Study},
    table::left,
    words::{self, comparison},
};

/// A contrast as printed, and what it measures.
pub(super) struct Compared {
    pub row: Row,
    measure: &'static str,
}

/// All contrasts, in the order of the study.
pub(super) fn rows(study: &Study, release: &Release, language: Language) -> Vec<Compared> {
    let contrasts = study.contrasts.iter().zip(&release.contrasts);
    let row = contrasts.map(|(contrast, figure)| {
        let (measure, unit) = comparison::measure(contrast, language);
        let shown = figure.shown();
        let bases = shown.map(|estimate| estimate.bases);
        let label = comparison::label(study, contrast, language);
        let n = bases
            .map_or(String::new(), |bases| format!(" (n\u{a0}=\u{a0}{})", base_count(Some(&bases), study, language)));
        let limits = shown.and_then(|estimate| comparison::limits(estimate, unit, language));
        let row = Row {
            indent: "",
            label: label + &n,
            share: 0.0,
            value: words::figure(figure, unit, language),
            limits: limits.unwrap_or_default(),
        };
        Compared { row, measure }
    });
    row.collect()
}

/// Prints them under a heading. What is measured stands where others have their bar, if there is room.
pub(super) fn print(rows: &[Compared], columns: &Columns, screen: &Screen, language: Language, text: &mut String) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", screen.bold(language.choose("Vergleiche", "Comparisons")));
    for Compared { row, measure } in rows {
        if measure.width() <= columns.bar {
            row.print_with(&left(measure, columns.bar), columns, text);
        } else {
            let label = format!("{}, {measure}", row.label);
            Row { label, ..row.clone() }.print(columns, text);
        }
    }
}
