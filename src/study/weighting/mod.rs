//! Weighting: what the weights are made to agree with; as meant, and in `typed` as typed in `[weighting]`.
//!
//! Nothing is computed here. A study file names margins of the population by segments of the study, or by variables that
//! only weighting reads. Their targets stand in the study file, in a file of margins, or are counted in a reference survey.

mod agreement;
mod file;
mod margin;
mod meant;
mod method;
mod residuals;
mod targets;
#[cfg(test)]
mod tests;
mod typed;

use std::path::PathBuf;

use super::{Label, Missing, Origin, Segment, Study, System};
pub use file::{Rows, TargetColumn, TargetFile, TargetRow, TargetTable};
pub(super) use margin::Known;
pub use method::Method;
pub use residuals::Residuals;
pub(super) use typed::WeightingSpec;

/// What the weights are made to agree with, and how. The weight of the [design](super::Design) is where they start from.
#[derive(Clone, Debug)]
pub struct Weighting {
    /// How base weights become final ones.
    pub method: Method,
    /// The lowest and the highest factor that a base weight may be multiplied by: `0 ≤ low < 1 < high`. Always there for
    /// [`Method::Logit`], never for [`Method::PostStratification`] and [`Method::Raking`].
    pub bounds: Option<[f64; 2]>,
    /// What the final weights add up to; without it they keep the sum of the base weights. Where margins are given as
    /// numbers of people it is their sum.
    pub population: Option<f64>,
    /// The variables of the margins, in the order in which margins name them first.
    pub variables: Vec<Variable>,
    /// The margins, in the order of the file. No two have the same variables; what two tables of the population say of the
    /// variables that they share differs by at most [`Weighting::ROUNDING`].
    pub margins: Vec<Margin>,
    /// Numbers that have a mean or a total in the population, in the order of the file.
    pub numbers: Vec<Number>,
    /// How final weights are trimmed, if they are.
    pub trim: Option<Trim>,
    /// How respondents count where what the targets explain is taken from influences; [`Study::residuals`] says whether it is.
    pub residuals: Residuals,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// A variable of one or more margins.
#[derive(Clone, Debug)]
pub struct Variable {
    /// How its column becomes levels: a segment of the study, or one that only weighting reads.
    pub segment: Segment,
    /// What becomes of respondents in none of its levels.
    pub unknown: Unknown,
}

/// What becomes of respondents whose level of a variable is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// They are a cell of their own that keeps its share of the base weights; the levels share the rest (the default).
    #[default]
    OwnCell,
    /// They get weight 0.
    Drop,
    /// They count in every level, by the level's target share: their weight does not depend on the variable.
    Spread,
}

impl Unknown {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::OwnCell, Self::Drop, Self::Spread];

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnCell => "own",
            Self::Drop => "drop",
            Self::Spread => "spread",
        }
    }
}

/// How the population is distributed over one variable, or over several crossed.
#[derive(Clone, Debug)]
pub struct Margin {
    /// Its variables, as indices; no two the same.
    pub variables: Vec<usize>,
    /// The share of each cell in the population, all above 0, that add up to 1: crossed levels row after row, the last
    /// variable's fastest.
    pub targets: Vec<f64>,
    /// What they were before they were made to add up to 1.
    pub given: Given,
    /// The file that they come from, relative to the working directory.
    pub file: Option<PathBuf>,
    /// Who counted them, and where that was published.
    pub source: Option<Label>,
    /// The day, month or year that they are of, as an ISO date.
    pub date: Option<String>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// In what unit targets were given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given {
    /// Percent, with their sum, which is 100 but for rounding.
    Percent(f64),
    /// Numbers of people, with their sum.
    Totals(f64),
    /// Counted in a reference survey, with the sum of its weights.
    Reference(f64),
}

impl Given {
    /// How many people there are, where targets say so.
    fn people(self) -> Option<f64> {
        if let Self::Totals(sum) = self { Some(sum) } else { None }
    }
}

/// A number with a known mean or total in the population. Those who have no number count in neither.
#[derive(Clone, Debug)]
pub struct Number {
    /// The column that is read.
    pub column: String,
    /// What it is in the population.
    pub target: NumberTarget,
    /// Codes that are no number.
    pub missing: Vec<Missing>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// What a number is in the population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberTarget {
    /// `Σ w x / Σ w`.
    Mean(f64),
    /// `Σ w x`.
    Total(f64),
}

/// How final weights are trimmed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trim {
    /// To the lowest and the highest multiple of the mean weight: `0 ≤ low < 1 < high`.
    Bounds([f64; 2]),
    /// To two quantiles of the weights: `0 ≤ low < high ≤ 1`.
    Quantiles([f64; 2]),
    /// Until the design effect of weighting, `n Σ w² / (Σ w)²` (Kish 1965, p. 427), is at most this, which is above 1.
    DesignEffect(f64),
}

impl Weighting {
    /// By how much margins may differ in what they say of the same people, as a part of all: published tables are rounded.
    pub const ROUNDING: f64 = 0.005;

    /// A margin in words: `age × sex`.
    #[must_use]
    pub fn name_of(&self, margin: &Margin) -> String {
        let ids: Vec<&str> = margin.variables.iter().map(|index| self.variables[*index].segment.id.as_str()).collect();
        ids.join(" × ")
    }

    /// The levels of a margin's variables that cross at one of its cells.
    pub fn levels_at<'a>(&'a self, margin: &'a Margin, cell: usize) -> impl Iterator<Item = (&'a Segment, usize)> {
        let size = |variable: &usize| self.variables[*variable].segment.levels().len();
        margin.variables.iter().enumerate().map(move |(position, variable)| {
            let later: usize = margin.variables[position + 1..].iter().map(size).product();
            (&self.variables[*variable].segment, cell / later % size(variable))
        })
    }

    /// The shares of a variable's levels in the population, by the first margin that has it.
    #[must_use]
    pub fn shares_of(&self, id: &str) -> Option<Vec<f64>> {
        let variable = self.variables.iter().position(|variable| variable.segment.id == id)?;
        let margin = self.margins.iter().find(|margin| margin.variables.contains(&variable))?;
        let mut shares = vec![0.0; self.variables[variable].segment.levels().len()];
        for (cell, target) in margin.targets.iter().enumerate() {
            for (_, level) in self.levels_at(margin, cell).filter(|(segment, _)| segment.id == id) {
                shares[level] += target;
            }
        }
        Some(shares)
    }

    /// Takes over the definitions of a system, as far as it has a function that makes such weights.
    pub fn follow(&mut self, system: System) {
        let is_raked = self.method == Method::Raking && self.not_of_rake().is_none();
        self.residuals = if is_raked { system.definitions().residuals_of_raking } else { Residuals::default() };
    }

    /// What R's `rake` cannot do.
    fn not_of_rake(&self) -> Option<&'static str> {
        if self.method.is_calibration() {
            Some("other methods")
        } else if self.trim.is_some() {
            Some("`trim`")
        } else {
            let is_spread = self.variables.iter().any(|variable| variable.unknown == Unknown::Spread);
            is_spread.then_some("unknown = \"spread\"")
        }
    }

    /// The variables that are not segments of the study.
    pub fn own_variables<'a>(&'a self, segments: &'a [Segment]) -> impl Iterator<Item = &'a Segment> {
        let is_own = |segment: &&Segment| segments.iter().all(|known| known.id != segment.id);
        self.variables.iter().map(|variable| &variable.segment).filter(is_own)
    }
}

impl Study {
    /// How respondents count in the residuals that errors are made of; `None` where these are not residuals, because no weights
    /// are fitted or replicates are.
    #[must_use]
    pub fn residuals(&self) -> Option<Residuals> {
        let weighting = self.weighting.as_ref().filter(|_| self.design.replicates.is_none());
        weighting.map(|weighting| weighting.residuals)
    }
}
