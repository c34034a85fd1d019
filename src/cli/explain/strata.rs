//! What single strata add to a variance, as far as it may be told.
//!
//! A stratum's part of the variance says who answered what there: of one respondent it gives the answer away. So strata
//! are a further table, of the question by the stratum, and a stratum is named only where that table could be published,
//! with `m` the study's minimum count:
//!
//! * at least `m` of the base are in it, and of each answer nobody, or at least `m` who gave it; the same for those who did
//!   not. Nobody and everybody count only where the base there is not very low. No answer is none of the answers. Of a number
//!   only the base counts, and a part of 0 is told only where it is not very low, for all said the same; unless the design
//!   makes it 0, as of a single unit or of a stratum sampled in full;
//! * for a level of a segment all of this holds at every level, and among those in none, who are in the stratum at all:
//!   else a level would follow from the others.
//!
//! Of a quantile the answers are two: up to it, and above.
//!
//! The others are added up. Where even together they do not fulfil this, the smallest of those named joins them, and so on.
//! A sample of one stratum has nothing to hide: its part is the variance.
//!
//! How many are in a stratum is not held by the tally, only Σw and Σw². `(Σw)² / Σw²` is never more than their number, so it is
//! taken for it: that may hide a stratum too many. Strata of later stages are within single units and only summed up.

use std::collections::{BTreeMap, BTreeSet};

use super::below::{self, Moments};
use crate::{
    estimate::Steps,
    study::{Chances, Kind},
    survey::Survey,
    tally::Sums,
    variance::linearized::Part,
};

/// A stratum that may be named.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// The stratum, as a position in the first stage.
    pub stratum: usize,
    /// What it adds.
    pub adds: f64,
    /// `Σ (z - z̄)²`, where all its units have the same sampled fraction.
    pub squares: Option<f64>,
}

/// The parts of a variance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strata {
    /// Those that are named, in the order of the design.
    pub named: Vec<Line>,
    /// How many are not, and what they add together.
    pub others: (usize, f64),
    /// How many strata of each later stage there are, and what they add together.
    pub later: Vec<(usize, f64)>,
    /// Of all that the figure reaches, how many have a single unit of several.
    pub lonely: usize,
}

impl Strata {
    /// What strata add to a variance whose parts are given.
    pub(super) fn new(survey: &Survey, question: usize, segment: Option<usize>, steps: &Steps, parts: &[Part]) -> Self {
        let rule = Rule::new(survey, question, segment, steps);
        let first: Vec<_> = parts.iter().filter(|part| part.stage == 0).collect();
        let line = |stratum: usize, adds: f64, scale: f64| {
            let stage = &survey.design.stages[0];
            let (n, f) = (stage.strata[stratum].units as f64, stage.strata[stratum].sampled_fraction);
            let factor = scale * (1.0 - f) * n / (n - 1.0);
            let has_one_fraction = survey.study.design.chances == Chances::Equal && n > 1.0 && factor > 0.0;
            Line { stratum, adds, squares: has_one_fraction.then(|| adds / factor) }
        };
        let lines = first.iter().map(|part| line(part.stratum, part.covariances[0], part.scale));
        let (mut named, mut hidden): (Vec<Line>, Vec<Line>) = if first.len() == 1 {
            (lines.collect(), Vec::new())
        } else {
            lines.partition(|line| rule.allows(std::slice::from_ref(line)))
        };
        while !hidden.is_empty() && !named.is_empty() && !rule.allows(&hidden) {
            let size = |line: &Line| rule.size(&[line.stratum]);
            let smallest = named.iter().enumerate().min_by(|(_, one), (_, other)| size(one).total_cmp(&size(other)));
            let Some((position, _)) = smallest else { break };
            hidden.push(named.remove(position));
        }
        let stages = survey.design.stages.len();
        let later = (1..stages).map(|stage| {
            let parts = parts.iter().filter(|part| part.stage == stage);
            parts.fold((0, 0.0), |(count, sum), part| (count + 1, sum + part.covariances[0]))
        });
        let is_lonely = |stage: usize, stratum: usize| {
            let stage = &survey.design.stages[stage];
            stage.strata[stratum].units == 1 && stage.lonely_fraction(stratum) < 1.0
        };
        Self {
            others: (hidden.len(), hidden.iter().map(|line| line.adds).sum()),
            named,
            later: later.collect(),
            lonely: parts.iter().filter(|part| is_lonely(part.stage, part.stratum)).count(),
        }
    }
}

/// Decides which strata may be named.
struct Rule {
    minimum: f64,
    very_low: f64,
    /// The strata of a number whose part is 0 only where all said the same.
    telling: BTreeSet<usize>,
    /// For each stratum and place the base, then each answer.
    cells: BTreeMap<usize, Vec<Vec<Moments>>>,
}

impl Rule {
    fn new(survey: &Survey, question: usize, segment: Option<usize>, steps: &Steps) -> Self {
        let rules = &survey.study.publication;
        let (minimum, very_low) = (rules.minimum_count as f64, rules.very_low_base as f64);
        if steps.reading.is_some() {
            let cells = below::moments_of_strata(survey, question, segment, steps.estimate.value);
            return Self { minimum, very_low, telling: BTreeSet::new(), cells };
        }
        let (asked, sums) = (&survey.study.questions[question], &survey.tally.questions[question]);
        let places: Vec<usize> = match segment {
            None => vec![0],
            Some(segment) => {
                let plan = &survey.plan.segments[segment];
                (plan.first_place..=plan.first_place + plan.levels).collect()
            }
        };
        let options = asked.options.len();
        let answers: Vec<usize> = match asked.kind {
            Kind::Number | Kind::Ratio => Vec::new(),
            Kind::Single | Kind::Scale => (0..options).collect(),
            Kind::Multiple => (0..options + asked.nets.len()).collect(),
        };
        let base: Vec<usize> = match asked.kind {
            // Those whose missing answer counts in the base have the slot after the last option.
            Kind::Single | Kind::Scale => (0..=options).collect(),
            _ => steps.base.clone(),
        };
        let mut cells: BTreeMap<usize, Vec<Vec<Moments>>> = BTreeMap::new();
        for (group, stratum) in sums.groups().zip(survey.tally.frame.ancestors(0)) {
            let empty = || vec![vec![[0.0; 2]; 1 + answers.len()]; places.len()];
            let of_stratum = cells.entry(stratum).or_insert_with(empty);
            for (cells, place) in of_stratum.iter_mut().zip(&places) {
                let slots = [base.as_slice()].into_iter().chain(answers.iter().map(std::slice::from_ref));
                for (cell, slots) in cells.iter_mut().zip(slots) {
                    add(cell, moments(sums, group, *place, slots));
                }
            }
        }
        let first = survey.design.stages[0].strata.iter().enumerate();
        let is_unequal = survey.study.design.chances == Chances::Brewer;
        let may_add = first.filter(|(_, stratum)| is_unequal || stratum.units > 1 && stratum.sampled_fraction < 1.0);
        let telling = may_add.map(|(index, _)| index).filter(|_| asked.kind.is_numeric()).collect();
        Self { minimum, very_low, telling, cells }
    }

    /// Whether what some strata add together may be told.
    fn allows(&self, lines: &[Line]) -> bool {
        if self.minimum == 0.0 {
            return true;
        }
        let strata: Vec<usize> = lines.iter().map(|line| line.stratum).collect();
        let is_alike = |line: &Line| line.adds == 0.0;
        let tells_all_alike = lines.iter().all(is_alike) && strata.iter().any(|stratum| self.telling.contains(stratum));
        self.places(&strata).iter().all(|cells| {
            let base = cells[0];
            let is_empty = base[0] == 0.0;
            let is_large = count(base) >= self.minimum;
            let may_tell_all = count(base) >= self.very_low;
            let is_told = |answer: &Moments| {
                let rest = [base[0] - answer[0], base[1] - answer[1]];
                [*answer, rest].into_iter().all(|part| match part {
                    // Only rounding is left of nobody.
                    [w, _] if w <= 1e-9 * base[0] => may_tell_all,
                    part => count(part) >= self.minimum,
                })
            };
            is_empty || is_large && (may_tell_all || !tells_all_alike) && cells[1..].iter().all(is_told)
        })
    }

    /// How many of the base are in some strata, at least.
    fn size(&self, strata: &[usize]) -> f64 {
        let mut all = [0.0; 2];
        for cells in self.places(strata) {
            add(&mut all, cells[0]);
        }
        count(all)
    }

    fn places(&self, strata: &[usize]) -> Vec<Vec<Moments>> {
        let mut sum: Vec<Vec<Moments>> = Vec::new();
        for more in strata.iter().filter_map(|stratum| self.cells.get(stratum)) {
            if sum.is_empty() {
                sum.clone_from(more);
                continue;
            }
            for (cell, more) in sum.iter_mut().flatten().zip(more.iter().flatten()) {
                add(cell, *more);
            }
        }
        sum
    }
}

fn moments(sums: &Sums, group: &[Moments], place: usize, slots: &[usize]) -> Moments {
    let mut all = [0.0; 2];
    for slot in slots {
        add(&mut all, group[sums.index(place, *slot)]);
    }
    all
}

fn add(all: &mut Moments, more: Moments) {
    *all = [all[0] + more[0], all[1] + more[1]];
}

/// `(Σw)² / Σw²`, which is at most the number of respondents.
fn count([w, w2]: Moments) -> f64 {
    // What rounding takes away must not hide a stratum of equal weights.
    if w2 > 0.0 { w * w / w2 * (1.0 + 1e-9) } else { 0.0 }
}
