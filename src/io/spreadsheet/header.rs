//! Where the names of the columns stand: below a title, and in two rows where cells were merged.

use super::sheet::{Merged, Sheet};

/// The names of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    pub names: Vec<String>,
    /// Rows of the sheet before the first respondent.
    pub rows: usize,
}

/// How many rows before the names hold a title: a row with a single cell, above one with several.
pub fn title_rows(sheet: &Sheet) -> usize {
    const MOST: usize = 10;
    let is_title = |index: &usize| sheet.row(*index).len() == 1;
    let titles = (0..sheet.rows.len()).take_while(is_title).count();
    if titles <= MOST && titles < sheet.rows.len() { titles } else { 0 }
}

/// The names in two rows: where a cell of the first row goes over several columns, each has a name of its own below it.
pub fn of_two_rows(sheet: &Sheet, first: usize) -> Option<Header> {
    let number = sheet.rows.get(first)?.0 - 1;
    if sheet.rows.get(first + 1)?.0 != number + 2 {
        return None;
    }
    let is_heading = |merged: &&Merged| merged.rows == (number, number) && merged.columns.1 > merged.columns.0;
    let headings: Vec<&Merged> = sheet.merged.iter().filter(is_heading).collect();
    if headings.is_empty() {
        return None;
    }
    let (mut upper, lower) = (sheet.texts_of_row(first), sheet.texts_of_row(first + 1));
    for heading in &headings {
        let columns = heading.columns.0 as usize..=(heading.columns.1 as usize).min(sheet.width.checked_sub(1)?);
        // A title over the whole table is no part of a name, and a wide cell above numbers heads no names.
        if columns.clone().any(|column| lower[column].trim().is_empty()) {
            return None;
        }
        let text = upper.get(*columns.start())?.clone();
        columns.for_each(|column| upper[column].clone_from(&text));
    }
    let name = |(upper, lower): (&String, &String)| match (upper.trim(), lower.trim()) {
        (upper, "") => upper.to_owned(),
        ("", lower) => lower.to_owned(),
        (upper, lower) => format!("{upper}: {lower}"),
    };
    Some(Header { names: upper.iter().zip(&lower).map(name).collect(), rows: first + 2 })
}
