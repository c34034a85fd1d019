//! Covariances of estimates from replicate weights.
//!
//! An estimate `θ` comes out as `θ_r` under the weights of replicate `r`. Of two estimates `θ` and `η` the covariance is
//!
//! `C = s Σ_r s_r (θ_r - c) (η_r - d)`
//!
//! with the scale `s` and a scale `s_r` of each replicate. The centres `c` and `d` are the plain means over the replicates
//! with `s_r > 0`, or with `mse = true` the estimates themselves (Wolter 2007, *Introduction to Variance Estimation*, ch. 3 to 5;
//! R `survey`: `svrVar`). The unit is the product of the estimates' units.
//!
//! **A replicate in which an estimate is not a number**, because nobody of its base has a weight there, is left out, with no
//! change of scale, as R does (`na.omit`). If that leaves none, nothing is known: NaN. One in which it is infinite (the
//! logarithm of no odds) leaves no finite variance: NaN.

use super::ROUNDING;
use crate::{design::Replicates, study::Centre};

/// The covariance of each pair of estimates: `estimates` from the full sample, `replicates` for each of them in turn
/// those under each replicate.
#[must_use]
pub fn covariances(
    design: &Replicates,
    estimates: &[f64],
    replicates: &[Vec<f64>],
    pairs: &[(usize, usize)],
) -> Vec<f64> {
    let is_known = |replicate: usize| replicates.iter().all(|values| !values[replicate].is_nan());
    let known: Vec<usize> = (0..design.count()).filter(|replicate| is_known(*replicate)).collect();
    if known.is_empty() {
        return vec![f64::NAN; pairs.len()];
    }
    let distances: Vec<Vec<f64>> = (estimates.iter().zip(replicates))
        .map(|(estimate, values)| {
            let centre = centre(design, *estimate, values, &known);
            known.iter().map(|replicate| distance(values[*replicate], centre)).collect()
        })
        .collect();
    let covariance = |(one, other): &(usize, usize)| {
        let products = distances[*one].iter().zip(&distances[*other]);
        let sum: f64 = products.zip(&known).map(|((a, b), replicate)| design.rscales[*replicate] * a * b).sum();
        let covariance = design.scale * sum;
        if covariance.is_finite() { covariance } else { f64::NAN }
    };
    pairs.iter().map(covariance).collect()
}

/// What the variance of one estimate is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Squares {
    /// In how many replicates the estimate is a number.
    pub used: usize,
    /// `c`; NaN where no replicate has the estimate.
    pub centre: f64,
    /// `Σ_r s_r (θ_r - c)²`: times the scale `s` it is the variance.
    pub sum: f64,
}

/// The squares about the centre, of an estimate and what it is under each replicate.
#[must_use]
pub fn squares(design: &Replicates, estimate: f64, values: &[f64]) -> Squares {
    let known: Vec<usize> = (0..design.count()).filter(|replicate| !values[*replicate].is_nan()).collect();
    if known.is_empty() {
        return Squares { used: 0, centre: f64::NAN, sum: f64::NAN };
    }
    let centre = centre(design, estimate, values, &known);
    let square = |replicate: &usize| design.rscales[*replicate] * distance(values[*replicate], centre).powi(2);
    Squares { used: known.len(), centre, sum: known.iter().map(square).sum() }
}

/// What the squares of an estimate are measured from, over the replicates in which it is known.
fn centre(design: &Replicates, estimate: f64, values: &[f64], known: &[usize]) -> f64 {
    match design.centre {
        Centre::Estimate => estimate,
        Centre::Mean => mean(known.iter().filter(|r| design.rscales[**r] > 0.0).map(|r| values[*r])),
    }
}

/// Where all replicates are alike only rounding is left, and that is no variance.
fn distance(value: f64, centre: f64) -> f64 {
    let distance = value - centre;
    if distance.abs() <= ROUNDING * centre.abs() { 0.0 } else { distance }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

#[cfg(test)]
mod tests {
    use super::covariances;
    use crate::{
        design::Replicates,
        study::{Centre, Method},
    };

    fn replicates(centre: Centre) -> Replicates {
        Replicates { method: Method::Other, scale: 0.5, rscales: vec![1.0, 2.0, 0.0, 1.0], centre, factors: None }
    }

    #[test]
    fn squares_are_about_the_mean_or_the_estimate() {
        let values = [vec![1.0, 4.0, 100.0, 1.0], vec![0.0, 3.0, 50.0, 3.0]];
        let pairs = [(0, 0), (0, 1), (1, 1)];
        // Means are 2 and 2: the replicate of scale 0 has no part in them.
        let about_mean = covariances(&replicates(Centre::Mean), &[3.0, 1.0], &values, &pairs);
        assert_eq!(about_mean, [0.5 * (1.0 + 8.0 + 1.0), 0.5 * (2.0 + 4.0 - 1.0), 0.5 * (4.0 + 2.0 + 1.0)]);
        let about_estimate = covariances(&replicates(Centre::Estimate), &[3.0, 1.0], &values, &pairs[..1]);
        assert_eq!(about_estimate, [0.5 * (4.0 + 2.0 + 4.0)]);
    }

    #[test]
    fn replicates_without_a_value_are_left_out_and_infinite_ones_leave_no_variance() {
        let values = |first: f64| [vec![first, 4.0, 100.0, 1.0]];
        let own = |values: [Vec<f64>; 1]| covariances(&replicates(Centre::Estimate), &[1.0], &values, &[(0, 0)])[0];
        assert_eq!(own(values(f64::NAN)), 0.5 * 2.0 * 9.0);
        assert!(own(values(f64::INFINITY)).is_nan());
        assert!(own([vec![f64::NAN; 4]]).is_nan());
        assert_eq!(own([vec![1.0 + 1e-15; 4]]), 0.0);
    }
}
