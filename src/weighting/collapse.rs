//! Levels with few respondents.
//!
//! A factor that few respondents carry is large by chance, and so is the variance it brings. Such a level is collapsed
//! with another before weighting (Kalton & Flores-Cervantes 2003, *Journal of Official Statistics* 19, p. 81-97).

use super::{Cell, Margin};

/// Whether the levels of a margin have an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LevelOrder {
    /// As of age bands: a level is collapsed with one of its neighbours.
    Ordered,
    /// As of regions: a level is collapsed with any other.
    #[default]
    Unordered,
    /// Variables crossed, each with its number of levels and whether they have an order; the last one's levels follow each
    /// other. A level is collapsed with one that differs in a single variable: in an ordered one by one step, if there is such.
    Crossed(Vec<(usize, bool)>),
}

/// A level with fewer respondents than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThinLevel {
    /// The margin.
    pub margin: usize,
    /// The level.
    pub level: usize,
    /// Its respondents.
    pub respondents: u64,
    /// The level to collapse it with; `None` where it is the only one with a target.
    pub collapse_with: Option<usize>,
}

/// The levels with a target above 0 and fewer respondents than `fewest`, and for each the level to collapse it with:
/// the one with the fewest respondents, but some, among its neighbours or among all others.
#[must_use]
pub fn thin_levels(cells: &[Cell], margins: &[Margin], fewest: u64) -> Vec<ThinLevel> {
    let mut thin = Vec::new();
    for (margin, of) in margins.iter().enumerate() {
        let counts = respondents(cells, margin, of.targets.len());
        for (level, target) in of.targets.iter().enumerate() {
            if *target > 0.0 && counts[level] < fewest {
                let collapse_with = partner(of, &counts, level);
                thin.push(ThinLevel { margin, level, respondents: counts[level], collapse_with });
            }
        }
    }
    thin
}

/// The respondents at each level of a margin, for levels that have a target.
pub(super) fn respondents(cells: &[Cell], margin: usize, levels: usize) -> Vec<u64> {
    let mut counts = vec![0; levels];
    for cell in cells {
        let level = cell.levels.get(margin).map(|level| *level as usize);
        if let Some(count) = level.and_then(|level| counts.get_mut(level)) {
            *count += cell.base.respondents;
        }
    }
    counts
}

/// The level to collapse a level with.
pub(super) fn partner(margin: &Margin, counts: &[u64], level: usize) -> Option<usize> {
    let is_eligible = |other: &usize| *other != level && margin.targets[*other] > 0.0;
    let levels = || (0..margin.targets.len()).filter(is_eligible);
    // A level without respondents does not help one that has few.
    let fewest =
        |levels: &mut dyn Iterator<Item = usize>| levels.min_by_key(|other| (counts[*other] == 0, counts[*other]));
    match &margin.order {
        LevelOrder::Unordered => fewest(&mut levels()),
        LevelOrder::Ordered => {
            let below = levels().rfind(|other| *other < level);
            let above = levels().find(|other| *other > level);
            fewest(&mut below.into_iter().chain(above))
        }
        LevelOrder::Crossed(variables) => {
            let by_one_step = levels().filter(|other| distance(variables, level, *other) == Some((true, 1)));
            fewest(&mut by_one_step.into_iter())
                .or_else(|| fewest(&mut levels().filter(|other| distance(variables, level, *other).is_some())))
                .or_else(|| fewest(&mut levels()))
        }
    }
}

/// Where two crossed levels differ in one variable alone, whether that is ordered, and by how many steps.
fn distance(variables: &[(usize, bool)], mut one: usize, mut other: usize) -> Option<(bool, usize)> {
    let mut found = None;
    for (size, is_ordered) in variables.iter().rev() {
        let steps = (one % size).abs_diff(other % size);
        if steps > 0 && found.replace((*is_ordered, steps)).is_some() {
            return None;
        }
        (one, other) = (one / size, other / size);
    }
    // Beyond the crossed levels are those of whom a variable is not known.
    found.filter(|_| (one, other) == (0, 0))
}

#[cfg(test)]
mod tests {
    use super::{LevelOrder, ThinLevel, thin_levels};
    use crate::weighting::{Cell, Margin, WeightSums};

    #[test]
    fn a_thin_level_joins_its_smaller_neighbour_or_the_smallest() {
        let counts = [2, 9, 1, 20, 0];
        let cells: Vec<Cell> = (0_u32..)
            .zip(counts)
            .map(|(level, n)| Cell { levels: vec![level], numbers: vec![], base: WeightSums::of_equal(1.0, n) })
            .collect();
        let partners = |order| -> Vec<(usize, Option<usize>)> {
            let margin = Margin { targets: vec![10.0; 5], order };
            thin_levels(&cells, &[margin], 5).iter().map(|thin| (thin.level, thin.collapse_with)).collect()
        };
        assert_eq!(partners(LevelOrder::Ordered), [(0, Some(1)), (2, Some(1)), (4, Some(3))]);
        assert_eq!(partners(LevelOrder::Unordered), [(0, Some(2)), (2, Some(0)), (4, Some(2))]);
        let only = Margin { targets: vec![10.0], order: LevelOrder::Ordered };
        let alone = ThinLevel { margin: 0, level: 0, respondents: 2, collapse_with: None };
        assert_eq!(thin_levels(&cells[..1], &[only], 5), [alone]);
    }

    #[test]
    fn a_thin_crossed_level_joins_a_neighbour() {
        // Two by three: the first variable has no order, the second has.
        let crossed = LevelOrder::Crossed(vec![(2, false), (3, true)]);
        let cells: Vec<Cell> = (0_u32..)
            .zip([1, 30, 2, 20, 20, 20])
            .map(|(level, n)| Cell { levels: vec![level], numbers: vec![], base: WeightSums::of_equal(1.0, n) })
            .collect();
        let margin = Margin { targets: vec![10.0; 6], order: crossed };
        let pairs = thin_levels(&cells, &[margin], 5).into_iter().map(|thin| (thin.level, thin.collapse_with));
        assert_eq!(pairs.collect::<Vec<_>>(), [(0, Some(1)), (2, Some(1))]);
    }
}
