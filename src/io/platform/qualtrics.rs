//! Qualtrics: a row of names, a row of wordings, and in all but the oldest exports a row of import ids as JSON.
//!
//! Names and wordings are whatever somebody wrote; which columns are one question is told by the import ids:
//! `QID4_1` and `QID4_2` are of question 4, whatever their columns are called.

use super::{
    Layout,
    wording::{key, plain, unique},
};
use crate::codebook::{Codebook, Interview, Member, Role, Set, SetKind, Value, Variable};

/// A column of the header.
struct Field {
    column: String,
    wording: String,
    /// The internal id, or the name where the export has none.
    id: String,
    /// The choice that a column of a multiple response stands for.
    choice: Option<String>,
    role: Role,
}

/// The layout, if the third row holds import ids or the columns about the interview are those of Qualtrics.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let names = head.first()?;
    let is_id = |cell: &String| import_id(cell).is_some();
    let ids = head.get(2).filter(|ids| ids.iter().any(is_id));
    let (why, header_rows) = if ids.is_some() {
        ("its third row holds ImportIds", 3)
    } else if legacy_names(head.get(1)?) {
        ("its second row names ResponseID, ResponseSet and Status", 2)
    } else if names.iter().filter(|name| !matches!(meta(name), Role::Answer)).count() >= FEWEST_KNOWN
        && head.get(1)?.iter().zip(names).all(|(cell, name)| meta(name) == Role::Answer || is_title(cell))
    {
        ("its first row names columns as Qualtrics does, and its second row holds wordings", 2)
    } else {
        return None;
    };
    let cell = |row: Option<&Vec<String>>, at: usize| row.and_then(|row| row.get(at)).cloned().unwrap_or_default();
    let columns = unique(names.iter().map(|name| plain(name)).collect());
    let fields: Vec<Field> = (columns.iter().enumerate())
        .map(|(at, column)| field(column, &plain(&cell(head.get(1), at)), import_id(&cell(ids, at))))
        .collect();
    let sets = sets(&fields);
    let variables = fields.iter().map(|field| variable(field, &fields)).collect();
    let codebook = Codebook {
        variables,
        sets,
        separator: Some(",".to_owned()),
        unanswered: Some(UNANSWERED.to_owned()),
        ..Codebook::default()
    };
    Some(Layout { why: why.to_owned(), header_rows, columns, codebook })
}

/// So many columns about the interview are no accident.
const FEWEST_KNOWN: usize = 3;
/// "Seen but unanswered", where the export was told to write it.
const UNANSWERED: &str = "-99";

/// The parts of an import id: `{"ImportId":"QID12","choiceId":"4"}`.
fn import_id(cell: &str) -> Option<(String, Option<String>)> {
    let json: serde_json::Value = serde_json::from_str(cell.trim()).ok()?;
    let text = |name: &str| json.get(name).and_then(|part| part.as_str().map(str::to_owned).or(Some(part.to_string())));
    Some((text("ImportId")?, text("choiceId")))
}

fn field(column: &str, wording: &str, id: Option<(String, Option<String>)>) -> Field {
    let (id, choice) = id.unwrap_or_else(|| (column.to_owned(), None));
    // In the oldest exports the names are V1, V2, …, and the second row has what they mean.
    let is_numbered = column.strip_prefix('V').is_some_and(|rest| rest.parse::<u32>().is_ok());
    let known = if is_numbered { meta(wording) } else { meta(&id) };
    let role = [known, meta(column), by_ending(&id), by_ending(column)];
    let role = role.into_iter().find(|role| *role != Role::Answer).unwrap_or(Role::Answer);
    Field { column: column.to_owned(), wording: wording.to_owned(), id, choice, role }
}

fn variable(field: &Field, all: &[Field]) -> Variable {
    let variable = Variable::new(&field.column).used_as(field.role);
    match field.role {
        Role::Answer => variable.labelled(&question(field, all)),
        Role::Interview(Interview::Status) => Variable { values: states(), ..variable.labelled(&field.wording) },
        _ => variable.labelled(&field.wording),
    }
}

/// The wording of the question of a column by itself, without "Selected Choice".
fn question(field: &Field, all: &[Field]) -> String {
    let text = format!("{}_", field.id);
    let typed = all.iter().filter(|other| other.id.starts_with(&text) && other.role == Role::OpenText);
    let texts: Vec<&str> = typed.map(|other| other.wording.as_str()).chain([field.wording.as_str()]).collect();
    let shared = if texts.len() > 1 { shared_wording(&texts) } else { "" };
    let own = if shared.is_empty() { &field.wording } else { shared };
    own.trim_end_matches(" - Selected Choice").to_owned()
}

/// Columns with the same question in their import ids.
fn sets(fields: &[Field]) -> Vec<Set> {
    let mut sets: Vec<(&str, SetKind, Vec<&Field>)> = Vec::new();
    for field in fields.iter().filter(|field| field.role == Role::Answer) {
        let (of, kind) = match (&field.choice, field.id.rsplit_once('_')) {
            (Some(_), _) => (field.id.as_str(), SetKind::Dichotomies { chosen: Vec::new() }),
            (None, Some((question, item))) if item.parse::<u32>().is_ok() => (question, SetKind::Items),
            (None, _) => continue,
        };
        match sets.iter_mut().find(|(known, known_kind, _)| *known == of && *known_kind == kind) {
            Some((.., members)) => members.push(field),
            None => sets.push((of, kind, vec![field])),
        }
    }
    let several = sets.into_iter().filter(|(_, _, members)| members.len() > 1);
    several.map(|(of, kind, members)| set(of, kind, &members, fields)).collect()
}

fn set(of: &str, kind: SetKind, members: &[&Field], all: &[Field]) -> Set {
    let wordings: Vec<&str> = members.iter().map(|field| field.wording.as_str()).collect();
    let shared = shared_wording(&wordings);
    let rest = |field: &Field| field.wording[shared.len()..].trim_start_matches([' ', '-', '–', ':']).to_owned();
    let label = |field: &Field| Some(rest(field)).filter(|rest| !rest.is_empty()).unwrap_or(field.column.clone());
    let members: Vec<Member> =
        members.iter().map(|field| Member { column: field.column.clone(), label: label(field) }).collect();
    // The wording of the field for other answers has no "Selected Choice", in whatever language.
    let text = format!("{of}_");
    let typed = all.iter().filter(|other| other.role == Role::OpenText && other.id.starts_with(&text));
    let texts: Vec<&str> = [shared].into_iter().chain(typed.map(|other| other.wording.as_str())).collect();
    let question = if texts.len() > 1 { shared_wording(&texts) } else { "" };
    let question = if question.is_empty() { shared.trim_end_matches(" - Selected Choice") } else { question };
    let kind = match kind {
        SetKind::Dichotomies { .. } => {
            // A cell holds 1 or the text of the choice.
            SetKind::Dichotomies {
                chosen: members.iter().map(|member| member.label.clone()).chain(["1".to_owned()]).collect(),
            }
        }
        kind => kind,
    };
    let name = members[0].column.rsplit_once('_').map_or(members[0].column.as_str(), |(name, _)| name);
    Set { name: name.to_owned(), label: Some(question.to_owned()).filter(|text| !text.is_empty()), kind, members }
}

/// What wordings share in front of their last common dash.
fn shared_wording<'a>(wordings: &[&'a str]) -> &'a str {
    let first = wordings.first().copied().unwrap_or_default();
    let same = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let shared = wordings.iter().map(same).min().unwrap_or(0);
    let ends = first.match_indices(" - ").map(|(at, _)| at).filter(|at| at + 3 <= shared);
    &first[..ends.last().unwrap_or(0)]
}

/// What the columns are for that every export has, by name or import id.
fn meta(name: &str) -> Role {
    match key(name).as_str() {
        "startdate" => Role::Interview(Interview::Started),
        "enddate" | "recordeddate" => Role::Interview(Interview::Ended),
        "status" => Role::Interview(Interview::Status),
        "progress" | "finished" => Role::Interview(Interview::Completion),
        "durationinseconds" | "duration" => Role::Interview(Interview::Seconds),
        "responseid" | "recordid" => Role::Identifier,
        "ipaddress"
        | "recipientlastname"
        | "recipientfirstname"
        | "recipientemail"
        | "emailaddress"
        | "name"
        | "externalreference"
        | "externaldatareference"
        | "locationlatitude"
        | "locationlongitude"
        | "locationaccuracy" => Role::Personal,
        "distributionchannel" | "userlanguage" | "responseset" => Role::Interview(Interview::Other),
        // Checks of fraud that Qualtrics adds: Q_RecaptchaScore, Q_RelevantIDDuplicate.
        _ if name.strip_prefix("Q_").is_some_and(|rest| rest.starts_with(char::is_alphabetic)) => {
            Role::Interview(Interview::Other)
        }
        _ => Role::Answer,
    }
}

/// What the end of an import id, or of a name, tells.
fn by_ending(id: &str) -> Role {
    const TIMING: [&str; 8] = [
        "_FIRST_CLICK",
        "_LAST_CLICK",
        "_PAGE_SUBMIT",
        "_CLICK_COUNT",
        "_First Click",
        "_Last Click",
        "_Page Submit",
        "_Click Count",
    ];
    const BROWSER: [&str; 6] = ["_BROWSER", "_VERSION", "_OS", "_RESOLUTION", "_Browser", "_Operating System"];
    const FILES: [&str; 4] = ["_FILE_ID", "_FILE_NAME", "_FILE_SIZE", "_FILE_TYPE"];
    let ends = |endings: &[&str]| endings.iter().any(|ending| id.ends_with(ending));
    let is_order = id.ends_with("_DO") || id.contains("_DO_");
    // `QID2_TEXT` is a question to be answered in writing, maybe by a number; `QID2_5_TEXT` is a field behind a choice.
    let typed = id.strip_suffix("_TEXT").map(|id| id.rsplit('_').next().unwrap_or_default());
    let is_field = typed.is_some_and(|choice| choice.parse::<u32>().is_ok());
    if ends(&TIMING) || ends(&BROWSER) || is_order {
        Role::Interview(Interview::Other)
    } else if ends(&FILES) {
        Role::Personal
    } else if is_field || id.contains("_TEXT_") {
        Role::OpenText
    } else {
        Role::Answer
    }
}

/// What the numbers of `Status` mean.
fn states() -> Vec<Value> {
    const STATES: [(&str, &str); 8] = [
        ("0", "IP Address"),
        ("1", "Survey Preview"),
        ("2", "Survey Test"),
        ("4", "Imported"),
        ("8", "Spam"),
        ("9", "Survey Preview Spam"),
        ("16", "Offline"),
        ("17", "Offline Preview"),
    ];
    STATES.iter().map(|(code, label)| Value::answer(code, label)).collect()
}

/// The second row of the oldest exports.
fn legacy_names(row: &[String]) -> bool {
    let has = |name: &str| row.iter().any(|cell| key(cell) == name);
    has("responseid") && has("responseset") && has("status")
}

/// Whether a cell titles a column rather than holding a value of it: letters and no digits.
fn is_title(cell: &str) -> bool {
    cell.contains(' ') && !cell.contains(|letter: char| letter.is_ascii_digit()) || !matches!(meta(cell), Role::Answer)
}

#[cfg(test)]
mod tests {
    use super::layout;
    use crate::codebook::{Role, SetKind};

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn questions_are_told_by_import_ids_not_by_names() {
        let head = [
            row(&["ResponseId", "Q13_1", "Q13_2", "Q13_3_TEXT", "Q4_1", "Q4_2", "Q7_DO_1"]),
            row(&[
                "Response ID",
                "Use? - Selected Choice - A - b",
                "Use? - Selected Choice - C",
                "Use? - Other - Text",
                "Rate - X",
                "Rate - Y",
                "Order",
            ]),
            row(&[
                "{\"ImportId\":\"_recordId\"}",
                "{\"ImportId\":\"QID20\",\"choiceId\":\"3\"}",
                "{\"ImportId\":\"QID20\",\"choiceId\":\"7\"}",
                "{\"ImportId\":\"QID20_9_TEXT\"}",
                "{\"ImportId\":\"QID4_1\"}",
                "{\"ImportId\":\"QID4_2\"}",
                "{\"ImportId\":\"QID7_DO\",\"choiceId\":\"1\"}",
            ]),
        ];
        let layout = layout(&head).unwrap();
        let sets = &layout.codebook.sets;
        assert_eq!(sets.len(), 2);
        assert_eq!((sets[0].name.as_str(), sets[0].label.as_deref()), ("Q13", Some("Use?")));
        assert_eq!(sets[0].members[0].label, "A - b");
        assert_eq!((&sets[1].kind, sets[1].label.as_deref()), (&SetKind::Items, Some("Rate")));
        assert_eq!(layout.codebook.variable("Q13_3_TEXT").unwrap().role, Role::OpenText);
    }

    #[test]
    fn the_oldest_exports_have_two_rows() {
        let head = [
            row(&["V1", "V2", "V7", "Q1"]),
            row(&["ResponseID", "ResponseSet", "Status", "Use?"]),
            row(&["R_1", "", "0", "2"]),
        ];
        assert_eq!(layout(&head).unwrap().header_rows, 2);
        let plain = [row(&["id", "status", "use"]), row(&["1", "ok", "2"]), row(&["2", "ok", "1"])];
        assert_eq!(layout(&plain), None);
    }
}
