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
            let _ = handler.render_report(&mut text, to_report(diagnostic).as_ref());
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

/// "did you mean `x`?" when one of `candidates` is close to what was typed: one slip in a short name, two from eight
/// letters on, three from twelve. Names of one or two letters are never close but for their case.
#[must_use]
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
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

fn to_report(diagnostic: &Diagnostic) -> Report {
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
            let label = LabeledSpan::new_with_span(None, span.clone());
            Report::new(report.with_label(label).with_code(diagnostic.code))
                .with_source_code(NamedSource::new(&source.name, source.text.clone()))
        }
        Place::File(name) => {
            report.message = format!("{name}: {}", report.message);
            Report::new(report.with_code(diagnostic.code))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        let columns = ["age_group", "sex", "weight"];
        assert_eq!(did_you_mean("age_gruop", columns), Some("did you mean `age_group`?".to_owned()));
        assert_eq!(did_you_mean("Weight", columns), Some("did you mean `weight`?".to_owned()));
        assert_eq!(did_you_mean("income", columns), None);
        assert_eq!(did_you_mean("a", ["b", "ab"]), None);
        assert_eq!(did_you_mean("survey.csv", ["study.toml", "sales.csv"]), None);
    }
}
