//! Whether percent add up to 100, as far as rounding allows, and what may be wrong where they do not.
//!
//! A published table is rounded to so many decimals, those of its most precise number: others end in zeros that may have been
//! left out. Each of `k` numbers is then off by at most half a unit `u` of the last decimal, and their sum by `k·u/2`.

use super::{Amount, short};
use crate::study::Segment;

/// Sums of numbers that were stored in single precision.
const NOISE: f64 = 1e-4;

fn sum_of(amounts: &[Amount]) -> f64 {
    amounts.iter().map(|amount| amount.value).sum()
}

/// One unit of the last decimal; none where numbers do not look rounded.
fn unit_of(amounts: &[Amount]) -> f64 {
    let decimals = amounts.iter().filter_map(|amount| amount.decimals).max();
    decimals.map_or(0.0, |decimals| 10_f64.powi(-(decimals as i32)))
}

/// By how much the sum of rounded numbers may be off.
fn rounding_of(amounts: &[Amount]) -> f64 {
    amounts.len() as f64 * unit_of(amounts) / 2.0
}

/// Whether percent add up to 100, but for rounding.
pub fn is_rounded_hundred(amounts: &[Amount]) -> bool {
    (sum_of(amounts) - 100.0).abs() <= rounding_of(amounts) + NOISE
}

/// What is wrong with percent that do not add up to 100, and what may be meant.
pub fn complaint(name: &str, segments: &[&Segment], amounts: &[Amount]) -> (String, String) {
    /// No slip makes percent that many.
    const PEOPLE: f64 = 250.0;
    let sum = sum_of(amounts);
    let off = sum - 100.0;
    let points = short(off.abs());
    let noun = if points == "1" { "point" } else { "points" };
    let many = if off < 0.0 { "too few" } else { "too many" };
    let message =
        format!("the targets of margin `{name}` add up to {}%, expected 100%: {points} {noun} {many}", short(sum));
    let explained = format!(
        "rounding of {} numbers to {} explains {} at most",
        amounts.len(),
        short(unit_of(amounts)),
        short(rounding_of(amounts))
    );
    let hint = if (sum - 1.0).abs() < 0.01 {
        "write percent: 9.16, not 0.0916".to_owned()
    } else if let Some(segment) = hundred_by(segments, amounts) {
        format!(
            "each level of `{segment}` adds up to 100: percent of crossed cells are of the whole population, not of one level"
        )
    } else if sum > PEOPLE {
        "did you mean totals? Numbers of people are written totals = { ... }, in a file in a column `total`".to_owned()
    } else if off < 0.0 {
        format!("does the population have a level that `{name}` does not list, or is a number mistyped? {explained}")
    } else {
        format!("is somebody counted at two levels, or is a number mistyped? {explained}")
    };
    (message, hint)
}

/// The variable of crossed ones of which each level has 100 percent.
fn hundred_by<'a>(segments: &[&'a Segment], amounts: &[Amount]) -> Option<&'a str> {
    if segments.len() < 2 {
        return None;
    }
    let mut later: usize = amounts.len();
    segments.iter().find_map(|segment| {
        let levels = segment.levels().len();
        later /= levels;
        let of_level = |level: usize| -> Vec<Amount> {
            let cells = amounts.iter().enumerate().filter(|(cell, _)| cell / later % levels == level);
            cells.map(|(_, amount)| *amount).collect()
        };
        (0..levels).all(|level| is_rounded_hundred(&of_level(level))).then_some(segment.id.as_str())
    })
}
