//! `topline check`: what was understood.

mod bases;
mod codes;
mod columns;
mod contrasts;
mod quality;
mod weighting;

use super::{Precision, Screen, StudyFile, counts::Counts, paper::Paper, published};
use crate::{
    design::SampleStage,
    diagnostic::Diagnostics,
    disclosure::ReleasedWeighting,
    estimate::everybody,
    io::Short,
    study::{Chances, DegreesOfFreedom, Kind, Language, Quantile, Question, Segment, Stage},
    survey::Survey,
    table::{left, right},
    words::{self, Term},
};

/// Read everything, say what was understood, and every problem
///
/// Questions with their bases, contrasts, segments, weights and effective base, strata and units, missing answers by reason, tests,
/// repeated ids, speeders and straight-liners, columns that are not used, personal data. Prints no answers, only how many there are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline check study.toml
  topline check study.toml --quiet && echo in order")]
pub struct Check {
    #[command(flatten)]
    file: StudyFile,
}

impl Check {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let survey = self.file.open_to_look_at(&Precision::default(), screen)?;
        let language = lang.unwrap_or(survey.study.about.language);
        let doing = language.choose("durchsuchen", "scanning");
        let (profiles, short) = screen.with_progress(doing, |progress| columns::profiles(&survey, progress))?;
        let mut paper = Paper { text: String::new(), width: screen.width(), language };
        let counts = Counts::new(&survey, language);
        overview(&mut paper, &survey);
        if let Some(short) = short {
            short_rows(&mut paper, short);
        }
        weights(&mut paper, &survey);
        weighting::print(&mut paper, &survey);
        design(&mut paper, &survey);
        for (index, segment) in survey.study.segments.iter().enumerate() {
            levels(&mut paper, segment, &counts.of_levels(index));
        }
        for (index, question) in survey.study.questions.iter().enumerate() {
            asked(&mut paper, question);
            bases::print(&mut paper, &survey, &counts, index);
        }
        for contrast in &survey.study.contrasts {
            contrasts::print(&mut paper, &survey.study, contrast);
        }
        let found = screen.with_progress(doing, |progress| quality::look(&survey, progress))?;
        quality::report(&mut paper, &survey, &counts, &found, &profiles);
        paper.text.push('\n');
        columns::report(&mut paper, &survey, &profiles);
        screen.warn(&codes::undeclared(&survey.study, &profiles));
        screen.warn(&bases::contradicted(&survey));
        disclosure(&mut paper, &survey);
        screen.print(&paper.text)
    }
}

fn overview(paper: &mut Paper, survey: &Survey) {
    let (study, language) = (&survey.study, paper.language);
    paper.lines("", study.about.title.text(language));
    let rows = words::count(survey.tally.rows, language);
    let responses = match (survey.tally.rows, language) {
        (1, Language::De) if study.data.synthetic => "erzeugter Datensatz",
        (_, Language::De) if study.data.synthetic => "erzeugte Datensätze",
        (1, Language::De) => "befragte Person",
        (_, Language::De) => "Befragte",
        (1, Language::En) => "response",
        (_, Language::En) => "responses",
    };
    paper.fact(language.choose("Daten", "data"), &format!("{}, {rows} {responses}", survey.table.name()));
    if study.data.synthetic {
        paper.fact("", words::term(Term::Synthetic, language));
    }
    for remark in &survey.table.remarks {
        paper.fact("", &remark.text(language));
    }
}

/// Rows of a text that end early, where the study allows them.
fn short_rows(paper: &mut Paper, short: Short) {
    let language = paper.language;
    let rows = words::count(short.rows, language);
    let text = language.choose(
        format!("Zeilen, die früher enden: {rows}, zuerst Zeile {}; was fehlt, ist leer", short.line),
        format!("rows that end early: {rows}, the first is line {}; what is missing is blank", short.line),
    );
    paper.fact("", &text);
}

fn weights(paper: &mut Paper, survey: &Survey) {
    let (tally, language) = (&survey.tally, paper.language);
    let bases = everybody(&survey.plan, tally, 0);
    let average = bases.weighted / bases.unweighted as f64;
    let column = survey.study.design.weight.as_ref().map(|(column, _)| column.as_str());
    let fitted = language.choose("an die Grundgesamtheit angepasst", "fitted to the population");
    let name = if survey.weights.is_some() { Some(fitted) } else { column };
    let weights = match (name, weighting::range(survey, average)) {
        (Some(name), Some(range)) => {
            let [low, high] = range.map(|multiple| words::decimal(multiple, 2, language));
            language.choose(
                format!("{name}, vom {low}- bis zum {high}-Fachen des Durchschnitts"),
                format!("{name}, {low} to {high} times the average"),
            )
        }
        (Some(name), None) if survey.weights.is_some() => name.to_owned(),
        _ => language.choose("keins: alle zählen 1", "none: everybody counts 1").to_owned(),
    };
    paper.fact(language.choose("Gewicht", "weight"), &weights);
    let zero = tally.rows - tally.weighted_rows;
    if zero > 0 {
        let zero = words::count(zero, language);
        let text = language.choose(
            format!("{zero} mit Gewicht 0: in keiner Basis, unten aber unter den Gefragten"),
            format!("{zero} of weight 0: in no base, but among those asked below"),
        );
        paper.fact("", &text);
    }
    let effective = match ReleasedWeighting::of(survey) {
        Some(released) => released.last().and_then(|step| step.effective_base),
        None => Some(bases.effective),
    };
    let effect = effective.map(|effective| bases.unweighted as f64 / effective);
    let effect = words::or_withheld(effect, |effect| words::decimal(effect, 2, language));
    let effective = words::or_withheld(effective, |base| words::decimal(base, 0, language));
    let [unweighted, weighted] =
        [bases.unweighted as f64, bases.weighted].map(|base| words::decimal(base, 0, language));
    let base = language.choose(
        format!(
            "{unweighted} ungewichtet, {weighted} gewichtet, {effective} effektiv (Designeffekt nach Kish {effect})"
        ),
        format!("{unweighted} unweighted, {weighted} weighted, {effective} effective (Kish design effect {effect})"),
    );
    paper.fact(language.choose("Basis", "base"), &base);
}

fn design(paper: &mut Paper, survey: &Survey) {
    let (design, sample, language) = (&survey.study.design, &survey.design, paper.language);
    let count = |number: usize| words::count(number as u64, language);
    if survey.plan.replicate_columns().is_empty() {
        chosen(paper, survey);
    }
    if let Some((column, _)) = design.first().fpc.as_ref().filter(|_| sample.has_finite_populations()) {
        let text = language.choose("Korrektur für endliche Grundgesamtheit", "finite population correction");
        paper.fact(language.choose("Umfang", "population"), &format!("{text} ({column})"));
    }
    if let Some(replicates) = &sample.replicates {
        let text = format!("{}: {}", count(replicates.count()), words::replicates(replicates, language));
        paper.fact(language.choose("Replikate", "replicates"), &text);
    }
    definitions(paper, survey);
}

/// Degrees of freedom and intervals, and the system whose definitions they follow.
fn definitions(paper: &mut Paper, survey: &Survey) {
    let (design, sample, language) = (&survey.study.design, &survey.design, paper.language);
    let degrees = words::decimal(sample.degrees_of_freedom, 0, language);
    let rule = match design.degrees_of_freedom {
        DegreesOfFreedom::Design => "",
        DegreesOfFreedom::Domain => language.choose(
            "; ein Wert hat die der Einheiten und Schichten in seiner Basis",
            "; a figure has those of the units and strata in its base",
        ),
        DegreesOfFreedom::Strata => language.choose(
            "; ein Wert hat die aller Einheiten der Schichten in seiner Basis",
            "; a figure has those of all units of the strata in its base",
        ),
    };
    paper.fact(language.choose("Freiheitsgrade", "df"), &format!("{degrees}{rule}"));
    if let Some(system) = design.like {
        let text = language.choose("wie in", "those of");
        paper.fact(language.choose("Definitionen", "definitions"), &format!("{text} {}", system.label()));
    }
    let level = words::confidence_intervals(design.confidence, language);
    let quantile = match design.quantile {
        Quantile::T => "",
        Quantile::Z => language.choose(", Quantile der Normalverteilung", ", quantiles of the normal distribution"),
    };
    let of_quantiles = design.quantile_interval.filter(|interval| *interval != design.interval).map(|interval| {
        let text = language.choose(", von Medianen und Quantilen", ", of medians and quantiles");
        format!("{text} {}", interval.name())
    });
    let text = format!("{level}, {}{}{quantile}", design.interval.name(), of_quantiles.unwrap_or_default());
    paper.fact(language.choose("Intervalle", "intervals"), &text);
}

/// The strata and units that respondents were chosen in.
fn chosen(paper: &mut Paper, survey: &Survey) {
    let (design, sample, language) = (&survey.study.design, &survey.design, paper.language);
    let count = |number: usize| words::count(number as u64, language);
    let strata = design.first().strata.as_ref().map_or_else(
        || language.choose("keine", "none").to_owned(),
        |(column, _)| format!("{} ({column})", count(sample.strata().len())),
    );
    let units: u64 = sample.strata().iter().map(|stratum| stratum.units).sum();
    let units = design.first().units.as_ref().map_or_else(
        || language.choose("jede Person ist ihre eigene", "each respondent is one").to_owned(),
        |(column, _)| format!("{} ({column})", words::count(units, language)),
    );
    paper.fact(language.choose("Schichten", "strata"), &strata);
    paper.fact(language.choose("Einheiten", "primary units"), &units);
    let lonely = sample.strata().iter().filter(|stratum| stratum.units == 1).count();
    if lonely > 0 {
        let text = language.choose(
            format!("davon {} allein in ihrer Schicht", count(lonely)),
            format!("of which {} lonely in a stratum", count(lonely)),
        );
        paper.fact("", &text);
    }
    let later = design.stages.iter().enumerate().skip(1).filter(|_| sample.replicates.is_none());
    for (index, stage) in later {
        let name = language.choose(format!("Stufe {}", index + 1), format!("stage {}", index + 1));
        paper.fact(&name, &later_stage(stage, sample.stages.get(index), language));
    }
    if design.chances == Chances::Brewer {
        let text = language.choose(
            "mit Wahrscheinlichkeit nach Größe, ohne Zurücklegen (Brewers Näherung)",
            "with unequal chances, without replacement (Brewer's approximation)",
        );
        paper.fact(language.choose("Auswahl", "chosen"), text);
    }
}

/// The units of a later stage, or why they are not looked at.
fn later_stage(stage: &Stage, sample: Option<&SampleStage>, language: Language) -> String {
    let Some(sample) = sample else {
        let text = language.choose(
            "nicht gebraucht: ohne Grundgesamtheit gilt die Stufe davor als mit Zurücklegen gezogen",
            "not needed: without a population the stage before counts as chosen with replacement",
        );
        return text.to_owned();
    };
    let units: u64 = sample.strata.iter().map(|stratum| stratum.units).sum();
    let count = words::count(units, language);
    let mut text = match &stage.units {
        Some((column, _)) => {
            language.choose(format!("{count} Einheiten ({column})"), format!("{count} units ({column})"))
        }
        None => language.choose(format!("{count} Personen"), format!("{count} respondents")),
    };
    if let Some((column, _)) = &stage.strata {
        let strata = words::count(sample.strata.len() as u64, language);
        text +=
            &language.choose(format!(" in {strata} Schichten ({column})"), format!(" in {strata} strata ({column})"));
    }
    if let Some((column, _)) = &stage.fpc {
        text += &language.choose(format!(", Grundgesamtheit {column}"), format!(", population {column}"));
    }
    text
}

fn levels(paper: &mut Paper, segment: &Segment, counts: &[String]) {
    let language = paper.language;
    let column = language.choose("Spalte", "column");
    let label = segment.label.text(language);
    let head = language.choose("Segment", "segment");
    paper.heading(&format!("{head} {} – {label}, {column} {}", segment.id, segment.column));
    let nowhere = language.choose("in keiner", "in no level");
    let names = segment.levels().iter().map(|level| (level.code.as_str(), level.label.text(language)));
    let rows: Vec<_> = names.chain([(nowhere, nowhere)]).zip(counts).collect();
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let names = widest(&mut rows.iter().map(|((name, _), _)| *name)).max(10);
    let numbers = widest(&mut counts.iter().map(String::as_str)).max(8);
    for ((name, label), number) in rows {
        let label = if label == name { "" } else { label };
        paper.lines(&format!("  {}  {}  ", left(name, names), right(number, numbers)), label);
    }
}

fn asked(paper: &mut Paper, question: &Question) {
    let language = paper.language;
    let options = match (question.options.len(), language) {
        (0, _) if question.kind == Kind::Ratio => language.choose(" zweier Summen", " of two sums").to_owned(),
        (0, _) => String::new(),
        (1, Language::De) => ", 1 Antwort".to_owned(),
        (1, Language::En) => ", 1 option".to_owned(),
        (more, Language::De) => format!(", {more} Antworten"),
        (more, Language::En) => format!(", {more} options"),
    };
    let (head, kind) = (language.choose("Frage", "question"), words::kind(question.kind, language));
    paper.heading(&format!("{head} {} ({kind}{options})", question.id));
}

fn disclosure(paper: &mut Paper, survey: &Survey) {
    let (released, language) = (published(survey), paper.language);
    if released.figures == 0 {
        return;
    }
    let count = |number: usize| words::count(number as u64, language);
    let (withheld, figures) = (count(released.withheld), count(released.figures));
    let minimum = words::count(survey.study.publication.minimum_count, language);
    let text = language.choose(
        format!("Datenschutz: {withheld} von {figures} Werten nicht ausgewiesen (Mindestfallzahl {minimum})"),
        format!("disclosure: {withheld} of {figures} figures are withheld (minimum count {minimum})"),
    );
    paper.lines("", &text);
}
