//! The rank of replicate weights, which gives their degrees of freedom.
//!
//! R's `degf` takes the rank of the matrix of full replicate weights, respondents by replicates, less one: by QR, in which a
//! column that those before it explain but for less than 1e-5 of its length counts as explained (LINPACK `dqrdc2`). With many
//! respondents the matrix is first folded: rows beyond a limit are added to others, each with a factor of its own. What
//! is folded so has the rank of the whole (with factors drawn at random it could only fail by a coincidence; Halko, Martinsson
//! & Tropp 2011, *SIAM Review* 53, p. 217); below the limit nothing is folded.

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

/// Rows of replicate weights, folded to a few.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoldedWeights {
    /// How many replicates.
    replicates: usize,
    /// Rows added so far.
    seen: u64,
    /// The folded rows, one after the other.
    rows: Vec<f64>,
}

impl FoldedWeights {
    /// No rows yet.
    #[must_use]
    pub fn new(replicates: usize) -> Self {
        Self { replicates, seen: 0, rows: Vec::new() }
    }

    /// Rows that were folded elsewhere, each by [`fold`].
    pub(crate) fn of(replicates: usize, seen: u64, rows: Vec<f64>) -> Self {
        Self { replicates, seen, rows }
    }

    /// Adds the weights of a respondent in each replicate.
    pub fn add(&mut self, weights: &[f64]) {
        let (row, factor) = fold(self.seen, self.replicates);
        self.seen += 1;
        let start = row * self.replicates;
        self.rows.resize(self.rows.len().max(start + self.replicates), 0.0);
        for (sum, weight) in self.rows[start..].iter_mut().zip(weights) {
            *sum += factor * weight;
        }
    }

    /// Adds rows that were folded from others.
    pub fn merge(&mut self, other: &Self) {
        for row in other.rows.chunks_exact(self.replicates.max(1)) {
            self.add(row);
        }
    }

    /// The rank of the matrix of weights.
    #[must_use]
    pub fn rank(&self) -> usize {
        let columns = (0..self.replicates).map(|column| {
            let rows = self.rows.chunks_exact(self.replicates);
            rows.map(|row| row[column]).collect()
        });
        rank(columns.collect())
    }
}

/// Rows that are kept apart.
#[must_use]
pub fn fold_limit(replicates: usize) -> usize {
    2 * replicates + 64
}

/// Where the row of this number is added, and with what factor.
#[must_use]
pub fn fold(row: u64, replicates: usize) -> (usize, f64) {
    let limit = fold_limit(replicates) as u64;
    if row < limit {
        return (row as usize, 1.0);
    }
    // The finish of splitmix64: the same for each row on every machine.
    let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    let mixed = mixed ^ mixed >> 31;
    let factor = 0.5 + (mixed >> 40) as f64 / (1_u64 << 24) as f64;
    ((mixed % limit) as usize, if mixed & 1 << 39 == 0 { factor } else { -factor })
}

/// Orthogonalises columns in their order and counts those that the ones before do not explain.
fn rank(mut columns: Vec<Vec<f64>>) -> usize {
    const TOLERANCE: f64 = 1e-5;
    let lengths: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    let mut rank = 0;
    for index in 0..columns.len() {
        let (done, later) = columns.split_at_mut(index + 1);
        let pivot = &mut done[index];
        let length = dot(pivot, pivot).sqrt();
        if length <= TOLERANCE * lengths[index] {
            continue;
        }
        rank += 1;
        for value in pivot.iter_mut() {
            *value /= length;
        }
        let pivot = pivot.as_slice();
        later.par_iter_mut().with_min_len(16).for_each(|column| {
            let along = dot(pivot, column);
            column.iter_mut().zip(pivot).for_each(|(value, pivot)| *value -= along * pivot);
        });
    }
    rank
}

/// The inner product, in eight sums at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::FoldedWeights;

    /// Four units in all, whose weights span three dimensions, in as many rows as wanted.
    fn folded(rows: usize) -> FoldedWeights {
        let units = [[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 2.0, 1.0], [2.0, 0.0, 1.0, 1.0], [3.0, 3.0, 3.0, 3.0]];
        let mut folded = FoldedWeights::new(4);
        for row in 0..rows {
            let weight = 1.0 + (row % 7) as f64;
            folded.add(&units[row % 4].map(|factor| weight * factor));
        }
        folded
    }

    #[test]
    fn folding_keeps_the_rank_and_so_does_merging() {
        for (rows, rank) in [(1, 1), (2, 2), (3, 3), (4, 3), (72, 3), (73, 3), (1000, 3)] {
            assert_eq!(folded(rows).rank(), rank, "{rows}");
        }
        let mut merged = FoldedWeights::new(4);
        merged.merge(&folded(90));
        merged.merge(&FoldedWeights::new(4));
        merged.merge(&folded(2));
        assert_eq!(merged.rank(), 3);
        assert_eq!(FoldedWeights::new(3).rank(), 0);
    }
}
