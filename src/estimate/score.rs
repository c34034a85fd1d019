//! Means of a score that each answer to a number question has, such as its rank among all of them.

use super::{Bases, Estimator, influence::Addition, joint::Joint};
use crate::{tally::Numbers, variance::covariances};

/// An answer with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The answer, as a position in [`Numbers`].
    pub answer: usize,
    /// The group of respondents it belongs to, one of several that share nobody.
    pub group: usize,
    /// The score.
    pub score: f64,
}

impl Estimator<'_> {
    /// The mean score of each of so many groups, with the covariances of the means. With the score `s`, a constant of each
    /// answer, the mean is `s̄_g = Σ_g w s / W_g`, `W_g = Σ_g w`, and an answer in group `g` adds `w (s - s̄_g) / W_g` to it.
    /// The mean of a group without answers is NaN.
    #[must_use]
    pub fn mean_scores(&self, numbers: &Numbers, groups: usize, scored: &[Scored]) -> Joint {
        let (mut weights, mut values) = (vec![0.0; groups], vec![0.0; groups]);
        let mut squares = 0.0;
        for Scored { answer, group, score } in scored {
            let weight = numbers.weights[*answer];
            weights[*group] += weight;
            values[*group] += weight * score;
            squares += weight * weight;
        }
        values.iter_mut().zip(&weights).for_each(|(value, weight)| *value /= weight);
        let additions = scored.iter().map(|Scored { answer, group, score }| {
            let influence = numbers.weights[*answer] * (score - values[*group]) / weights[*group];
            Addition { answer: *answer, estimate: *group, influence }
        });
        let influences = self.influences_of_answers(numbers, groups, additions);
        let unweighted = scored.len() as u64;
        let weighted: f64 = weights.iter().sum();
        let (degrees_of_freedom, confidence) = self.precision(&influences, unweighted);
        Joint {
            covariances: covariances(self.design, influences),
            values,
            degrees_of_freedom,
            confidence,
            bases: Bases { unweighted, weighted, effective: weighted * weighted / squares },
        }
    }
}
