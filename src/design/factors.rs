//! What replicates multiply the weight of each group by, and what becomes of sums.
//!
//! A weight under a replicate is the weight times a factor of the respondent's group, so the sum of a cell is
//! `Σ_g f_g S_g` over the sums `S_g` of the groups: no further look at the data. What is added is a product of factors and
//! sums, never a difference: a cell with nobody left in it is exactly 0, as it must be for `0/0` to be seen.

use super::rank::FoldedWeights;

/// Factors of made replicates.
#[derive(Clone, Debug, PartialEq)]
pub enum Factors {
    /// Any factors.
    Table(FactorTable),
    /// One unit or one stratum left out in each replicate: the sums of the others.
    LeftOut(LeftOut),
}

/// A factor for each replicate and group.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorTable {
    replicates: usize,
    /// For each [`LANES`] replicates, group after group.
    blocks: Vec<Vec<[f64; LANES]>>,
}

/// Replicates that are added to at once: eight lines of the nearest cache.
pub const LANES: usize = 64;

/// Leaving out units of strata.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// The stratum of each group.
    pub stratum_of: Vec<usize>,
    /// How many strata.
    pub strata: usize,
    /// What each replicate leaves out.
    pub replicates: Vec<Left>,
}

/// What a replicate leaves out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    /// The stratum.
    pub stratum: usize,
    /// The group in it; `None` leaves out the whole stratum.
    pub group: Option<usize>,
    /// The factor of the others of the stratum.
    pub within: f64,
    /// The factor in other strata.
    pub elsewhere: f64,
}

impl Left {
    fn factor(&self, stratum: usize, group: usize) -> f64 {
        match self.group {
            _ if stratum != self.stratum => self.elsewhere,
            Some(left) if left != group => self.within,
            _ => 0.0,
        }
    }
}

impl Factors {
    /// How many replicates.
    #[must_use]
    pub fn replicates(&self) -> usize {
        match self {
            Self::Table(table) => table.replicates,
            Self::LeftOut(left_out) => left_out.replicates.len(),
        }
    }

    /// The sums of some cells under each replicate, cell after cell; `groups` gives their sums in each group.
    pub fn sums<'a>(&self, groups: impl Iterator<Item = &'a [f64]>, cells: usize) -> Vec<f64> {
        match self {
            Self::Table(table) => table.sums(groups, cells),
            Self::LeftOut(left_out) => left_out.sums(groups, cells),
        }
    }

    /// The factors of a group in the replicates of a block of [`LANES`]; 0 beyond the last.
    #[must_use]
    pub fn of_block(&self, block: usize, group: usize) -> [f64; LANES] {
        match self {
            Self::Table(table) => table.blocks[block][group],
            Self::LeftOut(left_out) => std::array::from_fn(|lane| {
                left_out
                    .replicates
                    .get(block * LANES + lane)
                    .map_or(0.0, |left| left.factor(left_out.stratum_of[group], group))
            }),
        }
    }

    /// The rank of the weights; `weighted` says which groups have any.
    #[must_use]
    pub fn rank(&self, weighted: &[bool]) -> usize {
        match self {
            Self::Table(table) => table.rank(weighted),
            Self::LeftOut(left_out) => left_out.rank(weighted),
        }
    }
}

impl FactorTable {
    /// `factor` gives the factor of a group in a replicate.
    #[must_use]
    pub fn new(groups: usize, replicates: usize, factor: impl Fn(usize, usize) -> f64) -> Self {
        let block = |block: usize| {
            let row = |group: usize| {
                std::array::from_fn(|lane| {
                    let replicate = block * LANES + lane;
                    if replicate < replicates { factor(group, replicate) } else { 0.0 }
                })
            };
            (0..groups).map(row).collect()
        };
        Self { replicates, blocks: (0..replicates.div_ceil(LANES)).map(block).collect() }
    }

    fn sums<'a>(&self, groups: impl Iterator<Item = &'a [f64]>, cells: usize) -> Vec<f64> {
        let mut sums: Vec<Vec<[f64; LANES]>> = self.blocks.iter().map(|_| vec![[0.0; LANES]; cells]).collect();
        let groups: Vec<&[f64]> = groups.collect();
        let nothing = vec![0.0; cells];
        for (block, sums) in self.blocks.iter().zip(&mut sums) {
            for (groups, factors) in groups.chunks(AT_ONCE).zip(block.chunks(AT_ONCE)) {
                let groups: [&[f64]; AT_ONCE] =
                    std::array::from_fn(|index| *groups.get(index).unwrap_or(&&nothing[..]));
                let factors: [&[f64; LANES]; AT_ONCE] =
                    std::array::from_fn(|index| factors.get(index).unwrap_or(&[0.0; LANES]));
                for (cell, sum) in sums.iter_mut().enumerate() {
                    let values = groups.map(|group| group[cell]);
                    if values != [0.0; AT_ONCE] {
                        add_products(sum, values, factors);
                    }
                }
            }
        }
        let mut all = Vec::with_capacity(cells * self.replicates);
        for cell in 0..cells {
            let lanes = sums.iter().flat_map(|block| block[cell]);
            all.extend(lanes.take(self.replicates));
        }
        all
    }

    fn rank(&self, weighted: &[bool]) -> usize {
        let mut folded = FoldedWeights::new(self.replicates);
        for (group, _) in weighted.iter().enumerate().filter(|(_, weighted)| **weighted) {
            let row: Vec<f64> = self.blocks.iter().flat_map(|block| block[group]).take(self.replicates).collect();
            folded.add(&row);
        }
        folded.rank()
    }
}

impl LeftOut {
    fn sums<'a>(&self, groups: impl Iterator<Item = &'a [f64]>, cells: usize) -> Vec<f64> {
        let mut members: Vec<Vec<&[f64]>> = vec![Vec::new(); self.strata];
        let mut position = Vec::with_capacity(self.stratum_of.len());
        for (group, stratum) in groups.zip(&self.stratum_of) {
            position.push(members[*stratum].len());
            members[*stratum].push(group);
        }
        let mut whole = vec![0.0; self.strata * cells];
        for (whole, members) in whole.chunks_exact_mut(cells.max(1)).zip(&members) {
            for member in members {
                add(whole, member);
            }
        }
        let whole: Vec<&[f64]> = whole.chunks_exact(cells.max(1)).collect();
        let elsewhere = all_but_one(&whole, cells);
        let within: Vec<Vec<f64>> = members.iter().map(|members| all_but_one(members, cells)).collect();
        let replicates = self.replicates.len();
        let mut sums = vec![0.0; cells * replicates];
        for (replicate, left) in self.replicates.iter().enumerate() {
            let others = &elsewhere[left.stratum * cells..][..cells];
            let own = left.group.map(|group| &within[left.stratum][position[group] * cells..][..cells]);
            for cell in 0..cells {
                let own = own.map_or(0.0, |own| left.within * own[cell]);
                sums[cell * replicates + replicate] = left.elsewhere * others[cell] + own;
            }
        }
        sums
    }

    /// A stratum whose units all have weight takes one from the rank, and so does each unit of a stratum that no replicate
    /// touches: the replicates see it as one with all else. One is given back if there are any of them, as all weights together
    /// are seen.
    fn rank(&self, weighted: &[bool]) -> usize {
        if self.replicates.iter().any(|left| left.group.is_none()) {
            return self.table().rank(weighted);
        }
        let mut touched = vec![false; self.strata];
        self.replicates.iter().for_each(|left| touched[left.stratum] = true);
        let mut whole = touched.clone();
        let (mut rows, mut untouched) = (0, 0);
        for (weighted, stratum) in weighted.iter().zip(&self.stratum_of) {
            rows += usize::from(*weighted);
            untouched += usize::from(*weighted && !touched[*stratum]);
            whole[*stratum] &= *weighted;
        }
        let hidden = untouched + whole.iter().filter(|whole| **whole).count();
        rows - hidden.saturating_sub(1)
    }

    fn table(&self) -> FactorTable {
        FactorTable::new(self.stratum_of.len(), self.replicates.len(), |group, replicate| {
            self.replicates[replicate].factor(self.stratum_of[group], group)
        })
    }
}

/// Groups that are added at a time: a sum is then loaded and stored once for four products.
const AT_ONCE: usize = 4;

fn add_products(sum: &mut [f64; LANES], values: [f64; AT_ONCE], factors: [&[f64; LANES]; AT_ONCE]) {
    let [first, second, third, fourth] = values;
    for (lane, sum) in sum.iter_mut().enumerate() {
        let pairs = [
            first * factors[0][lane] + second * factors[1][lane],
            third * factors[2][lane] + fourth * factors[3][lane],
        ];
        *sum += pairs[0] + pairs[1];
    }
}

/// For each member the sum of all others: those before it and those after it.
fn all_but_one(members: &[&[f64]], cells: usize) -> Vec<f64> {
    let mut others = vec![0.0; members.len() * cells];
    let mut so_far = vec![0.0; cells];
    for (others, member) in others.chunks_exact_mut(cells.max(1)).zip(members) {
        add(others, &so_far);
        add(&mut so_far, member);
    }
    so_far.fill(0.0);
    for (others, member) in others.chunks_exact_mut(cells.max(1)).zip(members).rev() {
        add(others, &so_far);
        add(&mut so_far, member);
    }
    others
}

fn add(all: &mut [f64], more: &[f64]) {
    all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

    use super::{FactorTable, Factors, Left, LeftOut};

    /// Strata by their numbers of units, of which the last of some has no weight.
    fn left_out(sizes: &[usize], touches: impl Fn(usize) -> bool) -> LeftOut {
        let stratum_of: Vec<usize> = sizes.iter().enumerate().flat_map(|(h, n)| vec![h; *n]).collect();
        let replicates = stratum_of.iter().enumerate().filter(|(_, h)| touches(**h)).map(|(group, stratum)| {
            let n = sizes[*stratum] as f64;
            Left { stratum: *stratum, group: Some(group), within: n / (n - 1.0), elsewhere: 1.0 }
        });
        LeftOut { strata: sizes.len(), replicates: replicates.collect(), stratum_of }
    }

    fn sizes() -> impl Strategy<Value = Vec<usize>> {
        prop::collection::vec(2_usize..6, 1..6)
    }

    proptest! {
        #[test]
        fn the_rank_of_left_out_units_is_that_of_their_factors(
            sizes in sizes(), bare in prop::collection::vec(0_u8..4, 30), untouched in 0_usize..8,
        ) {
            let left_out = left_out(&sizes, |stratum| stratum != untouched || sizes.len() == 1);
            let weighted: Vec<bool> = left_out.stratum_of.iter().zip(&bare).map(|(_, bare)| *bare > 0).collect();
            prop_assert_eq!(left_out.rank(&weighted), left_out.table().rank(&weighted));
        }

        #[test]
        fn sums_of_the_others_are_those_of_the_factors(sizes in sizes(), seed in 0_usize..1000) {
            let left_out = left_out(&sizes, |_| true);
            let table = left_out.table();
            let groups: Vec<Vec<f64>> = (0..left_out.stratum_of.len())
                .map(|group| (0..5).map(|cell| ((group * 31 + cell * 17 + seed) % 4) as f64).collect())
                .collect();
            let groups = || groups.iter().map(Vec::as_slice);
            let [one, other] = [Factors::LeftOut(left_out), Factors::Table(table)].map(|all| all.sums(groups(), 5));
            for (one, other) in one.iter().zip(&other) {
                prop_assert!((one - other).abs() <= 1e-12 * other.abs());
                prop_assert_eq!(*one == 0.0, *other == 0.0);
            }
        }
    }

    #[test]
    fn a_table_sums_any_number_of_groups_and_replicates() {
        let table = FactorTable::new(6, 67, |group, replicate| (group * replicate) as f64);
        let groups: Vec<Vec<f64>> = (0..6_u8).map(|group| vec![1.0, f64::from(group)]).collect();
        let sums = Factors::Table(table).sums(groups.iter().map(Vec::as_slice), 2);
        assert_eq!(sums.len(), 134);
        for replicate in 0..67 {
            assert_eq!(sums[replicate], (15 * replicate) as f64);
            assert_eq!(sums[67 + replicate], (55 * replicate) as f64);
        }
    }
}
