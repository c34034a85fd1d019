//! The strata and units of the sample, as they are found row by row.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::rank::FoldedWeights;

/// Strata and units as a tree: level 0 holds the strata of the first stage, level 1 their units, level 2 the strata
/// within these units, and so on. The nodes of the last level are the *groups* that a tally sums over: units, or strata
/// where each respondent is a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The levels from the first stage on.
    pub levels: Vec<Level>,
    /// What is known of each group beside its place in the tree.
    pub groups: Vec<GroupFacts>,
    /// Replicate weights that were read from columns, as far as their rank goes.
    pub replicate_weights: FoldedWeights,
    stages: usize,
    members: Members,
}

/// What the groups of a frame are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Members {
    /// Strata or units that rows name (the default).
    #[default]
    Named,
    /// Single respondents, in the order of the rows.
    Respondents,
}

/// Strata, or units, of one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Level {
    /// In the order in which they were first seen.
    pub nodes: Vec<Node>,
    index: HashMap<Node, u32, FixedState>,
}

/// A stratum or a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it is part of: a position in the level before, 0 in the first level.
    pub parent: u32,
    /// The running number of its name in the data; 0 where the data do not name it.
    pub key: u32,
}

/// What is known of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFacts {
    /// Rows in it.
    pub rows: u64,
    /// Rows with a weight above zero.
    pub weighted_rows: u64,
    /// For each stage the smallest and the largest value of the finite population column; NaN where one was missing.
    pub populations: Vec<Option<(f64, f64)>>,
}

impl Frame {
    /// The frame of a sample with so many levels in so many stages of which nobody has been seen.
    #[must_use]
    pub fn empty(levels: usize, stages: usize, members: Members, replicates: usize) -> Self {
        Self {
            levels: vec![Level::default(); levels],
            groups: Vec::new(),
            replicate_weights: FoldedWeights::new(replicates),
            stages,
            members,
        }
    }

    /// For each group whether anybody in it has a weight.
    #[must_use]
    pub fn weighted(&self) -> Vec<bool> {
        self.groups.iter().map(|facts| facts.weighted_rows > 0).collect()
    }

    /// The group of a respondent who is one, with the keys of the levels above.
    pub fn respondent(&mut self, keys: impl Iterator<Item = u32>) -> usize {
        let number = self.groups.len() as u32;
        let above = self.levels.len() - 1;
        self.group(keys.take(above).chain([number]))
    }

    /// The position of the group with these keys, one for each level. It is made when it is new.
    pub fn group(&mut self, keys: impl Iterator<Item = u32>) -> usize {
        let parent = self.levels.iter_mut().zip(keys).fold(0, |parent, (level, key)| level.node(Node { parent, key }));
        let group = parent as usize;
        if group == self.groups.len() {
            self.groups.push(GroupFacts { rows: 0, weighted_rows: 0, populations: vec![None; self.stages] });
        }
        group
    }

    /// For each group the position of its ancestor in a level.
    #[must_use]
    pub fn ancestors(&self, level: usize) -> Vec<usize> {
        let mut positions: Vec<usize> = (0..self.groups.len()).collect();
        for below in self.levels[level + 1..].iter().rev() {
            for position in &mut positions {
                *position = below.nodes[*position].parent as usize;
            }
        }
        positions
    }

    /// Adds what another frame has seen; returns the position here of each of its groups.
    pub fn merge(&mut self, other: &Self) -> Vec<usize> {
        self.replicate_weights.merge(&other.replicate_weights);
        let paths: Vec<Vec<usize>> = (0..other.levels.len()).map(|level| other.ancestors(level)).collect();
        let add = |(group, facts): (usize, &GroupFacts)| {
            let keys = paths.iter().zip(&other.levels).map(|(path, level)| level.nodes[path[group]].key);
            let position = match self.members {
                Members::Named => self.group(keys),
                Members::Respondents => self.respondent(keys),
            };
            let mine = &mut self.groups[position];
            mine.rows += facts.rows;
            mine.weighted_rows += facts.weighted_rows;
            for (mine, theirs) in mine.populations.iter_mut().zip(&facts.populations) {
                *mine = union(*mine, *theirs);
            }
            position
        };
        other.groups.iter().enumerate().map(add).collect()
    }
}

impl Level {
    fn node(&mut self, node: Node) -> u32 {
        let next = self.nodes.len() as u32;
        let position = *self.index.entry(node).or_insert(next);
        if position == next {
            self.nodes.push(node);
        }
        position
    }
}

/// The smallest range that holds both; a range of NaN, which notes a missing number, stays.
#[must_use]
pub fn union(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some((low, _)), _) if low.is_nan() => a,
        (_, Some((low, _))) if low.is_nan() => b,
        (Some((low_a, high_a)), Some((low_b, high_b))) => Some((low_a.min(low_b), high_a.max(high_b))),
        (range, None) | (None, range) => range,
    }
}
