//! Why a chart is not drawn: it would say nothing.

use crate::study::Language;

/// What there is nothing to be seen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// The groups are made of the answers themselves: all of some, none of others.
    SameColumn,
    /// No figure may be shown.
    NoFigure,
    /// Only one group has a figure, so there is nothing to compare it with.
    OneGroup,
}

impl Unsaid {
    /// The reason in a sentence.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::SameColumn, Language::De) => "Kein Diagramm: Die Gruppen folgen aus den Antworten auf diese Frage.",
            (Self::SameColumn, Language::En) => "No chart: the groups follow from the answers to this very question.",
            (Self::NoFigure, Language::De) => "Kein Diagramm: Kein Wert ist ausgewiesen.",
            (Self::NoFigure, Language::En) => "No chart: no figure is shown.",
            (Self::OneGroup, Language::De) => "Kein Diagramm: Nur für eine Gruppe ist ein Wert ausgewiesen.",
            (Self::OneGroup, Language::En) => "No chart: a figure is shown for one group only.",
        }
    }
}
