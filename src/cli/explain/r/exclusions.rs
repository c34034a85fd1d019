//! Who is left out, as lines of R that take rows away one reason after the other.

use super::condition::{column, condition, text, texts};
use crate::{
    quality::{Battery, Duration, FEWEST_ITEMS, Sieve, Telltale, sieves},
    study::Study,
    survey::Survey,
};

/// Takes away the rows; nothing where the study leaves out nobody.
pub(super) fn lines(survey: &Survey) -> Vec<String> {
    let study = &survey.study;
    let mut lines = Vec::new();
    for (exclusion, sieve) in study.data.exclude.iter().zip(sieves(study, &survey.table)) {
        let before = caught(&sieve, study);
        if !before.is_empty() {
            lines.extend(before);
            lines.push(format!("d <- d[!(caught %in% TRUE), , drop = FALSE]  # exclude: {}", exclusion.rule.name()));
        }
    }
    lines
}

/// `caught`, which is TRUE for those who are taken away.
fn caught(sieve: &Sieve, study: &Study) -> Vec<String> {
    match sieve {
        Sieve::Nobody => Vec::new(),
        Sieve::Where(sql) => vec![format!("caught <- {}", condition(study, sql))],
        Sieve::Says(columns) => {
            let said: Vec<String> = columns.iter().map(|(name, telltale)| said(&column(name), *telltale)).collect();
            vec![format!("caught <- {}", said.join(" | "))]
        }
        Sieve::Repeats(name) => {
            let ids = column(name);
            vec![format!("caught <- !is.na({ids}) & duplicated({ids})")]
        }
        Sieve::Copies => vec!["caught <- duplicated(d[columns_of_file])".to_owned()],
        Sieve::Faster(duration, share) => {
            let mut lines = match duration {
                Duration::Seconds(name) => vec![format!(
                    "seconds <- suppressWarnings(as.numeric(sub(\",\", \".\", {}, fixed = TRUE)))",
                    column(name)
                )],
                Duration::Between(start, end) => vec![
                    "moment <- function(x) {  # 2026-03-05T10:11:12, the zone left aside".to_owned(),
                    "  x <- sub(\"T\", \" \", sub(\"(Z|[+-][0-9:]+)$\", \"\", x))".to_owned(),
                    "  as.numeric(as.POSIXct(x, tz = \"UTC\", format = \"%Y-%m-%d %H:%M:%OS\"))".to_owned(),
                    "}".to_owned(),
                    format!("seconds <- moment({}) - moment({})", column(end), column(start)),
                ],
            };
            lines.push("seconds[!is.finite(seconds) | seconds <= 0] <- NA".to_owned());
            lines.push(format!("caught <- seconds < {share} * median(round(pmin(seconds, 86400), 1), na.rm = TRUE)"));
            lines
        }
        Sieve::Straight(batteries) => {
            let battery = |battery: &Battery| {
                let columns = texts(battery.columns.iter().map(String::as_str));
                let codes = texts(battery.missing.iter().map(String::as_str));
                format!("straight({columns}, {codes}, {})", battery.columns.len().min(FEWEST_ITEMS))
            };
            let all: Vec<String> = batteries.iter().map(battery).collect();
            let mut lines = STRAIGHT.map(str::to_owned).to_vec();
            lines.push(format!("straights <- cbind({})", all.join(", ")));
            lines.push("caught <- rowSums(!is.na(straights)) > 0 & rowSums(!straights, na.rm = TRUE) == 0".to_owned());
            lines
        }
    }
}

/// Whether all answers of a row to a battery are the same.
const STRAIGHT: [&str; 4] = [
    "straight <- function(columns, missing, few) apply(as.matrix(d[columns]), 1, function(x) {",
    "  x <- x[!is.na(x) & !same(x, missing)]",
    "  if (length(x) < few) NA else length(unique(x)) == 1",
    "})",
];

/// Whether a column says something.
fn said(column: &str, telltale: Telltale) -> String {
    let words = texts(telltale.words());
    match telltale {
        Telltale::BelowHundred => {
            let number = format!("suppressWarnings(as.numeric(sub({}, \"\", {column})))", text("[ %]+$"));
            format!("({number} < 100) %in% TRUE")
        }
        Telltale::NoEnd => format!("is.na({column}) | tolower({column}) %in% {words}"),
        Telltale::NotFinished => format!("tolower({column}) %in% {words}"),
        Telltale::Test | Telltale::QualtricsTest | Telltale::TestFlag => {
            format!("tolower(gsub(\"[^[:alnum:]]\", \"\", {column})) %in% {words}")
        }
    }
}
