//! The study file as typed: every value with its place, nothing yet checked against anything else.

use std::{ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Chances, Comparison, Condition, Definitions, DegreesOfFreedom, DesignEffect, Interval, Kind, Label, LonelyUnit,
    Missing, Publication, Quantile, QuantileRule, Reason, Sample, Simulation, System,
    exclusion::{ExclusionSpec, RuleSpec},
    figures::{ContrastSpec, FiguresSpec},
    keys,
    meaning::About,
    reader::{LANGUAGES, Reader, Section, Typed, choice_of, label_of, number_of, text_of},
    replicates::ReplicatesSpec,
    weighting::WeightingSpec,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source};

/// A study file as typed.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The file itself.
    pub source: Arc<Source>,
    pub(super) about: About,
    pub(super) data: DataSpec,
    pub(super) design: DesignSpec,
    pub(super) publication: Publication,
    pub(super) simulation: Simulation,
    pub(super) missing: Vec<MissingSpec>,
    pub(super) blank: Option<Reason>,
    pub(super) segments: Vec<SegmentSpec>,
    pub(super) questions: Vec<QuestionSpec>,
    pub(super) contrasts: Vec<ContrastSpec>,
    pub(super) weighting: Option<WeightingSpec>,
}

#[derive(Clone, Debug)]
pub(super) struct DataSpec {
    pub file: Option<Typed<String>>,
    pub format: Option<Typed<String>>,
    pub encoding: Option<Typed<String>>,
    pub sheet: Option<Typed<String>>,
    pub blank_short_rows: bool,
    pub decimal_comma: bool,
    pub synthetic: bool,
    pub exclude: Vec<ExclusionSpec>,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct DesignSpec {
    pub weight: Option<Typed<String>>,
    pub strata: Vec<Typed<String>>,
    pub units: Vec<Typed<String>>,
    pub fpc: Vec<Typed<String>>,
    pub nested: bool,
    pub chances: Chances,
    pub like: Option<System>,
    pub definitions: Definitions,
    pub confidence: f64,
    pub span: Range<usize>,
    pub replicates: Option<ReplicatesSpec>,
}

#[derive(Clone, Debug)]
pub(super) struct SegmentSpec {
    pub id: Typed<String>,
    pub label: Option<Label>,
    pub column: Option<Typed<String>>,
    pub levels: Option<Vec<OptionSpec>>,
    pub bands: Option<Typed<Vec<Typed<f64>>>>,
    pub missing: Vec<MissingSpec>,
    pub allow_empty: bool,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct QuestionSpec {
    pub id: Typed<String>,
    pub text: Option<Label>,
    pub short: Option<Label>,
    pub kind: Option<Kind>,
    pub columns: Option<Typed<Vec<Typed<String>>>>,
    pub chosen: Option<Typed<Vec<Typed<String>>>>,
    pub not_chosen: Option<Typed<Vec<Typed<String>>>>,
    /// What stands between answers in a cell that holds several.
    pub separator: Option<Typed<String>>,
    /// Whether cells hold codes of options rather than whether one was chosen.
    pub holds_codes: bool,
    /// The option that everything counts as which is not listed.
    pub other: Option<Typed<String>>,
    pub options: Option<Vec<OptionSpec>>,
    pub missing: Vec<MissingSpec>,
    /// Why cells are blank.
    pub blank: Option<Reason>,
    pub missing_in_base: Vec<Reason>,
    pub base_label: Option<Label>,
    pub base_where: Option<Typed<String>>,
    pub measured: bool,
    pub figures: FiguresSpec,
    pub headline: Vec<Typed<String>>,
    pub published: Vec<(Typed<String>, f64)>,
    pub assumed: Vec<(Typed<String>, f64)>,
    pub lean: Vec<(Typed<String>, f64)>,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct OptionSpec {
    pub code: Typed<String>,
    pub also: Vec<Typed<String>>,
    pub label: Option<Label>,
    pub value: Option<f64>,
    pub share: Option<f64>,
    pub column: Option<Typed<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct MissingSpec {
    pub code: Typed<String>,
    pub reason: Reason,
}

impl MissingSpec {
    pub fn meant(&self) -> Missing {
        Missing { code: self.code.value.clone(), reason: self.reason }
    }
}

impl Spec {
    /// Reads the text of a study file. Always gives a [`Spec`] back, as far as it could be understood, so that
    /// later checks can add what they find to the same list of complaints.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> (Self, Diagnostics) {
        let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
        let mut reader = Reader { source: Arc::clone(&source), problems: Diagnostics::default() };
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let place = reader.place(error.span().unwrap_or(0..0));
            let message = format!("this is not valid TOML: {}", error.message());
            reader.problems.push(Diagnostic::error("toml", place, message));
        }
        let mut root = Section::new("study file", 0..0, document.get_ref());
        let spec = Self {
            source,
            about: about(&mut reader, &mut root),
            missing: Vec::new(),
            blank: None,
            data: DataSpec {
                file: None,
                format: None,
                encoding: None,
                sheet: None,
                blank_short_rows: false,
                decimal_comma: false,
                synthetic: false,
                exclude: Vec::new(),
                span: 0..0,
            },
            design: design(&mut reader, &mut root),
            publication: publication(&mut reader, &mut root),
            simulation: simulation(&mut reader, &mut root),
            segments: segments(&mut reader, &mut root),
            questions: questions(&mut reader, &mut root),
            contrasts: ContrastSpec::read(&mut reader, &mut root),
            weighting: WeightingSpec::read(&mut reader, &mut root),
        };
        let spec = data(spec, &mut reader, &mut root);
        root.finish(&mut reader);
        (spec, reader.problems)
    }

    /// The data file as typed, and where.
    #[must_use]
    pub fn data_file(&self) -> Option<(&str, Place)> {
        let file = self.data.file.as_ref()?;
        Some((&file.value, Place::Text(Arc::clone(&self.source), file.span.clone())))
    }

    /// The format of the data file where one is given.
    #[must_use]
    pub fn data_format(&self) -> Option<&str> {
        self.data.format.as_ref().map(|format| format.value.as_str())
    }

    /// The encoding of the data file where one is given.
    #[must_use]
    pub fn data_encoding(&self) -> Option<&str> {
        self.data.encoding.as_ref().map(|encoding| encoding.value.as_str())
    }

    /// The sheet of the data file where one is given.
    #[must_use]
    pub fn data_sheet(&self) -> Option<&str> {
        self.data.sheet.as_ref().map(|sheet| sheet.value.as_str())
    }

    /// Whether rows of the data file may end early; their missing cells are blank.
    #[must_use]
    pub fn data_has_short_rows(&self) -> bool {
        self.data.blank_short_rows
    }

    /// The columns whose values must be looked up in the data because the file does not list them: those of questions
    /// and segments without a list, and those that only a condition compares.
    #[must_use]
    pub fn undeclared_columns(&self) -> Vec<String> {
        let segments = self
            .all_segments()
            .filter(|segment| segment.levels.is_none() && segment.bands.is_none())
            .map(|segment| segment.column().value.clone());
        let questions = self
            .questions
            .iter()
            .filter(|question| question.options.is_none() && question.kind != Some(Kind::Number))
            .filter(|question| question.kind != Some(Kind::Multiple))
            .filter_map(|question| match &question.columns {
                None => Some(question.id.value.clone()),
                Some(columns) if columns.value.len() == 1 => Some(columns.value[0].value.clone()),
                Some(_) => None,
            });
        let mut columns: Vec<String> = segments.chain(questions).collect();
        columns.extend(self.compared_columns());
        columns
    }

    /// The segments, and after them the variables that only weighting reads.
    pub(super) fn all_segments(&self) -> impl Iterator<Item = &SegmentSpec> {
        let own = self.weighting.iter().flat_map(|weighting| &weighting.variables);
        self.segments.iter().chain(own)
    }

    /// The codes that are no answer wherever a column is read.
    pub(super) fn missing_codes(&self, column: &str) -> Vec<String> {
        let segments = self.all_segments().filter(|segment| segment.column().value == column);
        let reads = |question: &&QuestionSpec| match &question.columns {
            Some(columns) => columns.value.iter().any(|own| own.value == column),
            None => question.id.value == column,
        };
        let questions = self.questions.iter().filter(reads).flat_map(|question| &question.missing);
        let numbers = self.weighting.iter().flat_map(|weighting| &weighting.numbers);
        let numbers = numbers.filter(|number| number.column.as_ref().is_some_and(|own| own.value == column));
        let missing = segments.flat_map(|segment| &segment.missing).chain(questions);
        let missing = missing.chain(numbers.flat_map(|number| &number.missing)).chain(&self.missing);
        missing.map(|missing| missing.code.value.clone()).collect()
    }

    /// The columns that conditions compare with values, and that no question or segment reads or is called like.
    fn compared_columns(&self) -> Vec<String> {
        let questions = self.questions.iter().map(|question| (&question.id, question.columns.as_ref()));
        let mut known: Vec<&str> = Vec::new();
        for (id, columns) in questions {
            known.push(&id.value);
            known.extend(columns.iter().flat_map(|columns| &columns.value).map(|column| column.value.as_str()));
        }
        for segment in self.all_segments() {
            known.push(&segment.id.value);
            known.extend(segment.column.as_ref().map(|column| column.value.as_str()));
        }
        let bases = self.questions.iter().filter_map(|question| question.base_where.as_ref());
        let excluded = self.data.exclude.iter().filter_map(|exclusion| match &exclusion.rule {
            RuleSpec::Where(sql) => Some(sql),
            RuleSpec::Named(_) => None,
        });
        let conditions = bases.chain(excluded).filter_map(|sql| Condition::parse(&sql.value).ok());
        let mut columns: Vec<String> = Vec::new();
        for condition in conditions {
            for atom in condition.atoms() {
                let is_new = !known.contains(&atom.column.as_str()) && !columns.contains(&atom.column);
                if is_new && matches!(atom.test, Comparison::In(_)) {
                    columns.push(atom.column.clone());
                }
            }
        }
        columns
    }
}

fn about(reader: &mut Reader, root: &mut Section<'_>) -> About {
    let untitled = || Label::new(Some("Ohne Titel".to_owned()), Some("Untitled".to_owned()));
    let mut about = About {
        title: untitled(),
        language: super::Language::default(),
        sample: None,
        fieldwork_from: None,
        fieldwork_to: None,
        population: None,
        conducted_by: None,
        sponsor: None,
        frame: None,
        recruitment: None,
        mode: None,
        weighting: None,
        quality: None,
        limitations: None,
        contact: None,
        notes: None,
    };
    let Some(mut section) = root.section(reader, "study") else { return about };
    about.title = section.label(reader, "title").unwrap_or_else(untitled);
    about.language = section.choice(reader, "language", &LANGUAGES).unwrap_or_default();
    about.sample = section.choice(reader, "sample", &[("probability", Sample::Probability), ("opt-in", Sample::OptIn)]);
    if let Some(mut fieldwork) = section.section(reader, "fieldwork") {
        about.fieldwork_from = date(reader, &mut fieldwork, "from");
        about.fieldwork_to = date(reader, &mut fieldwork, "to");
        fieldwork.finish(reader);
    }
    about.population = section.label(reader, "population");
    about.conducted_by = section.label(reader, "conducted_by");
    about.sponsor = section.label(reader, "sponsor");
    about.frame = section.label(reader, "frame");
    about.recruitment = section.label(reader, "recruitment");
    about.mode = section.label(reader, "mode");
    about.weighting = section.label(reader, "weighting");
    about.quality = section.label(reader, "quality");
    about.limitations = section.label(reader, "limitations");
    about.contact = section.label(reader, "contact");
    about.notes = section.label(reader, "notes");
    section.finish(reader);
    about
}

/// A date such as `2017-07-03`, with or without quotes.
fn date(reader: &mut Reader, section: &mut Section<'_>, key: &'static str) -> Option<String> {
    let typed = section.text(reader, key)?;
    if typed.value.parse::<toml::value::Datetime>().is_err() {
        let hint = Some("write the year, month and day as in 2017-07-03".to_owned());
        reader.error("not-a-date", typed.span, format!("`{key}` is `{}`, which is no date", typed.value), hint);
        return None;
    }
    Some(typed.value)
}

fn data(mut spec: Spec, reader: &mut Reader, root: &mut Section<'_>) -> Spec {
    let Some(mut section) = root.section(reader, "data") else {
        let hint = Some("add [data] with file = \"responses.csv\"".to_owned());
        reader.error("no-data", 0..0, "the study file names no data", hint);
        return spec;
    };
    spec.data.span = section.span.clone();
    spec.data.file = section.text(reader, "file");
    spec.data.format = section.text(reader, "format");
    spec.data.encoding = section.text(reader, "encoding");
    spec.data.sheet = section.text(reader, "sheet");
    let short_rows = [("error", false), ("blank", true)];
    spec.data.blank_short_rows = section.choice(reader, "short_rows", &short_rows).unwrap_or_default();
    let decimals = [(".", false), (",", true)];
    spec.data.decimal_comma = section.choice(reader, "decimal", &decimals).unwrap_or_default();
    spec.data.synthetic = section.flag(reader, "synthetic");
    spec.data.exclude = ExclusionSpec::read(reader, &mut section);
    let (missing, blank) = missing_and_blank(reader, &mut section);
    (spec.missing, spec.blank) = (missing, blank.map(|blank| blank.value));
    if spec.data.file.is_none() {
        let hint = Some("add file = \"responses.csv\", relative to the study file".to_owned());
        reader.error("no-data", spec.data.span.clone(), "[data] names no file", hint);
    }
    section.finish(reader);
    spec
}

fn design(reader: &mut Reader, root: &mut Section<'_>) -> DesignSpec {
    let mut design = DesignSpec {
        weight: None,
        strata: Vec::new(),
        units: Vec::new(),
        fpc: Vec::new(),
        nested: false,
        chances: Chances::default(),
        like: None,
        definitions: Definitions::default(),
        confidence: 0.95,
        span: 0..0,
        replicates: None,
    };
    let Some(mut section) = root.section(reader, "design") else { return design };
    design.span = section.span.clone();
    design.weight = section.text(reader, "weight");
    design.strata = section.columns_of_stages(reader, "strata");
    design.units = section.columns_of_stages(reader, "units");
    design.fpc = section.columns_of_stages(reader, "fpc");
    design.nested = section.flag(reader, "nested");
    design.chances = section.choice(reader, "pps", &[("brewer", Chances::Brewer)]).unwrap_or_default();
    design.like = section.choice(reader, "like", &System::ALL.map(|system| (system.name(), system)));
    design.definitions = definitions(reader, &mut section, design.like);
    design.replicates = ReplicatesSpec::read(reader, &mut section);
    if let Some(confidence) = section.number(reader, "confidence") {
        if (0.5..1.0).contains(&confidence.value) {
            design.confidence = confidence.value;
        } else {
            let hint = Some("write a level such as 0.95".to_owned());
            let message = format!("`confidence` is {}, expected between 0.5 and 1", reader.typed(&confidence));
            reader.error("out-of-range", confidence.span, message, hint);
        }
    }
    section.finish(reader);
    design
}

/// Those of a system, or ours, but for the keys that are there.
fn definitions(reader: &mut Reader, section: &mut Section<'_>, like: Option<System>) -> Definitions {
    let preset = like.map(System::definitions).unwrap_or_default();
    let lonely = LonelyUnit::ALL.map(|rule| (rule.name(), rule));
    let degrees = DegreesOfFreedom::ALL.map(|rule| (rule.name(), rule));
    let effects = DesignEffect::ALL.map(|effect| (effect.name(), effect));
    let rules = QuantileRule::ALL.map(|rule| (rule.name(), rule));
    let intervals: Vec<_> = Interval::names().collect();
    let quantiles = Quantile::ALL.map(|quantile| (quantile.name(), quantile));
    Definitions {
        lonely_unit: section.choice(reader, "lonely_unit", &lonely).unwrap_or(preset.lonely_unit),
        degrees_of_freedom: section.choice(reader, "degrees_of_freedom", &degrees).unwrap_or(preset.degrees_of_freedom),
        design_effect: section.choice(reader, "design_effect", &effects).unwrap_or(preset.design_effect),
        quantile_rule: section.choice(reader, "quantile_rule", &rules).unwrap_or(preset.quantile_rule),
        quantile_interval: section.choice(reader, "quantile_interval", &intervals).or(preset.quantile_interval),
        interval: section.choice(reader, "interval", &intervals).unwrap_or(preset.interval),
        quantile: section.choice(reader, "quantile", &quantiles).unwrap_or(preset.quantile),
        // A key of [weighting].
        residuals_of_raking: preset.residuals_of_raking,
    }
}

fn publication(reader: &mut Reader, root: &mut Section<'_>) -> Publication {
    let mut publication = Publication { minimum_count: 5, low_base: 100, very_low_base: 30 };
    let Some(mut section) = root.section(reader, "publication") else { return publication };
    let count = |reader: &mut Reader, section: &mut Section<'_>, key: &'static str, default: u64| {
        let Some(number) = section.number(reader, key) else { return default };
        if number.value >= 0.0 && number.value.fract() == 0.0 {
            return number.value as u64;
        }
        let message = format!("`{key}` is {}, expected a whole number of respondents", reader.typed(&number));
        reader.error("out-of-range", number.span, message, None);
        default
    };
    publication.minimum_count = count(reader, &mut section, "minimum_count", publication.minimum_count);
    publication.low_base = count(reader, &mut section, "low_base", publication.low_base);
    publication.very_low_base = count(reader, &mut section, "very_low_base", publication.very_low_base);
    section.finish(reader);
    publication
}

fn simulation(reader: &mut Reader, root: &mut Section<'_>) -> Simulation {
    let mut simulation = Simulation { strata: 10, units: 100, no_answer: 0.015 };
    let Some(mut section) = root.section(reader, "simulation") else { return simulation };
    for (key, target) in [("strata", &mut simulation.strata), ("units", &mut simulation.units)] {
        if let Some(number) = section.number(reader, key) {
            if number.value >= 1.0 && number.value.fract() == 0.0 && number.value < 1e9 {
                *target = number.value as u32;
            } else {
                let message = format!("`{key}` is {}, expected a whole number from 1", reader.typed(&number));
                reader.error("out-of-range", number.span, message, None);
            }
        }
    }
    if let Some(percent) = section.number(reader, "no_answer") {
        if (0.0..100.0).contains(&percent.value) {
            simulation.no_answer = percent.value / 100.0;
        } else {
            let message =
                format!("`no_answer` is {}, expected a percentage from 0 to below 100", reader.typed(&percent));
            reader.error("out-of-range", percent.span, message, None);
        }
    }
    section.finish(reader);
    simulation
}

fn segments(reader: &mut Reader, root: &mut Section<'_>) -> Vec<SegmentSpec> {
    let mut segments = Vec::new();
    for mut section in root.sections(reader, "segment") {
        let mut segment = SegmentSpec::read(reader, &mut section);
        segment.allow_empty = section.flag(reader, "allow_empty");
        section.finish(reader);
        segments.push(segment);
    }
    segments
}

impl SegmentSpec {
    /// Reads what all that splits respondents has: segments, and variables of weighting.
    pub fn read(reader: &mut Reader, section: &mut Section<'_>) -> Self {
        let id = id(reader, section);
        Self {
            label: section.label(reader, "label"),
            column: section.text(reader, "column"),
            levels: options(reader, section, "levels"),
            bands: section.numbers(reader, "bands"),
            missing: missing(reader, section),
            allow_empty: false,
            span: id.span.clone(),
            id,
        }
    }

    /// The column that is read.
    pub fn column(&self) -> &Typed<String> {
        self.column.as_ref().unwrap_or(&self.id)
    }
}

fn questions(reader: &mut Reader, root: &mut Section<'_>) -> Vec<QuestionSpec> {
    let kinds = [Kind::Single, Kind::Multiple, Kind::Scale, Kind::Number, Kind::Ratio].map(|kind| (kind.name(), kind));
    let mut questions = Vec::new();
    for mut section in root.sections(reader, "question") {
        let id = id(reader, &mut section);
        let kind = section.choice(reader, "kind", &kinds);
        let column = section.columns(reader, "column");
        let columns = section.columns(reader, "columns");
        if let (Some(column), Some(_)) = (&column, &columns) {
            let hint = Some("a multiple-response question has `columns`, any other has `column`".to_owned());
            reader.error("both-columns", column.span.clone(), "both `column` and `columns` are given", hint);
        }
        let (missing, blank) = missing_and_blank(reader, &mut section);
        let mut question = QuestionSpec {
            text: section.label(reader, "text"),
            short: section.label(reader, "short"),
            kind,
            columns: column.or(columns),
            chosen: spellings(reader, &mut section, "chosen"),
            not_chosen: spellings(reader, &mut section, "not_chosen"),
            separator: separator(reader, &mut section),
            holds_codes: section.choice(reader, "cells", &[("ticks", false), ("codes", true)]).unwrap_or(false),
            other: section.text(reader, "other"),
            options: options(reader, &mut section, "options"),
            missing,
            blank: blank.map(|blank| blank.value),
            missing_in_base: reasons(reader, &mut section, "missing_in_base"),
            base_label: None,
            base_where: None,
            measured: section.flag(reader, "measured"),
            figures: FiguresSpec::read(reader, &mut section),
            headline: section.texts(reader, "headline").map(|texts| texts.value).unwrap_or_default(),
            published: amounts(reader, &mut section, "published"),
            assumed: amounts(reader, &mut section, "assumed"),
            lean: amounts(reader, &mut section, "lean"),
            span: id.span.clone(),
            id,
        };
        base(reader, &mut section, &mut question);
        section.finish(reader);
        questions.push(question);
    }
    questions
}

/// What stands between answers: a text that is not empty, since then every letter would be an answer.
fn separator(reader: &mut Reader, section: &mut Section<'_>) -> Option<Typed<String>> {
    let separator = section.text(reader, "separator")?;
    if separator.value.is_empty() {
        let hint = Some("write what stands between two answers: separator = \", \"".to_owned());
        reader.error("empty", separator.span, "`separator` is empty", hint);
        return None;
    }
    Some(separator)
}

/// `base = { label = "Users", where = "use = 'yes'" }`
fn base(reader: &mut Reader, section: &mut Section<'_>, question: &mut QuestionSpec) {
    let Some((span, value)) = section.take("base") else { return };
    let DeValue::Table(table) = value.get_ref() else {
        let condition = value.get_ref().as_str().filter(|text| !text.contains('"')).unwrap_or("use = 'yes'");
        let hint = format!("write base = {{ label = \"who was asked\", where = \"{condition}\" }}");
        reader.wrong_type(value, "base", "a table with `label` and `where`", Some(hint));
        return;
    };
    if table.is_empty() {
        section.complain_of_empty(
            reader,
            "base",
            value.span(),
            "`label` and `where`",
            "{ label = \"Users\", where = \"use = 'yes'\" }",
        );
    }
    let mut base = Section::new("base", span, table);
    question.base_label = base.label(reader, "label");
    question.base_where = base.text(reader, "where");
    base.finish(reader);
}

/// The id every segment and question must have; an empty one stands for one that has been complained of.
pub(super) fn id(reader: &mut Reader, section: &mut Section<'_>) -> Typed<String> {
    let is_absent = section.lacks("id");
    let id = section.text(reader, "id");
    if is_absent || id.as_ref().is_some_and(|id| id.value.trim().is_empty()) {
        let span = id.as_ref().map_or(section.span.clone(), |id| id.span.clone());
        let what = keys::heading(section.name());
        let message = format!("this {what} has {}", if is_absent { "no `id`" } else { "an empty `id`" });
        reader.error("no-id", span, message, Some("write id = \"a_short_name\"".to_owned()));
    }
    id.filter(|id| !id.value.trim().is_empty())
        .unwrap_or_else(|| Typed { value: String::new(), span: section.span.clone() })
}

/// Options in any of their three forms: a list of codes, a list of tables, or a table from code to label. One that cannot
/// be read has an empty code: it may be any, so that nothing that names an option is a mistake for its absence.
fn options(reader: &mut Reader, section: &mut Section<'_>, key: &'static str) -> Option<Vec<OptionSpec>> {
    let (_, value) = section.take(key)?;
    let options: Vec<OptionSpec> = match value.get_ref() {
        DeValue::Array(items) => items.iter().map(|item| option_in_list(reader, item, key)).collect(),
        DeValue::Table(table) => {
            let entries = Section::new(key, value.span(), table).entries();
            entries.into_iter().map(|(code, span, value)| option_in_table(reader, code, span, value)).collect()
        }
        _ => {
            let hint = format!("write {key} = [\"yes\", \"no\"] or {key} = {{ yes = \"Yes\", no = \"No\" }}");
            reader.wrong_type(value, key, "a list or a table", Some(hint));
            return None;
        }
    };
    if options.is_empty() {
        section.complain_of_empty(reader, key, value.span(), "one or more", "[\"yes\", \"no\"]");
        return None;
    }
    Some(options)
}

fn option_in_list(reader: &mut Reader, item: &Spanned<DeValue<'_>>, key: &'static str) -> OptionSpec {
    let broken = || Typed { value: String::new(), span: item.span() };
    let plain = |code| OptionSpec { code, also: Vec::new(), label: None, value: None, share: None, column: None };
    let DeValue::Table(table) = item.get_ref() else {
        let Some(code) = text_of(reader, item, key) else { return plain(broken()) };
        if code.value.trim().is_empty() {
            reader.error("no-code", code.span, format!("`{key}` has an empty code"), Some(BLANKS.to_owned()));
            return plain(broken());
        }
        return plain(code);
    };
    let mut section = Section::new("option", item.span(), table);
    let is_absent = section.lacks("code");
    let code = section.text(reader, "code");
    if is_absent || code.as_ref().is_some_and(|code| code.value.trim().is_empty()) {
        let hint = if is_absent { "add code = \"...\": what the data hold" } else { BLANKS };
        let message = format!("an item of `{key}` has {}", if is_absent { "no `code`" } else { "an empty `code`" });
        reader.error("no-code", item.span(), message, Some(hint.to_owned()));
    }
    let code = code.filter(|code| !code.value.trim().is_empty()).unwrap_or_else(broken);
    let option = option_details(reader, &mut section, code);
    section.finish(reader);
    option
}

const BLANKS: &str = "blank cells are no answer, `skipped` unless missing = { \"\" = \"not_shown\" } says why; missing_in_base = [\"skipped\"] keeps them in the base";

fn option_in_table(reader: &mut Reader, code: &str, span: Range<usize>, value: &Spanned<DeValue<'_>>) -> OptionSpec {
    let code = Typed { value: code.to_owned(), span: span.clone() };
    if code.value.trim().is_empty() {
        reader.error("no-code", span.clone(), "this has an empty code", Some(BLANKS.to_owned()));
    }
    if let DeValue::Table(table) = value.get_ref() {
        let is_label = table.keys().all(|key| matches!(key.get_ref().as_ref(), "de" | "en"));
        if !is_label {
            let mut section = Section::new("option", span, table);
            let option = option_details(reader, &mut section, code);
            section.finish(reader);
            return option;
        }
    }
    let label = label_of(reader, span, value, &code.value);
    OptionSpec { code, also: Vec::new(), label, value: None, share: None, column: None }
}

fn option_details(reader: &mut Reader, section: &mut Section<'_>, code: Typed<String>) -> OptionSpec {
    OptionSpec {
        code,
        also: spellings(reader, section, "also").map(|texts| texts.value).unwrap_or_default(),
        label: section.label(reader, "label"),
        value: section.number(reader, "value").map(|number| number.value),
        share: section.number(reader, "share").map(|number| number.value),
        column: section.text(reader, "column"),
    }
}

/// What else stands in cells; a blank cell is no answer.
fn spellings(reader: &mut Reader, section: &mut Section<'_>, key: &'static str) -> Option<Typed<Vec<Typed<String>>>> {
    let texts = section.texts(reader, key)?;
    for text in texts.value.iter().filter(|text| text.value.trim().is_empty()) {
        let message = format!("`{key}` has an empty text");
        reader.error("no-code", text.span.clone(), message, Some(BLANKS.to_owned()));
    }
    Some(texts)
}

/// Codes that are no answer, where blank cells have no reason of their own.
pub(super) fn missing(reader: &mut Reader, section: &mut Section<'_>) -> Vec<MissingSpec> {
    let (missing, blank) = missing_and_blank(reader, section);
    if let Some(blank) = blank {
        let hint = Some("say why cells are blank in [data] or in a question; here they are nothing".to_owned());
        reader.error("no-code", blank.span, "`missing` has an empty code", hint);
    }
    missing
}

/// `missing = { "-99" = "skipped", "98" = "dont_know", "" = "not_shown" }`: codes that are no answer, and why cells are
/// blank.
fn missing_and_blank(reader: &mut Reader, section: &mut Section<'_>) -> (Vec<MissingSpec>, Option<Typed<Reason>>) {
    let Some(table) = section.section(reader, "missing") else { return (Vec::new(), None) };
    let (mut missing, mut blank) = (Vec::new(), None);
    for (code, span, value) in table.entries() {
        let Some(typed) = text_of(reader, value, code) else { continue };
        let name = if code.trim().is_empty() { "blank" } else { code };
        match choice_of(reader, &typed, name, &Reason::ALL.map(|reason| (reason.name(), reason))) {
            Some(reason) if code.trim().is_empty() => blank = Some(Typed { value: reason, span }),
            Some(reason) => missing.push(MissingSpec { code: Typed { value: code.to_owned(), span }, reason }),
            None => {}
        }
    }
    (missing, blank)
}

fn reasons(reader: &mut Reader, section: &mut Section<'_>, key: &'static str) -> Vec<Reason> {
    let Some(texts) = section.texts(reader, key) else { return Vec::new() };
    let choices = Reason::ALL.map(|reason| (reason.name(), reason));
    texts.value.iter().filter_map(|typed| choice_of(reader, typed, key, &choices)).collect()
}

/// `published = { yes = 20 }`
fn amounts(reader: &mut Reader, section: &mut Section<'_>, key: &'static str) -> Vec<(Typed<String>, f64)> {
    let Some(table) = section.section(reader, key) else { return Vec::new() };
    let mut amounts = Vec::new();
    for (name, span, value) in table.entries() {
        if let Some(number) = number_of(reader, value, name) {
            amounts.push((Typed { value: name.to_owned(), span }, number.value));
        }
    }
    amounts
}
