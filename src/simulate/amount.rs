//! How large numbers are, and how far they scatter.

use super::{chance::bell_of, plan::Look};
use crate::study::{
    Question,
    weighting::{NumberTarget, Weighting},
};

/// A number that respondents have.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    mean: f64,
    deviation: f64,
    /// How many decimals it is written with.
    decimals: usize,
    least: f64,
}

impl Amount {
    /// What a question asks for that the population has no figure of.
    pub fn of_question(question: &Question) -> Self {
        let mean = 50.0 + 5.0 * bell_of(&[&question.id, "mean"]);
        Self { mean, deviation: 20.0, decimals: 0, least: 0.0 }
    }

    /// What a column holds that weights are fitted to. A total is shared among the population, or else among `rows`.
    pub fn of_weighting(weighting: &Weighting, column: &str, rows: u64) -> Option<Self> {
        const COEFFICIENT_OF_VARIATION: f64 = 0.25;
        let number = weighting.numbers.iter().find(|number| number.column == column)?;
        let mean = match number.target {
            NumberTarget::Mean(mean) => mean,
            NumberTarget::Total(total) => total / weighting.population.unwrap_or(rows.max(1) as f64),
        };
        let deviation = if mean == 0.0 { 1.0 } else { COEFFICIENT_OF_VARIATION * mean.abs() };
        // Three digits of the deviation.
        let decimals = (2.0 - deviation.log10().floor()).max(0.0) as usize;
        let least = if mean > 0.0 { 0.0 } else { f64::NEG_INFINITY };
        Some(Self { mean, deviation, decimals, least })
    }

    /// How it is written.
    pub fn look(self) -> Look {
        if self.decimals == 0 { Look::Whole } else { Look::Decimals(self.decimals) }
    }

    /// The number so many standard deviations above the mean.
    pub fn at(self, deviations: f64) -> f64 {
        let number = (self.mean + self.deviation * deviations).max(self.least);
        if self.decimals == 0 { number.round() } else { number }
    }
}
