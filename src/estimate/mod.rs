//! Shares, means and all other figures with their errors and bases.
//!
//! An estimator knows no strata: it is a [`Formula`] of weighted sums, whose slopes say what each unit adds to the estimate,
//! and whose values under replicate weights say how it scatters; [`variance`](crate::variance) does the rest.

mod calibration;
mod contrast;
mod formula;
mod influence;
mod joint;
mod quantile;
mod replicated;
mod score;
mod statistic;
mod steps;

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

pub(crate) use self::score::Scored;
pub use self::{
    formula::{Cell, Formula, Slopes},
    influence::Overlap,
    joint::Joint,
    statistic::{Statistic, Wanted, figure},
    steps::{Reading, Spread, Steps},
};
use self::{
    influence::Source,
    replicated::Replicated,
    statistic::{variety, wanted},
};
use crate::{
    design::SampleDesign,
    interval::{Confidence, Limits, ShareFacts, of_mean, of_share},
    study::{DegreesOfFreedom, Design, Further, Kind, Study},
    tally::{Crossed, Plan, SegmentPlan, Sums, Tally},
    variance::{
        ROUNDING,
        linearized::{Influences, covariances, degrees_of_freedom, degrees_of_freedom_of_strata},
    },
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

impl Bases {
    /// Those in some cells, each respondent in one; `total` sums `w` and `w²` over a cell.
    fn of(sums: &Sums, cells: &[Cell], total: &impl Fn(Cell) -> [f64; 2]) -> Self {
        let moment = |power: usize| cells.iter().map(|cell| total(*cell)[power]).sum::<f64>();
        let (weighted, squares) = (moment(0), moment(1));
        Self {
            unweighted: cells.iter().map(|cell| sums.count(cell.place, cell.slot)).sum(),
            weighted,
            effective: if squares > 0.0 { weighted * weighted / squares } else { 0.0 },
        }
    }
}

/// A figure with its error and its base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// A share from 0 to 1, or a mean in the question's own unit.
    pub value: f64,
    /// Standard error, in the unit of `value`; NaN where it cannot be known.
    pub standard_error: f64,
    /// The confidence interval; `None` where there are no degrees of freedom.
    pub limits: Option<Limits>,
    /// Degrees of freedom, by the rule of the study.
    pub degrees_of_freedom: f64,
    /// Variance over that of a simple random sample of the same size with replacement, `p (1 - p) / (n - 1)`
    /// (Kish 1965, p. 258; R's `deff = "replace"`); `None` where nobody or everybody said so.
    pub design_effect: Option<f64>,
    /// The same against a sample without replacement from a population as large as the sum of weights: with
    /// `1 - n / Σw` in the denominator (R's `deff = TRUE`). It says something only where weights add up to the population.
    pub design_effect_without: Option<f64>,
    /// The base.
    pub bases: Bases,
}

/// All figures of a study: one [`QuestionEstimates`] for each question.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// In the order of the study.
    pub questions: Vec<QuestionEstimates>,
    /// The contrasts in the order of the study; `None` where a cell has an empty base.
    pub contrasts: Vec<Option<Estimate>>,
    /// How the answers of [`Plan::crossings`] meet that contrasts compare: in each place.
    pub crossings: Vec<Vec<Crossed>>,
}

/// The figures of a question: one column for each domain of the plan, the total first.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionEstimates {
    /// In the order of [`Plan::domains`].
    pub domains: Vec<DomainEstimates>,
    /// For each segment, how numbers differ among those in none of its levels.
    pub in_no_level: Vec<Variety>,
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
    /// What else the study asks for, in its order; the same statistics in every domain.
    pub further: Vec<FurtherEstimate>,
    /// How numbers differ: their mean may say what each of a few gave.
    pub variety: Variety,
    /// Respondents who gave another number than the first in the file.
    pub others: u64,
}

/// How the numbers of some respondents differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variety {
    /// All gave the same number, or numbers in the same ratio.
    One,
    /// There are two numbers; so many gave the rarer one, as far as weights tell.
    Two(u64),
    /// More, or no numbers.
    Many,
}

/// A figure that the study asks for beside shares and means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FurtherEstimate {
    /// What it says.
    pub statistic: Statistic,
    /// Of a share or a count, how many respondents gave the answer; of a quantile, how many lie at or beyond it or its limits,
    /// on the side where they are fewer.
    pub count: Option<u64>,
    /// The figure; `None` where the base is empty.
    pub estimate: Option<Estimate>,
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
    let totals = tally.everybody.sums(place);
    Bases::of(&tally.everybody, &[Cell { place, slot: 0 }], &|cell: Cell| totals[cell.slot])
}

/// What estimates are made of.
#[derive(Clone, Copy)]
pub struct Estimator<'a> {
    /// What was asked.
    pub study: &'a Study,
    /// What was counted.
    pub plan: &'a Plan,
    /// How respondents were chosen.
    pub design: &'a SampleDesign,
    /// The sums.
    pub tally: &'a Tally,
    /// The quantile of the whole design, found once, not for each figure.
    confidence: Confidence,
}

impl<'a> Estimator<'a> {
    /// An estimator of these responses.
    #[must_use]
    pub fn new(study: &'a Study, plan: &'a Plan, design: &'a SampleDesign, tally: &'a Tally) -> Self {
        let Design { confidence, quantile, .. } = study.design;
        let confidence = Confidence::new(confidence, quantile, design.degrees_of_freedom);
        Self { study, plan, design, tally, confidence }
    }

    /// All figures of the study.
    #[must_use]
    pub fn all(&self) -> Estimates {
        let questions =
            self.tally.questions.par_iter().enumerate().map(|(question, sums)| self.question(question, sums));
        let questions = questions.collect();
        Estimates {
            questions,
            contrasts: self.study.contrasts.iter().map(|contrast| self.contrast(contrast)).collect(),
            crossings: self.tally.crossings.clone(),
        }
    }

    fn question(self, question: usize, sums: &Sums) -> QuestionEstimates {
        let no_level = |segment: &SegmentPlan| segment.first_place + segment.levels;
        let asked = &self.study.questions[question];
        let variety = |place: usize| variety(asked, sums.count(place, 0), &sums.sums(place));
        let segments = &self.plan.segments;
        QuestionEstimates {
            domains: self.domains(question, sums),
            in_no_level: if asked.kind.is_numeric() {
                segments.iter().map(|segment| variety(no_level(segment))).collect()
            } else {
                vec![Variety::Many; segments.len()]
            },
        }
    }

    fn domains(self, question: usize, sums: &Sums) -> Vec<DomainEstimates> {
        let places = || (0..self.plan.domains.len()).map(|domain| self.plan.place(domain));
        let replicated = self.design.replicates.as_ref();
        let replicated = replicated.map(|design| Replicated::new(design, sums, &places().collect::<Vec<_>>()));
        places().map(|place| self.domain(question, sums, place, replicated.as_ref())).collect()
    }

    fn domain(
        self,
        question: usize,
        sums: &Sums,
        place: usize,
        replicated: Option<&Replicated<'_>>,
    ) -> DomainEstimates {
        let asked = &self.study.questions[question];
        let totals = sums.sums(place);
        let source = self.source(question);
        let mut estimates = DomainEstimates {
            bases: Bases::default(),
            shares: Vec::new(),
            mean: None,
            further: Vec::new(),
            variety: variety(asked, sums.count(place, 0), &totals),
            others: if asked.kind == Kind::Number { sums.count(place, 1) } else { 0 },
        };
        // Figures that stand on the same respondents are made together.
        for (base, figures) in wanted(asked, sums, place) {
            let base: Vec<Cell> = base.iter().map(|slot| Cell { place, slot: *slot }).collect();
            let bases = Bases::of(sums, &base, &|cell: Cell| totals[cell.slot]);
            let made: Vec<Option<Estimate>> = if bases.weighted > 0.0 {
                let made = match replicated {
                    Some(replicated) => self.made_from_replicates(replicated, &figures, &totals, bases),
                    None => self.made(&source, &figures, &base, &totals, bases),
                };
                // A ratio to nothing, or the deviation of one respondent, is no figure.
                made.into_iter().map(|estimate| estimate.value.is_finite().then_some(estimate)).collect()
            } else {
                vec![None; figures.len()]
            };
            for (figure, estimate) in figures.iter().zip(made) {
                match figure.statistic {
                    Statistic::Share(option) => {
                        estimates.bases = bases;
                        estimates.shares.push(Share { count: sums.count(place, option), estimate });
                    }
                    Statistic::Mean | Statistic::Ratio => estimates.mean = estimate,
                    statistic => estimates.further.push(FurtherEstimate { statistic, count: figure.count, estimate }),
                }
            }
        }
        if estimates.shares.is_empty() {
            estimates.bases = Bases::of(sums, &[Cell { place, slot: 0 }], &|cell: Cell| totals[cell.slot]);
        }
        let part = |further: &Further| if let Further::Quantile(part) = further { Some(*part) } else { None };
        let parts: Vec<f64> = asked.further.iter().filter_map(part).collect();
        if let (Some(numbers), false) = (&self.tally.numbers[question], parts.is_empty()) {
            let made = self.quantiles(numbers, place, &parts, estimates.bases);
            estimates.further.extend(parts.into_iter().zip(made).map(|(part, made)| FurtherEstimate {
                statistic: Statistic::Quantile(part),
                count: made.map(|(beyond, _)| beyond),
                estimate: made.map(|(_, estimate)| estimate),
            }));
        }
        estimates
    }

    /// The figures of respondents in some slots of a place, of whom there are any.
    fn made(
        self,
        source: &Source<'_>,
        figures: &[Wanted],
        base: &[Cell],
        totals: &[[f64; 2]],
        bases: Bases,
    ) -> Vec<Estimate> {
        let sum = |cell: Cell| totals[cell.slot][0];
        let slopes: Vec<Slopes> = figures.iter().map(|figure| figure.formula.slopes(&sum)).collect();
        let own = (0..figures.len()).map(|figure| (figure, figure)).collect();
        let influences = source.influences(&slopes, base, own);
        let (degrees_of_freedom, confidence) = self.precision(&influences, bases.unweighted);
        let variances = covariances(self.design, influences);
        let finish = |(figure, variance): (&Wanted, f64)| {
            let value = figure.constant + figure.formula.value(&sum);
            self.finish(figure, Point { value, variance, bases, degrees_of_freedom }, confidence)
        };
        figures.iter().zip(variances).map(finish).collect()
    }

    /// The same from replicate weights; each figure by itself, as a replicate without a value is one without that figure.
    fn made_from_replicates(
        self,
        replicated: &Replicated<'_>,
        figures: &[Wanted],
        totals: &[[f64; 2]],
        bases: Bases,
    ) -> Vec<Estimate> {
        let finish = |figure: &Wanted| {
            let value = figure.formula.value(&|cell: Cell| totals[cell.slot][0]);
            let variance = replicated.covariances(&[value], &[&figure.formula], &[(0, 0)])[0];
            let degrees_of_freedom = self.design.degrees_of_freedom;
            let point = Point { value: figure.constant + value, variance, bases, degrees_of_freedom };
            self.finish(figure, point, self.confidence)
        };
        figures.iter().map(finish).collect()
    }

    /// Degrees of freedom by the rule of the study, for estimates that stand on so many respondents.
    fn precision(&self, influences: &Influences, respondents: u64) -> (f64, Confidence) {
        let Design { confidence, quantile, degrees_of_freedom: rule, .. } = self.study.design;
        let own = match rule {
            DegreesOfFreedom::Design => return (self.design.degrees_of_freedom, self.confidence),
            DegreesOfFreedom::Domain => degrees_of_freedom(self.design, influences, respondents),
            DegreesOfFreedom::Strata => degrees_of_freedom_of_strata(self.design, influences),
        };
        (own, Confidence::new(confidence, quantile, own))
    }

    fn finish(self, figure: &Wanted, point: Point, confidence: Confidence) -> Estimate {
        let Point { value, variance, bases, degrees_of_freedom } = point;
        // Whole cells are exact: no rounding may leave a variance where everybody or nobody said so.
        let (value, variance) = match figure.count {
            Some(0) => (0.0, 0.0),
            Some(all) if all == bases.unweighted && figure.statistic.is_share() => (1.0, 0.0),
            _ => (value, variance),
        };
        let n = bases.unweighted as f64;
        let limits = if figure.statistic.is_share() {
            let facts = ShareFacts { share: value, variance, n, n_effective: bases.effective };
            of_share(facts, self.study.design.interval, confidence)
        } else {
            of_mean(value, variance, confidence)
        };
        let effect = figure.simple_variance.map(|simple| (variance / simple, simple));
        let design_effect =
            effect.filter(|(effect, simple)| effect.is_finite() && *simple > 0.0).map(|(effect, _)| effect);
        let left = 1.0 - n / bases.weighted;
        Estimate {
            value,
            standard_error: if degrees_of_freedom > 0.0 { variance.sqrt() } else { f64::NAN },
            limits,
            degrees_of_freedom,
            design_effect,
            design_effect_without: design_effect.filter(|_| left > ROUNDING).map(|effect| effect / left),
            bases,
        }
    }
}

/// An estimate before its interval: what an estimator finds.
#[derive(Clone, Copy)]
struct Point {
    value: f64,
    variance: f64,
    bases: Bases,
    degrees_of_freedom: f64,
}
