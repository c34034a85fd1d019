//! The same figure at several levels of a segment, and whether they differ.

use super::{Distribution, Test};
use crate::{
    estimate::{Bases, Cell, Estimator, Joint, Statistic, figure},
    interval::{Confidence, Limits, of_mean},
    numeric::{Cholesky, t_two_sided},
    study::Quantile,
    variance::ROUNDING,
};

/// A figure of some levels, with its covariances.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// The levels.
    pub levels: Vec<usize>,
    /// The figure of each.
    pub values: Vec<f64>,
    /// Their covariances, row after row.
    pub covariances: Vec<f64>,
    /// Degrees of freedom of the design, by the rule of the study; infinite where it takes quantiles of the normal
    /// distribution, as in its intervals.
    pub degrees_of_freedom: f64,
    /// Those on whom they stand together.
    pub bases: Bases,
}

/// The difference of two levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The level that is taken away.
    pub from: usize,
    /// The level that it is taken from.
    pub of: usize,
    /// `θ_of - θ_from`.
    pub estimate: f64,
    /// `√(V_of + V_from - 2 C)`.
    pub standard_error: f64,
    /// Its confidence interval; `None` where there is no test.
    pub limits: Option<Limits>,
    /// The t statistic, its degrees of freedom and the two-sided p. `None` where neither figure has any spread, as when
    /// nobody at either level gave the answer.
    pub test: Option<PairTest>,
}

/// A t test of a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairTest {
    /// The difference over its standard error.
    pub t: f64,
    /// Degrees of freedom; infinite where it is normal.
    pub degrees_of_freedom: f64,
    /// The probability of a difference at least as far from 0 if there is none.
    pub p: f64,
}

/// A share, mean or other figure at some levels of a segment. `None` where a level has nobody in its base, or where the
/// question has no such figure.
#[must_use]
pub fn figures(
    estimator: &Estimator<'_>,
    question: usize,
    segment: usize,
    levels: &[usize],
    statistic: Statistic,
) -> Option<Groups> {
    if levels.is_empty() {
        return None;
    }
    let (asked, sums) = (&estimator.study.questions[question], &estimator.tally.questions[question]);
    let (mut formulas, mut constants, mut base) = (Vec::new(), Vec::new(), Vec::new());
    for level in levels {
        let place = estimator.plan.segments[segment].first_place + level;
        let (figure, slots) = figure(asked, sums, place, statistic)?;
        base.extend(slots.iter().map(|slot| Cell { place, slot: *slot }));
        formulas.push(figure.formula);
        constants.push(figure.constant);
    }
    let mut groups = Groups::new(estimator, levels, estimator.joint(question, Some(segment), &formulas, &base))?;
    groups.values.iter_mut().zip(constants).for_each(|(value, constant)| *value += constant);
    Some(groups)
}

impl Groups {
    /// An estimate of each level; `None` where one of them has no value.
    pub(super) fn new(estimator: &Estimator<'_>, levels: &[usize], joint: Joint) -> Option<Self> {
        let degrees_of_freedom = match estimator.study.design.quantile {
            Quantile::Z if joint.degrees_of_freedom > 0.0 => f64::INFINITY,
            Quantile::T | Quantile::Z => joint.degrees_of_freedom,
        };
        joint.values.iter().all(|value| value.is_finite()).then_some(Self {
            levels: levels.to_vec(),
            values: joint.values,
            covariances: joint.covariances,
            degrees_of_freedom,
            bases: joint.bases,
        })
    }

    /// Tests whether all levels have the same figure. With `β` the `k` differences from the first level and `V` their
    /// covariances, `βᵀ V⁻¹ β / k` is F with `k` and `ν - k` degrees of freedom; for two levels that is the square of
    /// t, which is given. As in a regression on the levels, each difference takes a degree of freedom (R: `svyttest`,
    /// `regTermTest`, `svyranktest`; Lumley 2010, *Complex Surveys*). With infinite `ν` the same are normal and, without
    /// `/ k`, chi-squared. `None` where there are not enough, or where the differences have no spread.
    #[must_use]
    pub fn equal(&self) -> Option<Test> {
        let k = self.levels.len().checked_sub(1).filter(|k| *k > 0)?;
        let left = self.degrees_of_freedom - k as f64;
        if k == 1 {
            let (estimate, variance) = self.difference(0, 1);
            let distribution = if left.is_finite() { Distribution::T(left) } else { Distribution::Normal };
            let test = || Test::new(estimate / variance.sqrt(), distribution, self.bases);
            return if variance > 0.0 { test() } else { None };
        }
        let beta: Vec<f64> = (1..=k).map(|level| self.values[level] - self.values[0]).collect();
        let c = |one: usize, other: usize| self.covariances[one * self.levels.len() + other];
        let covariance = |one: usize, other: usize| c(one, other) - c(one, 0) - c(0, other) + c(0, 0);
        let covariances: Vec<f64> =
            (1..=k).flat_map(|one| (1..=k).map(move |other| (one, other))).map(|(a, b)| covariance(a, b)).collect();
        let distance = Cholesky::new(&covariances, k)?.squared_distance(&beta);
        let k = k as f64;
        if left.is_finite() {
            Test::new(distance / k, Distribution::F(k, left), self.bases)
        } else {
            Test::new(distance, Distribution::ChiSquared(k), self.bases)
        }
    }

    /// The differences of all pairs of levels, each level from those before it, with Student's t of the design's
    /// degrees of freedom `ν` (R: `svycontrast` of `svyby`). Where these are all levels and so their only pair,
    /// [`Comparison`](crate::comparison::Comparison) takes `ν - 1`, as [`equal`](Self::equal) does. `level` is that of their intervals, such as 0.95.
    #[must_use]
    pub fn differences(&self, level: f64) -> Vec<Difference> {
        // Infinite degrees of freedom are the normal distribution here too, so that interval and p agree.
        let confidence = Confidence::new(level, Quantile::T, self.degrees_of_freedom);
        let mut differences = Vec::new();
        for from in 0..self.levels.len() {
            for of in from + 1..self.levels.len() {
                let (estimate, variance) = self.difference(from, of);
                let standard_error = variance.sqrt();
                let degrees_of_freedom = self.degrees_of_freedom;
                let t = estimate / standard_error;
                let p = if variance > 0.0 { t_two_sided(t, degrees_of_freedom) } else { f64::NAN };
                let test = p.is_finite().then_some(PairTest { t, degrees_of_freedom, p });
                differences.push(Difference {
                    from: self.levels[from],
                    of: self.levels[of],
                    estimate,
                    standard_error,
                    limits: test.and_then(|_| of_mean(estimate, variance, confidence)),
                    test,
                });
            }
        }
        differences
    }

    /// The difference of two positions and its variance.
    fn difference(&self, from: usize, of: usize) -> (f64, f64) {
        let covariance = |one: usize, other: usize| self.covariances[one * self.levels.len() + other];
        let apart = covariance(from, from) + covariance(of, of);
        let variance = apart - 2.0 * covariance(from, of);
        (self.values[of] - self.values[from], if variance <= ROUNDING * apart { 0.0 } else { variance })
    }
}
