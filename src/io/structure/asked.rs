//! Questions as routing sees them: what they are called, and how their answers are stored.

use super::expression::Name;
use crate::study::Literal;

/// A question, or one of its parts, as routing sees it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What routing may call it.
    pub names: Vec<String>,
    /// Its column, where the file has it.
    pub column: Option<String>,
    /// What it is called in words.
    pub label: String,
    /// How answers are stored.
    pub answers: Answers,
    /// The choice, where the column says of one whether it was chosen.
    pub choice: Option<Choice>,
    /// The conditions under which it is put, all of which must hold.
    pub relevance: Vec<String>,
    /// Whether an answer is demanded.
    pub required: bool,
}

/// A choice of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The question, as routing names it.
    pub question: String,
    /// Its wording.
    pub wording: String,
    /// The choice, as routing names it.
    pub code: String,
}

/// How the answers of a column are stored.
#[derive(Clone, Debug, Default)]
pub enum Answers {
    /// As one of these.
    Codes(Vec<Code>),
    /// As numbers.
    Numbers,
    /// In words of the respondent, or in a way that is not known.
    #[default]
    Free,
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// As routing names it; empty for a choice that was not made.
    pub code: String,
    /// As cells hold it.
    pub cell: String,
    /// In words.
    pub label: String,
    /// Whether it will count as no answer.
    pub is_silent: bool,
}

impl Asked {
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    pub(super) fn is_choice_of(&self, name: &Name) -> bool {
        self.choice.as_ref().is_some_and(|choice| choice.question == name.text)
    }

    /// Whether everybody who came so far has an answer.
    pub(super) fn is_never_blank(&self) -> bool {
        self.required && self.relevance.is_empty()
    }
}

impl Code {
    pub(super) fn literal(&self) -> Literal {
        Literal::Text(self.cell.clone())
    }
}
