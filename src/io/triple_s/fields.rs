//! The columns that a definition is read as if it had, and what of a line each of them takes.

use std::collections::HashSet;

use super::definition::{Definition, Kind, Variable};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    /// The position of its variable.
    pub variable: usize,
    pub part: Part,
}

/// What of a variable a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// Whether this code is among those chosen.
    Bit(usize),
    /// One of the subfields, counted from 0.
    Subfield(usize),
}

/// All columns in order.
pub(super) fn columns(definition: &Definition) -> Vec<Column> {
    let names: HashSet<&str> = definition.variables.iter().map(|variable| variable.name.as_str()).collect();
    let mut columns = Vec::new();
    for (variable, described) in definition.variables.iter().enumerate() {
        let numbered = |number: usize| {
            let name = format!("{}_{number}", described.name);
            if names.contains(name.as_str()) { format!("{}.{number}", described.name) } else { name }
        };
        match described.kind {
            Kind::Bits => columns.extend(bits(described).map(|code| Column {
                name: numbered(code),
                variable,
                part: Part::Bit(code),
            })),
            Kind::Spread { subfields, .. } => columns.extend((0..subfields).map(|index| Column {
                name: numbered(index + 1),
                variable,
                part: Part::Subfield(index),
            })),
            _ => columns.push(Column { name: described.name.clone(), variable, part: Part::Whole }),
        }
    }
    columns
}

/// The codes of a bitstring, in the order of the definition, then those of ranges that have no words.
fn bits(variable: &Variable) -> impl Iterator<Item = usize> {
    let named: Vec<usize> =
        variable.codes.iter().filter_map(|code| code.value.parse().ok()).filter(|code| *code > 0).collect();
    let ranges = variable.ranges.iter().flat_map(|(low, high)| (*low as usize).max(1)..=*high as usize);
    let others: Vec<usize> = ranges.filter(|code| !named.contains(code)).collect();
    let mut seen = HashSet::new();
    named.into_iter().chain(others).filter(move |code| seen.insert(*code))
}
