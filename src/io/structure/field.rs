//! The columns that a questionnaire has in an export, and how their cells hold answers.

use super::{
    asked::{Answers, Asked, Choice, Code},
    plain::plain,
};
use crate::{
    codebook::{Measure, Role, Value, Variable},
    responses::Profile,
    study::{Reason, same_code},
};

/// A column that an export has.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    /// What a heading may be, without mark-up.
    pub headings: Vec<String>,
    /// What routing calls it.
    pub names: Vec<String>,
    /// The wording of the question, or of its part.
    pub label: String,
    pub holds: Holds,
    pub measure: Option<Measure>,
    pub role: Role,
    /// The choice, where the column says of one whether it was chosen.
    pub choice: Option<Choice>,
    /// Why a cell is blank, where cells of others say that a choice was not made.
    pub blank_beside_denials: Option<Reason>,
    /// What is to be said where answers were recoded, and why a cell is blank then.
    pub when_recoded: Option<(String, Reason)>,
    /// The conditions under which it is put.
    pub relevance: Vec<String>,
    /// A further condition on this one of several choices, which are counted together.
    pub shown_if: Option<String>,
    pub required: bool,
    pub remarks: Vec<String>,
}

/// What cells may hold.
#[derive(Clone, Debug, Default)]
pub(super) enum Holds {
    Answers(Vec<Answer>),
    /// Several of these, with blanks between.
    Lists(Vec<Answer>),
    Numbers,
    #[default]
    Anything,
}

/// An answer that could be chosen.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// As routing names it; empty for a choice that was not made.
    pub code: String,
    pub label: String,
    /// The ways in which an export may write it, each with its spellings: as a code, in words, recoded.
    pub written: Vec<Vec<String>>,
    pub missing: Option<Reason>,
}

/// The place of recoded answers among the ways of writing them.
const RECODED: usize = 2;

/// A field with the cells of its column.
pub(super) struct Filled<'a> {
    pub field: &'a Field,
    pub profile: &'a Profile,
    /// How cells hold the answers; `None` where they hold something else.
    pub cells: Option<Vec<String>>,
    way: usize,
    /// Whether a cell says that a choice was not made.
    pub has_denials: bool,
}

impl Answer {
    /// An answer that is written as its code or as its label.
    pub fn new(code: &str, label: &str) -> Self {
        let written = vec![vec![code.to_owned()], vec![label.to_owned()]];
        Self { code: code.to_owned(), label: label.to_owned(), written, missing: None }
    }

    /// The same answer, written in a third way.
    pub fn or_as(mut self, spellings: &[&str]) -> Self {
        self.written.push(spellings.iter().map(|&spelling| spelling.to_owned()).collect());
        self
    }
}

impl Field {
    /// All conditions under which it is put.
    pub fn all_relevance(&self) -> Vec<String> {
        self.relevance.iter().chain(&self.shown_if).cloned().collect()
    }
}

impl<'a> Filled<'a> {
    pub fn new(field: &'a Field, profile: &'a Profile) -> Self {
        let cells = match &field.holds {
            Holds::Answers(answers) => cells(answers, profile),
            Holds::Lists(answers) => Some(listed_cells(answers, profile)),
            Holds::Numbers | Holds::Anything => None,
        };
        let (way, cells) = cells.unzip();
        let way = way.unwrap_or(0);
        let mut filled = Self { field, profile, cells, way, has_denials: false };
        let denied = filled.answers_with_cells().find(|(answer, _)| answer.code.is_empty());
        filled.has_denials = denied.is_some_and(|(_, cell)| profile.values.iter().any(|(value, _)| value == cell));
        filled
    }

    /// As routing sees it.
    pub fn asked(&self, is_no_answer: &dyn Fn(&str) -> bool) -> Asked {
        let answers = match (&self.field.holds, &self.cells) {
            (Holds::Answers(answers), Some(cells)) => {
                let code = |(answer, cell): (&Answer, &String)| Code {
                    code: answer.code.clone(),
                    cell: cell.clone(),
                    label: answer.label.clone(),
                    is_silent: is_no_answer(&answer.label),
                };
                let given = answers.iter().zip(cells).filter(|(answer, _)| answer.missing.is_none());
                Answers::Codes(given.map(code).collect())
            }
            (Holds::Numbers, _) => Answers::Numbers,
            _ => Answers::Free,
        };
        Asked {
            names: self.field.names.clone(),
            column: Some(self.profile.column.clone()),
            label: self.field.label.clone(),
            answers,
            choice: self.field.choice.clone(),
            relevance: self.field.all_relevance(),
            required: self.field.required,
        }
    }

    /// Whether the heading or the cells are words.
    pub fn is_in_words(&self) -> bool {
        self.way == 1 || plain(&self.profile.column).contains(&self.field.label)
    }

    pub fn is_list(&self) -> bool {
        matches!(self.field.holds, Holds::Lists(_))
    }

    /// The column as which a choice is read out of the lists here.
    pub fn column_of(&self, choice: &Choice) -> Option<String> {
        let is_own = self.field.names.contains(&choice.question);
        let mut own = self.answers_with_cells().filter(|(answer, _)| is_own && answer.code == choice.code);
        own.next().map(|(_, cell)| format!("{}: {cell}", self.profile.column))
    }

    /// The cells that say that a choice was made.
    pub fn chosen(&self) -> Vec<String> {
        let answers =
            self.answers_with_cells().filter(|(answer, _)| !answer.code.is_empty() && answer.missing.is_none());
        answers.map(|(_, cell)| cell.clone()).collect()
    }

    /// The choices that a list in a cell may hold.
    pub fn choices(&self) -> Vec<Value> {
        self.answers_with_cells().map(|(answer, cell)| Value::answer(cell, &answer.label)).collect()
    }

    fn answers_with_cells(&self) -> impl Iterator<Item = (&Answer, &String)> {
        let answers = match &self.field.holds {
            Holds::Answers(answers) | Holds::Lists(answers) => answers.as_slice(),
            Holds::Numbers | Holds::Anything => &[],
        };
        answers.iter().zip(self.cells.iter().flatten())
    }

    /// What is known of the column.
    pub fn variable(&self) -> Variable {
        let mut variable = Variable::new(&self.profile.column).labelled(&self.field.label).used_as(self.field.role);
        variable.measure = self.field.measure;
        variable.remarks.clone_from(&self.field.remarks);
        if matches!(self.field.holds, Holds::Answers(_)) {
            let value = |(answer, cell): (&Answer, &String)| match answer.missing {
                // Without its words, which would be read as another reason.
                Some(reason) => Value::missing(cell, None, reason),
                None => Value::answer(cell, &answer.label),
            };
            // What nobody can have chosen, such as "no answer was possible", need not be listed.
            let is_listed = |(answer, cell): &(&Answer, &String)| {
                answer.missing.is_none() || self.profile.values.iter().any(|(value, _)| value == *cell)
            };
            variable.values = self.answers_with_cells().filter(is_listed).map(value).collect();
        }
        if matches!(self.field.holds, Holds::Numbers) {
            variable.measure = Some(Measure::Amount);
        }
        if let Some((remark, reason)) = self.field.when_recoded.as_ref().filter(|_| self.way == RECODED) {
            variable.remarks.push(remark.clone());
            variable.blank = Some(*reason);
        }
        variable.name = self.field.names.first().filter(|name| **name != variable.column).cloned();
        variable
    }
}

/// How the cells of a column hold answers: in the way that most of its values are written.
fn cells(answers: &[Answer], profile: &Profile) -> Option<(usize, Vec<String>)> {
    let values = || profile.values.iter().map(|(value, _)| value.as_str());
    let spelled = |way: usize, answer: &Answer, value: &str| {
        answer.written.get(way).is_some_and(|spellings| spellings.iter().any(|spelling| is_written(spelling, value)))
    };
    let ways = answers.iter().map(|answer| answer.written.len()).max().unwrap_or(0);
    let known = |way: usize| values().filter(|value| answers.iter().any(|answer| spelled(way, answer, value))).count();
    // Of several ways that fit alike the first is meant: codes.
    let best = (0..ways).rev().max_by_key(|way| known(*way))?;
    if known(best) == 0 && !profile.values.is_empty() {
        return None;
    }
    let cell = |answer: &Answer| {
        let seen = values().find(|value| spelled(best, answer, value)).map(str::to_owned);
        seen.or_else(|| answer.written.get(best).or(answer.written.first())?.first().cloned()).unwrap_or_default()
    };
    Some((best, answers.iter().map(cell).collect()))
}

/// How the cells of a column hold lists of answers: as codes, if all parts of a cell are codes.
fn listed_cells(answers: &[Answer], profile: &Profile) -> (usize, Vec<String>) {
    let is_code = |part: &str| answers.iter().any(|answer| answer.code == part);
    let are_codes = |value: &str| value.split(' ').filter(|part| !part.is_empty()).all(is_code);
    let is_coded = profile.values.is_empty() || profile.values.iter().any(|(value, _)| are_codes(value));
    let cell = |answer: &Answer| if is_coded { answer.code.clone() } else { answer.label.clone() };
    (usize::from(!is_coded), answers.iter().map(cell).collect())
}

/// Whether a value is this spelling. LimeSurvey may put a `'` before a `=`.
fn is_written(spelling: &str, value: &str) -> bool {
    let unmasked = value.strip_prefix('\'').filter(|rest| rest.starts_with('=')).unwrap_or(value);
    same_code(spelling, unmasked) || plain(unmasked) == *spelling
}
