//! Why factors cannot be found.

use std::fmt;

use super::{Bounds, Constraint};

/// Why factors cannot be found. Margins, levels, numbers and cells are counted from 0, in messages from 1; who knows
/// their names has them in [`Error::describe`].
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// There is neither a margin nor a number, or a margin without a target above 0.
    NoTargets,
    /// A target is negative, or no number.
    BadTarget {
        /// The constraint.
        constraint: Constraint,
        /// Its target.
        target: f64,
    },
    /// The targets of a margin sum to another population than those of the first.
    TotalsDiffer {
        /// The margin.
        margin: usize,
        /// The sum of its targets.
        total: f64,
        /// The sum of the targets of the first margin.
        first: f64,
    },
    /// Respondents are at a level that has no target, or one of 0.
    NoTarget {
        /// The margin.
        margin: usize,
        /// The level.
        level: usize,
        /// How many they are.
        respondents: u64,
    },
    /// A level with a target has no respondents.
    NoRespondents {
        /// The margin.
        margin: usize,
        /// The level.
        level: usize,
        /// Its target.
        target: f64,
        /// The level to collapse it with.
        collapse_with: Option<usize>,
    },
    /// A cell has not one level for each margin and one finite value for each number, or its weights are negative.
    BadCell(usize),
    /// Base weights are not given for each cell.
    BaseOfOtherCells {
        /// How many cells there are.
        cells: usize,
        /// For how many weights were given.
        weights: usize,
    },
    /// A target is not what the others leave: no weights whatsoever have these totals.
    Contradiction {
        /// The constraint.
        constraint: Constraint,
        /// The total that follows from the others.
        implied: f64,
        /// Its target.
        target: f64,
    },
    /// The method knows only margins, or only one.
    MethodFitsNot {
        /// The name of the method.
        method: &'static str,
        /// How many margins there are.
        margins: usize,
        /// How many numbers.
        numbers: usize,
    },
    /// Bounds of factors do not have 1 between them, or are infinite where they may not be.
    BoundsNotAroundOne(Bounds),
    /// The population is so many times the base weights that factors cannot lie within their bounds.
    ScaleBeyondBounds {
        /// The sum of base weights.
        base: f64,
        /// The population.
        total: f64,
        /// The bounds.
        bounds: Bounds,
    },
    /// All base weights at a level with a target are 0, as can be in a replicate.
    NoBaseWeight(Constraint),
    /// No factors were found that fit; the worst of the constraints.
    NotConverged {
        /// After how many steps of Newton's method.
        iterations: usize,
        /// The constraint that is furthest off.
        constraint: Constraint,
        /// The total reached.
        reached: f64,
        /// Its target.
        target: f64,
    },
    /// Respondents of a cell have different base weights, so that bounds of weights are no bounds of its factor.
    MixedBaseWeights(usize),
    /// With every weight at a bound a level is still short of its target, or above it.
    BoundsTooTight {
        /// The level.
        constraint: Constraint,
        /// The total at the bound.
        reachable: f64,
        /// Its target.
        target: f64,
        /// The bounds of weights.
        bounds: Bounds,
    },
    /// Bounds of weights do not have the mean weight between them.
    MeanBeyondBounds {
        /// The mean weight.
        mean: f64,
        /// The bounds of weights.
        bounds: Bounds,
    },
    /// Weights were cut again and again, and are still not within bounds.
    NotTrimmed {
        /// The bounds of weights.
        bounds: Bounds,
        /// How often they were cut.
        rounds: usize,
    },
    /// What weights are to be trimmed to has no meaning: bounds in the wrong order, parts beyond 0 and 1, a design
    /// effect below 1.
    BadTrimming(Bounds),
    /// No bound makes weights that equal.
    DesignEffectOutOfReach {
        /// The design effect wanted.
        wanted: f64,
        /// The lowest found, where any weights fit.
        lowest: Option<f64>,
    },
}

impl Error {
    /// What is wrong, in a sentence, with `name` for the constraints.
    #[must_use]
    pub fn describe(&self, name: impl Fn(Constraint) -> String) -> String {
        let level = |margin, level| name(Constraint::Level { margin, level });
        match self {
            Self::NoTargets => "there is no target to weight to".to_owned(),
            Self::BadTarget { constraint, target } => {
                format!("the target of {} is {}", name(*constraint), short(*target))
            }
            Self::TotalsDiffer { margin, total, first } => {
                let (off, total, first) = (signed(total - first), short(*total), short(*first));
                format!("the targets of margin {} sum to {total}, those of margin 1 to {first}: {off}", margin + 1)
            }
            Self::NoTarget { margin, level: at, respondents } => {
                format!("{} has {respondents} respondents, but no target above 0", level(*margin, *at))
            }
            Self::NoRespondents { margin, level: at, target, .. } => {
                format!("{} has the target {}, but no respondents", level(*margin, *at), short(*target))
            }
            Self::BadCell(cell) => format!("cell {} lacks a level or a number, or has weights that are none", cell + 1),
            Self::BaseOfOtherCells { cells, weights } => format!("there are {cells} cells, but weights of {weights}"),
            Self::Contradiction { constraint, implied, target } => {
                let (name, target, implied) = (name(*constraint), short(*target), short(*implied));
                format!("the target of {name} is {target}, but the other targets leave {implied} for it")
            }
            Self::MethodFitsNot { method, margins, numbers } => {
                format!("{method} does not fit {margins} margins and {numbers} numbers")
            }
            Self::BoundsNotAroundOne(bounds) => {
                format!(
                    "the bounds of factors are {bounds}; they must be below and above 1, and finite for logit calibration"
                )
            }
            Self::ScaleBeyondBounds { base, total, bounds } => {
                let (ratio, base, total) = (short(total / base), short(*base), short(*total));
                format!(
                    "base weights sum to {base}, targets to {total}: a factor of {ratio}, beyond the bounds {bounds}"
                )
            }
            Self::NoBaseWeight(constraint) => format!("all base weights of {} are 0", name(*constraint)),
            Self::NotConverged { iterations, constraint, reached, target } => {
                let (name, off) = (name(*constraint), signed(reached - target));
                let (reached, target) = (short(*reached), short(*target));
                format!("after {iterations} steps {name} is at {reached}, its target is {target}: {off}")
            }
            Self::MixedBaseWeights(cell) => format!("respondents of cell {} have different base weights", cell + 1),
            Self::BoundsTooTight { constraint, reachable, target, bounds } => {
                let (name, most) = (name(*constraint), if reachable < target { "at most" } else { "at least" });
                let (reachable, target) = (short(*reachable), short(*target));
                format!("with weights within {bounds} {name} sums to {most} {reachable}; its target is {target}")
            }
            Self::MeanBeyondBounds { mean, bounds } => {
                format!("the mean weight {} is not within the bounds {bounds}", short(*mean))
            }
            Self::NotTrimmed { bounds, rounds } => format!("weights cut {rounds} times are still not within {bounds}"),
            Self::BadTrimming(bounds) => format!("weights cannot be trimmed to {bounds}"),
            Self::DesignEffectOutOfReach { wanted, lowest } => {
                let lowest = lowest
                    .map_or("no bound of weights fits".to_owned(), |lowest| format!("the lowest is {}", short(lowest)));
                format!("this method has no weights with a design effect of {}; {lowest}", short(*wanted))
            }
        }
    }

    /// The target that it is about, if it is about one.
    #[must_use]
    pub fn constraint(&self) -> Option<Constraint> {
        match self {
            Self::NoTarget { margin, level, .. } | Self::NoRespondents { margin, level, .. } => {
                Some(Constraint::Level { margin: *margin, level: *level })
            }
            Self::BadTarget { constraint, .. }
            | Self::Contradiction { constraint, .. }
            | Self::NotConverged { constraint, .. }
            | Self::BoundsTooTight { constraint, .. }
            | Self::NoBaseWeight(constraint) => Some(*constraint),
            _ => None,
        }
    }

    /// What to do about it, with `name` for the constraints.
    #[must_use]
    pub fn advice(&self, name: impl Fn(Constraint) -> String) -> Option<String> {
        let advice = match self {
            Self::TotalsDiffer { .. } => "give all margins shares, or totals of the same population".to_owned(),
            Self::NoTarget { .. } => {
                "give the level a target, or take its respondents out of the population".to_owned()
            }
            Self::NoRespondents { margin, collapse_with: Some(level), .. } => {
                format!("collapse it with {}", name(Constraint::Level { margin: *margin, level: *level }))
            }
            Self::MethodFitsNot { numbers: 0, .. } => "raking fits several margins".to_owned(),
            Self::MethodFitsNot { .. } => "linear, exponential and logit calibration fit numbers".to_owned(),
            Self::ScaleBeyondBounds { base, total, .. } => {
                format!("scale the base weights by {} first: bounds are of factors", short(total / base))
            }
            Self::NotConverged { .. } => {
                "collapse thin levels or widen the bounds; where cells are empty, margins can contradict each other"
                    .to_owned()
            }
            Self::MixedBaseWeights(_) => "to trim weights, split cells by base weight".to_owned(),
            Self::BoundsTooTight { .. } | Self::MeanBeyondBounds { .. } => {
                "widen the bounds, or collapse the level with another".to_owned()
            }
            Self::DesignEffectOutOfReach { .. } => {
                "allow a larger one, collapse levels, or take the linear method, whose weights are the most equal"
                    .to_owned()
            }
            _ => return None,
        };
        Some(advice)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(|constraint| constraint.to_string()))?;
        self.advice(|constraint| constraint.to_string()).map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level { margin, level } => write!(f, "level {} of margin {}", level + 1, margin + 1),
            Self::Number(number) => write!(f, "number {}", number + 1),
        }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", short(self.low), short(self.high))
    }
}

/// A number with at most seven significant digits.
fn short(value: f64) -> String {
    let rounded = format!("{value:.6e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-5..1e15).contains(&f64::abs(rounded)) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

/// The same with a sign.
fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", short(value)) } else { short(value) }
}
