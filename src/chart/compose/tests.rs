//! What composed charts show and what they must not.

use std::fmt::Write;

use super::{Unsaid, by_segment, ranked};
use crate::{
    chart::Mark,
    disclosure::{Release, release},
    study::Language::{De, En},
    survey::Survey,
};

#[test]
fn nominal_answers_are_ranked_with_pinned_ones_last_and_withheld_ones_without_rank() {
    let (survey, release) = survey();
    let chart = ranked(&survey.study, &survey.plan, &release, 0, De).expect("it is drawn");
    let rows: Vec<(&str, &str)> =
        chart.panels[0].rows.iter().map(|row| (row.label.as_str(), row.text.as_str())).collect();
    let expected = [
        ("Auswahl", "55,0\u{202f}%"),
        ("Preis", "30,0\u{202f}%"),
        ("Lage", "nicht ausgewiesen"),
        ("Nichts davon", "40,0\u{202f}%"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(chart.mark, Mark::Bar);
    assert_eq!(chart.title, "Gründe: 55,0\u{202f}% nennen „Auswahl“");
    assert!(chart.description.contains("Lage: nicht ausgewiesen"), "{}", chart.description);
}

#[test]
fn a_scale_keeps_the_order_of_the_study() {
    let (survey, release) = survey();
    let chart = ranked(&survey.study, &survey.plan, &release, 1, De).expect("it is drawn");
    let labels: Vec<&str> = chart.panels[0].rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["gering", "mittel", "hoch"]);
}

#[test]
fn every_level_is_compared_with_the_total_and_carries_its_base() {
    let (survey, release) = survey();
    let chart = by_segment(&survey.study, &survey.plan, &release, 0, 0, De).expect("it is drawn");
    assert_eq!((chart.id.as_str(), chart.mark), ("reason-by-area", Mark::Dot));
    let panel = &chart.panels[1];
    assert_eq!(panel.heading.as_deref(), Some("Auswahl"));
    assert_eq!(panel.reference.as_ref().map(|total| total.label.as_str()), Some("Gesamt 55,0\u{202f}%"));
    assert_eq!(panel.rows[0].label, "Norden (n\u{a0}=\u{a0}120)");
    assert!(panel.rows[1].label.ends_with("80*)") && panel.rows[1].faint && panel.rows[1].text.ends_with('*'));
    let highest = chart.panels.iter().flat_map(|panel| &panel.rows).filter_map(|row| row.point?.high);
    assert!(highest.fold(0.0, f64::max) <= chart.axis.max);
}

#[test]
fn a_number_has_dots_of_means() {
    let (survey, release) = survey();
    let chart = by_segment(&survey.study, &survey.plan, &release, 2, 0, De).expect("it is drawn");
    assert_eq!(chart.mark, Mark::Dot);
    assert_eq!(chart.panels.len(), 1);
    assert!(chart.axis.min > 0.0, "the axis starts near the data, not at 0");
    assert_eq!(
        ranked(&survey.study, &survey.plan, &release, 2, De).expect("it is drawn").title,
        "Alter: im Mittel 45,00"
    );
}

#[test]
fn the_legend_tells_the_marks_that_are_there() {
    let (survey, release) = survey();
    let by_area = by_segment(&survey.study, &survey.plan, &release, 0, 0, De).expect("it is drawn");
    let low = "Offene Kreise: * geringe Fallzahl (n\u{a0}<\u{a0}100).";
    assert!(by_area.source.contains("Striche: ") && by_area.source.ends_with(low), "{}", by_area.source);
    let all = ranked(&survey.study, &survey.plan, &release, 0, De).expect("it is drawn");
    assert!(!all.source.contains('*'), "{}", all.source);
}

#[test]
fn rounded_shares_that_do_not_add_up_are_noted() {
    let (survey, release) = survey();
    let source = |question| ranked(&survey.study, &survey.plan, &release, question, De).expect("it is drawn").source;
    // 34, 67 and 99 of 200 are printed as 17.0, 33.5 and 49.5; a question of several answers need not add up.
    assert!(!source(0).contains("Rundung") && !source(1).contains("Rundung"));
}

#[test]
fn a_headline_says_of_which_groups_it_speaks_where_others_lie_further_off() {
    let (mut survey, release) = survey();
    let title = |survey: &Survey, language| {
        by_segment(&survey.study, &survey.plan, &release, 2, 1, language).expect("it is drawn").title
    };
    survey.study.publication.low_base = 30;
    assert_eq!(title(&survey, De), "Alter: von 40,00 (gering) bis 46,67 (hoch)");
    // The 34 of low mood are no headline any more.
    survey.study.publication.low_base = 60;
    let spread = "Alter: von 45,07 (mittel) bis 46,67 (hoch) unter Gruppen mit mindestens 60\u{a0}Befragten";
    assert_eq!(title(&survey, De), spread);
    let spread = "Alter: from 45.07 (mittel) to 46.67 (hoch) among groups of 60\u{a0}or more respondents";
    assert_eq!(title(&survey, En), spread);
}

#[test]
fn a_chart_that_says_nothing_is_not_drawn() {
    let (survey, release) = survey();
    let by = |question, segment| by_segment(&survey.study, &survey.plan, &release, question, segment, De);
    assert_eq!(by(1, 1), Err(Unsaid::SameColumn), "the groups are the answers");
    assert_eq!(by(0, 2), Err(Unsaid::OneGroup), "nobody is in the other group");
    assert_eq!(by(3, 0), Err(Unsaid::NoFigure), "three respondents in the base");
    assert_eq!(ranked(&survey.study, &survey.plan, &release, 3, De), Err(Unsaid::NoFigure));
}

#[test]
fn what_was_measured_is_not_answered_and_not_quoted() {
    let (survey, release) = survey();
    let chart = ranked(&survey.study, &survey.plan, &release, 4, De).expect("it is drawn");
    assert_eq!(chart.title, "Puls: „hoch“ bei 49,5\u{202f}%");
    assert!(chart.subtitle.starts_with("Puls in Ruhe. Basis: "), "{}", chart.subtitle);
}

/// Two hundred respondents, of whom three name the place.
fn survey() -> (Survey, Release) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut rows = String::from("price,place,none,choice,mood,age,area\n");
    for index in 0..200 {
        let flag = |yes: bool| u8::from(yes);
        let (price, none, choice) = (flag(index % 10 < 3), flag(index % 10 < 4), flag(index % 20 < 11));
        let area = if index % 5 < 3 { "north" } else { "south" };
        let mood = ["1", "2", "2", "3", "3", "3"][index % 6];
        let age = if index % 2 == 0 { 40 } else { 50 };
        let _ = writeln!(rows, "{price},{},{none},{choice},{mood},{age},{area}", flag(index < 3));
    }
    let study = folder.path().join("study.toml");
    std::fs::write(folder.path().join("responses.csv"), rows).expect("a file can be written");
    std::fs::write(&study, STUDY).expect("a file can be written");
    let survey = Survey::open(&study, &mut |_, _| {}).expect("the study is right");
    let release = release(&survey.study, &survey.plan, &survey.estimates());
    (survey, release)
}

const STUDY: &str = r#"
[study]
title = "Eine Umfrage"
[data]
file = "responses.csv"
[[segment]]
id = "area"
label = "Gebiet"
levels = { north = "Norden", south = "Süden" }
[[segment]]
id = "mood_group"
column = "mood"
label = "Stimmung"
levels = { 1 = "gering", 2 = "mittel", 3 = "hoch" }
[[segment]]
id = "young"
column = "age"
label = "Junge"
bands = [18, 60]
allow_empty = true
[[question]]
id = "reason"
kind = "multiple"
text = "Aus welchen Gründen?"
short = "Gründe"
columns = ["price", "choice", "place", "none"]
options = { price = "Preis", choice = "Auswahl", place = "Lage", none = "Nichts davon" }
[[question]]
id = "mood"
kind = "scale"
text = "Wie zufrieden?"
options = { 1 = "gering", 2 = "mittel", 3 = "hoch" }
[[question]]
id = "age"
kind = "number"
text = "Wie alt sind Sie?"
short = "Alter"
[[question]]
id = "few"
column = "mood"
text = "Und die drei?"
base = { label = "drei", where = "place = 1" }
options = { 1 = "gering", 2 = "mittel", 3 = "hoch" }
[[question]]
id = "pulse"
column = "mood"
text = "Puls in Ruhe"
short = "Puls"
measured = true
headline = "3"
options = { 1 = "gering", 2 = "mittel", 3 = "hoch" }
"#;
