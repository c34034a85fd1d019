//! Text in lines of a terminal: breaking, padding, measuring in columns.

use unicode_width::UnicodeWidthStr;

/// Breaks a text into lines of at most `width` columns: at spaces (never at no-break spaces), after a slash, and after
/// a hyphen that a letter follows. Only a word that is too long for a line of its own is cut, with a hyphen.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_ascii_whitespace() {
        let mut gap = " ";
        for part in pieces(word).into_iter().flat_map(|piece| cut(piece, width)) {
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(&part),
                Some(line) if line.width() + gap.len() + part.width() <= width => {
                    line.push_str(gap);
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
            gap = "";
        }
    }
    lines
}

/// The width of the widest part of a text that [`wrap`] would not break without need.
pub(super) fn longest_piece(text: &str) -> usize {
    text.split_ascii_whitespace().flat_map(pieces).map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// A number, and the mark of a low base behind it, which hangs at the right so that digits stand below digits.
#[must_use]
pub fn number_and_mark(cell: &str) -> (&str, &str) {
    cell.split_at(cell.trim_end_matches('*').len())
}

/// Pads a text on the left to `width` columns.
#[must_use]
pub fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// Pads a text on the right to `width` columns.
#[must_use]
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The parts of a word between which a line may break. The bracket of `(Fach-)Abitur` stays with its hyphen,
/// and so does the word of an option such as `--by`.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in word.char_indices().filter(|(_, letter)| letter.is_alphabetic()) {
        let before = word[start..at].trim_end_matches(')');
        if before.ends_with(['-', '/']) && before.contains(char::is_alphanumeric) {
            pieces.push(&word[start..at]);
            start = at;
        }
    }
    pieces.push(&word[start..]);
    pieces
}

/// A piece that fits in `width` columns, or its parts with hyphens; no part is a mere ending of one or two letters.
fn cut(piece: &str, width: usize) -> Vec<String> {
    const SHORTEST_REST: usize = 3;
    let mut parts = Vec::new();
    let mut rest = piece;
    while rest.width() > width {
        let room = width.saturating_sub(1).min(rest.width().saturating_sub(SHORTEST_REST)).max(1);
        let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let Some(end) = ends.take_while(|end| rest[..*end].width() <= room).last() else { break };
        parts.push(format!("{}-", &rest[..end]));
        rest = &rest[end..];
    }
    parts.push(rest.to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces_slashes_and_hyphens_before_words_are_cut() {
        assert_eq!(
            wrap("IIIa: Rhineland-Palatinate, Saarland", 12),
            ["IIIa:", "Rhineland-", "Palatinate,", "Saarland"]
        );
        assert_eq!(wrap("Sachsen/Thüringen", 10), ["Sachsen/", "Thüringen"]);
        assert_eq!(wrap("(Fach-)Hochschulreife", 20), ["(Fach-)", "Hochschulreife"]);
        assert_eq!(wrap("im Alter von 18-29", 15), ["im Alter von", "18-29"]);
        assert_eq!(wrap("rund 54,2\u{202f}%", 8), ["rund", "54,2\u{202f}%"]);
    }

    #[test]
    fn a_word_that_fits_on_no_line_is_cut_with_a_hyphen_and_leaves_no_mere_ending() {
        assert_eq!(wrap("Hochschulzugangsberechtigung", 20), ["Hochschulzugangsber-", "echtigung"]);
        assert_eq!(wrap("Meinungsforschung", 16), ["Meinungsforsch-", "ung"]);
        for width in 1..30 {
            let lines = wrap("Eine Hochschulzugangsberechtigung", width);
            assert_eq!(lines.concat().replace('-', ""), "EineHochschulzugangsberechtigung", "{width}");
        }
    }
}
