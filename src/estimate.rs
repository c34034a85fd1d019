//! Shares and means with their errors and bases.
//!
//! An estimator knows no strata: it says what each unit adds to the estimate, and [`variance`](crate::variance) does
//! the rest.

use crate::{
    design::SampleDesign,
    interval::{Confidence, Limits, ShareFacts, of_mean, of_share},
    study::{Kind, Study},
    tally::{Plan, Tally},
    variance::{Spread, linearized},
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
    bases_of(tally, &[plan.everybody + domain])
}

/// All shares and means that a tally holds.
#[must_use]
pub fn estimate(study: &Study, plan: &Plan, design: &SampleDesign, tally: &Tally) -> Estimates {
    let confidence = Confidence::new(study.design.confidence, design.degrees_of_freedom);
    let questions = (0..plan.questions.len()).map(|question| {
        let cells = Cells { study, plan, design, tally, confidence, question };
        QuestionEstimates { domains: (0..plan.domains.len()).map(|domain| cells.domain(domain)).collect() }
    });
    Estimates { questions: questions.collect() }
}

/// The cells of one question.
struct Cells<'a> {
    study: &'a Study,
    plan: &'a Plan,
    design: &'a SampleDesign,
    tally: &'a Tally,
    confidence: Confidence,
    question: usize,
}

/// An estimate before its interval: what an estimator finds.
struct Point {
    value: f64,
    variance: f64,
    bases: Bases,
}

impl Cells<'_> {
    fn domain(&self, domain: usize) -> DomainEstimates {
        let question = &self.study.questions[self.question];
        let options = question.options.len();
        let base: Vec<usize> = match question.kind {
            Kind::Number => vec![0],
            Kind::Multiple => vec![options],
            Kind::Single | Kind::Scale => (0..=options).collect(),
        };
        let bases = self.bases(domain, &base);
        let shares = (0..options).map(|option| Share {
            count: self.tally.counts[self.cell(domain, option)],
            estimate: (bases.weighted > 0.0).then(|| self.share(domain, option, &base, bases)),
        });
        let mean = match question.kind {
            Kind::Number => self.mean_of_numbers(domain, bases),
            Kind::Scale => self.mean_of_scale(domain),
            Kind::Single | Kind::Multiple => None,
        };
        DomainEstimates { bases, shares: shares.collect(), mean }
    }

    /// `p = Y / X` with `z = (Y_i - p X_i) / X`.
    fn share(&self, domain: usize, option: usize, base: &[usize], bases: Bases) -> Estimate {
        let chosen = self.cell(domain, option);
        let p = self.tally.sum(chosen) / bases.weighted;
        let base: Vec<usize> = base.iter().map(|slot| self.cell(domain, *slot)).collect();
        let spreads = if self.is_clustered() {
            self.spreads_of_units(|sums| (sums[chosen] - p * total(sums, &base)) / bases.weighted)
        } else {
            self.spreads_of_respondents(|sums, squares| {
                let (yes, all) = (squares[chosen], total(squares, &base));
                let sum = (sums[chosen] - p * total(sums, &base)) / bases.weighted;
                let sum_of_squares = ((1.0 - p).powi(2) * yes + p * p * (all - yes)) / bases.weighted.powi(2);
                Spread { sum, sum_of_squares }
            })
        };
        // Whole cells are exact: no rounding may leave a variance where everybody or nobody said so.
        let count = self.tally.counts[chosen];
        let (p, variance) = match count {
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

    fn mean_of_numbers(&self, domain: usize, bases: Bases) -> Option<Estimate> {
        if bases.weighted <= 0.0 {
            return None;
        }
        let [base, sum, squares] = [0, 1, 2].map(|slot| self.cell(domain, slot));
        let mean = self.tally.sum(sum) / bases.weighted;
        let spreads = if self.is_clustered() {
            self.spreads_of_units(|sums| (sums[sum] - mean * sums[base]) / bases.weighted)
        } else {
            self.spreads_of_respondents(|sums, second| Spread {
                sum: (sums[sum] - mean * sums[base]) / bases.weighted,
                sum_of_squares: (second[squares] - 2.0 * mean * second[sum] + mean * mean * second[base])
                    / bases.weighted.powi(2),
            })
        };
        let spread = self.tally.sum(squares) / bases.weighted - mean * mean;
        Some(self.mean(&Point { value: mean, variance: linearized(self.design, &spreads), bases }, spread))
    }

    /// The mean of the options' values over those who chose an option that has one.
    fn mean_of_scale(&self, domain: usize) -> Option<Estimate> {
        let options = &self.study.questions[self.question].options;
        let values: Vec<(usize, f64)> = (options.iter().enumerate())
            .filter_map(|(option, details)| Some((self.cell(domain, option), details.value?)))
            .collect();
        let slots: Vec<usize> = (0..options.len()).filter(|option| options[*option].value.is_some()).collect();
        let bases = self.bases(domain, &slots);
        if bases.weighted <= 0.0 {
            return None;
        }
        let weighted =
            |power: i32| values.iter().map(|(cell, value)| value.powi(power) * self.tally.sum(*cell)).sum::<f64>();
        let mean = weighted(1) / bases.weighted;
        let deviation = |sums: &[f64], power: i32| {
            values.iter().map(|(cell, value)| (value - mean).powi(power) * sums[*cell]).sum::<f64>()
                / bases.weighted.powi(power)
        };
        let spreads = if self.is_clustered() {
            self.spreads_of_units(|sums| deviation(sums, 1))
        } else {
            self.spreads_of_respondents(|sums, squares| Spread {
                sum: deviation(sums, 1),
                sum_of_squares: deviation(squares, 2),
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
            standard_error: point.variance.sqrt(),
            limits: None,
            degrees_of_freedom: self.design.degrees_of_freedom,
            design_effect: (effect.is_finite() && simple_variance > 0.0).then_some(effect),
            bases: point.bases,
        }
    }

    fn bases(&self, domain: usize, slots: &[usize]) -> Bases {
        let cells: Vec<usize> = slots.iter().map(|slot| self.cell(domain, *slot)).collect();
        bases_of(self.tally, &cells)
    }

    fn cell(&self, domain: usize, slot: usize) -> usize {
        self.plan.cell(self.question, domain, slot)
    }

    fn is_clustered(&self) -> bool {
        self.plan.units.is_some()
    }

    fn spreads_of_units(&self, influence: impl Fn(&[f64]) -> f64) -> Vec<Spread> {
        let mut spreads = vec![Spread::default(); self.design.strata.len()];
        for (group, block) in self.tally.groups.iter().enumerate() {
            let z = influence(&block.sums);
            let spread = &mut spreads[self.tally.stratum_of(group)];
            spread.sum += z;
            spread.sum_of_squares += z * z;
        }
        spreads
    }

    fn spreads_of_respondents(&self, spread: impl Fn(&[f64], &[f64]) -> Spread) -> Vec<Spread> {
        let groups = self.tally.groups.iter().enumerate();
        groups.map(|(group, block)| spread(&block.sums, &self.tally.squares[self.tally.stratum_of(group)])).collect()
    }
}

fn bases_of(tally: &Tally, cells: &[usize]) -> Bases {
    let unweighted = cells.iter().map(|cell| tally.counts[*cell]).sum();
    let weighted: f64 = cells.iter().map(|cell| tally.sum(*cell)).sum();
    let squares: f64 = cells.iter().map(|cell| tally.sum_of_squares(*cell)).sum();
    let effective = if squares > 0.0 { weighted * weighted / squares } else { 0.0 };
    Bases { unweighted, weighted, effective }
}

fn total(sums: &[f64], cells: &[usize]) -> f64 {
    cells.iter().map(|cell| sums[*cell]).sum()
}
