//! What one figure is made of: the sums that its formula takes, and what each stratum adds to its variance.

use super::{Bases, Cell, Estimate, Estimator, Formula, Slopes, Source, Statistic, Wanted, bases_of, figure, overlap};
use crate::variance::linearized::{Part, parts};

/// A figure with its steps.
#[derive(Clone, Debug)]
pub struct Steps {
    /// The figure itself, as [`Estimator::all`] makes it.
    pub estimate: Estimate,
    /// The figure that was wanted.
    pub wanted: Wanted,
    /// The place: the total, or a level of a segment.
    pub place: usize,
    /// The slots of those on whom it stands.
    pub base: Vec<usize>,
    /// Of a ratio what stands above the line, in the question's own unit; the value of any other formula.
    pub numerator: f64,
    /// Of a ratio what stands below the line.
    pub denominator: Option<f64>,
    /// What each stratum adds to the variance, stage after stage; together they are the variance.
    pub parts: Vec<Part>,
    /// The quantile that standard errors are multiplied by.
    pub multiplier: f64,
}

impl Estimator<'_> {
    /// The steps of a figure in a domain; `None` where the question does not have it, where nobody is in its base, for
    /// quantiles, which are read off and not computed, and under replicate weights, whose variance is no sum over strata.
    #[must_use]
    pub fn steps(&self, question: usize, domain: usize, statistic: Statistic) -> Option<Steps> {
        let (asked, sums) = (&self.study.questions[question], &self.tally.questions[question]);
        let place = self.plan.place(domain);
        if self.design.replicates.is_some() {
            return None;
        }
        let (wanted, base) = figure(asked, sums, place, statistic)?;
        let totals = sums.sums(place);
        let bases: Bases = bases_of(sums, place, &totals, &base);
        if bases.weighted <= 0.0 {
            return None;
        }
        let overlap = overlap(asked);
        let source = Source { sums, overlap: &overlap, squares_are_needed: self.plan.squares_are_needed() };
        let estimate = self.made(&source, std::slice::from_ref(&wanted), &base, place, &totals, bases).pop()?;
        let sum = |cell: Cell| totals[cell.slot][0];
        let slopes: [Slopes; 1] = [wanted.formula.slopes(&sum)];
        let cells: Vec<Cell> = base.iter().map(|slot| Cell { place, slot: *slot }).collect();
        let influences = source.influences(&slopes, &cells, vec![(0, 0)]);
        let (_, confidence) = self.precision(&influences, bases.unweighted);
        let (numerator, denominator) = match &wanted.formula {
            Formula::Ratio(above, below) => {
                let below = below.value(&sum);
                (above.value(&sum) + wanted.constant * below, Some(below))
            }
            formula => (formula.value(&sum) + wanted.constant, None),
        };
        let mut parts = parts(self.design, influences);
        // Where nobody or everybody said so the variance is 0, and so is each part, whatever is known of its stratum.
        if estimate.standard_error == 0.0 {
            for part in &mut parts {
                part.covariances.fill(0.0);
            }
        }
        let multiplier = confidence.multiplier();
        Some(Steps { estimate, wanted, place, base, numerator, denominator, parts, multiplier })
    }
}
