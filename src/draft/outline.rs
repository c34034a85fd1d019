//! What each column of a file is for.

use std::collections::HashSet;

use super::{
    answers::Answers,
    codes::{Choice, Codes, holds_lists, is_undecided, number, ticks},
    design::{Part, doubt, part},
    groups::{Group, groups, is_zero_one},
    naming::{Ids, label, language},
    segments::{Parts, Split, split},
};
use crate::{
    diagnostic::quoted_list,
    io::SYNTHETIC_COLUMN,
    personal::{PersonalData, scan, words},
    responses::Profile,
    study::{Kind, Language, Reason},
};

/// The study file to be written.
#[derive(Debug)]
pub(super) struct Outline {
    pub language: Language,
    pub rows: u64,
    pub columns: usize,
    pub synthetic: bool,
    /// Whether numbers are written `1,5`.
    pub decimal_comma: bool,
    /// Each part of the design with its column, and why it is only proposed.
    pub design: Vec<(Part, String, Option<String>)>,
    pub segments: Vec<Segment>,
    pub questions: Vec<Question>,
    /// Columns that are not read, and why.
    pub left_out: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Segment {
    pub id: String,
    pub label: String,
    pub column: String,
    pub parts: Parts,
    pub missing: Vec<(String, Reason)>,
}

#[derive(Debug)]
pub(super) struct Question {
    pub id: String,
    pub kind: Kind,
    pub text: String,
    pub columns: Vec<String>,
    /// What stands for a chosen option of a multiple response, besides 1.
    pub chosen: Vec<String>,
    pub options: Vec<Choice>,
    pub missing: Vec<(String, Reason)>,
    pub missing_in_base: Vec<Reason>,
    /// What to look at, for the reader of the file.
    pub remarks: Vec<String>,
}

impl Outline {
    /// Decides for each column.
    pub fn new(profiles: &[Profile]) -> Self {
        let mut outline = Self {
            language: language(profiles),
            rows: profiles.iter().map(|profile| profile.filled + profile.blank).max().unwrap_or(0),
            columns: profiles.len(),
            synthetic: false,
            decimal_comma: false,
            design: Vec::new(),
            segments: Vec::new(),
            questions: Vec::new(),
            left_out: Vec::new(),
        };
        let (mut segment_ids, mut ids) = (Ids::default(), Ids::default());
        let free: Vec<usize> =
            (0..profiles.len()).filter(|i| !outline.takes(&profiles[*i], &mut segment_ids)).collect();
        outline.design.sort_by_key(|(part, ..)| *part);
        let groups = groups(profiles, &free);
        let grouped: HashSet<usize> = groups.iter().flat_map(|group| &group.members).map(|(index, _)| *index).collect();
        let mut groups = groups.into_iter().peekable();
        for index in free {
            if let Some(group) = groups.next_if(|group| group.members[0].0 == index) {
                outline.multiple(profiles, group, &mut ids);
            } else if !grouped.contains(&index) {
                outline.question(&profiles[index], &mut ids);
            }
        }
        // A file of demographics alone still has something to print.
        if outline.questions.is_empty() {
            outline.questions = outline.segments.iter().map(segment_as_question).collect();
        }
        outline
    }

    /// Takes a column that is no question; `false` leaves it.
    fn takes(&mut self, profile: &Profile, ids: &mut Ids) -> bool {
        let column = profile.column.clone();
        if column == SYNTHETIC_COLUMN {
            self.synthetic = true;
        } else if let Some(part) = part(profile) {
            self.design(part, profile);
        } else if let Some(finding) = scan(profile) {
            let what =
                if finding.kind == PersonalData::Identifier { "identifies respondents" } else { "personal data" };
            self.left_out.push((column, format!("{what}: {}", finding.why(Language::En))));
        } else if let Some(Split { label, parts, missing }) = split(profile, self.language) {
            let id = ids.make(if words(&column).len() > 3 { &label } else { &column });
            self.segments.push(Segment { id, label, column, parts, missing });
        } else {
            return false;
        }
        true
    }

    fn design(&mut self, part: Part, profile: &Profile) {
        let doubt = if part == Part::Weight { doubt(profile) } else { None };
        if self.design.iter().any(|(known, _, doubt)| *known == part && doubt.is_none()) {
            self.left_out.push((profile.column.clone(), format!("another `{}`", part.key())));
        } else {
            self.design.push((part, profile.column.clone(), doubt));
        }
    }

    fn multiple(&mut self, profiles: &[Profile], group: Group, ids: &mut Ids) {
        let of = |(index, _): &(usize, String)| &profiles[*index];
        let has_zero = |profile: &Profile| profile.values.iter().any(|(value, _)| number(value) == Some(0.0));
        let ticks_only = !group.members.iter().any(|member| has_zero(of(member)));
        let asked = |member: &(usize, String)| ticks_only || of(member).filled > 0;
        let (members, empty): (Vec<_>, Vec<_>) = group.members.into_iter().partition(asked);
        self.left_out.extend(empty.iter().map(|member| (of(member).column.clone(), "empty".to_owned())));
        let (mut missing_in_base, mut remarks) = (Vec::new(), Vec::new());
        let mut chosen: Vec<String> = Vec::new();
        for mark in members.iter().filter(|member| !is_zero_one(of(member))).filter_map(|member| ticks(of(member))) {
            chosen.extend(mark.into_iter().filter(|mark| number(mark) != Some(1.0)));
        }
        chosen.sort();
        chosen.dedup();
        if ticks_only {
            missing_in_base.push(Reason::Skipped);
            remarks.push("Ticks and blanks only: whoever ticked nothing counts as having answered.".to_owned());
        }
        self.questions.push(Question {
            id: ids.make(&group.stem),
            kind: Kind::Multiple,
            text: label(&group.stem),
            columns: members.iter().map(|member| of(member).column.clone()).collect(),
            chosen,
            options: members.into_iter().map(|(_, rest)| choice(&rest, label(&rest))).collect(),
            missing: Vec::new(),
            missing_in_base,
            remarks,
        });
    }

    fn question(&mut self, profile: &Profile, ids: &mut Ids) {
        let (kind, codes) = match Answers::of(profile) {
            Answers::To(kind, codes) => (kind, codes),
            Answers::None(why) => {
                self.left_out.push((profile.column.clone(), why));
                return;
            }
        };
        let mut remarks = spelling_remarks(&codes);
        let mut missing_in_base = Vec::new();
        let is_tick = codes.options.len() == 1 && ticks(profile).is_some();
        if is_tick {
            missing_in_base.push(Reason::Skipped);
            remarks.push("A tick or nothing: who left it empty counts as having answered.".to_owned());
        }
        if kind != Kind::Number && holds_lists(&codes.options) {
            remarks.push(
                "Several answers in one cell: topline counts each combination; give every answer a column of its own."
                    .to_owned(),
            );
        }
        if codes.missing.iter().any(|(code, _)| number(code).is_some()) {
            remarks.push("The codes under `missing` are a guess.".to_owned());
        }
        if let Some((code, _)) = codes.options.iter().find(|(code, _)| is_undecided(code)) {
            remarks.push(format!("`{code}` counts as an answer; under `missing` it would leave the base."));
        }
        let options: Vec<Choice> = match kind {
            Kind::Number => Vec::new(),
            _ if is_zero_one(profile) => {
                remarks.push("Taken for granted: 1 means yes.".to_owned());
                codes.options.iter().map(|(code, _)| choice(code, self.yes_or_no(code).to_owned())).collect()
            }
            _ if is_tick => {
                let yes = self.language.choose("Ja", "Yes");
                codes.options.iter().map(|(code, _)| codes.choice(code, yes.to_owned())).collect()
            }
            _ => codes.options.iter().map(|(code, _)| codes.choice(code, label(code))).collect(),
        };
        self.questions.push(Question {
            id: ids.make(&profile.column),
            kind,
            text: label(&profile.column),
            columns: vec![profile.column.clone()],
            chosen: Vec::new(),
            options,
            missing: codes.missing,
            missing_in_base,
            remarks,
        });
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

fn choice(code: &str, label: String) -> Choice {
    Choice { code: code.to_owned(), label, also: Vec::new() }
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

fn segment_as_question(segment: &Segment) -> Question {
    let (kind, options) = match &segment.parts {
        Parts::Codes(codes) => (Kind::Single, codes.clone()),
        Parts::Bands(_) => (Kind::Number, Vec::new()),
    };
    Question {
        id: segment.id.clone(),
        kind,
        text: segment.label.clone(),
        columns: vec![segment.column.clone()],
        chosen: Vec::new(),
        options,
        missing: segment.missing.clone(),
        missing_in_base: Vec::new(),
        remarks: Vec::new(),
    }
}
