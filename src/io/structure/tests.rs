//! The columns of every type of question, and how their cells are read.

use super::Structure;
use crate::{
    codebook::{Codebook, Measure, Role, SetKind, Unused, Variable},
    responses::Profile,
    study::Reason,
};

/// A structure of LimeSurvey from rows of class, type, name, relevance, text, other.
fn limesurvey(rows: &[[&str; 6]]) -> Structure {
    let header = "class\ttype/scale\tname\trelevance\ttext\tlanguage\tother\tdualscale_headerA\tdualscale_headerB";
    let row = |[class, kind, name, relevance, text, other]: &[&str; 6]| {
        format!("{class}\t{kind}\t{name}\t{relevance}\t{text}\ten\t{other}\tNow\tThen")
    };
    let rows = rows.iter().map(row).collect::<Vec<_>>().join("\n");
    Structure::of_bytes(format!("\u{feff}{header}\n{rows}\n").as_bytes()).unwrap().expect("a survey")
}

fn describe(structure: &Structure, columns: &[(&str, &[&str])]) -> Codebook {
    let profiles: Vec<Profile> = columns.iter().map(|(name, values)| Profile::of(name, values)).collect();
    structure.describe(&profiles, &|label| label == "Refused")
}

fn variable<'a>(codebook: &'a Codebook, column: &str) -> &'a Variable {
    codebook.variable(column).unwrap_or_else(|| panic!("`{column}` is described"))
}

fn values(codebook: &Codebook, column: &str) -> Vec<(String, String)> {
    let values = variable(codebook, column).values.iter();
    values.map(|value| (value.code.clone(), value.label.clone().unwrap_or_default())).collect()
}

const PARTS: [[&str; 6]; 2] = [["SQ", "", "SQ1", "", "Price", ""], ["SQ", "", "SQ2", "", "Taste", ""]];
const ANSWERS: [[&str; 6]; 2] = [["A", "", "A1", "", "Good", ""], ["A", "", "A2", "", "Bad", ""]];

#[test]
fn every_type_of_limesurvey_has_its_columns() {
    let fixed =
        |codes: &[(&str, &str)]| codes.iter().map(|(c, l)| ((*c).to_owned(), (*l).to_owned())).collect::<Vec<_>>();
    for (kind, columns, expected) in [
        ("F", &["Q[SQ1]", "Q_SQ2"][..], fixed(&[("A1", "Good"), ("A2", "Bad")])),
        ("H", &["Q[SQ1]"], fixed(&[("A1", "Good"), ("A2", "Bad")])),
        ("1", &["Q[SQ1][1]", "Q_SQ1_0"], fixed(&[("A1", "Good"), ("A2", "Bad")])),
        ("R", &["Q[1]", "Q_2"], fixed(&[("A1", "Good"), ("A2", "Bad")])),
        ("L", &["Q"], fixed(&[("A1", "Good"), ("A2", "Bad"), ("-oth-", "Other")])),
        ("O", &["Q"], fixed(&[("A1", "Good"), ("A2", "Bad")])),
        ("C", &["Q[SQ2]"], fixed(&[("Y", "Yes"), ("U", "Uncertain"), ("N", "No")])),
        ("E", &["Q[SQ1]"], fixed(&[("I", "Increase"), ("S", "Same"), ("D", "Decrease")])),
        ("5", &["Q"], fixed(&[("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")])),
    ] {
        let question = ["Q", kind, "Q", "1", "How is it?", "Y"];
        let structure = limesurvey(&[&[question][..], &PARTS, &ANSWERS].concat());
        for column in columns {
            let codebook = describe(&structure, &[(column, &[])]);
            assert_eq!(values(&codebook, column), expected, "{kind} {column}");
        }
    }
    for (kind, column, role, measure) in [
        ("K", "Q[SQ1]", Role::Answer, Some(Measure::Amount)),
        ("N", "Q", Role::Answer, Some(Measure::Amount)),
        ("B", "Q_SQ1", Role::Answer, Some(Measure::Ordinal)),
        ("Q", "Q[SQ1]", Role::OpenText, None),
        ("T", "Q", Role::OpenText, None),
        ("D", "Q", Role::Unused(Unused::Moment), None),
        ("|", "Q", Role::Personal, None),
        ("P", "Q[SQ1comment]", Role::OpenText, None),
        ("P", "Q[othercomment]", Role::OpenText, None),
        ("O", "Q[comment]", Role::OpenText, None),
        ("M", "Q_other", Role::OpenText, None),
        ("L", "How is it? [Other]", Role::OpenText, None),
    ] {
        let structure = limesurvey(&[&[["Q", kind, "Q", "1", "How is it?", "Y"]][..], &PARTS, &ANSWERS].concat());
        let codebook = describe(&structure, &[(column, &["3"])]);
        let known = variable(&codebook, column);
        assert_eq!((known.role, known.measure), (role, measure), "{kind} {column}");
    }
}

#[test]
fn tables_have_a_column_for_each_cell() {
    let across = [["SQ", "1", "X1", "", "today", ""], ["SQ", "1", "X2", "", "before", ""]];
    let structure = limesurvey(&[&[["Q", ":", "Q", "", "How much?", ""]][..], &PARTS, &across].concat());
    let names = ["Q[SQ1_X1]", "Q[SQ1_X2]", "Q[SQ2_X1]", "How much? [Taste][before]"];
    let codebook = describe(&structure, &names.map(|name| (name, &["1", "7"][..])));
    assert_eq!(variable(&codebook, names[3]).label.as_deref(), Some("How much?: Taste, before"));
    assert_eq!((codebook.sets[0].members.len(), &codebook.sets[0].kind), (4, &SetKind::Items));
}

#[test]
fn choices_are_chosen_in_every_coding() {
    let structure = limesurvey(&[&[["Q", "M", "Q", "", "Which?", ""]][..], &PARTS].concat());
    for (first, second, chosen, blank) in [
        (&["Y", ""][..], &[""][..], "Y", None),
        (&["Yes", "N/A"], &["No"], "Yes", Some(Reason::NotShown)),
        (&["1", "2", ""], &["2"], "1", Some(Reason::NotShown)),
        (&["1", ""], &["0"], "1", Some(Reason::NotShown)),
    ] {
        let codebook = describe(&structure, &[("Q[SQ1]", first), ("Q[SQ2]", second)]);
        assert!(
            matches!(&codebook.sets[0].kind, SetKind::Dichotomies { chosen: own } if own.contains(&chosen.to_owned()))
        );
        assert_eq!(variable(&codebook, "Q[SQ2]").blank, blank, "{first:?}");
    }
    // What the cells hold is not known: nothing is said of them.
    assert_eq!(values(&describe(&structure, &[("Q[SQ1]", &["Oui"])]), "Q[SQ1]"), []);
}

#[test]
fn the_version_in_the_language_of_the_export_is_taken() {
    let text = "class\ttype/scale\tname\ttext\tlanguage\nS\t\tlanguage\tde\t\nQ\tL\tQ\tWie ist es?\tde\nA\t\tA1\tGut\tde\n\
                Q\tL\tQ\tHow is it?\ten\nA\t\tA1\tGood\ten\n";
    let structure = Structure::of_bytes(text.as_bytes()).unwrap().expect("a survey");
    for (column, cell, label) in
        [("Q", "A1", "Wie ist es?"), ("Q", "Good", "How is it?"), ("How is it?", "A1", "How is it?")]
    {
        let codebook = describe(&structure, &[(column, &[cell])]);
        assert_eq!(variable(&codebook, column).label.as_deref(), Some(label), "{column} {cell}");
    }
}

#[test]
fn files_of_old_versions_have_wordings_beside_questions() {
    let row = |cells: &[(&str, &str)]| {
        let cells = cells.iter().map(|(name, text)| format!("<{name}><![CDATA[{text}]]></{name}>"));
        format!("<row>{}</row>", cells.collect::<String>())
    };
    let table = |name: &str, rows: &[String]| format!("<{name}><rows>{}</rows></{name}>", rows.concat());
    let question = |language: &str, text: &str| {
        row(&[
            ("qid", "7"),
            ("gid", "3"),
            ("sid", "12345"),
            ("type", "L"),
            ("title", "q1"),
            ("question", text),
            ("language", language),
            ("relevance", "((12345X3X6.NAOK == \"Y\"))"),
        ])
    };
    let asked = row(&[
        ("qid", "6"),
        ("gid", "3"),
        ("sid", "12345"),
        ("type", "Y"),
        ("title", "q0"),
        ("question", "Do you?"),
        ("language", "en"),
    ]);
    let answer = row(&[("qid", "7"), ("code", "1"), ("answer", "One"), ("sortorder", "1"), ("language", "en")]);
    let text = [
        table("questions", &[asked, question("fr", "Combien?"), question("en", "How &amp; many?")]),
        table("answers", &[answer]),
        table("surveys", &[row(&[("language", "en")])]),
    ];
    let text = format!("<document><LimeSurveyDocType>Survey</LimeSurveyDocType>{}</document>", text.concat());
    let structure = Structure::of_bytes(text.as_bytes()).unwrap().expect("a survey");
    let codebook = describe(&structure, &[("q0", &["Y", "N"]), ("q1", &["1"])]);
    assert_eq!(variable(&codebook, "q1").label.as_deref(), Some("How & many?"));
    assert_eq!(values(&codebook, "q1"), [("1".to_owned(), "One".to_owned())]);
    let base = variable(&codebook, "q1").base.as_ref().expect("a base");
    assert_eq!((base.condition.as_str(), base.label.as_deref()), ("q0 = 'Y'", Some("Do you: Yes")));
}

#[test]
fn questions_without_naok_must_have_been_shown() {
    let rows = [
        ["Q", "Y", "q0", "1", "First?", ""],
        ["Q", "Y", "q1", "q0.NAOK == \"Y\"", "Second?", ""],
        ["Q", "Y", "q2", "q1 != \"Y\"", "Third?", ""],
        ["Q", "Y", "q3", "q1 == \"Y\"", "Fourth?", ""],
        ["Q", "Y", "q4", "q1.NAOK != \"Y\"", "Fifth?", ""],
    ];
    let answers: &[&str] = &["Y", "N", ""];
    let codebook = describe(&limesurvey(&rows), &["q0", "q1", "q2", "q3", "q4"].map(|name| (name, answers)));
    let condition = |column: &str| variable(&codebook, column).base.as_ref().map(|base| base.condition.clone());
    assert_eq!(condition("q0"), None);
    assert_eq!(condition("q2").unwrap(), "(NOT (q1 = 'Y') OR q1 IS NULL) AND q0 = 'Y'");
    assert_eq!(condition("q3").unwrap(), "q1 = 'Y'");
    assert_eq!(condition("q4").unwrap(), "NOT (q1 = 'Y') OR q1 IS NULL");
}

#[test]
fn choices_with_conditions_of_their_own_have_the_base_of_the_question() {
    let rows = [
        ["Q", "Y", "q0", "1", "First?", ""],
        ["Q", "M", "Q", "q0.NAOK == \"Y\"", "Which?", ""],
        ["SQ", "", "A", "q0.NAOK == \"N\"", "One", ""],
        ["SQ", "", "B", "1", "Two", ""],
    ];
    let codebook = describe(&limesurvey(&rows), &[("q0", &["Y", "N"]), ("Q[A]", &["Y", ""]), ("Q[B]", &["Y"])]);
    let known = variable(&codebook, "Q[A]");
    assert_eq!(known.base.as_ref().map(|base| base.condition.as_str()), Some("q0 = 'Y'"));
    assert!(known.remarks[0].starts_with("Not everybody saw all choices"), "{:?}", known.remarks);
}

#[test]
fn conditions_that_lead_in_circles_end() {
    let rows = [["Q", "Y", "q1", "q2 != \"Y\"", "?", ""], ["Q", "Y", "q2", "q1 != \"Y\"", "?", ""]];
    let codebook = describe(&limesurvey(&rows), &[("q1", &["Y", "N"]), ("q2", &["Y", "N"])]);
    let remarks = &variable(&codebook, "q1").remarks;
    assert!(remarks[0].contains("it depends on too many other conditions"), "{remarks:?}");
}
