//! What strata add to a variance, as a table.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{
    super::paper::Paper,
    phrases::number,
    strata::{Line, Strata},
};
use crate::{
    survey::Survey,
    table::{left, right},
    words,
};

/// How many strata are listed.
const LISTED: usize = 20;

/// A stratum, or several together, which have nothing but what they add.
struct Row {
    name: String,
    /// Units, sampled fraction, squares about the mean.
    cells: Option<[String; 3]>,
    adds: String,
}

/// Prints what strata add; what may not be told of single ones is added up.
pub(super) fn print(paper: &mut Paper, survey: &Survey, strata: &Strata) {
    let language = paper.language;
    let head = Row {
        name: "h".to_owned(),
        cells: Some(["n_h", "f_h", "Σ(z − z̄)²"].map(str::to_owned)),
        adds: language.choose("trägt bei", "adds").to_owned(),
    };
    let mut rows = vec![head];
    rows.extend(named(paper, survey, strata));
    rows.extend(together(paper, strata));
    let width = |cell: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.as_ref());
        cells.map(|cells| cells[cell].width()).max().unwrap_or(0)
    };
    let names = rows.iter().filter(|row| row.cells.is_some()).map(|row| row.name.width()).max().unwrap_or(0);
    let (widths, adds) = ([0, 1, 2].map(width), rows.iter().map(|row| row.adds.width()).max().unwrap_or(0));
    for row in &rows {
        let before = match &row.cells {
            Some(cells) => {
                let cells: Vec<String> = cells.iter().zip(widths).map(|(text, width)| right(text, width)).collect();
                format!("{}  {}", left(&row.name, names), cells.join("  "))
            }
            None => left(&row.name, names + widths.iter().map(|width| 2 + width).sum::<usize>()),
        };
        let _ = writeln!(paper.text, "    {before}  {}", right(&row.adds, adds));
    }
    if strata.others.0 > 0 {
        why_together(paper, survey);
    }
}

/// Why some are not named: which rule struck at which stratum would tell of it.
fn why_together(paper: &mut Paper, survey: &Survey) {
    let (language, rules) = (paper.language, &survey.study.publication);
    let [minimum, very_low] = [rules.minimum_count, rules.very_low_base].map(|count| words::count(count, language));
    let text = language.choose(
        format!("einzeln könnten manche verraten, was unter {minimum} Befragte sagten oder alle von unter {very_low}"),
        format!(
            "one by one some could tell what fewer than {minimum} respondents said, or all of fewer than {very_low}"
        ),
    );
    paper.lines("    ", &text);
}

fn named(paper: &Paper, survey: &Survey, strata: &Strata) -> Vec<Row> {
    let (language, first) = (paper.language, &survey.design.stages[0]);
    let row = |line: &Line| {
        let stratum = &first.strata[line.stratum];
        let fraction = line.squares.map(|_| number(stratum.sampled_fraction, language));
        let squares = line.squares.map(|squares| number(squares, language));
        Row {
            name: if stratum.name.is_empty() { "1".to_owned() } else { stratum.name.clone() },
            cells: Some([
                words::count(stratum.units, language),
                fraction.unwrap_or_default(),
                squares.unwrap_or_default(),
            ]),
            adds: number(line.adds, language),
        }
    };
    strata.named.iter().take(LISTED).map(row).collect()
}

fn together(paper: &Paper, strata: &Strata) -> Vec<Row> {
    let language = paper.language;
    let count = |count: usize| words::count(count as u64, language);
    let row = |name: String, adds: f64| Row { name, cells: None, adds: number(adds, language) };
    let mut rows = Vec::new();
    if let Some(rest) = strata.named.get(LISTED..).filter(|rest| !rest.is_empty()) {
        let more = count(rest.len());
        let name = language.choose(format!("{more} weitere"), format!("{more} more"));
        rows.push(row(name, rest.iter().map(|line| line.adds).sum()));
    }
    let (others, adds) = strata.others;
    if others > 0 {
        let others = count(others);
        let name = language.choose(format!("{others} andere zusammen"), format!("{others} others together"));
        rows.push(row(name, adds));
    }
    for ((strata, adds), stage) in strata.later.iter().zip(2..) {
        let strata = count(*strata);
        let name =
            language.choose(format!("Stufe {stage}, {strata} Schichten"), format!("stage {stage}, {strata} strata"));
        rows.push(row(name, *adds));
    }
    rows
}
