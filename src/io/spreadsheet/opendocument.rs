//! What the reader of OpenDocument does not tell: cells that were made one, errors of formulas, and how many cells there are.
//!
//! An OpenDocument sheet says "this cell 16,000 times" in a few bytes, and "this row a million times". So cells are counted
//! before they are made.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::sheet::{Filling, Merged};

/// What is told of the sheets of a document.
#[derive(Debug, Default)]
pub struct Told {
    /// The merged cells of each sheet, among its first rows.
    pub merged: HashMap<String, Vec<Merged>>,
    /// Whether some sheet has more cells than are read.
    pub has_too_many: bool,
}

/// Rows of a sheet whose merged cells are told: names of columns stand near the top.
const TOP: u32 = 32;

/// Looks through a document.
pub fn look(path: &Path) -> Result<Told, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
    let content = archive.by_name("content.xml").map_err(|error| error.to_string())?;
    told(BufReader::new(content))
}

fn told(content: impl BufRead) -> Result<Told, String> {
    let mut reader = Reader::from_reader(content);
    let (mut told, mut sheet, mut buffer) = (Told::default(), String::new(), Vec::new());
    let (mut row, mut row_times) = (0_u64, 1_u64);
    // The column of the next cell, and where the last cell of the row ends that holds something.
    let (mut column, mut end, mut cells) = (0_u64, 0_u64, 0_u64);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| error.to_string())?;
        let (element, is_open) = match &event {
            Event::Start(element) => (element, true),
            Event::Empty(element) => (element, false),
            Event::End(element) => {
                if element.name().as_ref() == "table:table-row" {
                    cells = cells.saturating_add(end.saturating_mul(row_times));
                    told.has_too_many |= cells > Filling::MOST as u64;
                    row = row.saturating_add(row_times);
                }
                continue;
            }
            Event::Eof => return Ok(told),
            _ => continue,
        };
        match element.name().as_ref() {
            "table:table" => {
                sheet = attribute(element, "table:name").unwrap_or_default();
                (row, cells) = (0, 0);
            }
            "table:table-row" => {
                row_times = number(element, "table:number-rows-repeated");
                (column, end) = (0, 0);
                if !is_open {
                    row = row.saturating_add(row_times);
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let span = |key| number(element, key);
                let (wide, high) = (span("table:number-columns-spanned"), span("table:number-rows-spanned"));
                if (wide > 1 || high > 1) && row < u64::from(TOP) {
                    let last = |first: u64, length: u64| (first + length.min(1 << 20) - 1) as u32;
                    let merged =
                        Merged { rows: (row as u32, last(row, high)), columns: (column as u32, last(column, wide)) };
                    told.merged.entry(sheet.clone()).or_default().push(merged);
                }
                column = column.saturating_add(number(element, "table:number-columns-repeated")).min(1 << 32);
                let is_filled = attribute(element, "office:value-type").is_some();
                if is_filled || attribute(element, "table:formula").is_some() {
                    end = column;
                }
            }
            _ => {}
        }
    }
}

/// A number of repetitions; 1 where none is given.
fn number(element: &BytesStart<'_>, key: &str) -> u64 {
    attribute(element, key).and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn attribute(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == key)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::{Merged, told};

    #[test]
    fn cells_are_counted_before_they_are_made() {
        let bomb = "<t><table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"100000\">\
                    <table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\"/>\
                    </table:table-row></table:table></t>";
        assert!(told(bomb.as_bytes()).expect("read").has_too_many);
        // Blank cells up to the last column of every sheet are usual.
        let usual = bomb.replace(" office:value-type=\"float\"", "");
        assert!(!told(usual.as_bytes()).expect("read").has_too_many);
    }

    #[test]
    fn merged_cells_near_the_top_are_told() {
        let text = "<t><table:table table:name=\"A &amp; B\"><table:table-row table:number-rows-repeated=\"2\"/><table:table-row>\
                    <table:table-cell table:number-columns-repeated=\"3\"/>\
                    <table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\"/>\
                    </table:table-row></table:table></t>";
        let found = told(text.as_bytes()).expect("read");
        assert_eq!(found.merged["A & B"], [Merged { rows: (2, 2), columns: (3, 4) }]);
    }
}
