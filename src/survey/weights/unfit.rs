//! What is said where no weights meet the targets: by the names of the study, in what targets were typed in.

use super::targets::{Targets, TotalOf};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    study::weighting::{Given, Trim},
    weighting::{Bounds, Calibration, Cell, Constraint, Convergence, Error, Method, Naming, Solution},
};

impl Targets<'_> {
    /// What is wrong, by the names of the study.
    pub fn complain(&self, errors: Vec<Error>) -> Diagnostics {
        let mut problems = Diagnostics::default();
        for error in errors {
            let error = match error {
                Error::NoRespondents { margin, level, target, collapse_with } => {
                    let collapse_with = collapse_with.and_then(|with| self.known(margin, level, with));
                    Error::NoRespondents { margin, level, target, collapse_with }
                }
                error => error,
            };
            problems.push(self.complaint(&error, error.advice(self)));
        }
        problems
    }

    fn complaint(&self, error: &Error, advice: Option<String>) -> Diagnostic {
        Diagnostic::error("weighting", self.place(error), error.describe(self)).maybe_hint(advice)
    }

    /// Why a method finds no factors of these base weights, and within which bounds it would.
    pub fn unfit(&self, error: &Error, calibration: &Calibration, method: Method, base: &[f64]) -> Diagnostics {
        let otherwise = match error.constraint() {
            Some(Constraint::Number(_)) => "is the target within what the column holds, and in its unit?",
            _ => "collapse thin levels; where cells are empty, margins can contradict each other",
        };
        let widened = |given: Bounds| match calibration.bounds_that_do(method, base, Convergence::default()) {
            Ok(Some(bounds)) => too_tight(error, bounds),
            Ok(None) => {
                format!("the bounds {given} are likely too tight: widen them")
            }
            Err(_) => format!("without bounds no weights fit either: {otherwise}"),
        };
        let advice = match (error, method.bounds()) {
            (Error::BoundsTooTight { .. } | Error::NotConverged { .. }, Some(given)) => Some(widened(given)),
            (Error::NotConverged { .. }, None) => Some(otherwise.to_owned()),
            _ => error.advice(self),
        };
        self.complaint(error, advice).into()
    }

    /// Why weights cannot be trimmed, and to which bounds they could.
    pub fn untrimmed(
        &self,
        error: &Error,
        trim: Trim,
        calibration: &Calibration,
        (cells, method, solution): (&[Cell], Method, &Solution),
    ) -> Diagnostics {
        let is_of_bounds = matches!(error, Error::BoundsTooTight { .. } | Error::NotConverged { .. });
        let advice = match trim {
            Trim::Bounds([low, high]) if is_of_bounds => {
                let given = Bounds { low, high };
                let wider = calibration.multiples_that_do(cells, method, solution, given, Convergence::default());
                wider.map(|bounds| too_tight(error, bounds))
            }
            Trim::Quantiles(_) if is_of_bounds => {
                Some("take quantiles further apart, or collapse the level with another".to_owned())
            }
            _ => None,
        };
        self.complaint(error, advice.or_else(|| error.advice(self))).into()
    }

    /// A level to collapse another with: those whose level is unknown are none.
    pub fn known(&self, margin: usize, level: usize, with: usize) -> Option<usize> {
        let levels = self.weighting.margins[self.of_study[margin]].targets.len();
        let neighbour = level.checked_sub(1).or((levels > 1).then_some(level + 1));
        if with < levels { Some(with) } else { neighbour }
    }

    /// A level of a margin of the study in words.
    pub fn level(&self, margin: usize, level: usize) -> String {
        let of_study = &self.weighting.margins[margin];
        let name = self.weighting.name_of(of_study);
        if level >= of_study.targets.len() {
            return format!("{name} unknown");
        }
        format!("{name} `{}`", self.codes(margin, level))
    }

    /// The codes of a level.
    pub fn codes(&self, margin: usize, level: usize) -> String {
        let mut rest = level;
        let mut codes: Vec<&str> = Vec::new();
        for variable in self.weighting.margins[margin].variables.iter().rev() {
            let levels = self.weighting.variables[*variable].segment.levels();
            codes.push(&levels[rest % levels.len()].code);
            rest /= levels.len();
        }
        codes.reverse();
        codes.join(" × ")
    }

    fn place(&self, error: &Error) -> Place {
        let origin = match error.constraint() {
            Some(Constraint::Level { margin, .. }) => &self.weighting.margins[self.of_study[margin]].origin,
            Some(Constraint::Number(number)) => self.told[number].origin,
            None => &self.weighting.origin,
        };
        origin.0.clone()
    }

    /// In what a total of weights is told.
    fn unit(&self, constraint: Constraint) -> Unit {
        let (margin, whole) = match constraint {
            Constraint::Level { margin, level } => {
                let of_study = self.of_study[margin];
                if level >= self.weighting.margins[of_study].targets.len() {
                    return Unit::Percent { of_weights: self.population / 100.0 };
                }
                (of_study, self.at_levels[margin])
            }
            Constraint::Number(number) => match self.told[number].total {
                TotalOf::Level(margin) => (margin, self.population),
                TotalOf::Deviations { mean, weight } => return Unit::Mean { mean, of_weights: weight },
                TotalOf::Number => return Unit::AsItIs,
            },
        };
        match self.weighting.margins[margin].given {
            Given::Percent(sum) => Unit::Percent { of_weights: whole / sum },
            Given::Reference(_) => Unit::Percent { of_weights: whole / 100.0 },
            Given::Totals(people) => Unit::People { of_weights: whole / people, percent: whole / 100.0 },
        }
    }
}

/// What a total of weights is told in, and how much weight one of it is.
enum Unit {
    Percent { of_weights: f64 },
    People { of_weights: f64, percent: f64 },
    Mean { mean: f64, of_weights: f64 },
    AsItIs,
}

impl Naming for Targets<'_> {
    fn constraint(&self, constraint: Constraint) -> String {
        match constraint {
            Constraint::Level { margin, level } => self.level(self.of_study[margin], level),
            Constraint::Number(number) => self.told[number].name.clone(),
        }
    }

    fn total(&self, constraint: Constraint, total: f64) -> String {
        match self.unit(constraint) {
            Unit::Percent { of_weights } => format!("{}%", readable(total / of_weights)),
            Unit::People { of_weights, percent } => {
                format!("{} people ({}%)", readable(total / of_weights), readable(total / percent))
            }
            Unit::Mean { mean, of_weights } => format!("a mean of {}", readable(mean + total / of_weights)),
            Unit::AsItIs => readable(total),
        }
    }

    fn difference(&self, constraint: Constraint, difference: f64) -> String {
        let number = match self.unit(constraint) {
            Unit::AsItIs => difference,
            Unit::Percent { of_weights } | Unit::People { of_weights, .. } | Unit::Mean { of_weights, .. } => {
                difference / of_weights
            }
        };
        let unit = match self.unit(constraint) {
            Unit::Percent { .. } => " points",
            Unit::People { .. } => " people",
            Unit::Mean { .. } | Unit::AsItIs => "",
        };
        format!("{}{}{unit}", if number > 0.0 { "+" } else { "" }, readable(number))
    }

    fn weights(&self, bounds: Bounds) -> String {
        format!("{} times the average", bounds.times(self.respondents as f64 / self.population))
    }
}

/// A number as a person reads it: people whole, percent to three decimals, unless nothing is left of it then.
fn readable(number: f64) -> String {
    const MANY: f64 = 10_000.0;
    let rounded = if number.abs() < MANY { (number * 1e3).round() / 1e3 } else { number.round() };
    if rounded == 0.0 && number != 0.0 { format!("{number:.1e}") } else { rounded.to_string() }
}

/// That bounds are too tight, and which are not, as they are typed.
fn too_tight(error: &Error, wider: Bounds) -> String {
    let collapse = match error.constraint() {
        Some(Constraint::Level { .. }) => "; or collapse the level with another",
        _ => "",
    };
    format!("the bounds are too tight: bounds = [{}, {}] would do{collapse}", wider.low, wider.high)
}
