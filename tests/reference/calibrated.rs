//! Figures with weights that were fitted to the population, by linearised and by replicate variances, against R.

use topline::{
    estimate::{Estimate, Statistic},
    survey::Survey,
};

use crate::{
    Row, contrasts, designs,
    differences::{Differences, Number, Section},
    domain, number, read, study_of,
};

const NHANES: &str = "../../../data/nhanes/responses";
const MESSENGER: &str = "../../../data/messenger-2017/responses";
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
const CLOSE: &str = "[[weighting.margin]]\nby = 'awards'\ntotals = { No = 2300, Yes = 3894 }\n";
const BANDS: &str = "[[weighting.variable]]\nid = 'band'\ncolumn = 'age'\nbands = [18, 30, 45, 60]\n\
                     [[weighting.margin]]\nby = 'band'\n\
                     targets = { '18-29' = 16, '30-44' = 24, '45-59' = 27, '60+' = 33 }\n";
const SCHOOLING: &str = "[[weighting.variable]]\nid = 'sex'\n\
                         [[weighting.margin]]\nby = 'sex'\ntargets = { female = 50, male = 50 }\n\
                         [[weighting.margin]]\nby = 'education'\n\
                         targets = { high = 30, middle = 30, basic = 30, other = 10 }\n";
const REGIONS: &str = "[[weighting.margin]]\nby = 'region'\ntargets = { north = 30, south = 30, west = 40 }\n\
                       [[weighting.margin]]\nby = 'sex'\ntargets = { female = 52, male = 48 }\n";
const STRAT: &str = "weight = 'pw'\nstrata = 'stype'\nfpc = 'fpc'\n";
const CLUS1: &str = "weight = 'pw'\nunits = 'dnum'\nfpc = 'fpc'\n";

pub fn compare_all(differences: &mut Differences) {
    let rows = read("calibrated");
    let mut cases: Vec<&str> = rows.iter().map(|row| row["case"].as_str()).collect();
    cases.dedup();
    assert_eq!((cases.len(), rows.len()), (71, 3970));
    for case in cases {
        let rows: Vec<&Row> = rows.iter().filter(|row| row["case"] == case).collect();
        compare(differences, case, &rows);
        if rows.iter().any(|row| number(row, "rake").is_some()) {
            compare_with_rake(differences, case, &rows);
        }
    }
}

fn compare(differences: &mut Differences, case: &str, rows: &[&Row]) {
    let survey = open(case, rows, "");
    for (row, found) in rows.iter().zip(estimates(&survey, rows)) {
        let place = place(row);
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

/// The errors that `rake` itself leaves, whatever the base weights.
fn compare_with_rake(differences: &mut Differences, case: &str, rows: &[&Row]) {
    let survey = open(case, rows, "residuals = 'respondents'\n");
    for (row, found) in rows.iter().zip(estimates(&survey, rows)) {
        let place = place(row);
        let Some(expected) = number(row, "rake").filter(|number| number.is_finite()) else {
            assert!(!found.standard_error.is_finite(), "{place}: R has no error");
            continue;
        };
        let mut figure = differences.figure(Section::Weights, "figures with weights of `rake`, linearised", &place);
        figure.value(found.value, number(row, "estimate").expect("a number"));
        let is_fixed = found.standard_error.max(expected) <= 1e-9 * found.value.abs();
        figure.equal(Number::StandardError, found.standard_error, if is_fixed { 0.0 } else { expected });
    }
}

fn place(row: &Row) -> String {
    ["case", "statistic", "variable", "option", "level", "definition"].map(|name| row[name].as_str()).join(" ")
}

/// The estimate of each row.
fn estimates(survey: &Survey, rows: &[&Row]) -> Vec<Estimate> {
    let estimates = survey.estimates();
    let mut contrasts = estimates.contrasts.iter();
    let mut of = |row: &Row| {
        if !row["definition"].is_empty() {
            return *contrasts.next().expect("a contrast for each definition");
        }
        let question = survey.study.question(&row["variable"])?;
        let domain = &estimates.questions[question].domains[domain(survey, &row["segment"], &row["level"])];
        match number(row, "option").filter(|_| row["statistic"] == "quantile") {
            Some(part) => {
                let wanted = Statistic::Quantile(part);
                domain.further.iter().find(|further| further.statistic == wanted).and_then(|found| found.estimate)
            }
            None => designs::figure(survey, question, domain, row),
        }
    };
    rows.iter().map(|row| of(row).unwrap_or_else(|| panic!("{}: no estimate", place(row)))).collect()
}

/// The survey of a case, with something more in `[weighting]`.
fn open(case: &str, rows: &[&Row], more: &str) -> Survey {
    let (design, weighting) = [
        "strat",
        "clus1",
        "clus2",
        "srs",
        "weights",
        "nhanes",
        "messenger",
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
        "messenger" => (MESSENGER, "weight = 'weight'\n".to_owned()),
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
        (MESSENGER, "rake_one") => BANDS.to_owned(),
        (MESSENGER, _) => format!("{BANDS}{SCHOOLING}"),
        (_, "rake_close") => format!("{CLOSE}{WIDE}"),
        (_, "own" | "drop" | "spread") => format!("{AGES}{CHOLESTEROL}unknown = '{weighting}'\n"),
        _ => format!("{STYPE}{WIDE}"),
    };
    let bounds = |of_strat: &'static str, of_clus1: &'static str| if data == "apiclus1" { of_clus1 } else { of_strat };
    let method = match weighting {
        "post" => "method = 'post-stratification'\n".to_owned(),
        "rake" | "rake_one" | "rake_close" | "own" | "drop" | "spread" => "method = 'raking'\n".to_owned(),
        "linear_zero" => "method = 'linear'\nbounds = [0, 6]\n".to_owned(),
        "linear_bounded" => format!("method = 'linear'\nbounds = {}\n", bounds("[0.76, 1.5]", "[0.6, 2]")),
        "exponential_bounded" => format!("method = 'exponential'\nbounds = {}\n", bounds("[0.76, 1.5]", "[0.6, 2.2]")),
        "logit" if case.starts_with("jk") => "method = 'logit'\nbounds = [0.5, 4]\n".to_owned(),
        "logit" => format!("method = 'logit'\nbounds = {}\n", bounds("[0.6, 1.8]", "[0.6, 3]")),
        "numbers_exponential" => "method = 'exponential'\n".to_owned(),
        "within_rake" => "trim.bounds = [0.35, 1.65]\n".to_owned(),
        "trim" => "trim.bounds = [0.5, 2.4]\n".to_owned(),
        "trim_raking" => "trim.bounds = [0.3, 1.65]\n".to_owned(),
        "trim_linear" => "method = 'linear'\ntrim.bounds = [0.3, 1.65]\n".to_owned(),
        "trim_quantiles" => "trim.quantiles = [0.05, 0.95]\n".to_owned(),
        "within_linear" => "method = 'linear'\ntrim.bounds = [0.3, 1.6]\n".to_owned(),
        _ => "method = 'linear'\n".to_owned(),
    };
    let quantiles = if design.contains("replicates") { "" } else { ", 'sd']\nquantiles = [0.25, 0.5" };
    let questions = questions_of(data).replace("'total'", &format!("'total'{quantiles}"));
    let mut text = format!("{questions}[weighting]\n{method}{more}{margins}");
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
        MESSENGER => ["[[segment]]\nid = 'region'\n[[segment]]\nid = 'education'\n", "overdue", "", ""],
        "replicates_brr" | "replicates_bootstrap" => {
            ["[[segment]]\nid = 'region'\n[[segment]]\nid = 'sex'\n", "answer", "minutes", "visits"]
        }
        _ => ["[[segment]]\nid = 'stype'\n[[segment]]\nid = 'awards'\n", "comp.imp", "enroll", "api00"],
    };
    let answer = format!("{segments}[[question]]\nid = '{answer}'\nstatistics = ['count']\n");
    if data == MESSENGER {
        return answer;
    }
    if data == NHANES {
        return format!("{answer}[[question]]\nid = 'RIAGENDR'\nstatistics = ['count']\n");
    }
    format!(
        "{answer}[[question]]\nid = '{number}'\nkind = 'number'\nstatistics = ['total']\n\
         [[question]]\nid = '{other}/{number}'\nkind = 'ratio'\ncolumns = ['{other}', '{number}']\n"
    )
}
