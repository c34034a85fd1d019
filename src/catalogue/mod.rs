//! The codebook of a study: every question, segment and weight with its columns, wording, answers, base, and how many
//! respondents gave which answer.
//!
//! Counts are unweighted and pass [the gate](crate::disclosure) like every other figure: the count of an answer stands where
//! its share may be published, levels and reasons as [`Counting`] allows. A reason for which few did not answer must not follow by
//! subtraction either: then the others are given in round numbers, and where those reasons are all that there are, those in the base are
//! said to be nearly all who were asked, and the answers of a single choice, which add up to them, are in round numbers too.

mod document;
mod entries;
mod table;
mod workbook;

pub use self::{
    document::document,
    table::{to_csv, to_json},
    workbook::to_workbook,
};
use crate::{
    disclosure::{Count, Counting, Release, asked},
    study::Language,
    survey::Survey,
};

/// The codebook of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The language of all texts.
    pub language: Language,
    /// The title of the study.
    pub title: String,
    /// The warning on made-up responses.
    pub warning: Option<String>,
    /// The file of responses.
    pub file: String,
    /// How many respondents it has.
    pub respondents: u64,
    /// What is described, in the order of the study: questions, segments, the design.
    pub entries: Vec<Entry>,
    /// Under how many respondents nothing is said.
    pub minimum: u64,
}

/// A question, a segment or a part of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is.
    pub part: Part,
    /// The name used in commands.
    pub id: String,
    /// The columns of the responses.
    pub columns: Vec<String>,
    /// The wording, or what it is.
    pub wording: String,
    /// How it is answered, in words.
    pub kind: String,
    /// Who was asked, in words, and as a condition; only of questions.
    pub base: Option<(String, Option<String>)>,
    /// How many were asked.
    pub asked: Option<Said>,
    /// How many are in the base.
    pub answered: Option<Said>,
    /// Answers, levels, nets, reasons.
    pub items: Vec<Item>,
}

/// What is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A question.
    Question,
    /// A segment.
    Segment,
    /// A column of the sample design.
    Design,
}

/// An answer, a level, a net, or a reason for none.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub sort: Sort,
    /// What the data hold; of a multiple response the column.
    pub code: String,
    /// What is printed.
    pub label: String,
    /// How many.
    pub count: Said,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// An answer.
    Option,
    /// Answers together.
    Net,
    /// A level of a segment.
    Level,
    /// Why there is no answer.
    Missing,
}

/// What is said of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// As far as it may be said.
    Count(Count),
    /// All but a few.
    NearlyAll,
    /// Nothing.
    Withheld,
}

impl Catalogue {
    /// The codebook of a survey.
    #[must_use]
    pub fn new(survey: &Survey, release: &Release, language: Language) -> Self {
        let study = &survey.study;
        Self {
            language,
            title: study.about.title.text(language).to_owned(),
            warning: study
                .data
                .synthetic
                .then(|| crate::words::term(crate::words::Term::Synthetic, language).to_owned()),
            file: survey.table.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            respondents: survey.tally.rows,
            entries: entries::entries(survey, release, language),
            minimum: study.publication.minimum_count,
        }
    }
}

impl Part {
    /// The name in tables for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Segment => "segment",
            Self::Design => "design",
        }
    }
}

impl Sort {
    /// The name in tables for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Net => "net",
            Self::Level => "level",
            Self::Missing => "missing",
        }
    }
}

impl Said {
    /// The number, where it may be said exactly.
    #[must_use]
    pub fn exactly(self) -> Option<u64> {
        if let Self::Count(Count::Exactly(number)) = self { Some(number) } else { None }
    }

    /// As it is printed.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        match self {
            Self::Count(count) => crate::words::respondents(count, language),
            Self::NearlyAll => language.choose("fast alle", "nearly all").to_owned(),
            Self::Withheld => crate::words::WITHHELD.to_owned(),
        }
    }
}

/// How many were asked a question.
fn said_of_asked(survey: &Survey, counting: Counting, question: usize) -> Said {
    let asked = asked(survey, question);
    match survey.tally.rows - asked {
        0 => Said::Count(Count::Exactly(asked)),
        others if counting.is_small(others) => Said::NearlyAll,
        _ => Said::Count(counting.of(asked)),
    }
}
