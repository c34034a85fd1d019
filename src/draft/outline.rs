//! What each column of a file is for.

use std::collections::HashSet;

use super::{
    design::{Part, doubt, part},
    exclusions::Proposal,
    groups::groups,
    naming::{Ids, language},
    questions::{Drafter, Question},
    segments::{Parts, Split, split},
    settled::settled,
};
use crate::{
    codebook::{Codebook, Interview, Role, SetKind, Unused, Variable},
    io::SYNTHETIC_COLUMN,
    personal::{PersonalData, scan, words},
    responses::Profile,
    study::{Kind, Language, Reason},
};

/// The study file to be written.
#[derive(Debug)]
pub(super) struct Outline {
    /// What the file calls the survey.
    pub title: Option<String>,
    pub language: Language,
    pub rows: u64,
    pub columns: usize,
    pub synthetic: bool,
    /// Whether numbers are written `1,5`.
    pub decimal_comma: bool,
    /// Who might be left out.
    pub exclude: Vec<Proposal>,
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

impl Outline {
    /// Decides for each column.
    pub fn new(profiles: &[Profile], codebook: &Codebook) -> Self {
        let codebook = &settled(profiles, codebook);
        let language = language(profiles, codebook);
        let mut outline = Self {
            language,
            title: codebook.title.clone(),
            rows: profiles.iter().map(|profile| profile.filled + profile.blank).max().unwrap_or(0),
            columns: profiles.len(),
            synthetic: false,
            decimal_comma: false,
            exclude: Vec::new(),
            design: Vec::new(),
            segments: Vec::new(),
            questions: Vec::new(),
            left_out: Vec::new(),
        };
        let mut drafter = Drafter::new(profiles, codebook, language);
        let in_sets = columns_of_sets(codebook);
        let mut segment_ids = Ids::default();
        let free: Vec<usize> = (0..profiles.len())
            .filter(|index| {
                let profile = &profiles[*index];
                in_sets.contains(profile.column.as_str())
                    || !outline.takes(profile, codebook.variable(&profile.column), &mut segment_ids)
            })
            .collect();
        outline.design.sort_by_key(|(part, ..)| *part);
        let ungrouped: Vec<usize> =
            free.iter().filter(|index| !in_sets.contains(profiles[**index].column.as_str())).copied().collect();
        let groups = groups(profiles, &ungrouped);
        let grouped: HashSet<usize> = groups.iter().flat_map(|group| &group.members).map(|(index, _)| *index).collect();
        let mut groups = groups.into_iter().peekable();
        for index in free {
            if in_sets.contains(profiles[index].column.as_str()) {
                drafter.set_that_begins_with(&profiles[index]);
            } else if let Some(group) = groups.next_if(|group| group.members[0].0 == index) {
                drafter.multiple(group);
            } else if !grouped.contains(&index) {
                drafter.question(&profiles[index]);
            }
        }
        outline.questions = drafter.questions;
        outline.left_out.append(&mut drafter.left_out);
        // A file of demographics alone still has something to print.
        if outline.questions.is_empty() {
            outline.questions = outline.segments.iter().map(segment_as_question).collect();
        }
        outline
    }

    /// Takes a column that is no question; `false` leaves it.
    fn takes(&mut self, profile: &Profile, variable: Option<&Variable>, ids: &mut Ids) -> bool {
        let column = profile.column.clone();
        let role = variable.map_or(Role::Answer, |variable| variable.role);
        if column == SYNTHETIC_COLUMN {
            self.synthetic = true;
        } else if let Some(why) = no_answer(role) {
            self.left_out.push((column, format!("{why}{}", unfinished(role, profile))));
        } else if let Some(part) = declared(role).or_else(|| part(profile)) {
            self.design(part, profile);
        } else if let Some(why) = personal(profile, variable) {
            self.left_out.push((column, why));
        } else if profile.many_missing {
            let why = format!("more than {} different numbers in it are no answers, by its file", Profile::MOST);
            self.left_out.push((column, why));
        } else if let Some(Split { label, parts, missing }) = split(profile, variable, self.language) {
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
}

/// The columns that the file itself says are one question.
fn columns_of_sets(codebook: &Codebook) -> HashSet<&str> {
    let sets = codebook.sets.iter().filter(|set| set.kind != SetKind::Items);
    sets.flat_map(|set| &set.members).map(|member| member.column.as_str()).collect()
}

/// The part of the design that the file itself gives a column.
fn declared(role: Role) -> Option<Part> {
    match role {
        Role::Weight => Some(Part::Weight),
        Role::Strata => Some(Part::Strata),
        Role::Units => Some(Part::Units),
        _ => None,
    }
}

/// What a column is for that holds no answers to be counted, in words.
fn no_answer(role: Role) -> Option<&'static str> {
    match role {
        Role::Answer | Role::Weight | Role::Strata | Role::Units => None,
        Role::OpenText => Some("open text"),
        Role::Identifier => Some("identifies respondents"),
        Role::Personal => Some("personal data"),
        Role::Interview(Interview::Started | Interview::Ended) => Some("dates or times"),
        Role::Interview(Interview::Seconds) => Some("how long it took"),
        Role::Interview(Interview::Status) => Some("whether it was a real interview"),
        Role::Interview(Interview::Completion) => Some("how far it went"),
        Role::Interview(Interview::Other) => Some("about the interview, no answer"),
        Role::Unused(Unused::Repeated) => Some("the same answers are in the columns of the choices"),
        Role::Unused(Unused::Ranking) => Some("an order of choices in one cell, which topline does not count"),
        Role::Unused(Unused::Moment) => Some("a date or a time"),
        Role::Unused(Unused::Note) => Some("a note, no question"),
        Role::Unused(Unused::ChoicesElsewhere) => Some("its choices are in another file"),
    }
}

/// How many interviews have no end: their last answers are blank because they were never asked.
fn unfinished(role: Role, profile: &Profile) -> String {
    match role {
        Role::Interview(Interview::Ended) if profile.blank > 0 && profile.filled > 0 => {
            format!("; blank in {} of {} rows: not finished", profile.blank, profile.blank + profile.filled)
        }
        _ => String::new(),
    }
}

/// Why a column may hold personal data, by its values, its name, or what the file calls it.
fn personal(profile: &Profile, variable: Option<&Variable>) -> Option<String> {
    let named = || {
        let label = variable?.label.as_ref()?;
        // Whoever has a list of answers to choose from did not type an address.
        let is_closed = variable.is_some_and(|variable| !variable.values.is_empty());
        let mut renamed = profile.clone();
        renamed.column.clone_from(label);
        if is_closed { None } else { scan(&renamed) }
    };
    let finding = scan(profile).or_else(named)?;
    let what = if finding.kind == PersonalData::Identifier { "identifies respondents" } else { "personal data" };
    Some(format!("{what}: {}", finding.why(Language::En)))
}

fn segment_as_question(segment: &Segment) -> Question {
    let (kind, options) = match &segment.parts {
        Parts::Codes(codes) => (Kind::Single, codes.clone()),
        Parts::Bands(_) => (Kind::Number, Vec::new()),
    };
    let missing = segment.missing.clone();
    Question { options, missing, ..Question::new(&segment.id, kind, &segment.label, &segment.column) }
}
