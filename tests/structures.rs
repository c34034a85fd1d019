//! Exports of LimeSurvey, KoBoToolbox, ODK and SurveyCTO with their questionnaires: from the files to the figures.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;
use topline::io::Structure;

const LIMESURVEY: [&str; 4] = ["codes.csv", "words.csv", "codes-and-words.csv", "vvexport.txt"];
const KOBO: [&str; 4] = ["kobo-names.csv", "kobo-labels.csv", "central.csv", "surveycto.csv"];

#[test]
fn however_a_survey_is_exported_its_figures_are_the_same() {
    let folder = TempDir::new().expect("a folder");
    for (files, structures, exports) in
        [("limesurvey", &["survey.lss", "survey.txt"][..], LIMESURVEY), ("kobo", &["form.xlsx"], KOBO)]
    {
        let mut all = Vec::new();
        for (export, structure) in exports.iter().flat_map(|export| structures.iter().map(move |other| (export, other)))
        {
            let study = folder.path().join(format!("{export}.{structure}.toml"));
            let (export, structure) = (file(files, export), file(files, structure));
            succeed(&run(&["init".as_ref(), export.as_ref(), structure.as_ref(), "-o".as_ref(), study.as_ref()]));
            succeed(&run(&["check".as_ref(), study.as_ref()]));
            all.push((export, figures(&succeed(&run(&["headline".as_ref(), study.as_ref()])))));
        }
        let (_, first) = &all[0];
        assert!(first.len() > 8, "{first:?}");
        for (export, other) in &all {
            // LimeSurvey recodes what was left blank as no: a yes or no then has another base.
            let is_recoded = export.ends_with("codes-and-words.csv");
            let differing = first.iter().zip(other).filter(|(one, other)| one != other).count();
            assert_eq!((other.len(), differing), (first.len(), usize::from(is_recoded)), "{}", export.display());
        }
    }
}

#[test]
fn drafted_studies_are_as_recorded() {
    let folder = TempDir::new().expect("a folder");
    for (files, export, structure, recorded) in [
        ("limesurvey", "codes.csv", "survey.lss", "limesurvey.toml"),
        ("limesurvey", "codes-and-words.csv", "survey.txt", "limesurvey-recoded.toml"),
        ("kobo", "central.csv", "form.xlsx", "odk.toml"),
        ("kobo", "kobo-labels.csv", "form.xlsx", "kobo.toml"),
    ] {
        let drafted = folder.path().join(recorded);
        let (data, structure) = (file(files, export), file(files, structure));
        succeed(&run(&["init".as_ref(), data.as_ref(), structure.as_ref(), "-o".as_ref(), drafted.as_ref()]));
        let drafted = fs::read_to_string(drafted).expect("written");
        let drafted = drafted.replace(&data.display().to_string(), &format!("../../files/{files}/{export}"));
        let path = Path::new(ROOT).join("tests/cmd/structures").join(recorded);
        if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(&path, &drafted).expect("written");
        }
        assert_eq!(drafted, fs::read_to_string(&path).unwrap_or_default(), "{recorded}");
    }
}

#[test]
fn hostile_and_broken_structures_are_refused() {
    let lss = fs::read_to_string(file("limesurvey", "survey.lss")).expect("there");
    let entities = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"aaaa\">{}]><document>&z;</document>",
        "<!ENTITY b \"&a;&a;&a;&a;\">".repeat(50)
    );
    let external = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><document>&x;</document>";
    let deep = format!("{}<LimeSurveyDocType>Survey</LimeSurveyDocType>", "<document>".repeat(200_000));
    for (bytes, why) in [
        (entities.as_bytes(), "bad XML"),
        (external.as_bytes(), "bad XML"),
        (deep.as_bytes(), "bad XML"),
        (&lss.as_bytes()[..lss.len() / 2], "bad XML"),
        (lss.replace("DocType>Survey<", "DocType>Question<").as_bytes(), "it holds a question of LimeSurvey"),
        (b"PK\x03\x04 and no zip file", "the workbook cannot be read"),
        (b"\xD0\xCF\x11\xE0 an old workbook", "save it as .xlsx"),
    ] {
        let error = Structure::of_bytes(bytes).expect_err(why);
        assert!(error.contains(why), "{error}");
    }
    for bytes in [&b""[..], b"a,b\n1,2\n", b"\xFF\xFE\x00", b"<document/>", b"class\ttext\nQ\ta\n"] {
        assert!(matches!(Structure::of_bytes(bytes), Ok(None)), "{bytes:?}");
    }
    // Deep but closed is no survey of LimeSurvey either, and does not overflow anything.
    let closed = format!("{}{}", "<document>".repeat(100_000), "</document>".repeat(100_000));
    assert!(matches!(Structure::of_bytes(closed.as_bytes()), Ok(None) | Err(_)));
}

#[test]
fn the_structure_of_another_survey_is_told() {
    let (data, structure) = (file("kobo", "central.csv"), file("limesurvey", "survey.lss"));
    let output = run(&["init".as_ref(), data.as_ref(), structure.as_ref(), "-o".as_ref(), "-".as_ref()]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && errors.contains("describes no column"), "{errors}");
    let output = run(&["init".as_ref(), data.as_ref(), data.as_ref(), "-o".as_ref(), "-".as_ref()]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && errors.contains("bad-structure"), "{errors}");
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn file(folder: &str, name: &str) -> PathBuf {
    Path::new(ROOT).join("tests/files").join(folder).join(name)
}

/// The figures with their limits and bases, without names and labels.
fn figures(headline: &str) -> Vec<String> {
    headline.lines().map(|line| line.split('\t').skip(4).take(4).collect::<Vec<_>>().join(" ")).collect()
}

fn run(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_topline")).args(arguments).output().expect("topline runs")
}

fn succeed(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}\n{errors}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}
