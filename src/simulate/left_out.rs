//! Columns that a study only reads to leave respondents out: made-up respondents are none of those.

use super::plan::{Columns, Look};
use crate::{
    responses::{BLANK, Column},
    study::{Comparison, Condition, Rule, Study},
};

/// A column that says of everybody that they are kept.
#[derive(Clone, Debug)]
pub(super) enum Filler {
    /// The same code in every row.
    Same(u8),
    /// The same number in every row.
    Number(f64),
    /// Running numbers, with the next.
    Running(u64),
}

impl Filler {
    pub(super) fn start(&mut self) {
        if let Self::Running(next) = self {
            *next = 1;
        }
    }

    pub(super) fn draw(&mut self, rows: usize) -> Column {
        match self {
            Self::Same(code) => Column::Codes(vec![*code; rows]),
            Self::Number(number) => Column::Numbers(vec![*number; rows]),
            Self::Running(next) => {
                let first = *next;
                *next += rows as u64;
                Column::Numbers((first..*next).map(|number| number as f64).collect())
            }
        }
    }
}

/// Seconds that everybody takes.
const SECONDS: f64 = 600.0;

/// Adds the columns that nothing else makes.
pub(super) fn fillers(study: &Study, columns: &mut Columns) -> Vec<Filler> {
    let mut fillers = Vec::new();
    let mut add = |columns: &mut Columns, name: &str, look: Look, filler: Filler| {
        if columns.position(name).is_none() {
            columns.add(name, look);
            fillers.push(filler);
        }
    };
    for exclusion in &study.data.exclude {
        if let Rule::Where(condition) = &exclusion.rule {
            for (name, value) in kept(condition, columns) {
                let filler = Filler::Same(if value.is_some() { 0 } else { BLANK });
                add(columns, &name, Look::Codes(vec![value.unwrap_or_else(|| "1".to_owned())]), filler);
            }
        }
        for name in &exclusion.columns {
            let (look, filler) = match exclusion.rule {
                Rule::Duplicates => (Look::Whole, Filler::Running(1)),
                Rule::Speeders { .. } => (Look::Whole, Filler::Number(SECONDS)),
                // A hundred percent, and no word for a test.
                Rule::Tests | Rule::Incomplete => (Look::Codes(vec!["100".to_owned()]), Filler::Same(0)),
                _ => (Look::Codes(vec!["1".to_owned()]), Filler::Same(BLANK)),
            };
            add(columns, name, look, filler);
        }
    }
    fillers
}

/// Combinations of values that are tried.
const MOST: usize = 10_000;

/// For each column that nothing makes a value with which a condition is not true, whatever the other columns hold; blank
/// where there is no such value.
fn kept(condition: &Condition, columns: &Columns) -> Vec<(String, Option<String>)> {
    let mut open: Vec<String> = Vec::new();
    for atom in condition.atoms() {
        if columns.position(&atom.column).is_none() && !open.contains(&atom.column) {
            open.push(atom.column.clone());
        }
    }
    let choices: Vec<Vec<Option<String>>> = open.iter().map(|column| candidates(condition, column)).collect();
    let count = choices.iter().map(Vec::len).product::<usize>().min(MOST);
    let combination = |mut number: usize| -> Vec<(String, Option<String>)> {
        let pick = |(column, values): (&String, &Vec<Option<String>>)| {
            let value = values[number % values.len()].clone();
            number /= values.len();
            (column.clone(), value)
        };
        open.iter().zip(&choices).map(pick).collect()
    };
    let keeps = |values: &Vec<(String, Option<String>)>| {
        [Some(true), Some(false), None].iter().all(|made| truth(condition, values, *made) != Some(true))
    };
    let fallback = || open.iter().map(|column| (column.clone(), None)).collect();
    (0..count).map(combination).find(keeps).unwrap_or_else(fallback)
}

/// Blank, and values that lie between those that a condition tells apart.
fn candidates(condition: &Condition, column: &str) -> Vec<Option<String>> {
    let mut numbers = vec![0.0];
    let mut texts = Vec::new();
    for atom in condition.atoms().into_iter().filter(|atom| atom.column == column) {
        match &atom.test {
            Comparison::In(literals) => texts.extend(literals.iter().map(|literal| literal.as_code().to_owned())),
            Comparison::Between { low, high } => numbers.extend(low.iter().chain(high).map(|(end, _)| *end)),
            Comparison::Missing => {}
        }
    }
    numbers.extend(texts.iter().filter_map(|text| text.parse::<f64>().ok()));
    let near = numbers.iter().flat_map(|number| [*number, number - 1.0, number + 1.0]);
    let near = near.map(|number| Some(number.to_string()));
    [None].into_iter().chain(near).chain(texts.into_iter().map(Some)).collect()
}

/// Whether a condition is true where open columns hold these values and every test of another one comes out so.
fn truth(condition: &Condition, values: &[(String, Option<String>)], made: Option<bool>) -> Option<bool> {
    match condition {
        Condition::Atom(atom) => {
            let Some((_, value)) = values.iter().find(|(column, _)| *column == atom.column) else { return made };
            match (&atom.test, value) {
                (Comparison::Missing, value) => Some(value.is_none()),
                (_, None) => None,
                (Comparison::In(literals), Some(value)) => {
                    Some(literals.iter().any(|literal| crate::study::same_code(literal.as_code(), value)))
                }
                (Comparison::Between { low, high }, Some(value)) => {
                    let number: f64 = value.parse().ok()?;
                    // Ends themselves count as inside: what is tried beside them is clearly in or out.
                    let above = low.is_none_or(|(low, _)| number >= low);
                    Some(above && high.is_none_or(|(high, _)| number <= high))
                }
            }
        }
        Condition::Not(inner) => truth(inner, values, made).map(|truth| !truth),
        Condition::And(left, right) => match (truth(left, values, made), truth(right, values, made)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Condition::Or(left, right) => match (truth(left, values, made), truth(right, values, made)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Columns, kept};
    use crate::{simulate::plan::Look, study::Condition};

    #[test]
    fn a_value_is_found_with_which_nobody_is_left_out() {
        let mut columns = Columns::default();
        columns.add("age", Look::Whole);
        for (sql, expected) in [
            (
                "Status = 'Survey Preview' OR DistributionChannel = 'preview'",
                vec![("Status", None), ("DistributionChannel", None)],
            ),
            ("submitdate IS NULL", vec![("submitdate", Some("0"))]),
            ("Finished IS NULL OR Finished = 0", vec![("Finished", Some("-1"))]),
            ("age < 18", vec![]),
            ("age < 18 AND NOT (consent = 'yes')", vec![("consent", None)]),
            ("consent IS NULL OR consent <> 'yes'", vec![("consent", Some("yes"))]),
        ] {
            let found = kept(&Condition::parse(sql).unwrap(), &columns);
            let found: Vec<(&str, Option<&str>)> =
                found.iter().map(|(column, value)| (column.as_str(), value.as_deref())).collect();
            assert_eq!(found, expected, "{sql}");
        }
    }
}
