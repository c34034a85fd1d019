//! `topline report`: everything in one document.

use std::{io::Write, path::PathBuf};

use super::{Precision, Screen, StudyFile, published, read_files};
use crate::{
    diagnostic::Diagnostics,
    disclosure::shifts,
    io::{keep_inputs, write_atomically},
    report::{Report as Document, html, markdown},
    study::Language,
    survey::Survey,
};

/// Write the summary report as one self-contained HTML file and as Markdown
///
/// Headline figures in sentences, charts and tables for every question and segment, how the study was done and what it
/// does not disclose, weighting and precision, published against reproduced figures.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline report study.toml                      writes reports/NAME.html and .md
  topline report study.toml -o /tmp/report --lang en
  topline report study.toml --interval nchs")]
pub struct Report {
    #[command(flatten)]
    file: StudyFile,
    /// The folder to write into
    #[arg(short, long, value_name = "DIR", default_value = "reports")]
    output: PathBuf,
    #[command(flatten)]
    precision: Precision,
}

impl Report {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let survey = self.file.open_with(&self.precision, screen)?;
        let release = published(&survey);
        let language = lang.unwrap_or(survey.study.about.language);
        let beside = beside_base(&survey, screen)?;
        let shifts = beside.as_ref().map_or(Vec::new(), |(weighted, base)| shifts(weighted, base));
        let document = Document::new(&survey, &release, &shifts, language);
        for (ending, text) in [("html", html::render(&document)), ("md", markdown::render(&document))] {
            let path = self.output.join(format!("{}.{ending}", self.name()));
            keep_inputs(&path, &read_files(&self.file.study, Some(&survey.table), &survey.study))?;
            write_atomically(&path, |writer| writer.write_all(text.as_bytes()))?;
            screen.note(&format!("wrote {}", path.display()));
        }
        Ok(())
    }

    /// The study file's name, or its folder's where the file is just called study.toml.
    fn name(&self) -> String {
        let path = &self.file.study;
        let name = |path: &std::path::Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let own = name(path).filter(|own| own != "study");
        let folder = || std::path::absolute(path).ok()?.parent()?.file_name().map(|f| f.to_string_lossy().into_owned());
        own.or_else(folder).unwrap_or_else(|| "report".to_owned())
    }
}

/// The responses counted once more, beside base weights alone; none where no weights are fitted.
fn beside_base(survey: &Survey, screen: &Screen) -> Result<Option<(Survey, Survey)>, Diagnostics> {
    let Some(_) = &survey.weights else { return Ok(None) };
    screen.with_progress("weighting", |progress| {
        Survey::count_beside_base(survey.study.clone(), survey.table.clone(), progress).map(Some)
    })
}
