//! The stages of a run by themselves, on the bundled study: `cargo bench`.
//!
//! Whole processes beside their yardsticks are in `compare.py`; this is for looking at one stage while it is changed.

use std::path::Path;

use divan::{Bencher, black_box, counter::ItemsCount};
use topline::{
    disclosure::{Release, release},
    estimate::Estimates,
    io::Table,
    responses::{Batch, Coder, Intake, Unlisted, take_batch},
    study::Study,
    survey::{Survey, read_study},
    tally::{Counter, Plan, Tally},
};

const IN_ORDER: &str = "the bundled study is in order";

fn main() {
    divan::main();
}

#[divan::bench]
fn read_the_study_file() -> (Study, Table) {
    read_study(black_box(file()), &mut |_, _| ()).expect(IN_ORDER)
}

#[divan::bench]
fn code_texts(bencher: Bencher) {
    let coder = Coder::new(["yes", "no", "dont_know"].map(str::to_owned).to_vec(), Unlisted::Reported);
    let cells = ["no", "yes", "", "dont_know", "no"].repeat(2_000);
    bencher
        .counter(ItemsCount::new(cells.len()))
        .bench(|| cells.iter().map(|cell| u64::from(coder.code_of_text(black_box(cell)))).sum::<u64>());
}

#[divan::bench]
fn read_and_code(bencher: Bencher) {
    let (plan, table) = plan();
    bencher.counter(cells(&batch(&plan, &table))).bench(|| batch(&plan, &table));
}

#[divan::bench]
fn count(bencher: Bencher) {
    let (plan, table) = plan();
    let batch = batch(&plan, &table);
    let count = || -> Tally {
        let mut counter = Counter::new(&plan);
        counter.add(black_box(&batch));
        counter.finish()
    };
    bencher.counter(cells(&batch)).bench(count);
}

#[divan::bench]
fn estimate(bencher: Bencher) {
    let survey = survey();
    bencher.counter(figures(&survey)).bench(|| -> Estimates { black_box(&survey).estimates() });
}

#[divan::bench]
fn pass_the_gate(bencher: Bencher) {
    let survey = survey();
    let estimates = survey.estimates();
    let release = || -> Release { release(&survey.study, &survey.plan, black_box(&estimates)) };
    bencher.counter(figures(&survey)).bench(release);
}

fn file() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/messenger-2017/study.toml"))
}

fn plan() -> (Plan, Table) {
    let (study, table) = read_the_study_file();
    (Plan::new(&study), table)
}

fn survey() -> Survey {
    Survey::open(file(), &mut |_, _| ()).expect(IN_ORDER)
}

/// The whole bundled file as one batch.
fn batch(plan: &Plan, table: &Table) -> Batch {
    let columns: Vec<&str> = plan.requests.iter().map(|request| request.column.as_str()).collect();
    let mut blocks = table.blocks(&columns).expect(IN_ORDER);
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    let mut rows = 0;
    while let more @ 1.. = blocks.fill(&mut intakes).expect(IN_ORDER) {
        rows += more;
    }
    take_batch(&mut intakes, rows)
}

fn cells(batch: &Batch) -> ItemsCount {
    ItemsCount::new(batch.rows * batch.columns.len())
}

fn figures(survey: &Survey) -> ItemsCount {
    ItemsCount::new(release(&survey.study, &survey.plan, &survey.estimates()).figures)
}
