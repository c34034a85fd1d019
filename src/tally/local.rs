//! Counts batches of responses in this process: columns first, no row is ever looked at twice for a cell.

use super::{
    Group, Plan, Tally,
    plan::{Measure, QuestionPlan, SegmentPlan, Slot},
    sums::union,
};
use crate::{
    responses::{BLANK, Batch, Truth},
    study::Reason,
};

/// Counts batches into a tally.
pub struct Counter<'a> {
    plan: &'a Plan,
    tally: Tally,
}

/// What one batch says about each row before any question is looked at.
struct Rows {
    weight: Vec<f64>,
    group: Vec<u32>,
    stratum: Vec<u32>,
    /// The domains that a row belongs to, one list for each segment; the total is first.
    domains: Vec<Vec<u32>>,
}

/// No domain: the respondent is in none of a segment's levels.
const NOWHERE: u32 = u32::MAX;
/// No slot: the respondent has no answer that counts.
const NO_SLOT: u8 = u8::MAX;

impl<'a> Counter<'a> {
    /// A counter that has seen nothing.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        Self { plan, tally: Tally::empty(plan) }
    }

    /// Counts a batch.
    pub fn add(&mut self, batch: &Batch) {
        let rows = self.rows(batch);
        self.count((self.plan.everybody, 1), &rows, &vec![0; batch.rows]);
        let bases: Vec<Vec<Truth>> = self.plan.bases.iter().map(|base| base.evaluate(batch)).collect();
        for index in 0..self.plan.questions.len() {
            let question = &self.plan.questions[index];
            let base = question.base.map(|base| bases[base].as_slice());
            match &question.measure {
                Measure::Single { column, slots } => {
                    let answers = self.single(index, batch.columns[*column].codes(), slots, base);
                    self.count((question.first, question.slots), &rows, &answers);
                }
                Measure::Multiple { columns, blank } => {
                    let columns: Vec<&[u8]> = columns.iter().map(|column| batch.columns[*column].codes()).collect();
                    self.multiple(index, &columns, *blank, base, &rows);
                }
                Measure::Number { column } => self.number(index, batch.columns[*column].numbers(), base, &rows),
            }
        }
    }

    /// The tally of all batches.
    #[must_use]
    pub fn finish(self) -> Tally {
        self.tally
    }

    fn rows(&mut self, batch: &Batch) -> Rows {
        let weight: Vec<f64> = match self.plan.weight {
            Some(column) => batch.columns[column].numbers().to_vec(),
            None => vec![1.0; batch.rows],
        };
        let keys = |column: Option<usize>| column.map(|column| batch.columns[column].keys());
        let (strata, units) = (keys(self.plan.strata), keys(self.plan.units));
        let populations = self.plan.fpc.map(|column| batch.columns[column].numbers());
        let mut rows = Rows { weight, group: Vec::new(), stratum: Vec::new(), domains: Vec::new() };
        for row in 0..batch.rows {
            let key = Group { stratum: strata.map_or(0, |strata| strata[row]), unit: units.map(|units| units[row]) };
            let group = self.tally.group(key);
            let stratum = self.tally.stratum(key.stratum);
            let (weight, block) = (rows.weight[row], &mut self.tally.groups[group]);
            block.rows += 1;
            block.weighted_rows += u64::from(weight != 0.0);
            if let Some(populations) = populations {
                let population = &mut self.tally.populations[stratum];
                // A missing population is kept as NaN, so that it is noticed.
                *population = match (populations[row], *population) {
                    (value, _) if value.is_nan() => Some((value, value)),
                    (_, Some((low, _))) if low.is_nan() => *population,
                    (value, range) => union(range, Some((value, value))),
                };
            }
            self.tally.weight_sums.0 += weight;
            self.tally.weight_sums.1 += weight * weight;
            self.tally.weighted_rows += u64::from(weight != 0.0);
            rows.group.push(group as u32);
            rows.stratum.push(stratum as u32);
        }
        self.tally.rows += batch.rows as u64;
        for weight in &rows.weight {
            self.tally.weight_range = union(self.tally.weight_range, Some((*weight, *weight)));
        }
        rows.domains.push(vec![0; batch.rows]);
        for (index, segment) in self.plan.segments.iter().enumerate() {
            let domains = domains_of(segment, batch);
            self.tally.in_no_level[index] += domains.iter().filter(|domain| **domain == NOWHERE).count() as u64;
            rows.domains.push(domains);
        }
        rows
    }

    /// The slot of each respondent, noting why others have none.
    fn single(&mut self, question: usize, codes: &[u8], slots: &[Slot; 256], base: Option<&[Truth]>) -> Vec<u8> {
        let absences = &mut self.tally.absences[question];
        let answer = |(row, code): (usize, &u8)| {
            if base.is_some_and(|base| base[row] != Truth::True) {
                let answered = *code != BLANK && matches!(slots[usize::from(*code)], Slot::At(_));
                absences.not_asked += u64::from(!answered);
                absences.answered_unasked += u64::from(answered);
                return NO_SLOT;
            }
            match slots[usize::from(*code)] {
                Slot::At(slot) => slot,
                Slot::Missing(reason) => {
                    absences.missing[position(reason)] += 1;
                    NO_SLOT
                }
            }
        };
        codes.iter().enumerate().map(answer).collect()
    }

    fn multiple(&mut self, question: usize, columns: &[&[u8]], blank: Slot, base: Option<&[Truth]>, rows: &Rows) {
        const CHOSEN: u8 = 1;
        let plan = &self.plan.questions[question];
        let whole_base = (plan.slots - 1) as u8;
        let absences = &mut self.tally.absences[question];
        let asked = |row: usize| base.is_none_or(|base| base[row] == Truth::True);
        let in_base = (0..rows.weight.len()).map(|row| {
            // 0 or 1 anywhere means that the list was put and answered; anything else is a reason for missing.
            let answered = columns.iter().any(|column| column[row] <= CHOSEN);
            match (asked(row), answered, blank) {
                (true, true, _) | (true, false, Slot::At(_)) => return whole_base,
                (true, false, Slot::Missing(reason)) => absences.missing[position(reason)] += 1,
                (false, true, _) => absences.answered_unasked += 1,
                (false, false, _) => absences.not_asked += 1,
            }
            NO_SLOT
        });
        let in_base: Vec<u8> = in_base.collect();
        self.count((plan.first, plan.slots), rows, &in_base);
        for (option, column) in columns.iter().enumerate() {
            let chosen = |(code, base): (&u8, &u8)| {
                if *code == CHOSEN && *base != NO_SLOT { option as u8 } else { NO_SLOT }
            };
            let chosen: Vec<u8> = column.iter().zip(&in_base).map(chosen).collect();
            self.count((plan.first, plan.slots), rows, &chosen);
        }
    }

    fn number(&mut self, question: usize, values: &[f64], base: Option<&[Truth]>, rows: &Rows) {
        let plan = &self.plan.questions[question];
        let absences = &mut self.tally.absences[question];
        let mut in_base = Vec::with_capacity(values.len());
        for (row, value) in values.iter().enumerate() {
            let asked = base.is_none_or(|base| base[row] == Truth::True);
            match (asked, value.is_nan()) {
                (true, true) => absences.missing[position(Reason::Skipped)] += 1,
                (false, true) => absences.not_asked += 1,
                (false, false) => absences.answered_unasked += 1,
                (true, false) => {}
            }
            in_base.push(if asked && !value.is_nan() { 0 } else { NO_SLOT });
        }
        self.count((plan.first, plan.slots), rows, &in_base);
        for (slot, power) in [(1, 1), (2, 2)] {
            self.add_moments(plan, rows, &in_base, slot, |row| values[row].powi(power));
        }
    }

    /// Adds the weights of respondents to the cells of their slots, domain list by domain list.
    fn count(&mut self, (first, width): (usize, usize), rows: &Rows, slots: &[u8]) {
        for domains in &rows.domains {
            for (row, slot) in slots.iter().enumerate() {
                let domain = domains[row];
                if *slot == NO_SLOT || domain == NOWHERE {
                    continue;
                }
                let cell = first + domain as usize * width + usize::from(*slot);
                let weight = rows.weight[row];
                self.tally.counts[cell] += u64::from(weight != 0.0);
                self.tally.groups[rows.group[row] as usize].sums[cell] += weight;
                self.tally.squares[rows.stratum[row] as usize][cell] += weight * weight;
            }
        }
    }

    /// Adds `w·x` and `w²·x` of the respondents in the base.
    fn add_moments(
        &mut self,
        question: &QuestionPlan,
        rows: &Rows,
        in_base: &[u8],
        slot: usize,
        x: impl Fn(usize) -> f64,
    ) {
        for domains in &rows.domains {
            for row in (0..in_base.len()).filter(|row| in_base[*row] != NO_SLOT && domains[*row] != NOWHERE) {
                let cell = question.first + domains[row] as usize * question.slots + slot;
                let (weight, x) = (rows.weight[row], x(row));
                self.tally.groups[rows.group[row] as usize].sums[cell] += weight * x;
                self.tally.squares[rows.stratum[row] as usize][cell] += weight * weight * x;
            }
        }
    }
}

fn domains_of(segment: &SegmentPlan, batch: &Batch) -> Vec<u32> {
    let first = segment.first_domain as u32;
    let domain = |level: usize| if level < segment.levels { first + level as u32 } else { NOWHERE };
    match &segment.bands {
        None => batch.columns[segment.column].codes().iter().map(|code| domain(usize::from(*code))).collect(),
        Some(starts) => {
            let band = |value: &f64| match starts.partition_point(|start| start <= value) {
                _ if value.is_nan() => NOWHERE,
                0 => NOWHERE,
                above => domain(above - 1),
            };
            batch.columns[segment.column].numbers().iter().map(band).collect()
        }
    }
}

fn position(reason: Reason) -> usize {
    Reason::ALL.iter().position(|known| *known == reason).unwrap_or(0)
}
