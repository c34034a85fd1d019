//! What a base is called: the condition in the words of the questionnaire.

use super::{
    asked::{Asked, Code},
    expression::Sign,
};
use crate::study::Language;

/// The words for a condition.
#[derive(Clone, Debug)]
pub(super) enum Phrase {
    /// One of these answers to a question.
    Answers { question: String, answers: Vec<String> },
    /// Anything else.
    Words(String),
    /// Several of these, all or any of which must hold.
    Joined { text: String, both: bool },
}

impl Phrase {
    pub fn of_codes(asked: &Asked, inside: &[&Code], outside: &[&Code], language: Language) -> Self {
        let question = short(&asked.label);
        let labels = |codes: &[&Code]| {
            let answers = codes.iter().filter(|code| !code.code.is_empty());
            answers.map(|code| short(&code.label)).collect::<Vec<_>>()
        };
        let (chosen, others) = (labels(inside), labels(outside));
        if let Some(choice) = &asked.choice {
            let (whole, not) = (short(&choice.wording), language.choose("nicht", "not"));
            if chosen.is_empty() {
                return Self::Words(format!("{whole}: {not} {question}"));
            }
            return Self::Answers { question: whole, answers: vec![question] };
        }
        if others.is_empty() || chosen.is_empty() {
            return Self::of_blank(asked, chosen.is_empty(), language);
        }
        if chosen.len() > others.len() {
            let not = language.choose("nicht", "not");
            return Self::Words(format!("{question}: {not} {}", others.join(" / ")));
        }
        Self::Answers { question, answers: chosen }
    }

    pub fn of_blank(asked: &Asked, is_blank: bool, language: Language) -> Self {
        let question = short(&asked.label);
        let (none, some) = (language.choose("keine Antwort", "no answer"), language.choose("beantwortet", "answered"));
        let what = if is_blank { none } else { some };
        Self::Words(format!("{question}: {what}"))
    }

    pub fn of_number(asked: &Asked, sign: Sign, number: f64) -> Self {
        let sign = match sign {
            Sign::Equal => "=",
            Sign::Unequal => "≠",
            Sign::Less => "<",
            Sign::AtMost => "≤",
            Sign::More => ">",
            Sign::AtLeast => "≥",
        };
        Self::Words(format!("{}: {sign} {number}", short(&asked.label)))
    }

    pub fn joined(self, other: Self, both: bool, language: Language) -> Self {
        match (self, other) {
            (Self::Answers { question, mut answers }, Self::Answers { question: same, answers: more })
                if !both && question == same =>
            {
                answers.extend(more);
                Self::Answers { question, answers }
            }
            (left, right) => {
                let word = if both { language.choose("und", "and") } else { language.choose("oder", "or") };
                Self::Joined { text: format!("{} {word} {}", left.within(both), right.within(both)), both }
            }
        }
    }

    /// The words, unless they are too many for a label.
    pub fn text(self) -> Option<String> {
        const LONGEST: usize = 200;
        let text = match self {
            Self::Joined { both, .. } => self.within(both),
            other => other.within(true),
        };
        (text.chars().count() <= LONGEST).then_some(text)
    }

    /// The words among others, in parentheses where they would be misread.
    fn within(self, all: bool) -> String {
        match self {
            Self::Answers { question, answers } => format!("{question}: {}", answers.join(" / ")),
            Self::Words(text) => text,
            Self::Joined { text, both } if both == all => text,
            Self::Joined { text, .. } => format!("({text})"),
        }
    }
}

/// The beginning of a wording.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = text.trim_end_matches([':', '?', '.', ' ']);
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    let whole = beginning.rfind(' ').map_or(beginning.as_str(), |at| &beginning[..at]);
    format!("{}…", whole.trim_end_matches([',', ';', ' ']))
}
