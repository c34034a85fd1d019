//! Tables as HTML fragments: a caption, header cells that name their rows and columns, no layout of their own.

use super::{Table, lines::number_and_mark};
use crate::words::{self, Term};

/// A `<table class="topline-table">`.
#[must_use]
pub fn to_html(table: &Table) -> String {
    let mut html = String::from("<table class=\"topline-table\">\n");
    let base = words::term(Term::Base, table.language);
    let caption = format!("{}<br><small>{base}: {}</small>", escape(&table.title), escape(&table.base));
    html.push_str(&format!("<caption>{caption}</caption>\n<thead>\n"));
    if table.banner.len() > 1 {
        html.push_str("<tr><td></td>");
        for group in &table.banner {
            let (columns, label) = (group.columns.len(), escape(&group.label));
            match group.label.as_str() {
                "" => html.push_str(&format!("<td colspan=\"{columns}\"></td>")),
                _ => html.push_str(&format!("<th scope=\"colgroup\" colspan=\"{columns}\">{label}</th>")),
            }
        }
        html.push_str("</tr>\n");
    }
    html.push_str("<tr><td></td>");
    for (_, _, label) in table.columns() {
        html.push_str(&format!("<th scope=\"col\">{}</th>", escape(label)));
    }
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str(&format!("<tr><th scope=\"row\">{}</th>", escape(&row.label)));
        for figure in &row.figures {
            let limits = figure.shown().map(|estimate| words::limits(estimate, row.unit, table.language));
            let title = limits.filter(|limits| !limits.is_empty()).map(|limits| format!(" title=\"{limits}\""));
            html.push_str(&format!("<td{}>{}</td>", title.unwrap_or_default(), table.cell(figure, row.unit)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n<tfoot>\n");
    for (label, cells) in table.base_rows() {
        html.push_str(&format!("<tr><th scope=\"row\">{label}</th>"));
        for cell in cells {
            html.push_str(&format!("<td>{}</td>", number(&cell)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tfoot>\n</table>\n<p class=\"topline-notes\">");
    html.push_str(&table.notes.iter().map(|note| escape(note)).collect::<Vec<_>>().join("<br>"));
    html.push_str("</p>\n");
    html
}

/// A number whose mark can be styled to hang beside it.
pub(super) fn number(cell: &str) -> String {
    match number_and_mark(cell) {
        (number, "") => escape(number),
        (number, mark) => format!("{}<span class=\"topline-mark\">{mark}</span>", escape(number)),
    }
}

/// What HTML would read as markup.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
