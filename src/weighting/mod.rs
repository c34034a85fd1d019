//! The arithmetic of weighting: from cells of respondents and known totals of the population to a factor for every
//! weight.
//!
//! A [`Cell`] is all respondents who have the same level in every margin (and the same values of the calibration
//! numbers), so all of them get the same factor. Nothing here sees a respondent: some thousand cells stand for any
//! number of rows. The caller aggregates, knows the labels, and writes the weights; here levels, margins and cells are
//! counted from 0.
//!
//! # Symbols
//!
//! | | |
//! |---|---|
//! | `c` | a cell; `d_c` the sum of the base weights of its respondents, `n_c` their number |
//! | `j` | a constraint: a level of a margin, or a number; `t_j` its target, a total of the population |
//! | `x_cj` | 1 where the cell is at the level, else 0; or the value of the number |
//! | `g_c` | the factor: a respondent's weight is the base weight times `g_c` |
//! | `Σ_c d_c g_c x_cj = t_j` | what must hold for every `j` |
//!
//! Of all factors for which this holds a [`Method`] takes those nearest to 1 in its own sense: `g_c = F(x_c' λ)`, with
//! an `F` for each method and the `λ` that fit the targets (Deville & Särndal 1992, *Journal of the American
//! Statistical Association* 87, p. 376-382). There is one such set of factors or none.
//!
//! | method | `F(u)` | R `survey` |
//! |---|---|---|
//! | [`Method::PostStratification`] | target over sum, level by level (one margin) | `postStratify` |
//! | [`Method::Raking`] | `exp u`, found margin by margin (Deming & Stephan 1940, *Annals of Mathematical Statistics* 11, p. 427-444) | `rake` |
//! | [`Method::Exponential`] | `exp u`, found by Newton's method; numbers too | `calibrate(calfun = "raking")` |
//! | [`Method::TruncatedExponential`] | `exp u`, not below `L` and not above `U` | the same with `bounds` |
//! | [`Method::Linear`] | `1 + u`, the generalised regression estimator; factors can be negative | `calibrate(calfun = "linear")` |
//! | [`Method::TruncatedLinear`] | `1 + u`, not below `L` and not above `U` | the same with `bounds` |
//! | [`Method::Logit`] | between `L` and `U`, never there | `calibrate(calfun = "logit")` |
//!
//! Bounds `L < 1 < U` are bounds of factors. Where base weights sum to the sample and targets to the population,
//! factors lie around population over sample: scale the base weights first. R does so by itself where every ratio of
//! target to sum is above 20, and then means bounds of the scaled factors; here it is an error that says by how much to
//! scale.
//!
//! # What else is here
//!
//! * [`Calibration::within`] fits with every respondent's weight kept within bounds, [`Calibration::trimmed`] finds
//!   those bounds from quantiles or from a design effect, and [`Calibration::solve_within`] keeps replicates within them;
//!   [`trim`] cuts weights without fitting (Potter 1990,
//!   *Proceedings of the Section on Survey Research Methods, American Statistical Association*, p. 225-230).
//! * [`Calibration::bounds_that_do`] and [`Calibration::multiples_that_do`] find wider bounds where some are too tight.
//! * [`Calibration::totals`] and [`WeightSums::spread`] say what the weighting did.
//! * [`thin_levels`] says which levels have too few respondents to be weighted to, and what to collapse them with.
//! * [`Basis`] takes out of an influence what the targets explain: the variance of a calibrated estimate is that of the
//!   rest (Deville & Särndal 1992, p. 379-380).
//!
//! All of it is checked against R in `tests/reference/weighting.csv`. A solve takes base weights as a slice, so that
//! thousands of replicates are weighted with what is laid out once, a fraction of a millisecond each for thousands of
//! cells.
//!
//! ```
//! use topline::weighting::{Calibration, Cell, Convergence, LevelOrder, Margin, Method, WeightSums};
//!
//! // 60 young and 40 old women, 50 young and 50 old men; the population has as many old as young.
//! let cell = |sex, age, n| Cell { levels: vec![sex, age], numbers: vec![], base: WeightSums::of_equal(1.0, n) };
//! let cells = [cell(0, 0, 60), cell(0, 1, 40), cell(1, 0, 50), cell(1, 1, 50)];
//! let margin = |targets: [f64; 2]| Margin { targets: targets.to_vec(), order: LevelOrder::Ordered };
//! let calibration = Calibration::new(&cells, &[margin([102.0, 98.0]), margin([100.0, 100.0])], &[]).expect("they fit");
//! let base: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
//! let solution = calibration.solve(Method::Raking, &base, Convergence::default())?;
//! let weights: Vec<f64> = base.iter().zip(&solution.factors).map(|(base, factor)| base * factor).collect();
//! // Women and men, young and old.
//! assert_eq!(calibration.totals(&base), [100.0, 100.0, 110.0, 90.0]);
//! let totals: Vec<f64> = calibration.totals(&weights).into_iter().map(f64::round).collect();
//! assert_eq!(totals, [102.0, 98.0, 100.0, 100.0]);
//! # Ok::<(), topline::weighting::Error>(())
//! ```

mod basis;
mod bounded;
mod calibration;
mod cell;
mod checks;
mod collapse;
mod error;
mod limits;
mod newton;
mod raking;
#[cfg(test)]
mod tests;
mod trimming;
mod wording;

pub use self::{
    basis::Basis,
    bounded::{Bounded, Bounds},
    calibration::{Calibration, Constraint, Margin},
    cell::{Cell, Spread, WeightSums},
    collapse::{LevelOrder, ThinLevel, thin_levels},
    error::Error,
    limits::Limits,
    trimming::{Redistribution, Rounds, Trimmed, Trimming, trim},
    wording::Naming,
};
use self::{
    newton::Distance,
    raking::{post_stratify, rake},
};

/// How factors are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The one margin's targets over the sums of its levels.
    PostStratification,
    /// Margin after margin is fitted by post-stratification, over and over; where that is slow, Newton's method ends
    /// it. Factors are positive.
    Raking,
    /// What raking arrives at, in few steps, and with numbers too. Factors are positive.
    Exponential,
    /// The same with every factor within bounds.
    TruncatedExponential(Bounds),
    /// The smallest squared change of weights: the generalised regression estimator.
    Linear,
    /// The smallest squared change of weights with every factor within bounds.
    TruncatedLinear(Bounds),
    /// Every factor strictly within bounds.
    Logit(Bounds),
}

impl Method {
    /// Between which bounds it keeps factors, if it keeps any.
    #[must_use]
    pub fn bounds(self) -> Option<Bounds> {
        match self {
            Self::TruncatedExponential(bounds) | Self::TruncatedLinear(bounds) | Self::Logit(bounds) => Some(bounds),
            Self::PostStratification | Self::Raking | Self::Exponential | Self::Linear => None,
        }
    }

    /// The same with other bounds, where it has bounds.
    #[must_use]
    pub fn bounded_by(self, bounds: Bounds) -> Self {
        match self {
            Self::TruncatedExponential(_) => Self::TruncatedExponential(bounds),
            Self::TruncatedLinear(_) => Self::TruncatedLinear(bounds),
            Self::Logit(_) => Self::Logit(bounds),
            unbounded => unbounded,
        }
    }

    /// The name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PostStratification => "post-stratification",
            Self::Raking => "raking",
            Self::Exponential => "exponential calibration",
            Self::TruncatedExponential(_) => "truncated exponential calibration",
            Self::Linear => "linear calibration",
            Self::TruncatedLinear(_) => "truncated linear calibration",
            Self::Logit(_) => "logit calibration",
        }
    }
}

/// When a search for factors ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convergence {
    /// Every total must be met to this part of its target (of the sum of absolute values, for a number).
    pub tolerance: f64,
    /// How many steps of Newton's method may be taken before that is an error. Raking takes them after a hundred
    /// rounds.
    pub iterations: usize,
}

impl Default for Convergence {
    /// To 1e-10 in at most 1,000 steps.
    fn default() -> Self {
        Self { tolerance: 1e-10, iterations: 1000 }
    }
}

/// Factors that fit the targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The factor of each cell.
    pub factors: Vec<f64>,
    /// How many rounds of raking, or steps of Newton's method, it took.
    pub iterations: usize,
    /// The largest deviation from a target, as [`Convergence::tolerance`] measures it.
    pub deviation: f64,
}

impl Calibration {
    /// Factors for which the totals of base weight times factor are the targets. `base` has the sum of base weights of
    /// each cell: those of the respondents, or of one replicate after the other. A cell may have 0 there.
    pub fn solve(&self, method: Method, base: &[f64], convergence: Convergence) -> Result<Solution, Error> {
        self.check_base(base)?;
        let newton = |distance, limits: &[Bounds]| newton::solve(self, base, distance, limits, convergence);
        match method {
            Method::PostStratification => post_stratify(self, base),
            Method::Raking => rake(self, base, convergence),
            Method::Exponential => newton(Distance::Exponential, &[]),
            Method::TruncatedExponential(bounds) => newton(Distance::Exponential, &self.limits(bounds, base)?),
            Method::Linear => newton(Distance::Linear, &[]),
            Method::TruncatedLinear(bounds) => newton(Distance::Linear, &self.limits(bounds, base)?),
            Method::Logit(bounds) => {
                if !(bounds.low.is_finite() && bounds.high.is_finite()) {
                    return Err(Error::BoundsNotAroundOne(bounds));
                }
                self.limits(bounds, base)?;
                newton(Distance::Logit(bounds), &[])
            }
        }
    }
}
