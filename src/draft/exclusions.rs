//! Who might be left out: proposals in comments, with what was seen.

use super::toml::quoted;
use crate::{
    io::Table,
    quality::{Inspected, identifiers},
    study::Rule,
};

/// A proposed entry of `exclude`, and how many rows it would leave out.
#[derive(Debug)]
pub(super) struct Proposal {
    pub entry: String,
    pub seen: String,
}

/// Proposals for the rules that found something.
pub(super) fn proposals(table: &Table, found: &[Inspected]) -> Vec<Proposal> {
    let has_several_ids = identifiers(table).len() > 1;
    let caught = |found: &&Inspected| found.caught.rows > 0;
    let repeated_ids = found.iter().filter(caught).filter(|found| found.rule == Rule::Duplicates);
    let repeated: u64 = repeated_ids.map(|found| found.caught.rows).sum();
    let mut proposals: Vec<Proposal> = Vec::new();
    for found in found.iter().filter(caught) {
        let name = found.rule.name();
        let entry = match found.rule {
            // Rows that are the same have the same ids.
            Rule::Copies if found.caught.rows <= repeated || found.may_be_chance() => continue,
            Rule::Duplicates if has_several_ids => {
                format!("{{ rule = {}, column = {} }}", quoted(name), quoted(&found.by.concat()))
            }
            _ => quoted(name),
        };
        let what = match found.rule {
            Rule::Tests => format!("are tests, previews, spam or rejected, by {}", found.by.join(", ")),
            Rule::Incomplete => format!("were not completed, by {}", found.by.join(", ")),
            Rule::Duplicates => format!("repeat an id of {}", found.by.join(", ")),
            Rule::Speeders { .. } => {
                let median = found.caught.median.unwrap_or(0.0);
                format!("took less than a third of the median of {median:.0} seconds")
            }
            Rule::StraightLiners => {
                format!("gave the same answer to all {} items of {}", found.items, found.by.concat())
            }
            Rule::Copies | Rule::Where(_) => "are the same as an earlier row in all columns".to_owned(),
        };
        let seen = format!("{} {what}", rows(found.caught.rows));
        match proposals.iter_mut().find(|known| known.entry == entry) {
            Some(known) => known.seen = format!("{}; {seen}", known.seen),
            None => proposals.push(Proposal { entry, seen }),
        }
    }
    proposals
}

/// Few rows are not told apart in a file that may be handed on.
fn rows(count: u64) -> String {
    const FEW: u64 = 5;
    if count < FEW { format!("fewer than {FEW} rows") } else { format!("{count} rows") }
}
