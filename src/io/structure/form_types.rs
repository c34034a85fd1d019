//! The types of questions of XLSForms, under all their names.

use crate::codebook::{Interview, Role, Unused};

/// A type and the list of its choices: `select one from yesno` is `select_one` of `yesno`.
pub(super) fn split<'a>(kind: &str, typed: &'a str) -> (String, Option<&'a str>) {
    const SELECTS: [(&str, &str); 12] = [
        ("select_one_from_file", "from_file"),
        ("select_multiple_from_file", "from_file"),
        ("select_one_external", "from_file"),
        ("add select one prompt using", "select_one"),
        ("add select multiple prompt using", "select_multiple"),
        ("select all that apply from", "select_multiple"),
        ("select one from", "select_one"),
        ("select_one", "select_one"),
        ("select one", "select_one"),
        ("select1", "select_one"),
        ("select_multiple", "select_multiple"),
        ("select all that apply", "select_multiple"),
    ];
    let begins = |(name, _): &&(&str, &str)| {
        kind.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if let Some((name, word)) = SELECTS.iter().find(begins) {
        // Names of lists keep their capital letters.
        let list = typed.get(name.len()..).and_then(|rest| rest.split_whitespace().next());
        return ((*word).to_owned(), list);
    }
    let kind = kind.trim().replace("begin ", "begin_").replace("end ", "end_");
    (kind.split_whitespace().next().unwrap_or_default().to_owned(), None)
}

/// Types whose answers tell who or where somebody is, or show it.
const PERSONAL: [&str; 21] = [
    "deviceid",
    "imei",
    "username",
    "phonenumber",
    "simserial",
    "subscriberid",
    "email",
    "geopoint",
    "start-geopoint",
    "background-geopoint",
    "gps",
    "location",
    "geotrace",
    "geoshape",
    "image",
    "photo",
    "audio",
    "video",
    "file",
    "background-audio",
    "osm",
];

/// What a question of a type is for that has no choices and is no number.
pub(super) fn role(word: &str) -> Role {
    match word {
        "start" => Role::Interview(Interview::Started),
        "end" => Role::Interview(Interview::Ended),
        "today" | "audit" => Role::Interview(Interview::Other),
        "text" | "string" | "barcode" => Role::OpenText,
        "note" => Role::Unused(Unused::Note),
        "date" | "time" | "datetime" => Role::Unused(Unused::Moment),
        "rank" => Role::Unused(Unused::Ranking),
        "from_file" => Role::Unused(Unused::ChoicesElsewhere),
        _ if PERSONAL.contains(&word) => Role::Personal,
        _ => Role::Answer,
    }
}
