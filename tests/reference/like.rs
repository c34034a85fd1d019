//! The preset of a system against what it computes when nothing is said.

use topline::estimate::{DomainEstimates, Estimate, Statistic};

use crate::{Row, close_to, domain, number, read, study_of};

#[test]
fn like_r_gives_the_defaults_of_r() {
    const QUESTIONS: &str = "[[segment]]\nid = 'stype'\n[[question]]\nid = 'comp.imp'\n\
                             [[question]]\nid = 'api00'\nkind = 'number'\nquantiles = [0.1, 0.25, 0.5, 0.75, 0.9]\n\
                             [[question]]\nid = 'enroll'\nkind = 'number'\nquantiles = [0.1, 0.25, 0.5, 0.75, 0.9]\n";
    let rows = read("like");
    assert_eq!(rows.len(), 96);
    for (name, data, design) in [
        ("clus2_fpc", "apiclus2", "weight = 'pw'\nunits = ['dnum', 'snum']\nfpc = ['fpc1', 'fpc2']\n"),
        ("strat_fpc", "apistrat", "weight = 'pw'\nstrata = 'stype'\nfpc = 'fpc'\n"),
    ] {
        let survey = study_of(data, &format!("like = 'r'\n{design}"), QUESTIONS);
        let estimates = survey.estimates();
        for row in rows.iter().filter(|row| row["design"] == name) {
            let question = survey.study.question(&row["variable"]).expect("the question is in the study");
            let domain = domain(&survey, &row["segment"], &row["level"]);
            let options = &survey.study.questions[question].options;
            let option = options.iter().position(|option| option.code == row["item"]);
            let found = found(&estimates.questions[question].domains[domain], option, row);
            let error = Some(found.standard_error).filter(|error| error.is_finite());
            same(row, "estimate", Some(found.value));
            same(row, "standard_error", error);
            same(row, "ci_low", found.limits.map(|limits| limits.low));
            same(row, "ci_high", found.limits.map(|limits| limits.high));
            same(row, "df", Some(found.degrees_of_freedom));
            same(row, "design_effect", found.design_effect_without);
        }
    }
}

fn found(domain: &DomainEstimates, option: Option<usize>, row: &Row) -> Estimate {
    if let Some(option) = option {
        return domain.shares[option].estimate.expect("somebody is there");
    }
    let quantile = Statistic::Quantile(number(row, "item").expect("a part"));
    let found = domain.further.iter().find(|further| further.statistic == quantile).expect("it is asked for");
    found.estimate.expect("somebody is there")
}

fn same(row: &Row, name: &str, found: Option<f64>) {
    match (found, number(row, name)) {
        (Some(found), Some(expected)) => assert!(close_to(found, expected), "{name} is {found}: {row:?}"),
        (found, expected) => assert_eq!(found, expected, "{name}: {row:?}"),
    }
}
