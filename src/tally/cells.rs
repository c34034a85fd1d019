//! The cells of a weighting: respondents who are alike in all that they are weighted by, and so get the same factor.

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::FixedState;
use rayon::{
    prelude::{IndexedParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{
    local::places_of,
    plan::{SegmentPlan, WeightingPlan},
};
use crate::{
    design::{Factors, LANES},
    responses::Batch,
    weighting::{Basis, WeightSums},
};

/// Weights that were fitted to a population.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The cells that were seen when they were fitted.
    pub cells: Cells,
    /// What the base weights of each cell are multiplied by.
    pub factors: Vec<f64>,
    /// What was fitted, in the metric of some weights `W`.
    pub basis: Arc<Basis>,
    /// What the sum of `w z` over a cell is divided by for that of `W z`: the factor where `W` is the base weight, the weight
    /// where it is 1 for each respondent, who must then have the same in a cell; 0 for cells that are not in the basis.
    pub divisors: Vec<f64>,
    /// The position of each cell in the basis; none for those that were left out.
    pub positions: Vec<Option<usize>>,
    /// What the weights of replicates are made of, which are fitted one by one.
    pub replicates: Option<FittedReplicates>,
}

/// Replicate weights that were fitted to a population: base weights, or weights that were read, times a factor of each cell.
#[derive(Clone, Debug)]
pub struct FittedReplicates {
    /// How many.
    pub count: usize,
    /// The factors of groups that make them, unless they are read.
    pub made: Option<Factors>,
    /// For each [`LANES`] replicates the factors of each cell.
    pub blocks: Vec<Vec<[f64; LANES]>>,
}

/// Groups cut into cells. Where respondents are units, sums are kept for each of these parts: what a calibration takes
/// from the influence of a respondent is the same for all in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// The group and the cell of each part, in the order of the file.
    pub members: Vec<[u32; 2]>,
    index: HashMap<[u32; 2], u32, FixedState>,
}

/// The cells that were seen, in the order of the file.
#[derive(Clone, Debug)]
pub struct Cells {
    /// The variables; a respondent is at one level of each, or at none.
    variables: Vec<SegmentPlan>,
    /// Columns of numbers in which those of a cell are alike to the last digit.
    numbers: Vec<usize>,
    /// The cell of each combination of levels, plus 1; 0 where nobody was seen. Empty where there are numbers, or where the
    /// combinations are too many.
    dense: Vec<u32>,
    index: HashMap<Box<[u64]>, u32, FixedState>,
    /// What those of each cell have in common.
    pub traits: Vec<Traits>,
}

/// What respondents of a cell have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// The level of each variable; none where they are at no level.
    pub levels: Vec<Option<usize>>,
    /// The numbers.
    pub numbers: Vec<f64>,
    /// Their base weights.
    pub base: WeightSums,
}

impl FittedReplicates {
    /// Multiplies the weights of a row in the replicates of a block by the factors of its cell.
    pub(super) fn fit(&self, block: usize, cell: u32, weights: &mut [f64; LANES]) {
        if let Some(factors) = self.blocks[block].get(cell as usize) {
            weights.iter_mut().zip(factors).for_each(|(weight, factor)| *weight *= factor);
        }
    }
}

impl Fitted {
    /// The weight of each row by its cell, from base weights that are 1 where there are none. A cell that was not there
    /// when weights were fitted has none.
    #[must_use]
    pub fn weights(&self, base: Option<&[f64]>, cells: &[u32]) -> Vec<f64> {
        let factor = |cell: &u32| self.factors.get(*cell as usize).copied().unwrap_or(0.0);
        match base {
            None => cells.iter().map(factor).collect(),
            Some(base) => base.iter().zip(cells).map(|(base, cell)| base * factor(cell)).collect(),
        }
    }

    /// How many calibration variables there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.basis.width()
    }

    /// Their coefficients in the regression of influences, from the sums of `w z` over each cell, `w` being final weights.
    #[must_use]
    pub fn coefficients(&self, by_cell: &[f64]) -> Vec<f64> {
        self.basis.coefficients(&self.of_metric(by_cell))
    }

    /// What the regression predicts for those in each cell.
    #[must_use]
    pub fn predictions(&self, by_cell: &[f64]) -> Vec<f64> {
        let fitted = self.basis.fitted(&self.of_metric(by_cell));
        self.positions.iter().map(|position| position.map_or(0.0, |position| fitted[position])).collect()
    }

    /// Sums in the metric of the basis, and in its order.
    fn of_metric(&self, by_cell: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.positions.iter().flatten().count()];
        for ((position, divisor), sum) in self.positions.iter().zip(&self.divisors).zip(by_cell) {
            if let Some(position) = position.filter(|_| *divisor != 0.0) {
                sums[position] = sum / divisor;
            }
        }
        sums
    }

    /// Adds `w x` of rows to the totals of their groups.
    pub(super) fn add_totals(&self, totals: &mut [f64], groups: &[u32], cells: &[u32], weights: &[f64]) {
        let width = self.width();
        for ((group, cell), weight) in groups.iter().zip(cells).zip(weights) {
            let Some(Some(position)) = self.positions.get(*cell as usize) else { continue };
            let totals = &mut totals[*group as usize * width..][..width];
            for (variable, value) in self.basis.variables(*position) {
                totals[variable] += weight * value;
            }
        }
    }
}

impl Cells {
    /// Cells of a weighting of which nobody was seen. Base weights, where they count, are the last of the numbers.
    #[must_use]
    pub fn new(plan: &WeightingPlan) -> Self {
        const MOST_COMBINATIONS: usize = 1 << 22;
        let variables = plan.variables.clone();
        let numbers: Vec<usize> = plan.numbers.iter().copied().chain(plan.base).collect();
        let combinations =
            variables.iter().try_fold(1_usize, |product, variable| product.checked_mul(variable.levels + 1));
        let dense = combinations.filter(|count| numbers.is_empty() && *count <= MOST_COMBINATIONS);
        let dense = vec![0; dense.unwrap_or(0)];
        Self { variables, numbers, dense, index: HashMap::default(), traits: Vec::new() }
    }

    /// The cell of each row of a batch.
    pub fn of(&mut self, batch: &Batch) -> Vec<u32> {
        let levels: Vec<Vec<u16>> = self.variables.par_iter().map(|variable| places_of(variable, batch)).collect();
        if self.dense.is_empty() {
            let numbers: Vec<&[f64]> = self.numbers.iter().map(|column| batch.columns[*column].numbers()).collect();
            return (0..batch.rows).map(|row| self.sparse(row, &levels, &numbers)).collect();
        }
        let mut cells = self.combinations(&levels, batch.rows);
        // Nearly always all are known.
        let is_new = |combination: &u32| self.dense[*combination as usize] == 0;
        if cells.par_iter().any(is_new) {
            for combination in &cells {
                self.note(*combination);
            }
        }
        let dense = &self.dense;
        cells.par_iter_mut().for_each(|cell| *cell = dense[*cell as usize] - 1);
        cells
    }

    /// Adds rows to their cells; without weights each counts 1.
    pub fn add(&mut self, cells: &[u32], weights: Option<&[f64]>) {
        let Some(weights) = weights else {
            let mut counts = vec![0; self.traits.len()];
            for cell in cells {
                counts[*cell as usize] += 1;
            }
            for (traits, count) in self.traits.iter_mut().zip(counts) {
                traits.base.merge(WeightSums::of_equal(1.0, count));
            }
            return;
        };
        for (cell, weight) in cells.iter().zip(weights) {
            self.traits[*cell as usize].base.add(*weight);
        }
    }

    /// The number of each row's combination of levels, in which the last variable's are the fastest.
    fn combinations(&self, levels: &[Vec<u16>], rows: usize) -> Vec<u32> {
        /// Few enough to stay in the nearest cache while all variables are gone through.
        const ROWS_AT_ONCE: usize = 4096;
        let mut combinations = vec![0; rows];
        combinations.par_chunks_mut(ROWS_AT_ONCE).enumerate().for_each(|(chunk, combinations)| {
            for (variable, levels) in self.variables.iter().zip(levels) {
                let (size, levels) = (variable.levels as u32 + 1, &levels[chunk * ROWS_AT_ONCE..]);
                for (combination, level) in combinations.iter_mut().zip(levels) {
                    *combination = *combination * size + u32::from(*level);
                }
            }
        });
        combinations
    }

    /// Makes a cell of a combination that is new.
    fn note(&mut self, combination: u32) {
        let next = self.traits.len() as u32 + 1;
        let known = &mut self.dense[combination as usize];
        if *known != 0 {
            return;
        }
        *known = next;
        let mut rest = combination as usize;
        let mut levels: Vec<Option<usize>> = Vec::with_capacity(self.variables.len());
        for variable in self.variables.iter().rev() {
            let level = rest % (variable.levels + 1);
            levels.push((level < variable.levels).then_some(level));
            rest /= variable.levels + 1;
        }
        levels.reverse();
        self.traits.push(Traits { levels, ..Traits::default() });
    }

    fn sparse(&mut self, row: usize, levels: &[Vec<u16>], numbers: &[&[f64]]) -> u32 {
        let next = self.traits.len() as u32;
        let of_levels = levels.iter().map(|levels| u64::from(levels[row]));
        let key = of_levels.chain(numbers.iter().map(|numbers| numbers[row].to_bits())).collect();
        let cell = *self.index.entry(key).or_insert(next);
        if cell == next {
            let level = |(variable, levels): (&SegmentPlan, &Vec<u16>)| {
                Some(usize::from(levels[row])).filter(|level| *level < variable.levels)
            };
            self.traits.push(Traits {
                levels: self.variables.iter().zip(levels).map(level).collect(),
                numbers: numbers.iter().map(|numbers| numbers[row]).collect(),
                ..Traits::default()
            });
        }
        cell
    }
}

impl Parts {
    /// The position of a part; it is made when it is new.
    pub fn position(&mut self, group: u32, cell: u32) -> u32 {
        let next = self.members.len() as u32;
        let position = *self.index.entry([group, cell]).or_insert(next);
        if position == next {
            self.members.push([group, cell]);
        }
        position
    }

    /// Adds the parts of other groups, which have these positions here; returns the position here of each part.
    pub fn merge(&mut self, other: &Self, groups: &[usize]) -> Vec<usize> {
        let position = |[group, cell]: &[u32; 2]| self.position(groups[*group as usize] as u32, *cell) as usize;
        other.members.iter().map(position).collect()
    }
}
