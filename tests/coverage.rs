//! How often each kind of interval holds the share of a known population: samples are drawn and go the whole way, from
//! the plan over the pass through the data to the estimate and its limits.
//!
//! The whole table takes a few minutes and is made by
//! `cargo test --release --locked --test coverage -- --ignored --nocapture`; `src/accuracy/coverage.md` holds it.

use std::fmt::Write;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use topline::{
    estimate::Estimate,
    interval::{Confidence, Limits, ShareFacts, of_share},
    study::{Interval, Quantile},
};

use self::samples::{SEED, Sample, Setting, answers, estimate, random, study, unit};

#[path = "coverage/samples.rs"]
mod samples;

const SAMPLES: u64 = 10_000;
const LEVEL: f64 = 0.95;
const SHARES: [f64; 3] = [0.01, 0.1, 0.5];
const SIZES: [usize; 3] = [30, 100, 1000];

/// Rows of a table: the kinds of interval, then the formula of Wald where nothing stands in for it.
const ROWS: usize = Interval::ALL.len() + 1;

/// What came of all samples of a setting.
#[derive(Clone, Debug, Default)]
struct Outcome {
    samples: u64,
    /// For each row the samples whose interval holds the share.
    holding: [u64; ROWS],
    /// For each row the samples that have an interval of any width.
    having: [u64; ROWS],
    /// For each row the sum of all widths.
    widths: [f64; ROWS],
    /// Samples in which nobody or everybody said so.
    whole: u64,
    /// Samples in which all units agree, but not all people.
    without_variance: u64,
}

#[test]
#[ignore = "takes minutes; the command stands at the head of this file"]
fn coverage_is_that_of_the_page() {
    let tables = [Sample::Independent, Sample::Clustered].map(|sample| {
        let settings = SHARES.into_iter().flat_map(|share| SIZES.map(|size| Setting { sample, share, size }));
        let outcomes: Vec<(Setting, Outcome)> = settings.map(|setting| (setting, outcome(setting, SAMPLES))).collect();
        let table = table(&outcomes);
        println!(
            "{sample:?}, {SAMPLES} samples each, seed {SEED}: coverage in percent (mean width in points)\n\n{table}"
        );
        (table, outcomes)
    });
    for (table, outcomes) in tables {
        for (setting, outcome) in &outcomes {
            check(*setting, outcome);
        }
        let page = include_str!("../src/accuracy/coverage.md");
        assert!(page.contains(&table), "src/accuracy/coverage.md holds another table than that printed above");
    }
}

/// What theory says of the numbers.
fn check(setting: Setting, outcome: &Outcome) {
    let Setting { sample, share, size } = setting;
    let of = |kind: Interval| outcome.coverage(row(kind));
    let deviation = |coverage: f64| (coverage * (1.0 - coverage) / outcome.samples as f64).sqrt();
    if sample == Sample::Independent {
        for kind in Interval::ALL {
            let exact = exact_coverage(kind, share, size);
            let found = of(kind);
            assert!(
                (found - exact).abs() < 4.5 * deviation(exact) + 1e-9,
                "{setting:?} {kind:?}: {found}, exactly {exact}"
            );
        }
        // What it is made for: never less than the level.
        for kind in [Interval::ClopperPearson, Interval::KornGraubard, Interval::Nchs] {
            assert!(of(kind) > LEVEL - 3.0 * deviation(LEVEL), "{setting:?} {kind:?}");
        }
        // Three samples in four have nobody, and Wald's formula then has no width.
        if (share, size) == (0.01, 30) {
            assert!(outcome.coverage(ROWS - 1) < 0.3 && of(Interval::Wald) > LEVEL);
        }
    } else if size == 1000 && share > 0.01 {
        // Ten people alike by 0.1 have 1.9 times the variance of ten others.
        for kind in [Interval::ClopperPearson, Interval::AgrestiCoull, Interval::Jeffreys] {
            assert!(of(kind) < 0.87, "{setting:?} {kind:?}");
        }
        for kind in Interval::ALL.into_iter().filter(|kind| !kind.ignores_design()) {
            assert!((of(kind) - LEVEL).abs() < 0.015, "{setting:?} {kind:?}");
        }
    }
}

#[test]
fn samples_are_binomial_and_follow_the_seed() {
    let setting = Setting { sample: Sample::Independent, share: 0.1, size: 30 };
    let few = outcome(setting, 300);
    for kind in Interval::ALL {
        let exact = exact_coverage(kind, setting.share, setting.size);
        let error = (exact * (1.0 - exact) / 300.0).sqrt();
        assert!((few.coverage(row(kind)) - exact).abs() < 4.0 * error, "{kind:?}");
    }
    assert_eq!(few.holding, outcome(setting, 300).holding);
}

#[test]
fn people_of_a_unit_are_alike() {
    let mut random = random(Setting { sample: Sample::Clustered, share: 0.5, size: 1000 }, 0);
    let units: Vec<f64> =
        (0..20_000).map(|_| unit(0.5, &mut random).iter().filter(|said| **said).count() as f64).collect();
    let mean = units.iter().sum::<f64>() / 20_000.0;
    let variance = units.iter().map(|unit| (unit - mean).powi(2)).sum::<f64>() / 20_000.0;
    // m p (1 - p) (1 + (m - 1) ρ) = 4.75.
    assert!((mean - 5.0).abs() < 0.07 && (variance - 4.75).abs() < 0.2, "{mean} {variance}");
}

#[test]
fn limits_by_kind_are_those_of_the_estimate() {
    for sample in [Sample::Independent, Sample::Clustered] {
        let setting = Setting { sample, share: 0.1, size: 100 };
        let mut study = study(sample);
        let answers = answers(setting, &mut random(setting, 0));
        for kind in Interval::ALL {
            study.design.interval = kind;
            let estimate = estimate(&study, &answers);
            let (limits, again) =
                (estimate.limits.expect("a hundred people"), limits(&estimate, kind).expect("as many"));
            assert!((limits.low - again.low).abs() < 1e-12 && (limits.high - again.high).abs() < 1e-12, "{kind:?}");
        }
    }
}

/// Draws samples and counts whose intervals hold the share.
fn outcome(setting: Setting, samples: u64) -> Outcome {
    let study = study(setting.sample);
    let found = |sample: u64| estimate(&study, &answers(setting, &mut random(setting, sample)));
    let with_limits = |sample: u64| {
        let estimate = found(sample);
        let mut rows = [None; ROWS];
        for kind in Interval::ALL {
            rows[row(kind)] = limits(&estimate, kind).map(|limits| (limits.low, limits.high));
        }
        let confidence = Confidence::new(LEVEL, Quantile::T, estimate.degrees_of_freedom);
        let reach = confidence.multiplier() * estimate.standard_error;
        rows[ROWS - 1] = Some((estimate.value - reach, estimate.value + reach));
        (estimate, rows)
    };
    // Added up in order, so that the sums do not depend on the threads.
    let all: Vec<_> = (0..samples).into_par_iter().map(with_limits).collect();
    let mut outcome = Outcome { samples, ..Outcome::default() };
    for (estimate, rows) in all {
        let is_whole = estimate.value == 0.0 || estimate.value == 1.0;
        outcome.whole += u64::from(is_whole);
        outcome.without_variance += u64::from(!is_whole && estimate.standard_error == 0.0);
        for (row, limits) in rows.into_iter().enumerate() {
            // No interval, or one of no width, says nothing of where the share is: it counts as not holding it.
            let Some((low, high)) = limits.filter(|(low, high)| high - low > 1e-12) else { continue };
            outcome.having[row] += 1;
            outcome.widths[row] += high - low;
            outcome.holding[row] += u64::from(low <= setting.share && setting.share <= high);
        }
    }
    outcome
}

impl Outcome {
    fn coverage(&self, row: usize) -> f64 {
        self.holding[row] as f64 / self.samples as f64
    }

    fn width(&self, row: usize) -> f64 {
        self.widths[row] / self.having[row] as f64
    }
}

/// The row of a kind.
fn row(kind: Interval) -> usize {
    Interval::ALL.iter().position(|known| *known == kind).expect("all are in the list")
}

/// The interval of an estimate by another kind than that of the study.
fn limits(estimate: &Estimate, kind: Interval) -> Option<Limits> {
    let facts = ShareFacts {
        share: estimate.value,
        variance: estimate.standard_error.powi(2),
        n: estimate.bases.unweighted as f64,
        n_effective: estimate.bases.effective,
    };
    of_share(facts, kind, Confidence::new(LEVEL, Quantile::T, estimate.degrees_of_freedom))
}

/// The sum of the chances of all samples whose interval holds the share, where people come one by one.
fn exact_coverage(kind: Interval, share: f64, size: usize) -> f64 {
    let n = size as f64;
    let confidence = Confidence::new(LEVEL, Quantile::T, n - 1.0);
    let mut chance = (n * (1.0 - share).ln()).exp();
    let mut coverage = 0.0;
    for yes in 0..=size {
        let found = yes as f64 / n;
        let facts = ShareFacts { share: found, variance: found * (1.0 - found) / (n - 1.0), n, n_effective: n };
        let limits = of_share(facts, kind, confidence).expect("at least thirty people");
        if limits.low <= share && share <= limits.high {
            coverage += chance;
        }
        chance *= (size - yes) as f64 / (yes + 1) as f64 * share / (1.0 - share);
    }
    coverage
}

/// The table of a way to sample.
fn table(outcomes: &[(Setting, Outcome)]) -> String {
    let mut text = "| kind |".to_owned();
    for (Setting { share, size, .. }, _) in outcomes {
        let size = if *size == 1000 { "1,000".to_owned() } else { size.to_string() };
        write!(text, " {} % of {size} |", share * 100.0).expect("text grows");
    }
    text += "\n|---|";
    text += &"--:|".repeat(outcomes.len());
    let names = Interval::ALL.iter().map(|kind| kind.name()).chain(["wald, the formula alone"]);
    for (row, name) in names.enumerate() {
        write!(text, "\n| {name} |").expect("text grows");
        for (_, outcome) in outcomes {
            let (coverage, width) = (outcome.coverage(row) * 100.0, outcome.width(row) * 100.0);
            write!(text, " {coverage:.1} ({width:.1}) |").expect("text grows");
        }
    }
    let mut counts = |name: &str, count: &dyn Fn(&Outcome) -> u64| {
        write!(text, "\n| *{name}* |").expect("text grows");
        for (_, outcome) in outcomes {
            write!(text, " {:.1} |", count(outcome) as f64 / outcome.samples as f64 * 100.0).expect("text grows");
        }
    };
    counts("samples where nobody or everybody said so", &|outcome| outcome.whole);
    counts("samples whose units all agree", &|outcome| outcome.without_variance);
    text + "\n"
}
