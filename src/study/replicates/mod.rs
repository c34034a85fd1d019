//! Replicate weights: as meant, and in `typed` as typed in `[design.replicates]`.

mod columns;
#[cfg(test)]
mod tests;
mod typed;

pub(super) use typed::{Beside, ReplicatesSpec};

use super::Origin;

/// Replicate weights: the sample as it might also have come out, many times over. The spread of a figure over them is its
/// variance.
#[derive(Clone, Debug)]
pub struct Replicates {
    /// How they are, or were, made.
    pub method: Method,
    /// Where they come from.
    pub source: ReplicateSource,
    /// For each column that is read the name or the pattern that stands for it, and where in the study file.
    pub typed: Vec<(String, Origin)>,
    /// Fay's ρ: what is left of the weight of the half that is turned down.
    pub rho: f64,
    /// What the sum of squares is multiplied by, where the study says so.
    pub scale: Option<f64>,
    /// What the square of each replicate is multiplied by; empty for the default of the method, one for all alike.
    pub rscales: Vec<f64>,
    /// What squares are measured from.
    pub centre: Centre,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// How replicate weights are made, under the names of R's `svrepdesign`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Jackknife: one unit left out, of a sample without strata.
    Jk1,
    /// Stratified jackknife: one unit of a stratum left out.
    Jkn,
    /// Paired jackknife: in one stratum of two units one is dropped and the other doubled.
    Jk2,
    /// Balanced half-samples: one of the two units of each stratum is doubled, the other dropped.
    Brr,
    /// Balanced half-samples with Fay's ρ: weights times 2 - ρ and ρ.
    Fay,
    /// Bootstrap; made by this tool, that of Rao and Wu.
    Bootstrap,
    /// Successive differences.
    SuccessiveDifference,
    /// Anything else, with its own scales.
    Other,
}

/// Where replicate weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicateSource {
    /// Made of strata and units.
    Made {
        /// How many, where the method leaves it open.
        count: Option<usize>,
        /// The start of chance.
        seed: u64,
    },
    /// Read from columns of the responses.
    Columns {
        /// The columns; without data a pattern stands for numbered ones.
        names: Vec<String>,
        /// What they hold.
        holds: Holds,
    },
}

/// What a column of replicates holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Whole weights (the default).
    #[default]
    Weights,
    /// Factors of the weight.
    Factors,
}

/// What the squares of a replicate variance are measured from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Centre {
    /// The mean of the replicates (the default, as in R).
    #[default]
    Mean,
    /// The estimate from the full sample: a mean squared error.
    Estimate,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 8] = [
        Self::Jk1,
        Self::Jkn,
        Self::Jk2,
        Self::Brr,
        Self::Fay,
        Self::Bootstrap,
        Self::SuccessiveDifference,
        Self::Other,
    ];

    /// The name in study files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jk1 => "jk1",
            Self::Jkn => "jkn",
            Self::Jk2 => "jk2",
            Self::Brr => "brr",
            Self::Fay => "fay",
            Self::Bootstrap => "bootstrap",
            Self::SuccessiveDifference => "sdr",
            Self::Other => "other",
        }
    }

    /// Whether the scales follow from the number of replicates alone.
    fn has_fixed_scales(self) -> bool {
        matches!(self, Self::Jk2 | Self::Brr | Self::Fay | Self::SuccessiveDifference)
    }
}

impl Replicates {
    /// How many replicates there are where nothing says so, of methods that leave it open.
    pub const COUNT: usize = 500;

    /// The columns that are read; none where replicates are made.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        if let ReplicateSource::Columns { names, .. } = &self.source { names } else { &[] }
    }
}
