//! How right the figures are, in numbers: two pages that tests keep true.
//!
//! - [`against_r`]: the worst relative difference from R for each estimator, test and distribution function.
//! - [`coverage`]: how often each kind of interval holds the share of a known population; which to choose.
//!
//! There is no code here.

#[doc = include_str!("against_r.md")]
pub mod against_r {}

#[doc = include_str!("coverage.md")]
pub mod coverage {}
