//! topline turns a survey file into shares one may publish.
//!
//! It answers one question: *what share of which people said what, how sure are we, and may we publish it?*
//!
//! # One idea
//!
//! Every figure of a survey is **a point and its influence**, and both follow from **sums**. For a cell (a segment
//! level by an option) the sums of `w`, `w·y` and `w²` and the count, held for each primary sampling unit or stratum,
//! give the share, its linearised variance, its effective base and its design effect. So data are read in one pass
//! that fills one structure, the [`tally`], and everything after it is small arithmetic that needs no data. Replicate
//! weights are the same sums once more: those of made ones are the units' sums times factors, those of read ones are counted
//! in the same pass. Tallies
//! of two halves of a file add up to the tally of the whole: that property is what waves that come later will
//! stand on.
//!
//! ```text
//! study.toml ──> Study ───┬─> Plan ──> Tally ──> Estimates ─┃─> Release ──> tables, charts, report, tidy estimates
//! responses ──> batches ──┘          (one pass)             ┃
//!                                              disclosure: nothing passes unguarded
//! ```
//!
//! # Rooms
//!
//! Each may use only those above it; `tests/architecture.rs` holds this list.
//!
//! | room | what it is for |
//! |---|---|
//! | [`diagnostic`] | the one way to complain: place, caret, hint, all complaints together |
//! | [`numeric`] | quantiles and tail probabilities |
//! | [`study`] | the study file as typed, then as meant |
//! | [`responses`] | batches of coded columns; conditions on them |
//! | [`codebook`] | what a file of responses says of its own columns |
//! | [`io`] | one file for each format that is read; writing aside and renaming |
//! | [`quality`] | rows that are left out, and those that look as if they should be |
//! | [`design`] | strata, primary sampling units, finite populations, replicate weights made of them |
//! | [`weighting`] | raking, calibration and trimming of weights, on cells of respondents |
//! | [`tally`] | plan and sums: the pass over the data |
//! | [`variance`], [`interval`], [`estimate`] | variances, linearised or from replicate weights, intervals, all figures |
//! | [`significance`] | tests between groups, from estimates with their covariances |
//! | [`survey`] | the road through the rooms: files in, estimates out |
//! | [`disclosure`] | the gate: what may be published |
//! | [`comparison`] | tests between groups of what may be published |
//! | [`words`] | numbers and fixed words in German and English |
//! | [`tidy`], [`table`], [`chart`], [`report`], [`catalogue`] | what is published; the last is the codebook of a study |
//! | [`simulate`], [`personal`], [`convert`], [`draft`] | dummy responses, finding personal data, tables in other formats, a first study file |
//! | [`cli`] | one file for each command |
//! | [`accuracy`] | no code: how near R all figures are, and how often intervals hold what they should |
//!
//! # From a program
//!
//! ```
//! use std::path::Path;
//! use topline::{disclosure::release, survey::Survey};
//!
//! let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/nhanes/study.toml");
//! let survey = Survey::open(&study, &mut |_read, _of| ())?;
//! let release = release(&survey.study, &survey.plan, &survey.estimates());
//! let share = release.questions[0].domains[0].shares[0].shown().expect("a large base may be published");
//! assert_eq!(format!("{:.1} % of {}", share.value * 100.0, share.bases.unweighted), "11.2 % of 7846");
//! # Ok::<(), topline::diagnostic::Diagnostics>(())
//! ```
//!
//! # Decisions
//!
//! * A condition of a base is SQL, parsed by the parser that polars' SQL uses, and evaluated on dense codes: no query
//!   engine is built in, and a value that no option lists is found before anything is counted.
//! * polars is used through its Parquet decoder and writer only; text is cut into pieces where records end and read
//!   record by record, because a complaint needs the line. The sums are ours ([`tally`] says how and what they cost).
//! * Who may see a figure is decided on unweighted counts, once, between estimates and everything that prints.
//! * Output depends on nothing but the inputs: no clock, no thread count, no hash order.

pub mod accuracy;
pub mod catalogue;
pub mod chart;
pub mod cli;
pub mod codebook;
pub mod comparison;
pub mod convert;
pub mod design;
pub mod diagnostic;
pub mod disclosure;
pub mod draft;
pub mod estimate;
pub mod interval;
pub mod io;
pub mod numeric;
pub mod personal;
pub mod quality;
pub mod report;
pub mod responses;
pub mod significance;
pub mod simulate;
pub mod study;
pub mod survey;
pub mod table;
pub mod tally;
pub mod tidy;
pub mod variance;
pub mod weighting;
pub mod words;
