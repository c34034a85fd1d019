//! Untouched exports of survey platforms: `init` drafts a study file that `headline` runs, with the shares that one counts
//! by hand.

use std::{fs, path::Path, process::Command};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Question, option, percent and base.
type Line = (&'static str, &'static str, &'static str, &'static str);

/// Each export with lines of its headline; counted in the file itself.
const EXPORTS: [(&str, &[Line]); 11] = [
    (
        "qualtrics/choice-text.csv",
        // Of those who saw the list and ticked anything; -99 in a column is a choice that was not ticked.
        &[("q13", "Q13_1", "50.0", "44"), ("q13", "Q13_2", "38.6", "44"), ("q14_2", "Fair", "36.6", "41")],
    ),
    ("qualtrics/numbers.tsv", &[("q13", "Q13_3", "15.0", "60"), ("q14", "1", "45.0", "60")]),
    ("qualtrics/numbers-semicolons.csv", &[("q13", "Q13_3", "15.0", "60"), ("q14", "1", "45.0", "60")]),
    ("qualtrics/legacy.csv", &[("q1", "2", "56.7", "60")]),
    ("surveymonkey/answers.csv", &[("which_of_these_films_have_you", "A New Hope", "56.7", "60")]),
    // Ticked choices hold their numbers: 1 in the first column, 2 in the second.
    (
        "surveymonkey/zahlen.csv",
        &[("was_nutzen_sie", "E-Mail", "68.3", "60"), ("was_nutzen_sie", "Telefon", "38.3", "60")],
    ),
    // A choice with a comma; what five typed.
    (
        "google-forms/tabelle.csv",
        &[
            ("was_kaufen_sie_auf_dem_markt", "Brot, Brötchen", "55.6", "45"),
            ("was_kaufen_sie_auf_dem_markt", "other", "11.1", "45"),
        ],
    ),
    ("google-forms/tabelle-semikolon.csv", &[("was_kaufen_sie_auf_dem_markt", "Käse", "66.7", "45")]),
    ("google-forms/form.csv", &[("which_snacks_do_you_buy", "Chips, salted", "48.1", "52")]),
    ("microsoft-forms/antworten.csv", &[("welche_kanaele_nutzen_sie", "Telefon", "62.0", "50")]),
    ("microsoft-forms/answers.xlsx", &[("which_channels_do_you_use", "Telephone", "62.0", "50")]),
];

#[test]
fn untouched_exports_give_the_shares_counted_by_hand() {
    for (file, expected) in EXPORTS {
        let folder = tempfile::tempdir().expect("a folder");
        let export = Path::new(ROOT).join("tests/files").join(file);
        let name = export.file_name().expect("a name").to_string_lossy().into_owned();
        fs::copy(&export, folder.path().join(&name)).expect("copied");
        run(folder.path(), &["init", &name]);
        let study = fs::read_to_string(folder.path().join("study.toml")).expect("written");
        for personal in ["@example.org", "192.0.2.", "Blumen", "per Brief 1", "my own"] {
            assert!(!study.contains(personal), "{file}: {personal}");
        }
        let headline = run(folder.path(), &["headline", "study.toml"]);
        for (question, option, percent, base) in expected {
            let line = headline.lines().find(|line| line.starts_with(&format!("{question}\t{option}\t")));
            let cells: Vec<&str> = line.unwrap_or_else(|| panic!("{file}: {question} {option}")).split('\t').collect();
            assert_eq!((cells[4], cells[7]), (*percent, *base), "{file}: {question} {option}");
        }
    }
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let command = Command::new(env!("CARGO_BIN_EXE_topline")).args(arguments).current_dir(folder).output();
    let output = command.expect("topline runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
