//! The codebook for machines: one line an answer, or one document.

use serde_json::{Map, Value, json};

use super::{Catalogue, Entry, Item, Said};
use crate::{io::CsvWriter, study::Language};

/// The columns of the long table.
pub(super) const COLUMNS: [&str; 14] = [
    "part",
    "id",
    "columns",
    "wording",
    "kind",
    "base",
    "condition",
    "asked",
    "answered",
    "item",
    "code",
    "label",
    "respondents",
    "respondents_text",
];

/// One line for each answer, level, net and reason; one for a question or column that has none. `asked`, `answered` and `respondents` are
/// numbers where these may be said exactly, and blank where not; `respondents_text` says how many as far as may be said.
pub fn to_csv(catalogue: &Catalogue) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut writer = CsvWriter::new(&mut bytes, &COLUMNS)?;
    for (entry, item) in lines(catalogue) {
        let cells = cells(entry, item, catalogue.language);
        writer.row(cells.iter().map(String::as_str))?;
    }
    writer.finish()?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// One document; a count that may not be said exactly has only its text.
#[must_use]
pub fn to_json(catalogue: &Catalogue) -> String {
    let language = catalogue.language;
    let entries: Vec<Value> = catalogue.entries.iter().map(|entry| of_entry(entry, language)).collect();
    let document = json!({
        "title": catalogue.title,
        "synthetic": catalogue.warning.is_some(),
        "file": catalogue.file,
        "respondents": catalogue.respondents,
        "minimum_count": catalogue.minimum,
        "entries": entries,
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

pub(super) fn lines(catalogue: &Catalogue) -> impl Iterator<Item = (&Entry, Option<&Item>)> {
    catalogue.entries.iter().flat_map(|entry| {
        let alone = entry.items.is_empty().then_some((entry, None));
        entry.items.iter().map(move |item| (entry, Some(item))).chain(alone)
    })
}

pub(super) fn cells(entry: &Entry, item: Option<&Item>, language: Language) -> [String; COLUMNS.len()] {
    let number =
        |said: Option<Said>| said.and_then(Said::exactly).map_or_else(String::new, |number| number.to_string());
    let (base, condition) = entry.base.clone().unwrap_or_default();
    let of_item = |text: &dyn Fn(&Item) -> String| item.map(text).unwrap_or_default();
    [
        entry.part.name().to_owned(),
        entry.id.clone(),
        entry.columns.join(" "),
        entry.wording.clone(),
        entry.kind.clone(),
        base,
        condition.unwrap_or_default(),
        number(entry.asked),
        number(entry.answered),
        of_item(&|item| item.sort.name().to_owned()),
        of_item(&|item| item.code.clone()),
        of_item(&|item| item.label.clone()),
        number(item.map(|item| item.count)),
        of_item(&|item| item.count.text(language)),
    ]
}

fn of_entry(entry: &Entry, language: Language) -> Value {
    let mut fields = Map::new();
    let mut add = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    add("part", json!(entry.part.name()));
    add("id", json!(entry.id));
    add("columns", json!(entry.columns));
    add("wording", json!(entry.wording));
    add("kind", json!(entry.kind));
    if let Some((label, condition)) = &entry.base {
        add("base", json!({ "label": label, "condition": condition }));
    }
    for (name, said) in [("asked", entry.asked), ("answered", entry.answered)] {
        if let Some(said) = said {
            add(name, count(said, language));
        }
    }
    let item = |item: &Item| {
        json!({
            "item": item.sort.name(),
            "code": item.code,
            "label": item.label,
            "respondents": count(item.count, language),
        })
    };
    add("items", entry.items.iter().map(item).collect());
    Value::Object(fields)
}

fn count(said: Said, language: Language) -> Value {
    said.exactly().map_or_else(|| json!(said.text(language)), |number| json!(number))
}
