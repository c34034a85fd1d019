//! What several commands may ask of the intervals, instead of what the study file says.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::{
    study::{Interval, Quantile, Study, System},
    tally::Plan,
};

/// The options of precision; those left out are the study's.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Precision, instead of the study's")]
pub struct Precision {
    #[command(flatten)]
    certainty: Certainty,
    /// The interval of shares: logit, wald, arcsine, wilson, likelihood, korn_graubard, nchs, clopper_pearson,
    /// agresti_coull or jeffreys; the last three ignore weights, strata and units. Quantiles have it too, unless --like or the
    /// study gives them their own
    #[arg(long, value_name = "KIND", value_parser = interval(), hide_possible_values = true)]
    interval: Option<Interval>,
}

/// Those that hold for figures of any kind, such as differences.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Precision, instead of the study's")]
pub struct Certainty {
    /// The definitions of a survey system: r, stata, sas or spss. Instead of all that the study says on intervals, quantiles,
    /// degrees of freedom, lonely units, design effects and residuals of raked weights; options below override it
    #[arg(long, value_name = "SYSTEM", value_parser = system(), hide_possible_values = true)]
    like: Option<System>,
    /// The level of confidence intervals, from 0.5 to below 1, such as 0.9
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    confidence: Option<f64>,
    /// The quantiles of intervals: t with the degrees of freedom of the design, or z of the normal distribution
    #[arg(long, value_name = "QUANTILE", value_parser = quantile(), hide_possible_values = true)]
    quantile: Option<Quantile>,
}

impl Precision {
    /// What is to be counted of a study with this precision.
    pub fn plan(&self, study: &mut Study) -> Plan {
        self.apply(study);
        Plan::new(study)
    }

    /// Puts what was asked for in place of what the study says.
    fn apply(&self, study: &mut Study) {
        self.certainty.apply(study);
        study.design.interval = self.interval.unwrap_or(study.design.interval);
    }
}

impl Certainty {
    /// Puts what was asked for in place of what the study says.
    pub fn apply(&self, study: &mut Study) {
        if let Some(system) = self.like {
            study.follow(system);
        }
        let design = &mut study.design;
        design.confidence = self.confidence.unwrap_or(design.confidence);
        design.quantile = self.quantile.unwrap_or(design.quantile);
    }
}

fn level(text: &str) -> Result<f64, String> {
    let level: Option<f64> = text.parse().ok();
    level
        .filter(|level| (0.5..1.0).contains(level))
        .ok_or_else(|| "expected a number from 0.5 to below 1, such as 0.9".to_owned())
}

fn system() -> impl TypedValueParser<Value = System> {
    PossibleValuesParser::new(System::ALL.map(System::name))
        .map(|typed| System::ALL.into_iter().find(|system| system.name() == typed).unwrap_or(System::R))
}

fn interval() -> impl TypedValueParser<Value = Interval> {
    let names: Vec<&str> = Interval::names().map(|(name, _)| name).collect();
    PossibleValuesParser::new(names).map(|typed| {
        Interval::names().find(|(name, _)| *name == typed).map_or(Interval::default(), |(_, interval)| interval)
    })
}

fn quantile() -> impl TypedValueParser<Value = Quantile> {
    PossibleValuesParser::new(Quantile::ALL.map(Quantile::name))
        .map(|typed| Quantile::ALL.into_iter().find(|quantile| quantile.name() == typed).unwrap_or_default())
}
