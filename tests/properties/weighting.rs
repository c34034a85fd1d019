//! Weighting: what must hold for any cells and targets.

use proptest::prelude::{Strategy, TestCaseError, prop, prop_assert, prop_assert_eq, proptest};
use topline::weighting::{
    Basis, Bounds, Calibration, Cell, Convergence, Error, LevelOrder, Limits, Margin, Method, Redistribution, Rounds,
    Solution, Trimming, WeightSums, trim,
};

const FACTORS: Bounds = Bounds { low: 0.4, high: 2.5 };
const ONE_MARGIN: [Method; 1] = [Method::PostStratification];
const METHODS: [Method; 5] =
    [Method::Raking, Method::Exponential, Method::Linear, Method::TruncatedLinear(FACTORS), Method::Logit(FACTORS)];

/// Cells of three margins, and for each a factor: targets are met by these, so that they can be met.
#[derive(Clone, Debug)]
struct Made {
    cells: Vec<Cell>,
    factors: Vec<f64>,
}

impl Made {
    fn margins(&self) -> Vec<Margin> {
        let targets = |margin: usize| {
            let mut targets = vec![0.0; 4];
            for (cell, factor) in self.cells.iter().zip(&self.factors) {
                targets[cell.levels[margin] as usize] += cell.base.sum * factor;
            }
            targets
        };
        (0..3).map(|margin| Margin { targets: targets(margin), order: LevelOrder::Unordered }).collect()
    }

    fn calibration(&self) -> Calibration {
        Calibration::new(&self.cells, &self.margins(), &[]).expect("targets that are met by something")
    }

    fn weights(&self, solution: &Solution) -> WeightSums {
        WeightSums::over(self.cells.iter().zip(solution.factors.iter().copied()))
    }

    fn base(&self) -> Vec<f64> {
        self.cells.iter().map(|cell| cell.base.sum).collect()
    }
}

fn made() -> impl Strategy<Value = Made> {
    let cell = (prop::array::uniform3(0_u32..4), 0.2_f64..4.0, 1_u64..20, 0.6_f64..1.6);
    prop::collection::vec(cell, 6..60).prop_map(|rows| {
        let cell = |(levels, weight, respondents, _): &([u32; 3], f64, u64, f64)| Cell {
            levels: levels.to_vec(),
            numbers: Vec::new(),
            base: WeightSums::of_equal(*weight, *respondents),
        };
        let cells: Vec<Cell> = rows.iter().map(cell).collect();
        // Around 1, or bounds of factors would be beyond reach.
        let made: f64 = cells.iter().zip(&rows).map(|(cell, row)| cell.base.sum * row.3).sum();
        let scale = cells.iter().map(|cell| cell.base.sum).sum::<f64>() / made;
        Made { cells, factors: rows.iter().map(|row| row.3 * scale).collect() }
    })
}

fn fits(calibration: &Calibration, cells: &[Cell], solution: &Solution) -> Result<(), TestCaseError> {
    let weights: Vec<f64> = cells.iter().zip(&solution.factors).map(|(cell, factor)| cell.base.sum * factor).collect();
    for (total, target) in calibration.totals(&weights).into_iter().zip(calibration.targets()) {
        prop_assert!((total - target).abs() <= 1e-9 * target, "{total} for {target}");
    }
    Ok(())
}

fn same(one: &[f64], other: &[f64]) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        prop_assert!((one - other).abs() <= 1e-6 * other.abs().max(1.0), "{one} and {other}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_method_meets_every_target_and_its_bounds(made in made()) {
        let calibration = made.calibration();
        for method in METHODS {
            let solution = calibration.solve(method, &made.base(), Convergence::default());
            let solution = solution.map_err(|error| TestCaseError::fail(format!("{method:?}: {error}")))?;
            fits(&calibration, &made.cells, &solution)?;
            for factor in &solution.factors {
                match method {
                    Method::Raking | Method::Exponential => prop_assert!(*factor > 0.0),
                    Method::Linear | Method::PostStratification => {}
                    Method::TruncatedLinear(bounds) | Method::TruncatedExponential(bounds) => prop_assert_eq!(bounds.hold(*factor), *factor),
                    Method::Logit(bounds) => prop_assert!(bounds.low < *factor && *factor < bounds.high),
                }
            }
        }
        let one = Calibration::new(&narrowed(&made.cells), &made.margins()[..1], &[]).expect("one margin fits");
        for method in ONE_MARGIN.into_iter().chain(METHODS) {
            fits(&one, &made.cells, &one.solve(method, &made.base(), Convergence::default()).expect("it can be met"))?;
        }
    }

    #[test]
    fn raking_arrives_at_exponential_calibration(made in made()) {
        let calibration = made.calibration();
        let [raking, exponential] = [Method::Raking, Method::Exponential]
            .map(|method| calibration.solve(method, &made.base(), Convergence::default()).expect("it can be met"));
        same(&raking.factors, &exponential.factors)?;
    }

    #[test]
    fn base_weights_have_no_scale_and_cells_no_order(made in made(), scale in 0.01_f64..100.0) {
        let calibration = made.calibration();
        let scaled: Vec<f64> = made.base().iter().map(|base| base * scale).collect();
        let mut reversed = made.clone();
        reversed.cells.reverse();
        reversed.factors.reverse();
        for method in METHODS {
            let factors = calibration.solve(method, &made.base(), Convergence::default()).expect("it can be met").factors;
            let of_reversed = reversed.calibration().solve(method, &reversed.base(), Convergence::default());
            let of_reversed: Vec<f64> = of_reversed.expect("it can be met").factors.into_iter().rev().collect();
            same(&factors, &of_reversed)?;
            if let Method::Raking | Method::Exponential | Method::Linear = method {
                let of_scaled = calibration.solve(method, &scaled, Convergence::default()).expect("it can be met");
                same(&of_scaled.factors.iter().map(|factor| factor * scale).collect::<Vec<f64>>(), &factors)?;
            }
        }
    }

    #[test]
    fn weights_that_fit_stay_as_they_are(made in made()) {
        let made = Made { factors: vec![1.0; made.cells.len()], ..made };
        let calibration = made.calibration();
        for method in METHODS {
            let solution = calibration.solve(method, &made.base(), Convergence::default()).expect("they fit");
            prop_assert_eq!(solution.iterations, 0);
            same(&solution.factors, &made.factors)?;
        }
    }

    #[test]
    fn numbers_are_met_with_the_margins(made in made(), values in prop::collection::vec(-50.0_f64..50.0, 60)) {
        let mut cells = made.cells.clone();
        cells.iter_mut().zip(&values).for_each(|(cell, value)| cell.numbers.push(*value));
        let base = made.base();
        let total = base.iter().zip(&made.factors).zip(&values).map(|((base, factor), value)| base * factor * value);
        let total: f64 = total.sum();
        let calibration = Calibration::new(&cells, &made.margins(), &[total]).expect("targets that something meets");
        for method in &METHODS[1..] {
            let solution = calibration.solve(*method, &made.base(), Convergence::default());
            let solution = solution.map_err(|error| TestCaseError::fail(format!("{method:?}: {error}")))?;
            let weights: Vec<f64> = made.base().iter().zip(&solution.factors).map(|(base, factor)| base * factor).collect();
            let found = calibration.totals(&weights)[12];
            let scale: f64 = made.base().iter().zip(&values).map(|(base, value)| base * value.abs()).sum();
            prop_assert!((found - total).abs() <= 1e-9 * scale, "{found} {total}");
        }
        let error = calibration.solve(Method::Raking, &made.base(), Convergence::default()).expect_err("a number");
        prop_assert_eq!(error, Error::MethodFitsNot { method: "raking", margins: 3, numbers: 1 });
    }

    #[test]
    fn weights_within_bounds_are_found_where_there_are_any(made in made()) {
        // Some weights lie strictly within, so there are weights that do; which, is to be found.
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for (cell, factor) in made.cells.iter().zip(&made.factors) {
            let weight = factor * cell.base.common().expect("one base weight");
            (low, high) = (low.min(weight), high.max(weight));
        }
        let bounds = Bounds { low: low * 0.98, high: high * 1.02 };
        let calibration = made.calibration();
        for method in [Method::Raking, Method::Linear] {
            let solution = calibration.within(&made.cells, method, bounds, Convergence::default());
            let solution = solution.map_err(|error| TestCaseError::fail(format!("{method:?}: {error}")))?;
            fits(&calibration, &made.cells, &solution)?;
            let free = calibration.solve(method, &made.base(), Convergence::default()).expect("it can be met");
            let (held, free_sums) = (made.weights(&solution), made.weights(&free));
            prop_assert!(held.lowest >= bounds.low * (1.0 - 1e-12) && held.highest <= bounds.high * (1.0 + 1e-12));
            let is_within = free_sums.lowest >= bounds.low && free_sums.highest <= bounds.high;
            let is_at = |(cell, factor): (&Cell, &f64)| {
                cell.base.common().is_some_and(|weight| bounds.touch(weight * factor))
            };
            prop_assert!(is_within != made.cells.iter().zip(&solution.factors).any(is_at));
            if is_within {
                same(&solution.factors, &free.factors)?;
            }
        }
    }

    #[test]
    fn a_design_effect_is_reached_with_the_targets_met_or_is_out_of_reach(made in made(), part in 0.0_f64..1.0) {
        let calibration = made.calibration();
        let free = calibration.solve(Method::Raking, &made.base(), Convergence::default()).expect("it can be met");
        let spread = |solution: &Solution| made.weights(solution).spread().expect("there are weights");
        let wanted = 1.0 + part * (spread(&free).design_effect - 1.0);
        let convergence = Convergence { iterations: 60, ..Convergence::default() };
        match calibration.trimmed(&made.cells, Method::Raking, &free, Trimming::DesignEffect(wanted), convergence) {
            Ok(trimmed) => {
                fits(&calibration, &made.cells, &trimmed.solution)?;
                prop_assert!(spread(&trimmed.solution).design_effect <= wanted * (1.0 + 1e-9));
                prop_assert!(spread(&trimmed.solution).highest <= trimmed.bounds.high * (1.0 + 1e-9));
            }
            Err(Error::DesignEffectOutOfReach { wanted: asked, lowest }) => {
                prop_assert!(asked == wanted && lowest.is_none_or(|lowest| lowest > wanted));
            }
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }

    #[test]
    fn replicates_of_trimmed_weights_meet_the_targets_within_the_bounds_of_the_whole_or_are_refused(
        made in made(), ends in (0.1_f64..0.7, 1.5_f64..4.0), draws in prop::collection::vec(0.3_f64..1.8, 60),
        method in prop::sample::select(vec![Method::Raking, Method::Linear, Method::TruncatedLinear(FACTORS)]),
        without in 0_usize..120
    ) {
        let calibration = made.calibration();
        let convergence = Convergence::default();
        let free = calibration.solve(method, &made.base(), convergence).expect("it can be met");
        let trimming = Trimming::MultiplesOfMean(Bounds { low: ends.0, high: ends.1 });
        let Ok(whole) = calibration.trimmed(&made.cells, method, &free, trimming, convergence) else { return Ok(()) };
        let limits = Limits::new(&made.cells, method, whole.bounds).expect("they are trimmed to them");
        let again = calibration.solve_within(method, &made.base(), &limits, convergence).expect("it was met before");
        same(&again.factors, &whole.solution.factors)?;

        // A replicate counts every cell more or less often, and one perhaps not at all.
        let mut replicate = made.cells.clone();
        for (at, (cell, draw)) in replicate.iter_mut().zip(&draws).enumerate() {
            cell.base = cell.base.times(if at == without { 0.0 } else { *draw });
        }
        let base: Vec<f64> = replicate.iter().map(|cell| cell.base.sum).collect();
        let fitted = calibration.solve_within(method, &base, &limits, convergence);
        match &fitted {
            Ok(solution) => {
                fits(&calibration, &replicate, solution)?;
                for (cell, factor) in made.cells.iter().zip(&solution.factors) {
                    let weight = factor * cell.base.common().expect("one base weight");
                    prop_assert!((whole.bounds.hold(weight) / weight - 1.0).abs() <= 1e-12, "{weight} {:?}", whole.bounds);
                    if let Method::TruncatedLinear(bounds) = method {
                        prop_assert_eq!(bounds.hold(*factor), *factor);
                    }
                }
            }
            Err(Error::BoundsTooTight { .. } | Error::NotConverged { .. } | Error::NoBaseWeight(_)) => {}
            Err(Error::ScaleBeyondBounds { .. }) => prop_assert!(matches!(method, Method::TruncatedLinear(_))),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
        // Where no bound is needed it changes nothing, and is no reason to refuse.
        if let Ok(free) = calibration.solve(method, &base, convergence) {
            let weight = |(cell, factor): (&Cell, &f64)| factor * cell.base.common().expect("one base weight");
            if made.cells.iter().zip(&free.factors).map(weight).all(|weight| whole.bounds.hold(weight) == weight) {
                same(&fitted.map_err(|error| TestCaseError::fail(error.to_string()))?.factors, &free.factors)?;
            }
        }
    }

    #[test]
    fn trimming_keeps_the_total_and_its_bounds(
        weights in prop::collection::vec((0.01_f64..10.0, 1_u64..9), 2..50), low in 0.0_f64..1.0, high in 1.0_f64..4.0
    ) {
        let total = |weights: &[f64], counts: &[(f64, u64)]| -> f64 {
            weights.iter().zip(counts).map(|(weight, (_, count))| weight * *count as f64).sum()
        };
        let before = total(&weights.iter().map(|(weight, _)| *weight).collect::<Vec<f64>>(), &weights);
        let mean = before / weights.iter().map(|(_, count)| *count as f64).sum::<f64>();
        let bounds = Bounds { low, high }.times(mean);
        for redistribution in [Redistribution::Equal, Redistribution::Proportional] {
            for rounds in [Rounds::Once, Rounds::UntilWithin] {
                let trimmed = trim(&weights, bounds, redistribution, rounds).expect("the mean is within");
                prop_assert!((total(&trimmed, &weights) / before - 1.0).abs() < 1e-9);
                let is_within = |weight: &f64| (weight - bounds.hold(*weight)).abs() <= 1e-9 * weight.abs();
                prop_assert!(rounds == Rounds::Once || trimmed.iter().all(is_within), "{trimmed:?}");
            }
        }
    }

    #[test]
    fn what_is_left_of_an_influence_is_orthogonal_to_the_targets(
        made in made(), values in prop::collection::vec(-9.0_f64..9.0, 60)
    ) {
        let calibration = made.calibration();
        let basis = Basis::new(calibration.clone(), &made.base()).expect("a basis");
        let sums: Vec<f64> = made.base().iter().zip(&values).map(|(base, value)| base * value).collect();
        let fitted = basis.fitted(&sums);
        let left = made.base().into_iter().zip(&sums).zip(&fitted).map(|((base, sum), fitted)| sum - base * fitted);
        let left: Vec<f64> = left.collect();
        let of_base = calibration.totals(&made.base());
        for (total, of_base) in calibration.totals(&left).into_iter().zip(of_base) {
            prop_assert!(total.abs() <= 1e-10 * (1.0 + of_base), "{total} of {of_base}");
        }
        let again: Vec<f64> = made.base().iter().zip(&fitted).map(|(base, fitted)| base * fitted).collect();
        same(&basis.fitted(&again), &fitted)?;
    }

    #[test]
    fn rounds_leave_nothing_of_the_last_margin_and_over_one_margin_are_the_regression(
        made in made(), values in prop::collection::vec(-9.0_f64..9.0, 60)
    ) {
        let own: Vec<f64> = made.cells.iter().map(|cell| cell.base.respondents as f64).collect();
        let sums: Vec<f64> = own.iter().zip(&values).map(|(own, value)| own * value).collect();
        let calibration = made.calibration();
        let fitted = Basis::in_rounds(calibration.clone(), &own).expect("a basis").fitted(&sums);
        let left: Vec<f64> = own.iter().zip(&sums).zip(&fitted).map(|((own, sum), fitted)| sum - own * fitted).collect();
        let last = calibration.margins().last().expect("there are three");
        let (left, of_own) = (calibration.totals(&left), calibration.totals(&own));
        for place in last {
            prop_assert!(left[place].abs() <= 1e-10 * (1.0 + of_own[place]), "{} of {}", left[place], of_own[place]);
        }
        let one = Calibration::new(&narrowed(&made.cells), &made.margins()[..1], &[]).expect("they fit");
        let [rounds, regression] = [Basis::in_rounds, Basis::new].map(|basis| basis(one.clone(), &own).expect("a basis"));
        same(&rounds.fitted(&sums), &regression.fitted(&sums))?;
    }

    #[test]
    fn nonsense_is_an_error_and_never_a_number(
        levels in prop::collection::vec((0_u32..6, 0_u32..3, -1.0_f64..3.0, 0_u64..3), 0..8),
        targets in prop::collection::vec(-0.5_f64..3.0, 0..6), odd in 0_usize..4
    ) {
        let odd = [1.0, f64::NAN, f64::INFINITY, 1e300][odd];
        let cells = levels.iter().map(|(one, other, weight, count)| Cell {
            levels: if *count == 0 { vec![*one] } else { vec![*one, *other] },
            numbers: Vec::new(),
            base: WeightSums::of_equal(weight * odd, *count),
        });
        let cells: Vec<Cell> = cells.collect();
        let margin = |targets: &[f64]| Margin { targets: targets.to_vec(), order: LevelOrder::Ordered };
        let margins = [margin(&targets), margin(&[1.0, odd, 0.0])];
        if let Ok(calibration) = Calibration::new(&cells, &margins, &[]) {
            let base: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
            for method in METHODS {
                let convergence = Convergence { iterations: 50, ..Convergence::default() };
                if let Ok(solution) = calibration.solve(method, &base, convergence) {
                    fits(&calibration, &cells, &solution)?;
                }
            }
        }
    }
}

/// The same cells by their first level alone.
fn narrowed(cells: &[Cell]) -> Vec<Cell> {
    cells.iter().map(|cell| Cell { levels: cell.levels[..1].to_vec(), ..cell.clone() }).collect()
}
