//! An explanation for people.

use std::fmt::Write;

use super::{
    super::{Screen, counts::Counts, paper::Paper},
    account::Account,
    phrases::{self, number},
    replicates,
    strata::Strata,
    table,
};
use crate::{
    estimate::Statistic,
    study::{Chances, DesignEffect, Language, Levels, Quantile, QuantileRule},
    survey::Survey,
    table::wrap as wrapped,
    words::{self, Term, Unit},
};

pub(super) fn print(
    survey: &Survey,
    account: &Account,
    (printed, unit): (&str, Unit),
    script: Option<&str>,
    screen: &Screen,
    language: Language,
) -> String {
    let mut paper = Paper { text: String::new(), width: screen.width(), language };
    for line in wrapped(&title(survey, account, language), paper.width) {
        let _ = writeln!(paper.text, "{}", screen.bold(&line));
    }
    if survey.study.data.synthetic {
        paper.lines("", words::term(Term::Synthetic, language));
    }
    data(&mut paper, survey);
    base(&mut paper, survey, account);
    estimate(&mut paper, account, survey.study.design.quantile_rule);
    match (&account.strata, replicates::of(survey, account)) {
        (Some(strata), _) => variance(&mut paper, survey, account, strata),
        (None, Some((design, squares))) => replicates::print(&mut paper, account, design, squares),
        (None, None) => {}
    }
    effects(&mut paper, survey, account);
    interval(&mut paper, survey, account);
    let limits = words::limits(&account.steps.estimate, unit, language);
    closing(&mut paper, survey, printed, &limits, script);
    paper.text
}

/// The figure as it is printed, and the script for R.
pub(super) fn closing(paper: &mut Paper, survey: &Survey, printed: &str, limits: &str, script: Option<&str>) {
    let language = paper.language;
    paper.heading(language.choose("Gedruckt", "Printed"));
    let limits = if limits.is_empty() { String::new() } else { format!(" ({limits})") };
    let rounded =
        language.choose("auf der letzten Stelle gerundet, halbe aufwärts", "rounded on the last digit, halves up");
    paper.fact(language.choose("Wert", "figure"), &format!("{printed}{limits}: {rounded}"));
    paper.heading(language.choose("Dasselbe in R", "The same in R"));
    if script.is_none() {
        paper.fact("", phrases::unlike_r(survey, language));
    }
    for line in script.unwrap_or_default().lines() {
        let _ = writeln!(paper.text, "{}", format!("  {line}").trim_end());
    }
}

fn title(survey: &Survey, account: &Account, language: Language) -> String {
    let question = &survey.study.questions[account.question];
    let what = match account.statistic {
        Statistic::Share(option) | Statistic::Count(option) => question.options[option].label.text(language),
        Statistic::Net(net) => question.nets[net].label.text(language),
        _ => "",
    };
    let (name, _) = words::statistic(account.statistic, language);
    let what = if what.is_empty() { name } else { format!("{name}: {what}") };
    let among = account.level.map_or(words::term(Term::Total, language), |(segment, level)| {
        survey.study.segments[segment].levels()[level].label.text(language)
    });
    format!("{} – {what} – {among}", question.short.text(language))
}

pub(super) fn data(paper: &mut Paper, survey: &Survey) {
    let language = paper.language;
    paper.heading(language.choose("Daten", "Data"));
    let rows = words::count(survey.tally.rows, language);
    let rows = language.choose(format!("{rows} Zeilen"), format!("{rows} rows"));
    paper.fact(language.choose("Datei", "file"), &format!("{}, {rows}", survey.table.name()));
    if let Some(reasons) = words::quality::exclusions(survey, language) {
        paper.fact(language.choose("ausgeschlossen", "left out"), &reasons);
    }
    paper.fact(language.choose("Gewicht", "weight"), &phrases::weight(&survey.study, language));
}

fn base(paper: &mut Paper, survey: &Survey, account: &Account) {
    let (study, language) = (&survey.study, paper.language);
    let question = &study.questions[account.question];
    let counts = Counts::new(survey, language);
    paper.heading(language.choose("Basis", "Base"));
    let label = words::base_label(question.base.label.as_ref(), language);
    let asked = counts.asked(account.question);
    paper.fact(language.choose("gefragt", "asked"), &format!("{asked}: {label}"));
    if let Some(condition) = &question.base.condition {
        paper.fact(language.choose("Bedingung", "condition"), &condition.to_string());
    }
    let missing: Vec<String> = (counts.missing(account.question).into_iter())
        .map(|(reason, count)| format!("{count} {}", words::reason(reason, language)))
        .collect();
    if !missing.is_empty() {
        paper.fact(language.choose("ohne Antwort", "missing"), &missing.join(", "));
    }
    if !question.missing_in_base.is_empty() {
        let reasons = question.missing_in_base.iter().map(|reason| words::reason(*reason, language));
        let reasons: Vec<&str> = reasons.collect();
        let text = language.choose("zählt in der Basis, als keine Antwort", "counts in the base, as no answer");
        paper.fact("", &format!("{}: {text}", reasons.join(", ")));
    }
    if let Some((segment, level)) = account.level {
        let segment = &study.segments[segment];
        let test = match &segment.levels {
            Levels::Codes(levels) => format!("{} = {}", segment.column, levels[level].code),
            Levels::Bands { starts, .. } => match starts.get(level + 1) {
                Some(next) => format!("{} ≤ {} < {next}", starts[level], segment.column),
                None => format!("{} ≥ {}", segment.column, starts[level]),
            },
        };
        paper.fact(language.choose("Gruppe", "level"), &test);
    }
    let n = words::count(account.steps.estimate.bases.unweighted, language);
    let text = language.choose("mit Gewicht über 0", "with a weight above 0");
    paper.fact("n", &format!("{n} {text}"));
}

fn estimate(paper: &mut Paper, account: &Account, rule: QuantileRule) {
    let language = paper.language;
    let formulas = phrases::formulas(account.statistic, language);
    paper.heading(language.choose("Schätzwert", "Estimate"));
    if let Some(reading) = &account.steps.reading {
        let (meaning, formula) = phrases::rule(rule, language);
        paper.fact("p", &number(reading.part, language));
        paper.fact(language.choose("Regel", "rule"), &format!("{}: {meaning}", rule.name()));
        let symbols = language.choose(
            "Antworten x_k der Größe nach, mit Gewichten w_k, C_k = w_1 + … + w_k",
            "answers x_k in order, with weights w_k, C_k = w_1 + … + w_k",
        );
        paper.fact("", symbols);
        paper.fact("", formula);
        paper.fact("Q = Q(p)", &number(account.steps.estimate.value, language));
    }
    let count = account.steps.count.map(|count| {
        let count = words::count(count, language);
        language.choose(format!(" ({count} Befragte)"), format!(" ({count} respondents)"))
    });
    if let (Some(name), Some(below)) = (formulas.below, account.steps.denominator) {
        paper.fact(name, &format!("{}: {}", number(below, language), formulas.below_meaning));
    }
    let above = number(account.steps.numerator, language);
    paper.fact(formulas.above, &format!("{above}: {}{}", formulas.above_meaning, count.unwrap_or_default()));
    let value = number(account.steps.spreading().value, language);
    let quotient = account.steps.denominator.map(|below| format!("{above} / {} = ", number(below, language)));
    paper.fact(formulas.figure, &format!("{}{value}", quotient.unwrap_or_default()));
}

fn variance(paper: &mut Paper, survey: &Survey, account: &Account, strata: &Strata) {
    let language = paper.language;
    let (design, first) = (&survey.study.design, &survey.design.stages[0]);
    paper.heading(language.choose("Varianz, linearisiert", "Variance, linearised"));
    let formulas = phrases::formulas(account.statistic, language);
    let sum = language.choose("summiert über die Befragten einer Einheit", "summed over the respondents of a unit");
    paper.fact("z", &format!("{}, {sum}", formulas.influence.trim_start_matches("z = ")));
    if let Some(residuals) = survey.study.residuals() {
        paper.fact("", phrases::explained(residuals, language));
    }
    let of = |column: Option<&String>| column.map_or(String::new(), |column| format!(" ({column})"));
    let count = words::count(first.strata.len() as u64, language);
    let named = &design.first().strata;
    paper.fact(
        language.choose("Schichten h", "strata h"),
        &format!("{count}{}", of(named.as_ref().map(|(column, _)| column))),
    );
    let units = words::count(first.strata.iter().map(|stratum| stratum.units).sum(), language);
    let each = language.choose("jede Person ist eine", "each respondent is one").to_owned();
    let kind = design.first().units.as_ref().map_or(format!(": {each}"), |(column, _)| format!(" ({column})"));
    paper.fact(language.choose("Einheiten i", "units i"), &format!("{units}{kind}"));
    let stages = survey.design.stages.len();
    paper.fact(language.choose("Stufen", "stages"), &words::count(stages as u64, language));
    let fraction = if design.chances == Chances::Brewer { "f_hi" } else { "f_h" };
    let mut formula = format!("Σ_h n_h / (n_h − 1) Σ_i (1 − {fraction}) (z_hi − z̄_h)²");
    if stages > 1 {
        formula += language.choose(" + Σ_hi f_hi · (ebenso in Einheit hi)", " + Σ_hi f_hi · (the same within unit hi)");
    }
    paper.fact("V", &formula);
    table::print(paper, survey, strata);
    if strata.lonely > 0 {
        let count = words::count(strata.lonely as u64, language);
        let rule = phrases::lonely(design.lonely_unit, language);
        let text = language.choose(
            format!("{count} Schichten mit einer einzigen Einheit: {rule}"),
            format!("{count} strata with a single unit: {rule}"),
        );
        paper.fact(language.choose("allein", "lonely"), &text);
    }
    paper.fact("= V", &number(account.variance(), language));
    paper.fact("√V", &number(account.steps.spreading().standard_error, language));
}

fn effects(paper: &mut Paper, survey: &Survey, account: &Account) {
    let language = paper.language;
    let estimate = account.steps.estimate;
    let effective = words::or_withheld(account.record.n_effective, |effective| number(effective, language));
    let effective = format!("(Σw)² / Σw² = {effective} (Kish 1965)");
    if account.steps.reading.is_some() {
        paper.heading(language.choose("Effektive Basis", "Effective base"));
        paper.fact("n_eff", &effective);
        return;
    }
    paper.heading(language.choose("Designeffekt und effektive Basis", "Design effect and effective base"));
    let simple = match account.statistic {
        Statistic::Share(_) | Statistic::Net(_) => "V / (p (1 − p) / (n − 1))",
        _ => language.choose(
            "V / Varianz einer einfachen Zufallsstichprobe von n",
            "V / variance of a simple random sample of n",
        ),
    };
    let Some(effect) = estimate.design_effect else {
        let why = match account.statistic {
            Statistic::StandardDeviation => language.choose(
                "keiner: für eine Standardabweichung nicht definiert",
                "none: not defined for a standard deviation",
            ),
            _ => language.choose(
                "keiner: in einer einfachen Zufallsstichprobe wäre die Varianz 0 oder unbekannt",
                "none: in a simple random sample the variance would be 0 or unknown",
            ),
        };
        paper.fact(language.choose("Designeffekt", "design effect"), why);
        paper.fact("n_eff", &effective);
        return;
    };
    let with = language.choose("mit Zurücklegen", "with replacement");
    let with = format!("{simple} = {}, {with}", number(effect, language));
    let without = estimate.design_effect_without.map_or_else(
        || {
            let why = language.choose(
                "keiner ohne Zurücklegen: Σw ist nicht größer als n",
                "none without replacement: Σw is not above n",
            );
            why.to_owned()
        },
        |effect| {
            let without = language.choose("ohne Zurücklegen aus Σw", "without replacement from Σw");
            format!("… / (1 − n / Σw) = {}, {without}", number(effect, language))
        },
    );
    let (own, other) = match survey.study.design.design_effect {
        DesignEffect::With => (with, without),
        DesignEffect::Without => (without, with),
    };
    paper.fact(language.choose("Designeffekt", "design effect"), &own);
    paper.fact(language.choose("außerdem", "also"), &other);
    paper.fact("n_eff", &effective);
}

/// The heading of an interval, the degrees of freedom and the quantile that follows from them.
pub(super) fn degrees_and_multiplier(paper: &mut Paper, survey: &Survey, degrees: f64, multiplier: f64) {
    let (design, language) = (&survey.study.design, paper.language);
    paper.heading(&words::confidence_interval(design.confidence, language));
    if let Some(system) = design.like {
        let text = language.choose("wie in", "like");
        paper.fact(language.choose("Definitionen", "definitions"), &format!("{text} {}", system.label()));
    }
    let degrees = number(degrees, language);
    let rule = match survey.design.replicates {
        Some(_) => language.choose("Rang der Matrix der Replikate − 1", "rank of the matrix of replicates − 1"),
        None => phrases::degrees_of_freedom(design.degrees_of_freedom, language),
    };
    paper.fact(language.choose("Freiheitsgrade", "df"), &format!("{degrees}: {rule}"));
    let upper = number(f64::midpoint(1.0, design.confidence), language);
    let of = match design.quantile {
        Quantile::T => language.choose("Quantil von Student t", "quantile of Student’s t"),
        Quantile::Z => language.choose("Quantil der Normalverteilung (z)", "quantile of the normal distribution (z)"),
    };
    paper.fact("t", &format!("{}: {upper}-{of}", number(multiplier, language)));
}

fn interval(paper: &mut Paper, survey: &Survey, account: &Account) {
    let language = paper.language;
    let estimate = account.steps.estimate;
    degrees_and_multiplier(paper, survey, estimate.degrees_of_freedom, account.steps.multiplier);
    let none = |paper: &mut Paper, text: &str| paper.fact(language.choose("Grenzen", "limits"), text);
    let Some(limits) = account.steps.spreading().limits else {
        let text = match account.steps.reading {
            Some(reading) if reading.below.value >= 1.0 => {
                language.choose("keine: niemand liegt über Q", "none: nobody is above Q")
            }
            _ => language.choose("keine: es gibt keine Freiheitsgrade", "none: there are no degrees of freedom"),
        };
        none(paper, text);
        return;
    };
    let kind = limits.interval;
    let source = phrases::source(kind, language).map(|source| format!(" ({source})"));
    paper.fact(language.choose("Art", "kind"), &format!("{}{}", kind.name(), source.unwrap_or_default()));
    for step in &account.limits {
        let name = match step.name.as_str() {
            "limits" => language.choose("Grenzen", "limits"),
            name => name,
        };
        let values: Vec<String> = step.values.iter().map(|value| number(*value, language)).collect();
        let between = language.choose(" bis ", " to ");
        paper.fact(name, &format!("{} = {}", step.formula, values.join(between)));
    }
    if account.steps.reading.is_some() {
        if estimate.limits.is_none() {
            none(paper, language.choose("keine: F_l oder F_u nicht in 0 bis 1", "none: F_l or F_u is not in 0 to 1"));
            return;
        }
        let error = number(estimate.standard_error, language);
        let name = language.choose("Standardfehler", "standard error");
        paper.fact(name, &format!("(Q(F_u) − Q(F_l)) / 2t = {error} (Woodruff 1952)"));
    }
}
