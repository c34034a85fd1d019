//! The sums of a question under replicate weights.

use super::formula::{Cell, Formula};
use crate::{design::Replicates, tally::Sums, variance::replicate::covariances};

/// Sums of some cells under each replicate.
pub struct Replicated<'a> {
    design: &'a Replicates,
    source: Source<'a>,
}

enum Source<'a> {
    /// Counted with the rows.
    Counted(&'a Sums),
    /// Made of the sums of groups: for each place its position and slots, and all of their sums.
    Made { positions: Vec<Option<usize>>, slots: usize, sums: Vec<f64> },
}

impl<'a> Replicated<'a> {
    /// The sums of all cells in some places of a question.
    pub fn new(design: &'a Replicates, sums: &'a Sums, places: &[usize]) -> Self {
        // Of fitted weights each replicate was counted.
        let Some(factors) = design.factors.as_ref().filter(|_| !sums.has_replicates()) else {
            return Self { design, source: Source::Counted(sums) };
        };
        let mut positions = vec![None; places.iter().max().map_or(0, |most| most + 1)];
        let slots = sums.slots();
        let mut cells = Vec::new();
        for (position, place) in places.iter().enumerate() {
            positions[*place] = Some(position);
            cells.extend((0..slots).map(|slot| sums.index(*place, slot)));
        }
        let groups: Vec<Vec<f64>> =
            sums.groups().map(|group| cells.iter().map(|cell| group[*cell][0]).collect()).collect();
        let sums = factors.sums(groups.iter().map(Vec::as_slice), cells.len());
        Self { design, source: Source::Made { positions, slots, sums } }
    }

    /// The covariances of pairs of estimates that formulas make of the cells.
    pub fn covariances(&self, estimates: &[f64], formulas: &[&Formula], pairs: &[(usize, usize)]) -> Vec<f64> {
        let values: Vec<Vec<f64>> = formulas.iter().map(|formula| self.values(formula)).collect();
        covariances(self.design, estimates, &values, pairs)
    }

    /// What a formula makes of the cells under each replicate.
    pub fn values(&self, formula: &Formula) -> Vec<f64> {
        (0..self.design.count()).map(|replicate| formula.value(&|cell: Cell| self.of(cell)[replicate])).collect()
    }

    /// The sum of a cell under each replicate.
    fn of(&self, cell: Cell) -> &[f64] {
        let count = self.design.count();
        match &self.source {
            Source::Counted(sums) => sums.replicates(cell.place, cell.slot, count),
            Source::Made { positions, slots, sums } => {
                let position = positions[cell.place].map_or(0, |position| position * slots + cell.slot);
                &sums[position * count..][..count]
            }
        }
    }
}
