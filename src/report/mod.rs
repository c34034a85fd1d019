//! One document out of everything that may be published: findings, charts, tables, and how the study was done.
//!
//! A [`Report`] is a neutral frame: sections with blocks in the order in which they are read, all texts and numbers
//! ready to print in one language. It holds no date and no machine's name, so the same inputs give the same bytes.
//! Each format prints it in its own way: [`html::render`] as one self-contained page, [`markdown::render`] as text.

mod comparisons;
mod findings;
pub mod html;
pub mod markdown;
mod method;
mod phrases;
mod precision;
mod questions;
mod weighting;

#[cfg(test)]
mod tests;

use self::phrases::{Phrases, fill};
use crate::{
    chart::Chart,
    disclosure::{Release, Shift},
    study::Language,
    survey::Survey,
    table::{Column, Grid, Table},
    words::{self, Term},
};

/// The whole document.
#[derive(Clone, Debug)]
pub struct Report {
    /// The language of all texts.
    pub language: Language,
    /// The title of the study.
    pub title: String,
    /// The warning on made-up responses.
    pub warning: Option<String>,
    /// The contents, in order.
    pub sections: Vec<Section>,
    /// With what it was made.
    pub footer: String,
}

/// A heading with what stands under it.
#[derive(Clone, Debug)]
pub struct Section {
    /// Unique in the document.
    pub id: String,
    /// How deep it stands.
    pub level: Level,
    /// The heading.
    pub heading: String,
    /// What is to be read, in order.
    pub blocks: Vec<Block>,
}

/// How deep a section stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A chapter of the report.
    Chapter,
    /// A part of a chapter, such as a question.
    Part,
    /// A part of a part, such as a segment of a question.
    Detail,
}

/// Something to be read.
#[derive(Clone, Debug)]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// Points.
    List(Vec<String>),
    /// Names with what they are: a name and a text each.
    Facts(Vec<(String, String)>),
    /// A figure in a sentence.
    Finding(Finding),
    /// A chart.
    Chart(Box<Chart>),
    /// A question by a segment.
    Table(Box<Table>),
    /// A table of texts.
    Grid(Grid),
    /// Small print on what stands above, or on what does not stand here.
    Note(String),
}

/// A figure in a sentence, with what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The finding.
    pub sentence: String,
    /// Base, size of the base and interval.
    pub base: String,
}

impl Report {
    /// Puts the report together. Of a study with a weighting `shifts` are how far that moved the headline figures.
    #[must_use]
    pub fn new(survey: &Survey, release: &Release, shifts: &[Shift<'_>], language: Language) -> Self {
        let study = &survey.study;
        let source = Source { survey, release, shifts, language, phrases: Phrases::of(language) };
        let mut sections = vec![findings::headline(&source)];
        sections.extend(findings::published(&source));
        sections.extend(questions::sections(&source));
        sections.extend(comparisons::section(&source));
        sections.extend(method::sections(&source));
        sections.extend(precision::sections(&source));
        Self {
            language,
            title: study.about.title.text(language).to_owned(),
            warning: study.data.synthetic.then(|| words::term(Term::Synthetic, language).to_owned()),
            sections,
            footer: fill(source.phrases.footer, &[("version", env!("CARGO_PKG_VERSION"))]),
        }
    }

    /// All charts, in order.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Chart(chart) => Some(chart.as_ref()),
            _ => None,
        })
    }
}

/// What the sections of a report are made of.
struct Source<'a> {
    survey: &'a Survey,
    release: &'a Release,
    shifts: &'a [Shift<'a>],
    language: Language,
    phrases: &'static Phrases,
}

impl Section {
    fn new(id: impl Into<String>, level: Level, heading: &str, blocks: Vec<Block>) -> Self {
        Self { id: id.into(), level, heading: heading.to_owned(), blocks }
    }
}
