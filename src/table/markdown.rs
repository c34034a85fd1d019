//! Tables as Markdown.

use super::Table;
use crate::words::{self, Term};

/// A Markdown table under its title and base.
///
/// A Markdown table has one row of headings, so each segment is a table of its own: its name stands in the corner, the
/// total before its levels. It is not split further, however wide: who renders it knows how wide the page is.
#[must_use]
pub fn to_markdown(table: &Table) -> String {
    let base = words::term(Term::Base, table.language);
    let mut text = format!("**{}**\n\n{base}: {}\n\n", escape(&table.title), escape(&table.base));
    let mut first = 1;
    for group in &table.banner[1..] {
        let next = first + group.columns.len();
        push_table(&mut text, table, &group.label, &[0].into_iter().chain(first..next).collect::<Vec<_>>());
        first = next;
    }
    if table.banner.len() == 1 {
        push_table(&mut text, table, "", &[0]);
    }
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

fn push_table(text: &mut String, table: &Table, corner: &str, columns: &[usize]) {
    let labels: Vec<&str> = table.columns().map(|(_, _, label)| label).collect();
    let headings: Vec<String> = columns.iter().map(|column| escape(labels[*column])).collect();
    push_row(text, &escape(corner), &headings);
    push_row(text, ":---", &vec!["---:".to_owned(); columns.len()]);
    for row in &table.rows {
        let cells: Vec<String> = columns.iter().map(|column| table.cell(&row.figures[*column], row.unit)).collect();
        push_row(text, &escape(&row.label), &cells);
    }
    for (label, cells) in table.base_rows() {
        push_row(text, label, &columns.iter().map(|column| escape(&cells[*column])).collect::<Vec<_>>());
    }
    text.push('\n');
}

fn push_row(text: &mut String, stub: &str, cells: &[String]) {
    text.push_str(&format!("| {stub} | {} |\n", cells.join(" | ")));
}
