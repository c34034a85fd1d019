//! A comparison of groups for programs: JSON, and CSV with one line a test.

use serde_json::{Value, json};

use crate::{
    comparison::{Comparison, Pair},
    io::CsvWriter,
    significance::PairTest,
    study::{Language, Study},
    survey::Survey,
    table::exclusions_to_json,
};

/// Everything as one JSON document, with numbers at full precision.
pub(super) fn to_json(survey: &Survey, comparison: &Comparison, language: Language) -> String {
    let study = &survey.study;
    let (question, segment) = (&study.questions[comparison.question], &study.segments[comparison.segment]);
    let option = |option: Option<usize>| option.map(|option| question.options[option].code.as_str());
    let level = |level: usize| segment.levels()[level].code.as_str();
    let levels: Vec<Value> = (comparison.levels.iter())
        .map(|(index, bases)| {
            json!({
                "level": level(*index),
                "label": segment.levels()[*index].label.text(language),
                "n": bases.unweighted,
                "n_weighted": bases.weighted,
                "n_effective": bases.effective,
            })
        })
        .collect();
    let tests: Vec<Value> = (comparison.tests.iter())
        .map(|test| {
            let (df1, df2) = test.test.distribution.degrees_of_freedom();
            json!({
                "option": option(test.option),
                "distribution": test.test.distribution.symbol(),
                "statistic": test.test.statistic,
                "df1": df1,
                "df2": df2,
                "p": test.test.p,
                "p_adjusted": test.adjusted_p,
                "cramers_v": test.cramers_v,
                "n": test.test.bases.unweighted,
                "n_weighted": test.test.bases.weighted,
                "n_effective": test.test.bases.effective,
            })
        })
        .collect();
    let pairs: Vec<Value> = (comparison.pairs.iter())
        .map(|pair| {
            let difference = &pair.difference;
            json!({
                "option": option(pair.option),
                "of": level(difference.of),
                "from": level(difference.from),
                "difference": difference.estimate,
                "standard_error": difference.standard_error,
                "ci_low": difference.limits.map(|limits| limits.low),
                "ci_high": difference.limits.map(|limits| limits.high),
                "t": difference.test.map(|test| test.t),
                "df": difference.test.and_then(degrees_of_freedom),
                "p": difference.test.map(|test| test.p),
                "p_adjusted": pair.adjusted_p,
            })
        })
        .collect();
    let document = json!({
        "schema": "topline.test/1",
        "excluded": exclusions_to_json(survey, language),
        "question": question.id,
        "segment": segment.id,
        "method": comparison.method.name(),
        "adjust": comparison.adjustment.name(),
        "statistic": comparison.compared.name(),
        "confidence": study.design.confidence,
        "quantile": study.design.quantile.name(),
        "levels": levels,
        "tests": tests,
        "pairs": pairs,
        "counted_together": comparison.together.iter().map(|index| option(Some(*index))).collect::<Vec<_>>(),
        "withheld": comparison.is_withheld,
        "census": comparison.is_census,
        "synthetic": study.data.synthetic,
    });
    format!("{document:#}\n")
}

/// One line for each test of all groups, then one for each pair.
pub(super) fn to_csv(study: &Study, comparison: &Comparison) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_csv(study, comparison, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

const COLUMNS: [&str; 21] = [
    "question",
    "option",
    "segment",
    "of",
    "from",
    "method",
    "statistic",
    "df1",
    "df2",
    "p",
    "p_adjusted",
    "adjust",
    "difference",
    "standard_error",
    "ci_low",
    "ci_high",
    "n",
    "n_weighted",
    "n_effective",
    "withheld",
    "synthetic",
];

fn write_csv(study: &Study, comparison: &Comparison, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let (question, segment) = (&study.questions[comparison.question], &study.segments[comparison.segment]);
    let code = |option: Option<usize>| option.map_or("", |option| question.options[option].code.as_str());
    let known = |number: Option<f64>| number.filter(|number| number.is_finite());
    let number = |number: Option<f64>| known(number).map(|number| number.to_string()).unwrap_or_default();
    let (method, adjust) = (comparison.method.name(), comparison.adjustment.name());
    let [withheld, synthetic] =
        [comparison.is_withheld, study.data.synthetic].map(|is| if is { "true" } else { "false" });
    let mut csv = CsvWriter::new(bytes, &COLUMNS)?;
    for test in &comparison.tests {
        let (df1, df2) = test.test.distribution.degrees_of_freedom();
        let numbers = [Some(test.test.statistic), df1, df2, Some(test.test.p), Some(test.adjusted_p)].map(number);
        let bases = test.test.bases;
        let bases = [bases.unweighted.to_string(), bases.weighted.to_string(), number(Some(bases.effective))];
        let mut row = vec![question.id.as_str(), code(test.option), &segment.id, "", "", method];
        row.extend(numbers.iter().map(String::as_str));
        row.extend([adjust, "", "", "", ""]);
        row.extend(bases.iter().map(String::as_str));
        row.extend([withheld, synthetic]);
        csv.row(row)?;
    }
    for Pair { option, difference, adjusted_p } in &comparison.pairs {
        let levels = [difference.of, difference.from].map(|level| segment.levels()[level].code.as_str());
        let (test, limits) = (difference.test, difference.limits);
        let tested = [test.map(|test| test.t), None, test.and_then(degrees_of_freedom), test.map(|test| test.p)];
        let tested = tested.map(number);
        let estimated = [
            Some(difference.estimate),
            Some(difference.standard_error),
            limits.map(|limits| limits.low),
            limits.map(|limits| limits.high),
        ]
        .map(number);
        let adjusted_p = number(*adjusted_p);
        let name = study.design.quantile.name();
        let mut row = vec![question.id.as_str(), code(*option), &segment.id, levels[0], levels[1], name];
        row.extend(tested.iter().map(String::as_str));
        row.extend([adjusted_p.as_str(), adjust]);
        row.extend(estimated.iter().map(String::as_str));
        row.extend(["", "", "", withheld, synthetic]);
        csv.row(row)?;
    }
    csv.finish()
}

/// Those of a t test; a z test has none.
fn degrees_of_freedom(test: PairTest) -> Option<f64> {
    test.degrees_of_freedom.is_finite().then_some(test.degrees_of_freedom)
}
