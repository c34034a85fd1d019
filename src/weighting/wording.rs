//! Why factors cannot be found, in words.

use std::fmt;

use super::{Bounded, Bounds, Constraint, Error};

/// How constraints are called, and totals of weights told, by who knows what they are.
pub trait Naming {
    /// A level or a number.
    fn constraint(&self, constraint: Constraint) -> String;

    /// A total of weights of it.
    fn total(&self, _constraint: Constraint, total: f64) -> String {
        short(total)
    }

    /// How far the total of weights is from its target, with a sign.
    fn difference(&self, _constraint: Constraint, difference: f64) -> String {
        signed(difference)
    }

    /// Bounds of weights.
    fn weights(&self, bounds: Bounds) -> String {
        bounds.to_string()
    }
}

/// Counted from 1, totals as they are.
struct Numbered;

impl Naming for Numbered {
    fn constraint(&self, constraint: Constraint) -> String {
        constraint.to_string()
    }
}

impl Error {
    /// What is wrong, in a sentence.
    #[must_use]
    pub fn describe(&self, naming: &impl Naming) -> String {
        let name = |constraint: &Constraint| naming.constraint(*constraint);
        let total = |constraint: &Constraint, total: &f64| naming.total(*constraint, *total);
        match self {
            Self::NoTargets => "there is no target to weight to".to_owned(),
            Self::BadTarget { constraint, target } => {
                format!("the target of {} is {}", name(constraint), total(constraint, target))
            }
            Self::TotalsDiffer { margin, total, first } => {
                let (off, total, first) = (signed(total - first), short(*total), short(*first));
                format!("the targets of margin {} sum to {total}, those of margin 1 to {first}: {off}", margin + 1)
            }
            Self::NoTarget { margin, level: at, respondents } => {
                let level = Constraint::Level { margin: *margin, level: *at };
                format!("{} has {respondents} respondents, but no target above 0", name(&level))
            }
            Self::NoRespondents { margin, level: at, target, .. } => {
                let level = Constraint::Level { margin: *margin, level: *at };
                format!("{} has the target {}, but no respondents", name(&level), total(&level, target))
            }
            Self::BadCell(cell) => format!("cell {} lacks a level or a number, or has weights that are none", cell + 1),
            Self::BaseOfOtherCells { cells, weights } => format!("there are {cells} cells, but weights of {weights}"),
            Self::Contradiction { constraint, implied, target } => {
                let (name, target, implied) = (name(constraint), total(constraint, target), total(constraint, implied));
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
            Self::NoBaseWeight(constraint) => format!("all base weights of {} are 0", name(constraint)),
            Self::NotConverged { iterations, constraint, reached, target } => {
                let (name, off) = (name(constraint), naming.difference(*constraint, reached - target));
                let (reached, target) = (total(constraint, reached), total(constraint, target));
                format!("after {iterations} steps {name} is at {reached}, its target is {target}: {off}")
            }
            Self::MixedBaseWeights(cell) => format!("respondents of cell {} have different base weights", cell + 1),
            Self::BoundsApart { base, factors, bounds } => {
                let (base, weights) = (short(*base), naming.weights(*bounds));
                format!("a base weight of {base} has no factor of {factors} that makes a weight of {weights}")
            }
            Self::BoundsTooTight { constraint, reachable, target, bounds, of } => {
                let (name, most) = (name(constraint), if reachable < target { "at most" } else { "at least" });
                let (reachable, target) = (total(constraint, reachable), total(constraint, target));
                let within = match of {
                    Bounded::Factors => format!("factors of {bounds}"),
                    Bounded::Weights => format!("weights of {}", naming.weights(*bounds)),
                };
                format!("with {within} {name} comes to {most} {reachable}; its target is {target}")
            }
            Self::MeanBeyondBounds { mean, bounds } => {
                format!("the mean weight {} is not within the bounds {}", short(*mean), naming.weights(*bounds))
            }
            Self::NotTrimmed { bounds, rounds } => {
                format!("weights cut {rounds} times are still not within {}", naming.weights(*bounds))
            }
            Self::BadTrimming(bounds) => format!("weights cannot be trimmed to {}", naming.weights(*bounds)),
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

    /// What to do about it.
    #[must_use]
    pub fn advice(&self, naming: &impl Naming) -> Option<String> {
        let advice = match self {
            Self::TotalsDiffer { .. } => "give all margins shares, or totals of the same population".to_owned(),
            Self::NoTarget { .. } => {
                "give the level a target, or take its respondents out of the population".to_owned()
            }
            Self::NoRespondents { margin, collapse_with: Some(level), .. } => {
                format!("collapse it with {}", naming.constraint(Constraint::Level { margin: *margin, level: *level }))
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
            Self::BoundsApart { .. } => "widen the bounds of factors, or those of weights".to_owned(),
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
        f.write_str(&self.describe(&Numbered))?;
        self.advice(&Numbered).map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

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
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, false) => write!(f, "{} or more", short(self.low)),
            (false, true) => write!(f, "at most {}", short(self.high)),
            _ => write!(f, "{} to {}", short(self.low), short(self.high)),
        }
    }
}

/// A number with at most seven significant digits.
pub fn short(value: f64) -> String {
    let rounded = format!("{value:.6e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-5..1e15).contains(&f64::abs(rounded)) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

/// The same with a sign.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", short(value)) } else { short(value) }
}
