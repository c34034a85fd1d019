//! Which levels of margins may be shown.
//!
//! A margin is a table of counts like that of a question by a segment, and follows the same rules: what is withheld must not
//! follow from the rest. What a reader knows:
//!
//! * how many respondents there are in all, and at each level of a variable: from a margin of it alone, or from a segment;
//!   so a crossed margin is a table whose rows and columns have known sums, as far as these may be shown themselves;
//! * that somebody is at each level that has a target, because weights cannot be fitted otherwise.
//!
//! Levels of a variable that are withheld are no small group together, and not all of one respondent; those of unknown level
//! are withheld with them, as they are in tables. Of two crossed variables every cell that is withheld must have another
//! value in some table that agrees with what is shown (`network`). Of three or more, where no such test is exact, either
//! all cells are shown or none.

use super::{
    network::{Cost, Edge, Network},
    others::others,
};
use crate::{
    study::{
        Study,
        weighting::{Margin, Weighting},
    },
    tally::{Fitted, Traits},
};

/// The respondents of a margin.
pub(super) struct Groups {
    /// How many are at each level, crossed row after row, and then at none.
    pub(super) counts: Vec<u64>,
    /// Which of these are withheld.
    pub(super) hidden: Vec<bool>,
    /// `Σw²` of each, of fitted weights.
    pub(super) squares: Vec<f64>,
    /// Other counts of all groups that agree with what is shown.
    pub(super) others: Vec<Vec<u64>>,
}

/// The groups of each margin of a study; none where weights are not fitted.
pub(super) fn groups(study: &Study, fitted: Option<&Fitted>) -> Vec<Groups> {
    let (Some(weighting), Some(fitted)) = (&study.weighting, fitted) else { return Vec::new() };
    let gate = Gate { weighting, fitted, minimum: study.publication.minimum_count };
    weighting.margins.iter().map(|margin| gate.groups(margin)).collect()
}

impl Groups {
    /// Whether some are withheld.
    pub(super) fn hides(&self) -> bool {
        self.hidden.contains(&true)
    }

    fn new(counts: Vec<u64>, squares: Vec<f64>) -> Self {
        Self { hidden: vec![false; counts.len()], others: Vec::new(), counts, squares }
    }

    fn hide_all(&mut self) {
        self.hidden = self.counts.iter().map(|count| *count > 0).collect();
    }
}

struct Gate<'a> {
    weighting: &'a Weighting,
    fitted: &'a Fitted,
    minimum: u64,
}

impl Gate<'_> {
    fn groups(&self, margin: &Margin) -> Groups {
        match margin.variables[..] {
            [variable] => {
                let mut groups = self.levels(variable);
                groups.exchange_in_pairs(|level| self.least(variable, level));
                groups
            }
            [one, other] => self.crossed(one, other),
            _ => {
                let mut groups = self.counted(&margin.variables);
                let hides = |variable: &usize| self.levels(*variable).hides();
                if groups.counts.iter().any(|count| self.is_small(*count)) || margin.variables.iter().any(hides) {
                    groups.hide_all();
                    groups.exchange_levels(&self.sizes(&margin.variables));
                    let is_fixed = |group: usize| groups.others.iter().all(|o| o[group] == groups.counts[group]);
                    if (0..groups.counts.len()).any(|group| self.is_small(groups.counts[group]) && is_fixed(group)) {
                        groups.exchange_in_pairs(|_| 1);
                    }
                }
                groups
            }
        }
    }

    /// The levels of a variable; withheld are the same as the bases of a segment.
    fn levels(&self, variable: usize) -> Groups {
        let mut groups = self.counted(&[variable]);
        let unknown = groups.counts.len() - 1;
        groups.hidden = groups.counts.iter().map(|count| self.is_small(*count)).collect();
        while groups.hides() {
            groups.hidden[unknown] = groups.counts[unknown] > 0;
            let hidden = || (0..=unknown).filter(|group| groups.hidden[*group]);
            let together: u64 = hidden().map(|group| groups.counts[group]).sum();
            let least: u64 = hidden().map(|level| self.least(variable, level)).sum();
            if !self.is_small(together) && together > least {
                break;
            }
            let open = (0..unknown).filter(|level| !groups.hidden[*level] && groups.counts[*level] > 0);
            let Some(level) = open.min_by_key(|level| groups.counts[*level]) else { break };
            groups.hidden[level] = true;
        }
        groups
    }

    /// How many are at a level at least, as everybody knows: somebody in each crossed cell of it.
    fn least(&self, variable: usize, level: usize) -> u64 {
        let crossed = self.weighting.margins.iter().filter(|margin| margin.variables.contains(&variable));
        let cells = crossed.map(|margin| {
            let place = margin.variables.iter().position(|crossed| *crossed == variable);
            let level_of = |cell: usize| self.weighting.levels_at(margin, cell).nth(place?).map(|(_, level)| level);
            let has_target = |cell: &usize| margin.targets[*cell] > 0.0;
            (0..margin.targets.len()).filter(has_target).filter(|cell| level_of(*cell) == Some(level)).count()
        });
        cells.max().unwrap_or_default().max(1) as u64
    }

    /// The cells of two variables.
    fn crossed(&self, one: usize, other: usize) -> Groups {
        let mut groups = self.counted(&[one, other]);
        let lines = [self.levels(one), self.levels(other)];
        let unknown = groups.counts.len() - 1;
        if !groups.counts.iter().any(|count| self.is_small(*count)) && !lines.iter().any(Groups::hides) {
            return groups;
        }
        let mut table = self.table(&groups, &lines);
        if self.is_small(groups.counts[unknown]) {
            table.hide(0..table.cells.len());
        }
        while self.protect(&mut table) {}
        for (edge, cell) in table.cells.iter().enumerate() {
            let Some(cell) = *cell else { continue };
            groups.hidden[cell] = table.is_hidden(edge);
        }
        groups.others = table.others(&groups.counts);
        groups.hidden[unknown] = groups.counts[unknown] > 0;
        groups
    }

    /// Counts as a network from rows to columns. Those of unknown level are in rows and columns of their own, and withheld.
    fn table(&self, groups: &Groups, lines: &[Groups; 2]) -> Table {
        let [rows, columns] = lines;
        let (all_rows, first) = (rows.counts.len(), rows.counts.len() + 1);
        let (height, width) = (rows.counts.len() - 1, columns.counts.len() - 1);
        let all_columns = first + columns.counts.len();
        let (mut edges, mut cells) = (Vec::new(), Vec::new());
        for row in 0..height {
            for column in 0..width {
                let (cell, hides) = (row * width + column, rows.hidden[row] || columns.hidden[column]);
                let count = groups.counts[cell];
                // Nobody is only where the target is 0.
                if count > 0 {
                    let cost = Cost { figures: 1, respondents: count };
                    let cost = if hides || self.is_small(count) { Cost::NOTHING } else { cost };
                    edges.push(Edge { from: row, to: first + column, count, least: 1, cost });
                    cells.push(Some(cell));
                }
            }
        }
        let mut free = |from: usize, to: usize, count: u64, least: u64| {
            edges.push(Edge { from, to, count, least, cost: Cost::NOTHING });
            cells.push(None);
        };
        for (row, column, count) in self.at_none(groups, lines) {
            free(row, first + column, count, 0);
        }
        for (row, count) in rows.counts.iter().enumerate().filter(|(row, _)| rows.hidden[*row]) {
            free(all_rows, row, *count, 1);
        }
        for (column, count) in columns.counts.iter().enumerate().filter(|(column, _)| columns.hidden[*column]) {
            free(first + column, all_columns, *count, 1);
        }
        Table { network: Network::new(edges), cells, is_sum_known: known(lines) }
    }

    /// How many are at a level of one variable and at none of the other, or at none of both, by row and column.
    fn at_none(&self, groups: &Groups, [rows, columns]: &[Groups; 2]) -> Vec<(usize, usize, u64)> {
        let (height, width) = (rows.counts.len() - 1, columns.counts.len() - 1);
        let in_row = |row: usize| groups.counts[row * width..][..width].iter().sum::<u64>();
        let in_column = |column: usize| (0..height).map(|row| groups.counts[row * width + column]).sum::<u64>();
        let of_rows = (0..height).map(|row| (row, width, rows.counts[row] - in_row(row)));
        let of_columns = (0..width).map(|column| (height, column, columns.counts[column] - in_column(column)));
        let one_only: Vec<(usize, usize, u64)> = of_rows.chain(of_columns).collect();
        let both = groups.counts[height * width] - one_only.iter().map(|(_, _, count)| count).sum::<u64>();
        let some_unknown = |(row, column, _): &(usize, usize, u64)| {
            (*row < height || rows.counts[height] > 0) && (*column < width || columns.counts[width] > 0)
        };
        one_only.into_iter().chain([(height, width, both)]).filter(some_unknown).collect()
    }

    /// Withholds what keeps the withheld from following, and from being a small group in their row or column.
    fn protect(&self, table: &mut Table) -> bool {
        let mut changed = false;
        for edge in 0..table.cells.len() {
            if table.cells[edge].is_some() && table.is_hidden(edge) {
                let cycle = table.network.cheapest_cycle(edge).map(|(_, cycle)| cycle);
                changed |= table.hide(cycle.unwrap_or_default());
            }
        }
        for line in 0..table.is_sum_known.len() {
            let edges = &table.network.edges;
            let own: Vec<usize> = (0..edges.len()).filter(|edge| edges[*edge].touches(line)).collect();
            let together: u64 = own.iter().filter(|edge| table.is_hidden(**edge)).map(|edge| edges[*edge].count).sum();
            let open = own.into_iter().filter(|edge| !table.is_hidden(*edge));
            if table.is_sum_known[line] && self.is_small(together) {
                changed |= table.hide(open.min_by_key(|edge| edges[*edge].count));
            }
        }
        changed
    }

    /// How many levels variables have.
    fn sizes(&self, variables: &[usize]) -> Vec<usize> {
        variables.iter().map(|variable| self.weighting.variables[*variable].segment.levels().len()).collect()
    }

    fn counted(&self, variables: &[usize]) -> Groups {
        let sizes = self.sizes(variables);
        let levels: usize = sizes.iter().product();
        let (mut counts, mut squares) = (vec![0; levels + 1], vec![0.0; levels + 1]);
        let position = |traits: &Traits| {
            let levels = variables.iter().map(|variable| traits.levels[*variable]);
            levels.zip(&sizes).try_fold(0, |position, (level, size)| Some(position * size + level?))
        };
        let cells = self.fitted.cells.traits.iter().zip(&self.fitted.factors).zip(&self.fitted.positions);
        for ((traits, factor), _) in cells.filter(|(_, position)| position.is_some()) {
            let group = position(traits).unwrap_or(levels);
            counts[group] += traits.base.respondents;
            squares[group] += traits.base.squares * factor * factor;
        }
        Groups::new(counts, squares)
    }

    fn is_small(&self, count: u64) -> bool {
        (1..self.minimum).contains(&count)
    }
}

/// A crossed margin as a network, and the cell of each of its edges that is one.
struct Table {
    network: Network,
    cells: Vec<Option<usize>>,
    /// For each node whether it is a row or a column whose sum is shown.
    is_sum_known: Vec<bool>,
}

impl Table {
    fn is_hidden(&self, edge: usize) -> bool {
        self.network.edges[edge].cost == Cost::NOTHING
    }

    fn hide(&mut self, edges: impl IntoIterator<Item = usize>) -> bool {
        let mut changed = false;
        for edge in edges {
            changed |= std::mem::replace(&mut self.network.edges[edge].cost, Cost::NOTHING) != Cost::NOTHING;
        }
        changed
    }

    /// Other counts of the cells that agree with what is shown.
    fn others(&mut self, counts: &[u64]) -> Vec<Vec<u64>> {
        let edges: Vec<u64> = self.network.edges.iter().map(|edge| edge.count).collect();
        let hidden: Vec<usize> = (0..edges.len()).filter(|edge| self.is_hidden(*edge)).collect();
        let next = |counts: &[u64]| {
            self.network.edges.iter_mut().zip(counts).for_each(|(edge, count)| edge.count = *count);
            hidden.iter().flat_map(|edge| self.network.exchanges(*edge)).collect()
        };
        let own_known: u64 = counts.iter().rev().skip(1).sum();
        let of_cells = |edges: Vec<u64>| {
            let mut counts = counts.to_vec();
            let cells = self.cells.iter().zip(edges).filter_map(|(cell, count)| Some(((*cell)?, count)));
            cells.for_each(|(cell, count)| counts[cell] = count);
            if let Some(unknown) = counts.pop() {
                let all = unknown + own_known;
                counts.push(all - counts.iter().sum::<u64>());
            }
            counts
        };
        others(&edges, next).into_iter().map(of_cells).collect()
    }
}

/// Rows, the sum of those withheld, and columns.
fn known([rows, columns]: &[Groups; 2]) -> Vec<bool> {
    let shown = |groups: &Groups| groups.hidden.iter().map(|hidden| !hidden).collect::<Vec<bool>>();
    shown(rows).into_iter().chain([false]).chain(shown(columns)).collect()
}
