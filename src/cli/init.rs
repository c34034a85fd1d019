//! `topline init`: a first study file for a file of responses.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use super::Screen;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    draft::draft,
    io::{Given, ShortRows, Structure, Table, write_atomically},
};

/// Look at a data file and write a first study file beside it
///
/// Kinds of questions, options in order, multiple-response groups, likely weight, design and segments. Columns with ids
/// and personal data are left out, with a comment why: topline reads only the columns that a study file names.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline init customers.csv                     writes study.toml beside it
  topline init export.parquet -o spring.toml
  topline init results.csv survey.lss            with the questionnaire from LimeSurvey
  topline init customers.csv -o - | less         only to look at")]
pub struct Init {
    /// A file of responses: .csv, .tsv, .xlsx, .xls, .ods, .parquet, .arrow, .sav, .zsav, .dta, .sas7bdat, .sss
    file: PathBuf,
    /// The questionnaire, for wordings, labels and who was asked: .lss or .txt of LimeSurvey, XLSForm
    structure: Option<PathBuf>,
    /// The study file to write; `-` for stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// csv, parquet, sav …, or the platform that exported it: qualtrics, surveymonkey, limesurvey, kobo,
    /// google-forms, microsoft-forms; where the file is not recognised, or wrongly
    #[arg(long)]
    format: Option<String>,
    /// The encoding of a text: utf-8, windows-1252, utf-16le, macintosh ...
    #[arg(long)]
    encoding: Option<String>,
    /// The sheet of a workbook
    #[arg(long)]
    sheet: Option<String>,
    /// What becomes of rows of a text that end early; told from them if they look left out rather than torn
    #[arg(long, value_enum)]
    short_rows: Option<Ending>,
}

/// What becomes of rows that end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Ending {
    /// They are an error
    Error,
    /// Their missing cells are blank
    Blank,
}

impl Init {
    pub fn run(&self, screen: &Screen) -> Result<(), Diagnostics> {
        let output = self.output.clone().unwrap_or_else(|| self.file.with_file_name("study.toml"));
        let to_stdout = output.as_os_str() == "-";
        if !to_stdout && output.exists() {
            let place = Place::File(output.display().to_string());
            let hint = "name another file with -o, or remove this one";
            return Err(Diagnostic::error("exists", place, "there is such a file already").hint(hint).into());
        }
        let place = Place::File("command line".to_owned());
        let given = Given {
            format: self.format.as_deref(),
            encoding: self.encoding.as_deref(),
            sheet: self.sheet.as_deref(),
            short_rows: match self.short_rows {
                None => ShortRows::Judged,
                Some(Ending::Error) => ShortRows::Refused,
                Some(Ending::Blank) => ShortRows::Blank,
            },
        };
        let table = Table::open_as(&self.file, &given, &place)?;
        let folder = if to_stdout { Path::new("") } else { output.parent().unwrap_or(Path::new("")) };
        let structure = self.structure.as_deref().map(|path| Structure::open(path, &place)).transpose()?;
        let named = relative(&self.file, folder);
        let draft = screen.with_progress("looking", |progress| {
            draft(&table, structure.as_ref(), &named, &mut |bytes| progress(bytes, table.bytes))
        })?;
        for note in &draft.notes {
            screen.note(note);
        }
        if to_stdout {
            return screen.print(&draft.text);
        }
        write_atomically(&output, |writer| writer.write_all(draft.text.as_bytes()))?;
        screen.note(&format!("wrote {}\nnext: topline check {}", output.display(), output.display()));
        Ok(())
    }
}

/// A data file as seen from the folder of the study file.
fn relative(file: &Path, folder: &Path) -> String {
    if file.parent() == Some(folder) {
        return file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string()
}
