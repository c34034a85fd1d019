//! Which shares answers are to have.

use super::chance::uniform_of;
use crate::{
    diagnostic::Diagnostic,
    study::{Question, QuestionOption, Segment, weighting::Weighting},
};

/// Shares of the levels of a segment, adding up to 1; levels without a figure have that of a margin, or share the rest
/// equally.
pub fn of_levels(segment: &Segment, weighting: Option<&Weighting>) -> Vec<f64> {
    let targets = weighting.and_then(|weighting| weighting.shares_of(&segment.id)).unwrap_or_default();
    let of_margin = |level: usize| targets.get(level).map(|share| 100.0 * share);
    let levels = segment.levels().iter().enumerate();
    let figures: Vec<Option<f64>> = levels.map(|(index, level)| level.share.or_else(|| of_margin(index))).collect();
    fill(&figures, 100.0, 1.0)
}

/// Shares of the options of a single choice or scale among those who answer, adding up to 1. `silent` is the part of
/// the base that gives no answer but counts in it. Options without a figure share the rest, each a bit less than the
/// one before.
pub fn of_options(question: &Question, silent: f64) -> Result<Vec<f64>, Diagnostic> {
    const ROUNDING: f64 = 2.0;
    let figures: Vec<Option<f64>> = question.options.iter().map(figure).collect();
    let sum: f64 = figures.iter().flatten().sum();
    let all_given = figures.iter().all(Option::is_some);
    if sum > 100.0 + ROUNDING || (all_given && sum < 100.0 * (1.0 - silent) - ROUNDING) {
        let message = format!("the published and assumed shares of question `{}` add up to {sum} %", question.id);
        let hint = "one answer each makes 100 %; several answers each are kind = \"multiple\"";
        return Err(Diagnostic::error("shares-off", question.origin.0.clone(), message).hint(hint));
    }
    Ok(fill(&figures, 100.0 * (1.0 - silent), 0.7))
}

/// The share of an option of a multiple response.
pub fn of_mention(question: &Question, option: &QuestionOption) -> f64 {
    figure(option).map_or_else(|| 0.2 + 0.2 * uniform_of(&[&question.id, &option.code, "share"]), |share| share / 100.0)
}

fn figure(option: &QuestionOption) -> Option<f64> {
    option.published.or(option.assumed)
}

/// Gives what `figures` leave of `total` to those without one, each `ratio` times the one before; scaled to 1.
fn fill(figures: &[Option<f64>], total: f64, ratio: f64) -> Vec<f64> {
    let rest = (total - figures.iter().flatten().sum::<f64>()).max(0.0);
    let free = figures.iter().filter(|figure| figure.is_none()).count();
    let parts: f64 = std::iter::successors(Some(1.0), |part| Some(part * ratio)).take(free).sum();
    let mut part = 1.0 / ratio;
    let shares: Vec<f64> = figures
        .iter()
        .map(|figure| {
            figure.unwrap_or_else(|| {
                part *= ratio;
                rest * part / parts
            })
        })
        .collect();
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| if sum > 0.0 { share / sum } else { 1.0 / shares.len() as f64 }).collect()
}
