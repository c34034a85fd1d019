//! Contrasts: figures compared, with the covariance between them.
//!
//! A contrast is `Σ a_i h(θ_i)`: with the factors 1 and -1 a difference; with `h = ln` the logarithm of a relative risk; with
//! `h(θ) = ln(θ / (1 - θ))` that of an odds ratio. Its influence is the same sum of the influences of its figures, so that
//! whatever respondents or units they share is in its variance (R: `svycontrast`). The interval of a ratio is that of its
//! logarithm, its standard error follows by the delta method.

use super::{
    Bases, Estimate, Estimator, Joint,
    formula::{Cell, Formula},
    joint::{Totals, totals_of},
    replicated::Replicated,
    statistic::{Statistic, Wanted, figure},
};
use crate::{
    interval::{Limits, of_mean},
    study::{Among, Contrast, ContrastCell, Kind, Of, Scale},
    variance::{
        linearized::{Influences, covariances},
        replicate,
    },
};

/// A figure on its way into a contrast.
struct Term {
    factor: f64,
    question: usize,
    /// `h(θ)`
    formula: Formula,
    constant: f64,
    /// Those on whom it stands.
    base: Vec<Cell>,
}

impl Estimator<'_> {
    /// A contrast of the study; `None` where one of its cells has an empty base.
    #[must_use]
    pub fn contrast(&self, contrast: &Contrast) -> Option<Estimate> {
        let terms: Vec<Term> =
            contrast.cells.iter().map(|cell| self.term(contrast, cell)).collect::<Option<Vec<Term>>>()?;
        let constant: f64 = terms.iter().map(|term| term.factor * term.constant).sum();
        let joint = if contrast.is_of_one_question() { self.within(contrast, terms) } else { self.across(&terms) };
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
            Scale::RelativeRisk | Scale::OddsRatio => Estimate {
                value: value.exp(),
                standard_error: value.exp() * standard_error,
                limits: limits.map(|limits| Limits { low: limits.low.exp(), high: limits.high.exp(), ..limits }),
                ..estimate
            },
        })
    }

    fn term(&self, contrast: &Contrast, cell: &ContrastCell) -> Option<Term> {
        let place = match (contrast.segment, cell.among) {
            (Some(segment), Among::Level(level) | Among::Rest(level)) => {
                self.plan.segments[segment].first_place + level
            }
            _ => 0,
        };
        let (figure, slots) = self.figure(cell, place)?;
        let (figure, place) = match cell.among {
            Among::Total | Among::Level(_) => (figure, place),
            // With its level the rest is the total.
            Among::Rest(_) => (rest(self.figure(cell, 0)?.0, figure), 0),
        };
        let base = slots.iter().map(|slot| Cell { place, slot: *slot }).collect();
        let formula = match (contrast.scale, figure.formula) {
            (Scale::Difference, formula) => formula,
            (Scale::OddsRatio, Formula::Ratio(yes, all)) => {
                let no = Formula::Combination(vec![(1.0, *all), (-1.0, (*yes).clone())]);
                Formula::ratio(*yes, no).ln()
            }
            (Scale::RelativeRisk | Scale::OddsRatio, formula) => formula.ln(),
        };
        Some(Term { factor: cell.factor, question: cell.question, formula, constant: figure.constant, base })
    }

    /// A figure in a place, and the slots on which it stands; `None` where nobody is there.
    fn figure(&self, cell: &ContrastCell, place: usize) -> Option<(Wanted, Vec<usize>)> {
        let question = &self.study.questions[cell.question];
        let statistic = match cell.of {
            Of::Option(option) => Statistic::Share(option),
            Of::Net(net) => Statistic::Net(net),
            Of::NetPromoterScore => Statistic::NetPromoterScore,
            Of::Mean if question.kind == Kind::Ratio => Statistic::Ratio,
            Of::Mean => Statistic::Mean,
        };
        figure(question, &self.tally.questions[cell.question], place, statistic)
    }

    /// The contrast of figures of one question.
    fn within(&self, contrast: &Contrast, terms: Vec<Term>) -> Joint {
        let mut base: Vec<Cell> = Vec::new();
        for term in &terms {
            let place = term.base[0].place;
            let is_new = base.iter().all(|known| known.place != place);
            // Levels lie within the total.
            if is_new && !(place > 0 && base.iter().any(|known| known.place == 0)) {
                base.retain(|_| place > 0);
                base.extend(&term.base);
            }
        }
        let terms = terms.into_iter().map(|term| (term.factor, term.formula)).collect();
        self.joint(contrast.question, contrast.segment, &[Formula::Combination(terms)], &base)
    }

    /// The contrast of figures of several questions. Its base is the smallest of theirs: how far they overlap is not
    /// counted.
    fn across(&self, terms: &[Term]) -> Joint {
        let totals: Vec<Totals> = terms.iter().map(|term| self.totals(term)).collect();
        let sums = |term: &Term| &self.tally.questions[term.question];
        let value = |(term, totals): (&Term, &Totals)| {
            term.factor * term.formula.value(&|cell: Cell| totals[&cell.place][cell.slot][0])
        };
        let value = terms.iter().zip(&totals).map(value).sum();
        let bases = terms
            .iter()
            .zip(&totals)
            .map(|(term, totals)| Bases::of(sums(term), &term.base, &|cell: Cell| totals[&cell.place][cell.slot]));
        let smallest: Bases = bases.min_by_key(|bases| bases.unweighted).unwrap_or_default();
        let (variance, degrees_of_freedom, confidence) = if let Some(design) = &self.design.replicates {
            let mut values = vec![0.0; design.count()];
            for term in terms {
                let places: Vec<usize> = term.formula.places().into_iter().collect();
                let replicated = Replicated::new(design, sums(term), &places);
                for (sum, own) in values.iter_mut().zip(replicated.values(&term.formula)) {
                    *sum += term.factor * own;
                }
            }
            let variance = replicate::covariances(design, &[value], &[values], &[(0, 0)])[0];
            (variance, self.design.degrees_of_freedom, self.confidence)
        } else {
            let influences = self.influences_across(terms, &totals);
            let (degrees_of_freedom, confidence) = self.precision(&influences, smallest.unweighted);
            (covariances(self.design, influences)[0], degrees_of_freedom, confidence)
        };
        Joint { values: vec![value], covariances: vec![variance], degrees_of_freedom, confidence, bases: smallest }
    }

    /// `Σ a_i z_i`: groups are units here, so that sums of groups are all that is needed ([`Plan::members`]).
    ///
    /// [`Plan::members`]: crate::tally::Plan::members
    fn influences_across(&self, terms: &[Term], totals: &[Totals]) -> Influences {
        let mut all = Influences { estimates: 1, pairs: vec![(0, 0)], ..Influences::default() };
        for (term, totals) in terms.iter().zip(totals) {
            let source = self.source(term.question);
            let slopes = term.formula.slopes(&|cell: Cell| totals[&cell.place][cell.slot][0]);
            let own = source.influences(&[slopes], &term.base, Vec::new());
            all.reached.resize(own.reached.len(), false);
            all.sums.resize(own.sums.len(), 0.0);
            all.is_everywhere |= own.is_everywhere;
            all.reached.iter_mut().zip(own.reached).for_each(|(all, own)| *all |= own);
            all.sums.iter_mut().zip(own.sums).for_each(|(all, own)| *all += term.factor * own);
        }
        all
    }

    /// The sums in all places that a term speaks of.
    fn totals(&self, term: &Term) -> Totals {
        let places = term.formula.places().into_iter().chain(term.base.iter().map(|cell| cell.place));
        totals_of(&self.tally.questions[term.question], places)
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
