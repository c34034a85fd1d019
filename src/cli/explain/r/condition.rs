//! Conditions and codes as R expressions. The script defines `same`, `one_of`, `number` and `without`.

use crate::study::{Atom, Comparison, Condition, Ends, Literal, Segment, Study, same_code};

/// A text as R has it.
pub(super) fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `c("a", "b")`
pub(super) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(text).collect();
    format!("c({})", texts.join(", "))
}

/// A column of the data.
pub(super) fn column(name: &str) -> String {
    format!("d[[{}]]", text(name))
}

/// A column whose codes of missing answers are NA.
pub(super) fn without(name: &str, missing: &[String]) -> String {
    if missing.is_empty() {
        return column(name);
    }
    format!("without({}, {})", column(name), texts(missing.iter().map(String::as_str)))
}

/// A condition, whose value is TRUE, FALSE or NA as in SQL.
pub(super) fn condition(study: &Study, condition: &Condition) -> String {
    let inner = |part: &Condition| match part {
        Condition::And(..) | Condition::Or(..) => format!("({})", self::condition(study, part)),
        _ => self::condition(study, part),
    };
    match condition {
        Condition::Atom(atom) => self::atom(study, atom),
        Condition::Not(part) => format!("!({})", self::condition(study, part)),
        Condition::And(left, right) => format!("{} & {}", inner(left), inner(right)),
        Condition::Or(left, right) => format!("{} | {}", inner(left), inner(right)),
    }
}

/// A missing code is missing unless the condition itself names it.
fn atom(study: &Study, atom: &Atom) -> String {
    let mut missing = study.missing_codes(&atom.column);
    if let Comparison::In(literals) = &atom.test {
        missing.retain(|code| !literals.iter().any(|literal| same_code(literal.as_code(), code)));
    }
    let column = without(&atom.column, &missing);
    match &atom.test {
        Comparison::Missing => format!("is.na({column})"),
        Comparison::In(literals) => {
            let codes = literals.iter().flat_map(|literal| spellings(study, &atom.column, literal));
            let codes: Vec<String> = codes.collect();
            format!("one_of({column}, {})", texts(codes.iter().map(String::as_str)))
        }
        Comparison::Between { low, high } => {
            let test = |sign: &str, end: f64| format!("number({column}) {sign} {end}");
            let sign = |ends: Ends, included, excluded| if ends == Ends::Included { included } else { excluded };
            let low = low.map(|(end, ends)| test(sign(ends, ">=", ">"), end));
            let high = high.map(|(end, ends)| test(sign(ends, "<=", "<"), end));
            let tests: Vec<String> = low.into_iter().chain(high).collect();
            if tests.len() > 1 { format!("({})", tests.join(" & ")) } else { tests.concat() }
        }
    }
}

/// A code and the other spellings of it in the data.
fn spellings(study: &Study, column: &str, literal: &Literal) -> Vec<String> {
    let code = literal.as_code();
    let questions = study.questions.iter().filter(|question| question.columns.iter().any(|own| own == column));
    let options = questions.flat_map(|question| &question.options).map(|option| (&option.code, &option.also));
    let segments = study.segments.iter().filter(|segment| segment.column == column);
    let levels = segments.flat_map(Segment::levels).map(|level| (&level.code, &level.also));
    let mut all = vec![code.to_owned()];
    for (_, also) in options.chain(levels).filter(|(known, _)| same_code(known, code)) {
        for spelling in also.iter().filter(|spelling| !all.contains(spelling)).cloned().collect::<Vec<_>>() {
            all.push(spelling);
        }
    }
    all
}
