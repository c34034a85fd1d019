//! The limits of a share in R: its own function where it takes the degrees of freedom, else the formula.

use super::super::account::Account;
use crate::study::{Interval, Quantile};

/// Lines that make `ci` of `p`, `se`, `q` and `base`.
pub(super) fn of_share(interval: Interval, account: &Account, level: f64) -> Vec<String> {
    let share = account.steps.spreading().value;
    let is_whole = share == 0.0 || share == 1.0;
    let n = "n <- sum(frame$in_base)".to_owned();
    let t = format!("t <- qt((1 + {level}) / 2, q)");
    let upper = format!("a <- (1 - {level}) / 2");
    let clopper_pearson = "ci <- c(qbeta(a, m * p, m * (1 - p) + 1), qbeta(1 - a, m * p + 1, m * (1 - p)))".to_owned();
    let fewer = match account.quantile {
        Quantile::T => "(qt(1 - a, n - 1) / t)^2",
        Quantile::Z => "1",
    };
    let z = format!("z <- qnorm((1 + {level}) / 2)");
    match interval {
        // The design fixes the share.
        kind if !kind.ignores_design() && kind != Interval::Nchs && !is_whole && account.variance() == 0.0 => {
            vec!["ci <- c(p, p)".to_owned()]
        }
        Interval::ClopperPearson => vec![n, upper, "m <- n".to_owned(), clopper_pearson],
        Interval::AgrestiCoull => vec![
            n,
            z,
            "middle <- (n * p + z^2 / 2) / (n + z^2)".to_owned(),
            "ci <- middle + c(-1, 1) * z * sqrt(middle * (1 - middle) / (n + z^2))".to_owned(),
        ],
        Interval::Jeffreys => vec![
            n,
            upper,
            "ci <- c(qbeta(a, n * p + 0.5, n * (1 - p) + 0.5), qbeta(1 - a, n * p + 0.5, n * (1 - p) + 0.5))"
                .to_owned(),
            "ci <- c(if (p == 0) 0 else min(ci[1], p), if (p == 1) 1 else max(ci[2], p))".to_owned(),
        ],
        Interval::Nchs if is_whole || account.variance() == 0.0 => vec![n, upper, "m <- n".to_owned(), clopper_pearson],
        Interval::Nchs => vec![n, t, upper, format!("m <- min(n, p * (1 - p) / se^2 * {fewer})"), clopper_pearson],
        _ if is_whole => vec![
            n,
            t,
            upper,
            "w <- frame$w[frame$in_base]".to_owned(),
            format!("m <- sum(w)^2 / sum(w^2) * min(1, {fewer})"),
            clopper_pearson,
        ],
        Interval::Logit => {
            vec![format!("ci <- as.vector(confint(svyciprop(~y, base, method = \"xlogit\", level = {level}, df = q)))")]
        }
        Interval::Wald => vec![format!("ci <- as.vector(confint(m, level = {level}, df = q))")],
        Interval::Arcsine => vec![
            t,
            "angle <- asin(sqrt(p)) + c(-1, 1) * t * se / (2 * sqrt(p * (1 - p)))".to_owned(),
            "ci <- sin(pmin(pmax(angle, 0), pi / 2))^2".to_owned(),
        ],
        Interval::Wilson => vec![
            t,
            "m <- p * (1 - p) / se^2".to_owned(),
            "ci <- (p + t^2 / (2 * m) + c(-1, 1) * t / (2 * m) * sqrt(4 * m * p * (1 - p) + t^2)) / (1 + t^2 / m)"
                .to_owned(),
        ],
        Interval::Likelihood => vec![
            n,
            t,
            "m <- p * (1 - p) / se^2 * (n - 1) / n".to_owned(),
            "excess <- function(x) 2 * m * (p * log(p / x) + (1 - p) * log((1 - p) / (1 - x))) - t^2".to_owned(),
            "root <- function(low, high) uniroot(excess, c(low, high), tol = 1e-15, maxiter = 10000)$root".to_owned(),
            "ci <- c(root(p * 1e-12, p), root(p, 1 - (1 - p) * 1e-12))".to_owned(),
        ],
        Interval::KornGraubard => vec![n, t, upper, format!("m <- p * (1 - p) / se^2 * {fewer}"), clopper_pearson],
    }
}
