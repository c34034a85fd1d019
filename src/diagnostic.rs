//! The one way to complain.
//!
//! Reading a study never stops at the first mistake: every room adds what it finds to one [`Diagnostics`],
//! and whoever holds it decides at the end. A [`Diagnostic`] says what is wrong, where (with a caret when the
//! place is in the study file), and what to do about it. Errors stop a command with exit code 2 before anything
//! is written; warnings do not.

use std::{fmt, ops::Range, sync::Arc};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The figures stand, but somebody should know.
    Warning,
    /// Nothing may be computed or written.
    Error,
}

/// A text that a person typed, kept so that a diagnostic can quote it.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The file name as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A range of bytes in a text: shown as file, line, column and a caret.
    Text(Arc<Source>, Range<usize>),
    /// A file as a whole, or a line or row of it, in words.
    File(String),
}

/// One complaint.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name for the kind of complaint, such as `unknown-column`.
    pub code: &'static str,
    /// Where.
    pub place: Place,
    /// What is wrong, in a sentence with the value found.
    pub message: String,
    /// What was expected or what to do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, place, message: message.into(), hint: None }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// The same complaint with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same complaint with advice where there is some.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }
}

/// All complaints of one run, in the order they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a complaint.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all complaints of another list.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Whether any complaint is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// `value` when nothing is an error, otherwise all complaints.
    pub fn unless_errors<T>(self, value: T) -> Result<(T, Self), Self> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }

    /// The complaints, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Whether there is nothing to complain about.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The complaints as text for a screen of `width` columns, in the order of the places they are about.
    #[must_use]
    pub fn render(&self, width: usize, style: Style) -> String {
        let theme = match style {
            Style::Plain => GraphicalTheme::unicode_nocolor(),
            Style::Color => GraphicalTheme::unicode(),
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
        let mut text = String::new();
        let mut in_order: Vec<&Diagnostic> = self.0.iter().collect();
        in_order.sort_by_key(|diagnostic| match &diagnostic.place {
            Place::Text(_, span) => (span.start, span.end),
            Place::File(_) => (usize::MAX, 0),
        });
        for diagnostic in in_order {
            // Formatting into a String cannot fail.
            let _ = handler.render_report(&mut text, to_report(diagnostic, width).as_ref());
            text.push('\n');
        }
        text
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(100, Style::Plain))
    }
}

impl std::error::Error for Diagnostics {}

/// With or without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape codes.
    Plain,
    /// ANSI colours.
    Color,
}

/// "did you mean `x`?" for a name that was typed: one that a [`slip`] would explain, or those that begin with it, have it as
/// one of their words, or are the beginning of it. More than three say nothing.
#[must_use]
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    const MOST: usize = 3;
    const SHORTEST: usize = 3;
    slip(typed, candidates.clone()).or_else(|| {
        let typed = typed.to_lowercase();
        let is_longer = |name: &str| name.chars().count() >= SHORTEST;
        let shares_words = |name: &str| {
            let begins = |word: &str, part: &str| is_longer(part) && word.starts_with(part);
            begins(&typed, name) || begins(name, &typed) || name.split(is_separator).any(|word| begins(word, &typed))
        };
        let mut near: Vec<String> = Vec::new();
        for name in candidates.into_iter().filter(|name| shares_words(&name.to_lowercase())) {
            let name = format!("`{name}`");
            if !near.contains(&name) {
                near.push(name);
            }
        }
        let (last, others) = near.split_last()?;
        match others {
            [] => Some(format!("did you mean {last}?")),
            others if others.len() < MOST => Some(format!("did you mean {} or {last}?", others.join(", "))),
            _ => None,
        }
    })
}

/// "did you mean `x`?" when one of `candidates` is close to what was typed: one slip in a short name, two from eight
/// letters on, three from twelve. Names of one or two letters are never close but for their case.
#[must_use]
pub fn slip<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&typed, &candidate.to_lowercase()), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| {
            let most = match typed.chars().count().min(candidate.chars().count()) {
                0..3 => 0,
                3..8 => 1,
                8..12 => 2,
                _ => 3,
            };
            *distance <= most
        })
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

fn is_separator(letter: char) -> bool {
    matches!(letter, '_' | '.' | '-' | ' ' | ':')
}

/// `1 option`, `2 options`.
#[must_use]
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// `a`, `b` and `c`, for messages; long lists are cut.
#[must_use]
pub fn quoted_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let items: Vec<String> = items.into_iter().map(|item| format!("`{item}`")).collect();
    match items.len() {
        0 => "nothing".to_owned(),
        n if n > SHOWN => format!("{} and {} more", items[..SHOWN].join(", "), n - SHOWN),
        _ => items.join(", "),
    }
}

/// `a`, `b`, `c` and how many more.
#[must_use]
pub fn first_few<'a>(items: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 3;
    let more = items.len().saturating_sub(SHOWN);
    let shown = quoted_list(items.take(SHOWN));
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

fn to_report(diagnostic: &Diagnostic, width: usize) -> Report {
    let severity = match diagnostic.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
    };
    let mut report = MietteDiagnostic::new(diagnostic.message.clone()).with_severity(severity);
    if let Some(hint) = &diagnostic.hint {
        report = report.with_help(hint.clone());
    }
    match &diagnostic.place {
        Place::Text(source, span) => {
            let (text, span) = with_short_lines(&source.text, span, width);
            let label = LabeledSpan::new_with_span(None, span);
            Report::new(report.with_label(label).with_code(diagnostic.code))
                .with_source_code(NamedSource::new(&source.name, text))
        }
        Place::File(name) => {
            report.message = format!("{name}: {}", report.message);
            Report::new(report.with_code(diagnostic.code))
        }
    }
}

/// The text with the line of a place and those beside it cut to the width, though not before its end, and where the place is
/// then: a long list of columns hides what is wrong.
fn with_short_lines(text: &str, span: &Range<usize>, width: usize) -> (String, Range<usize>) {
    let (Some(head), Some(tail)) = (text.get(..span.start), text.get(span.end..)) else {
        return (text.to_owned(), span.clone());
    };
    let cut = |line: &str, width: usize| match line.char_indices().nth(width) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    };
    let own = head.rfind('\n').map_or(0, |end| end + 1);
    let before = head[..own.saturating_sub(1)].rfind('\n').map_or(0, |end| end + 1);
    let after = tail.find('\n').map_or(text.len(), |end| span.end + end + 1);
    let rest = text[after..].find('\n').map_or(text.len(), |end| after + end);
    let short = text[..before].to_owned() + &cut(text[before..own].trim_end_matches('\n'), width);
    let short = if own > before { short + "\n" } else { short };
    let place = span.start - own + short.len()..span.end - own + short.len();
    let line = &text[span.end..after];
    let room = width.saturating_sub(text[own..span.end].chars().count()).max(1);
    let line = if line.contains('\n') { cut(line.trim_end_matches('\n'), room) + "\n" } else { cut(line, room) };
    (short + &text[own..span.end] + &line + &cut(&text[after..rest], width) + &text[rest..], place)
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, slip, with_short_lines};

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        let columns = ["age_group", "sex", "weight"];
        assert_eq!(did_you_mean("age_gruop", columns), Some("did you mean `age_group`?".to_owned()));
        assert_eq!(did_you_mean("Weight", columns), Some("did you mean `weight`?".to_owned()));
        assert_eq!(did_you_mean("income", columns), None);
        assert_eq!(did_you_mean("a", ["b", "ab"]), None);
        assert_eq!(did_you_mean("survey.csv", ["study.toml", "sales.csv"]), None);
    }

    #[test]
    fn long_lines_beside_a_place_are_cut_and_the_place_moves_with_them() {
        let text = "a = 1\nbefore = äöü\nhere = 2\nafter = 12345\nz";
        let at = text.find("here").expect("it is there");
        let (short, span) = with_short_lines(text, &(at..at + 4), 10);
        assert_eq!(short, "a = 1\nbefore = ä…\nhere = 2\nafter = 12…\nz");
        assert_eq!(&short[span], "here");
        let (short, span) = with_short_lines("ab = cdefgh\nz", &(0..2), 4);
        assert_eq!((short.as_str(), span), ("ab =…\nz", 0..2));
        assert_eq!(with_short_lines("x = 1", &(4..5), 0), ("x = 1".to_owned(), 4..5));
    }

    #[test]
    fn a_part_of_a_name_is_suggested_unless_it_is_one_of_many() {
        let intervals = ["wald", "clopper_pearson", "agresti_coull"];
        for typed in ["clopper", "Pearson", "clopper_pearson_exact"] {
            assert_eq!(did_you_mean(typed, intervals), Some("did you mean `clopper_pearson`?".to_owned()), "{typed}");
        }
        assert_eq!(did_you_mean("son", intervals), None);
        assert_eq!(did_you_mean("age", ["age_a", "age_b"]), Some("did you mean `age_a` or `age_b`?".to_owned()));
        assert_eq!(did_you_mean("age", ["age_a", "age_b", "age_c", "age_d"]), None);
        assert_eq!(slip("agree", ["agree_fully", "no"]), None);
    }
}
