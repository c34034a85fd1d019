//! Distances in the metric of a symmetric, positive definite matrix: a covariance matrix, mostly.
//!
//! Tests need a handful of rows, and nothing but a triangle; that is thirty lines, and no reason for a library of
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

    /// `L⁻¹ B L⁻ᵀ` of a symmetric matrix `B` of the same size: symmetric too, with the eigenvalues of `A⁻¹ B`.
    #[must_use]
    pub fn whitened(&self, b: &[f64]) -> Vec<f64> {
        let halfway: Vec<Vec<f64>> = b.chunks(self.size).map(|row| self.forward(row)).collect();
        let column = |at: usize| -> Vec<f64> { halfway.iter().map(|row| row[at]).collect() };
        (0..self.size).flat_map(|at| self.forward(&column(at))).collect()
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
    fn a_matrix_whitens_itself_and_measures_its_own_columns() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let cholesky = Cholesky::new(&matrix, 3).expect("positive definite");
        for (at, found) in cholesky.whitened(&matrix).into_iter().enumerate() {
            let expected = if at / 3 == at % 3 { 1.0 } else { 0.0 };
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
        for (at, column) in matrix.chunks(3).enumerate() {
            assert!((cholesky.squared_distance(column) - column[at]).abs() < 1e-14);
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_no_solution() {
        assert!(Cholesky::new(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
        assert!(Cholesky::new(&[1.0, f64::NAN, f64::NAN, 1.0], 2).is_none());
        assert!(Cholesky::new(&[0.0], 1).is_none());
    }
}
