//! Who is in the base, and what each of them counts, as lines of R that fill `frame`.

use super::condition::{column, condition, text, texts, without};
use crate::{
    estimate::Statistic,
    study::{Kind, Levels, Missing, Question, Segment, Study},
};

/// `asked` by the condition and the level; then `in_base` and `y`, and `v` below the line of a ratio.
pub(super) fn lines(
    study: &Study,
    question: &Question,
    level: Option<(&Segment, usize)>,
    statistic: Statistic,
) -> Vec<String> {
    let mut lines = vec![match &question.base.condition {
        Some(sql) => format!("asked <- ({}) %in% TRUE", condition(study, sql)),
        None => "asked <- rep(TRUE, nrow(d))".to_owned(),
    }];
    if let Some((segment, level)) = level {
        lines.push(format!("asked <- asked & ({}) %in% TRUE", in_level(study, segment, level)));
    }
    lines.extend(match question.kind {
        Kind::Single | Kind::Scale => single(question, statistic),
        Kind::Multiple => multiple(question, statistic),
        Kind::Number => number(question),
        Kind::Ratio => ratio(question),
    });
    lines.push("frame$in_base <- asked & answered & frame$w > 0".to_owned());
    lines
}

/// Whether somebody is at a level.
pub(super) fn in_level(study: &Study, segment: &Segment, level: usize) -> String {
    let column = without(&segment.column, &study.missing_codes(&segment.column));
    match &segment.levels {
        Levels::Codes(levels) => {
            format!("one_of({column}, {})", texts(codes(&levels[level].code, &levels[level].also)))
        }
        Levels::Bands { starts, .. } => {
            let starts: Vec<String> = starts.iter().map(f64::to_string).collect();
            format!("findInterval(number({column}), c({})) == {}", starts.join(", "), level + 1)
        }
    }
}

fn single(question: &Question, statistic: Statistic) -> Vec<String> {
    let (counted, silent): (Vec<&Missing>, Vec<&Missing>) =
        question.missing.iter().partition(|missing| question.counts_in_base(missing.reason));
    let silent: Vec<String> = silent.iter().map(|missing| missing.code.clone()).collect();
    let blank = if question.counts_in_base(question.blank) { "TRUE" } else { "!is.na(answer)" };
    let mut lines = vec![format!("answer <- {}", column(&question.columns[0]))];
    if silent.is_empty() {
        lines.push(format!("answered <- {blank}"));
    } else {
        let silent = texts(silent.iter().map(String::as_str));
        lines.push(format!("answered <- {blank} & !same(answer, {silent})"));
    }
    if let (false, true) = (counted.is_empty(), matches!(statistic, Statistic::Share(_) | Statistic::Net(_))) {
        let counted = texts(counted.iter().map(|missing| missing.code.as_str()));
        lines.push(format!("# {counted} count in the base, as no answer"));
    }
    let options = |indices: &[usize]| {
        let chosen = indices.iter().map(|index| &question.options[*index]);
        texts(chosen.flat_map(|option| codes(&option.code, &option.also)))
    };
    match statistic {
        Statistic::Share(option) | Statistic::Count(option) => {
            lines.push(format!("frame$y <- as.numeric(same(answer, {}))", options(&[option])));
        }
        Statistic::Net(net) => {
            let options = options(&question.nets[net].options);
            lines.push(format!("frame$y <- as.numeric(same(answer, {options}))"));
        }
        Statistic::NetPromoterScore => {
            let side = |is_in: fn(f64) -> bool| -> Vec<usize> {
                let options = question.options.iter().enumerate();
                options.filter(|(_, option)| option.value.is_some_and(is_in)).map(|(index, _)| index).collect()
            };
            let (promoters, detractors) = (options(&side(|value| value >= 9.0)), options(&side(|value| value <= 6.0)));
            lines.push(format!("frame$y <- same(answer, {promoters}) - same(answer, {detractors})"));
        }
        _ => {
            lines.push("frame$y <- NA".to_owned());
            for (index, option) in question.options.iter().enumerate() {
                if let Some(value) = option.value {
                    lines.push(format!("frame$y[same(answer, {})] <- {value}", options(&[index])));
                }
            }
            lines.push("answered <- answered & !is.na(frame$y)".to_owned());
        }
    }
    lines
}

fn multiple(question: &Question, statistic: Statistic) -> Vec<String> {
    let [denied, chosen] = question.marks();
    let known = texts(denied.iter().chain(&chosen).map(String::as_str));
    let chosen = texts(chosen.iter().map(String::as_str));
    let columns = texts(question.columns.iter().map(String::as_str));
    let any = |columns: &str, codes: &str| format!("Reduce(`|`, lapply(d[{columns}], same, {codes}))");
    let mut lines = vec![format!("answered <- {}", any(&columns, &known))];
    if !question.missing_in_base.is_empty() {
        lines.push("why <- rep(\"skipped\", nrow(d))".to_owned());
        lines.push(format!("for (column in rev({columns})) {{"));
        for missing in &question.missing {
            let (code, reason) = (text(&missing.code), text(missing.reason.name()));
            lines.push(format!("  why[same(d[[column]], {code})] <- {reason}"));
        }
        lines.push("}".to_owned());
        let reasons = texts(question.missing_in_base.iter().map(|reason| reason.name()));
        lines.push(format!("answered <- answered | why %in% {reasons}"));
    }
    let of = |options: &[usize]| texts(options.iter().map(|option| question.columns[*option].as_str()));
    let options = match statistic {
        Statistic::Net(net) => of(&question.nets[net].options),
        Statistic::Share(option) | Statistic::Count(option) => of(&[option]),
        _ => columns,
    };
    lines.push(format!("frame$y <- as.numeric({})", any(&options, &chosen)));
    lines
}

fn number(question: &Question) -> Vec<String> {
    vec![
        format!("frame$y <- number({})", without(&question.columns[0], &missing(question))),
        "answered <- !is.na(frame$y)".to_owned(),
    ]
}

fn ratio(question: &Question) -> Vec<String> {
    let below = question.columns.get(1).unwrap_or(&question.columns[0]);
    vec![
        format!("frame$y <- number({})", without(&question.columns[0], &missing(question))),
        format!("frame$v <- number({})", without(below, &missing(question))),
        "answered <- !is.na(frame$y) & !is.na(frame$v)".to_owned(),
    ]
}

fn missing(question: &Question) -> Vec<String> {
    question.missing.iter().map(|missing| missing.code.clone()).collect()
}

fn codes<'a>(code: &'a str, also: &'a [String]) -> impl Iterator<Item = &'a str> {
    [code].into_iter().chain(also.iter().map(String::as_str))
}
