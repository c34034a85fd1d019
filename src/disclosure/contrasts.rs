//! Contrasts: withheld where one of their cells is, or where their standard error would tell of a few.
//!
//! The error of a contrast of two answers that one respondent may give both tells how many did. So the table of the two
//! answers must be one that could be published: among those compared, and among everybody who is left by the levels that
//! this contrast and those before it compare.

use std::collections::BTreeSet;

use super::{Figure, Release, TOTAL, Withheld, tells_too_much};
use crate::{
    estimate::{Estimates, Statistic, Variety},
    study::{Among, Contrast, ContrastCell, Kind, Of, Study},
    tally::Plan,
};

/// Decides on the contrasts, when their cells are decided.
pub(super) fn decide(study: &Study, plan: &Plan, estimates: &Estimates, release: &Release) -> Vec<Figure> {
    let mut tables = Tables { study, plan, estimates, shown: Vec::new() };
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
    /// The places of a segment among which a crossing was told of.
    shown: Vec<((usize, usize), BTreeSet<usize>)>,
}

impl Tables<'_> {
    /// Whether a contrast tells of a few; notes what it tells where it does not.
    fn tell(&mut self, contrast: &Contrast) -> bool {
        let mut told = Vec::new();
        for (index, one) in contrast.cells.iter().enumerate() {
            for other in &contrast.cells[..index] {
                let Some(among) = self.among_both(contrast, one, other) else { continue };
                let is_meant = |crossing: &usize| {
                    let crossing = &self.plan.crossings[*crossing];
                    crossing.is_of((one.question, one.of), (other.question, other.of))
                        && crossing.answers.iter().all(|(question, of)| self.is_answer(*question, *of))
                };
                for crossing in (0..self.plan.crossings.len()).filter(is_meant) {
                    let key = (crossing, contrast.segment.unwrap_or_default());
                    let before = self.shown.iter().filter(|(known, _)| *known == key).flat_map(|(_, places)| places);
                    let all: BTreeSet<usize> = among.iter().chain(before).copied().collect();
                    let rest = &self.everybody(contrast) - &all;
                    if self.tells(crossing, &among) || self.tells(crossing, &rest) {
                        return true;
                    }
                    told.push((key, among.clone()));
                }
            }
        }
        self.shown.extend(told);
        false
    }

    /// The mean of a number is about an answer only where there are two numbers.
    fn is_answer(&self, question: usize, of: Of) -> bool {
        let is_number = of == Of::Mean && self.study.questions[question].kind == Kind::Number;
        !is_number || self.estimates.questions[question].domains[TOTAL].variety == Variety::Two
    }

    fn tells(&self, crossing: usize, places: &BTreeSet<usize>) -> bool {
        let crossed = &self.estimates.crossings[crossing];
        let cells = [0, 1, 2, 3].map(|cell| places.iter().map(|place| crossed[*place].cells()[cell]).sum::<u64>());
        let base = cells.iter().sum();
        cells.iter().any(|count| tells_too_much(&self.study.publication, *count, base))
    }

    /// The places of those among whom both cells are; none where nobody is in both.
    fn among_both(&self, contrast: &Contrast, one: &ContrastCell, other: &ContrastCell) -> Option<BTreeSet<usize>> {
        let both = &self.places(contrast, one.among) & &self.places(contrast, other.among);
        (!both.is_empty()).then_some(both)
    }

    fn places(&self, contrast: &Contrast, among: Among) -> BTreeSet<usize> {
        let everybody = self.everybody(contrast);
        let level =
            |level: usize| contrast.segment.map_or(0, |segment| self.plan.segments[segment].first_place + level);
        match among {
            Among::Total => everybody,
            Among::Level(index) => BTreeSet::from([level(index)]),
            Among::Rest(index) => &everybody - &BTreeSet::from([level(index)]),
        }
    }

    /// The places of the segment, in one of which everybody is.
    fn everybody(&self, contrast: &Contrast) -> BTreeSet<usize> {
        contrast.segment.map_or(BTreeSet::from([0]), |segment| {
            let plan = &self.plan.segments[segment];
            (plan.first_place..=plan.first_place + plan.levels).collect()
        })
    }
}
