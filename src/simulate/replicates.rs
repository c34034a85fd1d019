//! Replicate weights of dummy responses.
//!
//! Whatever the type, the weight of a unit (of a respondent where there are no units) is multiplied by `1 + a` or `1 - a` in each
//! replicate, by lot. With `a² = 1 / (s Σ s_r)`, `s` and `s_r` being the scales of the type, a ratio has about the variance
//! of units drawn with replacement. Half-samples come out as such (`a = 1`), other types only in size. The weights are to try
//! a study out with, nothing else.

use super::{
    chance::signs_of,
    plan::{Columns, Look},
};
use crate::{
    design,
    responses::Column,
    study::{Holds, ReplicateSource, Study},
};

/// Makes columns of replicate weights.
#[derive(Clone, Debug)]
pub struct Replicates {
    columns: usize,
    holds: Holds,
    reach: f64,
    /// Respondents so far: where there are no units their numbers stand for units.
    done: u64,
}

impl Replicates {
    /// The replicates of a study that reads them from columns; adds the columns.
    pub fn new(study: &Study, drawn_elsewhere: impl Fn(&str) -> bool, columns: &mut Columns) -> Option<Self> {
        let replicates = study.design.replicates.as_ref()?;
        let ReplicateSource::Columns { names, holds } = &replicates.source else { return None };
        let scales = design::Replicates::from_columns(replicates, names.len());
        let whole = scales.scale * scales.rscales.iter().sum::<f64>();
        let names: Vec<&String> = names.iter().filter(|name| !drawn_elsewhere(name)).collect();
        for name in &names {
            columns.add(name, Look::Decimals(6));
        }
        let reach = if whole > 1.0 { whole.sqrt().recip() } else { 1.0 };
        Some(Self { columns: names.len(), holds: *holds, reach, done: 0 })
    }

    /// Goes back to the first respondent.
    pub fn start(&mut self) {
        self.done = 0;
    }

    /// The columns of the next respondents; `units` has the number of the unit of each.
    pub fn draw(&mut self, weights: &[f64], units: Option<&[f64]>) -> Vec<Column> {
        let first = self.done;
        self.done += weights.len() as u64;
        let unit = |row: usize| units.map_or(first + row as u64, |units| units[row] as u64);
        let column = |replicate: usize| {
            let cells = weights.iter().enumerate().map(|(row, weight)| {
                let up = signs_of(unit(row), (replicate / 64) as u64) >> (replicate % 64) & 1 == 1;
                let factor = if up { 1.0 + self.reach } else { 1.0 - self.reach };
                let cell = if self.holds == Holds::Factors { factor } else { weight * factor };
                (cell * 1e6).round() / 1e6
            });
            Column::Numbers(cells.collect())
        };
        (0..self.columns).map(column).collect()
    }
}
