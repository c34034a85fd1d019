//! Quantiles and Woodruff's intervals against R.

use std::collections::BTreeMap;

use topline::{
    estimate::Statistic,
    study::{Interval, QuantileRule},
};

use crate::{
    Row,
    differences::{Differences, Number, Section},
    domain, number, read, study_of,
};

pub fn compare_all(differences: &mut Differences) {
    let designs = [
        ("api_strat", "apistrat_score", "weight = 'pw'\nstrata = 'stype'\nfpc = 'fpc'"),
        ("api_weights", "apistrat_score", "weight = 'pw'"),
        ("api_clus1", "apiclus1", "weight = 'pw'\nunits = 'dnum'\nfpc = 'fpc'"),
        ("api_clus2", "apiclus2", "weight = 'pw'\nunits = ['dnum', 'snum']\nfpc = ['fpc1', 'fpc2']"),
        (
            "simulated",
            "simulated",
            "weight = 'weight'\nstrata = 'stratum'\nunits = 'unit'\nfpc = 'population'\nnested = true",
        ),
    ];
    let rows = read("quantile");
    let (mut compared, mut beside) = (0, 0);
    for (design, data, of_design) in designs {
        let rows: Vec<&Row> = rows.iter().filter(|row| row["design"] == design).collect();
        let mut names = BTreeMap::new();
        for row in &rows {
            names.entry(row["variable"].as_str()).or_insert("question");
            if row["segment"] != "total" {
                names.insert(&row["segment"], "segment");
            }
        }
        let text: String = names
            .iter()
            .map(|(name, kind)| match *kind {
                "segment" => format!("[[segment]]\nid = '{name}'\n"),
                _ => format!("[[question]]\nid = '{name}'\nkind = 'number'\nquantiles = [0.1, 0.25, 0.5, 0.75, 0.9]\n"),
            })
            .collect();
        let mut survey = study_of(data, of_design, &text);
        for rule in QuantileRule::ALL {
            for (kind, name) in
                [(Interval::Wald, "mean"), (Interval::Logit, "xlogit"), (Interval::KornGraubard, "beta")]
            {
                survey.study.design.quantile_rule = rule;
                survey.study.design.interval = kind;
                let rows = rows.iter().filter(|row| row["qrule"] == rule.name() && row["interval"] == name);
                let rows: Vec<&&Row> = rows.collect();
                if rows.is_empty() {
                    continue;
                }
                let estimates = survey.estimates();
                for row in rows {
                    let domain = domain(&survey, &row["segment"], &row["level"]);
                    let question = survey.study.question(&row["variable"]).expect("the question is in the study");
                    let part = number(row, "probability").expect("a number");
                    let further = &estimates.questions[question].domains[domain].further;
                    let found = further.iter().find(|further| further.statistic == Statistic::Quantile(part));
                    let found = found.and_then(|found| found.estimate).expect("a quantile");
                    let place = format!("{design} {} {} {part} {} {name}", row["variable"], row["level"], rule.name());
                    let mut figure = differences.figure(Section::Quantiles, rule.name(), &place);
                    figure.value(found.value, number(row, "estimate").expect("a number"));
                    compared += 1;
                    // Where R lands just beside an answer and we at it, other answers lie below the estimate.
                    if found.value.fract() == 0.0 && Some(found.value) != number(row, "estimate") {
                        beside += 1;
                        continue;
                    }
                    let (low, high) = (number(row, "ci_low"), number(row, "ci_high"));
                    match (found.limits, low, high) {
                        (Some(limits), Some(low), Some(high)) => {
                            figure.equal(Number::Limit, limits.low, low);
                            figure.equal(Number::Limit, limits.high, high);
                        }
                        // Where the share of one end leaves 0 to 1, R has the other end alone.
                        (limits, low, high) => {
                            assert!(limits.is_none() && (low.is_none() || high.is_none()), "{place}");
                        }
                    }
                    match number(row, "standard_error") {
                        Some(error) => figure.equal(Number::StandardError, found.standard_error, error),
                        None => assert!(found.standard_error.is_nan(), "{place}: {}", found.standard_error),
                    }
                    figure.equal(
                        Number::DegreesOfFreedom,
                        found.degrees_of_freedom,
                        number(row, "df").expect("a number"),
                    );
                    assert_eq!(found.bases.unweighted.to_string(), row["n"], "{place}");
                }
            }
        }
    }
    assert_eq!((compared, beside), (rows.len(), 2));
}
