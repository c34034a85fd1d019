//! `topline convert`: a table of responses in another format.

use std::path::PathBuf;

use super::Screen;
use crate::{
    convert::{Personal, convert},
    diagnostic::{Diagnostics, Place},
    io::Table,
};

/// Write responses in another format, with labels, missing codes and multiple-response sets
///
/// Every format that is read can be written as CSV or Parquet (with a codebook beside it, OUT.codebook.json, that topline finds
/// again), as SPSS (.sav, .zsav) or as Triple-S (.sss with .asc). What a format cannot hold is said. Columns with personal data
/// and identifiers are left out, with the reason.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline convert export.sss customers.csv       with customers.csv.codebook.json
  topline convert export.csv customers.sav
  topline convert customers.sav customers.sss    writes customers.asc too
  topline convert panel.csv panel.parquet --keep-personal")]
pub struct Convert {
    /// A file of responses
    input: PathBuf,
    /// The file to write: .csv, .parquet, .sav, .zsav, .sss
    output: PathBuf,
    /// What the input is, where it does not say so itself
    #[arg(long)]
    format: Option<String>,
    /// Write personal data and identifiers too
    #[arg(long)]
    keep_personal: bool,
}

impl Convert {
    pub fn run(&self, screen: &Screen) -> Result<(), Diagnostics> {
        let table = Table::open(&self.input, self.format.as_deref(), &Place::File("command line".to_owned()))?;
        if let Some(recognised) = &table.recognised {
            screen.note(recognised);
        }
        let personal = if self.keep_personal { Personal::Kept } else { Personal::LeftOut };
        let converted =
            screen.with_progress("converting", |progress| convert(&table, &self.output, personal, progress))?;
        for note in &converted.notes {
            screen.note(note);
        }
        let files: Vec<String> = converted.files.iter().map(|file| file.display().to_string()).collect();
        screen.note(&format!("wrote {} rows: {}", converted.rows, files.join(", ")));
        Ok(())
    }
}
