//! Figures beside shares and means, and contrasts: they may say no more than what is shown already.
//!
//! * A count is its share in other words. A total and a standard deviation are withheld with the mean. A quantile and its
//!   limits are numbers that somebody gave: it is also withheld where the base is very low, and where fewer than the minimum
//!   lie at or beyond them, as in the last hundredth of a few.
//! * A net, and the net promoter score, are withheld where one of their answers is; where all of these are shown they are
//!   sums of what is shown. Not so a net of a multiple response: it is also withheld where few gave any of its answers,
//!   few did not, or few gave two of them. Levels add up to the total: where such a net is withheld at a level for its
//!   answers, so it is at all levels of the segment, and where it is in the total, so it is everywhere.
//! * A contrast is withheld where one of its cells is.

use super::{Figure, Release, ReleasedQuestion, Withheld, is_small, tells_too_much};
use crate::{
    estimate::{DomainEstimates, FurtherEstimate, Statistic},
    study::{Among, Contrast, Kind, Of, Question, Study},
    tally::Plan,
};

/// Decides on the further figures of a question, whose shares and means are decided.
pub(super) fn further(
    study: &Study,
    plan: &Plan,
    question: &Question,
    domains: &[DomainEstimates],
    released: &ReleasedQuestion,
) -> Vec<Vec<(Statistic, Figure)>> {
    let decide = Decision { study, question, released };
    let mut why: Vec<Vec<Option<Withheld>>> = (domains.iter().enumerate())
        .map(|(domain, estimates)| {
            estimates.further.iter().map(|further| decide.one(domain, estimates, further)).collect()
        })
        .collect();
    let statistics = domains.first().map_or(0, |domain| domain.further.len());
    let is_new = |index: &usize| {
        question.kind == Kind::Multiple && matches!(domains[0].further[*index].statistic, Statistic::Net(_))
    };
    for index in (0..statistics).filter(is_new) {
        for segment in 0..study.segments.len() {
            let levels = plan.levels(segment);
            let is_derived = why[0][index].is_some()
                || levels.clone().any(|level| why[level][index] == Some(Withheld::Cell))
                || decide.rest_tells_too_much(domains, &why, levels.clone(), index);
            for level in levels.filter(|_| is_derived) {
                why[level][index].get_or_insert(Withheld::Cell);
            }
        }
    }
    domains
        .iter()
        .zip(why)
        .map(|(domain, why)| {
            domain
                .further
                .iter()
                .zip(why)
                .map(|(further, why)| (further.statistic, Figure::of(further.estimate, why)))
                .collect()
        })
        .collect()
}

/// Decides on a contrast, when its cells are decided.
pub(super) fn contrast(
    plan: &Plan,
    contrast: &Contrast,
    estimate: Option<crate::estimate::Estimate>,
    release: &Release,
) -> Figure {
    let why = contrast.cells.iter().find_map(|cell| {
        let level = |level: usize| contrast.segment.map_or(0, |segment| plan.levels(segment).start + level);
        // The rest is the total less a level: it says what both say.
        let (domain, beside) = match cell.among {
            Among::Total => (0, None),
            Among::Level(index) => (level(index), None),
            Among::Rest(index) => (level(index), Some(0)),
        };
        [Some(domain), beside].into_iter().flatten().find_map(|domain| {
            let released = &release.questions[cell.question].domains[domain];
            let further = |wanted: Statistic| released.further.iter().find(|(known, _)| *known == wanted);
            match cell.of {
                Of::Option(option) => released.shares[option].withheld(),
                Of::Net(net) => further(Statistic::Net(net)).and_then(|(_, figure)| figure.withheld()),
                Of::NetPromoterScore => further(Statistic::NetPromoterScore).and_then(|(_, figure)| figure.withheld()),
                Of::Mean => released.mean.as_ref().and_then(Figure::withheld),
            }
        })
    });
    Figure::of(estimate, why)
}

struct Decision<'a> {
    study: &'a Study,
    question: &'a Question,
    released: &'a ReleasedQuestion,
}

impl Decision<'_> {
    fn one(&self, domain: usize, estimates: &DomainEstimates, further: &FurtherEstimate) -> Option<Withheld> {
        let rules = &self.study.publication;
        let released = &self.released.domains[domain];
        if released.bases.is_none() {
            return Some(Withheld::Base);
        }
        let base = estimates.bases.unweighted;
        let share = |option: usize| released.shares[option].withheld();
        let mean = || released.mean.as_ref().and_then(Figure::withheld);
        match further.statistic {
            Statistic::Share(option) | Statistic::Count(option) => share(option),
            Statistic::Net(net) => {
                let options = &self.question.nets[net].options;
                let count = further.count.unwrap_or(0);
                let of_answers: u64 = options.iter().map(|option| estimates.shares[*option].count).sum();
                let tells = self.question.kind == Kind::Multiple
                    && (tells_too_much(rules, count, base) || is_small(rules, of_answers - count));
                options.iter().find_map(|option| share(*option)).or(tells.then_some(Withheld::Cell))
            }
            Statistic::NetPromoterScore => {
                let is_passive = |value: f64| value > 6.0 && value < 9.0;
                let options = self.question.options.iter().enumerate();
                let mut counted = options.filter(|(_, option)| option.value.is_some_and(|value| !is_passive(value)));
                counted.find_map(|(option, _)| share(option))
            }
            Statistic::Quantile(_) => {
                let is_low = base > 0 && base < rules.very_low_base && rules.minimum_count > 0;
                let is_outlying = further.count.is_some_and(|beyond| beyond < rules.minimum_count);
                mean().or(is_low.then_some(Withheld::Base)).or(is_outlying.then_some(Withheld::Cell))
            }
            Statistic::Mean | Statistic::Ratio | Statistic::Total | Statistic::StandardDeviation => mean(),
        }
    }

    /// Whether the total less the levels that are shown gives away a few.
    fn rest_tells_too_much(
        &self,
        domains: &[DomainEstimates],
        why: &[Vec<Option<Withheld>>],
        levels: std::ops::Range<usize>,
        index: usize,
    ) -> bool {
        let shown = || levels.clone().filter(|level| why[*level][index].is_none());
        let count = |domain: usize| domains[domain].further[index].count.unwrap_or(0);
        let base = |domain: usize| domains[domain].bases.unweighted;
        let rest_of = |of: &dyn Fn(usize) -> u64| of(0) - shown().map(of).sum::<u64>();
        let (count, base) = (rest_of(&count), rest_of(&base));
        base > 0 && tells_too_much(&self.study.publication, count, base)
    }
}
