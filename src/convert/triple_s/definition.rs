//! The definition.

use std::{fmt::Write, path::Path};

use super::item::{Item, Kind};

/// The text of a definition of these variables.
pub(super) fn text(title: Option<&str>, items: &[Item], data: &Path) -> String {
    let data = data.file_name().unwrap_or_default().to_string_lossy();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sss version=\"2.0\">\n".to_owned();
    text += &format!("<origin>topline {}</origin>\n<survey>\n", env!("CARGO_PKG_VERSION"));
    if let Some(title) = title {
        text += &format!("<title>{}</title>\n", escaped(title));
    }
    text += &format!("<record ident=\"A\" href=\"{}\">\n", escaped(&data));
    let mut start = 1;
    for (ident, item) in items.iter().enumerate() {
        // Writing into a text cannot fail.
        let _ = variable(&mut text, ident + 1, item, start);
        start += item.width;
    }
    text + "</record>\n</survey>\n</sss>\n"
}

fn variable(text: &mut String, ident: usize, item: &Item, start: usize) -> std::fmt::Result {
    let kind = match item.kind {
        Kind::Single => "single",
        Kind::Literal => "single\" format=\"literal",
        Kind::Logical => "logical",
        Kind::Quantity(..) => "quantity",
        Kind::Character => "character",
        Kind::Bits { .. } | Kind::Spread { .. } => "multiple",
    };
    let usage = item.usage.map(|usage| format!(" use=\"{usage}\"")).unwrap_or_default();
    let filter = item.filter.as_ref().map(|name| format!(" filter=\"{}\"", escaped(name))).unwrap_or_default();
    writeln!(text, "<variable ident=\"{ident}\" type=\"{kind}\"{usage}{filter}>")?;
    writeln!(text, "<name>{}</name>\n<label>{}</label>", escaped(&item.name), escaped(&item.label))?;
    writeln!(text, "<position start=\"{start}\" finish=\"{}\"/>", start + item.width - 1)?;
    if let Kind::Spread { width } = item.kind {
        writeln!(text, "<spread subfields=\"{}\" width=\"{width}\"/>", item.columns.len())?;
    }
    if let Kind::Character = item.kind {
        writeln!(text, "<size>{}</size>", item.width)?;
    }
    if !item.values.is_empty() || matches!(item.kind, Kind::Quantity(..)) {
        writeln!(text, "<values>")?;
        if let Kind::Quantity(from, to) = &item.kind {
            writeln!(text, "<range from=\"{from}\" to=\"{to}\"/>")?;
        }
        for (index, (code, label)) in item.values.iter().enumerate() {
            let score = if item.has_scores { format!(" score=\"{}\"", index + 1) } else { String::new() };
            writeln!(text, "<value code=\"{}\"{score}>{}</value>", escaped(code), escaped(label))?;
        }
        writeln!(text, "</values>")?;
    }
    writeln!(text, "</variable>")
}

/// Text within XML; control characters, which it does not know, are spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
