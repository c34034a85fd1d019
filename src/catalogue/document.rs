//! The codebook as a document, for Markdown and HTML.

use super::{Catalogue, Entry, Item, Part, Sort};
use crate::{
    report::{Block, Level, Report, Section},
    study::Language,
    table::{Column, Grid},
    words,
};

/// The document.
#[must_use]
pub fn document(catalogue: &Catalogue) -> Report {
    let language = catalogue.language;
    let mut sections = vec![about(catalogue)];
    for part in [Part::Question, Part::Segment, Part::Design] {
        let entries: Vec<&Entry> = catalogue.entries.iter().filter(|entry| entry.part == part).collect();
        if entries.is_empty() {
            continue;
        }
        let heading = match part {
            Part::Question => language.choose("Fragen", "Questions"),
            Part::Segment => language.choose("Segmente", "Segments"),
            Part::Design => language.choose("Stichprobe", "Sample design"),
        };
        sections.push(section(part.name(), Level::Chapter, heading, Vec::new()));
        sections.extend(entries.into_iter().map(|entry| entry_section(entry, language)));
    }
    let title = language.choose("Codebuch", "Codebook");
    let made = language.choose(
        format!("Erstellt mit topline {}.", env!("CARGO_PKG_VERSION")),
        format!("Made with topline {}.", env!("CARGO_PKG_VERSION")),
    );
    Report {
        language,
        title: format!("{title}: {}", catalogue.title),
        warning: catalogue.warning.clone(),
        sections,
        footer: made,
    }
}

fn section(id: &str, level: Level, heading: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), level, heading: heading.to_owned(), blocks }
}

fn about(catalogue: &Catalogue) -> Section {
    let language = catalogue.language;
    let file = language.choose("Datei", "File");
    let respondents = language.choose("Befragte", "Respondents");
    let facts = vec![
        (file.to_owned(), catalogue.file.clone()),
        (respondents.to_owned(), words::count(catalogue.respondents, language)),
    ];
    let minimum = words::count(catalogue.minimum, language);
    let note = language.choose(
        format!(
            "Alle Zahlen sind ungewichtet. {}: nicht ausgewiesen, weil weniger als {minimum} Befragte daraus zu erkennen wären.",
            words::WITHHELD
        ),
        format!(
            "All numbers are unweighted. {}: withheld, because it would tell of fewer than {minimum} respondents.",
            words::WITHHELD
        ),
    );
    let heading = language.choose("Datensatz", "Responses");
    section("responses", Level::Chapter, heading, vec![Block::Facts(facts), Block::Note(note)])
}

fn entry_section(entry: &Entry, language: Language) -> Section {
    let mut facts = Vec::new();
    let mut fact = |name: &str, text: String| facts.push((name.to_owned(), text));
    let columns = match entry.columns.len() {
        1 => language.choose("Spalte", "Column"),
        _ => language.choose("Spalten", "Columns"),
    };
    fact(columns, entry.columns.join(", "));
    fact(language.choose("Art", "Kind"), entry.kind.clone());
    if let Some((label, condition)) = &entry.base {
        fact(language.choose("Gefragt wurden", "Base"), label.clone());
        if let Some(condition) = condition {
            fact(language.choose("Bedingung", "Condition"), condition.clone());
        }
    }
    if let Some(asked) = entry.asked {
        fact(language.choose("Gefragt", "Asked"), asked.text(language));
    }
    if let Some(answered) = entry.answered {
        fact(language.choose("In der Basis", "In the base"), answered.text(language));
    }
    let mut blocks = vec![Block::Paragraph(entry.wording.clone()), Block::Facts(facts)];
    if !entry.items.is_empty() {
        blocks.push(Block::Grid(grid(entry, language)));
    }
    let id = format!("{}-{}", entry.part.name(), entry.id);
    section(&id, Level::Part, &entry.id, blocks)
}

fn grid(entry: &Entry, language: Language) -> Grid {
    let row = |item: &Item| {
        let label = match item.sort {
            Sort::Option | Sort::Level => item.label.clone(),
            Sort::Net => language.choose(format!("Zusammen: {}", item.label), format!("Net: {}", item.label)),
            Sort::Missing => {
                language.choose(format!("Keine Antwort: {}", item.label), format!("No answer: {}", item.label))
            }
        };
        vec![item.code.clone(), label, item.count.text(language)]
    };
    Grid {
        caption: match entry.part {
            Part::Question => language.choose(format!("Antworten: {}", entry.id), format!("Answers: {}", entry.id)),
            Part::Segment | Part::Design => {
                language.choose(format!("Ausprägungen: {}", entry.id), format!("Levels: {}", entry.id))
            }
        },
        columns: vec![
            Column::text("Code"),
            Column::text(language.choose("Antwort", "Answer")),
            Column::numbers(language.choose("Befragte", "Respondents")),
        ],
        rows: entry.items.iter().map(row).collect(),
    }
}
