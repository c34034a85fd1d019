//! The tidy estimates: one row for every question, option, segment and level.
//!
//! This is the contract that other programs read, version 1 ([`SCHEMA`]). Columns are never renamed, reordered or
//! removed within a version; new ones are only added at the end.
//!
//! | column | meaning |
//! |---|---|
//! | `question`, `option` | ids of the study file; `option` is empty for a mean |
//! | `segment`, `level` | ids of the study file; `total`, `total` for all respondents |
//! | `statistic` | `share` or `mean` |
//! | `estimate`, `standard_error` | a share is a fraction, 0 to 1; a mean has the question's unit |
//! | `ci_low`, `ci_high`, `confidence`, `interval` | limits, level such as 0.95, kind of interval |
//! | `df`, `design_effect` | degrees of freedom; variance over that of a simple random sample |
//! | `n`, `n_weighted`, `n_effective` | the base: respondents, sum of weights, Kish's effective base |
//! | `withheld` | empty, or why the figures are empty: `base`, `cell` |
//! | `synthetic` | `true` where the responses are made up |
//!
//! Numbers are at full precision; what is withheld or cannot be known is empty. A cell that stands on nobody has
//! only its `n` of 0.

use std::io::Write;

use polars::prelude::{Column, NamedFrom, PlSmallStr, Series};
use serde::Serialize;

use crate::{
    disclosure::{Figure, Release, ReleasedDomain, Withheld},
    io::{CsvWriter, write_parquet},
    study::Study,
    tally::{Domain, Plan},
};

/// Name and version of the contract.
pub const SCHEMA: &str = "topline.estimates/1";

/// One row of the tidy estimates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// Id of the question.
    pub question: String,
    /// Code of the option; empty for a mean.
    pub option: String,
    /// Id of the segment, or `total`.
    pub segment: String,
    /// Code of the level, or `total`.
    pub level: String,
    /// `share` or `mean`.
    pub statistic: &'static str,
    /// The figure.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Lower limit.
    pub ci_low: Option<f64>,
    /// Upper limit.
    pub ci_high: Option<f64>,
    /// Confidence level.
    pub confidence: f64,
    /// Kind of interval.
    pub interval: Option<&'static str>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Design effect.
    pub design_effect: Option<f64>,
    /// Respondents in the base.
    pub n: Option<u64>,
    /// Their weights.
    pub n_weighted: Option<f64>,
    /// Kish's effective base.
    pub n_effective: Option<f64>,
    /// Why the figures are empty.
    pub withheld: Option<&'static str>,
    /// Whether the responses are made up.
    pub synthetic: bool,
}

/// All rows, in the order of the study file.
#[must_use]
pub fn records(study: &Study, plan: &Plan, release: &Release) -> Vec<Record> {
    let mut records = Vec::new();
    for (question, released) in study.questions.iter().zip(&release.questions) {
        for (domain, figures) in plan.domains.iter().zip(&released.domains) {
            let record = |option: &str, statistic, figure: &Figure| {
                record(study, *domain, figures, (&question.id, option), statistic, figure)
            };
            for (option, figure) in question.options.iter().zip(&figures.shares) {
                records.push(record(&option.code, "share", figure));
            }
            records.extend(figures.mean.as_ref().map(|figure| record("", "mean", figure)));
        }
    }
    records
}

/// The rows as CSV.
pub fn to_csv(records: &[Record], writer: impl Write) -> std::io::Result<()> {
    let mut csv = CsvWriter::new(writer, &COLUMNS)?;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for record in records {
        let cells = [
            record.question.clone(),
            record.option.clone(),
            record.segment.clone(),
            record.level.clone(),
            record.statistic.to_owned(),
            number(record.estimate),
            number(record.standard_error),
            number(record.ci_low),
            number(record.ci_high),
            record.confidence.to_string(),
            record.interval.unwrap_or_default().to_owned(),
            number(record.df),
            number(record.design_effect),
            record.n.map(|n| n.to_string()).unwrap_or_default(),
            number(record.n_weighted),
            number(record.n_effective),
            record.withheld.unwrap_or_default().to_owned(),
            record.synthetic.to_string(),
        ];
        csv.row(cells.iter().map(String::as_str))?;
    }
    csv.finish()
}

/// The rows as a JSON document with the schema's name.
pub fn to_json(records: &[Record], mut writer: impl Write) -> std::io::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: &'static str,
        estimates: &'a [Record],
    }
    serde_json::to_writer_pretty(&mut writer, &Document { schema: SCHEMA, estimates: records })?;
    writeln!(writer)
}

/// The rows as Parquet with the schema's name in the file's metadata.
pub fn to_parquet(records: &[Record], writer: impl Write + Send) -> std::io::Result<()> {
    let text = |name: &str, of: &dyn Fn(&Record) -> Option<String>| {
        Column::from(Series::new(PlSmallStr::from(name), records.iter().map(of).collect::<Vec<_>>()))
    };
    let number = |name: &str, of: &dyn Fn(&Record) -> Option<f64>| {
        Column::from(Series::new(PlSmallStr::from(name), records.iter().map(of).collect::<Vec<_>>()))
    };
    let columns = vec![
        text("question", &|record| Some(record.question.clone())),
        text("option", &|record| Some(record.option.clone())),
        text("segment", &|record| Some(record.segment.clone())),
        text("level", &|record| Some(record.level.clone())),
        text("statistic", &|record| Some(record.statistic.to_owned())),
        number("estimate", &|record| record.estimate),
        number("standard_error", &|record| record.standard_error),
        number("ci_low", &|record| record.ci_low),
        number("ci_high", &|record| record.ci_high),
        number("confidence", &|record| Some(record.confidence)),
        text("interval", &|record| record.interval.map(str::to_owned)),
        number("df", &|record| record.df),
        number("design_effect", &|record| record.design_effect),
        Column::from(Series::new(PlSmallStr::from("n"), records.iter().map(|record| record.n).collect::<Vec<_>>())),
        number("n_weighted", &|record| record.n_weighted),
        number("n_effective", &|record| record.n_effective),
        text("withheld", &|record| record.withheld.map(str::to_owned)),
        Column::from(Series::new(
            PlSmallStr::from("synthetic"),
            records.iter().map(|record| record.synthetic).collect::<Vec<_>>(),
        )),
    ];
    write_parquet(writer, columns, vec![("schema".to_owned(), SCHEMA.to_owned())])
}

const COLUMNS: [&str; 18] = [
    "question",
    "option",
    "segment",
    "level",
    "statistic",
    "estimate",
    "standard_error",
    "ci_low",
    "ci_high",
    "confidence",
    "interval",
    "df",
    "design_effect",
    "n",
    "n_weighted",
    "n_effective",
    "withheld",
    "synthetic",
];

fn record(
    study: &Study,
    domain: Domain,
    figures: &ReleasedDomain,
    (question, option): (&str, &str),
    statistic: &'static str,
    figure: &Figure,
) -> Record {
    let (segment, level) = match domain {
        Domain::Total => ("total", "total"),
        Domain::Level(segment, level) => {
            let segment = &study.segments[segment];
            (segment.id.as_str(), segment.levels()[level].code.as_str())
        }
    };
    let estimate = figure.shown();
    let limits = estimate.and_then(|estimate| estimate.limits);
    // A mean of a scale has a base of its own: those whose answer has a value.
    let bases = figures.bases.map(|bases| estimate.map_or(bases, |estimate| estimate.bases));
    let finite = |value: f64| value.is_finite().then_some(value);
    Record {
        question: question.to_owned(),
        option: option.to_owned(),
        segment: segment.to_owned(),
        level: level.to_owned(),
        statistic,
        estimate: estimate.map(|estimate| estimate.value),
        standard_error: estimate.and_then(|estimate| finite(estimate.standard_error)),
        ci_low: limits.map(|limits| limits.low),
        ci_high: limits.map(|limits| limits.high),
        confidence: study.design.confidence,
        interval: limits.map(|limits| limits.interval.name()),
        df: estimate.map(|estimate| estimate.degrees_of_freedom),
        design_effect: estimate.and_then(|estimate| estimate.design_effect),
        n: bases.map(|bases| bases.unweighted),
        n_weighted: bases.map(|bases| bases.weighted),
        n_effective: bases.map(|bases| bases.effective),
        withheld: figure.withheld().map(Withheld::name),
        synthetic: study.data.synthetic,
    }
}
