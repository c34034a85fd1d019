//! Tables for a terminal: as many columns side by side as fit, the rest below.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::Table;
use crate::words::{self, Term};

/// The table for a screen of `width` columns.
#[must_use]
pub fn to_terminal(table: &Table, width: usize) -> String {
    let width = width.max(40);
    let base = words::term(Term::Base, table.language);
    let mut text = String::new();
    for line in wrap(&table.title, width) {
        let _ = writeln!(text, "{line}");
    }
    for line in wrap(&format!("{base}: {}", table.base), width) {
        let _ = writeln!(text, "{line}");
    }
    let sheet = Sheet::new(table, width);
    for strip in sheet.strips() {
        text.push('\n');
        sheet.print(&strip, &mut text);
    }
    text.push('\n');
    for note in &table.notes {
        for line in wrap(note, width) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// Breaks a text into lines of at most `width` columns at spaces, never at no-break spaces; longer words are cut.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_ascii_whitespace() {
        let mut word = word.to_owned();
        let line = lines.last().map_or(0, |line| line.width());
        if line > 0 && line + 1 + word.width() > width {
            lines.push(String::new());
        }
        while word.width() > width {
            let cut =
                word.char_indices().map(|(i, c)| i + c.len_utf8()).take_while(|end| word[..*end].width() <= width);
            let cut = cut.last().unwrap_or(word.len());
            let rest = word.split_off(cut);
            if let Some(line) = lines.last_mut() {
                line.push_str(&word);
            }
            lines.push(String::new());
            word = rest;
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    lines
}

/// Pads a text on the left to `width` columns.
#[must_use]
pub fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// Pads a text on the right to `width` columns.
#[must_use]
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A text cut to `width` columns, with an ellipsis where something is lost.
fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let kept = text.char_indices().map(|(i, c)| i + c.len_utf8()).take_while(|end| text[..*end].width() < width);
    format!("{}…", text[..kept.last().unwrap_or(0)].trim_end())
}

/// A table as text cells, before it is cut into strips.
struct Sheet {
    width: usize,
    stub_width: usize,
    /// Name of the segment, lines of the heading and width of each column.
    columns: Vec<(String, Vec<String>, usize)>,
    /// Figures, then bases.
    rows: Vec<(String, Vec<String>)>,
    bases_from: usize,
}

impl Sheet {
    fn new(table: &Table, width: usize) -> Self {
        const WIDEST_HEADING: usize = 12;
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for row in &table.rows {
            rows.push((row.label.clone(), row.figures.iter().map(|figure| table.cell(figure, row.unit)).collect()));
        }
        let bases_from = rows.len();
        rows.extend(table.base_rows().map(|(label, cells)| (label.to_owned(), cells)));
        let groups = table.banner.iter().flat_map(|group| {
            group.columns.iter().map(|(_, label)| (group.label.clone(), wrap(label, WIDEST_HEADING)))
        });
        let columns = groups.enumerate().map(|(index, (group, heading))| {
            let cells = rows.iter().map(|(_, cells)| cells[index].width());
            let widest = cells.chain(heading.iter().map(|line| line.width())).max().unwrap_or(0);
            (group, heading, widest)
        });
        let columns = columns.collect();
        let stub_width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0).min(width * 2 / 5);
        Self { width, stub_width, columns, rows, bases_from }
    }

    /// Ranges of columns that fit side by side; the total is repeated in each.
    fn strips(&self) -> Vec<Vec<usize>> {
        let used =
            |strip: &[usize]| self.stub_width + strip.iter().map(|column| self.columns[*column].2 + 2).sum::<usize>();
        let mut strips = vec![vec![0]];
        for column in 1..self.columns.len() {
            let Some(strip) = strips.last_mut() else { break };
            strip.push(column);
            if strip.len() > 2 && used(strip) > self.width {
                strip.pop();
                strips.push(vec![0, column]);
            }
        }
        strips
    }

    fn print(&self, strip: &[usize], text: &mut String) {
        let columns: Vec<_> = strip.iter().map(|column| &self.columns[*column]).collect();
        if columns.iter().any(|(group, ..)| !group.is_empty()) {
            let mut line = left("", self.stub_width);
            let mut start = 0;
            while start < columns.len() {
                let group = &columns[start].0;
                let same = columns[start..].iter().take_while(|(other, ..)| other == group);
                let span: usize = same.clone().map(|(_, _, width)| width + 2).sum();
                let count = same.count();
                let name = shorten(group, span.saturating_sub(2));
                line.push_str(&left(&format!("  {name}"), span));
                start += count;
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
        let height = columns.iter().map(|(_, heading, _)| heading.len()).max().unwrap_or(0);
        for row in 0..height {
            let mut line = left("", self.stub_width);
            for (_, heading, width) in &columns {
                // Headings stand on the line above the figures, so short ones begin lower.
                let index = (row + heading.len()).checked_sub(height);
                line.push_str(&right(index.map_or("", |index| heading[index].as_str()), width + 2));
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
        let rule = self.stub_width + columns.iter().map(|(_, _, width)| width + 2).sum::<usize>();
        let _ = writeln!(text, "{}", "─".repeat(rule));
        for (index, (label, cells)) in self.rows.iter().enumerate() {
            if index == self.bases_from {
                let _ = writeln!(text, "{}", "─".repeat(rule));
            }
            let lines = wrap(label, self.stub_width.max(1));
            for (row, part) in lines.iter().enumerate() {
                let mut line = left(part, self.stub_width);
                if row + 1 == lines.len() {
                    for (column, (_, _, width)) in strip.iter().zip(&columns) {
                        line.push_str(&right(&cells[*column], width + 2));
                    }
                }
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
    }
}
