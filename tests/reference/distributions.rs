//! Quantiles and tail probabilities.

use topline::numeric::{
    beta_quantile, chi_squared_quantile, chi_squared_upper_tail, f_quantile, f_upper_tail, normal_quantile,
    normal_upper_tail, t_quantile, t_two_sided,
};

use crate::{
    differences::{Differences, Number, Section},
    number, read,
};

pub fn compare_all(differences: &mut Differences) {
    assert_eq!(compare(differences, "quantiles", "p"), 654);
    assert_eq!(compare(differences, "distributions", "x"), 1143);
}

/// Compares the functions of a reference file; returns how many values there were.
fn compare(differences: &mut Differences, reference: &str, argument: &str) -> usize {
    let rows = read(reference);
    for row in &rows {
        let number = |name: &str| number(row, name).unwrap_or(f64::NAN);
        let (x, a, b) = (number(argument), number("a"), number("b"));
        let (name, found) = match row["function"].as_str() {
            "qnorm" => ("quantile of the normal distribution", normal_quantile(x)),
            "qt" => ("quantile of t", t_quantile(x, a)),
            "qbeta" => ("quantile of beta", beta_quantile(x, a, b)),
            "qchisq" => ("quantile of chi-squared", chi_squared_quantile(x, a)),
            "qf" => ("quantile of F", f_quantile(x, a, b)),
            "pnorm" => ("tail of the normal distribution", normal_upper_tail(x)),
            "pt" => ("both tails of t", t_two_sided(x, a)),
            "pchisq" => ("tail of chi-squared", chi_squared_upper_tail(x, a)),
            "pf" => ("tail of F", f_upper_tail(x, a, b)),
            other => panic!("{other} is no function"),
        };
        let place = format!("{x} a {a} b {b}");
        differences.figure(Section::Functions, name, &place).equal(Number::Value, found, number("value"));
    }
    rows.len()
}
