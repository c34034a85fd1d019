//! Fitting weights, from the study file to what is estimated with them.

use std::{fmt::Write, fs};

use proptest::prelude::*;
use topline::{survey::Survey, weighting::WeightSums};

const SEX: &str = "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 49, f = 51 }\n";
const AGE: &str = "[[weighting.margin]]\nby = 'age'\ntargets = { '18-29' = 20, '30-64' = 50, '65+' = 30 }\n";

/// A respondent.
#[derive(Clone, Copy, Debug)]
struct Row {
    weight: f64,
    sex: &'static str,
    age: u32,
}

/// Respondents of every sex and age, of unequal weights, three in ten of them female.
fn rows() -> Vec<Row> {
    let row = |number: u32| Row {
        weight: 0.5 + f64::from(number % 7) / 4.0,
        sex: if number % 10 < 3 { "f" } else { "m" },
        age: 18 + number * 17 % 70,
    };
    (0..240).map(row).collect()
}

/// Fits the weights of a study of these respondents, or says what is wrong.
fn survey(rows: &[Row], design: &str, weighting: &str) -> Result<Survey, String> {
    const SEX: &str = "[[segment]]\nid = 'sex'\nlevels = ['m', 'f']\n\
                       [[question]]\nid = 'who'\ncolumn = 'sex'\noptions = ['m', 'f']\n";
    opened(rows, &study(design, weighting, SEX))
}

fn study(design: &str, weighting: &str, more: &str) -> String {
    format!(
        "[data]\nfile = 'responses.csv'\n[design]\nweight = 'weight'\n{design}\n[weighting]\n{weighting}\n\
         [[segment]]\nid = 'age'\nbands = [18, 30, 65]\n\
         [[question]]\nid = 'answer'\noptions = ['yes', 'no']\nstatistics = ['count']\n\
         [[question]]\nid = 'minutes'\nkind = 'number'\n{more}"
    )
}

fn opened(rows: &[Row], study: &str) -> Result<Survey, String> {
    let mut responses = "unit,weight,sex,age,answer,minutes\n".to_owned();
    for (number, Row { weight, sex, age }) in rows.iter().enumerate() {
        let answer = ["yes", "no", "no"][number % 3];
        writeln!(responses, "{},{weight},{sex},{age},{answer},{}", number / 4, number % 50).expect("text");
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("responses.csv"), responses).expect("written");
    fs::write(folder.path().join("study.toml"), study).expect("written");
    let words = |problems: String| problems.split_whitespace().collect::<Vec<_>>().join(" ").replace(" │ ", " ");
    Survey::open(&folder.path().join("study.toml"), &mut |_, _| ()).map_err(|problems| words(problems.to_string()))
}

/// The same of respondents whose sex is not asked for but by the weighting.
fn refused_of_kind(rows: &[Row], weighting: &str) -> String {
    let study = study("", weighting, "");
    opened(rows, &study).map(|_| ()).expect_err("it cannot be weighted")
}

fn refused(rows: &[Row], design: &str, weighting: &str) -> String {
    survey(rows, design, weighting).map(|_| ()).expect_err("it cannot be weighted")
}

fn fitted(rows: &[Row], weighting: &str) -> Survey {
    survey(rows, "", weighting).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The share of women.
fn women(survey: &Survey) -> f64 {
    let estimates = survey.estimates();
    estimates.questions[2].domains[0].shares[1].estimate.expect("a share").value
}

fn spread(survey: &Survey) -> topline::weighting::Spread {
    let weights = survey.weights.as_ref().expect("they are fitted");
    WeightSums::over(weights.cells.iter().zip(weights.factors.iter().copied())).spread().expect("somebody is there")
}

#[test]
fn weights_below_zero_are_refused_with_their_number() {
    let problems = refused(&rows(), "", "method = 'linear'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 46");
    assert!(problems.contains("met only with weights below 0, of "), "{problems}");
    let few = "method = 'linear'\n[[weighting.margin]]\nby = 'sex'\ntargets = { m = 1, f = 99 }\n\
               [[weighting.margin]]\nby = 'age'\ntargets = { '18-29' = 90, '30-64' = 1, '65+' = 9 }";
    assert!(refused(&rows(), "", few).contains("help: write bounds = [0.2, 5]"));
}

#[test]
fn targets_out_of_reach_are_told_in_what_they_were_typed_in() {
    let logit =
        |bounds: &str, rest: &str| refused(&rows(), "", &format!("method = 'logit'\nbounds = {bounds}\n{rest}"));
    let people = "[[weighting.margin]]\nby = 'sex'\ntotals = { m = 4000000, f = 6000000 }\n";
    let income = "[[weighting.number]]\ncolumn = 'minutes'\nmean = 45\n";
    let tight = "[weighting.trim]\nbounds = [0.9, 1.1]";
    let share = SEX.replace("m = 49, f = 51", "m = 49.04, f = 50.96");
    for (found, parts) in [
        (
            logit("[0.9, 1.1]", &share),
            [
                "with factors of 0.9 to 1.1 sex `m` comes to at least 6",
                "%; its target is 49.04% ",
                "would do; or collapse",
            ],
        ),
        (logit("[0.9, 1.1]", people), ["comes to at least 6", " people (6", "its target is 4000000 people (40%)"]),
        (
            logit("[0.5, 1.5]", income),
            [
                "`minutes` is at a mean of 29.659",
                "its target is a mean of 45: -",
                "the bounds are too tight: bounds = [0.",
            ],
        ),
        (
            refused(&rows(), "", &format!("{SEX}{tight}")),
            ["with weights of 0.9 to 1.1 times the average sex `m` comes to at least 6", "target is 49% ", "= ["],
        ),
        (
            refused(&rows(), "", &format!("method = 'exponential'\n{}", income.replace("45", "450"))),
            ["`minutes` is at a mean of", "its target is a mean of 450: -", "within what the column holds"],
        ),
    ] {
        assert!(parts.iter().all(|part| found.contains(part)), "{parts:?}: {found}");
    }
    let empty = rows().into_iter().filter(|row| row.age < 65).collect::<Vec<_>>();
    assert!(refused(&empty, "", AGE).contains("age `65+` has the target 30%, but no respondents"));
}

#[test]
fn weights_of_zero_are_said_and_leave_the_errors_of_the_rest() {
    let few = "method = 'linear'\nbounds = [0, 9]\n[[weighting.margin]]\nby = 'sex'\ntargets = { m = 30, f = 70 }\n\
               [[weighting.margin]]\nby = 'age'\ntargets = { '18-29' = 60, '30-64' = 5, '65+' = 35 }";
    let survey = fitted(&rows(), few);
    let none: u64 = {
        let weights = survey.weights.as_ref().expect("fitted");
        let cells = weights.cells.iter().zip(&weights.factors).filter(|(_, factor)| **factor == 0.0);
        cells.map(|(cell, _)| cell.base.respondents).sum()
    };
    assert!(none > 0);
    let warnings = survey.warnings.to_string();
    assert!(warnings.contains(&format!("{none} respondents of weight 0")), "{warnings}");
    for question in &survey.estimates().questions {
        let domain = &question.domains[0];
        assert_eq!(domain.bases.unweighted, 240 - none);
        for share in domain.shares.iter().filter_map(|share| share.estimate).chain(domain.mean) {
            assert!(share.standard_error.is_finite() && share.value > 0.0, "{share:?}");
        }
    }
}

#[test]
fn a_level_without_respondents_is_to_be_collapsed_with_one_that_is_known() {
    let young: Vec<Row> = rows().into_iter().filter(|row| row.age < 65).chain([Row { age: 17, ..rows()[0] }]).collect();
    let problems = refused(&young, "", &format!("{SEX}{AGE}"));
    assert!(problems.contains("age `65+` has the target"), "{problems}");
    assert!(problems.contains("collapse it with age `30-64`"), "{problems}");
    let one = rows().into_iter().take(1).collect::<Vec<_>>();
    assert!(refused(&one, "", SEX).contains("sex `m` has the target"));
    let missing = rows().into_iter().map(|row| Row { sex: "x", ..row }).collect::<Vec<_>>();
    assert!(refused(&missing, "", SEX).contains("sex"));
}

#[test]
fn a_replicate_in_which_a_level_vanishes_is_named_with_the_level() {
    let mut one_old_unit: Vec<Row> = rows().into_iter().map(|row| Row { age: 18 + row.age % 40, ..row }).collect();
    for row in &mut one_old_unit[..4] {
        row.age = 70;
    }
    let design = "units = 'unit'\n[design.replicates]\ntype = 'jk1'\n";
    let problems = refused(&one_old_unit, design, &format!("{SEX}{AGE}"));
    assert!(
        problems.contains("replicate 1 has no weights that fit: all base weights of age `65+` are 0"),
        "{problems}"
    );
}

#[test]
fn a_weight_that_outweighs_the_others_after_weighting_is_said() {
    let mut one_old: Vec<Row> = rows().into_iter().map(|row| Row { age: 18 + row.age % 40, ..row }).collect();
    one_old[0].age = 70;
    let warnings = fitted(&one_old, &format!("{SEX}{AGE}")).warnings.to_string();
    assert!(warnings.contains("the largest weight after weighting"), "{warnings}");
    assert!(warnings.contains("1 level of age has fewer than 10 respondents to be weighted: `65+`"), "{warnings}");
}

#[test]
fn margins_at_whose_levels_nobody_is_are_refused_whatever_becomes_of_the_others() {
    let unknown: Vec<Row> = rows().into_iter().map(|row| Row { sex: "d", ..row }).collect();
    let missing =
        "[[weighting.variable]]\nid = 'kind'\ncolumn = 'sex'\nlevels = ['w', 'x']\nmissing = { d = 'refused' }\n";
    for rule in ["own", "spread"] {
        let margin =
            format!("{missing}[[weighting.margin]]\nby = 'kind'\nunknown = '{rule}'\ntargets = {{ w = 40, x = 60 }}");
        let problems = refused_of_kind(&unknown, &margin);
        assert!(problems.contains("kind `w` has a target, but no respondents"), "{rule}: {problems}");
    }
    let margin =
        format!("{missing}[[weighting.margin]]\nby = 'kind'\nunknown = 'drop'\ntargets = {{ w = 40, x = 60 }}");
    let problems = refused_of_kind(&unknown, &margin);
    assert!(problems.contains("nobody is left to be weighted"), "{problems}");
    // Those who are spread are at no level themselves.
    let some: Vec<Row> =
        rows().into_iter().map(|row| Row { sex: if row.age < 50 { "x" } else { "d" }, ..row }).collect();
    let margin =
        format!("{missing}[[weighting.margin]]\nby = 'kind'\nunknown = 'spread'\ntargets = {{ w = 40, x = 60 }}");
    assert!(refused_of_kind(&some, &margin).contains("kind `w` has a target, but no respondents"));
}

#[test]
fn a_number_that_nobody_has_is_refused() {
    let age = "method = 'linear'\n[[weighting.number]]\ncolumn = 'age'\nmean = 40\nmissing = { 18 = 'refused' }";
    let none: Vec<Row> = rows().into_iter().map(|row| Row { age: 18, ..row }).collect();
    let problems = refused(&none, "", age);
    assert!(problems.contains("`age` has a target, but nobody has a number there"), "{problems}");
}

#[test]
fn base_weights_of_zero_stay_zero() {
    let mut some = rows();
    for row in some.iter_mut().step_by(3) {
        row.weight = 0.0;
    }
    let survey = fitted(&some, &format!("{SEX}{AGE}"));
    let domain = &survey.estimates().questions[1].domains[0];
    assert_eq!(domain.bases.unweighted, 160);
    assert!((women(&survey) - 0.51).abs() < 1e-9);
    for row in &mut some {
        row.weight = if row.sex == "m" { 0.0 } else { 1.0 };
    }
    assert!(refused(&some, "", SEX).contains("sex `m`"));
}

#[test]
fn means_alone_keep_the_sum_of_the_weights_or_meet_the_population() {
    let base: f64 = rows().iter().map(|row| row.weight).sum();
    for method in ["linear", "exponential"] {
        for (population, expected) in [("", base), ("population = 5000\n", 5000.0)] {
            let weighting =
                format!("method = '{method}'\n{population}[[weighting.number]]\ncolumn = 'minutes'\nmean = 27");
            let domain = &fitted(&rows(), &weighting).estimates().questions[1].domains[0];
            let mean = domain.mean.expect("a mean");
            assert!((mean.value - 27.0).abs() < 1e-7 && mean.standard_error < 1e-7, "{mean:?}");
            assert!((mean.bases.weighted / expected - 1.0).abs() < 1e-9, "{mean:?}");
        }
    }
}

#[test]
fn replicates_of_trimmed_weights_meet_the_margins_or_say_what_is_too_tight() {
    const JACKKNIFE: &str = "units = 'unit'\n[design.replicates]\ntype = 'jk1'\nmse = true";
    let weighting = |trim: &str| format!("{SEX}{AGE}[weighting.trim]\n{trim}");
    let error_of = |trim: &str| {
        let survey =
            survey(&rows(), JACKKNIFE, &weighting(trim)).unwrap_or_else(|problems| panic!("{trim}: {problems}"));
        let estimates = survey.estimates();
        // What every replicate is fitted to does not vary.
        let women = estimates.questions[2].domains[0].shares[1].estimate.expect("a share");
        assert!((women.value - 0.51).abs() < 1e-9 && women.standard_error < 1e-9, "{trim}: {women:?}");
        estimates.questions[1].domains[0].mean.expect("a mean").standard_error
    };
    let untrimmed = survey(&rows(), JACKKNIFE, &format!("{SEX}{AGE}")).expect("it fits").estimates();
    let untrimmed = untrimmed.questions[1].domains[0].mean.expect("a mean").standard_error;
    for trim in ["bounds = [0.25, 2.2]", "quantiles = [0.05, 0.98]", "design_effect = 1.3"] {
        let error = error_of(trim);
        assert!(error > 0.0 && (error / untrimmed - 1.0).abs() > 1e-6, "{trim}: {error} and {untrimmed}");
    }
    // Weights that are as equal as wanted have no bounds, and neither have replicates.
    assert!((error_of("design_effect = 9") / untrimmed - 1.0).abs() < 1e-9);
    let problems = refused(&rows(), JACKKNIFE, &weighting("bounds = [0.5, 1.7]"));
    assert!(problems.contains("has no weights that fit"), "{problems}");
    assert!(problems.contains("widen the bounds of [weighting.trim]"), "{problems}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn trimmed_weights_are_within_bounds_and_meet_the_margins(
        weights in prop::collection::vec(0.2_f64..3.0, 240),
        low in 0.1_f64..0.5,
        high in 1.6_f64..3.0,
        kind in 0_usize..3,
    ) {
        let rows: Vec<Row> =
            rows().into_iter().zip(weights).map(|(row, weight)| Row { weight, ..row }).collect();
        let trim = match kind {
            0 => format!("bounds = [{low}, {high}]"),
            1 => format!("quantiles = [{}, {}]", low / 10.0, 1.0 - low / 10.0),
            _ => format!("design_effect = {}", high * 0.8),
        };
        let untrimmed = spread(&fitted(&rows, &format!("{SEX}{AGE}")));
        // Where nothing fits that is an error, never a number.
        let Ok(survey) = survey(&rows, "", &format!("{SEX}{AGE}[weighting.trim]\n{trim}")) else { return Ok(()) };
        let found = spread(&survey);
        prop_assert!((women(&survey) - 0.51).abs() < 1e-8);
        prop_assert!((found.mean / untrimmed.mean - 1.0).abs() < 1e-9);
        let bounds = survey.weights.as_ref().and_then(|weights| weights.bounds).expect("they are trimmed");
        prop_assert!(found.lowest >= bounds.low * (1.0 - 1e-9) && found.highest <= bounds.high * (1.0 + 1e-9));
        match kind {
            0 => {
                prop_assert!((bounds.low / found.mean / low - 1.0).abs() < 1e-9);
                prop_assert!((bounds.high / found.mean / high - 1.0).abs() < 1e-9);
            }
            1 => prop_assert!(bounds.low >= untrimmed.lowest && bounds.high <= untrimmed.highest),
            _ => prop_assert!(found.design_effect <= high * 0.8 + 1e-9),
        }
    }
}
