//! Sums under replicate weights that are read from columns.
//!
//! A row adds its weight in each replicate to a cell for each question and segment. Done as such, 500 replicates of 30
//! questions by 5 segments are 75,000 additions a row. Three things make them fewer and cheap:
//!
//! 1. Segments are bundled as long as their places make up at most [`MOST_TUPLES`] tuples. A row adds to one tuple in each
//!    bundle, and only in the end are tuples spread to the places of each segment: two additions instead of five.
//! 2. Replicates are taken [`LANES`] at a time: rows of weights and sums are half a kilobyte each, added without a branch
//!    in the widest registers there are. Each such block of replicates is counted by one thread.
//! 3. Rows are taken [`ROWS`] at a time. Their weights are laid out row by row once and then serve every question, while
//!    the sums of one bundle of a question, half a megabyte at most with six options, stay in the second cache.
//!
//! A row costs, for each question, bundle and replicate, 8 bytes read of its weight and 8 read and written of a sum, all
//! from the second and third cache: some 3 billion additions a second and core. Rows sorted by tuple, smaller bundles, blocks of
//! 16, 32 or 128 replicates and two bundles in one go were no faster.
//!
//! Every sum of a tuple is one over its rows in the order of the file, so neither threads nor the size of batches change a bit.
//! Memory: 8 bytes for each replicate, tuple and slot, and for each replicate and row of a batch.

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::{
    FittedReplicates, Plan,
    local::base_weights,
    sums::{Sums, Tally},
};
use crate::{
    design::{FoldedWeights, LANES, fold, fold_limit},
    responses::Batch,
};

/// Tuples of places in a bundle of segments.
const MOST_TUPLES: usize = 128;

/// Rows whose weights are laid out at once: four megabytes.
const ROWS: usize = 8192;

/// What the rows of a batch add to a question, one after the other: the slot of each row and, of numbers, the value that
/// its weight is multiplied by.
pub(super) struct Mark {
    pub slots: Vec<u8>,
    pub values: Option<Vec<f64>>,
}

/// What the rows of a batch belong to.
pub(super) struct Membership<'a> {
    /// The group of each row.
    pub groups: &'a [u32],
    /// The cell of each row, where weights are fitted.
    pub cells: Option<&'a [u32]>,
    /// For each segment the place of each row.
    pub places: &'a [Vec<u16>],
}

/// The sums of each question by tuple under the replicates so far.
pub(super) struct ReplicateCounter {
    bundles: Vec<Bundle>,
    blocks: Vec<Block>,
    rows: u64,
}

/// Segments whose places are counted together.
struct Bundle {
    /// Each with the first of its places and their number.
    segments: Vec<(usize, usize, usize)>,
    tuples: usize,
}

/// Some replicates.
struct Block {
    /// How many.
    count: usize,
    /// Positions of their columns; none where they are made.
    columns: Vec<usize>,
    /// For each question, for each bundle the slots of each tuple.
    questions: Vec<Vec<[f64; LANES]>>,
    /// The weights themselves, before they are fitted, folded for their rank.
    folded: Vec<[f64; LANES]>,
}

/// A batch as all blocks see it.
struct Rows<'a> {
    batch: &'a Batch,
    /// The group of each row.
    groups: &'a [u32],
    /// The cell of each row, and what was fitted.
    fitted: Option<(&'a [u32], &'a FittedReplicates)>,
    /// What columns are multiplied by where they hold factors.
    weights: Option<&'a [f64]>,
    marks: &'a [Vec<Mark>],
    /// For each bundle the tuple of each row.
    tuples: &'a [Vec<u32>],
    /// Slots of a tuple, of each question.
    strides: Vec<usize>,
    /// Where each bundle begins, in tuples.
    starts: Vec<usize>,
    replicates: usize,
    first: u64,
}

/// Replicate weights that are counted with the rows, row by row.
pub(super) struct ReplicateRows<'a> {
    count: usize,
    columns: Vec<&'a [f64]>,
    groups: &'a [u32],
    /// The cell of each row, and what was fitted.
    fitted: Option<(&'a [u32], &'a FittedReplicates)>,
    /// What is multiplied where columns hold no weights.
    weights: Option<Vec<f64>>,
}

impl<'a> ReplicateRows<'a> {
    pub fn new(plan: &'a Plan, batch: &'a Batch, groups: &'a [u32], cells: Option<&'a [u32]>) -> Self {
        let count = plan.replicates_counted();
        Self {
            count,
            columns: plan.replicate_columns().iter().map(|column| batch.columns[*column].numbers()).collect(),
            groups,
            fitted: cells.zip(plan.fitted_replicates()),
            weights: (count > 0 && !plan.replicates_are_weights()).then(|| base_weights(plan, batch)),
        }
    }

    /// The weight of a row in each replicate.
    pub fn of(&self, row: usize) -> impl Iterator<Item = f64> {
        let weight = self.weights.as_ref().map_or(1.0, |weights| weights[row]);
        let blocks = (0..self.count.div_ceil(LANES)).flat_map(move |block| {
            let mut lanes = match self.fitted.and_then(|(_, fitted)| fitted.made.as_ref()) {
                Some(made) => made.of_block(block, self.groups[row] as usize),
                None => {
                    std::array::from_fn(|lane| self.columns.get(block * LANES + lane).map_or(0.0, |column| column[row]))
                }
            };
            if let Some((cells, fitted)) = self.fitted {
                fitted.fit(block, cells[row], &mut lanes);
            }
            lanes.map(|own| own * weight)
        });
        blocks.take(self.count)
    }
}

impl ReplicateCounter {
    /// A counter for a plan; `None` where no replicate weights are read.
    pub fn new(plan: &Plan) -> Option<Self> {
        let (count, columns) = (plan.replicates_counted(), plan.replicate_columns());
        let bundles = bundles(plan);
        let tuples: usize = bundles.iter().map(|bundle| bundle.tuples).sum();
        let block = |first: usize| Block {
            count: (count - first).min(LANES),
            columns: columns.iter().skip(first).take(LANES).copied().collect(),
            questions: plan.questions.iter().map(|asked| vec![[0.0; LANES]; tuples * (asked.slots + 1)]).collect(),
            folded: Vec::new(),
        };
        let blocks: Vec<Block> = (0..count).step_by(LANES).map(block).collect();
        (count > 0).then_some(Self { bundles, blocks, rows: 0 })
    }

    /// Adds the rows of a batch; `weights` are base weights, `marks` those of each question.
    pub fn add(&mut self, plan: &Plan, batch: &Batch, weights: &[f64], marks: &[Vec<Mark>], members: &Membership<'_>) {
        let Membership { groups, cells, places } = *members;
        let fitted = cells.zip(plan.fitted_replicates());
        let tuples: Vec<Vec<u32>> = self.bundles.iter().map(|bundle| bundle.tuples_of(places, batch.rows)).collect();
        let mut starts = vec![0];
        starts.extend(self.bundles.iter().scan(0, |start, bundle| {
            *start += bundle.tuples;
            Some(*start)
        }));
        let rows = Rows {
            batch,
            groups,
            fitted,
            weights: (!plan.replicates_are_weights()).then_some(weights),
            marks,
            tuples: &tuples,
            strides: plan.questions.iter().map(|question| question.slots + 1).collect(),
            starts,
            replicates: plan.replicates_counted(),
            first: self.rows,
        };
        self.blocks.par_iter_mut().enumerate().for_each(|(index, block)| block.add(index, &rows));
        self.rows += batch.rows as u64;
    }

    /// Spreads the sums of tuples to the places of a tally.
    pub fn finish(self, tally: &mut Tally) {
        let replicates: usize = self.blocks.iter().map(|block| block.count).sum();
        for (question, sums) in tally.questions.iter_mut().enumerate() {
            for (index, block) in self.blocks.iter().enumerate() {
                spread(&block.questions[question], &self.bundles, sums, index * LANES, block.count);
            }
        }
        let rows = (self.rows as usize).min(fold_limit(replicates));
        let row = |row: usize| self.blocks.iter().flat_map(move |block| block.folded[row]).take(replicates);
        let folded = (0..rows).flat_map(row).collect();
        tally.frame.replicate_weights = FoldedWeights::of(replicates, self.rows, folded);
    }
}

impl Bundle {
    fn tuples_of(&self, places: &[Vec<u16>], rows: usize) -> Vec<u32> {
        let mut tuples = vec![0; rows];
        for (segment, first, count) in &self.segments {
            for (tuple, place) in tuples.iter_mut().zip(&places[*segment]) {
                *tuple = *tuple * *count as u32 + u32::from(*place) - *first as u32;
            }
        }
        tuples
    }
}

impl Block {
    fn add(&mut self, index: usize, all: &Rows<'_>) {
        let columns: Vec<&[f64]> = self.columns.iter().map(|column| all.batch.columns[*column].numbers()).collect();
        let mut laid_out = vec![[0.0; LANES]; ROWS.min(all.batch.rows)];
        for start in (0..all.batch.rows).step_by(ROWS) {
            let rows = start..all.batch.rows.min(start + ROWS);
            match all.fitted.and_then(|(_, fitted)| fitted.made.as_ref()) {
                Some(made) => {
                    for (row, group) in laid_out.iter_mut().zip(&all.groups[rows.clone()]) {
                        *row = made.of_block(index, *group as usize);
                    }
                }
                None => lay_out(&columns, rows.start, &mut laid_out[..rows.len()]),
            }
            if let Some(weights) = all.weights {
                for (row, weight) in laid_out.iter_mut().zip(&weights[rows.clone()]) {
                    for factor in row {
                        *factor *= weight;
                    }
                }
            }
            // The rank is that of the replicates as they are before they are weighted: fitting adds no degrees of freedom.
            for (row, number) in laid_out[..rows.len()].iter().zip(all.first + start as u64..) {
                let (at, factor) = fold(number, all.replicates);
                self.folded.resize(self.folded.len().max(at + 1), [0.0; LANES]);
                add(&mut self.folded[at], row, factor);
            }
            if let Some((cells, fitted)) = all.fitted {
                for (row, cell) in laid_out.iter_mut().zip(&cells[rows.clone()]) {
                    fitted.fit(index, *cell, row);
                }
            }
            for ((sums, marks), stride) in self.questions.iter_mut().zip(all.marks).zip(&all.strides) {
                let nowhere = stride - 1;
                for (tuples, first) in all.tuples.iter().zip(&all.starts) {
                    let tuples = &tuples[rows.clone()];
                    for mark in marks {
                        let slots = &mark.slots[rows.clone()];
                        for (index, (row, (tuple, slot))) in laid_out.iter().zip(tuples.iter().zip(slots)).enumerate() {
                            let slot = usize::from(*slot);
                            if slot >= nowhere {
                                continue;
                            }
                            let sum = &mut sums[(first + *tuple as usize) * stride + slot];
                            match &mark.values {
                                None => sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight),
                                Some(values) => add(sum, row, values[rows.start + index]),
                            }
                        }
                    }
                }
            }
        }
    }
}

fn add(sum: &mut [f64; LANES], row: &[f64; LANES], factor: f64) {
    sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += factor * weight);
}

/// Turns columns into rows, a few rows at a time, so that what is written stays in the nearest cache.
fn lay_out(columns: &[&[f64]], start: usize, rows: &mut [[f64; LANES]]) {
    const AT_ONCE: usize = 16;
    for (chunk, rows) in rows.chunks_mut(AT_ONCE).enumerate() {
        let start = start + chunk * AT_ONCE;
        for (lane, column) in columns.iter().enumerate() {
            for (row, value) in rows.iter_mut().zip(&column[start..]) {
                row[lane] = *value;
            }
        }
    }
}

fn bundles(plan: &Plan) -> Vec<Bundle> {
    let mut bundles: Vec<Bundle> = Vec::new();
    for (index, segment) in plan.segments.iter().enumerate() {
        let places = segment.levels + 1;
        let own = (index, segment.first_place, places);
        match bundles.iter_mut().find(|bundle| bundle.tuples * places <= MOST_TUPLES) {
            Some(bundle) => {
                bundle.segments.push(own);
                bundle.tuples *= places;
            }
            None => bundles.push(Bundle { segments: vec![own], tuples: places }),
        }
    }
    if bundles.is_empty() {
        // Everybody is in the total.
        bundles.push(Bundle { segments: Vec::new(), tuples: 1 });
    }
    bundles
}

/// Adds the sums of each tuple to the places that it is made of, and those of the first segment to the total.
fn spread(tuples: &[[f64; LANES]], bundles: &[Bundle], sums: &mut Sums, first: usize, lanes: usize) {
    let stride = sums.stride;
    let replicates = sums.replicates.len() / sums.width;
    let mut add = |place: usize, slot: usize, tuple: &[f64; LANES]| {
        let cell = &mut sums.replicates[(place * stride + slot) * replicates + first..][..lanes];
        cell.iter_mut().zip(tuple).for_each(|(sum, more)| *sum += more);
    };
    let mut all = tuples.chunks_exact(stride);
    for (index, bundle) in bundles.iter().enumerate() {
        for (tuple, slots) in (0..bundle.tuples).zip(&mut all) {
            for (slot, sum) in slots[..stride - 1].iter().enumerate() {
                if index == 0 {
                    add(0, slot, sum);
                }
                let mut rest = tuple;
                for (_, first_place, count) in bundle.segments.iter().rev() {
                    add(first_place + rest % count, slot, sum);
                    rest /= count;
                }
            }
        }
    }
}
