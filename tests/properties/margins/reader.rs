//! Who reads what is said of a weighting, and tries all counts that agree with it.

use std::collections::BTreeMap;

use topline::disclosure::ReleasedWeighting;

use super::made::{Kind, Made};

/// What a reader takes into account.
#[derive(Clone, Copy, PartialEq)]
pub enum Known {
    /// Every number.
    Everything,
    /// Only counts: the effective base is asked later, and only of as many counts as needed.
    Counts,
}

/// So many counts are tried; where there are more, nothing is said of who knows the rule.
const MOST: usize = 20_000;
const UNITS: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];

pub struct Reader<'a> {
    made: &'a Made,
    released: &'a ReleasedWeighting,
    known: Known,
    /// What is shown: how many are in some cells together, and whether it is of a crossed margin.
    sums: Vec<Sum>,
    /// Groups by the cells that they are made of.
    groups: Vec<Vec<usize>>,
    /// For each cell the sums that it is in.
    sums_of: Vec<Vec<usize>>,
    /// All counts that agree with what is shown, by cell; not more than [`MOST`].
    agreeing: Vec<Vec<u64>>,
    found: Found,
}

/// How many are in some cells.
struct Sum {
    cells: Vec<usize>,
    number: u64,
    is_crossed: bool,
}

/// Of each group the first number that was found, and whether there is another.
type Found = Vec<Option<(u64, bool)>>;

impl<'a> Reader<'a> {
    pub fn new(made: &'a Made, released: &'a ReleasedWeighting, known: Known) -> Self {
        let cells = made.counts.len();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut sums = vec![Sum { cells: (0..cells).collect(), number: made.counts.iter().sum(), is_crossed: false }];
        for (margin, released) in made.margins().iter().zip(&released.margins) {
            // Without weights before them, shares before weighting are counts.
            let tells_shares = |level: &topline::disclosure::ReleasedLevel| level.before.is_some();
            let is_plain = made.kind != Kind::BaseWeights;
            assert!(
                released.levels.iter().all(|level| !is_plain || tells_shares(level) == level.respondents.is_some())
            );
            let of_group = |group: usize| (0..cells).filter(|cell| made.group(margin, *cell) == group).collect();
            let unknown = released.unknown.map_or(Some(0), |level| level.respondents);
            for (group, shown) in released.levels.iter().map(|level| level.respondents).chain([unknown]).enumerate() {
                let cells: Vec<usize> = of_group(group);
                // Of whom a variable is unknown is no secret.
                if group < made.groups(margin) {
                    groups.push(cells.clone());
                }
                sums.extend(shown.map(|number| Sum { cells, number, is_crossed: margin.len() > 1 }));
            }
        }
        let mut reader = Self {
            found: vec![None; groups.len()],
            sums_of: Vec::new(),
            agreeing: Vec::new(),
            made,
            released,
            known,
            sums,
            groups,
        };
        reader.try_all();
        reader
    }

    /// Whether what was found may be what is true.
    pub fn holds_the_truth(&self) -> bool {
        self.found.iter().all(Option::is_some)
    }

    /// The small groups that are told, though they do not follow from what must be told: cells from sums of variables, and these
    /// from how many there are in all.
    pub fn told_beyond_need(&self) -> Vec<(usize, u64)> {
        let mut told = self.told();
        for is_sum in [false, true] {
            let is_such = |group: usize| (self.groups[group].len() > 1) == is_sum;
            if told.iter().any(|(group, _)| is_such(*group)) {
                let anyway = self.without(is_sum).told();
                told.retain(|group| !is_such(group.0) || !anyway.contains(group));
            }
        }
        told
    }

    /// The small groups that follow only from the effective base, to somebody who knows by which rule it is rounded and
    /// does with all counts what the gate does. Where he would have told the true counts otherwise, he is misled.
    pub fn told_to_who_knows_the_rule(&self) -> Vec<(usize, u64)> {
        let simple = self.made.counts[self.made.targets.len()..].iter().all(|count| *count == 0);
        if !self.hides() || !simple {
            return Vec::new();
        }
        let reader = Reader::new(self.made, self.released, Known::Counts);
        if reader.agreeing.len() == MOST {
            return Vec::new();
        }
        let told = reader.rule();
        let (own, rounds) = (self.effective().unwrap_or_default(), self.released.rounds);
        let alike = |(_, told): &(&Vec<u64>, &[f64; 2])| told[0] == own && (told[1] > 1.0) == rounds;
        let alike: Vec<&Vec<u64>> = reader.agreeing.iter().zip(&told).filter(alike).map(|(counts, _)| counts).collect();
        if !alike.contains(&&self.made.counts) {
            return Vec::new();
        }
        let is_told = |(group, number): &(usize, u64)| {
            reader.is_open(*group) && alike.iter().all(|counts| reader.number(*group, counts) == *number)
        };
        self.small().into_iter().filter(is_told).collect()
    }

    /// The small groups that follow only from the effective base; none where nothing is withheld, or that is. Counts are tried
    /// until one agrees, the nearest first.
    pub fn told_by_effective_base(&self) -> Option<Vec<(usize, u64)>> {
        self.effective().filter(|_| self.hides())?;
        let mut nearest: Vec<&Vec<u64>> = self.agreeing.iter().collect();
        let distance = |counts: &[u64]| counts.iter().zip(&self.made.counts).map(|(one, own)| one.abs_diff(*own)).sum();
        nearest.sort_by_key(|counts| -> u64 { distance(counts) });
        // The effective base of each, where any weights fit.
        let mut asked: BTreeMap<&[u64], Option<f64>> = BTreeMap::new();
        let mut is_told = |(group, number): &(usize, u64)| {
            let others = nearest.iter().filter(|counts| self.number(*group, counts) != *number);
            let mut is_open = false;
            for counts in others {
                let own = *asked.entry(counts).or_insert_with(|| self.made.effective(counts));
                is_open |= own.is_some();
                if own.is_some_and(|own| self.agrees(own)) {
                    return false;
                }
            }
            is_open
        };
        Some(self.small().into_iter().filter(|group| is_told(group)).collect())
    }

    /// The same reader where no cell is shown, or no sum either.
    fn without(&self, sums: bool) -> Self {
        let sum = |sum: &Sum| Sum { cells: sum.cells.clone(), ..*sum };
        let everybody = self.made.counts.len();
        let stays = |sum: &&Sum| sum.cells.len() == everybody || sum.number == 0 || (!sums && !sum.is_crossed);
        let mut reader = Self {
            sums: self.sums.iter().filter(stays).map(sum).collect(),
            groups: self.groups.clone(),
            sums_of: Vec::new(),
            agreeing: Vec::new(),
            found: vec![None; self.groups.len()],
            known: Known::Counts,
            ..*self
        };
        reader.try_all();
        reader
    }
}

impl Reader<'_> {
    fn try_all(&mut self) {
        self.sums_of = vec![Vec::new(); self.made.counts.len()];
        for (position, sum) in self.sums.iter().enumerate() {
            sum.cells.iter().for_each(|cell| self.sums_of[*cell].push(position));
        }
        let mut left: Vec<u64> = self.sums.iter().map(|sum| sum.number).collect();
        self.run(&mut vec![0; self.made.counts.len()], 0, &mut left);
    }

    /// Tries all counts of the cells from this one on; of each sum so many are left for them.
    fn run(&mut self, tried: &mut Vec<u64>, cell: usize, left: &mut Vec<u64>) {
        if cell == tried.len() {
            self.note(tried);
            return;
        }
        let sums = self.sums_of[cell].clone();
        let most = sums.iter().map(|sum| left[*sum]).min().unwrap_or_default();
        // Somebody is in each cell that has a target of its own.
        let least = u64::from(cell < self.made.targets.len() && self.made.kind.crosses());
        for count in least..=most {
            let ends = |sum: &usize| self.sums[*sum].cells.last() == Some(&cell) && left[*sum] != count;
            if sums.iter().any(ends) {
                continue;
            }
            tried[cell] = count;
            for sum in &sums {
                left[*sum] -= count;
            }
            self.run(tried, cell + 1, left);
            for sum in &sums {
                left[*sum] += count;
            }
        }
        tried[cell] = 0;
    }

    fn note(&mut self, counts: &[u64]) {
        // Weights cannot be fitted where nobody is at a level.
        let numbers: Vec<u64> = (0..self.groups.len()).map(|group| self.number(group, counts)).collect();
        if numbers.contains(&0) {
            return;
        }
        let is_simple = self.made.kind == Kind::Crossed && counts[self.made.targets.len()..].iter().all(|n| *n == 0);
        if self.known == Known::Everything
            && is_simple
            && !self.made.effective(counts).is_some_and(|own| self.agrees(own))
        {
            return;
        }
        if self.agreeing.len() < MOST {
            self.agreeing.push(counts.to_vec());
        }
        for (found, number) in self.found.iter_mut().zip(numbers) {
            let (first, others) = found.get_or_insert((number, false));
            *others |= *first != number;
        }
    }

    fn number(&self, group: usize, counts: &[u64]) -> u64 {
        self.groups[group].iter().map(|cell| counts[*cell]).sum()
    }

    fn is_open(&self, group: usize) -> bool {
        self.found[group].is_some_and(|(_, others)| others)
    }

    /// The small groups, and their numbers.
    fn small(&self) -> Vec<(usize, u64)> {
        let numbers = (0..self.groups.len()).map(|group| (group, self.number(group, &self.made.counts)));
        numbers.filter(|(_, number)| (1..self.made.minimum).contains(number)).collect()
    }

    /// The small groups whose number is the same in all that agrees.
    fn told(&self) -> Vec<(usize, u64)> {
        self.small().into_iter().filter(|(group, _)| !self.is_open(*group)).collect()
    }

    fn effective(&self) -> Option<f64> {
        self.released.last()?.effective_base
    }

    fn hides(&self) -> bool {
        self.released.margins.iter().flat_map(|margin| &margin.levels).any(|level| level.respondents.is_none())
    }

    /// Whether an effective base agrees with what is told. Where a level is withheld it is rounded, and a note says if to more
    /// than ones.
    fn agrees(&self, own: f64) -> bool {
        let Some(told) = self.effective() else { return true };
        if !self.hides() {
            return (own - told).abs() < 1e-9 * told;
        }
        let units = if self.released.rounds { &UNITS[1..] } else { &UNITS[..1] };
        // It is computed otherwise here.
        let near = [own * (1.0 - 1e-12), own * (1.0 + 1e-12)];
        units.iter().any(|unit| near.iter().any(|own| rounded(*own, *unit) == told))
    }

    /// What is told of all counts that agree with what is shown, and to what it is rounded; 0 where it is withheld.
    fn rule(&self) -> Vec<[f64; 2]> {
        let own: Vec<f64> = self.agreeing.iter().filter_map(|counts| self.made.effective(counts)).collect();
        let n: u64 = self.made.counts.iter().sum();
        let units: Vec<f64> = UNITS.into_iter().filter(|unit| *unit <= 2.0 * n as f64).collect();
        let tells = |set: &[usize]| {
            let number = |group: usize, place: usize| self.number(group, &self.agreeing[place]);
            let is_told = |group: &usize| {
                let first = number(*group, set[0]);
                (1..self.made.minimum).contains(&first) && set.iter().all(|place| number(*group, *place) == first)
            };
            (0..self.groups.len()).filter(|group| self.is_open(*group)).any(|group| is_told(&group))
        };
        for finest in 0..=units.len() {
            let mut told = vec![[0.0; 2]; own.len()];
            let mut left: Vec<usize> = (0..own.len()).collect();
            for unit in &units[finest..] {
                let mut sets: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
                for place in std::mem::take(&mut left) {
                    sets.entry(rounded(own[place], *unit) as u64).or_default().push(place);
                }
                for (number, set) in sets {
                    if number == 0 || tells(&set) {
                        left.extend(set);
                    } else {
                        for place in set {
                            told[place] = [number as f64, *unit];
                        }
                    }
                }
            }
            if left.is_empty() || !tells(&left) {
                return told;
            }
        }
        vec![[0.0; 2]; own.len()]
    }
}

/// Rounded to ones, then to tens and so on.
fn rounded(number: f64, unit: f64) -> f64 {
    let units = UNITS.into_iter().take_while(|finer| *finer <= unit);
    units.fold(number, |number, unit| (number / unit).round() * unit)
}
