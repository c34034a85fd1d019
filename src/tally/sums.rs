//! The sums themselves.

use std::collections::HashMap;

use super::Plan;
use crate::design::ObservedStratum;

/// The sums of some responses.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Respondents with a weight above zero in each cell.
    pub counts: Vec<u64>,
    /// Sums of `w` (for numbers also `w·x`, `w·x²`) in each cell, for each group.
    pub groups: Vec<Block>,
    /// Sums of `w²` (for numbers also `w²·x`, `w²·x²`) in each cell, for each stratum.
    pub squares: Vec<Vec<f64>>,
    /// What each group is.
    pub keys: Vec<Group>,
    /// The finite population column of each stratum: the smallest and the largest value seen.
    pub populations: Vec<Option<(f64, f64)>>,
    /// Smallest and largest weight.
    pub weight_range: Option<(f64, f64)>,
    /// Rows read, and those with a weight above zero.
    pub rows: u64,
    /// Rows with a weight above zero.
    pub weighted_rows: u64,
    /// Sum of weights and of squared weights of all rows.
    pub weight_sums: (f64, f64),
    /// For each question, respondents without an answer by reason, outside the base, and with an answer outside it.
    pub absences: Vec<Absences>,
    /// For each segment, respondents in none of its levels.
    pub in_no_level: Vec<u64>,
    cells: usize,
    index: HashMap<Group, usize>,
    strata: HashMap<u32, usize>,
}

/// The sums of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// One sum for each cell.
    pub sums: Vec<f64>,
    /// Rows in the group, and those with a weight above zero.
    pub rows: u64,
    /// Rows with a weight above zero.
    pub weighted_rows: u64,
}

/// A group of respondents: a primary sampling unit, or a stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// The stratum; 0 where there is only one.
    pub stratum: u32,
    /// The primary sampling unit; `None` where each respondent is one.
    pub unit: Option<u32>,
}

/// Why some respondents do not appear in a question's base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absences {
    /// Not asked by the condition, and nothing there.
    pub not_asked: u64,
    /// Not asked by the condition, and yet an answer.
    pub answered_unasked: u64,
    /// Respondents without an answer, in the order of [`Reason::ALL`](crate::study::Reason::ALL).
    pub missing: [u64; 4],
}

impl Tally {
    /// The tally of nothing.
    #[must_use]
    pub fn empty(plan: &Plan) -> Self {
        Self {
            counts: vec![0; plan.cells],
            groups: Vec::new(),
            squares: Vec::new(),
            keys: Vec::new(),
            populations: Vec::new(),
            weight_range: None,
            rows: 0,
            weighted_rows: 0,
            weight_sums: (0.0, 0.0),
            absences: vec![Absences::default(); plan.questions.len()],
            in_no_level: vec![0; plan.segments.len()],
            cells: plan.cells,
            index: HashMap::new(),
            strata: HashMap::new(),
        }
    }

    /// The position of a group, which is made when it is new.
    pub fn group(&mut self, key: Group) -> usize {
        if let Some(position) = self.index.get(&key) {
            return *position;
        }
        let position = self.groups.len();
        self.index.insert(key, position);
        self.keys.push(key);
        self.groups.push(Block { sums: vec![0.0; self.cells], rows: 0, weighted_rows: 0 });
        position
    }

    /// The position of a stratum, which is made when it is new.
    pub fn stratum(&mut self, stratum: u32) -> usize {
        if let Some(position) = self.strata.get(&stratum) {
            return *position;
        }
        let position = self.squares.len();
        self.strata.insert(stratum, position);
        self.squares.push(vec![0.0; self.cells]);
        self.populations.push(None);
        position
    }

    /// The position of a group's stratum.
    #[must_use]
    pub fn stratum_of(&self, group: usize) -> usize {
        self.strata[&self.keys[group].stratum]
    }

    /// The strata in the order in which they were first seen, with the names that their keys stand for.
    #[must_use]
    pub fn strata(&self, name: impl Fn(u32) -> String) -> Vec<ObservedStratum> {
        let mut strata: Vec<ObservedStratum> = Vec::new();
        for (group, (key, block)) in self.keys.iter().zip(&self.groups).enumerate() {
            let position = self.stratum_of(group);
            if position == strata.len() {
                let population = self.populations[position];
                strata.push(ObservedStratum { name: name(key.stratum), units: 0, weighted_units: 0, population });
            }
            let (units, weighted) = match key.unit {
                Some(_) => (1, u64::from(block.weighted_rows > 0)),
                None => (block.rows, block.weighted_rows),
            };
            strata[position].units += units;
            strata[position].weighted_units += weighted;
        }
        strata
    }

    /// The sum of a cell over all groups, in the order in which groups were first seen.
    #[must_use]
    pub fn sum(&self, cell: usize) -> f64 {
        self.groups.iter().map(|group| group.sums[cell]).sum()
    }

    /// The sum of squares of a cell over all strata.
    #[must_use]
    pub fn sum_of_squares(&self, cell: usize) -> f64 {
        self.squares.iter().map(|squares| squares[cell]).sum()
    }

    /// Adds the tally of further responses. Both must come from the same plan and the same keys.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.counts, &other.counts);
        for (key, block) in other.keys.iter().zip(&other.groups) {
            let position = self.group(*key);
            let mine = &mut self.groups[position];
            add(&mut mine.sums, &block.sums);
            mine.rows += block.rows;
            mine.weighted_rows += block.weighted_rows;
        }
        let mut strata: Vec<(u32, usize)> = other.strata.iter().map(|(key, position)| (*key, *position)).collect();
        strata.sort_by_key(|(_, position)| *position);
        for (key, theirs) in strata {
            let position = self.stratum(key);
            add(&mut self.squares[position], &other.squares[theirs]);
            self.populations[position] = union(self.populations[position], other.populations[theirs]);
        }
        self.weight_range = union(self.weight_range, other.weight_range);
        self.rows += other.rows;
        self.weighted_rows += other.weighted_rows;
        self.weight_sums.0 += other.weight_sums.0;
        self.weight_sums.1 += other.weight_sums.1;
        for (mine, theirs) in self.absences.iter_mut().zip(&other.absences) {
            mine.not_asked += theirs.not_asked;
            mine.answered_unasked += theirs.answered_unasked;
            add(&mut mine.missing, &theirs.missing);
        }
        add(&mut self.in_no_level, &other.in_no_level);
    }
}

/// The smallest range that holds both.
pub(super) fn union(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some((low_a, high_a)), Some((low_b, high_b))) => Some((low_a.min(low_b), high_a.max(high_b))),
        (range, None) | (None, range) => range,
    }
}

fn add<T: Copy + std::ops::AddAssign>(mine: &mut [T], theirs: &[T]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += *theirs;
    }
}
