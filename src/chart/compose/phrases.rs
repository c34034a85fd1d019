//! What charts say, in German and English.

use crate::{
    estimate::Bases,
    study::{Kind, Language, Question, Sample, Study},
    words::{self, Term},
};

/// A row of a chart in words.
pub(super) struct Shown<'a> {
    pub label: &'a str,
    pub value: &'a str,
    pub limits: Option<String>,
}

impl Shown<'_> {
    pub(super) fn text(&self) -> String {
        let limits = self.limits.as_ref().map(|limits| format!(" ({limits})")).unwrap_or_default();
        format!("{}: {}{limits}", self.label, self.value)
    }
}

/// A share as a headline.
pub(super) fn share(question: &Question, short: &str, option: &str, share: &str, language: Language) -> String {
    match (question.kind, language) {
        (_, Language::De) if question.measured => format!("{}„{option}“ bei {share}", lead(short)),
        (_, Language::En) if question.measured => format!("{}“{option}” in {share}", lead(short)),
        (Kind::Multiple, Language::De) => format!("{}{share} nennen „{option}“", lead(short)),
        (Kind::Multiple, Language::En) => format!("{}{share} name “{option}”", lead(short)),
        (_, Language::De) => format!("{}{share} antworten „{option}“", lead(short)),
        (_, Language::En) => format!("{}{share} answer “{option}”", lead(short)),
    }
}

/// A mean as a headline.
pub(super) fn mean(short: &str, mean: &str, language: Language) -> String {
    match language {
        Language::De => format!("{}im Mittel {mean}", lead(short)),
        Language::En => format!("{}{mean} on average", lead(short)),
    }
}

/// The smallest and the largest figure as a headline. It says nothing about whether they differ by more than chance.
pub(super) fn range(question: &Question, name: &str, low: &str, high: &str, language: Language) -> String {
    let short = question.short.text(language);
    let start = match question.kind {
        Kind::Number | Kind::Ratio => lead(short),
        Kind::Multiple => lead(&quoted(name, language)),
        Kind::Single | Kind::Scale => format!("{}{} ", lead(short), quoted(name, language)),
    };
    match language {
        Language::De => format!("{start}von {low} bis {high}"),
        Language::En => format!("{start}from {low} to {high}"),
    }
}

/// Says that a headline leaves out groups that the chart shows further off.
pub(super) fn without_low_bases(limit: u64, language: Language) -> String {
    let limit = words::count(limit, language);
    match language {
        Language::De => format!("unter Gruppen mit mindestens {limit}\u{a0}Befragten"),
        Language::En => format!("among groups of {limit}\u{a0}or more respondents"),
    }
}

/// What was asked, of whom, and what is shown.
pub(super) fn subtitle(question: &Question, language: Language) -> String {
    let wording = match question.text.text(language) {
        measured if question.measured => format!("{}.", measured.trim_end_matches('.')),
        asked => quoted(asked, language),
    };
    let base = words::base_label(question.base.label.as_ref(), language);
    let measure = match (question.kind, language) {
        (Kind::Ratio, Language::De) => "Verhältnis der Summen",
        (Kind::Ratio, Language::En) => "Ratio of the sums",
        (Kind::Number, Language::De) => "Mittelwert",
        (Kind::Number, Language::En) => "Mean",
        (Kind::Multiple, Language::De) => "Anteile in Prozent, Mehrfachnennungen möglich",
        (Kind::Multiple, Language::En) => "Shares in percent, several answers were possible",
        (_, Language::De) => "Anteile in Prozent",
        (_, Language::En) => "Shares in percent",
    };
    format!("{wording} {}: {base}. {measure}.", words::term(Term::Base, language))
}

/// The base with its size.
pub(super) fn base(question: &Question, bases: Option<&Bases>, study: &Study, language: Language) -> String {
    let base = words::base_label(question.base.label.as_ref(), language);
    let n = words::base_count(bases, study, language);
    format!("{}: {base}, n\u{a0}=\u{a0}{n}", words::term(Term::Base, language))
}

/// Where the figures come from, then the notes on what is drawn.
pub(super) fn source(study: &Study, bases: Option<&Bases>, notes: Vec<String>, language: Language) -> String {
    let about = &study.about;
    let de = language == Language::De;
    let mut parts = Vec::new();
    if let Some(population) = &about.population {
        let name = match (study.data.synthetic, de) {
            (true, true) => "Nachgestellte Grundgesamtheit",
            (true, false) => "Population imitated",
            (false, true) => "Grundgesamtheit",
            (false, false) => "Population",
        };
        parts.push(format!("{name}: {}", population.text(language)));
    }
    parts.push(match (study.data.synthetic, de) {
        (true, true) => "Simulierte Antworten".to_owned(),
        (true, false) => "Simulated responses".to_owned(),
        _ => sample(about.sample, language).to_owned(),
    });
    parts.push(format!("n\u{a0}=\u{a0}{}", words::base_count(bases, study, language)));
    if let Some(fieldwork) = words::fieldwork(study, language) {
        parts.push(format!("{}: {fieldwork}", if de { "Feldzeit" } else { "Fieldwork" }));
    }
    let weighted = match (study.design.weight.is_some() || study.weighting.is_some(), de) {
        (true, true) => "Gewichtet",
        (true, false) => "Weighted",
        (false, true) => "Nicht gewichtet",
        (false, false) => "Not weighted",
    };
    parts.push(weighted.to_owned());
    parts.extend(notes);
    parts.iter().map(|part| format!("{}.", part.trim_end_matches('.'))).collect::<Vec<_>>().join(" ")
}

/// Printed in place of a mark.
pub(super) fn withheld(language: Language) -> &'static str {
    match language {
        Language::De => "nicht ausgewiesen",
        Language::En => "withheld",
    }
}

/// A text in front of what is said about it.
pub(super) fn lead(text: &str) -> String {
    let ends_itself = text.ends_with(['?', '!', '.', ':', '…']);
    if ends_itself { format!("{text} ") } else { format!("{text}: ") }
}

fn sample(sample: Option<Sample>, language: Language) -> &'static str {
    match (sample, language) {
        (Some(Sample::Probability), Language::De) => "Zufallsstichprobe",
        (Some(Sample::Probability), Language::En) => "Probability sample",
        (Some(Sample::OptIn), Language::De) => "Stichprobe mit Selbstauswahl",
        (Some(Sample::OptIn), Language::En) => "Opt-in sample",
        (None, Language::De) => "Art der Stichprobe nicht angegeben",
        (None, Language::En) => "Kind of sample not stated",
    }
}

fn quoted(text: &str, language: Language) -> String {
    match language {
        Language::De => format!("„{text}“"),
        Language::En => format!("“{text}”"),
    }
}
