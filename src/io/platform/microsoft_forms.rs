//! Microsoft Forms: one row of wordings after five columns about the interview; rows of a Likert question are columns
//! of their own, several answers in a cell have a semicolon between them, and often one at the end.

use super::{
    Layout,
    wording::{key, plain, unique},
};
use crate::codebook::{Codebook, Interview, Role, Variable};

const STARTED: [&str; 6] = ["starttime", "startzeit", "heuredébut", "heurededébut", "horadeinicio", "oradiinizio"];
const ENDED: [&str; 7] = [
    "completiontime",
    "fertigstellungszeit",
    "abschlusszeit",
    "heuredefin",
    "horadefinalización",
    "oradicompletamento",
    "tempodeconclusão",
];
const PERSONAL: [&str; 8] =
    ["email", "name", "nom", "nombre", "nome", "correoelectrónico", "adressedemessagerie", "naam"];
const OTHER: [&str; 9] = [
    "lastmodifiedtime",
    "zeitpunktderletztenänderung",
    "letzteänderung",
    "language",
    "sprache",
    "totalpoints",
    "gesamtpunktzahl",
    "quizfeedback",
    "quizrückmeldung",
];
/// What stands before the wording where a quiz has a column for points or feedback.
const OF_QUIZ: [&str; 3] = ["Points - ", "Punkte - ", "Feedback - "];

/// The layout, if the columns about the interview stand first.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let names = head.first()?;
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    let is = |position: usize, known: &[&str]| keys.get(position).is_some_and(|key| known.contains(&key.as_str()));
    if !is(0, &["id"]) || !is(1, &STARTED) || !is(2, &ENDED) {
        return None;
    }
    let about = keys.iter().position(|key| !is_about_the_interview(key)).unwrap_or(keys.len());
    let columns = unique(names.iter().map(|name| plain(name)).collect());
    let variables = columns.iter().zip(&keys).enumerate().map(|(position, (column, key))| {
        let role = match key.as_str() {
            _ if OF_QUIZ.iter().any(|before| column.starts_with(before)) => Role::Interview(Interview::Other),
            _ if position >= about => Role::Answer,
            "id" => Role::Identifier,
            key if STARTED.contains(&key) => Role::Interview(Interview::Started),
            key if ENDED.contains(&key) => Role::Interview(Interview::Ended),
            key if PERSONAL.contains(&key) => Role::Personal,
            _ => Role::Interview(Interview::Other),
        };
        Variable::new(column).labelled(column).used_as(role)
    });
    let codebook = Codebook { variables: variables.collect(), separator: Some(";".to_owned()), ..Codebook::default() };
    let why = format!("its first columns are `{}`, `{}`, `{}`", names[0].trim(), names[1].trim(), names[2].trim());
    Some(Layout { why, header_rows: 1, columns, codebook })
}

fn is_about_the_interview(key: &str) -> bool {
    key == "id" || [&STARTED[..], &ENDED, &PERSONAL, &OTHER].iter().any(|known| known.contains(&key))
}
