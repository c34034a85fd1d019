//! What a sample design has that cannot be right, or is seldom meant.

use std::collections::HashMap;

use super::{Frame, SampleStage, Stratum, say_first};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, quoted_list},
    study::{Design, LonelyUnit, Method, ReplicateSource, Replicates},
};

/// Strata with a single unit, of whose variance nothing can be said.
pub(super) fn lonely_units(design: &Design, stages: &[SampleStage], problems: &mut Diagnostics) {
    if design.lonely_unit != LonelyUnit::Fail || !lonely_units_matter(design) {
        return;
    }
    for (index, (stage, named)) in stages.iter().zip(&design.stages).enumerate() {
        let named = named.strata.as_ref().or(named.units.as_ref()).or(named.fpc.as_ref());
        let Some((_, origin)) = named else { continue };
        let strata = stage.strata.iter().enumerate();
        let lonely = strata.filter(|(position, stratum)| stratum.units == 1 && stage.lonely_fraction(*position) < 1.0);
        let lonely: Vec<&Stratum> = lonely.map(|(_, stratum)| stratum).collect();
        let say = |complaints: Vec<String>, hint: &str, problems: &mut Diagnostics| {
            say_first(
                complaints,
                ["has a single unit too", "have a single unit too"],
                ("lonely-unit", origin, hint),
                problems,
            );
        };
        let single = |name: &str| vec![format!("{name} has a single unit, so its variance is unknown")];
        match (index, lonely.len(), stage.strata.len()) {
            (_, 0, _) => {}
            (0, ..) if design.stages[0].strata.is_none() => say(single("the sample"), HINT_OF_SAMPLE, problems),
            (0, many, all) if many == all && all > 1 => {
                let units = if stage.units.is_empty() { "respondent" } else { "unit" };
                let message = format!("each of the {all} strata has a single {units}, so that no variance is known");
                say(vec![message], "strata are groups of several units: is this the right column?", problems);
            }
            (0, ..) => {
                let complaints = lonely.iter().flat_map(|stratum| single(&format!("stratum `{}`", stratum.name)));
                say(complaints.collect(), HINT_OF_STRATUM, problems);
            }
            // Names of later strata repeat from unit to unit.
            (stage, 1, _) => say(single(&format!("a unit of stage {stage}")), HINT_OF_STRATUM, problems),
            (stage, many, _) => {
                say(single(&format!("each of {many} strata in units of stage {stage}")), HINT_OF_STRATUM, problems);
            }
        }
    }
}

const HINT_OF_STRATUM: &str = "merge it with a neighbour; or set lonely_unit = \"certainty\" where the unit was sure to be chosen, \
    otherwise \"adjust\" or \"average\", or \"remove\" to leave it out";
const HINT_OF_SAMPLE: &str = "is this the column that tells the units apart? Without `units` each respondent is one";

/// Replicates are made of the first stage alone. With replacement its units hold what later stages add; with a finite
/// population they hold only a part of it (R: "Finite population corrections after first stage have been dropped").
pub(super) fn later_stages_left_out(design: &Design, replicates: &Replicates, problems: &mut Diagnostics) {
    let later = &design.stages[1..];
    if design.stages.iter().all(|stage| stage.fpc.is_none()) || later.is_empty() {
        return;
    }
    let columns = later.iter().flat_map(|stage| [&stage.strata, &stage.units, &stage.fpc]);
    let columns: Vec<&str> = columns.flatten().map(|(column, _)| column.as_str()).collect();
    let method = replicates.method.name();
    let message = format!(
        "replicates of type `{method}` are made of the first stage alone: {} of later stages {} left out",
        quoted_list(columns.iter().copied()),
        if columns.len() == 1 { "is" } else { "are" }
    );
    let is_jackknife = matches!(replicates.method, Method::Jk1 | Method::Jkn);
    let hint = if is_jackknife && design.first().fpc.is_some() {
        "errors are those of the first stage with its finite population, and too small by what later stages add; without \
         [design.replicates] all stages count, and without fpc errors are those of a first stage with replacement, which \
         hold what later stages add"
    } else {
        "errors are those of a first stage with replacement: they hold what later stages add, and are too large where much of the population was sampled"
    };
    problems.push(Diagnostic::warning("ignored-stages", replicates.origin.0.clone(), message).hint(hint));
}

/// Strata, or units, that were sampled at different rates need weights, or those sampled more count too much.
pub(super) fn unweighted_rates(design: &Design, stages: &[SampleStage], problems: &mut Diagnostics) {
    let Some((column, origin)) = stages.iter().zip(&design.stages).find_map(|(stage, named)| {
        let fractions = || {
            let of_units = stage.units.iter().map(|unit| unit.sampled_fraction);
            of_units
                .chain(stage.strata.iter().filter(|_| stage.units.is_empty()).map(|stratum| stratum.sampled_fraction))
        };
        let (low, high) = (fractions().fold(f64::INFINITY, f64::min), fractions().fold(0.0, f64::max));
        named.fpc.as_ref().filter(|_| low < 0.999 * high)
    }) else {
        return;
    };
    if design.weight.is_none() {
        let message =
            format!("by `{column}` parts of the population were sampled at different rates, but everybody counts 1");
        let hint = "name the column of weights in [design]; a weight is 1 over the chance to be in the sample";
        problems.push(Diagnostic::warning("no-weights", origin.0.clone(), message).hint(hint));
    }
}

/// A code that stands in two strata may be two units, or a mistake.
pub(super) fn reused_units(
    design: &Design,
    frame: &Frame,
    name: impl Fn(usize, u32) -> String,
    problems: &mut Diagnostics,
) {
    let (Some(units), Some((column, origin))) = (frame.levels.get(1), &design.stages[0].units) else { return };
    if design.nested || design.stages[0].strata.is_none() {
        return;
    }
    let mut first_stratum = HashMap::new();
    let mut reused: Vec<(u32, [u32; 2])> = Vec::new();
    for unit in &units.nodes {
        let first = *first_stratum.entry(unit.key).or_insert(unit.parent);
        if first != unit.parent && reused.last().is_none_or(|(key, _)| *key != unit.key) {
            reused.push((unit.key, [first, unit.parent]));
        }
    }
    if let Some((key, strata)) = reused.first() {
        let [one, other] = strata.map(|stratum| name(0, frame.levels[0].nodes[stratum as usize].key));
        let unit = name(1, *key);
        let mut codes: Vec<u32> = reused.iter().map(|(key, _)| *key).collect();
        codes.sort_unstable();
        codes.dedup();
        let more = match codes.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more in several strata"),
        };
        let message = format!("column `{column}` has unit `{unit}` in stratum `{one}` and in stratum `{other}`{more}");
        let hint = "it counts as a unit of its own in each. Where units are numbered anew in each stratum, nested = true says so, \
                    and silences this; where one lies in several, these are not the strata units were chosen in, and \
                    errors are wrong";
        problems.push(Diagnostic::warning("reused-unit", origin.0.clone(), message).hint(hint));
    }
}

/// Half-samples need pairs and complain themselves; successive differences know no strata, and columns no units.
fn lonely_units_matter(design: &Design) -> bool {
    let Some(replicates) = &design.replicates else { return true };
    let is_made = matches!(replicates.source, ReplicateSource::Made { .. });
    is_made && matches!(replicates.method, Method::Jk1 | Method::Jkn | Method::Bootstrap)
}
