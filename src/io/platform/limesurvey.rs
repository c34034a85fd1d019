//! LimeSurvey: headings are codes (`Q1[SQ001]`, or `Q1_SQ001`), wordings (whole or abbreviated), or both.
//!
//! Sources: <https://www.limesurvey.org/manual/Exporting_results>, and of LimeSurvey's code `Writer::write` (headings),
//! `createFieldMap` (the columns about the interview, whose wordings are translated) and `vvexport` (the export for
//! verification: two header rows, and `{question_not_shown}` in cells).
//!
//! A survey that is anonymised has 1980-01-01 for every date: dates are not read.

use super::Layout;
use crate::{
    codebook::{Codebook, Interview, Role, Value, Variable},
    study::Reason,
};

/// The columns that every export may have: their codes, what they are for, and their wordings.
const ABOUT: [(&str, Role, &[&str]); 11] = [
    ("id", Role::Identifier, &["Response ID", "Antwort ID", "Antwort-ID"]),
    ("submitdate", Role::Interview(Interview::Ended), &["Date submitted", "Datum Abgeschickt", "Datum abgeschickt"]),
    ("lastpage", Role::Interview(Interview::Completion), &["Last page", "Letzte Seite"]),
    ("startlanguage", Role::Interview(Interview::Other), &["Start language", "Start-Sprache", "Startsprache"]),
    ("seed", Role::Interview(Interview::Other), &["Seed", "Zufallsstartwert", "Zufallsgeneratorstartwert"]),
    ("token", Role::Identifier, &["Token", "Access code", "Zugangscode", "Zugangsschlüssel"]),
    ("startdate", Role::Interview(Interview::Started), &["Date started", "Datum gestartet"]),
    (
        "datestamp",
        Role::Interview(Interview::Ended),
        &["Date last action", "Datum letzte Aktivität", "Datum letzte Aktion"],
    ),
    ("ipaddr", Role::Personal, &["IP address", "IP-Adresse"]),
    ("refurl", Role::Interview(Interview::Other), &["Referrer URL", "Weiterleitungs-URL", "Referrer-URL"]),
    ("interviewtime", Role::Interview(Interview::Seconds), &["Total time", "Gesamtzeit"]),
];

/// Those by which an export is known; `id` and dates have others too.
const MARKS: [&str; 3] = ["submitdate", "lastpage", "startlanguage"];

/// The layout, if columns about the interview or codes with subquestions in brackets say so.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let of_codes = |row: &Vec<String>| MARKS.iter().filter(|mark| row.iter().any(|name| name == *mark)).count() >= 2;
    match head {
        [_, second, ..] if of_codes(second) => Some(for_verification(&head[0], second)),
        [first, ..] if of_codes(first) => {
            Some(of_names(first, "it has the columns lastpage, startlanguage or submitdate"))
        }
        [first, ..] => of_both(first).or_else(|| of_wordings(first)).or_else(|| of_subquestions(first)),
        [] => None,
    }
}

fn of_names(names: &[String], why: &str) -> Layout {
    let variables = names
        .iter()
        .filter_map(|name| Some(Variable::new(name).used_as(about(name).or_else(|| role(name))?)))
        .collect();
    Layout {
        why: why.to_owned(),
        header_rows: 1,
        columns: distinct(names),
        codebook: Codebook { variables, ..Codebook::default() },
    }
}

fn of_wordings(names: &[String]) -> Option<Layout> {
    let is_marked = |mark: &&&str| names.iter().any(|name| coded(name).is_some_and(|code| code == **mark));
    (MARKS.iter().filter(is_marked).count() >= 2)
        .then(|| of_names(names, "it has the columns of its last page and start language"))
}

/// Without columns about the interview: `Q1[SQ001]` beside others of the same question.
fn of_subquestions(names: &[String]) -> Option<Layout> {
    let stem = |name: &String| {
        let (stem, rest) = name.split_once('[')?;
        let is_code = |code: &str| code.starts_with(|c: char| c.is_ascii_alphabetic()) && is_plain(code);
        let sub = rest.strip_suffix(']')?;
        (is_code(stem) && sub.split("][").all(is_plain) && !sub.is_empty()).then(|| stem.to_owned())
    };
    let stems: Vec<String> = names.iter().filter_map(stem).collect();
    let is_repeated = stems.iter().enumerate().any(|(index, stem)| stems[..index].contains(stem));
    is_repeated.then(|| of_names(names, "it has columns such as Q1[SQ001]"))
}

/// `Q1[SQ001]. Which papers? [Daily]`: the code is the name, the rest the wording. The separator is chosen by whoever
/// exports; it stands in the headings of the columns about the interview.
fn of_both(names: &[String]) -> Option<Layout> {
    let separator_of = |mark: &str| {
        let (_, _, wordings) = ABOUT.iter().find(|(code, ..)| *code == mark)?;
        let rest = names.iter().find_map(|name| name.strip_prefix(mark))?;
        wordings.iter().find_map(|wording| rest.strip_suffix(wording)).filter(|separator| !separator.is_empty())
    };
    let separators: Vec<&str> = MARKS.iter().filter_map(|mark| separator_of(mark)).collect();
    let [separator, _, ..] = separators[..] else { return None };
    let split = |name: &String| match name.split_once(separator) {
        Some((code, wording)) => (code.trim().to_owned(), wording.trim().to_owned()),
        None => (name.clone(), String::new()),
    };
    let (codes, wordings): (Vec<String>, Vec<String>) = names.iter().map(split).unzip();
    let mut layout = of_names(&codes, "its headings are codes with wordings, such as startlanguage");
    for (code, wording) in layout.columns.iter().zip(&wordings) {
        match layout.codebook.variables.iter_mut().find(|variable| variable.column == *code) {
            Some(known) => known.label = Some(wording.clone()).filter(|wording| !wording.is_empty()),
            None => layout.codebook.variables.push(Variable::new(code).labelled(wording)),
        }
    }
    Some(layout)
}

/// Two header rows, wordings and codes, and a text in the cells of questions that were not shown.
fn for_verification(wordings: &[String], names: &[String]) -> Layout {
    let mut layout = of_names(names, "its second row has the columns lastpage and startlanguage");
    layout.header_rows = 2;
    let known = std::mem::take(&mut layout.codebook.variables);
    let role =
        |name: &str| known.iter().find(|variable| variable.column == name).map_or(Role::Answer, |known| known.role);
    let variable = |(name, wording): (&String, &String)| {
        let not_shown = Value::missing("{question_not_shown}", None, Reason::NotShown);
        Variable { values: vec![not_shown], ..Variable::new(name).labelled(wording).used_as(role(name)) }
    };
    let nothing = String::new();
    let wordings = wordings.iter().chain(std::iter::repeat(&nothing));
    layout.codebook.variables = layout.columns.iter().zip(wordings).map(variable).collect();
    layout
}

/// The code of a column about the interview, by its code or its wording.
fn coded(name: &str) -> Option<&'static str> {
    let is_it = |(code, _, wordings): &&(&'static str, Role, &[&str])| name == *code || wordings.contains(&name);
    ABOUT.iter().find(is_it).map(|(code, ..)| *code)
}

fn about(name: &str) -> Option<Role> {
    let code = coded(name)?;
    ABOUT.iter().find(|(known, ..)| *known == code).map(|(_, role, _)| *role)
}

/// What a column is for by the end of its name: what was written beside a choice, or how long something took.
fn role(name: &str) -> Option<Role> {
    let name = name.trim_end_matches(']');
    let is_written = ["other", "comment"].iter().any(|end| {
        let stem = name.strip_suffix(end).unwrap_or_default();
        stem.ends_with(['[', '_'])
            || *end == "comment" && (stem.contains('[') && is_code_end(stem) || stem.ends_with("[other"))
    });
    let is_written =
        is_written || [" [Other", " [Sonstiges", "[Comment", "[Kommentar"].iter().any(|end| name.ends_with(end));
    let is_time = name.starts_with("groupTime") && is_plain(name)
        || name.strip_suffix("Time").is_some_and(|code| !code.is_empty() && is_plain(code))
        || ["Group time: ", "Question time: "].iter().any(|start| name.starts_with(start));
    match (is_written, is_time) {
        (true, _) => Some(Role::OpenText),
        (_, true) => Some(Role::Interview(Interview::Seconds)),
        _ => None,
    }
}

/// `Q1[SQ001` of `Q1[SQ001comment]`.
fn is_code_end(stem: &str) -> bool {
    stem.split_once('[').is_some_and(|(code, sub)| is_plain(code) && is_plain(sub))
}

fn is_plain(code: &str) -> bool {
    code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Wordings may be the same, abbreviated ones often are: the second is numbered.
fn distinct(names: &[String]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in names {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let column = [name.clone()].into_iter().chain(numbered).find(|column| !columns.contains(column));
        columns.extend(column);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::layout;
    use crate::codebook::Role;

    fn row(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn headings_of_each_kind_are_recognised() {
        for (names, columns) in [
            (
                &["id", "submitdate", "lastpage", "Q1", "Q2[SQ001]"][..],
                &["id", "submitdate", "lastpage", "Q1", "Q2[SQ001]"][..],
            ),
            (
                &["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Alt?", "Alt?"],
                &["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Alt?", "Alt? (2)"],
            ),
            (
                &["id. Response ID", "lastpage. Last page", "startlanguage. Start language", "Q1. How old?"],
                &["id", "lastpage", "startlanguage", "Q1"],
            ),
            (&["Q1[1]", "Q1[2]", "Q2"], &["Q1[1]", "Q1[2]", "Q2"]),
        ] {
            let layout = layout(&[row(names)]).unwrap_or_else(|| panic!("{names:?}"));
            assert_eq!(layout.columns, columns);
        }
        for names in [&["id", "age"][..], &["date", "id", "lastpage"], &["Which? [A]", "Which? [B]"]] {
            assert!(layout(&[row(names)]).is_none(), "{names:?}");
        }
    }

    #[test]
    fn what_is_no_answer_has_its_role() {
        let names = [
            "submitdate",
            "lastpage",
            "ipaddr",
            "Q1[other]",
            "Q2[SQ001comment]",
            "Q3_other",
            "groupTime12",
            "Q1Time",
            "mother",
        ];
        let codebook = layout(&[row(&names)]).unwrap().codebook;
        let role = |name: &str| codebook.variable(name).map(|variable| variable.role);
        assert_eq!(role("ipaddr"), Some(Role::Personal));
        for name in ["Q1[other]", "Q2[SQ001comment]", "Q3_other"] {
            assert_eq!(role(name), Some(Role::OpenText), "{name}");
        }
        assert!(
            matches!(role("groupTime12"), Some(Role::Interview(_)))
                && matches!(role("Q1Time"), Some(Role::Interview(_)))
        );
        assert_eq!(role("mother"), None);
    }
}
