//! Reads values out of parsed TOML, noting every mistake with its place and going on.

use std::{ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Language,
    advice::{described, example_of_table},
    keys::{self, TABLES},
    label::Label,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source, did_you_mean, quoted_list, slip};

/// A value and where it was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the study file.
    pub span: Range<usize>,
}

impl<T> Typed<T> {
    /// The same place with a value made from this one.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Typed<U> {
        Typed { value: f(self.value), span: self.span }
    }
}

/// The file being read and what was wrong so far.
pub struct Reader {
    pub source: Arc<Source>,
    pub problems: Diagnostics,
}

impl Reader {
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::Text(Arc::clone(&self.source), span)
    }

    pub fn error(&mut self, code: &'static str, span: Range<usize>, message: impl Into<String>, hint: Option<String>) {
        let place = self.place(span);
        self.problems.push(Diagnostic::error(code, place, message).maybe_hint(hint));
    }

    /// A value as it was typed: `1e-300`, not three hundred zeros.
    pub fn typed<T>(&self, value: &Typed<T>) -> &str {
        self.source.text.get(value.span.clone()).unwrap_or_default()
    }

    /// Whether something at this place is wrong already.
    pub fn has_complained_within(&self, span: &Range<usize>) -> bool {
        self.problems.iter().any(|problem| {
            matches!(&problem.place, Place::Text(_, inner) if span.start <= inner.start && inner.end <= span.end)
        })
    }

    pub fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, name: &str, expected: &str, hint: Option<String>) {
        let message = format!("`{name}` is {}, expected {expected}", described(value.get_ref()));
        self.error("wrong-type", value.span(), message, hint);
    }
}

/// A table whose keys are taken one by one; what is left at the end was not expected.
pub struct Section<'a> {
    name: String,
    pub span: Range<usize>,
    entries: Vec<(&'a str, Range<usize>, &'a Spanned<DeValue<'a>>)>,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub fn new(name: impl Into<String>, span: Range<usize>, table: &'a DeTable<'a>) -> Self {
        let entries = table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
        Self { name: name.into(), span, entries, asked: Vec::new() }
    }

    /// A table that may be absent.
    pub fn section(&mut self, reader: &mut Reader, key: &'static str) -> Option<Section<'a>> {
        let (span, value) = self.take(key)?;
        if let DeValue::Table(table) = value.get_ref() {
            Some(Section::new(key, span, table))
        } else {
            let hint = example_of_table(key, value.get_ref());
            reader.wrong_type(value, key, "a table", hint);
            None
        }
    }

    /// An array of tables that may be absent. One whose name has a slip, or that is a single table, is read all the same:
    /// what names something in it is no mistake.
    pub fn sections(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Section<'a>> {
        self.asked.push(key);
        let (own, rest) = std::mem::take(&mut self.entries).into_iter().partition(|(name, _, value)| {
            let holds_tables = matches!(value.get_ref(), DeValue::Array(_) | DeValue::Table(_));
            *name == key || (holds_tables && slip(name, [key]).is_some())
        });
        self.entries = rest;
        let mut sections = Vec::new();
        let own: Vec<(&str, Range<usize>, &Spanned<DeValue<'_>>)> = own;
        for (name, span, value) in own {
            if name != key {
                self.complain_of_unknown(reader, name, span.clone());
            }
            match value.get_ref() {
                DeValue::Array(items) => {
                    for item in items {
                        match item.get_ref() {
                            DeValue::Table(table) => sections.push(Section::new(key, item.span(), table)),
                            _ => reader.wrong_type(item, key, "a table", None),
                        }
                    }
                }
                DeValue::Table(table) => {
                    let heading = Some(keys::heading(key)).filter(|heading| heading.starts_with("[["));
                    let heading = heading.unwrap_or_else(|| format!("[[{key}]]"));
                    reader.wrong_type(value, key, &format!("a list: write {heading} with two pairs of brackets"), None);
                    sections.push(Section::new(key, span, table));
                }
                _ => reader.wrong_type(value, key, "a list of tables", None),
            }
        }
        sections
    }

    pub fn text(&mut self, reader: &mut Reader, key: &'static str) -> Option<Typed<String>> {
        let (_, value) = self.take(key)?;
        text_of(reader, value, key)
    }

    pub fn number(&mut self, reader: &mut Reader, key: &'static str) -> Option<Typed<f64>> {
        let (_, value) = self.take(key)?;
        number_of(reader, value, key)
    }

    pub fn flag(&mut self, reader: &mut Reader, key: &'static str) -> bool {
        let Some((_, value)) = self.take(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            reader.wrong_type(value, key, "true or false", None);
            false
        })
    }

    pub fn label(&mut self, reader: &mut Reader, key: &'static str) -> Option<Label> {
        let (span, value) = self.take(key)?;
        label_of(reader, span, value, key)
    }

    /// One of a fixed set of words.
    pub fn choice<T: Copy>(&mut self, reader: &mut Reader, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let typed = self.text(reader, key)?;
        choice_of(reader, &typed, key, choices)
    }

    /// The same with the place of the word.
    pub fn choice_with_place<T: Copy>(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<Typed<T>> {
        let typed = self.text(reader, key)?;
        choice_of(reader, &typed, key, choices).map(|choice| typed.map(|_| choice))
    }

    /// A text, or a list of texts.
    pub fn texts(&mut self, reader: &mut Reader, key: &'static str) -> Option<Typed<Vec<Typed<String>>>> {
        let (_, value) = self.take(key)?;
        let texts = match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| text_of(reader, item, key)).collect(),
            _ => text_of(reader, value, key).into_iter().collect(),
        };
        Some(Typed { value: texts, span: value.span() })
    }

    /// One column, or a list of columns; an empty list is an empty name.
    pub fn columns(&mut self, reader: &mut Reader, key: &'static str) -> Option<Typed<Vec<Typed<String>>>> {
        let mut typed = self.texts(reader, key)?;
        if typed.value.is_empty() {
            typed.value.push(Typed { value: String::new(), span: typed.span.clone() });
        }
        Some(typed)
    }

    /// A column for each stage of the sample, of which some may be empty, but not all.
    pub fn columns_of_stages(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Typed<String>> {
        let Some(typed) = self.texts(reader, key) else { return Vec::new() };
        if typed.value.iter().all(|name| name.value.trim().is_empty()) {
            self.complain_of_empty(reader, key, typed.span, "a column", "\"name\"");
            return Vec::new();
        }
        typed.value
    }

    /// Nobody writes a key to say nothing.
    pub fn complain_of_empty(&self, reader: &mut Reader, key: &str, span: Range<usize>, expected: &str, example: &str) {
        let without = keys::default_of(&self.name, key).filter(|default| !default.is_empty() && *default != "required");
        let without = without.map_or(String::new(), |default| format!(", or leave it out for the default: {default}"));
        let hint = format!("write {key} = {example}{without}");
        if !reader.has_complained_within(&span) {
            reader.error("empty", span, format!("`{key}` is empty, expected {expected}"), Some(hint));
        }
    }

    pub fn numbers(&mut self, reader: &mut Reader, key: &'static str) -> Option<Typed<Vec<Typed<f64>>>> {
        let (_, value) = self.take(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            reader.wrong_type(value, key, "a list of numbers such as [18, 25, 35]", None);
            return None;
        };
        let numbers = items.iter().filter_map(|item| number_of(reader, item, key)).collect();
        Some(Typed { value: numbers, span: value.span() })
    }

    /// The raw value of a key that can take several forms.
    pub fn take(&mut self, key: &'static str) -> Option<(Range<usize>, &'a Spanned<DeValue<'a>>)> {
        self.asked.push(key);
        let index = self.entries.iter().position(|(name, ..)| *name == key)?;
        let (_, span, value) = self.entries.remove(index);
        Some((span, value))
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a key is not there.
    pub fn lacks(&self, key: &str) -> bool {
        self.entries.iter().all(|(name, ..)| *name != key)
    }

    /// Where a key stands, if it does.
    pub fn span_of(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|(name, ..)| *name == key).map(|(_, span, _)| span.clone())
    }

    /// The keys of a table that maps names the user chose.
    pub fn entries(self) -> Vec<(&'a str, Range<usize>, &'a Spanned<DeValue<'a>>)> {
        self.entries
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(mut self, reader: &mut Reader) {
        for (key, span, _) in std::mem::take(&mut self.entries) {
            self.complain_of_unknown(reader, key, span);
        }
    }

    fn complain_of_unknown(&self, reader: &mut Reader, key: &str, span: Range<usize>) {
        let table = keys::heading(&self.name);
        let explained = if TABLES.iter().any(|table| table.name == self.name) {
            format!("`topline keys {}` explains them", self.name)
        } else {
            "`topline keys` explains them".to_owned()
        };
        let all: Vec<String> = self.asked.iter().map(|key| format!("`{key}`")).collect();
        let all = || format!("{table} knows {}; {explained}", all.join(", "));
        let elsewhere = || {
            const MOST: usize = 2;
            let tables: Vec<String> = keys::tables_with(key).map(|table| keys::heading(table.name)).collect();
            let are_few = (1..=MOST).contains(&tables.len());
            are_few.then(|| format!("`{key}` belongs into {}", tables.join(" or ")))
        };
        let near = || did_you_mean(key, self.asked.iter().copied());
        let hint = slip(key, self.asked.iter().copied()).or_else(elsewhere).or_else(near).unwrap_or_else(all);
        reader.error("unknown-key", span, format!("unknown key `{key}` in {table}"), Some(hint));
    }
}

/// A text; numbers are taken as they were typed, because codes are often numbers.
pub fn text_of(reader: &mut Reader, value: &Spanned<DeValue<'_>>, name: &str) -> Option<Typed<String>> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Datetime(date) => date.to_string(),
        _ => {
            reader.wrong_type(value, name, "a text in quotes", None);
            return None;
        }
    };
    Some(Typed { value: text, span: value.span() })
}

pub fn number_of(reader: &mut Reader, value: &Spanned<DeValue<'_>>, name: &str) -> Option<Typed<f64>> {
    let text = match value.get_ref() {
        DeValue::Integer(number) => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => {
            reader.wrong_type(value, name, "a number", None);
            return None;
        }
    };
    match text.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Some(Typed { value: number, span: value.span() }),
        _ => {
            reader.wrong_type(value, name, "a finite number", None);
            None
        }
    }
}

/// One text for both languages, or a table with `de` and `en`.
pub fn label_of(reader: &mut Reader, span: Range<usize>, value: &Spanned<DeValue<'_>>, name: &str) -> Option<Label> {
    match value.get_ref() {
        DeValue::Table(table) => {
            let mut section = Section::new(name, span.clone(), table);
            let de = section.text(reader, "de").map(|text| text.value);
            let en = section.text(reader, "en").map(|text| text.value);
            section.finish(reader);
            if de.is_none() && en.is_none() {
                let hint = Some("write a text, or { de = \"...\", en = \"...\" }".to_owned());
                reader.error("empty-label", span, format!("`{name}` has no text"), hint);
                return None;
            }
            Some(Label::new(de, en))
        }
        _ => text_of(reader, value, name).map(|text| Label::plain(text.value)),
    }
}

/// One of a fixed set of words.
pub fn choice_of<T: Copy>(reader: &mut Reader, typed: &Typed<String>, name: &str, choices: &[(&str, T)]) -> Option<T> {
    choice_or_hint(reader, typed, name, choices, |_| None)
}

/// The same, with what to write for words that mean one of them elsewhere.
pub fn choice_or_hint<T: Copy>(
    reader: &mut Reader,
    typed: &Typed<String>,
    name: &str,
    choices: &[(&str, T)],
    hint: impl Fn(&str) -> Option<String>,
) -> Option<T> {
    if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == typed.value) {
        return Some(*choice);
    }
    let words = || choices.iter().map(|(word, _)| *word);
    let hint = hint(&typed.value).or_else(|| did_you_mean(&typed.value, words()));
    let message = format!("`{name}` is `{}`, expected one of {}", typed.value, quoted_list(words()));
    reader.error("unknown-choice", typed.span.clone(), message, hint);
    None
}

/// The languages by name.
pub const LANGUAGES: [(&str, Language); 2] = [("de", Language::De), ("en", Language::En)];
