//! Figures with weights that were fitted to the population, by linearised and by replicate variances, against R.

use topline::{estimate::Statistic, survey::Survey};

use crate::{
    Row, contrasts, designs,
    differences::{Differences, Number, Section},
    domain, number, read, study_of,
};

const NHANES: &str = "../../../data/nhanes/responses";
const STYPE: &str = "[[weighting.margin]]\nby = 'stype'\ntotals = { E = 4421, H = 755, M = 1018 }\n";
const WIDE: &str = "[[weighting.margin]]\nby = 'wide'\ntotals = { No = 1500, Yes = 4694 }\n\
                    [[weighting.variable]]\nid = 'wide'\ncolumn = 'sch.wide'\n";
const FEW: &str = "[[weighting.margin]]\nby = 'stype'\ntotals = { E = 1000, H = 2597, M = 2597 }\n\
                   [[weighting.margin]]\nby = 'wide'\ntotals = { No = 4500, Yes = 1694 }\n\
                   [[weighting.variable]]\nid = 'wide'\ncolumn = 'sch.wide'\n";
const CROSSED: &str = "[[weighting.margin]]\nby = ['stype', 'awards']\n\
                       totals = { E = { No = 1111, Yes = 3310 }, H = { No = 467, Yes = 288 }, M = { No = 449, Yes = 569 } }\n";
const ENROLL: &str = "[[weighting.number]]\ncolumn = 'enroll'\ntotal = 3811472\n";
const API: &str = "[[weighting.number]]\ncolumn = 'api00'\nmean = 664.7\n";
const AGES: &str = "[[weighting.margin]]\nby = 'agecat'\n\
                    targets = { '(0,19]' = 25, '(19,39]' = 28, '(39,59]' = 28, '(59,Inf]' = 19 }\n";
const SEXES: &str = "[[weighting.margin]]\nby = 'sex'\ntargets = { 1 = 49, 2 = 51 }\n";
const CHOLESTEROL: &str = "[[weighting.variable]]\nid = 'cholesterol'\ncolumn = 'HI_CHOL'\n\
                           [[weighting.margin]]\nby = 'cholesterol'\ntargets = { 0 = 90, 1 = 10 }\n";
const REGIONS: &str = "[[weighting.margin]]\nby = 'region'\ntargets = { north = 30, south = 30, west = 40 }\n\
                       [[weighting.margin]]\nby = 'sex'\ntargets = { female = 52, male = 48 }\n";
const STRAT: &str = "weight = 'pw'\nstrata = 'stype'\nfpc = 'fpc'\n";
const CLUS1: &str = "weight = 'pw'\nunits = 'dnum'\nfpc = 'fpc'\n";

pub fn compare_all(differences: &mut Differences) {
    let rows = read("calibrated");
    let mut cases: Vec<&str> = rows.iter().map(|row| row["case"].as_str()).collect();
    cases.dedup();
    assert_eq!((cases.len(), rows.len()), (60, 3316));
    for case in cases {
        let rows: Vec<&Row> = rows.iter().filter(|row| row["case"] == case).collect();
        compare(differences, case, &rows);
    }
}

fn compare(differences: &mut Differences, case: &str, rows: &[&Row]) {
    let survey = open(case, rows);
    let estimates = survey.estimates();
    let mut contrasts = estimates.contrasts.iter();
    for row in rows {
        let place = format!(
            "{case} {} {} {} {} {}",
            row["statistic"], row["variable"], row["option"], row["level"], row["definition"]
        );
        let found = if row["definition"].is_empty() {
            let question = survey.study.question(&row["variable"]).unwrap_or_else(|| panic!("{place}: no question"));
            let domain = &estimates.questions[question].domains[domain(&survey, &row["segment"], &row["level"])];
            match number(row, "option").filter(|_| row["statistic"] == "quantile") {
                Some(part) => {
                    let wanted = Statistic::Quantile(part);
                    domain.further.iter().find(|further| further.statistic == wanted).and_then(|found| found.estimate)
                }
                None => designs::figure(&survey, question, domain, row),
            }
        } else {
            *contrasts.next().expect("a contrast for each definition")
        };
        let found = found.unwrap_or_else(|| panic!("{place}: no estimate"));
        let kind = if survey.design.replicates.is_some() { "replicates" } else { "linearised" };
        let estimator = format!("figures with fitted weights, {kind}");
        let mut figure = differences.figure(Section::Weights, &estimator, &place);
        figure.value(found.value, number(row, "estimate").expect("a number"));
        let mut figures = vec![
            (Number::StandardError, "standard_error", found.standard_error),
            (Number::DegreesOfFreedom, "df", found.degrees_of_freedom),
        ];
        if row["definition"].is_empty() {
            figures.push((Number::Bases, "n_weighted", found.bases.weighted));
        }
        for (of, name, value) in figures {
            let Some(expected) = number(row, name).filter(|number| number.is_finite()) else {
                assert!(!value.is_finite(), "{place}: {name} is {value}, R has none");
                continue;
            };
            // What the targets fix has an error of rounding, in both.
            let is_fixed = of == Number::StandardError && value.max(expected) <= 1e-9 * found.value.abs();
            figure.equal(of, value, if is_fixed { 0.0 } else { expected });
        }
    }
}

fn open(case: &str, rows: &[&Row]) -> Survey {
    let (design, weighting) = [
        "strat",
        "clus1",
        "clus2",
        "srs",
        "weights",
        "nhanes",
        "jk1_clus1",
        "jk1_centred_clus1",
        "jkn_strat",
        "brr",
        "bootstrap",
    ]
    .into_iter()
    .find_map(|design| Some((design, case.strip_prefix(design)?.strip_prefix('_')?)))
    .unwrap_or_else(|| panic!("{case} is of no design"));
    let made = |design: &str, table: &str| format!("{design}[design.replicates]\n{table}\n");
    let (data, design) = match design {
        "strat" => ("apistrat", STRAT.to_owned()),
        "clus1" => ("apiclus1", CLUS1.to_owned()),
        "clus2" => ("apiclus2", "weight = 'pw'\nunits = ['dnum', 'snum']\nfpc = ['fpc1', 'fpc2']\n".to_owned()),
        "srs" => ("apisrs", String::new()),
        "weights" => ("apistrat", "weight = 'pw'\n".to_owned()),
        "nhanes" => (NHANES, "weight = 'WTMEC2YR'\nstrata = 'SDMVSTRA'\nunits = 'SDMVPSU'\nnested = true\n".to_owned()),
        "jk1_clus1" => ("apiclus1", made(CLUS1, "type = 'jk1'\nmse = true")),
        "jk1_centred_clus1" => ("apiclus1", made(CLUS1, "type = 'jk1'\nmse = false")),
        "jkn_strat" => ("apistrat", made(STRAT, "type = 'jkn'\nmse = true")),
        "brr" => ("replicates_brr", read_replicates(16, "brr", "")),
        _ => ("replicates_bootstrap", read_replicates(60, "bootstrap", "scale = 0.01694915254237288\n")),
    };
    let margins = match (data, weighting) {
        ("replicates_brr" | "replicates_bootstrap", _) => REGIONS.to_owned(),
        ("apiclus2", "numbers_linear" | "numbers_exponential") => {
            format!("{STYPE}{}", ENROLL.replace("3811472", "3400000"))
        }
        (_, "numbers_linear" | "numbers_exponential") => format!("{STYPE}{ENROLL}{API}"),
        (_, "numbers") => format!("{STYPE}{ENROLL}"),
        (_, "mean_alone") => API.to_owned(),
        (_, "linear_zero") => FEW.to_owned(),
        (NHANES, "post") => AGES.to_owned(),
        (_, "post") => CROSSED.to_owned(),
        (NHANES, "rake") => format!("{AGES}{SEXES}"),
        (_, "own" | "drop" | "spread") => format!("{AGES}{CHOLESTEROL}unknown = '{weighting}'\n"),
        _ => format!("{STYPE}{WIDE}"),
    };
    let bounds = |of_strat: &'static str, of_clus1: &'static str| if data == "apiclus1" { of_clus1 } else { of_strat };
    let method = match weighting {
        "post" => "method = 'post-stratification'\n".to_owned(),
        "rake" | "own" | "drop" | "spread" => "method = 'raking'\n".to_owned(),
        "linear_zero" => "method = 'linear'\nbounds = [0, 6]\n".to_owned(),
        "linear_bounded" => format!("method = 'linear'\nbounds = {}\n", bounds("[0.76, 1.5]", "[0.6, 2]")),
        "exponential_bounded" => format!("method = 'exponential'\nbounds = {}\n", bounds("[0.76, 1.5]", "[0.6, 2.2]")),
        "logit" if case.starts_with("jk") => "method = 'logit'\nbounds = [0.5, 4]\n".to_owned(),
        "logit" => format!("method = 'logit'\nbounds = {}\n", bounds("[0.6, 1.8]", "[0.6, 3]")),
        "numbers_exponential" => "method = 'exponential'\n".to_owned(),
        "within_rake" => "trim.bounds = [0.35, 1.65]\n".to_owned(),
        "within_linear" => "method = 'linear'\ntrim.bounds = [0.3, 1.6]\n".to_owned(),
        _ => "method = 'linear'\n".to_owned(),
    };
    let quantiles = if design.contains("replicates") { "" } else { ", 'sd']\nquantiles = [0.25, 0.5" };
    let questions = questions_of(data).replace("'total'", &format!("'total'{quantiles}"));
    let mut text = format!("{questions}[weighting]\n{method}{margins}");
    let definitions = rows.iter().filter(|row| !row["definition"].is_empty());
    for (id, contrast) in definitions.filter_map(|row| contrasts::contrast(row)).enumerate() {
        text += &format!("[[contrast]]\nid = '{id}'\n{contrast}");
    }
    study_of(data, &format!("interval = 'wald'\n{design}"), &text)
}

/// A table of replicates that are read from as many columns.
fn read_replicates(count: usize, kind: &str, scale: &str) -> String {
    let columns: Vec<String> = (1..=count).map(|column| format!("'r{column}'")).collect();
    let columns = columns.join(", ");
    format!("weight = 'weight'\n[design.replicates]\ntype = '{kind}'\ncolumns = [{columns}]\n{scale}mse = true\n")
}

fn questions_of(data: &str) -> String {
    let [segments, answer, number, other] = match data {
        NHANES => [
            "[[segment]]\nid = 'race'\n[[segment]]\nid = 'agecat'\n[[segment]]\nid = 'sex'\ncolumn = 'RIAGENDR'\n",
            "HI_CHOL",
            "",
            "",
        ],
        "replicates_brr" | "replicates_bootstrap" => {
            ["[[segment]]\nid = 'region'\n[[segment]]\nid = 'sex'\n", "answer", "minutes", "visits"]
        }
        _ => ["[[segment]]\nid = 'stype'\n[[segment]]\nid = 'awards'\n", "comp.imp", "enroll", "api00"],
    };
    let answer = format!("{segments}[[question]]\nid = '{answer}'\nstatistics = ['count']\n");
    if data == NHANES {
        return format!("{answer}[[question]]\nid = 'RIAGENDR'\nstatistics = ['count']\n");
    }
    format!(
        "{answer}[[question]]\nid = '{number}'\nkind = 'number'\nstatistics = ['total']\n\
         [[question]]\nid = '{other}/{number}'\nkind = 'ratio'\ncolumns = ['{other}', '{number}']\n"
    )
}
