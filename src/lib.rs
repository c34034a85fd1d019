//! topline turns a survey file into shares one may publish.

pub mod diagnostic;
pub mod draft;
pub mod io;
pub mod numeric;
pub mod personal;
pub mod responses;
pub mod study;
