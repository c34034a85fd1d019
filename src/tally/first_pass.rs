//! The first of two passes where weights are fitted: which cells there are, and what is known of their base weights.

use rayon::{
    prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator},
    slice::ParallelSlice,
};

use super::{
    Cells, Parts, Plan, ReplicatePlan, WeightingPlan,
    local::{base_weights, groups_of},
};
use crate::{
    design::{Factors, Frame, LANES},
    responses::Batch,
    study::Holds,
};

/// Counts cells.
pub struct CellCounter<'a> {
    plan: &'a Plan,
    counts: CellCounts,
}

/// What the first pass found.
#[derive(Clone, Debug)]
pub struct CellCounts {
    /// The cells, with the base weights of their respondents.
    pub cells: Cells,
    /// The strata and units that replicates are made of.
    pub frame: Frame,
    /// Rows read.
    pub rows: u64,
    /// The groups of the frame by cell, and the sum of base weights of each; empty unless replicates are made.
    parts: Parts,
    part_weights: Vec<f64>,
    /// For each [`LANES`] replicates that are read the sums of their weights by cell.
    read: Vec<Vec<[f64; LANES]>>,
}

impl<'a> CellCounter<'a> {
    /// A counter that has seen nobody.
    #[must_use]
    pub fn new(plan: &'a Plan, weighting: &WeightingPlan) -> Self {
        let cells = Cells::new(weighting);
        let frame = Frame::empty(plan.levels_of_frame().len(), plan.stages.len(), plan.members(), 0);
        let read = vec![Vec::new(); plan.replicate_columns().len().div_ceil(LANES)];
        let counts = CellCounts { cells, frame, rows: 0, parts: Parts::default(), part_weights: Vec::new(), read };
        Self { plan, counts }
    }

    /// Counts a batch.
    pub fn add(&mut self, batch: &Batch) {
        let (plan, counts) = (self.plan, &mut self.counts);
        let cells = counts.cells.of(batch);
        counts.cells.add(&cells, plan.weight.map(|column| batch.columns[column].numbers()));
        counts.rows += batch.rows as u64;
        match &plan.replicates {
            Some(ReplicatePlan::Made) => {
                let weights = base_weights(plan, batch);
                let groups = groups_of(plan, &mut counts.frame, batch, &weights);
                for ((group, cell), weight) in groups.iter().zip(&cells).zip(&weights) {
                    let part = counts.parts.position(*group, *cell) as usize;
                    counts.part_weights.resize(counts.part_weights.len().max(part + 1), 0.0);
                    counts.part_weights[part] += weight;
                }
            }
            Some(ReplicatePlan::Read { columns, holds }) => {
                let weights = base_weights(plan, batch);
                let count = counts.cells.traits.len();
                let blocks = counts.read.par_iter_mut().zip(columns.par_chunks(LANES));
                blocks.for_each(|(sums, columns)| {
                    sums.resize(count, [0.0; LANES]);
                    for (lane, column) in columns.iter().enumerate() {
                        let values = batch.columns[*column].numbers();
                        for (row, cell) in cells.iter().enumerate() {
                            let weight = if *holds == Holds::Factors { weights[row] } else { 1.0 };
                            sums[*cell as usize][lane] += weight * values[row];
                        }
                    }
                });
            }
            None => {}
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> CellCounts {
        self.counts
    }
}

impl CellCounts {
    /// The sum of the base weights of each cell in the replicates of a block of [`LANES`], made with these factors or read.
    #[must_use]
    pub fn replicate_weights(&self, block: usize, made: Option<&Factors>) -> Vec<[f64; LANES]> {
        let Some(factors) = made else { return self.read[block].clone() };
        let mut sums = vec![[0.0; LANES]; self.cells.traits.len()];
        for ([group, cell], weight) in self.parts.members.iter().zip(&self.part_weights) {
            let factors = factors.of_block(block, *group as usize);
            sums[*cell as usize].iter_mut().zip(factors).for_each(|(sum, factor)| *sum += weight * factor);
        }
        sums
    }
}
