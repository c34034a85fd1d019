//! `topline headline`: the headline percentages.

use std::fmt::Write;

use super::{Screen, StudyFile, chosen_segments, published};
use crate::{
    diagnostic::Diagnostics,
    disclosure::{Figure, Release, Reliability},
    study::{Kind, Language},
    survey::Survey,
    table::{left, right, wrap},
    tally::Domain,
    words::{self, Term, Unit},
};

/// Print the headline percentages: question, base, share, interval, n
///
/// On a terminal with bars; in a pipe one line a figure, separated by tabs: question, option, segment, level, percent,
/// lower and upper limit, n, mark, base, and `synthetic` where the responses are made up. Percent are shares times 100
/// with a point; a withheld figure is `·`. A question without named headline options shows its most frequent answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline headline study.toml
  topline headline study.toml --by age --lang de
  topline headline study.toml | cut -f1,2,5")]
pub struct Headline {
    #[command(flatten)]
    file: StudyFile,
    /// Also by the levels of a segment
    #[arg(long, value_name = "SEGMENT")]
    by: Option<String>,
}

/// A figure with its place.
struct Line<'a> {
    question: usize,
    option: Option<usize>,
    domain: usize,
    figure: &'a Figure,
    unit: Unit,
}

impl Headline {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let survey = self.file.open(screen)?;
        let segments = chosen_segments(&survey.study, self.by.as_slice())?;
        let release = published(&survey);
        let language = lang.unwrap_or(survey.study.about.language);
        let lines = lines(&survey, &release, &segments);
        if screen.is_terminal() {
            screen.print(&for_people(&survey, &release, &lines, screen, language))
        } else {
            screen.print(&for_programs(&survey, &release, &lines, language))
        }
    }
}

fn lines<'a>(survey: &Survey, release: &'a Release, segments: &[usize]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for (index, question) in survey.study.questions.iter().enumerate() {
        let released = &release.questions[index];
        let options: Vec<Option<usize>> = match question.kind {
            Kind::Number => vec![None],
            _ => released.headline(question).into_iter().map(Some).collect(),
        };
        for option in options {
            for (domain, place) in survey.plan.domains.iter().enumerate() {
                let wanted = match place {
                    Domain::Total => true,
                    Domain::Level(segment, _) => segments.contains(segment),
                };
                let figures = &released.domains[domain];
                let (figure, unit) = match option {
                    Some(option) => (Some(&figures.shares[option]), Unit::Share),
                    None => (figures.mean.as_ref(), Unit::Mean),
                };
                if let (true, Some(figure)) = (wanted, figure) {
                    lines.push(Line { question: index, option, domain, figure, unit });
                }
            }
        }
    }
    lines
}

fn for_programs(survey: &Survey, release: &Release, lines: &[Line<'_>], language: Language) -> String {
    let study = &survey.study;
    let mut text = String::new();
    for line in lines {
        let question = &study.questions[line.question];
        let option = line.option.map_or("", |option| question.options[option].code.as_str());
        let (segment, level) = match survey.plan.domains[line.domain] {
            Domain::Total => ("total", "total"),
            Domain::Level(segment, level) => {
                (study.segments[segment].id.as_str(), study.segments[segment].levels()[level].code.as_str())
            }
        };
        let print = |value: f64| match line.unit {
            Unit::Share => words::points(value, 1, Language::En),
            Unit::Mean => words::decimal(value, 2, Language::En).replace(',', ""),
        };
        let value = match line.figure {
            Figure::Shown(estimate) => print(estimate.value),
            _ => words::figure(line.figure, line.unit, Language::En),
        };
        let limits = line.figure.shown().and_then(|estimate| estimate.limits);
        let (low, high) = limits.map(|limits| (print(limits.low), print(limits.high))).unwrap_or_default();
        let bases = release.questions[line.question].domains[line.domain].bases;
        let n = bases.map_or(words::WITHHELD.to_owned(), |bases| bases.unweighted.to_string());
        let mark = bases.map_or("", |bases| Reliability::of(bases.unweighted, study).mark());
        let base = words::base_label(question.base.label.as_ref(), language);
        let synthetic = if study.data.synthetic { "synthetic" } else { "" };
        let cells = [&question.id, option, segment, level, &value, &low, &high, &n, mark, base, synthetic];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
        let _ = writeln!(text, "{}", cells.join("\t"));
    }
    text
}

fn for_people(survey: &Survey, release: &Release, lines: &[Line<'_>], screen: &Screen, language: Language) -> String {
    let study = &survey.study;
    let width = screen.width();
    let mut text = String::new();
    for line in wrap(study.about.title.text(language), width) {
        let _ = writeln!(text, "{}", screen.bold(&line));
    }
    if study.data.synthetic {
        for line in wrap(words::term(Term::Synthetic, language), width) {
            let _ = writeln!(text, "{line}");
        }
    }
    let label_width = (width * 3 / 8).min(34);
    let mut last = None;
    for line in lines {
        if last != Some(line.question) {
            heading(&mut text, survey, release, line.question, screen, language);
            last = Some(line.question);
        }
        figure(&mut text, survey, release, line, (width, label_width), language);
    }
    let withheld = lines.iter().any(|line| line.figure.withheld().is_some());
    let level = words::percent(study.design.confidence, 0, language);
    let _ = writeln!(text);
    let note = match language {
        Language::De => format!("Rechts: {level}-Konfidenzintervall in Prozent."),
        Language::En => format!("On the right: {level} confidence interval in percent."),
    };
    for line in wrap(&note, width) {
        let _ = writeln!(text, "{line}");
    }
    if withheld {
        let _ = writeln!(text, "{} {}", words::WITHHELD, words::term(Term::Withheld, language));
    }
    let bases = || lines.iter().filter_map(|line| release.questions[line.question].domains[line.domain].bases);
    let occurs = |reliability| bases().any(|bases| Reliability::of(bases.unweighted, study) == reliability);
    for mark in words::legend_of_marks(study, language, occurs) {
        let _ = writeln!(text, "{mark}");
    }
    text
}

fn heading(
    text: &mut String,
    survey: &Survey,
    release: &Release,
    question: usize,
    screen: &Screen,
    language: Language,
) {
    let details = &survey.study.questions[question];
    let _ = writeln!(text);
    for line in wrap(details.short.text(language), screen.width()) {
        let _ = writeln!(text, "{}", screen.bold(&line));
    }
    let base = words::term(Term::Base, language);
    let label = words::base_label(details.base.label.as_ref(), language);
    let n = words::base_count(release.questions[question].domains[0].bases.as_ref(), &survey.study, language);
    for line in wrap(&format!("{base}: {label}, n\u{a0}=\u{a0}{n}"), screen.width()) {
        let _ = writeln!(text, "{line}");
    }
}

fn figure(
    text: &mut String,
    survey: &Survey,
    release: &Release,
    line: &Line<'_>,
    (width, label_width): (usize, usize),
    language: Language,
) {
    let study = &survey.study;
    let question = &study.questions[line.question];
    let name =
        line.option.map_or(words::term(Term::Mean, language), |option| question.options[option].label.text(language));
    let label = match survey.plan.domains[line.domain] {
        Domain::Total => name.to_owned(),
        Domain::Level(segment, level) => {
            let level = study.segments[segment].levels()[level].label.text(language);
            let bases = release.questions[line.question].domains[line.domain].bases;
            format!("  {level} (n\u{a0}=\u{a0}{})", words::base_count(bases.as_ref(), study, language))
        }
    };
    let value = words::figure(line.figure, line.unit, language);
    let limits = line.figure.shown().map(|estimate| words::limits(estimate, line.unit, language)).unwrap_or_default();
    let room = width.saturating_sub(label_width + 2 + 8 + 2 + 12);
    let share = line.figure.shown().filter(|_| line.unit == Unit::Share).map_or(0.0, |estimate| estimate.value);
    let bar = bar(share, room);
    let indent = if label.starts_with("  ") { "  " } else { "" };
    let lines = wrap(&label, label_width - indent.len());
    for (index, part) in lines.iter().enumerate() {
        let part = left(&format!("{indent}{part}"), label_width);
        if index + 1 == lines.len() {
            let row = format!("{part}  {}  {}{}", left(&bar, room), right(&value, 8), right(&limits, 12));
            let _ = writeln!(text, "{}", row.trim_end());
        } else {
            let _ = writeln!(text, "{}", part.trim_end());
        }
    }
}

/// A bar in eighths of a column.
fn bar(share: f64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * room as f64 * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}
