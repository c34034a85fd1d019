//! Turns the values of a column into small codes.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// The code of a blank cell.
pub const BLANK: u8 = 255;
/// The code of a value that the coder does not list.
pub const OTHER: u8 = 254;

/// What a value means that the coder does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// A mistake in the data or in the study file.
    Reported,
    /// Simply something else.
    Accepted,
}

/// The listed values of a column.
#[derive(Clone, Debug)]
pub struct Coder {
    values: Vec<String>,
    spellings: Vec<(usize, String)>,
    unlisted: Unlisted,
    by_text: HashMap<String, u8, FixedState>,
    /// A listed code for a few letters of a text, tried before hashing all of it.
    by_letters: Box<[u8; 256]>,
    /// `1`, `1.0` and `01` are one code when the file holds numbers.
    by_number: HashMap<u64, u8, FixedState>,
    /// The same for the numbers that most codes are.
    by_small_number: Box<[u8; SMALL]>,
}

/// Whole numbers from 0 that are looked up without hashing.
const SMALL: usize = 128;

impl Coder {
    /// A coder of at most 250 values: value `i` has code `i`.
    #[must_use]
    pub fn new(values: Vec<String>, unlisted: Unlisted) -> Self {
        let mut by_text = HashMap::default();
        let mut by_number = HashMap::default();
        let mut by_letters = Box::new([OTHER; 256]);
        for (code, value) in (0..OTHER).zip(&values) {
            by_text.entry(value.clone()).or_insert(code);
            by_letters[letters(value)] = *by_text.get(value).unwrap_or(&code);
            if let Ok(number) = value.parse::<f64>() {
                by_number.entry(bits(number)).or_insert(code);
            }
        }
        let by_small_number =
            Box::new(std::array::from_fn(|number| by_number.get(&bits(number as f64)).copied().unwrap_or(OTHER)));
        Self { values, spellings: Vec::new(), unlisted, by_text, by_letters, by_number, by_small_number }
    }

    /// The same coder, for which other spellings mean one of its values too: the position of the value, and the spelling.
    #[must_use]
    pub fn with_spellings(mut self, spellings: &[(usize, String)]) -> Self {
        for (position, spelling) in spellings {
            let code = *position as u8;
            self.by_text.entry(spelling.clone()).or_insert(code);
            if let Ok(number) = spelling.parse::<f64>() {
                self.by_number.entry(bits(number)).or_insert(code);
                if let Some(small) = small(number).filter(|small| self.by_small_number[*small] == OTHER) {
                    self.by_small_number[small] = code;
                }
            }
        }
        self.spellings = spellings.to_vec();
        self
    }

    /// Other spellings of the values.
    #[must_use]
    pub fn spellings(&self) -> &[(usize, String)] {
        &self.spellings
    }

    /// The listed values; their positions are the codes.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether a value that is not listed is a mistake.
    #[must_use]
    pub fn unlisted(&self) -> Unlisted {
        self.unlisted
    }

    /// The code of a text.
    #[must_use]
    pub fn code_of_text(&self, value: &str) -> u8 {
        let value = trimmed(value);
        if value.is_empty() {
            return BLANK;
        }
        let likely = self.by_letters[letters(value)];
        if self.values.get(usize::from(likely)).is_some_and(|known| known == value) {
            return likely;
        }
        if let Some(code) = self.by_text.get(value) {
            return *code;
        }
        if self.by_number.is_empty() {
            return OTHER;
        }
        // `NaN` is a text here, not a missing number.
        let number = value.parse().ok().filter(|number: &f64| !number.is_nan());
        number.map_or(OTHER, |number| self.code_of_number(number))
    }

    /// The code of a number.
    #[must_use]
    pub fn code_of_number(&self, value: f64) -> u8 {
        if let Some(small) = small(value) {
            self.by_small_number[small]
        } else if value.is_nan() {
            BLANK
        } else {
            self.by_number.get(&bits(value)).copied().unwrap_or(OTHER)
        }
    }
}

/// Numbers that are equal have equal bits here: there is one zero.
fn bits(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

fn small(number: f64) -> Option<usize> {
    let whole = number as usize;
    (whole as f64 == number && whole < SMALL).then_some(whole)
}

/// Length, first, middle and last letter.
fn letters(value: &str) -> usize {
    let bytes = value.as_bytes();
    let at = |index: usize| usize::from(bytes.get(index).copied().unwrap_or(0));
    let last = bytes.len().saturating_sub(1);
    (bytes.len() + 3 * at(0) + 5 * at(last / 2) + 11 * at(last)) % 256
}

/// Without white space at the ends; most values have none, which their first and last byte tell.
pub(super) fn trimmed(value: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = value.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) { value } else { value.trim() }
}

#[cfg(test)]
mod tests {
    use super::{Coder, OTHER, Unlisted};

    #[test]
    fn other_spellings_have_the_code_of_their_value() {
        let values = ["Yes", "no", "1"].map(str::to_owned).to_vec();
        let spellings = [(0, "YES".to_owned()), (1, "2".to_owned()), (1, "Yes".to_owned())];
        let coder = Coder::new(values, Unlisted::Reported).with_spellings(&spellings);
        assert_eq!(
            ["Yes", "YES ", "no", "2.0", "1", "yes"].map(|text| coder.code_of_text(text)),
            [0, 0, 1, 1, 2, OTHER]
        );
        assert_eq!([coder.code_of_number(2.0), coder.code_of_number(1.0)], [1, 2]);
    }
}
