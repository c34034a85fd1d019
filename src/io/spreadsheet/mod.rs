//! Workbooks of Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument (.ods): one sheet is a table.
//!
//! The sheet is the one that was named, or the first that can be seen and holds something. It is read once and kept, as far
//! as its cells hold something ([how](cell)): a sheet cannot be read in parts. Rows without a filled cell are no rows;
//! rows and columns that are only hidden are read like all others. A title above the names is passed over, and
//! names that stand in two rows below merged cells are put together: `Channel: Phone` ([how](header)).
//!
//! Limits: the parts of a workbook unpack to 1 GiB at most, and a sheet has 40 million filled cells at most.

mod cell;
mod compound;
pub mod container;
mod header;
mod opendocument;
mod sheet;

use std::{fs::File, io::BufReader, path::Path, sync::Arc};

use calamine::{
    Data, DataRef, Dimensions, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};

use self::{
    cell::Cell,
    compound::Content,
    container::{Kind, checked},
    opendocument::Told,
    sheet::{Filling, Merged, Refused},
};
pub use self::{header::Header, sheet::Sheet};
use super::{
    Source,
    damaged::{guarded, unreadable},
    remark::Remark,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    responses::Cells,
};

/// Reads the sheet of this name, or the first that can be seen and holds something.
pub fn read(path: &Path, name: Option<&str>, place: &Place) -> Result<Sheet, Diagnostics> {
    let kind = checked(path)?;
    guarded(path, || {
        let mut book = Book::open(path, kind).map_err(|error| explained(path, &error))?;
        let (seen, hidden) = book.sheets();
        let wanted: Vec<&String> = match name {
            None => seen.iter().collect(),
            Some(name) => match seen.iter().chain(&hidden).find(|known| *known == name) {
                Some(known) => vec![known],
                None => return Err(no_sheet(path, name, &seen, place)),
            },
        };
        for name in wanted {
            let mut sheet = book.read(name).map_err(|error| explained(path, &error))?;
            if !sheet.rows.is_empty() {
                sheet.others = seen.iter().filter(|other| *other != name).cloned().collect();
                sheet.name.clone_from(name);
                return Ok(sheet);
            }
        }
        Err(match name {
            Some(name) => unreadable(path, format!("sheet `{name}` is empty")).into(),
            None => unreadable(path, "the workbook is empty: no sheet that can be seen holds anything").into(),
        })
    })
}

/// Rows of a sheet from the names on, as text, and how many rows there are before them.
pub fn head(sheet: &Sheet, rows: usize) -> (Vec<Vec<String>>, usize) {
    let titles = header::title_rows(sheet);
    let rows = (titles..sheet.rows.len()).take(rows);
    (rows.map(|index| sheet.texts_of_row(index)).collect(), titles)
}

/// The names of columns that stand in two rows, the first of which is this.
pub fn header_of_two_rows(sheet: &Sheet, first: usize) -> Option<Header> {
    header::of_two_rows(sheet, first)
}

/// What is worth knowing of a sheet whose names stand in this row and the following.
pub fn remarks(sheet: &Sheet, titles: usize, header_rows: usize) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if !sheet.others.is_empty() {
        remarks.push(Remark::Sheet { name: sheet.name.clone(), others: sheet.others.clone() });
    }
    if titles > 0 {
        remarks.push(Remark::Title { row: sheet.rows[titles].0 });
    }
    let errors = (header_rows..sheet.rows.len()).flat_map(|index| {
        let number = sheet.rows[index].0;
        let is_error = |(_, cell): &&(u32, Cell)| matches!(cell, Cell::Error(_));
        sheet.row(index).iter().filter(is_error).map(move |(column, cell)| (number, *column, *cell))
    });
    let mut errors = errors.peekable();
    if let Some((row, column, Cell::Error(key))) = errors.peek().copied() {
        let (error, cells) = (sheet.texts.of(key).to_owned(), errors.count());
        remarks.push(Remark::Errors { cells, error, row, column: column as usize + 1 });
    }
    remarks
}

/// A reading of these columns after the header rows.
pub fn open(
    path: &Path,
    sheet: &Arc<Sheet>,
    header_rows: usize,
    indices: Vec<usize>,
) -> Result<Box<dyn Source>, Diagnostics> {
    if sheet.rows.len() <= header_rows {
        return Err(unreadable(path, "the sheet has a header row but no responses").into());
    }
    let name = path.display().to_string();
    Ok(Box::new(Reading { name, sheet: Arc::clone(sheet), indices, row: header_rows, uncomputed: None }))
}

struct Reading {
    /// The name of the file.
    name: String,
    sheet: Arc<Sheet>,
    indices: Vec<usize>,
    /// The next row.
    row: usize,
    /// Row and column of the first formula without a value, and how many there are.
    uncomputed: Option<(u32, usize, u64)>,
}

impl Reading {
    const ROWS: usize = 1 << 14;
}

impl Source for Reading {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        let end = (self.row + Self::ROWS).min(self.sheet.rows.len());
        let first = self.row;
        let mut line = vec![None; self.sheet.width];
        for index in first..end {
            line.fill(None);
            for (column, cell) in self.sheet.row(index) {
                line[*column as usize] = Some(*cell);
            }
            let number = self.sheet.rows[index].0;
            for (index, cells) in self.indices.iter().zip(columns.iter_mut()) {
                match line.get(*index).copied().flatten() {
                    Some(Cell::Number(number_in_cell)) => cells.numbers(&[number_in_cell], u64::from(number)),
                    Some(Cell::Text(key) | Cell::Error(key)) => cells.text(self.sheet.texts.of(key), u64::from(number)),
                    None => cells.text("", u64::from(number)),
                    Some(Cell::Uncomputed) => {
                        self.uncomputed.get_or_insert((number, index + 1, 0)).2 += 1;
                        cells.text("", u64::from(number));
                    }
                }
            }
        }
        self.row = end;
        match self.uncomputed.filter(|_| first == end) {
            Some(found) => Err(uncomputed(&self.name, found)),
            None => Ok(end - first),
        }
    }

    fn part_read(&self) -> f64 {
        self.row as f64 / self.sheet.rows.len().max(1) as f64
    }
}

/// A workbook that is open.
enum Book {
    Xlsx(Box<Xlsx<BufReader<File>>>),
    Xlsb(Box<Xlsb<BufReader<File>>>),
    Xls(Box<Xls<BufReader<File>>>),
    Ods(Box<Ods<BufReader<File>>>, Told),
}

enum Failed {
    Encrypted,
    TooMany,
    Other(String),
}

impl Book {
    fn open(path: &Path, kind: Kind) -> Result<Self, Failed> {
        let file = BufReader::new(File::open(path).map_err(|error| Failed::Other(error.to_string()))?);
        Ok(match kind {
            Kind::Xlsx => Self::Xlsx(Box::new(Xlsx::new(file)?)),
            Kind::Xlsb => Self::Xlsb(Box::new(Xlsb::new(file)?)),
            Kind::Ods => {
                let told = opendocument::look(path).map_err(Failed::Other)?;
                if told.has_too_many {
                    return Err(Failed::TooMany);
                }
                Self::Ods(Box::new(Ods::new(file)?), told)
            }
            Kind::Xls => match compound::look(path).map_err(Failed::Other)? {
                Content::Sheets => Self::Xls(Box::new(Xls::new(file)?)),
                Content::TooMany => return Err(Failed::TooMany),
                // Excel keeps a new workbook with a password in the container of the old ones.
                Content::Encrypted => return Err(Failed::Encrypted),
                Content::Other => return Err(Failed::Other("there is no stream `Workbook` in it".to_owned())),
            },
        })
    }

    /// The names of the sheets that can be seen, and of those that are hidden.
    fn sheets(&self) -> (Vec<String>, Vec<String>) {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book, _) => book.sheets_metadata(),
        };
        // Charts may stand on a sheet of their own.
        let tables = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let (seen, hidden): (Vec<_>, Vec<_>) = tables.partition(|sheet| sheet.visible == SheetVisible::Visible);
        let names = |sheets: Vec<&calamine::Sheet>| sheets.into_iter().map(|sheet| sheet.name.clone()).collect();
        (names(seen), names(hidden))
    }

    fn read(&mut self, name: &str) -> Result<Sheet, Failed> {
        let mut filling = Filling::default();
        let merged = match self {
            Self::Xlsx(book) => {
                let merged = book.merge_cells_by_sheet_name(name)?;
                let mut cells = book.worksheet_cells_reader(name)?;
                while let Some(cell) = cells.next_cell_with_formula_metadata()? {
                    filling.take(cell.pos, &cell.value, cell.formula.is_some())?;
                }
                merged
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(name)?;
                while let Some(cell) = cells.next_cell()? {
                    filling.take(cell.get_position(), cell.get_value(), false)?;
                }
                Vec::new()
            }
            Self::Xls(book) => {
                fill(&mut filling, &book.worksheet_range(name)?)?;
                book.merge_cells_by_sheet_name(name)?
            }
            Self::Ods(book, told) => {
                fill(&mut filling, &book.worksheet_range(name)?)?;
                let mut sheet = filling.finish();
                sheet.merged = told.merged.remove(name).unwrap_or_default();
                return Ok(sheet);
            }
        };
        let mut sheet = filling.finish();
        let rectangle = |Dimensions { start, end }| Merged { rows: (start.0, end.0), columns: (start.1, end.1) };
        sheet.merged = merged.into_iter().map(rectangle).collect();
        Ok(sheet)
    }
}

fn fill(filling: &mut Filling, range: &Range<Data>) -> Result<(), Refused> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let value = match value {
            Data::String(text) => DataRef::SharedString(text),
            Data::Int(number) => DataRef::Int(*number),
            Data::Float(number) => DataRef::Float(*number),
            Data::Bool(value) => DataRef::Bool(*value),
            Data::DateTime(moment) => DataRef::DateTime(*moment),
            Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Data::Error(error) => DataRef::Error(error.clone()),
            Data::Empty => DataRef::Empty,
        };
        filling.take((first_row + row as u32, first_column + column as u32), &value, false)?;
    }
    Ok(())
}

impl From<XlsxError> for Failed {
    fn from(error: XlsxError) -> Self {
        if matches!(error, XlsxError::Password) { Self::Encrypted } else { Self::Other(error.to_string()) }
    }
}

impl From<XlsbError> for Failed {
    fn from(error: XlsbError) -> Self {
        if matches!(error, XlsbError::Password) { Self::Encrypted } else { Self::Other(error.to_string()) }
    }
}

impl From<XlsError> for Failed {
    fn from(error: XlsError) -> Self {
        if matches!(error, XlsError::Password) { Self::Encrypted } else { Self::Other(error.to_string()) }
    }
}

impl From<OdsError> for Failed {
    fn from(error: OdsError) -> Self {
        match error {
            OdsError::Password => Self::Encrypted,
            OdsError::CellLimitExceeded { .. } => Self::TooMany,
            error => Self::Other(error.to_string()),
        }
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooMany => Self::TooMany,
            Refused::Beyond => Self::Other("a cell lies beyond the last column".to_owned()),
        }
    }
}

fn explained(path: &Path, error: &Failed) -> Diagnostics {
    match error {
        Failed::Encrypted => {
            let hint = "open it in Excel or LibreOffice, take the password away, and save it again";
            unreadable(path, "the workbook is protected with a password").hint(hint).into()
        }
        Failed::TooMany => {
            let hint = "save the sheet as CSV in UTF-8, which is read in parts";
            unreadable(path, "the sheet has more filled cells than topline reads from a workbook, 40 million")
                .hint(hint)
                .into()
        }
        Failed::Other(error) => {
            let hint = format!(
                "open it in Excel or LibreOffice and save it again as .xlsx, or the sheet as CSV in UTF-8 ({error})"
            );
            unreadable(path, "the workbook is damaged or was cut off: its parts do not fit together").hint(hint).into()
        }
    }
}

fn no_sheet(path: &Path, name: &str, seen: &[String], place: &Place) -> Diagnostics {
    let message = format!("{} has no sheet `{name}`", path.display());
    let names = || seen.iter().map(String::as_str);
    let hint = did_you_mean(name, names()).unwrap_or_else(|| format!("it has {}", quoted_list(names())));
    Diagnostic::error("unknown-sheet", place.clone(), message).hint(hint).into()
}

fn uncomputed(file: &str, (row, column, cells): (u32, usize, u64)) -> Diagnostics {
    let message = match cells {
        1 => format!("row {row} holds a formula in column {column} that was never computed"),
        cells => {
            format!("{cells} cells hold formulas that were never computed; the first is in row {row}, column {column}")
        }
    };
    let hint = "open the workbook in Excel or LibreOffice and save it: the values are stored then";
    Diagnostic::error("uncomputed", Place::File(file.to_owned()), message).hint(hint).into()
}
