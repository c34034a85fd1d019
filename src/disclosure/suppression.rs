//! Complementary suppression: what is withheld for others' sake, in the table of a question by a segment.
//!
//! A secret count must not follow from the table, and those withheld together in a row or a column must not be a small cell
//! themselves. A single choice is one table: its answers add up to those who answered. Of a multiple response, and of a
//! number that has two values, each answer is a table of its own with two rows: those who gave it and those who did not.
//! The answers of the total, and the bases, are known to everybody where they are shown; where several are not, their sum is.

use std::ops::Range;

use super::{
    Gate, TOTAL, is_small,
    network::{Cost, Edge, Network},
    tells_too_much,
};
use crate::{estimate::QuestionEstimates, tally::Plan};

/// Somewhere a count is kept: a level, or those in no level.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Column {
    Level(usize),
    NoLevel,
}

/// A table as a network, and the column and option of each of its edges that is a cell.
struct Table {
    network: Network,
    cells: Vec<Option<(Column, usize)>>,
}

impl Gate<'_> {
    /// Withholds further cells of the table by a segment until none can be computed from the others.
    pub(super) fn protect(&mut self, plan: &Plan, segment: usize, estimates: &QuestionEstimates) {
        let anybody = plan.levels(segment).filter(|level| self.bases[*level] > 0);
        let mut columns: Vec<Column> = anybody.map(Column::Level).collect();
        if self.base(&columns, Column::NoLevel) > 0 {
            columns.push(Column::NoLevel);
        }
        let variety = |column: Column| match column {
            Column::Level(level) => estimates.domains[level].variety,
            Column::NoLevel => estimates.in_no_level[segment],
        };
        loop {
            let mut changed = self.protect_bases(&columns);
            changed |= self.follow_bases_and_total(&columns);
            changed |= self.protect_cells(&columns);
            for level in levels(&columns) {
                changed |= self.protect_level(&columns, level);
            }
            for option in 0..self.counts[TOTAL].len() {
                changed |= self.protect_row(&columns, option);
            }
            self.hide_means();
            changed |= self.protect_means(&columns, variety);
            if !changed {
                return;
            }
        }
    }

    /// The bases of levels add up to that of the total; a level with nobody is shown as such.
    fn protect_bases(&mut self, columns: &[Column]) -> bool {
        let hidden = || columns.iter().filter(|column| self.is_base_hidden(**column));
        let together: u64 = hidden().map(|column| self.base(columns, *column)).sum();
        let number = hidden().count() as u64;
        let all_are_of_one = number > 1 && together == number && self.rules.minimum_count > 1;
        if !is_small(self.rules, together) && !all_are_of_one {
            return false;
        }
        let open = levels(columns).filter(|level| !self.base_hidden[*level]);
        let Some(level) = open.min_by_key(|level| self.bases[*level]) else { return false };
        self.base_hidden[level] = true;
        self.mean_hidden[level] = true;
        true
    }

    /// Where a base is withheld, so is what stands on it, and where an answer is in the total, so it is at every level.
    fn follow_bases_and_total(&mut self, columns: &[Column]) -> bool {
        let mut changed = false;
        for level in levels(columns) {
            for option in 0..self.counts[TOTAL].len() {
                let follows = self.base_hidden[level] || self.hidden[TOTAL][option];
                changed |= follows && !std::mem::replace(&mut self.hidden[level][option], true);
            }
        }
        changed
    }

    /// Withholds what keeps each secret cell, and each that is withheld for another's sake, from following from the rest.
    fn protect_cells(&mut self, columns: &[Column]) -> bool {
        let mut changed = false;
        let options = self.counts[TOTAL].len();
        let tables = if self.adds_up { options.min(1) } else { options };
        for option in 0..tables {
            let mut table = self.table(columns, self.options_beside(option));
            for edge in 0..table.cells.len() {
                if table.cells[edge].is_some_and(|(column, option)| self.needs_company(columns, column, option))
                    && let Some((_, cycle)) = table.network.cheapest_cycle(edge)
                {
                    changed |= self.hide(&mut table, &cycle);
                }
            }
        }
        changed
    }

    /// The answers of a single choice add up to those who answered. For the total, which is beside every segment.
    pub(super) fn protect_column(&mut self, domain: usize) -> bool {
        if !self.column_tells(domain) {
            return false;
        }
        let open = (0..self.counts[domain].len()).filter(|option| !self.hidden[domain][*option]);
        let Some(option) = open.min_by_key(|option| self.cost(self.counts[domain][*option])) else { return false };
        self.hidden[domain][option] = true;
        true
    }

    /// The same for a level.
    fn protect_level(&mut self, columns: &[Column], level: usize) -> bool {
        let options = 0..self.counts[level].len();
        self.column_tells(level) && self.hide_cheapest(columns, options, |of, _| of == Column::Level(level))
    }

    /// Whether the answers that are withheld in a domain are a small cell together.
    fn column_tells(&self, domain: usize) -> bool {
        let (counts, hidden) = (&self.counts[domain], &self.hidden[domain]);
        let number = hidden.iter().filter(|hidden| **hidden).count();
        // Everything withheld tells nothing but the base.
        if !self.adds_up || self.base_hidden[domain] || number == 0 || number == hidden.len() {
            return false;
        }
        let answered: u64 = counts.iter().sum();
        let together: u64 = counts.iter().zip(hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| count).sum();
        number == 1 || tells_too_much(self.rules, together, answered)
    }

    /// An answer at all levels adds up to the total.
    fn protect_row(&mut self, columns: &[Column], option: usize) -> bool {
        if self.hidden[TOTAL][option] {
            return false;
        }
        let hidden = || columns.iter().filter(|column| self.is_hidden(**column, option));
        let together: u64 = hidden().map(|column| self.count(columns, *column, option)).sum();
        let base: u64 = hidden().map(|column| self.base(columns, *column)).sum();
        let options = self.options_beside(option);
        tells_too_much(self.rules, together, base) && self.hide_cheapest(columns, options, |_, of| of == option)
    }

    /// Withholds the cell, of those asked for, that costs least with what keeps it from following from the rest.
    fn hide_cheapest(
        &mut self,
        columns: &[Column],
        options: Range<usize>,
        is_meant: impl Fn(Column, usize) -> bool,
    ) -> bool {
        let mut table = self.table(columns, options);
        let is_open = |edge: &usize| {
            table.cells[*edge]
                .is_some_and(|(column, option)| is_meant(column, option) && !self.is_hidden(column, option))
        };
        let with_cycle = |edge: usize| {
            let (cost, mut cycle) = table.network.cheapest_cycle(edge)?;
            cycle.push(edge);
            Some((cost + table.network.edges[edge].cost, cycle))
        };
        let cheapest = (0..table.cells.len()).filter(is_open).filter_map(with_cycle).min_by_key(|(cost, _)| *cost);
        cheapest.is_some_and(|(_, cells)| self.hide(&mut table, &cells))
    }

    fn hide(&mut self, table: &mut Table, edges: &[usize]) -> bool {
        let mut changed = false;
        for edge in edges {
            table.network.edges[*edge].cost = Cost::NOTHING;
            if let Some((Column::Level(level), option)) = table.cells[*edge] {
                changed |= !std::mem::replace(&mut self.hidden[level][option], true);
            }
        }
        changed
    }

    /// The options of the table of an option. Those who did not give the only answer of one are a row, but no figure of
    /// their own: they are withheld with the answer, at no further cost.
    fn options_beside(&self, option: usize) -> Range<usize> {
        if self.adds_up { 0..self.counts[TOTAL].len() } else { option..option + 1 }
    }

    fn table(&self, columns: &[Column], options: Range<usize>) -> Table {
        let (mut edges, mut cells) = (Vec::new(), Vec::new());
        let rows = options.len() + usize::from(!self.adds_up);
        let (all_rows, all_columns) = (rows + columns.len(), rows + columns.len() + 1);
        let mut add = |from: usize, to: usize, count: u64, least: u64, cost: Cost, cell: Option<(Column, usize)>| {
            edges.push(Edge { from, to, count, least, cost });
            cells.push(cell);
        };
        let rest = |base: u64, answers: u64| (!self.adds_up).then(|| base - answers);
        for (index, column) in columns.iter().enumerate() {
            let node = rows + index;
            let counts: Vec<u64> = options.clone().map(|option| self.count(columns, *column, option)).collect();
            for (row, (option, count)) in options.clone().zip(&counts).enumerate() {
                let cost = if self.is_hidden(*column, option) { Cost::NOTHING } else { self.cost(*count) };
                add(row, node, *count, 0, cost, Some((*column, option)));
            }
            let answers: u64 = counts.iter().sum();
            let rest = rest(self.base(columns, *column), answers);
            if let Some(rest) = rest {
                add(rows - 1, node, rest, 0, Cost::NOTHING, Some((*column, options.start)));
            }
            if self.is_base_hidden(*column) {
                add(node, all_columns, answers + rest.unwrap_or(0), 1, Cost::NOTHING, None);
            }
        }
        let hidden = options.clone().enumerate().filter(|(_, option)| self.hidden[TOTAL][*option]);
        for (row, option) in hidden {
            let count = self.counts[TOTAL][option];
            add(all_rows, row, count, 0, Cost::NOTHING, None);
            if let Some(rest) = rest(self.bases[TOTAL], count) {
                add(all_rows, rows - 1, rest, 0, Cost::NOTHING, None);
            }
        }
        Table { network: Network::new(edges), cells }
    }

    /// Small figures are withheld first, but one of nobody would protect least.
    fn cost(&self, count: u64) -> Cost {
        Cost { figures: 1, respondents: if count == 0 { self.bases[TOTAL] } else { count } }
    }

    /// Whether a cell is secret, or withheld for the sake of one at another level or of another answer.
    fn needs_company(&self, columns: &[Column], column: Column, option: usize) -> bool {
        let (count, base) = (self.count(columns, column, option), self.base(columns, column));
        let is_secret = tells_too_much(self.rules, count, base) || is_small(self.rules, base);
        let is_partner =
            matches!(column, Column::Level(level) if !self.base_hidden[level] && !self.hidden[TOTAL][option]);
        self.is_hidden(column, option) && (is_secret || is_partner)
    }

    fn is_hidden(&self, column: Column, option: usize) -> bool {
        if let Column::Level(level) = column { self.hidden[level][option] } else { true }
    }

    fn is_base_hidden(&self, column: Column) -> bool {
        if let Column::Level(level) = column { self.base_hidden[level] } else { true }
    }

    fn count(&self, columns: &[Column], column: Column, option: usize) -> u64 {
        self.of(columns, column, |domain| self.counts[domain][option])
    }

    pub(super) fn base(&self, columns: &[Column], column: Column) -> u64 {
        self.of(columns, column, |domain| self.bases[domain])
    }

    /// Those in no level are what the levels leave of the total.
    fn of(&self, columns: &[Column], column: Column, number: impl Fn(usize) -> u64) -> u64 {
        match column {
            Column::Level(level) => number(level),
            Column::NoLevel => number(TOTAL) - levels(columns).map(number).sum::<u64>(),
        }
    }
}

/// The levels among columns.
pub(super) fn levels(columns: &[Column]) -> impl Iterator<Item = usize> {
    columns.iter().filter_map(|column| if let Column::Level(level) = column { Some(*level) } else { None })
}
