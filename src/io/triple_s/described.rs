//! What a definition says of its columns, in the terms of every format.

use super::{
    definition::{Code, Definition, Kind, Usage, Variable},
    fields::{Column, Part},
};
use crate::codebook::{Base, Codebook, Interview, Measure, Member, Role, Set, SetKind, Value, Variable as Known};

/// The codebook; `with_none` are the columns that begin a spread of which somebody chose nothing.
pub(super) fn codebook(definition: &Definition, columns: &[Column], with_none: &[Column]) -> Codebook {
    let mut codebook = Codebook { title: definition.title.clone(), ..Codebook::default() };
    for (position, variable) in definition.variables.iter().enumerate() {
        let own: Vec<&Column> = columns.iter().filter(|column| column.variable == position).collect();
        let base = variable.filter.as_ref().and_then(|(name, _)| base(definition, definition.named(name)?, columns));
        let mut values: Vec<Value> = variable.codes.iter().map(value).collect();
        if matches!(variable.kind, Kind::Spread { .. }) && own.first().is_some_and(|column| with_none.contains(column))
        {
            values.push(Value::answer("0", "None of these"));
        }
        for column in &own {
            codebook.variables.push(known(variable, column, &values, base.as_ref()));
        }
        let kind = match variable.kind {
            Kind::Bits => SetKind::Dichotomies { chosen: Vec::new() },
            Kind::Spread { .. } => SetKind::Categories,
            _ => continue,
        };
        codebook.sets.push(Set {
            name: variable.name.clone(),
            label: Some(variable.label.clone()).filter(|label| !label.is_empty()),
            kind,
            members: own.iter().map(|column| member(variable, column)).collect(),
        });
    }
    codebook
}

fn known(variable: &Variable, column: &Column, values: &[Value], base: Option<&Base>) -> Known {
    let mut known = Known::new(&column.name).labelled(&variable.label);
    known.base = base.cloned();
    known.role = role(variable);
    match variable.kind {
        Kind::Single(_) => {
            // Codes that are no answers have none.
            let are_scored = variable.codes.iter().any(|code| code.has_score);
            known.measure = Some(if are_scored { Measure::Ordinal } else { Measure::Nominal });
            known.values = values.to_vec();
        }
        Kind::Spread { .. } => {
            known.measure = Some(Measure::Nominal);
            known.values = values.to_vec();
        }
        Kind::Quantity => {
            known.measure = Some(Measure::Number);
            known.values = values.to_vec();
        }
        Kind::Logical => {
            known.measure = Some(Measure::Nominal);
            known.values = match values {
                [] => vec![Value::answer("1", "Yes"), Value::answer("0", "No")],
                values => values.to_vec(),
            };
        }
        Kind::Bits | Kind::Character | Kind::Date | Kind::Time => {}
    }
    known
}

fn role(variable: &Variable) -> Role {
    match (variable.usage, variable.kind) {
        (Some(Usage::Serial), _) => Role::Identifier,
        (Some(Usage::Weight), _) => Role::Weight,
        (None, Kind::Character) => Role::OpenText,
        (None, Kind::Date | Kind::Time) => Role::Interview(Interview::Other),
        (None, _) => Role::Answer,
    }
}

fn value(code: &Code) -> Value {
    Value { code: code.value.clone(), label: Some(code.label.clone()).filter(|label| !label.is_empty()), missing: None }
}

fn member(variable: &Variable, column: &Column) -> Member {
    let label = match column.part {
        Part::Bit(bit) => {
            let code = variable.codes.iter().find(|code| code.value == bit.to_string() && !code.label.is_empty());
            code.map_or_else(|| bit.to_string(), |code| code.label.clone())
        }
        Part::Subfield(index) => (index + 1).to_string(),
        Part::Whole => String::new(),
    };
    Member { column: column.name.clone(), label }
}

/// Those for whom a filter is true, or who have a value of it.
fn base(definition: &Definition, filter: &Variable, columns: &[Column]) -> Option<Base> {
    let of_filter = columns.iter().filter(|column| definition.variables[column.variable].name == filter.name);
    let has_value: Vec<String> = of_filter
        .map(|column| match filter.kind {
            Kind::Logical | Kind::Bits => format!("{} = '1'", quoted(&column.name)),
            _ => format!("{} IS NOT NULL", quoted(&column.name)),
        })
        .collect();
    let label = Some(filter.label.clone()).filter(|label| !label.is_empty());
    (!has_value.is_empty()).then(|| Base { label, condition: has_value.join(" OR ") })
}

/// A name in a condition.
fn quoted(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}
