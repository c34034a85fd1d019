//! The tidy estimates: one row for every question, option, segment and level.
//!
//! This is the contract that other programs read, version 1 ([`SCHEMA`]). Columns are never renamed, reordered or
//! removed within a version; new ones are only added at the end.
//!
//! | column | meaning |
//! |---|---|
//! | `question`, `option` | ids of the study file; `option` is empty for a mean |
//! | `segment`, `level` | ids of the study file; `total`, `total` for all respondents |
//! | `statistic` | `share`, `mean`; where the study asks for them `net`, `count`, `total`, `sd`, `nps`, `quantile`, `ratio` |
//! | | and of contrasts `difference`, `relative_risk`, `odds_ratio` |
//! | `estimate`, `standard_error` | a share is a fraction, 0 to 1; a mean has the question's unit |
//! | `ci_low`, `ci_high`, `confidence`, `interval` | limits, level such as 0.95, kind of interval |
//! | `df`, `design_effect` | degrees of freedom; variance over that of a simple random sample |
//! | `n`, `n_weighted`, `n_effective` | the base: respondents, sum of weights, Kish's effective base |
//! | `withheld` | empty, or why the figures are empty: `base`, `cell` |
//! | `synthetic` | `true` where the responses are made up |
//! | `design_effect_without` | `design_effect` against a sample without replacement from a population of `n_weighted` |
//! | `method` | how the standard error was found: `linearised`, a kind of replicates such as `jk1`, `woodruff` |
//! | `quantile` | the quantiles that intervals are made with: `t` or `z` |
//! | `presentation` | where `interval` is `nchs`, whether that standard lets a share be presented: `present`, |
//! | | `present_without_complement`, `review_...`, `suppress_...` with the reason |
//!
//! Of a net `option` is its name; of a quantile it is the part below it, such as `0.5`, and `interval` is that of the share
//! below it. Of a contrast `option` is its name, `segment` the one whose levels it compares, and `level` is empty; the
//! interval of a ratio is that of its logarithm, `log`.
//!
//! Numbers are at full precision; what is withheld or cannot be known is empty. A cell that stands on nobody has
//! only its `n` of 0; a contrast of which a cell is empty, or that divides by 0, has no `n` either.

use std::io::Write;

use polars::prelude::{Column, NamedFrom, PlSmallStr, Series};
use serde::{Serialize, Serializer};

use crate::{
    disclosure::{Figure, Release, ReleasedDomain, ReleasedQuestion, Withheld},
    estimate::{Bases, Estimate, Statistic},
    interval::{ShareFacts, nchs::presentation},
    io::{CsvWriter, write_parquet},
    study::{Interval, Kind, Scale},
    survey::Survey,
    tally::Domain,
};

/// Name and version of the contract.
pub const SCHEMA: &str = "topline.estimates/1";

/// One row of the tidy estimates.
#[derive(Clone, Debug, PartialEq)]
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
    /// Design effect against a sample without replacement.
    pub design_effect_without: Option<f64>,
    /// How the standard error was found.
    pub method: &'static str,
    /// Where the quantiles of intervals come from.
    pub quantile: &'static str,
    /// Whether a share may be presented by the standard that its interval comes from.
    pub presentation: Option<&'static str>,
}

/// All rows, in the order of the study file.
#[must_use]
pub fn records(survey: &Survey, release: &Release) -> Vec<Record> {
    let (study, plan) = (&survey.study, &survey.plan);
    let mut records = Vec::new();
    for (question, released) in study.questions.iter().zip(&release.questions) {
        for (index, (domain, figures)) in plan.domains.iter().zip(&released.domains).enumerate() {
            let record = |option: &str, statistic, figure: &Figure| {
                record(survey, *domain, figures, (&question.id, option), statistic, figure)
            };
            for (option, figure) in question.options.iter().zip(&figures.shares) {
                records.push(record(&option.code, "share", figure));
            }
            let of_all = if question.kind == Kind::Ratio { Statistic::Ratio } else { Statistic::Mean };
            records.extend(mean(released, index).map(|figure| record("", of_all.name(), &figure)));
            for (statistic, figure) in &figures.further {
                let name = match statistic {
                    Statistic::Share(option) | Statistic::Count(option) => question.options[*option].code.clone(),
                    Statistic::Net(net) => question.nets[*net].id.clone(),
                    Statistic::Quantile(part) => part.to_string(),
                    _ => String::new(),
                };
                let record = record(&name, statistic.name(), figure);
                let is_quantile = matches!(statistic, Statistic::Quantile(_));
                records.push(Record { method: if is_quantile { "woodruff" } else { record.method }, ..record });
            }
        }
    }
    records.extend(contrasts(survey, release));
    records
}

fn contrasts(survey: &Survey, release: &Release) -> impl Iterator<Item = Record> {
    let study = &survey.study;
    study.contrasts.iter().zip(&release.contrasts).map(|(contrast, figure)| {
        let question = &study.questions[contrast.question];
        let nowhere = ReleasedDomain { bases: None, shares: Vec::new(), mean: None, further: Vec::new() };
        let ids = (question.id.as_str(), contrast.id.as_str());
        let record = record(survey, Domain::Total, &nowhere, ids, contrast.scale.name(), figure);
        let bases = figure.shown().map(|estimate| estimate.bases);
        let segment = contrast.segment.map_or("total", |segment| &study.segments[segment].id).to_owned();
        let level = if contrast.segment.is_some() { String::new() } else { "total".to_owned() };
        let interval =
            if contrast.scale == Scale::Difference { record.interval } else { record.interval.map(|_| "log") };
        Record {
            segment,
            level,
            interval,
            n: bases.map(|bases| bases.unweighted),
            n_weighted: bases.map(|bases| bases.weighted),
            n_effective: bases.map(|bases| bases.effective).filter(|effective| effective.is_finite()),
            ..record
        }
    })
}

/// The mean of a question in a domain, or why there is none; `None` for a question without means.
///
/// Nobody may have given an answer that has a value. That is no secret where all shares are shown, and only there.
#[must_use]
pub fn mean(question: &ReleasedQuestion, domain: usize) -> Option<Figure> {
    let figures = &question.domains[domain];
    let has_means = question.domains.iter().any(|domain| domain.mean.is_some());
    let withheld = || figures.shares.iter().find(|figure| figure.withheld().is_some()).copied();
    has_means.then(|| figures.mean.or_else(withheld).unwrap_or(Figure::Empty))
}

/// The base of a figure in a column with these bases. The mean of a scale stands on those whose answer has a value;
/// of a figure that is withheld only the column's base is told.
#[must_use]
pub fn base_of(figure: &Figure, column: Option<Bases>) -> Option<Bases> {
    column.map(|bases| match figure {
        Figure::Shown(estimate) => estimate.bases,
        Figure::Empty => Bases::default(),
        Figure::Withheld(_) => bases,
    })
}

/// The rows as CSV.
pub fn to_csv(records: &[Record], writer: impl Write) -> std::io::Result<()> {
    let mut csv = CsvWriter::new(writer, &COLUMNS.map(|(name, _)| name))?;
    for record in records {
        let cells = COLUMNS.map(|(_, content)| content.text(record));
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
    let columns = COLUMNS.map(|(name, content)| Column::from(content.series(name, records)));
    write_parquet(writer, columns.to_vec(), vec![("schema".to_owned(), SCHEMA.to_owned())])
}

/// The columns of the contract in order: every format is made from this list.
const COLUMNS: [(&str, Content); 22] = [
    ("question", Content::Text(|record| Some(&record.question))),
    ("option", Content::Text(|record| Some(&record.option))),
    ("segment", Content::Text(|record| Some(&record.segment))),
    ("level", Content::Text(|record| Some(&record.level))),
    ("statistic", Content::Text(|record| Some(record.statistic))),
    ("estimate", Content::Number(|record| record.estimate)),
    ("standard_error", Content::Number(|record| record.standard_error)),
    ("ci_low", Content::Number(|record| record.ci_low)),
    ("ci_high", Content::Number(|record| record.ci_high)),
    ("confidence", Content::Number(|record| Some(record.confidence))),
    ("interval", Content::Text(|record| record.interval)),
    ("df", Content::Number(|record| record.df)),
    ("design_effect", Content::Number(|record| record.design_effect)),
    ("n", Content::Count(|record| record.n)),
    ("n_weighted", Content::Number(|record| record.n_weighted)),
    ("n_effective", Content::Number(|record| record.n_effective)),
    ("withheld", Content::Text(|record| record.withheld)),
    ("synthetic", Content::Flag(|record| record.synthetic)),
    ("design_effect_without", Content::Number(|record| record.design_effect_without)),
    ("method", Content::Text(|record| Some(record.method))),
    ("quantile", Content::Text(|record| Some(record.quantile))),
    ("presentation", Content::Text(|record| record.presentation)),
];

/// What a column holds, and where a record has it.
#[derive(Clone, Copy)]
enum Content {
    Text(fn(&Record) -> Option<&str>),
    Number(fn(&Record) -> Option<f64>),
    Count(fn(&Record) -> Option<u64>),
    Flag(fn(&Record) -> bool),
}

impl Content {
    fn text(self, record: &Record) -> String {
        match self {
            Self::Text(of) => of(record).unwrap_or_default().to_owned(),
            Self::Number(of) => of(record).map(|number| number.to_string()).unwrap_or_default(),
            Self::Count(of) => of(record).map(|count| count.to_string()).unwrap_or_default(),
            Self::Flag(of) => of(record).to_string(),
        }
    }

    fn json(self, record: &Record) -> serde_json::Value {
        match self {
            Self::Text(of) => of(record).into(),
            Self::Number(of) => of(record).into(),
            Self::Count(of) => of(record).into(),
            Self::Flag(of) => of(record).into(),
        }
    }

    fn series(self, name: &str, records: &[Record]) -> Series {
        let (name, records) = (PlSmallStr::from(name), records.iter());
        match self {
            Self::Text(of) => Series::new(name, records.map(of).collect::<Vec<_>>()),
            Self::Number(of) => Series::new(name, records.map(of).collect::<Vec<_>>()),
            Self::Count(of) => Series::new(name, records.map(of).collect::<Vec<_>>()),
            Self::Flag(of) => Series::new(name, records.map(of).collect::<Vec<_>>()),
        }
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(COLUMNS.map(|(name, content)| (name, content.json(self))))
    }
}

fn record(
    survey: &Survey,
    domain: Domain,
    figures: &ReleasedDomain,
    (question, option): (&str, &str),
    statistic: &'static str,
    figure: &Figure,
) -> Record {
    let study = &survey.study;
    let (segment, level) = match domain {
        Domain::Total => ("total", "total"),
        Domain::Level(segment, level) => {
            let segment = &study.segments[segment];
            (segment.id.as_str(), segment.levels()[level].code.as_str())
        }
    };
    let estimate = figure.shown();
    let limits = estimate.and_then(|estimate| estimate.limits);
    let bases = base_of(figure, figures.bases);
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
        n_effective: bases.map(|bases| bases.effective).filter(|effective| effective.is_finite()),
        withheld: figure.withheld().map(Withheld::name),
        synthetic: study.data.synthetic,
        design_effect_without: estimate.and_then(|estimate| estimate.design_effect_without),
        method: survey.design.variance_method(),
        quantile: study.design.quantile.name(),
        presentation: estimate.filter(|_| matches!(statistic, "share" | "net")).and_then(presentation_of),
    }
}

/// What the standard says of a share whose interval comes from it.
fn presentation_of(estimate: &Estimate) -> Option<&'static str> {
    let limits = estimate.limits.filter(|limits| limits.interval == Interval::Nchs)?;
    let facts = ShareFacts {
        share: estimate.value,
        variance: estimate.standard_error.powi(2),
        n: estimate.bases.unweighted as f64,
        n_effective: estimate.bases.effective,
    };
    Some(presentation(facts, limits, estimate.degrees_of_freedom).name())
}
