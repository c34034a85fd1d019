//! A contrast in R: `svycontrast` of the totals above and below the line of each cell, or the whole in each replicate.

use super::{answers, degrees_of_freedom, designed, opening, printing};
use crate::{
    diagnostic::Diagnostics,
    estimate::Statistic,
    study::{Among, Contrast, ContrastCell, Scale, Study},
    survey::Survey,
    words::comparison,
};

/// Lines that recompute a contrast; `None` where R would make other replicates.
pub(in super::super) fn script(survey: &Survey, contrast: &Contrast) -> Result<Option<String>, Diagnostics> {
    let Some(mut lines) = opening(survey)? else { return Ok(None) };
    let study = &survey.study;
    for (cell, number) in contrast.cells.iter().zip(1..) {
        lines.extend(of_cell(study, contrast, cell, number));
    }
    let cells: Vec<String> = (1..=contrast.cells.len()).map(|number| format!("frame$in{number}")).collect();
    lines.push(format!("frame$in_base <- {}", cells.join(" | ")));
    lines.push(String::new());
    lines.extend(designed(survey));
    lines.extend(degrees_of_freedom(study));
    let level = study.design.confidence;
    let formula = formula(contrast);
    if survey.design.replicates.is_some() {
        let sums = (1..=contrast.cells.len())
            .map(|number| format!("  a{number} <- sum(w * data$a{number}); b{number} <- sum(w * data$b{number})"));
        lines.push("contrast <- function(w, data) {".to_owned());
        lines.extend(sums);
        lines.push(format!("  {formula}"));
        lines.push("}".to_owned());
        lines.push("m <- withReplicates(base, contrast)".to_owned());
    } else {
        let totals: Vec<String> = (1..=contrast.cells.len()).map(|number| format!("a{number} + b{number}")).collect();
        lines.push(format!("m <- svytotal(~{}, base)", totals.join(" + ")));
        lines.push(format!("m <- svycontrast(m, list(contrast = quote({formula})))"));
    }
    lines.push("p <- as.vector(coef(m))".to_owned());
    lines.push("se <- as.vector(SE(m))".to_owned());
    lines.push(format!("ci <- p + c(-1, 1) * qt((1 + {level}) / 2, q) * se"));
    if contrast.scale != Scale::Difference {
        lines.push("ci <- exp(ci)  # of a logarithm".to_owned());
        lines.push("p <- exp(p)".to_owned());
        lines.push("se <- p * se".to_owned());
    }
    lines.extend(printing());
    Ok(Some(lines.join("\n") + "\n"))
}

/// `in1`, who is in the base of the cell; `a1` and `b1`, whose totals are above and below its line.
fn of_cell(study: &Study, contrast: &Contrast, cell: &ContrastCell, number: usize) -> Vec<String> {
    let question = &study.questions[cell.question];
    let segment = contrast.segment.map(|segment| &study.segments[segment]);
    let statistic = comparison::statistic(study, cell);
    let level = match cell.among {
        Among::Level(level) => segment.map(|segment| (segment, level)),
        Among::Total | Among::Rest(_) => None,
    };
    let name = comparison::cell(study, contrast, cell, study.about.language);
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = vec![format!("# {number}. {name}")];
    lines.extend(answers::lines(study, question, level, statistic));
    if let (Among::Rest(level), Some(segment)) = (cell.among, segment) {
        let in_level = answers::in_level(study, segment, level);
        lines.push(format!("frame$in_base <- frame$in_base & !({in_level} %in% TRUE)"));
    }
    let below = if statistic == Statistic::Ratio { "frame$v" } else { "1" };
    lines.push(format!("frame$in{number} <- frame$in_base"));
    lines.push(format!("frame$a{number} <- ifelse(frame$in_base, frame$y, 0)"));
    lines.push(format!("frame$b{number} <- ifelse(frame$in_base, {below}, 0)"));
    lines
}

/// `a1 / b1 - a2 / b2`, or a difference of logarithms.
fn formula(contrast: &Contrast) -> String {
    let mut text = String::new();
    for (cell, number) in contrast.cells.iter().zip(1..) {
        let (above, below) = (format!("a{number}"), format!("b{number}"));
        let figure = match contrast.scale {
            Scale::Difference => format!("{above} / {below}"),
            Scale::RelativeRisk => format!("log({above} / {below})"),
            Scale::OddsRatio => format!("log({above} / ({below} - {above}))"),
        };
        let sign = match (cell.factor < 0.0, number) {
            (true, 1) => "-",
            (false, 1) => "",
            (true, _) => " - ",
            (false, _) => " + ",
        };
        let size = cell.factor.abs();
        text += &if size == 1.0 { format!("{sign}{figure}") } else { format!("{sign}{size} * {figure}") };
    }
    text
}
