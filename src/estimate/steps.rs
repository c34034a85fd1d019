//! What one figure is made of: the sums that its formula takes, and where its variance comes from.

use super::{Bases, Cell, Estimate, Estimator, Formula, Replicated, Slopes, Statistic, Wanted, figure};
use crate::variance::{
    linearized::{Part, parts},
    replicate::{Squares, squares},
};

/// A figure with its steps.
#[derive(Clone, Debug)]
pub struct Steps {
    /// What the figure says.
    pub statistic: Statistic,
    /// The figure itself, as [`Estimator::all`] makes it.
    pub estimate: Estimate,
    /// Respondents who gave the answer, of a share or a count; of a quantile those up to it.
    pub count: Option<u64>,
    /// The place: the total, or a level of a segment.
    pub place: usize,
    /// The slots of those on whom it stands.
    pub base: Vec<usize>,
    /// Of a ratio what stands above the line, in the question's own unit; the value of any other formula. Of a quantile
    /// that of the share up to it.
    pub numerator: f64,
    /// Of a ratio what stands below the line.
    pub denominator: Option<f64>,
    /// How a quantile is read off; `None` of any other figure.
    pub reading: Option<Reading>,
    /// What makes the variance.
    pub spread: Spread,
    /// The quantile that standard errors are multiplied by.
    pub multiplier: f64,
}

/// How a quantile is read off the ordered answers.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The part at which it is read off.
    pub part: f64,
    /// The share of answers up to it, whose limits are read off in the same way (Woodruff 1952).
    pub below: Estimate,
    /// Whether the part and these limits lie beyond the first answer and beside every cumulated weight. Where not, what is
    /// read off depends on how a program tests equality, and what it does before the first answer.
    pub is_clear: bool,
}

/// What makes a variance: of a quantile that of the share up to it.
#[derive(Clone, Debug)]
pub enum Spread {
    /// What each stratum adds, stage after stage; together they are the variance.
    Strata(Vec<Part>),
    /// The squares of replicates about their centre; times the scale they are the variance.
    Replicates(Squares),
}

impl Steps {
    /// The estimate whose variance the steps make: the figure, or of a quantile the share up to it.
    #[must_use]
    pub fn spreading(&self) -> &Estimate {
        self.reading.as_ref().map_or(&self.estimate, |reading| &reading.below)
    }
}

impl Estimator<'_> {
    /// The steps of a figure in a domain; `None` where the question does not have it, or where nobody is in its base.
    #[must_use]
    pub fn steps(&self, question: usize, domain: usize, statistic: Statistic) -> Option<Steps> {
        let (asked, sums) = (&self.study.questions[question], &self.tally.questions[question]);
        let place = self.plan.place(domain);
        if let Statistic::Quantile(part) = statistic {
            return self.steps_of_quantile(question, place, part);
        }
        let (wanted, base) = figure(asked, sums, place, statistic)?;
        let totals = sums.sums(place);
        let cells: Vec<Cell> = base.iter().map(|slot| Cell { place, slot: *slot }).collect();
        let bases = Bases::of(sums, &cells, &|cell: Cell| totals[cell.slot]);
        if bases.weighted <= 0.0 {
            return None;
        }
        let sum = |cell: Cell| totals[cell.slot][0];
        let (estimate, spread, multiplier) = if let Some(design) = &self.design.replicates {
            let replicated = Replicated::new(design, sums, &[place]);
            let figures = std::slice::from_ref(&wanted);
            let estimate = self.made_from_replicates(&replicated, figures, &totals, bases).pop()?;
            let value = wanted.formula.value(&sum);
            let mut squares = squares(design, value, &replicated.values(&wanted.formula));
            squares.centre += wanted.constant;
            (estimate, Spread::Replicates(squares), self.confidence.multiplier())
        } else {
            self.linearised(question, &wanted, &cells, &totals, bases)?
        };
        let (numerator, denominator) = match &wanted.formula {
            Formula::Ratio(above, below) => {
                let below = below.value(&sum);
                (above.value(&sum) + wanted.constant * below, Some(below))
            }
            formula => (formula.value(&sum) + wanted.constant, None),
        };
        let Wanted { statistic, count, .. } = wanted;
        let reading = None;
        Some(Steps { statistic, estimate, count, place, base, numerator, denominator, reading, spread, multiplier })
    }

    /// The estimate, what strata add to its variance, and the quantile of its interval.
    fn linearised(
        &self,
        question: usize,
        wanted: &Wanted,
        base: &[Cell],
        totals: &[[f64; 2]],
        bases: Bases,
    ) -> Option<(Estimate, Spread, f64)> {
        let source = self.source(question);
        let estimate = self.made(&source, std::slice::from_ref(wanted), base, totals, bases).pop()?;
        let slopes: [Slopes; 1] = [wanted.formula.slopes(&|cell: Cell| totals[cell.slot][0])];
        let influences = source.influences(&slopes, base, vec![(0, 0)]);
        let (_, confidence) = self.precision(&influences, bases.unweighted);
        let mut parts = parts(self.design, influences);
        // Where nobody or everybody said so the variance is 0, and so is each part, whatever is known of its stratum.
        if estimate.standard_error == 0.0 {
            for part in &mut parts {
                part.covariances.fill(0.0);
            }
        }
        Some((estimate, Spread::Strata(parts), confidence.multiplier()))
    }
}
