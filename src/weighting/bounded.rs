//! Bounds of factors and of weights: what they must be, whether targets can be met within them, and which would do.

use super::{Calibration, Cell, Convergence, Error, Method, Solution, WeightSums};

/// A lower and an upper bound, both allowed; infinite where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Not below this.
    pub low: f64,
    /// Not above this.
    pub high: f64,
}

impl Bounds {
    /// No bounds.
    pub const NONE: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// The value, or the bound that it lies beyond.
    #[must_use]
    pub fn hold(self, value: f64) -> f64 {
        value.max(self.low).min(self.high)
    }

    /// Whether a value lies at a bound, to 1e-9 of it.
    #[must_use]
    pub fn touch(self, value: f64) -> bool {
        [self.low, self.high].iter().any(|bound| bound.is_finite() && (value - bound).abs() <= 1e-9 * bound.abs())
    }

    /// Both times a positive number.
    #[must_use]
    pub fn times(self, scale: f64) -> Self {
        Self { low: self.low * scale, high: self.high * scale }
    }

    /// Whether some value is within them.
    #[must_use]
    pub fn are_in_order(self) -> bool {
        self.low <= self.high
    }

    /// Bounds of a factor must be apart and have 1, the factor of an unchanged weight, between them.
    pub(super) fn check_around_one(self) -> Result<(), Error> {
        if self.low < 1.0 && 1.0 < self.high { Ok(()) } else { Err(Error::BoundsNotAroundOne(self)) }
    }
}

/// What bounds are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounded {
    /// Of what base weights are multiplied by.
    Factors,
    /// Of the weights of respondents.
    Weights,
}

impl Calibration {
    /// Bounds between those of a method, within which no factors fit the targets, and those of the factors that fit them without
    /// bounds: the nearest of a few, which were tried, of two digits. None where none of these does either. Where no
    /// factors fit without bounds it is the error of those.
    pub fn bounds_that_do(
        &self,
        method: Method,
        base: &[f64],
        convergence: Convergence,
    ) -> Result<Option<Bounds>, Error> {
        let Some(given) = method.bounds() else { return Ok(None) };
        let free = self.solve(Method::Exponential, base, convergence)?;
        let used = free.factors.iter().zip(base).filter(|(_, base)| **base > 0.0).map(|(factor, _)| *factor);
        let fits = |bounds| self.solve(method.bounded_by(bounds), base, convergence).is_ok();
        Ok(nearest_that_fits(given, range(used), fits))
    }

    /// The same of multiples of the mean weight, within which weights cannot be trimmed that `solution` gives without
    /// trimming.
    #[must_use]
    pub fn multiples_that_do(
        &self,
        cells: &[Cell],
        method: Method,
        solution: &Solution,
        given: Bounds,
        convergence: Convergence,
    ) -> Option<Bounds> {
        let spread = WeightSums::over(cells.iter().zip(solution.factors.iter().copied())).spread()?;
        let full = Bounds { low: spread.lowest, high: spread.highest }.times(1.0 / spread.mean);
        let fits = |bounds: Bounds| self.within(cells, method, bounds.times(spread.mean), convergence).is_ok();
        nearest_that_fits(given, full, fits)
    }

    /// The limits of each cell's factor, where targets may be met within them.
    pub(super) fn limits(&self, bounds: Bounds, base: &[f64]) -> Result<Vec<Bounds>, Error> {
        self.check_bounds(bounds, base)?;
        let limits = vec![bounds; base.len()];
        self.check_reach(base, &limits, bounds, Bounded::Factors)?;
        Ok(limits)
    }

    /// Bounds of factors that the ratio of population to base weights lies beyond cannot hold.
    pub(super) fn check_bounds(&self, bounds: Bounds, base: &[f64]) -> Result<(), Error> {
        bounds.check_around_one()?;
        let Some(total) = self.population() else { return Ok(()) };
        let base: f64 = base.iter().sum();
        if bounds.hold(total / base) == total / base {
            Ok(())
        } else {
            Err(Error::ScaleBeyondBounds { base, total, bounds })
        }
    }

    /// With all weights at a bound no level may still be short of its target, or above it.
    pub(super) fn check_reach(
        &self,
        base: &[f64],
        limits: &[Bounds],
        bounds: Bounds,
        of: Bounded,
    ) -> Result<(), Error> {
        // Targets that are just met may be missed by rounding.
        const NEARLY: f64 = 1e-12;
        let at = |bound: fn(&Bounds) -> f64| {
            let weights: Vec<f64> = base
                .iter()
                .zip(limits)
                .map(|(base, limits)| if *base == 0.0 { 0.0 } else { base * bound(limits) })
                .collect();
            self.totals(&weights)
        };
        let (most, least) = (at(|limits| limits.high), at(|limits| limits.low));
        for place in self.margins().flatten() {
            let target = self.targets()[place];
            let reachable = if most[place] < target * (1.0 - NEARLY) {
                most[place]
            } else if least[place] > target * (1.0 + NEARLY) {
                least[place]
            } else {
                continue;
            };
            let constraint = self.constraint(place);
            return Err(Error::BoundsTooTight { constraint, reachable, target, bounds, of });
        }
        Ok(())
    }
}

fn range(values: impl Iterator<Item = f64>) -> Bounds {
    let nothing = Bounds { low: f64::INFINITY, high: f64::NEG_INFINITY };
    values.fold(nothing, |range, value| Bounds { low: range.low.min(value), high: range.high.max(value) })
}

/// The first of some bounds that fits, from those that are given to the full ones, beyond which nothing is.
fn nearest_that_fits(given: Bounds, full: Bounds, fits: impl Fn(Bounds) -> bool) -> Option<Bounds> {
    const STEPS: u8 = 8;
    // Factors of logit calibration do not reach their bounds.
    const ROOM: f64 = 0.01;
    let full = Bounds { low: full.low * (1.0 - ROOM), high: full.high * (1.0 + ROOM) };
    let at = |step: u8| {
        let part = f64::from(step) / f64::from(STEPS);
        let [low, high] = [(given.low, full.low), (given.high, full.high)].map(|(from, to)| from + part * (to - from));
        Bounds {
            low: if low < given.low { two_digits(low, f64::floor) } else { given.low },
            high: if high > given.high { two_digits(high, f64::ceil) } else { given.high },
        }
    };
    (1..=STEPS).map(at).find(|bounds| fits(*bounds))
}

/// A positive number with two significant digits.
fn two_digits(number: f64, round: fn(f64) -> f64) -> f64 {
    if number <= 0.0 || !number.is_finite() {
        return number.max(0.0);
    }
    let digits = 1 - number.log10().floor() as i32;
    // Dividing by a whole power gives the nearest number to that of two digits.
    if digits >= 0 {
        round(number * 10_f64.powi(digits)) / 10_f64.powi(digits)
    } else {
        round(number / 10_f64.powi(-digits)) * 10_f64.powi(-digits)
    }
}
