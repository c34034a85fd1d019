//! The sums themselves.

use std::{ops::Range, slice::ChunksExact};

use super::{Numbers, Parts, Plan, QuestionPlan, crossing::Crossed};
use crate::design::{Frame, union};

/// The sums of some responses.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The sums of each question.
    pub questions: Vec<Sums>,
    /// Everybody, whatever they were asked: one slot.
    pub everybody: Sums,
    /// For each question its answers, where quantiles or ranks of them are wanted.
    pub numbers: Vec<Option<Numbers>>,
    /// The strata and units that were seen; sums are kept for each of its groups.
    pub frame: Frame,
    /// Smallest and largest weight.
    pub weight_range: Option<(f64, f64)>,
    /// Rows read, and those with a weight above zero.
    pub rows: u64,
    /// Rows with a weight above zero.
    pub weighted_rows: u64,
    /// For each question, respondents without an answer by reason, outside the base, and with an answer outside it.
    pub absences: Vec<Absences>,
    /// For each segment, respondents in none of its levels.
    pub in_no_level: Vec<u64>,
    /// What variances need where weights were fitted.
    pub calibration: Option<CalibrationSums>,
    /// How the answers of [`Plan::crossings`] meet: in each place.
    pub crossings: Vec<Vec<Crossed>>,
}

/// What a calibration takes from influences follows from these.
#[derive(Clone, Debug, PartialEq)]
pub enum CalibrationSums {
    /// Each sum is that of a part of a group.
    Parts(Parts),
    /// Groups are units.
    Units {
        /// The sums of each question again, with cells in place of groups.
        by_cell: Vec<Sums>,
        /// For each group the sums of `w x`, `x` being the calibration variables.
        totals: Vec<f64>,
    },
}

/// The sums of one question: for every slot in every place.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// Slots in a place, and one more that takes those without an answer.
    pub(super) stride: usize,
    /// Cells of a group: `stride` for each place.
    pub(super) width: usize,
    /// Sums of `w` and of `w²` (for numbers also of `w·d` and `w²·d`, `w·d²` and `w²·d²` with
    /// `d = x - pivot`), group after group.
    pub(super) moments: Vec<[f64; 2]>,
    /// Respondents in each cell; of powers of a number, those who gave another number than the pivot.
    pub(super) counts: Vec<u64>,
    /// For numbers, the first one seen: sums are of the distances `x - pivot`, whose squares stay small and exact.
    pub(super) pivot: Option<f64>,
    /// The first of the moments under each replicate weight that was read, cell after cell; empty without such.
    pub(super) replicates: Vec<f64>,
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

impl Sums {
    fn empty(slots: usize, places: usize, replicates: usize) -> Self {
        let stride = slots + 1;
        let width = stride * places;
        Self {
            stride,
            width,
            moments: Vec::new(),
            counts: vec![0; width],
            pivot: None,
            replicates: vec![0.0; width * replicates],
        }
    }

    /// Makes room for so many groups.
    pub(super) fn grow(&mut self, groups: usize) {
        self.moments.resize((groups * self.width).max(self.moments.len()), [0.0; 2]);
    }

    /// Fills the total from the places of one segment. Empties the slot of those without an answer, whose sum is of no
    /// use and depends on the order of counting.
    pub(super) fn finish(&mut self, places: Option<Range<usize>>) {
        let stride = self.stride;
        self.moments.chunks_exact_mut(stride).for_each(|place| place[stride - 1] = [0.0; 2]);
        self.counts.chunks_exact_mut(stride).for_each(|place| place[stride - 1] = 0);
        let Some(places) = places else { return };
        for slot in 0..stride {
            let cells = || places.clone().map(|place| place * stride + slot);
            for group in self.moments.chunks_exact_mut(self.width) {
                group[slot] = cells().fold([0.0; 2], |sum, cell| [sum[0] + group[cell][0], sum[1] + group[cell][1]]);
            }
            self.counts[slot] = cells().map(|cell| self.counts[cell]).sum();
        }
    }

    /// The slot of those without an answer.
    pub(super) fn nowhere(&self) -> u8 {
        (self.stride - 1) as u8
    }

    /// The sums of each group: for each cell those of `w` and of `w²`.
    pub fn groups(&self) -> ChunksExact<'_, [f64; 2]> {
        self.moments.chunks_exact(self.width)
    }

    /// How many slots a place has.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.stride - 1
    }

    /// The position of a cell in the sums of a group.
    #[must_use]
    pub fn index(&self, place: usize, slot: usize) -> usize {
        place * self.stride + slot
    }

    /// Respondents with a weight above zero.
    #[must_use]
    pub fn count(&self, place: usize, slot: usize) -> u64 {
        self.counts[place * self.stride + slot]
    }

    /// The sums of each slot over all groups.
    #[must_use]
    pub fn sums(&self, place: usize) -> Vec<[f64; 2]> {
        let mut sums = vec![[0.0; 2]; self.stride - 1];
        for group in self.groups() {
            for (sum, moments) in sums.iter_mut().zip(&group[place * self.stride..]) {
                *sum = [sum[0] + moments[0], sum[1] + moments[1]];
            }
        }
        sums
    }

    /// Whether replicates were counted with the rows.
    #[must_use]
    pub fn has_replicates(&self) -> bool {
        !self.replicates.is_empty()
    }

    /// The sum of a cell under each of the replicate weights that were read from so many columns.
    #[must_use]
    pub fn replicates(&self, place: usize, slot: usize, count: usize) -> &[f64] {
        &self.replicates[self.index(place, slot) * count..][..count]
    }

    /// The number from which the sums of a number question are measured.
    #[must_use]
    pub fn pivot(&self) -> f64 {
        self.pivot.unwrap_or(0.0)
    }

    /// Adds sums whose groups have these positions here.
    fn merge(&mut self, other: &Self, groups: &[usize]) {
        let other = &other.measured_from(*self.pivot.get_or_insert(other.pivot()));
        for (from, to) in other.moments.chunks_exact(self.width).zip(groups) {
            for (mine, theirs) in self.moments[to * self.width..].iter_mut().zip(from) {
                *mine = [mine[0] + theirs[0], mine[1] + theirs[1]];
            }
        }
        self.replicates.iter_mut().zip(&other.replicates).for_each(|(mine, theirs)| *mine += theirs);
        add(&mut self.counts, &other.counts);
    }

    /// The same sums from another pivot: with `x - p = (x - q) + s` each power is a binomial of the powers up to it. The
    /// counts of other numbers than the pivot are taken to be those of a number with two values, which alone have a use.
    fn measured_from(&self, pivot: f64) -> Self {
        let mut moved = self.clone();
        let shift = self.pivot() - pivot;
        if self.pivot.is_some() && shift != 0.0 {
            let terms = binomial_terms(self.stride - 1, shift);
            for place in moved.moments.chunks_exact_mut(self.stride) {
                for (power, lower, factor) in &terms {
                    let below = place[*lower];
                    place[*power][0] += factor * below[0];
                    place[*power][1] += factor * below[1];
                }
            }
            for place in moved.counts.chunks_exact_mut(self.stride) {
                let [all, others @ .., _] = place else { continue };
                for count in others {
                    *count = *all - *count;
                }
            }
            let replicates = self.replicates.len() / self.width;
            for place in moved.replicates.chunks_exact_mut((self.stride * replicates).max(1)) {
                for (power, lower, factor) in &terms {
                    for replicate in 0..replicates {
                        place[power * replicates + replicate] += factor * place[lower * replicates + replicate];
                    }
                }
            }
        }
        Self { pivot: Some(pivot), ..moved }
    }
}

/// What each power gets of each lower one when numbers grow by a shift, from the highest power down, so that lower ones
/// are still the old ones.
fn binomial_terms(powers: usize, shift: f64) -> Vec<(usize, usize, f64)> {
    let mut terms = Vec::new();
    for power in (1..powers).rev() {
        let (mut binomial, mut factor) = (1.0, 1.0);
        for lower in (0..power).rev() {
            binomial *= (lower + 1) as f64 / (power - lower) as f64;
            factor *= shift;
            terms.push((power, lower, binomial * factor));
        }
    }
    terms
}

impl Tally {
    /// The tally of nothing.
    #[must_use]
    pub fn empty(plan: &Plan) -> Self {
        let replicates = plan.replicates_counted();
        let question = |question: &QuestionPlan| Sums::empty(question.slots, plan.places(), replicates);
        let is_linearised = plan.fitted.is_some() && plan.replicates.is_none();
        let calibration = is_linearised.then(|| {
            if plan.sums_are_by_part() {
                return CalibrationSums::Parts(Parts::default());
            }
            let by_cell = plan.questions.iter().map(|question| Sums::empty(question.slots, plan.places(), 0)).collect();
            CalibrationSums::Units { by_cell, totals: Vec::new() }
        });
        Self {
            questions: plan.questions.iter().map(question).collect(),
            everybody: Sums::empty(1, plan.places(), 0),
            numbers: (plan.questions.iter())
                .map(|question| question.keeps_numbers.then(|| Numbers::empty(plan.segments.len())))
                .collect(),
            frame: Frame::empty(plan.levels_of_frame().len(), plan.stages.len(), plan.members(), replicates),
            weight_range: None,
            rows: 0,
            weighted_rows: 0,
            absences: vec![Absences::default(); plan.questions.len()],
            in_no_level: vec![0; plan.segments.len()],
            calibration,
            crossings: vec![vec![Crossed::default(); plan.places()]; plan.crossings.len()],
        }
    }

    /// For how many groups, or parts of groups, there are sums.
    pub(super) fn sums(&self) -> usize {
        match &self.calibration {
            Some(CalibrationSums::Parts(parts)) => parts.members.len(),
            _ => self.frame.groups.len(),
        }
    }

    /// Adds the sums of a calibration; returns the positions here of what the other has sums for.
    fn merge_calibration(&mut self, other: &Self, groups: Vec<usize>) -> Vec<usize> {
        match (&mut self.calibration, &other.calibration) {
            (Some(CalibrationSums::Parts(mine)), Some(CalibrationSums::Parts(theirs))) => mine.merge(theirs, &groups),
            (
                Some(CalibrationSums::Units { by_cell, totals }),
                Some(CalibrationSums::Units { by_cell: other_cells, totals: other_totals }),
            ) => {
                for (mine, theirs) in by_cell.iter_mut().zip(other_cells) {
                    let cells: Vec<usize> = (0..theirs.groups().len()).collect();
                    mine.grow(cells.len());
                    mine.merge(theirs, &cells);
                }
                let width = other_totals.len() / groups.len().max(1);
                totals.resize(self.frame.groups.len() * width, 0.0);
                for (theirs, to) in other_totals.chunks_exact(width.max(1)).zip(&groups) {
                    totals[to * width..].iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
                }
                groups
            }
            _ => groups,
        }
    }

    /// Adds the tally of further responses. Both must come from the same plan and the same keys.
    pub fn merge(&mut self, other: &Self) {
        let groups = self.frame.merge(&other.frame);
        let groups = self.merge_calibration(other, groups);
        let count = self.sums();
        let mine = self.questions.iter_mut().chain([&mut self.everybody]);
        for (mine, theirs) in mine.zip(other.questions.iter().chain([&other.everybody])) {
            mine.grow(count);
            mine.merge(theirs, &groups);
        }
        for (mine, theirs) in self.numbers.iter_mut().zip(&other.numbers) {
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.merge(theirs, &groups);
            }
        }
        self.weight_range = union(self.weight_range, other.weight_range);
        self.rows += other.rows;
        self.weighted_rows += other.weighted_rows;
        for (mine, theirs) in self.absences.iter_mut().zip(&other.absences) {
            mine.not_asked += theirs.not_asked;
            mine.answered_unasked += theirs.answered_unasked;
            add(&mut mine.missing, &theirs.missing);
        }
        add(&mut self.in_no_level, &other.in_no_level);
        for (mine, theirs) in self.crossings.iter_mut().flatten().zip(other.crossings.iter().flatten()) {
            *mine += *theirs;
        }
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += *theirs;
    }
}
