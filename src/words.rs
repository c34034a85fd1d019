//! Numbers and fixed words as they are printed, in German and English.
//!
//! German puts a comma and a narrow no-break space before the percent sign (54,2 %), English a point and nothing
//! (54.2%). Figures are rounded half up on the printed digit, after all computing.

pub mod comparison;
pub mod quality;
pub mod weighting;

use crate::{
    design::Replicates,
    disclosure::{Count, Figure, Reliability},
    estimate::{Bases, Estimate, Statistic},
    study::{Kind, Label, Language, Method, Reason, Study},
};

/// A share in percent with `digits` after the point.
#[must_use]
pub fn percent(share: f64, digits: usize, language: Language) -> String {
    let number = decimal(share * 100.0, digits, language);
    match language {
        Language::De => format!("{number}\u{202f}%"),
        Language::En => format!("{number}%"),
    }
}

/// A share in percentage points without the sign, for table cells.
#[must_use]
pub fn points(share: f64, digits: usize, language: Language) -> String {
    decimal(share * 100.0, digits, language)
}

/// A number with `digits` after the point.
#[must_use]
pub fn decimal(number: f64, digits: usize, language: Language) -> String {
    let scale = 10_f64.powi(digits as i32);
    // Half up on the printed digit. The nudge makes 0.285 * 100 * 10 = 284.99999999999994 count as the 285 that
    // was meant; it is far below any digit that is printed.
    let rounded = (number * scale + 0.5 + 1e-9 * (number * scale).abs().max(1.0)).floor() / scale;
    let text = format!("{:.digits$}", rounded + 0.0);
    let text = if rounded == 0.0 { text.trim_start_matches('-').to_owned() } else { text };
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("−", whole));
    let whole = group(whole, language);
    match (fraction, language) {
        (None, _) => format!("{sign}{whole}"),
        (Some(fraction), Language::De) => format!("{sign}{whole},{fraction}"),
        (Some(fraction), Language::En) => format!("{sign}{whole}.{fraction}"),
    }
}

/// A count of respondents.
#[must_use]
pub fn count(number: u64, language: Language) -> String {
    group(&number.to_string(), language)
}

/// How many respondents, as far as it may be said.
#[must_use]
pub fn respondents(number: Count, language: Language) -> String {
    let print = |number| count(number, language);
    match number {
        Count::Exactly(number) => print(number),
        Count::About(number) => language.choose(format!("rund {}", print(number)), format!("about {}", print(number))),
        Count::Under(number) => language.choose(format!("unter {}", print(number)), format!("under {}", print(number))),
        Count::Rest => language.choose("der Rest", "the rest").to_owned(),
    }
}

/// The limits of an estimate as `51,8–56,6`; empty where there are none.
#[must_use]
pub fn limits(estimate: &Estimate, kind: Unit, language: Language) -> String {
    let Some(limits) = &estimate.limits else { return String::new() };
    let print = |value| match kind {
        Unit::Share => points(value, 1, language),
        unit => amount(value, unit, language),
    };
    format!("{}–{}", print(limits.low), print(limits.high))
}

/// `95-%-Konfidenzintervall`.
#[must_use]
pub fn confidence_interval(confidence: f64, language: Language) -> String {
    let level = points(confidence, decimals_of_level(confidence), language);
    match language {
        Language::De => format!("{level}-%-Konfidenzintervall"),
        Language::En => format!("{level}% confidence interval"),
    }
}

/// The decimals that a confidence level needs in percent: none for 0.95, two for 0.9999, which is not 100 %.
#[must_use]
pub fn decimals_of_level(confidence: f64) -> usize {
    const MOST: usize = 9;
    let is_enough = |decimals: &usize| {
        let scaled = confidence * 100.0 * 10_f64.powi(*decimals as i32);
        (scaled - scaled.round()).abs() <= 1e-9 * scaled
    };
    (0..MOST).find(is_enough).unwrap_or(MOST)
}

/// `95-%-Konfidenzintervalle`.
#[must_use]
pub fn confidence_intervals(confidence: f64, language: Language) -> String {
    let plural = match language {
        Language::De => "e",
        Language::En => "s",
    };
    format!("{}{plural}", confidence_interval(confidence, language))
}

/// How a question is answered: in English as study files call it.
#[must_use]
pub fn kind(kind: Kind, language: Language) -> &'static str {
    let german = match kind {
        Kind::Single => "Einfachnennung",
        Kind::Multiple => "Mehrfachnennung",
        Kind::Scale => "Skala",
        Kind::Number => "Zahl",
        Kind::Ratio => "Verhältnis",
    };
    language.choose(german, kind.name())
}

/// What an estimate counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share from 0 to 1.
    Share,
    /// The unit of the question.
    Mean,
    /// A number in the population.
    Number,
    /// A difference of shares, in percentage points.
    Points,
    /// A number that somebody gave, with so many decimals.
    Answer(usize),
}

/// A figure with its unit, or the symbol for why there is none.
#[must_use]
pub fn figure(figure: &Figure, unit: Unit, language: Language) -> String {
    match (figure, unit) {
        (Figure::Shown(estimate), Unit::Share) => percent(estimate.value, 1, language),
        (Figure::Shown(estimate), unit) => amount(estimate.value, unit, language),
        (Figure::Withheld(_), _) => WITHHELD.to_owned(),
        (Figure::Empty, _) => EMPTY.to_owned(),
    }
}

/// A number in its unit.
#[must_use]
pub fn amount(value: f64, unit: Unit, language: Language) -> String {
    match unit {
        Unit::Share => percent(value, 1, language),
        Unit::Mean => decimal(value, 2, language),
        Unit::Number => decimal(value, 0, language),
        Unit::Answer(decimals) => decimal(value, decimals, language),
        Unit::Points => {
            let sign = if value > 0.0 { "+" } else { "" };
            format!("{sign}{}", decimal(100.0 * value, 1, language))
        }
    }
}

/// The unit of a statistic whose figures stand together. Quantiles are answers, or lie between two: they have the decimals that
/// all of them and their limits need, so that whole numbers stay whole; never more than means.
#[must_use]
pub fn unit<'a>(statistic: Statistic, figures: impl IntoIterator<Item = &'a Figure>, language: Language) -> Unit {
    const DECIMALS_OF_MEANS: usize = 2;
    if !matches!(statistic, Statistic::Quantile(_)) {
        return self::statistic(statistic, language).1;
    }
    let decimals = |value: f64| {
        let is_enough = |decimals: &usize| {
            let scaled = value * 10_f64.powi(*decimals as i32);
            (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
        };
        (0..DECIMALS_OF_MEANS).find(is_enough).unwrap_or(DECIMALS_OF_MEANS)
    };
    let shown = figures.into_iter().filter_map(Figure::shown);
    let values = shown.flat_map(|estimate| {
        let limits = estimate.limits.map(|limits| [limits.low, limits.high]);
        [estimate.value].into_iter().chain(limits.into_iter().flatten())
    });
    Unit::Answer(values.map(decimals).max().unwrap_or(0))
}

/// What a statistic beside share and mean is called, and its unit; of a quantile that of a mean, [`unit()`] knows better.
#[must_use]
pub fn statistic(statistic: Statistic, language: Language) -> (String, Unit) {
    let (de, en, unit) = match statistic {
        Statistic::Share(_) | Statistic::Net(_) => ("Anteil", "Share", Unit::Share),
        Statistic::Mean => ("Mittelwert", "Mean", Unit::Mean),
        Statistic::Ratio => ("Verhältnis", "Ratio", Unit::Mean),
        Statistic::Count(_) => ("Anzahl, hochgerechnet", "Number in the population", Unit::Number),
        Statistic::Total => ("Summe, hochgerechnet", "Total in the population", Unit::Number),
        Statistic::StandardDeviation => ("Standardabweichung", "Standard deviation", Unit::Mean),
        Statistic::NetPromoterScore => ("Net Promoter Score", "Net promoter score", Unit::Points),
        Statistic::Quantile(0.5) => ("Median", "Median", Unit::Mean),
        Statistic::Quantile(part) => {
            let percent = percent(part, usize::from((part * 100.0).fract().abs() > 1e-9), language);
            return (language.choose(format!("Quantil {percent}"), format!("Quantile {percent}")), Unit::Mean);
        }
    };
    (language.choose(de, en).to_owned(), unit)
}

/// Printed for a figure that is kept back.
pub const WITHHELD: &str = "·";
/// Printed where nobody is in the base.
pub const EMPTY: &str = "–";

/// `n = 3.000` with the mark of its reliability; the withheld symbol where the base may not be named.
#[must_use]
pub fn base_count(bases: Option<&Bases>, study: &Study, language: Language) -> String {
    bases.map_or_else(
        || WITHHELD.to_owned(),
        |bases| {
            let mark = Reliability::of(bases.unweighted, study).mark();
            format!("{}{mark}", count(bases.unweighted, language))
        },
    )
}

/// `A, B and C`.
#[must_use]
pub fn list(items: &[String], language: Language) -> String {
    match items {
        [others @ .., last] if !others.is_empty() => {
            format!("{} {} {last}", others.join(", "), language.choose("und", "and"))
        }
        _ => items.concat(),
    }
}

/// What is printed of something, or the symbol where it is withheld.
pub fn or_withheld<T>(value: Option<T>, print: impl Fn(T) -> String) -> String {
    value.map_or_else(|| WITHHELD.to_owned(), print)
}

/// An effective base; the symbol where it is withheld and so no number.
#[must_use]
pub fn effective_base(effective: f64, language: Language) -> String {
    if effective.is_nan() { WITHHELD.to_owned() } else { decimal(effective, 0, language) }
}

/// Who was asked, in words.
#[must_use]
pub fn base_label(label: Option<&Label>, language: Language) -> &str {
    label.map_or_else(|| term(Term::Everybody, language), |label| label.text(language))
}

/// Why an answer is missing.
#[must_use]
pub fn reason(reason: Reason, language: Language) -> &'static str {
    let (de, en) = match reason {
        Reason::NotShown => ("nicht gezeigt", "not shown"),
        Reason::Skipped => ("übersprungen", "skipped"),
        Reason::DontKnow => ("weiß nicht", "don’t know"),
        Reason::Refused => ("verweigert", "refused"),
    };
    language.choose(de, en)
}

/// What the marks of low bases mean, for those that occur.
#[must_use]
pub fn legend_of_marks(study: &Study, language: Language, occurs: impl Fn(Reliability) -> bool) -> Vec<String> {
    let rules = &study.publication;
    [(Reliability::Low, Term::LowBase, rules.low_base), (Reliability::VeryLow, Term::VeryLowBase, rules.very_low_base)]
        .into_iter()
        .filter(|(reliability, ..)| occurs(*reliability))
        .map(|(reliability, meaning, limit)| {
            format!("{} {} (n < {})", reliability.mark(), term(meaning, language), count(limit, language))
        })
        .collect()
}

/// The period of fieldwork, where it is known.
#[must_use]
pub fn fieldwork(study: &Study, language: Language) -> Option<String> {
    let dates = [&study.about.fieldwork_from, &study.about.fieldwork_to];
    let mut dates: Vec<String> = dates.into_iter().flatten().map(|date| day(date, language)).collect();
    dates.dedup();
    (!dates.is_empty()).then(|| dates.join(" – "))
}

/// Words that every kind of output shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The base of questions without a condition.
    Everybody,
    /// The base of a figure.
    Base,
    /// The column of all respondents.
    Total,
    /// Unweighted base.
    Unweighted,
    /// Weighted base.
    Weighted,
    /// Effective base.
    Effective,
    /// Confidence interval.
    Interval,
    /// Mean.
    Mean,
    /// Question.
    Question,
    /// Answer.
    Answer,
    /// Share.
    Share,
    /// The warning on made-up data.
    Synthetic,
    /// A figure kept back.
    Withheld,
    /// Nobody in the base.
    Nobody,
    /// Low base, `*`.
    LowBase,
    /// Very low base, `**`.
    VeryLowBase,
    /// Rounded shares that do not add up.
    Rounding,
}

/// A shared word.
#[must_use]
pub fn term(term: Term, language: Language) -> &'static str {
    let (de, en) = match term {
        Term::Everybody => ("alle Befragten", "all respondents"),
        Term::Base => ("Basis", "Base"),
        Term::Total => ("Gesamt", "Total"),
        Term::Unweighted => ("Basis ungewichtet", "Base unweighted"),
        Term::Weighted => ("Basis gewichtet", "Base weighted"),
        Term::Effective => ("Basis effektiv", "Base effective"),
        Term::Interval => ("Konfidenzintervall", "confidence interval"),
        Term::Mean => ("Mittelwert", "Mean"),
        Term::Question => ("Frage", "Question"),
        Term::Answer => ("Antwort", "Answer"),
        Term::Share => ("Anteil", "Share"),
        Term::Synthetic => (
            "Synthetische Daten: Die Antworten sind erzeugt, niemand wurde befragt.",
            "Synthetic data: the responses are made up, nobody was asked.",
        ),
        Term::Withheld => ("aus Datenschutzgründen nicht ausgewiesen", "withheld to protect respondents"),
        Term::Nobody => ("niemand in der Basis", "nobody in the base"),
        Term::LowBase => ("geringe Fallzahl", "low base"),
        Term::VeryLowBase => ("sehr geringe Fallzahl", "very low base"),
        Term::Rounding => ("Abweichungen von 100 durch Rundung.", "Figures may not add to 100 because of rounding."),
    };
    match language {
        Language::De => de,
        Language::En => en,
    }
}

/// How replicate weights are made and where they come from: `bootstrap, read from the data`.
#[must_use]
pub fn replicates(replicates: &Replicates, language: Language) -> String {
    let method = match replicates.method {
        Method::Jk1 => language.choose("Jackknife (JK1)", "jackknife (JK1)"),
        Method::Jkn => language.choose("geschichtetes Jackknife (JKn)", "stratified jackknife (JKn)"),
        Method::Jk2 => language.choose("gepaartes Jackknife (JK2)", "paired jackknife (JK2)"),
        Method::Brr => language.choose("balancierte Halbstichproben (BRR)", "balanced half-samples (BRR)"),
        Method::Fay => language.choose("balancierte Halbstichproben nach Fay", "balanced half-samples by Fay’s method"),
        Method::Bootstrap => language.choose("Bootstrap", "bootstrap"),
        Method::SuccessiveDifference => language.choose("sukzessive Differenzen (SDR)", "successive differences (SDR)"),
        Method::Other => language.choose("eigene Skalen", "scales of their own"),
    };
    let source = match replicates.factors {
        None => language.choose("aus den Daten gelesen", "read from the data"),
        Some(_) => language.choose("aus Schichten und Einheiten gebildet", "made of strata and units"),
    };
    format!("{method}, {source}")
}

/// A day, month or year that is given as an ISO date.
fn day(iso: &str, language: Language) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = iso.get(..10).unwrap_or(iso).split('-').collect();
    let (year, month, day) = match parts[..] {
        [year, month] => (year, month, None),
        [year, month, day] => (year, month, Some(day)),
        _ => return iso.to_owned(),
    };
    let (month, day) = match (language, month.parse::<usize>()) {
        (Language::En, Ok(number @ 1..=12)) => {
            (format!("{} ", MONTHS[number - 1]), day.map(|day| format!("{} ", day.trim_start_matches('0'))))
        }
        _ => (format!("{month}."), day.map(|day| format!("{day}."))),
    };
    format!("{}{month}{year}", day.unwrap_or_default())
}

/// Thousands set apart.
fn group(digits: &str, language: Language) -> String {
    let separator = match language {
        Language::De => '.',
        Language::En => ',',
    };
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{confidence_interval, count, decimal, percent};
    use crate::study::Language::{De, En};

    #[test]
    fn numbers_are_printed_as_newspapers_do() {
        assert_eq!(percent(0.5424, 1, De), "54,2\u{202f}%");
        assert_eq!(percent(0.5424, 1, En), "54.2%");
        assert_eq!(count(1_234_567, De), "1.234.567");
        assert_eq!(count(3000, En), "3,000");
        assert_eq!(decimal(-1234.5, 2, De), "−1.234,50");
    }

    #[test]
    fn a_level_is_printed_with_the_digits_that_it_has() {
        for (level, printed) in [(0.9, "90"), (0.95, "95"), (0.995, "99.5"), (0.9999, "99.99"), (0.5, "50")] {
            assert_eq!(confidence_interval(level, En), format!("{printed}% confidence interval"));
        }
    }

    #[test]
    fn halves_are_rounded_up_on_the_printed_digit() {
        assert_eq!(percent(0.285, 0, En), "29%", "0.285 * 100 is a little below 28.5 in binary");
        assert_eq!(percent(0.0005, 1, En), "0.1%");
        assert_eq!(decimal(2.5, 0, En), "3");
        assert_eq!(decimal(-0.0001, 1, En), "0.0");
    }
}
