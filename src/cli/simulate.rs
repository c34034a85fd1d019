//! `topline simulate`: dummy responses.

use std::path::PathBuf;

use super::{Screen, StudyFile, read_files};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::{Table, keep_inputs},
    simulate::simulate,
    survey::read_study_without_data,
};

/// Write dummy responses that obey a study file: options, routing, segments, design, published shares
///
/// The data file that the study names need not exist. The output is marked as synthetic, and every figure made
/// from it will say so.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline simulate study.toml -n 1000 -o responses.csv
  topline simulate study.toml -n 10000000 --seed 7 -o big.parquet")]
pub struct Simulate {
    #[command(flatten)]
    file: StudyFile,
    /// How many respondents
    #[arg(short, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    n: u64,
    /// The same seed gives the same file
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A file ending in .csv, .tsv or .parquet
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Simulate {
    pub fn run(&self, screen: &Screen) -> Result<(), Diagnostics> {
        let study = read_study_without_data(&self.file.study)?;
        keep_inputs(&self.output, &read_files(&self.file.study, None, &study))?;
        self.keep_responses()?;
        screen.with_progress("simulating", |progress| {
            simulate(&study, self.n, self.seed, &self.output, &mut |rows| progress(rows, self.n))
        })?;
        screen.note(&format!("wrote {} synthetic responses to {}", self.n, self.output.display()));
        Ok(())
    }

    /// Real responses are not written over: only what marks itself as made up.
    fn keep_responses(&self) -> Result<(), Diagnostics> {
        let place = Place::File("command line".to_owned());
        match Table::open(&self.output, None, &place) {
            Ok(table) if !table.is_marked_synthetic() => {
                let message = format!("{} holds responses that are not marked as made up", self.output.display());
                let hint = "choose another name with -o";
                Err(Diagnostic::error("overwrites-responses", place, message).hint(hint).into())
            }
            _ => Ok(()),
        }
    }
}
