//! Definitions of other survey systems, and what overrides them.

use std::{fs, path::Path};

use topline::{
    estimate::Estimate,
    study::{
        DegreesOfFreedom, Design, DesignEffect, Interval, LonelyUnit, QuantileRule, Study, System, spec::Spec,
        weighting::Residuals,
    },
    survey::Survey,
};

/// Three strata of two units; those of the group `few` are in one unit of `a` and in both of `b`.
const RESPONSES: &str = "\
stratum,unit,group,said
a,1,few,yes
a,1,few,no
a,2,rest,yes
a,2,rest,no
b,1,few,no
b,1,rest,no
b,2,few,yes
b,2,rest,yes
c,1,rest,yes
c,2,rest,no
";

const STUDY: &str = r#"
[data]
file = "responses.csv"
[design]
strata = "stratum"
units = "unit"
nested = true
[publication]
minimum_count = 0
[[segment]]
id = "group"
levels = ["few", "rest"]
[[question]]
id = "said"
"#;

#[test]
fn every_system_counts_the_degrees_of_freedom_in_its_own_way() {
    for (system, total, few) in
        [("r", 3.0, 3.0 - 2.0), ("stata", 3.0, 4.0 - 2.0), ("sas", 3.0, 3.0), ("spss", 3.0, 3.0)]
    {
        let survey = open(&STUDY.replace("[design]", &format!("[design]\nlike = \"{system}\"")));
        let share = |domain: usize| -> Estimate {
            survey.estimates().questions[0].domains[domain].shares[0].estimate.expect("somebody is there")
        };
        assert_eq!([share(0).degrees_of_freedom, share(1).degrees_of_freedom], [total, few], "{system}");
        let expected = if system == "sas" { Interval::Wald } else { Interval::Logit };
        assert_eq!(share(0).limits.expect("there are degrees of freedom").interval, expected, "{system}");
    }
}

#[test]
fn keys_beside_a_system_override_it_and_a_call_overrides_both() {
    let mut study = study("like = \"sas\"\ninterval = \"wilson\"\ndesign_effect = \"without\"");
    let design = &study.design;
    assert_eq!(design.like, Some(System::Sas));
    assert_eq!(design.lonely_unit, LonelyUnit::Certainty);
    assert_eq!((design.interval, design.design_effect), (Interval::Wilson, DesignEffect::Without));
    study.follow(System::Stata);
    let design = &study.design;
    assert_eq!((design.interval, design.design_effect), (Interval::Logit, DesignEffect::With));
    assert_eq!(design.degrees_of_freedom, DegreesOfFreedom::Strata);
    assert_eq!((design.lonely_unit, design.quantile_rule), (LonelyUnit::Fail, QuantileRule::School));
}

#[test]
fn quantiles_have_the_interval_of_shares_but_for_a_key_or_a_system_of_their_own() {
    let of = |keys: &str| design(keys).interval_of_quantiles();
    assert_eq!(of(""), Interval::Logit);
    assert_eq!(of("interval = \"wilson\""), Interval::Wilson);
    assert_eq!(of("interval = \"wilson\"\nquantile_interval = \"beta\""), Interval::KornGraubard);
    assert_eq!(of("like = \"r\"\ninterval = \"wilson\""), Interval::Wald);
    assert_eq!(of("like = \"sas\""), Interval::Wald);
    assert_eq!(of("like = \"r\"\nquantile_interval = \"logit\""), Interval::Logit);
    assert_eq!(of("like = \"stata\"\ninterval = \"arcsine\""), Interval::Arcsine);
}

#[test]
fn only_r_takes_residuals_of_respondents_and_only_where_its_rake_makes_the_weights() {
    const MARGIN: &str = "[[weighting.margin]]\nby = \"group\"\ntargets = { few = 50, rest = 50 }\n";
    let weighted = |like: &str, weighting: &str| {
        let weighting = format!("[weighting]\n{weighting}\n{MARGIN}");
        open(&format!("{}{weighting}", STUDY.replace("[design]", &format!("[design]\n{like}")))).study
    };
    let residuals = |study: &Study| study.weighting.as_ref().expect("there is one").residuals;
    let of = |like: &str, weighting: &str| residuals(&weighted(like, weighting));
    assert_eq!(of("", ""), Residuals::BaseWeights);
    assert_eq!(of("like = \"r\"", ""), Residuals::Respondents);
    for other in ["method = \"post-stratification\"", "method = \"linear\"", "trim.bounds = [0.5, 2]"] {
        assert_eq!(of("like = \"r\"", other), Residuals::BaseWeights, "{other}");
    }
    for other in ["stata", "sas", "spss"] {
        assert_eq!(of(&format!("like = \"{other}\""), ""), Residuals::BaseWeights, "{other}");
    }
    assert_eq!(of("like = \"r\"", "residuals = \"base-weights\""), Residuals::BaseWeights);
    let mut study = weighted("like = \"r\"", "residuals = \"base-weights\"");
    study.follow(System::R);
    assert_eq!(residuals(&study), Residuals::Respondents);
    study.follow(System::Stata);
    assert_eq!(residuals(&study), Residuals::BaseWeights);
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let before = design("interval = \"wilson\"\nlike = \"sas\"");
    assert_eq!((before.interval, before.lonely_unit), (Interval::Wilson, LonelyUnit::Certainty));
}

#[test]
fn an_unknown_system_is_a_mistake_with_its_neighbour() {
    let (_, problems) = Spec::parse("study.toml", "[design]\nlike = \"state\"");
    let problem = problems.iter().find(|problem| problem.code == "unknown-choice").expect("a complaint");
    assert!(problem.hint.as_deref().unwrap_or_default().contains("`stata`"), "{problem:?}");
}

fn design(keys: &str) -> Design {
    study(keys).design
}

fn study(keys: &str) -> Study {
    open(&STUDY.replace("[design]", &format!("[design]\n{keys}"))).study
}

fn open(study: &str) -> Survey {
    let folder = tempfile::TempDir::new().expect("a folder");
    fs::write(folder.path().join("responses.csv"), RESPONSES).expect("written");
    let path = folder.path().join("study.toml");
    fs::write(&path, study).expect("written");
    Survey::open(Path::new(&path), &mut |_, _| ()).unwrap_or_else(|problems| {
        panic!("{}", problems.render(100, topline::diagnostic::Style::Plain));
    })
}
