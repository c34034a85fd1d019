//! `topline chart`: SVG and PNG.

use std::{io::Write, path::PathBuf};

use super::{Precision, Screen, StudyFile, chosen_questions, chosen_segments, published, weight::weighting_of};
use crate::{
    chart::{
        Chart as Drawing,
        compose::{Unsaid, by_segment, ranked, weighting},
        png,
        svg::{self, Width},
    },
    diagnostic::{Diagnostic, Diagnostics, Place},
    disclosure::ReleasedWeighting,
    io::write_atomically,
    study::{Language, Study},
};

/// Draw charts as SVG and PNG: ranked bars, or with --by a dot plot by segment
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline chart study.toml -o charts
  topline chart study.toml purpose --by age -o charts
  topline chart study.toml purpose --lang de
  topline chart study.toml weighting
  topline chart study.toml --confidence 0.9 -o charts")]
pub struct Chart {
    #[command(flatten)]
    file: StudyFile,
    /// Ids of questions; all unless given. `weighting` is sample and population before and after it
    #[arg(value_name = "QUESTION")]
    questions: Vec<String>,
    /// Dots for the levels of a segment
    #[arg(long, value_name = "SEGMENT")]
    by: Option<String>,
    /// The folder to write into
    #[arg(short, long, value_name = "DIR", default_value = "charts")]
    output: PathBuf,
    #[command(flatten)]
    precision: Precision,
}

/// Asks for the chart of the weighting.
const WEIGHTING: &str = "weighting";

/// Pixels of a PNG for each point of the drawing: sharp on dense screens and in print.
const PNG_SCALE: f32 = 2.0;

impl Chart {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        // A study that only weights has no other chart.
        let is_of_weighting = !self.questions.is_empty() && self.questions.iter().all(|id| id == WEIGHTING);
        let survey = if is_of_weighting {
            self.file.open_to_look_at(&self.precision, screen)?
        } else {
            self.file.open_with(&self.precision, screen)?
        };
        let (questions, draws_weighting) = self.chosen(&survey.study)?;
        let segment = chosen_segments(&survey.study, self.by.as_slice())?.first().copied();
        let release = published(&survey);
        let language = lang.unwrap_or(survey.study.about.language);
        for question in questions {
            let id = &survey.study.questions[question].id;
            let (drawing, name): (Result<Drawing, Unsaid>, String) = match (segment, &self.by) {
                (Some(segment), Some(by)) => (
                    by_segment(&survey.study, &survey.plan, &release, question, segment, language),
                    format!("{id}-by-{by}"),
                ),
                _ => (ranked(&survey.study, &survey.plan, &release, question, language), id.clone()),
            };
            let name = safe(&name);
            let drawing = match drawing {
                Ok(drawing) => drawing,
                Err(unsaid) => {
                    screen.note(&format!("{name}: {}", unsaid.text(Language::En)));
                    continue;
                }
            };
            self.write(&drawing, &name, screen)?;
        }
        if let Some(released) = ReleasedWeighting::of(&survey).filter(|_| draws_weighting)
            && let Ok(drawing) = weighting(&survey, &released, language)
        {
            self.write(&drawing, WEIGHTING, screen)?;
        }
        Ok(())
    }

    /// The questions to be drawn, and whether the weighting is. A question may be called like it.
    fn chosen(&self, study: &Study) -> Result<(Vec<usize>, bool), Diagnostics> {
        let is_question = study.questions.iter().any(|question| question.id == WEIGHTING);
        let (weighting, questions): (Vec<String>, Vec<String>) =
            self.questions.iter().cloned().partition(|id| id == WEIGHTING && !is_question);
        if !weighting.is_empty() {
            weighting_of(study)?;
        }
        let none = questions.is_empty() && !weighting.is_empty();
        let questions = if none { Vec::new() } else { chosen_questions(study, &questions)? };
        Ok((questions, !weighting.is_empty()))
    }

    fn write(&self, drawing: &Drawing, name: &str, screen: &Screen) -> Result<(), Diagnostics> {
        let drawn = svg::standalone(drawing, Width::PAGE);
        let path = self.output.join(format!("{name}.svg"));
        write_atomically(&path, |writer| writer.write_all(drawn.as_bytes()))?;
        let path = self.output.join(format!("{name}.png"));
        let pixels = png::render(&drawn, PNG_SCALE).map_err(|error| {
            let place = Place::File(path.display().to_string());
            Diagnostics::from(Diagnostic::error("cannot-write", place, format!("cannot draw: {error}")))
        })?;
        write_atomically(&path, |writer| writer.write_all(&pixels))?;
        screen.note(&format!("wrote {} and .svg", path.display()));
        Ok(())
    }
}

/// An id as a file name.
fn safe(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect()
}
