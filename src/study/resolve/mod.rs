//! From the study file as typed to the study as meant.
//!
//! Defaults: a question's column has the question's id; its kind follows from its columns and values; options
//! that are not listed are those found in the data, in the order of [`order`](super::order); the base is
//! everybody; a blank answer within the base is `skipped`; the headline is the yes among yes and no, all options of
//! a multiple response, otherwise the most frequent answer.

mod conditions;
mod sample;
mod weighting;

use std::{collections::HashMap, ops::Range, path::Path};

use super::{
    Base, Data, Kind, Label, Level, Levels, Origin, Question, QuestionOption, Segment, Study,
    figures::{option, segment_named},
    meaning::{finite, same_code},
    order::sort_options,
    reader::{Reader, Typed},
    spec::{MissingSpec, OptionSpec, QuestionSpec, SegmentSpec, Spec},
    weighting::TargetTable,
};
use crate::diagnostic::{Diagnostics, counted, did_you_mean, quoted_list};

/// What a study file needs to know of its data: the columns there are, and the values of undeclared ones.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The columns of the data file, in order; `None` where there is no data yet.
    pub columns: Option<Vec<String>>,
    /// The distinct values of the columns that [`Spec::undeclared_columns`] named, blanks left out.
    pub values: HashMap<String, Values>,
    /// Whether the values are those of respondents who are left, when what says that others are not has been checked.
    pub has_excluded: bool,
    /// What was found in the files that [`Spec::target_files`] named, by the position of the margin; `None` where that could
    /// not be read, as has been said. No entry is an error.
    pub targets: HashMap<usize, Option<TargetTable>>,
}

/// The distinct values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Few enough to be options, each with its count.
    Few(Vec<(String, u64)>),
    /// Too many to be options; all numbers.
    ManyNumbers,
    /// Too many to be options; texts.
    ManyTexts,
}

/// Resolves a study file that lies in `folder`. `problems` are those found so far; all are returned together. A study that only
/// weights has no question.
pub fn resolve(spec: &Spec, folder: &Path, catalog: &Catalog, problems: Diagnostics) -> Result<Study, Diagnostics> {
    let mut resolver = Resolver {
        reader: Reader { source: spec.source.clone(), problems },
        spec,
        catalog,
        columns: HashMap::new(),
        spellings: HashMap::new(),
    };
    let segments: Vec<Segment> = spec.segments.iter().map(|segment| resolver.segment(segment)).collect();
    let own = resolver.weighting_variables();
    let mut questions: Vec<Question> =
        spec.questions.iter().map(|question| resolver.question(question, &segments)).collect();
    resolver.unique_ids();
    let ids = resolver.conditions(&mut questions, &segments);
    let exclude = resolver.exclusions(&ids);
    let contrasts = spec.contrasts.iter();
    let contrasts =
        contrasts.filter_map(|contrast| contrast.meant(&mut resolver.reader, &mut questions, &segments)).collect();
    let design = resolver.design();
    let weighting = resolver.weighting(&segments, own, folder);
    let study = Study {
        about: spec.about.clone(),
        data: Data {
            file: folder.join(spec.data.file.as_ref().map_or("", |file| file.value.as_str())),
            format: spec.data.format.as_ref().map(|format| format.value.clone()),
            missing: spec.missing.iter().map(MissingSpec::meant).collect(),
            decimal_comma: spec.data.decimal_comma,
            synthetic: spec.data.synthetic,
            exclude,
            origin: resolver.origin(spec.data.file.as_ref().map_or(spec.data.span.clone(), |file| file.span.clone())),
        },
        design,
        publication: spec.publication.clone(),
        simulation: spec.simulation.clone(),
        segments,
        questions,
        packings: spec.packings(),
        contrasts,
        weighting,
        source: spec.source.clone(),
    };
    resolver.reader.problems.unless_errors(study).map(|(study, _)| study)
}

/// Codes that a column, or one comparison of a condition, can tell apart.
const MOST_OPTIONS: usize = 200;

/// The code of an option or level that could not be read, as has been complained of: it may be any, so that nothing that
/// names it is a mistake too.
const UNKNOWN: &str = "";

struct Resolver<'a> {
    reader: Reader,
    spec: &'a Spec,
    catalog: &'a Catalog,
    /// The codes of columns already declared, so that two uses of a column cannot contradict each other unnoticed.
    columns: HashMap<String, Vec<String>>,
    /// For each column other spellings of codes, with the code.
    spellings: HashMap<String, Vec<(String, String)>>,
}

impl Resolver<'_> {
    fn origin(&self, span: Range<usize>) -> Origin {
        Origin(self.reader.place(span))
    }

    fn segment(&mut self, spec: &SegmentSpec) -> Segment {
        let column = spec.column().clone();
        let exists = self.column_exists(&column);
        let levels = match (&spec.bands, &spec.levels) {
            (Some(bands), levels) => self.bands(spec, bands, levels.as_deref()),
            (None, Some(levels)) => Levels::Codes(levels.iter().map(|level| self.level(level)).collect()),
            (None, None) if exists => Levels::Codes(self.found_levels(&column, spec)),
            (None, None) => Levels::Codes(vec![self.found_level(UNKNOWN.to_owned(), spec)]),
        };
        if let Levels::Codes(levels) = &levels {
            self.unique_codes(spec.levels.as_deref().unwrap_or_default(), "level");
            self.note_spellings(&column.value, levels.iter().map(|level| (&level.code, &level.also)));
            for missing in &spec.missing {
                let mut codes = levels.iter().flat_map(|level| [&level.code].into_iter().chain(&level.also));
                if codes.any(|code| same_code(code, &missing.code.value)) {
                    let message = format!("`{}` is both a level and missing", missing.code.value);
                    self.reader.error("level-and-missing", missing.code.span.clone(), message, None);
                }
            }
            let missing = spec.missing.iter().chain(&self.spec.missing).map(|missing| missing.code.value.clone());
            let levels = levels.iter().flat_map(|level| [&level.code].into_iter().chain(&level.also).cloned());
            let codes = levels.chain(missing).collect();
            self.columns.insert(column.value.clone(), codes);
        }
        Segment {
            id: spec.id.value.clone(),
            label: spec.label.clone().unwrap_or_else(|| Label::plain(&spec.id.value)),
            column: column.value,
            levels,
            missing: spec.missing.iter().map(MissingSpec::meant).collect(),
            allow_empty: spec.allow_empty,
            origin: self.origin(spec.span.clone()),
        }
    }

    fn level(&self, spec: &OptionSpec) -> Level {
        Level {
            code: spec.code.value.clone(),
            also: texts(&spec.also),
            label: spec.label.clone().unwrap_or_else(|| Label::plain(&spec.code.value)),
            share: spec.share,
            origin: self.origin(spec.code.span.clone()),
        }
    }

    fn bands(&mut self, spec: &SegmentSpec, bands: &Typed<Vec<Typed<f64>>>, details: Option<&[OptionSpec]>) -> Levels {
        let starts: Vec<f64> = bands.value.iter().map(|start| start.value).collect();
        let falls = bands.value.windows(2).find(|pair| pair[0].value >= pair[1].value);
        let wrong = match falls {
            Some([one, next]) => {
                Some(format!("`bands` do not rise: {} comes after {}", self.reader.typed(next), self.reader.typed(one)))
            }
            _ => starts.is_empty().then(|| "`bands` is empty".to_owned()),
        };
        if let Some(message) = wrong.filter(|_| !self.reader.has_complained_within(&bands.span)) {
            let hint = Some("write the lower ends of the bands in rising order, such as [18, 25, 35]".to_owned());
            self.reader.error("bad-bands", bands.span.clone(), message, hint);
        }
        let codes: Vec<String> = (0..starts.len()).map(|i| band_code(&starts, i)).collect();
        for detail in details.unwrap_or_default() {
            if !codes.contains(&detail.code.value) {
                let hint = did_you_mean(&detail.code.value, codes.iter().map(String::as_str))
                    .or_else(|| Some(format!("the bands are {}", quoted_list(codes.iter().map(String::as_str)))));
                let message = format!("segment `{}` has no band `{}`", spec.id.value, detail.code.value);
                self.reader.error("unknown-level", detail.code.span.clone(), message, hint);
            }
        }
        let levels = (codes.iter().zip(&bands.value))
            .map(|(code, start)| {
                let detail = details.unwrap_or_default().iter().find(|detail| detail.code.value == *code);
                Level {
                    code: code.clone(),
                    also: Vec::new(),
                    label: detail.and_then(|d| d.label.clone()).unwrap_or_else(|| band_label(code)),
                    share: detail.and_then(|detail| detail.share),
                    origin: self.origin(detail.map_or(start.span.clone(), |detail| detail.code.span.clone())),
                }
            })
            .collect();
        Levels::Bands { starts, levels }
    }

    fn found_levels(&mut self, column: &Typed<String>, spec: &SegmentSpec) -> Vec<Level> {
        let missing: Vec<&MissingSpec> = spec.missing.iter().chain(&self.spec.missing).collect();
        let found = self.found(column, &missing, "levels", "segment");
        found.into_iter().map(|code| self.found_level(code, spec)).collect()
    }

    fn found_level(&self, code: String, spec: &SegmentSpec) -> Level {
        let origin = self.origin(spec.span.clone());
        Level { label: Label::plain(&code), code, also: Vec::new(), share: None, origin }
    }

    /// The values of a column that the file does not list, or a complaint that there are too many. `1` and `1.0` are
    /// one value.
    fn found(&mut self, column: &Typed<String>, missing: &[&MissingSpec], list: &str, owner: &str) -> Vec<String> {
        match self.catalog.values.get(&column.value) {
            Some(Values::Few(values)) => {
                let mut once: Vec<(String, u64)> = Vec::new();
                for (value, count) in values {
                    if missing.iter().any(|missing| same_code(&missing.code.value, value)) {
                        continue;
                    }
                    match once.iter_mut().find(|(known, _)| same_code(known, value)) {
                        Some((_, known)) => *known += count,
                        None => once.push((value.clone(), *count)),
                    }
                }
                sort_options(&mut once);
                once.into_iter().map(|(value, _)| value).collect()
            }
            Some(Values::ManyNumbers | Values::ManyTexts) => {
                let message = format!("column `{}` has too many different values for a {owner}", column.value);
                let hint =
                    Some(format!("list its {list}, or use bands = [...] (segment) or kind = \"number\" (question)"));
                self.reader.error("too-many-values", column.span.clone(), message, hint);
                vec![UNKNOWN.to_owned()]
            }
            None => {
                let message =
                    format!("the {list} of this {owner} are not listed, and there are no data to find them in");
                self.reader.error("no-options", column.span.clone(), message, Some(format!("add {list} = [...]")));
                vec![UNKNOWN.to_owned()]
            }
        }
    }

    fn question(&mut self, spec: &QuestionSpec, segments: &[Segment]) -> Question {
        let columns = self.question_columns(spec);
        let kind = spec.kind.unwrap_or_else(|| self.guess_kind(spec, &columns));
        let packed = spec.columns.as_ref().map_or_else(|| vec![spec.id.clone()], |columns| columns.value.clone());
        let sources = if spec.is_packed() { &packed } else { &columns };
        let columns_exist = sources.iter().map(|column| self.column_exists(column)).fold(true, |a, b| a & b);
        if kind == Kind::Ratio {
            if columns.len() != 2 {
                let hint = Some("write columns = [\"spent\", \"visits\"]".to_owned());
                let message = format!(
                    "question `{}` is a ratio of two columns, numerator and denominator, but names {}",
                    spec.id.value,
                    counted(columns.len(), "column")
                );
                self.reader.error("ratio", spec.span.clone(), message, hint);
            }
        } else if kind != Kind::Multiple && columns.len() > 1 {
            let hint = Some("kind = \"multiple\" has several columns".to_owned());
            let message =
                format!("question `{}` has {}, expected one", spec.id.value, counted(columns.len(), "column"));
            self.reader.error("too-many-columns", columns[1].span.clone(), message, hint);
        }
        let missing: Vec<&MissingSpec> = spec
            .missing
            .iter()
            .chain(
                self.spec
                    .missing
                    .iter()
                    .filter(|general| spec.missing.iter().all(|own| own.code.value != general.code.value)),
            )
            .collect();
        let options = match (&spec.options, kind) {
            (_, Kind::Number | Kind::Ratio) => Vec::new(),
            (Some(options), _) => options.iter().map(|option| self.option(option, spec)).collect(),
            (None, Kind::Multiple) => self.options_from_columns(spec, &columns),
            (None, _) if columns_exist => {
                let found = self.found(&columns[0], &missing, "options", "question");
                found.into_iter().map(|code| self.found_option(code, spec)).collect()
            }
            (None, _) => vec![self.found_option(UNKNOWN.to_owned(), spec)],
        };
        self.options_make_sense(spec, kind, &options, &columns, &missing);
        let headline = self.headline(spec, kind, &options);
        let lean = spec
            .lean
            .iter()
            .filter_map(|(segment, strength)| Some((segment_named(&mut self.reader, segments, segment)?, *strength)));
        let lean = lean.collect();
        if !kind.is_numeric() && kind != Kind::Multiple && columns.len() == 1 {
            self.note_spellings(&columns[0].value, options.iter().map(|option| (&option.code, &option.also)));
            let codes = options.iter().flat_map(|option| [&option.code].into_iter().chain(&option.also).cloned());
            let codes = codes.chain(missing.iter().map(|missing| missing.code.value.clone())).collect();
            self.columns.insert(columns[0].value.clone(), codes);
        }
        let text = spec.text.clone().or_else(|| spec.short.clone()).unwrap_or_else(|| Label::plain(&spec.id.value));
        Question {
            id: spec.id.value.clone(),
            short: spec.short.clone().unwrap_or_else(|| text.clone()),
            text,
            kind,
            column_origin: self.origin(columns.first().map_or(spec.span.clone(), |column| column.span.clone())),
            columns: columns.into_iter().map(|column| column.value).collect(),
            chosen: spec.chosen.as_ref().map(|chosen| texts(&chosen.value)).unwrap_or_default(),
            not_chosen: spec.not_chosen.as_ref().map(|marks| texts(&marks.value)).unwrap_or_default(),
            missing: missing.iter().map(|missing| missing.meant()).collect(),
            blank: spec.blank.or(self.spec.blank).unwrap_or(super::Reason::Skipped),
            missing_in_base: spec.missing_in_base.clone(),
            base: Base {
                // A condition without a name is its own name: the base is not everybody.
                label: spec.base_label.clone().or_else(|| {
                    let sql = &spec.base_where.as_ref()?.value;
                    Some(Label::new(Some(format!("alle mit {sql}")), Some(format!("all with {sql}"))))
                }),
                condition: None,
                origin: self.origin(spec.base_where.as_ref().map_or(spec.span.clone(), |sql| sql.span.clone())),
            },
            measured: spec.measured,
            nets: spec.figures.nets(&mut self.reader, &spec.id.value, kind, &options),
            both: Vec::new(),
            further: spec.figures.further(&mut self.reader, &spec.id.value, kind, &options),
            headline,
            lean,
            options,
            origin: self.origin(spec.span.clone()),
        }
    }

    fn question_columns(&self, spec: &QuestionSpec) -> Vec<Typed<String>> {
        if let Some(packing) = spec.packing(self.spec) {
            let span = spec.columns.as_ref().map_or(&spec.id.span, |columns| &columns.span);
            return packing.columns.into_iter().map(|value| Typed { value, span: span.clone() }).collect();
        }
        if let Some(columns) = &spec.columns {
            return columns.value.clone();
        }
        match (&spec.options, spec.kind) {
            (Some(options), Some(Kind::Multiple)) => (options.iter())
                .map(|option| {
                    let default = || match (spec.id.value.as_str(), option.code.value.as_str()) {
                        ("", _) => spec.id.clone(),
                        (_, UNKNOWN) => option.code.clone(),
                        (id, code) => Typed { value: format!("{id}_{code}"), span: option.code.span.clone() },
                    };
                    option.column.clone().unwrap_or_else(default)
                })
                .collect(),
            _ => vec![spec.id.clone()],
        }
    }

    fn guess_kind(&self, spec: &QuestionSpec, columns: &[Typed<String>]) -> Kind {
        if columns.len() > 1 {
            return Kind::Multiple;
        }
        let values = columns.first().and_then(|column| self.catalog.values.get(&column.value));
        match (&spec.options, values) {
            (None, Some(Values::ManyNumbers)) => Kind::Number,
            _ => Kind::Single,
        }
    }

    fn option(&mut self, spec: &OptionSpec, question: &QuestionSpec) -> QuestionOption {
        QuestionOption {
            code: spec.code.value.clone(),
            also: texts(&spec.also),
            label: spec.label.clone().unwrap_or_else(|| Label::plain(&spec.code.value)),
            value: spec.value.or_else(|| finite(&spec.code.value)),
            published: amount_of(&question.published, &spec.code.value),
            assumed: amount_of(&question.assumed, &spec.code.value),
            origin: self.origin(spec.code.span.clone()),
        }
    }

    fn found_option(&mut self, code: String, question: &QuestionSpec) -> QuestionOption {
        QuestionOption {
            label: Label::plain(&code),
            value: finite(&code),
            published: amount_of(&question.published, &code),
            assumed: amount_of(&question.assumed, &code),
            origin: self.origin(question.span.clone()),
            also: Vec::new(),
            code,
        }
    }

    /// The options of a multiple response that lists only columns: what the names do not share.
    fn options_from_columns(&mut self, spec: &QuestionSpec, columns: &[Typed<String>]) -> Vec<QuestionOption> {
        let names: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
        let shared = shared_stem(&names);
        names.iter().map(|name| self.found_option(name[shared..].to_owned(), spec)).collect()
    }

    fn options_make_sense(
        &mut self,
        spec: &QuestionSpec,
        kind: Kind,
        options: &[QuestionOption],
        columns: &[Typed<String>],
        missing: &[&MissingSpec],
    ) {
        let listed = spec.options.as_deref().unwrap_or_default();
        self.unique_codes(listed, "option");
        if options.len() > MOST_OPTIONS {
            let message = format!(
                "question `{}` has {} options, at most {MOST_OPTIONS} are possible",
                spec.id.value,
                options.len()
            );
            self.reader.error("too-many-options", spec.span.clone(), message, None);
        }
        let are_known = columns.iter().all(|column| !column.value.is_empty());
        if kind == Kind::Multiple && are_known && columns.len() != options.len() {
            let message = format!(
                "question `{}` has {} and {}, expected one column for each option",
                spec.id.value,
                counted(options.len(), "option"),
                counted(columns.len(), "column")
            );
            self.reader.error("options-and-columns", spec.span.clone(), message, None);
        }
        if let (Some(chosen), true) = (&spec.chosen, kind != Kind::Multiple) {
            let hint = Some("for other kinds write options = { yes = { also = [\"x\"] } }".to_owned());
            let message = format!("question `{}` is no multiple response, so nothing can be `chosen`", spec.id.value);
            self.reader.error("chosen", chosen.span.clone(), message, hint);
        }
        let not_chosen = || spec.not_chosen.iter().flat_map(|marks| &marks.value);
        let is_usual = |mark: &Typed<String>, usual: &str| same_code(&mark.value, usual);
        for mark in spec.chosen.iter().flat_map(|chosen| &chosen.value) {
            let is_denied = not_chosen().any(|other| same_code(&other.value, &mark.value)) || is_usual(mark, "0");
            if is_denied || missing.iter().any(|code| same_code(&code.code.value, &mark.value)) {
                let message = format!("`{}` cannot be both chosen and not", mark.value);
                self.reader.error("chosen", mark.span.clone(), message, None);
            }
        }
        if let (Some(mark), true) = (not_chosen().find(|mark| is_usual(mark, "1")), spec.chosen.is_none()) {
            let hint = Some("say what means chosen: chosen = [\"2\"]".to_owned());
            self.reader.error("chosen", mark.span.clone(), "1 means not chosen here, and nothing means chosen", hint);
        }
        self.packing_makes_sense(spec, kind, columns);
        for option in
            listed.iter().filter(|option| kind == Kind::Multiple && !spec.is_packed() && !option.also.is_empty())
        {
            let hint = Some("what stands for a chosen option goes into the question: chosen = [\"x\"]".to_owned());
            let message = "an option of a multiple response has no other spellings";
            self.reader.error("chosen", option.also[0].span.clone(), message, hint);
        }
        if kind.is_numeric() && !spec.missing_in_base.is_empty() {
            let message =
                format!("question `{}` asks for a number: its mean takes only those who gave one", spec.id.value);
            let hint = Some("remove missing_in_base".to_owned());
            self.reader.error("missing-in-base", spec.span.clone(), message, hint);
        }
        for missing in missing {
            let is_option = |option: &QuestionOption| {
                [&option.code].into_iter().chain(&option.also).any(|code| same_code(code, &missing.code.value))
            };
            if options.iter().any(is_option) && kind != Kind::Multiple {
                let message = format!("`{}` is both an option and missing", missing.code.value);
                self.reader.error("option-and-missing", missing.code.span.clone(), message, None);
            }
        }
        for (code, amount) in spec.published.iter().chain(&spec.assumed) {
            self.option_exists(spec, options, code);
            if !(0.0..=100.0).contains(amount) {
                let message = format!("`{}` is {amount}, expected percent between 0 and 100", code.value);
                self.reader.error("out-of-range", code.span.clone(), message, None);
            }
        }
    }

    /// Only a multiple response has its answers packed; then its options are listed, and nothing else says what was chosen.
    fn packing_makes_sense(&mut self, spec: &QuestionSpec, kind: Kind, columns: &[Typed<String>]) {
        let id = &spec.id.value;
        let separator = spec.separator.as_ref();
        if let (Some(separator), true) = (separator, kind != Kind::Multiple || spec.kind.is_none()) {
            let hint = Some("add kind = \"multiple\", or remove the separator".to_owned());
            let message = format!("question `{id}` has a `separator`, expected a multiple response");
            self.reader.error("packed", separator.span.clone(), message, hint);
        }
        if let Some(other) = &spec.other {
            self.other_makes_sense(spec, other);
        }
        if !spec.is_packed() {
            return;
        }
        if spec.options.is_none() {
            let hint = Some("add [question.options]: what cells hold, and what it means".to_owned());
            let message = format!("question `{id}` has several answers in a cell, but its options are not listed");
            self.reader.error("packed", spec.span.clone(), message, hint);
        }
        let columns_of_file = self.catalog.columns.iter().flatten();
        if let Some(twice) =
            columns.iter().find(|own| columns_of_file.clone().filter(|known| **known == own.value).count() > 1)
        {
            let message =
                format!("question `{id}` is read as if there were a column `{}`, but there is one", twice.value);
            let hint = Some("rename one of them in the data".to_owned());
            self.reader.error("packed", spec.span.clone(), message, hint);
        }
        let marks = spec.chosen.as_ref().or(spec.not_chosen.as_ref());
        if let Some(marks) = marks {
            let hint = Some("remove it: cells hold the options themselves".to_owned());
            let message = format!("question `{id}` has no column for each option, so no mark says what was chosen");
            self.reader.error("chosen", marks.span.clone(), message, hint);
        }
        if let (Some(separator), true) =
            (separator, spec.columns.as_ref().is_some_and(|columns| columns.value.len() > 1))
        {
            let hint = Some("without a separator each column holds one code: cells = \"codes\"".to_owned());
            let message = format!(
                "question `{id}` has {}, expected one that holds all answers",
                counted(columns.len(), "column")
            );
            self.reader.error("packed", separator.span.clone(), message, hint);
        }
    }

    /// What counts as "other" is an option, and only where cells hold options can something else be among them.
    fn other_makes_sense(&mut self, spec: &QuestionSpec, other: &Typed<String>) {
        let id = &spec.id.value;
        let listed = spec.options.iter().flatten().map(|option| option.code.value.as_str());
        if !spec.is_packed() {
            let hint =
                Some("remove it; or say how answers are packed: separator = \", \", or cells = \"codes\"".to_owned());
            let message =
                format!("question `{id}` has an `other`, but its cells hold no lists and no codes of options");
            self.reader.error("packed", other.span.clone(), message, hint);
        } else if !listed.clone().any(|code| code == other.value) {
            let hint = did_you_mean(&other.value, listed)
                .or_else(|| Some(format!("add it to the options: {} = \"Other\"", other.value)));
            let message = format!("`{}` is no option of question `{id}`", other.value);
            self.reader.error("unknown-option", other.span.clone(), message, hint);
        }
    }

    fn headline(&mut self, spec: &QuestionSpec, kind: Kind, options: &[QuestionOption]) -> Vec<usize> {
        const YES: [&str; 6] = ["yes", "ja", "y", "j", "true", "1"];
        const NO: [&str; 6] = ["no", "nein", "n", "n", "false", "0"];
        if !spec.headline.is_empty() {
            return spec.headline.iter().filter_map(|code| self.option_exists(spec, options, code)).collect();
        }
        if kind == Kind::Multiple {
            return (0..options.len()).collect();
        }
        let position =
            |words: [&str; 6]| options.iter().position(|option| words.contains(&option.code.to_lowercase().as_str()));
        match (position(YES), position(NO)) {
            // Among more options 0 and 1 are points of a scale.
            (Some(yes), Some(_)) if options.len() == 2 || options[yes].code != "1" => vec![yes],
            _ => Vec::new(),
        }
    }

    fn option_exists(
        &mut self,
        spec: &QuestionSpec,
        options: &[QuestionOption],
        code: &Typed<String>,
    ) -> Option<usize> {
        option(&mut self.reader, &spec.id.value, options, code)
    }

    /// An empty name, which only Parquet files may have, is said once.
    fn column_exists(&mut self, column: &Typed<String>) -> bool {
        let columns = self.catalog.columns.as_ref();
        if columns.is_some_and(|columns| columns.contains(&column.value)) {
            return true;
        }
        if column.value.is_empty() {
            if !self.reader.has_complained_within(&column.span) {
                let hint = Some("write the name of a column, or leave the key out".to_owned());
                self.reader.error("empty", column.span.clone(), "this is empty, expected a column", hint);
            }
            return false;
        }
        let Some(columns) = columns else { return true };
        let names = || columns.iter().map(String::as_str);
        let hint =
            did_you_mean(&column.value, names()).or_else(|| Some(format!("the columns are {}", quoted_list(names()))));
        let message = format!("the data have no column `{}`", column.value);
        self.reader.error("unknown-column", column.span.clone(), message, hint);
        false
    }

    fn unique_codes(&mut self, options: &[OptionSpec], name: &str) {
        let codes = options.iter().flat_map(|option| [&option.code].into_iter().chain(&option.also));
        let codes: Vec<&Typed<String>> = codes.collect();
        for (i, code) in codes.iter().enumerate().filter(|(_, code)| code.value != UNKNOWN) {
            if codes[..i].iter().any(|earlier| same_code(&earlier.value, &code.value)) {
                let message = format!("{name} `{}` is listed twice", code.value);
                self.reader.error("listed-twice", code.span.clone(), message, None);
            }
        }
    }

    fn unique_ids(&mut self) {
        let questions = self.spec.questions.iter().map(|question| ("question", &question.id));
        let segments = self.spec.segments.iter().map(|segment| ("segment", &segment.id));
        let contrasts = self.spec.contrasts.iter().map(|contrast| ("contrast", contrast.id()));
        let ids: Vec<_> = questions.chain(segments).chain(contrasts).collect();
        let mut earlier: HashMap<&str, Vec<&str>> = HashMap::new();
        for (kind, id) in ids.into_iter().filter(|(_, id)| !id.value.is_empty()) {
            // Commands take the id of a question or of a contrast.
            let is_taken = |other: &&&str| **other == kind || (**other == "question" && kind == "contrast");
            let called = earlier.entry(&id.value).or_default();
            let taken = called.iter().find(is_taken).copied();
            called.push(kind);
            if let Some(other) = taken {
                let message = if other == kind {
                    format!("there are two {kind}s `{}`", id.value)
                } else {
                    format!("{kind} `{}` is called like a {other}", id.value)
                };
                self.reader.error("listed-twice", id.span.clone(), message, None);
            }
        }
    }
}

fn texts(typed: &[Typed<String>]) -> Vec<String> {
    typed.iter().map(|text| text.value.clone()).collect()
}

fn amount_of(amounts: &[(Typed<String>, f64)], code: &str) -> Option<f64> {
    amounts.iter().find(|(typed, _)| typed.value == code).map(|(_, amount)| *amount)
}

/// `18-24` for [18, 25), `65+` for the last; bands over numbers that are not whole are `0.5-<1.5`.
pub(crate) fn band_code(starts: &[f64], index: usize) -> String {
    let whole = starts.iter().all(|start| start.fract() == 0.0);
    match starts.get(index + 1) {
        None => format!("{}+", starts[index]),
        Some(next) if whole && next - 1.0 == starts[index] => format!("{}", starts[index]),
        Some(next) if whole => format!("{}-{}", starts[index], next - 1.0),
        Some(next) => format!("{}-<{next}", starts[index]),
    }
}

fn band_label(code: &str) -> Label {
    match code.strip_suffix('+') {
        Some(start) => Label::new(Some(format!("{start} und mehr")), Some(format!("{start} and over"))),
        None => Label::plain(code.replacen('-', "–", 1)),
    }
}

/// How many bytes of a name belong to the stem that all share, cut after a separator.
fn shared_stem(names: &[&str]) -> usize {
    let Some((first, rest)) = names.split_first() else { return 0 };
    let shared = rest.iter().fold(first.len(), |shared, name| {
        first.bytes().zip(name.bytes()).take(shared).take_while(|(a, b)| a == b).count()
    });
    first[..floor_boundary(first, shared)].rfind(['_', '.', ':', '[', ' ', '-']).map_or(0, |position| position + 1)
}

fn floor_boundary(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}
