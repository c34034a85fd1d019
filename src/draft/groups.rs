//! Finds multiple-response questions: several columns of 0 and 1, or of ticks, whose names share a stem.

use std::collections::HashMap;

use super::codes::{number, ticks};
use crate::{personal::words, responses::Profile};

/// Columns that are one multiple-response question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// What their names share.
    pub stem: String,
    /// Index of each column, and the rest of its name.
    pub members: Vec<(usize, String)>,
}

/// The groups among the columns that are free, in the order of the file.
pub(super) fn groups(profiles: &[Profile], free: &[usize]) -> Vec<Group> {
    let mut stems: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    for index in free {
        for (stem, rest) in stems_of(&profiles[*index].column) {
            stems.entry(stem).or_default().push((*index, rest));
        }
    }
    stems.retain(|stem, members| !is_generic(stem) && is_group(profiles, members));
    let mut names: Vec<&str> = stems.keys().copied().collect();
    names.sort_by_key(|stem| (stem.len(), *stem));
    let mut taken = vec![false; profiles.len()];
    let mut groups = Vec::new();
    for stem in &names {
        // A text beside them belongs to no stem more than to another.
        let set = |members: &[(usize, &str)]| {
            let boxes = members.iter().map(|(index, _)| *index).filter(|index| is_box(&profiles[*index]));
            boxes.collect::<Vec<_>>()
        };
        let longer = names.iter().filter(|other| other.len() > stem.len() && other.starts_with(*stem));
        let own = set(&stems[stem]);
        // `Q1_1`, `Q1_2`, `Q2_1`, `Q2_2` are two questions; `purpose_legal_advice` is an option beside others.
        let is_split = own.iter().all(|index| {
            longer.clone().any(|other| stems[other].len() < own.len() && set(&stems[other]).contains(index))
        });
        if is_split || own.iter().any(|index| taken[*index]) {
            continue;
        }
        for index in &own {
            taken[*index] = true;
        }
        let longest = longer.filter(|other| set(&stems[*other]) == own).max_by_key(|other| other.len());
        let stem = longest.unwrap_or(stem);
        let member = |(index, rest): &(usize, &str)| (*index, (*rest).to_owned());
        let members = stems[stem].iter().filter(|(index, _)| is_box(&profiles[*index])).map(member).collect();
        groups.push(Group { stem: (*stem).to_owned(), members });
    }
    groups.sort_by_key(|group| group.members[0].0);
    groups
}

/// Whether a column holds nothing but 0, 1 and blanks.
pub(super) fn is_zero_one(profile: &Profile) -> bool {
    profile.values.iter().all(|(value, _)| matches!(number(value), Some(0.0 | 1.0)))
}

/// Whether a column says of one option whether it was chosen.
fn is_box(profile: &Profile) -> bool {
    is_zero_one(profile) || ticks(profile).is_some()
}

/// All columns of a stem must be alike; a text beside them is what people typed after "other".
fn is_group(profiles: &[Profile], members: &[(usize, &str)]) -> bool {
    const MOST: usize = 200;
    let of = |(index, _): &(usize, &str)| &profiles[*index];
    let filled = members.iter().map(of).filter(|profile| profile.filled > 0 && is_box(profile)).count();
    let one = |profile: &Profile| profile.values.iter().any(|(value, _)| number(value) == Some(1.0));
    let chosen = |profile: &Profile| one(profile) || !is_zero_one(profile) && is_box(profile);
    let alike = members.iter().map(of).all(|profile| is_box(profile) || profile.numbers == 0);
    let texts = members.iter().map(of).filter(|profile| !is_box(profile)).count();
    let distinct = members.iter().enumerate().all(|(i, (_, rest))| members[..i].iter().all(|(_, other)| other != rest));
    filled >= 2 && texts <= 1 && alike && distinct && members.len() <= MOST && members.iter().map(of).any(chosen)
}

/// Each way to cut a name into a stem and a rest: at a separator, before a final number, after a number before a
/// final letter (`Q5a`).
fn stems_of(name: &str) -> Vec<(&str, &str)> {
    const SEPARATORS: [char; 11] = ['_', '.', ':', '[', '(', ' ', '-', '/', '|', '?', '#'];
    let mut cuts: Vec<usize> =
        name.char_indices().filter(|(_, letter)| SEPARATORS.contains(letter)).map(|(at, _)| at).collect();
    cuts.push(name.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    if let Some((at, _)) = name.char_indices().next_back()
        && name.ends_with(|c: char| c.is_ascii_lowercase())
        && name[..at].ends_with(|c: char| c.is_ascii_digit())
    {
        cuts.push(at);
    }
    let trim = |c: char| !c.is_alphanumeric();
    let mut stems: Vec<(&str, &str)> =
        cuts.into_iter().map(|cut| (name[..cut].trim_end_matches(trim), name[cut..].trim_matches(trim))).collect();
    stems.retain(|(stem, rest)| !stem.is_empty() && !rest.is_empty());
    stems.dedup();
    stems.sort_unstable();
    stems.dedup_by_key(|(stem, _)| *stem);
    stems
}

/// `Q` and `Frage` number the questions of a whole questionnaire.
fn is_generic(stem: &str) -> bool {
    const WORDS: [&str; 12] =
        ["var", "frage", "question", "item", "col", "column", "spalte", "unnamed", "field", "feld", "is", "has"];
    let words = words(stem);
    words.len() <= 1 && words.first().is_none_or(|word| word.len() == 1 || WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::groups;
    use crate::responses::Profile;

    fn found(columns: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        let profile = |(name, values): &(&str, &[&str])| -> Profile { Profile::of(name, values) };
        let profiles: Vec<Profile> = columns.iter().map(profile).collect();
        let free: Vec<usize> = (0..profiles.len()).collect();
        let rests = |members: Vec<(usize, String)>| members.into_iter().map(|(_, rest)| rest).collect();
        groups(&profiles, &free).into_iter().map(|group| (group.stem, rests(group.members))).collect()
    }

    fn expect(columns: &[(&str, &[&str])], expected: &[(&str, &[&str])]) {
        let found = found(columns);
        let found: Vec<(&str, Vec<&str>)> =
            found.iter().map(|(stem, rests)| (stem.as_str(), rests.iter().map(String::as_str).collect())).collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(stem, rests)| (*stem, rests.to_vec())).collect();
        assert_eq!(found, expected);
    }

    const CHOSEN: &[&str] = &["0", "1", ""];

    #[test]
    fn stems_are_cut_where_names_are_cut() {
        expect(
            &[("purpose_support", CHOSEN), ("purpose_legal_advice", CHOSEN)],
            &[("purpose", &["support", "legal_advice"])],
        );
        expect(
            &[("Q1.1", CHOSEN), ("Q1.2", CHOSEN), ("Q2.1", CHOSEN), ("Q2.2", CHOSEN)],
            &[("Q1", &["1", "2"]), ("Q2", &["1", "2"])],
        );
        expect(&[("Q1[SQ001]", CHOSEN), ("Q1[SQ002]", CHOSEN)], &[("Q1", &["SQ001", "SQ002"])]);
        expect(&[("Q5a", CHOSEN), ("Q5b", CHOSEN)], &[("Q5", &["a", "b"])]);
        expect(
            &[("Welche Apps? [Signal]", CHOSEN), ("Welche Apps? [Threema]", CHOSEN)],
            &[("Welche Apps", &["Signal", "Threema"])],
        );
        expect(
            &[("purpose_1", CHOSEN), ("purpose_2", CHOSEN), ("purpose_other_text", &["books", ""])],
            &[("purpose", &["1", "2"])],
        );
    }

    #[test]
    fn ticks_are_boxes_too() {
        expect(
            &[("Kanal: E-Mail", &["E-Mail", ""]), ("Kanal: Telefon", &["", "x"]), ("Kanal: Chat", &["X", "x"])],
            &[("Kanal", &["E-Mail", "Telefon", "Chat"])],
        );
        expect(
            &[("Which apps? [A]", &["A", ""]), ("Which apps? [B]", &["B", ""]), ("Which brand?", &["x", "y"])],
            &[("Which apps", &["A", "B"])],
        );
        expect(&[("use_a", &["soap", ""]), ("use_b", &["tea", ""])], &[]);
    }

    #[test]
    fn only_alike_columns_are_one_question() {
        expect(&[("Q1", CHOSEN), ("Q2", CHOSEN)], &[]);
        expect(&[("mood_1", CHOSEN), ("mood_2", CHOSEN), ("mood_3", &["1", "2", "5"])], &[]);
        expect(&[("use_a", CHOSEN), ("use_b", &["yes", "no"])], &[]);
        expect(&[("use_a", &["0"]), ("use_b", &["0"])], &[]);
    }
}
