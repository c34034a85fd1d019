//! The signs, words and values that the conditions of questionnaires are made of.

use super::expression::{Sign, Syntax, Value};

/// A sign, a word or a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Word(String),
    Value(Value),
    Sign(Sign),
    And,
    Or,
    Not,
    Open,
    Close,
    Comma,
}

/// Takes a condition apart; the error names what is not understood.
pub(super) fn tokens(text: &str, syntax: Syntax) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' | '"' => {
                let end = rest[1..].find(first).ok_or("a quote is not closed")?;
                (Token::Value(Value::Text(rest[1..=end].to_owned())), end + 2)
            }
            '$' if syntax == Syntax::XPath && rest.starts_with("${") => {
                let end = rest.find('}').ok_or("a `}` is missing")?;
                (Token::Name(rest[2..end].trim().to_owned()), end + 1)
            }
            _ => sign(rest, syntax)
                .or_else(|| number(rest))
                .or_else(|| word(rest, syntax))
                .ok_or_else(|| format!("`{first}` is not translated"))?,
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn sign(rest: &str, syntax: Syntax) -> Option<(Token, usize)> {
    const BOTH: [(&str, Token); 5] = [
        ("!=", Token::Sign(Sign::Unequal)),
        ("<=", Token::Sign(Sign::AtMost)),
        (">=", Token::Sign(Sign::AtLeast)),
        ("<", Token::Sign(Sign::Less)),
        (">", Token::Sign(Sign::More)),
    ];
    const OF_SCRIPT: [(&str, Token); 4] =
        [("==", Token::Sign(Sign::Equal)), ("&&", Token::And), ("||", Token::Or), ("!", Token::Not)];
    const OF_XPATH: [(&str, Token); 1] = [("=", Token::Sign(Sign::Equal))];
    let own: &[(&str, Token)] = if syntax == Syntax::XPath { &OF_XPATH } else { &OF_SCRIPT };
    let found = BOTH.iter().chain(own).find(|(sign, _)| rest.starts_with(sign))?;
    Some((found.1.clone(), found.0.len()))
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let is_part = |(at, letter): (usize, char)| letter.is_ascii_digit() || letter == '.' || at == 0 && letter == '-';
    let length = rest.char_indices().find(|place| !is_part(*place)).map_or(rest.len(), |(at, _)| at);
    // `12345X6X78` is an old name of a question.
    let goes_on = rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let number: f64 = rest[..length].parse().ok().filter(|_| !goes_on)?;
    Some((Token::Value(Value::Number(number)), length))
}

fn word(rest: &str, syntax: Syntax) -> Option<(Token, usize)> {
    let is_part = |letter: char| {
        letter.is_alphanumeric() || letter == '_' || letter == if syntax == Syntax::XPath { '-' } else { '.' }
    };
    let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    let word = &rest[..length];
    let is_call = rest[length..].trim_start().starts_with('(');
    let token = match (word.to_ascii_lowercase().as_str(), syntax) {
        ("", _) => return None,
        ("and", _) => Token::And,
        ("or", _) => Token::Or,
        ("eq", Syntax::ExpressionScript) => Token::Sign(Sign::Equal),
        ("ne", Syntax::ExpressionScript) => Token::Sign(Sign::Unequal),
        ("lt", Syntax::ExpressionScript) => Token::Sign(Sign::Less),
        ("le", Syntax::ExpressionScript) => Token::Sign(Sign::AtMost),
        ("gt", Syntax::ExpressionScript) => Token::Sign(Sign::More),
        ("ge", Syntax::ExpressionScript) => Token::Sign(Sign::AtLeast),
        _ if is_call => Token::Word(word.to_owned()),
        (_, Syntax::ExpressionScript) => Token::Name(word.to_owned()),
        (_, Syntax::XPath) => return None,
    };
    Some((token, length))
}
