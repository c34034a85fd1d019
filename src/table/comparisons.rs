//! The contrasts of a study: what is compared, the difference or ratio, its interval and base.

use super::{
    grid::{Column, Grid},
    html::escape as escape_html,
    lines::wrap,
    markdown::escape as escape_markdown,
    reliability,
};
use crate::{
    disclosure::{Figure, Release},
    study::{Contrast, Language, Scale, Study},
    words::{self, Term, comparison},
};

/// Contrasts that are printed together.
#[derive(Clone, Debug)]
pub struct Comparisons {
    /// What stands over them.
    pub heading: &'static str,
    /// A row for each.
    pub grid: Grid,
    /// What a reader must know.
    pub note: String,
    /// What the symbols and marks mean that occur.
    pub symbols: Vec<String>,
    /// The same for programs.
    pub rows: Vec<Comparison>,
}

/// A contrast with its figure.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Id of the contrast.
    pub id: String,
    /// Id of the question of its first cell.
    pub question: String,
    /// Id of the segment whose levels are compared; `total` without.
    pub segment: String,
    /// What is compared.
    pub label: String,
    /// How, as the tidy estimates call it.
    pub statistic: &'static str,
    /// The difference or ratio.
    pub figure: Figure,
    /// Whether the responses are made up.
    pub synthetic: bool,
}

impl Comparisons {
    /// The contrasts that compare figures of some questions; `None` where there are none.
    #[must_use]
    pub fn of(study: &Study, release: &Release, questions: &[usize], language: Language) -> Option<Self> {
        let is_asked = |contrast: &Contrast| contrast.cells.iter().any(|cell| questions.contains(&cell.question));
        let contrasts = study.contrasts.iter().zip(&release.contrasts).filter(|(contrast, _)| is_asked(contrast));
        let contrasts: Vec<(&Contrast, &Figure)> = contrasts.collect();
        let interval = words::confidence_interval(study.design.confidence, language);
        let columns = vec![
            Column::text(language.choose("Was verglichen wird", "What is compared")),
            Column::text(language.choose("Maß", "Measure")),
            Column::numbers(language.choose("Ergebnis", "Result")),
            Column::numbers(&interval),
            Column::numbers(words::term(Term::Base, language)),
        ];
        let grid = Grid {
            caption: language
                .choose("Differenzen und Verhältnisse von Werten", "Differences and ratios of figures")
                .to_owned(),
            columns,
            rows: contrasts.iter().map(|(contrast, figure)| row(study, contrast, figure, language)).collect(),
        };
        (!contrasts.is_empty()).then(|| Self {
            heading: language.choose("Vergleiche", "Comparisons"),
            grid,
            note: note(&contrasts, language),
            symbols: symbols(study, &contrasts, language),
            rows: contrasts.iter().map(|(contrast, figure)| compared(study, contrast, figure, language)).collect(),
        })
    }

    /// The chapter for a screen of `width` columns.
    #[must_use]
    pub fn to_terminal(&self, width: usize) -> String {
        let mut text = format!("{}\n\n{}\n", self.heading, self.grid.to_terminal(width));
        for line in self.small_print().flat_map(|note| wrap(note, width)) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// The chapter as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let notes = self.small_print().map(escape_markdown).collect::<Vec<_>>().join("\\\n");
        format!("**{}**\n\n{}\n\n{notes}\n", self.heading, self.grid.to_markdown())
    }

    /// The chapter as a fragment of HTML.
    #[must_use]
    pub fn to_html(&self) -> String {
        let notes = self.small_print().map(escape_html).collect::<Vec<_>>().join("<br>");
        format!("{}<p class=\"topline-notes\">{notes}</p>\n", self.grid.to_html())
    }

    fn small_print(&self) -> impl Iterator<Item = &str> {
        [&self.note].into_iter().chain(&self.symbols).map(String::as_str)
    }
}

fn row(study: &Study, contrast: &Contrast, figure: &Figure, language: Language) -> Vec<String> {
    let (measure, unit) = comparison::measure(contrast, language);
    let limits = figure.shown().and_then(|estimate| comparison::limits(estimate, unit, language));
    let none = if figure.withheld().is_some() { words::WITHHELD } else { words::EMPTY };
    let bases = figure.shown().map(|estimate| estimate.bases);
    vec![
        comparison::label(study, contrast, language),
        measure.to_owned(),
        words::figure(figure, unit, language),
        limits.unwrap_or_else(|| none.to_owned()),
        words::base_count(bases.as_ref(), study, language),
    ]
}

fn compared(study: &Study, contrast: &Contrast, figure: &Figure, language: Language) -> Comparison {
    let segment = contrast.segment.map_or("total", |segment| &study.segments[segment].id);
    Comparison {
        id: contrast.id.clone(),
        question: study.questions[contrast.question].id.clone(),
        segment: segment.to_owned(),
        label: comparison::label(study, contrast, language),
        statistic: contrast.scale.name(),
        figure: *figure,
        synthetic: study.data.synthetic,
    }
}

fn note(contrasts: &[(&Contrast, &Figure)], language: Language) -> String {
    let mut notes = vec![language.choose(
        "Die Fehler berücksichtigen, dass die verglichenen Werte auf denselben Befragten oder Auswahleinheiten beruhen \
         können.",
        "Errors take into account that the figures compared may stand on the same respondents or sampling units.",
    )];
    if contrasts.iter().any(|(contrast, _)| contrast.scale != Scale::Difference) {
        notes.push(language.choose(
            "Intervalle von Verhältnissen sind die ihrer Logarithmen.",
            "Intervals of ratios are those of their logarithms.",
        ));
    }
    let are_within_questions = contrasts.iter().all(|(contrast, _)| contrast.is_of_one_question());
    notes.push(if are_within_questions {
        language.choose("Die Basis ist die aller verglichenen Werte.", "The base is that of all figures compared.")
    } else {
        language.choose(
            "Die Basis ist die aller verglichenen Werte, bei mehreren Fragen die kleinste.",
            "The base is that of all figures compared, of several questions the smallest.",
        )
    });
    notes.join(" ")
}

/// What the symbols and marks mean that occur.
fn symbols(study: &Study, contrasts: &[(&Contrast, &Figure)], language: Language) -> Vec<String> {
    let figures = || contrasts.iter().map(|(_, figure)| *figure);
    let mut symbols = Vec::new();
    if figures().any(|figure| figure.withheld().is_some()) {
        symbols.push(format!("{} {}", words::WITHHELD, words::term(Term::Withheld, language)));
    }
    if figures().any(|figure| *figure == Figure::Empty) {
        let text = language.choose(
            "ohne Wert: niemand in einer Basis, oder ein Verhältnis zu 0",
            "no figure: nobody in a base, or a ratio to 0",
        );
        symbols.push(format!("{} {text}", words::EMPTY));
    }
    symbols.extend(words::legend_of_marks(study, language, |mark| {
        figures().filter_map(Figure::shown).any(|shown| reliability(Some(&shown.bases), study) == mark)
    }));
    if study.data.synthetic {
        symbols.push(words::term(Term::Synthetic, language).to_owned());
    }
    symbols
}
