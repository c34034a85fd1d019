//! topline turns a survey file into shares one may publish.

pub mod diagnostic;
pub mod io;
pub mod numeric;
pub mod responses;
pub mod simulate;
pub mod study;
