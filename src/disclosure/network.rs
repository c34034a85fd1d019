//! Which counts of a table follow from the others: the table as a network.
//!
//! Rows and columns are nodes, counts are edges from their row to their column, and the counts that are not shown are those
//! that may differ from what they are. Somebody who knows the sums of rows and columns, and that no count is below 0, finds
//! a count exactly if no other table has the same sums. Two such tables differ by cycles: along a cycle counts rise by one
//! where it goes from row to column, and fall by one, if they can, where it goes back. So a count follows from the others
//! exactly if no cycle leads through it, up or down: Gusfield 1988, "A graph theoretic approach to statistical data security",
//! SIAM J. Comput. 17, pp. 552–571. Counts that are shown may join a cycle at a cost, that of withholding them: the cheapest
//! cycle says which are to be withheld as well (Cox 1995, "Network models for complementary cell suppression", JASA 90,
//! pp. 1453–1462).

use std::{cmp::Reverse, collections::BinaryHeap, ops::Add};

/// A table as a network.
pub(super) struct Network {
    pub(super) edges: Vec<Edge>,
    /// The edges that touch each node.
    touching: Vec<Vec<usize>>,
}

/// A count.
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) count: u64,
    /// What everybody knows it to be at least.
    pub(super) least: u64,
    /// What it costs to withhold it; nothing where that is done.
    pub(super) cost: Cost,
}

/// What withholding costs: first how many figures, then how many respondents they count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub(super) figures: u64,
    pub(super) respondents: u64,
}

impl Cost {
    pub(super) const NOTHING: Self = Self { figures: 0, respondents: 0 };
}

impl Edge {
    /// Whether it begins or ends at a node.
    pub(super) fn touches(&self, node: usize) -> bool {
        self.from == node || self.to == node
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { figures: self.figures + other.figures, respondents: self.respondents + other.respondents }
    }
}

impl Network {
    pub(super) fn new(edges: Vec<Edge>) -> Self {
        let nodes = edges.iter().map(|edge| edge.from.max(edge.to) + 1).max().unwrap_or(0);
        let mut touching = vec![Vec::new(); nodes];
        for (index, edge) in edges.iter().enumerate() {
            touching[edge.from].push(index);
            touching[edge.to].push(index);
        }
        Self { edges, touching }
    }

    /// The other edges of the cheapest cycle through an edge, and their cost; `None` where its count follows even if
    /// nothing is shown.
    pub(super) fn cheapest_cycle(&self, through: usize) -> Option<(Cost, Vec<usize>)> {
        let edge = &self.edges[through];
        let rise = self.cheapest_path(edge.to, edge.from, through);
        if edge.count == edge.least || rise.as_ref().is_some_and(|(cost, _)| *cost == Cost::NOTHING) {
            return rise;
        }
        let fall = self.cheapest_path(edge.from, edge.to, through);
        [rise, fall].into_iter().flatten().min_by_key(|(cost, _)| *cost)
    }

    /// Other tables that agree with what is shown, in which a count is one more or one less: by which edges they differ, and
    /// by how much.
    pub(super) fn exchanges(&self, through: usize) -> Vec<Vec<(usize, i64)>> {
        let edge = &self.edges[through];
        let along = |start: usize, end: usize, own: i64| {
            let (cost, path) = self.cheapest_path(start, end, through)?;
            let mut node = end;
            let mut changes = vec![(through, own)];
            for index in path {
                let rises = self.edges[index].to == node;
                changes.push((index, if rises { 1 } else { -1 }));
                node = if rises { self.edges[index].from } else { self.edges[index].to };
            }
            (cost == Cost::NOTHING).then_some(changes)
        };
        let rise = along(edge.to, edge.from, 1);
        let fall = (edge.count > edge.least).then(|| along(edge.from, edge.to, -1)).flatten();
        rise.into_iter().chain(fall).collect()
    }

    /// Dijkstra's algorithm.
    fn cheapest_path(&self, start: usize, end: usize, without: usize) -> Option<(Cost, Vec<usize>)> {
        // The least cost of each node so far, and the edge that leads there.
        let mut best: Vec<Option<(Cost, usize)>> = vec![None; self.touching.len()];
        best[start] = Some((Cost::NOTHING, without));
        let mut reached = BinaryHeap::from([Reverse((Cost::NOTHING, start))]);
        while let Some(Reverse((cost, node))) = reached.pop() {
            if node == end {
                return Some((cost, self.way_back(&best, start, end)));
            }
            if best[node].is_some_and(|(known, _)| known < cost) {
                continue;
            }
            for index in self.touching[node].iter().copied().filter(|index| *index != without) {
                let edge = &self.edges[index];
                let rises = edge.from == node;
                if !rises && edge.count <= edge.least {
                    continue;
                }
                let (next, cost) = (if rises { edge.to } else { edge.from }, cost + edge.cost);
                if best[next].is_none_or(|(known, _)| cost < known) {
                    best[next] = Some((cost, index));
                    reached.push(Reverse((cost, next)));
                }
            }
        }
        None
    }

    fn way_back(&self, best: &[Option<(Cost, usize)>], start: usize, end: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut node = end;
        while node != start
            && let Some((_, index)) = best[node]
        {
            path.push(index);
            let edge = &self.edges[index];
            node = if edge.from == node { edge.to } else { edge.from };
        }
        path
    }
}
