//! Tests of whole charts.

mod fonts;
mod pages;
mod samples;
mod wrapping;
