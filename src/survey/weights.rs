//! Fits weights to the population, from the first of two passes over the responses.

mod replicates;
mod targets;
mod unfit;

use std::sync::Arc;

use self::targets::Targets;
use super::{Progress, reading::read_batches};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, counted},
    io::Table,
    responses::Findings,
    study::{
        Study,
        weighting::{Method as Asked, Residuals, Trim, Unknown, Weighting},
    },
    tally::{CellCounter, CellCounts, Fitted, Plan, Traits},
    weighting::{Basis, Bounds, Calibration, Cell, Convergence, Error, Limits, Method, Solution, Trimming},
};

/// Weights that were fitted, and what they were fitted to.
#[derive(Clone, Debug)]
pub struct Weights {
    /// The cells that have a weight, with their base weights as they are in the data.
    pub cells: Vec<Cell>,
    /// The targets.
    pub calibration: Calibration,
    /// Of each margin of the calibration the index in the study.
    pub margins: Vec<usize>,
    /// What base weights are multiplied by before trimming.
    pub untrimmed: Vec<f64>,
    /// What base weights are multiplied by.
    pub factors: Vec<f64>,
    /// The bounds that weights were trimmed to.
    pub bounds: Option<Bounds>,
    /// How many iterations it took.
    pub iterations: usize,
    /// Respondents who have no weight because a variable of theirs is unknown.
    pub dropped: u64,
    /// What is worth knowing.
    pub warnings: Diagnostics,
}

/// Fits the weights of a study that has a weighting. None where the data cannot be read as the study says, which counting
/// them will say with everything else.
pub(super) fn fit(
    study: &Study,
    table: &Table,
    progress: &mut Progress<'_>,
) -> Result<Option<(Weights, Fitted)>, Diagnostics> {
    let Some(weighting) = &study.weighting else { return Ok(None) };
    let plan = Plan::of_weights(study);
    let Some(of_cells) = &plan.weighting else { return Ok(None) };
    let mut counter = CellCounter::new(&plan, of_cells);
    let read = read_batches(&plan, study, table, progress, &mut |batch| counter.add(batch))?;
    if read.iter().any(|(findings, _)| has_any(findings)) {
        return Ok(None);
    }
    let counts = counter.finish();
    let fitting = Fitting::new(study, weighting, &counts);
    let base: f64 = fitting.traits().map(|traits| traits.base.sum).sum();
    let population = weighting.population.unwrap_or(base);
    let cells: Vec<&Traits> = fitting.traits().collect();
    if base <= 0.0 {
        let hint = "all have a base weight of 0, or are of unknown level, which unknown = \"drop\" takes out";
        let place = weighting.origin.0.clone();
        return Err(Diagnostic::error("weighting", place, "nobody is left to be weighted").hint(hint).into());
    }
    let targets = Targets::of(weighting, &cells, population, base)?;
    let (weights, solve) = fitting.weights(&targets, population / base)?;
    let (basis, own_divisors) =
        basis(&weights, study.residuals().unwrap_or_default()).map_err(|error| targets.complain(vec![error]))?;
    let replicates = fitting.replicates(&targets, &solve)?;
    let [mut factors, mut divisors] = [(); 2].map(|()| vec![0.0; counts.cells.traits.len()]);
    for (position, (factor, divisor)) in fitting.kept().zip(weights.factors.iter().zip(own_divisors)) {
        factors[position] = *factor;
        divisors[position] = divisor;
    }
    let positions = fitting.positions.clone();
    let fitted = Fitted { factors, basis: Arc::new(basis), divisors, positions, replicates, cells: counts.cells };
    Ok(Some((weights, fitted)))
}

/// What the targets explain, and what the sum of `w z` over a cell is divided by for that of `W z`.
fn basis(weights: &Weights, residuals: Residuals) -> Result<(Basis, Vec<f64>), Error> {
    let calibration = weights.calibration.clone();
    let cells = || weights.cells.iter().zip(&weights.factors);
    match residuals {
        Residuals::BaseWeights => {
            // Nobody is left to learn from at a cell that a bound of 0 has emptied.
            let metric = cells().map(|(cell, factor)| if *factor == 0.0 { 0.0 } else { cell.base.sum });
            let metric: Vec<f64> = metric.collect();
            Ok((Basis::new(calibration, &metric)?, weights.factors.clone()))
        }
        Residuals::Respondents => {
            let weight = |(at, (cell, factor)): (usize, (&Cell, &f64))| {
                cell.base.common().map(|base| base * factor).ok_or(Error::MixedBaseWeights(at))
            };
            let metric: Vec<f64> = weights.cells.iter().map(|cell| cell.base.respondents as f64).collect();
            Ok((Basis::in_rounds(calibration, &metric)?, cells().enumerate().map(weight).collect::<Result<_, _>>()?))
        }
    }
}

fn has_any(findings: &Findings) -> bool {
    !findings.found.is_empty() || findings.further_rows > 0
}

/// Finds the factors of base weights that sum to these in each cell.
type Solve<'a> = dyn Fn(&[f64]) -> Result<Solution, Error> + Sync + 'a;

struct Fitting<'a> {
    study: &'a Study,
    weighting: &'a Weighting,
    counts: &'a CellCounts,
    /// For each cell that was seen its position among those that are kept.
    positions: Vec<Option<usize>>,
}

impl<'a> Fitting<'a> {
    fn new(study: &'a Study, weighting: &'a Weighting, counts: &'a CellCounts) -> Self {
        let is_dropped = |traits: &Traits| {
            let pairs = weighting.variables.iter().zip(&traits.levels);
            traits.base.respondents == 0
                || pairs.into_iter().any(|(variable, level)| level.is_none() && variable.unknown == Unknown::Drop)
        };
        let mut kept = 0;
        let positions = counts.cells.traits.iter().map(|traits| {
            (!is_dropped(traits)).then(|| {
                kept += 1;
                kept - 1
            })
        });
        Self { study, weighting, counts, positions: positions.collect() }
    }

    /// The cells that are kept, as positions among all that were seen.
    fn kept(&self) -> impl Iterator<Item = usize> {
        self.positions.iter().enumerate().filter(|(_, position)| position.is_some()).map(|(seen, _)| seen)
    }

    fn traits(&self) -> impl Iterator<Item = &Traits> {
        self.kept().map(|seen| &self.counts.cells.traits[seen])
    }
}

impl Fitting<'_> {
    /// The weights, and how others are found for replicates. Bounds are of factors about 1: base weights are scaled to the
    /// population first.
    fn weights(&self, targets: &Targets<'_>, scale: f64) -> Result<(Weights, Box<Solve<'static>>), Diagnostics> {
        let cells: Vec<Cell> = (self.traits().enumerate())
            .map(|(cell, traits)| Cell {
                levels: targets.levels.iter().map(|levels| levels[cell]).collect(),
                numbers: targets.numbers.iter().map(|values| values[cell]).collect(),
                base: traits.base.times(scale),
            })
            .collect();
        let calibration =
            Calibration::new(&cells, &targets.margins, &targets.totals).map_err(|errors| targets.complain(errors))?;
        let method = self.method(targets);
        let sums: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
        let convergence = Convergence::default();
        let solution = calibration
            .solve(method, &sums, convergence)
            .map_err(|error| targets.unfit(&error, &calibration, method, &sums))?;
        let untrimmed: Vec<f64> = solution.factors.iter().map(|factor| factor * scale).collect();
        let trimmed = (self.weighting.trim)
            .map(|trim| {
                calibration
                    .trimmed(&cells, method, &solution, trimming(trim), convergence)
                    .map_err(|error| targets.untrimmed(&error, trim, &calibration, (&cells, method, &solution)))
            })
            .transpose()?;
        let bounds = trimmed.as_ref().map(|trimmed| trimmed.bounds);
        let limits = bounds
            .map(|bounds| Limits::new(&cells, method, bounds))
            .transpose()
            .map_err(|error| targets.complain(vec![error]))?;
        let solution = trimmed.map_or(solution, |trimmed| trimmed.solution);
        let mut warnings = targets.thin(&cells);
        self.check_signs(method, &cells, &solution.factors, &mut warnings)?;
        let solve = {
            let calibration = calibration.clone();
            move |base: &[f64]| {
                let scaled: Vec<f64> = base.iter().map(|base| base * scale).collect();
                let mut solution = match &limits {
                    Some(limits) => calibration.solve_within(method, &scaled, limits, convergence)?,
                    None => calibration.solve(method, &scaled, convergence)?,
                };
                solution.factors.iter_mut().for_each(|factor| *factor *= scale);
                Ok(solution)
            }
        };
        let dropped = self.counts.cells.traits.iter().zip(&self.positions).filter(|(_, position)| position.is_none());
        let weights = Weights {
            warnings,
            cells: cells
                .into_iter()
                .zip(self.traits())
                .map(|(cell, traits)| Cell { base: traits.base, ..cell })
                .collect(),
            margins: targets.of_study.clone(),
            factors: solution.factors.iter().map(|factor| factor * scale).collect(),
            untrimmed,
            bounds,
            iterations: solution.iterations,
            dropped: dropped.map(|(traits, _)| traits.base.respondents).sum(),
            calibration,
        };
        Ok((weights, Box::new(solve)))
    }

    /// Nobody stands for fewer than nobody: shares below 0 would come of it, and bases that are no count of anybody. Who has
    /// weight 0 is in no base, which bounds may mean; `exp` is never 0, and where it comes that near the targets are met by
    /// no weights, only ever more nearly by smaller ones.
    fn check_signs(
        &self,
        method: Method,
        cells: &[Cell],
        factors: &[f64],
        warnings: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let those = |is_so: fn(f64) -> bool| -> u64 {
            let cells = cells.iter().zip(factors).filter(|(_, factor)| is_so(**factor));
            cells.map(|(cell, _)| cell.base.respondents).sum()
        };
        let place = self.weighting.origin.0.clone();
        let (negative, none) = (those(|factor| factor < 0.0), those(|factor| factor == 0.0));
        if negative > 0 {
            let respondents = counted(negative as usize, "respondent");
            let message = format!("the targets are met only with weights below 0, of {respondents}");
            let hint = "write bounds = [0.2, 5], or method = \"exponential\", whose weights are above 0";
            return Err(Diagnostic::error("negative-weights", place, message).hint(hint).into());
        }
        let vanishing = those(|factor| factor < 1e-10);
        if vanishing > 0 && matches!(method, Method::Raking | Method::Exponential) && self.weighting.trim.is_none() {
            let respondents = counted(vanishing as usize, "respondent");
            let message = format!("the targets are met only where weights of {respondents} vanish");
            let hint = "they are at the edge of what these respondents can meet: collapse thin levels, or correct them";
            return Err(Diagnostic::error("vanishing-weights", place, message).hint(hint).into());
        }
        if none > 0 {
            let message = format!("{} of weight 0 after weighting: in no base", counted(none as usize, "respondent"));
            let hint = "write a lower bound above 0 to keep them";
            warnings.push(Diagnostic::warning("zero-weights", place, message).hint(hint));
        }
        Ok(())
    }

    fn method(&self, targets: &Targets) -> Method {
        let bounds = self.weighting.bounds.map(|[low, high]| Bounds { low, high });
        match (self.weighting.method, bounds) {
            // With respondents spread over levels a margin is no partition: the same factors are found by Newton's method.
            (Asked::PostStratification | Asked::Raking, _) if !targets.numbers.is_empty() => Method::Exponential,
            (Asked::PostStratification, _) => Method::PostStratification,
            (Asked::Raking, _) => Method::Raking,
            (Asked::Linear, None) => Method::Linear,
            (Asked::Linear, Some(bounds)) => Method::TruncatedLinear(bounds),
            (Asked::Exponential, None) => Method::Exponential,
            (Asked::Exponential, Some(bounds)) => Method::TruncatedExponential(bounds),
            (Asked::Logit, bounds) => Method::Logit(bounds.unwrap_or(Bounds::NONE)),
        }
    }
}

fn trimming(trim: Trim) -> Trimming {
    let bounds = |[low, high]: [f64; 2]| Bounds { low, high };
    match trim {
        Trim::Bounds(multiples) => Trimming::MultiplesOfMean(bounds(multiples)),
        Trim::Quantiles(parts) => Trimming::Quantiles(bounds(parts)),
        Trim::DesignEffect(wanted) => Trimming::DesignEffect(wanted),
    }
}
