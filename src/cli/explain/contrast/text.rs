//! The explanation of a contrast for people.

use std::fmt::Write;

use super::{Account, Cell};
use crate::{
    cli::{
        Screen,
        explain::{
            phrases::number,
            text::{closing, data, degrees_and_multiplier},
        },
        paper::Paper,
    },
    study::{Language, Scale},
    survey::Survey,
    table::wrap,
    words::{self, Term, comparison},
};

pub(super) fn print(
    survey: &Survey,
    account: &Account<'_>,
    printed: &str,
    script: Option<&str>,
    screen: &Screen,
    language: Language,
) -> String {
    let mut paper = Paper { text: String::new(), width: screen.width(), language };
    let (measure, unit) = comparison::measure(account.contrast, language);
    let title = format!("{} –\u{a0}{measure}", comparison::label(&survey.study, account.contrast, language));
    for line in wrap(&title, paper.width) {
        let _ = writeln!(paper.text, "{}", screen.bold(&line));
    }
    if survey.study.data.synthetic {
        paper.lines("", words::term(Term::Synthetic, language));
    }
    data(&mut paper, survey);
    cells(&mut paper, survey, account);
    estimate(&mut paper, account);
    variance(&mut paper, survey, account);
    interval(&mut paper, survey, account);
    let limits = comparison::limits(&account.estimate, unit, language).unwrap_or_default();
    closing(&mut paper, survey, printed, &limits, script);
    paper.text
}

/// What is compared, with its factors.
fn cells(paper: &mut Paper, survey: &Survey, account: &Account<'_>) {
    let language = paper.language;
    paper.heading(language.choose("Was verglichen wird", "What is compared"));
    for (index, cell) in (1..).zip(&account.cells) {
        let factor = number(cell.of.factor, language);
        let text = comparison::cell(&survey.study, account.contrast, &cell.of, language);
        paper.fact(&format!("a_{index} = {factor}"), &text);
        let (estimate, weights) = (number(cell.estimate, language), number(cell.weights, language));
        let n = words::count(cell.respondents, language);
        paper.fact("", &format!("θ_{index} = {estimate}; n = {n}, Σw = {weights}"));
        if let Some(asked) = &survey.study.questions[cell.of.question].base.label {
            paper.fact("", &format!("{}: {}", words::term(Term::Base, language), asked.text(language)));
        }
    }
}

fn estimate(paper: &mut Paper, account: &Account<'_>) {
    let language = paper.language;
    let scale = account.contrast.scale;
    paper.heading(language.choose("Schätzwert", "Estimate"));
    paper.fact("h(θ)", transformation(scale));
    let terms = account.cells.iter().map(|cell| term(cell, language)).collect::<Vec<_>>().join(" ");
    let terms = terms.strip_prefix("+ ").map_or_else(|| terms.replacen("− ", "−", 1), str::to_owned);
    paper.fact("D = Σ a h(θ)", &format!("{terms} = {}", number(account.value, language)));
    if scale != Scale::Difference {
        paper.fact("e^D", &number(account.estimate.value, language));
    }
}

fn variance(paper: &mut Paper, survey: &Survey, account: &Account<'_>) {
    let language = paper.language;
    paper.heading(match survey.design.replicates {
        Some(_) => language.choose("Varianz aus Replikaten", "Variance from replicates"),
        None => language.choose("Varianz, linearisiert", "Variance, linearised"),
    });
    let formula = "V = Σ_i a_i² V_i + 2 Σ_i<j a_i a_j C_ij";
    let text = language.choose("mit V_i, C_ij der h(θ_i)", "with V_i, C_ij of the h(θ_i)");
    paper.fact("V", &format!("{}, {text}", formula.trim_start_matches("V = ")));
    for (index, cell) in (1..).zip(&account.cells) {
        paper.fact(&format!("V_{index}"), &number(cell.variance, language));
    }
    paper.fact("Σ a² V", &number(account.of_cells(), language));
    let common = language.choose(
        "was die Werte gemeinsam haben: Befragte, Einheiten, Schichten",
        "what the figures have in common: respondents, units, strata",
    );
    paper.fact("2 Σ a a C", &format!("{}: {common}", number(account.in_common(), language)));
    paper.fact("= V", &number(account.error * account.error, language));
    paper.fact("√V", &number(account.error, language));
    if account.contrast.scale != Scale::Difference {
        let name = language.choose("Standardfehler", "standard error");
        paper.fact(name, &format!("e^D √V = {}", number(account.estimate.standard_error, language)));
    }
    let n = words::count(account.estimate.bases.unweighted, language);
    let whose = if account.contrast.is_of_one_question() {
        language.choose("alle, auf denen einer der Werte beruht", "all on whom any of the figures stands")
    } else {
        language.choose("die kleinste Basis der Werte", "the smallest base of the figures")
    };
    paper.fact("n", &format!("{n}: {whose}"));
}

fn interval(paper: &mut Paper, survey: &Survey, account: &Account<'_>) {
    let language = paper.language;
    degrees_and_multiplier(paper, survey, account.estimate.degrees_of_freedom, account.multiplier);
    let name = language.choose("Grenzen", "limits");
    let Some(limits) = account.estimate.limits else {
        let text = language.choose(
            "keine: die Varianz ist 0, oder es gibt keine Freiheitsgrade",
            "none: the variance is 0, or there are no degrees of freedom",
        );
        paper.fact(name, text);
        return;
    };
    let between = language.choose("bis", "to");
    let range = |low: f64, high: f64| format!("{} {between} {}", number(low, language), number(high, language));
    let reach = account.multiplier * account.error;
    if account.contrast.scale == Scale::Difference {
        paper.fact("t √V", &number(reach, language));
        paper.fact(name, &format!("D ± t √V = {}", range(limits.low, limits.high)));
    } else {
        paper.fact("r", &format!("t √V = {}", number(reach, language)));
        paper.fact("D ± r", &range(account.value - reach, account.value + reach));
        paper.fact(name, &format!("e^(D ± r) = {}", range(limits.low, limits.high)));
    }
}

/// What of a figure is added up.
fn transformation(scale: Scale) -> &'static str {
    match scale {
        Scale::Difference => "θ",
        Scale::RelativeRisk => "ln θ",
        Scale::OddsRatio => "ln(θ / (1 − θ))",
    }
}

/// `− 0,5 · 0,3`
fn term(cell: &Cell, language: Language) -> String {
    let factor = cell.of.factor;
    let sign = if (factor < 0.0) == (cell.value < 0.0) { "+" } else { "−" };
    let size = number(cell.value.abs(), language);
    if factor.abs() == 1.0 {
        format!("{sign} {size}")
    } else {
        format!("{sign} {} · {size}", number(factor.abs(), language))
    }
}
