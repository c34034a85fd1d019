//! What becomes a variable of Triple-S, and of which kind.

use crate::{
    codebook::{Measure, Role, Set, SetKind, Value, Variable},
    convert::{kept::Kept, names::Names, shape::Shape},
    study::{Comparison, Condition},
};

/// A variable of Triple-S.
pub(super) struct Item {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    /// The positions of its columns.
    pub columns: Vec<usize>,
    /// How many positions of a line it takes.
    pub width: usize,
    pub usage: Option<&'static str>,
    pub filter: Option<String>,
    /// Codes with labels.
    pub values: Vec<(String, String)>,
    pub has_scores: bool,
}

pub(super) enum Kind {
    Single,
    Literal,
    Logical,
    /// From the smallest to the largest number.
    Quantity(String, String),
    Character,
    Bits {
        /// The code of each column.
        codes: Vec<usize>,
        chosen: Vec<String>,
        /// What is no answer, by column.
        missing: Vec<Variable>,
        /// Whether nothing chosen is an answer although no cell denies anything.
        only_ticks: bool,
    },
    Spread {
        width: usize,
    },
}

/// More different texts are no codes.
const MOST_CODES: usize = 60;

/// All variables, in the order of the columns.
pub(super) fn items(kept: &Kept<'_>, notes: &mut Vec<String>) -> Vec<Item> {
    let mut names = Names::of_triple_s();
    let mut taken = vec![false; kept.columns.len()];
    let mut items: Vec<Item> = Vec::new();
    for position in 0..kept.columns.len() {
        if taken[position] {
            continue;
        }
        let column = &kept.columns[position].profile.column;
        let begins = |set: &&Set| set.members.first().is_some_and(|member| member.column == *column);
        let mut sets = kept.codebook.sets.iter().filter(begins);
        let item = sets.find_map(|set| {
            let columns: Option<Vec<usize>> =
                set.members.iter().map(|member| free(kept, &taken, &member.column)).collect();
            of_set(kept, set, columns?, &mut names, notes)
        });
        let item = item.unwrap_or_else(|| single(kept, position, &mut names));
        item.columns.iter().for_each(|column| taken[*column] = true);
        items.push(item);
    }
    let mut renamed = Vec::new();
    for item in &items {
        let now = |position: usize| match &item.kind {
            Kind::Bits { codes, .. } => format!("{}_{}", item.name, codes[position]),
            Kind::Spread { .. } => format!("{}_{}", item.name, position + 1),
            _ => item.name.clone(),
        };
        for (position, column) in item.columns.iter().enumerate() {
            let before = &kept.columns[*column].profile.column;
            if *before != now(position) {
                renamed.push(format!("{before} → {}", now(position)));
            }
        }
    }
    if !renamed.is_empty() {
        notes.push(format!("columns that are called otherwise when they are read again: {}", renamed.join(", ")));
    }
    let filters: Vec<Option<String>> = items.iter().map(|item| filter(kept, item, &items)).collect();
    items.iter_mut().zip(filters).for_each(|(item, filter)| item.filter = filter);
    items
}

fn free(kept: &Kept<'_>, taken: &[bool], column: &str) -> Option<usize> {
    let position = kept.columns.iter().position(|shape| shape.profile.column == column)?;
    (!taken[position]).then_some(position)
}

fn of_set(kept: &Kept<'_>, set: &Set, columns: Vec<usize>, names: &mut Names, notes: &mut Vec<String>) -> Option<Item> {
    let shapes: Vec<&Shape> = columns.iter().map(|column| &kept.columns[*column]).collect();
    let known = |shape: &Shape| kept.variable(&shape.profile.column).cloned().unwrap_or_default();
    let missing: Vec<Variable> = shapes.iter().map(|shape| known(shape)).collect();
    let (kind, width, values) = match &set.kind {
        SetKind::Dichotomies { chosen } => {
            let chosen = if chosen.is_empty() { vec!["1".to_owned()] } else { chosen.clone() };
            let codes = codes_of_names(set);
            let labels = codes.iter().zip(&set.members).map(|(code, member)| (code.to_string(), member.label.clone()));
            let denies = |(shape, variable): (&&Shape, &Variable)| {
                let is_chosen = |value: &str| chosen.iter().any(|chosen| crate::study::same_code(chosen, value));
                shape.profile.values.iter().any(|(value, _)| !is_chosen(value) && !Kept::is_missing(variable, value))
            };
            let is_ticked = shapes.iter().any(|shape| shape.profile.filled > 0);
            let denied = shapes.iter().zip(&missing).any(denies);
            let only_ticks = is_ticked && !denied && missing.iter().all(|variable| variable.blank.is_none());
            let width = codes.iter().copied().max().unwrap_or(1);
            let values = labels.collect();
            (Kind::Bits { codes, chosen, missing, only_ticks }, width, values)
        }
        SetKind::Categories => {
            let seen = shapes.iter().flat_map(|shape| shape.profile.values.iter().map(|(value, _)| value.as_str()));
            let mut values: Vec<(String, String)> = missing[0].values.iter().map(code_and_label).collect();
            for code in seen {
                if !values.iter().any(|(known, _)| known == code) {
                    values.push((code.to_owned(), String::new()));
                }
            }
            values.retain(|(code, _)| code != "0");
            let is_code = |code: &str| is_whole(code) && !code.starts_with('0');
            if shapes.iter().any(|shape| shape.profile.many) || !values.iter().all(|(code, _)| is_code(code)) {
                notes.push(format!(
                    "`{}`: its codes are no numbers from 1, so its columns are written one by one",
                    set.name
                ));
                return None;
            }
            let width = values.iter().map(|(code, _)| code.len()).max().unwrap_or(1);
            (Kind::Spread { width }, width * columns.len(), values)
        }
        SetKind::Joined { .. } => {
            notes.push(format!("`{}`: Triple-S has no lists of answers in one cell, it is written as text", set.name));
            return None;
        }
        SetKind::Items => return None,
    };
    let label = set.label.clone().or_else(|| missing_label(kept, &columns)).unwrap_or_default();
    let name = names.make(&set.name);
    Some(Item { name, label, kind, columns, width, usage: None, filter: None, values, has_scores: false })
}

fn missing_label(kept: &Kept<'_>, columns: &[usize]) -> Option<String> {
    kept.variable(&kept.columns[*columns.first()?].profile.column)?.label.clone()
}

/// The numbers at the end of the columns' names, or running ones.
fn codes_of_names(set: &Set) -> Vec<usize> {
    const HIGHEST: usize = 999;
    let own = |column: &String| {
        let rest = column.strip_prefix(&set.name)?.strip_prefix(['_', '.'])?;
        rest.parse().ok().filter(|code| (1..=HIGHEST).contains(code) && !rest.starts_with('0'))
    };
    let mut codes: Vec<usize> = set.members.iter().filter_map(|member| own(&member.column)).collect();
    let given = codes.clone();
    codes.sort_unstable();
    codes.dedup();
    if codes.len() == set.members.len() { given } else { (1..=set.members.len()).collect() }
}

fn single(kept: &Kept<'_>, position: usize, names: &mut Names) -> Item {
    let shape = &kept.columns[position];
    let column = &shape.profile.column;
    let variable = kept.variable(column).cloned().unwrap_or_else(|| Variable::new(column));
    let mut values: Vec<(String, String)> = variable.values.iter().map(code_and_label).collect();
    let usage = match variable.role {
        Role::Weight => Some("weight"),
        Role::Identifier => Some("serial"),
        _ => None,
    };
    let kind = kind(shape, &variable, &values);
    if matches!(kind, Kind::Single | Kind::Literal) {
        for (code, _) in &shape.profile.values {
            if !values.iter().any(|(known, _)| known == code) {
                values.push((code.clone(), String::new()));
            }
        }
    }
    if matches!(kind, Kind::Logical | Kind::Character) {
        values.clear();
    }
    let width = values.iter().map(|(code, _)| code.chars().count()).max().unwrap_or(0).max(shape.letters).max(1);
    Item {
        name: names.make(column),
        label: variable.label.clone().unwrap_or_default(),
        has_scores: variable.measure == Some(Measure::Ordinal),
        columns: vec![position],
        filter: None,
        kind,
        width,
        usage,
        values,
    }
}

fn kind(shape: &Shape, variable: &Variable, values: &[(String, String)]) -> Kind {
    let profile = &shape.profile;
    let codes_are_numbers = values.iter().all(|(code, _)| code.parse::<f64>().is_ok_and(f64::is_finite));
    let is_number =
        variable.measure == Some(Measure::Number) || matches!(variable.role, Role::Weight | Role::Identifier);
    let is_numeric = shape.is_numeric() && codes_are_numbers;
    if is_number && is_numeric {
        return quantity(shape);
    }
    if matches!(variable.role, Role::OpenText | Role::Identifier) || profile.many {
        return if is_numeric && variable.role == Role::Answer { quantity(shape) } else { Kind::Character };
    }
    let yes_no =
        |(code, label): &(String, String)| matches!((code.as_str(), label.as_str()), ("1", "Yes") | ("0", "No"));
    let all =
        || profile.values.iter().map(|(value, _)| value.as_str()).chain(values.iter().map(|(code, _)| code.as_str()));
    if values.len() == 2 && values.iter().all(yes_no) && all().all(|code| matches!(code, "0" | "1")) {
        return Kind::Logical;
    }
    let is_described = !values.is_empty() || matches!(variable.measure, Some(Measure::Nominal | Measure::Ordinal));
    if is_described && all().count() > 0 {
        return if all().all(is_whole) { Kind::Single } else { Kind::Literal };
    }
    if profile.filled > 0 && shape.is_plainly_numeric() {
        return quantity(shape);
    }
    let distinct = profile.values.len();
    let repeats = distinct > 0 && distinct <= MOST_CODES && profile.filled >= 2 * distinct as u64;
    if repeats && variable.role == Role::Answer { Kind::Literal } else { Kind::Character }
}

fn quantity(shape: &Shape) -> Kind {
    let (low, high) = shape.profile.range.unwrap_or((0.0, 0.0));
    let text = |number: f64| match shape.odd_numbers {
        0 => format!("{number:.*}", shape.decimals),
        _ => number.to_string(),
    };
    Kind::Quantity(text(low), text(high))
}

/// Whether a code is a whole number as Triple-S writes it.
fn is_whole(code: &str) -> bool {
    let is_padded = code.len() > 1 && code.starts_with('0');
    !code.is_empty() && code.len() < 10 && !is_padded && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn code_and_label(value: &Value) -> (String, String) {
    (value.code.clone(), value.label.clone().unwrap_or_default())
}

/// The name of the variable that is a base of an item by itself.
fn filter(kept: &Kept<'_>, item: &Item, items: &[Item]) -> Option<String> {
    let base = kept.variable(&kept.columns[*item.columns.first()?].profile.column)?.base.as_ref()?;
    let (atom, is_given) = match Condition::parse(&base.condition).ok()? {
        Condition::Atom(atom) => (atom, false),
        Condition::Not(inner) => match *inner {
            Condition::Atom(atom) => (atom, true),
            _ => return None,
        },
        _ => return None,
    };
    let of =
        items.iter().find(|of| of.columns.len() == 1 && kept.columns[of.columns[0]].profile.column == atom.column)?;
    let fits = match (&atom.test, &of.kind) {
        (Comparison::In(literals), Kind::Logical) => {
            !is_given && matches!(literals.as_slice(), [literal] if literal.as_code() == "1")
        }
        (Comparison::Missing, Kind::Bits { .. } | Kind::Spread { .. } | Kind::Logical) => false,
        (Comparison::Missing, _) => is_given,
        _ => false,
    };
    fits.then(|| of.name.clone())
}
