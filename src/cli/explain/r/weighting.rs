//! Weights that are fitted to the population, as `calibrate` or `rake` of R's `survey` fits them.
//!
//! `rake` takes influences from the margins without base weights: it is for residuals of respondents. With base weights raking
//! and post-stratification are `calfun = cal.raking`, which arrives at the same weights. For it each level but one is a
//! column of 0 and 1, or of the share at which those of unknown level count there.

use super::{answers::in_level, condition::without};
use crate::{
    study::weighting::{Margin, Method, NumberTarget, Residuals, Unknown, Weighting},
    survey::{Survey, Weights},
};

/// Whether R has errors with these weights: it has none where a bound of 0 is reached.
pub(super) fn is_that_of_r(survey: &Survey) -> bool {
    // Under replicates nothing is divided by weights.
    survey.design.replicates.is_some() || survey.weights.as_ref().is_none_or(|weights| !weights.factors.contains(&0.0))
}

/// `weighted`, who has a weight, and the columns of the targets, in `frame`; and `targets`. Before the design is made.
pub(super) fn columns(survey: &Survey) -> Vec<String> {
    let (Some(weighting), Some(weights)) = (&survey.study.weighting, &survey.weights) else { return Vec::new() };
    let mut lines = vec!["# what weights are fitted to".to_owned()];
    for (variable, number) in weighting.variables.iter().zip(1..) {
        lines.push(format!("level{number} <- rep(NA, nrow(d))"));
        for level in 0..variable.segment.levels().len() {
            let test = in_level(&survey.study, &variable.segment, level);
            lines.push(format!("level{number}[({test}) %in% TRUE] <- {level}"));
        }
    }
    lines.push("frame$weighted <- frame$w > 0".to_owned());
    for (variable, number) in weighting.variables.iter().zip(1..) {
        if variable.unknown == Unknown::Drop {
            lines.push(format!("frame$weighted <- frame$weighted & !is.na(level{number})"));
        }
    }
    match weighting.population {
        Some(population) => {
            lines.push(format!("targets <- {population}  # the sum of all weights"));
            lines.push("scale <- targets / sum(frame$w[frame$weighted])".to_owned());
            if is_scaled(weighting) {
                lines.push("frame$w <- frame$w * scale  # bounds are of factors about 1".to_owned());
            }
        }
        None => lines.push("targets <- sum(frame$w[frame$weighted])  # the sum of all weights".to_owned()),
    }
    let is_raked = is_raked(survey);
    for (index, shares) in weighting.agreed().iter().enumerate() {
        lines.extend(margin(weighting, weights, index, shares, is_raked));
    }
    for (number, index) in weighting.numbers.iter().zip(1..) {
        let codes = survey.study.missing_codes(&number.column);
        let (centre, total) = match number.target {
            NumberTarget::Mean(mean) => (mean, 0.0),
            NumberTarget::Total(total) => (0.0, total),
        };
        lines.push(format!("x <- number({})", without(&number.column, &codes)));
        lines.push(format!("x <- ifelse(is.na(x), 0, x - {centre})"));
        lines.push("size <- sum(frame$w * abs(x))  # so that all digits can be met".to_owned());
        lines.push(format!("frame$x{index} <- x / size"));
        lines.push(format!("targets <- c(targets, {total} / size)"));
    }
    lines
}

/// Whether `rake` fits the weights.
fn is_raked(survey: &Survey) -> bool {
    survey.study.residuals() == Some(Residuals::Respondents)
}

/// The levels of a margin for `rake`, `m1`, `m2`, ..., with `table1`, `table2`, ...; for `calibrate` its columns, without that
/// of the first level, which the sum of all weights leaves.
fn margin(weighting: &Weighting, weights: &Weights, index: usize, shares: &[f64], is_raked: bool) -> Vec<String> {
    let margin = &weighting.margins[index];
    let of_calibration = weights.margins.iter().position(|own| *own == index);
    let range = of_calibration.and_then(|position| weights.calibration.margins().nth(position));
    // Who is of unknown level is a level of their own, unless they are spread.
    let has_own = range.is_some_and(|range| range.len() > shares.len());
    let number = index + 1;
    let mut lines = vec![
        format!("share <- {}  # {}", vector(shares), weighting.name_of(margin).replace(['\n', '\r'], " ")),
        format!("part <- {}", fits(weighting, margin)),
    ];
    if of_calibration.is_some() {
        if has_own {
            lines.push("unknown <- rowSums(part) != 1".to_owned());
            lines.push("part <- cbind(part & !unknown, unknown) + 0".to_owned());
            lines.push("own <- sum(frame$w[frame$weighted & unknown]) / sum(frame$w[frame$weighted])".to_owned());
            lines.push("share <- c(share * (1 - own), own)".to_owned());
        } else {
            lines.push("part <- part + 0".to_owned());
        }
    } else {
        lines.push("part <- t(t(part) * share)".to_owned());
        lines.push("part <- part / rowSums(part)  # who is of unknown level counts in part".to_owned());
    }
    if is_raked {
        lines.push(format!("frame$m{number} <- factor(max.col(part, \"first\"), seq_along(share))"));
        lines.push(format!(
            "table{number} <- data.frame(m{number} = levels(frame$m{number}), Freq = share * targets[1])"
        ));
        return lines;
    }
    lines.push(format!("frame$m{number} <- part[, -1, drop = FALSE]"));
    lines.push("targets <- c(targets, share[-1] * targets[1])".to_owned());
    lines
}

/// Whether respondents are, or may be, at each crossed level.
fn fits(weighting: &Weighting, margin: &Margin) -> String {
    let mut stride: usize = margin.targets.len();
    let tests: Vec<String> = margin
        .variables
        .iter()
        .map(|variable| {
            let size = weighting.variables[*variable].segment.levels().len();
            stride /= size;
            let level = format!("level{}", variable + 1);
            let last = margin.targets.len() - 1;
            format!("outer({level}, 0:{last} %/% {stride} %% {size}, function(x, l) is.na(x) | x == l)")
        })
        .collect();
    tests.join(" & ")
}

/// Rakes the weights of `design`.
fn raked(weights: &Weights) -> Vec<String> {
    let list = |prefix: &str| {
        let names: Vec<String> = weights.margins.iter().map(|index| format!("{prefix}{}", index + 1)).collect();
        names.join(", ")
    };
    vec![
        "design <- subset(design, weighted)".to_owned(),
        format!("design <- rake(design, list({}), list({}),", list("~m"), list("table")),
        "  control = list(maxit = 1000, epsilon = 1e-13))  # R multiplies such an epsilon by the sum of weights"
            .to_owned(),
    ]
}

/// Fits the weights of `design`.
pub(super) fn fitted(survey: &Survey) -> Vec<String> {
    let (Some(weighting), Some(weights)) = (&survey.study.weighting, &survey.weights) else { return Vec::new() };
    if is_raked(survey) {
        return raked(weights);
    }
    let names: Vec<String> = (1..=weighting.margins.len())
        .filter(|number| weighting.margins[number - 1].targets.len() > 1)
        .map(|number| format!("m{number}"))
        .chain((1..=weighting.numbers.len()).map(|number| format!("x{number}")))
        .collect();
    let function = match weighting.method {
        Method::PostStratification | Method::Raking | Method::Exponential => "cal.raking",
        Method::Linear => "cal.linear",
        Method::Logit => "cal.logit",
    };
    let mut arguments = format!("calfun = {function}, maxit = 500, epsilon = 1e-11");
    match (weights.bounds, weighting.bounds) {
        (None, None) => {}
        (None, Some([low, high])) => arguments += &format!(", bounds = c({low}, {high})"),
        (Some(bounds), factors) => {
            let end = |end: f64| {
                if end.is_finite() {
                    end.to_string()
                } else if end > 0.0 {
                    "Inf".to_owned()
                } else {
                    "-Inf".to_owned()
                }
            };
            let [low, high] = factors.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
            arguments += &format!(
                ",\n  bounds = list(lower = pmax({} / w, {}), upper = pmin({} / w, {}))",
                end(bounds.low),
                end(low),
                end(bounds.high),
                end(high)
            );
        }
    }
    if survey.design.replicates.is_some() {
        arguments += ", compress = FALSE";
    }
    let mut lines = vec!["design <- subset(design, weighted)".to_owned()];
    if weights.bounds.is_some() {
        lines.push(
            "# \"Calibration failed\" means that R's steps did not arrive: topline's are shorter near tight bounds."
                .to_owned(),
        );
        lines.push("w <- weights(design, \"sampling\")".to_owned());
    }
    lines.push(format!("design <- calibrate(design, ~{}, targets,", names.join(" + ")));
    lines.push(format!("  {arguments})"));
    lines.iter().flat_map(|line| line.lines().map(str::to_owned)).collect()
}

/// What whole replicate weights are multiplied by.
pub(super) fn scale(survey: &Survey) -> &'static str {
    if survey.study.weighting.as_ref().is_some_and(is_scaled) { " * scale" } else { "" }
}

/// Whether base weights are scaled to the population first: bounds of factors are about 1, and where the population is more
/// than 20 times the base weights R takes any bounds for those of factors after a scaling of its own.
fn is_scaled(weighting: &Weighting) -> bool {
    weighting.population.is_some() && (weighting.bounds.is_some() || weighting.trim.is_some())
}

fn vector(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(f64::to_string).collect();
    format!("c({})", numbers.join(", "))
}
