//! The command line, one file a command.
//!
//! Exit codes: 0 done, 1 an output could not be written, 2 the command line, the study file or the data are wrong
//! (then nothing is written). Results go to stdout, everything else to stderr.

mod chart;
mod check;
mod codebook;
mod convert;
mod counts;
mod estimates;
mod example;
mod explain;
mod headline;
mod init;
mod keys;
mod paper;
mod precision;
mod report;
mod screen;
mod simulate;
mod table;
mod test;
mod weight;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{
    Parser, Subcommand, ValueEnum,
    error::{ContextKind, ContextValue, ErrorKind},
};

use self::{
    precision::{Certainty, Precision},
    screen::Screen,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    disclosure::{Release, release},
    io::Table,
    study::{Language, Study},
    survey::{Progress, Survey, read_study, read_study_to_look_at},
    tally::Plan,
};

/// Turns a survey file into shares one may publish: weighted, with their error and their base, and with the
/// data protection of those who answered.
#[derive(Debug, Parser)]
#[command(name = "topline", version, after_help = STORY, max_term_width = 100, disable_help_subcommand = false)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Language of what is printed; the study's own unless given
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    /// No progress and no warnings on stderr
    #[arg(long, short, global = true)]
    quiet: bool,
    /// How many processor cores may work; all unless given. No figure depends on it
    #[arg(long, global = true, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

const STORY: &str = "\
How a study is done:
  topline example                    a complete study to look at, in messenger-2017/
  topline init customers.csv         a first study file for your own data
  topline convert export.sss customers.sav   responses in another format
  topline keys question              what can be written into a study file
  topline check study.toml           what was understood, and every mistake
  topline weight study.toml          what weighting to the population did
  topline headline study.toml        the headline percentages
  topline table study.toml q1 --by age     one question by a segment
  topline test study.toml q1 --by age      do the groups differ more than by chance?
  topline report study.toml          the whole report, into reports/
  topline codebook study.toml        what was asked, with codes and counts
  topline estimates study.toml       every figure, for other programs
  topline explain study.toml q1      one figure step by step, and the same in R
  topline simulate study.toml -n 1000 -o dummy.csv     responses before fieldwork closes

Small cells and bases are withheld in every output. `topline COMMAND --help` has examples.";

#[derive(Debug, Subcommand)]
enum Command {
    Example(example::Example),
    Init(init::Init),
    Convert(convert::Convert),
    Keys(keys::Keys),
    Check(check::Check),
    Headline(headline::Headline),
    Table(table::Table),
    Test(test::Test),
    Estimates(estimates::Estimates),
    Explain(explain::Explain),
    Chart(chart::Chart),
    Report(report::Report),
    Codebook(codebook::Codebook),
    Simulate(simulate::Simulate),
    Weight(weight::Weight),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    /// German
    De,
    /// English
    En,
}

/// Reads the command line, does what it says, complains on stderr.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| with_advice(error).exit());
    let screen = Screen::new(arguments.quiet);
    if let Some(threads) = arguments.threads {
        // Only fails where a pool is there already, and nothing has run yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let lang = arguments.lang.map(|lang| match lang {
        Lang::De => Language::De,
        Lang::En => Language::En,
    });
    let done = match &arguments.command {
        Command::Example(command) => command.run(&screen, lang),
        Command::Init(command) => command.run(&screen),
        Command::Convert(command) => command.run(&screen),
        Command::Keys(command) => command.run(&screen),
        Command::Check(command) => command.run(&screen, lang),
        Command::Headline(command) => command.run(&screen, lang),
        Command::Table(command) => command.run(&screen, lang),
        Command::Test(command) => command.run(&screen, lang),
        Command::Estimates(command) => command.run(&screen),
        Command::Explain(command) => command.run(&screen, lang),
        Command::Chart(command) => command.run(&screen, lang),
        Command::Report(command) => command.run(&screen, lang),
        Command::Codebook(command) => command.run(&screen, lang),
        Command::Simulate(command) => command.run(&screen),
        Command::Weight(command) => command.run(&screen, lang),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            screen.complain(&problems);
            let only_writing = problems.iter().all(|problem| problem.code == "cannot-write");
            ExitCode::from(if only_writing { 1 } else { 2 })
        }
    }
}

/// Most commands print all statistics that the study file asks for; clap would advise to pass the option as a value.
fn with_advice(mut error: clap::Error) -> clap::Error {
    let is_statistic = matches!(
        error.get(ContextKind::InvalidArg),
        Some(ContextValue::String(name)) if ["--statistic", "--statistics", "--quantiles"].contains(&name.as_str())
    );
    if is_statistic && error.kind() == ErrorKind::UnknownArgument {
        const ADVICE: &str = "the study file says what is computed: statistics = [\"median\", \"sd\"] or quantiles = [0.9] in a \
            [[question]] (`topline keys question`); `topline explain` takes one of them with --statistic";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![ADVICE.into()]));
    }
    error
}

/// The study file that most commands take.
#[derive(Debug, clap::Args)]
struct StudyFile {
    /// The study file
    #[arg(value_name = "STUDY")]
    study: PathBuf,
}

/// How a study file is read, and asked for what the command needs.
type Reading = fn(&Path, &mut Progress<'_>) -> Result<(Study, Table), Diagnostics>;

impl StudyFile {
    /// Reads the study and counts its responses, with another precision than the study's; warnings are shown.
    fn open_with(&self, precision: &Precision, screen: &Screen) -> Result<Survey, Diagnostics> {
        self.open_planned(|study| Ok(precision.plan(study)), screen)
    }

    /// The same of a study that need not ask anything if it is weighted.
    fn open_to_look_at(&self, precision: &Precision, screen: &Screen) -> Result<Survey, Diagnostics> {
        self.read(read_study_to_look_at, |study| Ok(precision.plan(study)), screen)
    }

    /// The same, counting by a plan that is made of the study when it has been read.
    fn open_planned(
        &self,
        plan: impl FnOnce(&mut Study) -> Result<Plan, Diagnostics>,
        screen: &Screen,
    ) -> Result<Survey, Diagnostics> {
        self.read(read_study, plan, screen)
    }

    fn read(
        &self,
        read: Reading,
        plan: impl FnOnce(&mut Study) -> Result<Plan, Diagnostics>,
        screen: &Screen,
    ) -> Result<Survey, Diagnostics> {
        let survey = screen.with_progress("reading", |progress| {
            let (mut study, table) = read(&self.study, progress)?;
            let plan = plan(&mut study)?;
            Survey::count_planned(study, plan, table, progress)
        })?;
        screen.warn(&survey.warnings);
        Ok(survey)
    }
}

/// The files that are read for a study, which no output may replace.
fn read_files<'a>(study_file: &'a Path, table: Option<&'a Table>, study: &'a Study) -> Vec<&'a Path> {
    let margins = study.weighting.iter().flat_map(|weighting| &weighting.margins);
    let targets = margins.filter_map(|margin| margin.file.as_deref());
    let beside = table.and_then(|table| table.beside.as_deref());
    [study_file].into_iter().chain(table.map(|table| table.path.as_path())).chain(beside).chain(targets).collect()
}

/// What of a survey may be published.
fn published(survey: &Survey) -> Release {
    release(&survey.study, &survey.plan, &survey.estimates())
}

/// The questions of these ids, or all.
fn chosen_questions(study: &Study, ids: &[String]) -> Result<Vec<usize>, Diagnostics> {
    if ids.is_empty() {
        return Ok((0..study.questions.len()).collect());
    }
    let known: Vec<&str> = study.questions.iter().map(|question| question.id.as_str()).collect();
    chosen(ids, &known, "question")
}

/// The segments of these ids.
fn chosen_segments(study: &Study, ids: &[String]) -> Result<Vec<usize>, Diagnostics> {
    let known: Vec<&str> = study.segments.iter().map(|segment| segment.id.as_str()).collect();
    chosen(ids, &known, "segment")
}

fn chosen(ids: &[String], known: &[&str], kind: &'static str) -> Result<Vec<usize>, Diagnostics> {
    let mut problems = Diagnostics::default();
    let mut found = Vec::new();
    for id in ids {
        if let Some(index) = known.iter().position(|known| known == id) {
            found.push(index);
        } else {
            let hint = did_you_mean(id, known.iter().copied())
                .unwrap_or_else(|| format!("the study has {}", quoted_list(known.iter().copied())));
            let place = Place::File("command line".to_owned());
            problems.push(Diagnostic::error("unknown-id", place, format!("there is no {kind} `{id}`")).hint(hint));
        }
    }
    problems.unless_errors(found).map(|(found, _)| found)
}
