//! Every figure against R `survey`: the numbers in `tests/reference` were made by the R scripts beside them and
//! are only ever read here.

use std::{collections::HashMap, path::Path};

use topline::{
    estimate::{DomainEstimates, Estimate},
    study::{Interval, LonelyUnit},
    survey::{Survey, read_study},
    tally::Domain,
};

#[path = "reference/calibrated.rs"]
mod calibrated;
#[path = "reference/contrasts.rs"]
mod contrasts;
#[path = "reference/designs.rs"]
mod designs;
#[path = "reference/distributions.rs"]
mod distributions;
#[path = "reference/intervals.rs"]
mod intervals;
#[path = "reference/like.rs"]
mod like;
#[path = "reference/quantile.rs"]
mod quantile;
#[path = "reference/replicates.rs"]
mod replicates;
#[path = "reference/significance.rs"]
mod significance;
#[path = "reference/weighting.rs"]
mod weighting;

/// Relative where the number is large, absolute where it is small.
const TOLERANCE: f64 = 1e-9;

/// A row of a reference file, by column.
type Row = HashMap<String, String>;

#[test]
fn nhanes_with_strata_and_nested_units_equals_r() {
    assert_eq!(compare("data/nhanes/study.toml", "nhanes"), 22);
}

#[test]
fn the_messenger_study_equals_r() {
    assert!(compare("data/messenger-2017/study.toml", "messenger") > 700);
}

#[test]
fn every_published_figure_lies_in_its_reproduced_interval_on_its_own_base() {
    let survey = open("data/messenger-2017/study.toml");
    let estimates = survey.estimates();
    let mut published = Vec::new();
    for (question, estimates) in survey.study.questions.iter().zip(&estimates.questions) {
        for (option, share) in question.options.iter().zip(&estimates.domains[0].shares) {
            let Some(figure) = option.published else { continue };
            let limits = share.estimate.and_then(|estimate| estimate.limits).expect("it can be estimated");
            let figure = figure / 100.0;
            assert!(limits.low <= figure && figure <= limits.high, "{} {}: {limits:?}", question.id, option.code);
            published.push(format!("{} {}", question.id, option.code));
        }
    }
    // What the press printed, and whom it was asked of.
    for figure in [
        "use_whatsapp yes",
        "frequency several_daily",
        "contacts friends",
        "contacts family",
        "overdue yes",
        "simpler yes",
        "future yes",
        "purpose support",
        "purpose advice",
        "purpose newsletter",
        "purpose competition",
        "purpose job",
        "privacy_fear yes",
    ] {
        assert!(published.iter().any(|known| known == figure), "{figure} is not checked");
    }
    let base = |id: &str| estimates.questions[survey.study.question(id).expect("asked")].domains[0].bases.unweighted;
    let (users, can_imagine) = (base("imagine"), base("purpose"));
    assert!(can_imagine < users && users < base("overdue"), "the base of purpose is not everybody");
    assert_eq!(base("overdue"), 3000);
    assert!((1900..2250).contains(&users) && base("privacy_fear") < 700 && base("future") < 1100);
}

#[test]
fn a_stratified_sample_with_finite_populations_equals_r() {
    assert_eq!(compare("tests/reference/data/api_strat.toml", "api_strat"), 63);
}

#[test]
fn a_cluster_sample_with_a_finite_population_equals_r() {
    assert_eq!(compare("tests/reference/data/api_clus1.toml", "api_clus1"), 63);
}

#[test]
fn weights_alone_equal_r() {
    assert_eq!(compare("tests/reference/data/api_weights.toml", "api_weights"), 63);
}

#[test]
fn a_simple_random_sample_with_a_finite_population_equals_r() {
    assert_eq!(compare("tests/reference/data/api_srs.toml", "api_srs"), 54);
}

#[test]
fn a_simulated_sample_of_strata_units_and_a_finite_population_equals_r() {
    assert_eq!(compare("tests/reference/data/simulated.toml", "simulated"), 96);
}

#[test]
fn strata_with_a_single_unit_equal_r_under_every_treatment() {
    let treatments = [
        ("certainty", LonelyUnit::Certainty),
        ("remove", LonelyUnit::Remove),
        ("adjust", LonelyUnit::Adjust),
        ("average", LonelyUnit::Average),
    ];
    for reference in ["lonely_units", "lonely_respondents"] {
        let mut survey = open(&format!("tests/reference/data/{reference}.toml"));
        for (name, treatment) in treatments {
            survey.design.lonely_unit = treatment;
            let rows: Vec<Row> = read(reference).into_iter().filter(|row| row["lonely_unit"] == name).collect();
            assert_eq!(rows.len(), 36);
            compare_rows(&mut survey, &rows);
        }
    }
}

#[test]
fn strata_with_a_single_unit_are_an_error_that_names_them_unless_a_treatment_is_chosen() {
    for (reference, lonely) in [("lonely_units", vec!["c", "e", "h"]), ("lonely_respondents", vec!["e"])] {
        let path = root().join(format!("tests/reference/data/{reference}.toml"));
        let (mut study, table) = read_study(&path, &mut |_, _| ()).unwrap_or_else(|problems| panic!("{problems}"));
        study.design.lonely_unit = LonelyUnit::Fail;
        let problems = Survey::count(study, table, &mut |_, _| ()).expect_err("lonely units").to_string();
        for stratum in "abcdefghi".split("").filter(|name| !name.is_empty()) {
            let is_named = problems.contains(&format!("stratum `{stratum}` has a single unit"));
            assert_eq!(is_named, lonely.contains(&stratum), "{stratum}: {problems}");
        }
    }
}

/// Compares all rows of a reference file; returns how many there were.
fn compare(study: &str, reference: &str) -> usize {
    let rows = read(reference);
    compare_rows(&mut open(study), &rows);
    rows.len()
}

fn compare_rows(survey: &mut Survey, rows: &[Row]) {
    // What these files have limits of; `intervals` compares every kind.
    for kind in [Interval::Logit, Interval::Wald, Interval::Wilson, Interval::KornGraubard] {
        survey.study.design.interval = kind;
        let estimates = survey.estimates();
        for row in rows {
            let question = survey.study.question(&row["question"]).expect("the question is in the study");
            let domain = domain(survey, &row["segment"], &row["level"]);
            let found = &estimates.questions[question].domains[domain];
            compare_row(survey, question, row, found, kind);
        }
    }
}

fn domain(survey: &Survey, segment: &str, level: &str) -> usize {
    if segment == "total" {
        return 0;
    }
    let segment = survey.study.segment(segment).expect("the segment is in the study");
    let level = survey.study.segments[segment].levels().iter().position(|known| known.code == level);
    let wanted = Domain::Level(segment, level.expect("the level is in the study"));
    survey.plan.domains.iter().position(|domain| *domain == wanted).expect("every level is a domain")
}

fn compare_row(survey: &Survey, question: usize, row: &Row, found: &DomainEstimates, kind: Interval) {
    let treatment = row.get("lonely_unit").map_or("", String::as_str);
    let place = format!("{} {} {} {} {treatment}", row["question"], row["option"], row["segment"], row["level"]);
    if row["n"] == "0" {
        assert_eq!(found.bases.unweighted, 0, "{place}: n");
        return;
    }
    let estimate: &Estimate = if row["statistic"] == "mean" {
        found.mean.as_ref().expect("R has a mean")
    } else {
        let options = &survey.study.questions[question].options;
        let option = options.iter().position(|option| option.code == row["option"]).expect("the option is listed");
        found.shares[option].estimate.as_ref().expect("R has a share")
    };
    assert_eq!(estimate.bases.unweighted.to_string(), row["n"], "{place}: n");
    let same = |name: &str, value: Option<f64>| {
        let Ok(expected) = row[name].parse::<f64>() else { return };
        let value = value.unwrap_or(f64::NAN);
        let error = (value - expected).abs() / expected.abs().max(1.0);
        assert!(error < TOLERANCE, "{place}: {name} is {value}, R has {expected}");
    };
    same("estimate", Some(estimate.value));
    same("standard_error", Some(estimate.standard_error));
    same("df", Some(estimate.degrees_of_freedom));
    same("n_weighted", Some(estimate.bases.weighted));
    same("n_effective", Some(estimate.bases.effective));
    if row["standard_error"].is_empty() {
        let none = (estimate.standard_error.is_nan(), estimate.design_effect, estimate.limits);
        assert_eq!(none, (true, None, None), "{place}: R has no error");
        return;
    }
    if estimate.standard_error > 0.0 {
        same("design_effect", estimate.design_effect);
        // Shares and errors are small numbers: compare them to their own size too.
        let expected: f64 = row["standard_error"].parse().expect("R has an error");
        let error = estimate.standard_error / expected - 1.0;
        assert!(error.abs() < TOLERANCE, "{place}: standard error {} and {expected}", estimate.standard_error);
    }
    if row["statistic"] == "mean" && kind != Interval::Wald {
        return;
    }
    let limits = estimate.limits;
    if estimate.value > 0.0 && estimate.value < 1.0 || row["statistic"] == "mean" {
        same(&format!("{}_low", kind.name()), limits.map(|limits| limits.low));
        same(&format!("{}_high", kind.name()), limits.map(|limits| limits.high));
    } else {
        let limits = limits.expect("whole cells have an interval");
        assert!(limits.high - limits.low > 1e-6, "{place}: an interval of no width");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn open(study: &str) -> Survey {
    Survey::open(&root().join(study), &mut |_, _| ()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A study of reference data with this design and these segments and questions.
fn study_of(data: &str, design: &str, questions: &str) -> Survey {
    let file = root().join(format!("tests/reference/data/{data}.csv"));
    let text = format!("[data]\nfile = '{}'\n[design]\n{design}\n{questions}", file.display());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let study = folder.path().join("study.toml");
    std::fs::write(&study, text).expect("it can be written");
    Survey::open(&study, &mut |_, _| ()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A number of a row; none where the cell is empty.
fn number(row: &Row, name: &str) -> Option<f64> {
    row[name].parse().ok()
}

/// Equal to 1e-9 of its own size; numbers below 1e-12 are zero.
fn close_to(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= TOLERANCE * expected.abs().max(1e-3)
}

fn read(name: &str) -> Vec<Row> {
    let path = root().join(format!("tests/reference/{name}.csv"));
    let mut reader = csv::Reader::from_path(path).expect("the reference file is there");
    reader.deserialize().map(|row| row.expect("the reference file is well formed")).collect()
}
