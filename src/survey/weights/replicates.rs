//! Replicate weights, each fitted as the weights were; where these are trimmed, with the factors of the same cells within the
//! same bounds. A replicate in which no weights fit is an error: R's `calibrate` warns of it and goes on with weights that miss
//! the targets, so that what comes of it is no error of the figures that are printed.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::{Fitting, Solve, targets::Targets};
use crate::{
    design::{Factors, LANES, SampleDesign},
    diagnostic::{Diagnostic, Diagnostics},
    study::ReplicateSource,
    tally::FittedReplicates,
    weighting::Error,
};

/// A replicate for which no weights fit, and why.
type Unfit = (usize, Error);

impl Fitting<'_> {
    /// The factors of each cell under each replicate.
    pub(super) fn replicates(
        &self,
        targets: &Targets<'_>,
        solve: &Solve<'_>,
    ) -> Result<Option<FittedReplicates>, Diagnostics> {
        let Some(asked) = &self.study.design.replicates else { return Ok(None) };
        let refuse = |message: &str, hint: &str| {
            Err(Diagnostic::error("weighting", self.weighting.origin.0.clone(), message).hint(hint).into())
        };
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
        let blocks: Vec<Result<_, Unfit>> = (0..count.div_ceil(LANES))
            .into_par_iter()
            .map(|block| self.block(block, count, made.as_ref(), solve))
            .collect();
        let blocks: Result<Vec<_>, Unfit> = blocks.into_iter().collect();
        match blocks {
            Ok(blocks) => Ok(Some(FittedReplicates { count, made, blocks })),
            Err((replicate, error)) => {
                let message =
                    format!("replicate {} has no weights that fit: {}", replicate + 1, error.describe(targets));
                let hint = match self.weighting.trim {
                    None => "collapse levels with few respondents or few sampling units",
                    Some(_) => {
                        "widen the bounds of [weighting.trim], collapse levels with few respondents or few sampling units, or \
                         leave out [design.replicates]: linearised errors know of the weighting too"
                    }
                };
                refuse(&message, hint)
            }
        }
    }

    fn block(
        &self,
        block: usize,
        count: usize,
        made: Option<&Factors>,
        solve: &Solve<'_>,
    ) -> Result<Vec<[f64; LANES]>, Unfit> {
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
}
