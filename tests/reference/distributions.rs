//! Quantiles and tail probabilities.

use topline::numeric::{
    beta_quantile, chi_squared_quantile, chi_squared_upper_tail, f_quantile, f_upper_tail, normal_quantile,
    normal_upper_tail, t_quantile, t_two_sided,
};

use super::read;

#[test]
fn quantiles_equal_r() {
    assert_eq!(compare_functions("quantiles", "p"), 654);
}

#[test]
fn tails_and_quantiles_of_test_statistics_equal_r() {
    assert_eq!(compare_functions("distributions", "x"), 1143);
}

/// Compares the functions of a reference file to 1e-10 relative; returns how many values there were.
fn compare_functions(reference: &str, argument: &str) -> usize {
    let rows = read(reference);
    let wrong = rows.iter().filter_map(|row| {
        let number = |name: &str| row[name].parse().unwrap_or(f64::NAN);
        let (x, a, b, expected) = (number(argument), number("a"), number("b"), number("value"));
        let found = match row["function"].as_str() {
            "qnorm" => normal_quantile(x),
            "qt" => t_quantile(x, a),
            "qbeta" => beta_quantile(x, a, b),
            "qchisq" => chi_squared_quantile(x, a),
            "qf" => f_quantile(x, a, b),
            "pnorm" => normal_upper_tail(x),
            "pt" => t_two_sided(x, a),
            "pchisq" => chi_squared_upper_tail(x, a),
            "pf" => f_upper_tail(x, a, b),
            other => panic!("{other} is no function"),
        };
        let error = if expected == 0.0 { found.abs() } else { (found / expected - 1.0).abs() };
        let is_close = error < 1e-10;
        (!is_close).then(|| format!("{} {x} a {a} b {b}: {found} for {expected}, {error:e}", row["function"]))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    rows.len()
}
