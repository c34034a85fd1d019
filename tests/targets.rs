//! Targets of weighting out of files: the bundled tables of the population, and reference surveys.

use std::{fmt::Write, fs, path::Path};

use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};
use tempfile::TempDir;
use topline::{
    io::write_parquet,
    study::{Weighting, weighting::Given},
    survey::read_study,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The weighting of the bundled messenger study with these lines; `survey.csv` lies in the folder.
fn weighting(folder: &Path, lines: &str) -> Result<Weighting, String> {
    let bundled = Path::new(ROOT).join("data/messenger-2017");
    let responses = bundled.join("responses.csv").display().to_string();
    let study = fs::read_to_string(bundled.join("study.toml")).expect("it is there");
    let study = study.replace("\"responses.csv\"", &format!("{responses:?}"));
    let path = folder.join("study.toml");
    fs::write(&path, format!("{study}\n[weighting]\n{lines}")).expect("written");
    match read_study(&path, &mut |_, _| ()) {
        Ok((study, _)) => Ok(study.weighting.expect("there is one")),
        Err(problems) => Err(problems.to_string()),
    }
}

fn margin(by: &str, targets: &str) -> String {
    format!("[[weighting.margin]]\nby = {by}\n{targets}\n")
}

#[test]
fn every_bundled_table_of_the_population_fits_and_adds_up() {
    let folder = TempDir::new().expect("a folder");
    let mut lines = "population = 69051391\n".to_owned();
    for (by, file) in [
        ("[\"age\", \"sex\"]", "age-sex"),
        ("\"age\"", "age"),
        ("\"sex\"", "sex"),
        ("\"region\"", "region"),
        ("\"state\"", "state"),
    ] {
        let file = Path::new(ROOT).join(format!("data/germany-2016/{file}.csv")).display().to_string();
        lines += &margin(by, &format!("targets = {file:?}"));
    }
    let states = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split(' ').collect::<Vec<_>>();
    write!(lines, "[[weighting.variable]]\nid = \"state\"\ncolumn = \"region\"\nlevels = {states:?}").expect("a text");
    let weighting = weighting(folder.path(), &lines).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(weighting.rounding().is_empty(), "{}", weighting.rounding());
    assert_eq!(weighting.population, Some(69_051_391.0));
    let crossed = &weighting.margins[0].targets;
    assert_eq!(crossed.len(), 12);
    assert!((crossed[0] - 0.0435).abs() < 1e-12, "women of 18 to 24 come first");
    assert!((crossed[11] - 0.1103).abs() < 1e-12, "men from 65 on come last");
}

const AGES: [&str; 6] = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"];
const SEXES: [&str; 2] = ["female", "male"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The order of rows, of columns and of what is crossed changes no target, and a table agrees with its own sums.
    #[test]
    fn a_table_means_the_same_however_it_is_written(
        people in prop::collection::vec(1_u32..100_000, 12),
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let folder = TempDir::new().expect("a folder");
        let cell = |index: usize| (AGES[index / 2], SEXES[index % 2], people[index]);
        let mut csv = "sex,total,age\n".to_owned();
        let mut here = String::new();
        for (age, sex, people) in order.iter().map(|index| cell(*index)) {
            writeln!(csv, "{sex},{people},{age}").expect("a text");
            writeln!(here, "totals.{sex}.{age:?} = {people}").expect("a text");
        }
        fs::write(folder.path().join("people.csv"), csv).expect("written");
        let sums = AGES.iter().zip(people.chunks(2)).map(|(age, pair)| format!("{age:?} = {}", pair[0] + pair[1]));
        let sums = format!("totals = {{ {} }}", sums.collect::<Vec<_>>().join(", "));
        let in_file = margin("[\"age\", \"sex\"]", "targets = \"people.csv\"") + &margin("\"age\"", &sums);
        let in_file = weighting(folder.path(), &in_file).unwrap_or_else(|problems| panic!("{problems}"));
        let here = weighting(folder.path(), &margin("[\"sex\", \"age\"]", &here)).unwrap_or_else(|problems| panic!("{problems}"));

        prop_assert!(in_file.rounding().is_empty(), "{}", in_file.rounding());
        let all = f64::from(people.iter().sum::<u32>());
        prop_assert_eq!(in_file.population, Some(all));
        for (index, people) in people.iter().enumerate() {
            let share = f64::from(*people) / all;
            prop_assert!((in_file.margins[0].targets[index] - share).abs() < 1e-12);
            prop_assert!((here.margins[0].targets[index % 2 * 6 + index / 2] - share).abs() < 1e-12);
        }
    }
}

#[test]
fn a_reference_survey_gives_its_weighted_shares_in_both_formats() {
    let folder = TempDir::new().expect("a folder");
    let people: Vec<(i64, &str, f64)> = (0..500)
        .map(|i| (18 + i * 7 % 60, ["male", "female", ""][i as usize % 7 % 3], 0.5 + (i % 11) as f64 / 8.0))
        .collect();
    let mut csv = "sex;age;w\n".to_owned();
    for (age, sex, weight) in &people {
        writeln!(csv, "{sex};{age};{}", weight.to_string().replace('.', ",")).expect("a text");
    }
    fs::write(folder.path().join("survey.csv"), csv).expect("written");
    let file = fs::File::create(folder.path().join("survey.parquet")).expect("made");
    let sexes: Vec<Option<&str>> = people.iter().map(|(_, sex, _)| Some(*sex).filter(|sex| !sex.is_empty())).collect();
    let columns = vec![
        polars::prelude::Column::new("age".into(), people.iter().map(|person| person.0).collect::<Vec<_>>()),
        polars::prelude::Column::new("sex".into(), sexes),
        polars::prelude::Column::new("w".into(), people.iter().map(|person| person.2).collect::<Vec<_>>()),
    ];
    write_parquet(file, columns, Vec::new()).expect("written");

    let starts = [18, 25, 35, 45, 55, 65, 200];
    let mut expected = Vec::new();
    for band in starts.windows(2) {
        for sex in ["female", "male"] {
            let cell = people.iter().filter(|person| (band[0]..band[1]).contains(&person.0) && person.1 == sex);
            expected.push(cell.map(|person| person.2).sum::<f64>());
        }
    }
    let all: f64 = expected.iter().sum();
    for (file, decimal) in [("survey.csv", "decimal = \",\""), ("survey.parquet", "")] {
        let reference = format!("reference = {{ file = \"{file}\", weight = \"w\" }}\n{decimal}");
        let lines = margin("[\"age\", \"sex\"]", &reference) + &margin("\"sex\"", &reference);
        let weighting = weighting(folder.path(), &lines).unwrap_or_else(|problems| panic!("{problems}"));
        let [crossed, sexes] = &weighting.margins[..] else { panic!("two margins") };
        for (one, other) in crossed.targets.iter().zip(&expected) {
            assert!((one - other / all).abs() < 1e-12, "{one} {other}");
        }
        assert!(matches!(crossed.given, Given::Reference(sum) if (sum - all).abs() < 1e-9));
        assert!((sexes.targets.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_where_the_study_names_it() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("survey.csv"), "sex,age,w\nmale,thirty,1\nfemale,40,-1\n").expect("written");
    let reference = "reference = { file = \"survey.csv\", weight = \"w\" }";
    let unweighted = "reference = { file = \"survey.csv\" }";
    for (lines, part) in [
        (margin("\"sex\"", "targets = \"surve.csv\""), "did you mean `survey.csv`?"),
        (margin("\"sex\"", "targets = \"survey.csv\""), "no column `share` (percent) or `total`"),
        (margin("\"age\"", reference), "holds `thirty` in line 2, expected a number"),
        (margin("\"age\"", reference), "holds `-1` in line 3"),
        (margin("\"sex\"", unweighted) + &margin("\"region\"", unweighted), "has no column `region`"),
        (margin("\"sex\"", unweighted), ""),
    ] {
        match weighting(folder.path(), &lines) {
            Ok(weighting) => assert!(part.is_empty() && weighting.margins[0].targets == [0.5, 0.5], "{part}"),
            Err(found) => {
                assert!(!part.is_empty() && found.contains(part), "{part}: {found}");
                assert!(!found.contains("not been read"), "{found}");
            }
        }
    }
}
