//! What is withheld must not follow from what is shown: attacks on the table of a question by a segment that try all tables
//! which agree with it, and know nothing of how the gate works.

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, proptest};
use topline::{
    disclosure::{Figure, Release, release},
    responses::{Cells, Intake, take_batch},
    study::Kind,
    tally::Plan,
};

use super::{estimates, meant, tally};

/// How many gave each option at each level; the last level is none.
type Counts = Vec<Vec<u64>>;

#[test]
fn nobody_at_two_levels_is_not_told_by_the_third() {
    let counts = vec![vec![0, 20], vec![0, 20], vec![20, 40], vec![0, 0]];
    for kind in [Kind::Single, Kind::Multiple, Kind::Number] {
        assert_safe(kind, &counts, 5, 30);
    }
}

#[test]
fn all_at_two_levels_are_not_told_by_the_third() {
    let counts = vec![vec![12, 0], vec![20, 0], vec![30, 30], vec![0, 0]];
    for kind in [Kind::Single, Kind::Multiple, Kind::Number] {
        assert_safe(kind, &counts, 5, 30);
    }
}

#[test]
fn as_many_as_there_can_be_tell_that_the_others_are_nobody() {
    let counts = vec![vec![4, 6, 4], vec![11, 0, 9], vec![8, 0, 12], vec![0, 0, 0]];
    assert_safe(Kind::Single, &counts, 5, 30);
}

#[test]
fn levels_that_are_alike_in_themselves_are_not_all_that_is_withheld_of_a_mean() {
    let counts = vec![vec![12, 0, 0], vec![20, 0, 0], vec![10, 20, 30], vec![0, 0, 0]];
    let figures = figures(&released(Kind::Number, &counts, 5, 30), Kind::Number);
    assert_eq!(figures.withheld, [[true], [true], [true]]);
}

#[test]
fn one_small_cell_takes_along_no_more_than_one_level() {
    let counts = vec![vec![3, 37], vec![9, 41], vec![20, 40], vec![30, 30], vec![0, 0]];
    for kind in [Kind::Single, Kind::Multiple, Kind::Number] {
        let figures = figures(&released(kind, &counts, 5, 30), kind);
        let levels = figures.withheld.iter().filter(|options| options.contains(&true)).count();
        assert_eq!(levels, 2, "{kind:?}");
    }
}

/// Options, then levels, then counts, many of them nobody.
fn counts() -> impl Strategy<Value = Counts> {
    let count = || prop::sample::select(vec![0_u64, 0, 0, 1, 1, 2, 3, 4, 6]);
    let nobody_or = prop::sample::select(vec![0_u64, 1]);
    (2_usize..4, 2_usize..4).prop_flat_map(move |(options, levels)| {
        let level = || prop::collection::vec(count(), options);
        (prop::collection::vec(level(), levels), level(), nobody_or.clone()).prop_map(|(mut counts, none, times)| {
            counts.push(none.into_iter().map(|count| count * times).collect());
            counts
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_secret_cell_is_the_same_in_all_tables(counts in counts(), minimum in 2_u64..4, very_low in 4_u64..9) {
        for kind in [Kind::Single, Kind::Multiple, Kind::Number] {
            let found = attacked(kind, &counts, minimum, very_low);
            prop_assert!(found.is_empty(), "{kind:?}: {found:?}");
        }
    }

    /// A mean at the end of what can be said, known of levels together, is the number that each of them gave.
    #[test]
    fn those_of_whom_means_are_withheld_did_not_all_give_the_same(counts in counts(), minimum in 2_u64..4, very_low in 4_u64..9) {
        let figures = figures(&released(Kind::Number, &counts, minimum, very_low), Kind::Number);
        let is_withheld = |level: usize| figures.withheld.get(level).is_none_or(|withheld| withheld[0]);
        let given = |is_meant: &dyn Fn(usize) -> bool| {
            let gave = |option: &usize| (0..counts.len()).any(|level| is_meant(level) && counts[level][*option] > 0);
            (0..counts[0].len()).filter(gave).count()
        };
        let is_any_withheld = figures.withheld.iter().any(|withheld| withheld[0]);
        if is_any_withheld && !figures.total_withheld[0] && given(&|_| true) > 1 {
            prop_assert!(given(&is_withheld) > 1, "{figures:?}");
        }
    }
}

fn assert_safe(kind: Kind, counts: &Counts, minimum: u64, very_low: u64) {
    let found = attacked(kind, counts, minimum, very_low);
    assert!(found.is_empty(), "{kind:?}: {found:?}");
}

/// The secret cells that follow from what is shown.
fn attacked(kind: Kind, counts: &Counts, minimum: u64, very_low: u64) -> Vec<String> {
    let counts = if kind == Kind::Single { counts.clone() } else { with_two_answers(counts) };
    let total = counts.iter().flatten().sum::<u64>();
    if total == 0 {
        return Vec::new();
    }
    let figures = figures(&released(kind, &counts, minimum, very_low), kind);
    let table = Known::new(&counts, &figures);
    let (options, base_of) = (counts[0].len(), |level: usize| counts[level].iter().sum::<u64>());
    let is_small = |count: u64| count > 0 && count < minimum;
    let mut found = Vec::new();
    for level in 0..counts.len() {
        let base = base_of(level);
        for option in 0..options {
            let (count, all) = (counts[level][option], counts.iter().map(|level| level[option]).sum::<u64>());
            let whole = base > 0 && (count == 0 || count == base) && base < very_low;
            let is_secret = is_small(base) || is_small(count) || is_small(base - count) || whole;
            // What is published of everybody holds for each of them.
            let is_public = (all == 0 || all == total) && !figures.total_withheld[option];
            if is_secret && !is_public && table.follows(level, option) {
                found.push(format!(
                    "{count} of {base} at level {level} gave {option} of {counts:?}, withheld {figures:?}"
                ));
            }
        }
    }
    found
}

/// The first option, and all others as one.
fn with_two_answers(counts: &Counts) -> Counts {
    counts.iter().map(|level| vec![level[0], level[1..].iter().sum()]).collect()
}

/// What a reader of the table knows of its counts, by level and option.
struct Known {
    /// The true counts; only those that are shown, and sums that are known, are looked at.
    counts: Counts,
    is_shown: Vec<Vec<bool>>,
    /// Levels of which the base is not shown, but together they are.
    base_hidden: Vec<bool>,
    /// Options that are not shown of everybody, but together they are.
    total_hidden: Vec<bool>,
}

impl Known {
    fn new(counts: &Counts, figures: &Figures) -> Self {
        let (options, levels) = (counts[0].len(), counts.len() - 1);
        let is_withheld = |level: usize, option: usize| {
            // Of two answers to one question one tells the other.
            figures.withheld[level].get(option).or(figures.withheld[level].first()).is_none_or(|withheld| *withheld)
        };
        let mut is_shown: Vec<Vec<bool>> =
            (0..levels).map(|level| (0..options).map(|option| !is_withheld(level, option)).collect()).collect();
        is_shown.push(vec![false; options]);
        let mut base_hidden = figures.base_withheld.clone();
        base_hidden.push(true);
        Self { counts: counts.clone(), is_shown, base_hidden, total_hidden: figures.total_withheld.clone() }
    }

    /// Whether a count is the same in all tables that agree with what is shown.
    fn follows(&self, level: usize, option: usize) -> bool {
        let options = self.total_hidden.len();
        let unknown: Vec<(usize, usize)> = (0..self.counts.len())
            .flat_map(|level| (0..options).map(move |option| (level, option)))
            .filter(|(level, option)| !self.is_shown[*level][*option])
            .collect();
        if !unknown.contains(&(level, option)) {
            return true;
        }
        let left = |places: &dyn Fn(usize, usize) -> bool| -> u64 {
            unknown
                .iter()
                .filter(|(level, option)| places(*level, *option))
                .map(|(level, option)| self.counts[*level][*option])
                .sum()
        };
        let of_levels = (0..self.counts.len()).map(|at| left(&|level, _| level == at)).collect();
        let of_options = (0..options).map(|at| left(&|_, option| option == at)).collect();
        let mut sums = Sums { of_levels, of_options, hidden_bases: 0, hidden_totals: 0 };
        sums.hidden_bases = left(&|level, _| self.base_hidden[level]);
        sums.hidden_totals = left(&|_, option| self.total_hidden[option]);
        !self.another(
            &unknown,
            &mut sums,
            &mut vec![0; self.counts.len()],
            ((level, option), self.counts[level][option]),
        )
    }

    /// Whether the unknown can be filled in so that the sums are met and one of them is not what it is said to be.
    fn another(
        &self,
        unknown: &[(usize, usize)],
        left: &mut Sums,
        bases: &mut Vec<u64>,
        wanted: ((usize, usize), u64),
    ) -> bool {
        let Some((&(level, option), others)) = unknown.split_first() else {
            // A base that is withheld is not 0: that would be shown.
            let is_empty = |level: usize| {
                level < bases.len() - 1
                    && self.base_hidden[level]
                    && bases[level] == 0
                    && self.counts[level].iter().sum::<u64>() > 0
            };
            return left.are_met(&self.base_hidden, &self.total_hidden) && !(0..bases.len()).any(is_empty);
        };
        let most_of_level = if self.base_hidden[level] { left.hidden_bases } else { left.of_levels[level] };
        let most_of_option = if self.total_hidden[option] { left.hidden_totals } else { left.of_options[option] };
        // The last of a level or an option takes what is left.
        let ends = |is_same: &dyn Fn(&(usize, usize)) -> bool| !others.iter().any(is_same);
        let hidden_base = |level: usize| self.base_hidden[level];
        let hidden_total = |option: usize| self.total_hidden[option];
        let ends_level = ends(&|(other, _)| *other == level || hidden_base(*other) && hidden_base(level));
        let ends_option = ends(&|(_, other)| *other == option || hidden_total(*other) && hidden_total(option));
        let least = (if ends_level { most_of_level } else { 0 }).max(if ends_option { most_of_option } else { 0 });
        for count in least..=most_of_level.min(most_of_option) {
            if wanted == ((level, option), count) {
                continue;
            }
            left.take(self, level, option, count as i64);
            bases[level] += count;
            let found = self.another(others, left, bases, wanted);
            bases[level] -= count;
            left.take(self, level, option, -(count as i64));
            if found {
                return true;
            }
        }
        false
    }
}

/// What is left of the sums that a reader knows.
struct Sums {
    of_levels: Vec<u64>,
    of_options: Vec<u64>,
    hidden_bases: u64,
    hidden_totals: u64,
}

impl Sums {
    fn take(&mut self, known: &Known, level: usize, option: usize, count: i64) {
        let of_level = if known.base_hidden[level] { &mut self.hidden_bases } else { &mut self.of_levels[level] };
        *of_level = of_level.wrapping_add_signed(-count);
        let of_option = if known.total_hidden[option] { &mut self.hidden_totals } else { &mut self.of_options[option] };
        *of_option = of_option.wrapping_add_signed(-count);
    }

    fn are_met(&self, base_hidden: &[bool], total_hidden: &[bool]) -> bool {
        let levels = self.of_levels.iter().zip(base_hidden).all(|(left, hidden)| *hidden || *left == 0);
        let options = self.of_options.iter().zip(total_hidden).all(|(left, hidden)| *hidden || *left == 0);
        levels && options && self.hidden_bases == 0 && self.hidden_totals == 0
    }
}

/// Which figures of a question are withheld.
#[derive(Debug)]
struct Figures {
    withheld: Vec<Vec<bool>>,
    total_withheld: Vec<bool>,
    base_withheld: Vec<bool>,
}

fn figures(release: &Release, kind: Kind) -> Figures {
    let domains = &release.questions[0].domains;
    let withheld = |domain: &topline::disclosure::ReleasedDomain| -> Vec<bool> {
        let is_withheld = |figure: &Figure| figure.withheld().is_some();
        match kind {
            Kind::Single => domain.shares.iter().map(is_withheld).collect(),
            // One option, because that others are chosen says nothing of it.
            Kind::Multiple => domain.shares[..1].iter().map(is_withheld).collect(),
            _ => domain.mean.iter().map(is_withheld).collect(),
        }
    };
    let total = withheld(&domains[0]);
    Figures {
        withheld: domains[1..].iter().map(withheld).collect(),
        total_withheld: if kind == Kind::Single { total } else { vec![total[0]; 2] },
        base_withheld: domains[1..].iter().map(|domain| domain.bases.is_none()).collect(),
    }
}

/// A question of this kind by a segment: a multiple response has its options chosen one at a time, a number is the index of
/// the option.
fn released(kind: Kind, counts: &Counts, minimum: u64, very_low: u64) -> Release {
    let quoted = |number: usize| (0..number).map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(", ");
    let (levels, options) = (quoted(counts.len() - 1), quoted(counts[0].len()));
    let question = match kind {
        Kind::Multiple => format!("kind = \"multiple\"\noptions = [{options}]"),
        Kind::Number => "kind = \"number\"".to_owned(),
        _ => format!("options = [{options}]"),
    };
    let text = format!(
        "[data]\nfile = \"none.csv\"\n[publication]\nminimum_count = {minimum}\nvery_low_base = {very_low}\n\
         [[segment]]\nid = \"level\"\nlevels = [{levels}]\nallow_empty = true\n[[question]]\nid = \"answer\"\n{question}\n"
    );
    let study = meant(&text);
    let plan = Plan::new(&study);
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    let mut rows = 0;
    for (level, counts) in counts.iter().enumerate() {
        for (option, count) in counts.iter().enumerate() {
            let level = if level < study.segments[0].levels().len() { level.to_string() } else { String::new() };
            for (intake, request) in intakes.iter_mut().zip(&plan.requests) {
                let value = match request.column.as_str() {
                    "level" => level.clone(),
                    "answer" => option.to_string(),
                    column => u8::from(column == format!("answer_{option}")).to_string(),
                };
                (0..*count).for_each(|_| intake.text(&value, 1));
            }
            rows += *count as usize;
        }
    }
    let tally = tally(&plan, &[take_batch(&mut intakes, rows)]);
    release(&study, &plan, &estimates(&study, &plan, &tally))
}
