//! Counts batches of responses in this process.

use memchr::memchr_iter;
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::{
    CalibrationSums, Cells, Numbers, Plan, Tally, crossing,
    kernel::{Ordered, Run, Weighted, Weights, add},
    plan::{Measure, NO_SLOT, POWERS, QuestionPlan, Reasons, SegmentPlan, Set},
    replicates::{Mark, Membership, ReplicateCounter, ReplicateRows},
    sums::{Absences, Sums},
};
use crate::{
    design::{Frame, Members, union},
    responses::{BLANK, Batch, Truth},
    study::Reason,
};

/// Counts batches into a tally.
pub struct Counter<'a> {
    plan: &'a Plan,
    tally: Tally,
    cells: Option<Cells>,
    replicates: Option<ReplicateCounter>,
}

/// The respondents of a batch as questions see them: `order` leads from their order to rows of the batch.
struct Respondents {
    order: Option<Vec<u32>>,
    ordered: Ordered,
}

impl<'a> Counter<'a> {
    /// A counter that has seen nothing.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        let cells = plan.fitted.as_ref().map(|fitted| fitted.cells.clone());
        Self { plan, tally: Tally::empty(plan), cells, replicates: ReplicateCounter::new(plan) }
    }

    /// Counts a batch. Each question has its own sums and is counted by one thread, in the order of the rows, so that
    /// neither threads nor the size of batches change a bit.
    pub fn add(&mut self, batch: &Batch) {
        let plan = self.plan;
        let cells = self.cells.as_mut().map(|cells| cells.of(batch));
        let weights = weights(plan, batch, cells.as_deref());
        let groups = groups_of(plan, &mut self.tally.frame, batch, &weights);
        let (respondents, by_cell) = self.respondents(batch, &groups, cells.as_deref(), weights);
        let asked: Vec<Vec<bool>> = (plan.bases.par_iter())
            .map(|base| base.evaluate(batch).into_iter().map(|truth| truth == Truth::True).collect())
            .collect();
        // Of numbers the cells are kept only where parts do not tell them.
        let cells_of_numbers = cells.as_deref().filter(|_| by_cell.is_some());
        let count_of_sums = self.tally.sums();
        let replicates = ReplicateRows::new(plan, batch, &groups, cells.as_deref());
        let tally = &mut self.tally;
        let questions = (tally.questions.par_iter_mut(), &mut tally.absences, &mut tally.numbers, &plan.questions);
        let count = |(sums, absences, numbers, question): (_, &mut Absences, &mut Option<Numbers>, &QuestionPlan)| {
            let sums: &mut Sums = sums;
            sums.grow(count_of_sums);
            let base = question.base.map(|base| asked[base].as_slice());
            let mut sink = Adding { sums, ordered: &respondents.ordered };
            respondents.count(question, batch, base, &mut sink, absences);
            if let (Some(numbers), Measure::Number { column, .. }) = (numbers, &question.measure) {
                respondents.keep(batch.columns[*column].numbers(), base, cells_of_numbers, &replicates, numbers);
            }
        };
        let everybody = &mut tally.everybody;
        rayon::join(
            || questions.into_par_iter().for_each(count),
            || {
                everybody.grow(count_of_sums);
                let weights = &respondents.ordered.weights;
                add(everybody, &respondents.ordered, &vec![0; weights.len()], &Weights(weights));
            },
        );
        if let Some(by_cell) = &by_cell {
            self.count_by_cell(batch, by_cell, &asked);
        }
        self.cross(batch, &respondents, &asked);
        if self.replicates.is_some() {
            self.add_replicates(batch, &asked, &groups, cells.as_deref());
        }
    }

    /// Counts the questions again, by cell. Numbers are measured from the same one.
    fn count_by_cell(&mut self, batch: &Batch, respondents: &Respondents, asked: &[Vec<bool>]) {
        let tally = &mut self.tally;
        let Some(CalibrationSums::Units { by_cell, .. }) = &mut tally.calibration else { return };
        let cells = self.plan.fitted.as_ref().map_or(0, |fitted| fitted.factors.len());
        (by_cell, &tally.questions, &self.plan.questions).into_par_iter().for_each(|(sums, whole, question)| {
            sums.grow(cells);
            sums.pivot = whole.pivot;
            let base = question.base.map(|base| asked[base].as_slice());
            let mut sink = Adding { sums, ordered: &respondents.ordered };
            respondents.count(question, batch, base, &mut sink, &mut Absences::default());
        });
    }

    /// Counts how answers meet that contrasts compare.
    fn cross(&mut self, batch: &Batch, respondents: &Respondents, asked: &[Vec<bool>]) {
        let crossings = &self.plan.crossings;
        let is_crossed =
            |question: usize| crossings.iter().any(|of| of.answers.iter().any(|(one, _)| *one == question));
        let marks =
            (self.plan.questions.iter().zip(&self.tally.questions).enumerate()).map(|(index, (question, sums))| {
                if is_crossed(index) { respondents.marks(question, batch, asked, sums) } else { Vec::new() }
            });
        let marks: Vec<Vec<Mark>> = marks.collect();
        let nowhere: Vec<u8> = self.tally.questions.iter().map(Sums::nowhere).collect();
        let crossed = &mut self.tally.crossings;
        (crossings, crossed)
            .into_par_iter()
            .for_each(|(crossing, crossed)| crossing.count(&marks, &respondents.ordered.places, &nowhere, crossed));
    }

    /// Counts a batch under the replicate weights; there also rows have a part that have no weight otherwise.
    fn add_replicates(&mut self, batch: &Batch, asked: &[Vec<bool>], groups: &[u32], cells: Option<&[u32]>) {
        let Some(replicates) = &mut self.replicates else { return };
        let plan = self.plan;
        let weights = base_weights(plan, batch);
        let places: Vec<Vec<u16>> = plan.segments.par_iter().map(|segment| places_of(segment, batch)).collect();
        let ordered = Ordered { weights, places, runs: Vec::new() };
        let in_order = Respondents { order: None, ordered };
        let marks = (&plan.questions, &self.tally.questions)
            .into_par_iter()
            .map(|(question, sums)| in_order.marks(question, batch, asked, sums));
        let marks: Vec<Vec<Mark>> = marks.collect();
        let Ordered { weights, places, .. } = &in_order.ordered;
        replicates.add(plan, batch, weights, &marks, &Membership { groups, cells, places });
    }

    /// The tally of all batches.
    #[must_use]
    pub fn finish(mut self) -> Tally {
        let places = self.plan.segments.first().map(|segment| {
            let first = segment.first_place;
            first..first + segment.levels + 1
        });
        if let Some(CalibrationSums::Units { by_cell, .. }) = &mut self.tally.calibration {
            by_cell.par_iter_mut().for_each(|sums| sums.finish(places.clone()));
        }
        let sums = self.tally.questions.par_iter_mut().chain([&mut self.tally.everybody]);
        sums.for_each(|sums| sums.finish(places.clone()));
        crossing::finish(&mut self.tally.crossings, places);
        if let Some(replicates) = self.replicates {
            replicates.finish(&mut self.tally);
        }
        self.tally
    }

    /// Notes groups, strata and weights of a batch, and orders its respondents by what has sums of its own; where units
    /// are calibrated by cell too.
    fn respondents(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        cells: Option<&[u32]>,
        weights: Vec<f64>,
    ) -> (Respondents, Option<Respondents>) {
        let plan = self.plan;
        self.tally.rows += batch.rows as u64;
        self.tally.weighted_rows += weights.iter().filter(|weight| **weight != 0.0).count() as u64;
        for weight in &weights {
            self.tally.weight_range = union(self.tally.weight_range, Some((*weight, *weight)));
        }
        let places: Vec<Vec<u16>> = plan.segments.par_iter().map(|segment| places_of(segment, batch)).collect();
        for (outside, (places, segment)) in self.tally.in_no_level.iter_mut().zip(places.iter().zip(&plan.segments)) {
            let nowhere = (segment.first_place + segment.levels) as u16;
            *outside += places.iter().filter(|place| **place == nowhere).count() as u64;
        }
        // Without segments everybody is counted in the total itself.
        let places = if places.is_empty() { vec![vec![0; batch.rows]] } else { places };
        let by_cell = match (&mut self.tally.calibration, cells, &plan.fitted) {
            (Some(CalibrationSums::Units { totals, .. }), Some(cells), Some(fitted)) => {
                totals.resize(self.tally.frame.groups.len() * fitted.width(), 0.0);
                fitted.add_totals(totals, groups, cells, &weights);
                Some(Respondents::by(cells, fitted.factors.len(), weights.clone(), places.clone()))
            }
            _ => None,
        };
        let of_parts: Option<Vec<u32>> = match (&mut self.tally.calibration, cells) {
            (Some(CalibrationSums::Parts(parts)), Some(cells)) => {
                Some(groups.iter().zip(cells).map(|(group, cell)| parts.position(*group, *cell)).collect())
            }
            _ => None,
        };
        let members = of_parts.as_deref().unwrap_or(groups);
        (Respondents::by(members, self.tally.sums(), weights, places), by_cell)
    }
}

/// Where the slots of respondents go, in their order.
trait Sink {
    /// The slot of those without an answer.
    fn nowhere(&self) -> u8;
    /// The number that distances are measured from; `first` gives one where there is none yet.
    fn pivot(&mut self, first: impl Fn() -> Option<f64>) -> Option<f64>;
    /// Everybody counts with the weight.
    fn slots(&mut self, slots: Vec<u8>);
    /// Everybody counts with the weight times a value.
    fn values(&mut self, slots: Vec<u8>, values: Vec<f64>);
}

/// Adds to the sums of a question.
struct Adding<'a> {
    sums: &'a mut Sums,
    ordered: &'a Ordered,
}

impl Sink for Adding<'_> {
    fn nowhere(&self) -> u8 {
        self.sums.nowhere()
    }

    fn pivot(&mut self, first: impl Fn() -> Option<f64>) -> Option<f64> {
        self.sums.pivot = self.sums.pivot.or_else(first);
        self.sums.pivot
    }

    fn slots(&mut self, slots: Vec<u8>) {
        add(self.sums, self.ordered, &slots, &Weights(&self.ordered.weights));
    }

    fn values(&mut self, slots: Vec<u8>, values: Vec<f64>) {
        add(self.sums, self.ordered, &slots, &Weighted { weights: &self.ordered.weights, values: &values });
    }
}

/// Keeps what is to be added, for all replicates.
struct Marking {
    nowhere: u8,
    pivot: Option<f64>,
    marks: Vec<Mark>,
}

impl Sink for Marking {
    fn nowhere(&self) -> u8 {
        self.nowhere
    }

    fn pivot(&mut self, _: impl Fn() -> Option<f64>) -> Option<f64> {
        self.pivot
    }

    fn slots(&mut self, slots: Vec<u8>) {
        self.marks.push(Mark { slots, values: None });
    }

    fn values(&mut self, slots: Vec<u8>, values: Vec<f64>) {
        self.marks.push(Mark { slots, values: Some(values) });
    }
}

impl Respondents {
    /// Rows with a weight above zero by their position among so many, in the order of the file within each.
    fn by(positions: &[u32], count: usize, weights: Vec<f64>, places: Vec<Vec<u16>>) -> Self {
        let (order, runs) = order_by(positions, count, &weights);
        let order_of = order.as_deref();
        let places = places.into_par_iter().map(|places| arranged(places, order_of)).collect();
        let weights = arranged(weights, order_of);
        Self { order, ordered: Ordered { weights, places, runs } }
    }

    /// Counts a question; `asked` says who was, everybody without it.
    fn count(
        &self,
        question: &QuestionPlan,
        batch: &Batch,
        asked: Option<&[bool]>,
        sink: &mut impl Sink,
        absences: &mut Absences,
    ) {
        let codes = |column: usize| batch.columns[column].codes();
        match &question.measure {
            Measure::Single { column, slots, silent } => {
                let codes = codes(*column);
                single_absences(codes, slots, silent, asked, absences);
                self.count_slots(sink, |row| slots[usize::from(codes[row])], asked);
            }
            Measure::Multiple { columns, sets, reasons, counts } => {
                let columns: Vec<&[u8]> = columns.iter().map(|column| codes(*column)).collect();
                let in_base = in_base(&columns, reasons, *counts, asked, absences);
                let whole_base = columns.len() + sets.len();
                self.count_slots(sink, |_| whole_base as u8, Some(&in_base));
                let mut count = |slot: usize, is_in: &dyn Fn(usize) -> bool| {
                    self.count_slots(sink, |row| if is_in(row) { slot as u8 } else { NO_SLOT }, Some(&in_base));
                };
                for (option, column) in columns.iter().enumerate() {
                    count(option, &|row| column[row] == CHOSEN);
                }
                for (slot, set) in (columns.len()..).zip(sets) {
                    count(slot, &|row| match set {
                        Set::Any(options) => options.iter().any(|option| columns[*option][row] == CHOSEN),
                        Set::Both(options) => options.iter().all(|option| columns[*option][row] == CHOSEN),
                    });
                }
            }
            Measure::Number { column, codes: missing, reasons } => {
                let values = batch.columns[*column].numbers();
                number_absences(values, missing.map(codes), reasons, asked, absences);
                self.moments(sink, values, asked);
            }
            Measure::Ratio { columns, reasons } => {
                let [x, y] = columns.map(|column| batch.columns[column].numbers());
                let both: Vec<f64> = x.iter().zip(y).map(|(x, y)| if y.is_nan() { *y } else { *x }).collect();
                number_absences(&both, None, reasons, asked, absences);
                self.two_numbers(sink, [x, y], asked);
            }
        }
    }

    /// What each respondent adds to a question whose sums these are.
    fn marks(&self, question: &QuestionPlan, batch: &Batch, asked: &[Vec<bool>], sums: &Sums) -> Vec<Mark> {
        let base = question.base.map(|base| asked[base].as_slice());
        let mut sink = Marking { nowhere: sums.nowhere(), pivot: sums.pivot, marks: Vec::new() };
        self.count(question, batch, base, &mut sink, &mut Absences::default());
        sink.marks
    }

    fn count_slots(&self, sink: &mut impl Sink, slot: impl Fn(usize) -> u8, asked: Option<&[bool]>) {
        let nowhere = sink.nowhere();
        let at = |row: usize| slot(row).min(nowhere);
        let slots = match asked {
            None => self.map(at),
            Some(asked) => self.map(|row| if asked[row] { at(row) } else { nowhere }),
        };
        sink.slots(slots);
    }

    /// Slot `k` takes `d` to the power of `k`, where `d` is the distance from the first number. Who gave that number adds
    /// nothing, and is in the count of the base alone.
    fn moments(&self, sink: &mut impl Sink, values: &[f64], asked: Option<&[bool]>) {
        let nowhere = sink.nowhere();
        let counts = |row: usize| !values[row].is_nan() && asked.is_none_or(|asked| asked[row]);
        let first = || self.map(|row| row).into_iter().filter(|row| counts(*row)).min().map(|row| values[row]);
        let Some(pivot) = sink.pivot(first) else { return };
        let distance = |row: usize| if counts(row) { values[row] - pivot } else { 0.0 };
        for power in 0..POWERS as u8 {
            let adds = |row: usize| counts(row) && (power == 0 || values[row] != pivot);
            let slots = self.map(|row| if adds(row) { power } else { nowhere });
            let values = self.map(|row| distance(row).powi(i32::from(power)));
            sink.values(slots, values);
        }
    }

    /// Keeps the numbers of those asked, in the order of the file.
    fn keep(
        &self,
        values: &[f64],
        asked: Option<&[bool]>,
        cells: Option<&[u32]>,
        replicates: &ReplicateRows<'_>,
        numbers: &mut Numbers,
    ) {
        let mut position_of = vec![None; values.len()];
        let positions = 0..self.ordered.weights.len();
        for position in positions {
            let row = self.order.as_ref().map_or(position, |order| order[position] as usize);
            position_of[row] = Some(position);
        }
        let mut group_of = vec![0; self.ordered.weights.len()];
        for run in &self.ordered.runs {
            group_of[run.rows.clone()].fill(run.group as u32);
        }
        for (row, value) in values.iter().enumerate() {
            let Some(position) = position_of[row] else { continue };
            if value.is_nan() || asked.is_some_and(|asked| !asked[row]) {
                continue;
            }
            numbers.values.push(*value);
            numbers.weights.push(self.ordered.weights[position]);
            numbers.groups.push(group_of[position]);
            numbers.cells.extend(cells.map(|cells| cells[row]));
            numbers.replicates.extend(replicates.of(row));
            for (places, of) in numbers.places.iter_mut().zip(&self.ordered.places) {
                places.push(of[position]);
            }
        }
    }

    fn two_numbers(&self, sink: &mut impl Sink, [x, y]: [&[f64]; 2], asked: Option<&[bool]>) {
        let nowhere = sink.nowhere();
        let counts = |row: usize| !x[row].is_nan() && !y[row].is_nan() && asked.is_none_or(|asked| asked[row]);
        for (slot, powers) in [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]].into_iter().enumerate() {
            let slots = self.map(|row| if counts(row) { slot as u8 } else { nowhere });
            let [a, b] = powers;
            let values = self.map(|row| if counts(row) { x[row].powi(a) * y[row].powi(b) } else { 0.0 });
            sink.values(slots, values);
        }
    }

    fn map<T>(&self, of: impl Fn(usize) -> T) -> Vec<T> {
        match &self.order {
            Some(order) => order.iter().map(|row| of(*row as usize)).collect(),
            None => (0..self.ordered.weights.len()).map(of).collect(),
        }
    }
}

/// The position of each row's group; one for all where there is only one. Notes what the rows say of it.
pub(super) fn groups_of(plan: &Plan, frame: &mut Frame, batch: &Batch, weights: &[f64]) -> Vec<u32> {
    let levels: Vec<Option<&[u32]>> =
        plan.levels_of_frame().into_iter().map(|column| Some(batch.columns[column?].keys())).collect();
    let is_named = plan.members() == Members::Named;
    let is_as_before =
        |row: usize| is_named && row > 0 && levels.iter().flatten().all(|keys| keys[row] == keys[row - 1]);
    let mut groups = Vec::with_capacity(batch.rows);
    let mut group = 0;
    for row in 0..batch.rows {
        if !is_as_before(row) {
            let keys = levels.iter().map(|keys| keys.map_or(0, |keys| keys[row]));
            group = if is_named { frame.group(keys) } else { frame.respondent(keys) };
        }
        let facts = &mut frame.groups[group];
        facts.rows += 1;
        facts.weighted_rows += u64::from(weights[row] != 0.0);
        groups.push(group as u32);
    }
    for (stage, plan) in plan.stages.iter().enumerate() {
        let Some(column) = plan.fpc else { continue };
        for (value, group) in batch.columns[column].numbers().iter().zip(&groups) {
            let population = &mut frame.groups[*group as usize].populations[stage];
            *population = union(*population, Some((*value, *value)));
        }
    }
    groups
}

pub(super) fn base_weights(plan: &Plan, batch: &Batch) -> Vec<f64> {
    plan.weight.map_or_else(|| vec![1.0; batch.rows], |column| batch.columns[column].numbers().to_vec())
}

/// The weight of each row.
fn weights(plan: &Plan, batch: &Batch, cells: Option<&[u32]>) -> Vec<f64> {
    match (&plan.fitted, cells) {
        (Some(fitted), Some(cells)) => fitted.weights(plan.weight.map(|column| batch.columns[column].numbers()), cells),
        _ => base_weights(plan, batch),
    }
}

/// The code of a chosen option; 0 is one that was not chosen, anything else a reason for missing.
const CHOSEN: u8 = 1;

fn single_absences(
    codes: &[u8],
    slots: &[u8; 256],
    silent: &[(u8, Reason)],
    asked: Option<&[bool]>,
    absences: &mut Absences,
) {
    for (code, reason) in silent {
        let missing = match asked {
            None => memchr_iter(*code, codes).count(),
            Some(asked) => codes.iter().zip(asked).filter(|(found, asked)| *found == code && **asked).count(),
        };
        absences.missing[position(*reason)] += missing as u64;
    }
    for (code, _) in codes.iter().zip(asked.unwrap_or_default()).filter(|(_, asked)| !**asked) {
        let answered = *code != BLANK && slots[usize::from(*code)] != NO_SLOT;
        absences.not_asked += u64::from(!answered);
        absences.answered_unasked += u64::from(answered);
    }
}

/// Who was asked a multiple-response question and answered: a 0 or 1 anywhere means that the list was put. Without
/// one, the first missing code says why, and else that all are blank.
fn in_base(
    columns: &[&[u8]],
    reasons: &Reasons,
    counts: [bool; 4],
    asked: Option<&[bool]>,
    absences: &mut Absences,
) -> Vec<bool> {
    let why = |row: usize| {
        let mut codes = columns.iter().map(|column| column[row]);
        codes.find_map(|code| reason_of(code.wrapping_sub(CHOSEN + 1), reasons)).unwrap_or(reasons.blank)
    };
    let mut in_base = vec![false; columns.first().map_or(0, |column| column.len())];
    for column in columns {
        for (answered, code) in in_base.iter_mut().zip(*column) {
            *answered |= *code <= CHOSEN;
        }
    }
    for (row, in_base) in in_base.iter_mut().enumerate() {
        match (asked.is_none_or(|asked| asked[row]), *in_base) {
            (true, true) => {}
            (true, false) => {
                let reason = position(why(row));
                *in_base = counts[reason];
                absences.missing[reason] += u64::from(!counts[reason]);
            }
            (false, answered) => {
                *in_base = false;
                absences.not_asked += u64::from(!answered);
                absences.answered_unasked += u64::from(answered);
            }
        }
    }
    in_base
}

/// The reason of a code, where 0 is the first missing code.
fn reason_of(code: u8, reasons: &Reasons) -> Option<Reason> {
    reasons.codes.get(usize::from(code)).copied()
}

/// `missing` holds the codes of missing numbers.
fn number_absences(
    values: &[f64],
    missing: Option<&[u8]>,
    reasons: &Reasons,
    asked: Option<&[bool]>,
    absences: &mut Absences,
) {
    let why = |row: usize| missing.and_then(|codes| reason_of(codes[row], reasons)).unwrap_or(reasons.blank);
    for (row, value) in values.iter().enumerate() {
        match (asked.is_none_or(|asked| asked[row]), value.is_nan()) {
            (true, true) => absences.missing[position(why(row))] += 1,
            (false, true) => absences.not_asked += 1,
            (false, false) => absences.answered_unasked += 1,
            (true, false) => {}
        }
    }
}

pub(super) fn places_of(segment: &SegmentPlan, batch: &Batch) -> Vec<u16> {
    let place = |level: usize| (segment.first_place + level.min(segment.levels)) as u16;
    match &segment.bands {
        None => batch.columns[segment.column].codes().iter().map(|code| place(usize::from(*code))).collect(),
        Some(starts) => {
            let band = |value: &f64| match starts.partition_point(|start| start <= value) {
                _ if value.is_nan() => place(segment.levels),
                0 => place(segment.levels),
                above => place(above - 1),
            };
            batch.columns[segment.column].numbers().iter().map(band).collect()
        }
    }
}

fn arranged<T: Copy>(values: Vec<T>, order: Option<&[u32]>) -> Vec<T> {
    match order {
        Some(order) => order.iter().map(|row| values[*row as usize]).collect(),
        None => values,
    }
}

/// The order of rows, `None` if that is all rows as they are, and where each position begins and ends in it.
fn order_by(positions: &[u32], count: usize, weights: &[f64]) -> (Option<Vec<u32>>, Vec<Run>) {
    let mut sizes = vec![0; count];
    for (position, weight) in positions.iter().zip(weights) {
        sizes[*position as usize] += usize::from(*weight != 0.0);
    }
    let mut runs = Vec::new();
    let mut next = vec![0; sizes.len()];
    let mut start = 0;
    for (group, size) in sizes.iter().enumerate().filter(|(_, size)| **size > 0) {
        next[group] = start;
        runs.push(Run { group, rows: start..start + size });
        start += size;
    }
    if runs.len() == 1 && start == positions.len() {
        return (None, runs);
    }
    let mut order = vec![0; start];
    for (row, (position, weight)) in positions.iter().zip(weights).enumerate() {
        if *weight != 0.0 {
            let place = &mut next[*position as usize];
            order[*place] = row as u32;
            *place += 1;
        }
    }
    (Some(order), runs)
}

fn position(reason: Reason) -> usize {
    Reason::ALL.iter().position(|known| *known == reason).unwrap_or(0)
}
