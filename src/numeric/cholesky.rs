//! Equations with a symmetric, positive definite matrix: a covariance matrix, mostly.
//!
//! Tests need a handful of rows, and nothing but a solution; that is thirty lines, and no reason for a library of
//! linear algebra.

/// The lower triangle `L` of a matrix `A = L Lᵀ` (Golub & Van Loan 2013, *Matrix Computations*, 4.2.5).
#[derive(Clone, Debug)]
pub struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// The triangle of a symmetric matrix of `size` rows, given row after row. `None` where it is not positive definite:
    /// where some combination of its variables has no variance, or where a number is not finite.
    #[must_use]
    pub fn new(matrix: &[f64], size: usize) -> Option<Self> {
        // What rounding may leave of a variance that is none, relative to the variable's own.
        const NOTHING: f64 = 1e-13;
        if matrix.len() != size * size {
            return None;
        }
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let before = dot(&lower[row * size..][..column], &lower[column * size..][..column]);
                let rest = matrix[row * size + column] - before;
                lower[row * size + column] = if column < row {
                    rest / lower[column * size + column]
                } else if rest > NOTHING * matrix[row * size + row] && rest.is_finite() {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self { size, lower })
    }

    /// The `x` with `A x = right`.
    #[must_use]
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = self.forward(right);
        for row in (0..self.size).rev() {
            let after: f64 = (row + 1..self.size).map(|below| self.lower[below * self.size + row] * x[below]).sum();
            x[row] = (x[row] - after) / self.lower[row * self.size + row];
        }
        x
    }

    /// `vᵀ A⁻¹ v`: how far `v` is from zero in the metric of `A`.
    #[must_use]
    pub fn squared_distance(&self, v: &[f64]) -> f64 {
        self.forward(v).iter().map(|x| x * x).sum()
    }

    /// The `x` with `L x = right`.
    fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut x = Vec::with_capacity(self.size);
        for (row, value) in right.iter().enumerate().take(self.size) {
            let line = &self.lower[row * self.size..];
            x.push((value - dot(line, &x)) / line[row]);
        }
        x
    }
}

/// The sum of products of two vectors, as far as both go.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::Cholesky;

    #[test]
    fn equations_are_solved() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let cholesky = Cholesky::new(&matrix, 3).expect("positive definite");
        let x = cholesky.solve(&[1.0, -2.0, 0.5]);
        for (row, right) in matrix.chunks(3).zip([1.0, -2.0, 0.5]) {
            let left: f64 = row.iter().zip(&x).map(|(a, x)| a * x).sum();
            assert!((left - right).abs() < 1e-14, "{left} {right}");
        }
        let distance = x[0] - 2.0 * x[1] + 0.5 * x[2];
        assert!((cholesky.squared_distance(&[1.0, -2.0, 0.5]) - distance).abs() < 1e-14);
    }

    #[test]
    fn what_is_not_positive_definite_has_no_solution() {
        assert!(Cholesky::new(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
        assert!(Cholesky::new(&[1.0, f64::NAN, f64::NAN, 1.0], 2).is_none());
        assert!(Cholesky::new(&[0.0], 1).is_none());
    }
}
