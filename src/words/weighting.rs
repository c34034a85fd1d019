//! Weighting in words: margins, their levels, methods, and what they cost.

use super::{Term, WITHHELD, count, day, decimal, percent, term};
use crate::{
    disclosure::{ReleasedStep, ReleasedWeighting, Shift},
    study::{
        Language, Study,
        weighting::{Given, Margin, Method, Trim, Weighting},
    },
};

/// A margin: `Alter × Geschlecht`.
#[must_use]
pub fn margin(weighting: &Weighting, margin: &Margin, language: Language) -> String {
    let label = |variable: &usize| weighting.variables[*variable].segment.label.text(language);
    margin.variables.iter().map(label).collect::<Vec<_>>().join(" × ")
}

/// A level of a margin: `18 bis 24 × Frauen`.
#[must_use]
pub fn level(weighting: &Weighting, margin: &Margin, cell: usize, language: Language) -> String {
    let labels = weighting.levels_at(margin, cell).map(|(segment, level)| segment.levels()[level].label.text(language));
    labels.collect::<Vec<_>>().join(" × ")
}

/// Those at no level of a margin.
#[must_use]
pub fn unknown(language: Language) -> &'static str {
    language.choose("unbekannt", "unknown")
}

/// The same beside their share, which is of all respondents; those of levels are of all who are at one.
#[must_use]
pub fn unknown_of_all(language: Language) -> String {
    format!("{} {}", unknown(language), language.choose("(von allen)", "(of all)"))
}

/// How weights are made.
#[must_use]
pub fn method(method: Method, language: Language) -> &'static str {
    let (de, en) = match method {
        Method::PostStratification => ("Poststratifizierung", "post-stratification"),
        Method::Raking => ("Raking (iterative Randanpassung)", "raking (iterative proportional fitting)"),
        Method::Linear => ("lineare Kalibrierung (GREG)", "linear calibration (GREG)"),
        Method::Exponential => ("exponentielle Kalibrierung", "exponential calibration"),
        Method::Logit => ("Logit-Kalibrierung", "logit calibration"),
    };
    language.choose(de, en)
}

/// Where the targets of a margin come from: a file, or the study file; who counted them, and when, if that is known.
#[must_use]
pub fn source(margin: &Margin, language: Language) -> String {
    let counted_by = margin.source.as_ref().map(|source| source.text(language).to_owned());
    let date = margin.date.as_ref().map(|date| {
        let date = day(date, language);
        language.choose(format!("Stand {date}"), format!("as of {date}"))
    });
    let known: Vec<String> = counted_by.into_iter().chain(date).collect();
    let place = place(margin, language);
    if known.is_empty() { place } else { format!("{place}; {}", known.join(", ")) }
}

fn place(margin: &Margin, language: Language) -> String {
    let file = margin.file.as_ref().and_then(|file| file.file_name()).map(|name| name.to_string_lossy().into_owned());
    match (file, margin.given) {
        (Some(file), Given::Reference(_)) => {
            language.choose(format!("ausgezählt in {file}"), format!("counted in {file}"))
        }
        (Some(file), _) => file,
        (None, Given::Totals(_)) => {
            language.choose("Personenzahlen der Studiendatei", "totals of the study file").to_owned()
        }
        (None, _) => language.choose("Anteile der Studiendatei", "shares of the study file").to_owned(),
    }
}

/// How weights are trimmed.
#[must_use]
pub fn trim(trim: Trim, language: Language) -> String {
    match trim {
        Trim::Bounds([low, high]) => {
            let [low, high] = [low, high].map(|bound| decimal(bound, 2, language));
            language.choose(
                format!("auf das {low}- bis {high}-Fache des Durchschnitts"),
                format!("to {low} to {high} times the average"),
            )
        }
        Trim::Quantiles([low, high]) => {
            let [low, high] = [low, high].map(|part| percent(part, 1, language));
            language.choose(
                format!("auf die Quantile {low} und {high} der Gewichte"),
                format!("to the quantiles {low} and {high} of the weights"),
            )
        }
        Trim::DesignEffect(effect) => {
            let effect = decimal(effect, 2, language);
            language.choose(
                format!("bis der Designeffekt höchstens {effect} ist"),
                format!("until the design effect is at most {effect}"),
            )
        }
    }
}

/// What weighting cost in precision, in a sentence; none where the effective base is withheld.
#[must_use]
pub fn cost(step: &ReleasedStep, language: Language) -> Option<String> {
    let (effective, effect) = (step.effective_base?, step.design_effect()?);
    let (n, effective) = (count(step.respondents, language), decimal(effective, 0, language));
    // A base that was rounded up may be that of all.
    let larger = percent((effect.sqrt() - 1.0).max(0.0), 0, language);
    Some(language.choose(
        format!(
            "Durch die Gewichtung zählen {n} Befragte so viel wie {effective}: Standardfehler von Werten, die mit den \
             Zielgrößen nicht zusammenhängen, sind um {larger} größer."
        ),
        format!(
            "Weighting makes {n} respondents count as much as {effective}: standard errors of figures that the targets do \
             not explain are {larger} larger."
        ),
    ))
}

/// What is withheld of a weighting and what it moved, and what is rounded; none where everything is told.
#[must_use]
pub fn withheld(released: &ReleasedWeighting, shifts: &[Shift<'_>], language: Language) -> Option<String> {
    let withholds = released.withholds || shifts.iter().any(|shift| shift.before.is_none());
    let symbol = format!("{WITHHELD} {}", term(Term::Withheld, language));
    let rounded = language.choose(
        "Effektive Basis und Designeffekt sind gröber gerundet als sonst, um Befragte zu schützen.",
        "Effective base and design effect are rounded more coarsely than usual, to protect respondents.",
    );
    let notes = [withholds.then_some(symbol), released.rounds.then(|| rounded.to_owned())];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    (!notes.is_empty()).then(|| notes.join(". "))
}

/// How far weights may go, in sentences: their bounds, and how they are trimmed.
pub fn limits(weighting: &Weighting, language: Language) -> impl Iterator<Item = String> {
    let bounds = weighting.bounds.map(|bounds| {
        let [low, high] = bounds.map(|bound| decimal(bound, 2, language));
        language.choose(
            format!("Kein Gewicht wird mit weniger als {low} oder mehr als {high} malgenommen."),
            format!("No weight is multiplied by less than {low} or more than {high}."),
        )
    });
    let trim = weighting.trim.map(|of| {
        let trim = trim(of, language);
        language.choose(format!("Die Gewichte sind getrimmt: {trim}."), format!("Weights are trimmed {trim}."))
    });
    bounds.into_iter().chain(trim)
}

/// How the weights of a study are made, in sentences.
#[must_use]
pub fn description(study: &Study, weighting: &Weighting, released: &ReleasedWeighting, language: Language) -> String {
    let margins: Vec<String> = (weighting.margins.iter())
        .map(|of| format!("{} ({})", margin(weighting, of, language), source(of, language)))
        .chain(weighting.numbers.iter().map(|number| number.column.clone()))
        .collect();
    let (method, margins) = (method(weighting.method, language), margins.join(", "));
    let mut sentences = vec![language.choose(
        format!("Die Gewichte passen die Stichprobe durch {method} an die Grundgesamtheit an: {margins}."),
        format!("Weights fit the sample to the population by {method}: {margins}."),
    )];
    if let Some((column, _)) = &study.design.weight {
        sentences.push(language.choose(
            format!("Ausgangspunkt sind die Gewichte in {column}."),
            format!("They start from the weights in {column}."),
        ));
    }
    if let Some(population) = weighting.population {
        let population = decimal(population, 0, language);
        sentences.push(language.choose(
            format!("Die angepassten Gewichte ergeben zusammen {population}."),
            format!("Fitted weights add up to {population}."),
        ));
    }
    sentences.extend(limits(weighting, language));
    if let Some(step) = released.last() {
        if let Some([low, high]) = step.range.map(|range| range.map(|weight| decimal(weight, 2, language))) {
            sentences.push(language.choose(
                format!("Am Ende reichen die Gewichte vom {low}- bis zum {high}-Fachen des Durchschnitts."),
                format!("In the end weights run from {low} to {high} times the average."),
            ));
        }
        sentences.extend(cost(step, language));
        let errors = language.choose(
            "Standardfehler berücksichtigen, was die Zielgrößen von einem Wert erklären.",
            "Standard errors take account of what the targets explain of a figure.",
        );
        sentences.push(errors.to_owned());
    }
    sentences.join(" ")
}
