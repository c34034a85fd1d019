//! Tests of what `[weighting]` may say and what it means.

use std::path::Path;

use super::{Given, Method, NumberTarget, Residuals, TargetRow, TargetTable, Trim, Unknown, Weighting};
use crate::{
    diagnostic::Diagnostics,
    study::{
        Label, Study,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
};

const STUDY: &str = r#"
[data]
file = "a.csv"
[[segment]]
id = "age"
bands = [18, 35, 65]
[[segment]]
id = "sex"
levels = { m = { label = "Men", also = ["male"] }, f = "Women" }
[[question]]
id = "q"
options = ["1"]
"#;

const AGES: &str = "[[weighting.margin]]\nby = \"age\"\ntargets = { 18-34 = 24.5, 35-64 = 50.1, \"65+\" = 25.4 }\n";
const SEXES: &str = "[[weighting.margin]]\nby = \"sex\"\ntargets = { m = 48.88, f = 51.12 }\n";

fn study(weighting: &str, files: &[&[(&[&str], &str)]], columns: &str) -> Result<Study, Diagnostics> {
    let (spec, problems) = Spec::parse("study.toml", &format!("{STUDY}[weighting]\n{weighting}"));
    let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
    let table = |rows: &&[(&[&str], &str)]| TargetTable {
        name: "margins.csv".to_owned(),
        position_name: "line",
        columns: columns.clone(),
        rows: (2..)
            .zip(*rows)
            .map(|(line, (cells, amount))| TargetRow {
                cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
                amount: (*amount).to_owned(),
                position: Some(line),
            })
            .collect(),
    };
    let data = ["age", "sex", "q", "income", "school"].map(str::to_owned).to_vec();
    let targets = files.iter().map(|rows| Some(table(rows))).enumerate().collect();
    resolve(&spec, Path::new("survey"), &Catalog { columns: Some(data), targets, ..Catalog::default() }, problems)
}

fn meant(weighting: &str) -> Weighting {
    let study = study(weighting, &[], "").unwrap_or_else(|problems| panic!("{problems}"));
    study.weighting.expect("there is one")
}

fn complaint(weighting: &str) -> String {
    study(weighting, &[], "").expect_err("a mistake").to_string()
}

/// The complaint about a file with these columns and rows.
fn complaint_of(columns: &str, rows: &[(&[&str], &str)]) -> String {
    let margin = "[[weighting.margin]]\nby = [\"age\", \"sex\"]\ntargets = \"margins.csv\"";
    study(margin, &[rows], columns).expect_err("a mistake").to_string()
}

fn near(one: &[f64], other: &[f64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-12)
}

const CROSSED: [(&[&str], &str); 6] = [
    (&["65+", "male"], "11.03"),
    (&["18-34", "m"], "12.72"),
    (&["18-34", "f"], "11.77"),
    (&["35-64", "f"], "25.02"),
    (&["35-64", "m"], "25.13"),
    (&["65+", "f"], "14.33"),
];

#[test]
fn targets_become_shares_in_the_order_of_crossed_levels() {
    let weighting = meant(&format!("{AGES}{SEXES}"));
    assert_eq!((weighting.method, weighting.population), (Method::Raking, None));
    assert!(near(&weighting.margins[0].targets, &[0.245, 0.501, 0.254]));
    assert_eq!(weighting.margins[1].variables, [1]);
    assert!(weighting.rounding().is_empty(), "{}", weighting.rounding());

    let crossed = "method = \"linear\"\nbounds = [0.3, 3]\n[[weighting.margin]]\nby = [\"sex\", \"age\"]\n\
                   totals.f = { 18-34 = 1, 35-64 = 2, \"65+\" = 3 }\ntotals.m = { \"65+\" = 8, 35-64 = 4, 18-34 = 2 }";
    let weighting = meant(crossed);
    assert!(near(&weighting.margins[0].targets, &[0.1, 0.2, 0.4, 0.05, 0.1, 0.15]), "{:?}", weighting.margins);
    assert_eq!((weighting.population, weighting.bounds), (Some(20.0), Some([0.3, 3.0])));
    assert_eq!(weighting.name_of(&weighting.margins[0]), "sex × age");
}

#[test]
fn a_file_of_margins_says_the_same_as_the_study_file() {
    let margin = "[[weighting.margin]]\nby = [\"age\", \"sex\"]\ntargets = \"margins.csv\"";
    let read = |columns| study(margin, &[&CROSSED], columns).expect("in order").weighting.expect("there is one");
    let weighting = read("year,sex,age,share");
    assert!(near(&weighting.margins[0].targets, &[0.1272, 0.1177, 0.2513, 0.2502, 0.1103, 0.1433]));
    assert_eq!(weighting.margins[0].file.as_deref(), Some(Path::new("survey/margins.csv")));
    assert_eq!(weighting.population, None);
    let weighting = read("age,sex,total");
    assert!(weighting.population.is_some_and(|people| (people - 100.0).abs() < 1e-9));
}

#[test]
fn a_reference_survey_is_counted_without_those_of_unknown_level() {
    let margin = "[[weighting.margin]]\nby = \"sex\"\nreference = { file = \"margins.csv\", weight = \"w\" }";
    let rows: [(&[&str], &str); 5] = [(&["m"], "20"), (&[""], "7"), (&["f"], "70"), (&["male"], "10"), (&["-9"], "3")];
    let text = STUDY.replace("[data]\n", "[data]\nmissing = { -9 = \"refused\" }\n");
    let (spec, problems) = Spec::parse("study.toml", &format!("{text}[weighting]\n{margin}"));
    let given = study(margin, &[&rows], "w,sex").expect_err("-9 is no level").to_string();
    assert!(given.contains("no level `-9`"), "{given}");
    let file = spec.target_files().remove(0);
    assert_eq!(file.columns[0].missing, ["-9"]);
    let found = study(margin, &[&rows[..4]], "w,sex").expect("in order").weighting.expect("there is one");
    assert!(near(&found.margins[0].targets, &[0.3, 0.7]));
    assert_eq!((found.margins[0].given, found.population), (Given::Reference(100.0), None));
    assert!(problems.is_empty());
    let crossed = "[[weighting.margin]]\nby = [\"age\", \"sex\"]\nreference = { file = \"margins.csv\" }\n";
    let sexes = SEXES.replace("48.88", "45.88").replace("51.12", "54.12");
    let both = study(&format!("{crossed}{sexes}"), &[&CROSSED], "age,sex").expect("surveys may disagree");
    let warning = both.weighting.expect("there is one").rounding().to_string();
    assert!(warning.contains("`age × sex` and `sex` give `f` 51.12% and 54.12%"), "{warning}");
    let nobody = study(margin, &[&[(&["m"], "1"), (&["f"], "0")]], "w,sex").expect_err("no women").to_string();
    assert!(nobody.contains("no target for `f`"), "{nobody}");
}

#[test]
fn rounding_is_said_and_other_sums_are_errors() {
    let three = |targets: &str| format!("[[weighting.margin]]\nby = \"age\"\ntargets = {targets}");
    let weighting = meant(&three("{ 18-34 = 33.3, 35-64 = 33.3, \"65+\" = 33.3 }"));
    assert!(near(&weighting.margins[0].targets, &[1.0 / 3.0; 3]));
    assert!(matches!(weighting.margins[0].given, Given::Percent(sum) if (sum - 99.9).abs() < 1e-9));
    assert!(weighting.rounding().to_string().contains("add up to 99.9%"));
    for (targets, parts) in [
        // Rounding of three numbers explains 1.5 where they are whole, 0.15 where one has a decimal.
        ("{ 18-34 = 33, 35-64 = 33, \"65+\" = 32 }", ["98%", "2 points too few", "a level that `age` does not list"]),
        ("{ 18-34 = 33, 35-64 = 33, \"65+\" = 34.9 }", ["100.9%", "0.9 points too many", "to 0.1 explains 0.15"]),
        ("{ 18-34 = 33.33, 35-64 = 33.33, \"65+\" = 33.30 }", ["99.96%", "0.04 points", "to 0.01 explains 0.015"]),
        ("{ 18-34 = 1e1, 35-64 = 1e1, \"65+\" = 79e0 }", ["99%", "1 point too few", "explains 0 at most"]),
        ("{ 18-34 = 0.25, 35-64 = 0.5, \"65+\" = 0.25 }", ["1%", "99 points", "write percent"]),
        ("{ 18-34 = 920, 35-64 = 1533, \"65+\" = 801 }", ["3254%", "too many", "did you mean totals?"]),
    ] {
        let found = complaint(&three(targets)).replace(['\n', '│', '·'], " ");
        let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(parts.iter().all(|part| found.contains(part)), "{targets}: {found}");
    }
    assert_eq!(meant(&three("{ 18-34 = 33, 35-64 = 33, \"65+\" = 33 }")).rounding().iter().count(), 1);
    // Stored in single precision, or not rounded at all.
    let floats = "{ 18-34 = 33.29999923706055, 35-64 = 33.29999923706055, \"65+\" = 33.29999923706055 }";
    assert!(meant(&three(floats)).rounding().to_string().contains("99.899998%"));
    let rows = "[[weighting.margin]]\nby = [\"sex\", \"age\"]\ntargets.m = { 18-34 = 20, 35-64 = 40, \"65+\" = 40 }\n\
                targets.f = { 18-34 = 20, 35-64 = 30, \"65+\" = 50 }";
    assert!(complaint(rows).contains("each level of `sex` adds up to 100"));

    let overlapping = |women: f64| {
        let men = 100.0 - women;
        format!(
            "[[weighting.margin]]\nby = \"sex\"\ntargets = {{ m = {men}, f = {women} }}\n[[weighting.margin]]\n\
             by = [\"sex\", \"age\"]\ntargets.m = {{ 18-34 = 10, 35-64 = 20, \"65+\" = 19 }}\n\
             targets.f = {{ 18-34 = 10, 35-64 = 20, \"65+\" = 21 }}"
        )
    };
    assert!(meant(&overlapping(51.0)).rounding().is_empty());
    let warning = meant(&overlapping(51.25)).rounding().to_string();
    assert!(warning.contains("`sex` and `sex × age` give `m` 48.75% and 49%"), "{warning}");
    assert!(complaint(&overlapping(52.0)).contains("no weights meet both"));
}

#[test]
fn totals_and_population_are_of_the_same_people() {
    let totals = |men: u32| format!("[[weighting.margin]]\nby = \"sex\"\ntotals = {{ m = {men}, f = 520 }}");
    assert_eq!(meant(&totals(480)).population, Some(1000.0));
    let weighting = meant(&format!("population = 1001\n{}", totals(480)));
    assert_eq!(weighting.population, Some(1001.0));
    assert!(weighting.rounding().to_string().contains("add up to 1000, not to 1001"));
    let wrong = complaint(&format!("population = 1000000\n{}", totals(480)));
    assert!(wrong.contains("add up to 1000, but `population` says 1000000"), "{wrong}");
    let ages = "[[weighting.margin]]\nby = \"age\"\ntotals = { 18-34 = 240, 35-64 = 600, \"65+\" = 300 }";
    let wrong = complaint(&format!("{}\n{ages}", totals(480)));
    assert!(wrong.contains("`age` add up to 1140, but margin `sex` says 1000"), "{wrong}");
}

#[test]
fn variables_numbers_and_trimming_are_as_typed() {
    let weighting = meant(
        "method = \"exponential\"\ntrim.design_effect = 1.5\n[[weighting.variable]]\nid = \"education\"\ncolumn = \"school\"\n\
         levels = [{ code = \"high\", also = [\"4\", \"5\"] }, \"low\"]\nmissing = { 9 = \"refused\" }\n\
         [[weighting.margin]]\nby = \"education\"\ntargets = { high = 32, low = 68 }\nunknown = \"spread\"\n\
         [[weighting.margin]]\nby = [\"education\", \"sex\"]\ntargets = { high = { m = 16, f = 16 }, low = { m = 34, f = 34 } }\n\
         [[weighting.number]]\ncolumn = \"income\"\nmean = 2450.0\nmissing = { -1 = \"refused\" }",
    );
    let rules: Vec<_> =
        weighting.variables.iter().map(|variable| (variable.segment.id.as_str(), variable.unknown)).collect();
    assert_eq!(rules, [("education", Unknown::Spread), ("sex", Unknown::OwnCell)]);
    assert_eq!(weighting.variables[0].segment.column, "school");
    assert_eq!(weighting.numbers[0].target, NumberTarget::Mean(2450.0));
    assert_eq!(weighting.trim, Some(Trim::DesignEffect(1.5)));
    let trimmed = |how: &str| meant(&format!("trim = {{ {how} }}\n{AGES}")).trim;
    assert_eq!(trimmed("bounds = [0.2, 5]"), Some(Trim::Bounds([0.2, 5.0])));
    assert_eq!(trimmed("quantiles = [0, 0.99]"), Some(Trim::Quantiles([0.0, 0.99])));
}

#[test]
fn margins_say_who_counted_them_and_when() {
    let dated = |date: &str| meant(&format!("{SEXES}source = \"census\"\ndate = {date}")).margins.remove(0);
    let margin = dated("2016-12-31");
    assert_eq!((margin.date.as_deref(), margin.source), (Some("2016-12-31"), Some(Label::plain("census"))));
    assert_eq!(dated("2016").date.as_deref(), Some("2016"));
    assert_eq!(dated("\"2016-12\"").date.as_deref(), Some("2016-12"));
    for date in ["\"end of 2016\"", "31", "\"2016-13\"", "\"2016-02-31\"", "12:30:00", "\"\"", "\"-\"", "\"2016-1-1\""]
    {
        assert!(complaint(&format!("{SEXES}date = {date}")).contains("which is no date"), "{date}");
    }
}

#[test]
fn residuals_of_respondents_are_those_of_the_rake_of_r() {
    let respondents = |more: &str| format!("residuals = \"respondents\"\n{more}{AGES}");
    assert_eq!(meant(AGES).residuals, Residuals::BaseWeights);
    assert_eq!(meant(&respondents("")).residuals, Residuals::Respondents);
    assert_eq!(meant(&respondents("method = \"post-stratification\"\n")).residuals, Residuals::Respondents);
    let spread = format!("{}unknown = \"spread\"\n", respondents(""));
    for (text, lacks) in [
        (respondents("method = \"linear\"\n"), "no other methods"),
        (respondents("trim.bounds = [0.2, 5]\n"), "no `trim`"),
        (spread, "no unknown = \"spread\""),
    ] {
        let said = complaint(&text);
        assert!(said.contains(lacks) && said.contains("leave `residuals` out"), "{said}");
    }
}

#[test]
fn codes_that_only_weighting_calls_missing_are_missing() {
    let text = format!(
        "{AGES}[[weighting.variable]]\nid = \"school\"\nlevels = [\"a\"]\nmissing = {{ 9 = \"refused\" }}\n\
         [[weighting.margin]]\nby = \"school\"\ntargets = {{ a = 100 }}"
    );
    let study = study(&text, &[], "").expect("in order");
    assert_eq!(study.missing_codes("school"), ["9"]);
    assert!(study.missing_codes("age").is_empty());
}

#[test]
fn what_does_not_fit_is_said() {
    let margin = |rest: &str| format!("[[weighting.margin]]\n{rest}\n");
    let sex = |targets: &str| margin(&format!("by = \"sex\"\ntargets = {targets}"));
    let number = "[[weighting.number]]\ncolumn = \"income\"\nmean = 2450\n";
    let school = "[[weighting.variable]]\nid = \"school\"\nlevels = [\"a\", \"b\"]\n";
    let linear = format!("method = \"linear\"\n{AGES}");
    for (weighting, part) in [
        (String::new(), "has no margin"),
        (format!("method = \"rakin\"\n{AGES}"), "did you mean `raking`?"),
        (format!("method = \"rake\"\n{AGES}"), "write method = \"raking\": raking is iterative proportional fitting"),
        (format!("method = \"IPF\"\n{AGES}"), "write method = \"raking\""),
        (format!("method = \"post_stratify\"\n{AGES}"), "write method = \"post-stratification\""),
        (format!("method = \"greg\"\n{AGES}"), "write method = \"linear\""),
        (format!("method = \"truncated\"\n{AGES}"), "write method = \"linear\": with `bounds`"),
        (format!("method = \"logistic\"\n{AGES}"), "write method = \"logit\""),
        (format!("method = \"calibrate\"\n{AGES}"), "\"exponential\" (as raking) or \"logit\""),
        (format!("method = \"post-stratification\"\n{AGES}{SEXES}"), "post-stratification has one margin"),
        (format!("{AGES}{number}"), "cannot meet the mean"),
        (format!("bounds = [0.3, 3]\n{AGES}"), "method = \"exponential\" meets"),
        (format!("method = \"logit\"\n{AGES}"), "needs `bounds`"),
        (format!("bounds = [1.2, 3]\n{linear}"), "does not hold 1"),
        (format!("bounds = [3, 0.3]\n{linear}"), "does not rise"),
        (format!("bounds = [-1, 3]\n{linear}"), "below 0"),
        (format!("bounds = [0.3]\n{linear}"), "expected two"),
        (format!("population = 0\n{AGES}"), "expected 1 or more people"),
        (format!("trim = {{ bounds = [5, 0.2] }}\n{AGES}"), "does not rise"),
        (format!("trim = {{ quantiles = [1, 99] }}\n{AGES}"), "parts from 0 to 1"),
        (format!("trim = {{ design_effect = 1 }}\n{AGES}"), "more than 1"),
        (format!("trim = {{ bounds = [0.2, 5], design_effect = 1.5 }}\n{AGES}"), "trimmed in one way"),
        (format!("trim = {{}}\n{AGES}"), "does not say how"),
        (margin("targets = { m = 50, f = 50 }"), "does not say `by` what"),
        (margin("by = \"\"\ntargets = { m = 50, f = 50 }"), "`by` is empty"),
        (margin("by = \"sxe\"\ntargets = { m = 50, f = 50 }"), "did you mean `sex`?"),
        (margin("by = \"school\"\ntargets = { a = 100 }"), "add a [[segment]], or"),
        (margin("by = [\"sex\", \"sex\"]\ntargets = { m = 50, f = 50 }"), "crossed with itself"),
        (format!("{SEXES}{SEXES}"), "margin `sex` is there already"),
        (margin("by = \"sex\""), "has no `targets`"),
        (margin("by = \"sex\"\ntargets = { m = 1 }\ntotals = { m = 1 }"), "both `targets` and `totals`"),
        (margin("by = \"sex\"\ntotals = \"margins.csv\""), "a file is named in `targets`"),
        (margin("by = \"sex\"\nreference = { weight = \"w\" }"), "names no `file`"),
        (sex("{ m = 48.88, w = 51.12 }"), "has no level `w`"),
        (sex("{ m = 48.88, Women = 51.12 }"), "that is what `f` is called in print"),
        (sex("{ m = 48.88, male = 51.12 }"), "two targets for `male`"),
        (sex("{ m = 100 }"), "no target for `f`"),
        (sex("{ m = 100, f = 0 }"), "the target of `f` is 0"),
        (sex("{ m = 110, f = -10 }"), "the target of `f` is -10"),
        (sex("{ m = 100, f = 1e-300 }"), "is 1e-300, expected from 1e-9 to 1e15"),
        (sex("{ m = 50, f = { a = 50 } }"), "expected a number"),
        (sex("{ m = 50, f = \"50\" }"), "expected a number"),
        (margin("by = [\"sex\", \"age\"]\ntargets = { m = 50, f = 50 }"), "one for each level of `age`"),
        (
            margin("by = [\"sex\", \"age\"]\ntargets = { m = { 18-34 = 50, 35-64 = 25 } }"),
            "no target for `m × 65+`, `f`",
        ),
        (format!("{AGES}{school}"), "no margin names the variable `school`"),
        (format!("{AGES}[[weighting.variable]]\nid = \"sex\"\nlevels = [\"m\"]"), "`sex` is a segment already"),
        (format!("{linear}{number}{number}"), "two numbers of column"),
        (format!("{linear}[[weighting.number]]\ncolumn = \"incom\"\nmean = 1"), "did you mean `income`?"),
        (format!("{linear}[[weighting.number]]\ncolumn = \"income\""), "neither `mean` nor `total`"),
        (format!("{linear}[[weighting.number]]\nmean = 1"), "names no `column`"),
    ] {
        let found = complaint(&weighting);
        assert!(found.contains(part), "{weighting}: {found}");
    }
    let twice = format!(
        "{SEXES}unknown = \"drop\"\n{}",
        margin("by = [\"sex\", \"age\"]\nunknown = \"own\"\ntargets = { m = { 18-34 = 50 } }")
    );
    assert!(complaint(&twice).contains("`unknown` is `own` here, but another margin says `drop` for `sex`"));
}

#[test]
fn mistakes_of_target_files_name_their_lines() {
    let mut twice = CROSSED.to_vec();
    twice.push((&["65+", "f"], "1"));
    let found = complaint_of("age,sex,share", &twice);
    assert!(found.contains("two targets for `65+ × f`, the second in line 8 of margins.csv"), "{found}");
    let found = complaint_of("year,age,sex,share", &twice);
    assert!(found.contains("may be `year`"), "{found}");
    for (rows, part) in [
        (
            &[(&["65+", "w"][..], "1"), (&["65+", "x"][..], "1")][..],
            "has no level `w`, `x`, found in column `sex` of line 2",
        ),
        (&[(&["65+", ""][..], "1")][..], "column `sex` is blank in line 2"),
        (&[(&["65+", "f"][..], "9,16")][..], "decimal = \",\""),
        (&[(&["65+", "f"][..], "")][..], "no target in line 2"),
        (&[(&["65+", "f"][..], "0")][..], "the target of `65+ × f` in line 2 of margins.csv is 0"),
        (&CROSSED[..5], "there is none in margins.csv"),
    ] {
        let found = complaint_of("age,sex,share", rows);
        assert!(found.contains(part), "{part}: {found}");
    }
    for (columns, part) in [
        ("age,share", "has no column `sex`"),
        ("age,gender", "has no column `sex` and `share` (percent) or `total`"),
        ("age,sex,shares", "has no column `share` (percent)"),
        ("age,sex,share,total", "both `share` and `total`"),
    ] {
        let found = complaint_of(columns, &[]);
        assert!(found.contains(part), "{part}: {found}");
    }
    let mut more = CROSSED;
    more[0].1 = "12.03";
    let found = complaint_of("age,sex,share", &more);
    assert!(found.contains("margin `age × sex` add up to 101%, expected 100%: 1 point too many"), "{found}");
    let unread = "[[weighting.margin]]\nby = \"sex\"\ntargets = \"margins.csv\"";
    assert!(complaint(unread).contains("have not been read"));
}
