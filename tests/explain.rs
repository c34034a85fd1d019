//! `topline explain` against the tidy estimates, and against what it may not tell.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn topline(arguments: &[&str]) -> Option<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_topline")).args(arguments).arg("-q").current_dir(ROOT).output();
    let output = output.expect("it starts");
    output.status.success().then(|| String::from_utf8(output.stdout).expect("text"))
}

fn json(arguments: &[&str]) -> Option<Value> {
    let text = topline(&[arguments, &["--format", "json"]].concat())?;
    Some(serde_json::from_str(&text).expect("valid"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn what_is_explained_are_the_tidy_estimates() {
    let mut explained = 0;
    for (study, figures) in [
        ("data/messenger-2017/study.toml", [("purpose", "region"), ("use_whatsapp", "age")]),
        ("data/nhanes/study.toml", [("hi_chol", "race"), ("hi_chol", "agecat")]),
    ] {
        let estimates = json(&["estimates", study]).expect("estimates");
        for row in list(&estimates, "estimates") {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            let is_asked = |(question, segment): &(&str, &str)| {
                text("question") == *question && ["total", segment].contains(&text("segment"))
            };
            if !figures.iter().any(is_asked) {
                continue;
            }
            let mut arguments = vec!["explain", study, text("question"), "--option", text("option")];
            if text("segment") != "total" {
                arguments.extend(["--by", text("segment"), "--level", text("level")]);
            }
            let told = json(&arguments);
            if row["withheld"].is_string() {
                assert!(told.is_none(), "{row}");
                continue;
            }
            let told = told.expect("it is shown");
            assert_eq!(&told["figure"], row);
            adds_up(&told);
            let number = |value: &Value| value.as_f64().expect("a number");
            let quotient = number(&told["sums"]["numerator"]) / number(&told["sums"]["denominator"]);
            assert!((quotient - number(&row["estimate"])).abs() <= 1e-14, "{row}");
            let limits = list(&told, "limits").last().expect("limits");
            assert_eq!(list(limits, "values"), [row["ci_low"].clone(), row["ci_high"].clone()]);
            let printed = topline(&[&arguments[..], &["--lang", "en"]].concat()).expect("printed");
            for (key, name) in [("estimate", "p = Y / X"), ("standard_error", "√V"), ("n_weighted", "X = Σw")] {
                let line = printed.lines().find(|line| line.trim_start().starts_with(name)).expect(name);
                let last = |text: &str| text.split([' ', ':']).filter_map(|word| word.parse::<f64>().ok()).next_back();
                let shown = last(line).expect("a number in the line");
                assert!((shown - number(&row[key])).abs() <= 1e-8 * number(&row[key]), "{name}: {line}, {row}");
            }
            explained += 1;
        }
    }
    assert!(explained > 60, "{explained}");
}

#[test]
fn residuals_of_respondents_are_said_and_left_to_rake() {
    let study = "tests/cmd/explain/raked.toml";
    let of = |options: &[&str]| json(&[&["explain", study, "api00"], options].concat()).expect("shown");
    let (own, like_r) = (of(&[]), of(&["--like", "r"]));
    assert_eq!(
        [&own, &like_r].map(|told| told["design"]["residuals"].as_str()),
        [Some("base-weights"), Some("respondents")]
    );
    let scripts = [&own, &like_r].map(|told| told["r"].as_str().expect("a script"));
    assert_eq!(
        scripts.map(|script| script.contains("<- rake(design, list(~m1, ~m2), list(table1, table2),")),
        [false, true]
    );
    assert_eq!(scripts.map(|script| script.contains("<- calibrate(design, ")), [true, false]);
    let errors = [&own, &like_r].map(|told| told["figure"]["standard_error"].as_f64().expect("a number"));
    // By these scripts in R 4.2.2 with survey 4.1-1.
    for (error, of_r) in errors.into_iter().zip([22.318_719_773_831_9, 29.266_683_760_688]) {
        assert!((error / of_r - 1.0).abs() < 1e-9, "{error}");
    }
    let text = topline(&["explain", study, "api00", "--like", "r", "--lang", "de"]).expect("shown");
    assert!(text.contains("wie nach rake in R (respondents)"), "{text}");
}

#[test]
fn quantiles_and_figures_under_replicates_are_the_tidy_estimates() {
    let (mut quantiles, mut replicated) = (0, 0);
    for study in [
        "explain/quantiles",
        "explain/weighted",
        "explain/jackknife",
        "replicates/read",
        "replicates/numbers",
        "replicates/made",
    ] {
        let study = format!("tests/cmd/{study}.toml");
        for row in list(&json(&["estimates", &study]).expect("estimates"), "estimates") {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            let mut arguments = vec!["explain", &study, text("question"), "--statistic", text("statistic")];
            for (name, value) in [("--option", text("option")), ("--by", text("segment")), ("--level", text("level"))] {
                if !["", "total"].contains(&value) {
                    arguments.extend([name, value]);
                }
            }
            // Few are above the highest quantiles.
            let Some(told) = json(&arguments) else {
                assert!(row["withheld"].is_string() || text("statistic") == "quantile", "{row}");
                continue;
            };
            assert_eq!(&told["figure"], row);
            let number = |value: &Value| value.as_f64().expect("a number");
            let limits = list(&told, "limits").last().expect("limits");
            assert_eq!(list(limits, "values"), [row["ci_low"].clone(), row["ci_high"].clone()]);
            let variance = number(&told["variance"]);
            let is_same = |one: f64, other: f64| (one - other).abs() <= 1e-10 * other.abs();
            if told["quantile"].is_object() {
                let share = number(&told["sums"]["numerator"]) / number(&told["sums"]["denominator"]);
                assert!(is_same(share, number(&told["quantile"]["share"])), "{row}");
                let reach = 2.0 * number(&told["multiplier"]) * number(&row["standard_error"]);
                assert!(is_same(reach, number(&row["ci_high"]) - number(&row["ci_low"])), "{row}");
                quantiles += 1;
            } else {
                assert!(is_same(variance, number(&row["standard_error"]).powi(2)), "{row}");
            }
            if told["replicates"].is_object() {
                let sum = number(&told["replicates"]["scale"]) * number(&told["replicates"]["sum_of_squares"]);
                assert!(is_same(sum, variance), "{row} {sum} {variance}");
                assert_eq!(told["r"].is_null(), study.ends_with("made.toml"), "R makes another Hadamard matrix");
                replicated += 1;
            } else {
                adds_up(&told);
            }
        }
    }
    assert!(quantiles >= 11 && replicated >= 20, "{quantiles} {replicated}");
}

#[test]
fn contrasts_are_the_tidy_estimates_and_their_cells_add_up() {
    let (mut explained, mut withheld) = (0, 0);
    for study in ["tests/cmd/explain/contrasts.toml", "tests/cmd/explain/replicated.toml"] {
        let estimates = json(&["estimates", study]).expect("estimates");
        let is_contrast = |row: &&Value| {
            ["difference", "relative_risk", "odds_ratio"].contains(&row["statistic"].as_str().unwrap_or_default())
        };
        for row in list(&estimates, "estimates").iter().filter(is_contrast) {
            let told = json(&["explain", study, row["option"].as_str().expect("an id")]);
            if row["withheld"].is_string() {
                assert!(told.is_none(), "{row}");
                withheld += 1;
                continue;
            }
            let told = told.expect("it is shown");
            assert_eq!(&told["figure"], row);
            let number = |value: &Value| value.as_f64().expect("a number");
            let is_same = |one: f64, other: f64| (one - other).abs() <= 1e-10 * other.abs();
            let cells = list(&told["contrast"], "cells");
            let sum = |of: &dyn Fn(&Value) -> f64| cells.iter().map(of).sum::<f64>();
            let value = sum(&|cell| number(&cell["factor"]) * number(&cell["value"]));
            let variance = sum(&|cell| number(&cell["factor"]).powi(2) * number(&cell["variance"]))
                + number(&told["contrast"]["covariances_add"]);
            assert!(is_same(value, number(&told["contrast"]["value"])), "{told}");
            assert!(is_same(variance, number(&told["variance"])), "{told}");
            let reach = number(&told["multiplier"]) * variance.sqrt();
            let ends = [value - reach, value + reach];
            let ends = if row["interval"] == "log" { ends.map(f64::exp) } else { ends };
            assert!(is_same(ends[0], number(&row["ci_low"])) && is_same(ends[1], number(&row["ci_high"])), "{told}");
            explained += 1;
        }
    }
    assert_eq!((explained, withheld), (8, 1));
}

fn adds_up(told: &Value) {
    let adds = |value: &Value| value["adds"].as_f64().unwrap_or(0.0);
    let lines = list(told, "strata").iter().chain(list(told, "later_stages")).chain([&told["other_strata"]]);
    let (sum, variance): (f64, _) = (lines.map(adds).sum(), told["variance"].as_f64().expect("a variance"));
    assert!((sum - variance).abs() <= 1e-10 * variance, "{sum} {variance}");
}

/// Of each stratum the respondents of a group and those of them who said yes.
type Counts = BTreeMap<String, BTreeMap<String, [u64; 2]>>;

/// Fifteen strata of 2 to 161 respondents of two groups, and what may be told of them.
fn strata(seed: u64) -> (String, Counts) {
    let mut state = seed;
    let mut chance = move |of: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % of
    };
    let (mut csv, mut counts) = ("stratum,group,said,minutes\n".to_owned(), Counts::new());
    for stratum in 0..15 {
        for _ in 0..2 + chance(160) {
            let (group, said) = (["a", "b"][chance(2) as usize], ["yes", "no"][chance(3).min(1) as usize]);
            csv += &format!("s{stratum},{group},{said},{}\n", chance(9));
            let of_stratum = counts.entry(format!("s{stratum}")).or_default();
            for group in [group, "total"] {
                let [all, yes] = of_stratum.entry(group.to_owned()).or_default();
                (*all, *yes) = (*all + 1, *yes + u64::from(said == "yes"));
            }
        }
    }
    (csv, counts)
}

const STUDY: &str = "\
[data]
file = \"responses.csv\"
[design]
strata = \"stratum\"
[[segment]]
id = \"group\"
[[question]]
id = \"said\"
[[question]]
id = \"minutes\"
kind = \"number\"
";

#[test]
fn no_stratum_is_named_that_would_be_a_small_cell() {
    let mut named = [0; 3];
    for seed in 1..=12 {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (csv, counts) = strata(seed);
        fs::write(folder.path().join("responses.csv"), csv).expect("written");
        fs::write(folder.path().join("study.toml"), STUDY).expect("written");
        let study = folder.path().join("study.toml").display().to_string();
        let is_small = |[all, yes]: &[u64; 2]| {
            let tells = |part: u64| if part == 0 { *all < 30 } else { part < 5 };
            *all > 0 && (*all < 5 || tells(*yes) || tells(all - yes))
        };
        let by_group: &[&str] = &["--by", "group", "--level", "a"];
        for (arguments, groups) in [(&[] as &[&str], &["total"] as &[&str]), (by_group, &["a", "b"])] {
            let told = json(&[&["explain", &study, "said", "--option", "yes"], arguments].concat()).expect("shown");
            adds_up(&told);
            for line in list(&told, "strata") {
                let of_stratum = &counts[line["stratum"].as_str().expect("a name")];
                for group in groups {
                    assert!(!of_stratum.get(*group).is_some_and(is_small), "{line} {of_stratum:?}");
                }
                named[groups.len()] += 1;
            }
            let shown: Vec<&str> = list(&told, "strata").iter().filter_map(|line| line["stratum"].as_str()).collect();
            let others = counts.iter().filter(|(stratum, _)| !shown.contains(&stratum.as_str()));
            for group in groups {
                let sum = others
                    .clone()
                    .filter_map(|(_, of)| of.get(*group))
                    .fold([0, 0], |[all, yes], more| [all + more[0], yes + more[1]]);
                assert!(!is_small(&sum), "{group} {sum:?}");
            }
        }
        let told = json(&["explain", &study, "minutes"]).expect("shown");
        for line in list(&told, "strata") {
            assert!(counts[line["stratum"].as_str().expect("a name")]["total"][0] >= 5, "{line}");
            named[0] += 1;
        }
    }
    assert!(named.iter().all(|count| *count > 20), "the rule leaves something to see: {named:?}");
}

#[test]
fn a_stratum_of_few_is_named_where_each_answer_is_of_enough() {
    let folder = tempfile::TempDir::new().expect("a folder");
    // Of twenty each: half said yes; nobody did; and of sixty a third.
    let answers = |stratum: &str, yes: u32, no: u32| {
        let line =
            |index: u32, said: &str| format!("{stratum},a,{said},{}\n", index % 4 * u32::from(stratum != "alike"));
        (0..yes).map(|index| line(index, "yes")).chain((0..no).map(|index| line(index, "no"))).collect::<String>()
    };
    let text = [answers("half", 10, 10), answers("alike", 0, 20), answers("large", 20, 40)].concat();
    fs::write(folder.path().join("responses.csv"), format!("stratum,group,said,minutes\n{text}")).expect("written");
    fs::write(folder.path().join("study.toml"), STUDY).expect("written");
    let study = folder.path().join("study.toml").display().to_string();
    let shown = |told: &Value| {
        let names = list(told, "strata").iter().filter_map(|line| line["stratum"].as_str().map(str::to_owned));
        names.collect::<Vec<_>>()
    };
    let said = json(&["explain", &study, "said", "--option", "yes"]).expect("shown");
    // Nobody of twenty said yes, and alone that would be told; so the next smallest joins them.
    assert_eq!(shown(&said), ["large"]);
    let minutes = json(&["explain", &study, "minutes"]).expect("shown");
    assert_eq!(shown(&minutes), ["large"]);
    fs::write(
        folder.path().join("responses.csv"),
        format!("stratum,group,said,minutes\n{}", text.replace("alike", "half")),
    )
    .expect("written");
    for question in ["said", "minutes"] {
        assert_eq!(shown(&json(&["explain", &study, question]).expect("shown")), ["half", "large"], "{question}");
    }
    let only_few = [answers("one", 10, 12), answers("two", 9, 12), answers("three", 12, 8)].concat();
    fs::write(folder.path().join("responses.csv"), format!("stratum,group,said,minutes\n{only_few}")).expect("written");
    for question in ["said", "minutes"] {
        assert_eq!(shown(&json(&["explain", &study, question]).expect("shown")).len(), 3, "{question}");
    }
    let group = ["explain", &study, "said", "--by", "group", "--level", "a"];
    assert_eq!(shown(&json(&group).expect("shown")).len(), 3);
}

#[test]
fn of_a_quantile_nothing_is_told_that_would_be_a_small_cell() {
    let (mut named, mut refused) = (0, 0);
    for seed in 1..=8 {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (csv, _) = strata(seed);
        let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
        fs::write(folder.path().join("responses.csv"), &csv).expect("written");
        // A third group of eight, so that the other two would give it away.
        let small = csv.lines().skip(1).enumerate().map(|(index, line)| match index % (rows.len() / 8) {
            0 => line.replace(",a,", ",c,").replace(",b,", ",c,") + "\n",
            _ => format!("{line}\n"),
        });
        fs::write(
            folder.path().join("small.csv"),
            format!("stratum,group,said,minutes\n{}", small.collect::<String>()),
        )
        .expect("written");
        for (data, groups) in [("responses.csv", ["a", "b"].as_slice()), ("small.csv", &[])] {
            let text = format!("{}quantiles = [0.25, 0.5, 0.75]\n", STUDY.replace("responses.csv", data));
            let study = folder.path().join("study.toml");
            fs::write(&study, text).expect("written");
            let study = study.display().to_string();
            for part in ["0.25", "0.5", "0.75"] {
                let arguments = ["explain", &study, "minutes", "--statistic", "quantile", "--option", part];
                let told = json(&[&arguments[..], &["--by", "group", "--level", "a"]].concat());
                if groups.is_empty() {
                    assert!(told.is_none(), "c would follow from a and b");
                    refused += 1;
                    continue;
                }
                let told = told.expect("shown");
                adds_up(&told);
                let quantile = told["figure"]["estimate"].as_f64().expect("a number");
                let shown: Vec<&str> =
                    list(&told, "strata").iter().filter_map(|line| line["stratum"].as_str()).collect();
                named += shown.len();
                let is_small = |strata: &dyn Fn(&str) -> bool, group: &str| {
                    let of = rows.iter().filter(|row| strata(row[0]) && row[1] == group);
                    let of: Vec<f64> = of.map(|row| row[3].parse().expect("a number")).collect();
                    let upto = of.iter().filter(|minutes| **minutes <= quantile).count();
                    let tells = |part: usize| if part == 0 { of.len() < 30 } else { part < 5 };
                    !of.is_empty() && (of.len() < 5 || tells(upto) || tells(of.len() - upto))
                };
                for group in groups {
                    assert!(shown.iter().all(|stratum| !is_small(&|other| other == *stratum, group)), "{shown:?}");
                    assert!(!is_small(&|other| !shown.contains(&other), group), "{shown:?}");
                }
            }
        }
    }
    assert!(named > 20 && refused == 24, "the rule leaves something to see: {named} {refused}");
}

#[test]
fn scripts_name_every_stage_and_read_the_file_where_it_is() {
    let told = json(&["explain", "tests/cmd/explain/schools.toml", "api00", "--statistic", "sd"]).expect("shown");
    let script = told["r"].as_str().expect("a script");
    for line in ["svydesign(ids = ~u1 + u2, fpc = ~f1 + f2, weights = ~w, nest = TRUE", "m <- svyvar(~y, base)"] {
        assert!(script.contains(line), "{script}");
    }
    let file = script.split('"').find(|text| text.ends_with("apiclus2.csv")).expect("a file");
    assert!(Path::new(ROOT).join(file).exists());
}

#[test]
fn a_design_effect_that_there_is_not_is_said_in_words() {
    let folder = tempfile::TempDir::new().expect("a folder");
    fs::write(folder.path().join("responses.csv"), strata(1).0).expect("written");
    let text = STUDY.replace("kind = \"number\"", "kind = \"number\"\nstatistics = [\"sd\"]");
    fs::write(folder.path().join("study.toml"), text).expect("written");
    let study = folder.path().join("study.toml").display().to_string();
    let deviation = topline(&["explain", &study, "minutes", "--statistic", "sd", "--lang", "en"]).expect("shown");
    assert!(deviation.contains("design effect   none: not defined for a standard deviation"), "{deviation}");
    let share = topline(&["explain", &study, "said", "--option", "yes", "--lang", "en"]).expect("shown");
    assert!(share.contains("also            none without replacement: Σw is not above n"), "{share}");
}
