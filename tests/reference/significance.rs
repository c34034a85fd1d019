//! Tests between groups.

use std::collections::BTreeMap;

use topline::{
    estimate::Statistic,
    significance::{
        Adjustment, CrossTable, Difference, Distribution, Groups, TableTest, Test, adjusted, figures, independence,
        mean_ranks,
    },
    study::{DegreesOfFreedom, Kind, Quantile},
    survey::{Survey, read_study},
    tally::Plan,
};

use crate::{
    Row,
    differences::{Differences, Figure, Number, Section},
    number, open, read, root, study_of,
};

pub fn tables(differences: &mut Differences) {
    let tests = [
        ("rao_scott_f", TableTest::RaoScott),
        ("rao_scott_chisq", TableTest::RaoScottFirstOrder),
        ("exact", TableTest::Exact),
        ("wald", TableTest::Wald),
        ("adjusted_wald", TableTest::AdjustedWald),
    ];
    let compared = each(
        |row| tests.iter().any(|(name, _)| *name == row["test"]),
        |survey, row| {
            let (_, method) = tests.iter().find(|(name, _)| *name == row["test"]).expect("it was looked for");
            // R's subset of those with both answers has the degrees of freedom that the table reaches.
            set_rule(survey, row["detail"] == "subset");
            let (question, segment) = place(survey, row);
            let levels = (0..survey.study.segments[segment].levels().len()).collect();
            let table = CrossTable::of_answers(&survey.study.questions[question], &[], levels);
            let found = independence(&survey.estimator(), question, segment, &table, *method).expect("R has a test");
            if let TableTest::RaoScottFirstOrder | TableTest::Exact = method {
                // R prints the statistic without the correction, over the rows of the design.
                let rows = if row["detail"] == "subset" { found.test.bases.unweighted } else { survey.tally.rows };
                let smaller =
                    survey.study.questions[question].options.len().min(levels_with_anybody(survey, segment)) - 1;
                let pearson = found.cramers_v.powi(2) * rows as f64 * smaller as f64;
                compare(differences, row, &Test { statistic: pearson, ..found.test });
            } else {
                compare(differences, row, &found.test);
            }
        },
    );
    assert_eq!(compared, 133);
}

pub fn means(differences: &mut Differences) {
    let compared = each(
        |row| row["test"].starts_with("t_test") || row["test"].starts_with("means_equal"),
        |survey, row| {
            set_rule(survey, !row["test"].ends_with("_full_df"));
            let (question, segment) = place(survey, row);
            let levels = levels_of(survey, segment, row);
            let groups =
                figures(&survey.estimator(), question, segment, &levels, Statistic::Mean).expect("R has means");
            compare_groups(differences, row, &groups);
        },
    );
    assert_eq!(compared, 122);
}

pub fn ranks(differences: &mut Differences) {
    let named = ["wilcoxon", "kruskal_wallis", "wilcoxon_full_df", "kruskal_wallis_full_df"];
    let compared = each(
        |row| named.contains(&row["test"].as_str()),
        |survey, row| {
            set_rule(survey, !row["test"].ends_with("_full_df"));
            let (question, segment) = place(survey, row);
            let levels = levels_of(survey, segment, row);
            let groups = mean_ranks(&survey.estimator(), question, segment, &levels).expect("R has ranks");
            compare_groups(differences, row, &groups);
        },
    );
    assert_eq!(compared, 52);
}

pub fn pairs(differences: &mut Differences) {
    // R's families are the pairs of a segment for one option.
    let mut families: BTreeMap<[String; 4], Vec<Row>> = BTreeMap::new();
    for row in read("tests").into_iter().filter(|row| row["test"].starts_with("difference")) {
        let family = ["design", "question", "segment", "option"].map(|name| row[name].clone());
        families.entry(family).or_default().push(row);
    }
    let mut surveys = BTreeMap::new();
    for ([design, _, _, option], rows) in &families {
        let survey: &mut Survey = surveys.entry(design.clone()).or_insert_with(|| open(study(design)));
        set_rule(survey, false);
        let (question, segment) = place(survey, &rows[0]);
        let options = &survey.study.questions[question].options;
        let statistic = if rows[0]["test"] == "difference_mean" {
            Statistic::Mean
        } else {
            Statistic::Share(options.iter().position(|known| known.code == *option).expect("it is listed"))
        };
        // R takes levels in alphabetical order.
        let codes = survey.study.segments[segment].levels();
        let mut levels: Vec<usize> = (0..codes.len()).collect();
        levels.sort_by_key(|level| &codes[*level].code);
        let groups = figures(&survey.estimator(), question, segment, &levels, statistic).expect("R has figures");
        let pairs = groups.differences(0.95);
        let tested: Vec<&Difference> = pairs.iter().filter(|pair| pair.test.is_some()).collect();
        assert_eq!(tested.len(), rows.len(), "{design} {:?}", rows[0]);
        let p: Vec<f64> = tested.iter().filter_map(|pair| Some(pair.test?.p)).collect();
        let [_, bonferroni, holm, bh] = Adjustment::ALL.map(|adjustment| adjusted(&p, adjustment));
        for row in rows {
            let [from, of] = levels_of(survey, segment, row)[..] else { panic!("a pair is two levels") };
            let position = tested.iter().position(|pair| (pair.from, pair.of) == (from, of)).expect("it is a pair");
            let (pair, test) = (tested[position], tested[position].test.expect("it is tested"));
            let place = format!("{row:?}");
            let mut figure = differences.figure(Section::Tests, "pairs of levels", &place);
            compare_pair(&mut figure, row, pair);
            figure.equal(Number::Statistic, test.t, expected(row, "statistic"));
            figure.equal(Number::DegreesOfFreedom, test.degrees_of_freedom, expected(row, "df2"));
            for (name, p) in [
                ("p", test.p),
                ("p_bonferroni", bonferroni[position]),
                ("p_holm", holm[position]),
                ("p_bh", bh[position]),
            ] {
                figure.equal(Number::P, p, expected(row, name));
            }
        }
    }
    assert_eq!(families.values().map(Vec::len).sum::<usize>(), 164);
}

/// Does something with all rows of some tests, each with the study of its design; returns how many there were.
fn each(wanted: impl Fn(&Row) -> bool, mut check: impl FnMut(&mut Survey, &Row)) -> usize {
    let mut surveys = BTreeMap::new();
    let rows: Vec<Row> = read("tests").into_iter().filter(|row| wanted(row)).collect();
    for row in &rows {
        let design = row["design"].as_str();
        check(surveys.entry(design.to_owned()).or_insert_with(|| open_with_numbers(study(design))), row);
    }
    rows.len()
}

/// Opens a study with all its numbers, which ranks need.
fn open_with_numbers(study: &str) -> Survey {
    let (study, table) = read_study(&root().join(study), &mut |_, _| ()).expect("it can be read");
    let mut plan = Plan::new(&study);
    (0..study.questions.len()).for_each(|question| plan.keep_numbers(question));
    Survey::count_planned(study, plan, table, &mut |_, _| ()).expect("it can be counted")
}

fn study(design: &str) -> &'static str {
    match design {
        "api_strat" => "tests/reference/data/api_strat.toml",
        "api_clus1" => "tests/reference/data/api_clus1.toml",
        "api_clus2" => "tests/reference/data/api_clus2_classes.toml",
        "api_weights" => "tests/reference/data/api_weights.toml",
        _ => "tests/reference/data/nhanes_tests.toml",
    }
}

fn set_rule(survey: &mut Survey, is_of_domain: bool) {
    survey.study.design.degrees_of_freedom =
        if is_of_domain { DegreesOfFreedom::Domain } else { DegreesOfFreedom::Design };
}

fn place(survey: &Survey, row: &Row) -> (usize, usize) {
    let question = survey.study.question(&row["question"]).expect("the question is in the study");
    let segment = survey.study.segment(&row["segment"]).expect("the segment is in the study");
    (question, segment)
}

/// The levels of `B - A`, A first, or all of them.
fn levels_of(survey: &Survey, segment: usize, row: &Row) -> Vec<usize> {
    let levels = survey.study.segments[segment].levels();
    let level = |code: &str| levels.iter().position(|level| level.code == code).expect("the level is in the study");
    match row["detail"].split_once(" - ") {
        Some((of, from)) => vec![level(from), level(of)],
        None => (0..levels.len()).collect(),
    }
}

fn levels_with_anybody(survey: &Survey, segment: usize) -> usize {
    let places = &survey.plan.segments[segment];
    (0..places.levels).filter(|level| survey.tally.everybody.count(places.first_place + level, 0) > 0).count()
}

fn compare_groups(differences: &mut Differences, row: &Row, groups: &Groups) {
    let test = groups.equal().expect("R has a test");
    if matches!(test.distribution, Distribution::T(_)) {
        // R's regression on the level takes a degree of freedom.
        let pair =
            Groups { degrees_of_freedom: groups.degrees_of_freedom - 1.0, ..groups.clone() }.differences(0.95)[0];
        let place = format!("{row:?}");
        compare_pair(&mut differences.figure(Section::Tests, name_of(row), &place), row, &pair);
    }
    if row["test"].starts_with("kruskal_wallis") {
        // R gives Wald's statistic, not F.
        let Distribution::F(k, _) = test.distribution else { panic!("more than two levels") };
        compare(differences, row, &Test { statistic: test.statistic * k, ..test });
    } else {
        compare(differences, row, &test);
    }
}

/// A difference of two levels, with its interval where R has one.
fn compare_pair(figure: &mut Figure, row: &Row, pair: &Difference) {
    figure.value(pair.estimate, expected(row, "estimate"));
    figure.equal(Number::StandardError, pair.standard_error, expected(row, "standard_error"));
    if let (Some(low), Some(high)) = (number(row, "ci_low"), number(row, "ci_high")) {
        let limits = pair.limits.expect("a test has an interval");
        figure.equal(Number::Limit, limits.low, low);
        figure.equal(Number::Limit, limits.high, high);
    }
}

fn compare(differences: &mut Differences, row: &Row, found: &Test) {
    let place = format!("{row:?}");
    let mut figure = differences.figure(Section::Tests, name_of(row), &place);
    let (df1, df2) = found.distribution.degrees_of_freedom();
    figure.equal(Number::Statistic, found.statistic, expected(row, "statistic"));
    for (name, df) in [("df1", df1), ("df2", df2)] {
        if let Some(df) = df {
            figure.equal(Number::DegreesOfFreedom, df, expected(row, name));
        }
    }
    figure.equal(Number::P, found.p, expected(row, "p"));
}

/// The row of the page.
fn name_of(row: &Row) -> &'static str {
    match row["test"].trim_end_matches("_full_df") {
        "rao_scott_f" => "Rao-Scott, second order, F",
        "rao_scott_chisq" => "Rao-Scott, first order",
        "exact" => "exact distribution of Pearson's statistic",
        "wald" => "Wald",
        "adjusted_wald" => "adjusted Wald",
        "t_test" => "t test of two means",
        "means_equal" => "Wald's F of means",
        "wilcoxon" => "Wilcoxon",
        "kruskal_wallis" => "Kruskal-Wallis",
        other => panic!("{other} is no test"),
    }
}

fn expected(row: &Row, name: &str) -> f64 {
    number(row, name).unwrap_or_else(|| panic!("{row:?} has no {name}"))
}

#[test]
fn numbers_that_nobody_asked_for_have_no_ranks_and_no_number_has_a_table() {
    let (bare, kept) = (open(study("api_strat")), open_with_numbers(study("api_strat")));
    let question = bare.study.question("api00").expect("asked");
    assert_eq!(bare.study.questions[question].kind, Kind::Number);
    assert_eq!(mean_ranks(&bare.estimator(), question, 0, &[0, 1]), None);
    assert!(mean_ranks(&kept.estimator(), question, 0, &[0, 1]).is_some());
    assert_eq!(mean_ranks(&kept.estimator(), question, 0, &[]), None);
    assert_eq!(kept.estimates(), bare.estimates(), "keeping numbers changes no figure");
    let table = CrossTable::of_answers(&bare.study.questions[question], &[], vec![0, 1]);
    assert_eq!(independence(&bare.estimator(), question, 0, &table, TableTest::RaoScott), None);
}

#[test]
fn normal_quantiles_are_those_of_infinitely_many_degrees_of_freedom() {
    let mut survey = open(study("api_strat"));
    survey.study.design.quantile = Quantile::Z;
    let (question, segment) =
        (survey.study.question("enroll").expect("asked"), survey.study.segment("stype").expect("there"));
    let means = |levels: &[usize]| figures(&survey.estimator(), question, segment, levels, Statistic::Mean);
    let two = means(&[0, 1]).expect("both have a mean");
    let pair = two.differences(0.95)[0];
    let (test, all) = (pair.test.expect("they vary"), two.equal().expect("they vary"));
    assert_eq!((all.distribution, all.statistic, all.p), (Distribution::Normal, test.t, test.p));
    let limits = pair.limits.expect("they vary");
    assert!((limits.high - limits.low - 2.0 * 1.959_963_984_540_054 * pair.standard_error).abs() < 1e-9);
    let three = means(&[0, 1, 2]).and_then(|groups| groups.equal()).expect("they vary");
    assert!(matches!(three.distribution, Distribution::ChiSquared(2.0)));
}

/// Numbers are ranked one by one and linearised by themselves, scales by their options: the same answers must give the same.
#[test]
fn a_number_has_the_ranks_of_a_scale_under_every_design() {
    // A quantile keeps the numbers.
    let questions = "[[segment]]\nid = \"stype\"\n\
                     [[question]]\nid = \"scale\"\ncolumn = \"api_class\"\nkind = \"scale\"\noptions = [\"1\", \"2\", \"3\"]\n\
                     [[question]]\nid = \"number\"\ncolumn = \"api_class\"\nkind = \"number\"\nquantiles = [0.5]\n";
    let stages = "weight = \"pw\"\nunits = [\"dnum\", \"snum\"]\nfpc = [\"fpc1\", \"fpc2\"]\n";
    let units = "weight = \"pw\"\nunits = \"dnum\"\n";
    let jackknife = format!("{units}[design.replicates]\ntype = \"jk1\"\n");
    let bootstrap = format!("{units}[design.replicates]\ntype = \"bootstrap\"\ncount = 50\nseed = 7\n");
    for design in ["weight = \"pw\"\n", units, stages, &jackknife, &bootstrap] {
        let survey = study_of("apiclus2_classes", design, questions);
        let ranks = |question: usize, levels: &[usize]| {
            mean_ranks(&survey.estimator(), question, 0, levels).expect("everybody has an answer")
        };
        for levels in [&[0, 1, 2][..], &[2, 0]] {
            let (scale, number) = (ranks(0, levels), ranks(1, levels));
            let close = |one: f64, other: f64| (one - other).abs() <= 1e-12 * one.abs().max(1e-3);
            assert_eq!(scale.degrees_of_freedom, number.degrees_of_freedom);
            assert_eq!(scale.bases.unweighted, number.bases.unweighted);
            assert!(close(scale.bases.effective, number.bases.effective), "{design}");
            assert!(scale.values.iter().zip(&number.values).all(|(one, other)| close(*one, *other)), "{design}");
            let mut covariances = scale.covariances.iter().zip(&number.covariances);
            assert!(covariances.all(|(one, other)| close(*one, *other)), "{design}: {scale:?} {number:?}");
            assert!(number.covariances[0] > 0.0);
        }
    }
}
