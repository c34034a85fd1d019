//! A text that is opened: its encoding, its line ends, the separator of its cells.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter};

use super::{
    decoder::{Decoder, decoded},
    encoding::{Encoding, Seen, name, recognise},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::damaged::unreadable,
};

/// A text, read as UTF-8 with lines that end in a line feed.
pub struct Text {
    source: Source,
    pub encoding: Encoding,
    pub delimiter: u8,
    /// Bytes before the names of the columns in UTF-8, and lines.
    pub before: (usize, u64),
    /// Whether lines end in a carriage return alone, as on old Macs.
    ends_in_returns: bool,
    /// The length of the byte order mark.
    pub mark: u64,
}

enum Source {
    /// UTF-8 as it stands, with the bytes read so far.
    Plain(File, u64),
    Decoded(Box<Decoder>),
}

impl Text {
    /// How much of a text is looked at.
    const LOOKED_AT: usize = 1 << 20;

    /// Opens a text of this encoding, or of that which its beginning shows.
    pub fn open(path: &Path, said: Option<Encoding>) -> Result<Self, Diagnostics> {
        let attempt = || {
            let mut file = File::open(path)?;
            let mut start = Vec::new();
            (&mut file).take(Self::LOOKED_AT as u64).read_to_end(&mut start)?;
            Ok((file, start))
        };
        let failed = |error: io::Error| unreadable(path, error.to_string());
        let (mut file, mut start) = attempt().map_err(failed)?;
        let is_all = start.len() < Self::LOOKED_AT;
        if let Some((what, hint)) = no_text(&start) {
            return Err(Diagnostic::error("not-text", Place::File(path.display().to_string()), what).hint(hint).into());
        }
        let seen = recognise(&start, is_all);
        let Seen { encoding, mark } = match said {
            Some(said) if seen.mark > 0 && !agrees(said, seen.encoding) => {
                return Err(contradiction(path, said, seen.encoding));
            }
            Some(encoding) if seen.mark == 0 => Seen { encoding, mark: 0 },
            _ => seen,
        };
        let beginning =
            if encoding == UTF_8 { start.split_off(mark) } else { decoded(encoding, &start[mark..], is_all) };
        if let Some(hint) = controls(&beginning) {
            let what = "this is no text: it holds bytes that stand for no letter";
            return Err(Diagnostic::error("not-text", Place::File(path.display().to_string()), what).hint(hint).into());
        }
        let ends_in_returns = memchr(b'\n', &beginning).is_none() && memchr(b'\r', &beginning).is_some();
        let line_end = if ends_in_returns { b'\r' } else { b'\n' };
        let said = said_separator(&beginning, line_end);
        let delimiter = said.map_or_else(|| guess_delimiter(&beginning, line_end), |(delimiter, _)| delimiter);
        let before = said.map_or((0, 0), |(_, length)| (length, 1));
        file.seek(SeekFrom::Start(mark as u64)).map_err(failed)?;
        let source = if encoding == UTF_8 {
            Source::Plain(file, 0)
        } else {
            Source::Decoded(Box::new(Decoder::new(file, encoding)))
        };
        Ok(Self { source, encoding, delimiter, before, ends_in_returns, mark: mark as u64 })
    }

    /// Bytes of the file read so far.
    pub fn bytes_read(&self) -> u64 {
        self.mark
            + match &self.source {
                Source::Plain(_, read) => *read,
                Source::Decoded(decoder) => decoder.bytes_read(),
            }
    }
}

impl Read for Text {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        let length = match &mut self.source {
            Source::Plain(file, read) => {
                let length = file.read(wanted)?;
                *read += length as u64;
                length
            }
            Source::Decoded(decoder) => decoder.read(wanted)?,
        };
        if self.ends_in_returns {
            wanted[..length].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        Ok(length)
    }
}

/// What a file is that is no text, whatever its ending says, and what to do: told by its first bytes.
fn no_text(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const BEGINNINGS: [(&[u8], &str, &str); 15] = [
        (
            b"PK\x03\x04",
            "this is a zip file or a workbook, no text",
            "leave its format out, so that it is read as what it is",
        ),
        (
            b"\xD0\xCF\x11\xE0",
            "this is an old Excel workbook, no text",
            "leave its format out, so that it is read as what it is",
        ),
        (b"PAR1", "this is a Parquet file, no text", "leave its format out, so that it is read as what it is"),
        (b"ARROW1", "this is an Arrow file, no text", "leave its format out, so that it is read as what it is"),
        (b"\xFF\xFE\0\0", "the text is in UTF-32", "save it in UTF-8"),
        (b"\0\0\xFE\xFF", "the text is in UTF-32", "save it in UTF-8"),
        (b"$FL", "this is an SPSS file", "its format is sav: leave the format out"),
        (b"<stata", "this is a Stata file", "its format is dta: leave the format out"),
        (b"\x1F\x8B", "this is a file packed with gzip", "unpack it first: gunzip"),
        (b"BZh", "this is a file packed with bzip2", "unpack it first: bunzip2"),
        (b"\xFD7zXZ", "this is a file packed with xz", "unpack it first: unxz"),
        (b"7z\xBC\xAF\x27\x1C", "this is a 7-Zip archive", "unpack it first"),
        (b"\x28\xB5\x2F\xFD", "this is a file packed with Zstandard", "unpack it first: unzstd"),
        (b"%PDF-", "this is a PDF, no table of responses", "export the responses themselves, as CSV or Excel"),
        (b"SQLite format 3\0", "this is a database of SQLite", "export the table of responses as CSV in UTF-8"),
    ];
    let known = BEGINNINGS.iter().find(|(beginning, ..)| start.starts_with(beginning));
    let packed = known.map(|(_, what, hint)| (*what, *hint));
    packed.or_else(|| {
        let page = is_markup(start);
        page.then_some((
            "this is a web page or XML, no table in text, whatever its ending says",
            "open it in Excel or LibreOffice and save it as .xlsx or CSV",
        ))
    })
}

/// Whether a text begins as a web page or XML does.
fn is_markup(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    let head: Vec<u8> = start.iter().take(200).map(u8::to_ascii_lowercase).collect();
    [&b"<!doctype"[..], b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<meta"]
        .iter()
        .any(|tag| head.starts_with(tag))
}

/// What to do if there are too many control characters for a text.
fn controls(text: &[u8]) -> Option<&'static str> {
    /// One in so many, and more than a slip or two.
    const FEW: usize = 50;
    const SLIPS: usize = 3;
    let is_control = |byte: &&u8| matches!(**byte, 0..=8 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let found = text.iter().filter(is_control).count();
    (found > SLIPS && found * FEW > text.len())
        .then_some("is it damaged, packed, or of another program? Export it again, as CSV in UTF-8")
}

/// The separator that Excel is told of in a first line `sep=;`, and the length of the line.
fn said_separator(text: &[u8], line_end: u8) -> Option<(u8, usize)> {
    let end = memchr(line_end, text)?;
    let line = text[..end].trim_ascii_end();
    // The tab is no white space here.
    let line = if text[..end].starts_with(b"sep=\t") { &text[..5] } else { line };
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some((*delimiter, end + 1)),
        _ => None,
    }
}

/// The separator that is most frequent outside quotes in the header row.
fn guess_delimiter(start: &[u8], line_end: u8) -> u8 {
    const KNOWN: [u8; 4] = [b'|', b'\t', b';', b','];
    let mut counts = [0; KNOWN.len()];
    let mut quoted = false;
    for byte in start {
        quoted ^= *byte == b'"';
        match KNOWN.iter().position(|known| known == byte) {
            Some(known) if !quoted => counts[known] += 1,
            _ if *byte == line_end && !quoted => break,
            _ => {}
        }
    }
    // `max_by_key` keeps the last of equals, so the comma stands last.
    KNOWN.into_iter().zip(counts).max_by_key(|(_, count)| *count).map_or(b',', |(known, _)| known)
}

/// Whether a byte order mark is one of the encoding that was said; `utf-16` alone says nothing of the order.
fn agrees(said: Encoding, marked: Encoding) -> bool {
    said == marked || [said, marked].iter().all(|encoding| [UTF_16LE, UTF_16BE].contains(encoding))
}

fn contradiction(path: &Path, said: Encoding, seen: Encoding) -> Diagnostics {
    let (said, seen) = (name(said), name(seen));
    let message = format!("the text begins with the byte order mark of {seen}, but `encoding` says {said}");
    let place = Place::File(path.display().to_string());
    Diagnostic::error("wrong-encoding", place, message).hint("leave the encoding out: the mark says it").into()
}

/// How many lines end in these bytes.
pub fn line_ends(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::{guess_delimiter, no_text, said_separator};

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        for (start, expected) in [
            (&b"PK\x03\x04\x14\x00"[..], "zip"),
            (b"PAR1", "Parquet"),
            (b"\n <HTML>", "web page"),
            (b"\x1f\x8b\x08", "gzip"),
        ] {
            assert!(no_text(start).expect("no text").0.contains(expected), "{expected}");
        }
        assert_eq!(no_text("\u{feff}a,b\nä,1\n".as_bytes()), None);
        assert_eq!(no_text(b""), None);
    }

    #[test]
    fn the_separator_is_seen_in_the_header() {
        let guess = |text: &[u8]| guess_delimiter(text, b'\n');
        assert_eq!(guess(b"a,b,c\n1;2;3;4;5"), b',');
        assert_eq!(guess(b"\"a,b,c\";d;e\n"), b';');
        assert_eq!(guess(b"a\tb\n"), b'\t');
        assert_eq!(guess(b"single"), b',');
        assert_eq!(guess_delimiter(b"a;b\r1,2,3,4\r", b'\r'), b';');
    }

    #[test]
    fn excel_is_told_the_separator_in_a_line_of_its_own() {
        for (text, expected) in [
            (&b"sep=;\r\na;b\n"[..], Some((b';', 7))),
            (b"\"sep=|\"\na|b\n", Some((b'|', 8))),
            (b"sep=\t\na\tb\n", Some((b'\t', 6))),
            (b"sep=\na\n", None),
            (b"separate,b\n", None),
        ] {
            assert_eq!(said_separator(text, b'\n'), expected, "{text:?}");
        }
    }
}
