//! Rows that are caught in small files, counted by hand.

use std::path::Path;

use topline::{
    diagnostic::Place,
    io::Table,
    quality::{Caught, Inspected, inspect},
    simulate::simulate,
    study::{Rule, Study},
    survey::{Survey, read_study, read_study_without_data},
};

/// Tells questions and rows apart that are left out by `exclude = [...]` and those that are kept.
fn survey(exclude: &str, questions: &str, csv: &str) -> Result<Survey, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("study.toml");
    std::fs::write(folder.path().join("a.csv"), csv).expect("written");
    std::fs::write(&path, format!("[data]\nfile = \"a.csv\"\nexclude = [{exclude}]\n{questions}")).expect("written");
    Survey::open(&path, &mut |_, _| ()).map_err(|problems| problems.to_string())
}

/// How many are left out for each reason, and how many are kept.
fn counts(exclude: &str, csv: &str) -> (Vec<u64>, u64) {
    let survey = survey(exclude, "[[question]]\nid = \"q\"\n", csv).expect("it can be read");
    (survey.table.left_out().expect("looked for").by_reason.clone(), survey.tally.rows)
}

#[test]
fn each_reason_is_applied_to_those_whom_the_others_have_left() {
    let csv = "id,status,seconds,q\n\
               a,preview,100,x\n\
               a,ok,100,y\n\
               b,ok,20,y\n\
               b,ok,100,x\n\
               c,ok,120,x\n\
               c,ok,10,x\n\
               d,ok,,x\n";
    // The first row of `a` is a preview: the second is the first that is left.
    assert_eq!(counts("\"tests\", \"duplicates\", \"speeders\"", csv), (vec![1, 2, 1], 3));
    // The fast ones go first: of `b` and `c` one row each is left.
    assert_eq!(counts("\"speeders\", \"duplicates\"", csv), (vec![2, 1], 4));
    assert_eq!(counts("{ where = \"q = 'y'\" }, \"duplicates\"", csv), (vec![2, 1], 4));
    assert_eq!(counts("\"copies\"", csv), (vec![0], 7));
    assert_eq!(counts("{ rule = \"speeders\", column = \"seconds\", share = 0.11 }", csv), (vec![1], 6));
}

#[test]
fn a_value_that_only_those_left_out_have_is_no_option() {
    let csv = "status,q\npreview,lorem\nok,x\nok,y\n";
    let survey = survey("\"tests\"", "[[question]]\nid = \"q\"\n", csv).expect("it can be read");
    let codes: Vec<&str> = survey.study.questions[0].options.iter().map(|option| option.code.as_str()).collect();
    assert_eq!(codes, ["x", "y"]);
    let survey =
        crate::survey("{ where = \"q = 'lorem'\" }", "[[question]]\nid = \"q\"\n", csv).expect("it can be read");
    assert_eq!(survey.tally.rows, 2);
}

#[test]
fn an_exclusion_that_cannot_be_meant_is_an_error_with_advice() {
    let csv = "id,uuid,q\na,b,x\n";
    for (exclude, said) in [
        ("\"test\"", "write \"tests\""),
        ("\"speederz\"", "did you mean"),
        ("\"q = 'x'\"", "a condition is written { where ="),
        ("{ label = \"x\" }", "no reason is given"),
        ("{ rule = \"tests\", where = \"q = 'x'\" }", "two reasons"),
        ("{ rule = \"tests\", share = 0.5 }", "belongs to `speeders`"),
        ("{ rule = \"speeders\", share = 30 }", "expected a part between 0 and 1"),
        ("{ rule = \"copies\", column = \"q\" }", "it compares all columns"),
        ("{ rule = \"duplicates\", columns = [\"q\", \"id\"] }", "expected one column"),
        ("{ rule = \"duplicates\", colum = \"id\" }", "did you mean `column`"),
        ("{ rule = \"duplicates\", column = \"idd\" }", "the data have no column `idd`"),
        ("{ where = \"p = 'x'\" }", "the data have no column `p`"),
        ("{ where = \"q == 'x\" }", "bad-condition"),
        ("\"duplicates\"", "several columns may tell"),
        ("\"speeders\"", "finds no column that tells how long"),
        ("\"straightliners\"", "finds no column that tells which questions are a battery"),
        ("{ where = \"q > 3\" }", "needs numbers"),
        ("{ where = \"q = 'x'\" }", "leaves nobody"),
    ] {
        let error = survey(exclude, "[[question]]\nid = \"q\"\n", csv).expect_err(exclude);
        assert!(error.contains(said), "{exclude}: {error}");
    }
}

#[test]
fn straight_lines_need_four_answers_and_no_code_for_none() {
    let csv = "a,b,c,d,e\n1,1,1,1,1\n2,2,2,2,\n3,3,3,,\n9,9,9,9,9\n5,5,5,5,9\n1,2,3,4,5\n";
    let question = |id: &str| {
        format!(
            "[[question]]\nid = \"{id}\"\nkind = \"scale\"\noptions = [1, 2, 3, 4, 5]\nmissing = {{ 9 = \"skipped\" }}\n"
        )
    };
    let questions: String = ["a", "b", "c", "d", "e"].map(question).concat();
    let survey = survey("\"straightliners\"", &questions, csv).expect("it can be read");
    assert_eq!(survey.table.left_out().expect("looked for").by_reason, [3]);
    assert_eq!(survey.tally.rows, 3);
}

#[test]
fn everything_that_rules_find_is_counted_each_by_itself() {
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/quality/all.toml");
    let (study, table) = read_study(&study, &mut |_, _| ()).expect("it is bundled");
    let found = inspect(Some(&study), &table, &[], &mut |_, _| ()).expect("it can be read");
    let found: Vec<(&str, u64, u64)> =
        found.iter().map(|found| (found.rule.name(), found.caught.rows, found.caught.of)).collect();
    assert_eq!(
        found,
        [
            ("tests", 8, 127),
            ("incomplete", 8, 127),
            ("duplicates", 7, 127),
            ("copies", 5, 127),
            ("speeders", 6, 127),
            ("straightliners", 9, 127),
        ]
    );
}

#[test]
fn rows_of_many_blocks_are_left_out_where_they_stand() {
    use std::fmt::Write;
    let mut csv = "id,q,n\n".to_owned();
    for row in 0..200_000_u32 {
        writeln!(csv, "{},{},{row}", row % 150_000, if row % 7 == 0 { "x" } else { "y" }).expect("text");
    }
    let questions = "[[question]]\nid = \"q\"\n[[question]]\nid = \"n\"\nkind = \"number\"\n";
    let survey =
        survey("{ where = \"q = 'x'\" }, { rule = \"duplicates\", column = \"id\" }", questions, &csv).expect("read");
    // By hand: rows that are no multiple of 7 stay, and of the last 50 000 those whose twin is one.
    let stays = |row: &u32| !row.is_multiple_of(7) && (*row < 150_000 || (row - 150_000).is_multiple_of(7));
    let rows = (0..200_000).filter(stays);
    assert_eq!(survey.tally.rows, rows.clone().count() as u64);
    let mean = rows.clone().map(f64::from).sum::<f64>() / rows.count() as f64;
    let estimates = survey.estimates();
    let value = estimates.questions[1].domains[0].mean.as_ref().expect("a mean").value;
    assert!((value / mean - 1.0).abs() < 1e-12, "{value} {mean}");
}

/// A file without a study is looked at too.
#[test]
fn a_file_is_looked_at_before_there_is_a_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "id,submitdate,q\n1,2026-01-01 10:00,x\n1,,y\n,,y\n").expect("written");
    let table = Table::open(&path, None, &Place::File("a.csv".to_owned())).expect("opened");
    let none: Option<&Study> = None;
    let found = inspect(none, &table, &[], &mut |_, _| ()).expect("read");
    let caught = |rule: &Rule| found.iter().find(|found: &&Inspected| found.rule == *rule).map(|found| found.caught);
    let of = |rows: u64, of: u64| Some(Caught { rows, of, median: None });
    assert_eq!(caught(&Rule::Incomplete), of(2, 3));
    assert_eq!(caught(&Rule::Duplicates), of(1, 2));
    assert_eq!(caught(&Rule::Copies), of(0, 3));
    assert_eq!(caught(&Rule::StraightLiners), None);
}

#[test]
fn made_up_responses_are_packed_as_the_study_says_and_nobody_of_them_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/quality/packed.toml");
    let text = std::fs::read_to_string(bundled).expect("bundled");
    let path = folder.path().join("study.toml");
    let mut shares: Vec<Vec<f64>> = Vec::new();
    for file in ["packed.csv", "packed.parquet"] {
        std::fs::write(&path, text.replace("packed.csv", file)).expect("written");
        let study = read_study_without_data(&path).expect("it is bundled");
        simulate(&study, 3000, 7, &folder.path().join(file), &mut |_| ()).expect("written");
        let survey = Survey::open(&path, &mut |_, _| ()).expect("it can be read");
        assert_eq!(survey.table.left_out().expect("looked for").by_reason, [0, 0, 0]);
        assert_eq!(survey.tally.rows, 3000);
        let estimates = survey.estimates();
        shares.push(
            estimates.questions[0].domains[0]
                .shares
                .iter()
                .map(|share| share.estimate.as_ref().map_or(f64::NAN, |share| share.value))
                .collect(),
        );
    }
    assert_eq!(shares[0], shares[1]);
    for (share, assumed) in shares[0].iter().zip([0.6, 0.4, 0.3, 0.1]) {
        assert!((share - assumed).abs() < 0.04, "{share} {assumed}");
    }
    let csv = std::fs::read_to_string(folder.path().join("packed.csv")).expect("written");
    assert!(
        csv.starts_with("w,sex,brands,first,second,third,news_tv,news_web,Finished,id,seconds,synthetic\n"),
        "{csv:.200}"
    );
    assert!(csv.contains(",\"Acme, Bolt, Inc.\",") && csv.contains(",yes,no,100,"), "{csv:.900}");
}

#[test]
fn weights_are_handed_out_to_those_who_are_left_by_their_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = ["ok,a", "preview,a", "ok,b", "ok,b", "preview,b", "ok,b", "ok,a", "ok,b"];
    let csv = format!("status,q\n{}\n", rows.join("\n"));
    std::fs::write(folder.path().join("a.csv"), csv).expect("written");
    let study = "[data]\nfile = \"a.csv\"\nexclude = [\"tests\"]\n[publication]\nminimum_count = 0\n\
                 [weighting]\n[[weighting.variable]]\nid = \"q\"\n\
                 [[weighting.margin]]\nby = \"q\"\ntargets = { a = 50, b = 50 }\n[[question]]\nid = \"q\"\n";
    std::fs::write(folder.path().join("study.toml"), study).expect("written");
    let topline = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_topline"));
        let output = command.args(arguments).current_dir(folder.path()).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let written = "row,weight\n1,1.5\n3,0.75\n4,0.75\n6,0.75\n7,1.5\n8,0.75\n";
    assert_eq!(topline(&["weight", "study.toml", "-o", "-"]), written);
    topline(&["weight", "study.toml", "-o", "all.csv", "--all"]);
    let all = std::fs::read_to_string(folder.path().join("all.csv")).expect("written");
    assert_eq!(all, "status,q,weight\nok,a,1.5\nok,b,0.75\nok,b,0.75\nok,b,0.75\nok,a,1.5\nok,b,0.75\n");
    // The same of Parquet, of which columns are copied with their types.
    let everybody = study.replace("exclude = [\"tests\"]\n", "");
    std::fs::write(folder.path().join("everybody.toml"), everybody).expect("written");
    topline(&["weight", "everybody.toml", "-o", "a.parquet", "--all", "--column", "w"]);
    std::fs::write(folder.path().join("parquet.toml"), study.replace("a.csv", "a.parquet")).expect("written");
    topline(&["weight", "parquet.toml", "-o", "b.parquet", "--all"]);
    std::fs::write(folder.path().join("left.toml"), study.replace("a.csv", "b.parquet")).expect("written");
    let left = topline(&["weight", "left.toml", "-o", "-", "--all", "--column", "again"]);
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    for (line, whole) in left.lines().zip(all.lines()).skip(1) {
        let (line, whole) = (cells(line), cells(whole));
        assert_eq!([&line[0], &line[1], &line[3]], [&whole[0], &whole[1], &whole[2]], "{left}");
    }
    assert_eq!(left.lines().count(), 7);
    let json = topline(&["weight", "study.toml", "--format", "json"]);
    assert!(json.contains("\"rule\": \"tests\"") && json.contains("\"rows\": 2"), "{json}");
}
