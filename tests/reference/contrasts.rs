//! Contrasts of cells, nets and scores against R.

use std::fmt::Write;

use topline::{estimate::Statistic, survey::Survey};

use crate::{
    Row,
    differences::{Differences, Number, Section},
    domain, number, read, study_of,
};

const QUESTIONS: &str = r#"
[[segment]]
id = "stype"
[[segment]]
id = "awards"
[[question]]
id = "awards"
options = ["No", "Yes"]
[[question]]
id = "sch.wide"
options = ["No", "Yes"]
[[question]]
id = "comp.imp"
options = ["No", "Yes"]
[[question]]
id = "stype"
options = ["E", "H", "M"]
nets = { secondary = ["H", "M"] }
[[question]]
id = "score"
kind = "scale"
options = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
nets = { top2 = ["9", "10"] }
statistics = ["nps"]
[[question]]
id = "stu_per_pupil"
kind = "ratio"
columns = ["api.stu", "enroll"]
[[question]]
id = "api00"
kind = "number"
[[question]]
id = "enroll"
kind = "number"
"#;

pub fn compare_all(differences: &mut Differences) {
    let designs = [
        ("strat_fpc", "apistrat_score", "weight = 'pw'\nstrata = 'stype'\nfpc = 'fpc'"),
        ("clus2_fpc", "apiclus2", "weight = 'pw'\nunits = ['dnum', 'snum']\nfpc = ['fpc1', 'fpc2']"),
        ("strat_weights", "apistrat_score", "weight = 'pw'"),
    ];
    let rows = read("contrasts");
    let (mut compared, mut left_out) = (0, 0);
    for (design, data, of_design) in designs {
        let rows: Vec<&Row> = rows.iter().filter(|row| row["design"] == design).collect();
        // Logarithms are what the ratios' own intervals are made of.
        let contrasts: Vec<Option<String>> = rows.iter().map(|row| contrast(row)).collect();
        let mut text = QUESTIONS.to_owned();
        contrasts
            .iter()
            .flatten()
            .enumerate()
            .for_each(|(id, contrast)| write!(text, "[[contrast]]\nid = '{id}'\n{contrast}").unwrap());
        let survey = study_of(data, &format!("{of_design}\ninterval = 'wald'"), &text);
        let estimates = survey.estimates();
        let mut made = estimates.contrasts.iter();
        for (row, contrast) in rows.iter().zip(&contrasts) {
            let place = format!("{design} {} {}", row["statistic"], row["definition"]);
            let found = match (contrast, row["statistic"].as_str()) {
                (Some(_), _) => *made.next().expect("a contrast for each definition"),
                (None, "net" | "nps" | "ratio") => own_figure(&survey, row),
                (None, _) => {
                    left_out += 1;
                    continue;
                }
            };
            let found = found.unwrap_or_else(|| panic!("{place}: no estimate"));
            let limits = found.limits.expect("an interval");
            let expected = |name: &str| number(row, name).expect("a number");
            let mut figure = differences.figure(Section::Figures, name_of(&row["statistic"]), &place);
            figure.value(found.value, expected("estimate"));
            figure.equal(Number::StandardError, found.standard_error, expected("standard_error"));
            figure.equal(Number::DegreesOfFreedom, found.degrees_of_freedom, expected("df"));
            figure.equal(Number::Limit, limits.low, expected("ci_low"));
            figure.equal(Number::Limit, limits.high, expected("ci_high"));
            compared += 1;
        }
    }
    assert_eq!((compared, left_out), (81, 12), "how many were compared, and left out");
}

/// The row of the page.
fn name_of(statistic: &str) -> &str {
    match statistic {
        "relative_risk" => "relative risk",
        "odds_ratio" => "odds ratio",
        "nps" => "net promoter score",
        "net" | "ratio" => statistic,
        "linear" => "contrast with any factors",
        _ => "difference",
    }
}

/// The contrast that a definition such as `share awards=Yes | stype=E - share awards=Yes | stype=H` is.
pub(crate) fn contrast(row: &Row) -> Option<String> {
    let scale = match row["statistic"].as_str() {
        "linear" | "difference_levels" | "difference_total" | "difference_options" | "difference_rest" => "difference",
        "relative_risk" => "relative_risk",
        "odds_ratio" => "odds_ratio",
        _ => return None,
    };
    let definition = row["definition"].replace("total api.stu / total enroll", "ratio stu_per_pupil");
    let signed = definition.replace(" / ", " - ").replace(" - ", "\n-").replace(" + ", "\n+");
    let mut segment = None;
    let mut cells = Vec::new();
    for cell in signed.lines() {
        let (figure, place) = cell.split_once(" | ")?;
        let mut words: Vec<&str> = figure.split(' ').collect();
        let sign = if words[0].starts_with('-') { -1.0 } else { 1.0 };
        words[0] = words[0].trim_start_matches(['-', '+']);
        let factor: f64 = words[0].parse().unwrap_or(1.0);
        let (question, option) = match words[words.len() - 1].split_once('=') {
            Some((question, option)) => (question, format!(", option = '{option}'")),
            None if words.contains(&"nps") => ("score", ", figure = 'nps'".to_owned()),
            None => (words[words.len() - 1], String::new()),
        };
        let place = match (place.split_once('='), place.split_once(" not ")) {
            (Some((of, level)), _) => {
                segment = Some(of.to_owned());
                format!(", level = '{level}'")
            }
            (_, Some((of, level))) => {
                segment = Some(of.to_owned());
                format!(", rest_of = '{level}'")
            }
            _ => String::new(),
        };
        cells.push(format!("{{ factor = {:?}, question = '{question}'{option}{place} }}", sign * factor));
    }
    let segment = segment.map_or(String::new(), |segment| format!("segment = '{segment}'\n"));
    Some(format!("scale = '{scale}'\n{segment}cells = [{}]\n", cells.join(", ")))
}

fn own_figure(survey: &Survey, row: &Row) -> Option<topline::estimate::Estimate> {
    let (figure, place) = row["definition"].split_once(" | ")?;
    let (segment, level) = place.split_once('=').unwrap_or(("total", "total"));
    if row["statistic"] == "ratio" {
        let question = survey.study.question("stu_per_pupil")?;
        return survey.estimates().questions[question].domains[domain(survey, segment, level)].mean;
    }
    let (question, statistic) = match figure {
        "nps score" => ("score", Statistic::NetPromoterScore),
        "share score=9 or score=10" => ("score", Statistic::Net(0)),
        "share stype=H or stype=M" => ("stype", Statistic::Net(0)),
        other => panic!("{other}"),
    };
    let question = survey.study.question(question)?;
    let domain = domain(survey, segment, level);
    let further = &survey.estimates().questions[question].domains[domain].further;
    further.iter().find(|further| further.statistic == statistic)?.estimate
}
