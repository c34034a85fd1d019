//! Targets in a file of margins, or counted in a reference survey.

use super::{Amount, Shares, Targets, Unit, decimals_of, level_of};
use crate::{
    diagnostic::{did_you_mean, quoted_list},
    study::{
        meaning::same_code,
        weighting::{
            Rows, TargetFile, TargetRow, TargetTable,
            file::{SHARE, TOTAL},
        },
    },
};

impl Targets<'_> {
    /// Takes them from a file.
    pub fn of_table(mut self, file: &TargetFile, table: &TargetTable) -> Shares {
        let before = self.reader.problems.iter().count();
        let wanted: Option<Vec<String>> =
            file.wanted(&table.columns).map(|names| names.into_iter().map(str::to_owned).collect());
        let Some(wanted) = wanted else {
            self.lacking_columns(file, table);
            return None;
        };
        let cells = self.cells_of_rows(file, table);
        let is_reference = matches!(file.rows, Rows::Respondents { .. });
        for (row, cell) in table.rows.iter().zip(cells) {
            let Some(cell) = cell else { continue };
            let amount = if is_reference {
                row.amount.parse().ok().map(|value| Amount { value, decimals: None })
            } else {
                self.amount(file, table, row)
            };
            let Some(amount) = amount else { continue };
            match &mut self.cells[cell] {
                // Other spellings of the same levels.
                Some(known) if is_reference => known.value += amount.value,
                Some(_) => self.repeated(table, row, cell, &wanted),
                empty => *empty = Some(amount),
            }
        }
        if is_reference {
            // A weight of 0 counts nobody.
            self.cells.iter_mut().for_each(|cell| *cell = cell.filter(|amount| amount.value > 0.0));
        }
        self.complete(before, &table.name)?;
        self.shares(match (is_reference, wanted.last().map(String::as_str)) {
            (true, _) => Unit::Weights,
            (false, Some(TOTAL)) => Unit::People,
            _ => Unit::Percent,
        })
    }

    fn lacking_columns(&mut self, file: &TargetFile, table: &TargetTable) {
        let has = |name: &str| table.columns.iter().any(|column| column == name);
        let mut lacking: Vec<&str> =
            file.columns.iter().map(|column| column.name.as_str()).filter(|name| !has(name)).collect();
        let columns = || table.columns.iter().map(String::as_str);
        let mut what = quoted_list(lacking.iter().copied());
        match &file.rows {
            Rows::Cells if has(SHARE) && has(TOTAL) && lacking.is_empty() => {
                let message = format!("{} has both `share` and `total`", table.name);
                let hint =
                    "keep one of them: percent, or numbers of people, which also give the size of the population";
                self.reader.error("target-file", self.span.clone(), message, Some(hint.to_owned()));
                return;
            }
            Rows::Cells if !has(SHARE) && !has(TOTAL) => {
                let amounts = "`share` (percent) or `total` (people)";
                what = if lacking.is_empty() { amounts.to_owned() } else { format!("{what} and {amounts}") };
            }
            Rows::Respondents { weight: Some((weight, _)) } if !has(weight) => {
                lacking.push(weight);
                what = quoted_list(lacking.iter().copied());
            }
            _ => {}
        }
        let near = lacking.iter().find_map(|name| did_you_mean(name, columns()));
        let hint = near.unwrap_or_else(|| format!("its columns are {}", quoted_list(columns())));
        let message = format!("{} has no column {what}", table.name);
        self.reader.error("target-file", self.span.clone(), message, Some(hint));
    }

    /// The cell of each row; none for respondents of unknown level, and where a level is not listed, which is said.
    fn cells_of_rows(&mut self, file: &TargetFile, table: &TargetTable) -> Vec<Option<usize>> {
        let mut cells = vec![Some(0); table.rows.len()];
        for (index, segment) in self.segments.iter().enumerate() {
            let missing = &file.columns[index].missing;
            let mut unknown: Vec<(&str, String)> = Vec::new();
            for (row, cell) in table.rows.iter().zip(&mut cells) {
                let code = row.cells[index].as_str();
                let level = level_of(segment, code);
                let is_missing = code.is_empty() || missing.iter().any(|missing| same_code(missing, code));
                let may_be_missing = is_missing && matches!(file.rows, Rows::Respondents { .. });
                if level.is_none() && !may_be_missing && unknown.iter().all(|(known, _)| *known != code) {
                    unknown.push((code, table.place_of(row)));
                }
                *cell = cell.and_then(|cell| Some(cell * segment.levels().len() + level?));
            }
            if let Some((_, place)) = unknown.iter().find(|(code, _)| code.is_empty()) {
                let message = format!("column `{}` is blank in {place}", file.columns[index].name);
                let hint =
                    "each row of a file of margins is a cell: without totals, and without those of unknown level";
                self.reader.error("unknown-level", self.span.clone(), message, Some(hint.to_owned()));
            }
            unknown.retain(|(code, _)| !code.is_empty());
            if let Some((code, place)) = unknown.first() {
                let codes = quoted_list(unknown.iter().map(|(code, _)| *code));
                let column = &file.columns[index].name;
                let message =
                    format!("segment `{}` has no level {codes}, found in column `{column}` of {place}", segment.id);
                let hint = self.hint_of_level(segment, code);
                self.reader.error("unknown-level", self.span.clone(), message, Some(hint));
            }
        }
        cells
    }

    fn amount(&mut self, file: &TargetFile, table: &TargetTable, row: &TargetRow) -> Option<Amount> {
        let typed = row.amount.trim();
        let place = || table.place_of(row);
        let point = if file.decimal_comma { ',' } else { '.' };
        // A point is no part of a number that has a decimal comma: 1.500 would be fifteen hundred to some.
        let is_ambiguous = file.decimal_comma && typed.contains('.');
        let number = typed.replacen(point, ".", 1).parse::<f64>().ok().filter(|number| number.is_finite());
        let Some(value) = number.filter(|_| !is_ambiguous) else {
            let message = match typed {
                "" => format!("there is no target in {}", place()),
                typed => format!("the target in {} is `{typed}`, expected a number", place()),
            };
            let hint = match (file.decimal_comma, typed.contains(',')) {
                (false, true) => "with decimal = \",\" in the margin numbers are written 9,16",
                (true, _) => "with decimal = \",\" in the margin numbers are written 1500 or 9,16",
                _ => "each cell of the margin has one",
            };
            self.reader.error("target-file", self.span.clone(), message, Some(hint.to_owned()));
            return None;
        };
        let of = format!("`{}` in {}", row.cells.join(" × "), place());
        if !self.is_possible(value, typed, &of, self.span.clone()) {
            return None;
        }
        Some(Amount { value, decimals: decimals_of(typed, point) })
    }

    fn repeated(&mut self, table: &TargetTable, row: &TargetRow, cell: usize, wanted: &[String]) {
        let others = table.columns.iter().filter(|column| !wanted.contains(column)).map(String::as_str);
        let others: Vec<&str> = others.collect();
        let hint = if others.is_empty() {
            "each cell of a margin has one row".to_owned()
        } else {
            format!("what tells its rows apart may be {}: keep the rows that are meant", quoted_list(others))
        };
        let message = format!(
            "there are two targets for `{}`, the second in {}",
            self.codes_of(cell).join(" × "),
            table.place_of(row)
        );
        self.reader.error("listed-twice", self.span.clone(), message, Some(hint));
    }
}
