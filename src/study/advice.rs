//! Words for a value that has the wrong type, and how it should have been written.

use toml::de::DeValue;

use super::Reason;
use crate::diagnostic::quoted_list;

/// A value for a sentence.
pub fn described(value: &DeValue<'_>) -> String {
    const LONGEST: usize = 40;
    match value {
        DeValue::String(text) if text.is_empty() => "an empty text".to_owned(),
        DeValue::String(text) if text.chars().count() <= LONGEST => format!("the text `{text}`"),
        DeValue::String(_) => "a text".to_owned(),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// How a key that holds a table is written; the value that was typed instead is taken over where that helps.
pub fn example_of_table(key: &str, value: &DeValue<'_>) -> Option<String> {
    let first = match value {
        DeValue::Array(items) => items.iter().next().map(toml::Spanned::get_ref),
        value => Some(value),
    };
    let code = first.and_then(|first| match first {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        _ => None,
    });
    let code = code.map(|code| format!("{code:?}"));
    Some(match key {
        "missing" => format!(
            "write missing = {{ {} = \"skipped\" }}; reasons are {}",
            code.as_deref().unwrap_or("\"-99\""),
            quoted_list(Reason::ALL.map(Reason::name))
        ),
        "published" | "assumed" => format!("write {key} = {{ {} = 20 }}, in percent", code.as_deref().unwrap_or("yes")),
        "nets" => "write nets = { top2 = [\"4\", \"5\"] }".to_owned(),
        "lean" => "write lean = { age = 0.5 }".to_owned(),
        "fieldwork" => "write fieldwork = { from = 2026-03-02, to = 2026-03-15 }".to_owned(),
        "replicates" => "write [design.replicates] with type = \"brr\" below it".to_owned(),
        "trim" => "write [weighting.trim] with bounds = [0.2, 5] below it".to_owned(),
        "weighting" => "write [weighting] on a line of its own, and [[weighting.margin]] below it".to_owned(),
        "study" | "data" | "design" | "publication" | "simulation" => format!("write [{key}] on a line of its own"),
        _ => return None,
    })
}
