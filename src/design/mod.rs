//! How respondents were chosen: stages of strata and units, and finite populations.
//!
//! A stage chooses units in strata; a later stage chooses strata and units within the units of the one before. The
//! units of the first stage are the primary sampling units. A stage without a finite population counts as chosen with
//! replacement: then its units alone make the variance, and later stages are not looked at (Särndal, Swensson &
//! Wretman 1992, *Model Assisted Survey Sampling*, 4.6).

mod factors;
mod frame;
mod hadamard;
mod rank;
mod replicates;
mod suspicions;

pub use self::{
    factors::{FactorTable, Factors, LANES, Left, LeftOut},
    frame::{Frame, GroupFacts, Level, Members, Node, union},
    rank::{FoldedWeights, fold, fold_limit},
    replicates::Replicates,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, counted},
    study::{Chances, Design, LonelyUnit, Origin, ReplicateSource, Stage},
};

/// The sample as found in the data.
#[derive(Clone, Debug)]
pub struct SampleDesign {
    /// The stages that variances need, at least one.
    pub stages: Vec<SampleStage>,
    /// What a stratum with a single unit contributes.
    pub lonely_unit: LonelyUnit,
    /// Primary sampling units minus strata of the first stage, of those with a weight above zero; under replicate weights
    /// the rank of the weights minus 1.
    pub degrees_of_freedom: f64,
    /// Replicate weights, where variances come from them.
    pub replicates: Option<Replicates>,
}

/// A stage of the sample.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleStage {
    /// The strata, in the order in which they were first seen; one for each unit of the stage before where the design
    /// names none.
    pub strata: Vec<Stratum>,
    /// The units, in the order in which they were first seen; none where each respondent is a unit.
    pub units: Vec<Unit>,
}

/// A stratum.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum {
    /// Its name in the data.
    pub name: String,
    /// The unit of the stage before that it lies in; 0 in the first stage.
    pub within: usize,
    /// Units in it: `n_h`.
    pub units: u64,
    /// Units with anybody of a weight above zero.
    pub weighted_units: u64,
    /// The part of the population that is in the sample, `f_h`: 0 without a finite population.
    pub sampled_fraction: f64,
}

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// The stratum that it lies in.
    pub stratum: usize,
    /// That of its stratum; with unequal chances its own chance to be chosen.
    pub sampled_fraction: f64,
}

impl SampleDesign {
    /// Understands the strata and units of a study; complaints name the stratum. `name` gives what a key of a level of
    /// the frame stands for.
    #[must_use]
    pub fn new(design: &Design, frame: &Frame, name: impl Fn(usize, u32) -> String) -> (Self, Diagnostics) {
        let mut problems = Diagnostics::default();
        let count = frame.levels.len().div_ceil(2);
        let mut stages: Vec<SampleStage> = Vec::new();
        for (index, stage) in design.stages[..count].iter().enumerate() {
            let stage = Builder { chances: design.chances, stage, index, frame }.build(&name, &mut problems);
            stages.push(stage);
        }
        suspicions::lonely_units(design, &stages, &mut problems);
        suspicions::reused_units(design, frame, &name, &mut problems);
        // Of populations that are wrong nothing follows.
        if !problems.has_errors() {
            suspicions::unweighted_rates(design, &stages, &mut problems);
        }
        let with_anybody = stages[0].strata.iter().filter(|stratum| stratum.weighted_units > 0);
        let mut degrees_of_freedom = with_anybody.map(|stratum| stratum.weighted_units as f64 - 1.0).sum();
        let mut replicates = None;
        if let (Some(study), true) = (&design.replicates, !problems.has_errors()) {
            replicates = match &study.source {
                ReplicateSource::Made { .. } => {
                    suspicions::later_stages_left_out(design, study, &mut problems);
                    Replicates::make(study, design.lonely_unit, &stages[0], &mut problems)
                }
                ReplicateSource::Columns { names, .. } => Some(Replicates::from_columns(study, names.len())),
            };
            let rank = match replicates.as_ref().and_then(|replicates| replicates.factors.as_ref()) {
                Some(factors) => factors.rank(&frame.weighted()),
                None => frame.replicate_weights.rank(),
            };
            degrees_of_freedom = rank as f64 - 1.0;
        }
        (Self { stages, lonely_unit: design.lonely_unit, degrees_of_freedom, replicates }, problems)
    }

    /// Where variances come from: `linearized`, or the name of the replicates' method.
    #[must_use]
    pub fn variance_method(&self) -> &'static str {
        self.replicates.as_ref().map_or("linearised", |replicates| replicates.method.name())
    }

    /// Whether variances take finite populations into account.
    #[must_use]
    pub fn has_finite_populations(&self) -> bool {
        let ignores = |replicates: &Replicates| !matches!(replicates.factors, Some(Factors::LeftOut(_)));
        let is_sampled = |stage: &SampleStage| stage.strata.iter().any(|stratum| stratum.sampled_fraction > 0.0);
        let units = |stage: &SampleStage| stage.units.iter().any(|unit| unit.sampled_fraction > 0.0);
        !self.replicates.as_ref().is_some_and(ignores)
            && self.stages.iter().any(|stage| is_sampled(stage) || units(stage))
    }

    /// Whether all of the population is in the sample, so that nothing was left to chance.
    #[must_use]
    pub fn is_census(&self) -> bool {
        let mut strata = self.stages.iter().flat_map(|stage| &stage.strata);
        self.replicates.is_none() && !self.strata().is_empty() && strata.all(|stratum| stratum.sampled_fraction >= 1.0)
    }

    /// The strata of the first stage.
    #[must_use]
    pub fn strata(&self) -> &[Stratum] {
        &self.stages[0].strata
    }
}

impl SampleStage {
    /// The sampled fraction of the one unit of a stratum.
    #[must_use]
    pub fn lonely_fraction(&self, stratum: usize) -> f64 {
        let own = self.units.iter().find(|unit| unit.stratum == stratum);
        own.map_or(self.strata[stratum].sampled_fraction, |unit| unit.sampled_fraction)
    }
}

/// Makes a stage out of two levels of the frame.
struct Builder<'a> {
    chances: Chances,
    stage: &'a Stage,
    index: usize,
    frame: &'a Frame,
}

impl Builder<'_> {
    fn build(&self, name: impl Fn(usize, u32) -> String, problems: &mut Diagnostics) -> SampleStage {
        let level = 2 * self.index;
        let strata = self.frame.levels[level].nodes.iter().map(|node| Stratum {
            name: name(level, node.key),
            within: node.parent as usize,
            units: 0,
            weighted_units: 0,
            sampled_fraction: 0.0,
        });
        let mut strata: Vec<Stratum> = strata.collect();
        let units = self.frame.levels.get(level + 1).map_or(&[][..], |units| &units.nodes);
        let mut units: Vec<Unit> =
            units.iter().map(|unit| Unit { stratum: unit.parent as usize, sampled_fraction: 0.0 }).collect();
        if units.is_empty() {
            for (facts, stratum) in self.frame.groups.iter().zip(self.frame.ancestors(level)) {
                strata[stratum].units += facts.rows;
                strata[stratum].weighted_units += facts.weighted_rows;
            }
        } else {
            let mut weighted = vec![false; units.len()];
            for (facts, unit) in self.frame.groups.iter().zip(self.frame.ancestors(level + 1)) {
                weighted[unit] |= facts.weighted_rows > 0;
            }
            for (unit, weighted) in units.iter().zip(weighted) {
                strata[unit.stratum].units += 1;
                strata[unit.stratum].weighted_units += u64::from(weighted);
            }
        }
        let Some((column, origin)) = &self.stage.fpc else { return SampleStage { strata, units } };
        let place = |stratum: &Stratum| match (self.index, stratum.name.as_str()) {
            (0, "") => String::new(),
            (0, name) => format!(" in stratum `{name}`"),
            (stage, "") => format!(" within a unit of stage {stage}"),
            (stage, name) => format!(" in stratum `{name}` of stage {}", stage + 1),
        };
        let mut complaints = Vec::new();
        let (code, hint) = match self.chances {
            Chances::Equal => {
                let populations = self.populations(level, strata.len());
                for (stratum, range) in strata.iter_mut().zip(populations) {
                    let place = place(stratum);
                    stratum.sampled_fraction =
                        sampled_fraction(column, stratum.units as f64, &place, range, &mut complaints);
                }
                for unit in &mut units {
                    unit.sampled_fraction = strata[unit.stratum].sampled_fraction;
                }
                let hint =
                    "a finite population is its size in units of that stage, or the sampled fraction from 0 to 1";
                ("bad-population", hint)
            }
            Chances::Brewer => {
                for (position, range) in self.populations(level + 1, units.len()).into_iter().enumerate() {
                    let unit = &mut units[position];
                    unit.sampled_fraction = chance(column, &place(&strata[unit.stratum]), range, &mut complaints);
                }
                ("bad-chance", "with pps, fpc holds the chance that the unit had to be chosen")
            }
        };
        say_first(complaints, ["is wrong too", "are wrong too"], (code, origin, hint), problems);
        SampleStage { strata, units }
    }

    /// For each node of a level the range of the finite population column.
    fn populations(&self, level: usize, nodes: usize) -> Vec<(f64, f64)> {
        let mut populations = vec![None; nodes];
        for (facts, node) in self.frame.groups.iter().zip(self.frame.ancestors(level)) {
            populations[node] = union(populations[node], facts.populations[self.index]);
        }
        populations.into_iter().map(|range| range.unwrap_or((f64::NAN, f64::NAN))).collect()
    }
}

/// A mistake in one stratum is nearly always one in all: the first few are said, and how many more there are.
fn say_first(
    complaints: Vec<String>,
    [one, many]: [&str; 2],
    (code, origin, hint): (&'static str, &Origin, &str),
    problems: &mut Diagnostics,
) {
    const FIRST: usize = 3;
    let all = complaints.len();
    let mut distinct: Vec<String> = Vec::new();
    for complaint in complaints {
        if distinct.len() < FIRST && !distinct.contains(&complaint) {
            distinct.push(complaint);
        }
    }
    let said = distinct.len();
    for (index, mut message) in distinct.into_iter().enumerate() {
        if index + 1 == said && all > said {
            let more = all - said;
            message += &format!("; {more} more {}", if more == 1 { one } else { many });
        }
        problems.push(Diagnostic::error(code, origin.0.clone(), message).hint(hint));
    }
}

/// Populations up to 1 are fractions, larger ones are sizes in units.
fn sampled_fraction(
    column: &str,
    units: f64,
    place: &str,
    (low, high): (f64, f64),
    complaints: &mut Vec<String>,
) -> f64 {
    let fraction = if low <= 1.0 { low } else { units / low };
    if low.is_nan() {
        complaints.push(format!("column `{column}` has no number in some rows{place}"));
    } else if low < high {
        complaints.push(format!("column `{column}` holds values from {low} to {high}{place}, expected one"));
    } else if low <= 0.0 || fraction > 1.0 {
        let units = counted(units as usize, "unit");
        complaints.push(format!("column `{column}` is {low}{place}, which has {units} in the sample"));
    }
    fraction
}

/// The chance of one unit.
fn chance(column: &str, place: &str, (low, high): (f64, f64), complaints: &mut Vec<String>) -> f64 {
    if low.is_nan() {
        complaints.push(format!("column `{column}` has no number in some rows{place}"));
    } else if low < high {
        complaints
            .push(format!("column `{column}` holds chances from {low} to {high} for one unit{place}, expected one"));
    } else if low <= 0.0 || low > 1.0 {
        complaints.push(format!("column `{column}` is {low}{place}, expected a chance above 0 and up to 1"));
    }
    low
}
