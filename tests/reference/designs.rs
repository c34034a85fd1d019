//! Sample designs of one to three stages, and statistics beside shares and means, against R.

use topline::{
    estimate::{Estimate, Statistic},
    survey::Survey,
};

use crate::{Row, close_to, domain, number, read, study_of};

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

#[test]
fn designs_of_one_to_three_stages_equal_r() {
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
                compare(&place, row, found, rule);
                compared += 1;
            }
        }
    }
    let left_out = rows
        .iter()
        .filter(|row| row["design"] == "simulated2_lonely_adjust_all" || row["segment"] == "awards_and_goal");
    assert_eq!(compared, 2 * (rows.len() - left_out.count()));
}

pub(crate) fn figure(
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

fn compare(place: &str, row: &Row, found: Option<Estimate>, rule: &str) {
    let Some(found) = found else {
        assert_eq!(row["n"], "0", "{place}: there is an estimate in R");
        return;
    };
    assert_eq!(found.bases.unweighted.to_string(), row["n"], "{place}: n");
    let same = |name: &str, value: f64| {
        let Some(expected) = number(row, name) else { return };
        // R makes the weights of `strat_fractions` from the fractions; in the file they have eight digits. Numbers are
        // summed as distances from the first one, which in `pps_*` is Los Angeles: that costs second and higher moments a digit or two.
        let tolerance = match (place.split('_').next(), name) {
            (Some("strat"), _) => 1e-7,
            (Some("pps"), "deff_replace" | "deff_without") => 1e-8,
            (Some("pps"), _) if row["statistic"] == "standard_deviation" => 1e-7,
            _ => 0.0,
        };
        // A limit near zero is no more exact than the estimate and the error that it is made of.
        let size = if name.starts_with("ci") { expected.abs().max(found.value.abs()) } else { expected.abs() };
        // Chances in proportion to a number leave nothing to chance in its total: what rounding leaves is a trifle of it.
        if expected == 0.0 && value.abs() <= 1e-5 * found.value.abs() {
            return;
        }
        let is_close = close_to(value, expected) || (value - expected).abs() <= f64::max(tolerance, 1e-9) * size;
        assert!(is_close, "{place}: {name} is {value}, R has {expected}");
    };
    same("estimate", found.value);
    same("n_weighted", found.bases.weighted);
    if rule == "domain" {
        same("df_domain", found.degrees_of_freedom);
        return;
    }
    same("df", found.degrees_of_freedom);
    same("standard_error", found.standard_error);
    if number(row, "deff_replace").is_some_and(|effect| effect > 0.0) {
        same("deff_replace", found.design_effect.unwrap_or_else(|| panic!("{place}: no design effect")));
    }
    if let Some(effect) = found.design_effect_without.filter(|effect| *effect > 0.0) {
        same("deff_without", effect);
    }
    let is_whole = row["statistic"] == "share" && (found.value == 0.0 || found.value == 1.0);
    let is_fixed = number(row, "standard_error") == Some(0.0);
    if let (Some(limits), false) = (found.limits, is_whole || is_fixed) {
        same("ci_low", limits.low);
        same("ci_high", limits.high);
    }
}
