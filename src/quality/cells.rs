//! What rules need to know of cells, block by block.

use super::{
    columns::Telltale,
    duration::{moment, moment_of_number, positive, seconds},
};
use crate::responses::{Cells, Intake, hash_of_number, hash_of_text};

/// Takes in the cells of a column.
pub(super) struct Column {
    pub name: String,
    pub taker: Taker,
}

/// As what cells are taken in.
pub(super) enum Taker {
    /// For conditions.
    Coded(Box<Intake>),
    /// Whether each says something.
    Says(Telltale, Vec<bool>),
    /// Its hash, none of a blank cell.
    Hash(Vec<Option<u64>>),
    /// Seconds, NaN for none.
    Seconds(Vec<f64>),
    /// A moment in seconds, NaN for none.
    Moment(Vec<f64>),
}

impl Column {
    pub(super) fn says(&self) -> &[bool] {
        if let Taker::Says(_, cells) = &self.taker { cells } else { &[] }
    }

    pub(super) fn hashes(&self) -> &[Option<u64>] {
        if let Taker::Hash(cells) = &self.taker { cells } else { &[] }
    }

    pub(super) fn numbers(&self) -> &[f64] {
        if let Taker::Seconds(cells) | Taker::Moment(cells) = &self.taker { cells } else { &[] }
    }

    /// Forgets the cells of a block.
    pub(super) fn clear(&mut self) {
        match &mut self.taker {
            Taker::Coded(_) => {}
            Taker::Says(_, cells) => cells.clear(),
            Taker::Hash(cells) => cells.clear(),
            Taker::Seconds(cells) | Taker::Moment(cells) => cells.clear(),
        }
    }
}

impl Cells for Column {
    fn text(&mut self, value: &str, position: u64) {
        match &mut self.taker {
            Taker::Coded(intake) => intake.text(value, position),
            Taker::Says(telltale, cells) => cells.push(telltale.is_said_by(value)),
            Taker::Hash(cells) => cells.push(hash_of_text(value)),
            Taker::Seconds(cells) => cells.push(seconds(value)),
            Taker::Moment(cells) => cells.push(moment(value)),
        }
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        match &mut self.taker {
            Taker::Coded(intake) => intake.numbers(values, first),
            Taker::Says(telltale, cells) => cells.extend(values.iter().map(|value| {
                let text = if value.is_nan() { String::new() } else { value.to_string() };
                telltale.is_said_by(&text)
            })),
            Taker::Hash(cells) => cells.extend(values.iter().map(|value| hash_of_number(*value))),
            Taker::Seconds(cells) => cells.extend(values.iter().map(|value| positive(*value))),
            Taker::Moment(cells) => cells.extend(values.iter().map(|value| moment_of_number(*value))),
        }
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        let keys_as = keys.iter().map(|key| *key as usize);
        match &mut self.taker {
            Taker::Coded(intake) => intake.repeated(texts, keys, first),
            Taker::Says(telltale, cells) => {
                let says: Vec<bool> = texts.iter().map(|text| telltale.is_said_by(text)).collect();
                cells.extend(keys_as.map(|key| says[key]));
            }
            Taker::Hash(cells) => {
                let hashes: Vec<Option<u64>> = texts.iter().map(|text| hash_of_text(text)).collect();
                cells.extend(keys_as.map(|key| hashes[key]));
            }
            Taker::Seconds(cells) => cells.extend(keys_as.map(|key| seconds(texts[key]))),
            Taker::Moment(cells) => cells.extend(keys_as.map(|key| moment(texts[key]))),
        }
    }
}
