//! XLSForms: a workbook with the questions of a form, their choices and their routing.
//!
//! Sources: <https://xlsform.org>, <https://docs.getodk.org/form-question-types> and pyxform's
//! `question_type_dictionary.py` and `aliases.py` (types and their other names); for headings and cells of exports
//! <https://support.kobotoolbox.org/export_download.html>, <https://docs.getodk.org/central-submissions> and
//! <https://docs.surveycto.com/05-exporting-and-publishing-data/01-overview/09.data-format.html>.

use std::collections::HashMap;

use super::{
    Kind, Structure, Together, Version,
    asked::Choice,
    expression::Syntax,
    field::{Answer, Field, Holds},
    form_types::{role, split},
    plain::plain,
    sheets::Sheets,
};
use crate::{codebook::Role, study::Language};

type Row = HashMap<String, String>;

/// A form in more languages is read in the first of them.
const MOST_LANGUAGES: usize = 30;

/// What stands between a group and its questions in headings.
const SEPARATORS: [&str; 5] = ["/", "-", ".", ":", "_"];

/// A form as it is read in one language.
struct Form<'a> {
    version: Version,
    /// The columns of labels, that of the language first.
    labels: Vec<&'a str>,
    choices: HashMap<String, Vec<Answer>>,
    groups: Vec<Group>,
}

/// A group that is open.
#[derive(Default)]
struct Group {
    name: String,
    label: String,
    relevance: Option<String>,
    is_repeated: bool,
    /// The choices of all its rows, where they have the same.
    list: Option<String>,
    /// The fields that are its rows.
    rows: Vec<(usize, String)>,
}

/// Reads a form; `None` if the workbook is none.
pub(super) fn read(bytes: &[u8]) -> Result<Option<Structure>, String> {
    if !bytes.starts_with(b"PK") {
        return Err("an old Excel file: save it as .xlsx".to_owned());
    }
    let mut sheets = Sheets::open(bytes)?;
    let survey = sheets.rows("survey")?;
    if !survey.iter().any(|row| row.contains_key("type") && row.contains_key("name")) {
        return Ok(None);
    }
    let (choices, settings) = (sheets.rows("choices")?, sheets.rows("settings")?);
    let setting = |name: &str| settings.first().and_then(|row| row.get(name)).map(String::as_str);
    let is_label = |name: &&str| *name == "label" || name.starts_with("label:");
    let mut labels: Vec<&str> = survey.iter().flat_map(HashMap::keys).map(String::as_str).filter(is_label).collect();
    labels.sort_unstable();
    labels.dedup();
    let default = setting("default_language").map(str::to_lowercase);
    labels.sort_by_key(|label| !default.as_ref().is_some_and(|language| label.ends_with(language)));
    let title = setting("form_title").or(setting("title")).map(plain);
    let version = |first: usize| {
        let mut own = labels.clone();
        own.swap(0, first);
        let mut form = Form::new(own, title.clone());
        for row in &choices {
            form.take_choice(row);
        }
        for row in &survey {
            form.take(row);
        }
        form.version
    };
    if labels.is_empty() {
        return Err("the sheet survey has no labels".to_owned());
    }
    let versions = (0..labels.len().min(MOST_LANGUAGES)).map(version).collect();
    let recognised = "an XLSForm: a workbook with a sheet survey".to_owned();
    Ok(Some(Structure { name: String::new(), recognised, syntax: Syntax::XPath, versions }))
}

impl<'a> Form<'a> {
    fn new(labels: Vec<&'a str>, title: Option<String>) -> Self {
        let is_german = |label: &str| ["deutsch", "german", "(de)"].iter().any(|name| label.contains(name));
        let language = if labels.first().is_some_and(|label| is_german(label)) { Language::De } else { Language::En };
        let version = Version { title, language, fields: Vec::new(), sets: Vec::new() };
        Self { version, labels, choices: HashMap::new(), groups: Vec::new() }
    }

    fn take_choice(&mut self, row: &Row) {
        let code = row.get("name").or_else(|| row.get("value"));
        if let (Some(list), Some(code)) = (row.get("list_name"), code) {
            let answer = Answer::new(code, &self.text(row).unwrap_or_else(|| code.clone()));
            self.choices.entry(list.clone()).or_default().push(answer);
        }
    }

    /// The label of a row in the language, or in any.
    fn text(&self, row: &Row) -> Option<String> {
        self.labels.iter().find_map(|label| row.get(*label)).map(|text| plain(text))
    }

    fn take(&mut self, row: &Row) {
        let Some(kind) = row.get("type").map(|kind| kind.to_lowercase()) else { return };
        let (word, list) = split(&kind, row.get("type").map(String::as_str).unwrap_or_default());
        if let Some(what) = word.strip_prefix("begin_") {
            self.groups.push(Group {
                name: row.get("name").cloned().unwrap_or_default(),
                label: self.text(row).unwrap_or_default(),
                relevance: relevance(row),
                is_repeated: what == "repeat",
                list: ["kobo--score-choices", "kobo--rank-items"].iter().find_map(|name| row.get(*name)).cloned(),
                rows: Vec::new(),
            });
        } else if word.starts_with("end_") {
            self.end_group();
        } else if let (Some(name), false) = (row.get("name"), self.groups.iter().any(|group| group.is_repeated)) {
            self.question(row, name, &word, list);
        }
    }

    fn end_group(&mut self) {
        let Some(group) = self.groups.pop() else { return };
        if !group.rows.is_empty() {
            let (name, label) = (group.name, group.label);
            self.version.sets.push(Together { name, label, kind: Kind::Items, members: group.rows });
        }
    }

    fn question(&mut self, row: &Row, name: &str, word: &str, list: Option<&str>) {
        let label = self.text(row).unwrap_or_else(|| name.to_owned());
        let field = Field {
            headings: self.headings(row, name),
            names: vec![name.to_owned()],
            label: label.clone(),
            relevance: self.groups.iter().filter_map(|group| group.relevance.clone()).chain(relevance(row)).collect(),
            required: row
                .get("required")
                .is_some_and(|said| ["yes", "true", "true()"].contains(&said.to_lowercase().as_str())),
            ..Field::default()
        };
        let filter = row.get("choice_filter");
        let remarks = filter.map(|filter| format!("Which choices were shown depended on other answers: {filter}"));
        let field = Field { remarks: remarks.into_iter().collect(), ..field };
        let has_other = row.get("type").is_some_and(|kind| kind.contains("or_other") || kind.contains("specify other"));
        let choices = |list: Option<&str>| {
            let mut choices = list.and_then(|list| self.choices.get(list)).cloned().unwrap_or_default();
            let is_listed = choices.iter().any(|choice| choice.code == "other");
            if has_other && !is_listed {
                choices.push(Answer::new("other", self.version.language.choose("Sonstiges", "Other")));
            }
            choices
        };
        match word {
            "select_one" => {
                let holds = Holds::Answers(choices(list));
                self.version.fields.push(Field { holds, ..field.clone() });
            }
            "score__row" | "rank__level" => {
                let holds = Holds::Answers(choices(self.groups.last().and_then(|group| group.list.as_deref())));
                let index = self.version.fields.len();
                self.version.fields.push(Field { holds, ..field.clone() });
                if let Some(group) = self.groups.last_mut() {
                    group.rows.push((index, label));
                }
            }
            "select_multiple" => self.multiple(name, &label, choices(list), field.clone()),
            "integer" | "int" | "decimal" | "range" | "percentage" => {
                self.version.fields.push(Field { holds: Holds::Numbers, ..field.clone() });
            }
            _ => self.version.fields.push(Field { role: role(word), ..field.clone() }),
        }
        if has_other {
            self.version.fields.push(Field {
                headings: field.headings.iter().map(|heading| format!("{heading}_other")).collect(),
                names: vec![format!("{name}_other")],
                role: Role::OpenText,
                ..field
            });
        }
    }

    /// Several answers: all in one column, or a column of 0 and 1 for each choice, or both.
    fn multiple(&mut self, name: &str, label: &str, choices: Vec<Answer>, field: Field) {
        let first = self.version.fields.len();
        let mut together = |kind: Kind, members: Vec<(usize, String)>| {
            self.version.sets.push(Together { name: name.to_owned(), label: label.to_owned(), kind, members });
        };
        together(Kind::Joined, vec![(first, label.to_owned())]);
        together(
            Kind::Choices,
            choices.iter().enumerate().map(|(i, choice)| (first + 1 + i, choice.label.clone())).collect(),
        );
        let of_choice = |choice: &Answer| Field {
            headings: headings_of_choice(&field.headings, choice),
            names: Vec::new(),
            label: choice.label.clone(),
            holds: Holds::Answers(vec![Answer::new("1", &choice.label), denied()]),
            choice: Some(Choice { question: name.to_owned(), wording: label.to_owned(), code: choice.code.clone() }),
            required: false,
            ..field.clone()
        };
        let columns: Vec<Field> = choices.iter().map(of_choice).collect();
        self.version.fields.push(Field { holds: Holds::Lists(choices), ..field });
        self.version.fields.extend(columns);
    }

    /// What an export may call the column of a question: with or without its groups, by name or by label.
    fn headings(&self, row: &Row, name: &str) -> Vec<String> {
        let groups: Vec<&str> = self.groups.iter().map(|group| group.name.as_str()).collect();
        let path = |separator: &&str| groups.iter().copied().chain([name]).collect::<Vec<_>>().join(separator);
        let mut headings: Vec<String> = vec![name.to_owned()];
        headings.extend(SEPARATORS.iter().map(path));
        if let Some(label) = self.text(row) {
            let outer: Vec<&str> = self.groups.iter().map(|group| group.label.as_str()).collect();
            let path =
                |separator: &&str| outer.iter().copied().chain([label.as_str()]).collect::<Vec<_>>().join(separator);
            headings.extend(SEPARATORS[..2].iter().map(path));
            headings.push(label);
        }
        let mut unique: Vec<String> = Vec::new();
        for heading in headings {
            if !unique.contains(&heading) {
                unique.push(heading);
            }
        }
        unique
    }
}

fn relevance(row: &Row) -> Option<String> {
    row.get("relevant").or_else(|| row.get("relevance")).or_else(|| row.get("bind::relevant")).cloned()
}

fn headings_of_choice(question: &[String], choice: &Answer) -> Vec<String> {
    let of = |heading: &String| {
        let coded = SEPARATORS.iter().map(move |separator| format!("{heading}{separator}{}", choice.code));
        let in_words = |separator: &'static str| {
            choice.written[1].iter().map(move |label| format!("{heading}{separator}{label}")).collect::<Vec<String>>()
        };
        coded.chain(SEPARATORS.into_iter().flat_map(in_words)).collect::<Vec<String>>()
    };
    question.iter().flat_map(of).collect()
}

/// A choice that was not made.
fn denied() -> Answer {
    Answer { code: String::new(), ..Answer::new("0", "0") }
}
