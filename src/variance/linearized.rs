//! Variances and covariances of estimates from their influences, linearised.
//!
//! An estimate is a point and its influence: what each unit of the sample adds to it. For a ratio `p = Y / X` the influence
//! of unit `i` of stratum `h` is `z_hi = (Y_hi - p X_hi) / X`. Units outside a domain have `z = 0` and stay: a domain
//! is a mask. Of two estimates with the influences `z` and `u` the covariance is
//!
//! `C = Σ_h n_h / (n_h - 1) Σ_i (1 - f_hi) (z_hi - z̄_h) (u_hi - ū_h) + Σ_hi f_hi C_hi`
//!
//! with `n_h` units in stratum `h`, the sampled fraction `f_hi` (that of the stratum, or with unequal chances the
//! chance of the unit: Brewer's approximation), and `C_hi` the same sum over the next stage within unit `hi` (Särndal,
//! Swensson & Wretman 1992, *Model Assisted Survey Sampling*, 4.3.2, 5.5 and 5.10; Brewer 2002, *Combined Survey Sampling
//! Inference*, ch. 9; R `survey`: `svyrecvar`). The unit is the product of the estimates' units.
//!
//! A unit is lonely when the sample has no other in its stratum and the population has one. A unit that only a domain
//! leaves alone is not lonely: its neighbours are there with `z = 0` (R: `survey.adjust.domain.lonely = FALSE`).

use super::ROUNDING;
use crate::{
    design::{SampleDesign, SampleStage, Unit},
    study::LonelyUnit,
};

/// What the groups of a tally add to some estimates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Influences {
    /// How many estimates.
    pub estimates: usize,
    /// The pairs of estimates whose covariance is wanted, as positions; an estimate with itself gives its variance.
    pub pairs: Vec<(usize, usize)>,
    /// For each group whether the estimates reach it: whether anybody there is in their base.
    pub reached: Vec<bool>,
    /// For each group `z` of each estimate.
    pub sums: Vec<f64>,
    /// Where each respondent is a unit: for each group, which then is a stratum, the sum of `z u` over its respondents for
    /// each pair. Empty otherwise.
    pub products: Vec<f64>,
}

/// The covariance of each pair of estimates. NaN where no stratum that the estimates reach has a variance.
#[must_use]
pub fn covariances(design: &SampleDesign, influences: Influences) -> Vec<f64> {
    let Influences { estimates, pairs, reached, sums, products } = influences;
    let pairs = pairs.as_slice();
    let mut lower = Spread { estimates, reached, sums, products };
    let mut spreads = Vec::new();
    for stage in design.stages.iter().rev() {
        let strata = if stage.units.is_empty() { lower } else { lower.centred(stage, pairs) };
        lower = strata.by(stage.strata.iter().map(|stratum| stratum.within), 1);
        spreads.push(strata);
    }
    let mut covariances = vec![0.0; pairs.len()];
    // For each unit of the stage before, the chance that it and all that it lies in were chosen.
    let mut chances = vec![1.0];
    for (stage, spread) in design.stages.iter().zip(spreads.iter().rev()) {
        let mut within = vec![Within::default(); chances.len()];
        for (position, stratum) in stage.strata.iter().enumerate().filter(|(position, _)| spread.reached[*position]) {
            let sum = &mut within[stratum.within];
            sum.reached += 1.0;
            if let Some(squares) = spread.of_stratum(design.lonely_unit, stage, position, pairs) {
                sum.known += 1.0;
                sum.covariances.resize(pairs.len(), 0.0);
                add(&mut sum.covariances, &squares);
            }
        }
        for (sum, chance) in within.iter().zip(&chances).filter(|(sum, _)| sum.reached > 0.0) {
            if sum.known == 0.0 {
                covariances.fill(f64::NAN);
            }
            let scale = chance * sum.reached / sum.known;
            covariances.iter_mut().zip(&sum.covariances).for_each(|(all, more)| *all += scale * more);
        }
        let within = |unit: &Unit| chances[stage.strata[unit.stratum].within];
        chances = stage.units.iter().map(|unit| unit.sampled_fraction * within(unit)).collect();
    }
    covariances
}

/// The strata within one unit of the stage before: how many are reached, how many of these have a variance, their sums.
#[derive(Clone, Debug, Default)]
struct Within {
    reached: f64,
    known: f64,
    covariances: Vec<f64>,
}

/// Influences of the units or of the strata of a stage.
#[derive(Clone, Debug)]
struct Spread {
    estimates: usize,
    reached: Vec<bool>,
    sums: Vec<f64>,
    /// Of strata with units: the squares about their mean, with all factors. Otherwise as in [`Influences`].
    products: Vec<f64>,
}

impl Spread {
    /// The strata of a stage whose units these are.
    fn centred(self, stage: &SampleStage, pairs: &[(usize, usize)]) -> Self {
        let (k, width) = (self.estimates, pairs.len());
        let mut strata = self.by(stage.units.iter().map(|unit| unit.stratum), stage.strata.len());
        strata.products = vec![0.0; stage.strata.len() * width];
        let mut uncentred = strata.products.clone();
        let mut distance = vec![0.0; k];
        for (unit, sums) in stage.units.iter().zip(self.sums.chunks_exact(k)) {
            let n = stage.strata[unit.stratum].units as f64;
            let whole = &strata.sums[unit.stratum * k..][..k];
            for ((distance, sum), whole) in distance.iter_mut().zip(sums).zip(whole) {
                *distance = sum - whole / n;
            }
            let scale = (1.0 - unit.sampled_fraction) * n / (n - 1.0);
            let products = strata.products[unit.stratum * width..][..width].iter_mut();
            let uncentred = uncentred[unit.stratum * width..][..width].iter_mut();
            for (((one, other), product), uncentred) in pairs.iter().zip(products).zip(uncentred) {
                *product += scale * distance[*one] * distance[*other];
                *uncentred += (sums[*one] * sums[*other]).abs();
            }
        }
        // Where all units are alike only rounding is left, and that is no variance.
        for (product, uncentred) in strata.products.iter_mut().zip(uncentred) {
            if product.abs() <= ROUNDING * ROUNDING * uncentred {
                *product = 0.0;
            }
        }
        strata
    }

    /// Sums by what each is part of, which is one of at least so many.
    fn by(&self, parts: impl Iterator<Item = usize>, count: usize) -> Self {
        let k = self.estimates;
        let mut whole =
            Self { estimates: k, reached: vec![false; count], sums: vec![0.0; count * k], products: Vec::new() };
        for ((part, reached), sums) in parts.zip(&self.reached).zip(self.sums.chunks_exact(k)) {
            if part >= whole.reached.len() {
                whole.reached.resize(part + 1, false);
                whole.sums.resize((part + 1) * k, 0.0);
            }
            whole.reached[part] |= reached;
            add(&mut whole.sums[part * k..][..k], sums);
        }
        whole
    }

    /// What a stratum adds; `None` where its unit is lonely and other strata stand in for it.
    fn of_stratum(
        &self,
        rule: LonelyUnit,
        stage: &SampleStage,
        position: usize,
        pairs: &[(usize, usize)],
    ) -> Option<Vec<f64>> {
        let stratum = &stage.strata[position];
        let sums = &self.sums[position * self.estimates..][..self.estimates];
        if stratum.units > 1 {
            let n = stratum.units as f64;
            let products = &self.products[position * pairs.len()..][..pairs.len()];
            if !stage.units.is_empty() {
                return Some(products.to_vec());
            }
            let scale = (1.0 - stratum.sampled_fraction) * n / (n - 1.0);
            let centred = |((one, other), product): (&(usize, usize), &f64)| {
                let mean = sums[*one] * sums[*other] / n;
                // Respondents who are all alike leave only rounding.
                let centred = product - mean;
                if centred.abs() <= ROUNDING * product.abs().max(mean.abs()) { 0.0 } else { scale * centred }
            };
            return Some(pairs.iter().zip(products).map(centred).collect());
        }
        let left = 1.0 - stage.lonely_fraction(position);
        match rule {
            _ if left <= 0.0 => Some(vec![0.0; pairs.len()]),
            LonelyUnit::Fail => Some(vec![f64::NAN; pairs.len()]),
            LonelyUnit::Certainty | LonelyUnit::Remove => Some(vec![0.0; pairs.len()]),
            LonelyUnit::Adjust => {
                let centre = self.mean(stage, stratum.within);
                let distance = |estimate: usize| sums[estimate] - centre[estimate];
                Some(pairs.iter().map(|(one, other)| left * distance(*one) * distance(*other)).collect())
            }
            LonelyUnit::Average => None,
        }
    }

    /// For each estimate the mean over all units of the strata that are reached within the same unit of the stage before.
    fn mean(&self, stage: &SampleStage, within: usize) -> Vec<f64> {
        let mut sums = vec![0.0; self.estimates];
        let mut units = 0.0;
        let strata = stage.strata.iter().zip(&self.reached).zip(self.sums.chunks_exact(self.estimates));
        for ((stratum, reached), more) in strata {
            if *reached && stratum.within == within {
                units += stratum.units as f64;
                add(&mut sums, more);
            }
        }
        sums.into_iter().map(|sum| sum / units).collect()
    }
}

fn add(all: &mut [f64], more: &[f64]) {
    all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
}

/// Units minus strata of the first stage that some estimates reach; `respondents` says how many respondents they stand on.
#[must_use]
pub fn degrees_of_freedom(design: &SampleDesign, influences: &Influences, respondents: u64) -> f64 {
    let mut reached = Spread {
        estimates: 1,
        reached: influences.reached.clone(),
        sums: vec![0.0; influences.reached.len()],
        products: Vec::new(),
    };
    for stage in design.stages.iter().skip(1).rev() {
        if !stage.units.is_empty() {
            reached = reached.by(stage.units.iter().map(|unit| unit.stratum), stage.strata.len());
        }
        reached = reached.by(stage.strata.iter().map(|stratum| stratum.within), 1);
    }
    let count = |reached: &[bool]| reached.iter().filter(|reached| **reached).count() as f64;
    let first = &design.stages[0];
    if first.units.is_empty() {
        return respondents as f64 - count(&reached.reached);
    }
    count(&reached.reached) - count(&reached.by(first.units.iter().map(|unit| unit.stratum), 1).reached)
}
