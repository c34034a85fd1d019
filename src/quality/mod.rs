//! Rows that are no respondents, or no careful ones: tests, repeated ids and rows, too fast, always the same answer.
//!
//! A [`Rule`] of the study says who is [left out](left_out); what all rules would find is [looked at](inspect) whether they
//! are applied or not. Both go over the columns that a rule needs, in one pass, or two where durations are held against
//! their median. Memory has a bound but for ids and whole rows, of which a hash of eight bytes is kept: two that differ are
//! taken for the same with a chance of one in 370 000 among ten million.
//!
//! # Rules
//!
//! * *Tests* are told by the words of platforms: `Status` and `DistributionChannel` of Qualtrics, `_validation_status` of
//!   `KoBo`, and columns that are called like these.
//! * *Speeders* took less than a share of the [median duration](Rule::SPEEDING).
//! * *Straight-liners* gave one answer to all items of a battery that they answered, at least four: simple
//!   nondifferentiation (Kim, Dykema, Stevenson, Black & Moberg 2019, *Social Science Computer Review* 37 (2), 214–233). Where
//!   items point the same way, the same answer may be an honest one.

mod batteries;
mod cells;
mod columns;
mod duration;
mod sieve;

use self::sieve::Sieves;
pub use self::{
    batteries::{Battery, FEWEST_ITEMS, batteries},
    columns::{Duration, Telltale, collectors, completion, duration, identifiers, status},
    sieve::{Caught, Sieve},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, quoted_list},
    io::{LeftOut, Table},
    responses::What,
    study::{Exclusion, Rule, Study},
};

/// Told the bytes read so far and the bytes in all.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

/// What a rule finds in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// The rule.
    pub rule: Rule,
    /// What tells: columns, or the name of a battery.
    pub by: Vec<String>,
    /// How many items a battery has.
    pub items: usize,
    /// What was found.
    pub caught: Caught,
}

impl Inspected {
    /// Whether more rows are the same than a mistake of a file explains: more than one in ten comes of few columns with few
    /// values.
    #[must_use]
    pub fn may_be_chance(&self) -> bool {
        self.rule == Rule::Copies && self.caught.rows * 10 > self.caught.of
    }
}

/// Finds the rows of a file that a study leaves out.
pub fn left_out(study: &Study, table: &Table, progress: &mut Progress<'_>) -> Result<LeftOut, Diagnostics> {
    let exclusions = &study.data.exclude;
    let mut problems = Diagnostics::default();
    let mut list = Vec::new();
    for exclusion in exclusions {
        match sieve(exclusion, study, table) {
            Ok(sieve) => list.push(sieve),
            Err(problem) => problems.push(problem),
        }
    }
    problems.unless_errors(())?;
    let mut left_out = LeftOut::of_reasons(exclusions.len());
    let missing = |column: &str| study.missing_codes(column);
    let sieves = Sieves::new(table, vec![list], &missing, study.data.decimal_comma);
    let mut kept = 0_u64;
    let (_, findings) = sieves.run(progress, &mut |caught| {
        kept += caught.iter().filter(|reason| reason.is_none()).count() as u64;
        for reason in caught {
            left_out.push(*reason);
        }
    })?;
    let mut problems = Diagnostics::default();
    let misread = findings.iter().flat_map(|findings| &findings.found).find(|finding| finding.what == What::NotANumber);
    let condition = exclusions.iter().find(|exclusion| matches!(exclusion.rule, Rule::Where(_)));
    if let (Some(misread), Some(condition)) = (misread, condition) {
        let message = format!(
            "a condition of `exclude` needs numbers, but {} {} holds `{}`",
            table.position_name(),
            misread.first,
            misread.value
        );
        problems.push(Diagnostic::error("not-a-number", condition.origin.0.clone(), message));
    }
    if let (0, Some(last)) = (kept, exclusions.last().filter(|_| left_out.count() > 0)) {
        problems.push(Diagnostic::error("nobody-left", last.origin.0.clone(), "`exclude` leaves nobody"));
    }
    problems.unless_errors(left_out).map(|(left_out, _)| left_out)
}

/// The rules of a study with the columns that they look at, in the order in which they are applied.
pub fn sieves<'a>(study: &'a Study, table: &'a Table) -> impl Iterator<Item = Sieve> + 'a {
    study.data.exclude.iter().filter_map(|exclusion| sieve(exclusion, study, table).ok())
}

/// The columns that tell who is left out of a study.
#[must_use]
pub fn columns_that_tell(study: &Study, table: &Table) -> Vec<String> {
    sieves(study, table).flat_map(|sieve| sieve.columns()).collect()
}

/// What every rule finds among the rows of a file that are not left out, each by itself; those that nothing in the file tells
/// are not looked for. `shared` are columns that are no ids, though they may be called so.
pub fn inspect(
    study: Option<&Study>,
    table: &Table,
    shared: &[&str],
    progress: &mut Progress<'_>,
) -> Result<Vec<Inspected>, Diagnostics> {
    let mut inspected = Vec::new();
    let mut sieves = Vec::new();
    let mut look = |rule: Rule, by: Vec<String>, items: usize, sieve: Sieve| {
        inspected.push(Inspected { rule, by, items, caught: Caught::default() });
        sieves.push(vec![sieve]);
    };
    let (status, completion) = (status(table), completion(table));
    if !status.is_empty() {
        look(Rule::Tests, status.clone(), 0, tests(table, status));
    }
    if !completion.is_empty() {
        look(Rule::Incomplete, completion.clone(), 0, incomplete(completion));
    }
    for id in identifiers(table).into_iter().filter(|id| !shared.contains(&id.as_str())) {
        look(Rule::Duplicates, vec![id.clone()], 0, Sieve::Repeats(id));
    }
    look(Rule::Copies, Vec::new(), 0, Sieve::Copies);
    if let Some(duration) = duration(table) {
        let rule = Rule::Speeders { share: Rule::SPEEDING };
        let by = duration.columns().map(str::to_owned).collect();
        look(rule, by, 0, Sieve::Faster(duration, Rule::SPEEDING));
    }
    for battery in batteries(study, table) {
        let (by, items) = (vec![battery.name.clone()], battery.columns.len());
        look(Rule::StraightLiners, by, items, Sieve::Straight(vec![battery]));
    }
    let missing = |column: &str| study.map(|study| study.missing_codes(column)).unwrap_or_default();
    let (caught, _) = Sieves::new(table, sieves, &missing, false).run(progress, &mut |_| ())?;
    for (inspected, caught) in inspected.iter_mut().zip(caught.into_iter().flatten()) {
        inspected.caught = caught;
    }
    Ok(inspected)
}

fn tests(table: &Table, columns: Vec<String>) -> Sieve {
    let says = |column: String| {
        let telltale = Telltale::of_status(table, &column);
        (column, telltale)
    };
    Sieve::Says(columns.into_iter().map(says).collect())
}

fn incomplete(columns: Vec<String>) -> Sieve {
    let says = |column: String| {
        let telltale = Telltale::of_completion(&column);
        (column, telltale)
    };
    Sieve::Says(columns.into_iter().map(says).collect())
}

/// A rule with the columns that the study names, or that tell by themselves.
fn sieve(exclusion: &Exclusion, study: &Study, table: &Table) -> Result<Sieve, Diagnostic> {
    let or_found = |found: Vec<String>| {
        let columns = if exclusion.columns.is_empty() { found } else { exclusion.columns.clone() };
        Some(columns).filter(|columns| !columns.is_empty())
    };
    let sieve = match &exclusion.rule {
        Rule::Where(condition) => Some(Sieve::Where(condition.clone())),
        Rule::Tests => or_found(status(table)).map(|columns| tests(table, columns)),
        Rule::Incomplete => or_found(completion(table)).map(incomplete),
        Rule::Duplicates => match or_found(identifiers(table)).as_deref() {
            Some([one]) => Some(Sieve::Repeats(one.clone())),
            Some([first, others @ ..]) => return Err(several_ids(exclusion, first, others)),
            _ => None,
        },
        Rule::Copies => Some(Sieve::Copies),
        Rule::Speeders { share } => {
            let named = exclusion.columns.first().map(|column| Duration::Seconds(column.clone()));
            named.or_else(|| duration(table)).map(|duration| Sieve::Faster(duration, *share))
        }
        Rule::StraightLiners => {
            let batteries = match exclusion.columns.as_slice() {
                [] => batteries(Some(study), table),
                columns => vec![Battery::of(String::new(), columns.to_vec(), Some(study), table)],
            };
            Some(batteries).filter(|batteries| !batteries.is_empty()).map(Sieve::Straight)
        }
    };
    match sieve {
        Some(sieve) => Ok(sieve),
        // Made-up responses have only the columns that the study names.
        None if study.data.synthetic || table.is_marked_synthetic() => Ok(Sieve::Nobody),
        None => Err(nothing_tells(exclusion)),
    }
}

fn several_ids(exclusion: &Exclusion, first: &str, others: &[String]) -> Diagnostic {
    let all = [first].into_iter().chain(others.iter().map(String::as_str));
    let message = format!("several columns may tell `duplicates`: {}", quoted_list(all));
    let hint = format!("say which: {{ rule = \"duplicates\", column = {first:?} }}");
    Diagnostic::error("several-ids", exclusion.origin.0.clone(), message).hint(hint)
}

fn nothing_tells(exclusion: &Exclusion) -> Diagnostic {
    let (what, example) = match exclusion.rule {
        Rule::Tests => ("which rows are tests", "column = \"Status\""),
        Rule::Incomplete => ("who reached the end", "column = \"submitdate\""),
        Rule::Duplicates => ("respondents apart", "column = \"id\""),
        Rule::Speeders { .. } => ("how long an interview took", "column = \"duration\""),
        _ => ("which questions are a battery", "columns = [\"q1_1\", \"q1_2\", \"q1_3\", \"q1_4\"]"),
    };
    let name = exclusion.rule.name();
    let message = format!("`{name}` finds no column that tells {what}");
    let hint = format!("name it: {{ rule = \"{name}\", {example} }}");
    Diagnostic::error("nothing-tells", exclusion.origin.0.clone(), message).hint(hint)
}
