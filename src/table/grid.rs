//! Tables of texts that are ready to print.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{
    html::{escape as escape_html, number as number_in_html},
    lines::{left, longest_piece, number_and_mark, right, wrap},
    markdown::escape as escape_markdown,
    terminal::from_below,
};

/// A table of texts; the first cell of each row is its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// What the table shows.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a [`Grid`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What its cells hold.
    pub holds: Holds,
}

/// What the cells of a column hold: texts stand at the left, numbers at the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Texts.
    Text,
    /// Numbers.
    Numbers,
}

/// Between two columns of a screen.
const GAP: usize = 2;

impl Column {
    /// A column of texts.
    #[must_use]
    pub fn text(heading: &str) -> Self {
        Self { heading: heading.to_owned(), holds: Holds::Text }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numbers(heading: &str) -> Self {
        Self { heading: heading.to_owned(), holds: Holds::Numbers }
    }
}

impl Grid {
    /// The grid under its caption, as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let row = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| escape_markdown(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rules = self.columns.iter().map(|column| match column.holds {
            Holds::Text => " :--- |",
            Holds::Numbers => " ---: |",
        });
        let rule = format!("|{}\n", rules.collect::<String>());
        let rows: String = self.rows.iter().map(|cells| row(cells)).collect();
        let table = format!("{}\n\n{}{rule}{rows}", escape_markdown(&self.caption), row(&self.headings()));
        table.trim_end().to_owned()
    }

    /// The grid as a `<table class="topline-table">`.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = format!("<table class=\"topline-table\">\n<caption>{}</caption>\n", escape_html(&self.caption));
        let headings = self.columns.iter().map(|column| escape_html(&column.heading));
        let headings = headings.map(|heading| format!("<th scope=\"col\">{heading}</th>")).collect::<String>();
        html.push_str(&format!("<thead>\n<tr>{headings}</tr>\n</thead>\n<tbody>\n"));
        for row in &self.rows {
            let mut cells = row.iter().zip(&self.columns).map(|(cell, column)| match column.holds {
                Holds::Text => escape_html(cell),
                Holds::Numbers => number_in_html(cell),
            });
            let name = cells.next().unwrap_or_default();
            let cells = cells.map(|cell| format!("<td>{cell}</td>")).collect::<String>();
            html.push_str(&format!("<tr><th scope=\"row\">{name}</th>{cells}</tr>\n"));
        }
        html.push_str("</tbody>\n</table>\n");
        html
    }

    /// The grid for a screen of `width` columns, without its caption. Texts that do not fit are broken; marks of low bases
    /// hang at the right of their number. On a narrow screen numbers stand below their texts.
    #[must_use]
    pub fn to_terminal(&self, width: usize) -> String {
        const LEAST: usize = 18;
        let widths = self.widths(width);
        let is_narrow = widths.first().is_some_and(|first| *first < LEAST.min(self.widest()));
        if is_narrow { self.stacked(width) } else { self.side_by_side(&widths) }
    }

    fn side_by_side(&self, widths: &[usize]) -> String {
        let mut text = String::new();
        self.print(&self.headings(), widths, &mut text);
        let all = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let _ = writeln!(text, "{}", "─".repeat(all));
        for row in &self.rows {
            self.print(row, widths, &mut text);
        }
        text
    }

    /// The texts of a row, below them its numbers.
    fn stacked(&self, width: usize) -> String {
        let holds = |wanted: Holds| {
            let columns = self.columns.iter().enumerate().filter(move |(_, column)| column.holds == wanted);
            columns.map(|(index, _)| index).collect::<Vec<usize>>()
        };
        let (texts, numbers) = (holds(Holds::Text), holds(Holds::Numbers));
        let words = |row: &[String]| texts.iter().map(|column| row[*column].as_str()).collect::<Vec<_>>().join(", ");
        let of_numbers = |row: &[String]| {
            [String::new()].into_iter().chain(numbers.iter().map(|column| row[*column].clone())).collect()
        };
        let columns = numbers.iter().map(|column| self.columns[*column].clone());
        let below = Self {
            caption: String::new(),
            columns: [Column::text("")].into_iter().chain(columns).collect(),
            rows: self.rows.iter().map(|row| of_numbers(row)).collect(),
        };
        let widths = below.widths(width);
        let mut text = String::new();
        below.print(&below.headings(), &widths, &mut text);
        let _ = writeln!(text, "{}", "─".repeat(width));
        for (row, numbers) in self.rows.iter().zip(&below.rows) {
            for line in wrap(&words(row), width) {
                let _ = writeln!(text, "{line}");
            }
            below.print(numbers, &widths, &mut text);
        }
        text
    }

    fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.heading.clone()).collect()
    }

    /// Numbers stay whole; the first column has what the others leave.
    fn widths(&self, width: usize) -> Vec<usize> {
        const HEADING: usize = 12;
        const TEXT: usize = 18;
        let cells = |column: usize| self.rows.iter().map(move |row| row[column].as_str());
        let of_column = |(index, column): (usize, &Column)| {
            let widest = match column.holds {
                Holds::Numbers => cells(index).map(|cell| number_and_mark(cell).0.width()).max(),
                Holds::Text => cells(index).map(|cell| longest_piece(cell).max(cell.width().min(TEXT))).max(),
            };
            let heading = longest_piece(&column.heading).max(column.heading.width().min(HEADING));
            widest.unwrap_or(0).max(heading)
        };
        let mut widths: Vec<usize> = self.columns.iter().enumerate().map(of_column).collect();
        let marks = self.rows.iter().filter_map(|row| row.last()).map(|cell| number_and_mark(cell).1.width()).max();
        let taken = widths.iter().skip(1).map(|width| width + GAP).sum::<usize>() + marks.unwrap_or(0);
        if let Some(first) = widths.first_mut() {
            *first = self.widest().min(width.saturating_sub(taken));
        }
        widths
    }

    /// The width of the first column where nothing is broken.
    fn widest(&self) -> usize {
        let heading = self.columns.first().map_or(0, |column| column.heading.width());
        let cells = self.rows.iter().filter_map(|row| row.first()).map(|cell| cell.width());
        cells.max().unwrap_or(0).max(heading)
    }

    /// A row of cells of several lines, each of which ends on the last.
    fn print(&self, cells: &[String], widths: &[usize], text: &mut String) {
        let wrapped = cells.iter().zip(widths).zip(&self.columns).map(|((cell, width), column)| match column.holds {
            // A number is one thing, with its mark.
            Holds::Numbers if number_and_mark(cell).0.width() <= *width => vec![cell.clone()],
            _ => wrap(cell, (*width).max(1)),
        });
        let wrapped: Vec<Vec<String>> = wrapped.collect();
        let lines: Vec<&[String]> = wrapped.iter().map(Vec::as_slice).collect();
        for cells in from_below(&lines) {
            let mut line = String::new();
            let mut end = 0;
            for ((cell, width), column) in cells.iter().zip(widths).zip(&self.columns) {
                let (number, mark) = number_and_mark(cell);
                let begin = end;
                end += width;
                match column.holds {
                    Holds::Text => line.push_str(&left("", begin.saturating_sub(line.width()))),
                    Holds::Numbers => line.push_str(&right("", end.saturating_sub(line.width() + number.width()))),
                }
                line.push_str(number);
                line.push_str(mark);
                end += GAP;
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{Column, Grid};

    #[test]
    fn a_grid_fits_the_screen_and_its_digits_stand_below_digits() {
        let columns = vec![
            Column::text("Was verglichen wird"),
            Column::text("Maß"),
            Column::numbers("Ergebnis"),
            Column::numbers("95-%-Konfidenzintervall"),
            Column::numbers("Basis"),
        ];
        let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let rows = vec![
            row(["Ja: Frauen − Männer", "Prozentpunkte", "+41,0", "+25,6 bis +56,4", "150"]),
            row(["Ja: Frauen / alle außer Frauen", "Chancenverhältnis (Odds Ratio)", "1,53", "1,24 bis 1,88", "23**"]),
        ];
        let grid = Grid { caption: String::new(), columns, rows };
        for width in 40..=120 {
            let text = grid.to_terminal(width);
            assert!(text.lines().all(|line| line.width() <= width), "{width}\n{text}");
            let end = |number: &str, of: &str| {
                let line = text.lines().find(|line| line.contains(number)).expect("its line");
                line[..line.find(of).expect("it is there")].width() + of.trim_end_matches('*').width()
            };
            assert_eq!(end("+41,0", " 150"), end("1,53", " 23**"), "{width}\n{text}");
        }
    }
}
