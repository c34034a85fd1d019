//! How respondents were chosen: strata, primary sampling units, finite populations.

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    study::{Design, LonelyUnit, Origin},
};

/// One stage of strata and primary sampling units, as found in the data.
#[derive(Clone, Debug)]
pub struct SampleDesign {
    /// The strata, in the order in which they were first seen; one where the design names none.
    pub strata: Vec<Stratum>,
    /// What a stratum with a single unit contributes.
    pub lonely_unit: LonelyUnit,
    /// Units minus strata, of those with a weight above zero. Those of the whole design, for every domain too.
    pub degrees_of_freedom: f64,
}

/// A stratum.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum {
    /// Its name in the data.
    pub name: String,
    /// Primary sampling units in it: `n_h`.
    pub units: u64,
    /// Primary sampling units with anybody of a weight above zero.
    pub weighted_units: u64,
    /// The part of the population that is in the sample, `f_h`: 0 without a finite population.
    pub sampled_fraction: f64,
}

/// A stratum as it was counted, before its finite population is understood.
#[derive(Clone, Debug)]
pub struct ObservedStratum {
    /// Its name in the data.
    pub name: String,
    /// Primary sampling units in it.
    pub units: u64,
    /// Primary sampling units with anybody of a weight above zero.
    pub weighted_units: u64,
    /// Smallest and largest value of the finite population column; NaN where one was missing.
    pub population: Option<(f64, f64)>,
}

impl SampleDesign {
    /// Understands the strata of a study; complaints name the stratum.
    #[must_use]
    pub fn new(design: &Design, observed: Vec<ObservedStratum>) -> (Self, Diagnostics) {
        let mut problems = Diagnostics::default();
        let strata: Vec<Stratum> = observed
            .into_iter()
            .map(|stratum| {
                let sampled_fraction = match (&design.fpc, stratum.population) {
                    (Some((column, origin)), Some(range)) => {
                        sampled_fraction(column, origin, &stratum, range, &mut problems)
                    }
                    _ => 0.0,
                };
                let ObservedStratum { name, units, weighted_units, .. } = stratum;
                Stratum { name, units, weighted_units, sampled_fraction }
            })
            .collect();
        lonely_units(design, &strata, &mut problems);
        let with_anybody = strata.iter().filter(|stratum| stratum.weighted_units > 0);
        let degrees_of_freedom = with_anybody.map(|stratum| stratum.weighted_units as f64 - 1.0).sum();
        (Self { strata, lonely_unit: design.lonely_unit, degrees_of_freedom }, problems)
    }
}

/// Populations up to 1 are fractions, larger ones are sizes in units.
fn sampled_fraction(
    column: &str,
    origin: &Origin,
    stratum: &ObservedStratum,
    (low, high): (f64, f64),
    problems: &mut Diagnostics,
) -> f64 {
    let units = stratum.units as f64;
    let fraction = if low <= 1.0 { low } else { units / low };
    let whole = if stratum.name.is_empty() { String::new() } else { format!(" in stratum `{}`", stratum.name) };
    let complaint = if low.is_nan() {
        Some(format!("column `{column}` has no number in some rows{whole}"))
    } else if low < high {
        Some(format!("column `{column}` holds values from {low} to {high}{whole}, expected one"))
    } else if low <= 0.0 || fraction > 1.0 {
        Some(format!("column `{column}` is {low}{whole}, which has {units} units in the sample"))
    } else {
        None
    };
    if let Some(message) = complaint {
        let hint = "a finite population is its size in primary sampling units, or the sampled fraction from 0 to 1";
        problems.push(Diagnostic::error("bad-population", origin.0.clone(), message).hint(hint));
    }
    fraction
}

fn lonely_units(design: &Design, strata: &[Stratum], problems: &mut Diagnostics) {
    let Some((_, origin)) = design.strata.as_ref().or(design.units.as_ref()) else { return };
    if design.lonely_unit != LonelyUnit::Fail {
        return;
    }
    for stratum in strata.iter().filter(|stratum| stratum.units == 1 && stratum.sampled_fraction < 1.0) {
        let message = format!("stratum `{}` has a single unit, so its variance is unknown", stratum.name);
        let hint =
            "merge it with a neighbour, or set lonely_unit = \"certainty\", \"adjust\", \"average\" or \"remove\"";
        problems.push(Diagnostic::error("lonely-unit", origin.0.clone(), message).hint(hint));
    }
}
