//! The hot loop: adds respondents to the cells of one question, for all segments at once.

use std::ops::Range;

use super::sums::Sums;

/// Respondents with a weight above zero, ordered by group; within a group in the order of the file.
pub(super) struct Ordered {
    /// Weights.
    pub weights: Vec<f64>,
    /// For each segment, the place of each respondent.
    pub places: Vec<Vec<u16>>,
    /// The respondents of each group.
    pub runs: Vec<Run>,
}

/// The respondents of one group.
pub(super) struct Run {
    /// Position of the group.
    pub group: usize,
    /// The respondents.
    pub rows: Range<usize>,
}

/// What each respondent adds: to the sums of `w`, and to those of `w²`.
pub(super) trait Addend {
    /// Of one respondent.
    fn of(&self, row: usize) -> (f64, f64);
}

/// `w` and `w²`.
pub(super) struct Weights<'a>(pub &'a [f64]);

/// `w·x` and `w²·x`.
pub(super) struct Weighted<'a> {
    /// `w`
    pub weights: &'a [f64],
    /// `x`
    pub values: &'a [f64],
}

impl Addend for Weights<'_> {
    #[inline]
    fn of(&self, row: usize) -> (f64, f64) {
        let weight = self.0[row];
        (weight, weight * weight)
    }
}

impl Addend for Weighted<'_> {
    #[inline]
    fn of(&self, row: usize) -> (f64, f64) {
        let (weight, value) = (self.weights[row], self.values[row]);
        (weight * value, weight * weight * value)
    }
}

/// Adds each respondent to the slot in all its places. Segments are taken three at a time: their cells are different
/// ones, so that additions do not wait for each other.
pub(super) fn add(sums: &mut Sums, ordered: &Ordered, slots: &[u8], addend: &impl Addend) {
    let places: Vec<&[u16]> = ordered.places.iter().map(Vec::as_slice).collect();
    for run in &ordered.runs {
        for places in places.chunks(3) {
            match *places {
                [a] => add_run(sums, run, slots, [a], addend),
                [a, b] => add_run(sums, run, slots, [a, b], addend),
                [a, b, c] => add_run(sums, run, slots, [a, b, c], addend),
                _ => {}
            }
        }
    }
}

fn add_run<const N: usize>(sums: &mut Sums, run: &Run, slots: &[u8], places: [&[u16]; N], addend: &impl Addend) {
    let (stride, width) = (sums.stride, sums.width);
    let moments = &mut sums.moments[run.group * width..][..width];
    let counts = &mut sums.counts[..width];
    let slots = &slots[run.rows.clone()];
    let places = places.map(|places| &places[run.rows.clone()][..slots.len()]);
    for (index, slot) in slots.iter().enumerate() {
        let (one, two) = addend.of(run.rows.start + index);
        for places in places {
            let cell = usize::from(places[index]) * stride + usize::from(*slot);
            let moments = &mut moments[cell];
            *moments = [moments[0] + one, moments[1] + two];
            counts[cell] += 1;
        }
    }
}
