//! Who was asked, as a condition on the columns of a file that selects exactly the respondents that the questionnaire
//! selected, or as a sentence why there is none.
//!
//! The languages of questionnaires know true and false; SQL knows a third value for a cell that is blank. So negations
//! are first carried to the single tests, and every test is written for both outcomes with what a blank means there:
//! `Q1 != "Y"` holds for whoever left `Q1` blank, `Q1 <> 'Y'` does not, so it becomes `Q1 <> 'Y' OR Q1 IS NULL`.
//! Sources: LimeSurvey's `em_core_helper.php` (`RDP_EvaluateBinary`, `getMismatchInformation`) for what its signs do with
//! blanks and texts; <https://docs.getodk.org/form-operators-functions> and XPath 1.0, section 3.4, for XLSForms.

use std::cell::Cell;

use super::{
    asked::{Answers, Asked, Code},
    compare::{compares, signed},
    expression::{Logic, Name, Sign, Syntax, Test, Value, parse},
    phrase::Phrase,
};
use crate::{
    codebook::Base,
    study::{Atom, Comparison, Condition, Ends, Language, Literal},
};

/// A questionnaire whose conditions can be translated.
#[derive(Debug)]
pub struct Routing<'a> {
    asked: &'a [Asked],
    syntax: Syntax,
    language: Language,
    /// How many more conditions may be looked at: one may lead to others.
    left: Cell<u32>,
}

/// Whom a test selects.
pub(super) enum Selected {
    All,
    Nobody,
    Some(Condition, Phrase),
}

impl<'a> Routing<'a> {
    /// The conditions of these questions.
    #[must_use]
    pub fn new(asked: &'a [Asked], syntax: Syntax, language: Language) -> Self {
        Self { asked, syntax, language, left: Cell::new(0) }
    }

    /// The base that these conditions together select; `None` if it is everybody. The error says why there is none that
    /// selects the same respondents.
    pub fn base(&self, relevance: &[String]) -> Result<Option<Base>, String> {
        const MOST: u32 = 200;
        self.left.set(MOST);
        match self.all_of(relevance)? {
            Selected::All => Ok(None),
            Selected::Nobody => Err("nobody can be asked by it".to_owned()),
            Selected::Some(condition, phrase) => {
                let sql = condition.to_string();
                let parsed = Condition::parse(&sql)?;
                let is_same = parsed.atoms() == condition.atoms();
                let base = || Base { label: phrase.text(), condition: sql };
                is_same.then(base).map(Some).ok_or_else(|| "it cannot be written as SQL".to_owned())
            }
        }
    }

    fn all_of(&self, relevance: &[String]) -> Result<Selected, String> {
        let mut all = Selected::All;
        for text in relevance.iter().filter(|text| !text.trim().is_empty()) {
            let left = self.left.get().checked_sub(1).ok_or("it depends on too many other conditions")?;
            self.left.set(left);
            let logic = parse(text, self.syntax)?;
            all = self.joined(all, self.lowered(&logic, true)?, true);
            for name in demanded(&logic) {
                all = self.joined(all, self.shown(&name, &logic)?, true);
            }
        }
        Ok(all)
    }

    /// Whom the question was put to without which the whole condition fails; everybody where a blank fails it anyway.
    fn shown(&self, name: &str, logic: &Logic) -> Result<Selected, String> {
        if truth_of_blank(logic, name) == Some(false) {
            return Ok(Selected::All);
        }
        let relevance = self.asked.iter().find(|asked| asked.is_called(name)).map(|asked| asked.relevance.as_slice());
        self.all_of(relevance.unwrap_or_default())
    }

    /// Whom a condition selects, or its opposite.
    fn lowered(&self, logic: &Logic, wanted: bool) -> Result<Selected, String> {
        match logic {
            Logic::Constant(value) if *value == wanted => Ok(Selected::All),
            Logic::Constant(_) => Ok(Selected::Nobody),
            Logic::Not(inner) => self.lowered(inner, !wanted),
            Logic::And(left, right) => {
                Ok(self.joined(self.lowered(left, wanted)?, self.lowered(right, wanted)?, wanted))
            }
            Logic::Or(left, right) => {
                Ok(self.joined(self.lowered(left, wanted)?, self.lowered(right, wanted)?, !wanted))
            }
            Logic::Test(test) => self.tested(test, wanted),
        }
    }

    fn joined(&self, left: Selected, right: Selected, both: bool) -> Selected {
        match (left, right) {
            (Selected::All, other) | (other, Selected::All) if both => other,
            (Selected::Nobody, other) | (other, Selected::Nobody) if !both => other,
            (Selected::All, _) | (_, Selected::All) => Selected::All,
            (Selected::Nobody, _) | (_, Selected::Nobody) => Selected::Nobody,
            (Selected::Some(left, phrase), Selected::Some(right, _)) if left == right => Selected::Some(left, phrase),
            (Selected::Some(left, first), Selected::Some(right, second)) => {
                let phrase = first.joined(second, both, self.language);
                Selected::Some(if both { and(left, right) } else { or(left, right) }, phrase)
            }
        }
    }

    fn tested(&self, test: &Test, wanted: bool) -> Result<Selected, String> {
        match test {
            Test::Compare { name, sign, value } => {
                let asked = self.find(name)?;
                match &asked.answers {
                    Answers::Codes(codes) => {
                        self.check_codes(asked, codes, *sign, value)?;
                        self.chosen(asked, codes, &|code| compares(code, *sign, value, self.syntax) == wanted)
                    }
                    Answers::Numbers => self.measured(asked, *sign, value, wanted),
                    Answers::Free if value == &Value::Text(String::new()) => match sign {
                        Sign::Equal => self.blank(asked, wanted),
                        Sign::Unequal => self.blank(asked, !wanted),
                        _ => Err(format!("it orders `{}` by its text", name.text)),
                    },
                    Answers::Free => Err(format!("how answers of `{}` are stored is not known", name.text)),
                }
            }
            Test::Blank { name } => self.blank(self.find(name)?, wanted),
            Test::Chosen { name, choice } => {
                let of_choice = |asked: &&Asked| {
                    asked.is_choice_of(name) && asked.choice.as_ref().is_some_and(|own| own.code == *choice)
                };
                if let Some(asked) = self.asked.iter().find(of_choice) {
                    return self.blank(asked, !wanted);
                }
                let asked = self.find(name)?;
                let Answers::Codes(codes) = &asked.answers else {
                    return Err(format!("`{}` is not stored in a column for each choice", name.text));
                };
                self.chosen(asked, codes, &|code| (code == choice) == wanted)
            }
            Test::Count { names, sign, number } => self.counted(names, *sign, *number, wanted),
        }
    }

    fn find(&self, name: &Name) -> Result<&'a Asked, String> {
        let known = self.asked.iter().filter(|asked| asked.is_called(&name.text));
        let mut found = known.filter(|asked| asked.column.is_some());
        match (found.next(), found.next()) {
            (Some(asked), None) => Ok(asked),
            (Some(_), Some(_)) => Err(format!("`{}` is more than one question", name.text)),
            (None, _) => Err(format!("`{}` is not in the file", name.text)),
        }
    }

    /// Comparisons that different versions of LimeSurvey decide differently.
    fn check_codes(&self, asked: &Asked, codes: &[Code], sign: Sign, value: &Value) -> Result<(), String> {
        if self.syntax == Syntax::XPath {
            return Ok(());
        }
        self.check_blank(asked, sign, value)?;
        let Value::Text(text) = value else { return Ok(()) };
        let as_text = |code: &str| signed(sign, code.cmp(text.as_str()));
        let is_ordered = !matches!(sign, Sign::Equal | Sign::Unequal);
        let differs = |code: &Code| as_text(&code.code) != compares(&code.code, sign, value, self.syntax);
        if is_ordered && codes.iter().filter(|code| !code.code.is_empty()).any(differs) {
            return Err("it orders numbers as texts".to_owned());
        }
        Ok(())
    }

    fn check_blank(&self, asked: &Asked, sign: Sign, value: &Value) -> Result<(), String> {
        let Some(number) = value.as_number() else { return Ok(()) };
        if self.syntax == Syntax::XPath || asked.is_never_blank() {
            return Ok(());
        }
        let is_unclear = match sign {
            Sign::Equal | Sign::Unequal => number == 0.0 && matches!(value, Value::Number(_)),
            Sign::More | Sign::AtLeast => number <= 0.0,
            Sign::Less | Sign::AtMost => number <= 0.0 || !asked.relevance.is_empty(),
        };
        if is_unclear { Err("what it says of a blank is not certain".to_owned()) } else { Ok(()) }
    }

    /// Those whose code `picks` picks; it is asked of the empty code for whoever has no answer.
    fn chosen(&self, asked: &Asked, codes: &[Code], picks: &dyn Fn(&str) -> bool) -> Result<Selected, String> {
        let Some(column) = &asked.column else { return Ok(Selected::Nobody) };
        let (inside, outside): (Vec<&Code>, Vec<&Code>) = codes.iter().partition(|code| picks(&code.code));
        let takes_blank = picks("") && !asked.is_never_blank();
        let is_silent = |codes: &[&Code]| codes.iter().any(|code| code.is_silent);
        let is_only_blank = inside.iter().all(|code| code.code.is_empty());
        let among = |codes: &[&Code]| atom(column, Comparison::In(codes.iter().map(|code| code.literal()).collect()));
        let missing = || atom(column, Comparison::Missing);
        let condition = match takes_blank {
            // A code for no answer cannot be told from a blank by a condition.
            true if is_silent(&outside) => return Err("it tells a code for no answer from a blank".to_owned()),
            true if outside.is_empty() => return Ok(Selected::All),
            true if inside.is_empty() => missing(),
            true if is_only_blank => Condition::Or(Box::new(among(&inside)), Box::new(missing())),
            true => Condition::Or(Box::new(not(among(&outside))), Box::new(missing())),
            false if inside.is_empty() => return Ok(Selected::Nobody),
            false if outside.is_empty() && asked.choice.is_none() && !picks("") && !is_silent(&inside) => {
                not(missing())
            }
            false => among(&inside),
        };
        Ok(Selected::Some(condition, Phrase::of_codes(asked, &inside, &outside, self.language)))
    }

    fn blank(&self, asked: &Asked, wanted: bool) -> Result<Selected, String> {
        let Some(column) = &asked.column else { return Err("it depends on what is not in the file".to_owned()) };
        if let Answers::Codes(codes) = &asked.answers {
            return self.chosen(asked, codes, &|code| code.is_empty() == wanted);
        }
        let missing = atom(column, Comparison::Missing);
        let phrase = Phrase::of_blank(asked, wanted, self.language);
        Ok(Selected::Some(if wanted { missing } else { not(missing) }, phrase))
    }

    fn measured(&self, asked: &Asked, sign: Sign, value: &Value, wanted: bool) -> Result<Selected, String> {
        let Some(column) = &asked.column else { return Ok(Selected::Nobody) };
        if value == &Value::Text(String::new()) && matches!(sign, Sign::Equal | Sign::Unequal) {
            return self.blank(asked, (sign == Sign::Equal) == wanted);
        }
        let number = value.as_number().ok_or("it compares a number with a text")?;
        let is_ordered = !matches!(sign, Sign::Equal | Sign::Unequal);
        if is_ordered && self.syntax == Syntax::ExpressionScript && matches!(value, Value::Text(_)) {
            return Err("it orders numbers as texts".to_owned());
        }
        self.check_blank(asked, sign, value)?;
        let sign = if wanted { sign } else { sign.opposite() };
        // A blank fails every comparison but "is not": so it passes the opposites of the others.
        let takes_blank = (sign == Sign::Unequal || is_ordered && !wanted) && !asked.is_never_blank();
        let test = match sign {
            Sign::Equal | Sign::Unequal => Comparison::In(vec![Literal::Number(number.to_string(), number)]),
            Sign::Less => Comparison::Between { low: None, high: Some((number, Ends::Excluded)) },
            Sign::AtMost => Comparison::Between { low: None, high: Some((number, Ends::Included)) },
            Sign::More => Comparison::Between { low: Some((number, Ends::Excluded)), high: None },
            Sign::AtLeast => Comparison::Between { low: Some((number, Ends::Included)), high: None },
        };
        let test = atom(column, test);
        let test = if sign == Sign::Unequal { not(test) } else { test };
        let missing = || Box::new(atom(column, Comparison::Missing));
        let condition = if takes_blank { Condition::Or(Box::new(test), missing()) } else { test };
        Ok(Selected::Some(condition, Phrase::of_number(asked, sign, number)))
    }

    /// Counts of answers, where they ask for one at least, or none.
    fn counted(&self, names: &[Name], sign: Sign, number: f64, wanted: bool) -> Result<Selected, String> {
        let sign = if wanted { sign } else { sign.opposite() };
        let mut counted: Vec<&Asked> = Vec::new();
        for name in names {
            let parts = self.asked.iter().filter(|asked| asked.is_choice_of(name) && asked.column.is_some());
            let before = counted.len();
            counted.extend(parts);
            if counted.len() == before {
                counted.push(self.find(name)?);
            }
        }
        let any = match (sign, number) {
            (Sign::More | Sign::Unequal, 0.0) | (Sign::AtLeast, 1.0) => true,
            (Sign::Equal | Sign::AtMost, 0.0) | (Sign::Less, 1.0) => false,
            _ => return Err("it counts answers, which a condition cannot".to_owned()),
        };
        let mut all = if any { Selected::Nobody } else { Selected::All };
        for asked in &counted {
            all = self.joined(all, self.blank(asked, !any)?, !any);
        }
        match (all, counted.first().and_then(|first| first.choice.as_ref()), names) {
            (Selected::Some(condition, _), Some(choice), [_]) => {
                let question = Asked { label: choice.wording.clone(), ..Asked::default() };
                Ok(Selected::Some(condition, Phrase::of_blank(&question, !any, self.language)))
            }
            (all, ..) => Ok(all),
        }
    }
}

/// What a condition says where the named question has no answer, whatever the others have.
fn truth_of_blank(logic: &Logic, name: &str) -> Option<bool> {
    match logic {
        Logic::Constant(value) => Some(*value),
        Logic::Not(inner) => truth_of_blank(inner, name).map(|value| !value),
        Logic::And(left, right) => match (truth_of_blank(left, name), truth_of_blank(right, name)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Logic::Or(left, right) => match (truth_of_blank(left, name), truth_of_blank(right, name)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Logic::Test(Test::Compare { name: own, sign, value }) if own.text == name => match (sign, value) {
            (Sign::Equal, Value::Text(text)) => Some(text.is_empty()),
            (Sign::Equal | Sign::More | Sign::AtLeast, Value::Number(number)) if *number > 0.0 => Some(false),
            _ => None,
        },
        Logic::Test(_) => None,
    }
}

/// The names without which a condition fails.
fn demanded(logic: &Logic) -> Vec<String> {
    let of = |name: &Name| name.is_demanded.then(|| name.text.clone());
    match logic {
        Logic::Constant(_) => Vec::new(),
        Logic::Not(inner) => demanded(inner),
        Logic::And(left, right) | Logic::Or(left, right) => [demanded(left), demanded(right)].concat(),
        Logic::Test(Test::Count { names, .. }) => names.iter().filter_map(of).collect(),
        Logic::Test(Test::Compare { name, .. } | Test::Blank { name } | Test::Chosen { name, .. }) => {
            of(name).into_iter().collect()
        }
    }
}

fn atom(column: &str, test: Comparison) -> Condition {
    Condition::Atom(Atom { column: column.to_owned(), test })
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn and(left: Condition, right: Condition) -> Condition {
    Condition::And(Box::new(left), Box::new(right))
}

/// Either; two lists of values of one column become one.
fn or(left: Condition, right: Condition) -> Condition {
    match (left, right) {
        (
            Condition::Atom(Atom { column, test: Comparison::In(mut values) }),
            Condition::Atom(Atom { column: other, test: Comparison::In(more) }),
        ) if column == other => {
            values.extend(more);
            atom(&column, Comparison::In(values))
        }
        (left, right) => Condition::Or(Box::new(left), Box::new(right)),
    }
}
