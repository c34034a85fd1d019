//! The columns that are written, what they hold and what is known of them.

use super::{Personal, shape::Shape};
use crate::{
    codebook::{Codebook, Role, Variable},
    diagnostic::{Diagnostics, quoted_list},
    io::Table,
    personal::scan,
    responses::Texts,
    study::{Condition, Language, same_code},
};

/// What is written of a table.
pub(super) struct Kept<'a> {
    pub table: &'a Table,
    pub columns: Vec<Shape>,
    /// What is known of these columns.
    pub codebook: Codebook,
    pub notes: Vec<String>,
}

impl<'a> Kept<'a> {
    /// Looks at all columns and leaves out what is personal.
    pub fn look(table: &'a Table, personal: Personal, progress: &mut dyn FnMut(u64)) -> Result<Self, Diagnostics> {
        let mut columns: Vec<Shape> = table.columns.iter().map(|column| Shape::new(column)).collect();
        table.read(&mut columns, |shape| &shape.profile.column, progress)?;
        let mut kept = Self { table, columns, codebook: table.codebook.clone(), notes: Vec::new() };
        if personal == Personal::LeftOut {
            kept.leave_out();
        }
        let is_open = |shape: &&Shape| kept.variable(&shape.profile.column).is_some_and(|v| v.role == Role::OpenText);
        let open: Vec<&str> = kept.columns.iter().filter(is_open).map(|shape| shape.profile.column.as_str()).collect();
        if !open.is_empty() {
            let note =
                format!("own words are written as they are, look whether people name anybody: {}", quoted_list(open));
            kept.notes.push(note);
        }
        let has_commas = |shape: &&Shape| {
            let profile = &shape.profile;
            profile.commas > 0 && profile.commas + profile.numbers == profile.filled
        };
        let commas: Vec<&str> =
            kept.columns.iter().filter(has_commas).map(|shape| shape.profile.column.as_str()).collect();
        if !commas.is_empty() {
            let note =
                format!("numbers with a decimal comma are written as they are, as text: {}", quoted_list(commas));
            kept.notes.push(note);
        }
        Ok(kept)
    }

    pub fn variable(&self, column: &str) -> Option<&Variable> {
        self.codebook.variable(column)
    }

    /// Whether a number of a column, or a code, is no answer.
    pub fn is_missing(variable: &Variable, code: &str) -> bool {
        let is_listed = variable.values.iter().any(|value| value.missing.is_some() && same_code(&value.code, code));
        let number = code.parse::<f64>();
        is_listed
            || number
                .is_ok_and(|number| variable.missing_ranges.iter().any(|(low, high)| (*low..=*high).contains(&number)))
    }

    /// Hands over the cells of all columns, block by block.
    pub fn blocks(
        &self,
        progress: &mut dyn FnMut(u64),
        take: &mut dyn FnMut(&[Texts], usize) -> std::io::Result<()>,
    ) -> Result<std::io::Result<u64>, Diagnostics> {
        let names: Vec<&str> = self.columns.iter().map(|shape| shape.profile.column.as_str()).collect();
        let mut texts: Vec<Texts> = names.iter().map(|_| Texts::default()).collect();
        let mut blocks = self.table.blocks(&names)?;
        let mut all = 0;
        loop {
            let rows = blocks.fill(&mut texts)?;
            progress(blocks.bytes_read());
            if rows == 0 {
                return Ok(Ok(all));
            }
            all += rows as u64;
            if let Err(error) = take(&texts, rows) {
                return Ok(Err(error));
            }
            texts.iter_mut().for_each(Texts::clear);
        }
    }

    fn leave_out(&mut self) {
        let mut left_out: Vec<String> = Vec::new();
        for shape in &self.columns {
            let column = &shape.profile.column;
            let role = self.codebook.variable(column).map_or(Role::Answer, |variable| variable.role);
            let why = match role {
                Role::Personal => Some("personal data".to_owned()),
                Role::Identifier => Some("identifies respondents".to_owned()),
                Role::Weight => None,
                _ => scan(&shape.profile).map(|finding| format!("personal data: {}", finding.why(Language::En))),
            };
            if let Some(why) = why {
                self.notes.push(format!("left out `{column}`: {why}"));
                left_out.push(column.clone());
            }
        }
        if left_out.is_empty() {
            return;
        }
        self.notes.push("--keep-personal writes these columns too".to_owned());
        let is_left_out = |column: &String| left_out.contains(column);
        self.columns.retain(|shape| !is_left_out(&shape.profile.column));
        self.codebook.variables.retain(|variable| !is_left_out(&variable.column));
        for set in &mut self.codebook.sets {
            set.members.retain(|member| !is_left_out(&member.column));
        }
        self.codebook.sets.retain(|set| !set.members.is_empty());
        for variable in &mut self.codebook.variables {
            let asks = |sql: &str| {
                Condition::parse(sql)
                    .is_ok_and(|condition| condition.atoms().iter().any(|atom| is_left_out(&atom.column)))
            };
            if variable.base.as_ref().is_some_and(|base| asks(&base.condition)) {
                self.notes.push(format!("the base of `{}` asks for a column that is left out", variable.column));
                variable.base = None;
            }
        }
    }
}
