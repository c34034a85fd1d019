//! `topline table`: cross tables.

use clap::ValueEnum;

use super::{Precision, Screen, StudyFile, chosen_questions, chosen_segments, published};
use crate::{
    diagnostic::Diagnostics,
    study::Language,
    table::{Comparisons, cross, exclusions_to_json, to_csv, to_html, to_json, to_markdown, to_terminal},
};

/// Print cross tables: questions by segments
///
/// Column percent with unweighted, weighted and effective bases, in one line where these are the same. Without --by only the
/// total. Then the contrasts of these questions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline table study.toml                      all questions, total
  topline table study.toml purpose --by age --by sex
  topline table study.toml purpose --by region --format md > purpose.md
  topline table study.toml --by age --format csv > tables.csv
  topline table study.toml --format json --interval korn_graubard")]
pub struct Table {
    #[command(flatten)]
    file: StudyFile,
    /// Ids of questions; all unless given
    #[arg(value_name = "QUESTION")]
    questions: Vec<String>,
    /// Ids of segments, side by side
    #[arg(long, value_name = "SEGMENT", value_delimiter = ',')]
    by: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    precision: Precision,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// Markdown
    Md,
    /// One line a cell
    Csv,
    /// One document with numbers at full precision
    Json,
    /// HTML fragments
    Html,
}

impl Table {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let survey = self.file.open_with(&self.precision, screen)?;
        let questions = chosen_questions(&survey.study, &self.questions)?;
        let segments = chosen_segments(&survey.study, &self.by)?;
        let release = published(&survey);
        let language = lang.unwrap_or(survey.study.about.language);
        let tables: Vec<_> = questions
            .iter()
            .map(|question| cross(&survey.study, &survey.plan, &release, *question, &segments, language))
            .collect();
        let comparisons = Comparisons::of(&survey.study, &release, &questions, language);
        let texts = |table: &dyn Fn(&crate::table::Table) -> String, compared: &dyn Fn(&Comparisons) -> String| {
            tables.iter().map(table).chain(comparisons.iter().map(compared)).collect::<Vec<_>>().join("\n")
        };
        screen.print(&match self.format {
            Format::Text => {
                let width = screen.width();
                texts(&|table| to_terminal(table, width), &|compared| compared.to_terminal(width))
            }
            Format::Md => texts(&to_markdown, &Comparisons::to_markdown),
            Format::Html => texts(&to_html, &Comparisons::to_html),
            Format::Csv => to_csv(&tables, comparisons.as_ref()),
            Format::Json => to_json(&tables, comparisons.as_ref(), &exclusions_to_json(&survey, language)),
        })
    }
}
