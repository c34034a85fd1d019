//! `[weighting]` as typed.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Method, Residuals, Unknown};
use crate::study::{
    Label,
    reader::{Reader, Section, Typed, choice_or_hint, number_of},
    spec::{MissingSpec, SegmentSpec, missing},
};

/// `[weighting]` as typed.
#[derive(Clone, Debug)]
pub struct WeightingSpec {
    pub method: Option<Method>,
    /// Whether a method is named that does not exist: nothing that depends on it is a mistake then.
    pub has_unknown_method: bool,
    pub bounds: Option<Typed<Vec<Typed<f64>>>>,
    pub population: Option<Typed<f64>>,
    pub trim: Option<TrimSpec>,
    pub residuals: Option<Typed<Residuals>>,
    pub margins: Vec<MarginSpec>,
    pub variables: Vec<SegmentSpec>,
    pub numbers: Vec<NumberSpec>,
    /// Whether there is neither a margin nor a number, not even one that could not be read.
    pub says_nothing: bool,
    pub span: Range<usize>,
}

/// `[weighting.trim]` as typed.
#[derive(Clone, Debug)]
pub struct TrimSpec {
    pub bounds: Option<Typed<Vec<Typed<f64>>>>,
    pub quantiles: Option<Typed<Vec<Typed<f64>>>>,
    pub design_effect: Option<Typed<f64>>,
    /// Whether there is none of these, not even one that could not be read.
    pub lacks_way: bool,
    pub span: Range<usize>,
}

/// A `[[weighting.margin]]` as typed.
#[derive(Clone, Debug)]
pub struct MarginSpec {
    pub by: Vec<Typed<String>>,
    pub targets: Option<TargetsSpec>,
    pub unknown: Option<Typed<Unknown>>,
    pub decimal_comma: bool,
    pub source: Option<Label>,
    pub date: Option<String>,
    pub span: Range<usize>,
}

/// The targets of a margin as typed.
#[derive(Clone, Debug)]
pub enum TargetsSpec {
    /// In the study file, in percent or in numbers of people.
    Here { tree: Typed<Vec<Branch>>, are_totals: bool },
    /// In a file of margins.
    File(Typed<String>),
    /// To be counted in a reference survey.
    Reference { file: Typed<String>, weight: Option<Typed<String>> },
}

/// A level with its target, or with the levels of the next variable.
#[derive(Clone, Debug)]
pub struct Branch {
    pub code: Typed<String>,
    pub holds: Holding,
}

/// What a level holds.
#[derive(Clone, Debug)]
pub enum Holding {
    Amount(Typed<f64>),
    Branches(Vec<Branch>),
    /// Something else, of which has been complained.
    Broken,
}

/// A `[[weighting.number]]` as typed.
#[derive(Clone, Debug)]
pub struct NumberSpec {
    pub column: Option<Typed<String>>,
    pub mean: Option<Typed<f64>>,
    pub total: Option<Typed<f64>>,
    /// Whether there is neither a mean nor a total, not even one that could not be read.
    pub lacks_target: bool,
    pub missing: Vec<MissingSpec>,
    pub span: Range<usize>,
}

impl WeightingSpec {
    /// Reads the table.
    pub fn read(reader: &mut Reader, root: &mut Section<'_>) -> Option<Self> {
        let mut section = root.section(reader, "weighting")?;
        let names_method = !section.lacks("method");
        let says_nothing = section.lacks("margin") && section.lacks("number");
        let methods = Method::ALL.map(|method| (method.name(), method));
        let method = section
            .text(reader, "method")
            .and_then(|typed| choice_or_hint(reader, &typed, "method", &methods, Method::called_elsewhere));
        let spec = Self {
            method,
            has_unknown_method: names_method && method.is_none(),
            bounds: section.numbers(reader, "bounds"),
            population: section.number(reader, "population"),
            trim: trim(reader, &mut section),
            residuals: section.choice_with_place(reader, "residuals", &Residuals::ALL.map(|kind| (kind.name(), kind))),
            margins: section.sections(reader, "margin").into_iter().map(|table| margin(reader, table)).collect(),
            variables: section.sections(reader, "variable").into_iter().map(|table| variable(reader, table)).collect(),
            numbers: section.sections(reader, "number").into_iter().map(|table| number(reader, table)).collect(),
            says_nothing,
            span: section.span.clone(),
        };
        section.finish(reader);
        Some(spec)
    }
}

fn trim(reader: &mut Reader, section: &mut Section<'_>) -> Option<TrimSpec> {
    let mut section = section.section(reader, "trim")?;
    let lacks_way = ["bounds", "quantiles", "design_effect"].iter().all(|key| section.lacks(key));
    let trim = TrimSpec {
        bounds: section.numbers(reader, "bounds"),
        quantiles: section.numbers(reader, "quantiles"),
        design_effect: section.number(reader, "design_effect"),
        lacks_way,
        span: section.span.clone(),
    };
    section.finish(reader);
    Some(trim)
}

fn variable(reader: &mut Reader, mut section: Section<'_>) -> SegmentSpec {
    let spec = SegmentSpec::read(reader, &mut section);
    section.finish(reader);
    spec
}

fn number(reader: &mut Reader, mut section: Section<'_>) -> NumberSpec {
    let lacks_target = section.lacks("mean") && section.lacks("total");
    let number = NumberSpec {
        column: section.text(reader, "column"),
        mean: section.number(reader, "mean"),
        total: section.number(reader, "total"),
        lacks_target,
        missing: missing(reader, &mut section),
        span: section.span.clone(),
    };
    section.finish(reader);
    number
}

fn margin(reader: &mut Reader, mut section: Section<'_>) -> MarginSpec {
    let span = section.span.clone();
    let before = reader.problems.iter().count();
    let by = section.texts(reader, "by").map(|by| {
        if by.value.iter().all(|name| name.value.trim().is_empty()) {
            section.complain_of_empty(reader, "by", by.span, "a segment, or several to cross", "\"age\"");
        }
        by.value
    });
    let unknowns = Unknown::ALL.map(|unknown| (unknown.name(), unknown));
    let unknown = section.choice_with_place(reader, "unknown", &unknowns);
    let lacks_targets = PLACES.iter().all(|key| section.lacks(key));
    let targets = targets(reader, &mut section);
    let decimal_comma = section.choice(reader, "decimal", &[(".", false), (",", true)]).unwrap_or_default();
    let source = section.label(reader, "source");
    let date = date(reader, &mut section);
    section.finish(reader);
    // A key with a slip is no lack.
    let is_in_order = reader.problems.iter().count() == before;
    if by.is_none() && is_in_order {
        let hint = "write by = \"age\", or by = [\"age\", \"sex\"] for targets of crossed segments";
        let message = "this [[weighting.margin]] does not say `by` what";
        reader.error("margin", span.clone(), message, Some(hint.to_owned()));
    }
    if lacks_targets && is_in_order {
        let hint =
            "write targets = { \"18-24\" = 9.16, \"25-34\" = 15.33 } in percent, or the name of a file with them";
        let message = "this [[weighting.margin]] has no `targets`";
        reader.error("margin", span.clone(), message, Some(hint.to_owned()));
    }
    let span = by.iter().flatten().next().map_or(span, |name| name.span.clone());
    MarginSpec { by: by.unwrap_or_default(), targets, unknown, decimal_comma, source, date, span }
}

/// The day, month or year that targets are of: `2016-12-31`, `2016-12` or `2016`.
fn date(reader: &mut Reader, section: &mut Section<'_>) -> Option<String> {
    let typed = section.text(reader, "date")?;
    let is_number = |part: &&str, digits| part.len() == digits && part.bytes().all(|digit| digit.is_ascii_digit());
    let parts: Vec<&str> = typed.value.split('-').collect();
    let first_day = match parts[..] {
        [year] if is_number(&year, 4) => format!("{year}-01-01"),
        [year, month] if is_number(&year, 4) && is_number(&month, 2) => format!("{year}-{month}-01"),
        [year, ..] if is_number(&year, 4) => typed.value.clone(),
        _ => String::new(),
    };
    if first_day.parse::<toml::value::Datetime>().is_err() {
        let hint = "write the day, month or year that the targets are of: 2016-12-31, \"2016-12\" or 2016; words go into `source`";
        let message = format!("`date` is `{}`, which is no date", typed.value);
        reader.error("not-a-date", typed.span, message, Some(hint.to_owned()));
        return None;
    }
    // A time of day is of no interest.
    Some(typed.value.chars().take(10).collect())
}

/// Where targets may be.
const PLACES: [&str; 3] = ["targets", "totals", "reference"];

/// The targets of a margin from the one place where they are.
fn targets(reader: &mut Reader, section: &mut Section<'_>) -> Option<TargetsSpec> {
    let given: Vec<&str> = PLACES.into_iter().filter(|key| !section.lacks(key)).collect();
    if let [first, second, ..] = given[..] {
        let span = section.span_of(second).unwrap_or(section.span.clone());
        let message = format!("both `{first}` and `{second}` are given for one margin");
        let hint = "percent in `targets`, or people in `totals`, or a survey to count them in: `reference`";
        reader.error("margin", span, message, Some(hint.to_owned()));
    }
    let here = section.take("targets").map(|(_, value)| (value, false));
    let totals = section.take("totals").map(|(_, value)| (value, true));
    let reference = section.take("reference");
    if let Some((value, are_totals)) = here.or(totals) {
        return written_here(reader, value, are_totals);
    }
    let (span, value) = reference?;
    let DeValue::Table(table) = value.get_ref() else {
        let hint = Some("write reference = { file = \"microcensus.parquet\", weight = \"w\" }".to_owned());
        reader.wrong_type(value, "reference", "a table with `file` and `weight`", hint);
        return None;
    };
    let mut section = Section::new("reference", span.clone(), table);
    let is_absent = section.lacks("file");
    let file = section.text(reader, "file");
    let weight = section.text(reader, "weight");
    section.finish(reader);
    if is_absent {
        let hint = Some("add file = \"microcensus.parquet\", relative to the study file".to_owned());
        reader.error("margin", span, "`reference` names no `file`", hint);
    }
    Some(TargetsSpec::Reference { file: file?, weight })
}

fn written_here(reader: &mut Reader, value: &Spanned<DeValue<'_>>, are_totals: bool) -> Option<TargetsSpec> {
    let key = if are_totals { "totals" } else { "targets" };
    match value.get_ref() {
        DeValue::Table(table) => {
            let tree = Typed { value: branches(reader, table, value.span()), span: value.span() };
            Some(TargetsSpec::Here { tree, are_totals })
        }
        DeValue::String(file) if !are_totals => {
            Some(TargetsSpec::File(Typed { value: file.to_string(), span: value.span() }))
        }
        DeValue::String(_) => {
            let hint = "a file is named in `targets`; its column `total` says that it holds numbers of people";
            reader.wrong_type(value, key, "a table", Some(hint.to_owned()));
            None
        }
        _ => {
            let hint = format!("write {key} = {{ \"18-24\" = 9.16, \"25-34\" = 15.33 }}");
            reader.wrong_type(value, key, "a table from levels to numbers, or the name of a file", Some(hint));
            None
        }
    }
}

fn branches(reader: &mut Reader, table: &DeTable<'_>, span: Range<usize>) -> Vec<Branch> {
    let entries = Section::new("targets", span, table).entries();
    let branch = |(code, span, value): (&str, Range<usize>, &Spanned<DeValue<'_>>)| Branch {
        holds: match value.get_ref() {
            DeValue::Table(inner) => Holding::Branches(branches(reader, inner, value.span())),
            _ => number_of(reader, value, code).map_or(Holding::Broken, Holding::Amount),
        },
        code: Typed { value: code.to_owned(), span },
    };
    entries.into_iter().map(branch).collect()
}
