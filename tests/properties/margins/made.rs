//! Populations, and who answered of them.

use std::{
    fmt::Write,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::{Strategy, prop};
use topline::{disclosure::ReleasedWeighting, survey::Survey};

/// How weights are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// By two variables crossed and each by itself: the weight is the target over the count.
    Crossed,
    /// The same, and of some the first variable is unknown.
    Unknown,
    /// The same from base weights that differ among those of a cell.
    BaseWeights,
    /// The same, and a number has a target.
    Number,
    /// By each of two variables.
    Raked,
    /// The same with weights trimmed.
    Trimmed,
    /// By three variables crossed and each by itself.
    Three,
}

impl Kind {
    /// Whether each cell of all variables has a target of its own.
    pub fn crosses(self) -> bool {
        !matches!(self, Self::Raked | Self::Trimmed)
    }
}

/// A population and who answered of it.
#[derive(Clone, Debug)]
pub struct Made {
    pub kind: Kind,
    /// How many levels each variable has.
    pub sizes: Vec<usize>,
    /// By all variables; after all known cells those of which the first variable is unknown.
    pub counts: Vec<u64>,
    /// People in the population by all variables, all above 0.
    pub targets: Vec<u64>,
    pub minimum: u64,
}

impl Made {
    /// The variables of each margin.
    pub fn margins(&self) -> Vec<Vec<usize>> {
        let all: Vec<usize> = (0..self.sizes.len()).collect();
        let crossed = self.kind.crosses().then(|| all.clone());
        crossed.into_iter().chain(all.into_iter().map(|variable| vec![variable])).collect()
    }

    /// The level of each variable in a cell; that after the last where it is unknown.
    pub fn levels(&self, cell: usize) -> Vec<usize> {
        let mut rest = cell;
        let mut levels: Vec<usize> = Vec::new();
        for size in self.sizes.iter().skip(1).rev() {
            levels.push(rest % size);
            rest /= size;
        }
        levels.push(rest);
        levels.reverse();
        levels
    }

    /// The level of a margin that a cell is in; that after the last where it is unknown.
    pub fn group(&self, margin: &[usize], cell: usize) -> usize {
        let levels = self.levels(cell);
        let of_margin = |group: usize, variable: &usize| {
            (levels[*variable] < self.sizes[*variable]).then(|| group * self.sizes[*variable] + levels[*variable])
        };
        margin.iter().try_fold(0, of_margin).unwrap_or_else(|| self.groups(margin))
    }

    /// How many levels a margin has.
    pub fn groups(&self, margin: &[usize]) -> usize {
        margin.iter().map(|variable| self.sizes[*variable]).product()
    }

    /// The effective base with other counts; none where no weights fit them.
    pub fn effective(&self, counts: &[u64]) -> Option<f64> {
        let is_simple = self.kind == Kind::Crossed && counts[self.targets.len()..].iter().all(|count| *count == 0);
        if !is_simple {
            let open = Self { minimum: 0, counts: counts.to_vec(), ..self.clone() };
            return open.released()?.last()?.effective_base;
        }
        let [sum, squares] = counts.iter().zip(&self.targets).fold([0.0; 2], |[sum, squares], (count, target)| {
            let target = *target as f64;
            [sum + target, squares + target * target / *count as f64]
        });
        Some(sum * sum / squares)
    }

    /// What is said of the weighting.
    pub fn released(&self) -> Option<ReleasedWeighting> {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("margins-{number}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("rows.csv"), self.rows()).expect("responses");
        let study = folder.join("study.toml");
        std::fs::write(&study, self.study()).expect("a study");
        let survey = Survey::open(&study, &mut |_, _| ());
        std::fs::remove_dir_all(&folder).expect("a folder");
        ReleasedWeighting::of(&survey.ok()?)
    }

    fn rows(&self) -> String {
        let mut rows = "v0,v1,v2,w,x,q\n".to_owned();
        for (cell, count) in self.counts.iter().enumerate() {
            let levels = self.levels(cell);
            let name = |variable: usize| match levels.get(variable) {
                Some(level) if *level < self.sizes[variable] => format!("l{level}"),
                _ => String::new(),
            };
            for person in 0..*count {
                let weight = if self.kind == Kind::BaseWeights { 1 + (person + cell as u64) % 3 } else { 1 };
                let x = (person * 7 + cell as u64 * 5) % 11;
                writeln!(rows, "{},{},{},{weight},{x},1", name(0), name(1), name(2)).expect("a text");
            }
        }
        rows
    }

    fn study(&self) -> String {
        let mut text = format!("[data]\nfile = \"rows.csv\"\n[publication]\nminimum_count = {}\n", self.minimum);
        text += "[[question]]\nid = \"q\"\noptions = [\"1\", \"2\"]\n";
        if self.kind == Kind::BaseWeights {
            text += "[design]\nweight = \"w\"\n";
        }
        text += "[weighting]\n";
        if self.kind == Kind::Number {
            text += "method = \"linear\"\n[[weighting.number]]\ncolumn = \"x\"\nmean = 5.1\n";
        }
        if self.kind == Kind::Trimmed {
            text += "[weighting.trim]\nbounds = [0.4, 1.8]\n";
        }
        for margin in self.margins() {
            let by: Vec<String> = margin.iter().map(|variable| format!("\"v{variable}\"")).collect();
            let totals = self.totals(&margin, 0, 0);
            write!(text, "[[weighting.margin]]\nby = [{}]\ntotals = {totals}\n", by.join(", ")).expect("a text");
        }
        for (variable, size) in self.sizes.iter().enumerate() {
            let levels: Vec<String> = (0..*size).map(|level| format!("\"l{level}\"")).collect();
            let levels = levels.join(", ");
            write!(text, "[[weighting.variable]]\nid = \"v{variable}\"\nlevels = [{levels}]\n").expect("a text");
        }
        text
    }

    /// The totals of a margin whose first variables are at the levels that make up a group, as typed.
    fn totals(&self, margin: &[usize], first: usize, group: usize) -> String {
        if first == margin.len() {
            let of_group = (0..self.targets.len()).filter(|cell| self.group(margin, *cell) == group);
            return of_group.map(|cell| self.targets[cell]).sum::<u64>().to_string();
        }
        let size = self.sizes[margin[first]];
        let level = |level: usize| format!("l{level} = {}", self.totals(margin, first + 1, group * size + level));
        format!("{{ {} }}", (0..size).map(level).collect::<Vec<_>>().join(", "))
    }
}

/// Small tables; of simple ones now and then somebody of whom the first variable is unknown.
pub fn made(kind: Kind) -> impl Strategy<Value = Made> {
    let count = || prop::sample::select(vec![1_u64, 1, 2, 2, 3, 4, 5, 6, 9]);
    let most = if kind == Kind::Crossed { 4 } else { 3 };
    // Levels that are not crossed are larger.
    let minimum = if kind.crosses() { 2_u64..6 } else { 4..12 };
    (2_usize..most, 2_usize..most, 0_u64..3, minimum).prop_flat_map(move |(height, width, unknown, minimum)| {
        let sizes = if kind == Kind::Three { vec![2, 2, 2] } else { vec![height, width] };
        let (cells, in_row) = (sizes.iter().product::<usize>(), sizes.iter().skip(1).product::<usize>());
        let counts = prop::collection::vec(count(), cells + in_row);
        let targets = prop::collection::vec(1_u64..40, cells);
        (counts, targets).prop_map(move |(mut counts, targets)| {
            let some = kind == Kind::Unknown || (kind == Kind::Crossed && unknown == 0);
            counts[cells..].iter_mut().for_each(|count| *count *= u64::from(some));
            Made { kind, sizes: sizes.clone(), counts, targets, minimum }
        })
    })
}
