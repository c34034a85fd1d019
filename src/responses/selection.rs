//! Conditions over coded columns: who belongs to a base.

use std::collections::HashMap;

use super::{BLANK, Batch, Coder, Column, Form, NumberRule, OTHER, Request, Unlisted};
use crate::study::{Comparison, Condition, Ends, Literal};

/// Collects the columns that somebody wants, each form of a column once, and knows the positions of each column's forms.
#[derive(Clone, Debug, Default)]
pub struct Requests(pub Vec<Request>, HashMap<String, Vec<usize>>);

impl Requests {
    /// A coded column; returns its position.
    pub fn codes(&mut self, column: &str, values: &[String], unlisted: Unlisted) -> usize {
        self.spelled(column, values, &[], unlisted)
    }

    /// A coded column whose values have other spellings too, each with the position of its value.
    pub fn spelled(
        &mut self,
        column: &str,
        values: &[String],
        spellings: &[(usize, String)],
        unlisted: Unlisted,
    ) -> usize {
        let same = |form: &Form| matches!(form, Form::Codes(coder) if coder.values() == values && coder.spellings() == spellings);
        self.find(column, same, || Form::Codes(Coder::new(values.to_vec(), unlisted).with_spellings(spellings)))
    }

    /// A numeric column; returns its position.
    pub fn numbers(&mut self, column: &str, rule: &NumberRule) -> usize {
        let same = |form: &Form| matches!(form, Form::Numbers(known) if known == rule);
        self.find(column, same, || Form::Numbers(rule.clone()))
    }

    /// A column of keys; returns its position.
    pub fn keys(&mut self, column: &str) -> usize {
        self.find(column, |form| matches!(form, Form::Keys), || Form::Keys)
    }

    fn find(&mut self, column: &str, same: impl Fn(&Form) -> bool, form: impl FnOnce() -> Form) -> usize {
        let forms = self.1.entry(column.to_owned()).or_default();
        let known = forms.iter().copied().find(|known| same(&self.0[*known].form));
        known.unwrap_or_else(|| {
            forms.push(self.0.len());
            self.0.push(Request { column: column.to_owned(), form: form(), decimal_comma: false });
            self.0.len() - 1
        })
    }
}

/// A condition compiled for the columns of a batch.
#[derive(Clone, Debug)]
pub enum Selection {
    /// One truth for each code of a column.
    Codes {
        /// Position of the column.
        column: usize,
        /// What the condition says of each code.
        truths: Box<[Truth; 256]>,
    },
    /// A range of numbers.
    Numbers {
        /// Position of the column.
        column: usize,
        /// The test.
        test: Comparison,
    },
    /// Both.
    And(Box<Selection>, Box<Selection>),
    /// Either.
    Or(Box<Selection>, Box<Selection>),
    /// The opposite.
    Not(Box<Selection>),
}

/// SQL's three values; ordered so that AND is the smaller and OR the larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It is not so.
    False,
    /// A value is missing.
    Unknown,
    /// It is so.
    True,
}

impl Selection {
    /// Compiles a condition, requesting the columns that it needs and nobody has asked for yet.
    ///
    /// `missing` gives the codes of a column that are no answer. They are SQL's NULL, as a blank cell is, unless the
    /// condition itself names the code: `use = 98` finds those who did not know.
    pub fn compile(condition: &Condition, missing: &impl Fn(&str) -> Vec<String>, requests: &mut Requests) -> Self {
        let mut part = |condition: &Condition| Box::new(Self::compile(condition, missing, requests));
        match condition {
            Condition::And(left, right) => Self::And(part(left), part(right)),
            Condition::Or(left, right) => Self::Or(part(left), part(right)),
            Condition::Not(inner) => Self::Not(part(inner)),
            Condition::Atom(atom) => {
                let missing = missing(&atom.column);
                let coded = requests.0.iter().position(|request| {
                    request.column == atom.column
                        && matches!(&request.form, Form::Codes(coder) if coder.unlisted() == Unlisted::Reported)
                });
                let literals = match &atom.test {
                    Comparison::Between { .. } if coded.is_none() => {
                        let column = requests.numbers(&atom.column, &NumberRule::any(&missing));
                        return Self::Numbers { column, test: atom.test.clone() };
                    }
                    Comparison::In(literals) => literals.as_slice(),
                    Comparison::Between { .. } | Comparison::Missing => &[],
                };
                let column = coded.unwrap_or_else(|| {
                    let values = literals.iter().map(|literal| literal.as_code().to_owned());
                    let values: Vec<String> = values.chain(missing.iter().cloned()).collect();
                    requests.codes(&atom.column, &values, Unlisted::Accepted)
                });
                Self::on_codes(column, &atom.test, &missing, requests)
            }
        }
    }

    /// Whether the condition holds, for each row.
    #[must_use]
    pub fn evaluate(&self, batch: &Batch) -> Vec<Truth> {
        match self {
            Self::Codes { column, truths } => {
                batch.columns[*column].codes().iter().map(|code| truths[usize::from(*code)]).collect()
            }
            Self::Numbers { column, test } => {
                let Column::Numbers(numbers) = &batch.columns[*column] else { return Vec::new() };
                numbers.iter().map(|number| truth_of_number(test, *number)).collect()
            }
            Self::And(left, right) => zip(left.evaluate(batch), &right.evaluate(batch), Ord::min),
            Self::Or(left, right) => zip(left.evaluate(batch), &right.evaluate(batch), Ord::max),
            Self::Not(inner) => {
                let flip = |truth| match truth {
                    Truth::False => Truth::True,
                    Truth::Unknown => Truth::Unknown,
                    Truth::True => Truth::False,
                };
                inner.evaluate(batch).into_iter().map(flip).collect()
            }
        }
    }

    fn on_codes(column: usize, test: &Comparison, missing: &[String], requests: &Requests) -> Self {
        let Form::Codes(coder) = &requests.0[column].form else { unreachable!("only called for coded columns") };
        let missing: Vec<u8> =
            missing.iter().map(|code| coder.code_of_text(code)).filter(|code| *code != OTHER).collect();
        let mut truths = Box::new([Truth::False; 256]);
        for (code, truth) in truths.iter_mut().enumerate() {
            let code = code as u8;
            *truth = match test {
                Comparison::Missing => Truth::from(code == BLANK || missing.contains(&code)),
                Comparison::In(literals)
                    if code != OTHER && literals.iter().any(|literal| code_of(coder, literal) == code) =>
                {
                    Truth::True
                }
                _ if code == BLANK || missing.contains(&code) => Truth::Unknown,
                Comparison::In(_) => Truth::False,
                Comparison::Between { .. } => match coder.values().get(usize::from(code)).map(|value| value.parse()) {
                    Some(Ok(number)) => truth_of_number(test, number),
                    _ => Truth::Unknown,
                },
            };
        }
        Self::Codes { column, truths }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

fn code_of(coder: &Coder, literal: &Literal) -> u8 {
    coder.code_of_text(literal.as_code())
}

fn truth_of_number(test: &Comparison, number: f64) -> Truth {
    let Comparison::Between { low, high } = test else { return Truth::Unknown };
    if number.is_nan() {
        return Truth::Unknown;
    }
    let above = low.is_none_or(|(low, ends)| number > low || (ends == Ends::Included && number >= low));
    let below = high.is_none_or(|(high, ends)| number < high || (ends == Ends::Included && number <= high));
    Truth::from(above && below)
}

fn zip(mut left: Vec<Truth>, right: &[Truth], combine: impl Fn(Truth, Truth) -> Truth) -> Vec<Truth> {
    for (left, right) in left.iter_mut().zip(right) {
        *left = combine(*left, *right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::{Requests, Selection, Truth};
    use crate::{
        responses::{Cells, Intake, take_batch},
        study::Condition,
    };

    fn selected(sql: &str, rows: &[(&str, &str)]) -> Vec<bool> {
        let mut requests = Requests::default();
        let missing = |column: &str| if column == "age" { vec!["99".to_owned(), "N/A".to_owned()] } else { Vec::new() };
        let selection = Selection::compile(&Condition::parse(sql).unwrap(), &missing, &mut requests);
        let mut intakes: Vec<Intake> = requests.0.iter().map(Intake::new).collect();
        for (use_, age) in rows {
            for (intake, request) in intakes.iter_mut().zip(&requests.0) {
                intake.text(if request.column == "age" { age } else { use_ }, 1);
            }
        }
        let batch = take_batch(&mut intakes, rows.len());
        selection.evaluate(&batch).into_iter().map(|truth| truth == Truth::True).collect()
    }

    #[test]
    fn a_missing_value_is_neither_true_nor_false() {
        let rows = [("yes", "20"), ("no", "30"), ("", "40"), ("yes", "")];
        assert_eq!(selected("use = 'yes'", &rows), [true, false, false, true]);
        assert_eq!(selected("use <> 'yes'", &rows), [false, true, false, false]);
        assert_eq!(selected("NOT use = 'yes' OR age >= 40", &rows), [false, true, true, false]);
        assert_eq!(selected("use IS NULL AND age BETWEEN 40 AND 50", &rows), [false, false, true, false]);
        assert_eq!(selected("age < 30", &rows), [true, false, false, false]);
    }

    #[test]
    fn a_missing_code_is_a_missing_value_unless_the_condition_names_it() {
        let rows = [("yes", "20"), ("no", "99"), ("no", "99.0"), ("no", "N/A"), ("no", "")];
        assert_eq!(selected("age > 18", &rows), [true, false, false, false, false]);
        assert_eq!(selected("NOT age < 18", &rows), [true, false, false, false, false]);
        assert_eq!(selected("age <> 30", &rows), [true, false, false, false, false]);
        assert_eq!(selected("age IS NULL", &rows), [false, true, true, true, true]);
        assert_eq!(selected("age IS NOT NULL", &rows), [true, false, false, false, false]);
        assert_eq!(selected("age = 99", &rows), [false, true, true, false, false]);
        assert_eq!(selected("age <> 99", &rows), [true, false, false, false, false]);
    }
}
