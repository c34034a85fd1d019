//! What cannot be weighted says why, where, and what to do.

use super::{Bounds, Calibration, Cell, Convergence, Error, LevelOrder, Margin, Method, Trimming, WeightSums};

fn cell(levels: &[u32], weight: f64, respondents: u64) -> Cell {
    Cell { levels: levels.to_vec(), numbers: vec![], base: WeightSums::of_equal(weight, respondents) }
}

fn margin(targets: &[f64]) -> Margin {
    Margin { targets: targets.to_vec(), order: LevelOrder::Ordered }
}

/// All messages of what does not fit.
fn unfit(cells: &[Cell], margins: &[Margin]) -> Vec<String> {
    let errors = Calibration::new(cells, margins, &[]).expect_err("something does not fit");
    errors.iter().map(ToString::to_string).collect()
}

/// Four cells of two margins.
fn four(counts: [u64; 4]) -> Vec<Cell> {
    (0..).zip(counts).map(|(at, count)| cell(&[at / 2, at % 2], 1.0, count)).collect()
}

fn base(cells: &[Cell]) -> Vec<f64> {
    cells.iter().map(|cell| cell.base.sum).collect()
}

#[test]
fn levels_and_margins_that_do_not_fit_are_named_all_at_once() {
    let cells = [cell(&[0, 0], 1.0, 5), cell(&[1, 0], 1.0, 3), cell(&[7, 2], 1.0, 2)];
    let found = unfit(&cells, &[margin(&[4.0, 0.0, 6.0]), margin(&[5.0, 3.0, 3.5])]);
    let expected = [
        "level 2 of margin 1 has 3 respondents, but no target above 0; give the level a target, or take its \
         respondents out of the population",
        "level 3 of margin 1 has the target 6, but no respondents; collapse it with level 1 of margin 1",
        "level 8 of margin 1 has 2 respondents, but no target above 0; give the level a target, or take its \
         respondents out of the population",
        "the targets of margin 2 sum to 11.5, those of margin 1 to 10: +1.5; give all margins shares, or totals of \
         the same population",
        "level 2 of margin 2 has the target 3, but no respondents; collapse it with level 3 of margin 2",
    ];
    assert_eq!(found, expected);
    assert_eq!(
        unfit(&cells, &[margin(&[4.0, 6.0])])[..2],
        ["cell 1", "cell 2"].map(|cell| { format!("{cell} lacks a level or a number, or has weights that are none") })
    );
    assert_eq!(unfit(&[], &[margin(&[])]), ["there is no target to weight to"]);
    let found = unfit(&[cell(&[0], 1.0, 3)], &[margin(&[f64::NAN])]);
    assert_eq!(found, ["the target of level 1 of margin 1 is NaN"]);
}

#[test]
fn a_coarser_margin_may_not_contradict_a_finer_one() {
    let cells = [cell(&[0, 0], 1.0, 5), cell(&[1, 0], 1.0, 3), cell(&[2, 1], 1.0, 2)];
    let found = unfit(&cells, &[margin(&[3.0, 3.0, 4.0]), margin(&[5.0, 5.0])]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("the target of level 1 of margin 2 is 5, but the other targets leave 6"), "{found:?}");
    assert!(Calibration::new(&cells, &[margin(&[3.0, 3.0, 4.0]), margin(&[6.0, 4.0])], &[]).is_ok());
}

#[test]
fn targets_out_of_reach_name_the_worst_level() {
    // Nobody is at level 2 of the one and level 2 of the other margin, so both cannot be more than half.
    let cells = four([4, 3, 2, 0]);
    let calibration = Calibration::new(&cells, &[margin(&[4.0, 6.0]), margin(&[4.0, 6.0])], &[]).expect("levels fit");
    for method in [Method::Raking, Method::Exponential, Method::Logit(Bounds { low: 0.2, high: 5.0 })] {
        let error = calibration.solve(method, &base(&cells), Convergence::default()).expect_err("out of reach");
        assert!(matches!(error, Error::NotConverged { .. }), "{method:?} {error}");
    }
    // Linear factors may be negative: those of the first cell are.
    let linear = calibration.solve(Method::Linear, &base(&cells), Convergence::default()).expect("they fit");
    assert!(linear.factors[0] < 0.0);
}

#[test]
fn numbers_alone_can_be_calibrated_to_and_leave_the_population_open() {
    let mut cells = four([4, 3, 2, 1]);
    for (cell, number) in cells.iter_mut().zip([3.0, -1.0, 0.0, 5.0]) {
        (cell.levels, cell.numbers) = (Vec::new(), vec![number]);
    }
    let calibration = Calibration::new(&cells, &[], &[20.0]).expect("a number is a target");
    let solve = |method| calibration.solve(method, &base(&cells), Convergence::default()).expect("it is met").factors;
    // λ = (20 - Σdx) / Σdx² = (20 - 14) / 64.
    let lambda = 6.0 / 64.0;
    let expected = [1.0 + 3.0 * lambda, 1.0 - lambda, 1.0, 1.0 + 5.0 * lambda];
    assert!(solve(Method::Linear).iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12));
    let exponential = solve(Method::Exponential);
    assert!((12.0 * exponential[0] - 3.0 * exponential[1] + 5.0 * exponential[3] - 20.0).abs() < 1e-8);
    assert!((exponential[0].ln() / 3.0 - exponential[3].ln() / 5.0).abs() < 1e-12, "factors are exp(λ x)");
}

#[test]
fn methods_say_what_they_do_not_fit() {
    let cells = four([4, 3, 2, 1]);
    let calibration = Calibration::new(&cells, &[margin(&[20.0, 20.0]), margin(&[25.0, 15.0])], &[]).expect("they fit");
    let solve = |method| calibration.solve(method, &base(&cells), Convergence::default());
    let message = |method| solve(method).expect_err("it does not fit").to_string();
    assert_eq!(
        message(Method::PostStratification),
        "post-stratification does not fit 2 margins and 0 numbers; raking fits several margins"
    );
    assert_eq!(
        message(Method::Logit(Bounds { low: 0.5, high: 3.0 })),
        "base weights sum to 10, targets to 40: a factor of 4, beyond the bounds 0.5 to 3; scale the base weights by 4 \
         first: bounds are of factors"
    );
    for bounds in [Bounds { low: 1.1, high: 3.0 }, Bounds { low: 0.5, high: f64::INFINITY }] {
        assert_eq!(solve(Method::Logit(bounds)), Err(Error::BoundsNotAroundOne(bounds)));
    }
    let replicate = calibration.solve(Method::Raking, &[4.0, 3.0, 0.0, 0.0], Convergence::default());
    assert_eq!(replicate.expect_err("nobody").to_string(), "all base weights of level 2 of margin 1 are 0");
    let cut = calibration.solve(Method::Linear, &[1.0], Convergence::default());
    assert_eq!(cut, Err(Error::BaseOfOtherCells { cells: 4, weights: 1 }));
}

#[test]
fn bounds_of_factors_that_are_too_tight_name_the_level_and_wider_ones_are_found() {
    let cells = four([40, 30, 20, 10]);
    let calibration = Calibration::new(&cells, &[margin(&[60.0, 40.0]), margin(&[55.0, 45.0])], &[]).expect("they fit");
    let solve = |method| calibration.solve(method, &base(&cells), Convergence::default());
    let do_instead = |method| calibration.bounds_that_do(method, &base(&cells), Convergence::default());
    // Level 2 of the first margin needs a factor of 4/3.
    let tight = Bounds { low: 0.5, high: 1.1 };
    for method in [Method::Logit(tight), Method::TruncatedLinear(tight), Method::TruncatedExponential(tight)] {
        let error = solve(method).expect_err("too tight");
        assert!(
            error
                .to_string()
                .starts_with("with factors of 0.5 to 1.1 level 2 of margin 1 comes to at most 33; its target is 40"),
            "{error}"
        );
        let wider = do_instead(method).expect("they fit without bounds").expect("some do");
        assert!(wider.low == 0.5 && (1.33..=1.6).contains(&wider.high), "{wider}");
        assert!(solve(method.bounded_by(wider)).is_ok());
    }
    assert_eq!(do_instead(Method::Raking), Ok(None));
    // Each level alone is within reach, both margins together are not.
    let both = Method::Logit(Bounds { low: 0.8, high: 1.35 });
    assert!(matches!(solve(both), Err(Error::NotConverged { .. })), "{:?}", solve(both));
    assert!(do_instead(both).expect("they fit").is_some_and(|wider| wider.high > 1.35 || wider.low < 0.8));
    // Nobody is in one cell: without bounds it does not fit either.
    let empty = four([4, 3, 2, 0]);
    let calibration = Calibration::new(&empty, &[margin(&[4.0, 6.0]), margin(&[4.0, 6.0])], &[]).expect("levels fit");
    let method = Method::Logit(Bounds { low: 0.2, high: 5.0 });
    assert!(calibration.bounds_that_do(method, &base(&empty), Convergence::default()).is_err());
}

#[test]
fn bounds_of_weights_that_are_too_tight_name_the_level() {
    let cells = four([40, 30, 20, 10]);
    let calibration = Calibration::new(&cells, &[margin(&[60.0, 40.0]), margin(&[55.0, 45.0])], &[]).expect("they fit");
    let within = |low, high| calibration.within(&cells, Method::Raking, Bounds { low, high }, Convergence::default());
    assert_eq!(
        within(0.5, 1.1).expect_err("level 2 needs more").to_string(),
        "with weights of 0.5 to 1.1 level 2 of margin 1 comes to at most 33; its target is 40; widen the bounds, or \
         collapse the level with another"
    );
    assert_eq!(within(2.0, 1.0), Err(Error::BadTrimming(Bounds { low: 2.0, high: 1.0 })));
    let bounds = Bounds { low: 0.7, high: 1.4 };
    let held = within(bounds.low, bounds.high).expect("there are such weights");
    let at_bounds = held.factors.iter().filter(|factor| bounds.touch(**factor)).count();
    assert_eq!(at_bounds, 1, "{held:?}");

    let method = Method::TruncatedLinear(Bounds { low: 0.5, high: 1.3 });
    let apart = calibration.within(&cells, method, Bounds { low: 1.4, high: 2.0 }, Convergence::default());
    assert_eq!(
        apart.expect_err("base weights are 1").to_string(),
        "a base weight of 1 has no factor of 0.5 to 1.3 that makes a weight of 1.4 to 2; widen the bounds of factors, or those of weights"
    );

    let mut mixed = cells.clone();
    mixed[2].base.add(2.0);
    let error = calibration.within(&mixed, Method::Raking, bounds, Convergence::default());
    assert_eq!(error, Err(Error::MixedBaseWeights(2)));
}

#[test]
fn what_weights_are_trimmed_to_follows_from_the_weights() {
    let cells = four([40, 30, 20, 10]);
    let calibration = Calibration::new(&cells, &[margin(&[60.0, 40.0]), margin(&[55.0, 45.0])], &[]).expect("they fit");
    let free = calibration.solve(Method::Raking, &base(&cells), Convergence::default()).expect("they fit");
    let trimmed = |trimming| calibration.trimmed(&cells, Method::Raking, &free, trimming, Convergence::default());
    let multiples = trimmed(Trimming::MultiplesOfMean(Bounds { low: 0.7, high: 1.4 })).expect("there are such weights");
    assert!((multiples.bounds.low - 0.7).abs() < 1e-9 && (multiples.bounds.high - 1.4).abs() < 1e-9);
    // A tenth of the respondents has the highest weight; nine tenths are reached below it.
    let mut weights = free.factors.clone();
    weights.sort_by(f64::total_cmp);
    let error = trimmed(Trimming::Quantiles(Bounds { low: 0.0, high: 0.9 })).expect_err("the small cell is needed");
    assert!(matches!(error, Error::BoundsTooTight { bounds, .. } if bounds.high == weights[2]), "{error}");
    let all = trimmed(Trimming::Quantiles(Bounds { low: 0.0, high: 1.0 })).expect("nobody is bound");
    assert_eq!((all.solution.factors.len(), all.bounds), (4, Bounds::NONE));

    assert_eq!(trimmed(Trimming::DesignEffect(2.0)).expect("it is lower").solution, free);
    let error = trimmed(Trimming::DesignEffect(1.0001)).expect_err("margins need more").to_string();
    assert!(
        error.starts_with("this method has no weights with a design effect of 1.0001; the lowest is 1.0"),
        "{error}"
    );
    let backwards = Bounds { low: 0.9, high: 0.1 };
    assert_eq!(trimmed(Trimming::Quantiles(backwards)), Err(Error::BadTrimming(backwards)));
}
