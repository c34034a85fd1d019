//! What stands below a comparison: what was kept back, what counts, what p and intervals mean.

use super::phrases::alpha;
use crate::{
    comparison::{Compared, Comparison},
    significance::Adjustment,
    study::{Kind, Language, Sample, Study},
    words,
};

/// All that is to be said of this comparison.
pub(super) fn notes(study: &Study, comparison: &Comparison, language: Language) -> Vec<String> {
    let mut notes = withheld(study, comparison, language);
    notes.extend(without_figure(study, comparison, language));
    let is_tested = comparison.pairs.iter().any(|pair| pair.difference.test.is_some());
    if is_tested || !comparison.tests.is_empty() {
        notes.push(threshold(study, comparison, language));
        notes.push(meaning(study, language));
    }
    notes
}

/// The groups whose ratio divides by 0, or of whose answers none has a value.
fn without_figure(study: &Study, comparison: &Comparison, language: Language) -> Option<String> {
    let levels = study.segments[comparison.segment].levels();
    let names = comparison.without_figure.iter().map(|level| levels[*level].label.text(language));
    let names: Vec<&str> = names.collect();
    let head = match comparison.compared {
        Compared::Ratios => language.choose("Kein Verhältnis, da der Nenner 0 ist", "No ratio, as it divides by 0"),
        _ => language.choose("Kein Mittelwert, da keine Antwort einen Wert hat", "No mean, as no answer has a value"),
    };
    (!names.is_empty()).then(|| format!("{head}: {}.", names.join(", ")))
}

/// What counts as more than chance.
fn threshold(study: &Study, comparison: &Comparison, language: Language) -> String {
    let level = words::decimal(alpha(study), 2 + words::decimals_of_level(study.design.confidence), language);
    let is_adjusted = comparison.adjustment != Adjustment::None;
    let is_multiple = study.questions[comparison.question].kind == Kind::Multiple;
    let (de, en) = match (is_adjusted, is_multiple, comparison.levels.len()) {
        (true, true, _) => ("angepasstes p unter {}", "an adjusted p below {}"),
        (true, false, 3..) => ("p unter {}, von Paaren das angepasste", "p below {}, of pairs the adjusted p"),
        _ => ("p unter {}", "p below {}"),
    };
    let what = language.choose(de, en).replace("{}", &level);
    format!("{}: {what}.", language.choose("Stärker als Zufall", "More than chance"))
}

/// What p means for this kind of sample.
fn meaning(study: &Study, language: Language) -> String {
    let (de, en) = match study.about.sample {
        _ if study.data.synthetic => (
            "Die Antworten sind simuliert: Der Test sagt nichts über Menschen.",
            "The responses are simulated: the test says nothing about people.",
        ),
        Some(Sample::Probability) => (
            "p ist die Wahrscheinlichkeit, in einer Stichprobe mindestens so große Unterschiede zu finden, wenn es in der Grundgesamtheit keine gibt.",
            "p is the probability of finding differences at least as large in a sample if the population has none.",
        ),
        Some(Sample::OptIn) => (
            "Die Befragten haben sich selbst zur Teilnahme entschieden: p ist modellbasiert und setzt voraus, dass sie sich nach der Gewichtung von der Grundgesamtheit nur zufällig unterscheiden.",
            "Respondents chose to take part: p is model-based and assumes that, after weighting, they differ from the population only by chance.",
        ),
        None => (
            "Die Art der Stichprobe ist nicht angegeben: p gilt nur, wenn die Befragten zufällig ausgewählt wurden.",
            "The kind of sample is not declared: p holds only if respondents were chosen at random.",
        ),
    };
    language.choose(de, en).to_owned()
}

/// Notes on what is kept back.
fn withheld(study: &Study, comparison: &Comparison, language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    if comparison.is_withheld {
        notes.push(
            language
                .choose(
                    "Einige Werte dieser Gruppen sind aus Datenschutzgründen nicht ausgewiesen. Getestet wird nur, was ausgewiesen ist.",
                    "Some figures of these groups are withheld to protect respondents. Only what is shown is tested.",
                )
                .to_owned(),
        );
    }
    if !comparison.together.is_empty() && !comparison.tests.is_empty() {
        let options = &study.questions[comparison.question].options;
        let names: Vec<&str> = comparison.together.iter().map(|option| options[*option].label.text(language)).collect();
        let head = language.choose("Der Test zählt zusammen", "The test counts together");
        notes.push(format!("{head}: {}.", names.join("; ")));
    }
    notes
}
