//! The two languages in which questionnaires say who is asked, read into one [`Logic`].
//!
//! LimeSurvey writes ExpressionScript, `Q1.NAOK == "Y" && !is_empty(Q2.NAOK)`; XLSForms write XPath,
//! `${q1} = 'yes' and selected(${q2}, 'a')`. Of both only what compares answers with values is read; anything else,
//! such as arithmetic, is refused with a sentence.

use super::token::{Token, tokens};

/// The language of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// That of LimeSurvey.
    ExpressionScript,
    /// That of XLSForms, as KoBoToolbox, ODK and SurveyCTO use them.
    XPath,
}

/// A condition on answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Logic {
    Constant(bool),
    Test(Test),
    Not(Box<Logic>),
    And(Box<Logic>, Box<Logic>),
    Or(Box<Logic>, Box<Logic>),
}

/// A test of answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// An answer compared with a value.
    Compare { name: Name, sign: Sign, value: Value },
    /// There is no answer.
    Blank { name: Name },
    /// A choice is among several that could be chosen.
    Chosen { name: Name, choice: String },
    /// How many of these have an answer.
    Count { names: Vec<Name>, sign: Sign, number: f64 },
}

/// What routing calls a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub text: String,
    /// Whether the whole condition fails where this question was not put.
    pub is_demanded: bool,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A value as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(f64),
}

/// What stands between operators.
enum Term {
    Logic(Logic),
    Name(Name),
    Value(Value),
    Count(Vec<Name>),
}

/// Longer conditions are not read.
const LONGEST: usize = 16_000;
/// Parentheses within parentheses.
const DEEPEST: usize = 60;

/// Reads a condition; the error says why it cannot be read.
pub(super) fn parse(text: &str, syntax: Syntax) -> Result<Logic, String> {
    if text.len() > LONGEST {
        return Err("it is too long".to_owned());
    }
    let mut parser = Parser { tokens: tokens(text, syntax)?, at: 0, depth: 0, syntax };
    let term = parser.either()?;
    match parser.tokens.get(parser.at) {
        None => logic(term),
        Some(_) => Err("it cannot be read to its end".to_owned()),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    syntax: Syntax,
}

impl Parser {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, token: &Token) -> bool {
        let is_next = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, token: &Token, name: &str) -> Result<(), String> {
        if self.takes(token) { Ok(()) } else { Err(format!("a `{name}` is missing")) }
    }

    fn either(&mut self) -> Result<Term, String> {
        let mut term = self.both()?;
        while self.takes(&Token::Or) {
            let right = logic(self.both()?)?;
            term = Term::Logic(Logic::Or(Box::new(logic(term)?), Box::new(right)));
        }
        Ok(term)
    }

    fn both(&mut self) -> Result<Term, String> {
        let mut term = self.comparison()?;
        while self.takes(&Token::And) {
            let right = logic(self.comparison()?)?;
            term = Term::Logic(Logic::And(Box::new(logic(term)?), Box::new(right)));
        }
        Ok(term)
    }

    fn comparison(&mut self) -> Result<Term, String> {
        let left = self.single()?;
        let Some(Token::Sign(sign)) = self.tokens.get(self.at).cloned() else { return Ok(left) };
        self.at += 1;
        let right = self.single()?;
        compare(left, sign, right).map(Term::Logic)
    }

    fn single(&mut self) -> Result<Term, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("too many parentheses".to_owned());
        }
        let term = match self.next() {
            Some(Token::Not) => Ok(Term::Logic(Logic::Not(Box::new(logic(self.single()?)?)))),
            Some(Token::Open) => {
                let inner = self.either()?;
                self.expect(&Token::Close, ")")?;
                Ok(inner)
            }
            Some(Token::Value(value)) => Ok(Term::Value(value)),
            Some(Token::Name(name)) => Ok(Term::Name(self.name(&name))),
            Some(Token::Word(word)) => self.call(&word),
            _ => Err("a name or a value is missing".to_owned()),
        };
        self.depth -= 1;
        term
    }

    fn call(&mut self, word: &str) -> Result<Term, String> {
        self.expect(&Token::Open, "(")?;
        let mut arguments = Vec::new();
        while !self.takes(&Token::Close) {
            if !arguments.is_empty() {
                self.expect(&Token::Comma, ",")?;
            }
            arguments.push(self.either()?);
        }
        let mut arguments = arguments.into_iter();
        let (first, second) = (arguments.next(), arguments.next());
        match (self.syntax, word, first, second) {
            (Syntax::XPath, "true", None, _) => Ok(Term::Logic(Logic::Constant(true))),
            (Syntax::XPath, "false", None, _) => Ok(Term::Logic(Logic::Constant(false))),
            (Syntax::XPath, "not", Some(inner), None) => Ok(Term::Logic(Logic::Not(Box::new(logic(inner)?)))),
            (Syntax::XPath, "selected", Some(Term::Name(name)), Some(Term::Value(choice))) => {
                let choice = choice.as_text();
                Ok(Term::Logic(Logic::Test(Test::Chosen { name, choice })))
            }
            (Syntax::XPath, "count-selected", Some(Term::Name(name)), None) => Ok(Term::Count(vec![name])),
            (Syntax::ExpressionScript, "is_empty", Some(Term::Name(name)), None) => {
                Ok(Term::Logic(Logic::Test(Test::Blank { name })))
            }
            (Syntax::ExpressionScript, "count", Some(first), second) => {
                let all = [first].into_iter().chain(second).chain(arguments).map(|argument| match argument {
                    Term::Name(name) => Some(name),
                    _ => None,
                });
                all.collect::<Option<_>>().map(Term::Count).ok_or_else(|| "it counts more than answers".to_owned())
            }
            _ => Err(format!("`{word}` is not translated")),
        }
    }

    /// `Q1.NAOK` and `that.Q1.NAOK` are names of `Q1`.
    fn name(&self, text: &str) -> Name {
        if self.syntax == Syntax::XPath {
            return Name { text: text.to_owned(), is_demanded: false };
        }
        let stem = text.strip_prefix("that.").unwrap_or(text);
        let (stem, allows) = match stem.strip_suffix(".NAOK") {
            Some(stem) => (stem, true),
            None => (stem, false),
        };
        let stem = stem.strip_suffix(".code").or_else(|| stem.strip_suffix(".value")).unwrap_or(stem);
        Name { text: stem.to_owned(), is_demanded: !allows }
    }
}

impl Value {
    fn as_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl Sign {
    /// The sign that means the same with both sides exchanged.
    fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

fn logic(term: Term) -> Result<Logic, String> {
    match term {
        Term::Logic(logic) => Ok(logic),
        Term::Value(Value::Number(number)) => Ok(Logic::Constant(number != 0.0)),
        Term::Value(Value::Text(text)) => Err(format!("'{text}' is compared with nothing")),
        Term::Name(name) => Err(format!("`{}` is compared with nothing", name.text)),
        Term::Count(_) => Err("a count is compared with nothing".to_owned()),
    }
}

fn compare(left: Term, sign: Sign, right: Term) -> Result<Logic, String> {
    match (left, right) {
        (Term::Name(name), Term::Value(value)) => Ok(Logic::Test(Test::Compare { name, sign, value })),
        (Term::Count(names), Term::Value(Value::Number(number))) => {
            Ok(Logic::Test(Test::Count { names, sign, number }))
        }
        (left @ Term::Value(_), right @ (Term::Name(_) | Term::Count(_))) => compare(right, sign.turned(), left),
        (Term::Logic(_), _) | (_, Term::Logic(_)) => Err("it compares a comparison".to_owned()),
        _ => Err("it compares something else than an answer with a value".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Syntax, parse};

    #[test]
    fn what_is_understood_is_read() {
        for text in [
            "((Q1.NAOK == \"Y\"))",
            "Q2_SQ001.NAOK == \"Y\" or !is_empty(that.Q3.NAOK)",
            "1",
            "12345X6X78SQ001.NAOK eq 'A1' && count(Q2_1, Q2_2) >= 1",
            "18 <= age.NAOK",
        ] {
            assert!(parse(text, Syntax::ExpressionScript).is_ok(), "{text}");
        }
        for text in [
            "${q1} = 'yes' and selected(${q2}, 'a')",
            "not(selected(${q2},\"a\")) or count-selected(${q2})>0",
            "${age} >= 18 and ${age} < 65",
            "true()",
        ] {
            assert!(parse(text, Syntax::XPath).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_with_a_sentence() {
        for (text, why) in [
            ("Q1.NAOK = 'Y'", "`=` is not translated"),
            ("Q1 + Q2 > 3", "`+` is not translated"),
            ("regexMatch('/a/', Q1)", "`regexMatch` is not translated"),
            ("Q1", "compared with nothing"),
            ("Q1 == 'Y", "a quote is not closed"),
            ("(Q1 == 'Y'", "a `)` is missing"),
            ("", "a name or a value is missing"),
            (&"(".repeat(5000), "too many parentheses"),
        ] {
            let error = parse(text, Syntax::ExpressionScript).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
        for (text, why) in [
            ("../q1 = 'yes'", "`.` is not translated"),
            ("${q1} = ${q2}", "something else than an answer"),
            ("${q1} = 'a' or 'b'", "'b' is compared with nothing"),
            ("if(${q1} = 1, 2, 3) = 2", "`if` is not translated"),
        ] {
            let error = parse(text, Syntax::XPath).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
