//! Tests between groups: whether answers differ more than chance would explain.
//!
//! Every test stands on estimates with their covariances by the design of the sample ([`Estimator::joint`]), so that
//! weights, strata, units and finite populations count, and on the degrees of freedom `ν` of the design, units minus
//! strata. What is tested is a linear hypothesis on them:
//!
//! | test | hypothesis | of |
//! |---|---|---|
//! | [`independence`] | a question and a segment have nothing to do with each other | single choice, scale, one option of a multiple response |
//! | [`figures`], [`Groups::equal`] | the mean (or share) of all levels is the same | number, scale, ratio, an option |
//! | [`mean_ranks`], [`Groups::equal`] | the answers of all levels lie equally high | scale, number |
//! | [`Groups::differences`] | two levels have the same share, mean or mean rank | each pair of levels |
//!
//! Ranks need every number: the tally [keeps](crate::tally::Plan::keep_numbers) them where it is told to. Where a study
//! takes quantiles of the normal distribution (`quantile = "z"`), `ν` is infinite in all tests but [`independence`].
//! [`adjusted`] allows for testing more than once.
//!
//! All of it is checked against R `survey` (`svychisq`, `svyttest`, `regTermTest`, `svyranktest`, `svyby`, `p.adjust`) in
//! `tests/reference/tests.csv`. Nothing here knows what may be published: [`comparison`](crate::comparison) does.
//!
//! [`Estimator::joint`]: crate::estimate::Estimator::joint

mod adjustment;
mod groups;
mod ranks;
mod table;

pub use self::{
    adjustment::{Adjustment, adjusted},
    groups::{Difference, Groups, PairTest, figures},
    ranks::mean_ranks,
    table::{CrossTable, Independence, TableTest, independence},
};
use crate::{
    estimate::Bases,
    numeric::{chi_squared_upper_tail, f_upper_tail, t_two_sided},
};

/// The outcome of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// What would be near 0 (t) or near its degrees of freedom if there were no difference.
    pub statistic: f64,
    /// How it is distributed if there is none.
    pub distribution: Distribution,
    /// The probability of a statistic at least as far out if there is no difference.
    pub p: f64,
    /// Those on whom it stands.
    pub bases: Bases,
}

/// How a statistic is distributed where groups do not differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Chi-squared with so many degrees of freedom.
    ChiSquared(f64),
    /// A sum of so many chi-squared variables of one degree of freedom, with weights whose mean is 1; over another
    /// chi-squared variable divided by its degrees of freedom, which come second.
    WeightedChiSquared(f64, f64),
    /// F with the degrees of freedom of numerator and denominator.
    F(f64, f64),
    /// Student's t with so many degrees of freedom, on both sides.
    T(f64),
    /// The standard normal, on both sides.
    Normal,
}

impl Test {
    /// A test with this statistic; `None` where there are not enough degrees of freedom for one.
    fn new(statistic: f64, distribution: Distribution, bases: Bases) -> Option<Self> {
        let p = distribution.p(statistic)?;
        p.is_finite().then_some(Self { statistic, distribution, p, bases })
    }
}

impl Distribution {
    /// The probability of a statistic at least as far out as this one; `None` where it takes more than degrees of
    /// freedom to know it.
    #[must_use]
    pub fn p(self, statistic: f64) -> Option<f64> {
        match self {
            Self::ChiSquared(df) => Some(chi_squared_upper_tail(statistic, df)),
            Self::WeightedChiSquared(..) => None,
            Self::F(numerator, denominator) => Some(f_upper_tail(statistic, numerator, denominator)),
            Self::T(df) => Some(t_two_sided(statistic, df)),
            Self::Normal => Some(t_two_sided(statistic, f64::INFINITY)),
        }
    }

    /// The symbol of the statistic in machine-readable output: `chi2`, `weighted_chi2`, `F`, `t` or `z`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::ChiSquared(_) => "chi2",
            Self::WeightedChiSquared(..) => "weighted_chi2",
            Self::F(..) => "F",
            Self::T(_) => "t",
            Self::Normal => "z",
        }
    }

    /// Degrees of freedom of the numerator and of the denominator, where there are such.
    #[must_use]
    pub fn degrees_of_freedom(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::ChiSquared(df) => (Some(df), None),
            Self::WeightedChiSquared(numerator, denominator) | Self::F(numerator, denominator) => {
                (Some(numerator), Some(denominator))
            }
            Self::T(df) => (None, Some(df)),
            Self::Normal => (None, None),
        }
    }
}
