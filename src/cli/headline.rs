//! `topline headline`: the headline percentages.

mod comparisons;

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{Precision, Screen, StudyFile, chosen_segments, published};
use crate::{
    diagnostic::Diagnostics,
    disclosure::{Figure, Release},
    estimate::{Bases, Statistic},
    study::{Kind, Language, Study},
    survey::Survey,
    table::{left, reliability, right, wrap},
    tally::Domain,
    words::{self, Term, Unit},
};

/// Print the headline percentages: question, base, share, interval, n
///
/// On a terminal with bars, and the contrasts of the study below; in a pipe one line a figure, separated by tabs: question, option, segment, level, percent,
/// lower and upper limit, n, mark, base, and `synthetic` where the responses are made up. Percent are shares times 100
/// with a point; a withheld figure is `·`. A question without named headline options shows its most frequent answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline headline study.toml
  topline headline study.toml --by age --lang de
  topline headline study.toml --confidence 0.9 --interval wilson
  topline headline study.toml | cut -f1,2,5")]
pub struct Headline {
    #[command(flatten)]
    file: StudyFile,
    /// Also by the levels of a segment
    #[arg(long, value_name = "SEGMENT")]
    by: Option<String>,
    #[command(flatten)]
    precision: Precision,
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
        let survey = self.file.open_with(&self.precision, screen)?;
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
            Kind::Number | Kind::Ratio => vec![None],
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
            unit => words::amount(value, unit, Language::En).replace(',', ""),
        };
        let value = match line.figure {
            Figure::Shown(estimate) => print(estimate.value),
            _ => words::figure(line.figure, line.unit, Language::En),
        };
        let limits = line.figure.shown().and_then(|estimate| estimate.limits);
        let (low, high) = limits.map(|limits| (print(limits.low), print(limits.high))).unwrap_or_default();
        let bases = release.questions[line.question].domains[line.domain].bases;
        let n = bases.map_or(words::WITHHELD.to_owned(), |bases| bases.unweighted.to_string());
        let mark = reliability(bases.as_ref(), study).mark();
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
    let rows: Vec<Row> = lines.iter().map(|line| Row::new(survey, release, line, language)).collect();
    let compared = comparisons::rows(study, release, language);
    let all: Vec<&Row> = rows.iter().chain(compared.iter().map(|compared| &compared.row)).collect();
    let columns = Columns::new(&all, width);
    let mut last = None;
    for (line, row) in lines.iter().zip(&rows) {
        if last != Some(line.question) {
            heading(&mut text, survey, release, line.question, screen, language);
            last = Some(line.question);
        }
        row.print(&columns, &mut text);
    }
    comparisons::print(&compared, &columns, screen, language, &mut text);
    let _ = writeln!(text);
    for note in notes(study, release, lines, language) {
        for line in wrap(&note, width) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// What a reader must know; only symbols that occur are explained.
fn notes(study: &Study, release: &Release, lines: &[Line<'_>], language: Language) -> Vec<String> {
    let level = words::confidence_interval(study.design.confidence, language);
    let has = |unit| lines.iter().any(|line| line.unit == unit);
    let percent = match (has(Unit::Share), language) {
        (true, Language::De) => ", bei Anteilen in Prozent",
        (true, Language::En) => ", of shares in percent",
        (false, _) => "",
    };
    let mut notes = vec![match language {
        Language::De => format!("Rechts: {level}{percent}."),
        Language::En => format!("On the right: {level}{percent}."),
    }];
    let figures = || lines.iter().map(|line| line.figure).chain(&release.contrasts);
    if figures().any(|figure| figure.withheld().is_some()) {
        notes.push(format!("{} {}", words::WITHHELD, words::term(Term::Withheld, language)));
    }
    if figures().any(|figure| *figure == Figure::Empty) {
        notes.push(format!("{} {}", words::EMPTY, words::term(Term::Nobody, language)));
    }
    let of_contrasts = || release.contrasts.iter().filter_map(Figure::shown).map(|estimate| estimate.bases);
    let of_questions = || lines.iter().filter_map(|line| release.questions[line.question].domains[line.domain].bases);
    let bases = || of_questions().chain(of_contrasts());
    notes.extend(words::legend_of_marks(study, language, |mark| {
        bases().any(|bases| reliability(Some(&bases), study) == mark)
    }));
    notes
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
    let n = base_count(release.questions[question].domains[0].bases.as_ref(), &survey.study, language);
    for line in wrap(&format!("{base}: {label}, n\u{a0}=\u{a0}{n}"), screen.width()) {
        let _ = writeln!(text, "{line}");
    }
}

/// The size of a base with its mark; nobody needs none.
fn base_count(bases: Option<&Bases>, study: &Study, language: Language) -> String {
    let count = |bases: &Bases| {
        format!("{}{}", words::count(bases.unweighted, language), reliability(Some(bases), study).mark())
    };
    bases.map_or_else(|| words::WITHHELD.to_owned(), count)
}

/// A figure as printed.
#[derive(Clone)]
struct Row {
    indent: &'static str,
    label: String,
    /// How long its bar is; a mean has none.
    share: f64,
    value: String,
    limits: String,
}

/// Widths of the columns, the same for all questions, so that figures stand below figures.
struct Columns {
    label: usize,
    bar: usize,
    value: usize,
    limits: usize,
}

impl Row {
    fn new(survey: &Survey, release: &Release, line: &Line<'_>, language: Language) -> Self {
        let study = &survey.study;
        let question = &study.questions[line.question];
        let (indent, label) = match (survey.plan.domains[line.domain], line.option) {
            (Domain::Total, None) if question.kind == Kind::Ratio => {
                ("", words::statistic(Statistic::Ratio, language).0)
            }
            (Domain::Total, None) => ("", words::term(Term::Mean, language).to_owned()),
            (Domain::Total, Some(option)) => ("", question.options[option].label.text(language).to_owned()),
            (Domain::Level(segment, level), _) => {
                let level = study.segments[segment].levels()[level].label.text(language);
                let bases = release.questions[line.question].domains[line.domain].bases;
                ("  ", format!("{level} (n\u{a0}=\u{a0}{})", base_count(bases.as_ref(), study, language)))
            }
        };
        let shown = line.figure.shown();
        Self {
            indent,
            label,
            share: shown.filter(|_| line.unit == Unit::Share).map_or(0.0, |estimate| estimate.value),
            value: words::figure(line.figure, line.unit, language),
            limits: shown.map(|estimate| words::limits(estimate, line.unit, language)).unwrap_or_default(),
        }
    }

    fn print(&self, columns: &Columns, text: &mut String) {
        self.print_with(&left(&bar(self.share, columns.bar), columns.bar), columns, text);
    }

    /// The row, with what stands in the place of the bar.
    fn print_with(&self, bar: &str, columns: &Columns, text: &mut String) {
        let lines = wrap(&self.label, columns.label - self.indent.len());
        let Some((last, before)) = lines.split_last() else { return };
        for line in before {
            let _ = writeln!(text, "{}{line}", self.indent);
        }
        let label = left(&format!("{}{last}", self.indent), columns.label);
        let (value, limits) = (right(&self.value, columns.value), right(&self.limits, columns.limits));
        let _ = writeln!(text, "{}", format!("{label}  {bar}  {value}  {limits}").trim_end());
    }
}

impl Columns {
    fn new(rows: &[&Row], width: usize) -> Self {
        const NARROWEST_LABEL: usize = 12;
        const WIDEST_LABEL: usize = 34;
        const GAPS: usize = 6;
        let widest = |of: fn(&Row) -> usize| rows.iter().map(|row| of(row)).max().unwrap_or(0);
        let (value, limits) = (widest(|row| row.value.width()), widest(|row| row.limits.width()));
        let room = width.saturating_sub(value + limits + GAPS);
        let wanted = widest(|row| row.indent.len() + row.label.width()).min(width * 3 / 8);
        let label = wanted.clamp(NARROWEST_LABEL, WIDEST_LABEL).min(room.max(NARROWEST_LABEL));
        Self { label, bar: room.saturating_sub(label), value, limits }
    }
}

/// A bar in eighths of a column.
fn bar(share: f64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * room as f64 * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}
