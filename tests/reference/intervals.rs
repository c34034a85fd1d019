//! Every kind of interval of a share.

use std::collections::HashMap;

use topline::{
    estimate::{Estimate, Estimates},
    interval::{
        Confidence, Limits, ShareFacts,
        nchs::{Presentation, Review, Suppress, presentation},
        of_share,
    },
    study::{Interval, Quantile},
    survey::Survey,
};

use crate::{
    Row,
    differences::{Differences, Number, Section},
    domain, open, read,
};

pub fn of_designs(differences: &mut Differences) {
    let rows: Vec<Row> = read("intervals").into_iter().filter(|row| !row["df"].is_empty()).collect();
    assert_eq!(rows.len(), 3696);
    let mut designs = Designs::default();
    for row in &rows {
        // R's name for Wald is that of the estimate.
        let kind = if row["method"] == "mean" { Interval::Wald } else { kind(row) };
        compare(differences, row, designs.estimate(row, kind).limits.expect("R has an interval"));
    }
}

pub fn of_counts(differences: &mut Differences) {
    let rows: Vec<Row> = read("intervals").into_iter().filter(|row| row["df"].is_empty()).collect();
    assert_eq!(rows.len(), 612);
    for row in &rows {
        let (share, n) = (number(row, "estimate"), number(row, "n"));
        let kind = kind(row);
        // Where nobody or everybody said so, Wilson's variance is zero and Clopper-Pearson stands in.
        if kind == Interval::Wilson && (share == 0.0 || share == 1.0) {
            continue;
        }
        let facts = ShareFacts { share, variance: share * (1.0 - share) / n, n, n_effective: n };
        let confidence = Confidence::new(number(row, "confidence"), Quantile::Z, n - 1.0);
        if n > 1.0 || kind.ignores_design() {
            compare(
                differences,
                row,
                of_share(facts, kind, confidence).expect("independent draws always have an interval"),
            );
        }
    }
}

pub fn of_nchs(differences: &mut Differences) {
    let rows = read("nchs");
    assert_eq!(rows.len(), 210);
    let mut designs = Designs::default();
    for row in &rows {
        let estimate = designs.estimate(row, Interval::Nchs);
        let found = estimate.limits.expect("R has an interval");
        compare(differences, row, found);
        let facts = ShareFacts {
            share: estimate.value,
            variance: estimate.standard_error.powi(2),
            n: estimate.bases.unweighted as f64,
            n_effective: estimate.bases.effective,
        };
        let judged = match presentation(facts, found, estimate.degrees_of_freedom) {
            Presentation::Present => "present",
            Presentation::PresentWithoutComplement => "present_only",
            Presentation::Review(Review::NobodyOrEverybody) => "review_whole",
            Presentation::Review(Review::FewDegreesOfFreedom) => "review_df",
            Presentation::Suppress(Suppress::SmallSample) => "suppress_small",
            Presentation::Suppress(Suppress::WideInterval) => "suppress_wide",
            Presentation::Suppress(Suppress::RelativelyWideInterval) => "suppress_relative",
        };
        assert_eq!(judged, row["presentation"], "{row:?}");
    }
}

/// The estimates of each design by kind of interval and level, found when first asked for.
#[derive(Default)]
struct Designs {
    surveys: HashMap<String, Survey>,
    estimates: HashMap<(String, &'static str, String), Estimates>,
}

impl Designs {
    fn estimate(&mut self, row: &Row, kind: Interval) -> Estimate {
        let name = &row["design"];
        let survey = self.surveys.entry(name.clone()).or_insert_with(|| match name.as_str() {
            "nhanes" => open("data/nhanes/study.toml"),
            api => open(&format!("tests/reference/data/{api}.toml")),
        });
        let key = (name.clone(), kind.name(), row["confidence"].clone());
        let estimates = self.estimates.entry(key).or_insert_with(|| {
            survey.study.design.interval = kind;
            survey.study.design.confidence = number(row, "confidence");
            survey.estimates()
        });
        let question = survey.study.question(&row["question"]).expect("the question is in the study");
        let options = &survey.study.questions[question].options;
        let option = options.iter().position(|option| option.code == row["option"]).expect("the option is listed");
        let domain = domain(survey, &row["segment"], &row["level"]);
        estimates.questions[question].domains[domain].shares[option].estimate.expect("R has a share")
    }
}

fn kind(row: &Row) -> Interval {
    Interval::names().find(|(name, _)| *name == row["method"]).expect("a known kind").1
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

/// Limits are compared to their own size, those next to 0 too; what is left of an exact 0 is rounding.
fn compare(differences: &mut Differences, row: &Row, found: Limits) {
    let place = format!("{row:?}");
    let mut figure = differences.figure(Section::Intervals, found.interval.name(), &place).of_size(1e-9);
    figure.equal(Number::Limit, found.low, number(row, "ci_low"));
    figure.equal(Number::Limit, found.high, number(row, "ci_high"));
}
