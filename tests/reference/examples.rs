//! The small data sets of the survey package with the designs of their help pages, linearised and by replicates.

use crate::{
    Row,
    designs::{compare_figure, figure, name_of},
    differences::{Differences, Section},
    domain, read, study_of,
};

/// A segment, an answer of yes or no, and numbers, with the ratio of the first two.
fn questions([segment, answer]: [&str; 2], numbers: &[&str]) -> String {
    let mut text = format!(
        "[[segment]]\nid = '{segment}'\n[[question]]\nid = '{answer}'\noptions = ['no', 'yes']\nstatistics = ['count']\n"
    );
    for number in numbers {
        text += &format!("[[question]]\nid = '{number}'\nkind = 'number'\nstatistics = ['total', 'sd']\n");
    }
    let [x, y] = [numbers[0], numbers[1]];
    text + &format!("[[question]]\nid = '{x}/{y}'\nkind = 'ratio'\ncolumns = ['{x}', '{y}']\n")
}

pub fn compare_all(differences: &mut Differences) {
    let clusters = "weight = 'weight'\nunits = 'cluster'\n";
    let strata = "weight = 'weight'\nunits = 'cluster'\nstrata = 'stratum'\n";
    let hospitals = "weight = 'weighta'\nunits = 'hospno'\nstrata = 'oblevel'\nfpc = 'tothosp'\n";
    let stations = "units = 'ambulance'\nstrata = 'ESA'\nnested = true\n";
    let households = questions(["overcrowded", "large"], &["rooms", "person", "room.ratio"]);
    let of_hospitals = questions(["odd", "busy"], &["births", "tothosp"]);
    let of_stations = questions(["busy", "thirty"], &["alive", "arrests"]);
    let designs = [
        ("crowd_clusters", "crowd", clusters, "", &households),
        ("crowd_strata", "crowd", strata, "", &households),
        ("crowd_jk1", "crowd", clusters, "type = 'jk1'\n", &households),
        ("crowd_jkn", "crowd", strata, "type = 'jkn'\n", &households),
        ("hospital", "hospital", hospitals, "", &of_hospitals),
        ("hospital_jkn", "hospital", hospitals, "type = 'jkn'\n", &of_hospitals),
        ("scd_fpc", "scd", "units = 'ambulance'\nstrata = 'ESA'\nfpc = 'stations'\nnested = true\n", "", &of_stations),
        ("scd_nofpc", "scd", stations, "", &of_stations),
        ("scd_brr", "scd", "weight = 'weight'\n", "type = 'brr'\ncolumns = ['r1', 'r2', 'r3', 'r4']\n", &of_stations),
        ("scd_made_brr", "scd", stations, "type = 'brr'\n", &of_stations),
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
