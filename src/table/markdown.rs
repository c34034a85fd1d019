//! Tables as Markdown.

use super::Table;
use crate::words::{self, Term};

/// A Markdown table under its title and base.
#[must_use]
pub fn to_markdown(table: &Table) -> String {
    let base = words::term(Term::Base, table.language);
    let mut text = format!("**{}**\n\n{base}: {}\n\n", escape(&table.title), escape(&table.base));
    let header = table.banner.iter().flat_map(|group| {
        group.columns.iter().map(|(_, label)| match group.label.as_str() {
            "" => escape(label),
            segment => format!("{}: {}", escape(segment), escape(label)),
        })
    });
    let columns: Vec<String> = header.collect();
    push_row(&mut text, "", &columns);
    push_row(&mut text, ":---", &vec!["---:".to_owned(); columns.len()]);
    for row in &table.rows {
        let cells: Vec<String> = row.figures.iter().map(|figure| table.cell(figure, row.unit)).collect();
        push_row(&mut text, &escape(&row.label), &cells);
    }
    for (label, cells) in table.base_rows() {
        push_row(&mut text, label, &cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>());
    }
    text.push('\n');
    for note in &table.notes {
        text.push_str(&format!("{}\\\n", escape(note)));
    }
    text.truncate(text.trim_end_matches("\\\n").len());
    text.push('\n');
    text
}

/// What Markdown would read as layout.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '|' | '*' | '_' | '`' | '<' | '[' | '\\' => escaped.extend(['\\', character]),
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

fn push_row(text: &mut String, stub: &str, cells: &[String]) {
    text.push_str(&format!("| {stub} | {} |\n", cells.join(" | ")));
}
