//! A quantile in R: `svyquantile` where it finds the same, else its rule and the limits of the share up to it as formulas.
//!
//! What `svyquantile` of survey 4.1 has otherwise: it knows no interval but `mean`, `xlogit` and `beta`, and `beta` takes the
//! degrees of freedom of the subset; it takes the second answer before the first; it tests equality of weights added up
//! without tolerance; and it gives one limit where the other is not in 0 to 1.

use super::super::account::Account;
use super::limits;
use crate::{
    estimate::Reading,
    study::{Interval, QuantileRule, Study},
};

/// Lines that make `p`, `se` and `ci` of `base`.
pub(super) fn lines(study: &Study, account: &Account, reading: &Reading) -> Vec<String> {
    let (part, level) = (reading.part, study.design.confidence);
    let rule = study.design.quantile_rule;
    match differs(study, account, reading) {
        None => {
            let kind = if study.design.interval_of_quantiles() == Interval::Wald { "mean" } else { "xlogit" };
            vec![
                format!("m <- svyquantile(~y, base, {part}, alpha = 1 - {level}, qrule = \"{}\",", rule.name()),
                format!("                 interval.type = \"{kind}\", df = q)$y"),
                "p <- m[1, 1]".to_owned(),
                "se <- m[1, 4]".to_owned(),
                "ci <- as.vector(m[1, 2:3])".to_owned(),
            ]
        }
        Some(why) => {
            let mut lines = vec![
                format!("# not svyquantile: {why}"),
                "w <- frame$w[frame$in_base][order(frame$y[frame$in_base])]".to_owned(),
                "x <- sort(frame$y[frame$in_base])".to_owned(),
                "C <- cumsum(w)".to_owned(),
                "n <- length(x)".to_owned(),
            ];
            lines.extend(of_rule(rule).iter().map(|line| (*line).to_owned()));
            lines.push(format!("quantile <- at({part})"));
            lines.push("base <- update(base, y = as.numeric(y <= quantile))".to_owned());
            if account.steps.estimate.limits.is_none() {
                lines.push("p <- quantile".to_owned());
                lines.push(
                    "se <- NaN  # nobody is above it, or a limit of the share is unknown or not in 0 to 1".to_owned(),
                );
                lines.push("ci <- c(NaN, NaN)".to_owned());
                return lines;
            }
            lines.push("m <- svymean(~y, base)  # the share up to it".to_owned());
            lines.push("p <- as.vector(coef(m))".to_owned());
            lines.push("se <- as.vector(SE(m))".to_owned());
            lines.extend(limits::of_share(study.design.interval_of_quantiles(), account, level));
            lines.push("ci <- c(at(ci[1]), at(ci[2]))".to_owned());
            lines.push(format!("se <- diff(ci) / (2 * qt((1 + {level}) / 2, q))"));
            lines.push("p <- quantile".to_owned());
            lines
        }
    }
}

/// Why `svyquantile` finds something else, or might.
fn differs(study: &Study, account: &Account, reading: &Reading) -> Option<&'static str> {
    let rule = study.design.quantile_rule;
    let looks_up = matches!(rule, QuantileRule::Math | QuantileRule::School);
    if account.steps.estimate.limits.is_none() {
        return Some("it gives a limit, or an error, where there is none");
    }
    match study.design.interval_of_quantiles() {
        Interval::KornGraubard => Some("its \"beta\" takes the degrees of freedom of the subset"),
        Interval::Wald | Interval::Logit if rule == QuantileRule::Hf4 => {
            Some("its hf4 may fall below two equal answers, and goes below the first")
        }
        Interval::Wald | Interval::Logit if looks_up && !reading.is_clear => {
            Some("it does not allow for rounding where a part is reached exactly, nor for a first answer of more")
        }
        Interval::Wald | Interval::Logit if account.variance() == 0.0 => Some("the design fixes the share up to it"),
        Interval::Wald | Interval::Logit => None,
        _ => Some("it has no such interval"),
    }
}

/// `at`, which reads off the number at a part.
fn of_rule(rule: QuantileRule) -> [&'static str; 2] {
    let line = "at <- function(part) approx(place, x, part, rule = 2)$y";
    match rule {
        QuantileRule::Math => {
            ["reached <- function(part) which(C >= (part - 1e-12) * C[n])[1]", "at <- function(part) x[reached(part)]"]
        }
        QuantileRule::School => [
            "reached <- function(part) min(which(C >= part * C[n]), n)",
            "at <- function(part) mean(x[c(reached(part - 1e-12), reached(part + 1e-12))])  # two where exactly",
        ],
        QuantileRule::Hf4 => ["place <- C / C[n]", line],
        QuantileRule::Hf5 => ["place <- (C - w / 2) / C[n]", line],
        QuantileRule::Hf6 => ["place <- C / (C[n] + w[n])", line],
        QuantileRule::Hf7 => ["place <- c(0, C[-n]) / C[n - 1]", line],
        QuantileRule::Hf8 => ["place <- (c(0, C[-n]) / 3 + 2 * C / 3) / (C[n] + w[n] / 3)", line],
        QuantileRule::Hf9 => ["place <- (3 * c(0, C[-n]) / 8 + 5 * C / 8) / (C[n] + w[n] / 4)", line],
    }
}
