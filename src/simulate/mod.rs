//! Dummy responses that obey a study file: for trying a study out before fieldwork, for examples and for tests.
//!
//! **No person answered.** Every file has the column [`SYNTHETIC_COLUMN`](crate::io::SYNTHETIC_COLUMN), and a
//! Parquet file says it in its metadata too.
//!
//! How a row is made, in this order:
//!
//! 1. A *respondent* (`respondents`): a primary sampling unit, then a level of each segment. Segments are drawn
//!    independently of one another, from their population shares times a willingness to answer that differs by
//!    level, so that the unweighted sample is off; the weight is the inverse of that, with a little noise. Numbers that
//!    weights are fitted to have about their mean in the population (`amount`).
//! 2. Each *question* in the order of the file (`asking`): its base decides who is asked, by the same code that
//!    reads bases elsewhere; the others get a blank cell. A few of those asked do not answer.
//! 3. The *answer* (`choice`): a logit model with small effects of segments, units and strata. The effects follow
//!    from names alone (`effects`), so the made-up population is the same for every seed. Intercepts are fitted
//!    on a pilot of 16,384 respondents so that the weighted share in the base is the published one.
//!
//! What this is good for and what not: published shares come out on the right base, and **land closer to the
//! published figures than a real sample would**, because each draw leans against the error made so far. Intervals
//! computed from such a file are as wide as those of a real sample, but repeated files scatter far less
//! than they say. Differences between segments are invented. Answers to different questions are related only through
//! segments, units and bases.
//!
//! The same study, seed and number of rows give the same file. Each purpose has its own stream of random numbers,
//! named after it: adding a question does not change the other answers, and a longer file begins like a shorter one.

mod amount;
mod asking;
mod chance;
mod choice;
mod effects;
mod file;
mod grouping;
mod left_out;
mod plan;
mod replicates;
mod respondents;
mod shares;
#[cfg(test)]
mod tests;
mod written;

use std::path::Path;

use crate::{
    diagnostic::{Diagnostics, Place},
    io::{OutputFormat, write_atomically},
    study::Study,
};

use self::{chance::Seed, file::ResponseFile, plan::Plan};

/// Respondents on whom intercepts are fitted.
const PILOT_ROWS: usize = 16_384;
/// Rows made at once: bounds the memory, and is the row group of a Parquet file.
const ROWS_AT_ONCE: usize = 262_144;

/// Writes `rows` made-up responses to `path`, as text or Parquet by its ending. `progress` is told the rows written so
/// far now and then.
pub fn simulate(
    study: &Study,
    rows: u64,
    seed: u64,
    path: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Diagnostics> {
    simulate_in_batches(study, rows, seed, path, ROWS_AT_ONCE, progress)
}

/// Content does not depend on the size of the batches.
fn simulate_in_batches(
    study: &Study,
    rows: u64,
    seed: u64,
    path: &Path,
    rows_at_once: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Diagnostics> {
    let format = OutputFormat::of(path, &Place::File(path.display().to_string()))?;
    let mut plan = Plan::new(study, rows)?;
    plan.fit(PILOT_ROWS);
    plan.start(Seed::Run(seed));
    write_atomically(path, |writer| {
        let mut file = ResponseFile::new(writer, format, plan.outputs(), seed, study.data.decimal_comma)?;
        let mut done = 0;
        while done < rows {
            let drawn = plan.draw(rows_at_once.min((rows - done) as usize));
            file.write(plan.outputs(), &drawn)?;
            done += drawn.batch.rows as u64;
            progress(done);
        }
        file.finish()
    })
}
