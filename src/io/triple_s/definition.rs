//! A definition as it is meant.

use encoding_rs::Encoding;

use crate::diagnostic::Place;

/// A survey.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub version: String,
    pub title: Option<String>,
    pub layout: Layout,
    /// Lines before the first respondent.
    pub skip: usize,
    /// The file of data that it names.
    pub data: Option<String>,
    /// The encoding of the data, where it is said.
    pub encoding: Option<&'static Encoding>,
    /// That of lines that are not UTF-8, where nothing is said.
    pub other_encoding: &'static Encoding,
    pub variables: Vec<Variable>,
    /// The languages of its texts; those of the first are taken.
    pub spoken: Vec<String>,
}

/// How a line holds variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// At positions.
    Fixed,
    /// In fields with separators between.
    Csv,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    /// The first and last position, or field, counted from 1.
    pub position: (usize, usize),
    pub usage: Option<Usage>,
    /// The name of the variable that says who was asked, and where that stands.
    pub filter: Option<(String, Place)>,
    pub codes: Vec<Code>,
    pub ranges: Vec<(f64, f64)>,
    /// Its name among the elements of the definition.
    pub ident: String,
}

/// A code of a variable.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub value: String,
    pub label: String,
    pub has_score: bool,
}

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Single(Codes),
    Bits,
    Spread { subfields: usize, width: usize },
    Quantity,
    Character,
    Logical,
    Date,
    Time,
}

/// What codes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    Numeric,
    Literal,
}

/// What a variable is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    Serial,
    Weight,
}

impl Definition {
    /// What to say of the languages, where there are several.
    pub(super) fn languages(&self) -> String {
        match self.spoken.as_slice() {
            [first, others @ ..] if !others.is_empty() => {
                format!(", texts in {first}, not in {}", others.join(", "))
            }
            _ => String::new(),
        }
    }

    /// The variable that a filter names.
    pub(super) fn named(&self, name: &str) -> Option<&Variable> {
        let by_name = self.variables.iter().find(|variable| variable.name == name);
        by_name.or_else(|| self.variables.iter().find(|variable| variable.ident == name))
    }
}

#[cfg(test)]
impl Variable {
    /// A variable of a kind, of which nothing else is known.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            name: "q".to_owned(),
            label: String::new(),
            kind,
            position: (1, 1),
            usage: None,
            filter: None,
            codes: Vec::new(),
            ranges: Vec::new(),
            ident: String::new(),
        }
    }
}

/// A whole number without the zeros before it.
pub(super) fn canonical(code: &str) -> Option<String> {
    code.trim().parse::<i64>().ok().map(|code| code.to_string())
}
