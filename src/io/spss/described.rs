//! What an SPSS file says of its columns.

use ambers::{Measure as Level, MissingSpec, SpssMetadata, Value as Labelled};
use encoding_rs::Encoding;

use super::{decoded, records::Records, sets, stored::Stored};
use crate::{
    codebook::{Codebook, Measure, Role, Value, Variable},
    study::Reason,
};

/// All that it says.
pub(super) fn codebook(
    metadata: &SpssMetadata,
    records: &Records,
    stored: &[Stored],
    encoding: &'static Encoding,
) -> Codebook {
    let title = Some(metadata.file_label.trim().to_owned()).filter(|title| !title.is_empty());
    let variables = metadata.variable_names.iter().zip(stored).map(|(name, stored)| variable(metadata, name, stored));
    let mut codebook = Codebook { title, variables: variables.collect(), ..Codebook::default() };
    let decoded = |bytes: &[u8]| decoded(bytes, encoding).into_owned();
    let named = |called: &str| {
        let is_so = |name: &&String| name.eq_ignore_ascii_case(called);
        metadata.variable_names.iter().find(is_so).cloned()
    };
    // A column may be called otherwise in the sets of old; both names stand in the records in the same order.
    let short: Vec<(String, String)> =
        short_names(stored, records, metadata).map(|(short, name)| (decoded(short), name.clone())).collect();
    let by_short = |called: &str| {
        let known = short.iter().find(|(short, _)| short.eq_ignore_ascii_case(called));
        known.map(|(_, name)| name.clone()).or_else(|| named(called))
    };
    for (kind, record) in &records.further {
        let found = match sets::RECORDS.iter().position(|known| known == kind) {
            Some(0) => sets::sets(record, &codebook, decoded, by_short),
            Some(_) => sets::sets(record, &codebook, decoded, named),
            None => continue,
        };
        for set in found {
            codebook.sets.retain(|known| known.name != set.name);
            codebook.sets.push(set);
        }
    }
    codebook
}

fn short_names<'a>(
    stored: &'a [Stored],
    records: &'a Records,
    metadata: &'a SpssMetadata,
) -> impl Iterator<Item = (&'a [u8], &'a String)> {
    let slot = |stored: &Stored| match stored {
        Stored::Number(at, _) => at / 8,
        Stored::Text(pieces) => pieces.first().map_or(0, |(at, _)| at / 8),
    };
    stored
        .iter()
        .zip(&metadata.variable_names)
        .map(move |(stored, name)| (records.slots[slot(stored)].1.as_slice(), name))
}

fn variable(metadata: &SpssMetadata, name: &str, stored: &Stored) -> Variable {
    let mut variable = Variable::new(name).labelled(metadata.label(name).unwrap_or_default());
    variable.measure = match metadata.measure(name) {
        Some(Level::Nominal) => Some(Measure::Nominal),
        Some(Level::Ordinal) => Some(Measure::Ordinal),
        Some(Level::Scale) => Some(Measure::Number),
        Some(Level::Unknown) | None => None,
    };
    if metadata.weight_variable.as_deref() == Some(name) {
        variable.role = Role::Weight;
    }
    let code = |value: &Labelled| match value {
        Labelled::Numeric(number) => stored.code(*number),
        Labelled::String(text) => text.trim_end().to_owned(),
    };
    let labels = metadata.value_labels(name).into_iter().flatten();
    variable.values = labels.map(|(value, label)| Value::answer(&code(value), label.trim())).collect();
    for missing in metadata.variable_missing_values.get(name).into_iter().flatten() {
        match missing {
            MissingSpec::Value(number) => no_answer(&mut variable, &stored.code(*number)),
            MissingSpec::StringValue(text) => no_answer(&mut variable, text.trim_end()),
            MissingSpec::Range { lo, hi } => {
                let low = if *lo <= -f64::MAX.next_down() { f64::NEG_INFINITY } else { *lo };
                let high = if *hi >= f64::MAX { f64::INFINITY } else { *hi };
                variable.missing_ranges.push((low, high));
                for (labelled, value) in metadata.value_labels(name).into_iter().flatten().zip(&mut variable.values) {
                    if matches!(labelled.0, Labelled::Numeric(number) if (low..=high).contains(number)) {
                        value.missing = Some(Reason::Skipped);
                    }
                }
            }
        }
    }
    variable
}

/// Notes that a value is no answer. Why, only its label can tell.
fn no_answer(variable: &mut Variable, code: &str) {
    match variable.values.iter_mut().find(|value| value.code == code) {
        Some(value) => value.missing = Some(Reason::Skipped),
        None if code.is_empty() => {}
        None => variable.values.push(Value::missing(code, None, Reason::Skipped)),
    }
}
