//! Every figure against R `survey`: the numbers in `tests/reference` were made by the R scripts beside them and
//! are only ever read here.

use std::{collections::HashMap, path::Path};

use topline::{
    estimate::Estimate,
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
#[path = "reference/differences.rs"]
mod differences;
#[path = "reference/distributions.rs"]
mod distributions;
#[path = "reference/examples.rs"]
mod examples;
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

use self::differences::{Differences, Number, Section};

/// A row of a reference file, by column.
type Row = HashMap<String, String>;

/// A test for each comparison, and a list of them all: each is made once, for its own test or for the page.
macro_rules! comparisons {
    ($($name:ident = $compare:path;)*) => {
        #[allow(non_upper_case_globals)]
        mod made {
            use std::sync::LazyLock;

            use crate::differences::Differences;

            $(pub static $name: LazyLock<Differences> = LazyLock::new(|| Differences::of($compare));)*
        }
        $(#[test]
        fn $name() {
            std::sync::LazyLock::force(&made::$name);
        })*
        fn comparisons() -> Vec<&'static Differences> {
            vec![$(&made::$name),*]
        }
    };
}

comparisons! {
    nhanes_with_strata_and_nested_units_equals_r = crate::nhanes;
    the_messenger_study_equals_r = crate::messenger;
    samples_of_one_stage_equal_r = crate::one_stage;
    packed_answers_of_those_who_are_left_equal_r = crate::packed;
    strata_with_a_single_unit_equal_r_under_every_treatment = crate::lonely;
    designs_of_one_to_three_stages_equal_r = crate::designs::compare_all;
    the_examples_of_the_survey_package_equal_r = crate::examples::compare_all;
    quantiles_by_every_rule_equal_r = crate::quantile::compare_all;
    contrasts_nets_and_scores_equal_r = crate::contrasts::compare_all;
    intervals_of_designs_equal_r = crate::intervals::of_designs;
    intervals_of_plain_counts_equal_r = crate::intervals::of_counts;
    intervals_and_presentation_of_nchs_equal_the_formulas_in_r = crate::intervals::of_nchs;
    tables_by_levels_equal_r = crate::significance::tables;
    means_of_levels_equal_r = crate::significance::means;
    ranks_equal_r = crate::significance::ranks;
    pairs_of_levels_and_their_adjusted_p_equal_r = crate::significance::pairs;
    replicates_from_columns_equal_r = crate::replicates::read_from_columns;
    replicates_made_by_jackknife_equal_r = crate::replicates::made_by_jackknife;
    half_samples_equal_r_where_no_hadamard_matrix_matters = crate::replicates::half_samples;
    replicates_made_here_equal_r_by_their_factors = crate::replicates::made_here;
    like_r_gives_the_defaults_of_r = crate::like::defaults_of_r;
    jackknives_of_strata_with_a_single_unit_equal_r = crate::replicates::lonely;
    figures_with_fitted_weights_equal_r = crate::calibrated::compare_all;
    weights_by_every_method_equal_r = crate::weighting::factors;
    what_targets_explain_of_an_influence_equals_r = crate::weighting::projections;
    trimmed_weights_equal_r = crate::weighting::trimmed;
    distribution_functions_and_quantiles_equal_r = crate::distributions::compare_all;
}

#[test]
fn the_page_says_how_near_r_all_values_are() {
    let mut all = Differences::default();
    for differences in comparisons() {
        all.add(differences);
    }
    let page = include_str!("../src/accuracy/against_r.md");
    let wrong = all.not_on(page);
    assert!(wrong.is_empty(), "src/accuracy/against_r.md:\n{}\n\n{}", wrong.join("\n"), all.tables());
    let total = format!("{},{:03} values", all.total() / 1000, all.total() % 1000);
    for text in [page, include_str!("../README.md")] {
        assert!(text.contains(&total), "the page and the README do not say that {total} are compared");
    }
}

fn nhanes(differences: &mut Differences) {
    assert_eq!(compare(differences, "data/nhanes/study.toml", "nhanes"), 22);
}

fn messenger(differences: &mut Differences) {
    assert!(compare(differences, "data/messenger-2017/study.toml", "messenger") > 700);
}

/// Strata, units, weights alone and draws of respondents, all but the weights with finite populations.
fn one_stage(differences: &mut Differences) {
    for (reference, rows) in
        [("api_strat", 63), ("api_clus1", 63), ("api_weights", 63), ("api_srs", 54), ("simulated", 96)]
    {
        assert_eq!(compare(differences, &format!("tests/reference/data/{reference}.toml"), reference), rows);
    }
}

/// Lists of answers in a cell, codes in several, and some respondents left out.
fn packed(differences: &mut Differences) {
    assert_eq!(compare(differences, "tests/cmd/quality/packed.toml", "packed"), 30);
}

fn lonely(differences: &mut Differences) {
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
            compare_rows(differences, &mut survey, &rows);
        }
    }
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
fn compare(differences: &mut Differences, study: &str, reference: &str) -> usize {
    let rows = read(reference);
    compare_rows(differences, &mut open(study), &rows);
    rows.len()
}

fn compare_rows(differences: &mut Differences, survey: &mut Survey, rows: &[Row]) {
    // What these files have limits of; `intervals` compares every kind.
    for kind in [Interval::Logit, Interval::Wald, Interval::Wilson, Interval::KornGraubard] {
        survey.study.design.interval = kind;
        let estimates = survey.estimates();
        for row in rows {
            let question = survey.study.question(&row["question"]).expect("the question is in the study");
            let domain = domain(survey, &row["segment"], &row["level"]);
            let found = &estimates.questions[question].domains[domain];
            let place = format!("{row:?}");
            if row["n"] == "0" {
                assert_eq!(found.bases.unweighted, 0, "{place}");
                continue;
            }
            let estimate = if row["statistic"] == "mean" {
                found.mean.as_ref().expect("R has a mean")
            } else {
                let options = &survey.study.questions[question].options;
                let option = options.iter().position(|option| option.code == row["option"]).expect("it is listed");
                found.shares[option].estimate.as_ref().expect("R has a share")
            };
            // Nothing but the limits depends on the kind.
            if kind == Interval::Logit {
                compare_figure(differences, row, estimate);
            }
            compare_limits(differences, row, estimate, kind);
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

fn compare_figure(differences: &mut Differences, row: &Row, found: &Estimate) {
    let place = format!("{row:?}");
    assert_eq!(found.bases.unweighted.to_string(), row["n"], "{place}: n");
    let expected = |name: &str| number(row, name).unwrap_or_else(|| panic!("{place} has no {name}"));
    let mut figure = differences.figure(Section::Figures, &row["statistic"], &place);
    figure.value(found.value, expected("estimate"));
    figure.equal(Number::DegreesOfFreedom, found.degrees_of_freedom, expected("df"));
    figure.equal(Number::Bases, found.bases.weighted, expected("n_weighted"));
    figure.equal(Number::Bases, found.bases.effective, expected("n_effective"));
    let Some(error) = number(row, "standard_error") else {
        let none = (found.standard_error.is_nan(), found.design_effect, found.limits);
        assert_eq!(none, (true, None, None), "{place}: R has no error");
        return;
    };
    figure.equal(Number::StandardError, found.standard_error, error);
    if let (Some(effect), true) = (number(row, "design_effect"), found.standard_error > 0.0) {
        figure.equal(Number::DesignEffect, found.design_effect.unwrap_or(f64::NAN), effect);
    }
}

fn compare_limits(differences: &mut Differences, row: &Row, found: &Estimate, kind: Interval) {
    let is_mean = row["statistic"] == "mean";
    if row["standard_error"].is_empty() || is_mean && kind != Interval::Wald {
        return;
    }
    let place = format!("{row:?}");
    let Some(limits) = found.limits else { panic!("{place}: no interval") };
    if !is_mean && (found.value == 0.0 || found.value == 1.0) {
        assert!(limits.high - limits.low > 1e-6, "{place}: an interval of no width");
        return;
    }
    let (section, name) = if is_mean { (Section::Figures, "mean") } else { (Section::Intervals, kind.name()) };
    let mut figure = differences.figure(section, name, &place).of_size(found.value);
    for (end, limit) in [("low", limits.low), ("high", limits.high)] {
        if let Some(expected) = number(row, &format!("{}_{end}", kind.name())) {
            figure.equal(Number::Limit, limit, expected);
        }
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

fn read(name: &str) -> Vec<Row> {
    let path = root().join(format!("tests/reference/{name}.csv"));
    let mut reader = csv::Reader::from_path(path).expect("the reference file is there");
    reader.deserialize().map(|row| row.expect("the reference file is well formed")).collect()
}
