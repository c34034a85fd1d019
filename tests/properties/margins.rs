//! What is withheld of margins must not follow from what is shown: an attack that tries all counts which agree with every
//! number printed of the weighting, and knows nothing of how the gate works.

use std::{
    fmt::Write,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assume, proptest};
use topline::{
    disclosure::{ReleasedMargin, ReleasedWeighting},
    survey::Survey,
};

/// A population and who answered of it, by two variables.
#[derive(Clone, Debug)]
struct Made {
    /// By row and column. In the last row the first variable is unknown; where nobody is there it is known of all.
    counts: Vec<Vec<u64>>,
    /// People in the population by row and column, all above 0.
    targets: Vec<Vec<u64>>,
    minimum: u64,
}

impl Made {
    fn height(&self) -> usize {
        self.targets.len()
    }

    fn width(&self) -> usize {
        self.targets[0].len()
    }

    fn unknown(&self) -> u64 {
        self.counts[self.height()].iter().sum()
    }

    fn of_row(&self, row: usize) -> u64 {
        self.counts[row].iter().sum()
    }

    fn of_column(&self, column: usize) -> u64 {
        self.counts.iter().map(|row| row[column]).sum()
    }

    fn is_small(&self, count: u64) -> bool {
        (1..self.minimum).contains(&count)
    }

    /// The weighting to both variables crossed, and to each by itself.
    fn released(&self) -> Option<ReleasedWeighting> {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("margins-{number}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut rows = "a,b,q\n".to_owned();
        for (row, counts) in self.counts.iter().enumerate() {
            let row = if row == self.height() { String::new() } else { format!("r{row}") };
            for (column, count) in counts.iter().enumerate() {
                (0..*count).for_each(|_| writeln!(rows, "{row},c{column},1").expect("a text"));
            }
        }
        std::fs::write(folder.join("rows.csv"), rows).expect("responses");
        let study = folder.join("study.toml");
        std::fs::write(&study, self.study()).expect("a study");
        let survey = Survey::open(&study, &mut |_, _| ());
        std::fs::remove_dir_all(&folder).expect("a folder");
        ReleasedWeighting::of(&survey.ok()?)
    }

    fn study(&self) -> String {
        let names = |letter: char, number: usize| {
            (0..number).map(|level| format!("\"{letter}{level}\"")).collect::<Vec<_>>().join(", ")
        };
        let totals = |letter: char, totals: &[u64]| {
            let totals = totals.iter().enumerate().map(|(level, total)| format!("{letter}{level} = {total}"));
            format!("{{ {} }}", totals.collect::<Vec<_>>().join(", "))
        };
        let of_rows: Vec<u64> = self.targets.iter().map(|row| row.iter().sum()).collect();
        let of_columns: Vec<u64> =
            (0..self.width()).map(|column| self.targets.iter().map(|row| row[column]).sum()).collect();
        let crossed = self.targets.iter().enumerate().map(|(row, of_row)| format!("r{row} = {}", totals('c', of_row)));
        format!(
            r#"
[data]
file = "rows.csv"
[publication]
minimum_count = {}
[[question]]
id = "q"
options = ["1", "2"]
[weighting]
[[weighting.margin]]
by = ["a", "b"]
totals = {{ {} }}
[[weighting.margin]]
by = "a"
totals = {}
[[weighting.margin]]
by = "b"
totals = {}
[[weighting.variable]]
id = "a"
levels = [{}]
[[weighting.variable]]
id = "b"
levels = [{}]
"#,
            self.minimum,
            crossed.collect::<Vec<_>>().join(", "),
            totals('r', &of_rows),
            totals('c', &of_columns),
            names('r', self.height()),
            names('c', self.width()),
        )
    }
}

/// Small tables, with now and then somebody of whom the first variable is unknown.
fn made() -> impl Strategy<Value = Made> {
    let count = || prop::sample::select(vec![1_u64, 1, 2, 2, 3, 4, 5, 6, 9]);
    (2_usize..4, 2_usize..4, 0_u64..3, 2_u64..6).prop_flat_map(move |(height, width, unknown, minimum)| {
        let counts = prop::collection::vec(prop::collection::vec(count(), width), height + 1);
        let targets = prop::collection::vec(prop::collection::vec(1_u64..40, width), height);
        (counts, targets).prop_map(move |(mut counts, targets)| {
            counts[height].iter_mut().for_each(|count| *count *= u64::from(unknown == 0));
            Made { counts, targets, minimum }
        })
    })
}

/// What a reader knows, and the counts that he tries.
struct Attack<'a> {
    made: &'a Made,
    /// The counts that are shown, by row and column; those of unknown row are not.
    shown: Vec<Option<u64>>,
    /// The sums of rows, then of columns, as far as they are shown.
    sums: Vec<Option<u64>>,
    /// How many are of unknown row, where it is shown.
    unknown: Option<u64>,
    /// The effective base as told, and how far it may be from what it is.
    effective: Option<(f64, f64)>,
    tried: Vec<u64>,
    /// What was found of each cell, each row and each column: the first value, and whether there is another.
    found: Vec<Option<(u64, bool)>>,
}

impl<'a> Attack<'a> {
    fn new(made: &'a Made, released: &ReleasedWeighting) -> Self {
        let [crossed, rows, columns] = &released.margins[..] else { panic!("three margins") };
        let counts =
            |margin: &ReleasedMargin| margin.levels.iter().map(|level| level.respondents).collect::<Vec<Option<u64>>>();
        // Without weights before them, shares before weighting are counts.
        for margin in &released.margins {
            assert!(margin.levels.iter().all(|level| level.before.is_some() == level.respondents.is_some()));
        }
        let mut shown = counts(crossed);
        let is_known = made.unknown() == 0;
        shown.extend((0..made.width()).map(|_| is_known.then_some(0)));
        let unknown = |margin: &ReleasedMargin| margin.unknown.map_or(Some(0), |level| level.respondents);
        let mut sums = counts(rows);
        sums.push(unknown(rows));
        sums.extend(counts(columns));
        let step = released.last().expect("weights");
        // Whether a number that ends with zeros was rounded is not said.
        let distance = |told: f64| {
            let steps = [1000.0, 100.0, 10.0, 1.0].into_iter().find(|step| told % step == 0.0);
            steps.map_or(1e-9 * told, |step| step / 2.0)
        };
        let exact = step.effective_base.filter(|_| is_known).map(|told| (told, distance(told)));
        let cells = shown.len();
        let found = vec![None; cells + sums.len()];
        Self { made, shown, sums, unknown: unknown(crossed), effective: exact, tried: vec![0; cells], found }
    }

    /// The same where no cell is shown, or no sum either: what follows then cannot be kept from following.
    fn without(&self, sums: bool) -> Self {
        let hidden = |known: &[Option<u64>]| known.iter().map(|known| known.filter(|count| *count == 0)).collect();
        let sums = if sums { hidden(&self.sums) } else { self.sums.clone() };
        let (tried, found) = (vec![0; self.tried.len()], vec![None; self.found.len()]);
        Self { made: self.made, shown: hidden(&self.shown), sums, unknown: None, effective: None, tried, found }
    }

    fn n(&self) -> u64 {
        self.made.counts.iter().flatten().sum()
    }

    /// Tries all counts of the cells from this one on, of which so many respondents are left.
    fn run(&mut self, cell: usize, left: u64) {
        let width = self.made.width();
        let least = |cell: usize| u64::from(cell < width * self.made.height());
        if cell == self.tried.len() {
            if left == 0 {
                self.note();
            }
            return;
        }
        let (from, to) = self.shown[cell].map_or((least(cell), left), |shown| (shown, shown));
        for count in from..=to.min(left) {
            self.tried[cell] = count;
            if self.may_be(cell) {
                self.run(cell + 1, left - count);
            }
        }
        self.tried[cell] = 0;
    }

    /// Whether the sums that end at a cell are what they are shown to be.
    fn may_be(&self, cell: usize) -> bool {
        let (width, height) = (self.made.width(), self.made.height());
        let (row, column) = (cell / width, cell % width);
        let fits =
            |sum: u64, shown: Option<u64>, ends: bool| shown.is_none_or(|shown| sum == shown || (!ends && sum < shown));
        let of_row = self.tried[row * width..=cell].iter().sum();
        let of_column = (0..=row).map(|row| self.tried[row * width + column]).sum();
        fits(of_row, self.sums[row], column == width - 1)
            && fits(of_column, self.sums[height + 1 + column], row == height)
            && (row < height || fits(of_row, self.unknown, column == width - 1))
    }

    fn note(&mut self) {
        let (width, height) = (self.made.width(), self.made.height());
        if let Some((told, distance)) = self.effective {
            let targets = self.made.targets.iter().flatten();
            let own = effective(self.tried.iter().copied().zip(targets.copied()));
            if (own - told).abs() > distance + 1e-9 {
                return;
            }
        }
        let rows = (0..=height).map(|row| self.tried[row * width..][..width].iter().sum::<u64>());
        let columns = (0..width).map(|column| (0..=height).map(|row| self.tried[row * width + column]).sum::<u64>());
        let values: Vec<u64> = self.tried.iter().copied().chain(rows).chain(columns).collect();
        for (found, value) in self.found.iter_mut().zip(values) {
            let (first, others) = found.get_or_insert((value, false));
            *others |= *first != value;
        }
    }

    /// The small groups whose number is the same in all that was tried. Of whom the row is unknown is no secret.
    fn told(&self) -> Vec<(usize, u64)> {
        let (made, width, height) = (self.made, self.made.width(), self.made.height());
        let cells = (0..width * height).map(|cell| (cell, made.counts[cell / width][cell % width]));
        let first = width * (height + 1);
        let rows = (0..=height).map(|row| (first + row, made.of_row(row)));
        let columns = (0..width).map(|column| (first + height + 1 + column, made.of_column(column)));
        let small = cells.chain(rows).chain(columns).filter(|(_, count)| made.is_small(*count));
        small.filter(|(group, _)| self.found[*group].is_some_and(|(_, others)| !others)).collect()
    }
}

/// Of weights that are alike in each cell.
fn effective(cells: impl Iterator<Item = (u64, u64)>) -> f64 {
    let [sum, squares] = cells.fold([0.0; 2], |[sum, squares], (count, target)| {
        let target = target as f64;
        [sum + target, squares + target * target / count as f64]
    });
    sum * sum / squares
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_small_level_follows_from_what_is_said_of_the_weighting(made in made()) {
        let released = made.released();
        prop_assume!(released.is_some());
        let released = released.expect("it is weighted");
        let mut attack = Attack::new(&made, &released);
        let n = attack.n();
        attack.run(0, n);
        prop_assert!(attack.found.iter().all(Option::is_some), "the truth is not among {made:?}");
        let mut told = attack.told();
        for sums in [false, true] {
            let is_sum = |group: usize| group >= attack.tried.len();
            if told.iter().any(|(group, _)| is_sum(*group) == sums) {
                let mut without = attack.without(sums);
                without.run(0, n);
                let anyway = without.told();
                told.retain(|group| is_sum(group.0) != sums || !anyway.contains(group));
            }
        }
        prop_assert!(told.is_empty(), "{told:?} of {made:?}: {:?}", attack.shown);
    }
}
