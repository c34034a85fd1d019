//! What the marks of a chart mean: those that are drawn or printed on it, and no others.

use super::Composer;
use crate::{
    chart::{Mark, Panel},
    disclosure::Reliability,
    study::{Language, Sample},
    words,
};

impl Composer<'_> {
    /// Whiskers, hollow marks and asterisks. `domains` are those of the rows.
    pub(super) fn legend(&self, mark: Mark, panels: &[Panel], domains: &[usize]) -> Vec<String> {
        let points = || panels.iter().flat_map(|panel| &panel.rows).filter_map(|row| row.point);
        let whiskers = points().any(|point| point.low.is_some() && point.high.is_some()).then(|| self.whiskers());
        // The base of the total stands in the source.
        let is_printed = |of| self.reliability(0) == of || domains.iter().any(|domain| self.reliability(*domain) == of);
        let is_hollow = |of| {
            let rows = panels.iter().flat_map(|panel| panel.rows.iter().zip(domains));
            rows.filter(|(row, _)| row.faint).any(|(_, domain)| self.reliability(*domain) == of)
        };
        let hollow = self.meanings(is_hollow);
        let hollow =
            (!hollow.is_empty()).then(|| format!("{}: {}", hollow_marks(mark, self.language), hollow.join(", ")));
        let others = self.meanings(|of| is_printed(of) && !is_hollow(of));
        whiskers.into_iter().chain(hollow).chain(others).collect()
    }

    /// How far the figures of a domain can be relied on. Where nobody is, there is nothing to rely on.
    pub(super) fn reliability(&self, domain: usize) -> Reliability {
        let bases = self.released.domains[domain].bases.filter(|bases| bases.unweighted > 0);
        bases.map_or(Reliability::Ordinary, |bases| Reliability::of(bases.unweighted, self.study))
    }

    fn whiskers(&self) -> String {
        let intervals = words::confidence_intervals(self.study.design.confidence, self.language);
        match (self.study.about.sample, self.language) {
            (Some(Sample::OptIn), Language::De) => format!("Striche: modellbasierte {intervals}"),
            (Some(Sample::OptIn), Language::En) => format!("Whiskers: model-based {intervals}"),
            (_, Language::De) => format!("Striche: {intervals}"),
            (_, Language::En) => format!("Whiskers: {intervals}"),
        }
    }

    fn meanings(&self, occurs: impl Fn(Reliability) -> bool) -> Vec<String> {
        let meanings = words::legend_of_marks(self.study, self.language, occurs);
        meanings.iter().map(|meaning| meaning.replace(" < ", "\u{a0}<\u{a0}")).collect()
    }
}

fn hollow_marks(mark: Mark, language: Language) -> &'static str {
    match (mark, language) {
        (Mark::Bar, Language::De) => "Blasse Balken",
        (Mark::Bar, Language::En) => "Pale bars",
        (Mark::Dot, Language::De) => "Offene Kreise",
        (Mark::Dot, Language::En) => "Open circles",
    }
}
