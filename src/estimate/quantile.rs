//! Quantiles of a number with Woodruff's interval.
//!
//! Of the answers in a domain in order, `x_1 <= ... <= x_n` with weights `w_k`, cumulated `C_k` and `W` in all, each
//! [`QuantileRule`] reads off the number at a part `p`. The interval (Woodruff 1952, *Journal of the American Statistical
//! Association* 47, p. 635; R: `svyquantile`) is that of the share `F` of answers up to the estimate: its limits, by the
//! [interval that the study chose](crate::study::Design::interval_of_quantiles), are put through the same rule. The standard error is the width of the
//! interval over `2t`. Where nobody lies above the estimate there is neither.

use super::{
    Bases, Cell, Estimate, Estimator, Statistic,
    joint::Joint,
    score::Scored,
    steps::{Reading, Spread, Steps},
};
use crate::{
    interval::{Limits, ShareFacts, of_share},
    study::QuantileRule,
    tally::Numbers,
    variance::{linearized::parts, replicate::squares},
};

impl Estimator<'_> {
    /// Quantiles of a number question in a place, each with how many respondents lie at or beyond it; `None` where nobody
    /// answered.
    pub(super) fn quantiles(
        &self,
        numbers: &Numbers,
        place: usize,
        parts: &[f64],
        bases: Bases,
    ) -> Vec<Option<(u64, Estimate)>> {
        let answers = Answers::new(numbers, place);
        let estimate = |part: &f64| {
            let estimate = self.quantile(&answers, *part, bases);
            (answers.beyond(&estimate), estimate)
        };
        parts.iter().map(|part| (!answers.values.is_empty()).then(|| estimate(part))).collect()
    }

    fn quantile(&self, answers: &Answers<'_>, part: f64, bases: Bases) -> Estimate {
        self.read(answers, part, bases).0
    }

    /// A quantile, and the share of answers up to it, whose limits make its own.
    fn read(&self, answers: &Answers<'_>, part: f64, bases: Bases) -> (Estimate, Estimate) {
        let rule = self.study.design.quantile_rule;
        let value = answers.at(rule, part);
        let share = answers.share_up_to(value);
        let Joint { covariances, degrees_of_freedom, confidence, .. } =
            self.mean_scores(answers.numbers, 1, &answers.scored(value));
        let variance = covariances[0];
        let facts = ShareFacts { share, variance, n: bases.unweighted as f64, n_effective: bases.effective };
        let of_share =
            if share < 1.0 { of_share(facts, self.study.design.interval_of_quantiles(), confidence) } else { None };
        let within = of_share.filter(|limits| limits.low >= 0.0 && limits.high <= 1.0);
        let at = |part: f64| answers.at(rule, part);
        let limits = within.map(|limits| Limits { low: at(limits.low), high: at(limits.high), ..limits });
        let standard_error =
            limits.map_or(f64::NAN, |limits| (limits.high - limits.low) / (2.0 * confidence.multiplier()));
        let quantile = Estimate {
            value,
            standard_error,
            limits,
            degrees_of_freedom,
            design_effect: None,
            design_effect_without: None,
            bases,
        };
        let error = if degrees_of_freedom > 0.0 { variance.sqrt() } else { f64::NAN };
        (quantile, Estimate { value: share, standard_error: error, limits: of_share, ..quantile })
    }

    /// The steps of a quantile in a place; `None` where nobody answered.
    pub(super) fn steps_of_quantile(&self, question: usize, place: usize, part: f64) -> Option<Steps> {
        let (numbers, sums) = (self.tally.numbers[question].as_ref()?, &self.tally.questions[question]);
        let answers = Answers::new(numbers, place);
        if answers.values.is_empty() {
            return None;
        }
        let totals = sums.sums(place);
        let bases = Bases::of(sums, &[Cell { place, slot: 0 }], &|cell: Cell| totals[cell.slot]);
        let (estimate, below) = self.read(&answers, part, bases);
        let scored = answers.scored(estimate.value);
        let (spread, multiplier) = if let Some(design) = &self.design.replicates {
            let replicates = self.replicated_scores(design, numbers, 1, &scored);
            (Spread::Replicates(squares(design, below.value, &replicates[0])), self.confidence.multiplier())
        } else {
            let influences = self.influences_of_scores(numbers, 1, &scored);
            let (_, confidence) = self.precision(&influences, estimate.bases.unweighted);
            (Spread::Strata(parts(self.design, influences)), confidence.multiplier())
        };
        let ends = below.limits.map(|limits| [limits.low, limits.high]);
        let mut read = [part].into_iter().chain(ends.into_iter().flatten());
        let reading = Reading { part, below, is_clear: read.all(|part| answers.is_clear(part)) };
        let upto: Vec<&Scored> = scored.iter().filter(|scored| scored.score > 0.0).collect();
        Some(Steps {
            statistic: Statistic::Quantile(part),
            estimate,
            count: Some(upto.len() as u64),
            place,
            base: vec![0],
            numerator: upto.iter().map(|scored| numbers.weights[scored.answer]).sum(),
            denominator: Some(answers.whole()),
            reading: Some(reading),
            spread,
            multiplier,
        })
    }
}

/// The answers in a domain, in order.
struct Answers<'a> {
    numbers: &'a Numbers,
    positions: Vec<usize>,
    values: Vec<f64>,
    /// Cumulated weights.
    cumulated: Vec<f64>,
}

/// Parts that differ by less, relative to the whole, are the same: rounding must not choose an answer.
const SAME: f64 = 1e-12;

impl<'a> Answers<'a> {
    fn new(numbers: &'a Numbers, place: usize) -> Self {
        let positions = numbers.sorted(place);
        let values = positions.iter().map(|position| numbers.values[*position]).collect();
        let add = |sum: &mut f64, position: &usize| {
            *sum += numbers.weights[*position];
            Some(*sum)
        };
        let cumulated = positions.iter().scan(0.0, add).collect();
        Self { numbers, positions, values, cumulated }
    }

    fn whole(&self) -> f64 {
        self.cumulated[self.cumulated.len() - 1]
    }

    fn weight(&self, k: usize) -> f64 {
        self.numbers.weights[self.positions[k]]
    }

    /// The number at a part.
    fn at(&self, rule: QuantileRule, part: f64) -> f64 {
        let (x, n, whole) = (&self.values, self.values.len(), self.whole());
        if let QuantileRule::Math | QuantileRule::School = rule {
            let reached = self.cumulated.partition_point(|sum| *sum < (part - SAME) * whole).min(n - 1);
            let is_exact = (self.cumulated[reached] - part * whole).abs() <= SAME * whole;
            let next = if rule == QuantileRule::School && is_exact && reached + 1 < n { reached + 1 } else { reached };
            return f64::midpoint(x[reached], x[next]);
        }
        let a = |k: usize| self.position(rule, k);
        if n == 1 || part <= a(0) {
            return x[0];
        }
        if part >= a(n - 1) {
            return x[n - 1];
        }
        let (mut low, mut high) = (0, n - 1);
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if a(middle) <= part { low = middle } else { high = middle }
        }
        let way = (part - a(low)) / (a(high) - a(low));
        // At an answer only rounding would put the quantile beside it.
        if way > 1.0 - SAME { x[high] } else { x[low] + way * (x[high] - x[low]) }
    }

    /// Whether a part lies beyond the first answer and beside every cumulated weight, so that it does not depend on how
    /// equality is tested which answer it is.
    fn is_clear(&self, part: f64) -> bool {
        let (at, whole) = (part * self.whole(), self.whole());
        let after = self.cumulated.partition_point(|sum| *sum < at);
        let is_beside = |k: usize| self.cumulated.get(k).is_none_or(|sum| (sum - at).abs() > SAME * whole);
        after > 0 && is_beside(after - 1) && is_beside(after)
    }

    /// `a_k`: the part at which a rule that joins points by straight lines puts answer `k`.
    fn position(&self, rule: QuantileRule, k: usize) -> f64 {
        let (before, upto, whole) = (if k > 0 { self.cumulated[k - 1] } else { 0.0 }, self.cumulated[k], self.whole());
        let last = self.weight(self.values.len() - 1);
        match rule {
            QuantileRule::Math | QuantileRule::School | QuantileRule::Hf4 => upto / whole,
            QuantileRule::Hf5 => (upto - self.weight(k) / 2.0) / whole,
            QuantileRule::Hf6 => upto / (whole + last),
            QuantileRule::Hf7 => before / self.cumulated[self.values.len() - 2],
            QuantileRule::Hf8 => (before / 3.0 + 2.0 * upto / 3.0) / (whole + last / 3.0),
            QuantileRule::Hf9 => (3.0 * before / 8.0 + 5.0 * upto / 8.0) / (whole + last / 4.0),
        }
    }

    /// Respondents at or below a quantile and its lower limit, or at or above it and its upper limit, whichever are fewer:
    /// these numbers are those of so many.
    fn beyond(&self, estimate: &Estimate) -> u64 {
        let [low, high] = estimate.limits.map_or([estimate.value; 2], |limits| [limits.low, limits.high]);
        let below = self.values.partition_point(|x| *x <= low);
        let above = self.values.len() - self.values.partition_point(|x| *x < high);
        below.min(above) as u64
    }

    /// The weighted share of answers up to a number.
    fn share_up_to(&self, value: f64) -> f64 {
        match self.values.partition_point(|x| *x <= value) {
            0 => 0.0,
            all if all == self.values.len() => 1.0,
            some => self.cumulated[some - 1] / self.whole(),
        }
    }

    /// Whether each answer is up to a number, as a score: its mean is the share of those that are.
    fn scored(&self, value: f64) -> Vec<Scored> {
        let score = |x: &f64| if *x <= value { 1.0 } else { 0.0 };
        let answers = self.positions.iter().zip(&self.values);
        answers.map(|(answer, x)| Scored { answer: *answer, group: 0, score: score(x) }).collect()
    }
}
