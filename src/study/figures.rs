//! Figures beside shares and means: nets, statistics, contrasts; as typed and as meant.

use std::ops::Range;

use toml::de::DeValue;

use super::{
    Further, Kind, Label, Net, Origin, Question, QuestionOption, Segment, Study,
    reader::{Reader, Section, Typed, choice_of, text_of},
};
use crate::diagnostic::{Diagnostic, Diagnostics, counted, did_you_mean, quoted_list};

/// A comparison of cells.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// The name used in output.
    pub id: String,
    /// What is printed; without it what is compared.
    pub label: Option<Label>,
    /// The question of the first cell, as an index.
    pub question: usize,
    /// The segment whose levels are compared, as an index; none where all cells are of the total.
    pub segment: Option<usize>,
    /// The cells with their factors.
    pub cells: Vec<ContrastCell>,
    /// How they are compared.
    pub scale: Scale,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// A cell of a contrast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContrastCell {
    /// What the figure is multiplied by.
    pub factor: f64,
    /// The question, as an index.
    pub question: usize,
    /// The figure that is meant.
    pub of: Of,
    /// Whose figure is meant.
    pub among: Among,
}

impl Contrast {
    /// Whether all cells are of one question.
    #[must_use]
    pub fn is_of_one_question(&self) -> bool {
        self.cells.iter().all(|cell| cell.question == self.question)
    }
}

/// Some of the respondents of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Everybody.
    Total,
    /// A level of the segment, as an index.
    Level(usize),
    /// Everybody but a level of the segment, as an index.
    Rest(usize),
}

/// A figure of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The share of an option, as an index.
    Option(usize),
    /// The share of a net, as an index.
    Net(usize),
    /// The mean, or the ratio of two numbers.
    Mean,
    /// The net promoter score.
    NetPromoterScore,
}

/// How cells are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// `Σ a θ`: with factors 1 and -1 a difference (the default).
    #[default]
    Difference,
    /// `θ₁ / θ₂`, the relative risk; its interval is that of the logarithm.
    RelativeRisk,
    /// `θ₁ / (1 - θ₁)` over `θ₂ / (1 - θ₂)`; its interval is that of the logarithm.
    OddsRatio,
}

impl Scale {
    /// The name in study files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Difference => "difference",
            Self::RelativeRisk => "relative_risk",
            Self::OddsRatio => "odds_ratio",
        }
    }
}

/// Warnings of nets of a multiple response that overlap, though none lies within the other: the later ones are withheld.
#[must_use]
pub fn overlapping_nets(study: &Study) -> Diagnostics {
    let mut warnings = Diagnostics::default();
    let multiple = study.questions.iter().filter(|question| question.kind == Kind::Multiple);
    for nets in multiple.map(|question| &question.nets).filter(|_| study.publication.minimum_count > 0) {
        for (index, net) in nets.iter().enumerate() {
            let Some(other) = nets[..index].iter().find(|other| other.crosses(net)) else { continue };
            let message = format!("nets `{}` and `{}` overlap: the second is withheld", other.id, net.id);
            let hint = "what they say together about a few cannot be checked: let one lie within the other, \
                        or set minimum_count = 0 where nothing is secret";
            warnings.push(Diagnostic::warning("overlapping-nets", net.origin.0.clone(), message).hint(hint));
        }
    }
    warnings
}

/// Nets and further statistics of a question as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct FiguresSpec {
    nets: Vec<NetSpec>,
    further: Vec<Typed<Further>>,
}

#[derive(Clone, Debug)]
struct NetSpec {
    id: Typed<String>,
    label: Option<Label>,
    options: Vec<Typed<String>>,
}

/// A contrast as typed.
#[derive(Clone, Debug)]
pub(super) struct ContrastSpec {
    id: Typed<String>,
    label: Option<Label>,
    question: Option<Typed<String>>,
    segment: Option<Typed<String>>,
    scale: Scale,
    cells: Vec<CellSpec>,
    span: Range<usize>,
}

#[derive(Clone, Debug)]
struct CellSpec {
    factor: Option<f64>,
    question: Option<Typed<String>>,
    option: Option<Typed<String>>,
    figure: Option<Of>,
    level: Option<Typed<String>>,
    rest_of: Option<Typed<String>>,
}

/// Parts that quantiles can be of. Beyond one in a million hardly a survey has an answer, and a typing slip is likelier.
const PARTS: std::ops::RangeInclusive<f64> = 1e-6..=1.0 - 1e-6;

const FITS: &str = "`count` goes with options; `total`, `median` and `quantiles` with a number; `sd` with a number or a scale \
    with values; `nps` with a scale from 0 to 10";

const STATISTICS: [(&str, Further); 5] = [
    ("count", Further::Count),
    ("total", Further::Total),
    ("sd", Further::StandardDeviation),
    ("nps", Further::NetPromoterScore),
    ("median", Further::Quantile(0.5)),
];

impl FiguresSpec {
    /// Reads `nets`, `statistics` and `quantiles` of a question.
    pub fn read(reader: &mut Reader, section: &mut Section<'_>) -> Self {
        let nets = nets(reader, section);
        let mut further = Vec::new();
        for typed in section.texts(reader, "statistics").map(|texts| texts.value).unwrap_or_default() {
            if ["share", "mean", "net", "ratio"].contains(&typed.value.as_str()) {
                let message = format!("`statistics` has `{}`, which is computed without asking", typed.value);
                let hint = "leave it out: options and nets have shares, a `number` and a `scale` with values a mean";
                reader.error("statistic", typed.span, message, Some(hint.to_owned()));
                continue;
            }
            let known = choice_of(reader, &typed, "statistics", &STATISTICS);
            further.extend(known.map(|known| Typed { value: known, span: typed.span.clone() }));
        }
        for typed in section.numbers(reader, "quantiles").map(|numbers| numbers.value).unwrap_or_default() {
            if PARTS.contains(&typed.value) {
                further.push(typed.map(Further::Quantile));
            } else {
                let part = reader.typed(&typed);
                let message = match typed.value {
                    value if value > 0.0 && value < 1.0 => {
                        format!("`quantiles` has {part}, beyond which not one answer in a million lies")
                    }
                    _ => format!("`quantiles` has {part}, expected parts between 0 and 1"),
                };
                let hint = match typed.value {
                    percent if percent > 1.0 && percent < 100.0 => format!("for {part}% write {}", percent / 100.0),
                    _ => "parts go from 1e-6 to 1 - 1e-6; 0.25 is a quarter of the answers, 0.5 the median".to_owned(),
                };
                reader.error("out-of-range", typed.span, message, Some(hint));
            }
        }
        Self { nets, further }
    }

    /// The nets as meant.
    pub fn nets(&self, reader: &mut Reader, question: &str, kind: Kind, options: &[QuestionOption]) -> Vec<Net> {
        let mut nets = Vec::new();
        if let (Some(net), Kind::Number | Kind::Ratio) = (self.nets.first(), kind) {
            let message = format!("{} has no options, so nothing can be a net", called(question));
            reader.error("net", net.id.span.clone(), message, None);
            return nets;
        }
        for net in &self.nets {
            let named: Vec<_> = net.options.iter().map(|code| option(reader, question, options, code)).collect();
            let mut own: Vec<usize> = named.iter().copied().flatten().collect();
            own.sort_unstable();
            own.dedup();
            if net.id.value.trim().is_empty() {
                let hint = Some("write nets = { top2 = [\"4\", \"5\"] }".to_owned());
                let message = format!("a net of {} has an empty name", called(question));
                reader.error("net", net.id.span.clone(), message, hint);
            } else if options.iter().any(|option| option.code == net.id.value) {
                let message = format!("net `{}` is called like an option of {}", net.id.value, called(question));
                reader.error("net", net.id.span.clone(), message, Some("give it another name".to_owned()));
            } else if own.len() < 2 && named.iter().all(Option::is_some) {
                let hint = Some(format!("write nets = {{ {} = [\"4\", \"5\"] }}", net.id.value));
                let has = if named.is_empty() { "no options".to_owned() } else { counted(own.len(), "option") };
                let message = format!("net `{}` has {has}, expected two or more", net.id.value);
                reader.error("net", net.id.span.clone(), message, hint);
            }
            let label = net.label.clone().unwrap_or_else(|| Label::plain(&net.id.value));
            let origin = Origin(reader.place(net.id.span.clone()));
            nets.push(Net { id: net.id.value.clone(), label, options: own, origin });
        }
        nets
    }

    /// The statistics as meant.
    pub fn further(&self, reader: &mut Reader, question: &str, kind: Kind, options: &[QuestionOption]) -> Vec<Further> {
        let mut further: Vec<Further> = Vec::new();
        for typed in &self.further {
            let has_values = || options.iter().any(|option| option.value.is_some());
            let (fits, expected) = match typed.value {
                Further::Count => (!matches!(kind, Kind::Number | Kind::Ratio), "a question with options"),
                Further::Total | Further::Quantile(_) => (kind == Kind::Number, "a question of kind `number`"),
                Further::StandardDeviation => (
                    kind == Kind::Number || (kind == Kind::Scale && has_values()),
                    "a `number`, or a `scale` with values",
                ),
                Further::NetPromoterScore => {
                    (kind == Kind::Scale && from_0_to_10(options), "a `scale` with values from 0 to 10")
                }
            };
            if !fits {
                let statistic = reader.typed(typed).trim_matches(['"', '\'']);
                let message =
                    format!("{} is of kind `{}`, but `{statistic}` needs {expected}", called(question), kind.name());
                reader.error("statistic", typed.span.clone(), message, Some(FITS.to_owned()));
            } else if !further.contains(&typed.value) {
                further.push(typed.value);
            }
        }
        further
    }
}

impl ContrastSpec {
    /// Reads all `[[contrast]]`.
    pub fn read(reader: &mut Reader, root: &mut Section<'_>) -> Vec<Self> {
        let scales = [Scale::Difference, Scale::RelativeRisk, Scale::OddsRatio].map(|scale| (scale.name(), scale));
        let mut contrasts = Vec::new();
        for mut section in root.sections(reader, "contrast") {
            let id = super::spec::id(reader, &mut section);
            let contrast = Self {
                label: section.label(reader, "label"),
                question: section.text(reader, "question"),
                segment: section.text(reader, "segment"),
                scale: section.choice(reader, "scale", &scales).unwrap_or_default(),
                cells: section.sections(reader, "cells").into_iter().map(|cell| CellSpec::read(reader, cell)).collect(),
                span: section.span.clone(),
                id,
            };
            section.finish(reader);
            contrasts.push(contrast);
        }
        contrasts
    }

    /// The contrast as meant; notes in its question which options are compared.
    pub fn meant(&self, reader: &mut Reader, questions: &mut [Question], segments: &[Segment]) -> Option<Contrast> {
        let segment = self.segment.as_ref().map(|id| segment_named(reader, segments, id));
        let segment = match segment {
            Some(None) => return None,
            Some(known) => known,
            None => None,
        };
        let segment_of_cells = segment.map(|index| &segments[index]);
        // Two cells are compared with each other unless factors say something else.
        let factor = |index: usize, cell: &CellSpec| cell.factor.unwrap_or(if index == 1 { -1.0 } else { 1.0 });
        let mut cells: Vec<ContrastCell> = Vec::new();
        for (index, cell) in self.cells.iter().enumerate() {
            let Some(id) = cell.question.as_ref().or(self.question.as_ref()) else {
                let hint = Some("add question = \"id\" to the contrast, or to each cell".to_owned());
                let message = format!("contrast `{}` names no question", self.id.value);
                reader.error("contrast", self.span.clone(), message, hint);
                return None;
            };
            let question = named(reader, "question", questions.iter().map(|question| question.id.as_str()), id)?;
            cells.extend(cell.meant(reader, (question, &questions[question]), segment_of_cells, factor(index, cell)));
        }
        if cells.len() < self.cells.len() {
            return None;
        }
        let of_shares = cells.iter().all(|cell| matches!(cell.of, Of::Option(_) | Of::Net(_)));
        let is_other = |one: &ContrastCell, other: &ContrastCell| {
            let is_multiple = questions[one.question].kind == Kind::Multiple;
            is_multiple && one.question == other.question && one.of != other.of && matches!(one.of, Of::Net(_))
        };
        let several_nets = cells.iter().any(|one| cells.iter().any(|other| is_other(one, other)));
        let same = |one: &ContrastCell, other: &ContrastCell| {
            (one.question, one.of, one.among) == (other.question, other.of, other.among)
        };
        let repeats =
            cells.iter().enumerate().any(|(index, cell)| cells[..index].iter().any(|other| same(cell, other)));
        let is_pair = matches!(cells.as_slice(), [one, other] if one.factor == 1.0 && other.factor == -1.0);
        let complaint = match self.scale {
            _ if cells.len() < 2 => Some("needs two cells or more"),
            _ if repeats => Some("names a cell twice"),
            _ if cells.iter().all(|cell| cell.factor == 0.0) => {
                Some("has only factors of 0, so that it is 0 whatever was answered; leave them out for 1 and -1")
            }
            _ if several_nets => Some("compares a net of a multiple response with something else than itself"),
            _ if cells.len() > 2 && self.cells.iter().any(|cell| cell.factor.is_none()) => {
                Some("needs a factor for each of its cells")
            }
            Scale::RelativeRisk | Scale::OddsRatio if !(is_pair && of_shares) => {
                Some("compares two shares: give it two cells with an option each, and no factors")
            }
            _ => None,
        };
        if let Some(complaint) = complaint {
            let hint =
                Some("cells = [{ option = \"yes\", level = \"f\" }, { option = \"yes\", level = \"m\" }]".to_owned());
            reader.error("contrast", self.span.clone(), format!("contrast `{}` {complaint}", self.id.value), hint);
            return None;
        }
        for one in &cells {
            let asked = &mut questions[one.question];
            for other in cells.iter().filter(|other| asked.kind == Kind::Multiple && other.question == one.question) {
                if let (Of::Option(one), Of::Option(other)) = (one.of, other.of)
                    && one < other
                    && !asked.both.contains(&[one, other])
                {
                    asked.both.push([one, other]);
                }
            }
        }
        let question = cells[0].question;
        Some(Contrast {
            id: self.id.value.clone(),
            label: self.label.clone(),
            question,
            segment,
            cells,
            scale: self.scale,
            origin: Origin(reader.place(self.span.clone())),
        })
    }

    /// Its name, and where it was typed.
    pub fn id(&self) -> &Typed<String> {
        &self.id
    }
}

impl CellSpec {
    fn read(reader: &mut Reader, mut section: Section<'_>) -> Self {
        let cell = Self {
            factor: section.number(reader, "factor").map(|number| number.value),
            question: section.text(reader, "question"),
            option: section.text(reader, "option"),
            figure: section.choice(reader, "figure", &[("mean", Of::Mean), ("nps", Of::NetPromoterScore)]),
            level: section.text(reader, "level"),
            rest_of: section.text(reader, "rest_of"),
        };
        section.finish(reader);
        cell
    }

    fn meant(
        &self,
        reader: &mut Reader,
        (index, question): (usize, &Question),
        segment: Option<&Segment>,
        factor: f64,
    ) -> Option<ContrastCell> {
        let net = |code: &Typed<String>| question.nets.iter().position(|net| net.id == code.value);
        let of = match &self.option {
            Some(code) => match net(code) {
                Some(net) => Of::Net(net),
                None => Of::Option(option(reader, &question.id, &question.options, code)?),
            },
            None if self.figure == Some(Of::NetPromoterScore) => {
                if !question.further.contains(&Further::NetPromoterScore) {
                    let hint = Some("add statistics = [\"nps\"] to it".to_owned());
                    let message = format!("question `{}` has no net promoter score", question.id);
                    reader.error("contrast", question_span(question), message, hint);
                    return None;
                }
                Of::NetPromoterScore
            }
            None if question.kind.is_numeric() || question.kind == Kind::Scale => Of::Mean,
            None => {
                let message = format!("question `{}` has no mean: name an option in each cell", question.id);
                reader.error("contrast", question_span(question), message, None);
                return None;
            }
        };
        if let (Some(_), Some(code)) = (&self.level, &self.rest_of) {
            reader.error("contrast", code.span.clone(), "a cell has both `level` and `rest_of`, expected one", None);
            return None;
        }
        let among = match (self.level.as_ref().or(self.rest_of.as_ref()), segment) {
            (None, _) => Among::Total,
            (Some(code), Some(segment)) => {
                let known = segment.levels().iter().position(|level| level.code == code.value);
                let is_any = segment.levels().iter().any(|level| level.code.is_empty());
                if known.is_none() && !is_any {
                    let levels = || segment.levels().iter().map(|level| level.code.as_str());
                    let hint = did_you_mean(&code.value, levels())
                        .or_else(|| Some(format!("the levels are {}", quoted_list(levels()))));
                    let message = format!("segment `{}` has no level `{}`", segment.id, code.value);
                    reader.error("unknown-level", code.span.clone(), message, hint);
                }
                if self.level.is_some() { Among::Level(known?) } else { Among::Rest(known?) }
            }
            (Some(code), None) => {
                let hint = Some("add segment = \"id\" to the contrast".to_owned());
                reader.error("contrast", code.span.clone(), "a cell has a level, but the contrast no segment", hint);
                return None;
            }
        };
        Some(ContrastCell { factor, question: index, of, among })
    }
}

fn question_span(question: &Question) -> Range<usize> {
    if let crate::diagnostic::Place::Text(_, span) = &question.origin.0 { span.clone() } else { 0..0 }
}

/// `nets = { top2 = ["4", "5"], bottom2 = { label = "Unhappy", options = ["1", "2"] } }`
fn nets(reader: &mut Reader, section: &mut Section<'_>) -> Vec<NetSpec> {
    let Some(table) = section.section(reader, "nets") else { return Vec::new() };
    let mut nets = Vec::new();
    for (id, span, value) in table.entries() {
        let id = Typed { value: id.to_owned(), span: span.clone() };
        match value.get_ref() {
            DeValue::Table(table) => {
                let mut section = Section::new("net", span, table);
                let label = section.label(reader, "label");
                let options = section.texts(reader, "options").map(|texts| texts.value).unwrap_or_default();
                section.finish(reader);
                nets.push(NetSpec { id, label, options });
            }
            DeValue::Array(items) => {
                let options = items.iter().filter_map(|item| text_of(reader, item, &id.value)).collect();
                nets.push(NetSpec { id, label: None, options });
            }
            _ => {
                let hint = Some(format!("write nets = {{ {} = [\"4\", \"5\"] }}", id.value));
                reader.error("wrong-type", span, format!("net `{}` is no list of options", id.value), hint);
            }
        }
    }
    nets
}

/// The option of a code, as an index. Where one could not be read it may be the one that is meant: no further complaint.
pub(super) fn option(
    reader: &mut Reader,
    question: &str,
    options: &[QuestionOption],
    code: &Typed<String>,
) -> Option<usize> {
    let known = options.iter().position(|option| option.code == code.value);
    if known.is_none() && options.iter().all(|option| !option.code.is_empty()) {
        let codes = || options.iter().map(|option| option.code.as_str());
        let all = || {
            if options.is_empty() {
                "it has none".to_owned()
            } else {
                format!("the options are {}", quoted_list(codes()))
            }
        };
        let hint = Some(did_you_mean(&code.value, codes()).unwrap_or_else(all));
        let message = format!("{} has no option `{}`", called(question), code.value);
        reader.error("unknown-option", code.span.clone(), message, hint);
    }
    known
}

/// A question in a sentence; one that has no id has been complained of.
fn called(question: &str) -> String {
    if question.is_empty() { "this question".to_owned() } else { format!("question `{question}`") }
}

/// The segment of an id, as an index.
pub(super) fn segment_named(reader: &mut Reader, segments: &[Segment], id: &Typed<String>) -> Option<usize> {
    named(reader, "segment", segments.iter().map(|segment| segment.id.as_str()), id)
}

/// What has this id, as an index. Where one has none, as has been complained of, it may be the one that is meant.
fn named<'a>(
    reader: &mut Reader,
    what: &'static str,
    ids: impl Iterator<Item = &'a str> + Clone,
    id: &Typed<String>,
) -> Option<usize> {
    let known = ids.clone().position(|known| known == id.value);
    if known.is_none() && ids.clone().all(|known| !known.is_empty()) {
        let code = if what == "question" { "unknown-question" } else { "unknown-segment" };
        let hint = did_you_mean(&id.value, ids.clone()).unwrap_or_else(|| match ids.clone().count() {
            0 => format!("the study has no {what}"),
            _ => format!("there are {}", quoted_list(ids)),
        });
        reader.error(code, id.span.clone(), format!("there is no {what} `{}`", id.value), Some(hint));
    }
    known
}

fn from_0_to_10(options: &[QuestionOption]) -> bool {
    let values = || options.iter().filter_map(|option| option.value);
    values().all(|value| (0.0..=10.0).contains(&value))
        && values().any(|value| value == 10.0)
        && values().any(|value| value <= 6.0)
}
