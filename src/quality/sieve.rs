//! Rules at work: rows go through one after the other, and each is caught by the first that it offends.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::{
    batteries::{Battery, FEWEST_ITEMS},
    cells::{Column, Taker},
    columns::{Duration, Telltale},
    duration::Durations,
};
use crate::{
    diagnostic::Diagnostics,
    io::Table,
    responses::{Batch, Findings, Intake, Requests, Selection, Truth, hash_of_row, hash_of_text, take_batch},
    study::Condition,
};

/// A rule with the columns that it looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Sieve {
    /// Those of whom a condition is true.
    Where(Condition),
    /// Those of whom one of these columns says so.
    Says(Vec<(String, Telltale)>),
    /// All but the first of an id.
    Repeats(String),
    /// All but the first of rows that are the same.
    Copies,
    /// Those who were faster than this share of the median.
    Faster(Duration, f64),
    /// Those who gave one answer to all items of each battery.
    Straight(Vec<Battery>),
    /// Nobody.
    Nobody,
}

impl Sieve {
    /// The columns that it looks at, where it does not look at all.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::Where(condition) => condition.atoms().iter().map(|atom| atom.column.clone()).collect(),
            Self::Says(columns) => columns.iter().map(|(column, _)| column.clone()).collect(),
            Self::Repeats(column) => vec![column.clone()],
            Self::Faster(duration, _) => duration.columns().map(str::to_owned).collect(),
            Self::Straight(batteries) => batteries.iter().flat_map(|battery| battery.columns.clone()).collect(),
            Self::Copies | Self::Nobody => Vec::new(),
        }
    }
}

/// What a sieve has caught.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Caught {
    /// How many rows.
    pub rows: u64,
    /// Of how many rows that could be said: of those that have an id, a duration, or answers.
    pub of: u64,
    /// The median of durations.
    pub median: Option<f64>,
}

/// Told for each row in turn by which sieve of a list it was caught.
pub(super) type Tell<'a> = dyn FnMut(&[Option<usize>]) + 'a;

/// Runs lists of sieves over a file; those of a list see only what those before them have left.
pub(super) struct Sieves<'a> {
    table: &'a Table,
    columns: Vec<Column>,
    /// The first columns are those of conditions.
    requests: Requests,
    lists: Vec<Vec<Working>>,
}

/// A sieve with what it remembers.
struct Working {
    sieve: Sieve,
    selection: Option<Selection>,
    /// Its columns, for a battery those of each.
    columns: Vec<Vec<usize>>,
    /// Hashes of codes that are no answer, for each battery.
    missing: Vec<Vec<u64>>,
    seen: HashSet<u64, FixedState>,
    durations: Durations,
    caught: Caught,
}

impl<'a> Sieves<'a> {
    /// `missing` gives the codes of a column that are no answer.
    pub(super) fn new(
        table: &'a Table,
        lists: Vec<Vec<Sieve>>,
        missing: &impl Fn(&str) -> Vec<String>,
        decimal_comma: bool,
    ) -> Self {
        let mut requests = Requests::default();
        let selections: Vec<Vec<Option<Selection>>> = lists
            .iter()
            .map(|list| {
                let compile = |sieve: &Sieve| match sieve {
                    Sieve::Where(condition) => Some(Selection::compile(condition, missing, &mut requests)),
                    _ => None,
                };
                list.iter().map(compile).collect()
            })
            .collect();
        requests.0.iter_mut().for_each(|request| request.decimal_comma = decimal_comma);
        let mut sieves = Self { table, columns: Vec::new(), requests, lists: Vec::new() };
        sieves.begin();
        for (list, selections) in lists.into_iter().zip(selections) {
            let list = list.into_iter().zip(selections).map(|(sieve, selection)| sieves.working(sieve, selection));
            let list = list.collect();
            sieves.lists.push(list);
        }
        sieves
    }

    /// Reads the file once, and once more for each duration that has to be held against a median of those who are left.
    pub(super) fn run(
        mut self,
        progress: &mut dyn FnMut(u64, u64),
        tell: &mut Tell<'_>,
    ) -> Result<(Vec<Vec<Caught>>, Vec<Findings>), Diagnostics> {
        while self.lists.iter().flatten().any(Working::wants_a_median) {
            self.pass(progress, &mut |_| ())?;
            for list in &mut self.lists {
                if let Some(measuring) = list.iter_mut().find(|sieve| sieve.wants_a_median()) {
                    // Where nobody has a duration nobody is fast.
                    measuring.caught.median = Some(measuring.durations.median().unwrap_or(0.0));
                }
                list.iter_mut().for_each(Working::forget);
            }
            self.begin();
        }
        self.pass(progress, tell)?;
        let caught = |list: &Vec<Working>| list.iter().map(|sieve| sieve.caught).collect();
        let caught = self.lists.iter().map(caught).collect();
        let findings = self.columns.into_iter().filter_map(|column| match column.taker {
            Taker::Coded(intake) => Some(intake.finish().0),
            _ => None,
        });
        Ok((caught, findings.collect()))
    }

    /// Conditions begin anew with every pass.
    fn begin(&mut self) {
        let coded = self.requests.0.iter().map(|request| Column {
            name: request.column.clone(),
            taker: Taker::Coded(Box::new(Intake::new(request))),
        });
        let known = self.requests.0.len().min(self.columns.len());
        self.columns.splice(..known, coded);
    }

    fn pass(&mut self, progress: &mut dyn FnMut(u64, u64), tell: &mut Tell<'_>) -> Result<(), Diagnostics> {
        let Self { table, columns, requests, lists } = self;
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut blocks = table.blocks(&names)?;
        loop {
            let rows = blocks.fill(columns)?;
            progress(blocks.bytes_read(), table.bytes);
            if rows == 0 {
                return Ok(());
            }
            let mut batch = Batch { rows, columns: Vec::new() };
            for column in &mut columns[..requests.0.len()] {
                if let Taker::Coded(intake) = &mut column.taker {
                    batch.columns.append(&mut take_batch(std::slice::from_mut(intake), rows).columns);
                }
            }
            for (index, list) in lists.iter_mut().enumerate() {
                let mut caught = vec![None; rows];
                for (position, sieve) in list.iter_mut().enumerate() {
                    if sieve.wants_a_median() {
                        sieve.measure(columns, &caught);
                        break;
                    }
                    sieve.catch(position, columns, &batch, &mut caught);
                }
                if index == 0 {
                    tell(&caught);
                }
            }
            columns.iter_mut().for_each(Column::clear);
        }
    }

    fn working(&mut self, sieve: Sieve, selection: Option<Selection>) -> Working {
        let columns = match &sieve {
            Sieve::Where(_) | Sieve::Nobody => Vec::new(),
            Sieve::Says(columns) => {
                vec![columns.iter().map(|(name, says)| self.column(name, Taker::Says(*says, Vec::new()))).collect()]
            }
            Sieve::Repeats(column) => vec![vec![self.column(column, Taker::Hash(Vec::new()))]],
            Sieve::Copies => {
                let all = self.table.columns.clone();
                vec![all.iter().map(|name| self.column(name, Taker::Hash(Vec::new()))).collect()]
            }
            Sieve::Faster(Duration::Seconds(column), _) => vec![vec![self.column(column, Taker::Seconds(Vec::new()))]],
            Sieve::Faster(Duration::Between(start, end), _) => {
                vec![[start, end].map(|name| self.column(name, Taker::Moment(Vec::new()))).to_vec()]
            }
            Sieve::Straight(batteries) => batteries
                .iter()
                .map(|battery| battery.columns.iter().map(|name| self.column(name, Taker::Hash(Vec::new()))).collect())
                .collect(),
        };
        let missing = match &sieve {
            Sieve::Straight(batteries) => batteries
                .iter()
                .map(|battery| battery.missing.iter().filter_map(|code| hash_of_text(code)).collect())
                .collect(),
            _ => Vec::new(),
        };
        let (seen, durations, caught) = (HashSet::default(), Durations::default(), Caught::default());
        Working { sieve, selection, columns, missing, seen, durations, caught }
    }

    /// The position of a column that is taken in so, each once.
    fn column(&mut self, name: &str, taker: Taker) -> usize {
        let same = |column: &Column| {
            column.name == name
                && match (&column.taker, &taker) {
                    (Taker::Says(one, _), Taker::Says(other, _)) => one == other,
                    (Taker::Coded(_), _) => false,
                    (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
                }
        };
        self.columns.iter().position(same).unwrap_or_else(|| {
            self.columns.push(Column { name: name.to_owned(), taker });
            self.columns.len() - 1
        })
    }
}

impl Working {
    fn wants_a_median(&self) -> bool {
        matches!(self.sieve, Sieve::Faster(..)) && self.caught.median.is_none()
    }

    fn forget(&mut self) {
        self.seen.clear();
        self.durations = Durations::default();
        self.caught = Caught { median: self.caught.median, ..Caught::default() };
    }

    fn measure(&mut self, columns: &[Column], caught: &[Option<usize>]) {
        for (row, _) in caught.iter().enumerate().filter(|(_, caught)| caught.is_none()) {
            let seconds = self.seconds(columns, row);
            if !seconds.is_nan() {
                self.durations.add(seconds);
            }
        }
    }

    /// Catches rows that nobody has caught yet.
    fn catch(&mut self, position: usize, columns: &[Column], batch: &Batch, caught: &mut [Option<usize>]) {
        let truths = self.selection.as_ref().map(|selection| selection.evaluate(batch));
        for (row, caught) in caught.iter_mut().enumerate().filter(|(_, caught)| caught.is_none()) {
            let verdict = match &truths {
                Some(truths) => Some(truths[row] == Truth::True),
                None => self.verdict(columns, row),
            };
            if let Some(is_caught) = verdict {
                self.caught.of += 1;
                self.caught.rows += u64::from(is_caught);
                *caught = is_caught.then_some(position);
            }
        }
    }

    /// Whether a row is caught; none where nothing can be said.
    fn verdict(&mut self, columns: &[Column], row: usize) -> Option<bool> {
        match &self.sieve {
            Sieve::Where(_) | Sieve::Nobody => Some(false),
            Sieve::Says(_) => Some(self.columns[0].iter().any(|column| columns[*column].says()[row])),
            Sieve::Repeats(_) => columns[self.columns[0][0]].hashes()[row].map(|hash| !self.seen.insert(hash)),
            Sieve::Copies => {
                let cells = self.columns[0].iter().map(|column| columns[*column].hashes()[row]);
                Some(!self.seen.insert(cells.fold(0, hash_of_row)))
            }
            Sieve::Faster(_, share) => {
                let seconds = self.seconds(columns, row);
                (!seconds.is_nan()).then(|| seconds < share * self.caught.median.unwrap_or(0.0))
            }
            Sieve::Straight(_) => {
                let batteries = self.columns.iter().zip(&self.missing);
                let answers = batteries.filter_map(|(items, missing)| is_straight(items, missing, columns, row));
                answers.reduce(|all, this| all && this)
            }
        }
    }

    fn seconds(&self, columns: &[Column], row: usize) -> f64 {
        let numbers = |index: usize| columns[self.columns[0][index]].numbers()[row];
        match &self.sieve {
            Sieve::Faster(Duration::Between(..), _) => super::duration::positive(numbers(1) - numbers(0)),
            _ => numbers(0),
        }
    }
}

/// Whether all answers of a row to a battery are the same; none where it has answered too few.
fn is_straight(items: &[usize], missing: &[u64], columns: &[Column], row: usize) -> Option<bool> {
    let answers = items.iter().filter_map(|item| columns[*item].hashes()[row]).filter(|hash| !missing.contains(hash));
    let (mut count, mut first, mut is_straight) = (0, None, true);
    for answer in answers {
        count += 1;
        is_straight &= *first.get_or_insert(answer) == answer;
    }
    (count >= items.len().min(FEWEST_ITEMS)).then_some(is_straight)
}
