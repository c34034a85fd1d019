//! Batteries: questions that were answered one below the other on the same scale.

use crate::{
    codebook::SetKind,
    io::Table,
    study::{Kind, Question, Study},
};

/// Items of one scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Battery {
    /// How it is called.
    pub name: String,
    /// A column for each item.
    pub columns: Vec<String>,
    /// Codes that are no answer to an item.
    pub missing: Vec<String>,
}

impl Battery {
    /// The items in these columns, with what the study and the file say is no answer.
    #[must_use]
    pub fn of(name: String, columns: Vec<String>, study: Option<&Study>, table: &Table) -> Self {
        let variables = columns.iter().filter_map(|column| table.codebook.variable(column));
        let of_file = variables.flat_map(|variable| &variable.values).filter(|value| value.missing.is_some());
        let of_study =
            columns.iter().flat_map(|column| study.map(|study| study.missing_codes(column)).unwrap_or_default());
        let mut missing: Vec<String> = of_study.chain(of_file.map(|value| value.code.clone())).collect();
        missing.sort();
        missing.dedup();
        Self { name, columns, missing }
    }
}

/// Fewer items that are answered alike are no straight line.
pub const FEWEST_ITEMS: usize = 4;

/// The batteries of a file: what it says itself are items of one question, then four questions or more of a scale that
/// follow each other in the study and have the same options.
#[must_use]
pub fn batteries(study: Option<&Study>, table: &Table) -> Vec<Battery> {
    let mut batteries = of_codebook(study, table);
    let is_known =
        |question: &Question| batteries.iter().any(|battery: &Battery| battery.columns.contains(&question.columns[0]));
    let mut of_study: Vec<Vec<&Question>> = Vec::new();
    for question in study.iter().flat_map(|study| &study.questions) {
        let continues = |run: &Vec<&Question>| run.last().is_some_and(|last| is_same_scale(last, question));
        match of_study.last_mut() {
            Some(run) if continues(run) => run.push(question),
            _ => of_study.push(vec![question]),
        }
    }
    let of_study =
        of_study.into_iter().filter(|run| run.len() >= FEWEST_ITEMS && !run.iter().any(|item| is_known(item)));
    let of_study: Vec<Battery> = of_study
        .map(|run| {
            let columns = run.iter().map(|question| question.columns[0].clone()).collect();
            Battery::of(format!("{}–{}", run[0].id, run[run.len() - 1].id), columns, study, table)
        })
        .collect();
    batteries.extend(of_study);
    batteries
}

fn of_codebook(study: Option<&Study>, table: &Table) -> Vec<Battery> {
    let sets = table.codebook.sets.iter().filter(|set| set.kind == SetKind::Items);
    let batteries = sets.map(|set| {
        let columns = set.members.iter().map(|member| member.column.clone()).collect();
        Battery::of(set.name.clone(), columns, study, table)
    });
    let is_here = |battery: &Battery| battery.columns.iter().all(|column| table.columns.contains(column));
    batteries.filter(|battery| battery.columns.len() >= FEWEST_ITEMS && is_here(battery)).collect()
}

fn is_same_scale(one: &Question, other: &Question) -> bool {
    let is_scale = |question: &Question| question.kind == Kind::Scale && !question.options.is_empty();
    let codes = |question: &Question| question.options.iter().map(|option| option.code.clone()).collect::<Vec<_>>();
    is_scale(one) && is_scale(other) && codes(one) == codes(other)
}
