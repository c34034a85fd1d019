//! What is worth knowing of how a file is read: whoever drafts or checks a study should see it once.

use crate::{diagnostic::quoted_list, study::Language};

/// Something that was told from the file or done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The encoding that a text seems to be in.
    Encoding(String),
    /// The encoding that the byte order mark of a text says it is in.
    Marked(String),
    /// Which sheet is read of several.
    Sheet {
        /// The one that is read.
        name: String,
        /// The others that can be seen.
        others: Vec<String>,
    },
    /// Rows above the names of the columns are taken for a title.
    Title {
        /// The row of the names.
        row: u32,
    },
    /// Cells of a sheet hold errors of formulas.
    Errors {
        /// How many.
        cells: usize,
        /// The first of them, such as `#N/A`.
        error: String,
        /// Its row.
        row: u32,
        /// Its column, from 1.
        column: usize,
    },
    /// A column has the name of one before it, and is called otherwise.
    Renamed {
        /// Its position, from 1.
        position: usize,
        /// The name that it has.
        from: String,
        /// The name that it goes by.
        to: String,
    },
}

impl Remark {
    /// A sentence.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Encoding(name) => language.choose(
                format!("Text in {name}, nach den Buchstaben darin; sind Umlaute falsch: encoding in [data]"),
                format!("text in {name}, as its letters show; if accents look wrong, say the encoding"),
            ),
            Self::Marked(name) => language.choose(format!("Text in {name}"), format!("text in {name}")),
            Self::Sheet { name, others } => {
                let others = quoted_list(others.iter().map(String::as_str));
                language.choose(
                    format!("Blatt `{name}`; nicht gelesen: {others}"),
                    format!("sheet `{name}` is read; there are others: {others}"),
                )
            }
            Self::Title { row } => language.choose(
                format!("die Spaltennamen stehen in Zeile {row}, darüber ein Titel"),
                format!("the names of columns stand in row {row}, below a title"),
            ),
            Self::Errors { cells, error, row, column } => language.choose(
                format!("Zellen mit Fehlern von Formeln: {cells}, zuerst `{error}` in Zeile {row}, Spalte {column}"),
                format!("cells with errors of formulas: {cells}, the first is `{error}` in row {row}, column {column}"),
            ),
            Self::Renamed { position, from, to } => language.choose(
                format!("Spalte {position} heißt auch `{from}`: sie ist hier `{to}`"),
                format!("column {position} is called `{from}` too: it goes by `{to}`"),
            ),
        }
    }
}
