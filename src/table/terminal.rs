//! Tables for a terminal: as many columns side by side as fit, the rest below.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{
    Table,
    lines::{left, longest_piece, number_and_mark, right, wrap},
};
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
    let sheet = Sheet::roomy(table, width);
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

/// A table as text cells, before it is cut into strips.
struct Sheet {
    width: usize,
    stub_width: usize,
    /// Between two columns; marks of low bases hang into it, so that digits stand below digits.
    gap: usize,
    /// Name and least width of the total and each segment.
    groups: Vec<(String, usize)>,
    columns: Vec<Column>,
    /// Figures, then bases.
    rows: Vec<(String, Vec<String>)>,
    bases_from: usize,
}

struct Column {
    group: usize,
    heading: Vec<String>,
    width: usize,
}

impl Sheet {
    /// The widest headings that need no more strips than narrow ones.
    fn roomy(table: &Table, width: usize) -> Self {
        const NARROW: usize = 12;
        const WIDE: usize = 24;
        let narrow = Self::new(table, width, NARROW);
        let enough = narrow.strips().len();
        let wider = (NARROW + 1..=WIDE).rev().map(|heading_width| Self::new(table, width, heading_width));
        wider.into_iter().find(|sheet| sheet.strips().len() <= enough).unwrap_or(narrow)
    }

    fn new(table: &Table, width: usize, heading_width: usize) -> Self {
        /// A longer word is cut even where the screen has room for it.
        const LONGEST_WORD: usize = 20;
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for row in &table.rows {
            rows.push((row.label.clone(), row.figures.iter().map(|figure| table.cell(figure, row.unit)).collect()));
        }
        let bases_from = rows.len();
        rows.extend(table.base_rows().into_iter().map(|(label, cells)| (label.to_owned(), cells)));
        let widest_mark = table.reliability.iter().map(|reliability| reliability.mark().width()).max().unwrap_or(0);
        let gap = 1 + widest_mark.max(1);
        let stub_width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0).min(width * 2 / 5);
        let widest_cell = |column: usize| rows.iter().map(|(_, cells)| number_and_mark(&cells[column]).0.width()).max();
        // Beside the stub and the total there must be room for one more column.
        let taken =
            stub_width + widest_cell(0).unwrap_or(0).max(longest_piece(words::term(Term::Total, table.language)));
        let longest = LONGEST_WORD.min(width.saturating_sub(taken + 2 * gap));
        let groups = table.banner.iter().map(|group| (group.label.clone(), longest_piece(&group.label).min(longest)));
        let headings = table
            .banner
            .iter()
            .enumerate()
            .flat_map(|(group, details)| details.columns.iter().map(move |(_, label)| (group, label)));
        let columns = headings.enumerate().map(|(index, (group, label))| {
            let heading = wrap(label, longest_piece(label).max(heading_width).min(longest).max(1));
            let widest_line = heading.iter().map(|line| line.width()).max();
            Column { group, width: widest_line.max(widest_cell(index)).unwrap_or(0), heading }
        });
        let (groups, columns) = (groups.collect(), columns.collect());
        // The last column has no gap behind it for its marks.
        Self { width: width - widest_mark, stub_width, gap, groups, columns, rows, bases_from }
    }

    /// Columns that fit side by side: the total in each strip, and a segment in one strip where it can be.
    fn strips(&self) -> Vec<Vec<usize>> {
        let mut strips = Vec::new();
        let mut strip = vec![0];
        for (column, details) in self.columns.iter().enumerate().skip(1) {
            let begins_group = details.group != self.columns[column - 1].group;
            let rest_of_group = self.columns[column..].iter().take_while(|other| other.group == details.group).count();
            let together = if begins_group { rest_of_group } else { 1 };
            let longer: Vec<usize> = strip.iter().copied().chain(column..column + together).collect();
            if strip.len() > 1 && self.used(&longer) > self.width {
                strips.push(std::mem::replace(&mut strip, vec![0]));
            }
            strip.push(column);
        }
        strips.push(strip);
        strips
    }

    fn used(&self, strip: &[usize]) -> usize {
        self.stub_width + self.widths(strip).iter().map(|width| width + self.gap).sum::<usize>()
    }

    /// The widths of columns side by side, wide enough together for the names of their segments.
    fn widths(&self, strip: &[usize]) -> Vec<usize> {
        let mut widths = Vec::new();
        for columns in self.groups_of(strip) {
            let least = self.groups[self.columns[columns[0]].group].1;
            let span = columns.iter().map(|column| self.columns[*column].width + self.gap).sum::<usize>() - self.gap;
            let lacking = least.saturating_sub(span);
            let share = |index| lacking / columns.len() + usize::from(index < lacking % columns.len());
            widths.extend(columns.iter().enumerate().map(|(index, column)| self.columns[*column].width + share(index)));
        }
        widths
    }

    /// The columns of each segment.
    fn groups_of<'a>(&self, strip: &'a [usize]) -> impl Iterator<Item = &'a [usize]> {
        strip.chunk_by(|one, other| self.columns[*one].group == self.columns[*other].group)
    }

    fn print(&self, strip: &[usize], text: &mut String) {
        let widths = self.widths(strip);
        self.print_groups(strip, &widths, text);
        let headings: Vec<&[String]> = strip.iter().map(|column| self.columns[*column].heading.as_slice()).collect();
        for cells in from_below(&headings) {
            self.print_cells("", &cells, &widths, text);
        }
        let rule = "─".repeat(self.used(strip));
        let _ = writeln!(text, "{rule}");
        for (index, (label, cells)) in self.rows.iter().enumerate() {
            if index == self.bases_from {
                let _ = writeln!(text, "{rule}");
            }
            let lines = wrap(label, self.stub_width.max(1));
            let Some((last, before)) = lines.split_last() else { continue };
            for line in before {
                let _ = writeln!(text, "{line}");
            }
            let cells: Vec<&str> = strip.iter().map(|column| cells[*column].as_str()).collect();
            self.print_cells(last, &cells, &widths, text);
        }
    }

    /// The names of the segments, each over its columns.
    fn print_groups(&self, strip: &[usize], widths: &[usize], text: &mut String) {
        let mut widths = widths.iter();
        let spans: Vec<(usize, Vec<String>)> = (self.groups_of(strip))
            .map(|columns| {
                let span = widths.by_ref().take(columns.len()).map(|width| width + self.gap).sum::<usize>() - self.gap;
                (span, wrap(&self.groups[self.columns[columns[0]].group].0, span.max(1)))
            })
            .collect();
        if strip.len() == 1 {
            return;
        }
        let names: Vec<&[String]> = spans.iter().map(|(_, name)| name.as_slice()).collect();
        for cells in from_below(&names) {
            let mut line = left("", self.stub_width);
            for (cell, (span, _)) in cells.iter().zip(&spans) {
                line.push_str(&left("", self.gap));
                line.push_str(&left(cell, *span));
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }

    fn print_cells(&self, label: &str, cells: &[&str], widths: &[usize], text: &mut String) {
        let mut line = label.to_owned();
        let mut end = self.stub_width;
        for (cell, width) in cells.iter().zip(widths) {
            let (number, mark) = number_and_mark(cell);
            end += self.gap + width;
            line.push_str(&right(number, end - line.width()));
            line.push_str(mark);
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Headings stand on the line above the figures, so short ones begin lower.
pub(super) fn from_below<'a>(headings: &[&'a [String]]) -> Vec<Vec<&'a str>> {
    let height = headings.iter().map(|heading| heading.len()).max().unwrap_or(0);
    let line = |row: usize| {
        let cell = |heading: &&'a [String]| {
            (row + heading.len()).checked_sub(height).map_or("", |index| heading[index].as_str())
        };
        headings.iter().map(cell).collect()
    };
    (0..height).map(line).collect()
}
