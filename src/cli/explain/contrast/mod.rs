//! One contrast: the figures that are compared, what they add to its variance, and what they have in common.
//!
//! A contrast is shown only where all its cells are. Their estimates and errors are told with it, and of the covariances the
//! one number that these errors leave of its own: no more than follows from the tidy estimates.

mod text;

use serde_json::{Value, json};

use super::{
    Format,
    account::{data, finite},
    complaint, r, rule,
};
use crate::{
    cli::Screen,
    diagnostic::Diagnostics,
    disclosure::Release,
    estimate::Estimate,
    interval::Confidence,
    study::{Among, Contrast, ContrastCell, Language, Scale},
    survey::Survey,
    table::exclusions_to_json,
    tidy::{Record, records},
    words::{self, comparison},
};

/// Covariances that are less than this part of the variances are none: figures of different strata have nothing in common.
const ROUNDING: f64 = 1e-12;

/// A contrast that may be published, with its steps.
struct Account<'a> {
    contrast: &'a Contrast,
    /// The contrast itself, as it is published.
    estimate: Estimate,
    /// Its row of the tidy estimates.
    record: Record,
    /// The figures that are compared.
    cells: Vec<Cell>,
    /// `D = Σ a h(θ)`, the contrast or its logarithm.
    value: f64,
    /// The standard error of `D`.
    error: f64,
    /// The quantile that it is multiplied by.
    multiplier: f64,
}

/// A figure that is compared.
struct Cell {
    /// What it is, with its factor.
    of: ContrastCell,
    /// `θ`
    estimate: f64,
    /// Respondents on whom it stands, and their weights.
    respondents: u64,
    weights: f64,
    /// `h(θ)`
    value: f64,
    /// The variance of `h(θ)`.
    variance: f64,
}

/// Explains a contrast on the screen.
pub(super) fn explain(
    survey: &Survey,
    release: &Release,
    index: usize,
    format: Format,
    screen: &Screen,
    language: Language,
) -> Result<(), Diagnostics> {
    let (contrast, figure) = (&survey.study.contrasts[index], &release.contrasts[index]);
    if let Some(why) = figure.withheld() {
        let message = "this contrast is withheld to protect respondents, and so is how it was computed";
        return Err(complaint("withheld", message, Some(rule(why, &survey.study.publication))));
    }
    let record = records(survey, release).into_iter().find(|record| {
        record.option == contrast.id && record.statistic == contrast.scale.name() && record.estimate.is_some()
    });
    let account = figure.shown().zip(record).and_then(|(figure, record)| {
        let cells =
            contrast.cells.iter().map(|cell| Cell::new(survey, contrast, cell)).collect::<Option<Vec<Cell>>>()?;
        Some(Account::new(survey, contrast, *figure, record, cells))
    });
    let Some(account) = account else {
        return Err(complaint("nobody", "nobody is in the base of a cell, or it is a ratio to 0", None));
    };
    let (_, unit) = comparison::measure(contrast, language);
    let printed = words::figure(figure, unit, language);
    let script = r::script_of_contrast(survey, contrast)?;
    screen.print(&match format {
        Format::Text => text::print(survey, &account, &printed, script.as_deref(), screen, language),
        Format::Json => account.to_json(survey, &printed, script.as_deref()),
    })
}

impl<'a> Account<'a> {
    fn new(survey: &Survey, contrast: &'a Contrast, estimate: Estimate, record: Record, cells: Vec<Cell>) -> Self {
        let design = &survey.study.design;
        let (value, error) = on_scale(contrast.scale, &estimate);
        let multiplier = Confidence::new(design.confidence, design.quantile, estimate.degrees_of_freedom).multiplier();
        Self { contrast, estimate, record, cells, value, error, multiplier }
    }

    /// What the cells would add if they had nothing in common: `Σ a² V`.
    fn of_cells(&self) -> f64 {
        self.cells.iter().map(|cell| cell.of.factor.powi(2) * cell.variance).sum()
    }

    /// What the covariances of the cells add: `2 Σ_{i<j} a_i a_j C_ij`.
    fn in_common(&self) -> f64 {
        let (all, of_cells) = (self.error * self.error, self.of_cells());
        let rest = all - of_cells;
        if rest.abs() <= ROUNDING * all.max(of_cells) { 0.0 } else { rest }
    }

    fn to_json(&self, survey: &Survey, printed: &str, script: Option<&str>) -> String {
        let study = &survey.study;
        let cells = self.cells.iter().map(|cell| {
            json!({
                "cell": comparison::cell(study, self.contrast, &cell.of, Language::En),
                "factor": cell.of.factor,
                "estimate": cell.estimate,
                "n": cell.respondents,
                "n_weighted": cell.weights,
                "value": cell.value,
                "variance": finite(cell.variance),
            })
        });
        let document = json!({
            "schema": "topline.explanation/1",
            "figure": serde_json::to_value(&self.record).unwrap_or_default(),
            "printed": printed,
            "data": data(survey),
            "excluded": exclusions_to_json(survey, Language::En),
            "contrast": {
                "cells": cells.collect::<Vec<Value>>(),
                "value": self.value,
                "covariances_add": finite(self.in_common()),
            },
            "variance": finite(self.error * self.error),
            "multiplier": finite(self.multiplier),
            "r": script,
        });
        format!("{document:#}\n")
    }
}

impl Cell {
    /// The figure of a cell, which is a contrast of that one cell.
    fn new(survey: &Survey, contrast: &Contrast, cell: &ContrastCell) -> Option<Self> {
        let alone = |scale: Scale, among: Among| {
            let cell = ContrastCell { factor: 1.0, among, ..*cell };
            let contrast = Contrast { question: cell.question, cells: vec![cell], scale, ..contrast.clone() };
            survey.estimator().contrast(&contrast)
        };
        let estimate = alone(Scale::Difference, cell.among)?;
        let (value, error) = on_scale(contrast.scale, &alone(contrast.scale, cell.among)?);
        let (respondents, weights) = match cell.among {
            Among::Rest(level) => {
                let level = alone(Scale::Difference, Among::Level(level)).map(|level| level.bases).unwrap_or_default();
                (estimate.bases.unweighted - level.unweighted, estimate.bases.weighted - level.weighted)
            }
            Among::Total | Among::Level(_) => (estimate.bases.unweighted, estimate.bases.weighted),
        };
        Some(Self { of: *cell, estimate: estimate.value, respondents, weights, value, variance: error * error })
    }
}

/// The value and the standard error of a contrast before its logarithm is undone.
fn on_scale(scale: Scale, estimate: &Estimate) -> (f64, f64) {
    match scale {
        Scale::Difference => (estimate.value, estimate.standard_error),
        Scale::RelativeRisk | Scale::OddsRatio => (estimate.value.ln(), estimate.standard_error / estimate.value),
    }
}
