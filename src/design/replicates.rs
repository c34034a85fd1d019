//! Replicate weights made of the strata and primary sampling units of a design.
//!
//! With `n_h` units in stratum `h`, `n` in all and `R` replicates the factor of a unit is
//!
//! | | replicate | factor | scale, rscales |
//! |---|---|---|---|
//! | `jk1` | drops unit `r` | 0; others `n/(n-1)` | `(1-f) (n-1)/n`, 1 |
//! | `jkn` | drops unit `r` of `h` | 0; others of `h` `n_h/(n_h-1)`; else 1 | 1, `(1-f_h) (n_h-1)/n_h` |
//! | `jk2` | doubles one of the two units of `h`, by lot | 2 and 0; else 1 | 1, 1 |
//! | `brr` | a half-sample, by a column of a Hadamard matrix `H` | `1 ± H` | `1/R`, 1 |
//! | `fay` | the same, not as far | `1 ± (1-ρ) H` | `1/(R (1-ρ)²)`, 1 |
//! | `bootstrap` | draws `n_h - 1` of `n_h` units with replacement | `n_h/(n_h-1)` for each time drawn | `1/(R-1)`, 1 |
//! | `sdr` | neighbours move apart, by two rows of `H` | `1 + 2^(-3/2) (H_ir - H_i+1,r)` | `4/R`, 1 |
//!
//! `f` is the sampled fraction of a finite population; only the jackknife takes it into account. A stratum of which all units
//! were sampled makes no replicate. (Wolter 2007, *Introduction to Variance Estimation*, ch. 3 to 5; Rao & Wu 1988,
//! *JASA* 83, p. 231; Fay & Train 1995, *Proc. ASA Section on Government Statistics*, p. 154; R `survey`:
//! `as.svrepdesign`, whose names and scales these are; its `subbootstrap` is this `bootstrap`.)
//!
//! For `sdr` units count in the order of the file. Unit `i` uses rows `i` and `i + 1` of those below the first, the last unit
//! the first of them in place of a further one: a closed circle. With more units than rows the rows are gone through again
//! with longer steps, so that neighbours still share one (Ash 2014, *Survey Methodology* 40, p. 47).

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use super::{
    SampleStage,
    factors::{FactorTable, Factors, Left, LeftOut},
    hadamard::Hadamard,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    study::{self, Centre, LonelyUnit, Method, ReplicateSource},
};

/// Replicate weights of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicates {
    /// How they are made.
    pub method: Method,
    /// What sums of squares are multiplied by.
    pub scale: f64,
    /// What the square of each replicate is multiplied by.
    pub rscales: Vec<f64>,
    /// What squares are measured from.
    pub centre: Centre,
    /// The factors of each group; `None` where weights were read from columns and sums counted with them.
    pub factors: Option<Factors>,
}

impl Replicates {
    /// Replicates of weights that are read from so many columns, with the scales of R's `svrepdesign`.
    #[must_use]
    pub fn from_columns(study: &study::Replicates, count: usize) -> Self {
        let r = count as f64;
        let scale = match study.method {
            Method::Jk1 => study.scale.unwrap_or((r - 1.0) / r),
            Method::Jkn | Method::Other => study.scale.unwrap_or(1.0),
            Method::Bootstrap => study.scale.unwrap_or(1.0 / (r - 1.0)),
            method => fixed_scale(method, count, study.rho),
        };
        let rscales = match study.rscales.as_slice() {
            [] => vec![1.0; count],
            [one] => vec![*one; count],
            each => each.to_vec(),
        };
        Self { method: study.method, scale, rscales, centre: study.centre, factors: None }
    }

    /// Makes replicates of the first stage; `None` where that cannot be, with a complaint.
    pub(super) fn make(
        study: &study::Replicates,
        lonely_unit: LonelyUnit,
        stage: &SampleStage,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let ReplicateSource::Made { count, seed } = study.source else { return None };
        let mut maker = Maker { study, stage, lonely_unit, problems };
        let rng = ChaCha8Rng::seed_from_u64(seed);
        let made = |factors: Factors| {
            let count = factors.replicates();
            let scale = fixed_scale(study.method, count, study.rho);
            Self {
                method: study.method,
                scale,
                rscales: vec![1.0; count],
                centre: study.centre,
                factors: Some(factors),
            }
        };
        if !matches!(study.method, Method::Jk1 | Method::Jkn) {
            maker.say_that_populations_are_ignored();
        }
        match study.method {
            Method::Jk1 | Method::Jkn | Method::Other => maker.jackknife(),
            Method::Jk2 => maker.has_pairs().then(|| made(maker.pairs(rng))),
            Method::Brr | Method::Fay => maker.has_pairs().then(|| made(maker.half_samples())),
            Method::Bootstrap => maker.bootstrap(count.unwrap_or(study::Replicates::COUNT), rng).map(made),
            Method::SuccessiveDifference => Some(made(maker.differences(count.unwrap_or(study::Replicates::COUNT)))),
        }
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rscales.len()
    }
}

/// The scale of methods that leave none open.
fn fixed_scale(method: Method, count: usize, rho: f64) -> f64 {
    let r = count as f64;
    match method {
        Method::Brr => 1.0 / r,
        Method::Fay => 1.0 / (r * (1.0 - rho) * (1.0 - rho)),
        Method::SuccessiveDifference => 4.0 / r,
        Method::Bootstrap => 1.0 / (r - 1.0),
        Method::Jk1 | Method::Jkn | Method::Jk2 | Method::Other => 1.0,
    }
}

struct Maker<'a> {
    study: &'a study::Replicates,
    stage: &'a SampleStage,
    lonely_unit: LonelyUnit,
    problems: &'a mut Diagnostics,
}

impl Maker<'_> {
    fn jackknife(&mut self) -> Option<Replicates> {
        let strata = &self.stage.strata;
        let several = strata.len() as f64;
        let (mut replicates, mut rscales) = (Vec::new(), Vec::new());
        for (group, unit) in self.stage.units.iter().enumerate() {
            let stratum = &strata[unit.stratum];
            let (n, left) = (stratum.units as f64, 1.0 - stratum.sampled_fraction);
            if left <= 0.0 {
                continue;
            }
            if stratum.units > 1 {
                let within = n / (n - 1.0);
                replicates.push(Left { stratum: unit.stratum, group: Some(group), within, elsewhere: 1.0 });
                rscales.push(left * (n - 1.0) / n);
            } else if self.lonely_unit == LonelyUnit::Adjust && several > 1.0 {
                let elsewhere = several / (several - 1.0);
                replicates.push(Left { stratum: unit.stratum, group: None, within: 0.0, elsewhere });
                rscales.push((several - 1.0) / several);
            }
        }
        if replicates.is_empty() {
            let message = "no stratum has two units and a population beyond them, so that none can be left out";
            self.complain(message.to_owned(), "leave [design.replicates] out");
            return None;
        }
        let mut scale = match self.lonely_unit {
            LonelyUnit::Average => self.stage.units.len() as f64 / replicates.len() as f64,
            _ => 1.0,
        };
        if self.study.method == Method::Jk1 {
            scale *= rscales.first().copied().unwrap_or(1.0);
            rscales.fill(1.0);
        }
        let stratum_of = self.stage.units.iter().map(|unit| unit.stratum).collect();
        let factors = Some(Factors::LeftOut(LeftOut { stratum_of, strata: strata.len(), replicates }));
        Some(Replicates { method: self.study.method, scale, rscales, centre: self.study.centre, factors })
    }

    fn pairs(&self, mut rng: ChaCha8Rng) -> Factors {
        let doubled: Vec<bool> = self.stage.strata.iter().map(|_| rng.next_u32() & 1 == 0).collect();
        let first = self.first_of_stratum();
        self.table(self.stage.strata.len(), |group, replicate| match self.stage.units[group].stratum {
            stratum if stratum != replicate => 1.0,
            stratum if doubled[stratum] == first[group] => 2.0,
            _ => 0.0,
        })
    }

    fn half_samples(&self) -> Factors {
        let matrix = Hadamard::at_least(self.stage.strata.len() + 1);
        let first = self.first_of_stratum();
        let reach = 1.0 - self.study.rho;
        self.table(matrix.order(), |group, replicate| {
            let sign = matrix.sign(1 + self.stage.units[group].stratum, replicate);
            if first[group] { 1.0 + reach * sign } else { 1.0 - reach * sign }
        })
    }

    fn bootstrap(&mut self, count: usize, mut rng: ChaCha8Rng) -> Option<Factors> {
        let lonely = self.stage.strata.iter().find(|stratum| stratum.units == 1);
        if let Some(stratum) = lonely.filter(|_| matches!(self.lonely_unit, LonelyUnit::Adjust | LonelyUnit::Average)) {
            let place =
                if stratum.name.is_empty() { "the sample".to_owned() } else { format!("stratum `{}`", stratum.name) };
            let message = format!("{place} has a single unit, of which no bootstrap can be drawn");
            self.complain(message, "set lonely_unit = \"certainty\", or merge the stratum with a neighbour");
            return None;
        }
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.stage.strata.len()];
        for (group, unit) in self.stage.units.iter().enumerate() {
            members[unit.stratum].push(group);
        }
        let groups = self.stage.units.len();
        let mut times = vec![0_u32; groups * count];
        for replicate in 0..count {
            for members in members.iter().filter(|members| members.len() > 1) {
                for _ in 1..members.len() {
                    // The high half of a product: a number below the length.
                    let drawn = (u64::from(rng.next_u32()) * members.len() as u64) >> 32;
                    times[members[drawn as usize] * count + replicate] += 1;
                }
            }
        }
        Some(self.table(count, |group, replicate| match members[self.stage.units[group].stratum].len() as f64 {
            1.0 => 1.0,
            n => f64::from(times[group * count + replicate]) * n / (n - 1.0),
        }))
    }

    fn differences(&self, count: usize) -> Factors {
        let matrix = Hadamard::at_least(count);
        let rows = matrix.order() - 1;
        let units = self.stage.units.len();
        let path = path(units, rows);
        let reach = 0.5_f64.powf(1.5);
        self.table(matrix.order(), |group, replicate| {
            let [one, other] = [path[group], path[(group + 1) % units]].map(|row| matrix.sign(1 + row, replicate));
            1.0 + reach * (one - other)
        })
    }

    fn table(&self, count: usize, factor: impl Fn(usize, usize) -> f64) -> Factors {
        Factors::Table(FactorTable::new(self.stage.units.len(), count, factor))
    }

    /// For each unit whether it is the first of its stratum.
    fn first_of_stratum(&self) -> Vec<bool> {
        let mut seen = vec![false; self.stage.strata.len()];
        self.stage.units.iter().map(|unit| !std::mem::replace(&mut seen[unit.stratum], true)).collect()
    }

    fn has_pairs(&mut self) -> bool {
        let wrong: Vec<String> = (self.stage.strata.iter().filter(|stratum| stratum.units != 2))
            .map(|stratum| format!("stratum `{}` has {}", stratum.name, stratum.units))
            .collect();
        let Some(first) = wrong.first() else { return true };
        let others = match wrong.len() - 1 {
            0 => String::new(),
            1 => ", and one other stratum has not two either".to_owned(),
            more => format!(", and {more} other strata have not two either"),
        };
        let message = format!("`{}` needs two units in each stratum, but {first}{others}", self.study.method.name());
        self.complain(message, "use type = \"jkn\", or make a column of strata that holds pairs");
        false
    }

    fn say_that_populations_are_ignored(&mut self) {
        if self.stage.strata.iter().any(|stratum| stratum.sampled_fraction > 0.0) {
            let message =
                format!("`fpc` is not taken into account by replicates of type `{}`", self.study.method.name());
            let hint = "errors are those of a sample with replacement; \"jkn\" takes finite populations into account";
            let place = self.study.origin.0.clone();
            self.problems.push(Diagnostic::warning("ignored-population", place, message).hint(hint));
        }
    }

    fn complain(&mut self, message: String, hint: &str) {
        let place = self.study.origin.0.clone();
        self.problems.push(Diagnostic::error("replicates", place, message).hint(hint));
    }
}

/// A row for each unit: all rows in turn, then again with each longer step that reaches them all.
fn path(units: usize, rows: usize) -> Vec<usize> {
    let steps = (1..rows.max(2)).filter(|step| gcd(*step, rows) == 1).cycle();
    steps.flat_map(|step| (0..rows).map(move |position| position * step % rows)).take(units).collect()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn neighbours_use_different_rows_and_rounds_differ() {
        let path = path(21, 7);
        assert_eq!(path[..8], [0, 1, 2, 3, 4, 5, 6, 0]);
        assert_eq!(path[7..14], [0, 2, 4, 6, 1, 3, 5]);
        assert_eq!(path[14..], [0, 3, 6, 2, 5, 1, 4]);
    }
}
