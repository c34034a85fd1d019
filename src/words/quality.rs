//! Who is left out, and what rules find, in words.

use super::{percent, respondents};
use crate::{
    disclosure::left_out,
    quality::Inspected,
    study::{Exclusion, Language, Rule},
    survey::Survey,
};

/// Who is left out, by reason and in order: `Vorschauen (7), Tests (unter 5)`; none where the study leaves out nobody.
#[must_use]
pub fn exclusions(survey: &Survey, language: Language) -> Option<String> {
    let reasons = left_out(survey);
    let reason =
        |(exclusion, count)| format!("{} ({})", exclusion_label(exclusion, language), respondents(count, language));
    (!reasons.is_empty()).then(|| reasons.into_iter().map(reason).collect::<Vec<_>>().join(", "))
}

/// A reason as the study calls it, or its rule.
#[must_use]
pub fn exclusion_label(exclusion: &Exclusion, language: Language) -> String {
    exclusion.label.as_ref().map_or_else(|| rule(&exclusion.rule, language), |label| label.text(language).to_owned())
}

/// A rule in words: `schneller als 33 % der mittleren Dauer (Median)`.
#[must_use]
pub fn rule(rule: &Rule, language: Language) -> String {
    let (de, en) = match rule {
        Rule::Where(condition) => return condition.to_string(),
        Rule::Tests => ("Tests, Vorschauen und Spam", "tests, previews and spam"),
        Rule::Incomplete => ("nicht abgeschlossen", "not completed"),
        Rule::Duplicates => ("wiederholte Kennung", "repeated id"),
        Rule::Copies => ("wiederholte Zeile", "repeated row"),
        Rule::StraightLiners => ("überall dieselbe Antwort", "the same answer throughout"),
        Rule::Speeders { share } => {
            let share = part(*share, language);
            return language.choose(
                format!("schneller als {share} der mittleren Dauer (Median)"),
                format!("faster than {share} of the median duration"),
            );
        }
    };
    language.choose(de, en).to_owned()
}

/// The name of what was looked for, and after how many were found what they are: `were not completed`.
#[must_use]
pub fn finding(found: &Inspected, language: Language) -> (&'static str, String) {
    let columns = || found.by.join(", ");
    let share = part(Rule::SPEEDING, language);
    let median = super::decimal(found.caught.median.unwrap_or(0.0), 0, language);
    let chance = if found.may_be_chance() {
        (": bei wenigen Spalten ist das Zufall", ": with few columns that is chance")
    } else {
        ("", "")
    };
    let (de, en): ((&str, String), (&str, String)) = match found.rule {
        Rule::Where(_) => (("", String::new()), ("", String::new())),
        Rule::Tests => (
            ("Tests", format!("sind Tests, Vorschauen, Spam oder abgelehnt ({})", columns())),
            ("tests", format!("are tests, previews, spam or rejected ({})", columns())),
        ),
        Rule::Incomplete => (
            ("unfertig", format!("haben nicht abgeschlossen ({})", columns())),
            ("incomplete", format!("were not completed ({})", columns())),
        ),
        Rule::Duplicates => (
            ("Kennungen", format!("wiederholen die Kennung einer früheren Zeile ({})", columns())),
            ("ids", format!("repeat the id of an earlier row ({})", columns())),
        ),
        Rule::Copies => (
            ("Zeilen", format!("gleichen einer früheren Zeile in allen Spalten{}", chance.0)),
            ("rows", format!("are the same as an earlier row in all columns{}", chance.1)),
        ),
        Rule::Speeders { .. } => (
            ("Dauer", format!("waren schneller als {share} des Medians von {median} Sekunden ({})", columns())),
            ("speed", format!("were faster than {share} of the median of {median} seconds ({})", columns())),
        ),
        Rule::StraightLiners => (
            ("Batterie", format!("gaben dieselbe Antwort auf alle {} Aussagen ({})", found.items, columns())),
            ("battery", format!("gave the same answer to all {} items ({})", found.items, columns())),
        ),
    };
    language.choose(de, en)
}

/// A part of a median: `ein Drittel`, `40 %`.
fn part(share: f64, language: Language) -> String {
    if share == Rule::SPEEDING {
        return language.choose("ein Drittel", "a third").to_owned();
    }
    percent(share, 0, language)
}
