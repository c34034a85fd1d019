//! `topline check`: what was understood.

use std::fmt::Write;

use super::{Screen, StudyFile, published};
use crate::{
    diagnostic::Diagnostics,
    disclosure::Reliability,
    estimate::everybody,
    personal::scan,
    responses::Profile,
    study::{Kind, Language, Reason},
    survey::Survey,
    table::{left, right},
    words::{self, Term, count, decimal},
};

/// Read everything, say what was understood, and every problem
///
/// Questions with their bases, segments, weights and effective base, strata and units, missing answers by reason, columns
/// that are not used, personal data. Prints no answers, only how many there are.
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
        let survey = self.file.open(screen)?;
        let language = lang.unwrap_or(survey.study.about.language);
        let mut text = String::new();
        overview(&mut text, &survey, language);
        design(&mut text, &survey);
        segments(&mut text, &survey, language);
        questions(&mut text, &survey, language);
        screen.with_progress("scanning", |progress| columns(&mut text, &survey, progress))?;
        disclosure(&mut text, &survey);
        screen.print(&text)
    }
}

fn overview(text: &mut String, survey: &Survey, language: Language) {
    let study = &survey.study;
    let _ = writeln!(text, "{}", study.about.title.text(language));
    let _ =
        writeln!(text, "  data        {}, {} responses", survey.table.name(), count(survey.tally.rows, Language::En));
    if study.data.synthetic {
        let _ = writeln!(text, "              {}", words::term(Term::Synthetic, Language::En));
    }
}

fn design(text: &mut String, survey: &Survey) {
    let (study, tally) = (&survey.study, &survey.tally);
    match (&study.design.weight, tally.weight_range) {
        (Some((column, _)), Some((low, high))) => {
            let _ = writeln!(text, "  weight      {column}, from {low} to {high}");
        }
        _ => {
            let _ = writeln!(text, "  weight      none: everybody counts 1");
        }
    }
    let zero = tally.rows - tally.weighted_rows;
    if zero > 0 {
        let _ = writeln!(text, "              {zero} responses have weight 0 and are in no base");
    }
    let bases = everybody(&survey.plan, tally, 0);
    let effect = bases.unweighted as f64 / bases.effective;
    let _ = writeln!(
        text,
        "  base        {} unweighted, {} weighted, {} effective (Kish design effect {})",
        count(bases.unweighted, Language::En),
        decimal(bases.weighted, 0, Language::En),
        decimal(bases.effective, 0, Language::En),
        decimal(effect, 2, Language::En)
    );
    let units: u64 = survey.design.strata.iter().map(|stratum| stratum.units).sum();
    let lonely = survey.design.strata.iter().filter(|stratum| stratum.units == 1).count();
    let strata = study
        .design
        .strata
        .as_ref()
        .map_or("none".to_owned(), |(column, _)| format!("{column}, {} strata", survey.design.strata.len()));
    let units =
        study.design.units.as_ref().map_or("each respondent is one".to_owned(), |(column, _)| {
            format!("{column}, {units} primary sampling units")
        });
    let _ = writeln!(text, "  strata      {strata}\n  units       {units}");
    if let Some((column, _)) = &study.design.fpc {
        let _ = writeln!(text, "  population  {column}, finite population correction");
    }
    let _ = writeln!(text, "  df          {}, {} lonely units", survey.design.degrees_of_freedom, lonely);
    let _ = writeln!(
        text,
        "  intervals   {} at {}",
        study.design.interval.name(),
        words::percent(study.design.confidence, 1, Language::En)
    );
}

fn segments(text: &mut String, survey: &Survey, language: Language) {
    for (index, segment) in survey.study.segments.iter().enumerate() {
        let _ =
            writeln!(text, "\nsegment {} ({}), column {}", segment.id, segment.label.text(language), segment.column);
        let counts = survey.plan.levels(index).map(|domain| survey.tally.everybody.count(survey.plan.place(domain), 0));
        let names = segment.levels().iter().map(|level| level.code.as_str());
        let nowhere = Some(("in no level", survey.tally.in_no_level[index])).filter(|(_, count)| *count > 0);
        let rows: Vec<(&str, u64)> = names.zip(counts).chain(nowhere).collect();
        let minimum = survey.study.publication.minimum_count;
        let hides = rows.iter().any(|(_, count)| (1..minimum).contains(count));
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(12);
        for (name, number) in rows {
            let mark = Reliability::of(number, &survey.study).mark();
            // Beside a level that is hidden the others are rounded: exact ones would give it back.
            let number = match number {
                0 => count(0, Language::En),
                n if n < minimum => format!("under {minimum}"),
                n if hides => format!("about {}", count((n + 5) / 10 * 10, Language::En)),
                n => count(n, Language::En),
            };
            let _ = writeln!(text, "  {}  {}{mark}", left(name, width), right(&number, 11));
        }
    }
}

fn questions(text: &mut String, survey: &Survey, language: Language) {
    for (index, question) in survey.study.questions.iter().enumerate() {
        let kind = match question.kind {
            Kind::Single => "single",
            Kind::Multiple => "multiple",
            Kind::Scale => "scale",
            Kind::Number => "number",
        };
        let absences = survey.tally.absences[index];
        let asked = survey.tally.rows - absences.not_asked - absences.answered_unasked;
        let base = words::base_label(question.base.label.as_ref(), language);
        let _ = writeln!(text, "\nquestion {} ({kind}, {})", question.id, options(question.options.len()));
        let _ = writeln!(text, "  asked       {} ({base})", count(asked, Language::En));
        let missing: Vec<String> = (Reason::ALL.iter().zip(absences.missing))
            .filter(|(_, rows)| *rows > 0)
            .map(|(reason, rows)| format!("{} {}", count(rows, Language::En), reason.name().replace('_', " ")))
            .collect();
        if !missing.is_empty() {
            let _ = writeln!(text, "  missing     {}", missing.join(", "));
        }
    }
}

fn options(number: usize) -> String {
    match number {
        0 => "a mean".to_owned(),
        1 => "1 option".to_owned(),
        more => format!("{more} options"),
    }
}

fn columns(text: &mut String, survey: &Survey, progress: &mut crate::survey::Progress<'_>) -> Result<(), Diagnostics> {
    let used: Vec<&str> = survey.plan.requests.iter().map(|request| request.column.as_str()).collect();
    let unused = |column: &&String| !used.contains(&column.as_str());
    let names: Vec<&str> = survey.table.columns.iter().filter(unused).map(String::as_str).collect();
    let _ =
        writeln!(text, "\ncolumns not used: {}", if names.is_empty() { "none".to_owned() } else { names.join(", ") });
    let mut profiles: Vec<Profile> = survey.table.columns.iter().map(|column| Profile::new(column)).collect();
    survey.table.read(&mut profiles, |profile| &profile.column, &mut |bytes| progress(bytes, survey.table.bytes))?;
    let mut found = false;
    for profile in &profiles {
        if let Some(finding) = scan(profile) {
            found = true;
            let use_ = if used.contains(&profile.column.as_str()) {
                "USED by the study: is it needed?"
            } else {
                "not used: consider deleting it from the file"
            };
            let _ = writeln!(text, "personal data: `{}`, {} ({use_})", profile.column, finding.why);
        }
    }
    if !found {
        let _ = writeln!(text, "personal data: none found");
    }
    Ok(())
}

fn disclosure(text: &mut String, survey: &Survey) {
    let released = published(survey);
    let minimum = survey.study.publication.minimum_count;
    let _ = writeln!(
        text,
        "disclosure: {} of {} figures are withheld (minimum count {minimum})",
        released.withheld, released.figures
    );
}
