//! Post-stratification, and raking as post-stratification to one margin after the other (Deming & Stephan 1940,
//! p. 427-444).
//!
//! Mostly a dozen rounds are enough. Where many cells are empty each may come nearer by a hundredth only: after a
//! hundred rounds Newton's method ends it, at the same factors.

use super::{
    Calibration, Convergence, Error, Method, Solution,
    newton::{self, Distance},
};

/// `g_c = t_j / Σ d` over the cells of the same level.
pub(super) fn post_stratify(calibration: &Calibration, base: &[f64]) -> Result<Solution, Error> {
    let margins = calibration.levels();
    let ([levels], 0) = (margins, calibration.numbers()) else {
        return Err(fits_not(Method::PostStratification, calibration));
    };
    let sums = calibration.totals(base);
    let factors = levels.iter().map(|level| ratio(calibration.targets()[*level as usize], sums[*level as usize]));
    Ok(Solution { factors: factors.collect(), iterations: 1, deviation: 0.0 })
}

/// Fits each margin in turn until none needs to be changed.
pub(super) fn rake(calibration: &Calibration, base: &[f64], convergence: Convergence) -> Result<Solution, Error> {
    const ROUNDS: usize = 100;
    // What a round changes is a part of what is still missing: it must be less than may be missing.
    let tolerance = convergence.tolerance / 100.0;
    let margins = calibration.levels();
    let (Some(mut before), 0) = (margins.last(), calibration.numbers()) else {
        return Err(fits_not(Method::Raking, calibration));
    };
    if margins.len() == 1 {
        return post_stratify(calibration, base);
    }
    let targets = calibration.targets();
    let mut factors = vec![1.0; base.len()];
    // Of each level first the sum, then what that is still to be multiplied by.
    let mut at_level = vec![1.0; targets.len()];
    for iterations in 0..=convergence.iterations.min(ROUNDS) {
        let mut deviation: f64 = 0.0;
        for (levels, range) in margins.iter().zip(calibration.margins()) {
            at_level[range.clone()].fill(0.0);
            // One pass changes the factors by the margin before and sums them by this one.
            for (((factor, base), level), before) in factors.iter_mut().zip(base).zip(levels).zip(before) {
                *factor *= at_level[*before as usize];
                at_level[*level as usize] += *factor * base;
            }
            for place in range {
                let (target, sum) = (targets[place], at_level[place]);
                if target > 0.0 {
                    deviation = deviation.max((sum / target - 1.0).abs());
                }
                at_level[place] = ratio(target, sum);
            }
            before = levels;
        }
        if deviation <= tolerance {
            // The last margin's ratios are within the tolerance of 1 and left out.
            return Ok(Solution { factors, iterations, deviation });
        }
        if !deviation.is_finite() {
            break;
        }
    }
    newton::solve(calibration, base, Distance::Exponential, &[], convergence)
}

/// A level without weight, which then has no target either, keeps its factor.
fn ratio(target: f64, sum: f64) -> f64 {
    if sum == 0.0 && target == 0.0 { 1.0 } else { target / sum }
}

fn fits_not(method: Method, calibration: &Calibration) -> Error {
    let (method, margins, numbers) = (method.name(), calibration.levels().len(), calibration.numbers());
    Error::MethodFitsNot { method, margins, numbers }
}
