//! One answer out of several, by a multinomial logit whose weighted shares are given.

use super::{
    chance::{Seed, Stream},
    effects::Effects,
    respondents::Rows,
};
use crate::responses::BLANK;

/// A choice of one of some options.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The weighted share each option is to have, adding up to 1.
    targets: Vec<f64>,
    intercepts: Vec<f64>,
    effects: Effects,
    stream: Stream,
    /// By how many weighted respondents each option lags behind its share so far.
    lags: Vec<f64>,
    logits: Vec<f64>,
}

/// Who chooses.
#[derive(Clone, Copy, Debug)]
pub struct Choosers<'a> {
    /// All respondents.
    pub rows: &'a Rows,
    /// Which of them choose.
    pub asked: &'a [bool],
    /// What the first option gains in logits for each respondent.
    pub tendency: Option<&'a [f64]>,
}

impl Choice {
    /// A choice between `targets.len()` options.
    pub fn new(targets: Vec<f64>, effects: Effects, stream: Stream) -> Self {
        let intercepts = targets.iter().map(|target| target.ln()).collect();
        let zeros = vec![0.0; targets.len()];
        Self { targets, intercepts, effects, stream, lags: zeros.clone(), logits: zeros }
    }

    /// Goes back to the first respondent.
    pub fn start(&mut self, seed: Seed) {
        self.stream.start(seed);
        self.lags.fill(0.0);
    }

    /// Sets the intercepts so that the expected weighted shares among `choosers` are the targets.
    pub fn fit(&mut self, choosers: Choosers<'_>) {
        let width = self.targets.len();
        let mut weights = Vec::new();
        let mut offsets = Vec::new();
        for row in (0..choosers.asked.len()).filter(|row| choosers.asked[*row]) {
            weights.push(choosers.rows.weights[row]);
            self.logits.fill(0.0);
            self.add_effects(choosers, row);
            offsets.extend_from_slice(&self.logits);
        }
        let total: f64 = weights.iter().sum();
        let mut chances = vec![0.0; width];
        for _ in 0..100 {
            let mut sums = vec![0.0; width];
            for (weight, offsets) in weights.iter().zip(offsets.chunks_exact(width)) {
                for ((chance, offset), intercept) in chances.iter_mut().zip(offsets).zip(&self.intercepts) {
                    *chance = (offset + intercept).exp();
                }
                let factor = weight / chances.iter().sum::<f64>();
                for (sum, chance) in sums.iter_mut().zip(&chances) {
                    *sum += factor * chance;
                }
            }
            let mut worst = 0.0_f64;
            for ((intercept, target), sum) in self.intercepts.iter_mut().zip(&self.targets).zip(&sums) {
                // Nobody in the base, or an option that nobody is to choose: nothing to fit.
                if *sum > 0.0 && *target > 0.0 {
                    let share = sum / total;
                    worst = worst.max((target - share).abs());
                    *intercept += (target / share).ln();
                }
            }
            if worst < 1e-7 {
                break;
            }
        }
    }

    /// The chosen option of each respondent, [`BLANK`] for those who do not choose.
    pub fn draw(&mut self, choosers: Choosers<'_>) -> Vec<u8> {
        let draw_row = |row: usize| {
            // Drawn for everybody, so that who is asked does not shift the answers of others.
            let point = self.stream.uniform();
            if choosers.asked[row] { self.choose(choosers, row, point) } else { BLANK }
        };
        (0..choosers.asked.len()).map(draw_row).collect()
    }

    fn choose(&mut self, choosers: Choosers<'_>, row: usize, point: f64) -> u8 {
        /// The part of a lag that one draw is expected to make up for. Leaves a lag of about two respondents.
        const PULL: f64 = 0.05;
        const STRONGEST: f64 = 1.5;
        for (index, logit) in self.logits.iter_mut().enumerate() {
            let target = self.targets[index];
            let pull = PULL * self.lags[index] / (target * (1.0 - target)).max(1e-3);
            *logit = self.intercepts[index] + pull.clamp(-STRONGEST, STRONGEST);
        }
        self.add_effects(choosers, row);
        let mut sum = 0.0;
        for logit in &mut self.logits {
            *logit = logit.exp();
            sum += *logit;
        }
        let mut rest = point * sum;
        // Rounding may leave a rest after the last option, which must not be one that nobody is to choose.
        let mut chosen = 0;
        for (index, chance) in self.logits.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            chosen = index;
            if rest < *chance {
                break;
            }
            rest -= chance;
        }
        let weight = choosers.rows.weights[row];
        for (lag, target) in self.lags.iter_mut().zip(&self.targets) {
            *lag += weight * target;
        }
        self.lags[chosen] -= weight;
        chosen as u8
    }

    fn add_effects(&mut self, choosers: Choosers<'_>, row: usize) {
        self.effects.add(&choosers.rows.levels, row, &mut self.logits);
        if let Some(tendency) = choosers.tendency {
            self.logits[0] += tendency[row];
        }
    }
}
