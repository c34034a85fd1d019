//! The sentences of `topline test`, in German and English.

use crate::{
    comparison::{Compared, Comparison, Method},
    significance::{Adjustment, Distribution, TableTest, Test},
    study::{Language, Study},
    words,
};

/// `p < 0.001` or `p = 0.042`.
pub(super) fn p_value(p: f64, study: &Study, language: Language) -> String {
    let number = p_number(p, study, language);
    if number.starts_with('<') { format!("p\u{a0}{number}") } else { format!("p\u{a0}=\u{a0}{number}") }
}

/// `< 0.001` or `0.042`: three digits are all that a decision needs, unless it takes more to tell p from its threshold.
pub(super) fn p_number(p: f64, study: &Study, language: Language) -> String {
    const SMALLEST: f64 = 0.001;
    const MOST_DIGITS: usize = 9;
    if p < SMALLEST {
        return format!("<\u{a0}{}", words::decimal(SMALLEST, 3, language));
    }
    let print = |number: f64, digits: usize| words::decimal(number, digits, language);
    let tells = |digits: &usize| print(p, *digits) != print(alpha(study), *digits);
    print(p, (3..MOST_DIGITS).find(tells).unwrap_or(3))
}

/// The p below which a difference is more than chance.
pub(super) fn alpha(study: &Study) -> f64 {
    1.0 - study.design.confidence
}

/// `F(2.8, 44.5) = 6.21`.
pub(super) fn statistic(test: &Test, language: Language) -> String {
    const MANY: f64 = 1000.0;
    let df = |df: f64| words::decimal(df, usize::from(df < MANY && (df - df.round()).abs() > 1e-9), language);
    // A comma between numbers that have commas would be read as one of theirs.
    let comma = language.choose("; ", ", ");
    let symbol = match test.distribution {
        Distribution::ChiSquared(k) => format!("χ²({})", df(k)),
        Distribution::WeightedChiSquared(k, m) => format!("X²({}{comma}{})", df(k), df(m)),
        Distribution::F(numerator, denominator) => format!("F({}{comma}{})", df(numerator), df(denominator)),
        Distribution::T(nu) => format!("t({})", df(nu)),
        Distribution::Normal => "z".to_owned(),
    };
    format!("{symbol}\u{a0}=\u{a0}{}", words::decimal(test.statistic, 2, language))
}

/// What was found, as the end of a sentence that begins with the question.
pub(super) fn finding(is_found: bool, compared: Compared, segment: &str, language: Language) -> String {
    let (de, en) = match (compared, is_found) {
        (Compared::Shares, true) => (
            "Die Antworten unterscheiden sich zwischen den Gruppen von „{}“ stärker, als der Zufall erklärt",
            "answers differ between the groups of “{}” more than chance would explain",
        ),
        (Compared::Shares, false) => (
            "Die Antworten unterscheiden sich zwischen den Gruppen von „{}“ nicht stärker, als der Zufall erklärt",
            "answers do not differ between the groups of “{}” beyond what chance would explain",
        ),
        (Compared::Means, true) => (
            "Die Mittelwerte unterscheiden sich zwischen den Gruppen von „{}“ stärker, als der Zufall erklärt",
            "means differ between the groups of “{}” more than chance would explain",
        ),
        (Compared::Means, false) => (
            "Die Mittelwerte unterscheiden sich zwischen den Gruppen von „{}“ nicht stärker, als der Zufall erklärt",
            "means do not differ between the groups of “{}” beyond what chance would explain",
        ),
        (Compared::Ratios, true) => (
            "Die Verhältnisse unterscheiden sich zwischen den Gruppen von „{}“ stärker, als der Zufall erklärt",
            "ratios differ between the groups of “{}” more than chance would explain",
        ),
        (Compared::Ratios, false) => (
            "Die Verhältnisse unterscheiden sich zwischen den Gruppen von „{}“ nicht stärker, als der Zufall erklärt",
            "ratios do not differ between the groups of “{}” beyond what chance would explain",
        ),
        (Compared::MeanRanks, true) => (
            "Die Antworten liegen in manchen Gruppen von „{}“ höher als in anderen, stärker, als der Zufall erklärt",
            "answers lie higher in some groups of “{}” than in others, more than chance would explain",
        ),
        (Compared::MeanRanks, false) => (
            "Die Antworten liegen in keiner Gruppe von „{}“ höher als in anderen, jenseits dessen, was der Zufall erklärt",
            "answers lie higher in no group of “{}” beyond what chance would explain",
        ),
    };
    language.choose(de, en).replace("{}", segment)
}

/// The options of a multiple response that differ.
pub(super) fn found_options(found: &[&str], all: usize, segment: &str, language: Language) -> String {
    let (count, all) = (words::count(found.len() as u64, language), words::count(all as u64, language));
    let (de, en) = match found.len() {
        0 => (format!("Keine von {all} Antworten unterscheidet sich"), format!("none of {all} answers differs")),
        1 => (format!("1 von {all} Antworten unterscheidet sich"), format!("1 of {all} answers differs")),
        _ => (format!("{count} von {all} Antworten unterscheiden sich"), format!("{count} of {all} answers differ")),
    };
    let head = language.choose(
        format!("{de} zwischen den Gruppen von „{segment}“ stärker, als der Zufall erklärt"),
        format!("{en} between the groups of “{segment}” more than chance would explain"),
    );
    if found.is_empty() { head } else { format!("{head}: {}", found.join("; ")) }
}

/// Why there is no test of all groups.
pub(super) fn untestable(comparison: &Comparison, segment: &str, language: Language) -> String {
    let is_by_pairs = comparison.pairs.iter().any(|pair| pair.difference.test.is_some());
    let (de, en) = match (is_by_pairs, comparison.is_withheld) {
        _ if comparison.is_census => (
            "Zwischen den Gruppen von „{}“ gibt es nichts zu testen: Befragt wurde die ganze Grundgesamtheit, die Werte haben keinen Stichprobenfehler",
            "between the groups of “{}” there is nothing to test: the whole population was asked, so that figures have no sampling error",
        ),
        (true, true) => (
            "Die Gruppen von „{}“ werden nur paarweise verglichen: Für alle zusammen werden zu wenige Werte ausgewiesen",
            "the groups of “{}” are only compared in pairs: of all of them together too few figures may be shown",
        ),
        (true, false) => (
            "Die Gruppen von „{}“ lassen sich nur paarweise vergleichen: Für alle zusammen hat der Stichprobenplan zu wenige Freiheitsgrade",
            "the groups of “{}” can only be compared in pairs: for all of them together the sample has too few degrees of freedom",
        ),
        (false, true) => (
            "Die Gruppen von „{}“ werden nicht verglichen: Dafür werden zu wenige Werte ausgewiesen",
            "the groups of “{}” are not compared: too few of their figures may be shown",
        ),
        (false, false) => (
            "Die Gruppen von „{}“ lassen sich nicht vergleichen: Es gibt zu wenige mit Antworten, oder der Stichprobenplan hat zu wenige Freiheitsgrade",
            "the groups of “{}” cannot be compared: too few have answers, or the sample has too few degrees of freedom",
        ),
    };
    language.choose(de, en).replace("{}", segment)
}

/// The method with its source.
pub(super) fn method(comparison: &Comparison, language: Language) -> String {
    let distribution = comparison.tests.first().map(|test| test.test.distribution);
    let is_pair = matches!(distribution, Some(Distribution::T(_) | Distribution::Normal));
    let (de, en) = match comparison.method {
        Method::Table(TableTest::RaoScott) => (
            "Test auf Unabhängigkeit nach Rao und Scott, Korrektur zweiter Ordnung (Rao & Scott 1984, Annals of Statistics 12, S. 46)",
            "Rao and Scott’s test of independence, second-order correction (Rao & Scott 1984, Annals of Statistics 12, p. 46)",
        ),
        Method::Table(TableTest::RaoScottFirstOrder) => (
            "Test auf Unabhängigkeit nach Rao und Scott, Korrektur erster Ordnung: X² durch den mittleren Designeffekt δ (Rao & Scott 1981, Journal of the American Statistical Association 76, S. 221)",
            "Rao and Scott’s test of independence, first-order correction: X² over the mean design effect δ (Rao & Scott 1981, Journal of the American Statistical Association 76, p. 221)",
        ),
        Method::Table(TableTest::Exact) => (
            "Test auf Unabhängigkeit nach Rao und Scott, X² durch den mittleren Designeffekt δ, p der gewichteten Summe von χ²-Variablen (Rao & Scott 1981, Journal of the American Statistical Association 76, S. 221)",
            "Rao and Scott’s test of independence, X² over the mean design effect δ, p of the weighted sum of χ² variables (Rao & Scott 1981, Journal of the American Statistical Association 76, p. 221)",
        ),
        Method::Table(TableTest::Wald) => (
            "Wald-Test auf Unabhängigkeit (Koch, Freeman & Freeman 1975, International Statistical Review 43, S. 59)",
            "Wald’s test of independence (Koch, Freeman & Freeman 1975, International Statistical Review 43, p. 59)",
        ),
        Method::Table(TableTest::AdjustedWald) => (
            "angepasster Wald-Test auf Unabhängigkeit (Fellegi 1980, Journal of the American Statistical Association 75, S. 261)",
            "adjusted Wald test of independence (Fellegi 1980, Journal of the American Statistical Association 75, p. 261)",
        ),
        Method::Means if distribution == Some(Distribution::Normal) => (
            "z-Test zweier {} nach Stichprobenplan (Lumley 2010, Complex Surveys)",
            "design-based z test of two {} (Lumley 2010, Complex Surveys)",
        ),
        Method::Means if is_pair => (
            "t-Test zweier {} nach Stichprobenplan (Lumley 2010, Complex Surveys)",
            "design-based t test of two {} (Lumley 2010, Complex Surveys)",
        ),
        Method::Means => (
            "Wald-Test auf gleiche {} nach Stichprobenplan (Lumley 2010, Complex Surveys)",
            "design-based Wald test of equal {} (Lumley 2010, Complex Surveys)",
        ),
        Method::Ranks if is_pair => (
            "Wilcoxon-Rangtest nach Stichprobenplan (Lumley & Scott 2013, Biometrika 100, S. 831)",
            "design-based Wilcoxon rank test (Lumley & Scott 2013, Biometrika 100, p. 831)",
        ),
        Method::Ranks => (
            "Rangtest von Kruskal und Wallis nach Stichprobenplan (Lumley & Scott 2013, Biometrika 100, S. 831)",
            "design-based Kruskal-Wallis rank test (Lumley & Scott 2013, Biometrika 100, p. 831)",
        ),
    };
    let what = match (comparison.compared, language) {
        (Compared::Ratios, Language::De) => "Verhältnisse",
        (Compared::Ratios, Language::En) => "ratios",
        (_, Language::De) => "Mittelwerte",
        (_, Language::En) => "means",
    };
    language.choose(de, en).replace("{}", what)
}

/// How p-values are adjusted, with its source.
pub(super) fn adjustment(adjustment: Adjustment, language: Language) -> &'static str {
    let (de, en) = match adjustment {
        Adjustment::None => ("nicht für die Zahl der Tests angepasst", "not adjusted for the number of tests"),
        Adjustment::Bonferroni => {
            ("nach Bonferroni für die Zahl der Tests angepasst", "adjusted for the number of tests by Bonferroni")
        }
        Adjustment::Holm => {
            ("nach Holm (1979) für die Zahl der Tests angepasst", "adjusted for the number of tests by Holm (1979)")
        }
        Adjustment::BenjaminiHochberg => (
            "nach Benjamini und Hochberg (1995) für die Zahl der Tests angepasst",
            "adjusted for the number of tests by Benjamini and Hochberg (1995)",
        ),
    };
    language.choose(de, en)
}

/// The heads of the columns of p, and of adjusted p where there is such a column.
pub(super) fn heads_of_p(adjustment: Adjustment, language: Language) -> Vec<String> {
    let adjusted = language.choose("angepasst", "adjusted");
    let names = if adjustment == Adjustment::None { vec!["p"] } else { vec!["p", adjusted] };
    names.into_iter().map(str::to_owned).collect()
}

/// `Women vs. Men`.
pub(super) fn pair(of: &str, from: &str, language: Language) -> String {
    format!("{of} {} {from}", language.choose("gegen", "vs."))
}

/// What the table of pairs shows.
pub(super) fn pairs(study: &Study, comparison: &Comparison, language: Language) -> String {
    let (de, en) = match comparison.compared {
        Compared::Shares => {
            ("Unterschiede zwischen Gruppen in Prozentpunkten", "Differences between groups in percentage points")
        }
        Compared::Means => ("Unterschiede der Mittelwerte zwischen Gruppen", "Differences of means between groups"),
        Compared::Ratios => ("Unterschiede der Verhältnisse zwischen Gruppen", "Differences of ratios between groups"),
        Compared::MeanRanks => (
            "Unterschiede der mittleren Ränge (0 bis 100, unter allen Gruppen) zwischen Gruppen",
            "Differences of mean ranks (0 to 100, among all groups) between groups",
        ),
    };
    if comparison.is_census {
        return language.choose(de, en).to_owned();
    }
    let limits = words::confidence_interval(study.design.confidence, language);
    let p = p_of_pairs(study, comparison, language);
    let is_several = comparison.pairs.chunk_by(|one, other| one.option == other.option).any(|pairs| pairs.len() > 1);
    let is_adjusted = is_several && comparison.adjustment != Adjustment::None;
    let alone = if is_adjusted { language.choose(" (nicht angepasst)", " (not adjusted)") } else { "" };
    format!("{} {} {limits}{alone}; {p}", language.choose(de, en), language.choose("mit", "with"))
}

/// What stands for the pairs when none of so many differs.
pub(super) fn no_pairs(left_out: usize, study: &Study, comparison: &Comparison, language: Language) -> String {
    let (count, p) = (words::count(left_out as u64, language), p_of_pairs(study, comparison, language));
    language.choose(
        format!("Keines von {count} Gruppenpaaren unterscheidet sich stärker, als der Zufall erklärt (--pairs all zeigt sie); {p}."),
        format!("None of {count} pairs of groups differs more than chance would explain (--pairs all lists them); {p}."),
    )
}

/// How many pairs the table leaves out.
pub(super) fn further_pairs(left_out: usize, language: Language) -> String {
    if left_out == 1 {
        let (de, en) = (
            "1 weiteres Paar unterscheidet sich nicht stärker, als der Zufall erklärt (--pairs all zeigt es).",
            "1 further pair shows no difference beyond chance (--pairs all lists it).",
        );
        return language.choose(de, en).to_owned();
    }
    let count = words::count(left_out as u64, language);
    language.choose(
        format!(
            "{count} weitere Paare unterscheiden sich nicht stärker, als der Zufall erklärt (--pairs all zeigt sie)."
        ),
        format!("{count} further pairs show no difference beyond chance (--pairs all lists them)."),
    )
}

fn p_of_pairs(study: &Study, comparison: &Comparison, language: Language) -> String {
    let (test, adjustment) = (study.design.quantile.name(), adjustment(comparison.adjustment, language));
    let family = match comparison.compared {
        Compared::Shares => language.choose(", für jede Antwort für sich", ", for each answer by itself"),
        Compared::Means | Compared::Ratios | Compared::MeanRanks => "",
    };
    language.choose(
        format!("p des {test}-Tests, {adjustment}{family}"),
        format!("p of the {test} test, {adjustment}{family}"),
    )
}
