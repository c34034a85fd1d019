//! Finds the levels of a segment in a column that something else made.

use super::respondents::Rows;
use crate::{
    responses::{Coder, Column, OTHER, Unlisted},
    study::{Level, Levels, Segment},
};

/// Adds the levels of a segment to respondents.
#[derive(Clone, Debug)]
pub struct Grouping {
    source: usize,
    levels: Levels,
    coder: Coder,
    /// The values of the source's codes, where it is coded.
    values: Vec<String>,
}

impl Grouping {
    /// The levels of a segment whose column is number `source`, with these values if it is coded.
    pub fn new(segment: &Segment, source: usize, values: &[String]) -> Self {
        let level_codes = segment.levels().iter().map(|level| level.code.clone()).collect();
        let also = |(position, level): (usize, &Level)| {
            level.also.iter().map(move |text| (position, text.clone())).collect::<Vec<_>>()
        };
        let spellings: Vec<(usize, String)> = segment.levels().iter().enumerate().flat_map(also).collect();
        let coder = Coder::new(level_codes, Unlisted::Accepted).with_spellings(&spellings);
        Self { source, levels: segment.levels.clone(), coder, values: values.to_vec() }
    }

    /// Adds the levels.
    pub fn add(&self, rows: &mut Rows) {
        let levels = match &rows.batch.columns[self.source] {
            Column::Codes(codes) => {
                let table: Vec<u16> = self.values.iter().map(|value| self.level_of_text(value)).collect();
                codes.iter().map(|code| table.get(usize::from(*code)).copied().unwrap_or(self.none())).collect()
            }
            Column::Numbers(numbers) => numbers.iter().map(|number| self.level_of_number(*number)).collect(),
            Column::Keys(_) => vec![self.none(); rows.batch.rows],
        };
        rows.levels.push(levels);
    }

    fn level_of_text(&self, value: &str) -> u16 {
        match &self.levels {
            Levels::Codes(_) => self.level_of_code(self.coder.code_of_text(value)),
            Levels::Bands { .. } => value.parse().map_or(self.none(), |number| self.level_of_number(number)),
        }
    }

    fn level_of_number(&self, number: f64) -> u16 {
        match &self.levels {
            Levels::Codes(_) => self.level_of_code(self.coder.code_of_number(number)),
            Levels::Bands { starts, .. } => match starts.partition_point(|start| *start <= number) {
                0 => self.none(),
                above => (above - 1) as u16,
            },
        }
    }

    fn level_of_code(&self, code: u8) -> u16 {
        if code < OTHER { u16::from(code) } else { self.none() }
    }

    fn none(&self) -> u16 {
        self.coder.values().len() as u16
    }
}
