//! Stata: `.dta` of all versions, read row by row through the crate `dta`.
//!
//! A cell without a number is blank where Stata shows `.`, and `.a` to `.z` where somebody said why there is none. Dates
//! and times are text, since what Stata stores is days or milliseconds since 1960; times that count leap seconds (`%tC`)
//! stay numbers. What was declared with `svyset` is kept.

mod careful;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use dta::stata::{
    dta::{
        characteristic::CharacteristicTarget, dta_error::DtaError, dta_reader::DtaReader, record_reader::RecordReader,
        schema::Schema, value::Value as Cell, value_label::ValueLabelSet, value_label_reader::ValueLabelReader,
        variable::Variable as Stored, variable_type::VariableType,
    },
    missing_value::MissingValue,
    stata_byte::StataByte,
    stata_double::StataDouble,
    stata_float::StataFloat,
    stata_int::StataInt,
    stata_long::StataLong,
    temporal::{
        TemporalKind,
        conversion::{
            th_halves_to_year_half, tm_months_to_year_month, tq_quarters_to_year_quarter, tw_weeks_to_year_week,
        },
    },
};

use self::careful::Careful;
use super::{
    Source,
    damaged::{damaged, guarded, no_rows},
    moment,
    strip::Strip,
};
use crate::{
    codebook::{Codebook, Role, Value, Variable},
    diagnostic::Diagnostics,
    responses::Cells,
    study::Reason,
};

/// What a file says beside its rows.
pub(super) struct Dictionary {
    pub codebook: Codebook,
    pub columns: Vec<String>,
    pub rows: u64,
    path: PathBuf,
    labels: ValueLabelReader<Careful>,
    lengths: Arc<AtomicU8>,
}

/// Whether these are the first bytes of a file of Stata before version 13, which begin with the version, the order of
/// bytes, and 1 and 0.
pub(super) fn is_old(start: &[u8]) -> bool {
    matches!(start, [102..=115, 1 | 2, 1, 0, ..])
}

impl Dictionary {
    /// Reads what stands beside the rows.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        guarded(path, || Self::unguarded(path))
    }

    fn unguarded(path: &Path) -> Result<Self, Diagnostics> {
        const LEAST_OF_VARIABLE: u64 = 50;
        let failed = |error: DtaError| failure(path, &error);
        let file = Careful::open(path).map_err(|error| damaged(path, &error.to_string()))?;
        let (length, lengths) = (file.length, Arc::clone(&file.lengths));
        let reader = DtaReader::new().from_reader(file).read_header().map_err(failed)?;
        let header = reader.header().clone();
        let too_long = |what: &str| damaged(path, &format!("it says that it has more {what} than it has room for"));
        if u64::from(header.variable_count()) * LEAST_OF_VARIABLE > length {
            return Err(too_long("columns"));
        }
        let mut reader = reader.read_schema().map_err(failed)?;
        let schema = reader.schema().clone();
        let row: u64 = schema.variables().iter().map(|variable| bytes(variable.variable_type())).sum();
        if header.observation_count().checked_mul(row).is_none_or(|all| all > length) {
            return Err(too_long("rows"));
        }
        lengths.store(Careful::AFTER_A_MARK, Ordering::Relaxed);
        let mut settings = HashMap::new();
        while let Some(found) = reader.read_characteristic().map_err(failed)? {
            if *found.target() == CharacteristicTarget::Dataset {
                settings.insert(found.name().to_owned(), found.value().trim().to_owned());
            }
        }
        lengths.store(Careful::EVERYWHERE, Ordering::Relaxed);
        let mut labels = reader.seek_value_labels().map_err(failed)?;
        let mut sets: HashMap<String, ValueLabelSet> = HashMap::new();
        while let Some(set) = labels.read_value_label_set().map_err(failed)? {
            sets.entry(set.name().to_owned()).or_insert(set);
        }
        let title = Some(header.dataset_label().trim().to_owned()).filter(|title| !title.is_empty());
        let variables = schema.variables().iter().map(|stored| variable(stored, &sets, &settings));
        Ok(Self {
            codebook: Codebook { title, variables: variables.collect(), ..Codebook::default() },
            columns: schema.variables().iter().map(|variable| variable.name().to_owned()).collect(),
            rows: header.observation_count(),
            path: path.to_owned(),
            labels,
            lengths,
        })
    }

    /// A reading of these columns from the first row.
    pub fn open(self, indices: &[usize]) -> Result<Box<dyn Source>, Diagnostics> {
        let Self { path, labels, lengths, rows, .. } = self;
        let schema = labels.schema().clone();
        let is_long = |index: &usize| schema.variables()[*index].variable_type() == VariableType::LongString;
        let (rest, texts) = guarded(&path, || {
            let failed = |error: DtaError| failure(&path, &error);
            lengths.store(Careful::AFTER_A_MARK, Ordering::Relaxed);
            let mut texts = HashMap::new();
            if !indices.iter().any(is_long) {
                return Ok((labels.seek_records().map_err(failed)?, texts));
            }
            let mut reader = labels.seek_long_strings().map_err(failed)?;
            let encoding = reader.encoding();
            while let Some(text) = reader.read_long_string().map_err(failed)? {
                let known = text.data_str(encoding).map(std::borrow::Cow::into_owned);
                let known = known.unwrap_or_else(|| String::from_utf8_lossy(text.data()).into_owned());
                texts.insert((text.variable(), text.observation()), known);
            }
            Ok((reader.seek_records().map_err(failed)?, texts))
        })?;
        lengths.store(Careful::NOWHERE, Ordering::Relaxed);
        let shown = schema.variables().iter().map(Shown::of).collect();
        Ok(Box::new(Reading { path, reader: rest, schema, shown, indices: indices.to_vec(), texts, read: 0, rows }))
    }
}

struct Reading {
    path: PathBuf,
    reader: RecordReader<Careful>,
    schema: Schema,
    shown: Vec<Shown>,
    indices: Vec<usize>,
    /// Texts that stand behind the rows, by what rows have for them.
    texts: HashMap<(u32, u64), String>,
    read: u64,
    rows: u64,
}

impl Reading {
    /// Cells of a block.
    const CELLS: usize = 1 << 17;

    fn block(&mut self, strips: &mut [Strip]) -> Result<usize, DtaError> {
        let most = (Self::CELLS / strips.len().max(1)).max(1);
        let mut rows = 0;
        while rows < most
            && let Some(row) = self.reader.read_lazy_record()?
        {
            rows += 1;
            for (index, strip) in self.indices.iter().zip(strips.iter_mut()) {
                match row.value(*index)? {
                    Cell::String(text) => strip.text(text.trim_end()),
                    Cell::LongStringRef(place) => {
                        // Nothing stands behind the rows for a blank cell.
                        let text = self.texts.get(&(place.variable(), place.observation()));
                        strip.text(text.map_or("", String::as_str));
                    }
                    cell => self.shown[*index].take(&cell, strip),
                }
            }
        }
        Ok(rows)
    }
}

impl Source for Reading {
    fn fill(&mut self, columns: &mut [&mut dyn Cells]) -> Result<usize, Diagnostics> {
        if self.rows == 0 || self.schema.variables().is_empty() {
            return Err(no_rows(&self.path));
        }
        let mut strips: Vec<Strip> = columns.iter().map(|_| Strip::default()).collect();
        let path = self.path.clone();
        let rows = guarded(&path, || self.block(&mut strips).map_err(|error| failure(&path, &error)))?;
        for (strip, cells) in strips.iter_mut().zip(columns) {
            strip.hand_over(self.read + 1, *cells);
        }
        self.read += rows as u64;
        Ok(rows)
    }

    fn part_read(&self) -> f64 {
        self.read as f64 / self.rows.max(1) as f64
    }
}

/// How the numbers of a column are shown.
struct Shown(Option<TemporalKind>);

impl Shown {
    fn of(stored: &Stored) -> Self {
        // `%-td` is `%td` on the left.
        Self(TemporalKind::from_format(&stored.format().replacen("%-", "%", 1)))
    }

    fn take(&self, cell: &Cell<'_>, strip: &mut Strip) {
        match number(cell) {
            Ok(number) => match self.text(number) {
                Some(text) => strip.text(&text),
                None => strip.number(number),
            },
            Err(MissingValue::System) => strip.number(f64::NAN),
            Err(missing) => strip.text(&missing.to_string()),
        }
    }

    /// The text that a number stands for, where it stands for a moment.
    fn text(&self, number: f64) -> Option<String> {
        const MILLISECONDS: f64 = 1000.0;
        let whole = || (number.fract() == 0.0 && number.abs() < 1e6).then_some(number as i32);
        match self.0? {
            TemporalKind::Date => moment::date(number - moment::FROM_1960),
            TemporalKind::DateTime => moment::date_and_time(number / MILLISECONDS - moment::FROM_1960 * moment::DAY),
            TemporalKind::Week => whole().map(tw_weeks_to_year_week).map(|(year, week)| format!("{year}w{week}")),
            TemporalKind::Month => {
                whole().map(tm_months_to_year_month).map(|(year, month)| format!("{year:04}-{month:02}"))
            }
            TemporalKind::Quarter => {
                whole().map(tq_quarters_to_year_quarter).map(|(year, quarter)| format!("{year:04}-Q{quarter}"))
            }
            TemporalKind::HalfYear => whole().map(th_halves_to_year_half).map(|(year, half)| format!("{year}h{half}")),
            _ => None,
        }
    }
}

fn number(cell: &Cell<'_>) -> Result<f64, MissingValue> {
    match cell {
        Cell::Byte(StataByte::Present(number)) => Ok(f64::from(*number)),
        Cell::Int(StataInt::Present(number)) => Ok(f64::from(*number)),
        Cell::Long(StataLong::Present(number)) => Ok(f64::from(*number)),
        Cell::Float(StataFloat::Present(number)) => Ok(f64::from(*number)),
        Cell::Double(StataDouble::Present(number)) => Ok(*number),
        Cell::Byte(StataByte::Missing(missing))
        | Cell::Int(StataInt::Missing(missing))
        | Cell::Long(StataLong::Missing(missing))
        | Cell::Float(StataFloat::Missing(missing))
        | Cell::Double(StataDouble::Missing(missing)) => Err(*missing),
        Cell::String(_) | Cell::LongStringRef(_) => Err(MissingValue::System),
    }
}

fn variable(stored: &Stored, sets: &HashMap<String, ValueLabelSet>, settings: &HashMap<String, String>) -> Variable {
    let mut variable = Variable::new(stored.name()).labelled(stored.label());
    let shown = Shown::of(stored);
    let entries = sets.get(stored.value_label_name()).into_iter().flat_map(ValueLabelSet::entries);
    let values = entries.filter_map(|entry| {
        let label = Some(entry.label().trim()).filter(|label| !label.is_empty())?;
        Some(if let Some(code) = letter(entry.value()) {
            Value::missing(&code, Some(label), Reason::Skipped)
        } else {
            let number = f64::from(entry.value());
            Value::answer(&shown.text(number).unwrap_or_else(|| number.to_string()), label)
        })
    });
    variable.values = values.collect();
    let declared = |setting: &str| settings.get(setting).is_some_and(|column| column == stored.name());
    let weighs = settings.get("_svy_wtype").is_none_or(|kind| kind == "pweight");
    variable.role = match () {
        () if declared("_svy_wvar") && weighs => Role::Weight,
        () if declared("_svy_strata1") => Role::Strata,
        () if declared("_svy_su1") => Role::Units,
        () => Role::Answer,
    };
    variable
}

/// The code of a number that a label is for, if it is `.a` to `.z`.
fn letter(value: i32) -> Option<String> {
    /// What stands for `.`; the letters follow.
    const NO_NUMBER: i32 = 2_147_483_621;
    let letter = u8::try_from(value.checked_sub(NO_NUMBER + 1)?).ok().filter(|letter| *letter < 26)?;
    Some(format!(".{}", char::from(b'a' + letter)))
}

fn bytes(kind: VariableType) -> u64 {
    match kind {
        VariableType::Byte => 1,
        VariableType::Int => 2,
        VariableType::Long | VariableType::Float => 4,
        VariableType::Double | VariableType::LongString => 8,
        VariableType::FixedString(bytes) => u64::from(bytes),
    }
}

fn failure(path: &Path, error: &DtaError) -> Diagnostics {
    let encoding = error.to_string().contains("encoding");
    if encoding {
        let why = format!("a text is not in UTF-8 ({error}); in Stata, unicode translate repairs such files");
        return damaged(path, &why);
    }
    damaged(path, &error.to_string())
}
