//! The weight of each respondent, in the order of the file.

use super::{Progress, Survey, Weights, reading::Reading, weights};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::Table,
    responses::{Batch, Cells, Intake, take_batch},
    study::Study,
    tally::{Fitted, Plan},
};

/// Weights that were fitted in a first pass over a file, ready to be handed out in a second.
pub struct WeightedRows<'a> {
    table: &'a Table,
    plan: Plan,
    fitted: Fitted,
    /// The weights, by cell.
    pub weights: Weights,
}

/// Takes the weights of some rows, with what stands in the columns beside them.
pub type Take<'a> = dyn FnMut(&[f64], &[Beside]) -> Result<(), Diagnostics> + Send + 'a;

/// Some cells of a column that stands beside the weights, as text.
#[derive(Debug, Default)]
pub struct Beside {
    /// One after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

/// Fits the weights of a study that has a weighting.
pub fn weighted_rows<'a>(
    study: &Study,
    table: &'a Table,
    progress: &mut Progress<'_>,
) -> Result<WeightedRows<'a>, Diagnostics> {
    let Some((weights, fitted)) = weights::fit(study, table, progress)? else {
        // What cannot be read is complained of where everything is counted.
        Survey::count(study.clone(), table.clone(), progress)?;
        let message = "the study has no [weighting]";
        return Err(Diagnostic::error("no-weighting", Place::File(study.source.name.clone()), message).into());
    };
    Ok(WeightedRows { table, plan: Plan::of_weights(study), fitted, weights })
}

impl WeightedRows<'_> {
    /// Hands over the weights of some rows after the other, with what stands in these columns.
    pub fn read(
        &mut self,
        columns: &[String],
        progress: &mut Progress<'_>,
        take: &mut Take<'_>,
    ) -> Result<(), Diagnostics> {
        const ROWS: usize = 1 << 16;
        let Self { table, plan, fitted, .. } = self;
        let requested = plan.requests.iter().map(|request| request.column.as_str());
        let names: Vec<&str> = requested.chain(columns.iter().map(String::as_str)).collect();
        let coded = plan.requests.iter().map(|request| Column::Coded(Box::new(Intake::new(request))));
        let beside = columns.iter().map(|_| Column::Beside(Beside::default()));
        let mut columns: Vec<Column> = coded.chain(beside).collect();
        Reading { table, names, rows_at_once: ROWS }.run(&mut columns, progress, taken, |(batch, beside)| {
            let cells = fitted.cells.of(&batch);
            let weights = fitted.weights(plan.weight.map(|column| batch.columns[column].numbers()), &cells);
            take(&weights, &beside)
        })
    }
}

impl Beside {
    /// The cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }
}

impl Cells for Beside {
    fn text(&mut self, value: &str, _: u64) {
        self.text.push_str(value);
        self.ends.push(self.text.len());
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        for (value, position) in values.iter().zip(first..) {
            let text = if value.is_nan() { String::new() } else { value.to_string() };
            self.text(&text, position);
        }
    }
}

/// A column that is read.
enum Column {
    /// For the weights.
    Coded(Box<Intake>),
    /// To be handed on.
    Beside(Beside),
}

impl Cells for Column {
    fn text(&mut self, value: &str, position: u64) {
        match self {
            Self::Coded(intake) => intake.text(value, position),
            Self::Beside(beside) => beside.text(value, position),
        }
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        match self {
            Self::Coded(intake) => intake.numbers(values, first),
            Self::Beside(beside) => beside.numbers(values, first),
        }
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        match self {
            Self::Coded(intake) => intake.repeated(texts, keys, first),
            Self::Beside(beside) => beside.repeated(texts, keys, first),
        }
    }
}

/// The rows since the last batch, and the cells beside them.
fn taken(columns: &mut [Column], rows: usize) -> (Batch, Vec<Beside>) {
    let (mut batch, mut beside) = (Batch { rows, columns: Vec::new() }, Vec::new());
    for column in columns {
        match column {
            Column::Coded(intake) => batch.columns.append(&mut take_batch(std::slice::from_mut(intake), rows).columns),
            Column::Beside(cells) => beside.push(std::mem::take(cells)),
        }
    }
    (batch, beside)
}
