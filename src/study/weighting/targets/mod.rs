//! The targets of one margin: from a table of the study file or from a file to shares of the population.

mod sum;
mod table;
mod tree;

use std::ops::{Range, RangeInclusive};

use super::Given;
use crate::{
    diagnostic::{did_you_mean, quoted_list},
    study::{Label, Language, Segment, meaning::same_code, reader::Reader},
};

/// The targets of a margin while they are collected.
pub struct Targets<'a> {
    reader: &'a mut Reader,
    /// The variables, the last one's levels fastest.
    segments: &'a [&'a Segment],
    /// The margin in words.
    name: &'a str,
    /// Where the study file has them, or names their file.
    span: Range<usize>,
    cells: Vec<Option<Amount>>,
    /// Whether a target could not be read, as has been said.
    is_broken: bool,
}

/// A target as it was given.
#[derive(Clone, Copy, Debug)]
struct Amount {
    value: f64,
    /// How many decimals it was rounded to, if it looks rounded.
    decimals: Option<usize>,
}

/// In what unit targets are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    Percent,
    People,
    Weights,
}

/// Cells of a margin at most: more could not be filled by respondents.
const MOST_CELLS: usize = 10_000;

/// Targets that make sense, in percent or people: what is outside was typed wrong.
const AMOUNTS: RangeInclusive<f64> = 1e-9..=1e15;

/// Shares of the population, and what they were given as. `None` when something was wrong and has been said.
pub type Shares = Option<(Vec<f64>, Given)>;

impl<'a> Targets<'a> {
    /// No targets yet, for crossed levels of `segments`.
    pub fn new(reader: &'a mut Reader, segments: &'a [&'a Segment], name: &'a str, span: Range<usize>) -> Option<Self> {
        let product = |cells: usize, segment: &&Segment| cells.checked_mul(segment.levels().len());
        let cells = segments.iter().try_fold(1, product).filter(|cells| *cells <= MOST_CELLS);
        if cells.is_none() {
            let message = format!("margin `{name}` has more than {MOST_CELLS} cells");
            let hint = "cross fewer segments: rake over them one by one";
            reader.error("margin", span.clone(), message, Some(hint.to_owned()));
        }
        Some(Self { reader, segments, name, span, cells: vec![None; cells?], is_broken: false })
    }

    fn hint_of_level(&self, segment: &Segment, code: &str) -> String {
        let codes = || segment.levels().iter().map(|level| level.code.as_str());
        let is_label =
            |label: &Label| [Language::De, Language::En].iter().any(|language| label.text(*language) == code);
        let labelled = segment.levels().iter().find(|level| is_label(&level.label));
        labelled
            .map(|level| format!("that is what `{}` is called in print; write its code", level.code))
            .or_else(|| did_you_mean(code, codes()))
            .unwrap_or_else(|| format!("its levels are {}", quoted_list(codes())))
    }

    /// Complains of a target that is none, which it says.
    fn is_possible(&mut self, value: f64, typed: &str, of: &str, span: Range<usize>) -> bool {
        if AMOUNTS.contains(&value) {
            return true;
        }
        let (expected, hint) = if value <= 0.0 {
            let hint = "a level that nobody of the population has is none of this margin: list its code in `missing` of \
                        a [[weighting.variable]]; with unknown = \"drop\" whoever has it gets weight 0";
            ("more than 0".to_owned(), Some(hint.to_owned()))
        } else {
            (format!("from {:e} to {:e}", AMOUNTS.start(), AMOUNTS.end()), None)
        };
        let message = format!("the target of {of} is {typed}, expected {expected}");
        self.reader.error("out-of-range", span, message, hint);
        false
    }

    /// Says which cells have no target, unless something else was wrong, `before` complaints ago.
    fn complete(&mut self, before: usize, file: &str) -> Option<()> {
        if self.is_broken || self.reader.problems.iter().count() > before {
            return None;
        }
        let lacks = |cell: usize| self.cells[cell].is_none();
        let inner: usize = self.segments[1..].iter().map(|segment| segment.levels().len()).product();
        let mut lacking = Vec::new();
        for (level, first) in (0..self.cells.len()).step_by(inner).enumerate() {
            if self.segments.len() > 1 && (first..first + inner).all(lacks) {
                lacking.push(self.segments[0].levels()[level].code.clone());
            } else {
                let cells = (first..first + inner).filter(|cell| lacks(*cell));
                lacking.extend(cells.map(|cell| self.codes_of(cell).join(" × ")));
            }
        }
        if lacking.is_empty() {
            return Some(());
        }
        let list = quoted_list(lacking.iter().map(String::as_str));
        let name = self.name;
        let message = match file {
            "" => format!("margin `{name}` has no target for {list}"),
            file => format!("margin `{name}` has no target for {list}: there is none in {file}"),
        };
        let hint = "every level needs one; codes that are no answer go into `missing`, and levels that the population does \
                    not tell apart are joined by `also` or `bands`, in a [[weighting.variable]] of its own";
        self.reader.error("no-target", self.span.clone(), message, Some(hint.to_owned()));
        None
    }

    fn codes_of(&self, cell: usize) -> Vec<String> {
        let mut rest = cell;
        let mut codes = Vec::new();
        for segment in self.segments.iter().rev() {
            codes.push(segment.levels()[rest % segment.levels().len()].code.clone());
            rest /= segment.levels().len();
        }
        codes.reverse();
        codes
    }

    /// Shares of the population.
    fn shares(self, unit: Unit) -> Shares {
        let amounts: Vec<Amount> = self.cells.iter().flatten().copied().collect();
        let sum: f64 = amounts.iter().map(|amount| amount.value).sum();
        let given = match unit {
            Unit::Percent => Given::Percent(sum),
            Unit::People => Given::Totals(sum),
            Unit::Weights => Given::Reference(sum),
        };
        if unit == Unit::Percent && !sum::is_rounded_hundred(&amounts) {
            let (message, hint) = sum::complaint(self.name, self.segments, &amounts);
            self.reader.error("targets-sum", self.span, message, Some(hint));
            return None;
        }
        Some((amounts.iter().map(|amount| amount.value / sum).collect(), given))
    }
}

/// A sum without the noise of its last digits.
pub fn short(number: f64) -> String {
    format!("{}", (number * 1e6).round() / 1e6)
}

fn level_of(segment: &Segment, code: &str) -> Option<usize> {
    let is_code = |known: &String| same_code(known, code);
    segment.levels().iter().position(|level| is_code(&level.code) || level.also.iter().any(is_code))
}

/// How many decimals a number has as it was typed: two for `9.16`. More than four are those of binary fractions, such as a
/// 9.16 that was stored in single precision, or of a quotient; numbers like `1e-3` are not rounded.
fn decimals_of(typed: &str, point: char) -> Option<usize> {
    const MOST: usize = 4;
    if typed.contains(['e', 'E']) {
        return None;
    }
    let decimals = typed.split_once(point).map_or(0, |(_, decimals)| decimals.len());
    if decimals <= MOST {
        return Some(decimals);
    }
    let number: f64 = typed.replacen(point, ".", 1).parse().ok()?;
    let rounded = format!("{number:.MOST$}");
    Some(rounded.trim_end_matches('0').split_once('.').map_or(0, |(_, decimals)| decimals.len()))
}
