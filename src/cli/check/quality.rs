//! Rows that are no respondents, or no careful ones: those that are left out, and those that are not.

use super::super::{counts::Counts, paper::Paper};
use crate::{
    diagnostic::Diagnostics,
    quality::{Inspected, collectors, inspect},
    responses::Profile,
    study::{Language, Rule},
    survey::{Progress, Survey},
    words::quality::{exclusions, finding},
};

/// What rules find among those who are left.
pub(super) fn look(survey: &Survey, progress: &mut Progress<'_>) -> Result<Vec<Inspected>, Diagnostics> {
    // What respondents were chosen by, several may have.
    let stages = &survey.study.design.stages;
    let shared = stages.iter().flat_map(|stage| [&stage.units, &stage.strata]).flatten();
    let shared: Vec<&str> = shared.map(|(column, _)| column.as_str()).collect();
    inspect(Some(&survey.study), &survey.table, &shared, progress)
}

pub(super) fn report(
    paper: &mut Paper,
    survey: &Survey,
    counts: &Counts<'_>,
    found: &[Inspected],
    profiles: &[Profile],
) {
    let language = paper.language;
    // That no two rows are the same goes without saying.
    let worth_saying =
        |found: &&Inspected| found.caught.of > 0 && (found.caught.rows > 0 || found.rule != Rule::Copies);
    let found: Vec<&Inspected> = found.iter().filter(worth_saying).collect();
    let reasons = exclusions(survey, language);
    let collectors = collected(survey, counts, profiles, language);
    if found.is_empty() && reasons.is_none() && collectors.is_empty() {
        return;
    }
    paper.heading(language.choose("Datenqualität", "data quality"));
    if let Some(reasons) = reasons {
        let text = language.choose(format!("der Reihe nach: {reasons}"), format!("in this order: {reasons}"));
        paper.fact(language.choose("ausgeschlossen", "left out"), &text);
    }
    for text in collectors {
        paper.fact(language.choose("Zugänge", "collectors"), &text);
    }
    for found in found {
        let (name, what) = finding(found, language);
        paper.fact(name, &format!("{} {what}", counts.of_part(found.caught.rows, found.caught.of)));
    }
}

/// How many came by each of several collectors.
fn collected(survey: &Survey, counts: &Counts<'_>, profiles: &[Profile], language: Language) -> Vec<String> {
    let columns = collectors(&survey.table);
    let several = profiles.iter().filter(|profile| columns.contains(&profile.column));
    let several = several.filter(|profile| profile.values.len() > 1 && !profile.many);
    let text = |profile: &Profile| {
        let numbers: Vec<u64> = profile.values.iter().map(|(_, number)| *number).collect();
        let (column, numbers) = (&profile.column, counts.of_groups(&numbers).join(", "));
        language.choose(
            format!(
                "mehrere in {column}, mit {numbers} Antworten: War einer für Tests? exclude = [{{ where = \"…\" }}]"
            ),
            format!(
                "several in {column}, with {numbers} responses: was one for tests? exclude = [{{ where = \"…\" }}]"
            ),
        )
    };
    several.map(text).collect()
}
