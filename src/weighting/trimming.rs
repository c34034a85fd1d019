//! Trimming: weights within bounds.
//!
//! Alone, [`trim`] cuts weights and gives what was cut to the others, as R's `trimWeights` does. Where targets are to
//! hold, cutting and fitting in turn would end at factors that depend on the order of the steps, if it ended.
//! [`Calibration::within`] takes instead those nearest to 1 among all that fit the targets and keep every weight within
//! bounds: the `F` of the method, cut off at the bounds (Deville & Särndal 1992, p. 378, case 7; `calibrate` of R with
//! `bounds.const = TRUE`). What is cut off so goes to those not at a bound by the factors of their levels, in
//! proportion to their weights, where the method is raking.
//!
//! Bounds are of respondents' weights: all respondents of a cell must have the same base weight, which is what cells
//! are to be split by before weights are trimmed. So they are [`Limits`] of the factor of each cell.

use super::{
    Bounded, Bounds, Calibration, Cell, Convergence, Error, Limits, Method, Solution, WeightSums, limits::distance,
    newton,
};

/// What weights are trimmed to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trimming {
    /// These weights.
    Weights(Bounds),
    /// These multiples of the mean weight.
    MultiplesOfMean(Bounds),
    /// These quantiles of the weights, as parts between 0 and 1: the first weight at which the part of the respondents
    /// is reached. Parts of 0 and 1 bind nobody.
    Quantiles(Bounds),
    /// The highest upper bound with at most this design effect of unequal weighting, `1 + CV²` ([`super::Spread`]).
    DesignEffect(f64),
}

/// Who gets what is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redistribution {
    /// Each in proportion to the weight.
    Proportional,
    /// Each the same, as in R's `trimWeights`.
    Equal,
}

/// How often weights are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounds {
    /// Once: what others are given can lift them beyond the bound. R: `strict = FALSE`.
    Once,
    /// Until all are within bounds. R: `strict = TRUE`.
    UntilWithin,
}

/// Trimmed weights that fit the targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Trimmed {
    /// The factors, of base weights.
    pub solution: Solution,
    /// The bounds of weights; none where weights were as equal as wanted before.
    pub bounds: Bounds,
}

/// Cuts weights, each of so many respondents, to bounds, and gives what was cut to those within; the total stays. Who
/// was cut before takes part in later rounds, as in R. In R nobody may be left when all are beyond a bound; here those
/// then get it who have room for it.
pub fn trim(
    weights: &[(f64, u64)],
    bounds: Bounds,
    redistribution: Redistribution,
    rounds: Rounds,
) -> Result<Vec<f64>, Error> {
    const MOST: usize = 10_000;
    // What is beyond a bound by less is rounding.
    const WITHIN: f64 = 1e-12;
    let mut trimmed: Vec<f64> = weights.iter().map(|(weight, _)| *weight).collect();
    let counts = || weights.iter().map(|(_, count)| *count as f64);
    let total: f64 = trimmed.iter().zip(counts()).map(|(weight, count)| weight * count).sum();
    let mean = total / counts().sum::<f64>();
    if !bounds.are_in_order() {
        return Err(Error::BadTrimming(bounds));
    }
    if bounds.hold(mean) != mean {
        return Err(Error::MeanBeyondBounds { mean, bounds });
    }
    let is_beyond = |weight: f64| (weight - bounds.hold(weight)).abs() > WITHIN * weight.abs();
    for round in 0..MOST {
        if (round > 0 && rounds == Rounds::Once) || !trimmed.iter().any(|weight| is_beyond(*weight)) {
            return Ok(trimmed);
        }
        let beyond: Vec<bool> = trimmed.iter().map(|weight| *weight != bounds.hold(*weight)).collect();
        let held: Vec<f64> = trimmed.iter().map(|weight| bounds.hold(*weight)).collect();
        let cut: f64 =
            trimmed.iter().zip(&held).zip(counts()).map(|((weight, held), count)| (weight - held) * count).sum();
        let has_room = |cell: usize| if cut > 0.0 { held[cell] < bounds.high } else { held[cell] > bounds.low };
        let everybody = beyond.iter().all(|beyond| *beyond);
        let share = |cell: usize| match redistribution {
            _ if !(if everybody { has_room(cell) } else { !beyond[cell] }) => 0.0,
            Redistribution::Equal => 1.0,
            Redistribution::Proportional => held[cell],
        };
        let shares: f64 = counts().enumerate().map(|(cell, count)| share(cell) * count).sum();
        if shares > 0.0 {
            trimmed = (0..held.len()).map(|cell| held[cell] + cut / shares * share(cell)).collect();
        } else {
            trimmed = held;
        }
    }
    Err(Error::NotTrimmed { bounds, rounds: MOST })
}

impl Calibration {
    /// Factors that fit the targets and keep every respondent's weight within bounds. Post-stratification and raking
    /// are fitted as [`Method::Exponential`], which is what they arrive at.
    pub fn within(
        &self,
        cells: &[Cell],
        method: Method,
        bounds: Bounds,
        convergence: Convergence,
    ) -> Result<Solution, Error> {
        let base: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
        self.solve_within(method, &base, &Limits::new(cells, method, bounds)?, convergence)
    }

    /// Factors within limits for which the totals of base weight times factor are the targets, as [`Calibration::solve`]
    /// finds them without.
    pub fn solve_within(
        &self,
        method: Method,
        base: &[f64],
        limits: &Limits,
        convergence: Convergence,
    ) -> Result<Solution, Error> {
        self.check_base(base)?;
        let (distance, factors) = distance(method);
        if factors != Bounds::NONE {
            self.check_bounds(factors, base)?;
        }
        self.check_reach(base, limits.factors(), limits.bounds(), Bounded::Weights)?;
        newton::solve(self, base, distance, limits.factors(), convergence)
    }

    /// Factors that fit the targets, of weights trimmed. Quantiles and the mean are those of the weights that
    /// `solution` gave without trimming; a design effect is that of the weights returned.
    pub fn trimmed(
        &self,
        cells: &[Cell],
        method: Method,
        solution: &Solution,
        trimming: Trimming,
        convergence: Convergence,
    ) -> Result<Trimmed, Error> {
        if solution.factors.len() != cells.len() {
            return Err(Error::BaseOfOtherCells { cells: cells.len(), weights: solution.factors.len() });
        }
        let sums = WeightSums::over(cells.iter().zip(solution.factors.iter().copied()));
        let mean = sums.sum / sums.respondents as f64;
        let bounds = match trimming {
            Trimming::Weights(bounds) => bounds,
            Trimming::MultiplesOfMean(bounds) => bounds.times(mean),
            Trimming::Quantiles(parts) => quantiles(cells, &solution.factors, parts)?,
            Trimming::DesignEffect(wanted) => {
                return self.with_design_effect(cells, method, solution, wanted, convergence);
            }
        };
        Ok(Trimmed { solution: self.within(cells, method, bounds, convergence)?, bounds })
    }

    /// Bisects the upper bound between the mean and the highest weight.
    fn with_design_effect(
        &self,
        cells: &[Cell],
        method: Method,
        solution: &Solution,
        wanted: f64,
        convergence: Convergence,
    ) -> Result<Trimmed, Error> {
        const BISECTIONS: usize = 50;
        const CLOSE: f64 = 1e-9;
        let spread = |solution: &Solution| {
            let sums = WeightSums::over(cells.iter().zip(solution.factors.iter().copied()));
            sums.spread().ok_or(Error::BadCell(0))
        };
        let untrimmed = spread(solution)?;
        if wanted.is_nan() || wanted < 1.0 {
            return Err(Error::BadTrimming(Bounds { low: 1.0, high: wanted }));
        }
        if untrimmed.design_effect <= wanted {
            return Ok(Trimmed { solution: solution.clone(), bounds: Bounds::NONE });
        }
        let (mut low, mut high) = (untrimmed.mean, untrimmed.highest);
        let (mut found, mut lowest) = (None, None);
        // Where no weights fit that is seen soon.
        let convergence = Convergence { iterations: convergence.iterations.min(100), ..convergence };
        for _ in 0..BISECTIONS {
            if high - low <= CLOSE * high {
                break;
            }
            let bounds = Bounds { low: f64::NEG_INFINITY, high: f64::midpoint(low, high) };
            match self.within(cells, method, bounds, convergence) {
                Ok(solution) => {
                    let design_effect = spread(&solution)?.design_effect;
                    if design_effect <= wanted {
                        low = bounds.high;
                        found = Some(Trimmed { solution, bounds });
                    } else {
                        high = bounds.high;
                        lowest = Some(design_effect);
                    }
                }
                // Below this bound nothing fits.
                Err(Error::BoundsTooTight { .. } | Error::BoundsApart { .. } | Error::NotConverged { .. }) => {
                    low = bounds.high;
                }
                Err(other) => return Err(other),
            }
        }
        found.ok_or(Error::DesignEffectOutOfReach { wanted, lowest })
    }
}

/// The weights at which these parts of the respondents are reached.
fn quantiles(cells: &[Cell], factors: &[f64], parts: Bounds) -> Result<Bounds, Error> {
    if !(parts.are_in_order() && parts.low >= 0.0 && parts.high <= 1.0) {
        return Err(Error::BadTrimming(parts));
    }
    let mut weights = Vec::with_capacity(cells.len());
    for (at, (cell, factor)) in cells.iter().zip(factors).enumerate().filter(|(_, (cell, _))| cell.base.respondents > 0)
    {
        let weight = cell.base.common().ok_or(Error::MixedBaseWeights(at))?;
        weights.push((weight * factor, cell.base.respondents));
    }
    weights.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: u64 = weights.iter().map(|(_, count)| count).sum();
    let reached = |part: f64| {
        // Parts such as 0.95 are no exact numbers; of 20 respondents it is the nineteenth.
        let wanted = part * all as f64 * (1.0 - 1e-12);
        let mut below = 0;
        let found = weights.iter().find(|(_, count)| {
            below += count;
            below as f64 >= wanted
        });
        found.map_or(f64::NAN, |(weight, _)| *weight)
    };
    let low = if parts.low == 0.0 { f64::NEG_INFINITY } else { reached(parts.low) };
    let high = if parts.high == 1.0 { f64::INFINITY } else { reached(parts.high) };
    Ok(Bounds { low, high })
}
