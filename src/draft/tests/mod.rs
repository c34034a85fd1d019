//! Whole drafts of messy files, and the promise that every draft can be read back.

mod readable;

use std::{fmt::Write, path::Path};

use super::{Draft, write};
use crate::{
    codebook::Codebook,
    diagnostic::Diagnostics,
    responses::{Cells, Coder, OTHER, Profile, Unlisted},
    study::{
        Kind, Levels, Packing, Study,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
};

const CUSTOMERS: &str = "\
lfdn;E-Mail-Adresse;Zeitstempel;Geschlecht;Alter;Bundesland;Wie zufrieden sind Sie?;Würden Sie uns empfehlen?;Kauf_Schuhe;Kauf_Hosen;Kauf_Sonstiges_Text;Ausgaben;Kommentar;Gewichtung
1;anna@example.de;02.03.2026 10:11;w;34;Bayern;sehr zufrieden;10;1;0;;120;\"Schön, gerne \"\"wieder\"\"\";0.91
2;bernd@example.de;02.03.2026 10:15;m;51;Berlin;zufrieden;8;0;1;;80.5;;1.13
3;cem@example.de;02.03.2026 11:40;m;19;Bayern;unzufrieden;2;1;1;Hüte;33;Die Lieferung hat viel zu lange gedauert;0.87
4;dora@example.de;03.03.2026 09:02;w;67;Sachsen;keine Angabe;9;0;0;;;Alles bestens;1.02
5;elif@example.de;03.03.2026 09:30;d;42;Berlin;zufrieden;0;1;0;;250;;1.07
6;franz@example.de;03.03.2026 12:00;m;25;Bayern;sehr zufrieden;7;0;1;Socken;75;;0.95
7;gina@example.de;03.03.2026 12:30;w;29;Sachsen;weder noch;5;0;0;;19.9;Nichts;1.05
8;hans@example.de;04.03.2026 17:40;m;58;Berlin;zufrieden;10;1;0;;60;Die Farben gefallen mir sehr gut;1
";

const LIKERT: &str = "\
id,synthetic,ease,speed,often,Q3.1,Q3.2,Q3.3,hours,weight_kg
r1,yes,1,strongly_agree,Often,1,,,12.5,70
r2,yes,5,agree,Never,,1,,3.25,81
r3,yes,-99,disagree,Sometimes,,,,8,64
r4,yes,4,agree,N/A,1,1,,40.5,92
r5,yes,2,don't know,Often,,,,7.5,70
";

/// Reads text cells; separators within quotes are kept.
fn profiles(text: &str, separator: char) -> Vec<Profile> {
    let mut quoted = false;
    let cells = |line: &str| -> Vec<String> {
        let mut cells = vec![String::new()];
        for letter in line.chars() {
            quoted ^= letter == '"';
            match letter {
                '"' => {}
                letter if letter == separator && !quoted => cells.push(String::new()),
                letter => cells.last_mut().unwrap().push(letter),
            }
        }
        cells
    };
    let rows: Vec<Vec<String>> = text.lines().map(cells).collect();
    let mut profiles: Vec<Profile> = rows[0].iter().map(|column| Profile::new(column)).collect();
    for row in &rows[1..] {
        row.iter().enumerate().for_each(|(column, value)| profiles[column].text(value, 1));
    }
    profiles
}

fn read_back(draft: &Draft, profiles: &[Profile]) -> Result<Study, Diagnostics> {
    let (spec, problems) = Spec::parse("study.toml", &draft.text);
    let packed = spec.packings().into_iter().flat_map(|packing| packing.columns);
    let columns = profiles.iter().map(|profile| profile.column.clone()).chain(packed).collect();
    resolve(&spec, Path::new(""), &Catalog { columns: Some(columns), ..Catalog::default() }, problems)
}

/// Every value that was seen has a place in the study.
fn covers(study: &Study, profiles: &[Profile]) -> Result<(), String> {
    let covered = |column: &str, codes: Vec<String>| {
        let coder = Coder::new(codes, Unlisted::Reported);
        let profile = profiles.iter().find(|profile| profile.column == column).ok_or("no such column")?;
        match profile.values.iter().find(|(value, _)| coder.code_of_text(value) == OTHER) {
            Some((value, _)) => Err(format!("`{value}` of `{column}` is not covered")),
            None if profile.many => Err(format!("`{column}` has many values")),
            None => Ok(()),
        }
    };
    let missing = |column: &str| study.missing_codes(column);
    let numeric = |column: &str| {
        let profile = profiles.iter().find(|profile| profile.column == column).ok_or("no such column")?;
        let is_silent = |value: &str| missing(column).iter().any(|code| code == value);
        let is_number = |value: &str| {
            let (comma, point) = (study.data.decimal_comma, value.replacen(',', ".", 1));
            let number = if comma && !value.contains('.') { &point } else { value };
            !(comma && value.contains('.')) && number.parse::<f64>().is_ok_and(f64::is_finite)
        };
        match profile.values.iter().find(|(value, _)| !is_number(value) && !is_silent(value)) {
            Some((value, _)) => Err(format!("`{value}` of `{column}` is no number")),
            None => Ok(()),
        }
    };
    study.design.weight.iter().try_for_each(|(column, _)| numeric(column))?;
    for question in &study.questions {
        if question.kind == Kind::Number {
            numeric(&question.columns[0])?;
        }
        let missing = question.missing.iter().map(|missing| missing.code.clone());
        let codes: Vec<String> = match question.kind {
            Kind::Number | Kind::Ratio => continue,
            Kind::Multiple if study.packings.iter().any(|packing| packing.columns == question.columns) => continue,
            Kind::Multiple => question.marks().concat(),
            Kind::Single | Kind::Scale => question
                .options
                .iter()
                .flat_map(|option| [option.code.clone()].into_iter().chain(option.also.clone()))
                .collect(),
        };
        let codes: Vec<String> = codes.into_iter().chain(missing).collect();
        question.columns.iter().try_for_each(|column| covered(column, codes.clone()))?;
    }
    study.packings.iter().try_for_each(|packing| unpacked(packing, profiles))?;
    study.segments.iter().try_for_each(|segment| match &segment.levels {
        Levels::Codes(levels) => {
            let spellings = levels.iter().flat_map(|level| [level.code.clone()].into_iter().chain(level.also.clone()));
            covered(&segment.column, spellings.collect())
        }
        Levels::Bands { .. } => numeric(&segment.column),
    })
}

/// Every answer in a list is an option.
fn unpacked(packing: &Packing, profiles: &[Profile]) -> Result<(), String> {
    let coder = Coder::new([packing.codes.concat(), packing.missing.clone()].concat(), Unlisted::Reported);
    let own = profiles.iter().filter(|profile| packing.packed.contains(&profile.column));
    let mut parts = own.flat_map(|profile| &profile.values).flat_map(|(value, _)| match &packing.separator {
        Some(separator) => value.split(separator.as_str()).collect(),
        None => vec![value.as_str()],
    });
    match parts.find(|part| coder.code_of_text(part) == OTHER) {
        Some(part) => Err(format!("`{part}` is not covered")),
        None => Ok(()),
    }
}

fn drafted(profiles: &[Profile], file: &str) -> (String, Study) {
    let draft = write(profiles, &Codebook::default(), file, None).unwrap();
    let study = read_back(&draft, profiles).unwrap_or_else(|problems| panic!("{problems:?}\n{}", draft.text));
    covers(&study, profiles).unwrap_or_else(|problem| panic!("{problem}\n{}", draft.text));
    (draft.text, study)
}

/// What a draft says, one line for each decision.
fn decisions(study: &Study) -> String {
    let mut text = String::new();
    for segment in &study.segments {
        let levels: Vec<&str> = segment.levels().iter().map(|level| level.code.as_str()).collect();
        writeln!(text, "by {}: {}", segment.id, levels.join(" | ")).unwrap();
    }
    for question in &study.questions {
        let options: Vec<&str> = question.options.iter().map(|option| option.code.as_str()).collect();
        let missing: Vec<&str> = question.missing.iter().map(|missing| missing.code.as_str()).collect();
        let missing = if missing.is_empty() { String::new() } else { format!(" (missing {})", missing.join(" | ")) };
        writeln!(text, "{:?} {}: {}{missing}", question.kind, question.id, options.join(" | ")).unwrap();
    }
    text
}

#[test]
fn a_german_export_with_personal_data() {
    let profiles = profiles(CUSTOMERS, ';');
    let (text, study) = drafted(&profiles, "daten/kunden-2026.csv");
    println!("{text}");
    assert_eq!(
        decisions(&study),
        "\
by geschlecht: m | w | d
by alter: 18-24 | 25-34 | 35-44 | 45-54 | 55-64 | 65+
by bundesland: Bayern | Berlin | Sachsen
Scale wie_zufrieden_sind_sie: sehr zufrieden | zufrieden | weder noch | unzufrieden (missing keine Angabe)
Scale wuerden_sie_uns_empfehlen: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10
Multiple kauf: Schuhe | Hosen
Number ausgaben: 
"
    );
    assert_eq!(study.design.weight.unwrap().0, "Gewichtung");
    assert!(!text.contains('@') && !text.contains("Lieferung"), "neither personal data nor verbatims are repeated");
    for left_out in ["lfdn", "E-Mail-Adresse", "Zeitstempel", "Kauf_Sonstiges_Text", "Kommentar"] {
        assert!(text.contains(&format!("\n#   {left_out}")), "{left_out}");
    }
}

#[test]
fn a_likert_survey_marked_as_made_up() {
    let profiles = profiles(LIKERT, ',');
    let (text, study) = drafted(&profiles, "likert.csv");
    println!("{text}");
    assert!(study.data.synthetic);
    assert!(study.design.weight.is_none());
    assert_eq!(
        decisions(&study),
        "\
Scale ease: 1 | 2 | 3 | 4 | 5 (missing -99)
Scale speed: strongly_agree | agree | disagree (missing don't know)
Scale often: Often | Sometimes | Never (missing N/A)
Multiple q3: 1 | 2 | 3
Number hours: 
Number weight_kg: 
"
    );
}

#[test]
fn an_official_survey_with_a_design() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/nhanes/responses.csv");
    let place = crate::diagnostic::Place::File("nhanes".to_owned());
    let table = crate::io::Table::open(&path, None, &place).unwrap();
    let draft = super::draft(&table, None, "responses.csv", &mut |_| {}).unwrap();
    println!("{}\n{:#?}", draft.text, draft.notes);
    let (spec, problems) = Spec::parse("study.toml", &draft.text);
    let catalog = Catalog { columns: Some(table.columns), ..Catalog::default() };
    let study = resolve(&spec, Path::new(""), &catalog, problems).unwrap();
    let design = &study.design;
    assert_eq!(
        [&design.weight, &design.first().strata, &design.first().units]
            .map(|part| part.as_ref().map_or("", |(column, _)| column)),
        ["WTMEC2YR", "SDMVSTRA", "SDMVPSU"]
    );
    assert_eq!(
        decisions(&study),
        "\
by race: 1 | 2 | 3 | 4
by agecat: (0,19] | (19,39] | (39,59] | (59,Inf]
by riagendr: 1 | 2
Single hi_chol: 1 | 0
"
    );
}

#[test]
fn several_answers_in_one_cell_are_a_multiple_response() {
    let lists = "apps;use\nSignal, Threema;yes\nSignal;no\nThreema;yes\nSignal, Threema;no\nk.A.;yes\n;no\n";
    let (text, study) = drafted(&profiles(lists, ';'), "x.csv");
    assert!(text.contains("separator = \", \""), "{text}");
    assert_eq!(decisions(&study), "Multiple apps: Signal | Threema (missing k.A.)\nSingle use: yes | no\n");
    assert_eq!(study.questions[0].columns, ["apps: Signal", "apps: Threema"]);
}

#[test]
fn a_few_words_among_many_numbers_are_no_numbers() {
    let ages: String =
        (0..60).map(|age| format!("{},{}\n", 20 + age % 40, if age % 2 == 0 { "yes" } else { "no" })).collect();
    let (text, study) = drafted(&profiles(&format!("hours,use\n{ages}about 30,yes\nk.A.,no\n"), ','), "x.csv");
    assert!(text.contains("# No number, counted as skipped: `about 30`."), "{text}");
    assert_eq!(decisions(&study), "Number hours:  (missing k.A. | about 30)\nSingle use: yes | no\n");
}

#[test]
fn demographics_alone_are_questions_and_nothing_is_a_complaint() {
    let (_, study) = drafted(&profiles("sex,age\nf,30\nm,50\nf,19\n", ','), "x.csv");
    assert_eq!(study.questions.len(), 2);
    let error = write(&profiles("email\na@b.de\nc@d.de\n", ','), &Codebook::default(), "x.csv", None).unwrap_err();
    assert_eq!(error.iter().next().unwrap().code, "no-question");
}

#[test]
fn what_is_commented_out_would_be_understood() {
    let profiles = profiles(CUSTOMERS, ';');
    let mut draft = write(&profiles, &Codebook::default(), "x.csv", None).unwrap();
    let uncommented =
        |line: &str| match line.strip_prefix("# ") {
            Some(rest)
                if rest.starts_with('[')
                    || rest.split_once(" = ").is_some_and(|(key, _)| !key.trim().contains(' ')) =>
            {
                if rest.starts_with("base = ") { line.to_owned() } else { rest.to_owned() }
            }
            _ => line.to_owned(),
        };
    draft.text = draft.text.lines().map(uncommented).collect::<Vec<_>>().join("\n");
    let study = read_back(&draft, &profiles).unwrap();
    assert_eq!(study.about.fieldwork_from.as_deref(), Some("2026-03-02"));
}

#[test]
fn boxes_that_hold_the_number_of_their_option() {
    let profiles = profiles("Q1_1,Q1_2,Q1_3\n1,2,\n,2,3\n1,,3\n", ',');
    let (text, study) = drafted(&profiles, "export.csv");
    assert_eq!(decisions(&study), "Multiple q1: 1 | 2 | 3\n", "{text}");
    assert_eq!(study.questions[0].chosen, ["2", "3"]);
}
