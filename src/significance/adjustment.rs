//! Allowing for testing more than once.

/// How p-values of one family of tests are adjusted for their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjustment {
    /// Not at all.
    None,
    /// Each times their number (Dunn 1961, *Journal of the American Statistical Association* 56, p. 52): the chance of
    /// any false finding in the family is kept.
    Bonferroni,
    /// The smallest times their number, the next times one less, and so on: keeps the same, and is never above Bonferroni's
    /// (Holm 1979, *Scandinavian Journal of Statistics* 6, p. 65).
    #[default]
    Holm,
    /// The expected part of false findings among the findings is kept (Benjamini & Hochberg 1995, *Journal of the Royal
    /// Statistical Society B* 57, p. 289).
    BenjaminiHochberg,
}

impl Adjustment {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Bonferroni, Self::Holm, Self::BenjaminiHochberg];

    /// The name on the command line and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bonferroni => "bonferroni",
            Self::Holm => "holm",
            Self::BenjaminiHochberg => "bh",
        }
    }
}

/// The p-values of a family adjusted for their number, in the same order (R: `p.adjust`). With `p_(1) <= ... <= p_(m)`:
///
/// * Bonferroni: `min(1, m p)`
/// * Holm: `max_{j <= i} min(1, (m - j + 1) p_(j))`
/// * Benjamini-Hochberg: `min_{j >= i} min(1, m / j · p_(j))`
#[must_use]
pub fn adjusted(p: &[f64], adjustment: Adjustment) -> Vec<f64> {
    let m = p.len() as f64;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|one, other| p[*one].total_cmp(&p[*other]));
    let mut adjusted = p.to_vec();
    match adjustment {
        Adjustment::None => {}
        Adjustment::Bonferroni => adjusted.iter_mut().for_each(|p| *p = (*p * m).min(1.0)),
        Adjustment::Holm => {
            let mut largest: f64 = 0.0;
            for (rank, index) in order.into_iter().enumerate() {
                largest = largest.max((m - rank as f64) * p[index]).min(1.0);
                adjusted[index] = largest;
            }
        }
        Adjustment::BenjaminiHochberg => {
            let mut smallest: f64 = 1.0;
            for (rank, index) in order.into_iter().enumerate().rev() {
                smallest = smallest.min(m / (rank + 1) as f64 * p[index]);
                adjusted[index] = smallest;
            }
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    use super::{Adjustment, adjusted};

    proptest! {
        #[test]
        fn each_adjustment_lies_where_its_theory_says(p in prop::collection::vec(0.0..=1.0_f64, 1..30)) {
            let [none, bonferroni, holm, bh] = Adjustment::ALL.map(|adjustment| adjusted(&p, adjustment));
            prop_assert_eq!(&none, &p);
            for index in 0..p.len() {
                prop_assert!(p[index] <= bh[index] && bh[index] <= holm[index] + 1e-15);
                prop_assert!(holm[index] <= bonferroni[index] && bonferroni[index] <= 1.0);
                for other in 0..p.len() {
                    let keeps_order = p[index] > p[other] || (holm[index] <= holm[other] && bh[index] <= bh[other]);
                    prop_assert!(keeps_order, "{:?} {:?} {:?}", p, holm, bh);
                }
            }
        }

        #[test]
        fn one_test_needs_no_adjustment(p in 0.0..=1.0_f64) {
            for adjustment in Adjustment::ALL {
                prop_assert_eq!(adjusted(&[p], adjustment), vec![p]);
            }
        }
    }
}
