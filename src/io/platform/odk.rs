//! KoBoToolbox, ODK and SurveyCTO: one header row of names or labels, with the groups of a question before it.
//!
//! What several answers were possible for stands in one column (`a b`), in a column of 0 and 1 for each choice, or both.
//! Sources: <https://support.kobotoolbox.org/export_download.html>, <https://docs.getodk.org/central-submissions> and
//! <https://docs.surveycto.com/05-exporting-and-publishing-data/01-overview/09.data-format.html>.

use super::Layout;
use crate::codebook::{Codebook, Interview, Member, Role, Set, SetKind, Unused, Variable};

/// The columns about the interview, without their groups, and what they are for.
const ABOUT: [(&str, Role); 41] = [
    ("_id", Role::Identifier),
    ("_uuid", Role::Identifier),
    ("_index", Role::Identifier),
    ("instanceID", Role::Identifier),
    ("instanceName", Role::Personal),
    ("rootUuid", Role::Identifier),
    ("deprecatedID", Role::Identifier),
    ("KEY", Role::Identifier),
    ("caseid", Role::Identifier),
    ("_submission_time", Role::Interview(Interview::Ended)),
    ("SubmissionDate", Role::Interview(Interview::Ended)),
    ("CompletionDate", Role::Interview(Interview::Ended)),
    ("start", Role::Interview(Interview::Started)),
    ("starttime", Role::Interview(Interview::Started)),
    ("end", Role::Interview(Interview::Ended)),
    ("endtime", Role::Interview(Interview::Ended)),
    ("duration", Role::Interview(Interview::Seconds)),
    ("today", Role::Interview(Interview::Other)),
    ("_validation_status", Role::Interview(Interview::Status)),
    ("_status", Role::Interview(Interview::Status)),
    ("ReviewState", Role::Interview(Interview::Status)),
    ("review_status", Role::Interview(Interview::Status)),
    ("review_comments", Role::OpenText),
    ("_notes", Role::OpenText),
    ("_tags", Role::Interview(Interview::Other)),
    ("__version__", Role::Interview(Interview::Other)),
    ("FormVersion", Role::Interview(Interview::Other)),
    ("formdef_version", Role::Interview(Interview::Other)),
    ("audit", Role::Interview(Interview::Other)),
    ("deviceid", Role::Personal),
    ("DeviceID", Role::Personal),
    ("devicephonenum", Role::Personal),
    ("username", Role::Personal),
    ("phonenumber", Role::Personal),
    ("_submitted_by", Role::Personal),
    ("SubmitterName", Role::Personal),
    ("SubmitterID", Role::Personal),
    ("AttachmentsPresent", Role::Interview(Interview::Other)),
    ("AttachmentsExpected", Role::Interview(Interview::Other)),
    ("Edits", Role::Interview(Interview::Other)),
    ("Status", Role::Interview(Interview::Status)),
];

/// Columns by which an export is known, two of them; `start` and `end` have others too.
const MARKS: [&str; 10] = [
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "__version__",
    "_submitted_by",
    "KEY",
    "SubmissionDate",
    "instanceID",
    "formdef_version",
];

/// What ends the names of the parts of a place.
const PLACES: [&str; 6] = ["latitude", "longitude", "altitude", "precision", "accuracy", "geopoint"];

/// The layout, if columns about the interview say so.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let names = head.first()?;
    let marks: Vec<&str> = MARKS.into_iter().filter(|mark| names.iter().any(|name| last(name) == *mark)).collect();
    let [first, second, ..] = marks[..] else { return None };
    let sets = sets(names);
    Some(Layout {
        why: format!("it has the columns {first} and {second}"),
        header_rows: 1,
        columns: names.clone(),
        codebook: Codebook { variables: variables(names, &sets), sets, ..Codebook::default() },
    })
}

fn variables(names: &[String], sets: &[Set]) -> Vec<Variable> {
    let is_place = |name: &str| {
        let small = name.to_lowercase();
        PLACES
            .iter()
            .any(|place| small.strip_suffix(place).is_some_and(|stem| stem.ends_with(['_', '-', ':', '.', '/'])))
    };
    // The point itself stands before its parts.
    let has_parts = |name: &str| {
        let parts = [format!("_{}_latitude", last(name)), format!("{}-Latitude", last(name))];
        names.iter().any(|other| parts.iter().any(|part| other.ends_with(part)))
    };
    let role = |name: &str| {
        let about = ABOUT.iter().find(|(known, _)| *known == last(name)).map(|(_, role)| *role);
        let place = (is_place(name) || has_parts(name)).then_some(Role::Personal);
        let repeated = sets.iter().any(|set| set.name == *name);
        let repeated = repeated.then_some(Role::Unused(Unused::Repeated));
        about.or(place).or(repeated).unwrap_or_default()
    };
    names.iter().map(|name| Variable::new(name).labelled(last(name)).used_as(role(name))).collect()
}

/// A column that others follow whose names are its own and a choice.
fn sets(names: &[String]) -> Vec<Set> {
    let mut sets = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let choice = |other: &String| {
            let choice = other.strip_prefix(name.as_str())?.strip_prefix('/')?;
            Some(Member { column: other.clone(), label: choice.to_owned() })
        };
        let members: Vec<Member> = names[index + 1..].iter().map_while(choice).collect();
        if members.len() > 1 {
            let kind = SetKind::Dichotomies { chosen: Vec::new() };
            sets.push(Set { name: name.clone(), label: Some(last(name).to_owned()), kind, members });
        }
    }
    sets
}

/// The name without its groups.
fn last(name: &str) -> &str {
    ["meta/", "meta-", "meta.", "meta:"]
        .iter()
        .find_map(|group| name.strip_prefix(group))
        .unwrap_or_else(|| name.rsplit_once('/').map_or(name, |(_, last)| last))
}

#[cfg(test)]
mod tests {
    use super::layout;
    use crate::codebook::Role;

    #[test]
    fn exports_of_each_are_recognised_and_say_what_is_no_answer() {
        for names in [
            &["start", "g/age", "g/news", "g/news/tv", "g/news/web", "_gps_latitude", "_id", "_uuid"][..],
            &["SubmissionDate", "age", "loc-Latitude", "meta-instanceID", "KEY"],
            &["SubmissionDate", "deviceid", "news", "news_1", "instanceID", "formdef_version", "KEY"],
        ] {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            let codebook = layout(std::slice::from_ref(&names)).unwrap_or_else(|| panic!("{names:?}")).codebook;
            let personal = |name: &&String| name.to_lowercase().ends_with("latitude") || *name == "deviceid";
            for name in names.iter().filter(personal) {
                assert_eq!(codebook.variable(name).unwrap().role, Role::Personal, "{name}");
            }
            assert_eq!(codebook.sets.len(), usize::from(names.contains(&"g/news/tv".to_owned())));
        }
        assert!(layout(&[vec!["_id".to_owned(), "start".to_owned(), "age".to_owned()]]).is_none());
    }
}
