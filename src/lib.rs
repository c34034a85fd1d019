//! topline turns a survey file into shares one may publish.

pub mod chart;
