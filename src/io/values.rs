//! Values of Arrow and Parquet that are neither texts nor plain numbers, as a survey has them.
//!
//! | type | here |
//! |---|---|
//! | date, time, both | `2026-03-02`, `14:30:00`, `2026-03-02 14:30:00`; with a time zone, in UTC |
//! | duration | seconds |
//! | decimal | the number; the text where a float would lose digits |
//! | bytes | the text, if they are one |

use polars::prelude::{PolarsError, PolarsResult};
use polars_arrow::{
    array::{Array, BinaryArray, BinaryViewArray, PrimitiveArray},
    datatypes::{ArrowDataType, TimeUnit},
    temporal_conversions::{
        timestamp_ms_to_datetime_opt, timestamp_ns_to_datetime_opt, timestamp_s_to_datetime_opt,
        timestamp_us_to_datetime_opt,
    },
    types::NativeType,
};

use crate::responses::Cells;

/// Hands over the values of an array.
pub fn hand_over(array: &dyn Array, first: u64, cells: &mut impl Cells) -> PolarsResult<()> {
    match array.dtype().to_storage() {
        ArrowDataType::Null => cells.numbers(&vec![f64::NAN; array.len()], first),
        ArrowDataType::Date32 => {
            let date = |days| Some(timestamp_s_to_datetime_opt(i64::from(days) * 86_400)?.date().to_string());
            texts::<i32>(array, date, first, cells)?;
        }
        ArrowDataType::Date64 => {
            let date = |value| Some(timestamp_ms_to_datetime_opt(value)?.date().to_string());
            texts::<i64>(array, date, first, cells)?;
        }
        ArrowDataType::Timestamp(unit, _) => {
            let moment = |value: i64| {
                let moment = match unit {
                    TimeUnit::Second => timestamp_s_to_datetime_opt(value),
                    TimeUnit::Millisecond => timestamp_ms_to_datetime_opt(value),
                    TimeUnit::Microsecond => timestamp_us_to_datetime_opt(value),
                    TimeUnit::Nanosecond => timestamp_ns_to_datetime_opt(value),
                };
                Some(moment?.to_string())
            };
            texts::<i64>(array, moment, first, cells)?;
        }
        ArrowDataType::Time32(unit) => {
            texts::<i32>(array, |value| Some(clock(i64::from(value), *unit)), first, cells)?;
        }
        ArrowDataType::Time64(unit) => texts::<i64>(array, |value| Some(clock(value, *unit)), first, cells)?,
        ArrowDataType::Duration(unit) => {
            let seconds = |value: i64| value as f64 / in_a_second(*unit) as f64;
            let values = primitive::<i64>(array)?.iter();
            cells.numbers(
                &values.map(|value| value.map_or(f64::NAN, |value| seconds(*value))).collect::<Vec<_>>(),
                first,
            );
        }
        ArrowDataType::Decimal(_, scale) => decimals(primitive::<i128>(array)?, *scale, first, cells),
        ArrowDataType::Binary | ArrowDataType::LargeBinary | ArrowDataType::BinaryView => bytes(array, first, cells)?,
        other => {
            return Err(PolarsError::ComputeError(
                format!("it holds values of the type {other:?}, expected texts, numbers or dates").into(),
            ));
        }
    }
    Ok(())
}

fn primitive<T: NativeType>(array: &dyn Array) -> PolarsResult<&PrimitiveArray<T>> {
    let found = array.as_any().downcast_ref::<PrimitiveArray<T>>();
    found.ok_or_else(|| PolarsError::ComputeError("its values are not of the type that the file says".into()))
}

/// Values as texts; one that has none, such as a date beyond all years, is an error.
fn texts<T: NativeType + std::fmt::Display>(
    array: &dyn Array,
    text: impl Fn(T) -> Option<String>,
    first: u64,
    cells: &mut impl Cells,
) -> PolarsResult<()> {
    for (value, position) in primitive::<T>(array)?.iter().zip(first..) {
        let text = value.map(|value| {
            let strange = || PolarsError::ComputeError(format!("{value} in row {position} is no date or time").into());
            text(*value).ok_or_else(strange)
        });
        cells.text(&text.transpose()?.unwrap_or_default(), position);
    }
    Ok(())
}

fn in_a_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

fn clock(value: i64, unit: TimeUnit) -> String {
    let seconds = value / in_a_second(unit);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn decimals(values: &PrimitiveArray<i128>, scale: usize, first: u64, cells: &mut impl Cells) {
    /// Up to here a float holds every whole number, and every power of ten.
    const EXACT: u128 = 1 << 53;
    const POWERS: usize = 22;
    if scale <= POWERS && values.iter().flatten().all(|value| value.unsigned_abs() <= EXACT) {
        let number = |value: &i128| *value as f64 / 10_f64.powi(scale as i32);
        let numbers: Vec<f64> = values.iter().map(|value| value.map_or(f64::NAN, number)).collect();
        return cells.numbers(&numbers, first);
    }
    for (value, position) in values.iter().zip(first..) {
        let text = value.map(|value| {
            let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
            let (whole, rest) = digits.split_at(digits.len() - scale);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{}{whole}{point}{rest}", if *value < 0 { "-" } else { "" })
        });
        cells.text(&text.unwrap_or_default(), position);
    }
}

fn bytes(array: &dyn Array, first: u64, cells: &mut impl Cells) -> PolarsResult<()> {
    let any = array.as_any();
    let values: Vec<Option<&[u8]>> = if let Some(array) = any.downcast_ref::<BinaryArray<i32>>() {
        array.iter().collect()
    } else if let Some(array) = any.downcast_ref::<BinaryArray<i64>>() {
        array.iter().collect()
    } else if let Some(array) = any.downcast_ref::<BinaryViewArray>() {
        array.iter().collect()
    } else {
        Vec::new()
    };
    for (value, position) in values.into_iter().zip(first..) {
        let text = std::str::from_utf8(value.unwrap_or_default());
        let text =
            text.map_err(|_| PolarsError::ComputeError(format!("row {position} holds bytes, no text").into()))?;
        cells.text(text, position);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use polars_arrow::{
        array::{Array, PrimitiveArray},
        datatypes::{ArrowDataType, TimeUnit},
    };

    use super::hand_over;
    use crate::responses::Profile;

    fn seen(array: &dyn Array) -> Vec<String> {
        let mut profile = Profile::new("x");
        hand_over(array, 1, &mut profile).expect("handed over");
        profile.values.into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn values_of_all_kinds_are_written_as_a_survey_has_them() {
        let of_64 = |value: i64, dtype| PrimitiveArray::<i64>::from_slice([value]).to(dtype).boxed();
        let of_128 = |value: i128, scale| {
            PrimitiveArray::<i128>::from_slice([value]).to(ArrowDataType::Decimal(38, scale)).boxed()
        };
        for (array, expected) in [
            (PrimitiveArray::<i32>::from_slice([20_514]).to(ArrowDataType::Date32).boxed(), "2026-03-02"),
            (of_64(1_772_461_800_000, ArrowDataType::Date64), "2026-03-02"),
            (of_64(1_772_461_800, ArrowDataType::Timestamp(TimeUnit::Second, None)), "2026-03-02 14:30:00"),
            (of_64(52_200_000_000, ArrowDataType::Time64(TimeUnit::Microsecond)), "14:30:00"),
            (of_64(1500, ArrowDataType::Duration(TimeUnit::Millisecond)), "1.5"),
            (of_128(-1250, 2), "-12.5"),
            (of_128(123_456_789_012_345_678_901, 2), "1234567890123456789.01"),
            (of_128(-5_000_000_000_000_000_000, 20), "-0.05000000000000000000"),
        ] {
            assert_eq!(seen(array.as_ref()), [expected]);
        }
    }

    #[test]
    fn a_date_beyond_all_years_is_an_error() {
        let array = PrimitiveArray::<i32>::from_slice([i32::MAX]).to(ArrowDataType::Date32);
        assert!(hand_over(&array, 1, &mut Profile::new("x")).is_err());
    }
}
