//! Contrasts: withheld where one of their cells is, or where their standard error would tell of a few.
//!
//! The error of a contrast of two answers that one respondent may give both tells how many did. So the table of the two
//! answers must be one that could be published: among those compared, and among all that the groups of this contrast and of
//! those before it make by subtraction. Of two questions the first pair of answers alone is told of, and of a multiple
//! response none that are in a net with a third: from several pairs, or with the net, it would follow how many gave three
//! answers, or a third.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Release, TOTAL, Withheld, tells_too_much};
use crate::{
    estimate::{Estimates, Statistic, Variety},
    study::{Among, Contrast, ContrastCell, Kind, Of, Study},
    tally::{Crossing, Plan},
};

/// Decides on the contrasts, when their cells are decided.
pub(super) fn decide(study: &Study, plan: &Plan, estimates: &Estimates, release: &Release) -> Vec<Figure> {
    let mut tables = Tables { study, plan, estimates, release, told: Vec::new() };
    let contrasts = study.contrasts.iter().zip(&estimates.contrasts);
    let decide = |(contrast, estimate): (&Contrast, &Option<_>)| {
        let of_cells = contrast.cells.iter().find_map(|cell| of_cell(plan, contrast, cell, release));
        let why = of_cells.or_else(|| tables.tell(contrast).then_some(Withheld::Cell));
        Figure::of(*estimate, why)
    };
    contrasts.map(decide).collect()
}

/// Why a cell is withheld, where it is.
fn of_cell(plan: &Plan, contrast: &Contrast, cell: &ContrastCell, release: &Release) -> Option<Withheld> {
    let level = |level: usize| contrast.segment.map_or(TOTAL, |segment| plan.levels(segment).start + level);
    // The rest is the total less a level: it says what both say.
    let (domain, beside) = match cell.among {
        Among::Total => (TOTAL, None),
        Among::Level(index) => (level(index), None),
        Among::Rest(index) => (level(index), Some(TOTAL)),
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
}

/// The tables of two answers that contrasts tell of.
struct Tables<'a> {
    study: &'a Study,
    plan: &'a Plan,
    estimates: &'a Estimates,
    release: &'a Release,
    /// The crossings that were told of, each in places of a segment.
    told: Vec<Told>,
}

struct Told {
    crossing: usize,
    segment: Option<usize>,
    places: BTreeSet<usize>,
}

impl Tables<'_> {
    /// Whether a contrast tells of a few; notes what it tells where it does not.
    fn tell(&mut self, contrast: &Contrast) -> bool {
        let before = self.told.len();
        for (index, one) in contrast.cells.iter().enumerate() {
            for other in &contrast.cells[..index] {
                let places = &self.places(contrast, one.among) & &self.places(contrast, other.among);
                let is_meant = |crossing: &Crossing| {
                    crossing.is_of((one.question, one.of), (other.question, other.of))
                        && crossing.answers.iter().all(|(question, of)| self.is_answer(*question, *of))
                };
                let crossing = self.plan.crossings.iter().position(is_meant).filter(|_| !places.is_empty());
                let Some(crossing) = crossing else { continue };
                self.told.push(Told { crossing, segment: contrast.segment, places });
                if self.says_more(crossing) || self.parts(crossing).any(|part| self.tells(crossing, &part)) {
                    self.told.truncate(before);
                    return true;
                }
            }
        }
        false
    }

    /// Whether a crossing, with others that were told of or with a net, says how many gave yet other answers together.
    fn says_more(&self, crossing: usize) -> bool {
        let questions = |crossing: usize| {
            let [(one, _), (other, _)] = self.plan.crossings[crossing].answers;
            [one.min(other), one.max(other)]
        };
        let [one, other] = questions(crossing);
        if one != other {
            return self.told.iter().any(|told| told.crossing != crossing && questions(told.crossing) == [one, other]);
        }
        let [(_, first), (_, second)] = self.plan.crossings[crossing].answers;
        let nets = self.study.questions[one].nets.iter().enumerate().filter(|(_, net)| {
            let holds = |of: Of| matches!(of, Of::Option(option) if net.options.contains(&option));
            net.options.len() > 2 && holds(first) && holds(second)
        });
        let is_shown = |net: usize| {
            let mut further = self.release.questions[one].domains.iter().flat_map(|domain| &domain.further);
            further.any(|(statistic, figure)| *statistic == Statistic::Net(net) && figure.shown().is_some())
        };
        nets.map(|(net, _)| net).any(is_shown)
    }

    /// What the groups in which a crossing was told of make by subtraction, in each segment: places in the same of them.
    fn parts(&self, crossing: usize) -> impl Iterator<Item = BTreeSet<usize>> {
        let told = || self.told.iter().filter(|told| told.crossing == crossing);
        let segments: BTreeSet<Option<usize>> = told().map(|told| told.segment).collect();
        let mut parts: BTreeMap<(Option<usize>, Vec<bool>), BTreeSet<usize>> = BTreeMap::new();
        for segment in segments {
            let everybody = self.everybody(segment);
            let of_segment = |told: &Told| match told.segment {
                None => Some(everybody.clone()),
                own => (own == segment).then(|| told.places.clone()),
            };
            let groups: Vec<BTreeSet<usize>> = told().filter_map(of_segment).collect();
            for place in groups.iter().flatten() {
                let key = (segment, groups.iter().map(|places| places.contains(place)).collect());
                parts.entry(key).or_default().insert(*place);
            }
        }
        parts.into_values()
    }

    /// The mean of a number is about an answer only where there are two numbers.
    fn is_answer(&self, question: usize, of: Of) -> bool {
        let is_number = of == Of::Mean && self.study.questions[question].kind == Kind::Number;
        !is_number || matches!(self.estimates.questions[question].domains[TOTAL].variety, Variety::Two(_))
    }

    fn tells(&self, crossing: usize, places: &BTreeSet<usize>) -> bool {
        let crossed = &self.estimates.crossings[crossing];
        let cells = [0, 1, 2, 3].map(|cell| places.iter().map(|place| crossed[*place].cells()[cell]).sum::<u64>());
        let base = cells.iter().sum();
        cells.iter().any(|count| tells_too_much(&self.study.publication, *count, base))
    }

    fn places(&self, contrast: &Contrast, among: Among) -> BTreeSet<usize> {
        let everybody = self.everybody(contrast.segment);
        let level =
            |level: usize| contrast.segment.map_or(0, |segment| self.plan.segments[segment].first_place + level);
        match among {
            Among::Total => everybody,
            Among::Level(index) => BTreeSet::from([level(index)]),
            Among::Rest(index) => &everybody - &BTreeSet::from([level(index)]),
        }
    }

    /// The places of the segment, in one of which everybody is.
    fn everybody(&self, segment: Option<usize>) -> BTreeSet<usize> {
        segment.map_or(BTreeSet::from([0]), |segment| {
            let plan = &self.plan.segments[segment];
            (plan.first_place..=plan.first_place + plan.levels).collect()
        })
    }
}
