//! Whole outputs of the commands, and every command that the README shows.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn printed_outputs_are_as_recorded() {
    trycmd::TestCases::new().case("tests/cmd/*.md").env("COLUMNS", "80").env("NO_COLOR", "1");
}

#[test]
fn every_command_in_the_readme_works() {
    let folder = TempDir::new().expect("a folder");
    let customers = "id,email,weight,age,contract,recommend\n".to_owned()
        + &(0..60)
            .map(|i| format!("{i},p{i}@example.org,1.{i},{},{},{}\n", 20 + i, YES_NO[i % 3 % 2], YES_NO[i % 2]))
            .collect::<String>();
    fs::write(folder.path().join("customers.csv"), customers).expect("written");
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README is there");
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("$ topline ")).collect();
    assert!(commands.len() >= 4, "the README shows commands");
    for command in commands {
        let arguments = command.split('#').next().unwrap_or_default().split_whitespace();
        succeed(&run(folder.path(), &arguments.collect::<Vec<_>>()));
    }
    let study = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a study file");
    fs::write(folder.path().join("readme.toml"), study).expect("written");
    let shown = succeed(&run(folder.path(), &["headline", "readme.toml", "--by", "age"]));
    assert!(shown.starts_with("recommend\tyes\ttotal\ttotal\t"), "{shown}");
}

#[test]
fn the_example_comes_out_of_the_binary_and_runs() {
    let folder = TempDir::new().expect("a folder");
    succeed(&run(folder.path(), &["example"]));
    let shown = succeed(&run(folder.path(), &["headline", "messenger-2017/study.toml"]));
    assert!(shown.lines().all(|line| line.ends_with("synthetic")), "{shown}");
    assert!(shown.contains("purpose\tsupport\ttotal\ttotal\t"), "{shown}");
    let codebook = fs::read_to_string(folder.path().join("messenger-2017/codebook.md")).expect("written");
    let header = fs::read_to_string(folder.path().join("messenger-2017/responses.csv")).expect("written");
    for column in header.lines().next().expect("a header").split(',') {
        assert!(codebook.contains(&format!("| `{column}` |")), "the codebook explains `{column}`");
    }
    let again = run(folder.path(), &["example"]);
    assert_eq!(again.status.code(), Some(2), "files that are there are not overwritten");
}

#[test]
fn charts_and_reports_are_the_same_bytes_each_time() {
    let folder = TempDir::new().expect("a folder");
    let study = Path::new(ROOT).join("data/messenger-2017/study.toml").display().to_string();
    for out in ["one", "two"] {
        succeed(&run(folder.path(), &["report", &study, "-o", out]));
        succeed(&run(folder.path(), &["chart", &study, "purpose", "--by", "age", "-o", out]));
        succeed(&run(folder.path(), &["chart", &study, "purpose", "-o", out]));
    }
    let mut names: Vec<_> = fs::read_dir(folder.path().join("one")).expect("written").flatten().collect();
    names.sort_by_key(std::fs::DirEntry::file_name);
    assert_eq!(names.len(), 6, "{names:?}");
    for name in names {
        let read = |out: &str| fs::read(folder.path().join(out).join(name.file_name())).expect("both are there");
        assert_eq!(read("one"), read("two"), "{name:?}");
    }
}

#[test]
fn a_report_says_which_precision_was_asked_for() {
    let folder = TempDir::new().expect("a folder");
    let study = Path::new(ROOT).join("data/nhanes/study.toml").display().to_string();
    let report = |options: &[&str]| {
        let arguments = ["report", &study, "--lang", "en", "-o", "."].into_iter().chain(options.iter().copied());
        succeed(&run(folder.path(), &arguments.collect::<Vec<_>>()));
        fs::read_to_string(folder.path().join("nhanes.md")).expect("written")
    };
    let own = report(&[]);
    assert!(own.contains("95% confidence interval") && own.contains("logit scale with quantiles of Student’s t"));
    let asked = report(&["--confidence", "0.9", "--interval", "jeffreys", "--quantile", "z"]);
    assert!(asked.contains("90% confidence interval") && !asked.contains("95%"), "{asked}");
    assert!(asked.contains("Jeffreys") && asked.contains("independent draws") && !asked.contains("Student"));
    assert!(!asked.contains("design effect is part of every interval"));
}

#[test]
fn estimates_say_the_same_in_csv_json_and_parquet() {
    let folder = TempDir::new().expect("a folder");
    let study = Path::new(ROOT).join("data/nhanes/study.toml").display().to_string();
    for format in ["csv", "json", "parquet"] {
        succeed(&run(folder.path(), &["estimates", &study, "-o", &format!("estimates.{format}")]));
    }
    let csv = fs::read_to_string(folder.path().join("estimates.csv")).expect("written");
    let json = fs::read_to_string(folder.path().join("estimates.json")).expect("written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid");
    assert_eq!(json["schema"], "topline.estimates/1");
    let rows = json["estimates"].as_array().expect("a list");
    assert_eq!(rows.len() + 1, csv.lines().count());
    let share = rows[0]["estimate"].as_f64().expect("a number");
    assert!(csv.lines().nth(1).expect("a row").contains(&format!(",{share},")));
    let parquet = fs::read(folder.path().join("estimates.parquet")).expect("written");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn simulated_responses_obey_their_study_in_both_formats() {
    let folder = TempDir::new().expect("a folder");
    let original = fs::read_to_string(Path::new(ROOT).join("data/messenger-2017/study.toml")).expect("there");
    for name in ["dummy.csv", "dummy.parquet"] {
        let text = original.replace("\"responses.csv\"", &format!("\"{name}\""));
        fs::write(folder.path().join("study.toml"), text).expect("written");
        succeed(&run(folder.path(), &["simulate", "study.toml", "-n", "500", "--seed", "3", "-o", name]));
        let shown = succeed(&run(folder.path(), &["headline", "study.toml"]));
        fs::write(folder.path().join(format!("{name}.txt")), shown).expect("written");
    }
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("written");
    assert_eq!(read("dummy.csv.txt"), read("dummy.parquet.txt"), "the format changes no figure");
}

#[test]
fn written_weights_give_the_figures_of_the_study_that_fitted_them() {
    let folder = TempDir::new().expect("a folder");
    let bundled = Path::new(ROOT).join("tests/cmd/weight");
    for name in ["responses.csv", "age-sex.csv", "study.toml"] {
        fs::copy(bundled.join(name), folder.path().join(name)).expect("copied");
    }
    let shares = |study: &str| {
        let shown = succeed(&run(folder.path(), &["headline", study, "--by", "age"]));
        // Errors differ: a column of weights does not know what it was fitted to.
        let without_limits = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            [&cells[..5], &cells[7..]].concat().join("\t")
        };
        shown.lines().map(without_limits).collect::<Vec<_>>()
    };
    let fitted = shares("study.toml");
    let study = fs::read_to_string(folder.path().join("study.toml")).expect("there");
    let (before, _) = study.split_once("[weighting]").expect("it has one");
    let write =
        |arguments: &[&str]| succeed(&run(folder.path(), &[&["weight", "study.toml", "-o"], arguments].concat()));
    for name in ["weighted.csv", "weighted.parquet"] {
        write(&[name, "--all", "--column", "w"]);
        let text = before.replace("responses.csv", name) + "[design]\nweight = \"w\"\n";
        fs::write(folder.path().join("used.toml"), text).expect("written");
        assert_eq!(shares("used.toml"), fitted, "{name}");
    }
    // What is Parquet keeps its types, whatever stands beside the weights.
    let of_parquet = study.replace("responses.csv", "weighted.parquet");
    fs::write(folder.path().join("study.toml"), of_parquet).expect("written");
    write(&["again.parquet", "--all"]);
    write(&["alone.csv", "--id", "id"]);
    let copied = run(folder.path(), &["weight", "study.toml", "-o", "copy.csv", "--all", "--column", "w3"]);
    assert!(String::from_utf8_lossy(&copied.stderr).contains("personal data are copied, by the names of `id`"));
    let repeated = run(folder.path(), &["weight", "study.toml", "-o", "again.csv", "--id", "sex"]);
    assert_eq!(repeated.status.code(), Some(2));
    assert!(!folder.path().join("again.csv").exists(), "nothing is written");
    let complaint = String::from_utf8_lossy(&repeated.stderr).into_owned();
    assert!(complaint.contains("`sex` is no id, it repeats: `f` in rows 1 and 3"), "{complaint}");
    let alone = fs::read_to_string(folder.path().join("alone.csv")).expect("written");
    let whole = fs::read_to_string(folder.path().join("weighted.csv")).expect("written");
    let ends = |line: &str| {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        (cells[0].clone(), cells[cells.len() - 2].clone())
    };
    assert_eq!(alone.lines().count(), 241);
    for (one, other) in alone.lines().zip(whole.lines()).skip(1) {
        assert_eq!(ends(one), ends(other), "the order of the file is kept");
    }
}

#[test]
fn weights_of_many_rows_stand_beside_the_right_ones() {
    let folder = TempDir::new().expect("a folder");
    let bundled = Path::new(ROOT).join("tests/cmd/weight");
    fs::copy(bundled.join("age-sex.csv"), folder.path().join("age-sex.csv")).expect("copied");
    let study = fs::read_to_string(bundled.join("study.toml")).expect("there");
    let study = study.replace("responses.csv", "many.parquet");
    fs::write(folder.path().join("study.toml"), &study).expect("written");
    // More than a row group and more than a batch.
    succeed(&run(folder.path(), &["simulate", "study.toml", "-n", "300000", "-o", "many.parquet"]));
    succeed(&run(folder.path(), &["weight", "study.toml", "-o", "weighted.parquet", "--all", "--column", "w"]));
    succeed(&run(folder.path(), &["weight", "study.toml", "-o", "weights.csv"]));
    let (before, _) = study.split_once("[weighting]").expect("it has one");
    let text = before.replace("many.parquet", "weighted.parquet") + "[design]\nweight = \"w\"\n";
    fs::write(folder.path().join("used.toml"), text).expect("written");
    let shares = |study: &str| {
        let shown = succeed(&run(folder.path(), &["headline", study, "--by", "age"]));
        shown.lines().map(|line| line.split('\t').take(5).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(shares("used.toml"), shares("study.toml"));
    let weights = fs::read_to_string(folder.path().join("weights.csv")).expect("written");
    let sum: f64 = weights.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse::<f64>().ok()).sum();
    assert!((sum / 69_050_000.0 - 1.0).abs() < 1e-9, "{sum}");
    assert!(weights.lines().last().expect("a row").starts_with("300000,"));
}

#[test]
fn a_report_says_how_weights_were_made_and_draws_what_they_moved() {
    let folder = TempDir::new().expect("a folder");
    let study = Path::new(ROOT).join("tests/cmd/weight/study.toml").display().to_string();
    succeed(&run(folder.path(), &["report", &study, "--lang", "de", "-o", "."]));
    let report = fs::read_to_string(folder.path().join("weight.md")).expect("written");
    for said in [
        "Raking",
        "age-sex.csv; erfundenes Register, Stand 31.12.2025",
        "69.050.000",
        "| 18–34 × Frauen | 77 | 32,1",
        "Grundgesamtheit",
        "Was sich durch die Gewichtung verschob",
        "240 → 175 |",
    ] {
        assert!(report.contains(said), "{said}\n{report}");
    }
    assert!(!report.contains("es gibt keine Gewichte") && !report.contains("Nicht gewichtet"));
    succeed(&run(folder.path(), &["chart", &study, "weighting", "-o", "."]));
    let chart = fs::read_to_string(folder.path().join("weighting.svg")).expect("written");
    assert!(chart.contains("32.1 → 12.0%") && !folder.path().join("online.svg").exists());
    let page = fs::read_to_string(folder.path().join("weight.html")).expect("written");
    assert!(page.contains("Was sich durch die Gewichtung verschob") && page.contains("240 → 175"));
    let without_questions = Path::new(ROOT).join("tests/cmd/weight/no-questions.toml").display().to_string();
    succeed(&run(folder.path(), &["chart", &without_questions, "weighting", "-o", "drawn"]));
    assert!(folder.path().join("drawn/weighting.png").exists());
}

#[test]
fn weights_go_into_a_pipe_as_they_go_into_a_file() {
    let folder = TempDir::new().expect("a folder");
    let study = Path::new(ROOT).join("tests/cmd/weight/study.toml").display().to_string();
    succeed(&run(folder.path(), &["weight", &study, "-o", "weights.csv", "--id", "id"]));
    let file = fs::read_to_string(folder.path().join("weights.csv")).expect("written");
    let piped = run(folder.path(), &["weight", &study, "-o", "-", "--id", "id"]);
    assert_eq!(succeed(&piped), file);
    assert!(String::from_utf8_lossy(&piped.stderr).contains("wrote 240 weights to stdout"));
    let without_questions = Path::new(ROOT).join("tests/cmd/weight/no-questions.toml").display().to_string();
    let shown = succeed(&run(folder.path(), &["weight", &without_questions, "-o", "-"]));
    assert!(shown.starts_with("row,weight,synthetic\n1,"), "{shown}");
    succeed(&run(folder.path(), &["weight", &study, "-o", "weights.tsv", "--id", "id"]));
    let tabs = fs::read_to_string(folder.path().join("weights.tsv")).expect("written");
    assert_eq!(tabs.replace('\t', ","), file);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = TempDir::new().expect("a folder");
    let binary = env!("CARGO_BIN_EXE_topline");
    let stops = |arguments: &str| {
        let pipe = format!("'{binary}' {arguments} | head -n 1; exit ${{PIPESTATUS[0]}}");
        let output = Command::new("bash").current_dir(folder.path()).args(["-c", &pipe]).output().expect("bash runs");
        succeed(&output);
    };
    stops(&format!("estimates '{ROOT}/data/nhanes/study.toml'"));
    // More than a pipe holds.
    fs::copy(Path::new(ROOT).join("tests/cmd/weight/age-sex.csv"), folder.path().join("age-sex.csv")).expect("copied");
    fs::copy(Path::new(ROOT).join("tests/cmd/weight/study.toml"), folder.path().join("study.toml")).expect("copied");
    succeed(&run(folder.path(), &["simulate", "study.toml", "-n", "20000", "-o", "responses.csv"]));
    stops("weight study.toml -o -");
}

const YES_NO: [&str; 2] = ["yes", "no"];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_topline")).current_dir(folder).args(arguments).output().expect("topline runs")
}

fn succeed(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}\n{errors}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}
