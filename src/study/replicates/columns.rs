//! Which columns hold replicate weights.

use std::cmp::Ordering;

use super::Beside;
use crate::{
    diagnostic::{did_you_mean, quoted_list},
    study::reader::{Reader, Typed},
};

/// The columns that names and patterns stand for, each with what stands for it; those of a pattern in natural order. `None`
/// where one stands for none.
pub fn names<'a>(
    reader: &mut Reader,
    typed: &'a Typed<Vec<Typed<String>>>,
    count: usize,
    beside: &Beside<'_>,
) -> Option<Vec<(String, &'a Typed<String>)>> {
    let mut found: Vec<(String, &Typed<String>)> = Vec::new();
    let mut complete = true;
    for name in &typed.value {
        let Some(columns) = beside.columns else {
            match name.value.split_once('*') {
                Some((start, end)) => found.extend((1..=count).map(|number| (format!("{start}{number}{end}"), name))),
                None => found.push((name.value.clone(), name)),
            }
            continue;
        };
        let known = || columns.iter().map(String::as_str);
        let matching: Vec<&String> = if columns.contains(&name.value) {
            vec![&name.value]
        } else {
            let is_other = |column: &&String| beside.weight != Some(column.as_str());
            let mut matching: Vec<&String> =
                columns.iter().filter(|column| matches(&name.value, column)).filter(is_other).collect();
            matching.sort_by(|a, b| natural(a, b));
            matching
        };
        if matching.is_empty() {
            complete = false;
            let stem: String = name.value.chars().take_while(|letter| *letter != '*').collect();
            let begins =
                known().filter(|column| !stem.is_empty() && column.to_lowercase().starts_with(&stem.to_lowercase()));
            let near: Vec<String> = begins.take(3).map(|column| format!("`{column}`")).collect();
            let hint = did_you_mean(&name.value, known()).or_else(|| did_you_mean(&format!("{stem}1"), known()));
            let hint = if near.is_empty() { hint } else { Some(format!("near are {}", near.join(", "))) };
            let hint = hint.or_else(|| Some(format!("the columns are {}", quoted_list(known()))));
            let message = if name.value.is_empty() {
                "replicate weights are named by an empty list or text".to_owned()
            } else if name.value.contains('*') {
                format!("no column of the data matches `{}`", name.value)
            } else {
                format!("the data have no column `{}`", name.value)
            };
            reader.error("unknown-column", name.span.clone(), message, hint);
        }
        for column in matching {
            if let Some((_, earlier)) = found.iter().find(|(known, _)| known == column) {
                let by = [*earlier, name].map(|typed| format!("`{}`", typed.value));
                let how = if by.iter().any(|by| by.contains('*')) {
                    format!(": it is matched by {} and by {}", by[0], by[1])
                } else {
                    String::new()
                };
                let message = format!("column `{column}` is named twice as replicate weights{how}");
                reader.error("listed-twice", name.span.clone(), message, None);
                return None;
            }
            found.push((column.clone(), name));
        }
    }
    complete.then_some(found)
}

/// Whether a name fits a pattern in which `*` stands for any letters.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((end, middle)) = parts.split_last() else { return true };
    for part in middle {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(end)
}

/// `rw2` comes before `rw10`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (next, against) = (run(left), run(right));
        let (digits, digits_too) = (next.trim_start_matches('0'), against.trim_start_matches('0'));
        let are_numbers = [next, against].iter().all(|run| run.starts_with(|letter: char| letter.is_ascii_digit()));
        let order = if are_numbers {
            digits.len().cmp(&digits_too.len()).then_with(|| digits.cmp(digits_too))
        } else {
            next.cmp(against)
        };
        if order != Ordering::Equal || next.is_empty() {
            return order;
        }
        (left, right) = (&left[next.len()..], &right[against.len()..]);
    }
}

/// The digits that a text begins with, or its first letter.
fn run(text: &str) -> &str {
    match text.find(|letter: char| !letter.is_ascii_digit()) {
        Some(0) => &text[..text.chars().next().map_or(0, char::len_utf8)],
        Some(end) => &text[..end],
        None => text,
    }
}
