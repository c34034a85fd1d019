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

#[test]
fn other_spellings_are_the_same_answer_in_questions_segments_and_conditions() {
    let study = r#"
        data.file = "responses.csv"
        segment = [{ id = "sex", levels = [{ code = "w", also = ["W", "weiblich"] }, "m"], missing = { "?" = "refused" } }]
        [[question]]
        id = "use"
        options = { Yes = { label = "Yes", also = ["yes", "YES"] }, no = "No" }
        [[question]]
        id = "why"
        base = { label = "users", where = "use = 'yes'" }
    "#;
    let responses = "sex,use,why\nw,Yes,a\nW,yes,a\nweiblich,YES ,b\nm,no,\n?,no,\n";
    let survey = open_with(study, responses).unwrap();
    let count = |question: usize, slot| survey.tally.questions[question].count(0, slot);
    assert_eq!([count(0, 0), count(0, 1)], [3, 2]);
    assert_eq!([count(1, 0), count(1, 1)], [2, 1], "the base takes every spelling");
    let first = survey.plan.place(survey.plan.levels(0).start);
    assert_eq!(survey.tally.everybody.count(first, 0), 3);
    let base = format!("{:?}", survey.study.questions[1].base.condition);
    assert!(base.contains("Text(\"Yes\")"), "dummy data hold the code alone: {base}");
    let twice = study.replace("also = [\"yes\", \"YES\"]", "also = [\"yes\", \"no\"]");
    assert!(open_with(&twice, responses).unwrap_err().contains("`no` is listed twice"));
    let unlisted = study.replace("also = [\"yes\", \"YES\"]", "also = [\"yes\"]");
    assert!(open_with(&unlisted, responses).unwrap_err().contains("add it as a spelling"));
}

#[test]
fn ticks_are_what_the_study_says_they_are() {
    let study = r#"
        data.file = "responses.csv"
        [[question]]
        id = "channel"
        kind = "multiple"
        columns = ["channel_mail", "channel_phone"]
        chosen = ["x", "Phone"]
        missing_in_base = ["skipped"]
    "#;
    let responses = "id,channel_mail,channel_phone\n1,x,Phone\n2,,1\n3,,\n4,0,\n";
    let survey = open_with(study, responses).unwrap();
    assert_eq!([0, 1, 2].map(|slot| survey.tally.questions[0].count(0, slot)), [1, 2, 4]);
    let problems = open_with(&study.replace("chosen = [\"x\", \"Phone\"]", ""), responses).unwrap_err();
    assert!(problems.contains("chosen = ["), "{problems}");
    let single = study.replace("kind = \"multiple\"", "kind = \"single\"").replace(", \"channel_phone\"", "");
    assert!(open_with(&single, responses).unwrap_err().contains("no multiple response"));
}

#[test]
fn a_decimal_comma_is_read_where_the_study_says_so_and_one_error_where_it_does_not() {
    let study = "data = { file = \"responses.csv\", decimal = \",\" }\ndesign.weight = \"w\"\n\
                 question = [{ id = \"spend\", kind = \"number\", missing = { \"k.A.\" = \"refused\" } }]";
    let responses = "w;spend\n0,5;1,5\n1,5;2\n1;k.A.\n2;\n";
    let survey = open_with(study, responses).unwrap();
    let mean = survey.estimates().questions[0].domains[0].mean.as_ref().map(|mean| mean.value);
    assert_eq!(mean, Some(1.875));
    let problems = open_with(&study.replace(", decimal = \",\"", ""), responses).unwrap_err();
    assert_eq!(problems.matches("decimal comma").count(), 2, "once for each column: {problems}");
    assert!(problems.contains("line 2"), "{problems}");
    let ambiguous = open_with(study, &responses.replace("1,5;2", "1.500;2")).unwrap_err();
    assert!(ambiguous.contains("a point would be ambiguous"), "{ambiguous}");
}

#[test]
fn a_file_that_cannot_be_read_is_one_error() {
    let study = "data.file = \"responses.csv\"\ndesign.weight = \"w\"\nquestion = [{ id = \"a\" }, { id = \"b\" }]";
    for (responses, expected) in
        [("", "the file is empty"), ("PK\u{3}\u{4}", "the workbook is damaged"), ("a,b\n", "no responses")]
    {
        let problems = open_with(study, responses).unwrap_err();
        assert!(problems.contains(expected), "{problems}");
        assert_eq!(problems.matches("severity: Error").count(), 1, "{problems}");
    }
    assert!(open_with(&study.replace("responses.csv", "nowhere.csv"), "").unwrap_err().contains("no such file"));
    let shape = open_with("data.file = \"responses.csv\"\nquestion = [{ id = \"column 2\" }]", "a,,\n1,2,3\n1,3,3\n");
    assert_eq!(shape.unwrap().table.columns, ["a", "column 2", "column 3"]);
}

#[test]
fn letters_that_only_look_alike_are_told_apart_in_words() {
    let study = "data.file = \"responses.csv\"\nquestion = [{ id = \"color\", options = [\"Gr\u{fc}n\", \"Rot\"] }]";
    let problems = open_with(study, "color\nGru\u{308}n\nRot\n").unwrap_err();
    assert!(problems.contains("accents are letters of their own"), "{problems}");
}

#[test]
fn a_condition_on_a_column_that_nothing_else_reads_is_held_against_its_values() {
    let study = "data.file = \"responses.csv\"\nquestion = [{ id = \"why\", base.where = \"use <> 'No'\" }]";
    let problems = open_with(study, "use,why\nno,a\nyes,b\n").unwrap_err();
    assert!(problems.contains("did you mean `no`?"), "{problems}");
    assert!(open_with(&study.replace("No", "never"), "use,why\nno,a\nyes,b\n").is_ok(), "nobody said so yet");
}

#[test]
fn infinite_values_of_options_are_refused() {
    for value in ["inf", "nan", "-inf"] {
        let study = format!(
            "data.file = \"responses.csv\"\nquestion = [{{ id = \"a\", kind = \"scale\", options = [{{ code = \"1\", value = {value} }}] }}]"
        );
        assert!(open_with(&study, "a\n1\n").unwrap_err().contains("expected a finite number"), "{value}");
    }
    let study = "data.file = \"responses.csv\"\nquestion = [{ id = \"a\", kind = \"scale\", options = [\"1\", \"inf\", \"nan\"] }]";
    let survey = open_with(study, "a\n1\n1\ninf\nnan\n").unwrap();
    assert_eq!(
        survey.study.questions[0].options.iter().map(|option| option.value).collect::<Vec<_>>(),
        [Some(1.0), None, None]
    );
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
