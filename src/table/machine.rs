//! Tables for programs: CSV with one line a cell, JSON with numbers at full precision.

use serde_json::{Value, json};

use super::Table;
use crate::{disclosure::Withheld, io::CsvWriter, tidy::base_of};

/// One line for each cell: question, option, segment, level, statistic, value, n, withheld, synthetic.
#[must_use]
pub fn to_csv(tables: &[Table]) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_csv(tables, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The tables as one JSON document.
#[must_use]
pub fn to_json(tables: &[Table]) -> String {
    let tables: Vec<Value> = tables.iter().map(table_to_json).collect();
    format!("{:#}\n", json!({ "schema": "topline.tables/1", "tables": tables }))
}

fn write_csv(tables: &[Table], bytes: &mut Vec<u8>) -> std::io::Result<()> {
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
    csv.finish()
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
