//! Tables for programs: CSV with one line a cell, JSON with numbers at full precision.

use serde_json::{Value, json};

use super::{Comparison, Comparisons, Table};
use crate::{
    disclosure::{Count, Withheld, left_out},
    io::CsvWriter,
    study::{Exclusion, Language},
    survey::Survey,
    tidy::base_of,
    words::quality::exclusion_label,
};

/// One line for each cell: question, option, segment, level, statistic, value, n, withheld, synthetic. Of a contrast `option`
/// is its name, and `level` is empty where it compares levels.
#[must_use]
pub fn to_csv(tables: &[Table], comparisons: Option<&Comparisons>) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_csv(tables, comparisons, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Who is left out, by reason and in order; how many is null where it may not be said exactly.
#[must_use]
pub fn exclusions_to_json(survey: &Survey, language: Language) -> Value {
    let reason = |(exclusion, count): (&Exclusion, Count)| {
        let rows = if let Count::Exactly(rows) = count { Some(rows) } else { None };
        json!({ "rule": exclusion.rule.name(), "label": exclusion_label(exclusion, language), "rows": rows })
    };
    left_out(survey).into_iter().map(reason).collect()
}

/// The tables as one JSON document, with who is left out of them.
#[must_use]
pub fn to_json(tables: &[Table], comparisons: Option<&Comparisons>, exclusions: &Value) -> String {
    let tables: Vec<Value> = tables.iter().map(table_to_json).collect();
    let comparisons: Vec<Value> = comparisons.iter().flat_map(|all| &all.rows).map(comparison_to_json).collect();
    format!(
        "{:#}\n",
        json!({ "schema": "topline.tables/1", "excluded": exclusions, "tables": tables, "comparisons": comparisons })
    )
}

fn write_csv(tables: &[Table], comparisons: Option<&Comparisons>, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let header = ["question", "option", "segment", "level", "statistic", "value", "n", "withheld", "synthetic"];
    let mut csv = CsvWriter::new(bytes, &header)?;
    for table in tables {
        for row in &table.rows {
            for ((segment, level, _), (figure, bases)) in table.columns().zip(row.figures.iter().zip(&table.bases)) {
                let value = figure.shown().map(|estimate| estimate.value.to_string()).unwrap_or_default();
                let n = base_of(figure, *bases).map(|bases| bases.unweighted.to_string()).unwrap_or_default();
                let withheld = figure.withheld().map_or("", Withheld::name);
                let synthetic = if table.synthetic { "true" } else { "false" };
                let statistic = row.statistic;
                csv.row([&table.id, &row.code, segment, level, statistic, &value, &n, withheld, synthetic])?;
            }
        }
    }
    for row in comparisons.iter().flat_map(|all| &all.rows) {
        let shown = row.figure.shown();
        let value = shown.map(|estimate| estimate.value.to_string()).unwrap_or_default();
        let n = shown.map(|estimate| estimate.bases.unweighted.to_string()).unwrap_or_default();
        let withheld = row.figure.withheld().map_or("", Withheld::name);
        let synthetic = if row.synthetic { "true" } else { "false" };
        let level = if row.segment == "total" { "total" } else { "" };
        csv.row([&row.question, &row.id, &row.segment, level, row.statistic, &value, &n, withheld, synthetic])?;
    }
    csv.finish()
}

fn comparison_to_json(row: &Comparison) -> Value {
    let shown = row.figure.shown();
    let limits = shown.and_then(|estimate| estimate.limits);
    json!({
        "contrast": row.id,
        "label": row.label,
        "question": row.question,
        "segment": row.segment,
        "statistic": row.statistic,
        "value": shown.map(|estimate| estimate.value),
        "ci_low": limits.map(|limits| limits.low),
        "ci_high": limits.map(|limits| limits.high),
        "n": shown.map(|estimate| estimate.bases.unweighted),
        "withheld": row.figure.withheld().map(Withheld::name),
        "synthetic": row.synthetic,
    })
}

fn table_to_json(table: &Table) -> Value {
    let columns: Vec<Value> = (table.columns().zip(&table.bases))
        .map(|((segment, level, label), bases)| {
            json!({
                "segment": segment,
                "level": level,
                "label": label,
                "n": bases.map(|bases| bases.unweighted),
                "n_weighted": bases.map(|bases| bases.weighted),
                "n_effective": bases.map(|bases| bases.effective),
            })
        })
        .collect();
    let rows: Vec<Value> = (table.rows.iter())
        .map(|row| {
            let cells: Vec<Value> = (row.figures.iter().zip(&table.bases))
                .map(|(figure, bases)| {
                    json!({
                        "value": figure.shown().map(|estimate| estimate.value),
                        "n": base_of(figure, *bases).map(|bases| bases.unweighted),
                        "withheld": figure.withheld().map(Withheld::name),
                    })
                })
                .collect();
            json!({ "option": row.code, "label": row.label, "statistic": row.statistic, "cells": cells })
        })
        .collect();
    json!({
        "question": table.id,
        "title": table.title,
        "base": table.base,
        "synthetic": table.synthetic,
        "columns": columns,
        "rows": rows,
        "notes": table.notes,
    })
}
