//! Designs of replicate weights in R: read from columns, or made as R makes them.

use super::condition::texts;
use crate::{
    design::{Replicates, SampleStage},
    study::{Centre, Chances, Holds, Method, ReplicateSource, Study},
    survey::Survey,
};

/// Whether R has these replicates: those of columns, and the jackknife of a sample in which each stratum has two units and
/// more in the population.
pub(super) fn are_those_of_r(survey: &Survey) -> bool {
    let Some(design) = &survey.design.replicates else { return true };
    let is_plain = |stage: &SampleStage| {
        stage.strata.iter().all(|stratum| stratum.units > 1)
            && stage.units.iter().all(|unit| unit.sampled_fraction < 1.0)
    };
    let is_jackknife = matches!(design.method, Method::Jk1 | Method::Jkn);
    design.factors.is_none()
        || is_jackknife && survey.study.design.chances == Chances::Equal && is_plain(&survey.design.stages[0])
}

/// A design whose replicates are columns of the data; whole weights are scaled.
pub(super) fn read(study: &Study, design: &Replicates, scale_of_weights: &str) -> Vec<String> {
    let Some(stated) = &study.design.replicates else { return Vec::new() };
    let is_combined = match stated.source {
        ReplicateSource::Columns { holds, .. } => holds == Holds::Weights,
        ReplicateSource::Made { .. } => true,
    };
    let factor = if is_combined { scale_of_weights } else { "" };
    let (scale, rscales) = (format!("scale = {}", design.scale), format!("rscales = {}", rscales(&design.rscales)));
    let mut arguments = vec![format!("type = \"{}\"", name(design.method))];
    match design.method {
        Method::Brr | Method::Jk2 | Method::SuccessiveDifference => {}
        Method::Fay => arguments.push(format!("rho = {}", stated.rho)),
        Method::Jk1 | Method::Jkn | Method::Bootstrap | Method::Other => arguments.extend([scale, rscales]),
    }
    arguments.push(format!("combined.weights = {}", logical(is_combined)));
    arguments.push(format!("mse = {}", logical(design.centre == Centre::Estimate)));
    vec![
        format!("columns <- {}", texts(stated.columns().iter().map(String::as_str))),
        format!("design <- svrepdesign(data = frame, weights = ~w, repweights = sapply(d[columns], number){factor},"),
        format!("                      {})", arguments.join(", ")),
    ]
}

/// The jackknife of a design.
pub(super) fn made(study: &Study, design: &Replicates) -> String {
    let has_strata = study.design.first().strata.is_some();
    let name = if has_strata { "JKn" } else { "JK1" };
    let mse = logical(design.centre == Centre::Estimate);
    format!("design <- as.svrepdesign(design, type = \"{name}\", mse = {mse})")
}

/// A standard deviation and its error: R has it for the variance only, and not in each replicate.
pub(super) fn deviation() -> Vec<String> {
    [
        "deviation <- function(w, data) {",
        "  y <- data$y",
        "  n <- length(y)",
        "  sqrt(n / (n - 1) * sum(w * (y - sum(w * y) / sum(w))^2) / sum(w))",
        "}",
        "m <- withReplicates(base, deviation)",
        "p <- as.vector(coef(m))",
        "se <- as.vector(SE(m))",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn name(method: Method) -> &'static str {
    match method {
        Method::Jk1 => "JK1",
        Method::Jkn => "JKn",
        Method::Jk2 => "JK2",
        Method::Brr => "BRR",
        Method::Fay => "Fay",
        Method::Bootstrap => "bootstrap",
        Method::SuccessiveDifference => "successive-difference",
        Method::Other => "other",
    }
}

fn rscales(scales: &[f64]) -> String {
    match scales {
        [first, rest @ ..] if rest.iter().all(|scale| scale == first) => format!("rep({first}, {})", scales.len()),
        _ => {
            let scales: Vec<String> = scales.iter().map(f64::to_string).collect();
            format!("c({})", scales.join(", "))
        }
    }
}

fn logical(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}
