//! Fits weights to the population, from the first of two passes over the responses.

use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::{Progress, read_batches};
use crate::{
    design::{Factors, LANES, SampleDesign},
    diagnostic::{Diagnostic, Diagnostics},
    io::Table,
    responses::Findings,
    study::{
        Further, Levels, ReplicateSource, Study,
        weighting::{Method as Asked, NumberTarget, Trim, Unknown, Weighting},
    },
    tally::{CellCounter, CellCounts, Fitted, FittedReplicates, Plan, Traits},
    weighting::{
        Basis, Bounds, Calibration, Cell, Constraint, Convergence, Error, LevelOrder, Margin, Method, Solution,
        Trimming, thin_levels,
    },
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
    let (weights, solve) = fitting.weights()?;
    let base: Vec<f64> = weights.cells.iter().map(|cell| cell.base.sum).collect();
    let basis = Basis::new(weights.calibration.clone(), &base)
        .map_err(|error| fitting.complain(&Targets::default(), vec![error]))?;
    let replicates = fitting.replicates(&plan, &solve)?;
    let mut factors = vec![0.0; counts.cells.traits.len()];
    for (position, factor) in fitting.kept().zip(&weights.factors) {
        factors[position] = *factor;
    }
    let fitted = Fitted {
        factors,
        basis: Arc::new(basis),
        positions: fitting.positions.clone(),
        replicates,
        cells: counts.cells,
    };
    Ok(Some((weights, fitted)))
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
    /// The weights, and how others are found for replicates.
    fn weights(&self) -> Result<(Weights, Box<Solve<'static>>), Diagnostics> {
        let base: f64 = self.traits().map(|traits| traits.base.sum).sum();
        let population = self.weighting.population.unwrap_or(base);
        // Bounds are of factors about 1.
        let scale = population / base;
        let targets = self.targets(population, base);
        let cells: Vec<Cell> = (self.traits().enumerate())
            .map(|(cell, traits)| Cell {
                levels: targets.levels.iter().map(|levels| levels[cell]).collect(),
                numbers: targets.numbers.iter().map(|values| values[cell]).collect(),
                base: traits.base.times(scale),
            })
            .collect();
        let calibration = Calibration::new(&cells, &targets.margins, &targets.totals)
            .map_err(|errors| self.complain(&targets, errors))?;
        let method = self.method(&targets);
        let one = |error: Error| self.complain(&targets, vec![error]);
        let sums: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
        let convergence = Convergence::default();
        let solution = calibration.solve(method, &sums, convergence).map_err(one)?;
        let untrimmed: Vec<f64> = solution.factors.iter().map(|factor| factor * scale).collect();
        let trimmed = match self.weighting.trim {
            None => None,
            Some(trim) => {
                Some(calibration.trimmed(&cells, method, &solution, trimming(trim), convergence).map_err(one)?)
            }
        };
        let bounds = trimmed.as_ref().map(|trimmed| trimmed.bounds);
        let solution = trimmed.map_or(solution, |trimmed| trimmed.solution);
        let solve = {
            let calibration = calibration.clone();
            move |base: &[f64]| {
                let scaled: Vec<f64> = base.iter().map(|base| base * scale).collect();
                let mut solution = calibration.solve(method, &scaled, convergence)?;
                solution.factors.iter_mut().for_each(|factor| *factor *= scale);
                Ok(solution)
            }
        };
        let dropped = self.counts.cells.traits.iter().zip(&self.positions).filter(|(_, position)| position.is_none());
        let weights = Weights {
            warnings: self.thin(&cells, &targets),
            cells: cells
                .into_iter()
                .zip(self.traits())
                .map(|(cell, traits)| Cell { base: traits.base, ..cell })
                .collect(),
            margins: targets.of_study,
            factors: solution.factors.iter().map(|factor| factor * scale).collect(),
            untrimmed,
            bounds,
            iterations: solution.iterations,
            dropped: dropped.map(|(traits, _)| traits.base.respondents).sum(),
            calibration,
        };
        Ok((weights, Box::new(solve)))
    }

    /// The factors of each cell under each replicate.
    fn replicates(&self, plan: &Plan, solve: &Solve<'_>) -> Result<Option<FittedReplicates>, Diagnostics> {
        let Some(asked) = &self.study.design.replicates else { return Ok(None) };
        let refuse = |message: &str, hint: &str| {
            Err(Diagnostic::error("weighting", self.weighting.origin.0.clone(), message).hint(hint).into())
        };
        if self.weighting.trim.is_some() {
            return refuse(
                "weights that are trimmed have no replicates",
                "leave out [design.replicates]: linearised errors know of the weighting too",
            );
        }
        if plan_has_quantiles(self.study) {
            return refuse(
                "quantiles have no error under replicates of fitted weights",
                "leave out [design.replicates], or the quantiles",
            );
        }
        let (count, made) = match &asked.source {
            ReplicateSource::Columns { names, .. } => (names.len(), None),
            ReplicateSource::Made { .. } => {
                let (design, problems) =
                    SampleDesign::new(&self.study.design, &self.counts.frame, |_, _| String::new());
                let factors = design.replicates.and_then(|replicates| replicates.factors);
                let ((), _) = problems.unless_errors(())?;
                let Some(factors) = factors else { return Ok(None) };
                (factors.replicates(), Some(factors))
            }
        };
        debug_assert!(made.is_some() || plan.replicate_columns().len() == count);
        let blocks: Vec<Result<Vec<[f64; LANES]>, (usize, Error)>> = (0..count.div_ceil(LANES))
            .into_par_iter()
            .map(|block| self.block(block, count, made.as_ref(), solve))
            .collect();
        let blocks: Result<Vec<_>, (usize, Error)> = blocks.into_iter().collect();
        match blocks {
            Ok(blocks) => Ok(Some(FittedReplicates { count, made, blocks })),
            Err((replicate, error)) => {
                let message = format!("replicate {} has no weights that fit: {error}", replicate + 1);
                refuse(&message, "collapse levels with few respondents or few sampling units")
            }
        }
    }

    fn block(
        &self,
        block: usize,
        count: usize,
        made: Option<&Factors>,
        solve: &Solve<'_>,
    ) -> Result<Vec<[f64; LANES]>, (usize, Error)> {
        let weights = self.counts.replicate_weights(block, made);
        let mut factors = vec![[0.0; LANES]; weights.len()];
        for lane in 0..LANES.min(count - block * LANES) {
            let base: Vec<f64> = self.kept().map(|seen| weights[seen][lane]).collect();
            let solution = solve(&base).map_err(|error| (block * LANES + lane, error))?;
            for (seen, factor) in self.kept().zip(solution.factors) {
                factors[seen][lane] = factor;
            }
        }
        Ok(factors)
    }

    /// What is to be fitted. Who is at no level of a variable is a level of their own with the share that they have, or counts
    /// in part at each level.
    fn targets(&self, population: f64, base: f64) -> Targets {
        let mut targets = Targets::default();
        let agreed = self.weighting.agreed();
        for (index, (margin, shares)) in self.weighting.margins.iter().zip(&agreed).enumerate() {
            let variables: Vec<_> = margin.variables.iter().map(|index| &self.weighting.variables[*index]).collect();
            let levels = |traits: &Traits| -> Vec<Option<usize>> {
                margin.variables.iter().map(|variable| traits.levels[*variable]).collect()
            };
            let sizes: Vec<usize> = variables.iter().map(|variable| variable.segment.levels().len()).collect();
            let position = |levels: &[Option<usize>]| {
                levels.iter().zip(&sizes).try_fold(0, |position, (level, size)| Some(position * size + (*level)?))
            };
            let is_unknown = |traits: &&Traits| position(&levels(traits)).is_none();
            let is_spread = variables.iter().any(|variable| variable.unknown == Unknown::Spread);
            if is_spread && self.traits().any(|traits| is_unknown(&traits)) {
                for (level, share) in shares.iter().enumerate() {
                    let value = |traits: &Traits| part(&levels(traits), &sizes, level, shares);
                    targets.numbers.push(self.traits().map(value).collect());
                    targets.totals.push(share * population);
                    targets.names.push(self.name(index, level));
                }
                continue;
            }
            let unknown: f64 = self.traits().filter(is_unknown).map(|traits| traits.base.sum).sum::<f64>() / base;
            let mut of_levels: Vec<f64> = shares.iter().map(|share| share * (1.0 - unknown) * population).collect();
            if unknown > 0.0 {
                of_levels.push(unknown * population);
            }
            let last = shares.len();
            targets.levels.push(self.traits().map(|traits| position(&levels(traits)).unwrap_or(last) as u32).collect());
            let is_ordered =
                matches!(variables[..], [variable] if matches!(variable.segment.levels, Levels::Bands { .. }));
            let order = if is_ordered { LevelOrder::Ordered } else { LevelOrder::Unordered };
            targets.margins.push(Margin { targets: of_levels, order });
            targets.of_study.push(index);
        }
        for (index, number) in self.weighting.numbers.iter().enumerate() {
            let (centre, total) = match number.target {
                NumberTarget::Mean(mean) => (mean, 0.0),
                NumberTarget::Total(total) => (0.0, total),
            };
            // Who has no number counts in neither the sum nor the base of the mean.
            let value =
                |traits: &Traits| if traits.numbers[index].is_nan() { 0.0 } else { traits.numbers[index] - centre };
            targets.numbers.push(self.traits().map(value).collect());
            targets.totals.push(total);
            targets.names.push(format!("`{}`", number.column));
        }
        if self.weighting.margins.is_empty() {
            // Means and totals alone would let the sum of the weights go where it likes.
            targets.numbers.push(vec![1.0; self.traits().count()]);
            targets.totals.push(population);
            targets.names.push("the sum of all weights".to_owned());
        }
        targets
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

    /// Levels with few respondents.
    fn thin(&self, cells: &[Cell], targets: &Targets) -> Diagnostics {
        const FEWEST: u64 = 10;
        let mut warnings = Diagnostics::default();
        for thin in thin_levels(cells, &targets.margins, FEWEST) {
            let margin = targets.of_study[thin.margin];
            let name = |level: usize| self.name(margin, level);
            let message = format!("{} has fewer than {FEWEST} respondents to be weighted", name(thin.level));
            let hint = thin.collapse_with.map(|with| format!("collapse it with {}", name(with)));
            let place = self.weighting.margins[margin].origin.0.clone();
            warnings.push(Diagnostic::warning("thin-level", place, message).maybe_hint(hint));
        }
        warnings
    }

    fn complain(&self, targets: &Targets, errors: Vec<Error>) -> Diagnostics {
        let name = |constraint: Constraint| match constraint {
            Constraint::Level { margin, level } => self.name(targets.of_study[margin], level),
            Constraint::Number(number) => targets.names[number].clone(),
        };
        let mut problems = Diagnostics::default();
        for error in errors {
            let place = self.weighting.origin.0.clone();
            let complaint = Diagnostic::error("weighting", place, error.describe(name));
            problems.push(complaint.maybe_hint(error.advice(name)));
        }
        problems
    }

    /// A level of a margin of the study in words.
    fn name(&self, margin: usize, level: usize) -> String {
        let margin = &self.weighting.margins[margin];
        if level >= margin.targets.len() {
            return format!("{} unknown", self.weighting.name_of(margin));
        }
        let mut rest = level;
        let mut codes: Vec<&str> = Vec::new();
        for variable in margin.variables.iter().rev() {
            let levels = self.weighting.variables[*variable].segment.levels();
            codes.push(&levels[rest % levels.len()].code);
            rest /= levels.len();
        }
        codes.reverse();
        format!("{} `{}`", self.weighting.name_of(margin), codes.join(" × "))
    }
}

/// What the weights are to sum to.
#[derive(Default)]
struct Targets {
    margins: Vec<Margin>,
    /// Of each margin its index in the study.
    of_study: Vec<usize>,
    /// For each margin the level of each cell.
    levels: Vec<Vec<u32>>,
    /// For each number its value in each cell.
    numbers: Vec<Vec<f64>>,
    totals: Vec<f64>,
    names: Vec<String>,
}

/// How much of a respondent at these levels counts at a crossed level: all or nothing where all are known, otherwise the share
/// of the level among those that it may be.
fn part(levels: &[Option<usize>], sizes: &[usize], crossed: usize, shares: &[f64]) -> f64 {
    let fits = |mut crossed: usize| {
        levels.iter().zip(sizes).rev().all(|(level, size)| {
            let own = crossed % size;
            crossed /= size;
            level.is_none_or(|level| level == own)
        })
    };
    if !fits(crossed) {
        return 0.0;
    }
    let possible: f64 = shares.iter().enumerate().filter(|(other, _)| fits(*other)).map(|(_, share)| share).sum();
    shares[crossed] / possible
}

fn trimming(trim: Trim) -> Trimming {
    let bounds = |[low, high]: [f64; 2]| Bounds { low, high };
    match trim {
        Trim::Bounds(multiples) => Trimming::MultiplesOfMean(bounds(multiples)),
        Trim::Quantiles(parts) => Trimming::Quantiles(bounds(parts)),
        Trim::DesignEffect(wanted) => Trimming::DesignEffect(wanted),
    }
}

fn plan_has_quantiles(study: &Study) -> bool {
    let mut further = study.questions.iter().flat_map(|question| &question.further);
    further.any(|further| matches!(further, Further::Quantile(_)))
}
