//! Qualtrics: a row of names, a row of wordings, a row of import ids as JSON.

use super::Layout;
use crate::codebook::{Codebook, Variable};

/// The layout, if the third row holds import ids.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let [names, wordings, ids, ..] = head else { return None };
    if !ids.iter().any(|id| id.starts_with("{\"ImportId\":")) {
        return None;
    }
    let variables = names.iter().zip(wordings).map(|(name, wording)| Variable::new(name).labelled(wording)).collect();
    Some(Layout {
        why: "its third row holds ImportIds".to_owned(),
        header_rows: 3,
        columns: names.clone(),
        codebook: Codebook { variables, ..Codebook::default() },
    })
}
