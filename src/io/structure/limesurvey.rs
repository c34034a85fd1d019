//! Questions of LimeSurvey, and the columns that each type of question has in an export.
//!
//! Sources: <https://www.limesurvey.org/manual/Question_types>, and of LimeSurvey's code `createFieldMap` (which columns),
//! `viewHelper::getFieldCode` and `getFieldText` (headings), `SurveyObj::getFullAnswer` and
//! `Writer::transformResponseValue` (cells).
//!
//! What can be known of blanks: the data base tells "not shown" (NULL) from "shown and left" (an empty text); CSV and Excel
//! write both as a blank. Two kinds of export keep them apart for multiple choice: where N is converted, what was not
//! ticked is converted and a blank was not shown; where answers are written in words, "N/A" was not shown. For yes or no
//! and gender "N/A" is either; and where N is converted, so is a yes or no that was shown and left: it cannot be told from
//! a no, which a remark says.

use super::{
    Kind, Together, Version,
    asked::Choice,
    field::{Answer, Field, Holds},
    plain::plain,
    survey::{Offered, Part, Question, Survey},
};
use crate::{
    codebook::{Interview, Measure, Role, Unused},
    study::{Language, Reason},
};

/// A column within a question.
#[derive(Default)]
struct Column {
    /// As headings write it: `[SQ001]`.
    heading: String,
    /// As routing writes it: `_SQ001`.
    name: String,
    /// As old names write it: `SQ001`.
    old: String,
    /// Its words.
    text: String,
    /// Its words as headings write them: `[Price]`.
    heading_text: String,
    relevance: Option<String>,
}

impl Survey {
    /// The columns of an export.
    pub fn version(self) -> Version {
        let mut version = Version {
            title: Some(self.title).filter(|title| !title.is_empty()),
            language: if self.language.starts_with("de") { Language::De } else { Language::En },
            fields: Vec::new(),
            sets: Vec::new(),
        };
        for question in &self.questions {
            question.add_to(&mut version);
        }
        version
    }
}

impl Question {
    fn add_to(&self, version: &mut Version) {
        let language = version.language;
        let first = version.fields.len();
        let mut labels = Vec::new();
        for place in self.places(language) {
            let scale = usize::from(self.kind == "1" && place.old.ends_with("#1"));
            version.fields.push(self.field(&place, scale, language));
            labels.push(place.text);
        }
        let members: Vec<(usize, String)> =
            labels.into_iter().enumerate().map(|(i, label)| (first + i, label)).collect();
        let kind = match self.kind.as_str() {
            "M" | "P" => Kind::Choices,
            _ => Kind::Items,
        };
        if self.is_several() && !members.is_empty() {
            version.sets.push(Together { name: self.code.clone(), label: self.text.clone(), kind, members });
        }
        for (heading, text) in self.written(language) {
            version.fields.push(Field {
                headings: self.headings(&heading, &name_of(&heading), &text),
                label: format!("{}: {}", self.text, text.trim_matches(['[', ']'])),
                role: Role::OpenText,
                relevance: self.relevance.clone(),
                names: vec![format!("{}{}", self.code, name_of(&heading))],
                ..Field::default()
            });
        }
    }

    fn is_several(&self) -> bool {
        matches!(self.kind.as_str(), "M" | "P" | "F" | "A" | "B" | "C" | "E" | "H" | "1" | ":" | ";" | "K" | "Q" | "R")
    }

    /// The columns with answers to be counted.
    fn places(&self, language: Language) -> Vec<Column> {
        let of_part = |part: &Part| Column::of(&part.code, &part.text, Some(part.relevance.clone()));
        let [rows, across] = &self.parts;
        match self.kind.as_str() {
            "X" => Vec::new(),
            ":" | ";" => {
                let cell = |row: &Part, column: &Part| Column {
                    text: format!("{}, {}", row.text, column.text),
                    heading_text: format!("[{}][{}]", row.text, column.text),
                    ..Column::of(&format!("{}_{}", row.code, column.code), "", Some(row.relevance.clone()))
                };
                rows.iter().flat_map(|row| across.iter().map(move |column| cell(row, column))).collect()
            }
            "1" => {
                let scaled = |row: &Part, scale: usize| {
                    let header = &self.scales[scale];
                    let name = if header.is_empty() { (scale + 1).to_string() } else { header.clone() };
                    Column {
                        heading: format!("[{}][{}]", row.code, scale + 1),
                        name: format!("_{}_{scale}", row.code),
                        old: format!("{}#{scale}", row.code),
                        text: format!("{}, {name}", row.text),
                        heading_text: format!("[{}][{name}]", row.text),
                        relevance: Some(row.relevance.clone()),
                    }
                };
                rows.iter().flat_map(|row| [scaled(row, 0), scaled(row, 1)]).collect()
            }
            "R" => {
                let rank = language.choose("Rang", "Rank");
                let ranks = 1..=self.ranked().len();
                ranks.map(|number| Column::of(&number.to_string(), &format!("{rank} {number}"), None)).collect()
            }
            _ if self.is_several() => rows.iter().map(of_part).collect(),
            _ => vec![Column::default()],
        }
    }

    /// Headings of the columns for what respondents wrote beside a choice, and their words.
    fn written(&self, language: Language) -> Vec<(String, String)> {
        let (other, comment) = (language.choose("Sonstiges", "Other"), language.choose("Kommentar", "Comment"));
        let mut written = Vec::new();
        if self.kind == "P" {
            let comments = self.parts[0].iter();
            written.extend(
                comments.map(|part| (format!("[{}comment]", part.code), format!("[{}][{comment}]", part.text))),
            );
        }
        if self.kind == "|" {
            written.push(("[filecount]".to_owned(), "[filecount]".to_owned()));
        }
        if self.kind == "O" {
            written.push(("[comment]".to_owned(), format!("[{comment}]")));
        }
        if self.other && matches!(self.kind.as_str(), "L" | "!" | "M" | "P") {
            written.push(("[other]".to_owned(), format!("[{other}]")));
            if self.kind == "P" {
                written.push(("[othercomment]".to_owned(), format!("[{other}][{comment}]")));
            }
        }
        written
    }

    fn field(&self, place: &Column, scale: usize, language: Language) -> Field {
        let is_choice = matches!(self.kind.as_str(), "M" | "P");
        let own = place.relevance.as_deref().and_then(Survey::condition);
        let (shown_if, own) = if is_choice { (own, None) } else { (None, own) };
        let relevance = self.relevance.iter().cloned().chain(own).collect();
        let (holds, measure) = self.holds(scale, language);
        let label = match &place.text {
            text if text.is_empty() => self.text.clone(),
            text if is_choice => text.clone(),
            text => format!("{}: {text}", self.text),
        };
        let mut remarks = self.filters.clone();
        let has_condition = |part: &Part| Survey::condition(&part.relevance).is_some();
        if is_choice && self.parts[0].iter().any(has_condition) {
            remarks.push("Not everybody saw all choices: who did not see one counts as not choosing it.".to_owned());
        }
        if is_choice && self.other {
            remarks.push(format!(
                "Whoever wrote something under \"other\" has it in `{}[other]` alone, as text: no option here.",
                self.code
            ));
        }
        Field {
            headings: self.headings(&place.heading, &place.name, &place.heading_text),
            names: [(&self.code, &place.name), (&self.old_name, &place.old)]
                .into_iter()
                .filter(|(stem, _)| !stem.is_empty())
                .map(|(stem, rest)| format!("{stem}{rest}"))
                .collect(),
            label,
            holds,
            measure,
            role: self.role(),
            choice: is_choice.then(|| Choice {
                question: self.code.clone(),
                wording: self.text.clone(),
                code: place.old.clone(),
            }),
            blank_beside_denials: is_choice.then_some(Reason::NotShown),
            when_recoded: (self.kind == "Y" && !self.mandatory).then(|| {
                let remark =
                    "LimeSurvey recoded N, and with it what was left blank: who skipped this is counted as no.";
                (remark.to_owned(), Reason::NotShown)
            }),
            relevance,
            shown_if,
            required: self.mandatory && !self.is_several(),
            remarks,
        }
    }

    /// What an export may call a column: by its code in two ways, and by its wording.
    fn headings(&self, heading: &str, name: &str, text: &str) -> Vec<String> {
        let coded = format!("{}{heading}", self.code);
        let routed = format!("{}{name}", self.code);
        let worded = if text.is_empty() { self.text.clone() } else { format!("{} {text}", self.text) };
        let mut headings = vec![coded, routed, worded];
        headings.dedup();
        headings
    }

    fn role(&self) -> Role {
        match self.kind.as_str() {
            "S" | "T" | "U" | "Q" | ";" => Role::OpenText,
            "I" | "X" => Role::Interview(Interview::Other),
            "|" => Role::Personal,
            "D" => Role::Unused(Unused::Moment),
            _ => Role::Answer,
        }
    }

    fn holds(&self, scale: usize, language: Language) -> (Holds, Option<Measure>) {
        let numbers = |last: u8| {
            let answers = (1..=last).map(|number| Answer::new(&number.to_string(), &number.to_string()));
            (Holds::Answers(answers.collect()), Some(Measure::Ordinal))
        };
        let fixed = |answers: &[(&str, &str, &str)]| {
            let answer = |(code, de, en): &(&str, &str, &str)| Answer::new(code, language.choose(de, en));
            answers.iter().map(answer).collect::<Vec<Answer>>()
        };
        let not_applicable = |reason: Reason| Answer { missing: Some(reason), ..Answer::new("N/A", "N/A") };
        let [yes, no] = [("Y", "Ja", "Yes"), ("N", "Nein", "No")];
        let answers = match self.kind.as_str() {
            "N" | "K" => return (Holds::Numbers, None),
            "A" | "5" => return numbers(5),
            "B" => return numbers(10),
            ":" if !self.is_ticked => return (Holds::Numbers, None),
            ":" => {
                vec![Answer::new("1", language.choose("Ja", "Yes")), Answer::new("0", language.choose("Nein", "No"))]
            }
            "M" | "P" => {
                let mut answers = fixed(&[yes, ("", "Nein", "No")]);
                // A blank is no value; N and what it was converted to are.
                answers[1].written[0] = vec!["N".to_owned()];
                recoded(answers, [&["1"], &["2", "0"]], not_applicable(Reason::NotShown))
            }
            "Y" => recoded(fixed(&[yes, no]), [&["1"], &["2", "0"]], not_applicable(Reason::Skipped)),
            "G" => {
                let mut answers = fixed(&[("F", "Weiblich", "Female"), ("M", "Männlich", "Male")]);
                answers.push(not_applicable(Reason::Skipped));
                answers
            }
            "C" => fixed(&[yes, ("U", "Unsicher", "Uncertain"), no]),
            "E" => fixed(&[("I", "Zunahme", "Increase"), ("S", "Gleich", "Same"), ("D", "Abnahme", "Decrease")]),
            "R" => self.ranked(),
            "L" | "!" | "O" | "F" | "H" | "1" => {
                let mut answers: Vec<Answer> = self.answers[scale].iter().map(Offered::answer).collect();
                if self.other && matches!(self.kind.as_str(), "L" | "!") {
                    answers.extend(fixed(&[("-oth-", "Sonstiges", "Other")]));
                }
                answers
            }
            _ => return (Holds::Anything, None),
        };
        (Holds::Answers(answers), None)
    }

    /// What is ranked: answers, and since version 6 also subquestions.
    fn ranked(&self) -> Vec<Answer> {
        let of_part = |part: &Part| Answer::new(&part.code, &part.text);
        if self.answers[0].is_empty() {
            self.parts[0].iter().map(of_part).collect()
        } else {
            self.answers[0].iter().map(Offered::answer).collect()
        }
    }
}

impl Offered {
    fn answer(&self) -> Answer {
        Answer::new(&self.code, &plain(&self.text))
    }
}

impl Column {
    fn of(code: &str, text: &str, relevance: Option<String>) -> Self {
        Self {
            heading: format!("[{code}]"),
            name: format!("_{code}"),
            old: code.to_owned(),
            text: text.to_owned(),
            heading_text: format!("[{text}]"),
            relevance,
        }
    }
}

/// Answers that an export may have converted to these.
fn recoded(answers: Vec<Answer>, to: [&[&str]; 2], not_applicable: Answer) -> Vec<Answer> {
    let recoded = answers.into_iter().zip(to).map(|(answer, spellings)| answer.or_as(spellings));
    recoded.chain([not_applicable]).collect()
}

/// `[SQ001][1]` as routing writes it.
fn name_of(heading: &str) -> String {
    heading.replace("][", "_").replace('[', "_").replace(']', "")
}
