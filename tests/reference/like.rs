//! The preset of a system against what it computes when nothing is said.

use topline::estimate::{DomainEstimates, Estimate, Statistic};

use crate::{
    Row,
    differences::{Differences, Number, Section},
    domain, number, read, study_of,
};

pub fn defaults_of_r(differences: &mut Differences) {
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
            let place = format!("{row:?}");
            let mut figure = differences.figure(Section::Figures, "R's defaults by `like`", &place);
            figure.value(found.value, number(row, "estimate").expect("a number"));
            let error = Some(found.standard_error).filter(|error| error.is_finite());
            let limits = found.limits;
            for (number_of, name, found) in [
                (Number::StandardError, "standard_error", error),
                (Number::Limit, "ci_low", limits.map(|limits| limits.low)),
                (Number::Limit, "ci_high", limits.map(|limits| limits.high)),
                (Number::DegreesOfFreedom, "df", Some(found.degrees_of_freedom)),
                (Number::DesignEffect, "design_effect", found.design_effect_without),
            ] {
                match (found, number(row, name)) {
                    (Some(found), Some(expected)) => figure.equal(number_of, found, expected),
                    (found, expected) => assert_eq!(found, expected, "{name}: {place}"),
                }
            }
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
