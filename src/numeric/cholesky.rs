//! Distances in the metric of a symmetric, positive definite matrix: a covariance matrix, mostly.
//!
//! Tests and calibration need at most some hundred rows, and nothing but a triangle; that is fifty lines, and no reason
//! for a library of linear algebra.

/// The lower triangle `L` of a matrix `A = L Lᵀ` (Golub & Van Loan 2013, *Matrix Computations*, 4.2.5). Where a row
/// depends on those before it, its pivot and all below that are 0, and a solution has a 0 there.
#[derive(Clone, Debug)]
pub struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// The triangle of a symmetric matrix of `size` rows, given row after row. `None` where it is not positive
    /// definite: where some combination of its variables has no variance, or where a number is not finite.
    #[must_use]
    pub fn new(matrix: &[f64], size: usize) -> Option<Self> {
        // What rounding may leave of a variance that is none, relative to the variable's own.
        const NOTHING: f64 = 1e-13;
        Self::factor(matrix, size, NOTHING).filter(|made| made.rank() == size)
    }

    /// The triangle of the rows that do not depend on those before them, of a symmetric, positive semidefinite matrix
    /// such as the inner products of variables. A variable depends on others when they explain all of it but for 3e-6
    /// of its length. `None` where a number is not finite.
    #[must_use]
    pub fn of_independent_rows(matrix: &[f64], size: usize) -> Option<Self> {
        // The square of that length: what sums of a million products leave of nothing is a thousand times less.
        const NOTHING: f64 = 1e-11;
        Self::factor(matrix, size, NOTHING)
    }

    /// Whether a row was kept, rather than found to depend on those before it.
    #[must_use]
    pub fn is_independent(&self, row: usize) -> bool {
        self.pivot(row) > 0.0
    }

    /// How many rows do not depend on those before them.
    #[must_use]
    pub fn rank(&self) -> usize {
        (0..self.size).filter(|row| self.is_independent(*row)).count()
    }

    /// The `x` with `A x = right`, 0 in the rows that depend on others.
    #[must_use]
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = self.forward(right);
        for row in (0..x.len()).rev() {
            if !self.is_independent(row) {
                continue;
            }
            x[row] /= self.pivot(row);
            let (before, value) = x.split_at_mut(row);
            let line = &self.lower[row * self.size..];
            before.iter_mut().zip(line).for_each(|(x, below)| *x -= below * value[0]);
        }
        x
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
            x.push(if self.is_independent(row) { (value - dot(line, &x)) / line[row] } else { 0.0 });
        }
        x
    }

    /// A row depends on others when what those leave of its diagonal element is at most `nothing` times that.
    fn factor(matrix: &[f64], size: usize, nothing: f64) -> Option<Self> {
        if matrix.len() != size * size || !matrix.iter().all(|value| value.is_finite()) {
            return None;
        }
        // To the left of the first element of a row that is not 0 the triangle has zeros too, as in the diagonal block
        // that the levels of a margin make.
        let first = |row: usize| matrix[row * size..][..row].iter().position(|value| *value != 0.0).unwrap_or(row);
        let firsts: Vec<usize> = (0..size).map(first).collect();
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in firsts[row]..=row {
                let from = firsts[row].max(firsts[column]);
                let before = dot(&lower[row * size..][from..column], &lower[column * size..][from..column]);
                let (rest, pivot) = (matrix[row * size + column] - before, lower[column * size + column]);
                lower[row * size + column] = if column < row {
                    if pivot > 0.0 { rest / pivot } else { 0.0 }
                } else if rest > nothing * matrix[row * size + row] {
                    rest.sqrt()
                } else {
                    0.0
                };
            }
        }
        Some(Self { size, lower })
    }

    fn pivot(&self, row: usize) -> f64 {
        self.lower[row * self.size + row]
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
    fn a_row_that_depends_on_others_is_left_out_of_a_solution() {
        // The variables a, b, a + b, c of an inner product.
        let columns = [[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, -1.0], [1.0, 3.0, 3.0, 0.0], [0.0, 0.0, 1.0, 2.0]];
        let product = |a: &[f64; 4], b: &[f64; 4]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let matrix: Vec<f64> = columns.iter().flat_map(|a| columns.iter().map(move |b| product(a, b))).collect();
        assert!(Cholesky::new(&matrix, 4).is_none());
        let cholesky = Cholesky::of_independent_rows(&matrix, 4).expect("finite");
        assert_eq!((cholesky.rank(), cholesky.is_independent(2)), (3, false));
        let right: Vec<f64> = columns.iter().map(|a| product(a, &[1.0, 3.0, 4.0, 2.0])).collect();
        for (found, expected) in cholesky.solve(&right).into_iter().zip([1.0, 1.0, 0.0, 1.0]) {
            assert!((found - expected).abs() < 1e-13, "{found} {expected}");
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_no_solution() {
        assert!(Cholesky::new(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
        assert!(Cholesky::new(&[1.0, f64::NAN, f64::NAN, 1.0], 2).is_none());
        assert!(Cholesky::new(&[0.0], 1).is_none());
    }
}
