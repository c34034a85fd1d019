//! `topline test`: whether groups differ more than chance would explain.

mod machine;
mod phrases;
mod text;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Screen, StudyFile, chosen_questions, chosen_segments, published};
use crate::{
    comparison::{Method, compare},
    diagnostic::{Diagnostic, Diagnostics, Place, quoted_list},
    significance::Adjustment,
    study::{Language, Question},
};

/// Test whether the groups of a segment differ: in words, with p, for each pair of groups
///
/// All tests allow for weights, strata, units and finite populations, as R survey does. By default answers are tested with
/// Rao and Scott's F, means of numbers with t or Wald's F. Only what may be published is tested.
#[derive(Debug, clap::Args)]
#[command(after_help = "Methods:
  rao-scott      do answers depend on the groups? Second-order correction, F
  rao-scott-1    the same with the first-order correction, chi-squared
  wald           the same with Wald's F
  adjusted-wald  the same, adjusted for few sampling units
  t              do means differ? t for two groups, Wald's F for more (scales, numbers)
  rank           do answers lie higher in some groups? Wilcoxon, Kruskal-Wallis (scales)

Examples:
  topline test study.toml purpose --by age
  topline test study.toml satisfaction --by region --method rank --adjust bh
  topline test study.toml minutes --by sex --format json")]
pub struct Test {
    #[command(flatten)]
    file: StudyFile,
    /// Id of a question
    #[arg(value_name = "QUESTION")]
    question: String,
    /// Id of the segment whose groups are compared
    #[arg(long, value_name = "SEGMENT")]
    by: String,
    /// How to test; what suits the kind of question unless given
    #[arg(long, value_parser = method())]
    method: Option<Method>,
    /// How to allow for many tests: each p as it is, Bonferroni, Holm, or Benjamini and Hochberg
    #[arg(long, value_parser = adjustment(), default_value = Adjustment::default().name())]
    adjust: Adjustment,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// One document with numbers at full precision
    Json,
    /// One line a test
    Csv,
}

impl Test {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let survey = self.file.open(screen)?;
        let question = chosen_questions(&survey.study, std::slice::from_ref(&self.question))?[0];
        let segment = chosen_segments(&survey.study, std::slice::from_ref(&self.by))?[0];
        let method = self.method(&survey.study.questions[question])?;
        let estimator = survey.estimator();
        let comparison = compare(&estimator, &published(&survey), (question, segment), method, self.adjust);
        let language = lang.unwrap_or(survey.study.about.language);
        screen.print(&match self.format {
            Format::Text => text::print(&survey.study, &comparison, screen, language),
            Format::Json => machine::to_json(&survey.study, &comparison, language),
            Format::Csv => machine::to_csv(&survey.study, &comparison),
        })
    }

    fn method(&self, question: &Question) -> Result<Method, Diagnostics> {
        let method = self.method.unwrap_or_else(|| Method::of(question.kind));
        if method.fits(question.kind) {
            return Ok(method);
        }
        let fitting = Method::ALL.into_iter().filter(|(_, method)| method.fits(question.kind)).map(|(name, _)| name);
        let (id, kind, name) = (&question.id, question.kind.name(), method.name());
        let message = format!("method `{name}` does not suit question `{id}`, whose kind is {kind}");
        let hint = format!("for this kind there are {}", quoted_list(fitting));
        Err(Diagnostic::error("unfit-method", Place::File("command line".to_owned()), message).hint(hint).into())
    }
}

fn method() -> impl TypedValueParser<Value = Method> {
    PossibleValuesParser::new(Method::ALL.map(|(name, _)| name)).map(|typed| {
        let mut methods = Method::ALL.into_iter();
        methods.find(|(name, _)| *name == typed).map_or(Method::Means, |(_, method)| method)
    })
}

fn adjustment() -> impl TypedValueParser<Value = Adjustment> {
    PossibleValuesParser::new(Adjustment::ALL.map(Adjustment::name))
        .map(|typed| Adjustment::ALL.into_iter().find(|known| known.name() == typed).unwrap_or_default())
}
