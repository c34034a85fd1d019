//! Everything that is told of one figure, without words; and as JSON.

use serde_json::{Value, json};

use super::{
    super::counts::Counts,
    limits::{self, Step},
    replicates,
    strata::Strata,
};
use crate::{
    estimate::{Spread, Statistic, Steps},
    study::{Language, Quantile, weighting::Residuals},
    survey::Survey,
    table::exclusions_to_json,
    tidy::Record,
};

/// One figure, which may be published, with its steps.
pub(super) struct Account {
    /// The question, as an index of the study.
    pub question: usize,
    /// The segment and the level; none for the total.
    pub level: Option<(usize, usize)>,
    /// What the figure says.
    pub statistic: Statistic,
    /// Its row of the tidy estimates.
    pub record: Record,
    /// How it was computed.
    pub steps: Steps,
    /// What strata add to its variance, where it is linearised.
    pub strata: Option<Strata>,
    /// Where the quantile of its interval comes from.
    pub quantile: Quantile,
    /// From its error to its limits.
    pub limits: Vec<Step>,
}

impl Account {
    pub(super) fn new(
        survey: &Survey,
        (question, level): (usize, Option<(usize, usize)>),
        record: Record,
        steps: Steps,
    ) -> Self {
        let design = &survey.study.design;
        let interval = if steps.reading.is_some() { design.interval_of_quantiles() } else { design.interval };
        Self {
            question,
            level,
            statistic: steps.statistic,
            record,
            strata: match &steps.spread {
                Spread::Strata(parts) => {
                    Some(Strata::new(survey, question, level.map(|(segment, _)| segment), &steps, parts))
                }
                Spread::Replicates(_) => None,
            },
            quantile: design.quantile,
            limits: limits::steps(&steps, interval, design.quantile, design.confidence),
            steps,
        }
    }

    /// The variance of the figure, or of the share up to a quantile: the square of the standard error, NaN where there are
    /// no degrees of freedom.
    pub(super) fn variance(&self) -> f64 {
        self.steps.spreading().standard_error.powi(2)
    }

    /// Everything, with the script for R, as one JSON document.
    pub(super) fn to_json(&self, survey: &Survey, printed: &str, script: Option<&str>) -> String {
        let (design, first) = (&survey.study.design, &survey.design.stages[0]);
        let counts = Counts::new(survey, Language::En);
        let missing = counts.exactly_missing(self.question).into_iter();
        let missing: serde_json::Map<String, Value> =
            missing.map(|(reason, number)| (reason.name().to_owned(), number.into())).collect();
        let named = self.strata.iter().flat_map(|strata| &strata.named).map(|line| {
            let stratum = &first.strata[line.stratum];
            let has_one_fraction = line.squares.is_some();
            json!({
                "stratum": stratum.name,
                "units": stratum.units,
                "sampled_fraction": has_one_fraction.then_some(stratum.sampled_fraction),
                "sum_of_squares": line.squares,
                "adds": line.adds,
            })
        });
        let later = self.strata.iter().flat_map(|strata| strata.later.iter().zip(2..));
        let document = json!({
            "schema": "topline.explanation/1",
            "figure": serde_json::to_value(&self.record).unwrap_or_default(),
            "printed": printed,
            "data": data(survey),
            "excluded": exclusions_to_json(survey, Language::En),
            "base": {
                "condition": survey.study.questions[self.question].base.condition.as_ref().map(ToString::to_string),
                "asked": counts.exactly_asked(self.question),
                "missing": missing,
            },
            "sums": {
                "count": self.steps.count,
                "numerator": self.steps.numerator,
                "denominator": self.steps.denominator,
            },
            "variance": finite(self.variance()),
            "design": {
                "stages": survey.design.stages.len(),
                "strata": first.strata.len(),
                "units": first.strata.iter().map(|stratum| stratum.units).sum::<u64>(),
                "lonely_unit": design.lonely_unit.name(),
                "lonely_strata": self.strata.as_ref().map(|strata| strata.lonely),
                "degrees_of_freedom": design.degrees_of_freedom.name(),
                "design_effect": design.design_effect.name(),
                "residuals": survey.study.residuals().map(Residuals::name),
                "like": design.like.map(crate::study::System::name),
            },
            "strata": named.collect::<Vec<Value>>(),
            "other_strata": self.strata.as_ref().map(|strata| json!({ "strata": strata.others.0, "adds": strata.others.1 })),
            "later_stages": later
                .map(|((strata, adds), stage)| json!({ "stage": stage, "strata": strata, "adds": adds }))
                .collect::<Vec<Value>>(),
            "replicates": replicates::to_json(survey, self),
            "quantile": self.steps.reading.map(|reading| json!({
                "rule": design.quantile_rule.name(),
                "part": reading.part,
                "share": reading.below.value,
                "standard_error": finite(reading.below.standard_error),
            })),
            "multiplier": finite(self.steps.multiplier),
            "limits": self.limits
                .iter()
                .map(|step| json!({ "name": step.name, "formula": step.formula, "values": step.values }))
                .collect::<Vec<Value>>(),
            "r": script,
        });
        format!("{document:#}\n")
    }
}

/// The responses that a figure is computed from.
pub(super) fn data(survey: &Survey) -> Value {
    let study = &survey.study;
    json!({
        "file": survey.table.name(),
        "rows": survey.tally.rows,
        "weight": study.design.weight.as_ref().map(|(column, _)| column),
        "weighting": study.weighting.as_ref().map(|weighting| weighting.method.name()),
    })
}

pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}
