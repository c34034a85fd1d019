//! A survey of LimeSurvey, as both formats of its structure tell it.

/// A survey as its structure has it, in one language.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub title: String,
    pub language: String,
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    pub code: String,
    /// What routing called it in old versions: `12345X6X78`.
    pub old_name: String,
    /// The letter of its type.
    pub kind: String,
    pub text: String,
    /// The conditions of its group and its own.
    pub relevance: Vec<String>,
    pub mandatory: bool,
    pub other: bool,
    /// Its subquestions; the second list is the other axis of a table.
    pub parts: [Vec<Part>; 2],
    /// Its answers; the second list is the other scale.
    pub answers: [Vec<Offered>; 2],
    /// What the two scales are called.
    pub scales: [String; 2],
    /// Other settings that decide who saw what.
    pub filters: Vec<String>,
    /// Whether a table of numbers has boxes to tick.
    pub is_ticked: bool,
}

/// A subquestion.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub code: String,
    pub text: String,
    pub relevance: String,
}

/// An answer to choose.
#[derive(Clone, Debug, Default)]
pub(super) struct Offered {
    pub code: String,
    pub text: String,
}

impl Survey {
    /// A condition that selects, or nothing where it holds for everybody.
    pub fn condition(relevance: &str) -> Option<String> {
        let relevance = relevance.trim();
        (!matches!(relevance, "" | "1")).then(|| relevance.to_owned())
    }
}

/// What is to be said of filters that show only some options or items.
pub(super) fn filters(shows: &str, hides: &str) -> Vec<String> {
    let remark = |code: &str, what: &str| {
        let is_set = !code.is_empty();
        is_set
            .then(|| format!("Only what was {what} in `{code}` was shown; who did not see an option counts as asked."))
    };
    [remark(shows, "chosen"), remark(hides, "not chosen")].into_iter().flatten().collect()
}
