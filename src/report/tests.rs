//! What a report says, in both languages and both formats, and what it must never say.

use std::{
    collections::HashSet,
    fmt::Write,
    path::{Path, PathBuf},
};

use super::{Block, Report, html, markdown};
use crate::{
    disclosure::{Release, release},
    study::Language::{self, De, En},
    survey::Survey,
};

#[test]
fn a_german_report_has_no_english_words_and_the_other_way_round() {
    let english = [
        "Base",
        "respondents",
        "Share",
        "Contents",
        "Question",
        "Population",
        "Weights",
        "interval",
        "shown",
        "weighted",
        "withheld",
        "Missing",
        "Data",
        "Total",
        "the",
        "and",
        "of",
        "answer",
        "name",
    ];
    let german = [
        "Basis",
        "Befragte",
        "Befragten",
        "Anteil",
        "Anteile",
        "Inhalt",
        "Frage",
        "Grundgesamtheit",
        "Gewichte",
        "Konfidenzintervall",
        "nicht",
        "ausgewiesen",
        "Gesamt",
        "der",
        "die",
        "und",
        "Antwort",
        "nennen",
    ];
    for (language, foreign) in [(De, english.as_slice()), (En, german.as_slice())] {
        for text in [visible(&html::render(&report(language))), markdown::render(&report(language))] {
            let words: HashSet<&str> = text.split(|letter: char| !letter.is_alphabetic()).collect();
            for word in foreign {
                assert!(!words.contains(word), "{language:?}: {word}");
            }
        }
    }
}

#[test]
fn pages_declare_their_language_and_print_numbers_as_it_does() {
    let german = ("<html lang=\"de\">", "70,0\u{202f}% antworten „Ja“");
    let english = ("<html lang=\"en\">", "70.0% answer “Yes”");
    for (language, (declared, printed)) in [(De, german), (En, english)] {
        let page = html::render(&report(language));
        assert!(page.contains(declared) && page.contains(printed), "{language:?}");
    }
}

#[test]
fn intervals_stay_in_one_line() {
    let page = html::render(&report(De));
    let base = page.split("95-%-Konfidenzintervall: ").nth(1).and_then(|rest| rest.split('.').next());
    assert!(base.is_some_and(|limits| limits.contains("–\u{2060}")), "{base:?}");
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    assert_eq!(html::render(&report(De)), html::render(&report(De)));
    assert_eq!(markdown::render(&report(En)), markdown::render(&report(En)));
}

#[test]
fn withheld_figures_appear_nowhere() {
    let document = report(De);
    let rows = [(html::render(&document), ">Neugier</th>"), (markdown::render(&document), "| Neugier |")];
    for (text, start) in rows {
        let rows: Vec<&str> = text.split(start).skip(1).filter_map(|rest| rest.lines().next()).collect();
        assert_eq!(rows.len(), 2, "all answers, and by area: {rows:?}");
        assert!(rows.iter().all(|row| row.contains('·') && !row.contains(|letter: char| letter.is_ascii_digit())));
    }
    for chart in document.charts() {
        let rows = chart.panels.iter().filter(|panel| panel.heading.as_deref() == Some("Neugier"));
        assert!(rows.flat_map(|panel| &panel.rows).all(|row| row.point.is_none()));
        assert!(!chart.description.contains("Neugier: 3"), "{}", chart.description);
    }
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let page = html::render(&report(De));
    let namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    for part in ["src=", "src =", "@import", "<script", "<link"] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(!page.replace(namespace, "").contains("http"), "no address but the namespace of drawings");
    for target in page.split("href=\"").skip(1) {
        assert!(target.starts_with('#'));
    }
    for target in page.split("url(").skip(1) {
        assert!(target.starts_with("data:"));
    }
}

#[test]
fn every_id_is_unique_and_every_link_leads_somewhere() {
    let page = html::render(&report(De));
    let values = |name: &str| -> Vec<String> {
        let start = format!(" {name}=\"");
        let parts = page.split(&start).skip(1);
        parts.filter_map(|part| part.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    let unique: HashSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    assert!(ids.len() > 20);
    for link in values("href") {
        assert!(unique.contains(&link[1..].to_owned()), "{link}");
    }
    for names in values("aria-labelledby") {
        assert!(names.split(' ').all(|name| unique.contains(&name.to_owned())), "{names}");
    }
}

#[test]
fn every_question_and_every_segment_is_there() {
    let document = report(De);
    let page = html::render(&document);
    for wording in ["Nutzen Sie den Dienst?", "Aus welchen Gründen?", "Wie zufrieden sind Sie?", "Wie oft im Monat?"] {
        assert!(page.contains(wording), "{wording}");
    }
    assert_eq!(document.charts().count(), 4 * 2);
    let tables = document.sections.iter().flat_map(|section| &section.blocks);
    assert_eq!(tables.filter(|block| matches!(block, Block::Table(_))).count(), 4);
}

#[test]
fn items_that_the_study_does_not_disclose_are_listed() {
    let text = markdown::render(&report(En));
    let missing = text.split("### What the study does not disclose").nth(1).expect("the section is there");
    let missing = missing.split("## ").next().expect("it ends");
    assert!(missing.contains("9 items that belong"), "{missing}");
    for item in ["Sponsor and funding", "Sampling frame", "Fieldwork", "Quality checks", "Contact"] {
        assert!(missing.contains(&format!("- {item}\n")), "{item} in {missing}");
    }
    assert!(!missing.contains("Population") && !missing.contains("Kind of sample"));
}

#[test]
fn published_shares_stand_beside_reproduced_ones() {
    let text = markdown::render(&report(De));
    assert!(text.contains("2 veröffentlichte Anteile, davon im Intervall: 1."), "{text}");
    assert!(text.contains("| Nutzung – Ja | 69\u{202f}% | 70,0\u{202f}% | "), "{text}");
}

#[test]
fn made_up_responses_are_marked_at_the_top() {
    let document = report(De);
    let warning = document.warning.clone().expect("the study is synthetic");
    assert!(visible(&html::render(&document)).trim_start().lines().take(12).any(|line| line == warning));
    assert!(document.charts().all(|chart| chart.warning.as_ref() == Some(&warning)));
}

#[test]
fn a_real_survey_with_strata_and_units_is_described() {
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/nhanes/study.toml");
    let survey = Survey::open(&study, &mut |_, _| {}).expect("the study is right");
    let text = markdown::render(&Report::new(&survey, &published(&survey), &[], En));
    assert!(text.contains("15 strata; 31 primary sampling units; 16 degrees of freedom"), "{text}");
    assert!(!text.contains("Synthetic"));
}

#[test]
fn styles_of_the_page_do_not_reach_into_charts() {
    let page = html::render(&report(De));
    let style = page.split("</style>").next().expect("the page has a style");
    let inside: HashSet<&str> =
        page.split("<svg").skip(1).filter_map(|svg| svg.split("</svg>").next()).flat_map(classes).collect();
    assert!(inside.contains("warning"));
    for class in inside {
        assert!(!style.contains(&format!(".{class} ")) && !style.contains(&format!(".{class},")), "{class}");
    }
}

fn report(language: Language) -> Report {
    let survey = small_survey();
    Report::new(&survey, &published(&survey), &[], language)
}

fn published(survey: &Survey) -> Release {
    release(&survey.study, &survey.plan, &survey.estimates())
}

fn classes(svg: &str) -> Vec<&str> {
    svg.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// A hundred respondents; the third reason is too rare to be shown.
fn small_survey() -> Survey {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut rows = String::from("use,r1,r2,r3,mood,often,area\n");
    for index in 0..100 {
        let user = if index % 10 < 7 { "yes" } else { "no" };
        let reason = |step| u8::from(index % step == 0);
        let rare = u8::from([11, 12, 13].contains(&index));
        let area = if index % 5 < 3 { "north" } else { "south" };
        let _ = writeln!(rows, "{user},{},{},{rare},{},{},{area}", reason(2), reason(4), index % 3 + 1, index % 8);
    }
    let write = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file can be written");
        path
    };
    write("responses.csv", &rows);
    let study = write("study.toml", STUDY);
    Survey::open(&study, &mut |_, _| {}).expect("the study is right")
}

/// The texts of a page without its tags, styles and identifiers.
fn visible(page: &str) -> String {
    let body = page.split("</style>").nth(1).expect("the page has a style");
    let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    texts.filter(|text| !text.trim().is_empty()).map(|text| format!("{}\n", text.trim())).collect()
}

const STUDY: &str = r#"
[study]
title = { de = "Eine Umfrage", en = "A survey" }
sample = "opt-in"
population = { de = "Erwachsene", en = "adults" }
[data]
file = "responses.csv"
synthetic = true
[[segment]]
id = "area"
label = { de = "Gebiet", en = "Area" }
[segment.levels]
north = { de = "Norden", en = "North" }
south = { de = "Süden", en = "South" }
[[question]]
id = "use"
text = { de = "Nutzen Sie den Dienst?", en = "Do you use it?" }
short = { de = "Nutzung", en = "Use" }
published = { yes = 69, no = 5 }
[question.options]
yes = { de = "Ja", en = "Yes" }
no = { de = "Nein", en = "No" }
[[question]]
id = "reason"
kind = "multiple"
text = { de = "Aus welchen Gründen?", en = "For which reasons?" }
short = { de = "Gründe", en = "Reasons" }
columns = ["r1", "r2", "r3"]
[question.options]
r1 = { de = "Preis", en = "Price" }
r2 = { de = "Hilfe", en = "Help" }
r3 = { de = "Neugier", en = "Curiosity" }
[[question]]
id = "mood"
kind = "scale"
text = { de = "Wie zufrieden sind Sie?", en = "How satisfied are you?" }
short = { de = "Zufriedenheit", en = "Satisfaction" }
[question.options]
1 = { label = { de = "Hoch", en = "High" }, value = 1 }
2 = { label = { de = "Mittel", en = "Medium" }, value = 2 }
3 = { label = { de = "Gering", en = "Low" }, value = 3 }
[[question]]
id = "often"
kind = "number"
text = { de = "Wie oft im Monat?", en = "How often a month?" }
short = { de = "Häufigkeit", en = "Frequency" }
"#;
