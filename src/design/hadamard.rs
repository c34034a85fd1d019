//! Hadamard matrices: square, of 1 and -1, any two rows orthogonal.
//!
//! Made by doubling (Sylvester 1867, *Philosophical Magazine* 34, p. 461) and from the squares of a prime field (Paley
//! 1933, *Journal of Mathematics and Physics* 12, p. 311): order `q + 1` for a prime `q` of the form `4k + 3`, order
//! `2 (q + 1)` for one of the form `4k + 1`. Orders for which both fail, such as 92, are passed over. The first row is all
//! ones, as in every normalised matrix, and of no use to half-samples.

/// A Hadamard matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hadamard {
    order: usize,
    /// Row after row.
    signs: Vec<i8>,
}

impl Hadamard {
    /// The smallest that can be made of at least this order.
    #[must_use]
    pub fn at_least(order: usize) -> Self {
        // Powers of two can always be made.
        let mut order = order.max(1);
        loop {
            if let Some(made) = Self::of_order(order) {
                return made.normalised();
            }
            order += 1;
        }
    }

    /// How many rows and columns.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// 1 or -1.
    #[must_use]
    pub fn sign(&self, row: usize, column: usize) -> f64 {
        f64::from(self.signs[row * self.order + column])
    }

    fn of_order(order: usize) -> Option<Self> {
        match order {
            1 => Some(Self { order, signs: vec![1] }),
            2 => Some(Self { order, signs: vec![1, 1, 1, -1] }),
            _ if !order.is_multiple_of(4) => None,
            _ if is_prime(order - 1) => Some(Self::paley(order - 1)),
            _ if (order / 2 - 1) % 4 == 1 && is_prime(order / 2 - 1) => Some(Self::paley_doubled(order / 2 - 1)),
            _ => Self::of_order(order / 2).map(|half| half.doubled()),
        }
    }

    fn from(order: usize, sign: impl Fn(usize, usize) -> i8) -> Self {
        let signs = (0..order * order).map(|index| sign(index / order, index % order)).collect();
        Self { order, signs }
    }

    fn doubled(&self) -> Self {
        let half = self.order;
        Self::from(2 * half, |row, column| {
            let sign = self.signs[row % half * half + column % half];
            if row >= half && column >= half { -sign } else { sign }
        })
    }

    /// `I + S` with the conference matrix `S` of a prime of the form `4k + 3`, which is skew.
    fn paley(prime: usize) -> Self {
        let squares = squares(prime);
        Self::from(prime + 1, |row, column| match (row, column) {
            (0, _) => 1,
            (_, 0) => -1,
            (row, column) if row == column => 1,
            (row, column) => squares[(prime + column - row) % prime],
        })
    }

    /// `S ⊗ [1 1; 1 -1] + I ⊗ [1 -1; -1 -1]` with the conference matrix `S` of a prime of the form `4k + 1`, which is
    /// symmetric.
    fn paley_doubled(prime: usize) -> Self {
        let squares = squares(prime);
        let conference = |row: usize, column: usize| match (row, column) {
            (row, column) if row == column => 0,
            (0, _) | (_, 0) => 1,
            (row, column) => squares[(prime + column - row) % prime],
        };
        Self::from(2 * (prime + 1), |row, column| {
            let both = row % 2 == 1 && column % 2 == 1;
            match conference(row / 2, column / 2) {
                0 if row % 2 == 0 && column % 2 == 0 => 1,
                0 => -1,
                sign if both => -sign,
                sign => sign,
            }
        })
    }

    /// With a first row of ones.
    fn normalised(mut self) -> Self {
        for column in 0..self.order {
            if self.signs[column] < 0 {
                for row in 0..self.order {
                    self.signs[row * self.order + column] *= -1;
                }
            }
        }
        self
    }
}

/// For each number below a prime 1 if it is a square, else -1; 0 is never asked for.
fn squares(prime: usize) -> Vec<i8> {
    let mut squares = vec![-1; prime];
    (1..prime).for_each(|number| squares[number * number % prime] = 1);
    squares
}

fn is_prime(number: usize) -> bool {
    number > 1 && (2..=number.isqrt()).all(|divisor| !number.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::Hadamard;

    #[test]
    fn rows_are_orthogonal_and_the_first_is_all_ones() {
        for least in [1, 2, 3, 5, 9, 13, 20, 25, 27, 29, 33, 37, 53, 77, 89, 101, 117] {
            let matrix = Hadamard::at_least(least);
            let order = matrix.order();
            assert!(order >= least && order < least + 9, "{least}: {order}");
            assert!((0..order).all(|column| matrix.sign(0, column) == 1.0));
            for one in 0..order {
                for other in 0..order {
                    let product: f64 = (0..order).map(|c| matrix.sign(one, c) * matrix.sign(other, c)).sum();
                    assert_eq!(product, if one == other { order as f64 } else { 0.0 }, "{order}: {one} {other}");
                }
            }
        }
        assert_eq!(Hadamard::at_least(500).order(), 500);
        assert_eq!(Hadamard::at_least(92).order(), 96);
    }
}
