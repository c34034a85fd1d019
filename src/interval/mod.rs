//! Confidence intervals.
//!
//! Intervals of a share `p` need its variance `v`, the degrees of freedom of the design and the base. `t` is the
//! quantile of Student's t with the design's degrees of freedom, as in R's `svyciprop`, or of the normal distribution
//! where the study asks for it, and `m = p (1 - p) / v` is the effective sample size: that of an independent sample
//! which would be as precise.
//!
//! | kind | limits |
//! |---|---|
//! | logit | `logit⁻¹(logit p ± t √v / (p (1 - p)))` (Korn & Graubard 1999, *Analysis of Health Surveys*, p. 64; R's `xlogit`) |
//! | wald | `p ± t √v`; may leave 0 to 1 |
//! | arcsine | `sin²(arcsin √p ± t √v / (2 √(p (1 - p))))`, the angle kept within 0 to π/2 (R's `asin`, which lets it leave) |
//! | wilson | the score interval with `m` in place of `n` (Wilson 1927; R `survey` 4.5) |
//! | likelihood | the `q` with `2 m (n - 1) / n · (p ln(p / q) + (1 - p) ln((1 - p) / (1 - q))) = t²` (R's `likelihood`, which interpolates; Rao & Scott 1984, *Annals of Statistics* 12, p. 46) |
//! | korn_graubard | Clopper-Pearson with `m (t_{n-1} / t_df)²` (Korn & Graubard 1998, *Survey Methodology* 24, p. 193; R's `beta`) |
//! | nchs | korn_graubard with at most `n`, see [`nchs`] |
//!
//! Three kinds take answers as independent draws: they use `p` and `n`, the unweighted base, with `x = n p` and normal
//! quantiles, and ignore weights, strata and units. A study that has any of these is warned.
//!
//! | kind | limits |
//! |---|---|
//! | clopper_pearson | the beta quantiles of `(x, n - x + 1)` and `(x + 1, n - x)` (Clopper & Pearson 1934, *Biometrika* 26, p. 404) |
//! | agresti_coull | Wald with `z² / 2` answers added to each side; may leave 0 to 1 (Agresti & Coull 1998, *American Statistician* 52, p. 119) |
//! | jeffreys | equal tails of a beta variable of `(x + 1/2, n - x + 1/2)`; 0 at `p = 0` and 1 at `p = 1` (Brown, Cai & DasGupta 2001, *Statistical Science* 16, p. 108) |
//!
//! How often each holds the share of a known population, and which to choose: [`coverage`](crate::accuracy::coverage).

mod binomial;
mod exact;
mod likelihood;
pub mod nchs;
mod scale;
mod score;

use crate::{
    numeric::{normal_quantile, t_quantile},
    study::{Interval, Quantile},
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

/// A confidence level with the quantiles that all intervals of a design share: found once, not for each cell.
#[derive(Clone, Copy, Debug)]
pub struct Confidence {
    /// The probability below the upper limit: 0.975 for a level of 0.95.
    upper: f64,
    /// Where the quantile below comes from.
    source: Quantile,
    /// The quantile that standard errors are multiplied by; not finite where the design has no degrees of freedom.
    t: f64,
    /// That of the normal distribution.
    z: f64,
}

impl Confidence {
    /// The quantile that standard errors are multiplied by.
    #[must_use]
    pub fn multiplier(self) -> f64 {
        self.t
    }

    /// A level such as 0.95 for a design with so many degrees of freedom.
    #[must_use]
    pub fn new(level: f64, source: Quantile, degrees_of_freedom: f64) -> Self {
        let upper = f64::midpoint(1.0, level);
        let z = normal_quantile(upper);
        let t = match source {
            // Without degrees of freedom there is no standard error either.
            Quantile::Z if degrees_of_freedom > 0.0 => z,
            Quantile::T | Quantile::Z => t_quantile(upper, degrees_of_freedom),
        };
        Self { upper, source, t, z }
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
/// Where everybody or nobody said so the variance is zero and says nothing. The interval of a kind that follows the
/// design is then Clopper-Pearson on Kish's effective base, reduced by `(t_{n-1} / t_df)²`: never of zero width; `nchs`
/// has a rule of its own. `None` where there are no degrees of freedom, unless the kind ignores the design.
#[must_use]
pub fn of_share(facts: ShareFacts, kind: Interval, confidence: Confidence) -> Option<Limits> {
    let ShareFacts { share: p, variance: v, n, .. } = facts;
    let limits = |(low, high)| Some(Limits { low, high, interval: kind });
    let Confidence { upper, t, z, .. } = confidence;
    match kind {
        _ if !(n > 0.0 && (0.0..=1.0).contains(&p)) => return None,
        Interval::ClopperPearson => return limits(exact::clopper_pearson(p, n, upper)),
        Interval::AgrestiCoull => return limits(binomial::agresti_coull(p, n, z)),
        Interval::Jeffreys => return limits(binomial::jeffreys(p, n, upper)),
        _ if !(t.is_finite() && v.is_finite() && n > 1.0) => return None,
        Interval::Nchs => return limits(nchs::limits(facts, confidence)),
        _ => {}
    }
    if p == 0.0 || p == 1.0 {
        let (low, high) = exact::of_whole(facts, confidence);
        return Some(Limits { low, high, interval: Interval::KornGraubard });
    }
    // A share that the design fixes has no spread, and both limits are the share.
    if v == 0.0 {
        return limits((p, p));
    }
    let error = v.sqrt();
    limits(match kind {
        Interval::Wald => (p - t * error, p + t * error),
        Interval::Logit => scale::logit(p, t * error),
        Interval::Arcsine => scale::arcsine(p, t * error),
        Interval::Wilson => score::wilson(p, exact::effective_size(facts), t),
        Interval::Likelihood => likelihood::limits(p, exact::effective_size(facts) * (n - 1.0) / n, t),
        _ => exact::korn_graubard(facts, confidence),
    })
}

/// The interval of a mean: `m ± t √v`.
#[must_use]
pub fn of_mean(mean: f64, variance: f64, confidence: Confidence) -> Option<Limits> {
    let reach = confidence.t * variance.sqrt();
    reach.is_finite().then_some(Limits { low: mean - reach, high: mean + reach, interval: Interval::Wald })
}

#[cfg(test)]
mod tests;
