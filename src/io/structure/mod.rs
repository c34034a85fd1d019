//! Files that describe a file of responses: the questionnaire itself, as the survey platform exports it.
//!
//! A structure knows what an export of responses leaves out: wordings, the labels of codes, which columns are one
//! question, and the routing. It is recognised from its content:
//!
//! | file | what it is recognised by |
//! |---|---|
//! | `.lss` of LimeSurvey | XML with `LimeSurveyDocType` |
//! | tab-separated structure of LimeSurvey | a first row with `class`, `type/scale` and `name` |
//! | XLSForm of KoBoToolbox, ODK, SurveyCTO | a workbook with a sheet `survey` that has `type` and `name` |
//!
//! An export writes answers as codes, in words, or recoded; which of these follows from the cells, so
//! [`Structure::describe`] is shown profiles of the columns. Routing becomes a base where it can be translated exactly
//! ([`Routing`]), and else a remark that quotes it.

mod asked;
mod compare;
mod expression;
mod field;
mod form_types;
mod limesurvey;
mod logic;
mod lss;
mod phrase;
mod plain;
mod sheets;
mod survey;
#[cfg(test)]
mod tests;
mod token;
mod tsv;
mod xlsform;

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::Read,
    path::Path,
};

pub use self::{
    asked::{Answers, Asked, Choice, Code},
    expression::Syntax,
    logic::Routing,
};
use self::{
    field::{Field, Filled},
    plain::plain,
};
use crate::{
    codebook::{Base, Codebook, Member, Role, Set, SetKind, Unused, Variable},
    diagnostic::{Diagnostic, Diagnostics, Place},
    responses::Profile,
    study::Language,
};

/// A questionnaire.
#[derive(Clone, Debug)]
pub struct Structure {
    /// The file, for messages.
    pub name: String,
    /// What it was taken for, and why.
    pub recognised: String,
    /// The language of its routing.
    syntax: Syntax,
    /// The questionnaire in each of its languages, the one it was written in first.
    versions: Vec<Version>,
}

/// A questionnaire in one language.
#[derive(Clone, Debug)]
struct Version {
    title: Option<String>,
    /// The language of what topline adds.
    language: Language,
    fields: Vec<Field>,
    sets: Vec<Together>,
}

/// The columns of the fields of a version.
struct Matched<'a> {
    version: &'a Version,
    filled: Vec<Option<Filled<'a>>>,
}

/// Fields that are one question.
#[derive(Clone, Debug)]
struct Together {
    name: String,
    label: String,
    kind: Kind,
    /// The fields, with what tells each from the others.
    members: Vec<(usize, String)>,
}

/// How fields are one question.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// Each says of a choice whether it was chosen.
    Choices,
    /// The one holds all that were chosen, with blanks between.
    Joined,
    /// Each is an item by itself.
    Items,
}

/// Larger files describe no survey.
const LARGEST: u64 = 64 << 20;

impl Structure {
    /// Reads a questionnaire; `place` is where somebody named it.
    pub fn open(path: &Path, place: &Place) -> Result<Self, Diagnostics> {
        let fail = |message: &str, hint: Option<&str>| {
            let message = format!("{}: {message}", path.display());
            let error = Diagnostic::error("bad-structure", place.clone(), message);
            Diagnostics::from(error.maybe_hint(hint.map(str::to_owned)))
        };
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        read.map_err(|error| fail(&format!("cannot be read: {error}"), None))?;
        if bytes.len() as u64 > LARGEST {
            return Err(fail("it is larger than the description of any survey", None));
        }
        let known = "topline reads structures of LimeSurvey (.lss, or tab-separated .txt) and XLSForms (.xlsx)";
        match Self::of_bytes(&bytes) {
            Ok(Some(structure)) => Ok(Self { name: path.display().to_string(), ..structure }),
            Ok(None) => Err(fail("it does not describe a survey", Some(known))),
            Err(why) => Err(fail(&why, None)),
        }
    }

    /// Reads a questionnaire from the bytes of its file; `None` if they are none.
    pub fn of_bytes(bytes: &[u8]) -> Result<Option<Self>, String> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return xlsform::read(bytes);
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return Ok(None) };
        let text = text.trim_start_matches('\u{feff}');
        let (surveys, why) = if text.trim_start().starts_with('<') {
            (lss::read(text)?, "XML with LimeSurveyDocType")
        } else {
            (tsv::read(text)?, "a table with class, type/scale and name")
        };
        Ok((!surveys.is_empty()).then(|| Self {
            name: String::new(),
            recognised: format!("a survey of LimeSurvey: {why}"),
            syntax: Syntax::ExpressionScript,
            versions: surveys.into_iter().map(survey::Survey::version).collect(),
        }))
    }

    /// What it says of the columns of a file. `is_no_answer` says which labels will stand for no answer.
    #[must_use]
    pub fn describe(&self, profiles: &[Profile], is_no_answer: &dyn Fn(&str) -> bool) -> Codebook {
        let matched = self.versions.iter().map(|version| version.matched(profiles));
        // Of versions that know as much, the first is that in which the survey was written.
        let best = matched.reduce(|best, other| if other.known() > best.known() { other } else { best });
        best.map(|matched| matched.described(self.syntax, is_no_answer)).unwrap_or_default()
    }
}

impl Version {
    fn matched<'a>(&'a self, profiles: &'a [Profile]) -> Matched<'a> {
        let columns = self.columns(profiles);
        let fields = self.fields.iter().zip(columns);
        let filled = fields.map(|(field, column)| column.map(|column| Filled::new(field, &profiles[column]))).collect();
        Matched { version: self, filled }
    }

    /// The column of each field.
    fn columns(&self, profiles: &[Profile]) -> Vec<Option<usize>> {
        let mut headings: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, field) in self.fields.iter().enumerate() {
            for heading in &field.headings {
                headings.entry(heading).or_default().push(index);
            }
        }
        let mut columns = vec![None; self.fields.len()];
        for (column, profile) in profiles.iter().enumerate() {
            let heading = plain(&profile.column);
            // The second of two columns that have the same heading is called so.
            let numbered = heading.rsplit_once(" (").filter(|(_, number)| number.ends_with(')')).map(|(stem, _)| stem);
            let fields = headings.get(heading.as_str()).or_else(|| headings.get(numbered?));
            let free = fields.and_then(|fields| fields.iter().find(|field| columns[**field].is_none()));
            if let Some(field) = free {
                columns[*field] = Some(column);
            }
        }
        columns
    }
}

impl Matched<'_> {
    /// How many columns are known, and how many of them hold words of this version or are called by them.
    fn known(&self) -> (usize, usize) {
        let filled = || self.filled.iter().flatten();
        (filled().count(), filled().filter(|filled| filled.is_in_words()).count())
    }

    fn described(&self, syntax: Syntax, is_no_answer: &dyn Fn(&str) -> bool) -> Codebook {
        let Self { version, filled } = self;
        let lists: Vec<&Filled<'_>> = filled.iter().flatten().filter(|filled| filled.is_list()).collect();
        let asked: Vec<Asked> = (version.fields.iter().zip(filled))
            .map(|(field, filled)| match filled {
                Some(filled) => filled.asked(is_no_answer),
                None => unseen(field, &lists),
            })
            .collect();
        let routing = Routing::new(&asked, syntax, version.language);
        let mut bases: HashMap<&[String], Result<Option<Base>, String>> = HashMap::new();
        let denying = self.with_denials();
        let mut variables = Vec::new();
        for (index, filled) in filled.iter().enumerate() {
            let Some(filled) = filled else { continue };
            let mut variable = filled.variable();
            let relevance = filled.field.relevance.as_slice();
            match bases.entry(relevance).or_insert_with(|| routing.base(relevance)) {
                Ok(base) => variable.base.clone_from(base),
                Err(why) => variable.remarks.extend(untranslated(relevance, why)),
            }
            let denied = filled.field.blank_beside_denials.filter(|_| denying.contains(&index));
            variable.blank = denied.or(variable.blank);
            variables.push(variable);
        }
        let mut sets: Vec<Set> = version.sets.iter().filter_map(|set| set.of_columns(filled)).collect();
        leave_out_repeated(&mut sets, &mut variables);
        Codebook { title: version.title.clone(), variables, sets, ..Codebook::default() }
    }

    /// The fields of questions in which cells say that a choice was not made.
    fn with_denials(&self) -> HashSet<usize> {
        let denies = |index: &usize| self.filled[*index].as_ref().is_some_and(|filled| filled.has_denials);
        let members = |set: &Together| set.members.iter().map(|(index, _)| *index).collect::<Vec<usize>>();
        self.version.sets.iter().map(members).filter(|members| members.iter().any(denies)).flatten().collect()
    }
}

impl Together {
    fn of_columns(&self, filled: &[Option<Filled<'_>>]) -> Option<Set> {
        let present: Vec<(&Filled<'_>, &String)> =
            self.members.iter().filter_map(|(index, label)| Some((filled[*index].as_ref()?, label))).collect();
        let (first, _) = present.first()?;
        let kind = match self.kind {
            Kind::Choices => {
                let mut chosen: Vec<String> = present.iter().flat_map(|(filled, _)| filled.chosen()).collect();
                chosen.sort();
                chosen.dedup();
                SetKind::Dichotomies { chosen }
            }
            Kind::Joined => SetKind::Joined { separator: " ".to_owned(), choices: first.choices() },
            Kind::Items => SetKind::Items,
        };
        let members = present
            .into_iter()
            .map(|(filled, label)| Member { column: filled.profile.column.clone(), label: label.clone() });
        let label = Some(self.label.clone()).filter(|label| !label.is_empty());
        Some(Set { name: self.name.clone(), label, kind, members: members.collect() })
    }
}

/// An export may hold several answers twice: all in one column, and in a column for each. The second is counted.
fn leave_out_repeated(sets: &mut Vec<Set>, variables: &mut [Variable]) {
    let is_joined = |set: &Set| matches!(set.kind, SetKind::Joined { .. });
    let split: HashSet<String> = sets.iter().filter(|set| !is_joined(set)).map(|set| set.name.clone()).collect();
    let repeats = |set: &Set| is_joined(set) && split.contains(&set.name);
    let columns: Vec<&str> = sets
        .iter()
        .filter(|set| repeats(set))
        .flat_map(|set| &set.members)
        .map(|member| member.column.as_str())
        .collect();
    for variable in variables.iter_mut().filter(|variable| columns.contains(&variable.column.as_str())) {
        variable.role = Role::Unused(Unused::Repeated);
    }
    sets.retain(|set| !repeats(set));
}

/// A field that the file does not have; a choice may be in a list of all, from which it is read as a column of 0 and 1.
fn unseen(field: &Field, lists: &[&Filled<'_>]) -> Asked {
    let choice = field.choice.as_ref();
    let listed = choice.and_then(|choice| lists.iter().find_map(|list| list.column_of(choice)));
    let code = |code: &str, cell: &str| Code {
        code: code.to_owned(),
        cell: cell.to_owned(),
        label: field.label.clone(),
        is_silent: false,
    };
    let answers = if listed.is_some() { Answers::Codes(vec![code("1", "1"), code("", "0")]) } else { Answers::Free };
    Asked {
        names: field.names.clone(),
        column: listed,
        label: field.label.clone(),
        answers,
        choice: field.choice.clone(),
        relevance: field.all_relevance(),
        required: field.required,
    }
}

/// What is said of routing that no condition can express.
fn untranslated(relevance: &[String], why: &str) -> [String; 2] {
    let told: Vec<&str> = relevance.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
    [format!("Who was asked is not translated, {why}: write the base. The questionnaire says:"), told.join(" AND ")]
}
