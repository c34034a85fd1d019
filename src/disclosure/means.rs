//! Means that are withheld: with shares that they are made of, and for the sake of means of other levels.
//!
//! The mean of the total is the mean of the levels, weighted by their bases, so that those withheld are known together. Where
//! each of them is alike in itself they may all be alike: among numbers none of which is below 0, a mean of 0 says what
//! each of them is. So further means are withheld until one of them is of a level that differs in itself.

use super::{
    Gate, TOTAL, is_small, mean_tells,
    suppression::{Column, levels},
};
use crate::estimate::Variety;

impl Gate<'_> {
    /// The mean of a scale is a sum of its shares: with one of them withheld it would help to find it. That of a number with
    /// two values is a share.
    pub(super) fn hide_means(&mut self) {
        for (mean, hidden) in self.mean_hidden.iter_mut().zip(&self.hidden) {
            *mean |= self.mean_is_of_counts && hidden.contains(&true);
        }
    }

    /// Withholds a further mean where those withheld together tell of a few. One that is made of counts says no more than
    /// they do.
    pub(super) fn protect_means(&mut self, columns: &[Column], variety: impl Fn(Column) -> Variety) -> bool {
        if self.mean_is_of_counts {
            return false;
        }
        if self.mean_hidden[TOTAL] {
            let open: Vec<usize> = levels(columns).filter(|level| !self.mean_hidden[*level]).collect();
            for level in &open {
                self.mean_hidden[*level] = true;
            }
            return !open.is_empty();
        }
        let is_hidden = |column: &Column| match column {
            Column::Level(level) => self.mean_hidden[*level],
            Column::NoLevel => true,
        };
        let hidden: Vec<Column> = columns.iter().copied().filter(is_hidden).collect();
        let base = |column: &Column| self.base(columns, *column);
        let tells = match hidden.as_slice() {
            [] => false,
            [Column::NoLevel] => {
                let no_level = base(&Column::NoLevel);
                is_small(self.rules, no_level) || mean_tells(self.rules, variety(Column::NoLevel), no_level)
            }
            [_] => true,
            _ => {
                let all_alike = hidden.iter().all(|column| variety(*column) == Variety::One);
                all_alike || is_small(self.rules, hidden.iter().map(base).sum())
            }
        };
        let open = levels(columns).filter(|level| tells && !self.mean_hidden[*level]);
        let Some(level) = open.min_by_key(|level| self.bases[*level]) else { return false };
        self.mean_hidden[level] = true;
        true
    }
}
