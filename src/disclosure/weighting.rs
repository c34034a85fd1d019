//! What may be said of the weighting: who was weighted up or down, and how unequal weights became.
//!
//! The share of a level before weighting is its number of respondents, over theirs. So a margin with a level of fewer than the
//! minimum shows no share before weighting: one that is missing alone would follow from the others. Shares of crossed levels
//! add up to those of their variables only, where no level is small. The highest weight is often the target of a small level over its
//! share before weighting, so the range is withheld too. The effective base, which every output tells, remains: it is one
//! equation of all levels.

use super::{Count, Counting};
use crate::{
    survey::{MarginShares, Survey},
    weighting::WeightSums,
};

/// What may be said of fitted weights.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedWeighting {
    /// The margins, in the order of the study.
    pub margins: Vec<ReleasedMargin>,
    /// The numbers, in the order of the study: before and after weighting, unless withheld, and in the population.
    pub numbers: Vec<(Option<[f64; 2]>, f64)>,
    /// Base weights, fitted weights, and trimmed ones where they are trimmed.
    pub steps: Vec<ReleasedStep>,
    /// How many respondents are at a bound, where there are bounds.
    pub at_bounds: Option<Count>,
    /// How many have no weight because a level of theirs is unknown.
    pub dropped: Option<Count>,
    /// Whether something is withheld.
    pub withholds: bool,
}

/// A margin before and after weighting.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedMargin {
    /// Its levels, crossed row after row.
    pub levels: Vec<ReleasedLevel>,
    /// Those at no level, where there are any.
    pub unknown: Option<ReleasedLevel>,
}

/// A level before and after weighting; shares are missing where they are withheld, and a target where none is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleasedLevel {
    /// How many respondents.
    pub respondents: Count,
    /// Their share of base weights.
    pub before: Option<f64>,
    /// Their share of fitted weights.
    pub after: Option<f64>,
    /// Their share of the population.
    pub target: Option<f64>,
}

/// How unequal weights are after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleasedStep {
    /// The lowest and the highest weight as multiples of the mean, unless withheld.
    pub range: Option<[f64; 2]>,
    /// The standard deviation of the weights over their mean.
    pub coefficient_of_variation: f64,
    /// Kish's design effect.
    pub design_effect: f64,
    /// The effective base.
    pub effective_base: f64,
    /// How many have a weight.
    pub respondents: u64,
}

impl ReleasedWeighting {
    /// What may be said of the weighting of a survey; none where weights are not fitted.
    #[must_use]
    pub fn of(survey: &Survey) -> Option<Self> {
        let (weights, steps) = (survey.weights.as_ref()?, survey.weight_steps()?);
        let counting = Counting::new(survey);
        let shares = survey.margin_shares();
        let hides = shares.iter().any(|margin| margin.groups().any(|number| counting.is_small(number)));
        let numbers = survey.number_shifts();
        let numbers: Vec<(Option<[f64; 2]>, f64)> = numbers
            .iter()
            .map(|number| {
                let others = steps.base.respondents - number.respondents;
                let hides = counting.is_small(number.respondents) || counting.is_small(others);
                ((!hides).then_some([number.before, number.after]), number.target)
            })
            .collect();
        let step = |sums: WeightSums| {
            let spread = sums.spread()?;
            Some(ReleasedStep {
                range: (!hides).then_some([spread.lowest / spread.mean, spread.highest / spread.mean]),
                coefficient_of_variation: spread.coefficient_of_variation,
                design_effect: spread.design_effect,
                effective_base: spread.effective_base,
                respondents: spread.respondents,
            })
        };
        let steps = [Some(steps.base), Some(steps.fitted), steps.trimmed];
        Some(Self {
            withholds: hides || numbers.iter().any(|(shift, _)| shift.is_none()),
            margins: shares.iter().map(|margin| margin_of(margin, &counting)).collect(),
            numbers,
            steps: steps.into_iter().flatten().filter_map(step).collect(),
            at_bounds: survey.respondents_at_bounds().map(|number| counting.of(number)),
            dropped: (weights.dropped > 0).then(|| counting.of(weights.dropped)),
        })
    }

    /// The weights as they are used.
    #[must_use]
    pub fn last(&self) -> Option<&ReleasedStep> {
        self.steps.last()
    }
}

fn margin_of(margin: &MarginShares, counting: &Counting) -> ReleasedMargin {
    let groups: Vec<u64> = margin.groups().collect();
    let hides = groups.iter().any(|number| counting.is_small(*number));
    let counts = counting.of_all(&groups);
    let unknown = margin.unknown.as_ref().zip(counts.last()).map(|(level, count)| ReleasedLevel {
        respondents: *count,
        before: (!hides).then_some(level.before),
        // They often keep their share.
        after: (!hides).then_some(level.after),
        target: None,
    });
    let levels = margin.levels.iter().zip(&counts).map(|(level, count)| ReleasedLevel {
        respondents: *count,
        before: (!hides).then_some(level.before),
        after: Some(level.after),
        target: level.target,
    });
    ReleasedMargin { levels: levels.collect(), unknown }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Count, ReleasedWeighting};
    use crate::survey::Survey;

    #[test]
    fn a_small_level_is_told_by_nothing_beside_it() {
        let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/weight/small.toml");
        let survey = Survey::open(&study, &mut |_, _| ()).expect("it is bundled");
        let released = ReleasedWeighting::of(&survey).expect("it is weighted");
        let [usage, education] = &released.margins[..] else { panic!("two margins") };
        assert!(released.withholds && released.steps.iter().all(|step| step.range.is_none()));
        assert_eq!(usage.levels[2].respondents, Count::Under(5));
        assert!(usage.levels.iter().all(|level| level.before.is_none() && level.after.is_some()));
        assert!(education.levels.iter().all(|level| level.before.is_some()));
        let counts = usage.levels.iter().chain(&education.levels).chain(&education.unknown);
        assert!(counts.into_iter().all(|level| !matches!(level.respondents, Count::Exactly(_))));
    }
}
