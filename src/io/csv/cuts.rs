//! Cuts text into pieces of whole records, so that several threads can split them into cells.

use memchr::{memchr, memchr3, memrchr};

/// Where records end, and what is wrong with quotes.
#[derive(Default)]
pub struct Cuts {
    /// One end at least every so many bytes if records are so short, and the last one.
    pub ends: Vec<usize>,
    /// A closing quote that neither a separator nor a line break follows.
    pub stray: Option<usize>,
    /// An opening quote without a closing one.
    pub open: Option<usize>,
}

/// Finds where records end, at least every `apart` bytes if they are so short.
pub fn record_ends(text: &[u8], delimiter: u8, apart: usize) -> Cuts {
    let mut found = Cuts::default();
    let ends = &mut found.ends;
    let mut start = 0;
    if memchr(b'"', text).is_none() {
        while start < text.len() {
            let reach = (start + apart).min(text.len());
            let last = memrchr(b'\n', &text[start..reach]);
            let Some(end) = last.or_else(|| memchr(b'\n', &text[reach..]).map(|end| reach - start + end)) else {
                break;
            };
            start += end + 1;
            ends.push(start);
        }
        return found;
    }
    // Quotes may hide line breaks. A quote means something only at the start of a cell.
    let mut position = 0;
    let mut last = 0;
    while position < text.len() {
        if text[position] == b'"' {
            let opening = position;
            position += 1;
            loop {
                let Some(quote) = memchr(b'"', &text[position..]) else {
                    found.open = Some(opening);
                    position = text.len();
                    break;
                };
                position += quote + 1;
                if text.get(position) != Some(&b'"') {
                    break;
                }
                position += 1;
            }
            let after = text[position..].iter().find(|byte| **byte != b' ').copied().unwrap_or(b'\n');
            if after != delimiter && !matches!(after, b'\n' | b'\r') {
                found.stray.get_or_insert(position);
            }
        }
        let Some(end) = memchr3(delimiter, b'\n', b'\r', &text[position.min(text.len())..]) else { break };
        position += end + 1;
        if text[position - 1] == b'\n' {
            last = position;
            if last - start >= apart {
                ends.push(last);
                start = last;
            }
        }
    }
    if last > start {
        ends.push(last);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::record_ends;

    #[test]
    fn records_end_at_line_breaks_outside_quotes() {
        assert_eq!(record_ends(b"a,b\nc,d\ne", b',', 1).ends, [4, 8]);
        assert_eq!(record_ends(b"a,b\nc,d\ne", b',', 100).ends, [8]);
        assert_eq!(record_ends(b"\"a\nb\",c\n\"d\"\"\n\",e\nf", b',', 1).ends, [8, 17]);
        assert_eq!(record_ends(b"5\" nail,c\nd,e\n", b',', 1).ends, [10, 14]);
        assert_eq!(record_ends(b"a,\"never closed\n", b',', 1).open, Some(2));
        assert_eq!(record_ends(b"a,\"b\nc,\"d\n", b',', 1).stray, Some(8));
        assert_eq!(record_ends(b"a,\"b\" ,\"\"\n", b',', 1).stray, None);
        assert_eq!(record_ends(b"a\r\n\"b\r\n\"\r\n", b',', 1).ends, [3, 10]);
    }
}
