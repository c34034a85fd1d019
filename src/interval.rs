//! Confidence intervals.
//!
//! Intervals of a share need its variance `v`, the degrees of freedom of the design and the base. Quantiles are
//! Student's t with the design's degrees of freedom, as in R's `svyciprop`.

use crate::{
    numeric::{beta_quantile, t_quantile},
    study::Interval,
};

/// What an interval of a share depends on.
#[derive(Clone, Copy, Debug)]
pub struct ShareFacts {
    /// The share, 0 to 1.
    pub share: f64,
    /// Its variance.
    pub variance: f64,
    /// Respondents in the base.
    pub n: f64,
    /// Kish's effective base.
    pub n_effective: f64,
}

/// A confidence level with the quantile that all intervals of a design share: found once, not for each cell.
#[derive(Clone, Copy, Debug)]
pub struct Confidence {
    upper: f64,
    t: f64,
}

impl Confidence {
    /// A level such as 0.95 for a design with so many degrees of freedom.
    #[must_use]
    pub fn new(level: f64, degrees_of_freedom: f64) -> Self {
        let upper = f64::midpoint(1.0, level);
        Self { upper, t: t_quantile(upper, degrees_of_freedom) }
    }
}

/// Lower and upper limit, and how they were found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// The kind of interval.
    pub interval: Interval,
}

/// The interval of a share.
///
/// * logit: `logit⁻¹(logit p ± t √v / (p (1 - p)))` (Korn & Graubard 1999, *Analysis of Health Surveys*, p. 64)
/// * wald: `p ± t √v`
/// * wilson: the score interval with `p (1 - p) / v` in place of `n` (R `survey` 4.5)
/// * korn_graubard: Clopper-Pearson with `n* = p (1 - p) / v · (t_{n-1} / t_df)²` (Korn & Graubard 1998, *Survey
///   Methodology* 24, p. 193; R's `beta`)
///
/// Where everybody or nobody said so the variance is zero and says nothing. The interval is then always
/// Clopper-Pearson on Kish's effective base, reduced by `(t_{n-1} / t_df)²`: never of zero width. `None` where there
/// are no degrees of freedom.
#[must_use]
pub fn of_share(facts: ShareFacts, kind: Interval, confidence: Confidence) -> Option<Limits> {
    let Confidence { upper, t } = confidence;
    let (p, v) = (facts.share, facts.variance);
    if !(t.is_finite() && v.is_finite() && facts.n > 1.0) {
        return None;
    }
    let fewer_units = || (t_quantile(upper, facts.n - 1.0) / t).powi(2);
    if p <= 0.0 || p >= 1.0 {
        let (low, high) = clopper_pearson(p.clamp(0.0, 1.0), facts.n_effective * fewer_units().min(1.0), upper);
        return Some(Limits { low, high, interval: Interval::KornGraubard });
    }
    let (low, high) = match kind {
        Interval::Wald => (p - t * v.sqrt(), p + t * v.sqrt()),
        Interval::Logit => {
            let (middle, reach) = ((p / (1.0 - p)).ln(), t * v.sqrt() / (p * (1.0 - p)));
            (logistic(middle - reach), logistic(middle + reach))
        }
        // A share that the design fixes has no spread, and both limits are the share.
        Interval::Wilson | Interval::KornGraubard if v == 0.0 => (p, p),
        Interval::Wilson => {
            let (n, t2) = (p * (1.0 - p) / v, t * t);
            let (middle, reach) = (p + t2 / (2.0 * n), t / (2.0 * n) * (4.0 * n * p * (1.0 - p) + t2).sqrt());
            ((middle - reach) / (1.0 + t2 / n), (middle + reach) / (1.0 + t2 / n))
        }
        Interval::KornGraubard => clopper_pearson(p, p * (1.0 - p) / v * fewer_units(), upper),
    };
    Some(Limits { low, high, interval: kind })
}

/// The interval of a mean: `m ± t √v`.
#[must_use]
pub fn of_mean(mean: f64, variance: f64, confidence: Confidence) -> Option<Limits> {
    let reach = confidence.t * variance.sqrt();
    reach.is_finite().then_some(Limits { low: mean - reach, high: mean + reach, interval: Interval::Wald })
}

fn clopper_pearson(p: f64, n: f64, upper: f64) -> (f64, f64) {
    (beta_quantile(1.0 - upper, n * p, n * (1.0 - p) + 1.0), beta_quantile(upper, n * p + 1.0, n * (1.0 - p)))
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::{Confidence, ShareFacts, of_share};
    use crate::study::Interval;

    #[test]
    fn nobody_and_everybody_still_have_an_interval() {
        for kind in [Interval::Logit, Interval::Wald, Interval::Wilson, Interval::KornGraubard] {
            let facts = |share| ShareFacts { share, variance: 0.0, n: 30.0, n_effective: 30.0 };
            let none = of_share(facts(0.0), kind, Confidence::new(0.95, 29.0)).unwrap();
            let all = of_share(facts(1.0), kind, Confidence::new(0.95, 29.0)).unwrap();
            // The rule of three, exactly: 1 - 0.025^(1/30).
            assert!((none.high - (1.0 - 0.025_f64.powf(1.0 / 30.0))).abs() < 1e-12, "{}", none.high);
            assert!(none.low == 0.0 && all.high == 1.0 && (all.low + none.high - 1.0).abs() < 1e-12);
        }
    }
}
