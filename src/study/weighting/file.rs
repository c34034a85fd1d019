//! Files that margins take their targets from: which there are, and what was found in them.

use std::sync::Arc;

use super::typed::{MarginSpec, TargetsSpec, WeightingSpec};
use crate::{
    diagnostic::Place,
    study::{
        reader::Typed,
        spec::{SegmentSpec, Spec},
    },
};

/// A file that a margin takes its targets from.
#[derive(Clone, Debug)]
pub struct TargetFile {
    /// The margin, by its position in the study file.
    pub margin: usize,
    /// The file, relative to the study file.
    pub file: String,
    /// Where the study file names it.
    pub place: Place,
    /// What a row of it is.
    pub rows: Rows,
    /// The columns that tell the levels of a row, one for each variable of the margin.
    pub columns: Vec<TargetColumn>,
    /// Whether its numbers are written `1,5`.
    pub decimal_comma: bool,
}

/// What a row of a target file is.
#[derive(Clone, Debug)]
pub enum Rows {
    /// A cell of the margin with its target, in a column `share` (percent) or `total` (people).
    Cells,
    /// A respondent of a reference survey, who counts with a weight, or 1.
    Respondents {
        /// The column of weights, and where the study file names it.
        weight: Option<(String, Place)>,
    },
}

/// A column of a target file that tells a level.
#[derive(Clone, Debug)]
pub struct TargetColumn {
    /// Its name: the id of the variable; in a reference survey the column that the variable reads.
    pub name: String,
    /// Where bands begin, if it holds numbers to be put into bands; otherwise empty.
    pub bands: Vec<f64>,
    /// Codes that put nobody into a level.
    pub missing: Vec<String>,
}

/// What was found in a target file.
#[derive(Clone, Debug, Default)]
pub struct TargetTable {
    /// The file as a message names it.
    pub name: String,
    /// What positions in it are called: lines or rows.
    pub position_name: &'static str,
    /// All columns of the file.
    pub columns: Vec<String>,
    /// The wanted cells; no row where not all [wanted columns](TargetFile::wanted) are there.
    pub rows: Vec<TargetRow>,
}

impl TargetTable {
    /// Where a row is, in words: `line 4 of margins.csv`.
    pub(super) fn place_of(&self, row: &TargetRow) -> String {
        match row.position {
            Some(position) => format!("{} {position} of {}", self.position_name, self.name),
            None => self.name.clone(),
        }
    }
}

/// A row of a target file; of a reference survey all respondents of the same levels.
#[derive(Clone, Debug)]
pub struct TargetRow {
    /// A cell for each variable: the code of a level, also of a band.
    pub cells: Vec<String>,
    /// The target as it stands there; of a reference survey the sum of weights.
    pub amount: String,
    /// Its line or row in a file of margins.
    pub position: Option<u64>,
}

/// The columns that may hold targets: percent, or numbers of people.
pub(super) const SHARE: &str = "share";
pub(super) const TOTAL: &str = "total";

impl TargetFile {
    /// The names of the columns to read: those of levels, then that of the target or weight, if any. `None` where one of them
    /// is not among those of the file, or where several could be the target.
    #[must_use]
    pub fn wanted(&self, columns: &[String]) -> Option<Vec<&str>> {
        let has = |name: &str| columns.iter().any(|column| column == name);
        let mut wanted: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        match &self.rows {
            Rows::Respondents { weight } => wanted.extend(weight.iter().map(|(column, _)| column.as_str())),
            Rows::Cells => wanted.push(match (has(SHARE), has(TOTAL)) {
                (true, false) => SHARE,
                (false, true) => TOTAL,
                _ => return None,
            }),
        }
        wanted.iter().all(|name| has(name)).then_some(wanted)
    }
}

impl Spec {
    /// The files that margins take their targets from. A margin that names a segment which does not exist has none.
    #[must_use]
    pub fn target_files(&self) -> Vec<TargetFile> {
        let margins = self.weighting.iter().flat_map(|WeightingSpec { margins, .. }| margins.iter().enumerate());
        margins.filter_map(|(index, margin)| self.target_file(index, margin)).collect()
    }

    fn target_file(&self, index: usize, margin: &MarginSpec) -> Option<TargetFile> {
        let place = |typed: &Typed<String>| Place::Text(Arc::clone(&self.source), typed.span.clone());
        let (file, rows) = match margin.targets.as_ref()? {
            TargetsSpec::Here { .. } => return None,
            TargetsSpec::File(file) => (file, Rows::Cells),
            TargetsSpec::Reference { file, weight } => {
                let weight = weight.as_ref().map(|weight| (weight.value.clone(), place(weight)));
                (file, Rows::Respondents { weight })
            }
        };
        let column = |name: &Typed<String>| {
            let segment = self.all_segments().find(|segment| segment.id.value == name.value)?;
            Some(self.target_column(segment, matches!(rows, Rows::Respondents { .. })))
        };
        let columns = margin.by.iter().map(column).collect::<Option<_>>()?;
        let decimal_comma = margin.decimal_comma;
        Some(TargetFile { margin: index, file: file.value.clone(), place: place(file), rows, columns, decimal_comma })
    }

    fn target_column(&self, segment: &SegmentSpec, is_of_respondents: bool) -> TargetColumn {
        let column = &segment.column().value;
        let name = if is_of_respondents { column } else { &segment.id.value };
        let bands = segment.bands.iter().filter(|_| is_of_respondents).flat_map(|bands| &bands.value);
        TargetColumn {
            name: name.clone(),
            bands: bands.map(|start| start.value).collect(),
            missing: self.missing_codes(column),
        }
    }
}
