//! Which figures a question has, and the formula of each.

use super::{
    Variety,
    formula::{Cell, Formula},
    influence::Overlap,
};
use crate::{
    study::{Further, Kind, Question},
    tally::Sums,
    variance::ROUNDING,
};

/// What a figure says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The share of an option in the base: `Σ w y / Σ w`.
    Share(usize),
    /// The mean of a number, or of the values of a scale's options: `Σ w x / Σ w`.
    Mean,
    /// The share of those who gave any of the answers of a net, such as the two highest of a scale.
    Net(usize),
    /// The estimated number in the population who gave an answer: `Σ w y`.
    Count(usize),
    /// The estimated sum of a number in the population: `Σ w x`.
    Total,
    /// The standard deviation in the population: `√(n / (n - 1) · Σ w (x - x̄)² / Σ w)` (R: `svyvar`).
    StandardDeviation,
    /// The share of 9 and 10 less the share of 0 to 6, in percentage points / 100 (Reichheld 2003, *Harvard Business Review*
    /// 81(12), p. 46).
    NetPromoterScore,
    /// The ratio of two numbers, `Σ w x / Σ w y`.
    Ratio,
    /// The number below which a given part of the population lies.
    Quantile(f64),
}

impl Statistic {
    /// Whether it is a share of the base, from 0 to 1.
    #[must_use]
    pub fn is_share(self) -> bool {
        matches!(self, Self::Share(_) | Self::Net(_))
    }

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Share(_) => "share",
            Self::Mean => "mean",
            Self::Net(_) => "net",
            Self::Count(_) => "count",
            Self::Total => "total",
            Self::StandardDeviation => "sd",
            Self::NetPromoterScore => "nps",
            Self::Ratio => "ratio",
            Self::Quantile(_) => "quantile",
        }
    }
}

/// A figure to be made.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it says.
    pub statistic: Statistic,
    /// What is computed of the sums in its place.
    pub formula: Formula,
    /// What is added to the formula's value: numbers are summed from a pivot.
    pub constant: f64,
    /// Respondents who gave the answer, of a share or a count.
    pub count: Option<u64>,
    /// Its variance in a simple random sample with replacement of the same size, where that is defined.
    pub simple_variance: Option<f64>,
}

/// How the slots of a question overlap.
pub fn overlap(question: &Question) -> Overlap {
    match question.kind {
        Kind::Single | Kind::Scale => Overlap::None,
        Kind::Number => Overlap::Powers,
        Kind::Ratio => Overlap::TwoNumbers,
        Kind::Multiple => {
            let first = question.options.len() + question.nets.len();
            let both = question.both.iter().enumerate().map(|(index, pair)| (*pair, first + index)).collect();
            Overlap::WithinBase { base: first + question.both.len(), both }
        }
    }
}

/// The figures of a question in a place, with the slots of those on whom they stand.
#[must_use]
pub fn wanted(question: &Question, sums: &Sums, place: usize) -> Vec<(Vec<usize>, Vec<Wanted>)> {
    let cells = Cells { question, sums, place, totals: sums.sums(place) };
    match question.kind {
        Kind::Single | Kind::Scale | Kind::Multiple => cells.of_options(),
        Kind::Number => cells.of_numbers(),
        Kind::Ratio => cells.of_two_numbers(),
    }
}

/// How the numbers of `n` respondents differ whose sums these are. They are all alike where their variance is 0, and two where skewness and
/// kurtosis are related as `kurtosis = skewness² + 1` (Pearson 1916, *Philosophical Transactions* A 216, p. 433). A ratio
/// has no higher moments: its numbers are taken to be two where one of them is 0 or 1 for all.
pub fn variety(question: &Question, n: u64, totals: &[[f64; 2]]) -> Variety {
    /// Sums of many powers are less exact; taking three numbers for two withholds a few more figures.
    const OF_POWERS: f64 = 1e-9;
    if !question.kind.is_numeric() || n == 0 {
        return Variety::Many;
    }
    let moments: Vec<f64> = totals.iter().map(|[total, _]| total / totals[0][0]).collect();
    let rarer = |part: f64| Variety::Two((part.min(1.0 - part) * n as f64).round() as u64);
    if question.kind == Kind::Ratio {
        let [x, y, xx, xy, yy] = [moments[1], moments[2], moments[3], moments[4], moments[5]];
        let ratio = x / y;
        let is_flag = |[mean, square]: &[f64; 2]| (mean - square).abs() <= ROUNDING * square.abs() && *mean <= 1.0;
        let flags = [[x, xx], [y, yy]].into_iter().filter(is_flag).map(|[mean, _]| mean.min(1.0 - mean));
        let rarest = flags.filter(|part| *part > 0.0).min_by(f64::total_cmp);
        let are_alike = xx - 2.0 * ratio * xy + ratio * ratio * yy <= ROUNDING * xx;
        return if are_alike { Variety::One } else { rarest.map_or(Variety::Many, rarer) };
    }
    let [m1, m2, m3, m4] = [moments[1], moments[2], moments[3], moments[4]];
    let variance = m2 - m1 * m1;
    if variance <= ROUNDING * m2 {
        return Variety::One;
    }
    let third = m3 - 3.0 * m1 * m2 + 2.0 * m1.powi(3);
    let fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1.powi(4);
    let (skewness, kurtosis) = (third / variance.powf(1.5), fourth / (variance * variance));
    if kurtosis - skewness * skewness - 1.0 <= OF_POWERS * kurtosis {
        rarer((1.0 - skewness.abs() / (skewness * skewness + 4.0).sqrt()) / 2.0)
    } else {
        Variety::Many
    }
}

/// One of these figures, and the slots of those on whom it stands; `None` where nobody does, or where the question has
/// no such figure.
#[must_use]
pub fn figure(question: &Question, sums: &Sums, place: usize, statistic: Statistic) -> Option<(Wanted, Vec<usize>)> {
    let (slots, figure) = wanted(question, sums, place).into_iter().find_map(|(slots, figures)| {
        let figure = figures.into_iter().find(|figure| figure.statistic == statistic)?;
        Some((slots, figure))
    })?;
    let anybody = slots.iter().any(|slot| sums.count(place, *slot) > 0);
    anybody.then_some((figure, slots))
}

/// The cells of a question in a place.
struct Cells<'a> {
    question: &'a Question,
    sums: &'a Sums,
    place: usize,
    totals: Vec<[f64; 2]>,
}

impl Cells<'_> {
    fn of_options(&self) -> Vec<(Vec<usize>, Vec<Wanted>)> {
        let question = self.question;
        let options = question.options.len();
        let base = match question.kind {
            Kind::Multiple => vec![self.totals.len() - 1],
            _ => (0..=options).collect(),
        };
        let mut figures: Vec<Wanted> =
            (0..options).map(|option| self.share(Statistic::Share(option), &[option], &base)).collect();
        for (index, net) in question.nets.iter().enumerate() {
            let own = [options + index];
            let slots = if question.kind == Kind::Multiple { &own[..] } else { &net.options };
            figures.push(self.share(Statistic::Net(index), slots, &base));
        }
        for further in &question.further {
            match further {
                Further::Count => {
                    figures.extend((0..options).map(|option| self.count(option, &base)));
                }
                Further::NetPromoterScore => {
                    figures.push(self.score(Statistic::NetPromoterScore, &base, question.promoters().collect()));
                }
                _ => {}
            }
        }
        let mut all = vec![(base, figures)];
        if question.kind == Kind::Scale {
            let valued =
                || question.options.iter().enumerate().filter_map(|(slot, option)| Some((slot, option.value?)));
            let base: Vec<usize> = valued().map(|(slot, _)| slot).collect();
            let mut figures =
                vec![self.score(Statistic::Mean, &base, valued().map(|(slot, value)| (value, slot)).collect())];
            if question.further.contains(&Further::StandardDeviation) {
                let power = |power| valued().map(|(slot, value)| (f64::powi(value, power), slot)).collect::<Vec<_>>();
                figures.push(self.deviation(&base, power(1), power(2)));
            }
            all.push((base, figures));
        }
        all
    }

    fn of_numbers(&self) -> Vec<(Vec<usize>, Vec<Wanted>)> {
        let base = vec![0];
        let mean = Wanted { constant: self.sums.pivot(), ..self.score(Statistic::Mean, &base, vec![(1.0, 1)]) };
        let spread = |mean: &Wanted| mean.simple_variance.map(|simple| simple * self.total(&base).powi(2));
        let total = Wanted {
            statistic: Statistic::Total,
            formula: Formula::Sum(vec![(1.0, self.cell(1)), (self.sums.pivot(), self.cell(0))]),
            constant: 0.0,
            count: None,
            simple_variance: spread(&mean),
        };
        let mut figures = vec![mean];
        for further in &self.question.further {
            match further {
                Further::Total => figures.push(total.clone()),
                Further::StandardDeviation => {
                    figures.push(self.deviation(&base, vec![(1.0, 1)], vec![(1.0, 2)]));
                }
                _ => {}
            }
        }
        vec![(base, figures)]
    }

    fn of_two_numbers(&self) -> Vec<(Vec<usize>, Vec<Wanted>)> {
        let formula = Formula::ratio(self.sum(vec![(1.0, 1)]), self.sum(vec![(1.0, 2)]));
        let moment = |slot: usize| self.totals[slot][0] / self.totals[0][0];
        let ratio = moment(1) / moment(2);
        // That of the residuals x - R y, over the square of the mean of y.
        let residuals = moment(3) - 2.0 * ratio * moment(4) + ratio * ratio * moment(5);
        let simple = residuals / (self.n(&[0]) - 1.0) / moment(2).powi(2);
        let ratio =
            Wanted { statistic: Statistic::Ratio, formula, constant: 0.0, count: None, simple_variance: Some(simple) };
        vec![(vec![0], vec![ratio])]
    }

    fn share(&self, statistic: Statistic, slots: &[usize], base: &[usize]) -> Wanted {
        let p = self.total(slots) / self.total(base);
        Wanted {
            statistic,
            formula: Formula::ratio(Formula::slots(self.place, slots), Formula::slots(self.place, base)),
            constant: 0.0,
            count: Some(slots.iter().map(|slot| self.sums.count(self.place, *slot)).sum()),
            simple_variance: Some(p * (1.0 - p) / (self.n(base) - 1.0)),
        }
    }

    fn count(&self, option: usize, base: &[usize]) -> Wanted {
        let share = self.share(Statistic::Count(option), &[option], base);
        let simple_variance = share.simple_variance.map(|simple| simple * self.total(base).powi(2));
        Wanted { formula: Formula::slots(self.place, &[option]), simple_variance, ..share }
    }

    /// The mean of a number that each slot stands for.
    fn score(&self, statistic: Statistic, base: &[usize], values: Vec<(f64, usize)>) -> Wanted {
        let whole = self.total(base);
        let moment = |power: i32| match self.question.kind {
            Kind::Number => self.totals[power as usize][0] / whole,
            _ => values.iter().map(|(value, slot)| value.powi(power) * self.totals[*slot][0]).sum::<f64>() / whole,
        };
        let spread = moment(2) - moment(1).powi(2);
        Wanted {
            statistic,
            formula: Formula::ratio(self.sum(values), Formula::slots(self.place, base)),
            constant: 0.0,
            count: None,
            simple_variance: Some(spread / (self.n(base) - 1.0)),
        }
    }

    /// `first` and `second` are the sums of a number and of its square.
    fn deviation(&self, base: &[usize], first: Vec<(f64, usize)>, second: Vec<(f64, usize)>) -> Wanted {
        let n = self.n(base);
        let mean = |values| Formula::ratio(self.sum(values), Formula::slots(self.place, base));
        let unbiased = n / (n - 1.0);
        let variance =
            Formula::Combination(vec![(unbiased, mean(second)), (-unbiased, Formula::Square(Box::new(mean(first))))]);
        Wanted {
            statistic: Statistic::StandardDeviation,
            formula: Formula::Root(Box::new(variance)),
            constant: 0.0,
            count: None,
            simple_variance: None,
        }
    }

    fn sum(&self, values: Vec<(f64, usize)>) -> Formula {
        Formula::Sum(values.into_iter().map(|(value, slot)| (value, self.cell(slot))).collect())
    }

    fn cell(&self, slot: usize) -> Cell {
        Cell { place: self.place, slot }
    }

    fn total(&self, slots: &[usize]) -> f64 {
        slots.iter().map(|slot| self.totals[*slot][0]).sum()
    }

    fn n(&self, slots: &[usize]) -> f64 {
        slots.iter().map(|slot| self.sums.count(self.place, *slot)).sum::<u64>() as f64
    }
}
