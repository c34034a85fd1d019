//! Every sentence of the report: one file a language, the same fields in each.
//!
//! Words in braces, such as `{count}`, are filled in by [`fill`]. What a report shares with tables and charts is in
//! [`words`](crate::words) and in the charts' own phrases.

mod de;
mod en;

use crate::{
    study::{Interval, Kind, Language, Quantile, Sample, Study},
    words,
};

/// The sentences of one language.
pub(super) struct Phrases {
    pub skip: &'static str,
    pub contents: &'static str,
    pub footer: &'static str,
    pub finding_base: &'static str,
    pub no_interval: &'static str,

    pub headline: &'static str,
    pub nothing_shown: &'static str,

    pub published: &'static str,
    pub published_intro: &'static str,
    pub published_synthetic: &'static str,
    pub published_found: Counted,
    pub published_share: &'static str,
    pub reproduced_share: &'static str,
    pub limits: &'static str,
    pub inside: &'static str,
    pub yes: &'static str,
    pub no: &'static str,

    pub questions: &'static str,
    pub wording: &'static str,
    pub measured: &'static str,
    pub form: &'static str,
    pub single: &'static str,
    pub multiple: &'static str,
    pub scale: &'static str,
    pub number: &'static str,
    pub ratio: &'static str,
    pub all_answers: &'static str,
    pub all_results: &'static str,
    pub value: &'static str,
    pub small_figures: &'static str,
    pub scroll: &'static str,

    pub method: &'static str,
    pub population: &'static str,
    pub sample: &'static str,
    pub probability: &'static str,
    pub opt_in: &'static str,
    pub simulated: &'static str,
    pub conducted_by: &'static str,
    pub sponsor: &'static str,
    pub frame: &'static str,
    pub recruitment: &'static str,
    pub mode: &'static str,
    pub fieldwork: &'static str,
    pub size: &'static str,
    pub respondents: Counted,
    pub made_up: Counted,
    pub without_weight: Counted,
    pub weighting: &'static str,
    pub not_weighted: &'static str,
    pub quality: &'static str,
    pub excluded: &'static str,
    pub limitations: &'static str,
    pub contact: &'static str,
    pub notes: &'static str,
    pub bases: &'static str,
    pub bases_caption: &'static str,
    pub absences_caption: &'static str,
    pub absences_note: &'static str,
    pub not_asked: &'static str,
    pub missing: &'static str,
    pub missing_items: Counted,
    pub missing_none: &'static str,

    pub precision: &'static str,
    pub equal_weights: &'static str,
    pub calibrated: &'static str,
    pub residuals: &'static str,
    pub refitted: &'static str,
    pub gain: &'static str,
    pub weight_range: &'static str,
    pub kish: &'static str,
    pub plan: &'static str,
    pub stages: &'static str,
    pub unequal_chances: &'static str,
    pub strata: Counted,
    pub no_strata: &'static str,
    pub units: Counted,
    pub every_respondent: &'static str,
    pub degrees: Counted,
    pub degrees_of_domain: &'static str,
    pub degrees_of_strata: &'static str,
    pub like: &'static str,
    pub finite: &'static str,
    pub errors: &'static str,
    pub replicated: &'static str,
    pub plan_of_replicates: &'static str,
    pub in_intervals: &'static str,
    pub logit: &'static str,
    pub wald: &'static str,
    pub wilson: &'static str,
    pub arcsine: &'static str,
    pub likelihood: &'static str,
    pub korn_graubard: &'static str,
    pub nchs: &'static str,
    pub clopper_pearson: &'static str,
    pub agresti_coull: &'static str,
    pub jeffreys: &'static str,
    pub independent: &'static str,
    pub student: &'static str,
    pub normal: &'static str,
    pub extremes: &'static str,
    pub means: &'static str,
    pub quantiles: &'static str,
    pub all_intervals: &'static str,
    pub level: &'static str,
    pub precise_probability: &'static str,
    pub precise_opt_in: &'static str,
    pub effect: &'static str,
    pub precise_simulated: &'static str,
    pub precise_undeclared: &'static str,

    pub protection: &'static str,
    pub minimum: &'static str,
    pub no_minimum: &'static str,
    pub withheld: Counted,
    pub withheld_none: &'static str,
    pub withheld_base: &'static str,
    pub withheld_cell: &'static str,
    pub complement: &'static str,
    pub columns: Counted,
    pub scope: &'static str,

    pub symbols: &'static str,
    pub interval_mark: &'static str,
}

/// A text for one and a text for any other number, as `{count}`.
pub(super) struct Counted {
    pub one: &'static str,
    pub other: &'static str,
}

impl Phrases {
    /// The sentences of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::De => &de::PHRASES,
            Language::En => &en::PHRASES,
        }
    }

    /// How a question is answered.
    pub(super) fn kind(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Single => self.single,
            Kind::Multiple => self.multiple,
            Kind::Scale => self.scale,
            Kind::Number => self.number,
            Kind::Ratio => self.ratio,
        }
    }

    /// How the limits of shares are computed.
    pub(super) fn interval(&self, interval: Interval) -> &'static str {
        match interval {
            Interval::Logit => self.logit,
            Interval::Wald => self.wald,
            Interval::Wilson => self.wilson,
            Interval::Arcsine => self.arcsine,
            Interval::Likelihood => self.likelihood,
            Interval::KornGraubard => self.korn_graubard,
            Interval::Nchs => self.nchs,
            Interval::ClopperPearson => self.clopper_pearson,
            Interval::AgrestiCoull => self.agresti_coull,
            Interval::Jeffreys => self.jeffreys,
        }
    }

    /// What holds beyond that: where the variance is zero, or where the kind knows no variance.
    pub(super) fn beside_interval(&self, interval: Interval) -> Option<&'static str> {
        match interval {
            Interval::Nchs => None,
            _ if interval.ignores_design() => Some(self.independent),
            _ => Some(self.extremes),
        }
    }

    /// The distribution that quantiles are taken from.
    pub(super) fn quantile(&self, quantile: Quantile) -> &'static str {
        match quantile {
            Quantile::T => self.student,
            Quantile::Z => self.normal,
        }
    }

    /// What an interval means for this kind of sample.
    pub(super) fn precise(&self, study: &Study) -> &'static str {
        match study.about.sample {
            _ if study.data.synthetic => self.precise_simulated,
            Some(Sample::Probability) => self.precise_probability,
            Some(Sample::OptIn) => self.precise_opt_in,
            None => self.precise_undeclared,
        }
    }
}

impl Counted {
    /// The text for a number.
    pub(super) fn text(&self, count: u64, language: Language) -> String {
        let text = if count == 1 { self.one } else { self.other };
        fill(text, &[("count", &words::count(count, language))])
    }
}

/// Puts values in place of `{names}`.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
