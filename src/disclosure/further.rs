//! Figures beside shares and means: they may say no more than what is shown already.
//!
//! * A count is its share in other words. A total and a standard deviation are withheld with the mean.
//! * A quantile and its limits are numbers that somebody gave: it is also withheld where the base is very low, where fewer
//!   than the minimum lie at or beyond them, as in the last hundredth of a few, and where the base has fewer than the minimum
//!   for each number that this quantile and those before it print: all hundredths of a hundred are their list.
//! * A net, and the net promoter score, are withheld where one of their answers is; where all of these are shown they are
//!   sums of what is shown. Not so nets of a multiple response: `nets` says what is asked of them.

use super::{Figure, ReleasedQuestion, Withheld, nets};
use crate::{
    estimate::{DomainEstimates, FurtherEstimate, Statistic},
    study::{Further, Kind, Question, Study},
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
    if question.kind == Kind::Multiple {
        nets::decide(study, plan, question, domains, &mut why);
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

/// A quantile and its two limits.
const NUMBERS_OF_QUANTILE: u64 = 3;

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
            Statistic::Net(net) => self.question.nets[net].options.iter().find_map(|option| share(*option)),
            Statistic::NetPromoterScore => self.question.promoters().find_map(|(_, option)| share(option)),
            Statistic::Quantile(part) => {
                let asked = self.question.further.iter().filter(|further| matches!(further, Further::Quantile(_)));
                let before = asked.take_while(|further| **further != Further::Quantile(part)).count() as u64;
                let crowd = rules.minimum_count * NUMBERS_OF_QUANTILE * (before + 1);
                let is_low = base > 0 && rules.minimum_count > 0 && base < rules.very_low_base.max(crowd);
                let is_outlying = further.count.is_some_and(|beyond| beyond < rules.minimum_count);
                mean().or(is_low.then_some(Withheld::Base)).or(is_outlying.then_some(Withheld::Cell))
            }
            Statistic::Mean | Statistic::Ratio | Statistic::Total | Statistic::StandardDeviation => mean(),
        }
    }
}
