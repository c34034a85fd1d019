//! The sheets of a workbook that describes a form: rows of texts under names.

use std::{
    collections::{HashMap, HashSet},
    io::Cursor,
};

use calamine::{Data, DataRef, Reader, Xlsx};

/// Rows by the names of their columns, in small letters.
pub(super) type Rows = Vec<HashMap<String, String>>;

/// The sheets of a workbook.
pub(super) struct Sheets<'a> {
    book: Xlsx<Cursor<&'a [u8]>>,
    names: HashSet<String>,
}

/// Forms are small. What is packed into more bytes, or would unpack to more, is none; sheets are read cell by cell, so
/// that a lonely cell far below does not fill memory.
const MOST_BYTES: usize = 4 << 20;
const MOST_UNPACKED: u64 = 256 << 20;
const MOST_ROWS: u32 = 50_000;
const MOST_COLUMNS: u32 = 500;

impl<'a> Sheets<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, String> {
        if bytes.len() > MOST_BYTES || unpacked(bytes) > MOST_UNPACKED {
            return Err("the workbook is larger than any form".to_owned());
        }
        let book = Xlsx::new(Cursor::new(bytes)).map_err(|error| format!("the workbook cannot be read: {error}"))?;
        let names = book.sheet_names().into_iter().collect();
        Ok(Self { book, names })
    }

    /// The rows of a sheet; none if there is no such sheet.
    pub fn rows(&mut self, sheet: &str) -> Result<Rows, String> {
        let Some(name) = self.names.iter().find(|name| name.trim().eq_ignore_ascii_case(sheet)) else {
            return Ok(Vec::new());
        };
        let fail = |error: calamine::XlsxError| format!("sheet {sheet}: {error}");
        let mut reader = self.book.worksheet_cells_reader(name).map_err(fail)?;
        let mut header: HashMap<u32, String> = HashMap::new();
        let mut header_row = None;
        let mut rows: Vec<(u32, HashMap<String, String>)> = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(fail)? {
            let (row, column) = cell.get_position();
            let text = text(cell.get_value().clone());
            if text.is_empty() || column > MOST_COLUMNS {
                continue;
            }
            if row > MOST_ROWS {
                return Err(format!("sheet {sheet} has more than {MOST_ROWS} rows"));
            }
            let first = *header_row.get_or_insert(row);
            if row == first {
                header.insert(column, text.to_lowercase().replace("list name", "list_name"));
                continue;
            }
            let Some(name) = header.get(&column) else { continue };
            if rows.last().is_none_or(|(last, _)| *last != row) {
                rows.push((row, HashMap::new()));
            }
            if let Some((_, cells)) = rows.last_mut() {
                cells.insert(name.clone(), text);
            }
        }
        Ok(rows.into_iter().map(|(_, cells)| cells).collect())
    }
}

fn text(cell: DataRef<'_>) -> String {
    Data::from(cell).to_string().trim().to_owned()
}

/// How many bytes the parts of a zip file say that they unpack to.
fn unpacked(bytes: &[u8]) -> u64 {
    const ENTRY: &[u8] = b"PK\x01\x02";
    let size = |at: usize| {
        bytes.get(at + 24..at + 28).map_or(0, |size| u32::from_le_bytes([size[0], size[1], size[2], size[3]]))
    };
    memchr::memmem::find_iter(bytes, ENTRY).map(|at| u64::from(size(at))).sum()
}
