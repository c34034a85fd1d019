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

mod advice;
mod condition;
mod exclusion;
mod figures;
pub mod keys;
mod label;
mod meaning;
mod missing;
pub mod order;
mod packing;
mod reader;
mod replicates;
pub mod resolve;
pub mod spec;
mod systems;
pub mod weighting;

pub use condition::{Atom, Comparison, Condition, Ends, Literal};
pub use exclusion::{Exclusion, Rule};
pub use figures::{Among, Contrast, ContrastCell, Of, Scale, overlapping_nets};
pub use label::{Label, Language};
pub use meaning::{
    About, Base, Chances, Data, DegreesOfFreedom, Design, DesignEffect, Further, Interval, Kind, Level, Levels,
    LonelyUnit, Missing, Net, Origin, Publication, Quantile, QuantileRule, Question, QuestionOption, Reason, Sample,
    Segment, Simulation, Stage, Study, finite, same_code,
};
pub use missing::disputed;
pub use packing::Packing;
pub use replicates::{Centre, Holds, Method, ReplicateSource, Replicates};
pub use systems::{Definitions, System};
pub use weighting::Weighting;
