//! The one loop in which responses are read.

use super::Progress;
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    io::Table,
    responses::{Batch, Cells, Findings, Intake, take_batch},
    study::Study,
    tally::Plan,
};

/// Which rows are read.
pub(super) struct Reading<'a> {
    pub table: &'a Table,
    /// The columns.
    pub names: Vec<&'a str>,
    /// How many rows are handed over at once, or more where blocks of the file are larger.
    pub rows_at_once: usize,
}

impl Reading<'_> {
    /// Hands over what `split` makes of the rows that `columns` have taken in; while some are taken the next are read.
    pub fn run<C: Cells, T: Send>(
        &self,
        columns: &mut [C],
        progress: &mut Progress<'_>,
        split: impl Fn(&mut [C], usize) -> T,
        mut take: impl FnMut(T) -> Result<(), Diagnostics> + Send,
    ) -> Result<(), Diagnostics> {
        let mut blocks = self.table.blocks(&self.names)?;
        let mut read = |columns: &mut [C]| {
            let mut rows = 0;
            while rows < self.rows_at_once {
                match blocks.fill(columns)? {
                    0 => break,
                    more => rows += more,
                }
            }
            Ok::<_, Diagnostics>((rows, blocks.bytes_read()))
        };
        let (mut rows, mut bytes) = read(columns)?;
        while rows > 0 {
            progress(bytes, self.table.bytes);
            let part = split(columns, rows);
            let (taken, next) = rayon::join(|| take(part), || read(columns));
            taken?;
            (rows, bytes) = next?;
        }
        Ok(())
    }
}

/// Takes the rows of a file batch after batch. Gives what was found in the column of each request, and its keys.
pub(super) fn read_batches(
    plan: &Plan,
    study: &Study,
    table: &Table,
    progress: &mut Progress<'_>,
    take: &mut (dyn FnMut(&Batch) + Send),
) -> Result<Vec<(Findings, Vec<String>)>, Diagnostics> {
    /// As long as blocks of the file are smaller.
    const ROWS: usize = 1 << 20;
    /// Cells at most, as far as blocks of the file allow: with hundreds of replicate weights a row is kilobytes.
    const NUMBERS: usize = 1 << 25;
    let names: Vec<&str> = plan.requests.iter().map(|request| request.column.as_str()).collect();
    let rows_at_once = (NUMBERS / names.len().max(1)).min(ROWS);
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    let mut so_far = 0;
    Reading { table, names, rows_at_once }.run(&mut intakes, progress, take_batch, |batch| {
        so_far += batch.rows as u64;
        if so_far > plan.most_respondents() {
            return Err(too_many_respondents(plan, study));
        }
        take(&batch);
        Ok(())
    })?;
    Ok(intakes.into_iter().map(Intake::finish).collect())
}

/// Where each respondent is a unit and replicates are made, each has sums of its own.
fn too_many_respondents(plan: &Plan, study: &Study) -> Diagnostics {
    let most = plan.most_respondents();
    let across = study.contrasts.iter().find(|contrast| !contrast.is_of_one_question());
    let (place, what, hint) = match (&study.design.replicates, across) {
        (Some(replicates), _) if !replicates.columns().is_empty() => (
            &replicates.origin,
            "replicate weights can be kept for quantiles and ranks of",
            "leave out medians and quantiles, or let the replicates be made of units",
        ),
        (None, Some(contrast)) => (
            &contrast.origin,
            "figures of several questions can be compared for",
            "name primary sampling units with `units`, or compare figures of one question",
        ),
        (replicates, _) => (
            replicates.as_ref().map_or(&study.data.origin, |replicates| &replicates.origin),
            "replicates of single respondents can be made of",
            "name primary sampling units with `units`, or read replicate weights from columns",
        ),
    };
    let (place, message) = (place.0.clone(), format!("{what} at most {most} in this study, and the file has more"));
    Diagnostic::error("too-many-respondents", place, message).hint(hint).into()
}
