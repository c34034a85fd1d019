//! Turns text of any encoding into UTF-8 while it is read, in bounded memory.
//!
//! What is no letter in its encoding becomes a byte that is not UTF-8 either, so that the cell is complained of where
//! it is wanted, with its line, and nowhere else.

use std::{
    fs::File,
    io::{self, Read},
};

use encoding_rs::{Decoder as Decoding, DecoderResult, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr_iter;

use super::encoding::Encoding;

/// A file that is read as if it were in UTF-8.
pub struct Decoder {
    file: File,
    decoding: Decoding,
    is_one_byte_a_letter: bool,
    input: Vec<u8>,
    output: Vec<u8>,
    /// How much of `output` has been handed over.
    given: usize,
    is_at_end: bool,
    read: u64,
}

/// Stands where there is no letter; never part of UTF-8.
const NO_LETTER: u8 = 0xFF;

impl Decoder {
    const CHUNK: usize = 1 << 16;

    /// From where the file stands.
    pub fn new(file: File, encoding: Encoding) -> Self {
        Self {
            file,
            decoding: encoding.new_decoder_without_bom_handling(),
            is_one_byte_a_letter: encoding.is_single_byte() && ![UTF_8, UTF_16LE, UTF_16BE].contains(&encoding),
            input: vec![0; Self::CHUNK],
            output: Vec::new(),
            given: 0,
            is_at_end: false,
            read: 0,
        }
    }

    /// Bytes of the file read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    fn refill(&mut self) -> io::Result<()> {
        self.output.clear();
        self.given = 0;
        while self.output.is_empty() && !self.is_at_end {
            let read = self.file.read(&mut self.input)?;
            self.read += read as u64;
            self.is_at_end = read == 0;
            decode(&mut self.decoding, &self.input[..read], self.is_at_end, &mut self.output);
            if self.is_one_byte_a_letter {
                mark_controls(&mut self.output);
            }
        }
        Ok(())
    }
}

impl Read for Decoder {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        if self.given == self.output.len() {
            self.refill()?;
        }
        let length = wanted.len().min(self.output.len() - self.given);
        wanted[..length].copy_from_slice(&self.output[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

/// All of a text in UTF-8, as far as it goes.
pub fn decoded(encoding: Encoding, bytes: &[u8], is_all: bool) -> Vec<u8> {
    let mut output = Vec::new();
    decode(&mut encoding.new_decoder_without_bom_handling(), bytes, is_all, &mut output);
    output
}

fn decode(decoding: &mut Decoding, mut bytes: &[u8], is_last: bool, output: &mut Vec<u8>) {
    loop {
        let start = output.len();
        // As much as a letter needs at least; the decoder says when it needs more room.
        let room = decoding.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() + 16);
        output.resize(start + room, 0);
        let (result, read, written) = decoding.decode_to_utf8_without_replacement(bytes, &mut output[start..], is_last);
        output.truncate(start + written);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => output.push(NO_LETTER),
        }
    }
}

/// Encodings of one byte a letter leave few bytes without one, and the standard then reads a control character: a sign
/// that the text is in another one.
fn mark_controls(output: &mut [u8]) {
    const LEAD: u8 = 0xC2;
    let at: Vec<usize> = memchr_iter(LEAD, output).collect();
    for position in at {
        if let Some(second @ 0x80..=0x9F) = output.get(position + 1).copied()
            && second != NO_LETTER
        {
            output[position..position + 2].fill(NO_LETTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, SeekFrom, Write};

    use encoding_rs::{SHIFT_JIS, UTF_16LE, WINDOWS_1252};

    use super::{Decoder, Encoding};

    fn read(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).and_then(|()| file.seek(SeekFrom::Start(0))).expect("written");
        let mut read = Vec::new();
        Decoder::new(file, encoding).read_to_end(&mut read).expect("read");
        read
    }

    #[test]
    fn letters_that_lie_across_chunks_stay_whole() {
        let text = "x".to_owned() + &"äüß😀日本".repeat(30_000);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide, UTF_16LE), text.as_bytes());
        let japanese = "x".to_owned() + &"日本語の回答".repeat(20_000);
        assert_eq!(read(&SHIFT_JIS.encode(&japanese).0, SHIFT_JIS), japanese.as_bytes());
        assert_eq!(read(b"", UTF_16LE), b"");
    }

    #[test]
    fn what_is_no_letter_is_no_text() {
        assert_eq!(read(b"a\x81b\xfc", WINDOWS_1252), b"a\xFF\xFFb\xC3\xBC");
        assert_eq!(read(b"\x00\xD8a\x00", UTF_16LE), b"\xFFa");
        assert_eq!(read(b"a\x00b", UTF_16LE), b"a\xFF");
    }
}
