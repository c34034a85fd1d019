//! SPSS, through the writer of ambers, which takes all rows at once: numbers are held as such, texts as they are.
//!
//! What is no answer is a user-missing value; SPSS has room for three, or for a range and one more. Names that SPSS does not
//! allow are changed, and the original is kept in the attribute `column` of the variable.

use std::{path::Path, sync::Arc};

use ambers::{Compression, Measure as SpssMeasure, MissingSpec, MrSet, MrType, SpssMetadata, Value as SpssValue};
use arrow::{
    array::{ArrayRef, Float64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema},
};

use super::{
    kept::Kept,
    names::{Names, shorten},
    plain::with_blocks,
    shape::Shape,
};
use crate::{
    codebook::{Measure, Role, Set, SetKind, Variable},
    diagnostic::{Diagnostics, quoted_list},
};

/// SPSS keeps no more of a label, in bytes.
const LONGEST_LABEL: usize = 255;
const LONGEST_VALUE_LABEL: usize = 120;
const LONGEST_TEXT: usize = 32_767;
/// A text that is longer has no user-missing values.
const LONGEST_MISSING: usize = 8;
const MOST_MISSING: usize = 3;
/// SPSS has a number that is LOWEST, the one after that which stands for a blank cell.
const LOWEST: f64 = f64::MIN.next_up();

/// Writes a file; returns how many rows.
pub(super) fn write(
    kept: &mut Kept<'_>,
    path: &Path,
    is_compressed: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, Diagnostics> {
    let mut described = Described::default();
    described.columns(kept);
    described.sets(kept);
    described.what_is_lost(kept);
    kept.notes.append(&mut described.notes);
    let Described { metadata, names, numeric, .. } = described;
    let compression = if is_compressed { Compression::Zlib } else { Compression::Bytecode };
    with_blocks(kept, path, progress, |writer, blocks| {
        let mut columns: Vec<Builder> = numeric.iter().map(|numeric| Builder::new(*numeric)).collect();
        let rows = blocks(&mut |texts, _| {
            for (column, cells) in columns.iter_mut().zip(texts) {
                cells.cells().for_each(|cell| column.push(cell.trim()));
            }
            Ok(())
        })?;
        let kind = |numeric: &bool| if *numeric { DataType::Float64 } else { DataType::Utf8 };
        let fields: Vec<Field> =
            names.iter().zip(&numeric).map(|(name, numeric)| Field::new(name, kind(numeric), true)).collect();
        let arrays = columns.into_iter().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(std::io::Error::other)?;
        ambers::write_sav_to_writer(writer, &batch, &metadata, compression, None).map_err(std::io::Error::other)?;
        Ok(rows)
    })
}

enum Builder {
    Numbers(Float64Builder),
    Texts(StringBuilder),
}

impl Builder {
    fn new(is_numeric: bool) -> Self {
        if is_numeric { Self::Numbers(Float64Builder::new()) } else { Self::Texts(StringBuilder::new()) }
    }

    fn push(&mut self, cell: &str) {
        match self {
            Self::Numbers(numbers) => numbers.append_option(cell.parse().ok()),
            Self::Texts(texts) => texts.append_value(cell),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Numbers(mut numbers) => Arc::new(numbers.finish()),
            Self::Texts(mut texts) => Arc::new(texts.finish()),
        }
    }
}

/// What SPSS is told.
#[derive(Default)]
struct Described {
    metadata: SpssMetadata,
    names: Vec<String>,
    numeric: Vec<bool>,
    notes: Vec<String>,
}

impl Described {
    fn columns(&mut self, kept: &Kept<'_>) {
        let mut names = Names::of_spss();
        let mut renamed = Vec::new();
        self.metadata.file_label = kept.codebook.title.clone().unwrap_or_default();
        shorten(&mut self.metadata.file_label, 64);
        for shape in &kept.columns {
            let column = &shape.profile.column;
            let name = names.make(column);
            if name != *column {
                renamed.push(format!("{column} → {name}"));
                let attributes = self.metadata.variable_attributes.entry(name.clone()).or_default();
                attributes.insert("column".to_owned(), vec![column.clone()]);
            }
            let blank = Variable::new(column);
            self.column(&name, shape, kept.variable(column).unwrap_or(&blank));
            self.names.push(name);
        }
        if !renamed.is_empty() {
            self.notes.push(format!("SPSS does not allow these names: {}", renamed.join(", ")));
        }
        self.metadata.variable_names.clone_from(&self.names);
    }

    fn column(&mut self, name: &str, shape: &Shape, variable: &Variable) {
        let is_number = variable.measure == Some(Measure::Number) || variable.role == Role::Weight;
        let codes_are_numbers = variable.values.iter().all(|value| value.code.parse::<f64>().is_ok());
        let is_numeric = codes_are_numbers && if is_number { shape.is_numeric() } else { shape.is_plainly_numeric() };
        let is_numeric = is_numeric && (shape.profile.filled > 0 || !variable.values.is_empty() || is_number);
        if is_number && !is_numeric {
            self.notes.push(format!("`{name}` is written as text: not all of its cells and codes are numbers"));
        }
        self.numeric.push(is_numeric);
        let metadata = &mut self.metadata;
        let format = if is_numeric {
            format!("F{}.{}", shape.letters.clamp(shape.decimals.min(16) + 2, 40), shape.decimals.min(16))
        } else {
            let widest = variable.values.iter().map(|value| value.code.len()).max().unwrap_or(0);
            let width = shape.bytes.max(widest).clamp(1, LONGEST_TEXT);
            metadata.variable_storage_widths.insert(name.to_owned(), width);
            format!("A{width}")
        };
        if shape.bytes > LONGEST_TEXT {
            self.notes.push(format!("`{name}`: SPSS holds {LONGEST_TEXT} bytes of a text, the rest is cut off"));
        }
        metadata.variable_formats.insert(name.to_owned(), format);
        let measure = match variable.measure {
            Some(Measure::Nominal) => SpssMeasure::Nominal,
            Some(Measure::Ordinal) => SpssMeasure::Ordinal,
            Some(Measure::Number | Measure::Amount) => SpssMeasure::Scale,
            None if variable.role == Role::Weight => SpssMeasure::Scale,
            None => SpssMeasure::Unknown,
        };
        metadata.variable_measures.insert(name.to_owned(), measure);
        if let Some(label) = &variable.label {
            metadata.variable_labels.insert(name.to_owned(), self.notes.cut(name, label, LONGEST_LABEL));
        }
        if variable.role == Role::Weight && metadata.weight_variable.is_none() && is_numeric {
            metadata.weight_variable = Some(name.to_owned());
        }
        for value in &variable.values {
            if let Some(label) = &value.label {
                let code = code(&value.code, is_numeric);
                let label = self.notes.cut(name, label, LONGEST_VALUE_LABEL);
                metadata.variable_value_labels.entry(name.to_owned()).or_default().insert(code, label);
            }
        }
        match missing(shape, variable, is_numeric) {
            Ok(missing) if missing.is_empty() => {}
            Ok(missing) => drop(metadata.variable_missing_values.insert(name.to_owned(), missing)),
            Err(what) => self.notes.push(format!("`{name}`: {what}")),
        }
    }

    fn sets(&mut self, kept: &Kept<'_>) {
        let mut names = Names::of_spss();
        for set in &kept.codebook.sets {
            let (mr_type, counted_value) = match &set.kind {
                SetKind::Dichotomies { chosen } => {
                    if chosen.len() > 1 {
                        let note = "SPSS counts one value of a set as chosen, the others are not";
                        self.notes.push(format!("`{}`: {note}: {}", set.name, chosen[1..].join(", ")));
                    }
                    (MrType::MultipleDichotomy, Some(chosen.first().cloned().unwrap_or_else(|| "1".to_owned())))
                }
                SetKind::Categories => (MrType::MultipleCategory, None),
                SetKind::Joined { .. } => {
                    self.notes.push(format!("`{}`: SPSS has no lists of answers in one cell", set.name));
                    continue;
                }
                SetKind::Items => continue,
            };
            let variables = self.members(kept, set);
            let is_numeric = |name: &String| self.names.iter().position(|own| own == name).map(|at| self.numeric[at]);
            if variables.iter().map(is_numeric).any(|numeric| numeric != is_numeric(&variables[0])) {
                self.notes.push(format!("`{}`: SPSS has no sets of numbers and texts together", set.name));
                continue;
            }
            let name = names.make(&set.name);
            let label = set.label.clone().unwrap_or_default();
            self.metadata.mr_sets.insert(name.clone(), MrSet { name, label, mr_type, counted_value, variables });
        }
    }

    /// The variables of a set. Those of a set of choices are called by their choices, as SPSS prints them.
    fn members(&mut self, kept: &Kept<'_>, set: &Set) -> Vec<String> {
        let mut variables = Vec::new();
        for member in &set.members {
            let position = kept.columns.iter().position(|shape| shape.profile.column == member.column);
            let Some(name) = position.map(|position| self.names[position].clone()) else { continue };
            if matches!(set.kind, SetKind::Dichotomies { .. }) && !member.label.is_empty() {
                let label = self.notes.cut(&name, &member.label, LONGEST_LABEL);
                self.metadata.variable_labels.insert(name.clone(), label);
            }
            variables.push(name);
        }
        variables
    }

    fn what_is_lost(&mut self, kept: &Kept<'_>) {
        let variables = || kept.codebook.variables.iter();
        let mut lost = |what: &str, columns: Vec<&str>| {
            if !columns.is_empty() {
                self.notes.push(format!("SPSS does not hold {what}: {}", quoted_list(columns)));
            }
        };
        let of = |is: &dyn Fn(&Variable) -> bool| -> Vec<&str> {
            variables().filter(|variable| is(variable)).map(|variable| variable.column.as_str()).collect()
        };
        lost("who was asked", of(&|variable| variable.base.is_some()));
        lost("why cells are blank", of(&|variable| variable.blank.is_some()));
        let has_reason = |variable: &Variable| variable.values.iter().any(|v| v.missing.is_some() && v.label.is_none());
        lost("why codes without a label are missing", of(&has_reason));
    }
}

/// Cuts labels, and says so.
trait Cut {
    fn cut(&mut self, name: &str, label: &str, most: usize) -> String;
}

impl Cut for Vec<String> {
    fn cut(&mut self, name: &str, label: &str, most: usize) -> String {
        let mut cut = label.to_owned();
        shorten(&mut cut, most);
        if cut.len() < label.len() {
            self.push(format!("`{name}`: a label is cut to {most} bytes, as SPSS has it"));
        }
        cut
    }
}

fn code(code: &str, is_numeric: bool) -> SpssValue {
    match code.parse() {
        Ok(number) if is_numeric => SpssValue::Numeric(number),
        _ => SpssValue::String(code.to_owned()),
    }
}

/// The user-missing values, or why SPSS cannot hold them.
fn missing(shape: &Shape, variable: &Variable, is_numeric: bool) -> Result<Vec<MissingSpec>, String> {
    let codes: Vec<&str> =
        variable.values.iter().filter(|value| value.missing.is_some()).map(|value| value.code.as_str()).collect();
    if !is_numeric {
        let fit = codes.len() <= MOST_MISSING && codes.iter().all(|code| code.len() <= LONGEST_MISSING);
        let fit = fit && shape.bytes <= LONGEST_MISSING && variable.missing_ranges.is_empty();
        let specs = codes.iter().map(|code| MissingSpec::StringValue((*code).to_owned())).collect();
        return if fit || codes.is_empty() { Ok(specs) } else { Err(too_many(&codes)) };
    }
    let numbers: Vec<f64> = codes.iter().filter_map(|code| code.parse().ok()).collect();
    let range = |(lo, hi): (f64, f64)| MissingSpec::Range { lo: lo.max(LOWEST), hi: hi.min(f64::MAX) };
    match (variable.missing_ranges.as_slice(), numbers.as_slice()) {
        ([], numbers) if numbers.len() <= MOST_MISSING => Ok(numbers.iter().copied().map(MissingSpec::Value).collect()),
        ([one], numbers) if numbers.iter().filter(|number| !(one.0..=one.1).contains(*number)).count() <= 1 => {
            let other = numbers.iter().copied().filter(|number| !(one.0..=one.1).contains(number));
            Ok([range(*one)].into_iter().chain(other.map(MissingSpec::Value)).collect())
        }
        (ranges, numbers) => {
            let lows = ranges.iter().map(|(low, _)| *low).chain(numbers.iter().copied());
            let highs = ranges.iter().map(|(_, high)| *high).chain(numbers.iter().copied());
            let (low, high) = (lows.fold(f64::INFINITY, f64::min), highs.fold(f64::NEG_INFINITY, f64::max));
            let seen = shape.profile.values.iter().map(|(value, _)| value);
            let known = variable.values.iter().map(|value| &value.code);
            let is_answer = |value: &String| {
                value.parse().is_ok_and(|number: f64| (low..=high).contains(&number))
                    && !Kept::is_missing(variable, value)
            };
            if shape.profile.many || seen.chain(known).any(is_answer) {
                return Err(too_many(&codes));
            }
            Ok(vec![range((low, high))])
        }
    }
}

fn too_many(codes: &[&str]) -> String {
    format!("SPSS has no room for what is missing here, it is written like answers: {}", codes.join(", "))
}
