//! What a questionnaire says of who is asked, and the condition that it becomes, select the same respondents.

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use topline::{
    io::{Answers, Asked, Code, Routing, Syntax},
    study::{Atom, Comparison, Condition, Ends, Language},
};

/// A condition as a questionnaire may have it, on `q` (codes 1, 2, 3 and "no answer" 9), `n` (a number) and `t` (a text).
#[derive(Clone, Debug)]
enum Said {
    Code(&'static str, &'static str, bool),
    Number(&'static str, i32),
    Blank(&'static str),
    Not(Box<Said>),
    Both(Box<Said>, Box<Said>),
    Either(Box<Said>, Box<Said>),
}

const SIGNS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];

fn said() -> impl Strategy<Value = Said> {
    let code = (0_usize..6, 0_usize..4, any::<bool>())
        .prop_map(|(sign, code, quoted)| Said::Code(SIGNS[sign], ["1", "2", "3", "9"][code], quoted || sign > 1));
    let number = (0_usize..6, 1_i32..5).prop_map(|(sign, number)| Said::Number(SIGNS[sign], number));
    let blank = (0_usize..3).prop_map(|name| Said::Blank(["q", "n", "t"][name]));
    let test = prop_oneof![code, number, blank];
    test.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Said::Not(Box::new(inner))),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Said::Both(Box::new(one), Box::new(other))),
            (inner.clone(), inner).prop_map(|(one, other)| Said::Either(Box::new(one), Box::new(other))),
        ]
    })
}

impl Said {
    fn written(&self, syntax: Syntax) -> String {
        let name = |name: &str| match syntax {
            Syntax::XPath => format!("${{{name}}}"),
            Syntax::ExpressionScript => format!("{name}.NAOK"),
        };
        let sign = |sign: &str| match (syntax, sign) {
            (Syntax::ExpressionScript, "=") => "==".to_owned(),
            _ => sign.to_owned(),
        };
        match self {
            Self::Code(own, code, true) => format!("{} {} '{code}'", name("q"), sign(own)),
            Self::Code(own, code, false) => format!("{} {} {code}", name("q"), sign(own)),
            Self::Number(own, number) => format!("{number} {} {}", sign(turned(own)), name("n")),
            Self::Blank(of) if syntax == Syntax::XPath => format!("{} = ''", name(of)),
            Self::Blank(of) => format!("is_empty({})", name(of)),
            Self::Not(inner) if syntax == Syntax::XPath => format!("not({})", inner.written(syntax)),
            Self::Not(inner) => format!("!({})", inner.written(syntax)),
            Self::Both(one, other) => format!("({}) and ({})", one.written(syntax), other.written(syntax)),
            Self::Either(one, other) => format!("({}) or ({})", one.written(syntax), other.written(syntax)),
        }
    }

    /// What both languages say of a respondent: a blank is equal to nothing and in no order.
    fn holds(&self, row: &[&str; 3]) -> bool {
        match self {
            Self::Code(sign, code, _) => compares(row[0], sign, code.parse().expect("a number")),
            Self::Number(sign, number) => compares(row[1], sign, f64::from(*number)),
            Self::Blank(name) => row[position(name)].is_empty(),
            Self::Not(inner) => !inner.holds(row),
            Self::Both(one, other) => one.holds(row) && other.holds(row),
            Self::Either(one, other) => one.holds(row) || other.holds(row),
        }
    }
}

fn position(name: &str) -> usize {
    ["q", "n", "t"].iter().position(|known| *known == name).expect("one of three")
}

fn turned(sign: &'static str) -> &'static str {
    match sign {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    }
}

fn compares(cell: &str, sign: &str, number: f64) -> bool {
    let value = cell.parse::<f64>().ok();
    match sign {
        "=" => value == Some(number),
        "!=" => value != Some(number),
        "<" => value.is_some_and(|value| value < number),
        "<=" => value.is_some_and(|value| value <= number),
        ">" => value.is_some_and(|value| value > number),
        _ => value.is_some_and(|value| value >= number),
    }
}

/// What SQL says, as study files have it: 9 is no answer, unless a condition names it.
fn selects(condition: &Condition, row: &[&str; 3]) -> Option<bool> {
    match condition {
        Condition::Not(inner) => selects(inner, row).map(|truth| !truth),
        Condition::And(one, other) => match (selects(one, row), selects(other, row)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Condition::Or(one, other) => match (selects(one, row), selects(other, row)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Condition::Atom(Atom { column, test }) => {
            let cell = row[position(column.trim_end_matches(" column"))];
            let is_silent = cell.is_empty() || cell == "9" && column.starts_with('q');
            match test {
                Comparison::Missing => Some(is_silent),
                Comparison::In(values) if values.iter().any(|value| value.as_code() == cell) => Some(true),
                _ if is_silent => None,
                Comparison::In(_) => Some(false),
                Comparison::Between { low, high } => {
                    let number: f64 = cell.parse().ok()?;
                    let above = low.is_none_or(|(low, ends)| number > low || ends == Ends::Included && number == low);
                    Some(
                        above
                            && high
                                .is_none_or(|(high, ends)| number < high || ends == Ends::Included && number == high),
                    )
                }
            }
        }
    }
}

fn questionnaire() -> [Asked; 3] {
    let code = |code: &str| Code {
        code: code.to_owned(),
        cell: code.to_owned(),
        label: format!("answer {code}"),
        is_silent: code == "9",
    };
    let asked = |name: &str, answers: Answers| Asked {
        names: vec![name.to_owned()],
        column: Some(format!("{name} column")),
        label: name.to_owned(),
        answers,
        ..Asked::default()
    };
    let codes = Answers::Codes(["1", "2", "3", "9"].map(code).to_vec());
    [asked("q", codes), asked("n", Answers::Numbers), asked("t", Answers::Free)]
}

fn syntax() -> impl Strategy<Value = Syntax> {
    prop_oneof![Just(Syntax::XPath), Just(Syntax::ExpressionScript)]
}

proptest! {
    #[test]
    fn a_base_selects_whom_the_questionnaire_selected(said in said(), syntax in syntax()) {
        let questionnaire = questionnaire();
        let routing = Routing::new(&questionnaire, syntax, Language::En);
        // Without a condition there is a reason, and it holds for everybody or says why there is none.
        let Ok(base) = routing.base(&[said.written(syntax)]) else { return Ok(()) };
        let condition = base.map(|base| Condition::parse(&base.condition));
        if let Some(Err(why)) = &condition {
            prop_assert!(false, "{why}");
        }
        for q in ["", "1", "2", "3", "9"] {
            for n in ["", "0", "1", "2.5", "3", "7"] {
                for t in ["", "text"] {
                    let row = [q, n, t];
                    let selected = match &condition {
                        Some(Ok(condition)) => selects(condition, &row) == Some(true),
                        _ => true,
                    };
                    prop_assert_eq!(selected, said.holds(&row), "{} {:?}", said.written(syntax), row);
                }
            }
        }
    }

    #[test]
    fn any_text_is_translated_or_refused(text in "(\\PC|[()!=<>&|'\"${}q n.,]|and|or|not|count){0,60}", syntax in syntax()) {
        let questionnaire = questionnaire();
        if let Ok(Some(base)) = Routing::new(&questionnaire, syntax, Language::De).base(&[text]) {
            prop_assert!(Condition::parse(&base.condition).is_ok(), "{}", base.condition);
        }
    }

    #[test]
    fn any_column_can_be_named(column in "\\PC{1,20}", cell in "\\PC{0,20}") {
        let code = Code { code: "1".to_owned(), cell: cell.clone(), label: String::new(), is_silent: false };
        let other = Code { code: "2".to_owned(), cell: format!("{cell}2"), ..code.clone() };
        let asked = Asked {
            names: vec!["q".to_owned()],
            column: Some(column.clone()),
            answers: Answers::Codes(vec![code, other]),
            ..Asked::default()
        };
        let base = Routing::new(&[asked], Syntax::XPath, Language::En).base(&["${q} = 1".to_owned()]);
        let condition = base.expect("it is translated").expect("it selects").condition;
        let parsed = Condition::parse(&condition).expect("it can be read");
        prop_assert_eq!(&parsed.atoms()[0].column, &column);
        let Comparison::In(values) = &parsed.atoms()[0].test else { panic!("{condition}") };
        prop_assert_eq!(values[0].as_code(), cell);
    }
}

#[test]
fn most_conditions_are_translated() {
    let questionnaire = questionnaire();
    let routing = |syntax| Routing::new(&questionnaire, syntax, Language::En);
    let base =
        |syntax, text: &str| routing(syntax).base(&[text.to_owned()]).map(|base| base.expect("a base").condition);
    for (text, condition) in [
        ("((q.NAOK == \"1\"))", "\"q column\" = '1'"),
        ("q.NAOK != '1'", "NOT (\"q column\" = '1') OR \"q column\" IS NULL"),
        ("q == 1 or q == 2", "\"q column\" IN ('1', '2')"),
        ("!is_empty(t.NAOK) && n.NAOK >= 18", "\"t column\" IS NOT NULL AND \"n column\" >= 18"),
    ] {
        assert_eq!(base(Syntax::ExpressionScript, text).as_deref(), Ok(condition), "{text}");
    }
    for (text, condition) in [
        ("selected(${q}, '2') and not(${n} < 3)", "\"q column\" = '2' AND (\"n column\" >= 3 OR \"n column\" IS NULL)"),
        ("${t} != '' or ${n} = 3", "\"t column\" IS NOT NULL OR \"n column\" = 3"),
    ] {
        assert_eq!(base(Syntax::XPath, text).as_deref(), Ok(condition), "{text}");
    }
    for (syntax, text, why) in [
        (Syntax::ExpressionScript, "q.NAOK != '9'", "it tells a code for no answer from a blank"),
        (Syntax::ExpressionScript, "n.NAOK > 0", "what it says of a blank is not certain"),
        (Syntax::ExpressionScript, "x.NAOK == 1", "`x` is not in the file"),
        (Syntax::XPath, "${q} = 4", "nobody can be asked by it"),
        (Syntax::XPath, "${t} = 'a'", "how answers of `t` are stored is not known"),
    ] {
        let error = base(syntax, text).expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    }
}
