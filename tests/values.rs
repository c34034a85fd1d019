//! Values that are no answer, or no weight, wherever their column is read.

use std::{fs, path::Path};

use topline::survey::Survey;

const RESPONSES: &str = "\
age,use,fear,a,b,spend
20,1,yes,1,0,10
30,2,no,0,0,30
99,1.0,yes,99,99,99
99.0,98,no,98,98,N/A
N/A,1,yes,,,
50,98,no,1,1,20
";

const STUDY: &str = r#"
[data]
file = "responses.csv"
missing = { 99 = "refused", "N/A" = "not_shown" }

[[segment]]
id = "age"
bands = [18, 40]

[[segment]]
id = "use"
levels = ["1", "2"]

[[question]]
id = "fear"
base = { label = "aged 25 and over", where = "age >= 25" }

[[question]]
id = "tools"
kind = "multiple"
columns = ["a", "b"]
missing = { 98 = "dont_know" }
missing_in_base = ["dont_know"]

[[question]]
id = "spend"
kind = "number"
"#;

#[test]
fn missing_codes_are_in_no_band_no_base_and_no_mean() {
    let survey = open(&STUDY.replace("levels = [\"1\", \"2\"]", "levels = [\"1\", \"2\", \"98\"]")).unwrap();
    let place = |segment, level| survey.plan.place(survey.plan.levels(segment).start + level);
    let everybody = |place| survey.tally.everybody.count(place, 0);
    assert_eq!([everybody(place(0, 0)), everybody(place(0, 1))], [2, 1], "20 and 30; 50, and never 99");
    assert_eq!([everybody(place(1, 0)), everybody(place(1, 1)), everybody(place(1, 2))], [3, 1, 2]);
    let fear = survey.study.question("fear").unwrap();
    assert_eq!(
        [0, 1].map(|option| survey.tally.questions[fear].count(0, option)),
        [0, 2],
        "only 30 and 50 are known, and both said no"
    );
    let spend = survey.study.question("spend").unwrap();
    assert_eq!(survey.tally.questions[spend].count(0, 0), 3);
    assert_eq!(survey.tally.absences[spend].missing.iter().sum::<u64>(), 3);
    let reason = |question: usize, reason| {
        let position = topline::study::Reason::ALL.iter().position(|known| *known == reason).unwrap();
        survey.tally.absences[question].missing[position]
    };
    assert_eq!(reason(spend, topline::study::Reason::Refused), 1);
    assert_eq!(reason(spend, topline::study::Reason::NotShown), 1);
    assert_eq!(reason(spend, topline::study::Reason::Skipped), 1);
    let tools = survey.study.question("tools").unwrap();
    assert_eq!(survey.tally.questions[tools].count(0, 2), 4, "three answers, and the one who did not know");
    assert_eq!(reason(tools, topline::study::Reason::Refused), 1);
    assert_eq!(reason(tools, topline::study::Reason::Skipped), 1);
    assert_eq!(reason(tools, topline::study::Reason::DontKnow), 0);
}

#[test]
fn a_missing_code_that_a_segment_does_not_list_is_no_error_but_another_is() {
    let problems = open(STUDY).unwrap_err();
    assert!(problems.contains("holds `98`"), "{problems}");
    assert!(open(&STUDY.replace("missing = { 99", "missing = { 98 = \"dont_know\", 99")).is_ok());
}

#[test]
fn numbers_that_are_equal_are_one_option() {
    let study = "data.file = \"responses.csv\"\nquestion = [{ id = \"use\" }]";
    let survey = open(study).unwrap();
    let codes: Vec<&str> = survey.study.questions[0].options.iter().map(|option| option.code.as_str()).collect();
    assert_eq!(codes, ["1", "2", "98"]);
    let twice = "data.file = \"responses.csv\"\nquestion = [{ id = \"use\", options = [\"1\", \"2\", \"98.0\"], missing = { 98 = \"skipped\" } }]";
    assert!(open(twice).unwrap_err().contains("both an option and missing"));
}

#[test]
fn what_a_question_cannot_hold_is_an_error() {
    let values: Vec<String> = (0..300).map(|value| value.to_string()).collect();
    let long = format!("age IN ({})", values.join(", "));
    assert!(open(&STUDY.replace("age >= 25", &long)).unwrap_err().contains("at most 200"));
    let mean = format!("{STUDY}missing_in_base = [\"refused\"]\n");
    assert!(open(&mean).unwrap_err().contains("takes only those who gave one"));
}

#[test]
fn a_weight_that_outweighs_all_others_is_worth_a_word_and_one_that_cannot_be_squared_an_error() {
    let study = "data.file = \"responses.csv\"\ndesign.weight = \"weight\"\nquestion = [{ id = \"a\" }]";
    let with = |weight: &str| open_with(study, &format!("weight,a\n{}{weight},no\n", "1,yes\n".repeat(60)));
    assert!(with("2").unwrap().warnings.is_empty());
    assert!(with("1e9").unwrap().warnings.to_string().contains("99% of the sum of all weights"));
    for weight in ["1e200", "1e-200", "inf", "-1"] {
        assert!(with(weight).is_err(), "{weight}");
    }
}

fn open(study: &str) -> Result<Survey, String> {
    open_with(study, RESPONSES)
}

fn open_with(study: &str, responses: &str) -> Result<Survey, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("responses.csv"), responses).unwrap();
    let file = folder.path().join("study.toml");
    fs::write(&file, study).unwrap();
    Survey::open(Path::new(&file), &mut |_, _| {}).map_err(|problems| format!("{problems:?}"))
}
