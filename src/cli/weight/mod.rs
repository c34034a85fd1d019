//! `topline weight`: what weighting to the population did, and the weights themselves.

mod file;
mod ids;
mod lacking;
mod machine;
mod text;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::file::{Output, goes_to_stdout};
pub(super) use self::lacking::weighting_of;
use super::{Screen, StudyFile, read_files};
use crate::{
    diagnostic::Diagnostics,
    disclosure::{ReleasedWeighting, shifts},
    io::keep_inputs,
    study::Language,
    survey::{Survey, read_study_to_weight, weighted_rows},
};

/// Say what weighting to the population did; with -o write the weights
///
/// For each margin the respondents of each level, their share before and after weighting and in the population; how unequal
/// weights became and what that costs in precision; how far it moved the headline figures. In a pipe lines with fields
/// separated by tabs, of which the first says what the line is: margin, number, weights or figure. A study that is
/// only weighted needs no [[question]].
///
/// Files of weights hold them in the order of the responses, each beside its row, or beside the column named with --id. With --all
/// they hold all of the responses, personal data included: better keep one file of these and join the weights. Weights read back
/// from a column say nothing of what they were fitted to: where [weighting] stays in the study, errors know of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline weight study.toml
  topline weight study.toml --format json | jq '.weights[-1].design_effect'
  topline weight study.toml -o weights.csv --id id
  topline weight study.toml -o - --id id | gzip > weights.csv.gz
  topline weight study.toml -o weighted.parquet --all --column w2")]
pub struct Weight {
    #[command(flatten)]
    file: StudyFile,
    /// How to print; text on a terminal and tsv in a pipe unless given
    #[arg(long, value_enum, conflicts_with = "output")]
    format: Option<Format>,
    /// Write the weights into a file ending in .csv, .tsv or .parquet instead; - is CSV to stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The column that identifies respondents, none of them twice, to stand beside the weights; their row unless given
    #[arg(long, value_name = "COLUMN", requires = "output", conflicts_with = "all")]
    id: Option<String>,
    /// All columns of the responses beside the weights
    #[arg(long, requires = "output")]
    all: bool,
    /// What the column of weights is called
    #[arg(long, value_name = "NAME", requires = "output", default_value = "weight")]
    column: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// A line a figure
    Tsv,
    /// One document with numbers at full precision
    Json,
}

impl Weight {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        match &self.output {
            None => self.print(screen, lang),
            Some(path) => self.write(path, screen),
        }
    }

    fn print(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let (survey, base) = screen.with_progress("reading", |progress| {
            let (study, table) = read_study_to_weight(&self.file.study, progress)?;
            weighting_of(&study)?;
            Survey::count_beside_base(study, table, progress)
        })?;
        screen.warn(&survey.warnings);
        let Some(released) = ReleasedWeighting::of(&survey) else { return Ok(()) };
        let shifts = shifts(&survey, &base);
        let language = lang.unwrap_or(survey.study.about.language);
        let format = self.format.unwrap_or(if screen.is_terminal() { Format::Text } else { Format::Tsv });
        screen.print(&match format {
            Format::Text => text::print(&survey, &released, &shifts, screen, language),
            Format::Tsv => machine::to_tsv(&survey.study, &released, &shifts),
            Format::Json => machine::to_json(&survey, &released, &shifts, language),
        })
    }

    fn write(&self, path: &Path, screen: &Screen) -> Result<(), Diagnostics> {
        let (study, table) =
            screen.with_progress("reading", |progress| read_study_to_weight(&self.file.study, progress))?;
        let weighting = weighting_of(&study)?;
        let output = Output::new(path, self.id.as_deref(), self.all, &self.column, &study, &table)?;
        if !goes_to_stdout(path) {
            keep_inputs(path, &read_files(&self.file.study, Some(&table), &study))?;
        }
        if let Some(id) = &self.id {
            screen.with_progress("checking", |progress| ids::check(&table, id, progress))?;
        }
        let mut rows = screen.with_progress("weighting", |progress| weighted_rows(&study, &table, progress))?;
        let mut warnings = weighting.rounding();
        warnings.append(rows.weights.warnings.clone());
        warnings.append(output.personal_data());
        screen.warn(&warnings);
        let written = screen.with_progress("writing", |progress| output.write(&mut rows, progress))?;
        if let Some(written) = written {
            screen.note(&format!("wrote {written} weights to {}", output.place()));
        }
        Ok(())
    }
}
