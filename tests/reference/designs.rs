//! Sample designs of one to three stages, and statistics beside shares and means, against R.

use topline::{
    estimate::{Estimate, Statistic},
    survey::Survey,
};

use crate::{
    Row,
    differences::{Differences, Figure, Number, Section},
    domain, number, read, study_of,
};

const SCHOOLS: &str = r#"
[[question]]
id = "sch_wide"
column = "sch.wide"
statistics = ["count"]
options = ["No", "Yes"]
[[question]]
id = "stype"
statistics = ["count"]
options = ["E", "H", "M"]
[[question]]
id = "api00"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "enroll"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "api_stu/enroll"
kind = "ratio"
columns = ["api.stu", "enroll"]
"#;

const PEOPLE: &str = r#"
[[segment]]
id = "group"
[[question]]
id = "answer"
statistics = ["count"]
[[question]]
id = "minutes"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "minutes/visits"
kind = "ratio"
columns = ["minutes", "visits"]
"#;

const COUNTIES: &str = r#"
[[segment]]
id = "size"
[[question]]
id = "winner"
statistics = ["count"]
[[question]]
id = "Bush"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "votes"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "Bush/votes"
kind = "ratio"
columns = ["Bush", "votes"]
"#;

const MUNICIPALITIES: &str = r#"
[[segment]]
id = "part"
[[question]]
id = "size"
statistics = ["count"]
[[question]]
id = "y1"
kind = "number"
statistics = ["total", "sd"]
[[question]]
id = "y1/n2"
kind = "ratio"
columns = ["y1", "n2"]
"#;

const TWO_STAGES: &str = "strata = ['s1', 's2']\nunits = ['psu', 'ssu']\nfpc = ['f1', 'f2']\nnested = true\n";

pub fn compare_all(differences: &mut Differences) {
    let two_stages = |more: &str| format!("{TWO_STAGES}{more}");
    let designs = [
        (
            "clus2_fpc",
            "apiclus2",
            "weight = 'pw'\nunits = ['dnum', 'snum']\nfpc = ['fpc1', 'fpc2']".to_owned(),
            SCHOOLS,
        ),
        ("clus2_wr", "apiclus2", "weight = 'pw'\nunits = ['dnum', 'snum']".to_owned(), SCHOOLS),
        (
            "clus2_fractions",
            "apiclus2",
            "weight = 'pw'\nunits = ['dnum', 'snum']\nfpc = ['fraction1', 'fraction2']".to_owned(),
            SCHOOLS,
        ),
        ("strat_fractions", "apistrat_score", "weight = 'pw'\nstrata = 'stype'\nfpc = 'fraction'".to_owned(), SCHOOLS),
        ("mu284", "mu284", "weight = 'pw'\nunits = ['id1', 'id2']\nfpc = ['n1', 'n2']".to_owned(), MUNICIPALITIES),
        (
            "pps_brewer",
            "election_pps",
            "weight = 'weight'\nunits = 'County'\nfpc = 'p'\npps = 'brewer'".to_owned(),
            COUNTIES,
        ),
        ("pps_hh", "election_pps", "weight = 'wt'".to_owned(), COUNTIES),
        ("simulated2", "simulated2", two_stages("weight = 'weight'"), PEOPLE),
        (
            "simulated2_element",
            "simulated2",
            "strata = ['s1', 's2']\nunits = 'psu'\nfpc = ['f1', 'persons']\nnested = true\nweight = 'weight'"
                .to_owned(),
            PEOPLE,
        ),
        (
            "weights_zero",
            "simulated2",
            "strata = 's1'\nunits = 'psu'\nfpc = 'f1'\nnested = true\nweight = 'weight_zero'".to_owned(),
            PEOPLE,
        ),
        ("weights_zero_two_stages", "simulated2", two_stages("weight = 'weight_zero'"), PEOPLE),
        (
            "simulated3",
            "simulated3",
            "strata = 's1'\nunits = ['psu', 'ssu', 'hh']\nfpc = ['f1', 'f2', 'f3']\nnested = true\nweight = 'weight'"
                .to_owned(),
            PEOPLE,
        ),
        (
            "simulated2_lonely_certainty",
            "simulated2_lonely",
            two_stages("weight = 'weight'\nlonely_unit = 'certainty'"),
            PEOPLE,
        ),
        (
            "simulated2_lonely_remove",
            "simulated2_lonely",
            two_stages("weight = 'weight'\nlonely_unit = 'remove'"),
            PEOPLE,
        ),
        (
            "simulated2_lonely_average",
            "simulated2_lonely",
            two_stages("weight = 'weight'\nlonely_unit = 'average'"),
            PEOPLE,
        ),
        (
            "simulated2_lonely_adjust",
            "simulated2_lonely",
            two_stages("weight = 'weight'\nlonely_unit = 'adjust'"),
            PEOPLE,
        ),
    ];
    let rows = read("designs");
    let mut compared = 0;
    for (design, data, of_design, questions) in designs {
        let mut survey = study_of(data, &format!("{of_design}\ninterval = 'wald'"), questions);
        let rows: Vec<&Row> = rows.iter().filter(|row| row["design"] == design).collect();
        assert!(rows.len() > 10, "{design}");
        for rule in ["design", "domain"] {
            survey.study.design.degrees_of_freedom = match rule {
                "design" => topline::study::DegreesOfFreedom::Design,
                _ => topline::study::DegreesOfFreedom::Domain,
            };
            let estimates = survey.estimates();
            // The schools have a segment that is made in R only.
            for row in rows.iter().filter(|row| row["segment"] != "awards_and_goal") {
                let domain = domain(&survey, &row["segment"], &row["level"]);
                let place =
                    format!("{design} {} {} {} {}", row["statistic"], row["variable"], row["option"], row["level"]);
                let question =
                    survey.study.question(&row["variable"]).unwrap_or_else(|| panic!("{place}: no question"));
                let found = figure(&survey, question, &estimates.questions[question].domains[domain], row);
                compare(differences, &place, row, found, rule);
                compared += 1;
            }
        }
    }
    let left_out = rows
        .iter()
        .filter(|row| row["design"] == "simulated2_lonely_adjust_all" || row["segment"] == "awards_and_goal");
    assert_eq!(compared, 2 * (rows.len() - left_out.count()));
}

pub fn figure(
    survey: &Survey,
    question: usize,
    domain: &topline::estimate::DomainEstimates,
    row: &Row,
) -> Option<Estimate> {
    let options = &survey.study.questions[question].options;
    let option = options.iter().position(|option| option.code == row["option"]);
    let further = |wanted: Statistic| {
        let found = domain.further.iter().find(|further| further.statistic == wanted);
        found.unwrap_or_else(|| panic!("{wanted:?} is not made")).estimate
    };
    match row["statistic"].as_str() {
        "share" => domain.shares[option.expect("the option is listed")].estimate,
        "mean" | "ratio" => domain.mean,
        "count" => further(Statistic::Count(option.expect("the option is listed"))),
        "total" => further(Statistic::Total),
        "standard_deviation" => further(Statistic::StandardDeviation),
        other => panic!("{other}"),
    }
}

/// `rule` says by which the degrees of freedom are; nothing else depends on it.
fn compare(differences: &mut Differences, place: &str, row: &Row, found: Option<Estimate>, rule: &str) {
    let Some(found) = found else {
        assert_eq!(row["n"], "0", "{place}: there is an estimate in R");
        return;
    };
    assert_eq!(found.bases.unweighted.to_string(), row["n"], "{place}: n");
    if rule == "domain" {
        let expected = number(row, "df_domain").expect("R has them");
        let mut figure = differences.figure(Section::Figures, name_of(row), place);
        figure.equal(Number::DegreesOfFreedom, found.degrees_of_freedom, expected);
        return;
    }
    // R makes the weights of `strat_fractions` from the fractions; in the file they have eight digits. Numbers are
    // summed as distances from the first one, which in `pps_*` is Los Angeles: that costs second and higher moments a
    // digit or two.
    let (name, tolerance) = match place.split('_').next() {
        Some("strat") => ("all, with weights of eight digits", 1e-7),
        Some("pps") if row["statistic"] == "standard_deviation" => {
            ("standard deviation, the first number far off", 1e-7)
        }
        Some("pps") => ("other figures, the first number far off", 1e-8),
        _ => (name_of(row), 1e-9),
    };
    compare_figure(differences.figure(Section::Figures, name, place).tolerance(tolerance), row, &found);
}

/// All that a row has of a figure.
pub fn compare_figure(mut figure: Figure, row: &Row, found: &Estimate) {
    let expected = |name: &str| number(row, name);
    figure.value(found.value, expected("estimate").expect("R has an estimate"));
    figure.equal(Number::Bases, found.bases.weighted, expected("n_weighted").expect("R has a base"));
    figure.equal(Number::DegreesOfFreedom, found.degrees_of_freedom, expected("df").expect("R has them"));
    let Some(error) = expected("standard_error") else { return };
    figure.equal(Number::StandardError, found.standard_error, error);
    let effects = [("deff_replace", found.design_effect), ("deff_without", found.design_effect_without)];
    for (name, effect) in effects {
        if let Some(expected) = expected(name).filter(|effect| *effect > 0.0) {
            figure.equal(Number::DesignEffect, effect.unwrap_or(f64::NAN), expected);
        }
    }
    let is_whole = row["statistic"] == "share" && (found.value == 0.0 || found.value == 1.0);
    if let (Some(low), Some(high), false) = (expected("ci_low"), expected("ci_high"), is_whole || error == 0.0) {
        let limits = found.limits.expect("R has an interval");
        figure.equal(Number::Limit, limits.low, low);
        figure.equal(Number::Limit, limits.high, high);
    }
}

/// The row of the page.
pub fn name_of(row: &Row) -> &str {
    if row["statistic"] == "standard_deviation" { "standard deviation" } else { &row["statistic"] }
}
