//! `topline codebook`: what was asked, what was answered, and how many did.

use std::{io::Write, path::PathBuf};

use super::{Precision, Screen, StudyFile, published, read_files};
use crate::{
    catalogue::{Catalogue, document, to_csv, to_json, to_workbook},
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::{keep_inputs, write_atomically},
    report::{html, markdown},
    study::Language,
    table::wrap,
};

/// Write the codebook of a study: wordings, columns, codes, bases, reasons for missing answers, with unweighted counts
///
/// Every question, segment and column of the design. Counts that would tell of a few respondents are withheld as in every output.
/// The ending of -o says in which format: .md, .html, .csv, .xlsx, .json; without it Markdown is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline codebook study.toml | less
  topline codebook study.toml -o codebook.html --lang en
  topline codebook study.toml -o codebook.xlsx")]
pub struct Codebook {
    #[command(flatten)]
    file: StudyFile,
    /// The file to write: .md, .html, .csv, .xlsx, .json
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Codebook {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let written = self.output.as_ref().map(|path| Written::of_ending(path).map(|written| (path, written)));
        let written = written.transpose()?;
        let survey = self.file.open_with(&Precision::default(), screen)?;
        let language = lang.unwrap_or(survey.study.about.language);
        let catalogue = Catalogue::new(&survey, &published(&survey), language);
        let Some((path, written)) = written else {
            return screen.print(&wrapped(&markdown::render(&document(&catalogue)), screen.width()));
        };
        keep_inputs(path, &read_files(&self.file.study, Some(&survey.table), &survey.study))?;
        let bytes = written.bytes(&catalogue).map_err(|message| {
            let place = Place::File(path.display().to_string());
            Diagnostics::from(Diagnostic::error("cannot-write", place, format!("cannot write: {message}")))
        })?;
        write_atomically(path, |writer| writer.write_all(&bytes))?;
        screen.note(&format!("wrote {}", path.display()));
        Ok(())
    }
}

/// Lines of a width, which Markdown takes for one; rows of tables are as long as they are.
fn wrapped(text: &str, width: usize) -> String {
    let line = |line: &str| {
        let (mark, rest) = match line.strip_prefix("- ") {
            Some(rest) => ("- ", rest),
            None => ("", line),
        };
        if line.starts_with(['|', '#']) || line.is_empty() {
            return format!("{line}\n");
        }
        let lines = wrap(rest, width - mark.len());
        let indented = lines.iter().enumerate().map(|(index, part)| {
            let before = if index == 0 { mark } else { &"  "[..mark.len()] };
            format!("{before}{part}\n")
        });
        indented.collect()
    };
    text.lines().map(line).collect()
}

#[derive(Clone, Copy)]
enum Written {
    Markdown,
    Html,
    Csv,
    Workbook,
    Json,
}

impl Written {
    fn of_ending(path: &std::path::Path) -> Result<Self, Diagnostics> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        match ending.as_str() {
            "md" => Ok(Self::Markdown),
            "html" | "htm" => Ok(Self::Html),
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Workbook),
            "json" => Ok(Self::Json),
            _ => {
                let message = format!("the name of {} does not say in which format to write it", path.display());
                let hint = "a codebook is .md, .html, .csv, .xlsx or .json";
                let place = Place::File("command line".to_owned());
                Err(Diagnostic::error("unknown-format", place, message).hint(hint).into())
            }
        }
    }

    fn bytes(self, catalogue: &Catalogue) -> Result<Vec<u8>, String> {
        Ok(match self {
            Self::Markdown => markdown::render(&document(catalogue)).into_bytes(),
            Self::Html => html::render(&document(catalogue)).into_bytes(),
            Self::Csv => to_csv(catalogue).map_err(|error| error.to_string())?.into_bytes(),
            Self::Json => to_json(catalogue).into_bytes(),
            Self::Workbook => to_workbook(catalogue).map_err(|error| error.to_string())?,
        })
    }
}
