//! What a calibration takes from influences.
//!
//! Weights that were fitted to known totals of `x` leave an estimate no chance to scatter with `x`: the influence `z` of a
//! respondent is replaced by its residual `z - xᵀβ` from the regression of `z` on `x` in the sample (Deville & Särndal 1992,
//! *Journal of the American Statistical Association* 87, p. 380; R `survey`: `calibrate`, `postStratify`, `rake`). With
//! `Z_c` for the sum of `w z` over a cell, `β` follows from these sums, and the residuals of a unit add up to
//! `Z_u - X_uᵀβ`. Where respondents are units, the squares of residuals over those of a part, who share `x`, are
//! `Σw²zu - r Σw²u - s Σw²z + r s Σw²` with `r` and `s` for the two `xᵀβ`.
//!
//! Cells whose weights a bound of 0 has taken away are not in the regression: nothing is known of influences there.

use crate::{
    tally::{CalibrationSums, Fitted, Sums},
    variance::linearized::Influences,
};

/// What is known of a calibration beside the sums of a question.
#[derive(Clone, Copy)]
pub(super) struct Calibration<'a> {
    pub fitted: &'a Fitted,
    pub sums: &'a CalibrationSums,
    /// The sums of everybody, whatever they were asked.
    pub everybody: &'a Sums,
    /// How many groups there are.
    pub groups: usize,
}

/// Influences before a calibration.
pub(super) struct Raw {
    /// As sums are kept: of groups or of their parts.
    pub influences: Influences,
    /// The sum of `w z` of each cell, for each estimate in turn. Of no use where sums are those of parts.
    pub by_cell: Vec<f64>,
    /// The sum of `w² z` of each part, for each estimate in turn; empty where no squares are needed.
    pub squares: Vec<f64>,
}

impl Calibration<'_> {
    /// The influences of groups after the calibration.
    pub fn residuals(&self, raw: Raw) -> Influences {
        match self.sums {
            CalibrationSums::Units { totals, .. } => self.of_units(raw, totals),
            CalibrationSums::Parts(parts) => self.of_parts(raw, &parts.members),
        }
    }

    /// `Z_u - X_uᵀβ`
    fn of_units(&self, raw: Raw, totals: &[f64]) -> Influences {
        let Raw { mut influences, by_cell, .. } = raw;
        influences.is_everywhere = true;
        let (estimates, width) = (influences.estimates, self.fitted.width());
        for estimate in 0..estimates {
            let of_cells: Vec<f64> = by_cell.iter().skip(estimate).step_by(estimates).copied().collect();
            let coefficients = self.fitted.coefficients(&of_cells);
            for (group, totals) in totals.chunks_exact(width.max(1)).enumerate() {
                let predicted: f64 = totals.iter().zip(&coefficients).map(|(x, beta)| x * beta).sum();
                let sum = &mut influences.sums[group * estimates + estimate];
                *sum = super::influence::without_rounding(*sum - predicted, sum.abs().max(predicted.abs()));
            }
        }
        influences
    }

    fn of_parts(&self, raw: Raw, parts: &[[u32; 2]]) -> Influences {
        let Raw { influences, squares, .. } = raw;
        let Influences { estimates, pairs, reached, sums, products, .. } = influences;
        let mut by_cell = vec![vec![0.0; self.fitted.factors.len()]; estimates];
        for (part, [_, cell]) in parts.iter().enumerate() {
            for (estimate, by_cell) in by_cell.iter_mut().enumerate() {
                by_cell[*cell as usize] += sums[part * estimates + estimate];
            }
        }
        // What is predicted for those in each cell, for each estimate.
        let predicted: Vec<Vec<f64>> = by_cell.iter().map(|by_cell| self.fitted.predictions(by_cell)).collect();
        let mut own = Influences {
            estimates,
            reached: vec![false; self.groups],
            is_everywhere: true,
            sums: vec![0.0; self.groups * estimates],
            products: if products.is_empty() { Vec::new() } else { vec![0.0; self.groups * pairs.len()] },
            pairs,
        };
        let total = self.everybody.index(0, 0);
        let mut sizes = vec![0.0; own.sums.len()];
        let mut product_sizes = vec![0.0; own.products.len()];
        for ((part, [group, cell]), everybody) in parts.iter().enumerate().zip(self.everybody.groups()) {
            let (group, cell) = (*group as usize, *cell as usize);
            let [weight, square] = everybody[total];
            own.reached[group] |= reached[part];
            for (estimate, predicted) in predicted.iter().enumerate() {
                let (sum, less) = (sums[part * estimates + estimate], predicted[cell] * weight);
                own.sums[group * estimates + estimate] += sum - less;
                sizes[group * estimates + estimate] += sum.abs() + less.abs();
            }
            if own.products.is_empty() {
                continue;
            }
            for (pair, (one, other)) in own.pairs.iter().enumerate() {
                let (r, s) = (predicted[*one][cell], predicted[*other][cell]);
                let (of_one, of_other) = (squares[part * estimates + one], squares[part * estimates + other]);
                let terms = [products[part * own.pairs.len() + pair], -r * of_other, -s * of_one, r * s * square];
                let position = group * own.pairs.len() + pair;
                own.products[position] += terms.iter().sum::<f64>();
                product_sizes[position] += terms.iter().map(|term| term.abs()).sum::<f64>();
            }
        }
        for (sum, size) in own.sums.iter_mut().zip(sizes) {
            *sum = super::influence::without_rounding(*sum, size);
        }
        for (product, size) in own.products.iter_mut().zip(product_sizes) {
            *product = super::influence::without_rounding(*product, size);
        }
        own
    }
}
