//! The tally: everything that estimates need to know of the data, as sums.
//!
//! # What is summed
//!
//! A [`Plan`] gives each question *slots* (one for each option, one for the rest of its base), and each segment
//! *places*: its levels, and one for those in none of them. For each slot in each place a [`Tally`] holds the count and,
//! for each *group*, the sums of `w` and of `w²`. A group is a unit of the last stage of the sample that variances need
//! ([`Frame`](crate::design::Frame)), or a whole stratum where every respondent is a unit. For such designs the squares say the rest: with `z = w (y - p) / X` the sum of `z²` over
//! respondents is `((1-p)² Σw²y + p² Σw²(1-y)) / X²`, so memory does not grow with the respondents. A number question
//! has slots for the powers of the number from 0, its base, to 4 instead, a ratio for two numbers and their products.
//! Where a contrast compares answers that one respondent may give both, [`Crossing`] says how they meet: its standard error
//! would tell.
//! Medians need the numbers themselves, which are kept where a study asks for them, and only there.
//!
//! Replicate weights that are read from columns ride in the same pass (`replicates` says how); of those that are made, the
//! sums of the groups tell all. Where each respondent is a unit of made replicates, or figures of several questions are
//! compared, each respondent is a group.
//!
//! Where weights are fitted to the population there are two passes. The first counts *cells* ([`CellCounter`]): respondents
//! who are alike in all that they are weighted by, with their base weights, and of replicates the weights of each cell. From
//! these sums alone the factors of cells are found, one set for the weights and one for each replicate. The second pass sums
//! as above, each weight times the factor of its cell. The error of a figure is that of residuals from a regression of its
//! influence on the targets, in the metric of base weights; for it a tally also holds, by [`CalibrationSums`],
//! the sums of `w` of each slot and place by cell, for the regression, and the totals of the targets in each group. Where
//! respondents are units, whose squares count, groups are cut into *parts* ([`Parts`]), those of one cell, instead: who is in a
//! part has the same prediction, so that the sums of `w` and of `w²` still say all. Linearised variances therefore need no
//! sums of single respondents here either.
//!
//! Tallies of two halves of a file add up to the tally of the whole ([`Tally::merge`]); the tally of nothing
//! changes nothing.
//!
//! # How, and what it costs
//!
//! A batch of up to a million rows is a byte for each question and segment, eight for the weight and four for each key
//! of the design: 30 questions and 5 segments make some 50 bytes a row. Three things are done with it:
//!
//! 1. Rows are ordered by group, once a batch, so that the sums of one group stay in the nearest cache while its rows
//!    are added: with 2,000 groups and a question of 6 options by 31 levels they are 5 KB of 9 MB.
//! 2. Questions are counted one after the other, each by one thread. A question brings its codes into the order of the
//!    groups, a byte a row, and turns them into slots.
//! 3. The hot loop adds a row to one cell in each segment, without a branch or a hash: who gave no answer has a slot,
//!    and who is in no level a place, that nobody reads. A row costs three additions for each question and segment.
//!    The total is not counted but summed up from the first segment in the end.
//!
//! Every sum is the sum over its group's rows in the order of the file, whatever the number of threads and the size of
//! batches: the same file gives the same bits.

mod cells;
mod crossing;
mod first_pass;
mod kernel;
mod local;
mod numbers;
mod plan;
mod replicates;
mod sums;

pub use cells::{Cells, Fitted, FittedReplicates, Parts, Traits};
pub use crossing::{Crossed, Crossing};
pub use first_pass::{CellCounter, CellCounts};
pub use local::Counter;
pub use numbers::Numbers;
pub use plan::{Domain, Measure, Plan, QuestionPlan, ReplicatePlan, SegmentPlan, Set, StagePlan, WeightingPlan};
pub use sums::{Absences, CalibrationSums, Sums, Tally};
