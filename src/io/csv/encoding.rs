//! In which encoding a text is: told by a byte order mark, by where zeros stand, by being UTF-8, and else by its letters.
//!
//! UTF-8 is certain: text in another encoding is hardly ever valid UTF-8 by chance. Among the encodings of one byte a letter
//! there is no certainty, only what a reader of the language would find likely. So what was recognised is always said,
//! and whoever knows better says so.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use crate::diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean};

/// An encoding, as the WHATWG's Encoding Standard defines it.
pub type Encoding = &'static encoding_rs::Encoding;

/// Those that files of surveys are in, for advice.
const COMMON: [&str; 14] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "macintosh",
    "shift_jis",
];

/// What the beginning of a text shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub encoding: Encoding,
    /// The length of its byte order mark.
    pub mark: usize,
}

/// The encoding of this name.
pub fn of_name(name: &str, place: &Place) -> Result<Encoding, Diagnostics> {
    let known = encoding_rs::Encoding::for_label(name.as_bytes());
    known.filter(|known| ![REPLACEMENT, X_USER_DEFINED].contains(known)).ok_or_else(|| {
        let hint = did_you_mean(name, COMMON).unwrap_or_else(|| format!("known are {} and others", COMMON.join(", ")));
        let message = format!("`{name}` is no encoding that topline reads");
        Diagnostic::error("unknown-encoding", place.clone(), message).hint(hint).into()
    })
}

/// The name, in small letters: `windows-1252`.
#[must_use]
pub fn name(encoding: Encoding) -> String {
    encoding.name().to_lowercase()
}

/// The encoding that the beginning of a text shows; `is_all` if it is the whole text.
pub fn recognise(start: &[u8], is_all: bool) -> Seen {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(start) {
        return Seen { encoding, mark };
    }
    let encoding = wide(start).unwrap_or_else(|| narrow(start, is_all));
    Seen { encoding, mark: 0 }
}

/// UTF-16 without a mark: separators, digits and line breaks have a zero for one of their two bytes, always the same one.
fn wide(start: &[u8]) -> Option<Encoding> {
    const LOOKED_AT: usize = 4096;
    /// One in so many bytes is zero, and so many times more often at one of the two places.
    const ONE_IN: usize = 32;
    const TIMES: usize = 20;
    let start = &start[..start.len().min(LOOKED_AT)];
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Zeros that somebody left in other text are no halves of letters: its line breaks stand alone.
    let breaks = |pair: [u8; 2]| start.chunks_exact(2).filter(|found| *found == pair).count();
    let alone = |second: usize| start.iter().skip(second).step_by(2).filter(|byte| **byte == b'\n').count();
    if (even + odd) * ONE_IN < start.len().max(ONE_IN) {
        None
    } else if odd > even * TIMES && alone(1) <= breaks([b'\n', 0]) {
        Some(UTF_16LE)
    } else if even > odd * TIMES && alone(0) <= breaks([0, b'\n']) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-8, or one whose letters look likely.
fn narrow(start: &[u8], is_all: bool) -> Encoding {
    let Letters { letters, broken } = Letters::of(start, is_all);
    if broken == 0 {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(start, is_all);
    let mut guess = detector.guess(None, Utf8Detection::Deny);
    if !guess.is_single_byte() && stand_alone(start) {
        guess = WINDOWS_1252;
    }
    // Letters in UTF-8 beside others: two files were put together. Any other encoding would garble these letters without a
    // word, while what is not UTF-8 is complained of. By chance such letters stand in text of one byte a letter hardly
    // ever, in text of two bytes now and then.
    let by_chance = if guess.is_single_byte() { broken / 10 } else { broken };
    if letters > by_chance { UTF_8 } else { guess }
}

/// Whether nearly all letters beyond ASCII stand between letters of ASCII, as umlauts do: no text of East Asia. Old
/// encodings of DOS look so, which nobody detects; read as Windows-1252 some of their letters are none, and complained of.
fn stand_alone(text: &[u8]) -> bool {
    let is_beyond = |byte: &u8| *byte >= 0x80;
    let alone = text
        .windows(3)
        .filter(|three| is_beyond(&three[1]) && three[0].is_ascii_alphabetic() && three[2].is_ascii_alphabetic());
    alone.count() * 10 > text.iter().filter(|byte| is_beyond(byte)).count() * 9
}

/// How many letters beyond ASCII are UTF-8, and how many bytes are not.
struct Letters {
    letters: usize,
    broken: usize,
}

impl Letters {
    fn of(start: &[u8], is_all: bool) -> Self {
        let mut found = Self { letters: 0, broken: 0 };
        let mut rest = start;
        loop {
            let (valid, error) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error)),
            };
            found.letters += rest[..valid].iter().filter(|byte| **byte >= 0xC0).count();
            match error.map(|error| error.error_len()) {
                Some(Some(length)) => {
                    found.broken += length;
                    rest = &rest[valid + length..];
                }
                // A letter is cut at the end of what was looked at.
                Some(None) => {
                    found.broken += usize::from(is_all);
                    return found;
                }
                None => return found,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

    use super::recognise;

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        const GERMAN: &str = "Straße;Größe;über 65;Köln;Münster;Zürich;Verständnis;natürlich\n";
        const CZECH: &str = "žádný;měsíčně;příště;každý týden;déle než rok;méně často\n";
        const RUSSIAN: &str = "никогда;каждый день;раз в неделю;затрудняюсь ответить\n";
        for (bytes, expected, mark) in [
            (GERMAN.as_bytes().to_vec(), UTF_8, 0),
            ([b"\xEF\xBB\xBF", GERMAN.as_bytes()].concat(), UTF_8, 3),
            (little(GERMAN), UTF_16LE, 0),
            (big(GERMAN), UTF_16BE, 0),
            (little(&format!("\u{feff}{RUSSIAN}")), UTF_16LE, 2),
            (big(&format!("\u{feff}{RUSSIAN}")), UTF_16BE, 2),
            (little(RUSSIAN), UTF_16LE, 0),
            (WINDOWS_1252.encode(GERMAN).0.into_owned(), WINDOWS_1252, 0),
            (WINDOWS_1250.encode(CZECH).0.into_owned(), WINDOWS_1250, 0),
            (WINDOWS_1251.encode(RUSSIAN).0.into_owned(), WINDOWS_1251, 0),
            (Vec::new(), UTF_8, 0),
        ] {
            let seen = recognise(&bytes, true);
            assert_eq!((seen.encoding, seen.mark), (expected, mark), "{}", expected.name());
        }
    }

    #[test]
    fn a_letter_cut_at_the_end_of_what_is_looked_at_is_no_mistake() {
        let text = "äöü".as_bytes();
        assert_eq!(recognise(&text[..5], false).encoding, UTF_8);
        assert_eq!(recognise(b"n\xfcr", true).encoding, WINDOWS_1252);
    }

    #[test]
    fn text_put_together_of_two_encodings_is_utf8_with_mistakes() {
        assert_eq!(
            recognise("Größe;".as_bytes().iter().chain(b"Gr\xf6\xdfe").copied().collect::<Vec<u8>>().as_slice(), true)
                .encoding,
            UTF_8
        );
    }
}
