//! The `where` of a base: an SQL expression over the columns of the data.
//!
//! The text is parsed by `sqlparser`, the parser that polars' SQL uses, and lowered to the few forms that select
//! respondents: comparisons of a column with a value, `IN`, `BETWEEN`, `IS NULL`, `AND`, `OR`, `NOT`. Logic is
//! SQL's: a comparison with a missing value is neither true nor false, and only what is true selects.

use std::fmt;

use sqlparser::{
    ast::{BinaryOperator, Expr, UnaryOperator, Value},
    dialect::GenericDialect,
    keywords::{ALL_KEYWORDS, Keyword},
    parser::{Parser, ParserError},
    tokenizer::{Token, Tokenizer},
};

/// A condition on a respondent.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A test of one column.
    Atom(Atom),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// Either.
    Or(Box<Condition>, Box<Condition>),
    /// The opposite.
    Not(Box<Condition>),
}

/// A test of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// The column.
    pub column: String,
    /// The test.
    pub test: Comparison,
}

/// A test of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// Equal to one of these.
    In(Vec<Literal>),
    /// Within numbers, each end included or not.
    Between {
        /// The lower end and whether it is included.
        low: Option<(f64, Ends)>,
        /// The upper end and whether it is included.
        high: Option<(f64, Ends)>,
    },
    /// No value at all.
    Missing,
}

/// Whether the end of a range belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// It does.
    Included,
    /// It does not.
    Excluded,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// In quotes.
    Text(String),
    /// A number, as typed and as meant.
    Number(String, f64),
}

impl Literal {
    /// The value as it stands in a data file.
    #[must_use]
    pub fn as_code(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text, _) => text,
        }
    }
}

impl Condition {
    /// Parses an SQL expression; the error is a sentence.
    pub fn parse(sql: &str) -> Result<Self, String> {
        // Each AND, OR, NOT nests one deeper, and what is nested too deep overflows the stack.
        const MOST: usize = 300;
        let dialect = GenericDialect {};
        let tokens = Tokenizer::new(&dialect, sql).tokenize().map_err(|error| error.message)?;
        let nests = |token: &&Token| matches!(token, Token::Word(word) if matches!(word.keyword, Keyword::AND | Keyword::OR | Keyword::NOT));
        if tokens.iter().filter(nests).count() > MOST {
            return Err(format!("more than {MOST} times AND, OR, NOT; use IN (...), or a column made for it"));
        }
        let mut parser = Parser::new(&dialect).with_tokens(tokens);
        let expression = parser.parse_expr().map_err(sentence)?;
        let rest = parser.peek_token();
        if rest.token != Token::EOF {
            return Err(format!("cannot read on from `{rest}`"));
        }
        lower(&expression)
    }

    /// The tests of single columns, in the order they were written.
    #[must_use]
    pub fn atoms(&self) -> Vec<&Atom> {
        match self {
            Self::Atom(atom) => vec![atom],
            Self::Not(inner) => inner.atoms(),
            Self::And(left, right) | Self::Or(left, right) => [left.atoms(), right.atoms()].concat(),
        }
    }
}

/// As SQL.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Atom(Atom { column, test }) => test.write(&name(column), f),
            Self::Not(inner) => match inner.as_ref() {
                Self::Atom(Atom { column, test: Comparison::Missing }) => {
                    write!(f, "{} IS NOT NULL", name(column))
                }
                _ => write!(f, "NOT ({inner})"),
            },
            Self::And(left, right) => {
                for (index, part) in [left, right].into_iter().enumerate() {
                    let joint = if index > 0 { " AND " } else { "" };
                    match part.as_ref() {
                        Self::Or(..) => write!(f, "{joint}({part})")?,
                        _ => write!(f, "{joint}{part}")?,
                    }
                }
                Ok(())
            }
            Self::Or(left, right) => write!(f, "{left} OR {right}"),
        }
    }
}

impl Comparison {
    fn write(&self, column: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "{column} IS NULL"),
            Self::In(values) => match values.as_slice() {
                [value] => write!(f, "{column} = {value}"),
                values => {
                    let values: Vec<String> = values.iter().map(Literal::to_string).collect();
                    write!(f, "{column} IN ({})", values.join(", "))
                }
            },
            Self::Between { low, high } => {
                let ends = low.map(|(end, ends)| (if ends == Ends::Included { ">=" } else { ">" }, end));
                let ends = ends.into_iter().chain(high.map(|(end, ends)| {
                    let sign = if ends == Ends::Included { "<=" } else { "<" };
                    (sign, end)
                }));
                for (index, (sign, end)) in ends.enumerate() {
                    write!(f, "{}{column} {sign} {end}", if index > 0 { " AND " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Number(text, _) => write!(f, "{text}"),
        }
    }
}

/// A name as SQL has it: quoted where it would be read as something else.
fn name(column: &str) -> String {
    let is_plain = |letter: char| letter.is_alphabetic() || letter.is_ascii_digit() || letter == '_';
    let is_keyword = || ALL_KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(column));
    let is_name = |start: char| !start.is_ascii_digit() && (!is_keyword() || names_itself(column));
    if column.chars().all(is_plain) && column.starts_with(is_name) {
        column.to_owned()
    } else {
        format!("\"{}\"", column.replace('"', "\"\""))
    }
}

/// Whether a keyword is a name wherever a condition has one.
fn names_itself(keyword: &str) -> bool {
    let forms = ["{} = 1", "{} IN (1, 2)", "{} IS NULL", "NOT ({} >= 1)", "a = 1 AND {} < 2"];
    forms.iter().all(|form| {
        let parsed = Condition::parse(&form.replace("{}", keyword));
        parsed.is_ok_and(|condition| condition.atoms().last().is_some_and(|atom| atom.column == keyword))
    })
}

/// What the parser says, without its own name.
fn sentence(error: ParserError) -> String {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => "too many parentheses".to_owned(),
    }
}

fn lower(expression: &Expr) -> Result<Condition, String> {
    match expression {
        Expr::Nested(inner) => lower(inner),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => Ok(not(lower(expr)?)),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            Ok(Condition::And(Box::new(lower(left)?), Box::new(lower(right)?)))
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            Ok(Condition::Or(Box::new(lower(left)?), Box::new(lower(right)?)))
        }
        Expr::BinaryOp { left, op, right } => comparison(left, op, right),
        Expr::IsNull(column) => atom(column, Comparison::Missing),
        Expr::IsNotNull(column) => Ok(not(atom(column, Comparison::Missing)?)),
        Expr::InList { expr, list, negated } => {
            let values = list.iter().map(literal).collect::<Result<_, _>>()?;
            let inside = atom(expr, Comparison::In(values))?;
            Ok(if *negated { not(inside) } else { inside })
        }
        Expr::Between { expr, negated, low, high } => {
            let (low, high) = (number(low)?, number(high)?);
            let test = Comparison::Between { low: Some((low, Ends::Included)), high: Some((high, Ends::Included)) };
            let inside = atom(expr, test)?;
            Ok(if *negated { not(inside) } else { inside })
        }
        other => {
            Err(format!("`{other}` is not a condition; use =, <>, <, <=, >, >=, IN, BETWEEN, IS NULL, AND, OR, NOT"))
        }
    }
}

fn comparison(left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Condition, String> {
    // A value on the left is turned round: 18 <= age is age >= 18.
    if literal(left).is_ok() && literal(right).is_err() {
        return match op {
            BinaryOperator::Lt => comparison(right, &BinaryOperator::Gt, left),
            BinaryOperator::LtEq => comparison(right, &BinaryOperator::GtEq, left),
            BinaryOperator::Gt => comparison(right, &BinaryOperator::Lt, left),
            BinaryOperator::GtEq => comparison(right, &BinaryOperator::LtEq, left),
            same => comparison(right, same, left),
        };
    }
    match op {
        BinaryOperator::Eq => atom(left, Comparison::In(vec![literal(right)?])),
        BinaryOperator::NotEq => Ok(not(atom(left, Comparison::In(vec![literal(right)?]))?)),
        BinaryOperator::Lt => atom(left, below(number(right)?, Ends::Excluded)),
        BinaryOperator::LtEq => atom(left, below(number(right)?, Ends::Included)),
        BinaryOperator::Gt => atom(left, above(number(right)?, Ends::Excluded)),
        BinaryOperator::GtEq => atom(left, above(number(right)?, Ends::Included)),
        other => Err(format!("`{other}` is not a comparison; use =, <>, <, <=, >, >=")),
    }
}

fn below(end: f64, ends: Ends) -> Comparison {
    Comparison::Between { low: None, high: Some((end, ends)) }
}

fn above(end: f64, ends: Ends) -> Comparison {
    Comparison::Between { low: Some((end, ends)), high: None }
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn atom(column: &Expr, test: Comparison) -> Result<Condition, String> {
    match column {
        Expr::Nested(inner) => atom(inner, test),
        Expr::Identifier(name) => Ok(Condition::Atom(Atom { column: name.value.clone(), test })),
        // `Q1.a` is a column name with a dot more often than a table with a column.
        Expr::CompoundIdentifier(names) => {
            let column = names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(".");
            Ok(Condition::Atom(Atom { column, test }))
        }
        other => Err(format!("`{other}` is not a column; quote names with spaces as \"my column\"")),
    }
}

fn literal(expression: &Expr) -> Result<Literal, String> {
    let (sign, value) = match expression {
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => ("-", expr.as_ref()),
        other => ("", other),
    };
    let Expr::Value(value) = value else {
        return Err(match value {
            Expr::Identifier(name) if sign.is_empty() => {
                format!("`{expression}` is not a value; write a text in single quotes: '{}'", name.value)
            }
            _ => format!("`{expression}` is not a value; write text as 'yes' and numbers as 18"),
        });
    };
    match &value.value {
        Value::Number(text, _) => {
            let text = format!("{sign}{text}");
            let number = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
            Ok(Literal::Number(text, number))
        }
        Value::SingleQuotedString(text) if sign.is_empty() => Ok(Literal::Text(text.clone())),
        other => Err(format!("`{other}` is not a value; write text as 'yes' and numbers as 18")),
    }
}

fn number(expression: &Expr) -> Result<f64, String> {
    match literal(expression)? {
        Literal::Number(_, number) => Ok(number),
        Literal::Text(text) => Err(format!("`'{text}'` is a text; this comparison needs a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn conditions_are_read_as_sql() {
        assert!(Condition::parse(&format!("{}b = 2", "a=1 OR ".repeat(299))).is_ok());
        for sql in
            ["use = 'yes'", "age >= 18 AND NOT (sex IN ('m', 'f') OR age BETWEEN 3 AND -1)", "a IS NOT NULL", "3 < b"]
        {
            assert!(Condition::parse(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn a_condition_is_printed_as_sql_that_means_the_same() {
        for sql in [
            "use = 'yes'",
            "age >= 18 AND NOT (sex IN ('m', 'it''s') OR age >= 3 AND age <= 4)",
            "(a = 1 OR b IS NULL) AND \"my column\" IS NOT NULL",
            "\"not\" = 1 AND \"1a\" = 2 AND \"say \"\"a\"\"\" IN ('x', 'y')",
        ] {
            let condition = Condition::parse(sql).unwrap();
            assert_eq!(condition.to_string(), sql);
            assert_eq!(Condition::parse(&condition.to_string()), Ok(condition));
        }
    }

    #[test]
    fn any_keyword_can_be_a_column() {
        for keyword in sqlparser::keywords::ALL_KEYWORDS {
            for form in ["{} = 1", "NOT ({} IN ('a', 'b'))", "a IS NULL OR {} IS NOT NULL", "{} >= 2 AND {} < 3"] {
                let quoted = form.replace("{}", &format!("\"{keyword}\""));
                let condition = Condition::parse(&quoted).unwrap();
                assert_eq!(Condition::parse(&condition.to_string()), Ok(condition), "{quoted}");
            }
        }
    }

    #[test]
    fn what_selects_nobody_in_sql_is_refused_with_a_sentence() {
        for (sql, message) in [
            ("use = yes", "`yes` is not a value"),
            ("use", "`use` is not a condition"),
            ("use = 'yes' banana", "cannot read on from `banana`"),
            ("use = 'yes", "Unterminated string literal"),
            ("lower(use) = 'yes'", "is not a column"),
            ("age > 'x'", "needs a number"),
            (&"NOT ".repeat(2000), "use IN"),
        ] {
            let error = Condition::parse(sql).unwrap_err();
            assert!(error.contains(message), "{sql}: {error}");
        }
    }
}
