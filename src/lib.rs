//! topline turns a survey file into shares one may publish.

pub mod chart;
pub mod design;
pub mod diagnostic;
pub mod disclosure;
pub mod estimate;
pub mod interval;
pub mod io;
pub mod numeric;
pub mod report;
pub mod responses;
pub mod study;
pub mod survey;
pub mod table;
pub mod tally;
pub mod tidy;
pub mod variance;
pub mod words;
