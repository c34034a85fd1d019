//! Calibration by Newton's method (Deville & Särndal 1992, p. 378-379): `λ` with `Σ_c d_c F(x_c' λ) x_c = t`.
//!
//! The `λ` sought is where a convex function has its minimum, `F` being increasing: its slope is the left side less the
//! right. Steps are halved until they do not go far beyond the lowest point in their direction, so that the search ends
//! at the minimum from anywhere. Targets that depend on others have no `λ` of their own. Where bounds hold so many
//! factors that some targets move none at all, the curvature of the search without bounds is added, a little.

use super::{Bounds, Calibration, Convergence, Error, Solution};
use crate::numeric::Cholesky;

/// The `F` of a method, without bounds but those it is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Distance {
    Linear,
    Exponential,
    Logit(Bounds),
}

impl Distance {
    /// `F(u)` and its slope.
    fn factor(self, u: f64) -> (f64, f64) {
        match self {
            Self::Linear => (1.0 + u, 1.0),
            Self::Exponential => (u.exp(), u.exp()),
            Self::Logit(Bounds { low, high }) => {
                let a = (high - low) / ((high - 1.0) * (1.0 - low));
                let factor = low + (high - low) / (1.0 + (high - 1.0) / (1.0 - low) * (-a * u).exp());
                (factor, a * (factor - low) * (high - factor) / (high - low))
            }
        }
    }
}

/// Factors that fit the targets, each within its limits; without limits there are none.
pub(super) fn solve(
    calibration: &Calibration,
    base: &[f64],
    distance: Distance,
    limits: &[Bounds],
    convergence: Convergence,
) -> Result<Solution, Error> {
    let unbounded = calibration.products(base);
    let scales = calibration.scales(base);
    let rank = Cholesky::of_independent_rows(&unbounded, scales.len()).map_or(0, |cholesky| cholesky.rank());
    let search = Search { calibration, base, distance, limits, unbounded, rank };
    let mut at = Point::new(base.len(), scales.len());
    at.combinations.fill(start(calibration, base, distance));
    search.evaluate(&mut at);
    let mut next = at.clone();
    let mut iterations = 0;
    loop {
        let (_, deviation) = calibration.worst(&at.totals, &scales);
        if deviation <= convergence.tolerance {
            // Near the end a step doubles the digits: what is made of the differences of replicates needs them.
            if search.step(&at, &mut next) && calibration.worst(&next.totals, &scales).1 < deviation {
                let (_, deviation) = calibration.worst(&next.totals, &scales);
                return Ok(Solution { factors: next.factors, iterations, deviation });
            }
            return Ok(Solution { factors: at.factors, iterations, deviation });
        }
        if iterations == convergence.iterations || !search.step(&at, &mut next) {
            return Err(calibration.not_converged(&at.totals, &scales, iterations));
        }
        std::mem::swap(&mut at, &mut next);
        iterations += 1;
    }
}

struct Search<'a> {
    calibration: &'a Calibration,
    base: &'a [f64],
    distance: Distance,
    limits: &'a [Bounds],
    /// `Σ_c d_c x_c x_c'`: the curvature where all factors are 1.
    unbounded: Vec<f64>,
    /// The rank of that.
    rank: usize,
}

/// Where the search is.
#[derive(Clone)]
struct Point {
    /// `x_c' λ`.
    combinations: Vec<f64>,
    factors: Vec<f64>,
    /// `d_c g_c`.
    weights: Vec<f64>,
    /// `d_c F'`, 0 where a bound holds.
    slopes: Vec<f64>,
    totals: Vec<f64>,
}

impl Point {
    fn new(cells: usize, constraints: usize) -> Self {
        let [combinations, factors, weights, slopes] = [(); 4].map(|()| vec![0.0; cells]);
        Self { combinations, factors, weights, slopes, totals: vec![0.0; constraints] }
    }
}

impl Search<'_> {
    /// A step from one point to the next; false where none leads further.
    fn step(&self, at: &Point, next: &mut Point) -> bool {
        // Shorter steps than this change nothing any more.
        const HALVINGS: i32 = 50;
        let targets = self.calibration.targets();
        let missing: Vec<f64> = targets.iter().zip(&at.totals).map(|(target, total)| target - total).collect();
        let Some(curvature) = self.curvature(&at.slopes) else { return false };
        let direction = curvature.solve(&missing);
        let change = self.calibration.combinations(&direction);
        let downhill: f64 = missing.iter().zip(&direction).map(|(missing, direction)| missing * direction).sum();
        (0..=HALVINGS).any(|halvings| {
            let step = 0.5_f64.powi(halvings);
            for ((next, at), change) in next.combinations.iter_mut().zip(&at.combinations).zip(&change) {
                *next = at + step * change;
            }
            self.evaluate(next);
            let left = targets.iter().zip(&next.totals).zip(&direction);
            let left: f64 = left.map(|((target, total), direction)| (target - total) * direction).sum();
            // Uphill by at most half the slope it came down on: not far beyond the lowest point.
            left >= -0.5 * downhill
        })
    }

    /// Everything that follows from the combinations.
    fn evaluate(&self, point: &mut Point) {
        for (cell, (u, base)) in point.combinations.iter().zip(self.base).enumerate() {
            let (factor, slope) = self.distance.factor(*u);
            let held = self.limits.get(cell).map_or(factor, |bounds| bounds.hold(factor));
            point.factors[cell] = held;
            point.weights[cell] = held * base;
            point.slopes[cell] = if held == factor { slope * base } else { 0.0 };
        }
        point.totals.fill(0.0);
        self.calibration.add_totals(&point.weights, &mut point.totals);
    }

    /// `Σ_c d_c F' x_c x_c'`, with a little of the same at factors of 1 where bounds took rank from it; `None` where it
    /// is not finite.
    fn curvature(&self, slopes: &[f64]) -> Option<Cholesky> {
        const LITTLE: f64 = 1e-3;
        let size = self.calibration.targets().len();
        let mut products = self.calibration.products(slopes);
        let cholesky = Cholesky::of_independent_rows(&products, size)?;
        if cholesky.rank() >= self.rank {
            return Some(cholesky);
        }
        products.iter_mut().zip(&self.unbounded).for_each(|(product, unbounded)| *product += LITTLE * unbounded);
        Cholesky::of_independent_rows(&products, size)
    }
}

/// Raking does not mind the scale of base weights, but a step from factors of 1 to some thousand would be too long: the
/// search starts from weights that sum to the population.
fn start(calibration: &Calibration, base: &[f64], distance: Distance) -> f64 {
    match (distance, calibration.population()) {
        (Distance::Exponential, Some(population)) => (population / base.iter().sum::<f64>()).ln(),
        _ => 0.0,
    }
}
