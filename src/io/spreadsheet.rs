//! Workbooks of Excel and OpenDocument: one sheet is a table, its first rows are the header.

use std::{fs::File, io::BufReader, path::Path};

use calamine::{Data, Error, Ods, Range, Reader, Sheets, Xls, Xlsb, Xlsx};

use super::Source;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    responses::Cells,
};

/// The first rows, as text.
pub fn head(path: &Path, rows: usize) -> Result<Vec<Vec<String>>, Diagnostics> {
    let sheet = sheet(path)?;
    Ok(sheet.rows().take(rows).map(|row| row.iter().map(text).collect()).collect())
}

/// A reading of these columns after the header rows.
pub fn open(path: &Path, header_rows: usize, indices: Vec<usize>) -> Result<Box<dyn Source>, Diagnostics> {
    let sheet = sheet(path)?;
    if sheet.height() <= header_rows {
        return Err(failure(path, "the sheet has a header row but no responses"));
    }
    Ok(Box::new(Sheet { cells: sheet, indices, row: header_rows }))
}

struct Sheet {
    cells: Range<Data>,
    indices: Vec<usize>,
    /// The next row.
    row: usize,
}

impl Sheet {
    const ROWS: usize = 1 << 14;
}

impl Source for Sheet {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        let first = self.cells.start().map_or(0, |(row, _)| u64::from(row)) + 1;
        let mut rows = 0;
        for (row, position) in self.cells.rows().zip(first..).skip(self.row).take(Self::ROWS) {
            self.row += 1;
            if row.iter().all(|cell| *cell == Data::Empty) {
                continue;
            }
            rows += 1;
            for (index, cells) in self.indices.iter().zip(columns.iter_mut()) {
                match row.get(*index) {
                    Some(Data::Float(number)) => cells.numbers(&[*number], position),
                    Some(Data::Int(number)) => cells.numbers(&[*number as f64], position),
                    other => cells.text(&other.map(text).unwrap_or_default(), position),
                }
            }
        }
        Ok(rows)
    }

    fn part_read(&self) -> f64 {
        self.row as f64 / self.cells.height().max(1) as f64
    }
}

/// The first sheet that holds anything.
fn sheet(path: &Path) -> Result<Range<Data>, Diagnostics> {
    let mut book = book(path)
        .map_err(|error| failure(path, &format!("cannot be read as a workbook of Excel or OpenDocument: {error}")))?;
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).map_err(|error| failure(path, &format!("sheet {name}: {error}")))?;
        if !sheet.is_empty() {
            return Ok(sheet);
        }
    }
    Err(failure(path, "the workbook is empty: no sheet holds anything"))
}

fn book(path: &Path) -> Result<Sheets<BufReader<File>>, Error> {
    let file = BufReader::new(File::open(path)?);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    Ok(match ending.as_str() {
        "ods" => Sheets::Ods(Ods::new(file).map_err(Error::Ods)?),
        "xlsb" => Sheets::Xlsb(Xlsb::new(file).map_err(Error::Xlsb)?),
        "xls" => Sheets::Xls(Xls::new(file).map_err(Error::Xls)?),
        _ => Sheets::Xlsx(Xlsx::new(file).map_err(Error::Xlsx)?),
    })
}

fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string(),
    }
}

fn failure(path: &Path, message: &str) -> Diagnostics {
    Diagnostic::error("unreadable", Place::File(path.display().to_string()), message).into()
}
