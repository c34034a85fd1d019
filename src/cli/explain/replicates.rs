//! A variance from replicate weights: all but the figure under each replicate, which is one of nearly the same respondents.

use serde_json::{Value, json};

use super::{
    super::paper::Paper,
    account::{Account, finite},
    phrases::number,
};
use crate::{
    design::Replicates,
    estimate::Spread,
    study::{Centre, Language},
    survey::Survey,
    variance::replicate::Squares,
    words,
};

/// The replicates of a survey, and the squares of a figure; `None` where its variance is linearised.
pub(super) fn of<'a>(survey: &'a Survey, account: &Account) -> Option<(&'a Replicates, Squares)> {
    match (&survey.design.replicates, &account.steps.spread) {
        (Some(design), Spread::Replicates(squares)) => Some((design, *squares)),
        _ => None,
    }
}

pub(super) fn to_json(survey: &Survey, account: &Account) -> Option<Value> {
    let (design, squares) = of(survey, account)?;
    Some(json!({
        "method": design.method.name(),
        "made": design.factors.is_some(),
        "count": design.count(),
        "used": squares.used,
        "scale": design.scale,
        "rscales": design.rscales,
        "centre": if design.centre == Centre::Mean { "mean" } else { "estimate" },
        "centre_value": finite(squares.centre),
        "sum_of_squares": finite(squares.sum),
    }))
}

pub(super) fn print(paper: &mut Paper, account: &Account, design: &Replicates, squares: Squares) {
    let language = paper.language;
    paper.heading(language.choose("Varianz aus Replikaten", "Variance from replicates"));
    let count = words::count(design.count() as u64, language);
    paper.fact(
        language.choose("Replikate r", "replicates r"),
        &format!("{count}: {}", words::replicates(design, language)),
    );
    if squares.used < design.count() {
        let used = words::count(squares.used as u64, language);
        let text = language.choose(
            "mit jemandem in der Basis; die anderen bleiben weg",
            "with anybody in the base; the others are left out",
        );
        paper.fact("", &format!("{used} {text}"));
    }
    let theta = if account.steps.reading.is_some() { "F" } else { "θ" };
    paper.fact("s", &format!("{}: scale", number(design.scale, language)));
    paper.fact("s_r", &format!("{}: rscales", range(&design.rscales, language)));
    let meaning = match design.centre {
        Centre::Mean if design.rscales.iter().all(|scale| *scale > 0.0) => {
            language.choose("Mittel der Replikate (mse = false)", "mean of the replicates (mse = false)")
        }
        Centre::Mean => language.choose(
            "Mittel der Replikate mit s_r über 0 (mse = false)",
            "mean of the replicates with s_r above 0 (mse = false)",
        ),
        Centre::Estimate => language.choose("der Schätzwert selbst (mse = true)", "the estimate itself (mse = true)"),
    };
    paper.fact("c", &format!("{}: {meaning}", number(squares.centre, language)));
    let (sum, scale) = (number(squares.sum, language), number(design.scale, language));
    paper.fact("S", &format!("Σ_r s_r ({theta}_r − c)² = {sum}"));
    paper.fact("V", &format!("s S = {scale} · {sum}"));
    paper.fact("= V", &number(account.variance(), language));
    paper.fact("√V", &number(account.steps.spreading().standard_error, language));
}

/// A number that all share, or the least and the greatest.
fn range(scales: &[f64], language: Language) -> String {
    let (low, high) =
        scales.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    if low == high {
        return number(low, language);
    }
    let to = language.choose("bis", "to");
    format!("{} {to} {}", number(low, language), number(high, language))
}
