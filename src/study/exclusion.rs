//! `exclude` of [data]: who is left out of everything, and why.

use std::ops::Range;

use toml::{Spanned, de::DeValue};

use super::{
    Condition, Label, Origin,
    reader::{Reader, Section, Typed, choice_or_hint, text_of},
};

/// A reason to leave respondents out.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// Who is left out.
    pub rule: Rule,
    /// The columns that tell, where the study names them; otherwise those that the file or their names say do.
    pub columns: Vec<String>,
    /// How it is printed; the rule in words where absent.
    pub label: Option<Label>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// Who is left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Those of whom a condition is true.
    Where(Condition),
    /// Tests, previews, spam, and what a reviewer has rejected.
    Tests,
    /// Those who did not reach the end.
    Incomplete,
    /// All but the first of those who have the same id.
    Duplicates,
    /// All but the first of rows that are the same in every column.
    Copies,
    /// Those who took less than this share of the median duration.
    Speeders {
        /// The share.
        share: f64,
    },
    /// Those who gave the same answer to all items of every battery that they answered.
    StraightLiners,
}

impl Rule {
    /// Less than this share of the median duration is too fast.
    ///
    /// The median over a respondent's own time is the relative speed (Leiner 2019, *Survey Research Methods* 13 (3), 229–248,
    /// who takes it page by page): above 3 for the whole interview. Field practice knows a third and a half of the median.
    /// Greszki, Meyer & Schoen (2015, *Public Opinion Quarterly* 79 (2), 471–503) try milder thresholds, and find that
    /// estimates hardly change without those who were too fast.
    pub const SPEEDING: f64 = 1.0 / 3.0;

    /// The name in study files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Where(_) => "where",
            Self::Tests => "tests",
            Self::Incomplete => "incomplete",
            Self::Duplicates => "duplicates",
            Self::Copies => "copies",
            Self::Speeders { .. } => "speeders",
            Self::StraightLiners => "straightliners",
        }
    }
}

/// A reason as typed.
#[derive(Clone, Debug)]
pub(super) struct ExclusionSpec {
    pub rule: RuleSpec,
    pub columns: Vec<Typed<String>>,
    pub label: Option<Label>,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum RuleSpec {
    Where(Typed<String>),
    Named(Rule),
}

const RULES: [(&str, Rule); 6] = [
    ("tests", Rule::Tests),
    ("incomplete", Rule::Incomplete),
    ("duplicates", Rule::Duplicates),
    ("copies", Rule::Copies),
    ("speeders", Rule::Speeders { share: Rule::SPEEDING }),
    ("straightliners", Rule::StraightLiners),
];

/// Fewer items with the same answer are no straight line.
const FEWEST_ITEMS: usize = 3;

impl ExclusionSpec {
    /// Those of [data], in the order in which they are applied.
    pub fn read(reader: &mut Reader, data: &mut Section<'_>) -> Vec<Self> {
        let Some((span, value)) = data.take("exclude") else { return Vec::new() };
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        if items.is_empty() {
            data.complain_of_empty(reader, "exclude", span, "who is left out", "[\"tests\"]");
        }
        items.into_iter().filter_map(|item| Self::one(reader, item)).collect()
    }

    fn one(reader: &mut Reader, item: &Spanned<DeValue<'_>>) -> Option<Self> {
        let DeValue::Table(table) = item.get_ref() else {
            let name = text_of(reader, item, "exclude")?;
            let rule = rule(reader, &name)?;
            return Some(Self { rule: RuleSpec::Named(rule), columns: Vec::new(), label: None, span: item.span() });
        };
        let mut section = Section::new("exclude", item.span(), table);
        let sql = section.text(reader, "where");
        let name = section.text(reader, "rule");
        let label = section.label(reader, "label");
        let columns_span = section.span_of("columns").or(section.span_of("column"));
        let columns = section.texts(reader, "columns").or(section.texts(reader, "column"));
        let share = section.number(reader, "share");
        section.finish(reader);
        let rule = match (sql, name) {
            (Some(sql), None) => RuleSpec::Where(sql),
            (None, Some(name)) => RuleSpec::Named(rule(reader, &name)?),
            (sql, _) => {
                let message = if sql.is_some() { "`where` and `rule` are two reasons" } else { "no reason is given" };
                let hint =
                    "write { where = \"Status = 'Survey Preview'\", label = \"previews\" }, or { rule = \"tests\" }";
                reader.error("bad-exclusion", item.span(), message, Some(hint.to_owned()));
                return None;
            }
        };
        let columns = columns.map(|columns| columns.value).unwrap_or_default();
        let rule = with_share(reader, rule, share);
        if let Some(span) = columns_span {
            fits(reader, &rule, columns.len(), span);
        }
        Some(Self { rule, columns, label, span: item.span() })
    }
}

fn rule(reader: &mut Reader, name: &Typed<String>) -> Option<Rule> {
    let meant = |word: &str| {
        let meant = match word.to_lowercase().replace(['-', '_', ' '], "").as_str() {
            "test" | "preview" | "previews" | "spam" => "tests",
            "incompletes" | "partial" | "unfinished" => "incomplete",
            "speeding" | "speed" | "fast" => "speeders",
            "straightlining" | "straightliner" | "straightlines" | "straightliners" => "straightliners",
            _ if word.contains(['=', '<', '>']) => {
                return Some(format!("a condition is written {{ where = {word:?} }}"));
            }
            _ => return None,
        };
        Some(format!("write \"{meant}\""))
    };
    let choices: [(&str, usize); 6] = std::array::from_fn(|index| (RULES[index].0, index));
    choice_or_hint(reader, name, "exclude", &choices, meant).map(|index| RULES[index].1.clone())
}

fn with_share(reader: &mut Reader, rule: RuleSpec, share: Option<Typed<f64>>) -> RuleSpec {
    let Some(share) = share else { return rule };
    match rule {
        RuleSpec::Named(Rule::Speeders { .. }) if share.value > 0.0 && share.value < 1.0 => {
            RuleSpec::Named(Rule::Speeders { share: share.value })
        }
        RuleSpec::Named(Rule::Speeders { .. }) => {
            let message = format!("`share` is {}, expected a part between 0 and 1", reader.typed(&share));
            let hint = "who took less than this share of the median duration is left out: share = 0.5";
            reader.error("out-of-range", share.span, message, Some(hint.to_owned()));
            rule
        }
        _ => {
            let message = "`share` belongs to `speeders`: a share of the median duration";
            reader.error("bad-exclusion", share.span, message, None);
            rule
        }
    }
}

/// Complains of columns that a rule has no use for.
fn fits(reader: &mut Reader, rule: &RuleSpec, columns: usize, span: Range<usize>) {
    let RuleSpec::Named(rule) = rule else {
        let hint = "the columns of a condition stand in it";
        return reader.error("bad-exclusion", span, "`where` takes no columns", Some(hint.to_owned()));
    };
    let expected = match rule {
        Rule::Copies => "none: it compares all columns",
        Rule::Duplicates if columns != 1 => "one column, that of the ids",
        Rule::Speeders { .. } if columns != 1 => "one column, of seconds",
        Rule::StraightLiners if columns < FEWEST_ITEMS => "three columns or more, the items of one battery",
        Rule::Tests | Rule::Incomplete if columns == 0 => "a column",
        _ => return,
    };
    let message = format!("`{}` names {columns} columns, expected {expected}", rule.name());
    reader.error("bad-exclusion", span, message, None);
}
