//! SurveyMonkey: a row of questions, blank over their further columns, and a row of choices.
//!
//! A column is called by its question and, where it has several, by what stands below. Whether these are choices or
//! items shows in the answers: where a choice was ticked its own text stands, or its number.

use super::{
    Layout,
    wording::{key, plain, unique},
};
use crate::codebook::{Codebook, Interview, Member, Role, Set, SetKind, Variable};

const IDS: [&str; 5] = ["respondentid", "befragtenid", "befragtennummer", "iddurépondant", "iddelencuestado"];
const RESPONSES: [&str; 5] = ["response", "antwort", "réponse", "respuesta", "risposta"];
const OPEN: [&str; 8] = [
    "openendedresponse",
    "openended",
    "offeneantwort",
    "freieantwort",
    "offenebeantwortung",
    "réponseouverte",
    "respuestaabierta",
    "rispostaaperta",
];
/// How the field for other answers begins, with what often stands behind it.
const OTHERS: [&str; 7] = [
    "otherplease",
    "sonstigesbitte",
    "sonstigebitte",
    "anderebitte",
    "autreveuillez",
    "otroespecifique",
    "altrospecificare",
];

/// The layout, if two rows share the header as SurveyMonkey's do.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let [questions, choices, ..] = head else { return None };
    let names_respondents = IDS.contains(&key(questions.first()?).as_str());
    let says_response = choices.iter().any(|choice| is_response(choice));
    let is_blank = choices.first().is_none_or(|choice| choice.trim().is_empty());
    if !is_blank || !(names_respondents || says_response && questions.iter().any(|name| key(name) == "collectorid")) {
        return None;
    }
    let choices: Vec<String> =
        (0..questions.len()).map(|at| choices.get(at).map(|choice| plain(choice)).unwrap_or_default()).collect();
    let groups = groups(questions);
    let names = groups
        .iter()
        .flat_map(|(question, columns)| columns.clone().map(|at| name(question, &choices[at], columns.len())));
    let columns = unique(names.collect());
    let (mut variables, mut sets) = (Vec::new(), Vec::new());
    for (question, range) in &groups {
        let role = if choices[range.start].is_empty() { role(question) } else { Role::Answer };
        let mut members = Vec::new();
        for at in range.clone() {
            let (column, choice) = (&columns[at], &choices[at]);
            let is_typed = OPEN.contains(&key(choice).as_str()) || is_other(choice);
            let role = if is_typed { Role::OpenText } else { role };
            variables.push(Variable::new(column).labelled(question).used_as(role));
            if !is_typed && !is_response(choice) && !choice.is_empty() {
                members.push(Member { column: column.clone(), label: choice.clone() });
            }
        }
        if members.len() > 1 {
            let (name, label) = (question.clone(), Some(question.clone()));
            sets.push(Set { name, label, kind: SetKind::Items, members });
        }
    }
    let codebook = Codebook { variables, sets, ..Codebook::default() };
    let why = format!("`{}` stands first, and the second row holds choices", questions[0].trim());
    Some(Layout { why, header_rows: 2, columns, codebook })
}

/// Each question with its columns.
fn groups(questions: &[String]) -> Vec<(String, std::ops::Range<usize>)> {
    let mut groups: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        match groups.last_mut() {
            Some((_, columns)) if question.trim().is_empty() => columns.end = at + 1,
            _ => groups.push((plain(question), at..at + 1)),
        }
    }
    groups
}

fn name(question: &str, choice: &str, columns: usize) -> String {
    if columns == 1 || choice.is_empty() || is_response(choice) {
        question.to_owned()
    } else {
        format!("{question} [{choice}]")
    }
}

fn is_response(choice: &str) -> bool {
    RESPONSES.contains(&key(choice).as_str())
}

fn is_other(choice: &str) -> bool {
    let key = key(choice);
    OTHERS.iter().any(|other| key.starts_with(other))
}

/// What a column without a choice is for.
fn role(name: &str) -> Role {
    match key(name).as_str() {
        name if IDS.contains(&name) => Role::Identifier,
        "collectorid" | "kollektorid" => Role::Interview(Interview::Other),
        "startdate" | "datecreated" | "startdatum" | "erstelltam" | "erstellungsdatum" => {
            Role::Interview(Interview::Started)
        }
        "enddate" | "datemodified" | "enddatum" | "geändertam" | "änderungsdatum" => {
            Role::Interview(Interview::Ended)
        }
        "ipaddress" | "ipadresse" | "emailaddress" | "emailadresse" | "firstname" | "vorname" | "lastname"
        | "nachname" => Role::Personal,
        name if name.starts_with("customdata") || name.starts_with("benutzerdefiniertedaten") => Role::Personal,
        "language" | "sprache" => Role::Interview(Interview::Other),
        _ => Role::Answer,
    }
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn columns_are_called_by_question_and_choice() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let head = [
            row(&["Respondent ID", "IP Address", "Fan?", "", "Seen?", "", "", "Why?"]),
            row(&["", "", "Response", "Other (please specify)", "A", "B", "B", "Open-Ended Response"]),
        ];
        let layout = layout(&head).unwrap();
        assert_eq!(
            layout.columns,
            [
                "Respondent ID",
                "IP Address",
                "Fan?",
                "Fan? [Other (please specify)]",
                "Seen? [A]",
                "Seen? [B]",
                "Seen? [B] (2)",
                "Why?"
            ]
        );
        assert_eq!(layout.codebook.sets[0].members.len(), 3);
    }
}
