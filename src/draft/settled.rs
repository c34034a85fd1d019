//! What only the answers settle where the header of an export leaves it open: whether several columns are choices of
//! one question or items, and whether blank cells were shown.

use super::codes::number;
use crate::{
    codebook::{Codebook, Member, Role, Set, SetKind, Variable},
    responses::Profile,
    study::{Reason, same_code},
};

/// The codebook with what the answers settle.
pub(super) fn settled(profiles: &[Profile], codebook: &Codebook) -> Codebook {
    let mut codebook = codebook.clone();
    if let Some(code) = codebook.unanswered.clone() {
        let holds = |profile: &Profile| profile.values.iter().any(|(value, _)| same_code(value, &code));
        // Where those who left a question have a code, a blank cell was not shown.
        if let (Some(code), true) = (number(&code), profiles.iter().any(holds)) {
            let answers = codebook.variables.iter_mut().filter(|variable| variable.role == Role::Answer);
            answers.for_each(|variable| mark_unanswered(variable, code));
        }
    }
    for set in &mut codebook.sets {
        if let SetKind::Dichotomies { chosen } = &mut set.kind {
            keep_used(profiles, &set.members, chosen);
        }
    }
    let unanswered = codebook.unanswered.clone();
    for set in codebook.sets.iter_mut().filter(|set| set.kind == SetKind::Items) {
        if let Some(choices) = choices(profiles, set, unanswered.as_deref()) {
            *set = choices;
        }
    }
    codebook
}

fn mark_unanswered(variable: &mut Variable, code: f64) {
    variable.missing_ranges.push((code, code));
    variable.blank = Some(Reason::NotShown);
}

/// Keeps the marks that occur, where a file may have either 1 or others.
fn keep_used(profiles: &[Profile], members: &[Member], chosen: &mut Vec<String>) {
    let columns = profiles.iter().filter(|profile| members.iter().any(|member| member.column == profile.column));
    let values: Vec<&str> =
        columns.flat_map(|profile| profile.values.iter().map(|(value, _)| value.as_str())).collect();
    let occurs = |mark: &String| values.iter().any(|value| same_code(value, mark));
    if chosen.iter().any(|mark| mark == "1") && chosen.iter().any(occurs) {
        chosen.retain(occurs);
    }
}

/// The same columns as choices of one question, if each holds its own choice or a mark and nothing else.
fn choices(profiles: &[Profile], set: &Set, unanswered: Option<&str>) -> Option<Set> {
    let of = |member: &Member| profiles.iter().find(|profile| profile.column == member.column);
    let boxes: Vec<(&Member, &str)> =
        set.members.iter().filter_map(|member| Some((member, mark(of(member)?, member, unanswered)?))).collect();
    let mut marks: Vec<&str> = boxes.iter().map(|(_, mark)| *mark).filter(|mark| !mark.is_empty()).collect();
    let numbers: Vec<f64> = marks.iter().filter_map(|mark| number(mark)).collect();
    // Numbers are a mark if they are 1 everywhere, or the number of the choice.
    let are_positions = numbers.windows(2).all(|pair| pair[0] < pair[1]) || numbers.iter().all(|number| *number == 1.0);
    // A text beside the choices is what people typed after "other".
    if marks.len() < 2 || set.members.len() > boxes.len() + 1 || !are_positions {
        return None;
    }
    let members = boxes.iter().map(|(member, _)| (*member).clone()).collect();
    if marks.iter().all(|mark| number(mark) == Some(1.0)) {
        marks.clear();
    }
    let chosen = marks.into_iter().map(str::to_owned).collect();
    Some(Set { kind: SetKind::Dichotomies { chosen }, members, ..set.clone() })
}

/// What stands in a column where its choice was ticked, blank if nobody did; `None` if other things stand there.
fn mark<'a>(profile: &'a Profile, member: &Member, unanswered: Option<&str>) -> Option<&'a str> {
    let is_left = |value: &str| number(value) == Some(0.0) || unanswered.is_some_and(|code| same_code(code, value));
    let (left, marks): (Vec<&str>, Vec<&str>) =
        profile.values.iter().map(|(value, _)| value.as_str()).partition(|value| is_left(value));
    match marks[..] {
        [] => Some(""),
        [mark] if mark.split_whitespace().eq(member.label.split_whitespace()) => Some(mark),
        // A number that everybody gave is an answer.
        [mark] if number(mark).is_some() && (profile.blank > 0 || !left.is_empty()) => Some(mark),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::settled;
    use crate::{
        codebook::{Codebook, Member, Set, SetKind, Variable},
        responses::Profile,
        study::Reason,
    };

    fn kind(columns: &[&[&str]]) -> SetKind {
        let name = |at: usize| format!("Q_{at}");
        let profiles: Vec<Profile> =
            columns.iter().enumerate().map(|(at, values)| Profile::of(&name(at), values)).collect();
        let labels = ["Acme", "Bolt", "Core"];
        let members = (0..columns.len()).map(|at| Member { column: name(at), label: labels[at].to_owned() }).collect();
        let set = Set { name: "Q".to_owned(), label: None, kind: SetKind::Items, members };
        let codebook = Codebook { sets: vec![set], ..Codebook::default() };
        settled(&profiles, &codebook).sets.remove(0).kind
    }

    #[test]
    fn choices_hold_their_own_text_or_a_mark() {
        let chosen =
            |marks: &[&str]| SetKind::Dichotomies { chosen: marks.iter().map(|mark| (*mark).to_owned()).collect() };
        assert_eq!(kind(&[&["Acme", ""], &["", "Bolt"]]), chosen(&["Acme", "Bolt"]));
        assert_eq!(kind(&[&["Acme", ""], &["", "Bolt"], &["a cousin's", "kvass"]]), chosen(&["Acme", "Bolt"]));
        assert_eq!(kind(&[&["1", ""], &["", "1"]]), chosen(&[]));
        assert_eq!(kind(&[&["1", ""], &["", "2"]]), chosen(&["1", "2"]));
        for items in [&[&["1", "5"][..], &["2", ""]][..], &[&["good", ""], &["bad", ""]], &[&["5", ""], &["4", ""]]] {
            assert_eq!(kind(items), SetKind::Items, "{items:?}");
        }
    }

    #[test]
    fn blank_cells_were_not_shown_where_those_left_have_a_code() {
        let codebook = Codebook {
            variables: vec![Variable::new("Q1")],
            unanswered: Some("-99".to_owned()),
            ..Codebook::default()
        };
        let blank = |values: &[&str]| settled(&[Profile::of("Q1", values)], &codebook).variables[0].blank;
        assert_eq!(blank(&["1", "-99", ""]), Some(Reason::NotShown));
        assert_eq!(blank(&["1", ""]), None);
    }
}
