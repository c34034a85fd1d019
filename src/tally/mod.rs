//! The tally: everything that estimates need to know of the data, as sums.
//!
//! A [`Plan`] lists the cells: each question has `slots` (one for each option, one for the rest of its base), and
//! each slot exists once for every domain (the total and every segment level). A [`Tally`] holds for each cell the
//! count, the sum of weights `w` and the sum of `w²`; sums of `w` are kept for each *group*, which is a primary
//! sampling unit, or a whole stratum where every respondent is a unit. For such designs the squares say the rest:
//! with `z = w (y - p) / X` the sum of `z²` over respondents is `((1-p)² Σw²y + p² Σw²(1-y)) / X²`, so memory does
//! not grow with the respondents. A number question has slots for its base, `w·x` and `w·x²` instead.
//!
//! Tallies of two halves of a file add up to the tally of the whole ([`Tally::merge`]); the tally of nothing
//! changes nothing.

mod local;
mod plan;
mod sums;

pub use local::Counter;
pub use plan::{Domain, Measure, Plan, QuestionPlan};
pub use sums::{Block, Group, Tally};
