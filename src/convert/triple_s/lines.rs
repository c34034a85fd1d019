//! The line of a respondent.

use super::item::{Item, Kind};
use crate::{convert::kept::Kept, responses::Texts, study::same_code};

/// Adds what a respondent says of a variable.
pub(super) fn add(line: &mut String, item: &Item, texts: &[Texts], row: usize) {
    let width = item.width;
    let cell = |column: usize| texts[column].cell(row).trim();
    match &item.kind {
        Kind::Bits { codes, chosen, missing, only_ticks } => {
            let mut bits = vec![b'0'; width];
            let mut is_answered = *only_ticks;
            for ((column, code), variable) in item.columns.iter().zip(codes).zip(missing) {
                let cell = cell(*column);
                if cell.is_empty() || Kept::is_missing(variable, cell) {
                    continue;
                }
                is_answered = true;
                if chosen.iter().any(|chosen| same_code(chosen, cell)) {
                    bits[code - 1] = b'1';
                }
            }
            if is_answered {
                line.extend(bits.into_iter().map(char::from));
            } else {
                line.extend(std::iter::repeat_n(' ', width));
            }
        }
        Kind::Spread { width: subfield } => {
            let is_answered = item.columns.iter().any(|column| !cell(*column).is_empty());
            for column in &item.columns {
                let code = match cell(*column) {
                    "" if is_answered => "0",
                    code => code,
                };
                add_right(line, code, *subfield);
            }
        }
        Kind::Single | Kind::Quantity(..) | Kind::Logical => add_right(line, cell(item.columns[0]), width),
        Kind::Character | Kind::Literal => {
            let text = cell(item.columns[0]);
            line.extend(text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }));
            add_blanks(line, width.saturating_sub(text.chars().count()));
        }
    }
}

fn add_right(line: &mut String, text: &str, width: usize) {
    add_blanks(line, width.saturating_sub(text.chars().count()));
    *line += text;
}

/// Wider than the padding of formats reaches: an answer in own words may be long.
fn add_blanks(line: &mut String, number: usize) {
    line.extend(std::iter::repeat_n(' ', number));
}
