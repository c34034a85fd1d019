//! `topline test`: whether groups differ more than chance would explain.

mod machine;
mod notes;
mod phrases;
mod text;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Certainty, Screen, StudyFile, chosen_questions, chosen_segments, published};
use crate::{
    comparison::{Method, compare},
    diagnostic::{Diagnostic, Diagnostics, Place, quoted_list},
    significance::Adjustment,
    study::{Language, Question, Study},
    tally::Plan,
};

/// Test whether the groups of a segment differ: in words, with p, for each pair of groups
///
/// All tests allow for weights, strata, units and finite populations, as R survey does. By default answers are tested with
/// Rao and Scott's F, means of numbers with t or Wald's F. Only what may be published is tested.
/// More than chance is a p below 1 minus the level of confidence. With --quantile z tests of means, ranks and pairs are
/// those of the normal distribution, as the intervals are.
///
/// Pairs of groups have t with the degrees of freedom of the design, as differences of R's svyby. Where there are but two
/// groups, a pair of means, ratios or ranks is the test itself, with one degree of freedom fewer, as in R's svyttest and
/// svyranktest. The p of pairs is adjusted for the number of tests, their intervals are not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Methods:
  rao-scott      do answers depend on the groups? Second-order correction, F
  rao-scott-1    first-order correction, chi-squared: X² / mean design effect
  exact          the same statistic with its own distribution, a weighted sum of
                 chi-squared
  wald           answers again, with Wald's F
  adjusted-wald  the same, adjusted for few sampling units
  t              do means or ratios differ? t for two groups, Wald's F for more
                 (scales, numbers, ratios)
  rank           do answers lie higher in some groups? Wilcoxon, Kruskal-Wallis
                 (scales, numbers); pairs compare mean ranks among all groups

Examples:
  topline test study.toml purpose --by age
  topline test study.toml satisfaction --by region --method rank --adjust bh
  topline test study.toml minutes --by sex --confidence 0.99 --format json
  topline test study.toml minutes --by sex --like r")]
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
    /// Which pairs of more than two groups to list as text; JSON and CSV have all
    #[arg(long, value_enum, default_value = "differing")]
    pairs: Pairs,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    certainty: Certainty,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Pairs {
    /// Those that differ more than chance would explain, by their adjusted p
    Differing,
    /// All of them
    All,
}

impl Test {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let (mut question, mut segment, mut method) = (0, 0, Method::Means);
        let plan = |study: &mut Study| {
            question = chosen_questions(study, std::slice::from_ref(&self.question))?[0];
            segment = chosen_segments(study, std::slice::from_ref(&self.by))?[0];
            method = self.method(&study.questions[question])?;
            self.certainty.apply(study);
            let mut plan = Plan::new(study);
            if method == Method::Ranks {
                plan.keep_numbers(question);
            }
            Ok(plan)
        };
        let survey = self.file.open_planned(plan, screen)?;
        let comparison = compare(&survey.estimator(), &published(&survey), (question, segment), method, self.adjust);
        let language = lang.unwrap_or(survey.study.about.language);
        screen.print(&match self.format {
            Format::Text => text::print(&survey.study, &comparison, self.pairs, screen, language),
            Format::Json => machine::to_json(&survey, &comparison, language),
            Format::Csv => machine::to_csv(&survey.study, &comparison),
        })
    }

    fn method(&self, question: &Question) -> Result<Method, Diagnostics> {
        let method = self.method.unwrap_or_else(|| Method::of(question.kind));
        let place = Place::File("command line".to_owned());
        if method.fits(question.kind) {
            return Ok(method);
        }
        let fitting = Method::ALL.into_iter().filter(|(_, method)| method.fits(question.kind)).map(|(name, _)| name);
        let (id, kind, name) = (&question.id, question.kind.name(), method.name());
        let message = format!("method `{name}` does not suit question `{id}`, whose kind is {kind}");
        let hint = format!("for this kind there are {}", quoted_list(fitting));
        Err(Diagnostic::error("unfit-method", place, message).hint(hint).into())
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
