//! Cells and targets that fit each other, laid out for the search.

use std::ops::Range;

use super::{Cell, Error, LevelOrder, checks::unfit};

/// A variable whose distribution in the population is known. Crossed variables, such as age by sex, are one margin
/// whose levels are the combinations.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The total of each level; of shares, all margins must have the same sum too.
    pub targets: Vec<f64>,
    /// Which levels may be collapsed.
    pub order: LevelOrder,
}

/// What a target is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A level of a margin.
    Level {
        /// The margin.
        margin: usize,
        /// The level.
        level: usize,
    },
    /// A number.
    Number(usize),
}

/// Cells and targets that fit each other. Made once; then any base weights can be [solved](Calibration::solve).
#[derive(Clone, Debug)]
pub struct Calibration {
    cells: usize,
    /// For each margin the constraint of each cell.
    levels: Vec<Vec<u32>>,
    /// For each number its value in each cell.
    numbers: Vec<Vec<f64>>,
    /// The first constraint of each margin, then that of the numbers.
    firsts: Vec<usize>,
    /// The target of each constraint: level after level, margin after margin, then the numbers.
    targets: Vec<f64>,
}

impl Calibration {
    /// Cells with the targets of all margins and the totals of all numbers. What does not fit is said all at once:
    /// targets that are none, margins that sum to different populations (by more than 1e-9), levels without respondents
    /// or without target, targets that contradict each other. A level without either is left alone.
    pub fn new(cells: &[Cell], margins: &[Margin], totals: &[f64]) -> Result<Self, Vec<Error>> {
        let mut firsts = vec![0];
        for margin in margins {
            firsts.push(firsts[firsts.len() - 1] + margin.targets.len());
        }
        let errors = unfit(cells, margins, totals);
        if !errors.is_empty() {
            return Err(errors);
        }
        let levels = (0..margins.len())
            .map(|margin| cells.iter().map(|cell| firsts[margin] as u32 + cell.levels[margin]).collect());
        let levels = levels.collect();
        let numbers = (0..totals.len()).map(|number| cells.iter().map(|cell| cell.numbers[number]).collect()).collect();
        // What rounding left between the sums of margins would keep them from being met together.
        let population: f64 = margins.first().map_or(0.0, |margin| margin.targets.iter().sum());
        let of_margin = |margin: &Margin| {
            let scale = population / margin.targets.iter().sum::<f64>();
            margin.targets.iter().map(|target| target * scale).collect::<Vec<f64>>()
        };
        let targets = margins.iter().flat_map(of_margin).chain(totals.iter().copied()).collect();
        let calibration = Self { cells: cells.len(), levels, numbers, firsts, targets };
        let base: Vec<f64> = cells.iter().map(|cell| cell.base.sum).collect();
        let contradictions = calibration.contradictions(&base);
        if contradictions.is_empty() { Ok(calibration) } else { Err(contradictions) }
    }

    /// How many cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The constraint with this place in [`Calibration::targets`].
    #[must_use]
    pub fn constraint(&self, place: usize) -> Constraint {
        match self.margins().enumerate().find(|(_, levels)| levels.contains(&place)) {
            Some((margin, levels)) => Constraint::Level { margin, level: place - levels.start },
            None => Constraint::Number(place - self.firsts[self.levels.len()]),
        }
    }

    /// The target of each constraint: level after level, margin after margin, then the numbers.
    #[must_use]
    pub fn targets(&self) -> &[f64] {
        &self.targets
    }

    /// The places of the levels of each margin in [`Calibration::targets`].
    pub fn margins(&self) -> impl Iterator<Item = Range<usize>> {
        self.firsts.windows(2).map(|ends| ends[0]..ends[1])
    }

    /// The constraints of a cell whose `x_cj` is not 0, with it.
    pub fn variables(&self, cell: usize) -> impl Iterator<Item = (usize, f64)> {
        let first_number = self.firsts[self.levels.len()];
        let levels = self.levels.iter().map(move |levels| (levels[cell] as usize, 1.0));
        let numbers = self.numbers.iter().enumerate();
        levels.chain(numbers.map(move |(number, values)| (first_number + number, values[cell])))
    }

    /// `Σ_c w_c x_cj` of each constraint.
    #[must_use]
    pub fn totals(&self, weights: &[f64]) -> Vec<f64> {
        let mut totals = vec![0.0; self.targets.len()];
        self.add_totals(weights, &mut totals);
        totals
    }

    /// Adds `Σ_c w_c x_cj` to each constraint.
    pub(super) fn add_totals(&self, weights: &[f64], totals: &mut [f64]) {
        for levels in &self.levels {
            levels.iter().zip(weights).for_each(|(level, weight)| totals[*level as usize] += weight);
        }
        for (number, total) in self.numbers.iter().zip(&mut totals[self.firsts[self.levels.len()]..]) {
            *total += number.iter().zip(weights).map(|(number, weight)| number * weight).sum::<f64>();
        }
    }

    /// `x_c' λ` of each cell.
    pub(super) fn combinations(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut combinations = vec![0.0; self.cells];
        for levels in &self.levels {
            combinations.iter_mut().zip(levels).for_each(|(sum, level)| *sum += coefficients[*level as usize]);
        }
        for (number, coefficient) in self.numbers.iter().zip(&coefficients[self.firsts[self.levels.len()]..]) {
            combinations.iter_mut().zip(number).for_each(|(sum, number)| *sum += coefficient * number);
        }
        combinations
    }

    /// `Σ_c w_c x_c x_c'`, row after row.
    pub(super) fn products(&self, weights: &[f64]) -> Vec<f64> {
        let (size, first_number) = (self.targets.len(), self.firsts[self.levels.len()]);
        let mut products = vec![0.0; size * size];
        for (one, rows) in self.levels.iter().enumerate() {
            for columns in &self.levels[..=one] {
                for ((row, column), weight) in rows.iter().zip(columns).zip(weights) {
                    products[*row as usize * size + *column as usize] += weight;
                }
            }
        }
        for (one, number) in self.numbers.iter().enumerate() {
            let weighted: Vec<f64> = number.iter().zip(weights).map(|(number, weight)| number * weight).collect();
            let row = &mut products[(first_number + one) * size..][..size];
            self.add_totals(&weighted, row);
        }
        for row in 0..size {
            for column in row + 1..size {
                products[row * size + column] = products[column * size + row];
            }
        }
        products
    }

    /// For each margin the constraint of each cell.
    pub(super) fn levels(&self) -> &[Vec<u32>] {
        &self.levels
    }

    /// How many numbers.
    pub(super) fn numbers(&self) -> usize {
        self.numbers.len()
    }

    /// The sum of the targets of each margin; `None` where there are only numbers.
    pub(super) fn population(&self) -> Option<f64> {
        self.margins().next().map(|levels| self.targets[levels].iter().sum())
    }

    /// What a deviation of each constraint is compared with: the target of a level, of a number the target or the sum
    /// of absolute values where that is larger, as where negative values make the target about 0.
    pub(super) fn scales(&self, base: &[f64]) -> Vec<f64> {
        let to_population = self.population().map_or(1.0, |total| total / base.iter().sum::<f64>());
        let first_number = self.firsts[self.levels.len()];
        let mut scales: Vec<f64> = self.targets.iter().map(|target| target.abs()).collect();
        for (number, scale) in self.numbers.iter().zip(&mut scales[first_number..]) {
            let absolute: f64 = number.iter().zip(base).map(|(number, base)| number.abs() * base).sum();
            *scale = scale.max(absolute * to_population);
        }
        scales
    }

    /// The constraint that is furthest from its target, by its scale, and how far; infinitely where a total is no
    /// number.
    pub(super) fn worst(&self, totals: &[f64], scales: &[f64]) -> (usize, f64) {
        let mut worst = (0, 0.0);
        for (place, ((total, target), scale)) in totals.iter().zip(&self.targets).zip(scales).enumerate() {
            let off = (total - target).abs();
            let deviation = if off == 0.0 { 0.0 } else { off / scale };
            if deviation.is_nan() {
                return (place, f64::INFINITY);
            }
            if deviation > worst.1 {
                worst = (place, deviation);
            }
        }
        worst
    }

    /// That totals were not met.
    pub(super) fn not_converged(&self, totals: &[f64], scales: &[f64], iterations: usize) -> Error {
        let (worst, _) = self.worst(totals, scales);
        let (constraint, reached, target) = (self.constraint(worst), totals[worst], self.targets[worst]);
        Error::NotConverged { iterations, constraint, reached, target }
    }
}
