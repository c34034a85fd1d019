//! Clopper and Pearson's interval, and Korn and Graubard's use of it for samples that are no independent draws.

use super::{Confidence, ShareFacts};
use crate::{
    numeric::{beta_quantile, t_quantile},
    study::Quantile,
};

/// `n` need not be whole; `upper` is the probability below the upper limit.
pub(super) fn clopper_pearson(p: f64, n: f64, upper: f64) -> (f64, f64) {
    let (yes, no) = (n * p, n * (1.0 - p));
    (beta_quantile(1.0 - upper, yes, no + 1.0), beta_quantile(upper, yes + 1.0, no))
}

pub(super) fn korn_graubard(facts: ShareFacts, confidence: Confidence) -> (f64, f64) {
    clopper_pearson(facts.share, effective_size(facts) * fewer_units(facts.n, confidence), confidence.upper)
}

/// Where everybody or nobody said so: Kish's effective base stands in for the effective size, which is unknown.
pub(super) fn of_whole(facts: ShareFacts, confidence: Confidence) -> (f64, f64) {
    let fewer = fewer_units(facts.n, confidence).min(1.0);
    clopper_pearson(facts.share, facts.n_effective * fewer, confidence.upper)
}

/// `p (1 - p) / v`: the size of an independent sample that would be as precise.
pub(super) fn effective_size(facts: ShareFacts) -> f64 {
    facts.share * (1.0 - facts.share) / facts.variance
}

/// `(t_{n-1} / t_df)²`: what a sample loses because its variance is known from few units. Normal quantiles take the
/// degrees of freedom as infinite: nothing is lost.
pub(super) fn fewer_units(n: f64, confidence: Confidence) -> f64 {
    match confidence.source {
        Quantile::T => (t_quantile(confidence.upper, n - 1.0) / confidence.t).powi(2),
        Quantile::Z => 1.0,
    }
}
