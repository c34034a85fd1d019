//! `topline estimates`: every figure, tidy.

use std::{io::Write, path::PathBuf};

use clap::ValueEnum;

use super::{Precision, Screen, StudyFile, published, read_files};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::{keep_inputs, write_atomically},
    tidy::{Record, records, to_csv, to_json, to_parquet},
};

/// Print every question x option x (total and segment level) as a tidy table
///
/// Columns: question, option, segment, level, statistic, estimate, standard_error, ci_low, ci_high, confidence,
/// interval, df, design_effect, n, n_weighted, n_effective, withheld, synthetic,
/// design_effect_without, method, quantile, presentation. Contrasts stand at the end, with their names as options. Shares are fractions at full precision.
/// Version 1 of this contract (topline.estimates/1): new columns come only at the end.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline estimates study.toml > estimates.csv
  topline estimates study.toml --format json | jq '.estimates[0]'
  topline estimates study.toml -o estimates.parquet
  topline estimates study.toml --confidence 0.99 --quantile z")]
pub struct Estimates {
    #[command(flatten)]
    file: StudyFile,
    /// csv, json or parquet; guessed from the file's ending
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// A file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    precision: Precision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
    Parquet,
}

impl Estimates {
    pub fn run(&self, screen: &Screen) -> Result<(), Diagnostics> {
        let format = self.format()?;
        let survey = self.file.open_with(&self.precision, screen)?;
        let records = records(&survey, &published(&survey));
        if let Some(path) = &self.output {
            keep_inputs(path, &read_files(&self.file.study, Some(&survey.table), &survey.study))?;
            write_atomically(path, |writer| write(&records, format, writer))?;
            screen.note(&format!("wrote {}", path.display()));
            return Ok(());
        }
        let mut bytes = Vec::new();
        write(&records, format, &mut bytes).map_err(|error| {
            let place = Place::File("stdout".to_owned());
            Diagnostics::from(Diagnostic::error("cannot-write", place, format!("cannot write: {error}")))
        })?;
        screen.print_bytes(&bytes)
    }

    fn format(&self) -> Result<Format, Diagnostics> {
        let ending = self.output.as_ref().and_then(|path| path.extension()).and_then(|ending| ending.to_str());
        match (self.format, ending) {
            (Some(format), _) => Ok(format),
            (None, None | Some("csv")) => Ok(Format::Csv),
            (None, Some("json")) => Ok(Format::Json),
            (None, Some("parquet")) => Ok(Format::Parquet),
            (None, Some(other)) => {
                let place = Place::File("command line".to_owned());
                let message = format!("`.{other}` is no ending that says how to write");
                Err(Diagnostic::error("unknown-format", place, message)
                    .hint("add --format csv, json or parquet")
                    .into())
            }
        }
    }
}

fn write(records: &[Record], format: Format, writer: impl Write + Send) -> std::io::Result<()> {
    match format {
        Format::Csv => to_csv(records, writer),
        Format::Json => to_json(records, writer),
        Format::Parquet => to_parquet(records, writer),
    }
}
