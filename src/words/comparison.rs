//! Contrasts in words: what is compared with what, and by which measure.

use super::{Term, Unit, amount, decimal, term};
use crate::{
    estimate::{Estimate, Statistic},
    study::{Among, Contrast, ContrastCell, Kind, Label, Language, Of, Scale, Study},
};

/// What is printed for a contrast: its label, or else its cells, of which what they have in common is said once:
/// `Yes: E − H`, and as a ratio `Yes: E / H`.
#[must_use]
pub fn label(study: &Study, contrast: &Contrast, language: Language) -> String {
    if let Some(label) = &contrast.label {
        return label.text(language).to_owned();
    }
    let cells: Vec<[String; 3]> = contrast.cells.iter().map(|cell| parts(study, contrast, cell, language)).collect();
    let is_common = |part: usize| cells.iter().all(|cell| cell[part] == cells[0][part]);
    // One question needs no name, and everybody none either.
    let is_said = |part: usize| match part {
        0 => !contrast.is_of_one_question(),
        2 => contrast.cells.iter().any(|cell| cell.among != Among::Total),
        _ => true,
    };
    let parts = |cell: &[String; 3], common: bool| {
        let parts = (0..3).filter(|part| is_said(*part) && is_common(*part) == common);
        parts.map(|part| cell[part].clone()).collect::<Vec<_>>().join(", ")
    };
    let common = cells.first().map(|cell| parts(cell, true)).filter(|common| !common.is_empty());
    let mut text = common.map_or(String::new(), |common| format!("{common}: "));
    for (index, (cell, words)) in contrast.cells.iter().zip(&cells).enumerate() {
        text += &joint(contrast.scale, cell.factor, index == 0, language);
        text += &parts(words, false);
    }
    text
}

/// A cell by itself: `Awards: Yes, E`.
#[must_use]
pub fn cell(study: &Study, contrast: &Contrast, cell: &ContrastCell, language: Language) -> String {
    let [question, figure, among] = parts(study, contrast, cell, language);
    format!("{question}: {figure}, {among}")
}

/// What a contrast measures, and its unit.
#[must_use]
pub fn measure(contrast: &Contrast, language: Language) -> (&'static str, Unit) {
    let of_shares = contrast.cells.iter().all(|cell| !matches!(cell.of, Of::Mean));
    let (de, en, unit) = match contrast.scale {
        Scale::Difference if of_shares => ("Prozentpunkte", "percentage points", Unit::Points),
        Scale::Difference => ("Differenz", "difference", Unit::Mean),
        Scale::RelativeRisk => ("Verhältnis der Anteile", "ratio of shares", Unit::Mean),
        Scale::OddsRatio => ("Chancenverhältnis (Odds Ratio)", "odds ratio", Unit::Mean),
    };
    (language.choose(de, en), unit)
}

/// What a cell is in its contrast: its factor, `+`, `−` or `−0,5 ×`, or the side of a ratio.
#[must_use]
pub fn role(contrast: &Contrast, cell: &ContrastCell, language: Language) -> String {
    match contrast.scale {
        Scale::RelativeRisk | Scale::OddsRatio if cell.factor > 0.0 => {
            language.choose("Zähler", "numerator").to_owned()
        }
        Scale::RelativeRisk | Scale::OddsRatio => language.choose("Nenner", "denominator").to_owned(),
        Scale::Difference if cell.factor == 1.0 => "+".to_owned(),
        Scale::Difference if cell.factor == -1.0 => "−".to_owned(),
        Scale::Difference => format!("{}\u{a0}×", factor(cell.factor, language)),
    }
}

/// The figure that a cell speaks of.
#[must_use]
pub fn statistic(study: &Study, cell: &ContrastCell) -> Statistic {
    match cell.of {
        Of::Option(option) => Statistic::Share(option),
        Of::Net(net) => Statistic::Net(net),
        Of::NetPromoterScore => Statistic::NetPromoterScore,
        Of::Mean if study.questions[cell.question].kind == Kind::Ratio => Statistic::Ratio,
        Of::Mean => Statistic::Mean,
    }
}

/// The limits of a contrast as `−4,0 bis 8,1`; `None` where there are none.
#[must_use]
pub fn limits(estimate: &Estimate, unit: Unit, language: Language) -> Option<String> {
    let [low, high] =
        estimate.limits.map(|limits| [limits.low, limits.high].map(|limit| amount(limit, unit, language)))?;
    Some(language.choose(format!("{low} bis {high}"), format!("{low} to {high}")))
}

/// A factor as it is printed: `0,5`.
#[must_use]
pub fn factor(factor: f64, language: Language) -> String {
    let text = factor.to_string();
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    decimal(factor, decimals.min(MOST_DECIMALS), language)
}

const MOST_DECIMALS: usize = 4;

/// The question, its figure, and whose figure it is.
fn parts(study: &Study, contrast: &Contrast, cell: &ContrastCell, language: Language) -> [String; 3] {
    let question = &study.questions[cell.question];
    let text = |label: &Label| label.text(language).to_owned();
    let figure = match cell.of {
        Of::Option(option) => text(&question.options[option].label),
        Of::Net(net) => text(&question.nets[net].label),
        Of::Mean | Of::NetPromoterScore => super::statistic(statistic(study, cell), language).0,
    };
    let level = |level: usize| {
        contrast.segment.map_or(String::new(), |segment| text(&study.segments[segment].levels()[level].label))
    };
    let among = match cell.among {
        Among::Total => term(Term::Total, language).to_owned(),
        Among::Level(index) => level(index),
        Among::Rest(index) => {
            let level = level(index);
            language.choose(format!("alle außer {level}"), format!("all but {level}"))
        }
    };
    [text(&question.short), figure, among]
}

/// What stands before a cell: nothing before the first, a sign or a stroke before the others, and factors.
fn joint(scale: Scale, factor: f64, is_first: bool, language: Language) -> String {
    let sign = match (scale, is_first) {
        (Scale::Difference, true) if factor < 0.0 => "−",
        (_, true) => "",
        (Scale::Difference, false) if factor < 0.0 => " −\u{a0}",
        (Scale::Difference, false) => " +\u{a0}",
        (Scale::RelativeRisk | Scale::OddsRatio, false) => " /\u{a0}",
    };
    let size = factor.abs();
    if size == 1.0 { sign.to_owned() } else { format!("{sign}{}\u{a0}×\u{a0}", self::factor(size, language)) }
}
