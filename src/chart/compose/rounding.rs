//! Whether printed shares add up.

use crate::{
    disclosure::Figure,
    study::{Kind, Language},
    words,
};

/// Whether the shares of a question of one answer add up to everybody, but no longer as they are printed.
#[must_use]
pub fn strays_from_hundred(kind: Kind, shares: &[Figure]) -> bool {
    let shown: Option<Vec<f64>> = shares.iter().map(|figure| Some(figure.shown()?.value)).collect();
    let Some(shown) = shown.filter(|_| matches!(kind, Kind::Single | Kind::Scale)) else { return false };
    let printed: f64 = shown.iter().map(|share| printed_tenths(*share)).sum();
    (shown.iter().sum::<f64>() - 1.0).abs() < 1e-9 && printed != 1000.0
}

/// The printed share in tenths of a percent.
fn printed_tenths(share: f64) -> f64 {
    words::points(share, 1, Language::En).replace('.', "").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::printed_tenths;

    #[test]
    fn thirds_stray_and_quarters_do_not() {
        let sum = |shares: &[f64]| shares.iter().map(|share| printed_tenths(*share)).sum::<f64>();
        assert_eq!(sum(&[1.0 / 3.0; 3]), 999.0);
        assert_eq!(sum(&[0.25; 4]), 1000.0);
    }
}
