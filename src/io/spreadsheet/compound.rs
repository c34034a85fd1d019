//! Old workbooks, before they are parsed: how large their sheets are.
//!
//! An old workbook is a file system in a file, MS-CFB, whose stream `Workbook` is a list of records, MS-XLS. Its reader makes
//! room for all cells between the first and the last of a sheet, and believes what a sheet says of its size. So both are
//! looked at here.

use std::{collections::HashMap, path::Path};

use super::sheet::Filling;

/// What an old workbook holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Sheets of a size that can be read.
    Sheets,
    /// Sheets that are too large.
    TooMany,
    /// A new workbook, encrypted.
    Encrypted,
    /// Something else, such as a document of Word.
    Other,
}

/// Looks through a file.
pub fn look(path: &Path) -> Result<Content, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    Ok(content(&bytes))
}

fn content(bytes: &[u8]) -> Content {
    let Some(files) = Files::of(bytes) else { return Content::Other };
    if files.entry("EncryptedPackage").is_some() {
        return Content::Encrypted;
    }
    let Some(stream) = files.stream("Workbook").or_else(|| files.stream("Book")) else { return Content::Other };
    if cells(&stream) > Filling::MOST as u64 { Content::TooMany } else { Content::Sheets }
}

/// The streams of a file.
struct Files<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector after each.
    next: Vec<u32>,
    /// Name, first sector, size.
    entries: Vec<(String, u32, u64)>,
    next_small: Vec<u32>,
}

const SMALL_SECTOR: usize = 64;
const SMALLER_THAN: u64 = 4096;

impl<'a> Files<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector =
            1_usize.checked_shl(u32::from(u16_at(bytes, 30)?)).filter(|sector| [512, 4096].contains(sector))?;
        let mut files = Self { bytes, sector, next: Vec::new(), entries: Vec::new(), next_small: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|index| u32_at(bytes, 76 + 4 * index)).collect();
        let mut further = u32_at(bytes, 68)?;
        let most = bytes.len() / sector;
        while files.at(further).is_some() && tables.len() <= most {
            let more = files.numbers(further);
            let (next, more) = more.split_last()?;
            tables.extend(more);
            further = *next;
        }
        files.next = tables.iter().flat_map(|table| files.numbers(*table)).collect();
        files.next_small = files.chain(u32_at(bytes, 60)?).flat_map(|sector| files.numbers(sector)).collect();
        let folder: Vec<u8> =
            files.chain(u32_at(bytes, 48)?).filter_map(|sector| files.at(sector)).flatten().copied().collect();
        files.entries = folder.chunks_exact(128).filter_map(entry).collect();
        Some(files)
    }

    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (sector as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).filter(|bytes| !bytes.is_empty())
    }

    fn numbers(&self, sector: u32) -> Vec<u32> {
        let bytes = self.at(sector).unwrap_or_default();
        (0..bytes.len() / 4).filter_map(|index| u32_at(bytes, 4 * index)).collect()
    }

    /// Sectors one after the other; none comes twice.
    fn chain(&self, first: u32) -> impl Iterator<Item = u32> {
        let there = |sector: &u32| self.at(*sector).is_some();
        let next = move |sector: &u32| self.next.get(*sector as usize).copied().filter(there);
        std::iter::successors(Some(first).filter(there), next).take(self.bytes.len() / self.sector)
    }

    fn entry(&self, name: &str) -> Option<&(String, u32, u64)> {
        self.entries.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let whole =
            |first| self.chain(first).filter_map(|sector| self.at(sector)).flatten().copied().collect::<Vec<u8>>();
        let (_, first, size) = self.entry(name)?;
        let mut stream = if *size < SMALLER_THAN {
            let (_, first_of_small, _) = self.entries.first()?;
            let all = whole(*first_of_small);
            let next = |sector: &u32| self.next_small.get(*sector as usize).copied();
            let sectors = std::iter::successors(Some(*first), next).take(SMALLER_THAN as usize / SMALL_SECTOR);
            sectors.filter_map(|sector| all.chunks(SMALL_SECTOR).nth(sector as usize)).flatten().copied().collect()
        } else {
            whole(*first)
        };
        stream.truncate(*size as usize);
        Some(stream)
    }
}

fn entry(bytes: &[u8]) -> Option<(String, u32, u64)> {
    let length = usize::from(u16_at(bytes, 64)?).min(64) / 2;
    let letters: Vec<u16> =
        (0..length).filter_map(|index| u16_at(bytes, 2 * index)).take_while(|letter| *letter > 0).collect();
    let size = u64::from(u32_at(bytes, 120)?);
    (bytes[66] > 0).then(|| Some((String::from_utf16_lossy(&letters), u32_at(bytes, 116)?, size))).flatten()
}

/// The cells that all sheets of a workbook take up, or say that they do if that is more.
fn cells(stream: &[u8]) -> u64 {
    const SHEET: u16 = 0x0085;
    let places = records(stream, 0).filter(|(kind, _)| *kind == SHEET).filter_map(|(_, data)| u32_at(data, 0));
    let mut known = HashMap::new();
    let each = places.map(|place| *known.entry(place).or_insert_with(|| cells_of_sheet(stream, place as usize)));
    each.fold(0, u64::saturating_add)
}

fn cells_of_sheet(stream: &[u8], start: usize) -> u64 {
    const DIMENSIONS: u16 = 0x0200;
    const MANY_NUMBERS: u16 = 0x00BD;
    const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];
    let (mut rows, mut columns, mut said) = ((u64::MAX, 0), (u64::MAX, 0), 0);
    let mut take = |row: u16, column: u16| {
        let (row, column) = (u64::from(row), u64::from(column));
        rows = (rows.0.min(row), rows.1.max(row));
        columns = (columns.0.min(column), columns.1.max(column));
    };
    for (kind, data) in records(stream, start) {
        let (row, column) = (u16_at(data, 0), u16_at(data, 2));
        match (kind, row, column) {
            (DIMENSIONS, ..) if data.len() >= 14 => {
                let row = |at| u64::from(u32_at(data, at).unwrap_or(0));
                let column = |at| u64::from(u16_at(data, at).unwrap_or(0));
                // A last one before the first is no size at all.
                let length = |first: u64, last: u64| last.checked_sub(first).map_or(u64::MAX, |length| length + 1);
                let width = if column(8) > 0xFF || column(10) < column(8) {
                    column(10) + 1
                } else {
                    length(column(8), column(10))
                };
                let high = if row(4) == 0 { 0 } else { length(row(0), row(4)) };
                said = high.saturating_mul(width).max(said);
            }
            (MANY_NUMBERS, Some(row), Some(column)) => {
                take(row, column);
                take(row, data.len().checked_sub(2).and_then(|at| u16_at(data, at)).unwrap_or(column));
            }
            (kind, Some(row), Some(column)) if CELLS.contains(&kind) => take(row, column),
            _ => {}
        }
    }
    let length = |(first, last): (u64, u64)| (last + 1).saturating_sub(first);
    (length(rows) * length(columns)).max(said)
}

/// Kind and content of each record, up to the last of a sheet.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    const BEGIN: u16 = 0x0809;
    const END: u16 = 0x000A;
    let (mut at, mut depth) = (start, 0_u32);
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return None,
            END => depth -= 1,
            _ => {}
        }
        Some((kind, data))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Content, cells, content};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    #[test]
    fn sheets_are_as_large_as_their_cells_lie_apart() {
        let cell =
            |row: u16, column: u16| record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat());
        let sheet = [record(0x0809, &[0; 16]), cell(0, 0), cell(9, 4), record(0x000A, &[])].concat();
        let place = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0; 4]].concat());
        let globals = |at: u32| [record(0x0809, &[0; 16]), place(at), place(at), record(0x000A, &[])].concat();
        let start = globals(0).len() as u32;
        assert_eq!(cells(&[globals(start), sheet].concat()), 100);
    }

    #[test]
    fn old_workbooks_are_told_from_others() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/workbooks");
        let of = |name: &str| content(&std::fs::read(folder.join(name)).expect("the fixture is there"));
        assert_eq!(of("survey.xls"), Content::Sheets);
        assert_eq!(of("password.xlsx"), Content::Encrypted);
        assert_eq!(of("survey.xlsx"), Content::Other);
    }
}
