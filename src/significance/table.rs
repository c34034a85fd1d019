//! Whether a question and a segment have to do with each other.
//!
//! Notation: `p_ij` are the weighted shares of the `r · c` cells among those in the table, a domain of the sample; `V`
//! their covariances by the design; `C` the `r c × k` contrasts of rows with columns, `k = (r - 1) (c - 1)`; `D` the
//! diagonal of `1 / p_ij`, with 0 for an empty cell; `ν` the degrees of freedom of the design.
//!
//! * `Φ² = Σ (p_ij - p_i+ p_+j)² / (p_i+ p_+j)`, Pearson's statistic over the number of respondents, whichever that is:
//!   it cancels. `Δ = (Cᵀ D C)⁻¹ (Cᵀ D V D C)`, over the same number, holds the generalised design effects.
//! * Rao and Scott's first order: `X² = k Φ² / tr Δ` is chi-squared with `k` degrees of freedom (Rao & Scott 1981,
//!   *Journal of the American Statistical Association* 76, p. 221). R prints `X²` without this correction, and the
//!   same p.
//! * Second order: `F = Φ² / tr Δ` with `d` and `d ν` degrees of freedom, `d = (tr Δ)² / tr Δ²` (Rao & Scott 1984,
//!   *Annals of Statistics* 12, p. 46; Thomas & Rao 1987, *Journal of the American Statistical Association* 82, p. 630).
//! * Exact: the same `Φ²` against what these approximate, `p = P(Σ δ_i χ²_1 > Φ² χ²_m / m)` with the eigenvalues `δ` of `Δ`
//!   and `m = d ν` for having to estimate them (Rao & Scott 1981; R's `lincom`, which rounds `m` down, and its
//!   approximation `saddlepoint`). `X²` is given as in the first order. It holds where `n` is large, as all of these.
//! * Wald: `W = Yᵀ V_Y⁻¹ Y` of the totals `Y_ij = N_ij - N_i+ N_+j / N_++` without the first row and column; `W / k` is
//!   F with `k` and `ν` (Koch, Freeman & Freeman 1975, *International Statistical Review* 43, p. 59). Adjusted:
//!   `W (ν - k + 1) / (k ν)` is F with `k` and `ν - k + 1` (Fellegi 1980, *Journal of the American Statistical
//!   Association* 75, p. 261). Unreliable where `ν` is not much larger than `k`.

use super::{Distribution, Test};
use crate::{
    estimate::{Cell, Estimator, Formula},
    numeric::{Cholesky, chi_squared_sum_upper_tail, symmetric_eigenvalues},
    study::{Kind, Question},
    variance::ROUNDING,
};

/// How independence is tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableTest {
    /// Rao and Scott's second-order correction, F.
    #[default]
    RaoScott,
    /// Their first-order correction, chi-squared.
    RaoScottFirstOrder,
    /// Rao and Scott's statistic with its own distribution, a weighted sum of chi-squared variables.
    Exact,
    /// Wald's statistic, F.
    Wald,
    /// The same with the degrees of freedom that estimating its covariances costs.
    AdjustedWald,
}

/// A table of answers by levels of a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossTable {
    /// The answers: each a sum of slots with their signs.
    rows: Vec<Vec<(f64, usize)>>,
    /// The slots of all who are in the table.
    base: Vec<usize>,
    /// The levels.
    levels: Vec<usize>,
}

/// A test of independence, and how strongly answers and levels go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Independence {
    /// The test.
    pub test: Test,
    /// Cramér's V, `√(Φ² / min(r - 1, c - 1))`, from 0 (nothing in common) to 1 (Cramér 1946, *Mathematical Methods of
    /// Statistics*, p. 282).
    pub cramers_v: f64,
}

impl CrossTable {
    /// The answers to a single choice or a scale. Options that no group of `together` names have a row each; those
    /// of a group share one. Those without an answer who count in the base have a row too: shares stand on them. They
    /// share that of the options in `together`, if there are any.
    #[must_use]
    pub fn of_answers(question: &Question, together: &[usize], levels: Vec<usize>) -> Self {
        let options = question.options.len();
        let mut rows: Vec<Vec<(f64, usize)>> =
            (0..options).filter(|option| !together.contains(option)).map(|option| vec![(1.0, option)]).collect();
        rows.push(together.iter().chain(&[options]).map(|slot| (1.0, *slot)).collect());
        Self { rows, base: (0..=options).collect(), levels }
    }

    /// Whether an option of a multiple response was chosen.
    #[must_use]
    pub fn of_option(question: &Question, option: usize, levels: Vec<usize>) -> Self {
        let base = question.options.len() + question.nets.len() + question.both.len();
        let rows = vec![vec![(1.0, option)], vec![(1.0, base), (-1.0, option)]];
        Self { rows, base: vec![base], levels }
    }
}

/// Tests whether answers depend on the levels of a segment. Answers that nobody gave and levels without anybody are
/// left out. `None` where fewer than two of either are left, where the design has no degrees of freedom for it, or where
/// empty cells leave nothing to test.
#[must_use]
pub fn independence(
    estimator: &Estimator<'_>,
    question: usize,
    segment: usize,
    table: &CrossTable,
    method: TableTest,
) -> Option<Independence> {
    if matches!(estimator.study.questions[question].kind, Kind::Number | Kind::Ratio) {
        return None;
    }
    let cells = Cells::new(estimator, question, segment, table)?;
    let statistic = match method {
        TableTest::RaoScott | TableTest::RaoScottFirstOrder | TableTest::Exact => cells.rao_scott(method)?,
        TableTest::Wald | TableTest::AdjustedWald => cells.wald(method)?,
    };
    let smaller = cells.rows.len().min(cells.places.len()) - 1;
    Some(Independence { test: statistic, cramers_v: (cells.phi_squared() / smaller as f64).sqrt() })
}

/// The cells of a table that anybody is in.
struct Cells<'a> {
    estimator: &'a Estimator<'a>,
    question: usize,
    segment: usize,
    rows: Vec<&'a [(f64, usize)]>,
    base: Vec<Cell>,
    places: Vec<usize>,
    /// The share of each cell, row after row.
    shares: Vec<f64>,
}

impl<'a> Cells<'a> {
    fn new(estimator: &'a Estimator<'a>, question: usize, segment: usize, table: &'a CrossTable) -> Option<Self> {
        let sums = &estimator.tally.questions[question];
        let first = estimator.plan.segments[segment].first_place;
        let count = |row: &[(f64, usize)], place: usize| -> f64 {
            row.iter().map(|(sign, slot)| sign * sums.count(place, *slot) as f64).sum()
        };
        let is_anybody = |place: &usize| table.base.iter().any(|slot| sums.count(*place, *slot) > 0);
        let places: Vec<usize> = table.levels.iter().map(|level| first + level).filter(is_anybody).collect();
        let is_given = |row: &&[(f64, usize)]| places.iter().any(|place| count(row, *place) > 0.0);
        let rows: Vec<&[(f64, usize)]> = table.rows.iter().map(Vec::as_slice).filter(is_given).collect();
        if rows.len() < 2 || places.len() < 2 {
            return None;
        }
        let weights: Vec<Vec<[f64; 2]>> = places.iter().map(|place| sums.sums(*place)).collect();
        let mut shares = Vec::new();
        for row in &rows {
            for (place, weights) in places.iter().zip(&weights) {
                // Counts know what is empty; differences of weights may leave rounding.
                let anybody = count(row, *place) > 0.0;
                let weight: f64 = row.iter().map(|(sign, slot)| sign * weights[*slot][0]).sum();
                shares.push(if anybody { weight } else { 0.0 });
            }
        }
        let whole: f64 = shares.iter().sum();
        for share in &mut shares {
            *share /= whole;
        }
        let base = places.iter().flat_map(|place| table.base.iter().map(|slot| Cell { place: *place, slot: *slot }));
        let base = base.collect();
        Some(Self { estimator, question, segment, rows, base, places, shares })
    }

    fn rao_scott(&self, method: TableTest) -> Option<Test> {
        let contrasts = self.contrasts();
        let k = contrasts.len();
        let inverse: Vec<f64> = self.shares.iter().map(|share| if *share > 0.0 { 1.0 / share } else { 0.0 }).collect();
        // Cᵀ D p, whose covariances are Cᵀ D V D C.
        let formulas: Vec<Formula> = (contrasts.iter())
            .map(|contrast| {
                let terms = (0..self.shares.len()).filter(|cell| self.shares[*cell] > 0.0);
                let terms = terms.flat_map(|cell| self.terms(contrast[cell] * inverse[cell], cell));
                Formula::ratio(Formula::Sum(terms.collect()), self.whole())
            })
            .collect();
        let joint = self.estimator.joint(self.question, Some(self.segment), &formulas, &self.base);
        let product = |one: &[f64], other: &[f64]| -> f64 {
            one.iter().zip(other).zip(&inverse).map(|((one, other), inverse)| one * other * inverse).sum()
        };
        let expected: Vec<f64> =
            contrasts.iter().flat_map(|one| contrasts.iter().map(move |other| product(one, other))).collect();
        let expected = Cholesky::new(&expected, k)?;
        let delta = expected.whitened(&joint.covariances);
        let trace: f64 = (0..k).map(|i| delta[i * k + i]).sum();
        let trace_of_square: f64 = delta.iter().map(|delta| delta * delta).sum();
        if !(trace > 0.0 && trace.is_finite() && joint.degrees_of_freedom > 0.0) {
            return None;
        }
        let f = self.phi_squared() / trace;
        let numerator = trace * trace / trace_of_square;
        let denominator = numerator * joint.degrees_of_freedom;
        let dimensions = k as f64;
        match method {
            TableTest::RaoScottFirstOrder => {
                Test::new(f * dimensions, Distribution::ChiSquared(dimensions), joint.bases)
            }
            TableTest::Exact => {
                // An effect of which rounding has left something is none: there are more cells than units.
                let effects = symmetric_eigenvalues(&delta, k).into_iter().filter(|effect| *effect > ROUNDING * trace);
                let shares: Vec<f64> = effects.map(|effect| effect / trace).collect();
                let distribution = Distribution::WeightedChiSquared(dimensions, denominator);
                let p = chi_squared_sum_upper_tail(f, &shares, denominator);
                p.is_finite().then_some(Test { statistic: f * dimensions, distribution, p, bases: joint.bases })
            }
            _ => Test::new(f, Distribution::F(numerator, denominator), joint.bases),
        }
    }

    fn wald(&self, method: TableTest) -> Option<Test> {
        let columns = self.places.len();
        let sum = |cells: &mut dyn Iterator<Item = usize>| -> Formula {
            Formula::Sum(cells.flat_map(|cell| self.terms(1.0, cell)).collect())
        };
        let mut formulas = Vec::new();
        for row in 1..self.rows.len() {
            for column in 1..columns {
                let of_row = sum(&mut (row * columns..(row + 1) * columns));
                let of_column = sum(&mut (0..self.rows.len()).map(|row| row * columns + column));
                let expected = Formula::ratio(of_row, Formula::ratio(self.whole(), of_column));
                let own = sum(&mut std::iter::once(row * columns + column));
                formulas.push(Formula::Combination(vec![(1.0, own), (-1.0, expected)]));
            }
        }
        let joint = self.estimator.joint(self.question, Some(self.segment), &formulas, &self.base);
        let distance = Cholesky::new(&joint.covariances, formulas.len())?.squared_distance(&joint.values);
        let (k, nu) = (formulas.len() as f64, joint.degrees_of_freedom);
        match method {
            TableTest::AdjustedWald => {
                let left = nu - k + 1.0;
                Test::new(distance * left / (k * nu), Distribution::F(k, left), joint.bases)
            }
            _ => Test::new(distance / k, Distribution::F(k, nu), joint.bases),
        }
    }

    fn phi_squared(&self) -> f64 {
        let columns = self.places.len();
        let of_row: Vec<f64> = self.shares.chunks(columns).map(|row| row.iter().sum()).collect();
        let of_column = |column: usize| self.shares.iter().skip(column).step_by(columns).sum::<f64>();
        let of_column: Vec<f64> = (0..columns).map(of_column).collect();
        let distance = |(cell, share): (usize, &f64)| {
            let expected = of_row[cell / columns] * of_column[cell % columns];
            (share - expected).powi(2) / expected
        };
        self.shares.iter().enumerate().map(distance).sum()
    }

    /// Contrasts of rows with columns: any basis of them gives the same test. Helmert's are orthogonal.
    fn contrasts(&self) -> Vec<Vec<f64>> {
        let (rows, columns) = (self.rows.len(), self.places.len());
        let helmert = |number: usize, position: usize| match position.cmp(&number) {
            std::cmp::Ordering::Less => -1.0,
            std::cmp::Ordering::Equal => number as f64,
            std::cmp::Ordering::Greater => 0.0,
        };
        let of_cells = |row: usize, column: usize| {
            (0..rows * columns).map(|cell| helmert(row, cell / columns) * helmert(column, cell % columns)).collect()
        };
        (1..rows).flat_map(|row| (1..columns).map(move |column| (row, column))).map(|(r, c)| of_cells(r, c)).collect()
    }

    /// A cell of the table as cells of the tally, times a factor.
    fn terms(&self, factor: f64, cell: usize) -> impl Iterator<Item = (f64, Cell)> {
        let (row, place) = (self.rows[cell / self.places.len()], self.places[cell % self.places.len()]);
        row.iter().map(move |(sign, slot)| (factor * sign, Cell { place, slot: *slot }))
    }

    /// All who are in the table.
    fn whole(&self) -> Formula {
        Formula::Sum(self.base.iter().map(|cell| (1.0, *cell)).collect())
    }
}
