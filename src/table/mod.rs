//! Cross tables: a question by segments.
//!
//! A [`Table`] holds numbers and labels, no layout: [`cross`] makes one out of what may be published, and each
//! format prints it in its own way. Every column shows its base, and there, not at its figures, the mark of a low one;
//! a mark that occurs is explained below the table.

mod comparisons;
mod grid;
mod html;
mod lines;
mod machine;
mod markdown;
mod terminal;
mod weighting;

pub use self::{
    comparisons::{Comparison, Comparisons},
    grid::{Column, Grid, Holds},
    html::to_html,
    lines::{left, number_and_mark, right, wrap},
    machine::{exclusions_to_json, to_csv, to_json},
    markdown::{escape as escape_markdown, to_markdown},
    terminal::to_terminal,
    weighting::{figure_shifts, margin_shares, numbers, weight_steps},
};
use crate::{
    disclosure::{Figure, Release, ReleasedQuestion, Reliability},
    estimate::{Bases, Statistic},
    study::{Kind, Language, Question, Study},
    tally::Plan,
    tidy::{base_of, mean},
    words::{self, Term, Unit},
};

/// A question by some segments.
#[derive(Clone, Debug)]
pub struct Table {
    /// Id of the question.
    pub id: String,
    /// Its wording.
    pub title: String,
    /// Who was asked.
    pub base: String,
    /// Columns in groups: the total, then each segment.
    pub banner: Vec<Group>,
    /// One row for each option, then the mean where there is one.
    pub rows: Vec<Row>,
    /// The bases of the columns; `None` where a base may not be named.
    pub bases: Vec<Option<Bases>>,
    /// How far each column can be relied on.
    pub reliability: Vec<Reliability>,
    /// What a reader must know: symbols that occur, multiple answers, synthetic data.
    pub notes: Vec<String>,
    /// The language of labels and numbers.
    pub language: Language,
    /// Whether the responses are made up.
    pub synthetic: bool,
}

/// Columns that belong together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Id of the segment; `total` for the total.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Code and name of each column.
    pub columns: Vec<(String, String)>,
}

/// A row of figures.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the figures say, as the tidy estimates call it.
    pub statistic: &'static str,
    /// Code of the option, or the name of a net; empty otherwise.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What the figures count in.
    pub unit: Unit,
    /// One figure for each column.
    pub figures: Vec<Figure>,
}

/// The table of a question by segments, all as indices of the study.
#[must_use]
pub fn cross(
    study: &Study,
    plan: &Plan,
    release: &Release,
    question: usize,
    segments: &[usize],
    language: Language,
) -> Table {
    let details = &study.questions[question];
    let released = &release.questions[question];
    let total = words::term(Term::Total, language).to_owned();
    let mut banner =
        vec![Group { id: "total".to_owned(), label: String::new(), columns: vec![("total".to_owned(), total)] }];
    let mut domains = vec![0];
    for index in segments {
        let segment = &study.segments[*index];
        let levels = segment.levels().iter();
        let columns = levels.map(|level| (level.code.clone(), level.label.text(language).to_owned()));
        let label = segment.label.text(language).to_owned();
        banner.push(Group { id: segment.id.clone(), label, columns: columns.collect() });
        domains.extend(plan.levels(*index));
    }
    let mut rows: Vec<Row> = (details.options.iter().enumerate())
        .map(|(option, details)| Row {
            statistic: "share",
            code: details.code.clone(),
            label: details.label.text(language).to_owned(),
            unit: Unit::Share,
            figures: domains.iter().map(|domain| released.domains[*domain].shares[option]).collect(),
        })
        .collect();
    let means: Vec<Figure> = domains.iter().filter_map(|domain| mean(released, *domain)).collect();
    if !means.is_empty() {
        let statistic = if details.kind == Kind::Ratio { Statistic::Ratio } else { Statistic::Mean };
        let (label, unit) = words::statistic(statistic, language);
        rows.push(Row { statistic: statistic.name(), code: String::new(), label, unit, figures: means });
    }
    rows.extend(further(details, released, &domains, language));
    let bases: Vec<Option<Bases>> = domains.iter().map(|domain| released.domains[*domain].bases).collect();
    let reliability = bases.iter().map(|bases| reliability(bases.as_ref(), study)).collect();
    let mut table = Table {
        id: details.id.clone(),
        title: details.text.text(language).to_owned(),
        base: words::base_label(details.base.label.as_ref(), language).to_owned(),
        banner,
        rows,
        bases,
        reliability,
        notes: Vec::new(),
        language,
        synthetic: study.data.synthetic,
    };
    table.notes = notes(&table, study, details.kind);
    table
}

/// The rows of what else a study asks for. Numbers in the population of each option are shares in other words, and left to
/// the tidy estimates.
fn further<'a>(
    question: &'a Question,
    released: &'a ReleasedQuestion,
    domains: &'a [usize],
    language: Language,
) -> impl Iterator<Item = Row> + 'a {
    let statistics = released.domains.first().map_or(&[][..], |total| &total.further).iter().enumerate();
    statistics.filter(|(_, (statistic, _))| !matches!(statistic, Statistic::Count(_))).map(
        move |(index, (statistic, _))| {
            let (name, _) = words::statistic(*statistic, language);
            let unit = words::unit(*statistic, released.domains.iter().map(|all| &all.further[index].1), language);
            let (code, label) = match statistic {
                Statistic::Net(net) => {
                    let net = &question.nets[*net];
                    (net.id.clone(), net.label.text(language).to_owned())
                }
                _ => (String::new(), name),
            };
            let figures = domains.iter().map(|domain| released.domains[*domain].further[index].1).collect();
            Row { statistic: statistic.name(), code, label, unit, figures }
        },
    )
}

/// How far a base can be relied on; one of nobody says so itself, and one that may not be named says nothing.
#[must_use]
pub fn reliability(bases: Option<&Bases>, study: &Study) -> Reliability {
    let named = bases.filter(|bases| bases.unweighted > 0);
    named.map_or(Reliability::Ordinary, |bases| Reliability::of(bases.unweighted, study))
}

impl Table {
    /// Code of the segment, code of the level and name of every column, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.banner.iter().flat_map(|group| {
            group.columns.iter().map(|(code, label)| (group.id.as_str(), code.as_str(), label.as_str()))
        })
    }

    /// The rows of bases, each with its name, as printed: unweighted, weighted and effective, or one where these are
    /// the same.
    #[must_use]
    pub fn base_rows(&self) -> Vec<(&'static str, Vec<String>)> {
        let language = self.language;
        let counts = self.base_row(|bases| words::count(bases.unweighted, language));
        let marked =
            counts.iter().zip(&self.reliability).map(|(count, reliability)| format!("{count}{}", reliability.mark()));
        let marked = marked.collect();
        let is_weighted = self.bases.iter().flatten().any(|bases| {
            let n = bases.unweighted as f64;
            let is_same = |base: f64| (base - n).abs() <= 1e-9 * n;
            !(is_same(bases.weighted) && is_same(bases.effective))
        });
        if !is_weighted {
            return vec![(words::term(Term::Base, language), marked)];
        }
        vec![
            (words::term(Term::Unweighted, language), marked),
            (words::term(Term::Weighted, language), self.base_row(|bases| words::decimal(bases.weighted, 0, language))),
            (
                words::term(Term::Effective, language),
                self.base_row(|bases| words::effective_base(bases.effective, language)),
            ),
        ]
    }

    /// A figure as printed in a cell: shares in percent without the sign.
    #[must_use]
    pub fn cell(&self, figure: &Figure, unit: Unit) -> String {
        match (figure, unit) {
            (Figure::Shown(estimate), Unit::Share) => words::points(estimate.value, 1, self.language),
            _ => words::figure(figure, unit, self.language),
        }
    }

    fn base_row(&self, print: impl Fn(&Bases) -> String) -> Vec<String> {
        self.bases.iter().map(|bases| bases.as_ref().map_or_else(|| words::WITHHELD.to_owned(), &print)).collect()
    }

    /// Whether a mean stands on fewer than its column: some answers of a scale have no value.
    fn has_means_of_fewer(&self) -> bool {
        let means = self.rows.iter().filter(|row| row.statistic == "mean");
        means.flat_map(|row| row.figures.iter().zip(&self.bases)).any(|(figure, bases)| {
            figure.withheld().is_none()
                && base_of(figure, *bases).map(|own| own.unweighted) != bases.map(|bases| bases.unweighted)
        })
    }
}

/// Only symbols that occur are explained.
fn notes(table: &Table, study: &Study, kind: Kind) -> Vec<String> {
    let language = table.language;
    let mut notes = Vec::new();
    let figures = || table.rows.iter().flat_map(|row| &row.figures);
    let are_shares = table.rows.iter().all(|row| row.unit == Unit::Share);
    let (de, en) = match kind {
        Kind::Multiple => (
            "Angaben in Prozent der Basis, Mehrfachnennungen möglich.",
            "Percent of the base; several answers were possible.",
        ),
        Kind::Ratio => ("Verhältnis zweier Summen.", "Ratio of two sums."),
        Kind::Number if table.rows.len() == 1 => ("Mittelwerte.", "Means."),
        Kind::Number => ("Angaben in der Einheit der Frage.", "In the unit of the question."),
        Kind::Single | Kind::Scale if are_shares => ("Angaben in Prozent der Basis.", "Percent of the base."),
        Kind::Single | Kind::Scale => ("Anteile in Prozent der Basis.", "Shares in percent of the base."),
    };
    notes.push(language.choose(de, en).to_owned());
    if table.has_means_of_fewer() {
        notes.push(match language {
            Language::De => "Mittelwert: nur Antworten, die einen Zahlenwert haben.".to_owned(),
            Language::En => "Mean: only of answers that have a value.".to_owned(),
        });
    }
    if table.bases.iter().any(Option::is_none) || figures().any(|figure| figure.withheld().is_some()) {
        notes.push(format!("{} {}", words::WITHHELD, words::term(Term::Withheld, language)));
    }
    if figures().any(|figure| *figure == Figure::Empty) {
        notes.push(format!("{} {}", words::EMPTY, words::term(Term::Nobody, language)));
    }
    notes.extend(words::legend_of_marks(study, language, |reliability| table.reliability.contains(&reliability)));
    if table.synthetic {
        notes.push(words::term(Term::Synthetic, language).to_owned());
    }
    notes
}
