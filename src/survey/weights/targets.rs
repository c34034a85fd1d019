//! What the weights of a study are to sum to, as a calibration knows it, and which levels are thin.

use std::ops::RangeInclusive;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, counted, first_few},
    study::{
        Levels, Origin,
        weighting::{Margin as StudyMargin, NumberTarget, Unknown, Weighting},
    },
    tally::Traits,
    weighting::{Cell, LevelOrder, Margin, ThinLevel, thin_levels},
};

/// What the weights of some cells are to sum to.
pub(super) struct Targets<'a> {
    pub weighting: &'a Weighting,
    pub margins: Vec<Margin>,
    /// Of each margin its index in the study.
    pub of_study: Vec<usize>,
    /// For each margin the level of each cell.
    pub levels: Vec<Vec<u32>>,
    /// For each number its value in each cell.
    pub numbers: Vec<Vec<f64>>,
    pub totals: Vec<f64>,
    /// Of each number how messages tell of it.
    pub told: Vec<Told<'a>>,
    /// Of each margin what the weights of those whose level is known sum to.
    pub at_levels: Vec<f64>,
    /// What all weights sum to.
    pub population: f64,
    /// Whom they are of.
    pub respondents: u64,
}

/// How messages tell of a number.
pub(super) struct Told<'a> {
    pub name: String,
    /// Where it stands in the study file.
    pub origin: &'a Origin,
    pub total: TotalOf,
}

/// What a total of weights times a number is.
#[derive(Clone, Copy, Debug)]
pub(super) enum TotalOf {
    /// Of the weights at a level of this margin of the study.
    Level(usize),
    /// Of the deviations from a mean, by respondents of so much weight.
    Deviations { mean: f64, weight: f64 },
    /// Of the number.
    Number,
}

impl<'a> Targets<'a> {
    /// Targets of cells whose base weights sum to `base`. Who is at no level of a variable is a level of their own with the
    /// share that they have, or counts in part at each level.
    pub fn of(weighting: &'a Weighting, cells: &[&Traits], population: f64, base: f64) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::default();
        let [margins, numbers] = [weighting.margins.len(), weighting.numbers.len()];
        let mut targets = Self {
            weighting,
            margins: Vec::with_capacity(margins),
            of_study: Vec::with_capacity(margins),
            levels: Vec::with_capacity(margins),
            numbers: Vec::with_capacity(numbers),
            totals: Vec::with_capacity(numbers),
            told: Vec::with_capacity(numbers),
            at_levels: Vec::with_capacity(margins),
            population,
            respondents: cells.iter().map(|traits| traits.base.respondents).sum(),
        };
        for (index, shares) in weighting.agreed().iter().enumerate() {
            let crossing = Crossing::of(weighting, &weighting.margins[index]);
            let is_unknown = |traits: &&&Traits| crossing.position(traits).is_none();
            // Nobody is known to be there, so that weights would follow from nothing; a calibration sees those of other levels.
            if crossing.is_spread || cells.iter().all(|traits| is_unknown(&traits)) {
                problems.append(targets.empty_levels(index, &crossing, cells));
            }
            if crossing.is_spread && cells.iter().any(|traits| is_unknown(&traits)) {
                targets.spread(index, &crossing, cells, shares, population);
                continue;
            }
            let unknown: f64 = cells.iter().filter(is_unknown).map(|traits| traits.base.sum).sum::<f64>() / base;
            let mut of_levels: Vec<f64> = shares.iter().map(|share| share * (1.0 - unknown) * population).collect();
            if unknown > 0.0 {
                of_levels.push(unknown * population);
            }
            let level = |traits: &&Traits| crossing.position(traits).unwrap_or(shares.len()) as u32;
            targets.levels.push(cells.iter().map(level).collect());
            targets.margins.push(Margin { targets: of_levels, order: crossing.order });
            targets.of_study.push(index);
            targets.at_levels.push((1.0 - unknown) * population);
        }
        problems.append(targets.add_numbers(cells, population, base));
        problems.unless_errors(targets).map(|(targets, _)| targets)
    }

    /// The levels at which nobody is known to be.
    fn empty_levels(&self, index: usize, crossing: &Crossing, cells: &[&Traits]) -> Diagnostics {
        let margin = &self.weighting.margins[index];
        let mut is_reached = vec![false; margin.targets.len()];
        for position in cells.iter().filter_map(|traits| crossing.position(traits)) {
            is_reached[position] = true;
        }
        let mut problems = Diagnostics::default();
        for (level, _) in is_reached.iter().enumerate().filter(|(_, is_reached)| !**is_reached) {
            let message = format!("{} has a target, but no respondents", self.level(index, level));
            let hint = "join levels with `also` or `bands`, or leave the margin out";
            problems.push(Diagnostic::error("weighting", margin.origin.0.clone(), message).hint(hint));
        }
        problems
    }

    /// A margin as numbers, one for each of its levels.
    fn spread(&mut self, index: usize, crossing: &Crossing, cells: &[&Traits], shares: &[f64], population: f64) {
        for (level, share) in shares.iter().enumerate() {
            self.numbers.push(cells.iter().map(|traits| crossing.part(traits, level, shares)).collect());
            self.totals.push(share * population);
            let (name, origin) = (self.level(index, level), &self.weighting.margins[index].origin);
            self.told.push(Told { name, origin, total: TotalOf::Level(index) });
        }
    }

    fn add_numbers(&mut self, cells: &[&Traits], population: f64, base: f64) -> Diagnostics {
        /// The same as for weights.
        const SQUARABLE: RangeInclusive<f64> = 1e-100..=1e100;
        let mut problems = Diagnostics::default();
        for (index, number) in self.weighting.numbers.iter().enumerate() {
            let (centre, total) = match number.target {
                NumberTarget::Mean(mean) => (mean, 0.0),
                NumberTarget::Total(total) => (0.0, total),
            };
            if cells.iter().all(|traits| traits.numbers[index].is_nan()) {
                let message = format!("`{}` has a target, but nobody has a number there", number.column);
                problems.push(Diagnostic::error("weighting", number.origin.0.clone(), message));
            }
            // Who has no number counts in neither the sum nor the base of the mean.
            let value =
                |traits: &&Traits| if traits.numbers[index].is_nan() { 0.0 } else { traits.numbers[index] - centre };
            let values: Vec<f64> = cells.iter().map(value).collect();
            let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
            if largest > 0.0 && !SQUARABLE.contains(&largest) {
                let message = format!("numbers of `{}` lie up to {largest:e} from their target", number.column);
                let hint = "give them in other units: their squares must be numbers too";
                problems.push(Diagnostic::error("weighting", number.origin.0.clone(), message).hint(hint));
            }
            self.numbers.push(values);
            self.totals.push(total);
            let with_number = cells.iter().filter(|traits| !traits.numbers[index].is_nan());
            let weight = with_number.map(|traits| traits.base.sum).sum::<f64>() / base * population;
            let total = match number.target {
                NumberTarget::Mean(mean) => TotalOf::Deviations { mean, weight },
                NumberTarget::Total(_) => TotalOf::Number,
            };
            self.told.push(Told { name: format!("`{}`", number.column), origin: &number.origin, total });
        }
        if self.weighting.margins.is_empty() {
            // Means and totals alone would let the sum of the weights go where it likes.
            self.numbers.push(vec![1.0; cells.len()]);
            self.totals.push(population);
            let name = "the sum of all weights".to_owned();
            self.told.push(Told { name, origin: &self.weighting.origin, total: TotalOf::Number });
        }
        problems
    }

    /// Levels with few respondents. That of those whose level is unknown keeps its share and needs no more.
    pub fn thin(&self, cells: &[Cell]) -> Diagnostics {
        const FEWEST: u64 = 10;
        let mut warnings = Diagnostics::default();
        let thin = thin_levels(cells, &self.margins, FEWEST);
        for (margin, index) in self.of_study.iter().enumerate() {
            let of_study = &self.weighting.margins[*index];
            let own = thin.iter().filter(|thin| thin.margin == margin && thin.level < of_study.targets.len());
            let own: Vec<&ThinLevel> = own.collect();
            let Some(first) = own.first() else { continue };
            let names: Vec<String> = own.iter().map(|thin| self.codes(*index, thin.level)).collect();
            let levels = first_few(names.iter().map(String::as_str));
            let levels_of = format!("{} of {}", counted(own.len(), "level"), self.weighting.name_of(of_study));
            let have = if own.len() == 1 { "has" } else { "have" };
            let message = format!("{levels_of} {have} fewer than {FEWEST} respondents to be weighted: {levels}");
            let with = first.collapse_with.and_then(|with| self.known(margin, first.level, with));
            let hint = with.map(|with| format!("collapse `{}` with `{}`", names[0], self.codes(*index, with)));
            warnings.push(Diagnostic::warning("thin-level", of_study.origin.0.clone(), message).maybe_hint(hint));
        }
        warnings
    }
}

/// How the levels of the variables of a margin are crossed, the last variable's fastest.
struct Crossing<'a> {
    variables: &'a [usize],
    /// How many levels each has.
    sizes: Vec<usize>,
    order: LevelOrder,
    is_spread: bool,
}

impl<'a> Crossing<'a> {
    fn of(weighting: &Weighting, margin: &'a StudyMargin) -> Self {
        let variables: Vec<_> = margin.variables.iter().map(|index| &weighting.variables[*index]).collect();
        let sizes = || variables.iter().map(|variable| variable.segment.levels().len());
        let are_ordered = || variables.iter().map(|variable| matches!(variable.segment.levels, Levels::Bands { .. }));
        Self {
            variables: &margin.variables,
            sizes: sizes().collect(),
            order: LevelOrder::Crossed(sizes().zip(are_ordered()).collect()),
            is_spread: variables.iter().any(|variable| variable.unknown == Unknown::Spread),
        }
    }

    fn levels(&self, traits: &Traits) -> impl DoubleEndedIterator<Item = (Option<usize>, usize)> + ExactSizeIterator {
        self.variables.iter().map(|variable| traits.levels[*variable]).zip(self.sizes.iter().copied())
    }

    /// The crossed level; none where one of the levels is not known.
    fn position(&self, traits: &Traits) -> Option<usize> {
        self.levels(traits).try_fold(0, |position, (level, size)| Some(position * size + level?))
    }

    /// How much of a respondent counts at a crossed level: all or nothing where all levels are known, otherwise the share of
    /// the level among those that it may be.
    fn part(&self, traits: &Traits, crossed: usize, shares: &[f64]) -> f64 {
        let levels: Vec<(Option<usize>, usize)> = self.levels(traits).collect();
        let fits = |mut crossed: usize| {
            levels.iter().rev().all(|(level, size)| {
                let own = crossed % size;
                crossed /= size;
                level.is_none_or(|level| level == own)
            })
        };
        if !fits(crossed) {
            return 0.0;
        }
        let possible: f64 = shares.iter().enumerate().filter(|(other, _)| fits(*other)).map(|(_, share)| share).sum();
        shares[crossed] / possible
    }
}
