//! Drafts a study file from the data: looks at every column once, guesses what it is for, and writes down the guess
//! for a person to correct.
//!
//! `Outline` decides column by column — part of the design, personal data, a segment, one of several columns of a
//! multiple response, a question of its own — and `text` writes what was decided. Nothing here knows a single
//! respondent: all decisions rest on [`Profile`]s.

mod answers;
mod codes;
mod decimals;
mod described;
mod design;
mod exclusions;
mod groups;
mod lists;
mod naming;
mod outline;
mod questions;
mod segments;
mod settled;
#[cfg(test)]
mod tests;
mod text;
mod toml;

use self::{
    exclusions::{Proposal, proposals},
    outline::Outline,
};
use crate::{
    codebook::{Codebook, Role},
    diagnostic::{Diagnostic, Diagnostics, Place, counted, first_few, quoted_list},
    io::{Format, Platform, Short, Structure, Table},
    quality::inspect,
    responses::Profile,
    study::{Kind, Language},
};

/// A drafted study file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The file itself.
    pub text: String,
    /// What was recognised, a sentence each.
    pub notes: Vec<String>,
}

/// Drafts a study file for a table. `structure` is the questionnaire, where there is a file of it; `file` is the path to
/// the table that the study file will name, relative to itself; `progress` is told the bytes read so far.
pub fn draft(
    table: &Table,
    structure: Option<&Structure>,
    file: &str,
    progress: &mut dyn FnMut(u64),
) -> Result<Draft, Diagnostics> {
    let profile = |column: &String| {
        let ranges = table.codebook.variable(column).map(|variable| variable.missing_ranges.as_slice());
        Profile::new(column).without_answers_within(ranges.unwrap_or_default())
    };
    let mut profiles: Vec<Profile> = table.columns.iter().map(profile).collect();
    let short = table.read(&mut profiles, |profile| &profile.column, progress)?.short;
    let is_promised = table.platform.is_none() && Format::of_ending(file.as_ref()) == Some(table.format);
    let format = (!is_promised).then(|| table.format_name());
    let mut codebook = table.codebook.clone();
    let mut recognised: Vec<String> = table.recognised.clone().into_iter().collect();
    if let Some(structure) = structure {
        let better = structure.describe(&profiles, &codes::is_no_answer);
        recognised.push(known_columns(structure, &better, table)?);
        codebook.overlay(better);
    } else if let Some(questionnaire) = table.platform.and_then(Platform::questionnaire) {
        recognised.push(format!("{questionnaire} would say what codes mean and who was asked: name it after the data"));
    }
    let (encoding, typed) = (table.encoding_name(), table.name());
    let data =
        DataFile { file, typed: &typed, format, encoding: encoding.as_deref(), sheet: table.sheet_name(), short };
    let mut described = table.clone();
    described.codebook = codebook;
    let found = inspect(None, &described, &[], &mut |bytes, _| progress(bytes))?;
    let mut draft = write_as(&profiles, &described.codebook, proposals(&described, &found), &data)?;
    recognised.extend(table.remarks.iter().map(|remark| toml::one_line(&remark.text(Language::En))));
    recognised.extend(short.map(|Short { line, rows, .. }| {
        let rows = counted(rows as usize, "row");
        format!("{rows} end early, the first is line {line}: their missing cells are read as blank")
    }));
    draft.notes.splice(0..0, recognised);
    Ok(draft)
}

/// What a study file says of its data.
struct DataFile<'a> {
    /// The path, as the study file names it.
    file: &'a str,
    /// The path, as it was typed.
    typed: &'a str,
    /// The format, where the ending does not tell.
    format: Option<&'a str>,
    /// The encoding of a text that is not in UTF-8.
    encoding: Option<&'a str>,
    /// The sheet, where there are several.
    sheet: Option<&'a str>,
    /// Rows that end early.
    short: Option<Short>,
}

/// Writes a study file for columns as they look, and as their file describes them. `file` is their path as the study
/// file names it, `format` their format where the ending does not tell.
pub fn write(
    profiles: &[Profile],
    codebook: &Codebook,
    file: &str,
    format: Option<&str>,
) -> Result<Draft, Diagnostics> {
    let data = DataFile { file, typed: file, format, encoding: None, sheet: None, short: None };
    write_as(profiles, codebook, Vec::new(), &data)
}

/// The same with proposals of whom to leave out.
fn write_as(
    profiles: &[Profile],
    codebook: &Codebook,
    exclude: Vec<Proposal>,
    data: &DataFile<'_>,
) -> Result<Draft, Diagnostics> {
    let with_commas = decimals::with_decimal_comma(profiles);
    let mut outline = Outline::new(with_commas.as_deref().unwrap_or(profiles), codebook);
    outline.decimal_comma = with_commas.is_some();
    outline.exclude = exclude;
    if outline.questions.is_empty() {
        let message = "no column looks like answers to a question";
        let columns = quoted_list(outline.left_out.iter().map(|(column, _)| column.as_str()));
        let hint = format!("left out are {columns}; check that the first row holds the column names");
        return Err(Diagnostic::error("no-question", Place::File(data.typed.to_owned()), message).hint(hint).into());
    }
    Ok(Draft { text: text::text(&outline, data), notes: notes(&outline) })
}

/// What a structure was taken for and how many columns it describes; of another survey it describes none.
fn known_columns(structure: &Structure, described: &Codebook, table: &Table) -> Result<String, Diagnostics> {
    let is_known = |column: &str| described.variable(column).is_some();
    let is_answer = |column: &str| table.codebook.variable(column).is_none_or(|known| known.role == Role::Answer);
    let columns = table.columns.iter().map(String::as_str);
    let unknown: Vec<&str> = columns.filter(|column| !is_known(column) && is_answer(column)).collect();
    if described.variables.is_empty() {
        let message = format!("{} describes no column of {}", structure.name, table.name());
        let hint = "is it the structure of another survey, or of another language?";
        return Err(Diagnostic::error("bad-structure", Place::File(structure.name.clone()), message).hint(hint).into());
    }
    let known = counted(described.variables.len(), "column");
    let but = if unknown.is_empty() { String::new() } else { format!(", not {}", first_few(unknown.into_iter())) };
    Ok(format!("{} is {}; it describes {known}{but}", structure.name, structure.recognised))
}

fn notes(outline: &Outline) -> Vec<String> {
    let of = |kind: Kind| outline.questions.iter().filter(|question| question.kind == kind).count();
    let kinds = [
        (of(Kind::Single), "single"),
        (of(Kind::Multiple), "multiple"),
        (of(Kind::Scale), "scale"),
        (of(Kind::Number), "number"),
    ];
    let kinds: Vec<String> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    let mut notes = vec![format!("questions: {}", kinds.join(", "))];
    if !outline.segments.is_empty() {
        notes.push(format!("segments: {}", quoted_list(outline.segments.iter().map(|segment| segment.id.as_str()))));
    }
    for (part, column, doubt) in &outline.design {
        let doubt = doubt.as_ref().map_or(String::new(), |doubt| format!(", only proposed: {doubt}"));
        notes.push(format!("{}: `{column}`{doubt}", part.key()));
    }
    if outline.decimal_comma {
        notes.push("numbers have a decimal comma".to_owned());
    }
    if outline.synthetic {
        notes.push("the data mark themselves as made up".to_owned());
    }
    notes.extend(outline.exclude.iter().map(|proposal| format!("to be left out? {}", proposal.seen)));
    notes.extend(outline.left_out.iter().map(|(column, why)| format!("left out `{column}`: {why}")));
    notes.into_iter().map(|note| toml::one_line(&note)).collect()
}
