//! Measures and wraps text with the shipped font.

use ab_glyph::Font;

use super::font::Face;

/// The width of one line of text, in the unit of `size`.
///
/// Kerning is left out: in this font it nearly always draws letters together, so the sum of the advances is a safe
/// upper bound.
#[must_use]
pub fn width(text: &str, face: Face, size: f64) -> f64 {
    let font = face.font();
    let units = f64::from(font.units_per_em().unwrap_or(1000.0));
    let advance: f32 = text.chars().map(|letter| font.h_advance_unscaled(font.glyph_id(letter))).sum();
    f64::from(advance) / units * size
}

/// Breaks `text` into lines no wider than `limit`.
///
/// Lines break at spaces (never at no-break spaces) and after a hyphen that a letter follows. A word that is too long
/// for a line of its own is cut after a slash, as units such as mg/dl never are without need, or else between letters,
/// with a hyphen. An empty text has no lines.
#[must_use]
pub fn wrap(text: &str, face: Face, size: f64, limit: f64) -> Vec<String> {
    let fits = |line: &str| width(line.trim_end_matches(' '), face, size) <= limit;
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && !fits(&format!("{line}{piece}")) {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(&piece);
        while !fits(&line) {
            let Some(rest) = cut(&mut line, &fits) else { break };
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    lines.push(line);
    lines.iter().map(|line| line.trim_end_matches(' ').to_owned()).filter(|line| !line.is_empty()).collect()
}

/// As [`wrap`], in no more lines, but with lines of about the same length: no single word is left over.
#[must_use]
pub fn wrap_balanced(text: &str, face: Face, size: f64, limit: f64) -> Vec<String> {
    let mut lines = wrap(text, face, size, limit);
    let (mut too_narrow, mut enough) = (longest_piece(text, face, size).min(limit), limit);
    while lines.len() > 1 && enough - too_narrow > 1.0 {
        let tried = f64::midpoint(too_narrow, enough);
        let narrower = wrap(text, face, size, tried);
        if narrower.len() == lines.len() {
            (lines, enough) = (narrower, tried);
        } else {
            too_narrow = tried;
        }
    }
    lines
}

/// The width of the widest part of `text` that [`wrap`] would not break without need.
#[must_use]
pub fn longest_piece(text: &str, face: Face, size: f64) -> f64 {
    pieces(text).iter().map(|piece| width(piece.trim_end_matches(' '), face, size)).fold(0.0, f64::max)
}

/// The parts of a text between which a line may break. Runs of white space become the one space that ends a part.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if is_breaking_space(letter) {
            if !piece.is_empty() {
                piece.push(' ');
                pieces.push(std::mem::take(&mut piece));
            }
            continue;
        }
        piece.push(letter);
        let next_is_letter = letters.peek().is_some_and(|next| next.is_alphabetic());
        if next_is_letter && letter == '-' {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    pieces.push(piece);
    pieces
}

fn is_breaking_space(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{202f}')
}

/// Shortens `line` to the longest start that fits and ends with a slash, or else with an added hyphen, and gives back
/// what was cut off. At least one letter stays, or else the text would never end; a line of one letter cannot be cut.
fn cut(line: &mut String, fits: &impl Fn(&str) -> bool) -> Option<String> {
    let slashes = line.match_indices('/').map(|(at, slash)| at + slash.len());
    if let Some(end) = slashes.filter(|&end| end < line.len() && fits(&line[..end])).last() {
        return Some(line.split_off(end));
    }
    let ends: Vec<usize> = line.char_indices().map(|(at, _)| at).skip(1).collect();
    let end = *ends.iter().rev().find(|&&end| fits(&format!("{}-", &line[..end]))).or(ends.first())?;
    let rest = line.split_off(end);
    line.push('-');
    Some(rest)
}
