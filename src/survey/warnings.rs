//! What is worth knowing of weights and design when the responses have been counted, but no error.

use crate::{
    design::{SampleDesign, Stratum},
    diagnostic::{Diagnostic, Diagnostics, counted, first_few, quoted_list},
    estimate::Bases,
    io::{Remark, Table},
    study::{Chances, Design, Further, Method, Study},
    tally::Plan,
};

/// Warnings of a sample in which `everybody` has these bases, and weights lie in a `range`.
pub(super) fn worth_knowing(
    study: &Study,
    everybody: &Bases,
    range: Option<(f64, f64)>,
    sample: &SampleDesign,
) -> Diagnostics {
    let mut warnings = Diagnostics::default();
    heavy_weight(study, everybody, range, &mut warnings);
    equal_weights(study, range, &mut warnings);
    weights_and_population(study, everybody.weighted, sample, &mut warnings);
    no_degrees_of_freedom(study, sample, &mut warnings);
    ignored_design(&study.design, &mut warnings);
    beside_replicates(&study.design, &mut warnings);
    warnings
}

/// Guesses about the file that the study file does not confirm: the encoding of its text, and which of several columns of a
/// name is meant.
pub(super) fn told_from_the_file(study: &Study, plan: &Plan, table: &Table) -> Diagnostics {
    let mut warnings = Diagnostics::default();
    let place = || study.data.origin.0.clone();
    for remark in &table.remarks {
        match remark {
            Remark::Encoding(name) => {
                let message = format!("the text of {} seems to be in {name}", table.name());
                let hint = format!("if its accents are right, say so: encoding = \"{name}\" in [data]");
                warnings.push(Diagnostic::warning("guessed-encoding", place(), message).hint(hint));
            }
            Remark::Renamed { from, to, .. } if plan.requests.iter().any(|request| request.column == *from) => {
                let message = format!("{} has several columns `{from}`; the study reads the first", table.name());
                let hint = format!("another goes by `{to}`; rename them in the data, so that nobody can mix them up");
                warnings.push(Diagnostic::warning("same-name", place(), message).hint(hint));
            }
            _ => {}
        }
    }
    warnings
}

/// A weight that outweighs the others: nearly always a slip of the pen, or of a level with a single respondent, and every
/// share would be one person's.
fn heavy_weight(study: &Study, everybody: &Bases, range: Option<(f64, f64)>, problems: &mut Diagnostics) {
    const MUCH: f64 = 0.1;
    const FEW: u64 = 50;
    let Some((_, highest)) = range else { return };
    let (origin, which, what_then) = match (&study.weighting, &study.design.weight) {
        (Some(weighting), _) => (&weighting.origin, "after weighting".to_owned(), "[weighting.trim] cuts weights"),
        (None, Some((column, origin))) => {
            (origin, format!("in `{column}`"), "is the weight right? `topline check` prints the effective base")
        }
        (None, None) => return,
    };
    let part = highest / everybody.weighted;
    if part > MUCH && everybody.unweighted >= FEW {
        let percent = (part * 100.0).floor();
        let message = format!("the largest weight {which}, {highest:e}, is {percent}% of the sum of all weights");
        let hint = format!("figures stand on one person; {what_then}");
        problems.push(Diagnostic::warning("heavy-weight", origin.0.clone(), message).hint(hint));
    }
}

/// Weights that are the same for everybody are right where they blow a simple random sample up to its population; where only
/// shares and means are asked for they may be the wrong column.
fn equal_weights(study: &Study, range: Option<(f64, f64)>, problems: &mut Diagnostics) {
    let (Some((column, origin)), Some((low, high))) = (&study.design.weight, range) else { return };
    let are_for_totals = low != 1.0 && (study.design.first().fpc.is_some() || asks_for_totals(study));
    if low < high || are_for_totals {
        return;
    }
    let message =
        format!("the weight in `{column}` is {low} for everybody: shares and means are those without weights");
    let hint =
        "is it the right column? For numbers of people in the population a weight that is the same for all does matter";
    problems.push(Diagnostic::warning("equal-weights", origin.0.clone(), message).hint(hint));
}

fn asks_for_totals(study: &Study) -> bool {
    let is_total = |further: &Further| matches!(further, Further::Count | Further::Total);
    study.questions.iter().any(|question| question.further.iter().any(is_total))
}

/// Weights that were scaled to the sample, or none, beside a population that is known: shares stand, numbers of people do not.
fn weights_and_population(study: &Study, weighted: f64, sample: &SampleDesign, problems: &mut Diagnostics) {
    /// Weighting leaves the sum near the population; scaled to the sample it is far from it.
    const NEAR: f64 = 0.1;
    let design = &study.design;
    let Some((column, origin)) = design.first().fpc.as_ref().filter(|_| design.chances == Chances::Equal) else {
        return;
    };
    if design.weight.is_none() && !asks_for_totals(study) {
        return;
    }
    let size = |stratum: &Stratum| stratum.units as f64 / stratum.sampled_fraction;
    let population: f64 = sample.strata().iter().filter(|stratum| stratum.sampled_fraction > 0.0).map(size).sum();
    let are_respondents = design.first().units.is_none();
    let is_too_large = are_respondents && weighted > (1.0 + NEAR) * population;
    // A unit holds one respondent or more.
    if weighted >= (1.0 - NEAR) * population && !is_too_large {
        return;
    }
    let things = if are_respondents { "people" } else { "units" };
    let (weights, hint) = match &design.weight {
        Some((weight, _)) => (
            format!("the weights in `{weight}` add up to {weighted:.0}"),
            "a common factor changes no share and no mean; `count` and `total`, and design effects against a sample without \
             replacement, need weights that add up to the population",
        ),
        None => (
            format!("without weights {weighted:.0} respondents stand for themselves"),
            "`count` and `total` are those of the sample; for the population name a column of weights that add up to it",
        ),
    };
    let message = format!("{weights}, but the population has {population:.0} {things} by `{column}`");
    problems.push(Diagnostic::warning("weights-and-population", origin.0.clone(), message).hint(hint));
}

/// Nothing varies: no figure has an error.
fn no_degrees_of_freedom(study: &Study, sample: &SampleDesign, problems: &mut Diagnostics) {
    if sample.degrees_of_freedom >= 1.0 {
        return;
    }
    let design = &study.design;
    let first = design.first();
    let named = first.strata.as_ref().or(first.units.as_ref()).map(|(_, origin)| origin);
    let origin = design.replicates.as_ref().map(|replicates| &replicates.origin).or(named);
    let origin = origin.unwrap_or(&study.data.origin);
    let strata = sample.strata().iter().filter(|stratum| stratum.weighted_units > 0);
    let units: u64 = strata.clone().map(|stratum| stratum.weighted_units).sum();
    let why = match (&sample.replicates, &first.units) {
        (Some(_), _) => "all replicates are the same".to_owned(),
        (None, Some(_)) => format!("{} in {}", counted(units as usize, "unit"), strata_of(strata.count())),
        (None, None) => format!("{} in {}", counted(units as usize, "respondent"), strata_of(strata.count())),
    };
    let message = format!("the sample has no degrees of freedom: {why}");
    let hint = "figures are shown without errors, intervals and tests, which need two units in a stratum";
    problems.push(Diagnostic::warning("no-degrees-of-freedom", origin.0.clone(), message).hint(hint));
}

fn strata_of(count: usize) -> String {
    if count == 1 { "one stratum".to_owned() } else { format!("{count} strata") }
}

/// What a design says for nothing where replicate weights are read, and scales that were taken for granted.
fn beside_replicates(design: &Design, problems: &mut Diagnostics) {
    let Some(replicates) = design.replicates.as_ref().filter(|replicates| !replicates.columns().is_empty()) else {
        return;
    };
    let first = design.first();
    let named = [("strata", &first.strata), ("units", &first.units), ("fpc", &first.fpc)];
    let named = named.into_iter().filter_map(|(what, column)| Some((what, &column.as_ref()?.1))).collect::<Vec<_>>();
    if let Some((_, origin)) = named.first() {
        let names: Vec<&str> = named.iter().map(|(what, _)| *what).collect();
        let message = format!("{} of [design] are not used beside columns of replicate weights", quoted_list(names));
        let hint = "the columns hold the design; what they leave out of finite populations goes into `rscales`";
        problems.push(Diagnostic::warning("ignored-design", origin.0.clone(), message).hint(hint));
    }
    let guessed = match replicates.method {
        Method::Jk1 => replicates.scale.is_none(),
        Method::Other => replicates.scale.is_none() && replicates.rscales.is_empty(),
        _ => false,
    };
    if guessed {
        let scale = if replicates.method == Method::Jk1 { "(R - 1) / R" } else { "1" };
        let columns = first_few(replicates.columns().iter().map(String::as_str));
        let message = format!("the scale of the replicates in {columns} is taken to be {scale}, as R does");
        let hint = "write scale = ... as the documentation of the weights says";
        problems.push(Diagnostic::warning("guessed-scale", replicates.origin.0.clone(), message).hint(hint));
    }
}

/// Intervals for independent draws in a study that has another design: they are too narrow, or just others.
fn ignored_design(design: &Design, problems: &mut Diagnostics) {
    let named = [("weights", &design.weight), ("strata", &design.first().strata), ("units", &design.first().units)];
    let ignored: Vec<_> = named.into_iter().filter_map(|(what, column)| Some((what, column.as_ref()?))).collect();
    let mut chosen = [design.interval, design.interval_of_quantiles()].into_iter();
    let independent = chosen.find(|interval| interval.ignores_design());
    let (Some((_, (_, origin))), Some(interval)) = (ignored.first(), independent) else { return };
    let name = interval.name();
    let columns: Vec<String> = ignored.iter().map(|(what, (column, _))| format!("{what} in `{column}`")).collect();
    let message = format!("`{name}` intervals ignore the {}", columns.join(", the "));
    let hint = "they take answers as independent draws; \"logit\" and \"korn_graubard\" follow the design";
    problems.push(Diagnostic::warning("ignored-design", origin.0.clone(), message).hint(hint));
}
