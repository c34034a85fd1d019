//! Names for what a column becomes: ids for commands, labels for people, and the language they speak.

use std::collections::HashSet;

use super::toml::one_line;
use crate::{codebook::Codebook, personal::words, responses::Profile, study::Language};

/// The ids given so far.
#[derive(Debug, Default)]
pub(super) struct Ids(HashSet<String>);

impl Ids {
    /// An id made from a column name: short, lower case, letters of ASCII, not given before.
    pub fn make(&mut self, name: &str) -> String {
        const LONGEST: usize = 32;
        let mut id = String::new();
        for word in words(name) {
            if !id.is_empty() && id.len() + word.len() >= LONGEST {
                break;
            }
            if !id.is_empty() {
                id.push('_');
            }
            id.push_str(&word[..word.len().min(LONGEST)]);
        }
        // SQL, in which bases are written, knows no name that begins with a digit.
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) {
            id.insert(0, 'q');
        }
        let unique = (2..).map(|i| format!("{id}_{i}"));
        let unique = std::iter::once(id.clone()).chain(unique).find(|id| !self.0.contains(id)).unwrap_or(id);
        self.0.insert(unique.clone());
        unique
    }
}

/// A name or code as people read it: `very_often` is `Very often`.
pub(super) fn label(name: &str) -> String {
    let mut text = one_line(name);
    if !text.contains(' ') && text.starts_with(char::is_alphanumeric) {
        text = text.replace('_', " ");
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        // `iPhone` is meant so.
        (Some(first), second) if first.is_lowercase() && !second.is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.trim().to_owned(),
    }
}

/// The language that columns and answers mostly speak.
pub(super) fn language(profiles: &[Profile], codebook: &Codebook) -> Language {
    const GERMAN: &[&str] = &[
        "ja",
        "nein",
        "alter",
        "geschlecht",
        "weiblich",
        "maennlich",
        "divers",
        "keine",
        "nicht",
        "und",
        "oder",
        "wie",
        "der",
        "das",
        "ist",
        "sind",
        "sie",
        "zufrieden",
        "stimme",
        "trifft",
        "zu",
        "selten",
        "immer",
        "manchmal",
        "bundesland",
        "gewicht",
        "gewichtung",
        "bildung",
        "einkommen",
        "sehr",
        "gut",
        "weiss",
        "frage",
        "welche",
        "sonstiges",
        "schicht",
        "kommentar",
        "dauer",
        "datum",
        "fuer",
    ];
    const ENGLISH: &[&str] = &[
        "yes",
        "no",
        "age",
        "gender",
        "sex",
        "female",
        "male",
        "not",
        "and",
        "or",
        "how",
        "the",
        "is",
        "are",
        "you",
        "satisfied",
        "agree",
        "disagree",
        "rarely",
        "always",
        "sometimes",
        "often",
        "very",
        "weight",
        "region",
        "education",
        "income",
        "good",
        "know",
        "question",
        "which",
        "what",
        "other",
        "race",
        "comment",
        "duration",
        "date",
        "never",
    ];
    let answers = profiles.iter().filter(|profile| !profile.many).flat_map(|profile| &profile.values);
    let labels = codebook.variables.iter().flat_map(|variable| {
        variable.label.iter().chain(variable.values.iter().filter_map(|value| value.label.as_ref()))
    });
    let texts = profiles.iter().map(|profile| &profile.column).chain(answers.map(|(value, _)| value)).chain(labels);
    let spoken: Vec<String> = texts.flat_map(|text| words(text)).collect();
    let count = |known: &[&str]| spoken.iter().filter(|word| known.contains(&word.as_str())).count();
    if count(GERMAN) > count(ENGLISH) { Language::De } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::{Ids, label};

    #[test]
    fn ids_are_short_and_unique() {
        let mut ids = Ids::default();
        assert_eq!(ids.make("Geschlecht"), "geschlecht");
        assert_eq!(ids.make("geschlecht!"), "geschlecht_2");
        assert_eq!(ids.make("1. Wie zufrieden sind Sie mit unserem Angebot?"), "q1_wie_zufrieden_sind_sie_mit");
        assert_eq!(ids.make("возраст"), "q");
        assert_eq!(ids.make(""), "q_2");
        assert_eq!(ids.make(&"x".repeat(99)).len(), 32);
    }

    #[test]
    fn labels_read_well() {
        for (name, expected) in [
            ("very_often", "Very often"),
            ("iPhone", "iPhone"),
            ("älter\nals 65", "Älter als 65"),
            ("(0,19]", "(0,19]"),
        ] {
            assert_eq!(label(name), expected);
        }
    }
}
