//! What must hold for any survey: the algebra of tallies, and what the gate never lets through.

use std::path::Path;

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
use topline::{
    design::SampleDesign,
    diagnostic::Diagnostics,
    disclosure::{Release, release},
    estimate::{DomainEstimates, Estimate, Estimates, Estimator, FurtherEstimate, Statistic},
    responses::{Batch, Cells, Intake, take_batch},
    study::{
        Study,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
    tally::{Counter, Plan, Tally},
};

#[path = "properties/calibration.rs"]
mod calibration;
#[path = "properties/disclosure.rs"]
mod disclosure;
#[path = "properties/fitted.rs"]
mod fitted;
#[path = "properties/margins/mod.rs"]
mod margins;
#[path = "properties/replicates.rs"]
mod replicates;
#[path = "properties/routing.rs"]
mod routing;
#[path = "properties/significance.rs"]
mod significance;
#[path = "properties/steps.rs"]
mod steps;
#[path = "properties/suppression.rs"]
mod suppression;
#[path = "properties/weighting.rs"]
mod weighting;

/// A respondent: weight, stratum, unit, segment level, single answer, two multiple answers, number.
type Row = (f64, u8, u8, u8, u8, u8, u8, i64);

const DESIGNS: [&str; 6] = [
    "",
    "strata = \"stratum\"",
    "units = \"unit\"",
    "strata = \"stratum\"\nunits = \"unit\"\nnested = true",
    "strata = \"stratum\"\nunits = [\"unit\", \"household\"]\nfpc = [\"fraction\", \"fraction\"]\nnested = true",
    "strata = [\"stratum\", \"level\"]\nunits = \"unit\"\nfpc = [\"fraction\", \"fraction\"]\nnested = true",
];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0.1_f64..5.0, 0_u8..3, 0_u8..4, 0_u8..4, 0_u8..4, 0_u8..2, 0_u8..2, -50_i64..50);
    prop::collection::vec(row, 12..120)
}

fn study(design: &str) -> Study {
    let text = format!(
        r#"
[data]
file = "none.csv"
[design]
weight = "weight"
lonely_unit = "adjust"
{design}
[[segment]]
id = "level"
levels = ["0", "1", "2"]
allow_empty = true
[[question]]
id = "single"
options = ["0", "1", "2"]
missing = {{ 3 = "skipped" }}
kind = "scale"
nets = {{ low = ["0", "1"] }}
statistics = ["count", "sd"]
[[question]]
id = "many"
kind = "multiple"
options = ["a", "b"]
nets = {{ any = ["a", "b"] }}
base = {{ where = "single IN ('0', '1')" }}
[[question]]
id = "number"
kind = "number"
statistics = ["sd", "median"]
[[question]]
id = "ratio"
kind = "ratio"
columns = ["number", "size"]
[[contrast]]
id = "levels"
question = "single"
segment = "level"
cells = [{{ option = "0", level = "0" }}, {{ option = "0", level = "1" }}]
[[contrast]]
id = "rest"
question = "single"
segment = "level"
cells = [{{ option = "low", level = "0" }}, {{ option = "low", rest_of = "0" }}]
[[contrast]]
id = "options"
question = "many"
cells = [{{ option = "a" }}, {{ option = "b" }}]
"#
    );
    meant(&text)
}

/// A study file as meant.
fn meant(text: &str) -> Study {
    let (spec, problems) = Spec::parse("study.toml", text);
    resolve(&spec, Path::new(""), &Catalog::default(), problems).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The batches of some rows.
fn batches(plan: &Plan, rows: &[Row], rows_in_batch: usize) -> Vec<Batch> {
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    let batch = |rows: &[Row]| {
        for (intake, request) in intakes.iter_mut().zip(&plan.requests) {
            for (weight, stratum, unit, level, single, a, b, number) in rows {
                let value = match request.column.as_str() {
                    "weight" => weight.to_string(),
                    "stratum" => stratum.to_string(),
                    "unit" => unit.to_string(),
                    // Some are in no level.
                    "level" if *level == 3 => String::new(),
                    "level" => level.to_string(),
                    "single" => single.to_string(),
                    "size" => (level + 1).to_string(),
                    "household" => number.rem_euclid(5).to_string(),
                    "fraction" => "0.25".to_owned(),
                    "many_a" => a.to_string(),
                    "many_b" => b.to_string(),
                    _ => number.to_string(),
                };
                intake.text(&value, 1);
            }
        }
        take_batch(&mut intakes, rows.len())
    };
    rows.chunks(rows_in_batch).map(batch).collect()
}

fn tally(plan: &Plan, batches: &[Batch]) -> Tally {
    let mut counter = Counter::new(plan);
    for batch in batches {
        counter.add(batch);
    }
    counter.finish()
}

fn estimates(study: &Study, plan: &Plan, tally: &Tally) -> Estimates {
    let (design, problems): (SampleDesign, Diagnostics) =
        SampleDesign::new(&study.design, &tally.frame, |_, key| key.to_string());
    assert!(problems.is_empty(), "{problems}");
    Estimator::new(study, plan, &design, tally).all()
}

fn all(estimates: &Estimates) -> Vec<Option<Estimate>> {
    let domains = estimates.questions.iter().flat_map(|question| &question.domains);
    let of_domain = |domain: &DomainEstimates| -> Vec<Option<Estimate>> {
        // Counts and totals grow with the weights. The error of a deviation is made of fourth powers of distances from the
        // first number: where that is far from all others it has half the digits.
        let is_compared = |further: &&FurtherEstimate| {
            !matches!(further.statistic, Statistic::Count(_) | Statistic::Total | Statistic::StandardDeviation)
        };
        let further = domain.further.iter().filter(is_compared).map(|further| further.estimate);
        domain.shares.iter().map(|share| share.estimate).chain([domain.mean]).chain(further).collect()
    };
    domains.flat_map(of_domain).chain(estimates.contrasts.iter().copied()).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn same(a: &Estimates, b: &Estimates, weight_scale: f64) -> bool {
    all(a).iter().zip(all(b)).all(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => {
            close(a.value, b.value)
                && close(a.standard_error, b.standard_error)
                && close(a.bases.weighted * weight_scale, b.bases.weighted)
                && close(a.bases.effective, b.bases.effective)
                && a.bases.unweighted == b.bases.unweighted
        }
        (None, None) => true,
        _ => false,
    })
}

proptest! {
    #[test]
    fn tallies_of_two_halves_add_up_to_the_whole(rows in rows(), cut in 0_usize..12, design in 0_usize..4) {
        let study = study(DESIGNS[design]);
        let plan = Plan::new(&study);
        let batches = batches(&plan, &rows, 7);
        let cut = cut.min(batches.len());
        let mut merged = Tally::empty(&plan);
        merged.merge(&tally(&plan, &batches[..cut]));
        merged.merge(&Tally::empty(&plan));
        merged.merge(&tally(&plan, &batches[cut..]));
        let whole = tally(&plan, &batches);
        prop_assert!(same(&estimates(&study, &plan, &merged), &estimates(&study, &plan, &whole), 1.0));
    }

    #[test]
    fn the_size_of_batches_changes_no_bit(rows in rows(), size in 1_usize..50, design in 0_usize..4) {
        let plan = Plan::new(&study(DESIGNS[design]));
        prop_assert_eq!(tally(&plan, &batches(&plan, &rows, size)), tally(&plan, &batches(&plan, &rows, 1000)));
    }

    #[test]
    fn shares_and_errors_do_not_depend_on_the_scale_of_weights(rows in rows(), power in -8_i32..8, design in 0_usize..4) {
        let study = study(DESIGNS[design]);
        let plan = Plan::new(&study);
        let scale = 2_f64.powi(power);
        let mut scaled = rows.clone();
        for row in &mut scaled {
            row.0 *= scale;
        }
        let one = estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 50)));
        let other = estimates(&study, &plan, &tally(&plan, &batches(&plan, &scaled, 50)));
        prop_assert!(same(&one, &other, scale));
    }

    #[test]
    fn errors_do_not_depend_on_how_far_numbers_are_from_zero(mut rows in rows(), design in 0_usize..4) {
        const FAR: i64 = 2_000_000_000;
        let study = study(DESIGNS[design]);
        let plan = Plan::new(&study);
        let means = |rows: &[Row]| -> Vec<Option<Estimate>> {
            let tally = tally(&plan, &batches(&plan, rows, 7));
            let question = study.question("number").unwrap();
            estimates(&study, &plan, &tally).questions[question].domains.iter().map(|domain| domain.mean).collect()
        };
        let near = means(&rows);
        for row in &mut rows {
            row.7 += FAR;
        }
        for (near, far) in near.into_iter().zip(means(&rows)) {
            let (Some(near), Some(far)) = (near, far) else {
                prop_assert!(near.is_none() && far.is_none());
                continue;
            };
            prop_assert!((far.value - near.value - FAR as f64).abs() < 1e-6);
            prop_assert!(close(near.standard_error, far.standard_error), "{} {}", near.standard_error, far.standard_error);
        }
    }

    #[test]
    fn the_order_of_responses_does_not_matter(rows in rows(), turn in 0_usize..100, design in 0_usize..4) {
        let study = study(DESIGNS[design]);
        let plan = Plan::new(&study);
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.reverse();
        let one = estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 50)));
        let other = estimates(&study, &plan, &tally(&plan, &batches(&plan, &turned, 50)));
        prop_assert!(same(&one, &other, 1.0));
    }

    #[test]
    fn shares_of_a_single_choice_sum_to_one(rows in rows(), design in 0_usize..4) {
        let study = study(DESIGNS[design]);
        let plan = Plan::new(&study);
        let estimates = estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 50)));
        for domain in &estimates.questions[0].domains {
            let shares: Vec<f64> = domain.shares.iter().filter_map(|share| share.estimate).map(|e| e.value).collect();
            prop_assert!(shares.is_empty() || (shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn intervals_hold_their_estimate_and_are_never_of_zero_width_at_the_ends(rows in rows(), design in 0_usize..4) {
        let study = study(DESIGNS[design]);
        let plan = Plan::new(&study);
        let estimates = estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 50)));
        for domain in estimates.questions.iter().take(2).flat_map(|question| &question.domains) {
            for estimate in domain.shares.iter().filter_map(|share| share.estimate) {
                let Some(limits) = estimate.limits else { continue };
                prop_assert!(limits.low <= estimate.value + 1e-12 && estimate.value <= limits.high + 1e-12);
                prop_assert!(estimate.value > 0.0 && estimate.value < 1.0 || limits.high - limits.low > 1e-3);
            }
        }
    }

    #[test]
    fn a_domain_within_one_unit_has_no_variance(mut rows in rows()) {
        for row in &mut rows {
            row.2 %= 3;
            row.3 = row.2;
        }
        let study = study("units = \"unit\"");
        let plan = Plan::new(&study);
        let estimates = estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 50)));
        for domain in estimates.questions.iter().flat_map(|question| &question.domains[1..]) {
            let figures = domain.shares.iter().filter_map(|share| share.estimate).chain(domain.mean);
            let errors: Vec<f64> = figures.map(|figure| figure.standard_error).collect();
            prop_assert!(errors.iter().all(|error| *error == 0.0), "{errors:?}");
        }
    }

    #[test]
    fn no_small_cell_passes_the_gate_or_follows_from_what_does(rows in rows(), minimum in 2_u64..8, levels in 2_u8..5) {
        let rows: Vec<Row> =
            rows.into_iter().map(|(w, s, u, level, a, b, c, n)| (w, s, u, level % levels, a, b, c, n)).collect();
        let mut study = study("");
        study.publication.minimum_count = minimum;
        let plan = Plan::new(&study);
        let estimates = estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 50)));
        let release = release(&study, &plan, &estimates);
        let small = |count: u64| count > 0 && count < minimum;
        for (question, released) in estimates.questions.iter().zip(&release.questions).take(2) {
            for (domain, released) in question.domains.iter().zip(&released.domains) {
                let n = domain.bases.unweighted;
                prop_assert!(released.bases.is_none_or(|bases| !small(bases.unweighted)));
                for (further, (_, figure)) in domain.further.iter().zip(&released.further) {
                    let is_quantile = matches!(further.statistic, Statistic::Quantile(_));
                    let few = |count: u64| small(count) || (!is_quantile && small(n - count));
                    let tells = further.count.is_some_and(few);
                    prop_assert!(figure.shown().is_none() || !(small(n) || tells), "{:?}", further.statistic);
                }
                for (share, figure) in domain.shares.iter().zip(&released.shares) {
                    prop_assert!(figure.shown().is_none() || !(small(n) || small(share.count) || small(n - share.count)));
                }
            }
        }
        for (count, cell) in attacked(&estimates, &release) {
            prop_assert!(!small(count), "{cell} follows from the rest: {count}");
        }
        // The mean of all less those of the levels that are shown is the mean of the others.
        let (counted, shown) = (&estimates.questions[2].domains, &release.questions[2].domains);
        let (total, levels) = (counted[0].bases.unweighted, 1..counted.len());
        if shown[0].mean.as_ref().is_some_and(|mean| mean.shown().is_some()) {
            let told = levels.filter(|level| shown[*level].mean.as_ref().is_some_and(|mean| mean.shown().is_some()));
            let others = total - told.map(|level| counted[level].bases.unweighted).sum::<u64>();
            prop_assert!(!small(others), "a mean of {others} follows from the rest");
        }
    }
}

/// The cells of the single choice by the segment that somebody can work out who knows all that is released: those whose
/// value every solution of the equations of the table agrees on. Written without looking at how the gate works.
fn attacked(estimates: &Estimates, release: &Release) -> Vec<(u64, String)> {
    let (counted, shown) = (&estimates.questions[0].domains, &release.questions[0].domains);
    let (options, levels) = (counted[0].shares.len(), counted.len() - 1);
    // Unknowns: each option at each level and in no level (the last column), and the base of each column.
    let cell = |column: usize, option: usize| column * (options + 1) + option;
    let width = (levels + 1) * (options + 1);
    let mut equations: Vec<Vec<i64>> = Vec::new();
    let mut state = |terms: &[(usize, i64)]| {
        let mut equation = vec![0; width];
        for (unknown, factor) in terms {
            equation[*unknown] += factor;
        }
        equations.push(equation);
    };
    for column in 0..=levels {
        // Nobody of the base is without an answer here, so answers add up to the base.
        let answers: Vec<(usize, i64)> = (0..options).map(|option| (cell(column, option), 1)).collect();
        state(&[answers, vec![(cell(column, options), -1)]].concat());
        if column < levels {
            let domain = &shown[column + 1];
            if domain.bases.is_some() {
                state(&[(cell(column, options), 1)]);
            }
            for option in (0..options).filter(|option| domain.shares[*option].withheld().is_none()) {
                state(&[(cell(column, option), 1)]);
            }
        }
    }
    for option in (0..options).filter(|option| shown[0].shares[*option].withheld().is_none()) {
        let row: Vec<(usize, i64)> = (0..=levels).map(|column| (cell(column, option), 1)).collect();
        state(&row);
    }
    if shown[0].bases.is_some() {
        let bases: Vec<(usize, i64)> = (0..=levels).map(|column| (cell(column, options), 1)).collect();
        state(&bases);
    }
    // Where the bases of the levels make up the total nobody is in no level.
    let in_levels: u64 = counted[1..].iter().map(|domain| domain.bases.unweighted).sum();
    if shown.iter().all(|domain| domain.bases.is_some()) && in_levels == counted[0].bases.unweighted {
        for option in 0..=options {
            let mut unit = vec![0; width];
            unit[cell(levels, option)] = 1;
            equations.push(unit);
        }
    }
    let whole = rank(&equations);
    let mut found = Vec::new();
    for column in 0..=levels {
        for option in 0..=options {
            let mut unit = vec![0; width];
            unit[cell(column, option)] = 1;
            let further: Vec<Vec<i64>> = equations.iter().cloned().chain([unit]).collect();
            if rank(&further) == whole {
                let of = |domain: usize| match option {
                    option if option == options => counted[domain].bases.unweighted,
                    option => counted[domain].shares[option].count,
                };
                let in_levels: u64 = (1..=levels).map(of).sum();
                let count = if column < levels { of(column + 1) } else { of(0) - in_levels };
                found.push((count, format!("option {option} in column {column}")));
            }
        }
    }
    found
}

/// The rank of a matrix, modulo a large prime.
fn rank(matrix: &[Vec<i64>]) -> usize {
    const PRIME: i64 = 2_147_483_647;
    let mut rows: Vec<Vec<i64>> =
        matrix.iter().map(|row| row.iter().map(|value| value.rem_euclid(PRIME)).collect()).collect();
    let inverse = |value: i64| {
        let (mut result, mut power, mut exponent) = (1, value, PRIME - 2);
        while exponent > 0 {
            if exponent % 2 == 1 {
                result = result * power % PRIME;
            }
            power = power * power % PRIME;
            exponent /= 2;
        }
        result
    };
    let mut rank = 0;
    for column in 0..rows.first().map_or(0, Vec::len) {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(rank, pivot);
        let scale = inverse(rows[rank][column]);
        let reduced: Vec<i64> = rows[rank].iter().map(|value| value * scale % PRIME).collect();
        for row in rows.iter_mut().skip(rank + 1) {
            let times = row[column];
            for (value, other) in row.iter_mut().zip(&reduced) {
                *value = (*value - times * other).rem_euclid(PRIME);
            }
        }
        rank += 1;
    }
    rank
}
