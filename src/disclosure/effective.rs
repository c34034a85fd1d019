//! How exactly an effective base may be told where levels of margins are withheld.
//!
//! Where all at a level have the same weight, their squared weights sum to `W² / n`, with the sum of weights `W` that the target
//! tells and the number `n` that is withheld. So the effective base `(Σw)² / Σw²` is an equation between the withheld counts,
//! which whole numbers often solve in one way. It is rounded until each small level may be one larger or smaller, others
//! being smaller or larger for it, without that being seen; where no rounding does that it is withheld.

use super::{
    Bases, Figure, Release,
    margins::{Exchange, Groups},
};
use crate::tally::Fitted;

/// To what an effective base is rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rounding {
    /// It is told as it is.
    None,
    /// To a multiple of this.
    To(f64),
    /// It is withheld.
    Withheld,
}

impl Rounding {
    /// What the groups of margins ask for.
    pub(super) fn of(groups: &[Groups], fitted: Option<&Fitted>) -> Self {
        let Some(fitted) = fitted.filter(|_| groups.iter().any(Groups::hides)) else { return Self::None };
        let cells = fitted.cells.traits.iter().zip(&fitted.factors);
        let [sum, squares] = cells.fold([0.0; 2], |[sum, squares], (traits, factor)| {
            [sum + traits.base.sum * factor, squares + traits.base.squares * factor * factor]
        });
        let effective = sum * sum / squares;
        let others = |group: &Groups| -> Vec<Vec<f64>> {
            let after = |exchange: &Exchange| sum * sum / (squares + more_squares(group, exchange));
            // What follows from the counts that are shown cannot be kept from following from this.
            let exchanges = group.exchanges.iter().filter(|exchanges| !exchanges.is_empty());
            exchanges.map(|exchanges| exchanges.iter().map(after).collect()).collect()
        };
        let others: Vec<Vec<f64>> = groups.iter().flat_map(others).collect();
        let keeps = |step: f64| {
            let told = (effective / step).round();
            others.iter().all(|others| others.iter().any(|other| (other / step).round() == told))
        };
        let steps = (0..).map(|power| 10.0_f64.powi(power)).take_while(|step| *step <= 2.0 * effective);
        steps.into_iter().find(|step| keeps(*step)).map_or(Self::Withheld, Self::To)
    }

    /// Whether it changes what a whole number would tell.
    pub(super) fn is_coarse(self) -> bool {
        matches!(self, Self::To(step) if step > 1.0)
    }

    /// The effective base as it may be told.
    pub(super) fn apply(self, effective: f64) -> Option<f64> {
        match self {
            Self::None => Some(effective),
            Self::To(step) => Some((effective / step).round() * step).filter(|told| *told > 0.0),
            Self::Withheld => None,
        }
    }
}

/// By how much squared weights would sum to more.
fn more_squares(groups: &Groups, exchange: &Exchange) -> f64 {
    let of_group = |(group, by): &(usize, i64)| {
        let count = groups.counts[*group] as f64;
        groups.squares[*group] * (count / (count + *by as f64) - 1.0)
    };
    exchange.iter().map(of_group).sum()
}

/// Rounds every effective base of a release.
pub(super) fn round(release: &mut Release) {
    let rounding = release.rounding;
    if rounding == Rounding::None {
        return;
    }
    let told = |bases: &mut Bases| bases.effective = rounding.apply(bases.effective).unwrap_or(f64::NAN);
    let of_figure = |figure: &mut Figure| {
        if let Figure::Shown(estimate) = figure {
            told(&mut estimate.bases);
        }
    };
    for domain in release.questions.iter_mut().flat_map(|question| &mut question.domains) {
        domain.bases.iter_mut().for_each(told);
        domain.shares.iter_mut().chain(&mut domain.mean).for_each(of_figure);
        domain.further.iter_mut().map(|(_, figure)| figure).for_each(of_figure);
    }
    release.contrasts.iter_mut().for_each(of_figure);
}
