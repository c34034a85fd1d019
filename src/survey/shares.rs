//! What fitted weights did: the shares of the levels of each margin and the means of numbers, before and after.

use std::collections::BTreeMap;

use super::Survey;
use crate::{
    study::weighting::{Margin, NumberTarget, Weighting},
    tally::Traits,
    weighting::{Bounds, Cell, WeightSums},
};

/// The levels of a margin before and after weighting.
#[derive(Clone, Debug, PartialEq)]
pub struct MarginShares {
    /// The levels, crossed row after row. Their shares are among those whose level is known; where the others are spread over
    /// the levels they count in part at each.
    pub levels: Vec<LevelShares>,
    /// Those at no level, where there are any. Their shares are among everybody.
    pub unknown: Option<LevelShares>,
}

/// The respondents of a level before and after weighting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelShares {
    /// How many they are.
    pub respondents: u64,
    /// Their share of base weights.
    pub before: f64,
    /// Their share of fitted weights.
    pub after: f64,
    /// Their share of the population, where it is known.
    pub target: Option<f64>,
}

/// A number before and after weighting: its mean, or its total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberShift {
    /// How many have one.
    pub respondents: u64,
    /// Where it is one of two numbers, how many have the rarer one.
    pub rarer: Option<u64>,
    /// With base weights.
    pub before: f64,
    /// With fitted weights.
    pub after: f64,
    /// In the population.
    pub target: f64,
}

/// How unequal the weights are after each step of the weighting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSteps {
    /// Base weights.
    pub base: WeightSums,
    /// Fitted weights.
    pub fitted: WeightSums,
    /// Fitted weights within bounds, where they are trimmed.
    pub trimmed: Option<WeightSums>,
}

impl Survey {
    /// For each margin of the study the shares before and after weighting; none where weights are not fitted.
    #[must_use]
    pub fn margin_shares(&self) -> Vec<MarginShares> {
        let Some(fit) = Fit::of(self) else { return Vec::new() };
        fit.weighting.margins.iter().enumerate().map(|(index, margin)| fit.shares(index, margin)).collect()
    }

    /// For each number of the weighting what it is before and after weighting.
    #[must_use]
    pub fn number_shifts(&self) -> Vec<NumberShift> {
        let Some(fit) = Fit::of(self) else { return Vec::new() };
        let shift = |(index, target): (usize, NumberTarget)| {
            let mut sums = [[0.0; 2]; 2];
            let mut by_value: BTreeMap<u64, u64> = BTreeMap::new();
            let known = fit.cells.iter().filter(|(traits, _)| !traits.numbers[index].is_nan());
            for (traits, factor) in known {
                *by_value.entry(traits.numbers[index].to_bits()).or_default() += traits.base.respondents;
                for ([weights, total], factor) in sums.iter_mut().zip([1.0, *factor]) {
                    *weights += traits.base.sum * factor;
                    *total += traits.base.sum * factor * traits.numbers[index];
                }
            }
            let [before, after] = sums.map(|[weights, total]| match target {
                NumberTarget::Mean(_) => total / weights,
                NumberTarget::Total(_) => total,
            });
            let (NumberTarget::Mean(target) | NumberTarget::Total(target)) = target;
            let rarer = by_value.values().min().copied().filter(|_| by_value.len() == 2);
            NumberShift { respondents: by_value.values().sum(), rarer, before, after, target }
        };
        fit.weighting.numbers.iter().map(|number| number.target).enumerate().map(shift).collect()
    }

    /// The weights after each step; none where they are not fitted.
    #[must_use]
    pub fn weight_steps(&self) -> Option<WeightSteps> {
        let weights = self.weights.as_ref()?;
        let sums = |factors: &[f64]| WeightSums::over(weights.cells.iter().zip(factors.iter().copied()));
        Some(WeightSteps {
            base: sums(&vec![1.0; weights.cells.len()]),
            fitted: sums(&weights.untrimmed),
            trimmed: weights.bounds.map(|_| sums(&weights.factors)),
        })
    }

    /// How many respondents have a weight, or where bounds are of factors a factor, at a bound; none where there are no bounds.
    #[must_use]
    pub fn respondents_at_bounds(&self) -> Option<u64> {
        let (weights, weighting) = (self.weights.as_ref()?, self.study.weighting.as_ref()?);
        let base: f64 = weights.cells.iter().map(|cell| cell.base.sum).sum();
        let scale = weighting.population.map_or(1.0, |population| population / base);
        let bounds = weights.bounds;
        let bounds_of_factors = weighting.bounds.map(|[low, high]| Bounds { low, high }.times(scale));
        if bounds.is_none() && bounds_of_factors.is_none() {
            return None;
        }
        let close = |value: f64, bounds: Option<Bounds>| bounds.is_some_and(|bounds| bounds.touch(value));
        let is_at = |(cell, factor): &(&Cell, &f64)| {
            let weight = cell.base.common().map(|weight| weight * **factor);
            weight.is_some_and(|weight| close(weight, bounds)) || close(**factor, bounds_of_factors)
        };
        let at_bounds = weights.cells.iter().zip(&weights.factors).filter(is_at);
        Some(at_bounds.map(|(cell, _)| cell.base.respondents).sum())
    }
}

/// Some respondents with the sums of their weights.
#[derive(Clone, Copy, Default)]
struct Group {
    respondents: u64,
    before: f64,
    after: f64,
}

impl Group {
    fn sum(groups: &[Self]) -> Self {
        groups.iter().fold(Self::default(), |sum, group| Self {
            respondents: sum.respondents + group.respondents,
            before: sum.before + group.before,
            after: sum.after + group.after,
        })
    }

    fn among(self, others: Self, target: Option<f64>) -> LevelShares {
        let (before, after) = (self.before / others.before, self.after / others.after);
        LevelShares { respondents: self.respondents, before, after, target }
    }
}

/// Weights that were fitted, with the cells that have one and their factors.
struct Fit<'a> {
    survey: &'a Survey,
    weighting: &'a Weighting,
    cells: Vec<(&'a Traits, f64)>,
}

impl<'a> Fit<'a> {
    fn of(survey: &'a Survey) -> Option<Self> {
        let (weighting, fitted) = (survey.study.weighting.as_ref()?, survey.plan.fitted.as_ref()?);
        let kept = fitted.cells.traits.iter().zip(&fitted.factors).zip(&fitted.positions);
        let kept = kept.filter(|(_, position)| position.is_some());
        Some(Self { survey, weighting, cells: kept.map(|((traits, factor), _)| (traits, *factor)).collect() })
    }

    fn shares(&self, index: usize, margin: &Margin) -> MarginShares {
        let mut groups = vec![Group::default(); margin.targets.len() + 1];
        for (traits, factor) in &self.cells {
            let group = &mut groups[self.level(margin, traits)];
            group.respondents += traits.base.respondents;
            group.before += traits.base.sum;
            group.after += traits.base.sum * factor;
        }
        let all = Group::sum(&groups);
        let at_none = groups.pop().unwrap_or_default();
        if let Some(spread) = self.spread(index) {
            for (group, [before, after]) in groups.iter_mut().zip(spread) {
                (group.before, group.after) = (before, after);
            }
        }
        let known = Group::sum(&groups);
        let levels = groups.iter().zip(&margin.targets).map(|(group, target)| group.among(known, Some(*target)));
        let unknown = (at_none.respondents > 0).then(|| at_none.among(all, None));
        MarginShares { levels: levels.collect(), unknown }
    }

    /// The crossed level of a cell; that after the last where one of its levels is not known.
    fn level(&self, margin: &Margin, traits: &Traits) -> usize {
        let level = margin.variables.iter().try_fold(0, |position, variable| {
            let levels = self.weighting.variables[*variable].segment.levels().len();
            Some(position * levels + traits.levels[*variable]?)
        });
        level.unwrap_or(margin.targets.len())
    }

    /// The weights of the levels over which those of no level are spread; none where they are not.
    fn spread(&self, index: usize) -> Option<Vec<[f64; 2]>> {
        let weights = self.survey.weights.as_ref()?;
        if weights.margins.contains(&index) {
            return None;
        }
        let before = (0..index).filter(|earlier| !weights.margins.contains(earlier));
        let before: usize = before.map(|earlier| self.weighting.margins[earlier].targets.len()).sum();
        let first = weights.calibration.margins().last().map_or(0, |levels| levels.end) + before;
        let sums = |weighted: bool| {
            let sums: Vec<f64> = self
                .cells
                .iter()
                .map(|(traits, factor)| traits.base.sum * if weighted { *factor } else { 1.0 })
                .collect();
            weights.calibration.totals(&sums)
        };
        let (base, fitted) = (sums(false), sums(true));
        let places = first..first + self.weighting.margins[index].targets.len();
        Some(places.map(|place| [base[place], fitted[place]]).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::LevelShares;
    use crate::survey::Survey;

    fn survey(name: &str) -> Survey {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/weight");
        Survey::open(&folder.join(name), &mut |_, _| ()).expect("it is bundled")
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    fn sum(levels: &[LevelShares], of: fn(&LevelShares) -> f64) -> f64 {
        levels.iter().map(of).sum()
    }

    #[test]
    fn levels_are_at_their_targets_and_those_of_no_level_keep_their_share() {
        let survey = survey("study.toml");
        let [crossed, education] = &survey.margin_shares()[..] else { panic!("two margins") };
        for margin in [crossed, education] {
            assert!(close(sum(&margin.levels, |level| level.before), 1.0));
            assert!(margin.levels.iter().all(|level| close(level.after, level.target.unwrap_or_default())));
            let groups = margin.levels.iter().chain(&margin.unknown);
            assert_eq!(groups.map(|level| level.respondents).sum::<u64>(), survey.tally.rows);
        }
        // 14 of 240, and of the others 114 of 226.
        let unknown = education.unknown.expect("some did not say");
        assert!(close(unknown.before, 14.0 / 240.0) && close(unknown.after, unknown.before));
        assert!(close(education.levels[0].before, 114.0 / 226.0));
        assert_eq!(crossed.unknown, None);
    }

    #[test]
    fn who_is_spread_counts_in_part_at_every_level() {
        let survey = survey("small.toml");
        let [usage, education] = &survey.margin_shares()[..] else { panic!("two margins") };
        assert!(
            usage.levels.iter().chain(&education.levels).all(|level| close(level.after, level.target.unwrap_or(0.0)))
        );
        // Each of the 14 counts in part as the targets say.
        assert!(close(education.levels[0].before, (114.0 + 14.0 * 0.4) / 240.0));
        let [age] = &survey.number_shifts()[..] else { panic!("a number") };
        assert!(close(age.after, 45.5) && close(age.target, 45.5) && age.before < 45.5);
        // No factor leaves the bounds of 0.5 and 2, and some are there.
        let weights = survey.weights.as_ref().expect("fitted");
        assert!(weights.factors.iter().all(|factor| (0.5 - 1e-9..=2.0 + 1e-9).contains(factor)));
        assert!(survey.respondents_at_bounds().is_some_and(|count| count > 0));
    }

    #[test]
    fn trimming_is_a_step_after_fitting() {
        let steps = survey("study.toml").weight_steps().expect("fitted");
        let trimmed = steps.trimmed.expect("trimmed");
        assert!(close(steps.fitted.sum / trimmed.sum, 1.0));
        assert!(trimmed.lowest > steps.fitted.lowest);
        assert!(close(trimmed.lowest, 0.3 * steps.fitted.sum / 240.0));
        assert_eq!(survey("study.toml").number_shifts(), []);
    }
}
