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
    /// Whether groups that are not reached scatter too, as residuals of a calibration do.
    pub is_everywhere: bool,
    /// For each group `z` of each estimate.
    pub sums: Vec<f64>,
    /// Where each respondent is a unit: for each group, which then is a stratum, the sum of `z u` over its respondents for
    /// each pair. Empty otherwise.
    pub products: Vec<f64>,
}

/// What a stratum that the estimates reach adds to covariances.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The stage, from 0.
    pub stage: usize,
    /// The stratum, as a position in the stage.
    pub stratum: usize,
    /// What it adds to the covariance of each pair, with all factors.
    pub covariances: Vec<f64>,
    /// The factor in it for the stages before, and for lonely strata in whose place it stands: 1 in most designs.
    pub scale: f64,
}

/// The covariance of each pair of estimates. NaN where no stratum that the estimates reach has a variance.
#[must_use]
pub fn covariances(design: &SampleDesign, influences: Influences) -> Vec<f64> {
    let mut covariances = vec![0.0; influences.pairs.len()];
    each_part(design, influences, |part| add(&mut covariances, &part.covariances));
    covariances
}

/// The terms that [`covariances`] adds up, stage after stage.
#[must_use]
pub fn parts(design: &SampleDesign, influences: Influences) -> Vec<Part> {
    let mut parts = Vec::new();
    each_part(design, influences, |part| parts.push(part));
    parts
}

fn each_part(design: &SampleDesign, influences: Influences, mut take: impl FnMut(Part)) {
    let Influences { estimates, pairs, mut reached, is_everywhere, sums, products } = influences;
    for reached in &mut reached {
        *reached |= is_everywhere;
    }
    let pairs = pairs.as_slice();
    let mut lower = Spread { estimates, reached, sums, products };
    let mut spreads = Vec::new();
    for stage in design.stages.iter().rev() {
        let strata = if stage.units.is_empty() { lower } else { lower.centred(stage, pairs) };
        lower = strata.by(stage.strata.iter().map(|stratum| stratum.within), 1);
        spreads.push(strata);
    }
    // For each unit of the stage before, the chance that it and all that it lies in were chosen.
    let mut chances = vec![1.0];
    for (index, (stage, spread)) in design.stages.iter().zip(spreads.iter().rev()).enumerate() {
        let reached = || stage.strata.iter().enumerate().filter(|(position, _)| spread.reached[*position]);
        let has_stand_ins = |position| design.lonely_unit == LonelyUnit::Average && is_lonely(stage, position);
        // Of the strata within one unit of the stage before, how many are reached, and how many of these have a variance.
        let mut within = vec![[0.0, 0.0]; chances.len()];
        for (position, stratum) in reached() {
            let [all, known] = &mut within[stratum.within];
            *all += 1.0;
            *known += if has_stand_ins(position) { 0.0 } else { 1.0 };
        }
        for (position, stratum) in reached() {
            let [all, known] = within[stratum.within];
            // Of none that has a variance nothing is known: infinite times 0.
            let scale = chances[stratum.within] * all / known;
            let mut covariances = spread.of_stratum(design.lonely_unit, stage, position, pairs);
            for covariance in &mut covariances {
                *covariance *= scale;
            }
            take(Part { stage: index, stratum: position, covariances, scale });
        }
        let within = |unit: &Unit| chances[stage.strata[unit.stratum].within];
        chances = stage.units.iter().map(|unit| unit.sampled_fraction * within(unit)).collect();
    }
}

/// Whether the sample has a single unit of a stratum of which the population has more.
fn is_lonely(stage: &SampleStage, position: usize) -> bool {
    stage.strata[position].units <= 1 && stage.lonely_fraction(position) < 1.0
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

    /// What a stratum adds by itself: nothing where its unit is lonely and other strata stand in for it.
    fn of_stratum(&self, rule: LonelyUnit, stage: &SampleStage, position: usize, pairs: &[(usize, usize)]) -> Vec<f64> {
        let stratum = &stage.strata[position];
        let sums = &self.sums[position * self.estimates..][..self.estimates];
        if stratum.units > 1 {
            let n = stratum.units as f64;
            let products = &self.products[position * pairs.len()..][..pairs.len()];
            if !stage.units.is_empty() {
                return products.to_vec();
            }
            let scale = (1.0 - stratum.sampled_fraction) * n / (n - 1.0);
            let centred = |((one, other), product): (&(usize, usize), &f64)| {
                let mean = sums[*one] * sums[*other] / n;
                // Respondents who are all alike leave only rounding.
                let centred = product - mean;
                if centred.abs() <= ROUNDING * product.abs().max(mean.abs()) { 0.0 } else { scale * centred }
            };
            return pairs.iter().zip(products).map(centred).collect();
        }
        match rule {
            _ if !is_lonely(stage, position) => vec![0.0; pairs.len()],
            LonelyUnit::Fail => vec![f64::NAN; pairs.len()],
            LonelyUnit::Certainty | LonelyUnit::Remove | LonelyUnit::Average => vec![0.0; pairs.len()],
            LonelyUnit::Adjust => {
                let left = 1.0 - stage.lonely_fraction(position);
                let centre = self.mean(stage, stratum.within);
                let distance = |estimate: usize| sums[estimate] - centre[estimate];
                pairs.iter().map(|(one, other)| left * distance(*one) * distance(*other)).collect()
            }
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
    let reached = first_stage(design, influences);
    let count = |reached: &[bool]| reached.iter().filter(|reached| **reached).count() as f64;
    let first = &design.stages[0];
    if first.units.is_empty() {
        return respondents as f64 - count(&reached.reached);
    }
    count(&reached.reached) - count(&reached.by(first.units.iter().map(|unit| unit.stratum), 1).reached)
}

/// Units minus strata of the strata of the first stage that some estimates reach: units count, whoever is in them.
#[must_use]
pub fn degrees_of_freedom_of_strata(design: &SampleDesign, influences: &Influences) -> f64 {
    let first = &design.stages[0];
    let mut reached = first_stage(design, influences);
    if !first.units.is_empty() {
        reached = reached.by(first.units.iter().map(|unit| unit.stratum), first.strata.len());
    }
    let strata = first.strata.iter().zip(&reached.reached).filter(|(_, reached)| **reached);
    strata.map(|(stratum, _)| stratum.weighted_units as f64 - 1.0).sum()
}

/// Which units of the first stage, or strata where each respondent is a unit, some estimates reach.
fn first_stage(design: &SampleDesign, influences: &Influences) -> Spread {
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
    reached
}
