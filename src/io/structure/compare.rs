//! What signs say of codes, numbers and blanks in each language.

use super::expression::{Sign, Syntax, Value};
use crate::study::{finite, same_code};

/// What a comparison says of a code, or of a blank.
pub(super) fn compares(code: &str, sign: Sign, value: &Value, syntax: Syntax) -> bool {
    let equal = || match value {
        Value::Text(text) if syntax == Syntax::XPath => code == text,
        Value::Text(text) => code == text || !code.is_empty() && !text.is_empty() && same_code(code, text),
        Value::Number(number) => code.parse() == Ok(*number),
    };
    match sign {
        Sign::Equal => equal(),
        Sign::Unequal => !equal(),
        _ => match (code.parse::<f64>(), value.as_number()) {
            (Ok(code), Some(number)) => code.partial_cmp(&number).is_some_and(|order| signed(sign, order)),
            _ => false,
        },
    }
}

/// Whether an order is that of a sign.
pub(super) fn signed(sign: Sign, order: std::cmp::Ordering) -> bool {
    match sign {
        Sign::Equal => order.is_eq(),
        Sign::Unequal => order.is_ne(),
        Sign::Less => order.is_lt(),
        Sign::AtMost => order.is_le(),
        Sign::More => order.is_gt(),
        Sign::AtLeast => order.is_ge(),
    }
}

impl Value {
    /// The number that it is, or is written as.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => finite(text),
        }
    }
}

impl Sign {
    /// The sign that holds where this one does not.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }
}
