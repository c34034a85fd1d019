//! What a file of responses says of its own columns: the wording of questions, labels of codes, why a value is no
//! answer, which columns are one question, who was asked.
//!
//! Every reader fills a [`Codebook`] with as much as its format holds, in the terms here, and nothing after it needs to
//! know which format that was: a drafted study file takes over what stands here, and a file that is written in another
//! format gets it all. A plain table leaves it empty. Nothing here is read from the answers themselves.
//!
//! Four ways of not having an answer stay apart ([`Reason`]): a reader gives each code, or the blank cell, the reason
//! that its format knows.

use serde::{Deserialize, Serialize};

use crate::study::Reason;

/// What a file says of its columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Codebook {
    /// What the survey is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The columns of which something is known. Others have no entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable>,
    /// Columns that are one question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Set>,
    /// What stands between several answers in one cell, where a platform writes them so in any column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// The code of a question that was shown and left, where a platform may write one in any column.
    pub unanswered: Option<String>,
}

/// What is known of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variable {
    /// The column.
    pub column: String,
    /// What its question is called for short, where the column is called by more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The wording of the question, or what the column holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What its values measure, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// The values that have a label or a reason, in the order of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// Numbers that are no answers, from the first to the second, both included; infinite where there is no end.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "ranges")]
    pub missing_ranges: Vec<(f64, f64)>,
    /// Why a blank cell holds no answer, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank: Option<Reason>,
    /// What the column is for.
    #[serde(default, skip_serializing_if = "Role::is_answer")]
    pub role: Role,
    /// Who was asked, where not everybody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    /// What a reader of a drafted study should look at: what the file says and cannot be taken over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What values measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Names without an order.
    Nominal,
    /// Steps in an order.
    Ordinal,
    /// Numbers.
    Number,
    /// Numbers that respondents gave themselves, such as years: never a choice of codes.
    Amount,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// As cells hold it.
    pub code: String,
    /// What it stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Why it is no answer, where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Reason>,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An answer, as far as the file says.
    #[default]
    Answer,
    /// What a respondent wrote in own words.
    OpenText,
    /// Weights.
    Weight,
    /// Strata.
    Strata,
    /// Primary sampling units.
    Units,
    /// Tells respondents apart.
    Identifier,
    /// Personal data, such as addresses.
    Personal,
    /// About the interview.
    Interview(Interview),
    /// Not to be counted, and why.
    Unused(Unused),
}

/// Why answers are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unused {
    /// Other columns say the same, one for each choice.
    Repeated,
    /// An order of choices in one cell.
    Ranking,
    /// A date or a time.
    Moment,
    /// A text that was shown, no question.
    Note,
    /// What could be chosen stands in another file.
    ChoicesElsewhere,
}

/// What a column says about the interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interview {
    /// When it began.
    Started,
    /// When it ended, or was recorded.
    Ended,
    /// How many seconds it took.
    Seconds,
    /// Whether it was meant: a test, a preview, spam.
    Status,
    /// Whether, or how far, it was completed.
    Completion,
    /// Anything else: the browser, the channel, the language.
    Other,
}

/// Columns that are one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// A short name.
    pub name: String,
    /// The wording of the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How answers are stored.
    pub kind: SetKind,
    /// The columns, with what tells each from the others.
    pub members: Vec<Member>,
}

/// A column of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The column.
    pub column: String,
    /// The choice or item that it stands for.
    pub label: String,
}

/// How the answers of a set are stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetKind {
    /// Several answers were possible; each column says of one whether it was chosen.
    Dichotomies {
        /// The values that say so, where they are not 1.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        chosen: Vec<String>,
    },
    /// Several answers were possible; each column holds the code of one that was chosen. The columns have the same values.
    Categories,
    /// Several answers were possible; the one column holds them all.
    Joined {
        /// What stands between them.
        separator: String,
        /// Those that could be chosen, where they are known.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        choices: Vec<Value>,
    },
    /// Each column is an item that was answered by itself, all in the same way.
    Items,
}

/// Who was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// In words, where the source has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// As a condition on columns of the file, in the SQL of study files.
    pub condition: String,
}

impl Role {
    /// Whether it is nothing but an answer.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        *self == Self::Answer
    }
}

/// Ranges in JSON, which knows no infinity: `null` where there is no end.
mod ranges {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(ranges: &[(f64, f64)], to: S) -> Result<S::Ok, S::Error> {
        let end = |number: f64| Some(number).filter(|number| number.is_finite());
        ranges.iter().map(|(low, high)| (end(*low), end(*high))).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(f64, f64)>, D::Error> {
        let ranges: Vec<(Option<f64>, Option<f64>)> = Vec::deserialize(from)?;
        let with_ends =
            |(low, high): (Option<f64>, Option<f64>)| (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
        Ok(ranges.into_iter().map(with_ends).collect())
    }
}

impl Codebook {
    /// What is known of a column.
    #[must_use]
    pub fn variable(&self, column: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.column == column)
    }

    /// Takes over what somebody who knows more says of the same columns.
    pub fn overlay(&mut self, better: Self) {
        self.title = better.title.or(self.title.take());
        self.separator = better.separator.or(self.separator.take());
        self.unanswered = better.unanswered.or(self.unanswered.take());
        for variable in better.variables {
            match self.variables.iter_mut().find(|known| known.column == variable.column) {
                Some(known) => known.overlay(variable),
                None => self.variables.push(variable),
            }
        }
        let is_new =
            |member: &Member| better.sets.iter().any(|set| set.members.iter().any(|new| new.column == member.column));
        self.sets.retain(|set| !set.members.iter().any(is_new));
        self.sets.extend(better.sets);
    }
}

impl Variable {
    /// A column of which nothing is known yet.
    #[must_use]
    pub fn new(column: &str) -> Self {
        Self { column: column.to_owned(), ..Self::default() }
    }

    /// The same column, called so.
    #[must_use]
    pub fn labelled(mut self, label: &str) -> Self {
        self.label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
        self
    }

    fn overlay(&mut self, better: Self) {
        let is_new = |value: &Value| !better.values.iter().any(|known| known.code == value.code);
        let silent: Vec<Value> = self
            .values
            .drain(..)
            .filter(|value| value.missing.is_some() || better.values.is_empty())
            .filter(is_new)
            .collect();
        *self = Self {
            column: better.column,
            name: better.name.or(self.name.take()),
            label: better.label.or(self.label.take()),
            measure: better.measure.or(self.measure),
            values: better.values.into_iter().chain(silent).collect(),
            missing_ranges: self.missing_ranges.drain(..).chain(better.missing_ranges).collect(),
            blank: better.blank.or(self.blank),
            role: better.role,
            base: better.base.or(self.base.take()),
            remarks: self.remarks.drain(..).chain(better.remarks).collect(),
        };
    }

    /// The same column, used so.
    #[must_use]
    pub fn used_as(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
}

impl Value {
    /// An answer.
    #[must_use]
    pub fn answer(code: &str, label: &str) -> Self {
        Self { code: code.to_owned(), label: Some(label.to_owned()), missing: None }
    }

    /// A code for no answer.
    #[must_use]
    pub fn missing(code: &str, label: Option<&str>, reason: Reason) -> Self {
        Self { code: code.to_owned(), label: label.map(str::to_owned), missing: Some(reason) }
    }
}
