//! What kind of workbook a file is, by what is in it, and whether it is safe to read.
//!
//! New workbooks are zip files. A few kilobytes of zip can unpack to gigabytes, so before a workbook is parsed the sizes of
//! its parts are summed: those that the zip's directory states, and, since the directory may lie, those that unpacking
//! gives. On the way it is seen how many texts the workbook says that it has: its reader makes room for as many.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

use memchr::memmem;
use zip::{ZipArchive, result::ZipError};

use crate::{diagnostic::Diagnostics, io::damaged::unreadable};

use super::sheet::Filling;

/// A kind of workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Excel since 2007, in XML.
    Xlsx,
    /// Excel since 2007, binary.
    Xlsb,
    /// Excel before 2007.
    Xls,
    /// OpenDocument.
    Ods,
}

/// Bytes that the parts of a workbook may unpack to: 1 GiB, about ten million filled cells.
const MOST_BYTES: u64 = 1 << 30;

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";

/// The kind of a workbook, if the file is one.
pub fn kind(path: &Path) -> Option<Kind> {
    let mut start = Vec::new();
    File::open(path).ok()?.take(4).read_to_end(&mut start).ok()?;
    if start == COMPOUND {
        return Some(Kind::Xls);
    }
    if start != ZIP {
        return None;
    }
    kind_of(&ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?)
}

fn kind_of<R: Read + io::Seek>(archive: &ZipArchive<R>) -> Option<Kind> {
    let mut kind = None;
    for name in archive.file_names().flatten() {
        let name = name.trim_start_matches('/').to_lowercase();
        match name.as_str() {
            "xl/workbook.bin" => return Some(Kind::Xlsb),
            "xl/workbook.xml" => return Some(Kind::Xlsx),
            "content.xml" => kind = Some(Kind::Ods),
            _ => {}
        }
    }
    kind
}

/// Looks at a workbook before it is parsed.
pub fn checked(path: &Path) -> Result<Kind, Diagnostics> {
    let failed = |error: io::Error| unreadable(path, error.to_string());
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(8).read_to_end(&mut start));
    read.map_err(failed)?;
    if start.starts_with(COMPOUND) {
        return Ok(Kind::Xls);
    }
    if !start.starts_with(ZIP) {
        let (message, hint) = if start.is_empty() {
            ("the file is empty, expected a workbook", "export or download it again")
        } else {
            let hint = "is it damaged, or of another program? Open it there and save it as .xlsx, or as CSV in UTF-8";
            ("this is no workbook: it begins neither as a zip file nor as an old Excel file", hint)
        };
        return Err(unreadable(path, message).hint(hint).into());
    }
    let file = File::open(path).map_err(failed)?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, &error))?;
    let Some(kind) = kind_of(&archive) else {
        let hint = "unpack it, and name the file of responses in it";
        return Err(unreadable(path, "this is a zip file that holds no workbook").hint(hint).into());
    };
    let mut stated = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| damaged(path, &error))?;
        stated = stated.saturating_add(part.size());
    }
    if stated > MOST_BYTES {
        return Err(too_large(path));
    }
    let unpacked = unpacked(&mut archive).map_err(|error| damaged(path, &error))?;
    if unpacked.bytes > MOST_BYTES || unpacked.texts > Filling::MOST as u64 {
        return Err(too_large(path));
    }
    Ok(kind)
}

/// What is seen of a workbook while it is unpacked.
#[derive(Default)]
struct Unpacked {
    bytes: u64,
    /// The most texts that a part says it has.
    texts: u64,
    /// The end of what was seen.
    tail: Vec<u8>,
}

impl Write for Unpacked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const NAME: &[u8] = b"uniqueCount";
        /// Longer than the name with its number.
        const KEPT: usize = 64;
        self.bytes += bytes.len() as u64;
        self.tail.extend_from_slice(bytes);
        for at in memmem::find_iter(&self.tail, NAME) {
            let value = self.tail[at + NAME.len()..].iter().skip_while(|byte| b" \t\r\n='\"".contains(byte));
            let digits: String =
                value.map(|byte| char::from(*byte)).take_while(char::is_ascii_digit).take(KEPT / 2).collect();
            // Too many digits for a number are too many texts.
            let texts = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
            self.texts = self.texts.max(texts);
        }
        self.tail.drain(..self.tail.len().saturating_sub(KEPT));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Unpacks all parts, as far as they are not too large.
fn unpacked<R: Read + io::Seek>(archive: &mut ZipArchive<R>) -> Result<Unpacked, ZipError> {
    let mut unpacked = Unpacked::default();
    for index in 0..archive.len() {
        let most = MOST_BYTES + 1 - unpacked.bytes;
        io::copy(&mut archive.by_index(index)?.take(most), &mut unpacked)?;
        unpacked.tail.clear();
        if unpacked.bytes > MOST_BYTES {
            break;
        }
    }
    Ok(unpacked)
}

fn damaged(path: &Path, error: &ZipError) -> Diagnostics {
    let message = "the workbook is damaged or was cut off: it begins as a zip file, but cannot be unpacked";
    let hint = format!("export or download it again ({error})");
    unreadable(path, message).hint(hint).into()
}

fn too_large(path: &Path) -> Diagnostics {
    let message = "the workbook unpacks to more than 1 GiB, which topline does not read";
    unreadable(path, message).hint("save the sheet as CSV in UTF-8, or delete sheets that are not needed").into()
}
