//! Shares and means with their errors and bases.
//!
//! An estimator knows no strata: it says what each unit adds to the estimate, and [`variance`](crate::variance) does
//! the rest.

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::{
    design::SampleDesign,
    interval::{Confidence, Limits, ShareFacts, of_mean, of_share},
    study::{Kind, Study},
    tally::{Plan, Sums, Tally},
    variance::{ROUNDING, Spread, linearized},
};

/// How many respondents a figure stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bases {
    /// Respondents with a weight above zero.
    pub unweighted: u64,
    /// Sum of their weights.
    pub weighted: f64,
    /// Kish's effective base, `(Σw)² / Σw²` (Kish 1965, *Survey Sampling*, p. 427): the size of an unweighted sample
    /// that is as precise, as far as weights are concerned.
    pub effective: f64,
}

/// A figure with its error and its base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// A share from 0 to 1, or a mean in the question's own unit.
    pub value: f64,
    /// Linearised standard error, in the unit of `value`; NaN where it cannot be known.
    pub standard_error: f64,
    /// The confidence interval; `None` where there are no degrees of freedom.
    pub limits: Option<Limits>,
    /// Degrees of freedom of the design.
    pub degrees_of_freedom: f64,
    /// Variance over that of a simple random sample of the same size with replacement, `p (1 - p) / (n - 1)`
    /// (Kish 1965, p. 258; R's `deff = "replace"`); `None` where nobody or everybody said so.
    pub design_effect: Option<f64>,
    /// The base.
    pub bases: Bases,
}

/// All figures of a study: one [`QuestionEstimates`] for each question.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// In the order of the study.
    pub questions: Vec<QuestionEstimates>,
}

/// The figures of a question: one column for each domain of the plan, the total first.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionEstimates {
    /// In the order of [`Plan::domains`].
    pub domains: Vec<DomainEstimates>,
}

/// The figures of a question among some respondents.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainEstimates {
    /// Who was asked and counts.
    pub bases: Bases,
    /// The share of each option; empty for a number question.
    pub shares: Vec<Share>,
    /// The mean of a number or of a scale's values.
    pub mean: Option<Estimate>,
}

/// A share and how many respondents it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Respondents who gave this answer.
    pub count: u64,
    /// The share; `None` where the base is empty.
    pub estimate: Option<Estimate>,
}

/// The bases of everybody: all respondents in a domain, whatever they were asked.
#[must_use]
pub fn everybody(plan: &Plan, tally: &Tally, domain: usize) -> Bases {
    let place = plan.place(domain);
    bases_of(&tally.everybody, place, &tally.everybody.sums(place), &[0])
}

/// All shares and means that a tally holds.
#[must_use]
pub fn estimate(study: &Study, plan: &Plan, design: &SampleDesign, tally: &Tally) -> Estimates {
    let confidence = Confidence::new(study.design.confidence, study.design.quantile, design.degrees_of_freedom);
    let questions = tally.questions.par_iter().enumerate().map(|(question, sums)| {
        let of_domain = |domain| {
            let place = plan.place(domain);
            let totals = sums.sums(place);
            Cells { study, plan, design, tally, confidence, question, sums, place, totals }.all()
        };
        QuestionEstimates { domains: (0..plan.domains.len()).map(of_domain).collect() }
    });
    Estimates { questions: questions.collect() }
}

/// The cells of one question in one domain.
struct Cells<'a> {
    study: &'a Study,
    plan: &'a Plan,
    design: &'a SampleDesign,
    tally: &'a Tally,
    confidence: Confidence,
    question: usize,
    sums: &'a Sums,
    place: usize,
    /// The sums of each slot over all groups.
    totals: Vec<[f64; 2]>,
}

/// An estimate before its interval: what an estimator finds.
struct Point {
    value: f64,
    variance: f64,
    bases: Bases,
}

impl Cells<'_> {
    fn all(&self) -> DomainEstimates {
        let question = &self.study.questions[self.question];
        let options = question.options.len();
        let base: Vec<usize> = match question.kind {
            Kind::Number => vec![0],
            Kind::Multiple => vec![options],
            Kind::Single | Kind::Scale => (0..=options).collect(),
        };
        let bases = self.bases(&base);
        let whole: Vec<f64> = self.sums.groups(self.place).map(|sums| total(sums, &base)).collect();
        let shares = (0..options).map(|option| Share {
            count: self.sums.count(self.place, option),
            estimate: (bases.weighted > 0.0).then(|| self.share(option, &base, &whole, bases)),
        });
        let mean = match question.kind {
            Kind::Number => self.mean_of_numbers(bases),
            Kind::Scale => self.mean_of_scale(),
            Kind::Single | Kind::Multiple => None,
        };
        DomainEstimates { bases, shares: shares.collect(), mean }
    }

    /// `p = Y / X` with `z = (Y_i - p X_i) / X`; `whole` holds the `X_i`.
    fn share(&self, option: usize, base: &[usize], whole: &[f64], bases: Bases) -> Estimate {
        let p = self.totals[option][0] / bases.weighted;
        let influence =
            |(sums, whole): (&[[f64; 2]], &f64)| (*whole, difference(sums[option][0], p * whole) / bases.weighted);
        let influences = self.sums.groups(self.place).zip(whole).map(influence);
        let spreads = if self.is_clustered() {
            self.spreads_of_units(influences)
        } else {
            self.spreads_of_respondents(influences, |squares| {
                let (yes, all) = (squares[option][1], base.iter().map(|slot| squares[*slot][1]).sum::<f64>());
                ((1.0 - p).powi(2) * yes + p * p * (all - yes)) / bases.weighted.powi(2)
            })
        };
        // Whole cells are exact: no rounding may leave a variance where everybody or nobody said so.
        let (p, variance) = match self.sums.count(self.place, option) {
            0 => (0.0, 0.0),
            all if all == bases.unweighted => (1.0, 0.0),
            _ => (p, linearized(self.design, &spreads)),
        };
        let n = bases.unweighted as f64;
        let facts = ShareFacts { share: p, variance, n, n_effective: bases.effective };
        let design = &self.study.design;
        let simple = p * (1.0 - p) / (n - 1.0);
        Estimate {
            limits: of_share(facts, design.interval, self.confidence),
            ..self.finish(&Point { value: p, variance, bases }, simple)
        }
    }

    fn mean_of_numbers(&self, bases: Bases) -> Option<Estimate> {
        const BASE: usize = 0;
        const SUM: usize = 1;
        const SQUARES: usize = 2;
        if bases.weighted <= 0.0 {
            return None;
        }
        // All of this is measured from the pivot, which only the mean itself needs to know of.
        let mean = self.totals[SUM][0] / bases.weighted;
        let influence =
            |sums: &[[f64; 2]]| (sums[BASE][0], difference(sums[SUM][0], mean * sums[BASE][0]) / bases.weighted);
        let influences = self.sums.groups(self.place).map(influence);
        let spreads = if self.is_clustered() {
            self.spreads_of_units(influences)
        } else {
            self.spreads_of_respondents(influences, |second| {
                let (squares, expected) = (second[SQUARES][1], mean * mean * second[BASE][1]);
                let left = squares - 2.0 * mean * second[SUM][1] + expected;
                // Where all numbers are equal only rounding is left.
                if left <= ROUNDING * (squares + expected) { 0.0 } else { left / bases.weighted.powi(2) }
            })
        };
        let spread = self.totals[SQUARES][0] / bases.weighted - mean * mean;
        let value = self.sums.pivot() + mean;
        Some(self.mean(&Point { value, variance: linearized(self.design, &spreads), bases }, spread))
    }

    /// The mean of the options' values over those who chose an option that has one.
    fn mean_of_scale(&self) -> Option<Estimate> {
        let options = &self.study.questions[self.question].options;
        let values: Vec<(usize, f64)> =
            options.iter().enumerate().filter_map(|(option, details)| Some((option, details.value?))).collect();
        let slots: Vec<usize> = values.iter().map(|(option, _)| *option).collect();
        let bases = self.bases(&slots);
        if bases.weighted <= 0.0 {
            return None;
        }
        let weighted =
            |power: i32| values.iter().map(|(option, value)| value.powi(power) * self.totals[*option][0]).sum::<f64>();
        let mean = weighted(1) / bases.weighted;
        let influences = self.sums.groups(self.place).map(|sums| {
            let scores = values.iter().map(|(option, value)| value * sums[*option][0]).sum::<f64>();
            let weight = total(sums, &slots);
            (weight, difference(scores, mean * weight) / bases.weighted)
        });
        let spreads = if self.is_clustered() {
            self.spreads_of_units(influences)
        } else {
            self.spreads_of_respondents(influences, |second| {
                values.iter().map(|(option, value)| (value - mean).powi(2) * second[*option][1]).sum::<f64>()
                    / bases.weighted.powi(2)
            })
        };
        let spread = weighted(2) / bases.weighted - mean * mean;
        Some(self.mean(&Point { value: mean, variance: linearized(self.design, &spreads), bases }, spread))
    }

    fn mean(&self, point: &Point, spread: f64) -> Estimate {
        let limits = of_mean(point.value, point.variance, self.confidence);
        Estimate { limits, ..self.finish(point, spread / (point.bases.unweighted as f64 - 1.0)) }
    }

    fn finish(&self, point: &Point, simple_variance: f64) -> Estimate {
        let effect = point.variance / simple_variance;
        Estimate {
            value: point.value,
            standard_error: if self.design.degrees_of_freedom > 0.0 { point.variance.sqrt() } else { f64::NAN },
            limits: None,
            degrees_of_freedom: self.design.degrees_of_freedom,
            design_effect: (effect.is_finite() && simple_variance > 0.0).then_some(effect),
            bases: point.bases,
        }
    }

    fn bases(&self, slots: &[usize]) -> Bases {
        bases_of(self.sums, self.place, &self.totals, slots)
    }

    fn is_clustered(&self) -> bool {
        self.plan.units.is_some()
    }

    /// `influences` are the weight in the base and `z` of each unit.
    fn spreads_of_units(&self, influences: impl Iterator<Item = (f64, f64)>) -> Vec<Spread> {
        let mut spreads = vec![Spread::default(); self.design.strata.len()];
        for (group, (weight, z)) in self.tally.groups.iter().zip(influences) {
            let spread = &mut spreads[group.stratum];
            spread.weight += weight;
            spread.sum += z;
            spread.sum_of_squares += z * z;
        }
        spreads
    }

    /// `influences` are the weight in the base and the sum of `z` of each stratum; `sum_of_squares` says what the squares
    /// make of `z²`.
    fn spreads_of_respondents(
        &self,
        influences: impl Iterator<Item = (f64, f64)>,
        sum_of_squares: impl Fn(&[[f64; 2]]) -> f64,
    ) -> Vec<Spread> {
        let squares = self.sums.groups(self.place).map(sum_of_squares);
        let spread = |((weight, sum), sum_of_squares)| Spread { weight, sum, sum_of_squares };
        influences.zip(squares).map(spread).collect()
    }
}

fn bases_of(sums: &Sums, place: usize, totals: &[[f64; 2]], slots: &[usize]) -> Bases {
    let unweighted = slots.iter().map(|slot| sums.count(place, *slot)).sum();
    let weighted = total(totals, slots);
    let squares: f64 = slots.iter().map(|slot| totals[*slot][1]).sum();
    let effective = if squares > 0.0 { weighted * weighted / squares } else { 0.0 };
    Bases { unweighted, weighted, effective }
}

fn total(sums: &[[f64; 2]], slots: &[usize]) -> f64 {
    slots.iter().map(|slot| sums[*slot][0]).sum()
}

/// What a unit adds, `y - p x`; 0 where only rounding is left. A domain within one unit has no variance, and intervals
/// made from what rounding leaves would be wrong.
fn difference(y: f64, expected: f64) -> f64 {
    let difference = y - expected;
    if difference.abs() <= ROUNDING * expected.abs() { 0.0 } else { difference }
}
