//! Eigenvalues of a symmetric matrix.

/// The eigenvalues of a symmetric matrix of `size` rows, given row after row, in no order: Jacobi's rotations, row by
/// row, until what is beside the diagonal is rounding (Golub & Van Loan 2013, *Matrix Computations*, 8.5).
#[must_use]
pub fn symmetric_eigenvalues(matrix: &[f64], size: usize) -> Vec<f64> {
    // Each sweep squares what is left; a dozen are plenty for a hundred rows.
    const MOST_SWEEPS: usize = 50;
    let mut a = matrix.to_vec();
    for _ in 0..MOST_SWEEPS {
        let mut rotated = false;
        for p in 0..size {
            for q in p + 1..size {
                rotated |= rotate(&mut a, size, p, q);
            }
        }
        if !rotated {
            break;
        }
    }
    (0..size).map(|row| a[row * size + row]).collect()
}

/// Turns rows and columns `p` and `q` so that their common element is 0; false where it is so but for rounding.
fn rotate(a: &mut [f64], size: usize, p: usize, q: usize) -> bool {
    let (app, apq, aqq) = (a[p * size + p], a[p * size + q], a[q * size + q]);
    if apq.abs() <= f64::EPSILON / 8.0 * (app * aqq).abs().sqrt() || apq.abs() < f64::MIN_POSITIVE || !apq.is_finite() {
        return false;
    }
    let tau = (aqq - app) / (2.0 * apq);
    let tangent = tau.signum() / (tau.abs() + tau.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for k in 0..size {
        let (one, other) = (a[k * size + p], a[k * size + q]);
        a[k * size + p] = cosine * one - sine * other;
        a[k * size + q] = sine * one + cosine * other;
    }
    for k in 0..size {
        let (one, other) = (a[p * size + k], a[q * size + k]);
        a[p * size + k] = cosine * one - sine * other;
        a[q * size + k] = sine * one + cosine * other;
    }
    a[p * size + q] = 0.0;
    a[q * size + p] = 0.0;
    true
}

#[cfg(test)]
mod tests {
    use super::symmetric_eigenvalues;

    #[test]
    fn they_are_those_of_a_known_matrix() {
        // Second differences: 2 - 2 cos(j π / (n + 1)).
        let n = 6_usize;
        let matrix: Vec<f64> = (0..n * n)
            .map(|at| match (at / n).abs_diff(at % n) {
                0 => 2.0,
                1 => -1.0,
                _ => 0.0,
            })
            .collect();
        let mut found = symmetric_eigenvalues(&matrix, n);
        found.sort_by(f64::total_cmp);
        for (j, found) in found.into_iter().enumerate() {
            let expected = 2.0 - 2.0 * ((j + 1) as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
            assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        }
    }

    #[test]
    fn a_matrix_without_full_rank_has_zeros_and_its_trace() {
        let v = [3.0, -1.0, 0.5];
        let matrix: Vec<f64> = v.iter().flat_map(|a| v.iter().map(move |b| a * b)).collect();
        let mut found = symmetric_eigenvalues(&matrix, 3);
        found.sort_by(f64::total_cmp);
        assert!(found[0].abs() < 1e-14 && found[1].abs() < 1e-14 && (found[2] - 10.25).abs() < 1e-14, "{found:?}");
    }
}
