//! How exactly an effective base may be told where levels of margins are withheld.
//!
//! Where all at a level have the same weight, their squared weights sum to `W² / n`, with the sum of weights `W` that the target
//! tells and the number `n` that is withheld. So the effective base `(Σw)² / Σw²` is an equation between the withheld counts,
//! which whole numbers often solve in one way. It is rounded until other numbers at each small level agree with what is told.
//! A reader who knows this rule knows more: that of the true counts no finer number could be told. So all counts that agree with
//! what is shown are asked together. Those that are told alike are a set, and where no small level has the same number in
//! all of a set, it is told to them all; the others are rounded more coarsely. Then whoever sees what is told, and how coarsely,
//! has to do with a whole set. What is left in the end is withheld, and must be such a set too: if it is not, the finest
//! rounding is given up for all.

use std::collections::BTreeMap;

use super::{Bases, Figure, Release, margins::Groups};
use crate::tally::Fitted;

/// To what an effective base is rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rounding {
    /// It is told as it is.
    None,
    /// To a multiple of this.
    To(f64),
    /// It is withheld.
    Withheld,
}

impl Rounding {
    /// What the groups of margins ask for.
    pub(super) fn of(groups: &[Groups], fitted: Option<&Fitted>, minimum: u64) -> Self {
        let Some(fitted) = fitted.filter(|_| groups.iter().any(Groups::hides)) else { return Self::None };
        let cells = fitted.cells.traits.iter().zip(&fitted.factors);
        let [sum, squares] = cells.fold([0.0; 2], |[sum, squares], (traits, factor)| {
            [sum + traits.base.sum * factor, squares + traits.base.squares * factor * factor]
        });
        let respondents: u64 = fitted.cells.traits.iter().map(|traits| traits.base.respondents).sum();
        // An effective base is at most all respondents.
        let steps = (0..).map(|power| 10.0_f64.powi(power)).take_while(|step| *step <= 2.0 * respondents as f64);
        let steps: Vec<Self> = steps.map(Self::To).collect();
        let of_group = |group: &Groups| {
            let after = |counts: &[u64]| sum * sum / (squares + more_squares(group, counts));
            let own = Guess { counts: &group.counts, effective: sum * sum / squares };
            let others = group.others.iter().map(|counts| Guess { counts, effective: after(counts) });
            let guesses = Guesses::new([own].into_iter().chain(others).collect(), minimum);
            (0..=steps.len()).find_map(|finest| guesses.step(&steps[finest..])).unwrap_or(Self::Withheld)
        };
        let coarser = |one: Self, other: Self| if one.unit() < other.unit() { other } else { one };
        groups.iter().filter(|group| group.hides()).map(of_group).fold(Self::None, coarser)
    }

    /// What it rounds to a multiple of.
    fn unit(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::To(unit) => unit,
            Self::Withheld => f64::INFINITY,
        }
    }

    /// Whether it changes what a whole number would tell.
    pub(super) fn is_coarse(self) -> bool {
        matches!(self, Self::To(step) if step > 1.0)
    }

    /// The effective base as it may be told.
    pub(super) fn apply(self, effective: f64) -> Option<f64> {
        match self {
            Self::None => Some(effective),
            Self::To(unit) => Some(digit_by_digit(effective, unit)).filter(|told| *told > 0.0),
            Self::Withheld => None,
        }
    }
}

/// A number rounded to ones, then to tens and so on: what is alike in ones is alike in tens, of whichever margin these are.
fn digit_by_digit(number: f64, unit: f64) -> f64 {
    let units = (0..).map(|power| 10.0_f64.powi(power)).take_while(|finer| *finer <= unit);
    units.fold(number, |number, unit| (number / unit).round() * unit)
}

/// By how much squared weights would sum to more with other counts. Those of unknown level keep their share of the whole, and
/// the others share the rest as before.
fn more_squares(groups: &Groups, counts: &[u64]) -> f64 {
    let known = |counts: &[u64]| counts.iter().rev().skip(1).sum::<u64>() as f64;
    let rest = known(counts) / known(&groups.counts);
    let unknown = counts.len() - 1;
    let of_group = |(group, squares): (usize, &f64)| {
        let (own, other) = (groups.counts[group] as f64, counts[group] as f64);
        match groups.counts[group] {
            0 => 0.0,
            _ if group == unknown => squares * (other / own - 1.0),
            _ => squares * (own / other * rest * rest - 1.0),
        }
    };
    groups.squares.iter().enumerate().map(of_group).sum()
}

/// Counts of a margin that agree with what is shown, and the effective base that they would have.
struct Guess<'a> {
    counts: &'a [u64],
    effective: f64,
}

/// The true counts, and then all others that agree with what is shown.
struct Guesses<'a> {
    all: Vec<Guess<'a>>,
    minimum: u64,
    /// The groups whose number does not follow from what is shown.
    open: Vec<usize>,
}

impl<'a> Guesses<'a> {
    fn new(all: Vec<Guess<'a>>, minimum: u64) -> Self {
        let groups = all.first().map_or(0, |guess| guess.counts.len());
        let is_open = |group: &usize| all.iter().any(|guess| guess.counts[*group] != all[0].counts[*group]);
        let open = (0..groups).filter(is_open).collect();
        Self { all, minimum, open }
    }

    /// How the effective base is told if these roundings are tried one after the other; none where those to whom it is then
    /// withheld are told by that.
    fn step(&self, steps: &[Rounding]) -> Option<Rounding> {
        let mut left: Vec<usize> = (0..self.all.len()).collect();
        let mut own = Rounding::Withheld;
        for step in steps {
            let mut sets: BTreeMap<Option<u64>, Vec<usize>> = BTreeMap::new();
            for guess in std::mem::take(&mut left) {
                let told = step.apply(self.all[guess].effective).map(f64::to_bits);
                sets.entry(told).or_default().push(guess);
            }
            for (told, set) in sets {
                if told.is_none() || self.tells(&set) {
                    left.extend(set);
                } else if set.contains(&0) {
                    own = *step;
                }
            }
        }
        (left.is_empty() || !self.tells(&left)).then_some(own)
    }

    /// Whether a small group has the same number in all of a set, though that does not follow from what is shown.
    fn tells(&self, set: &[usize]) -> bool {
        let of = |guess: usize, group: usize| self.all[guess].counts[group];
        let first = set.first().copied().unwrap_or_default();
        self.open.iter().any(|group| {
            let number = of(first, *group);
            (1..self.minimum).contains(&number) && set.iter().all(|guess| of(*guess, *group) == number)
        })
    }
}

/// Rounds every effective base of a release.
pub(super) fn round(release: &mut Release) {
    let rounding = release.rounding;
    if rounding == Rounding::None {
        return;
    }
    let told = |bases: &mut Bases| bases.effective = rounding.apply(bases.effective).unwrap_or(f64::NAN);
    let of_figure = |figure: &mut Figure| {
        if let Figure::Shown(estimate) = figure {
            told(&mut estimate.bases);
        }
    };
    for domain in release.questions.iter_mut().flat_map(|question| &mut question.domains) {
        domain.bases.iter_mut().for_each(told);
        domain.shares.iter_mut().chain(&mut domain.mean).for_each(of_figure);
        domain.further.iter_mut().map(|(_, figure)| figure).for_each(of_figure);
    }
    release.contrasts.iter_mut().for_each(of_figure);
}
