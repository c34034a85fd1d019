//! Definitions and data in the encodings of older and other systems.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, Read},
    path::Path,
};

use encoding_rs::{Decoder, Encoding, UTF_8, WINDOWS_1252};

/// The text of a definition, by its byte order mark, by what its first line says, or else in UTF-8.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    line(bytes, declared(bytes).unwrap_or(UTF_8), WINDOWS_1252)
}

/// Text in an encoding; what is not UTF-8 although it should be is in the other, which older systems write.
pub(super) fn line<'a>(bytes: &'a [u8], encoding: &'static Encoding, other: &'static Encoding) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if encoding == UTF_8 => Cow::Borrowed(text),
        Err(_) if encoding == UTF_8 => other.decode_without_bom_handling(bytes).0,
        _ => encoding.decode_without_bom_handling(bytes).0,
    }
}

/// The encoding of data that are not UTF-8, where nothing else says so: that of their definition, or else Windows-1252.
pub(super) fn of_data_beside(definition: &Path) -> &'static Encoding {
    let mut start = Vec::new();
    let read = File::open(definition).and_then(|file| file.take(200).read_to_end(&mut start));
    read.ok().and_then(|_| declared(&start)).filter(|encoding| *encoding != UTF_8).unwrap_or(WINDOWS_1252)
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(200)];
    let start = String::from_utf8_lossy(start);
    let declaration = start.strip_prefix("<?xml")?.split("?>").next()?;
    let (_, named) = declaration.split_once("encoding")?;
    let named = named.trim_start().strip_prefix('=')?.trim_start();
    let quote = named.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let encoding = Encoding::for_label(named[1..].split(quote).next()?.as_bytes())?;
    // The declaration would not be legible if it were.
    Some(encoding).filter(|encoding| encoding.is_ascii_compatible())
}

/// Bytes of an encoding as UTF-8.
pub(super) struct Decoded<R> {
    from: R,
    decoder: Decoder,
    ready: Vec<u8>,
    given: usize,
    is_at_end: bool,
}

impl<R: BufRead> Decoded<R> {
    pub(super) fn new(from: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { from, decoder, ready: Vec::new(), given: 0, is_at_end: false }
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.ready.len() && !self.is_at_end {
            let bytes = self.from.fill_buf()?;
            self.is_at_end = bytes.is_empty();
            let most = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(1 << 20);
            self.ready.resize(most.max(16), 0);
            let (_, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.ready, self.is_at_end);
            self.from.consume(read);
            self.ready.truncate(written);
            self.given = 0;
        }
        let length = to.len().min(self.ready.len() - self.given);
        to[..length].copy_from_slice(&self.ready[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use encoding_rs::{UTF_8, UTF_16LE, WINDOWS_1252};

    use super::{Decoded, declared, line, text};

    #[test]
    fn older_encodings_are_read_as_they_are_meant() {
        assert_eq!(line(b"Caf\xE9", UTF_8, WINDOWS_1252), "Café");
        assert_eq!(line("Café".as_bytes(), UTF_8, WINDOWS_1252), "Café");
        assert_eq!(declared(b"<?xml version='1.0' encoding='ISO-8859-1'?>"), Some(WINDOWS_1252));
        assert_eq!(
            text(b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\x80"),
            "<?xml version=\"1.0\" encoding=\"windows-1252\"?>€"
        );
        let bytes: Vec<u8> = "1;ä\n€\n".repeat(9000).encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut read = String::new();
        let decoded = Decoded::new(BufReader::with_capacity(7, bytes.as_slice()), UTF_16LE);
        BufReader::new(decoded).read_to_string(&mut read).expect("text");
        assert_eq!(read, "1;ä\n€\n".repeat(9000));
    }
}
