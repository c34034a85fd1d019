//! Columns of 0 and 1 for the options of a multiple response whose answers are [packed](Packing) into few cells.
//!
//! The cells of a block are held until the block is read; then every row says which options are among them. Nobody who
//! takes the columns sees a difference to such as stand in the file. What is no option counts as the option for all
//! others, if there is one; else it goes to the first column as it is, where it is complained of as any other code that
//! is not listed.

use crate::{
    responses::{BLANK, Cells, Coder, OTHER, Texts, Unlisted},
    study::Packing,
};

/// Unpacks the answers of a question.
pub(super) struct Unpacking {
    separator: Option<String>,
    /// Knows the options, and after them what is no answer.
    coder: Coder,
    options: usize,
    /// The option that everything counts as which is none.
    other: Option<usize>,
    /// All spellings of options with their option, the longest first: one may contain another, or the separator.
    spellings: Vec<(String, usize)>,
    /// The wanted columns: the position of each, and its option.
    pub(super) wanted: Vec<(usize, usize)>,
    /// The cells of the block, for each column of the file.
    pub(super) held: Vec<Held>,
}

/// The cells of a block.
#[derive(Default)]
pub(super) struct Held {
    texts: Texts,
    positions: Vec<u64>,
}

/// What the cells of a row say.
#[derive(Default)]
struct Answers {
    chosen: Vec<bool>,
    is_given: bool,
    stray: Option<String>,
    missing: Option<String>,
}

impl Unpacking {
    pub(super) fn new(packing: &Packing, wanted: Vec<(usize, usize)>) -> Self {
        let codes: Vec<String> = packing.codes.iter().map(|codes| codes[0].clone()).collect();
        let spelled = packing.codes.iter().enumerate();
        let mut spellings: Vec<(String, usize)> =
            spelled.flat_map(|(option, codes)| codes.iter().map(move |code| (code.clone(), option))).collect();
        let also: Vec<(usize, String)> = spellings.iter().map(|(code, option)| (*option, code.clone())).collect();
        spellings.sort_by_key(|(code, _)| std::cmp::Reverse(code.len()));
        let (options, all) = (codes.len(), codes.into_iter().chain(packing.missing.iter().cloned()).collect());
        Self {
            separator: packing.separator.clone(),
            coder: Coder::new(all, Unlisted::Reported).with_spellings(&also),
            options,
            other: packing.other,
            spellings,
            wanted,
            held: packing.packed.iter().map(|_| Held::default()).collect(),
        }
    }

    /// Hands what was held to the wanted columns.
    pub(super) fn hand_over<C: Cells>(&mut self, columns: &mut [C]) {
        let rows = self.held.first().map_or(0, |held| held.texts.len());
        for row in 0..rows {
            let mut answers = Answers { chosen: vec![false; self.options], ..Answers::default() };
            for held in &self.held {
                self.take(held.texts.cell(row), &mut answers);
            }
            let position = self.held[0].positions[row];
            for (index, (column, option)) in self.wanted.iter().enumerate() {
                let stray = answers.stray.as_deref().filter(|_| index == 0);
                columns[*column].text(stray.unwrap_or_else(|| answers.cell(*option)), position);
            }
        }
        self.held.iter_mut().for_each(Held::clear);
    }

    fn take(&self, cell: &str, answers: &mut Answers) {
        let cell = cell.trim();
        let Some(separator) = &self.separator else { return self.take_one(cell, answers) };
        if cell.split(separator.as_str()).all(|part| self.coder.code_of_text(part) != OTHER) {
            return cell.split(separator.as_str()).for_each(|part| self.take_one(part, answers));
        }
        let mut rest = cell;
        while !rest.is_empty() {
            let begins = |(code, _): &&(String, usize)| {
                rest.strip_prefix(code.as_str())
                    .is_some_and(|after| after.is_empty() || after.starts_with(separator.as_str()))
            };
            let length = match self.spellings.iter().find(begins) {
                Some((code, _)) => code.len(),
                None => rest.find(separator.as_str()).unwrap_or(rest.len()),
            };
            self.take_one(&rest[..length], answers);
            rest = rest[length..].strip_prefix(separator.as_str()).unwrap_or_default().trim_start();
        }
    }

    fn take_one(&self, code: &str, answers: &mut Answers) {
        match self.coder.code_of_text(code) {
            BLANK => {}
            OTHER => match self.other {
                Some(other) => {
                    answers.chosen[other] = true;
                    answers.is_given = true;
                }
                None => answers.stray = Some(code.trim().to_owned()),
            },
            known if usize::from(known) < self.options => {
                answers.chosen[usize::from(known)] = true;
                answers.is_given = true;
            }
            _ => answers.missing = Some(code.to_owned()),
        }
    }
}

impl Answers {
    fn cell(&self, option: usize) -> &str {
        match &self.missing {
            _ if self.chosen[option] => "1",
            _ if self.is_given || self.stray.is_some() => "0",
            Some(missing) => missing,
            None => "",
        }
    }
}

impl Held {
    fn clear(&mut self) {
        self.texts.clear();
        self.positions.clear();
    }
}

impl Cells for Held {
    fn text(&mut self, value: &str, position: u64) {
        self.texts.text(value, position);
        self.positions.push(position);
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        self.texts.numbers(values, first);
        self.positions.extend((first..).take(values.len()));
    }
}
