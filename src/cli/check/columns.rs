//! Which columns of the file are not needed, and which hold personal data.

use std::collections::HashSet;

use super::super::paper::Paper;
use crate::{
    diagnostic::Diagnostics,
    io::Short,
    personal::scan,
    quality::columns_that_tell,
    responses::Profile,
    survey::{Progress, Survey},
};

/// A look at every column of the file, and its rows that end early.
pub(super) fn profiles(
    survey: &Survey,
    progress: &mut Progress<'_>,
) -> Result<(Vec<Profile>, Option<Short>), Diagnostics> {
    let table = &survey.table;
    let mut profiles: Vec<Profile> = table.columns.iter().map(|column| Profile::new(column)).collect();
    let rows = table.read(&mut profiles, |profile| &profile.column, &mut |bytes| progress(bytes, table.bytes))?;
    Ok((profiles, rows.short))
}

pub(super) fn report(paper: &mut Paper, survey: &Survey, profiles: &[Profile]) {
    let (table, language) = (&survey.table, paper.language);
    let read: HashSet<&str> = survey.plan.requests.iter().map(|request| request.column.as_str()).collect();
    let telling = columns_that_tell(&survey.study, table);
    let is_used = |column: &str| {
        read.contains(column) || table.is_unpacked(column) || telling.iter().any(|telling| telling == column)
    };
    let none = language.choose("keine", "none");
    let list = |names: Vec<&str>| if names.is_empty() { none.to_owned() } else { names.join(", ") };
    let unused = list(table.columns.iter().map(String::as_str).filter(|column| !is_used(column)).collect());
    paper.lines("", &format!("{}: {unused}", language.choose("nicht genutzte Spalten", "columns not used")));
    let heading = language.choose("personenbezogene Daten", "personal data");
    let found: Vec<_> = profiles.iter().filter_map(|profile| Some((&profile.column, scan(profile)?))).collect();
    if found.is_empty() {
        paper.lines("", &format!("{heading}: {}", language.choose("keine gefunden", "none found")));
    }
    for (column, finding) in found {
        let advice = if is_used(column) {
            language.choose("von der Studie GENUTZT: ist das nötig?", "USED by the study: is it needed?")
        } else {
            language
                .choose("nicht genutzt: besser aus der Datei löschen", "not used: consider deleting it from the file")
        };
        paper.lines("", &format!("{heading}: `{column}`, {} ({advice})", finding.why(language)));
    }
}
