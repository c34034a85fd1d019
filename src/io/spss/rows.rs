//! The rows of an SPSS file: eight bytes for each number and for each eight letters, packed or not.
//!
//! They are unpacked here, row by row, since the reader of dictionaries holds all packed data of a file in memory.

use std::{
    fs::File,
    io::{BufReader, Error, ErrorKind, Read, Result, Seek, SeekFrom},
    vec::IntoIter,
};

use flate2::read::ZlibDecoder;

use super::records::Header;

/// Reads row by row.
pub(super) enum Rows {
    Plain(BufReader<File>),
    Bytes(Unpacked<BufReader<File>>),
    Blocks(Box<Unpacked<BufReader<Inflated>>>),
}

impl Rows {
    /// Before the first row, where the data of the file begin.
    pub fn open(mut file: BufReader<File>, header: &Header, data_at: u64) -> Result<Self> {
        file.seek(SeekFrom::Start(data_at))?;
        match header.compression {
            0 => Ok(Self::Plain(file)),
            1 => Ok(Self::Bytes(Unpacked::new(file, header.bias))),
            2 => {
                let inflated = Inflated::open(file)?;
                Ok(Self::Blocks(Box::new(Unpacked::new(BufReader::with_capacity(1 << 16, inflated), header.bias))))
            }
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }

    /// Fills a row; `false` at the end.
    pub fn next(&mut self, row: &mut [u8]) -> Result<bool> {
        match self {
            Self::Plain(file) => match full(file, row)? {
                0 => Ok(false),
                read if read == row.len() => Ok(true),
                _ => Err(ErrorKind::UnexpectedEof.into()),
            },
            Self::Bytes(unpacked) => unpacked.next(row),
            Self::Blocks(unpacked) => unpacked.next(row),
        }
    }
}

/// Unpacks bytes each of which stands for eight: a small number, blanks, no number, or eight bytes that follow.
pub(super) struct Unpacked<R> {
    packed: R,
    bias: f64,
    bytes: [u8; 8],
    /// The next of these bytes.
    at: usize,
}

impl<R: Read> Unpacked<R> {
    fn new(packed: R, bias: f64) -> Self {
        Self { packed, bias, bytes: [0; 8], at: 8 }
    }

    fn next(&mut self, row: &mut [u8]) -> Result<bool> {
        const END: u8 = 252;
        const AS_IT_IS: u8 = 253;
        const BLANKS: u8 = 254;
        const NO_NUMBER: u8 = 255;
        for (index, slot) in row.chunks_exact_mut(8).enumerate() {
            match self.byte()? {
                None | Some(END) if index == 0 => return Ok(false),
                None | Some(END) => return Err(ErrorKind::UnexpectedEof.into()),
                Some(AS_IT_IS) => self.packed.read_exact(slot)?,
                Some(BLANKS) => slot.fill(b' '),
                Some(NO_NUMBER) => slot.copy_from_slice(&super::NO_NUMBER.to_le_bytes()),
                Some(small) => slot.copy_from_slice(&(f64::from(small) - self.bias).to_le_bytes()),
            }
        }
        Ok(true)
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        loop {
            if self.at == self.bytes.len() {
                match full(&mut self.packed, &mut self.bytes)? {
                    0 => return Ok(None),
                    8 => self.at = 0,
                    _ => return Err(ErrorKind::UnexpectedEof.into()),
                }
            }
            self.at += 1;
            // A zero fills up what is left of eight bytes.
            if self.bytes[self.at - 1] != 0 {
                return Ok(Some(self.bytes[self.at - 1]));
            }
        }
    }
}

/// Reads compressed blocks one after the other.
pub(super) struct Inflated {
    blocks: IntoIter<Block>,
    /// The block that is being read, and how many of its bytes are still to come.
    current: Option<(ZlibDecoder<std::io::Take<BufReader<File>>>, u64)>,
    file: Option<BufReader<File>>,
}

struct Block {
    at: u64,
    packed: u64,
    unpacked: u64,
}

impl Inflated {
    fn open(mut file: BufReader<File>) -> Result<Self> {
        let length = file.get_ref().metadata()?.len();
        let (_, list_at, list) = (number(&mut file)?, number(&mut file)?, number(&mut file)?);
        file.seek(SeekFrom::Start(list_at))?;
        number(&mut file)?;
        number(&mut file)?;
        let (_, count) = (small_number(&mut file)?, small_number(&mut file)?);
        if list > length || count.checked_mul(24).and_then(|bytes| bytes.checked_add(24)) != Some(list) {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut blocks = Vec::new();
        for _ in 0..count {
            let (_, at) = (number(&mut file)?, number(&mut file)?);
            let (unpacked, packed) = (small_number(&mut file)?, small_number(&mut file)?);
            if at.checked_add(packed).is_none_or(|end| end > length) {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            blocks.push(Block { at, packed, unpacked });
        }
        Ok(Self { blocks: blocks.into_iter(), current: None, file: Some(file) })
    }
}

impl Read for Inflated {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        loop {
            if let Some((block, left)) = &mut self.current {
                let read = block.read(bytes)?;
                *left = left.checked_sub(read as u64).ok_or(ErrorKind::InvalidData)?;
                match (read, *left) {
                    (0, 0) if !bytes.is_empty() => {}
                    (0, _) if !bytes.is_empty() => return Err(ErrorKind::UnexpectedEof.into()),
                    _ => return Ok(read),
                }
            }
            let Some(block) = self.blocks.next() else { return Ok(0) };
            let before = self.current.take().map(|(block, _)| block.into_inner().into_inner());
            let mut file = before.or_else(|| self.file.take()).ok_or_else(|| Error::from(ErrorKind::NotFound))?;
            file.seek(SeekFrom::Start(block.at))?;
            self.current = Some((ZlibDecoder::new(file.take(block.packed)), block.unpacked));
        }
    }
}

/// Reads as much as there is.
fn full(file: &mut impl Read, bytes: &mut [u8]) -> Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match file.read(&mut bytes[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

fn number(file: &mut impl Read) -> Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn small_number(file: &mut impl Read) -> Result<u64> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u64::from(u32::from_le_bytes(bytes)))
}
