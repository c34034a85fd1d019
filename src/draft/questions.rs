//! Questions as they will be written: by what the file says of a column, and else by what the column holds.

use super::{
    answers::Answers,
    codes::{Choice, Codes, is_undecided, number, ticks},
    described::{self, described},
    groups::{Group, is_zero_one},
    lists::{Lists, is_ranking, lists},
    naming::{Ids, label},
};
use crate::{
    codebook::{Base, Codebook, Member, Set, SetKind, Value, Variable},
    diagnostic::{counted, quoted_list},
    responses::Profile,
    study::{Kind, Language, Reason, same_code},
};

/// A question to be written.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub id: String,
    pub kind: Kind,
    pub text: String,
    pub columns: Vec<String>,
    /// How the answers of a multiple response are stored.
    pub stored: Stored,
    pub options: Vec<Choice>,
    pub missing: Vec<(String, Reason)>,
    pub missing_in_base: Vec<Reason>,
    pub base: Option<Base>,
    /// What to look at, for the reader of the file.
    pub remarks: Vec<String>,
}

/// How the answers of a multiple response are stored.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    /// A column for each option says whether it was chosen: what means so besides 1, and what means not, besides 0.
    Ticks { chosen: Vec<String>, not_chosen: Vec<String> },
    /// Each column holds the code of an option that was chosen.
    Codes,
    /// The one column holds all that were chosen.
    List {
        /// What stands between them.
        separator: String,
        /// The option that what is not listed counts as.
        other: Option<String>,
    },
}

/// Drafts questions one after the other.
pub(super) struct Drafter<'a> {
    pub questions: Vec<Question>,
    /// Columns that are not read, and why.
    pub left_out: Vec<(String, String)>,
    profiles: &'a [Profile],
    codebook: &'a Codebook,
    language: Language,
    ids: Ids,
}

impl Question {
    /// A question with nothing but its column.
    pub fn new(id: &str, kind: Kind, text: &str, column: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            text: text.to_owned(),
            columns: vec![column.to_owned()],
            stored: Stored::Ticks { chosen: Vec::new(), not_chosen: Vec::new() },
            options: Vec::new(),
            missing: Vec::new(),
            missing_in_base: Vec::new(),
            base: None,
            remarks: Vec::new(),
        }
    }
}

impl<'a> Drafter<'a> {
    pub fn new(profiles: &'a [Profile], codebook: &'a Codebook, language: Language) -> Self {
        let (questions, left_out, ids) = (Vec::new(), Vec::new(), Ids::default());
        Self { questions, left_out, profiles, codebook, language, ids }
    }

    /// The question that the file says several columns are, if this is the first of them.
    pub fn set_that_begins_with(&mut self, profile: &Profile) {
        let sets = self.codebook.sets.iter().filter(|set| set.kind != SetKind::Items);
        let begins = |set: &&Set| {
            let present = set.members.iter().find(|member| self.profile(&member.column).is_some());
            present.is_some_and(|member| member.column == profile.column)
        };
        let own: Vec<&Set> = sets.filter(begins).collect();
        for set in own {
            self.set(set);
        }
    }

    /// Several columns of ticks that are one question by their names.
    pub fn multiple(&mut self, group: Group) {
        let of = |(index, _): &(usize, String)| &self.profiles[*index];
        let has_zero = |profile: &Profile| profile.values.iter().any(|(value, _)| number(value) == Some(0.0));
        let ticks_only = !group.members.iter().any(|member| has_zero(of(member)));
        let asked = |member: &(usize, String)| ticks_only || of(member).filled > 0;
        let (members, empty): (Vec<_>, Vec<_>) = group.members.into_iter().partition(asked);
        let left_out: Vec<_> = empty.iter().map(|member| (of(member).column.clone(), "empty".to_owned())).collect();
        let mut chosen: Vec<String> = Vec::new();
        for mark in members.iter().filter(|member| !is_zero_one(of(member))).filter_map(|member| ticks(of(member))) {
            chosen.extend(mark.into_iter().filter(|mark| number(mark) != Some(1.0)));
        }
        chosen.sort();
        chosen.dedup();
        let (text, labels) = self.wording(&group.stem, &members);
        let columns: Vec<String> = members.iter().map(|member| of(member).column.clone()).collect();
        let options = members.into_iter().zip(labels).map(|((_, rest), label)| Choice::new(&rest, label)).collect();
        let variable = columns.first().and_then(|column| self.codebook.variable(column));
        let mut question = Question {
            columns,
            stored: Stored::Ticks { chosen, not_chosen: Vec::new() },
            options,
            ..Question::new(&self.ids.make(&group.stem), Kind::Multiple, &text, "")
        };
        note_what_is_known(&mut question, variable);
        if ticks_only {
            take_ticks_for_granted(&mut question);
        }
        self.left_out.extend(left_out);
        self.questions.push(question);
    }

    /// A column by itself.
    pub fn question(&mut self, profile: &Profile) {
        let variable = self.codebook.variable(&profile.column);
        if self.codebook.separator.as_ref().is_some_and(|separator| is_ranking(profile, separator)) {
            let why = "a ranking in one cell, which topline does not count".to_owned();
            return self.left_out.push((profile.column.clone(), why));
        }
        let missing = variable.map(|variable| described::missing(profile, variable)).unwrap_or_default();
        let is_missing = |value: &str| missing.iter().any(|(code, _)| same_code(code, value));
        // What is no answer is no part of a list.
        let answers = profile.without(is_missing);
        let lists = lists(if missing.is_empty() { profile } else { &answers }, self.codebook.separator.as_deref());
        let is_closed = variable.is_some_and(|variable| !variable.values.is_empty());
        let described = variable.and_then(|variable| described(profile, variable));
        let text = self.text(&profile.column);
        if let (Some(mut lists), false) = (lists, is_closed) {
            lists.missing.extend(missing);
            self.list(profile, &text, lists);
        } else if let Some(described) = described {
            let is_answer = |value: &str| !described.missing.iter().any(|(code, _)| same_code(code, value));
            if !profile.values.iter().any(|(value, _)| is_answer(value)) {
                self.left_out.push((profile.column.clone(), "nobody answered it".to_owned()));
                return;
            }
            let id = self.id(profile);
            let mut question = Question {
                options: described.options,
                missing: described.missing,
                remarks: described.remarks,
                ..Question::new(&id, described.kind, &text, &profile.column)
            };
            if question.options.len() == 1 && profile.blank > 0 {
                take_tick_for_granted(&mut question);
            }
            note_what_is_known(&mut question, variable);
            self.questions.push(question);
        } else if missing.is_empty() {
            self.by_values(profile, &text, missing);
        } else {
            self.by_values(&answers, &text, missing);
        }
    }

    /// A question of which the file says that several columns, or lists in one, are its answers.
    fn set(&mut self, set: &Set) {
        let present: Vec<_> =
            set.members.iter().filter_map(|member| Some((member, self.profile(&member.column)?))).collect();
        let Some((first, profile)) = present.first() else { return };
        let variable = self.codebook.variable(&first.column);
        let text = set.label.clone().unwrap_or_else(|| self.text(&set.name));
        let columns: Vec<String> = present.iter().map(|(member, _)| member.column.clone()).collect();
        let mut missing: Vec<(String, Reason)> = Vec::new();
        for (member, profile) in &present {
            let found = self.codebook.variable(&member.column).map(|variable| described::missing(profile, variable));
            missing.extend(found.into_iter().flatten());
        }
        missing.sort_by(|(one, _), (other, _)| one.cmp(other));
        missing.dedup_by(|(one, _), (other, _)| same_code(one, other));
        let base = Question { columns, missing, ..Question::new("", Kind::Multiple, &text, "") };
        let mut question = match &set.kind {
            SetKind::Dichotomies { chosen } => {
                let not_chosen =
                    not_chosen(&present.iter().map(|(_, profile)| *profile).collect::<Vec<_>>(), chosen, &base.missing);
                let members: Vec<&Member> = present.iter().map(|(member, _)| *member).collect();
                let labels: Vec<&str> = members.iter().map(|member| member.label.as_str()).collect();
                let labels = without_wording(&labels);
                let labelled = members.iter().zip(labels);
                let options = labelled.map(|(member, label)| Choice::new(code(member, &members), label)).collect();
                let chosen = chosen.iter().filter(|mark| number(mark) != Some(1.0)).cloned().collect();
                Question { options, stored: Stored::Ticks { chosen, not_chosen }, ..base }
            }
            SetKind::Categories => {
                let values = variable.map(|variable| variable.values.as_slice()).unwrap_or_default();
                let options = choices(values, &base.missing);
                Question { options, stored: Stored::Codes, ..base }
            }
            SetKind::Joined { separator, choices: known } => {
                let found = || lists(profile, Some(separator)).map(|lists| lists.answers).unwrap_or_default();
                let options = match choices(known, &base.missing) {
                    options if options.is_empty() => {
                        found().iter().map(|answer| Choice::new(answer, label(answer))).collect()
                    }
                    options => options,
                };
                Question { options, stored: Stored::List { separator: separator.clone(), other: None }, ..base }
            }
            SetKind::Items => return,
        };
        if question.options.is_empty() {
            self.left_out
                .extend(question.columns.into_iter().map(|column| (column, "nothing to choose from".to_owned())));
            return;
        }
        note_what_is_known(&mut question, variable);
        let is_never_denied =
            |(_, profile): &(_, &Profile)| !profile.values.iter().any(|(value, _)| number(value) == Some(0.0));
        if let Stored::Ticks { not_chosen, .. } = &question.stored
            && not_chosen.is_empty()
            && present.iter().all(is_never_denied)
            && variable.is_none_or(|variable| variable.blank.is_none())
        {
            take_ticks_for_granted(&mut question);
        }
        question.id = self.ids.make(&set.name);
        self.questions.push(question);
    }

    /// A column whose cells hold several answers.
    fn list(&mut self, profile: &Profile, text: &str, lists: Lists) {
        let mut lists = lists;
        if lists.answers.iter().all(|answer| number(answer).is_some()) {
            lists.answers.sort_by(|a, b| number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)));
        }
        let mut options: Vec<Choice> = lists.answers.iter().map(|answer| Choice::new(answer, label(answer))).collect();
        let mut remarks = vec![format!(
            "Several answers in one cell, with {:?} between them: if an answer contains it, write it as one option.",
            lists.separator
        )];
        for (first, second) in &lists.doubtful {
            let whole = format!("{first}{}{second}", lists.separator);
            remarks.push(format!("`{first}` and `{second}` were only given together: is `{whole}` one answer?"));
        }
        let mut other = None;
        if lists.others > 0 {
            // What one respondent typed is not repeated: it may be anything.
            let once = counted(lists.others, "answer");
            remarks.push(if profile.many {
                "There are too many different lists to look at them all: what is not listed counts as other.".to_owned()
            } else {
                format!(
                    "Not listed, counted as other: {once} that only one respondent gave. Was one a choice? List it."
                )
            });
            let code = ["other", "other answers"].into_iter().find(|code| !lists.answers.iter().any(|own| own == code));
            other = code.map(str::to_owned);
            options.extend(code.map(|code| Choice::new(code, self.language.choose("Sonstiges", "Other").to_owned())));
        }
        let mut question =
            Question { options, remarks, ..Question::new(&self.id(profile), Kind::Multiple, text, &profile.column) };
        question.stored = Stored::List { separator: lists.separator, other };
        question.missing = lists.missing;
        note_what_is_known(&mut question, self.codebook.variable(&profile.column));
        self.questions.push(question);
    }

    /// A column that only its values describe, apart from what is known to be no answer.
    fn by_values(&mut self, profile: &Profile, text: &str, missing: Vec<(String, Reason)>) {
        let (kind, codes) = match Answers::of(profile) {
            Answers::To(kind, codes) => (kind, codes),
            Answers::None(why) => {
                self.left_out.push((profile.column.clone(), why));
                return;
            }
        };
        let mut question = Question::new(&self.id(profile), kind, text, &profile.column);
        question.remarks = spelling_remarks(&codes);
        let is_tick = codes.options.len() == 1 && ticks(profile).is_some();
        if is_tick {
            take_tick_for_granted(&mut question);
        }
        if codes.missing.iter().any(|(code, _)| number(code).is_some()) {
            question.remarks.push("The codes under `missing` are a guess.".to_owned());
        }
        if let Some((code, _)) = codes.options.iter().find(|(code, _)| is_undecided(code)) {
            question.remarks.push(format!("`{code}` counts as an answer; under `missing` it would leave the base."));
        }
        question.options = match kind {
            Kind::Number => Vec::new(),
            _ if is_zero_one(profile) => {
                question.remarks.push("Taken for granted: 1 means yes.".to_owned());
                codes.options.iter().map(|(code, _)| Choice::new(code, self.yes_or_no(code).to_owned())).collect()
            }
            _ if is_tick => {
                let yes = self.language.choose("Ja", "Yes");
                codes.options.iter().map(|(code, _)| codes.choice(code, yes.to_owned())).collect()
            }
            _ => codes.options.iter().map(|(code, _)| codes.choice(code, label(code))).collect(),
        };
        question.missing = missing.into_iter().chain(codes.missing).collect();
        note_what_is_known(&mut question, self.codebook.variable(&profile.column));
        self.questions.push(question);
    }

    /// An id for the question of a column.
    fn id(&mut self, profile: &Profile) -> String {
        let variable = self.codebook.variable(&profile.column);
        let name = variable.and_then(|variable| variable.name.as_ref()).unwrap_or(&profile.column);
        self.ids.make(name)
    }

    /// The wording of a question: of its column, after that of the battery that it belongs to.
    fn text(&self, column: &str) -> String {
        let items = self.codebook.sets.iter().filter(|set| set.kind == SetKind::Items);
        let item = items
            .filter_map(|set| Some((set.label.as_ref()?, set.members.iter().find(|member| member.column == column)?)))
            .map(|(battery, member)| {
                let colon = if battery.ends_with(['?', '.', '!', ':', '…']) { "" } else { ":" };
                format!("{battery}{colon} {}", member.label)
            });
        let own = self.codebook.variable(column).and_then(|variable| variable.label.clone());
        item.into_iter().next().or(own).unwrap_or_else(|| label(column))
    }

    /// The wording of columns that are one question, and of its options: what labels share, and the rest.
    fn wording(&self, stem: &str, members: &[(usize, String)]) -> (String, Vec<String>) {
        let labels: Option<Vec<&str>> = members
            .iter()
            .map(|(index, _)| self.codebook.variable(&self.profiles[*index].column)?.label.as_deref())
            .collect();
        let Some(labels) = labels else {
            return (label(stem), members.iter().map(|(_, rest)| label(rest)).collect());
        };
        let shared = shared_wording(&labels);
        let text = Some(bare(&labels[0][..shared])).filter(|text| !text.is_empty()).unwrap_or_else(|| label(stem));
        (text, labels.iter().map(|label| bare(&label[shared..])).collect())
    }

    fn profile(&self, column: &str) -> Option<&'a Profile> {
        self.profiles.iter().find(|profile| profile.column == column)
    }

    fn yes_or_no(&self, code: &str) -> &'static str {
        match (number(code) == Some(1.0), self.language) {
            (true, Language::De) => "Ja",
            (true, Language::En) => "Yes",
            (false, Language::De) => "Nein",
            (false, Language::En) => "No",
        }
    }
}

/// Adds what a file says of who was asked and of blank cells.
fn note_what_is_known(question: &mut Question, variable: Option<&Variable>) {
    let Some(variable) = variable else { return };
    question.base.clone_from(&variable.base);
    question.missing.extend(variable.blank.map(|reason| (String::new(), reason)));
    question.remarks.extend(variable.remarks.iter().cloned());
}

fn take_tick_for_granted(question: &mut Question) {
    question.missing_in_base.push(Reason::Skipped);
    question.remarks.push("A tick or nothing: who left it empty counts as having answered.".to_owned());
}

fn take_ticks_for_granted(question: &mut Question) {
    question.missing_in_base.push(Reason::Skipped);
    question.remarks.push("Ticks and blanks only: whoever ticked nothing counts as having answered.".to_owned());
}

/// What else than 0 stands for an option that was not chosen: all values that are neither a mark nor missing.
fn not_chosen(profiles: &[&Profile], chosen: &[String], missing: &[(String, Reason)]) -> Vec<String> {
    let is_known = |value: &str| {
        let marks = chosen.iter().chain(missing.iter().map(|(code, _)| code));
        let default = if chosen.is_empty() { Some("1") } else { None };
        number(value) == Some(0.0) || marks.map(String::as_str).chain(default).any(|known| same_code(known, value))
    };
    let mut found: Vec<String> = Vec::new();
    for (value, _) in profiles.iter().flat_map(|profile| &profile.values) {
        if !is_known(value) && !found.contains(value) {
            found.push(value.clone());
        }
    }
    found
}

/// Values that are no reason for a missing answer, as options.
fn choices(values: &[Value], missing: &[(String, Reason)]) -> Vec<Choice> {
    let answers = values.iter().filter(|value| !missing.iter().any(|(code, _)| same_code(code, &value.code)));
    answers.map(|value| Choice::new(&value.code, value.label.clone().unwrap_or_else(|| label(&value.code)))).collect()
}

/// The bytes that texts share at their beginning, up to the last mark that ends a wording.
fn shared_wording(texts: &[&str]) -> usize {
    let first = texts.first().copied().unwrap_or_default();
    let shared = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let shared = texts.iter().map(shared).min().unwrap_or(0);
    let ends = |(at, letter): (usize, char)| {
        let after = at + letter.len_utf8();
        (":?|[-–".contains(letter) && after <= shared).then_some(after)
    };
    first.char_indices().filter_map(ends).max().unwrap_or(0)
}

/// What a choice of a set is called: a column that has the whole wording for a name is too long for a code.
fn code<'a>(member: &'a Member, all: &[&Member]) -> &'a str {
    let is_unique = all.iter().filter(|other| other.label == member.label).count() == 1;
    if is_unique && member.column.contains(char::is_whitespace) { &member.label } else { &member.column }
}

/// Labels of options without the wording that all begin with, as programs repeat it before each. `Coca-Cola` and
/// `Coca-Cola light` share none: a blank must follow it.
fn without_wording(labels: &[&str]) -> Vec<String> {
    let shared = shared_wording(labels);
    let is_wording = labels.iter().all(|label| label[shared..].starts_with(' ') && !bare(&label[shared..]).is_empty());
    labels.iter().map(|label| if is_wording { bare(&label[shared..]) } else { (*label).to_owned() }).collect()
}

/// A text without marks and blanks around it.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || "-–—:|[]".contains(c)).to_owned()
}

/// What was taken for the same answer, or for none.
fn spelling_remarks(codes: &Codes) -> Vec<String> {
    let mut remarks = Vec::new();
    for (code, _) in &codes.options {
        let choice = codes.choice(code, String::new());
        if !choice.also.is_empty() {
            let also = quoted_list(choice.also.iter().map(String::as_str));
            remarks.push(format!("The data also have {also}: counted as `{code}`."));
        }
    }
    if !codes.stray.is_empty() {
        let stray = quoted_list(codes.stray.iter().map(String::as_str));
        remarks.push(format!("No number, counted as skipped: {stray}. Better correct it in the data."));
    }
    remarks
}
