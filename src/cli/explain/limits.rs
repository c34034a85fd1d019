//! The steps from an error to an interval, with the numbers put in.

use crate::{
    estimate::Steps,
    interval::Limits,
    numeric::t_quantile,
    study::{Interval, Quantile},
};

/// A step: its formula and its value, or lower and upper value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub name: String,
    pub formula: String,
    pub values: Vec<f64>,
}

fn step(name: &str, formula: &str, values: &[f64]) -> Step {
    Step { name: name.to_owned(), formula: formula.to_owned(), values: values.to_vec() }
}

/// The steps to the limits; none where there are no limits.
pub(super) fn steps(steps: &Steps, interval: Interval, quantile: Quantile, confidence: f64) -> Vec<Step> {
    let estimate = steps.spreading();
    let Some(limits) = estimate.limits else { return Vec::new() };
    let ends = [limits.low, limits.high];
    let (p, error, t) = (estimate.value, estimate.standard_error, steps.multiplier);
    if !steps.statistic.is_share() && steps.reading.is_none() {
        let reach = t * error;
        return vec![step("t √V", "t √V", &[reach]), step("limits", "θ ± t √V", &ends)];
    }
    let is_whole = p == 0.0 || p == 1.0;
    let all = if error == 0.0 && !is_whole && !interval.ignores_design() && interval != Interval::Nchs {
        vec![step("limits", "p, p", &ends)]
    } else {
        of_share(steps, interval, quantile, confidence, limits)
    };
    if steps.reading.is_some() { of_quantile(all, steps.estimate.limits) } else { all }
}

/// From the limits of the share `F` up to a quantile, which `p` stands for in the steps of a share, to its own.
fn of_quantile(mut all: Vec<Step>, limits: Option<Limits>) -> Vec<Step> {
    for step in &mut all {
        (step.name, step.formula) = (step.name.replace('p', "F"), step.formula.replace('p', "F"));
    }
    if let Some(last) = all.last_mut() {
        "F_l, F_u".clone_into(&mut last.name);
    }
    all.extend(limits.map(|limits| step("limits", "Q(F_l), Q(F_u)", &[limits.low, limits.high])));
    all
}

fn of_share(steps: &Steps, interval: Interval, quantile: Quantile, confidence: f64, limits: Limits) -> Vec<Step> {
    let estimate = steps.spreading();
    let (p, error, t) = (estimate.value, estimate.standard_error, steps.multiplier);
    let ends = [limits.low, limits.high];
    let n = estimate.bases.unweighted as f64;
    let variance = error * error;
    let is_whole = p == 0.0 || p == 1.0 || variance == 0.0;
    let size = p * (1.0 - p) / variance;
    let m = step("m", "p (1 − p) / V", &[size]);
    let fewer = match quantile {
        Quantile::T => (t_quantile(f64::midpoint(1.0, confidence), n - 1.0) / t).powi(2),
        Quantile::Z => 1.0,
    };
    let factor = step("k", "(t_{n−1} / t)²", &[fewer]);
    let beta = |name| step(name, "B(α/2; m* p, m* (1 − p) + 1), B(1 − α/2; m* p + 1, m* (1 − p))", &ends);
    match interval {
        Interval::ClopperPearson => {
            vec![step("limits", "B(α/2; n p, n (1 − p) + 1), B(1 − α/2; n p + 1, n (1 − p))", &ends)]
        }
        Interval::AgrestiCoull => {
            vec![step("limits", "p̃ ± z √(p̃ (1 − p̃) / (n + z²)), p̃ = (n p + z²/2) / (n + z²)", &ends)]
        }
        Interval::Jeffreys => vec![step("limits", "B(α/2 and 1 − α/2; n p + ½, n (1 − p) + ½)", &ends)],
        Interval::Nchs if is_whole => vec![step("m*", "n", &[n]), beta("limits")],
        Interval::Nchs => vec![m, factor, step("m*", "min(n, m k)", &[n.min(size * fewer)]), beta("limits")],
        _ if is_whole => {
            let effective = estimate.bases.effective;
            let size = step("m*", "(Σw)² / Σw² · min(1, k)", &[effective * fewer.min(1.0)]);
            vec![factor, size, beta("limits")]
        }
        Interval::Logit => {
            let (middle, reach) = ((p / (1.0 - p)).ln(), t * error / (p * (1.0 - p)));
            vec![
                step("logit p", "ln(p / (1 − p))", &[middle]),
                step("r", "t √V / (p (1 − p))", &[reach]),
                step("logit", "logit p ± r", &[middle - reach, middle + reach]),
                step("limits", "1 / (1 + e^−x)", &ends),
            ]
        }
        Interval::Wald => vec![step("t √V", "t √V", &[t * error]), step("limits", "p ± t √V", &ends)],
        Interval::Arcsine => vec![
            step("a", "arcsin √p", &[p.sqrt().asin()]),
            step("r", "t √V / (2 √(p (1 − p)))", &[t * error / (2.0 * (p * (1.0 - p)).sqrt())]),
            step("limits", "sin²(a ± r)", &ends),
        ],
        Interval::Wilson => {
            vec![m, step("limits", "(p + t²/2m ± t/2m √(4 m p (1 − p) + t²)) / (1 + t²/m)", &ends)]
        }
        Interval::Likelihood => {
            vec![m, step("limits", "2 m (n−1)/n · (p ln(p/q) + (1−p) ln((1−p)/(1−q))) = t²", &ends)]
        }
        Interval::KornGraubard => vec![m, factor, step("m*", "m k", &[size * fewer]), beta("limits")],
    }
}
