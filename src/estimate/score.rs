//! Means of a score that each answer to a number question has, such as its rank among all of them.

use super::{Bases, Estimator, influence::Addition, joint::Joint};
use crate::{
    design::Replicates,
    tally::Numbers,
    variance::{
        linearized::{self, Influences},
        replicate,
    },
};

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
    /// The mean score of each of so many groups, of which there is one at least, with the covariances of the means. With
    /// the score `s`, a constant of each answer, the mean is `s̄_g = Σ_g w s / W_g`, `W_g = Σ_g w`, and an answer in group `g`
    /// adds `w (s - s̄_g) / W_g` to it. The mean of a group without answers is NaN.
    pub(crate) fn mean_scores(&self, numbers: &Numbers, groups: usize, scored: &[Scored]) -> Joint {
        let (weights, values) = means(numbers, groups, scored);
        let squares: f64 = scored.iter().map(|scored| numbers.weights[scored.answer].powi(2)).sum();
        let unweighted = scored.len() as u64;
        let weighted: f64 = weights.iter().sum();
        let bases = Bases { unweighted, weighted, effective: weighted * weighted / squares };
        let pairs: Vec<(usize, usize)> = (0..groups * groups).map(|index| (index / groups, index % groups)).collect();
        if let Some(design) = &self.design.replicates {
            let (degrees_of_freedom, confidence) = (self.design.degrees_of_freedom, self.confidence);
            let replicates = self.replicated_scores(design, numbers, groups, scored);
            let covariances = replicate::covariances(design, &values, &replicates, &pairs);
            return Joint { values, covariances, degrees_of_freedom, confidence, bases };
        }
        let influences = self.influences_of_scores(numbers, groups, scored);
        let (degrees_of_freedom, confidence) = self.precision(&influences, unweighted);
        let covariances = linearized::covariances(self.design, influences);
        Joint { values, covariances, degrees_of_freedom, confidence, bases }
    }

    /// What each answer adds to the mean score of its group, for all pairs of groups, row after row.
    pub(super) fn influences_of_scores(&self, numbers: &Numbers, groups: usize, scored: &[Scored]) -> Influences {
        let (weights, values) = means(numbers, groups, scored);
        let pairs = (0..groups * groups).map(|index| (index / groups, index % groups)).collect();
        let additions = scored.iter().map(|Scored { answer, group, score }| {
            let influence = numbers.weights[*answer] * (score - values[*group]) / weights[*group];
            Addition { answer: *answer, estimate: *group, influence }
        });
        self.influences_of_answers(numbers, groups, pairs, additions)
    }

    /// The mean scores under each replicate.
    pub(super) fn replicated_scores(
        &self,
        design: &Replicates,
        numbers: &Numbers,
        groups: usize,
        scored: &[Scored],
    ) -> Vec<Vec<f64>> {
        let width = 2 * groups;
        let factors = design.factors.as_ref().filter(|_| self.plan.fitted.is_none());
        let Some(factors) = factors else { return read_scores(numbers, design.count(), groups, scored) };
        let mut sums = vec![0.0; self.tally.frame.groups.len() * width];
        for Scored { answer, group, score } in scored {
            let weight = numbers.weights[*answer];
            let cell = numbers.groups[*answer] as usize * width + 2 * group;
            sums[cell] += weight * score;
            sums[cell + 1] += weight;
        }
        let replicated = factors.sums(sums.chunks_exact(width), width);
        let mean = |cells: &[f64]| {
            let (scores, weights) = cells.split_at(design.count());
            scores.iter().zip(weights).map(|(score, weight)| score / weight).collect()
        };
        replicated.chunks_exact(2 * design.count()).map(mean).collect()
    }
}

/// The mean scores under replicate weights that were read.
fn read_scores(numbers: &Numbers, replicates: usize, groups: usize, scored: &[Scored]) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![[0.0; 2]; replicates]; groups];
    for Scored { answer, group, score } in scored {
        let weights = &numbers.replicates[answer * replicates..][..replicates];
        for (sum, weight) in sums[*group].iter_mut().zip(weights) {
            *sum = [sum[0] + weight * score, sum[1] + weight];
        }
    }
    sums.into_iter().map(|group| group.into_iter().map(|[scores, weight]| scores / weight).collect()).collect()
}

/// The weight of each group, and its mean score.
fn means(numbers: &Numbers, groups: usize, scored: &[Scored]) -> (Vec<f64>, Vec<f64>) {
    let (mut weights, mut means) = (vec![0.0; groups], vec![0.0; groups]);
    for Scored { answer, group, score } in scored {
        let weight = numbers.weights[*answer];
        weights[*group] += weight;
        means[*group] += weight * score;
    }
    means.iter_mut().zip(&weights).for_each(|(mean, weight)| *mean /= weight);
    (weights, means)
}
