//! A file that is read by somebody who makes room for what a length promises before looking whether it is there.

use std::{
    fs::File,
    io::{BufReader, Error, ErrorKind, Read, Result as IoResult, Seek, SeekFrom},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

/// A file whose lengths are held against its own before anybody makes room for what they promise.
pub(super) struct Careful {
    file: BufReader<File>,
    pub length: u64,
    at: u64,
    is_big_endian: bool,
    /// Which four bytes are lengths; whoever holds the reader knows which part of the file is being read.
    pub lengths: Arc<AtomicU8>,
    /// Whether what was read last stands before a length.
    is_after_mark: bool,
}

impl Careful {
    /// Four bytes are no length.
    pub const NOWHERE: u8 = 0;
    /// They are one after a single byte and after `<ch>`.
    pub const AFTER_A_MARK: u8 = 1;
    /// They always are.
    pub const EVERYWHERE: u8 = 2;

    pub fn open(path: &Path) -> IoResult<Self> {
        const START: usize = 120;
        const END: &[u8] = b"</stata_dta>";
        let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
        let length = file.get_ref().metadata()?.len();
        let mut start = Vec::new();
        (&mut file).take(START as u64).read_to_end(&mut start)?;
        let is_new = start.starts_with(b"<");
        if is_new {
            let mut end = Vec::new();
            file.seek(SeekFrom::Start(length.saturating_sub(END.len() as u64)))?;
            file.read_to_end(&mut end)?;
            if end != END {
                return Err(Error::new(ErrorKind::UnexpectedEof, "its end is missing"));
            }
        }
        file.rewind()?;
        let is_big_endian = if is_new { start.windows(3).any(|word| word == b"MSF") } else { start.get(1) == Some(&1) };
        let lengths = Arc::new(AtomicU8::new(Self::NOWHERE));
        Ok(Self { file, length, at: 0, is_big_endian, lengths, is_after_mark: false })
    }
}

impl Read for Careful {
    fn read(&mut self, bytes: &mut [u8]) -> IoResult<usize> {
        let read = self.file.read(bytes)?;
        self.at += read as u64;
        Ok(read)
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> IoResult<()> {
        let left = self.length.saturating_sub(self.at);
        if left < bytes.len() as u64 {
            // At the very end there may simply be nothing more.
            let kind = if left == 0 { ErrorKind::UnexpectedEof } else { ErrorKind::InvalidData };
            return Err(Error::new(kind, "the file ends too early"));
        }
        self.file.read_exact(bytes)?;
        self.at += bytes.len() as u64;
        let watched = self.lengths.load(Ordering::Relaxed);
        let is_length = watched == Self::EVERYWHERE || watched == Self::AFTER_A_MARK && self.is_after_mark;
        if let (true, Ok(four)) = (is_length, <[u8; 4]>::try_from(&*bytes)) {
            let length = if self.is_big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
            if u64::from(length) > self.length {
                return Err(Error::new(ErrorKind::InvalidData, "something is said to be longer than the file"));
            }
        }
        self.is_after_mark = bytes.len() == 1 || bytes == b"<ch>";
        Ok(())
    }
}

impl Seek for Careful {
    fn seek(&mut self, to: SeekFrom) -> IoResult<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}
