//! The study: who was asked what, how they were chosen, and what may be published.
//!
//! A person types a TOML file. It is read in two stages: [`spec`] is the file *as typed*, every value with its
//! place, all mistakes of form reported together; [`resolve`] turns that into the [`Study`] *as meant*, with every
//! default filled in and every name checked. Only the [`Study`] is used further in.
//!
//! ```toml
//! [study]
//! title = "Customer survey 2026"
//!
//! [data]
//! file = "responses.csv"
//!
//! [design]
//! weight = "weight"
//!
//! [[question]]
//! id = "recommend"
//! ```

mod condition;
pub mod keys;
mod label;
mod meaning;
pub mod order;
mod reader;
pub mod resolve;
pub mod spec;

pub use condition::{Atom, Comparison, Condition, Ends, Literal};
pub use label::{Label, Language};
pub use meaning::{
    About, Base, Data, Design, Interval, Kind, Level, Levels, LonelyUnit, Missing, Origin, Publication, Quantile,
    Question, QuestionOption, Reason, Sample, Segment, Simulation, Study, same_code,
};
