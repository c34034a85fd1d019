//! Triple-S XML 2.0 with data at fixed positions, in UTF-8.
//!
//! A set of ticks becomes a bitstring, whose codes are the numbers at the end of the columns' names where they have such, and
//! else 1, 2, …; a set of codes becomes a spread. A base is written as a filter where it is one: that a logical variable is
//! true, or that another has a value.
//!
//! Source: The Triple-S XML standard, version 2.0.002 (September 2011), <https://triple-s.org>.

mod definition;
mod item;
mod lines;

use std::{io::Write, path::PathBuf};

use self::item::{Item, items};
use super::{kept::Kept, plain::with_blocks};
use crate::{
    diagnostic::{Diagnostics, quoted_list},
    io::write_atomically,
};

/// Writes the definition and the data; returns how many rows.
pub(super) fn write(kept: &mut Kept<'_>, files: &[PathBuf], progress: &mut dyn FnMut(u64)) -> Result<u64, Diagnostics> {
    let mut notes = Vec::new();
    let items = items(kept, &mut notes);
    notes.extend(what_is_lost(kept, &items));
    let rows = with_blocks(kept, &files[1], progress, |writer, blocks| {
        let mut line = String::new();
        blocks(&mut |texts, rows| {
            for row in 0..rows {
                line.clear();
                for item in &items {
                    lines::add(&mut line, item, texts, row);
                }
                line += "\r\n";
                writer.write_all(line.as_bytes())?;
            }
            Ok(())
        })
    })?;
    let text = definition::text(kept.codebook.title.as_deref(), &items, &files[1]);
    write_atomically(&files[0], |writer| writer.write_all(text.as_bytes()))?;
    kept.notes.append(&mut notes);
    Ok(rows)
}

fn what_is_lost(kept: &Kept<'_>, items: &[Item]) -> Vec<String> {
    let mut notes = Vec::new();
    let has_filter = |column: &str| {
        let position = kept.columns.iter().position(|shape| shape.profile.column == column);
        items
            .iter()
            .any(|item| item.filter.is_some() && position.is_some_and(|position| item.columns.contains(&position)))
    };
    let of = |is: &dyn Fn(&crate::codebook::Variable) -> bool| -> Vec<&str> {
        let lost = kept.codebook.variables.iter().filter(|variable| is(variable));
        lost.map(|variable| variable.column.as_str()).collect()
    };
    let mut lost = |what: &str, columns: Vec<&str>| {
        if !columns.is_empty() {
            notes.push(format!("Triple-S does not hold {what}: {}", quoted_list(columns)));
        }
    };
    lost("this base, only that a logical variable is true", of(&|v| v.base.is_some() && !has_filter(&v.column)));
    let is_missing = |v: &crate::codebook::Variable| v.values.iter().any(|value| value.missing.is_some());
    lost("which codes are no answers", of(&|v| is_missing(v) || !v.missing_ranges.is_empty()));
    lost("why cells are blank", of(&|v| v.blank.is_some()));
    let breaks = kept.columns.iter().filter(|shape| shape.breaks > 0);
    lost("line breaks, which become spaces", breaks.map(|shape| shape.profile.column.as_str()).collect());
    notes
}
