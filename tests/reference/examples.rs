//! The small data sets of the survey package with the designs of their help pages, linearised and by replicates.

use crate::{
    Row,
    designs::{compare_figure, figure, name_of},
    differences::{Differences, Section},
    domain, read, study_of,
};

const HOUSEHOLDS: &str = r#"
[[segment]]
id = "overcrowded"
[[question]]
id = "large"
options = ["no", "yes"]
statistics = ["count"]
[[question]]
id = "rooms"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "person"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "room.ratio"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "rooms/person"
kind = "ratio"
columns = ["rooms", "person"]
"#;

const HOSPITALS: &str = r#"
[[segment]]
id = "odd"
[[question]]
id = "busy"
options = ["no", "yes"]
statistics = ["count"]
[[question]]
id = "births"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "tothosp"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "births/tothosp"
kind = "ratio"
columns = ["births", "tothosp"]
"#;

const STATIONS: &str = r#"
[[segment]]
id = "busy"
[[question]]
id = "thirty"
options = ["no", "yes"]
statistics = ["count"]
[[question]]
id = "alive"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "arrests"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "alive/arrests"
kind = "ratio"
columns = ["alive", "arrests"]
"#;

pub fn compare_all(differences: &mut Differences) {
    let clusters = "weight = 'weight'\nunits = 'cluster'\n";
    let strata = "weight = 'weight'\nunits = 'cluster'\nstrata = 'stratum'\n";
    let hospitals = "weight = 'weighta'\nunits = 'hospno'\nstrata = 'oblevel'\nfpc = 'tothosp'\n";
    let stations = "units = 'ambulance'\nstrata = 'ESA'\nnested = true\n";
    let designs = [
        ("crowd_clusters", "crowd", clusters, "", HOUSEHOLDS),
        ("crowd_strata", "crowd", strata, "", HOUSEHOLDS),
        ("crowd_jk1", "crowd", clusters, "type = 'jk1'\n", HOUSEHOLDS),
        ("crowd_jkn", "crowd", strata, "type = 'jkn'\n", HOUSEHOLDS),
        ("hospital", "hospital", hospitals, "", HOSPITALS),
        ("hospital_jkn", "hospital", hospitals, "type = 'jkn'\n", HOSPITALS),
        ("scd_fpc", "scd", "units = 'ambulance'\nstrata = 'ESA'\nfpc = 'stations'\nnested = true\n", "", STATIONS),
        ("scd_nofpc", "scd", stations, "", STATIONS),
        ("scd_brr", "scd", "weight = 'weight'\n", "type = 'brr'\ncolumns = ['r1', 'r2', 'r3', 'r4']\n", STATIONS),
        ("scd_made_brr", "scd", stations, "type = 'brr'\n", STATIONS),
    ];
    let rows = read("examples");
    let mut compared = 0;
    for (name, data, design, replicates, questions) in designs {
        let centres: &[&str] = if replicates.is_empty() { &[""] } else { &["TRUE", "FALSE"] };
        for mse in centres {
            let replicates = match replicates {
                "" => String::new(),
                replicates => format!("[design.replicates]\nmse = {}\n{replicates}", mse.to_lowercase()),
            };
            let survey = study_of(data, &format!("{design}interval = 'wald'\n{replicates}"), questions);
            let estimates = survey.estimates();
            let own = |row: &&Row| row["design"] == name && row["mse"] == *mse;
            for row in rows.iter().filter(own) {
                let place = format!("{row:?}");
                let domain = domain(&survey, &row["segment"], &row["level"]);
                let question = survey.study.question(&row["variable"]).expect("it is asked");
                let found = figure(&survey, question, &estimates.questions[question].domains[domain], row);
                let found = found.unwrap_or_else(|| panic!("{place}: no estimate"));
                assert_eq!(found.bases.unweighted.to_string(), row["n"], "{place}: n");
                let kind = match name {
                    "crowd_jk1" => "jk1, made",
                    "crowd_jkn" | "hospital_jkn" => "jkn, made",
                    "scd_brr" => "brr, read",
                    "scd_made_brr" => "brr, made",
                    _ => name_of(row),
                };
                let section = if replicates.is_empty() { Section::Figures } else { Section::Replicates };
                compare_figure(differences.figure(section, kind, &place), row, &found);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, rows.len());
}
