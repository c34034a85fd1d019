//! What may be said of the weighting: who was weighted up or down, and how unequal weights became.
//!
//! The share of a level before weighting is its number of respondents, over theirs, where base weights are equal: it is shown
//! where that number is ([which](super::margins) are). The highest weight is often the target of a small level over its share
//! before weighting, and those at a bound are often those of a small level: both are withheld where anything is. The effective
//! base, with the design effect and the coefficient of variation that follow from it, is told [so
//! coarsely](super::effective) that it leaves small levels open, of the weights that are used; those before trimming would
//! be another equation.

use super::{
    effective::Rounding,
    is_small,
    margins::{Groups, groups},
};
use crate::{
    study::weighting::{Margin, Unknown, Weighting},
    survey::{MarginShares, NumberShift, Survey},
    weighting::WeightSums,
};

/// What may be said of fitted weights.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedWeighting {
    /// The margins, in the order of the study.
    pub margins: Vec<ReleasedMargin>,
    /// The numbers, in the order of the study.
    pub numbers: Vec<ReleasedNumber>,
    /// Base weights, fitted weights, and trimmed ones where they are trimmed.
    pub steps: Vec<ReleasedStep>,
    /// How many respondents are at a bound, where there are bounds, unless withheld.
    pub at_bounds: Option<u64>,
    /// How many have no weight because a level of theirs is unknown. It is no secret: all others have one.
    pub dropped: u64,
    /// Whether something is withheld.
    pub withholds: bool,
    /// Whether the effective base is told to tens, or more coarsely.
    pub rounds: bool,
}

/// A margin before and after weighting.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedMargin {
    /// Its levels, crossed row after row.
    pub levels: Vec<ReleasedLevel>,
    /// Those at no level, where there are any.
    pub unknown: Option<ReleasedLevel>,
}

/// A level before and after weighting; what is withheld is missing, and a target where none is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleasedLevel {
    /// How many respondents.
    pub respondents: Option<u64>,
    /// Their share of base weights.
    pub before: Option<f64>,
    /// Their share of fitted weights.
    pub after: Option<f64>,
    /// Their share of the population.
    pub target: Option<f64>,
}

/// The mean or total of a number before and after weighting; what is withheld is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleasedNumber {
    /// How many respondents have one.
    pub respondents: Option<u64>,
    /// With base weights.
    pub before: Option<f64>,
    /// With fitted weights.
    pub after: Option<f64>,
    /// In the population.
    pub target: f64,
}

/// How unequal weights are after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleasedStep {
    /// The lowest and the highest weight as multiples of the mean, unless withheld.
    pub range: Option<[f64; 2]>,
    /// The effective base, unless withheld; rounded where it would tell how many are at a small level.
    pub effective_base: Option<f64>,
    /// How many have a weight.
    pub respondents: u64,
}

impl ReleasedStep {
    /// Kish's design effect: how many have a weight, over the effective base.
    #[must_use]
    pub fn design_effect(&self) -> Option<f64> {
        self.effective_base.map(|effective| self.respondents as f64 / effective)
    }

    /// The standard deviation of the weights over their mean: its square is the design effect less 1.
    #[must_use]
    pub fn coefficient_of_variation(&self) -> Option<f64> {
        // Rounding can leave a design effect just below 1.
        self.design_effect().map(|effect| (effect - 1.0).max(0.0).sqrt())
    }
}

impl ReleasedWeighting {
    /// What may be said of the weighting of a survey; none where weights are not fitted.
    #[must_use]
    pub fn of(survey: &Survey) -> Option<Self> {
        let (weights, weighting) = (survey.weights.as_ref()?, survey.study.weighting.as_ref()?);
        let (steps, fitted) = (survey.weight_steps()?, survey.plan.fitted.as_ref());
        let groups = groups(&survey.study, fitted);
        let hides = groups.iter().any(Groups::hides);
        let rounding = Rounding::of(&groups, fitted, survey.study.publication.minimum_count);
        let shares = survey.margin_shares();
        let margins = weighting.margins.iter().zip(&shares).zip(&groups);
        let margins = margins.map(|((margin, shares), groups)| released(weighting, margin, shares, groups));
        let numbers = numbers(survey, steps.base.respondents);
        let step = |(sums, rounding): (WeightSums, Rounding), tells_range: bool| {
            let spread = sums.spread()?;
            Some(ReleasedStep {
                range: tells_range.then_some([spread.lowest / spread.mean, spread.highest / spread.mean]),
                effective_base: rounding.apply(spread.effective_base),
                respondents: spread.respondents,
            })
        };
        let before_trimming = if hides && steps.trimmed.is_some() { Rounding::Withheld } else { rounding };
        let fitted = [Some((steps.fitted, before_trimming)), steps.trimmed.map(|sums| (sums, rounding))];
        let fitted = fitted.into_iter().flatten().filter_map(|sums| step(sums, !hides));
        Some(Self {
            withholds: hides || numbers.iter().any(|number| number.before.is_none()),
            rounds: rounding.is_coarse(),
            margins: margins.collect(),
            numbers,
            steps: step((steps.base, Rounding::None), true).into_iter().chain(fitted).collect(),
            at_bounds: survey.respondents_at_bounds().filter(|_| !hides),
            dropped: weights.dropped,
        })
    }

    /// The weights as they are used.
    #[must_use]
    pub fn last(&self) -> Option<&ReleasedStep> {
        self.steps.last()
    }
}

/// Means and totals before weighting tell of a few where few have a number, or few have none, or few have the rarer one of two.
fn numbers(survey: &Survey, respondents: u64) -> Vec<ReleasedNumber> {
    let rules = &survey.study.publication;
    let shift = |number: &NumberShift| {
        let groups = [number.respondents, respondents - number.respondents, number.rarer.unwrap_or_default()];
        let hides = groups.into_iter().any(|group| is_small(rules, group));
        ReleasedNumber {
            respondents: (!hides).then_some(number.respondents),
            before: (!hides).then_some(number.before),
            after: (!hides).then_some(number.after),
            target: number.target,
        }
    };
    survey.number_shifts().iter().map(shift).collect()
}

fn released(weighting: &Weighting, margin: &Margin, shares: &MarginShares, groups: &Groups) -> ReleasedMargin {
    let unknown = groups.hidden.len() - 1;
    // Who counts in part at every level is told by each of their shares.
    let is_spread = |variable: &usize| weighting.variables[*variable].unknown == Unknown::Spread;
    let spreads = shares.unknown.is_some() && margin.variables.iter().any(is_spread);
    let hides = |group: usize| groups.hidden[group] || (spreads && groups.hides());
    let levels = shares.levels.iter().enumerate().map(|(cell, level)| ReleasedLevel {
        respondents: (!groups.hidden[cell]).then_some(level.respondents),
        before: (!hides(cell)).then_some(level.before),
        after: Some(level.after),
        target: level.target,
    });
    let of_unknown = shares.unknown.as_ref().map(|level| ReleasedLevel {
        respondents: (!groups.hidden[unknown]).then_some(level.respondents),
        before: (!groups.hidden[unknown]).then_some(level.before),
        // They often keep their share.
        after: (!groups.hidden[unknown]).then_some(level.after),
        target: None,
    });
    ReleasedMargin { levels: levels.collect(), unknown: of_unknown }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::ReleasedWeighting;
    use crate::survey::Survey;

    #[test]
    fn a_small_level_is_told_by_nothing_beside_it() {
        let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/weight/small.toml");
        let survey = Survey::open(&study, &mut |_, _| ()).expect("it is bundled");
        let released = ReleasedWeighting::of(&survey).expect("it is weighted");
        let [usage, education] = &released.margins[..] else { panic!("two margins") };
        let [base, fitted] = &released.steps[..] else { panic!("two steps") };
        assert!(released.withholds && base.range.is_some() && fitted.range.is_none());
        // 3 are at the last level; without the next they would be what the others leave of 240.
        assert_eq!(usage.levels.iter().map(|level| level.respondents).collect::<Vec<_>>(), [None, Some(178), None]);
        assert_eq!(usage.levels.iter().map(|level| level.before.is_some()).collect::<Vec<_>>(), [false, true, false]);
        assert!(usage.levels.iter().all(|level| level.after.is_some()));
        assert!(education.levels.iter().all(|level| level.before.is_some() && level.respondents.is_some()));
        assert_eq!(released.at_bounds, None);
        // 203.9 as it is, which 2 or 4 instead of 3 would not change by 1.
        assert_eq!(fitted.effective_base, Some(204.0));
    }
}
