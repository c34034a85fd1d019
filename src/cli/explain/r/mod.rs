//! A script for R's package `survey` that recomputes one figure from the responses.
//!
//! Everything that topline decided is spelled out: which codes are missing, who is in the base, the stages of the sample,
//! the lonely-unit rule, the degrees of freedom. What R has a function for is left to it; intervals that it lacks, or takes
//! other degrees of freedom for, are written as formulas.

mod answers;
mod condition;
mod contrast;
mod exclusions;
mod limits;
mod packed;
mod quantile;
mod replicates;
mod weighting;

use self::condition::{column, text};
use super::account::Account;
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    estimate::Statistic,
    io::Format,
    study::{Chances, DegreesOfFreedom, LonelyUnit, Quantile, Study},
    survey::Survey,
};

pub(super) use contrast::script as script_of_contrast;

/// The script; `None` where R would make other replicates, or has no error.
pub(super) fn script(survey: &Survey, account: &Account) -> Result<Option<String>, Diagnostics> {
    let Some(mut lines) = opening(survey)? else { return Ok(None) };
    let study = &survey.study;
    let question = &study.questions[account.question];
    let level = account.level.map(|(segment, level)| (&study.segments[segment], level));
    lines.extend(answers::lines(study, question, level, account.statistic));
    lines.push(String::new());
    lines.extend(designed(survey));
    lines.extend(degrees_of_freedom(study));
    lines.extend(figure(survey, account));
    lines.extend(printing());
    Ok(Some(lines.join("\n") + "\n"))
}

/// The data as `d`, and `frame` with the weights; `None` where R would make other replicates.
fn opening(survey: &Survey) -> Result<Option<Vec<String>>, Diagnostics> {
    let study = &survey.study;
    if !replicates::are_those_of_r(survey) || !weighting::is_that_of_r(survey) {
        return Ok(None);
    }
    let lonely = study.design.lonely_unit.name();
    let options = format!("options(survey.lonely.psu = \"{lonely}\", survey.adjust.domain.lonely = FALSE)");
    let mut lines = vec!["library(survey)".to_owned(), options];
    if study.design.lonely_unit == LonelyUnit::Adjust {
        lines.push(
            "# survey 4.5 centres a lonely unit at the mean, as topline does; survey 4.1 at 0: totals, and later"
                .to_owned(),
        );
        lines.push("# stages, come out wider there".to_owned());
    }
    lines.extend(reading(survey)?);
    lines.extend(HELPERS.map(str::to_owned));
    let decimal = if study.data.decimal_comma { "sub(\",\", \".\", x, fixed = TRUE)" } else { "x" };
    lines.push(format!("number <- function(x) suppressWarnings(as.numeric({decimal}))"));
    if !study.data.exclude.is_empty() {
        lines.push("columns_of_file <- names(d)".to_owned());
    }
    lines.extend(packed::lines(study));
    lines.extend(exclusions::lines(survey));
    lines.push(String::new());
    let weight = study.design.weight.as_ref();
    let weight = weight.map_or("rep(1, nrow(d))".to_owned(), |(name, _)| format!("number({})", column(name)));
    lines.push(format!("frame <- data.frame(w = {weight})"));
    Ok(Some(lines))
}

/// The `design` of everybody, and the `base`.
fn designed(survey: &Survey) -> Vec<String> {
    let study = &survey.study;
    let mut lines = weighting::columns(survey);
    match &survey.design.replicates {
        Some(design) if design.factors.is_none() => {
            lines.extend(replicates::read(study, design, weighting::scale(survey)));
        }
        Some(design) => {
            lines.extend(sample(survey));
            lines.push(replicates::made(study, design));
        }
        None => lines.extend(sample(survey)),
    }
    lines.extend(weighting::fitted(survey));
    lines.push("base <- subset(design, in_base)".to_owned());
    lines
}

fn printing() -> [String; 2] {
    [
        "figure <- c(estimate = p, standard_error = se, ci_low = ci[1], ci_high = ci[2], df = df)",
        "cat(sprintf(\"%-15s %.15g\\n\", names(figure), figure), sep = \"\")",
    ]
    .map(str::to_owned)
}

/// What an empty cell and a code are; R's logic is SQL's.
const HELPERS: [&str; 8] = [
    "d[] <- lapply(d, function(x) { x <- trimws(as.character(x)); replace(x, which(x == \"\"), NA) })",
    "same <- function(x, codes) {  # 1, 1.0 and 01 are one code",
    "  numbers <- suppressWarnings(as.numeric(codes))",
    "  numbers <- numbers[!is.na(numbers)]",
    "  x %in% codes | (if (length(numbers)) suppressWarnings(as.numeric(x)) %in% numbers else FALSE)",
    "}",
    "one_of <- function(x, codes) ifelse(is.na(x), NA, same(x, codes))",
    "without <- function(x, codes) replace(x, same(x, codes), NA)",
];

fn reading(survey: &Survey) -> Result<Vec<String>, Diagnostics> {
    let path = text(&survey.table.name());
    Ok(match survey.table.separator()? {
        Some(separator) => {
            let separator = if separator == '\t' { "\\t".to_owned() } else { separator.to_string() };
            let encoding = survey.table.encoding_name().unwrap_or_else(|| "UTF-8-BOM".to_owned());
            vec![
                format!("d <- read.csv({path}, sep = \"{separator}\", colClasses = \"character\","),
                format!("              check.names = FALSE, na.strings = character(0), fileEncoding = \"{encoding}\")"),
            ]
        }
        None if survey.table.format == Format::Parquet => {
            vec![format!("d <- as.data.frame(arrow::read_parquet({path}))")]
        }
        None => {
            let message = "scripts for R read text and Parquet only";
            let hint = "save the responses as CSV in UTF-8, with the names of columns in the first row, and name that file in [data]";
            return Err(Diagnostic::error("unreadable-in-r", survey.study.data.origin.0.clone(), message)
                .hint(hint)
                .into());
        }
    })
}

/// The stages of the sample; strata and units that the study does not name are one, and the respondents.
fn sample(survey: &Survey) -> Vec<String> {
    let design = &survey.study.design;
    let stages = &design.stages[..survey.design.stages.len()];
    let has = |of: fn(&crate::study::Stage) -> bool| stages.iter().any(of);
    let (has_strata, has_fpc) = (has(|stage| stage.strata.is_some()), has(|stage| stage.fpc.is_some()));
    let mut lines = Vec::new();
    for (stage, number) in stages.iter().zip(1..) {
        if has_strata {
            let strata = stage.strata.as_ref().map_or("1".to_owned(), |(name, _)| column(name));
            lines.push(format!("frame$s{number} <- {strata}"));
        }
        let units = stage.units.as_ref().map_or("seq_len(nrow(d))".to_owned(), |(name, _)| column(name));
        lines.push(format!("frame$u{number} <- {units}"));
        if design.chances == Chances::Brewer {
            // R adds units up in the order of their names, but leaves chances in the order of the rows.
            let names = if has_strata {
                format!("paste(frame$s{number}, frame$u{number})")
            } else {
                format!("frame$u{number}")
            };
            lines.push(format!("frame$u{number} <- match({names}, unique({names}))  # in the order of the rows"));
        }
        if has_fpc {
            let fpc = stage.fpc.as_ref().map_or("Inf".to_owned(), |(name, _)| format!("number({})", column(name)));
            lines.push(format!("frame$f{number} <- {fpc}"));
        }
    }
    let formula = |letter: &str| {
        let names: Vec<String> = (1..=stages.len()).map(|number| format!("{letter}{number}")).collect();
        format!("~{}", names.join(" + "))
    };
    let mut arguments = vec![format!("ids = {}", formula("u"))];
    if has_strata {
        arguments.push(format!("strata = {}", formula("s")));
    }
    if has_fpc {
        arguments.push(format!("fpc = {}", formula("f")));
    }
    if design.chances == Chances::Brewer {
        arguments.push("pps = \"brewer\"".to_owned());
    }
    arguments.extend(["weights = ~w".to_owned(), "nest = TRUE".to_owned(), "data = frame".to_owned()]);
    lines.push(format!("design <- svydesign({})", arguments.join(", ")));
    lines
}

/// `df` of the study's rule, and `q`, what intervals take for it.
fn degrees_of_freedom(study: &Study) -> Vec<String> {
    let has_strata = study.design.first().strata.is_some();
    let rule = match study.design.degrees_of_freedom {
        DegreesOfFreedom::Domain => "df <- degf(base)",
        DegreesOfFreedom::Strata if has_strata => {
            "df <- degf(subset(design, s1 %in% frame$s1[frame$in_base]))  # units of the strata in the base"
        }
        DegreesOfFreedom::Design | DegreesOfFreedom::Strata => "df <- degf(design)",
    };
    let quantile = match study.design.quantile {
        Quantile::T => "q <- df",
        Quantile::Z => "q <- Inf  # the normal distribution",
    };
    vec![rule.to_owned(), quantile.to_owned()]
}

fn figure(survey: &Survey, account: &Account) -> Vec<String> {
    let (study, level) = (&survey.study, survey.study.design.confidence);
    let has_replicates = survey.design.replicates.is_some();
    let estimate = match account.statistic {
        Statistic::Count(_) | Statistic::Total => "m <- svytotal(~y, base)",
        Statistic::Ratio => "m <- svyratio(~y, ~v, base)",
        Statistic::StandardDeviation => "m <- svyvar(~y, base)",
        _ => "m <- svymean(~y, base)",
    };
    let mut lines = vec![estimate.to_owned()];
    if let Some(reading) = &account.steps.reading {
        lines = quantile::lines(study, account, reading);
    } else if has_replicates && account.statistic == Statistic::StandardDeviation {
        lines = replicates::deviation();
        lines.push(format!("ci <- p + c(-1, 1) * qt((1 + {level}) / 2, q) * se"));
    } else if account.statistic == Statistic::StandardDeviation {
        lines.push("p <- sqrt(as.vector(coef(m)))".to_owned());
        lines.push("se <- as.vector(SE(m)) / (2 * p)  # of a square root".to_owned());
        lines.push(format!("ci <- p + c(-1, 1) * qt((1 + {level}) / 2, q) * se"));
    } else {
        lines.push("p <- as.vector(coef(m))".to_owned());
        lines.push("se <- as.vector(SE(m))".to_owned());
        if account.statistic.is_share() {
            lines.extend(limits::of_share(study.design.interval, account, level));
        } else {
            lines.push(format!("ci <- as.vector(confint(m, level = {level}, df = q))"));
        }
    }
    if !account.variance().is_finite() {
        lines.push("se <- NaN  # without degrees of freedom nothing is known of it".to_owned());
    }
    lines
}
