//! The formulas and sentences of `topline explain`, in German and English.

use crate::{
    estimate::Statistic,
    study::{DegreesOfFreedom, Interval, Language, LonelyUnit, Method, QuantileRule, Study, weighting::Residuals},
    survey::Survey,
};

/// What a statistic is computed of: the name of the sum above the line with its meaning, that below it, and the figure.
pub(super) struct Formulas {
    pub above: &'static str,
    pub above_meaning: &'static str,
    pub below: Option<&'static str>,
    pub below_meaning: &'static str,
    pub figure: &'static str,
    pub influence: &'static str,
}

/// The formulas of a statistic.
pub(super) fn formulas(statistic: Statistic, language: Language) -> Formulas {
    let base = language.choose("Gewichte der Basis", "weights of the base");
    let share = language.choose("Gewichte derer, die so antworteten", "weights of those who said so");
    let number = language.choose("Gewicht mal Zahl", "weight times number");
    match statistic {
        Statistic::Share(_) | Statistic::Net(_) => Formulas {
            above: "Y = Σwy",
            above_meaning: share,
            below: Some("X = Σw"),
            below_meaning: base,
            figure: "p = Y / X",
            influence: "z = w (y − p) / X",
        },
        Statistic::Mean => Formulas {
            above: "Y = Σwy",
            above_meaning: number,
            below: Some("X = Σw"),
            below_meaning: base,
            figure: "θ = Y / X",
            influence: "z = w (y − θ) / X",
        },
        Statistic::NetPromoterScore => Formulas {
            above: "Y = Σwy",
            above_meaning: language.choose(
                "Gewichte, für 9 und 10 positiv, für 0 bis 6 negativ",
                "weights, positive for 9 and 10, negative for 0 to 6",
            ),
            below: Some("X = Σw"),
            below_meaning: base,
            figure: "θ = Y / X",
            influence: "z = w (y − θ) / X",
        },
        Statistic::Ratio => Formulas {
            above: "Y = Σwy",
            above_meaning: language.choose("Gewicht mal erste Zahl", "weight times first number"),
            below: Some("X = Σwx"),
            below_meaning: language.choose("Gewicht mal zweite Zahl", "weight times second number"),
            figure: "θ = Y / X",
            influence: "z = w (y − θ x) / X",
        },
        Statistic::StandardDeviation => Formulas {
            above: "s",
            above_meaning: language.choose("√(n / (n − 1) · Σw (y − ȳ)² / Σw)", "√(n / (n − 1) · Σw (y − ȳ)² / Σw)"),
            below: None,
            below_meaning: "",
            figure: "θ = s",
            influence: "z = n / (n − 1) · w ((y − ȳ)² − Σw (y − ȳ)² / Σw) / (2 s Σw)",
        },
        Statistic::Count(_) => Formulas {
            above: "Y = Σwy",
            above_meaning: share,
            below: None,
            below_meaning: "",
            figure: "θ = Y",
            influence: "z = w y",
        },
        Statistic::Quantile(_) => Formulas {
            above: "Y = Σwy",
            above_meaning: language.choose("Gewichte der Antworten bis Q", "weights of the answers up to Q"),
            below: Some("X = Σw"),
            below_meaning: base,
            figure: "F = Y / X",
            influence: "z = w (y − F) / X",
        },
        Statistic::Total => Formulas {
            above: "Y = Σwy",
            above_meaning: number,
            below: None,
            below_meaning: "",
            figure: "θ = Y",
            influence: "z = w y",
        },
    }
}

/// What a rule for quantiles does, and its formula: `x_k` are the answers in order, `w_k` their weights, `C_k` these added up.
pub(super) fn rule(rule: QuantileRule, language: Language) -> (&'static str, &'static str) {
    match rule {
        QuantileRule::Math => (
            language
                .choose("die erste Antwort, bis zu der p erreicht ist", "the first answer up to which p is reached"),
            "Q(p) = x_k, min k: C_k ≥ p C_n",
        ),
        QuantileRule::School => (
            language.choose(
                "die erste Antwort, bis zu der p erreicht ist; genau dort die Mitte zur nächsten",
                "the first answer up to which p is reached; exactly there the middle to the next",
            ),
            "Q(p) = x_k, min k: C_k ≥ p C_n; (x_k + x_k+1) / 2 if C_k = p C_n",
        ),
        QuantileRule::Hf4 => (line(language), "Q(a_k) = x_k, a_k = C_k / C_n"),
        QuantileRule::Hf5 => (line(language), "Q(a_k) = x_k, a_k = (C_k − w_k/2) / C_n"),
        QuantileRule::Hf6 => (line(language), "Q(a_k) = x_k, a_k = C_k / (C_n + w_n)"),
        QuantileRule::Hf7 => (line(language), "Q(a_k) = x_k, a_k = C_k−1 / C_n−1"),
        QuantileRule::Hf8 => (line(language), "Q(a_k) = x_k, a_k = (C_k−1 / 3 + 2 C_k / 3) / (C_n + w_n / 3)"),
        QuantileRule::Hf9 => (line(language), "Q(a_k) = x_k, a_k = (3 C_k−1 / 8 + 5 C_k / 8) / (C_n + w_n / 4)"),
    }
}

fn line(language: Language) -> &'static str {
    language
        .choose("gerade Linien zwischen den Antworten in ihrer Folge", "straight lines from answer to answer in order")
}

/// The weight of a respondent.
pub(super) fn weight(study: &Study, language: Language) -> String {
    let base = study.design.weight.as_ref().map(|(column, _)| column.as_str());
    let Some(weighting) = &study.weighting else {
        let equal = language.choose("w = 1 für alle", "w = 1 for everybody").to_owned();
        return base.map_or(equal, |base| format!("w = {base}"));
    };
    let margins = weighting.margins.iter().map(|margin| weighting.name_of(margin));
    let targets: Vec<String> = margins.chain(weighting.numbers.iter().map(|number| number.column.clone())).collect();
    let (base, method, targets) = (base.unwrap_or("1"), weighting.method.name(), targets.join(", "));
    language.choose(
        format!("w = {base} · g, mit dem Faktor g der Gewichtung ({method}): {targets}"),
        format!("w = {base} · g, with the factor g of the weighting ({method}): {targets}"),
    )
}

/// What is taken from influences where weights are fitted.
pub(super) fn explained(residuals: Residuals, language: Language) -> &'static str {
    match residuals {
        Residuals::BaseWeights => language.choose(
            "abzüglich w x′β: was eine Regression auf die Ziele der Gewichtung erklärt, mit den Ausgangsgewichten",
            "less w x′β: what a regression on the targets of the weighting explains, with base weights",
        ),
        Residuals::Respondents => language.choose(
            "abzüglich w x′β: Mittel der Stufen ohne Gewichte, Rand um Rand, in zehn Runden, wie nach rake in R (respondents)",
            "less w x′β: means of the levels without weights, margin after margin, in ten rounds, as after rake in R (respondents)",
        ),
    }
}

/// Why R's package survey has no script: of replicates that are made here, or of weights of 0.
pub(super) fn unlike_r(survey: &Survey, language: Language) -> &'static str {
    match survey.design.replicates.as_ref().map(|design| design.method) {
        None => language.choose(
            "kein Skript: calibrate gibt keinen Fehler, wo die Gewichtung Gewichte von 0 ergibt",
            "no script: calibrate gives no error where weighting makes weights of 0",
        ),
        Some(Method::Jk2 | Method::Bootstrap) => language.choose(
            "kein Skript: as.svrepdesign lost andere Replikate aus, mit anderen Fehlern",
            "no script: as.svrepdesign draws other replicates by lot, with other errors",
        ),
        Some(Method::Brr | Method::Fay | Method::SuccessiveDifference) => language.choose(
            "kein Skript: as.svrepdesign nimmt eine andere Hadamard-Matrix oder bildet solche Replikate nicht",
            "no script: as.svrepdesign takes another Hadamard matrix, or makes no such replicates",
        ),
        Some(Method::Jk1 | Method::Jkn | Method::Other) => language.choose(
            "kein Skript: as.svrepdesign bildet aus einzelnen Einheiten, voll erhobenen Schichten und ungleichen Chancen andere Replikate",
            "no script: of single units, strata sampled in full and unequal chances as.svrepdesign makes other replicates",
        ),
    }
}

/// Whose units and strata are counted.
pub(super) fn degrees_of_freedom(rule: DegreesOfFreedom, language: Language) -> &'static str {
    match rule {
        DegreesOfFreedom::Design => language.choose(
            "Einheiten − Schichten der ganzen Stichprobe (design)",
            "units − strata of the whole sample (design)",
        ),
        DegreesOfFreedom::Domain => language.choose(
            "Einheiten − Schichten, aus denen jemand in der Basis ist (domain)",
            "units − strata with anybody in the base (domain)",
        ),
        DegreesOfFreedom::Strata => language.choose(
            "alle Einheiten der Schichten, aus denen jemand in der Basis ist, − diese Schichten (strata)",
            "all units of the strata with anybody in the base − these strata (strata)",
        ),
    }
}

/// What a stratum with a single unit adds.
pub(super) fn lonely(rule: LonelyUnit, language: Language) -> &'static str {
    match rule {
        LonelyUnit::Fail => language.choose("unbekannt (fail)", "unknown (fail)"),
        LonelyUnit::Certainty => language.choose("tragen nichts bei (certainty)", "they add nothing (certainty)"),
        LonelyUnit::Remove => language.choose("tragen nichts bei (remove)", "they add nothing (remove)"),
        LonelyUnit::Adjust => language.choose(
            "(1 − f) (z − z̄)² mit dem Mittel aller Einheiten (adjust)",
            "(1 − f) (z − z̄)² with the mean of all units (adjust)",
        ),
        LonelyUnit::Average => {
            language.choose("im Mittel so viel wie die anderen (average)", "as much as the others on average (average)")
        }
    }
}

/// Where an interval comes from.
pub(super) fn source(interval: Interval, language: Language) -> Option<&'static str> {
    Some(match interval {
        Interval::Logit => language.choose("Korn & Graubard 1999, S. 64", "Korn & Graubard 1999, p. 64"),
        Interval::Wald => return None,
        Interval::Arcsine => "R svyciprop asin",
        Interval::Wilson => "Wilson 1927",
        Interval::Likelihood => "Rao & Scott 1984",
        Interval::KornGraubard => "Korn & Graubard 1998",
        Interval::Nchs => "Parker et al. 2017",
        Interval::ClopperPearson => "Clopper & Pearson 1934",
        Interval::AgrestiCoull => "Agresti & Coull 1998",
        Interval::Jeffreys => "Brown, Cai & DasGupta 2001",
    })
}

/// A number with nine significant digits, so that it can be computed with.
pub(super) fn number(value: f64, language: Language) -> String {
    const DIGITS: i32 = 9;
    if !value.is_finite() {
        return language.choose("unbekannt", "unknown").to_owned();
    }
    let size = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let text = if (-4..15).contains(&size) {
        let decimals = usize::try_from(DIGITS - 1 - size).unwrap_or(0);
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        format!("{value:.8e}")
    };
    language.choose(text.replace('.', ","), text.clone()).replace('-', "−")
}
