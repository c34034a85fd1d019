//! Several estimates of one question together, with their covariances: contrasts of cells, and what tests need.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Bases, Estimate, Estimator,
    formula::{Cell, Formula, Slopes},
    influence::{Source, spread_out},
    replicated::Replicated,
    statistic::{Statistic, Wanted, figure, overlap},
};
use crate::{
    interval::{Confidence, Limits, of_mean},
    study::{Among, Contrast, Kind, Of, Scale},
    tally::Sums,
    variance::linearized::covariances,
};

/// Estimates with their covariances.
#[derive(Clone, Debug)]
pub struct Joint {
    /// The estimates.
    pub values: Vec<f64>,
    /// Their covariances, row after row, in the product of their units.
    pub covariances: Vec<f64>,
    /// Degrees of freedom, by the rule of the study.
    pub degrees_of_freedom: f64,
    /// The confidence level with its quantile.
    pub confidence: Confidence,
    /// Those on whom the estimates stand.
    pub bases: Bases,
}

impl Estimator<'_> {
    /// Estimates of a question; their formulas may name cells of the total and of the levels of one segment. `base` holds
    /// the cells of all on whom they stand, each respondent once.
    #[must_use]
    pub fn joint(&self, question: usize, segment: Option<usize>, formulas: &[Formula], base: &[Cell]) -> Joint {
        let sums = &self.tally.questions[question];
        let overlap = overlap(&self.study.questions[question]);
        let source = Source { sums, overlap: &overlap, squares_are_needed: self.plan.squares_are_needed() };
        let of_formulas: BTreeSet<usize> = formulas.iter().flat_map(Formula::places).collect();
        let all = of_formulas.iter().copied().chain(base.iter().map(|cell| cell.place));
        let totals: BTreeMap<usize, Vec<[f64; 2]>> = all.map(|place| (place, sums.sums(place))).collect();
        let first = |cell: Cell| totals[&cell.place][cell.slot][0];
        let bases = bases_of(sums, &totals, base);
        let places = segment.map(|segment| {
            let plan = &self.plan.segments[segment];
            plan.first_place..plan.first_place + plan.levels + 1
        });
        let k = formulas.len();
        let pairs: Vec<(usize, usize)> = (0..k * k).map(|index| (index / k, index % k)).collect();
        let values: Vec<f64> = formulas.iter().map(|formula| formula.value(&first)).collect();
        if let Some(design) = &self.design.replicates {
            let replicated = Replicated::new(design, sums, &Vec::from_iter(of_formulas));
            let formulas: Vec<&Formula> = formulas.iter().collect();
            return Joint {
                covariances: replicated.covariances(&values, &formulas, &pairs),
                values,
                degrees_of_freedom: self.design.degrees_of_freedom,
                confidence: self.confidence,
                bases,
            };
        }
        let slopes: Vec<Slopes> = (formulas.iter())
            .map(|formula| match &places {
                // No respondent may be in two places at once, in the total and in a level.
                Some(places) if source.squares_are_needed => spread_out(&formula.slopes(&first), places.clone()),
                _ => formula.slopes(&first),
            })
            .collect();
        let influences = source.influences(&slopes, base, pairs);
        let (degrees_of_freedom, confidence) = self.precision(&influences, bases.unweighted);
        Joint { values, covariances: covariances(self.design, influences), degrees_of_freedom, confidence, bases }
    }

    /// A contrast of the study; `None` where one of its cells has an empty base.
    #[must_use]
    pub fn contrast(&self, contrast: &Contrast) -> Option<Estimate> {
        let mut terms = Vec::new();
        let mut constant = 0.0;
        let mut base: Vec<Cell> = Vec::new();
        for cell in &contrast.cells {
            let place = match (contrast.segment, cell.among) {
                (Some(segment), Among::Level(level) | Among::Rest(level)) => {
                    self.plan.segments[segment].first_place + level
                }
                _ => 0,
            };
            let (figure, slots) = self.cell(contrast, cell.of, place)?;
            let (figure, place) = match cell.among {
                Among::Total | Among::Level(_) => (figure, place),
                // With its level the rest is the total.
                Among::Rest(_) => (rest(self.cell(contrast, cell.of, 0)?.0, figure), 0),
            };
            let is_new = base.iter().all(|known| known.place != place);
            // Levels lie within the total.
            if is_new && !(place > 0 && base.iter().any(|known| known.place == 0)) {
                base.retain(|_| place > 0);
                base.extend(slots.iter().map(|slot| Cell { place, slot: *slot }));
            }
            constant += cell.factor * figure.constant;
            terms.push((cell.factor, figure.formula));
        }
        let formula = match contrast.scale {
            Scale::Difference => Formula::Combination(terms),
            Scale::RelativeRisk => combined(terms, Formula::ln),
            Scale::OddsRatio => combined(terms, |share| match share {
                Formula::Ratio(yes, all) => {
                    let no = Formula::Combination(vec![(1.0, *all), (-1.0, (*yes).clone())]);
                    Formula::ratio(*yes, no).ln()
                }
                other => other.ln(),
            }),
        };
        let joint = self.joint(contrast.question, contrast.segment, &[formula], &base);
        let (value, variance) = (constant + joint.values[0], joint.covariances[0]);
        if !value.is_finite() {
            return None;
        }
        // Where nobody or everybody said so there is no variance, and an interval of no width would be wrong.
        let limits = if variance > 0.0 { of_mean(value, variance, joint.confidence) } else { None };
        let standard_error = if joint.degrees_of_freedom > 0.0 { variance.sqrt() } else { f64::NAN };
        let estimate = Estimate {
            value,
            standard_error,
            limits,
            degrees_of_freedom: joint.degrees_of_freedom,
            design_effect: None,
            design_effect_without: None,
            bases: joint.bases,
        };
        Some(match contrast.scale {
            Scale::Difference => estimate,
            // The interval is that of the logarithm; the error follows by the delta method.
            Scale::RelativeRisk | Scale::OddsRatio => Estimate {
                value: value.exp(),
                standard_error: value.exp() * standard_error,
                limits: limits.map(|limits| Limits { low: limits.low.exp(), high: limits.high.exp(), ..limits }),
                ..estimate
            },
        })
    }

    /// A figure of a contrast in a place, and the slots on which it stands; `None` where nobody is there.
    fn cell(&self, contrast: &Contrast, of: Of, place: usize) -> Option<(Wanted, Vec<usize>)> {
        let question = &self.study.questions[contrast.question];
        let statistic = match of {
            Of::Option(option) => Statistic::Share(option),
            Of::Net(net) => Statistic::Net(net),
            Of::NetPromoterScore => Statistic::NetPromoterScore,
            Of::Mean if question.kind == Kind::Ratio => Statistic::Ratio,
            Of::Mean => Statistic::Mean,
        };
        figure(question, &self.tally.questions[contrast.question], place, statistic)
    }
}

/// A ratio among everybody but those at a level.
fn rest(total: Wanted, level: Wanted) -> Wanted {
    let less = |whole: Formula, part: Formula| Formula::Combination(vec![(1.0, whole), (-1.0, part)]);
    let formula = match (total.formula, level.formula) {
        (Formula::Ratio(yes, all), Formula::Ratio(yes_there, all_there)) => {
            Formula::ratio(less(*yes, *yes_there), less(*all, *all_there))
        }
        (whole, part) => less(whole, part),
    };
    Wanted { formula, ..total }
}

fn combined(terms: Vec<(f64, Formula)>, of: impl Fn(Formula) -> Formula) -> Formula {
    Formula::Combination(terms.into_iter().map(|(factor, formula)| (factor, of(formula))).collect())
}

/// Those in some cells of several places.
fn bases_of(sums: &Sums, totals: &BTreeMap<usize, Vec<[f64; 2]>>, cells: &[Cell]) -> Bases {
    let moment = |power: usize| cells.iter().map(|cell| totals[&cell.place][cell.slot][power]).sum::<f64>();
    let (weighted, squares) = (moment(0), moment(1));
    let unweighted = cells.iter().map(|cell| sums.count(cell.place, cell.slot)).sum();
    Bases { unweighted, weighted, effective: if squares > 0.0 { weighted * weighted / squares } else { 0.0 } }
}
