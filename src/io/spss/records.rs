//! The records of an SPSS file before its data, as far as their lengths: what the reader of dictionaries leaves out
//! is found here.
//!
//! The layout is that of Ben Pfaff, "System File Format", in *PSPP Developers Guide*, appendix B:
//! <https://www.gnu.org/software/pspp/pspp-dev/html_node/System-File-Format.html>.

use std::io::{Read, Result, Seek, SeekFrom};

/// What stands at fixed places of the file.
pub(super) struct Header {
    /// How the data are packed: 0 not at all, 1 in bytes, 2 in compressed blocks of bytes.
    pub compression: i32,
    /// How many rows, where it says so.
    pub rows: Option<u64>,
    /// What is taken from a byte that stands for a small number.
    pub bias: f64,
}

/// The records.
#[derive(Default)]
pub(super) struct Records {
    /// For every eight bytes of a row: the type of what begins there (0 a number, -1 nothing, else the length of a
    /// text), and its short name.
    pub slots: Vec<(i32, Vec<u8>)>,
    /// Further information, by its kind.
    pub further: Vec<(i32, Vec<u8>)>,
}

/// Where the way in which the data are packed is written.
pub(super) const COMPRESSION_AT: u64 = 72;
/// Bytes before the first record.
const HEADER: u64 = 176;

/// Reads the header; `None` if its numbers are not written from the least byte to the greatest.
pub(super) fn header(file: &mut (impl Read + Seek)) -> Result<Option<Header>> {
    file.seek(SeekFrom::Start(64))?;
    let layout = int(file)?;
    file.seek(SeekFrom::Start(COMPRESSION_AT))?;
    let (compression, _, rows) = (int(file)?, int(file)?, int(file)?);
    let bias = f64::from_le_bytes(bytes(file)?);
    Ok(matches!(layout, 2 | 3).then_some(Header { compression, rows: u64::try_from(rows).ok(), bias }))
}

impl Records {
    /// Reads all records of a file of this length; the data follow.
    pub fn read(file: &mut (impl Read + Seek), length: u64) -> Result<Self> {
        const VARIABLE: i32 = 2;
        const LABELS: i32 = 3;
        const LABELLED: i32 = 4;
        const NOTES: i32 = 6;
        const FURTHER: i32 = 7;
        const END: i32 = 999;
        file.seek(SeekFrom::Start(HEADER))?;
        let mut records = Self::default();
        loop {
            match int(file)? {
                VARIABLE => records.slots.push(variable(file, length)?),
                LABELS => {
                    for _ in 0..int(file)? {
                        skip(file, 8)?;
                        let [letters] = bytes(file)?;
                        skip(file, (u64::from(letters) + 1).next_multiple_of(8) - 1)?;
                    }
                }
                LABELLED => {
                    let variables = count(file, length)?;
                    skip(file, 4 * variables)?;
                }
                NOTES => {
                    let lines = count(file, length)?;
                    skip(file, 80 * lines)?;
                }
                FURTHER => {
                    let kind = int(file)?;
                    let (size, number) = (count(file, length)?, count(file, length)?);
                    records.further.push((kind, block(file, size * number, length)?));
                }
                END => {
                    skip(file, 4)?;
                    return Ok(records);
                }
                _ => return Err(std::io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

/// A variable: its type and short name.
fn variable(file: &mut (impl Read + Seek), length: u64) -> Result<(i32, Vec<u8>)> {
    let (kind, has_label, missing) = (int(file)?, int(file)?, int(file)?);
    skip(file, 8)?;
    let name: [u8; 8] = bytes(file)?;
    if has_label == 1 {
        let letters = count(file, length)?;
        skip(file, letters.next_multiple_of(4))?;
    }
    skip(file, 8 * u64::from(missing.unsigned_abs().min(3)))?;
    Ok((kind, name.trim_ascii_end().to_owned()))
}

fn int(file: &mut impl Read) -> Result<i32> {
    bytes(file).map(i32::from_le_bytes)
}

/// A number of things that cannot be more than the file has bytes.
fn count(file: &mut impl Read, length: u64) -> Result<u64> {
    let count = u64::try_from(int(file)?).ok().filter(|count| *count <= length);
    count.ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}

fn bytes<const LENGTH: usize>(file: &mut impl Read) -> Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn block(file: &mut impl Read, wanted: u64, length: u64) -> Result<Vec<u8>> {
    let mut block = Vec::new();
    let read = file.take(wanted.min(length)).read_to_end(&mut block)? as u64;
    if read == wanted { Ok(block) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}

fn skip(file: &mut impl Seek, bytes: u64) -> Result<()> {
    file.seek_relative(i64::try_from(bytes).map_err(|_| std::io::ErrorKind::InvalidData)?)
}
