//! What tables say of means, of levels with nobody in them, and of low bases.

use std::{fs, path::Path};

use topline::{
    disclosure::release,
    study::Language::En,
    survey::Survey,
    table::{Table, cross, exclusions_to_json, to_csv, to_html, to_json, to_markdown, to_terminal},
    tidy::records,
};

const STUDY: &str = r#"
[data]
file = "responses.csv"
missing = { 99 = "skipped" }

[[segment]]
id = "place"
label = "Hauptsächlich genutzte Rundfunkanstalt"
levels = ["Mecklenburg-Vorpommern", "Niedersachsen", "Nirgendwo"]

[[question]]
id = "born"
kind = "number"

[[question]]
id = "mark"
kind = "scale"
options = [
  { code = "1", value = 1 },
  { code = "2", value = 2 },
  { code = "dk", label = "don't know" },
]
"#;

#[test]
fn a_mean_says_the_same_n_in_tables_and_estimates() {
    let survey = open();
    let release = release(&survey.study, &survey.plan, &survey.estimates());
    let records = records(&survey, &release);
    let lines: Vec<String> = to_csv(&tables(&survey), None).lines().skip(1).map(str::to_owned).collect();
    assert_eq!(lines.len(), records.len());
    for record in &records {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let line = format!(
            "{},{},{},{},{},{},{},{},false",
            record.question,
            record.option,
            record.segment,
            record.level,
            record.statistic,
            number(record.estimate),
            record.n.map(|n| n.to_string()).unwrap_or_default(),
            record.withheld.unwrap_or_default(),
        );
        assert!(lines.contains(&line), "{line} is not in {lines:#?}");
    }
    let mean = records.iter().find(|record| record.question == "mark" && record.statistic == "mean").unwrap();
    assert_eq!(mean.n, Some(90), "of 120, 30 do not know");
    let json: serde_json::Value =
        serde_json::from_str(&to_json(&tables(&survey), None, &exclusions_to_json(&survey, En))).unwrap();
    assert_eq!(json["tables"][1]["rows"][3]["cells"][0]["n"], 90);
}

#[test]
fn a_level_without_a_number_is_a_dash_with_a_base_of_nobody_and_no_mark() {
    let survey = open();
    let table = &tables(&survey)[0];
    let text = to_terminal(table, 80);
    let cells =
        |label: &str| text.lines().find(|line| line.starts_with(label)).unwrap().split_whitespace().last().unwrap();
    assert_eq!([cells("Mean"), cells("Base ")], ["–", "0"]);
    assert!(text.contains("– nobody in the base"), "{text}");
    assert!(!text.contains("**"), "{text}");
    assert!(to_csv(std::slice::from_ref(table), None).contains("born,,place,Nirgendwo,mean,,0,,false\n"));
}

#[test]
fn marks_are_explained_where_they_are_used() {
    let survey = open();
    for table in tables(&survey) {
        let html = to_html(&table);
        assert!(html.contains("60<span class=\"topline-mark\">*</span></td>"), "a mark can hang beside its number");
        for text in [
            to_terminal(&table, 80),
            to_markdown(&table).replace('\\', ""),
            html.replace("<span class=\"topline-mark\">", ""),
        ] {
            assert!(text.contains("60*") && text.contains("* low base (n"), "{text}");
        }
    }
}

#[test]
fn a_name_over_columns_is_never_cut_off_and_no_line_is_too_long() {
    let survey = open();
    for table in tables(&survey) {
        for width in [40, 60, 80, 160] {
            let text = to_terminal(&table, width);
            assert!(text.contains("Rundfunkanstalt") && !text.contains('…'), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }
}

fn tables(survey: &Survey) -> Vec<Table> {
    let release = release(&survey.study, &survey.plan, &survey.estimates());
    (0..2).map(|question| cross(&survey.study, &survey.plan, &release, question, &[0], En)).collect()
}

fn open() -> Survey {
    let folder = tempfile::tempdir().unwrap();
    let mut responses = "place,born,mark\n".to_owned();
    for row in 0..120 {
        let place = ["Mecklenburg-Vorpommern", "Niedersachsen"][row % 2];
        responses.push_str(&format!(
            "{place},{},{}\n",
            1950 + row % 60,
            ["1", "2", "dk", "1", "2", "1", "2", "dk"][row % 8]
        ));
    }
    responses.push_str("Nirgendwo,99,\n".repeat(6).as_str());
    fs::write(folder.path().join("responses.csv"), responses).unwrap();
    let file = folder.path().join("study.toml");
    fs::write(&file, STUDY).unwrap();
    Survey::open(Path::new(&file), &mut |_, _| {}).unwrap_or_else(|problems| panic!("{problems}"))
}
