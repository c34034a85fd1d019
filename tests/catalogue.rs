//! The codebook of a study tells of no few, not even by subtraction.

use std::fs;

use topline::{
    catalogue::{Catalogue, Entry, Said, Sort, document, to_csv, to_json},
    disclosure::{Count, release},
    report::{html, markdown},
    study::Language,
    survey::Survey,
};

const STUDY: &str = r#"
[study]
title = "Vereine"

[data]
file = "responses.csv"

[[segment]]
id = "sex"
levels = { f = "women", m = "men" }

[[question]]
id = "few"
options = { a = "A", b = "B" }

[[question]]
id = "mixed"
options = { a = "A", b = "B" }
missing = { 9 = "refused" }

[[question]]
id = "all"
kind = "multiple"
columns = ["x", "y"]
nets = { any = ["x", "y"] }
base = { label = "women", where = "sex = 'f'" }

[[question]]
id = "rare"
options = { a = "A", b = "B", c = "C" }
"#;

fn catalogue(language: Language) -> Catalogue {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rows = "sex,few,mixed,x,y,rare\n".to_owned();
    for row in 0..60 {
        let sex = if row % 2 == 0 { "f" } else { "m" };
        let few = if row < 3 { "" } else { ["a", "b"][row / 3 % 2] };
        let mixed = match row {
            0..8 => "",
            8..10 => "9",
            _ => ["a", "b"][row / 3 % 2],
        };
        let rare = if row < 2 { "c" } else { ["a", "b"][row / 2 % 2] };
        rows += &format!("{sex},{few},{mixed},{},{},{rare}\n", row / 2 % 2, row / 3 % 2);
    }
    fs::write(folder.path().join("responses.csv"), rows).expect("written");
    let study = folder.path().join("study.toml");
    fs::write(&study, STUDY).expect("written");
    let survey = Survey::open(&study, &mut |_, _| ()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let release = release(&survey.study, &survey.plan, &survey.estimates());
    Catalogue::new(&survey, &release, language)
}

fn entry<'a>(catalogue: &'a Catalogue, id: &str) -> &'a Entry {
    catalogue.entries.iter().find(|entry| entry.id == id).expect("described")
}

fn counts(entry: &Entry, sort: Sort) -> Vec<Said> {
    entry.items.iter().filter(|item| item.sort == sort).map(|item| item.count).collect()
}

#[test]
fn few_without_an_answer_do_not_follow_from_those_with_one() {
    let catalogue = catalogue(Language::En);
    let few = entry(&catalogue, "few");
    assert_eq!((few.asked, few.answered), (Some(Said::Count(Count::Exactly(60))), Some(Said::NearlyAll)));
    assert_eq!(counts(few, Sort::Missing), [Said::Count(Count::Under(5))]);
    assert!(counts(few, Sort::Option).iter().all(|said| matches!(said, Said::Count(Count::About(_)))));
    let mixed = entry(&catalogue, "mixed");
    assert_eq!(mixed.answered, Some(Said::Count(Count::Exactly(50))));
    assert_eq!(counts(mixed, Sort::Missing), [Said::Count(Count::Rest), Said::Count(Count::Under(5))]);
    assert_eq!(counts(mixed, Sort::Option).iter().filter_map(|said| said.exactly()).sum::<u64>(), 50);
}

#[test]
fn answers_that_few_gave_are_withheld_with_what_would_give_them_back() {
    let catalogue = catalogue(Language::En);
    let rare = counts(entry(&catalogue, "rare"), Sort::Option);
    assert_eq!(rare[2], Said::Withheld);
    assert!(rare.iter().filter(|said| **said == Said::Withheld).count() >= 2, "{rare:?}");
}

#[test]
fn bases_nets_and_levels_are_described() {
    let catalogue = catalogue(Language::De);
    let all = entry(&catalogue, "all");
    assert_eq!(all.base, Some(("women".to_owned(), Some("sex = 'f'".to_owned()))));
    assert_eq!(all.asked.and_then(Said::exactly), Some(30));
    assert_eq!(counts(all, Sort::Net).len(), 1);
    assert_eq!(counts(entry(&catalogue, "sex"), Sort::Level), [Said::Count(Count::Exactly(30)); 2]);
    let csv = to_csv(&catalogue).expect("written");
    assert_eq!(csv.lines().next().map(|header| header.split(',').count()), Some(14));
    assert!(csv.contains("unter 5") && to_json(&catalogue).contains("\"unter 5\""));
    let document = document(&catalogue);
    assert!(markdown::render(&document).starts_with("# Codebuch: Vereine\n"));
    assert!(html::render(&document).contains("<html lang=\"de\">"));
}
