//! What must hold for replicate weights, made or read.

use proptest::prelude::{prop_assert, prop_assert_eq, prop_assume, proptest};
use topline::{
    design::SampleDesign,
    estimate::{Estimate, Estimates, Estimator},
    responses::{Batch, Cells, Intake, take_batch},
    study::Study,
    tally::{Counter, Plan, Tally},
};

use super::{Row, close, meant, rows, tally};

const UNITS: &str = "units = \"unit\"";
const STRATA: &str = "strata = \"stratum\"\nunits = \"unit\"\nnested = true";
const STRATA_ALONE: &str = "strata = \"stratum\"";

fn study(design: &str, replicates: &str) -> Study {
    let text = format!(
        r#"
[data]
file = "none.csv"
[design]
weight = "weight"
lonely_unit = "certainty"
{design}
{replicates}
[[segment]]
id = "level"
levels = ["0", "1", "2"]
allow_empty = true
[[segment]]
id = "second"
column = "a"
levels = ["0", "1"]
allow_empty = true
[[question]]
id = "single"
options = ["0", "1", "2"]
missing = {{ 3 = "skipped" }}
statistics = ["count"]
[[question]]
id = "many"
kind = "multiple"
options = ["a", "b"]
base = {{ where = "single IN ('0', '1')" }}
[[question]]
id = "number"
kind = "number"
statistics = ["total"]
[[question]]
id = "ratio"
kind = "ratio"
columns = ["number", "stratum"]
"#
    );
    meant(&text)
}

/// The batches of some rows; `weight` gives the weight of a row in replicate `r`.
fn batches(plan: &Plan, rows: &[Row], rows_in_batch: usize, weight: impl Fn(usize, usize) -> f64) -> Vec<Batch> {
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    let numbered: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
    let batch = |rows: &[(usize, &Row)]| {
        for (intake, request) in intakes.iter_mut().zip(&plan.requests) {
            for (index, (full, stratum, unit, level, single, a, b, number)) in rows {
                let value = match (request.column.as_str(), request.column.strip_prefix("rw")) {
                    (_, Some(replicate)) => weight(*index, replicate.parse::<usize>().unwrap() - 1).to_string(),
                    ("weight", _) => full.to_string(),
                    ("stratum", _) => stratum.to_string(),
                    ("unit", _) => unit.to_string(),
                    ("level", _) if *level == 3 => String::new(),
                    ("level", _) => level.to_string(),
                    ("single", _) => single.to_string(),
                    ("a" | "many_a", _) => a.to_string(),
                    ("many_b", _) => b.to_string(),
                    _ => number.to_string(),
                };
                intake.text(&value, 1);
            }
        }
        take_batch(&mut intakes, rows.len())
    };
    numbered.chunks(rows_in_batch).map(batch).collect()
}

fn design(study: &Study, tally: &Tally) -> Option<SampleDesign> {
    let (design, problems) = SampleDesign::new(&study.design, &tally.frame, |_, key| key.to_string());
    (!problems.has_errors()).then_some(design)
}

fn estimates(study: &Study, plan: &Plan, tally: &Tally) -> Option<Estimates> {
    Some(Estimator::new(study, plan, &design(study, tally)?, tally).all())
}

fn figures(estimates: &Estimates) -> Vec<Option<Estimate>> {
    let domains = estimates.questions.iter().flat_map(|question| &question.domains);
    let of = |domain: &topline::estimate::DomainEstimates| {
        let shares = domain.shares.iter().map(|share| share.estimate);
        shares.chain([domain.mean]).chain(domain.further.iter().map(|further| further.estimate)).collect::<Vec<_>>()
    };
    domains.flat_map(of).collect()
}

/// The figures that differ.
fn different(one: &Estimates, other: &Estimates) -> Vec<(Option<Estimate>, Option<Estimate>)> {
    let pairs = figures(one).into_iter().zip(figures(other));
    pairs.filter(|(one, other)| !same(one.as_ref(), other.as_ref())).collect()
}

fn same(one: Option<&Estimate>, other: Option<&Estimate>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            // A ratio to nothing is infinite.
            (one.value == other.value || close(one.value, other.value))
                && close(one.standard_error, other.standard_error)
                && one.degrees_of_freedom == other.degrees_of_freedom
        }
        (None, None) => true,
        _ => false,
    }
}

fn read_columns(count: usize, rest: &str) -> String {
    format!("[design.replicates]\ntype = \"other\"\ncolumns = \"rw*\"\ncount = {count}\n{rest}")
}

proptest! {
    #[test]
    fn the_jackknife_of_totals_is_the_linearised_variance(rows in rows(), kind in 0_usize..4) {
        let (design, method) =
            [(UNITS, "jk1"), (STRATA, "jkn"), (STRATA_ALONE, "jkn"), ("", "jk1")][kind];
        let all = |replicates: &str| {
            let study = study(design, replicates);
            let plan = Plan::new(&study);
            estimates(&study, &plan, &tally(&plan, &batches(&plan, &rows, 7, |_, _| 0.0)))
        };
        let made = all(&format!("[design.replicates]\ntype = \"{method}\""));
        // Where no stratum has two units there is nothing to leave out.
        prop_assume!(made.is_some());
        let (made, linearised) = (made.unwrap(), all("").unwrap());
        for (made, linearised) in made.questions.iter().zip(&linearised.questions) {
            for (made, linearised) in made.domains.iter().zip(&linearised.domains) {
                for (made, linearised) in made.further.iter().zip(&linearised.further) {
                    let (Some(made), Some(linearised)) = (made.estimate, linearised.estimate) else {
                        prop_assert!(made.estimate.is_none() && linearised.estimate.is_none());
                        continue;
                    };
                    let scale = linearised.value.abs().max(1.0) * 1e-7;
                    prop_assert!((made.standard_error - linearised.standard_error).abs() <= scale, "{made:?} {linearised:?}");
                    prop_assert_eq!(made.degrees_of_freedom, linearised.degrees_of_freedom);
                }
            }
        }
    }

    #[test]
    fn made_replicates_are_those_of_their_weights_written_out(rows in rows(), kind in 0_usize..7) {
        let (base, method) = [
            (UNITS, "jk1"), (STRATA, "jkn"), (STRATA, "bootstrap"), (UNITS, "sdr"), ("", "jk1"), ("", "bootstrap"),
            (STRATA_ALONE, "jkn"),
        ][kind];
        let count = if matches!(method, "bootstrap" | "sdr") { "count = 70" } else { "" };
        let made = study(base, &format!("[design.replicates]\ntype = \"{method}\"\n{count}"));
        let plan = Plan::new(&made);
        let counted = tally(&plan, &batches(&plan, &rows, 50, |_, _| 0.0));
        let sample = design(&made, &counted);
        prop_assume!(sample.is_some());
        let sample = sample.unwrap();
        let replicates = sample.replicates.as_ref().unwrap();
        let (r, groups) = (replicates.count(), counted.frame.groups.len());
        let one_each: Vec<Vec<f64>> =
            (0..groups).map(|one| (0..groups).map(|other| f64::from(u8::from(one == other))).collect()).collect();
        let factors = replicates.factors.as_ref().unwrap().sums(one_each.iter().map(Vec::as_slice), groups);
        // The groups in the order in which they were first seen, as the frame has them.
        let mut seen: Vec<(u8, u8, usize)> = Vec::new();
        let group_of: Vec<usize> = rows.iter().enumerate().map(|(index, row)| {
            let key = match base {
                UNITS => (0, row.2, 0),
                STRATA => (row.1, row.2, 0),
                _ => (0, 0, index),
            };
            seen.iter().position(|known| *known == key).unwrap_or_else(|| {
                seen.push(key);
                seen.len() - 1
            })
        }).collect();
        let rscales: Vec<String> = replicates.rscales.iter().map(f64::to_string).collect();
        let scales = format!("scale = {}\nrscales = [{}]", replicates.scale, rscales.join(", "));
        for (holds, full) in [("", true), ("\ncombined = false", false)] {
            let read = study("", &read_columns(r, &format!("{scales}{holds}")));
            let plan = Plan::new(&read);
            let weight = |row: usize, replicate: usize| {
                factors[group_of[row] * r + replicate] * if full { rows[row].0 } else { 1.0 }
            };
            let written = tally(&plan, &batches(&plan, &rows, 50, weight));
            let one = Estimator::new(&made, &Plan::new(&made), &sample, &counted).all();
            let other = estimates(&read, &plan, &written).unwrap();
            prop_assert_eq!(different(&one, &other), vec![]);
        }
    }

    #[test]
    fn sums_under_read_replicates_do_not_depend_on_batches_or_threads(rows in rows(), size in 1_usize..50, threads in 1_usize..4) {
        let study = study("", &read_columns(70, "scale = 1"));
        let plan = Plan::new(&study);
        let weight = |row: usize, replicate: usize| ((row * 7 + replicate * 13) % 11) as f64 / 3.0;
        let whole = tally(&plan, &batches(&plan, &rows, 1000, weight));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let pieces = pool.install(|| {
            let mut counter = Counter::new(&plan);
            for batch in &batches(&plan, &rows, size, weight) {
                counter.add(batch);
            }
            counter.finish()
        });
        prop_assert_eq!(pieces, whole);
    }

    #[test]
    fn tallies_with_replicates_add_up(rows in rows(), cut in 0_usize..12, made in 0_usize..2) {
        let study = match made {
            0 => study("", &read_columns(5, "scale = 1")),
            _ => study("", "[design.replicates]\ntype = \"jk1\""),
        };
        let plan = Plan::new(&study);
        let batches = batches(&plan, &rows, 7, |row, replicate| ((row * 7 + replicate * 13) % 11) as f64 / 3.0);
        let cut = cut.min(batches.len());
        let mut merged = Tally::empty(&plan);
        merged.merge(&tally(&plan, &batches[..cut]));
        merged.merge(&Tally::empty(&plan));
        merged.merge(&tally(&plan, &batches[cut..]));
        let whole = tally(&plan, &batches);
        let [merged, whole] = [merged, whole].map(|tally| estimates(&study, &plan, &tally).unwrap());
        prop_assert_eq!(different(&merged, &whole), vec![]);
    }
}

#[test]
fn only_replicates_of_single_respondents_are_limited() {
    let most = |design: &str, replicates: &str| Plan::new(&study(design, replicates)).most_respondents();
    let jk1 = "[design.replicates]\ntype = \"jk1\"";
    assert_eq!([most("", jk1), most(UNITS, jk1), most("", "")], [200_000, u64::MAX, u64::MAX]);
}
