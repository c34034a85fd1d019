//! What is known of the columns of a plain table, in a file beside it: `customers.csv.codebook.json` describes
//! `customers.csv`.
//!
//! It holds a [`Codebook`] as JSON. `topline_codebook` is the version of the format, 1; keys are the fields of
//! [`crate::codebook`], left out where nothing is known:
//!
//! ```json
//! {
//!   "topline_codebook": 1,
//!   "variables": [
//!     {
//!       "column": "satisfied",
//!       "label": "How satisfied are you?",
//!       "measure": "ordinal",
//!       "values": [
//!         { "code": "1", "label": "Very satisfied" },
//!         { "code": "99", "label": "No answer", "missing": "refused" }
//!       ],
//!       "missing_ranges": [[null, -1]],
//!       "blank": "not_shown",
//!       "base": { "label": "customers", "condition": "customer = '1'" }
//!     }
//!   ],
//!   "sets": [
//!     {
//!       "name": "seen",
//!       "kind": { "dichotomies": {} },
//!       "members": [{ "column": "seen_1", "label": "House" }, { "column": "seen_2", "label": "Garden" }]
//!     }
//!   ]
//! }
//! ```
//!
//! `measure` is `nominal`, `ordinal` or `number`; `missing` and `blank` are `not_shown`, `skipped`, `dont_know` or `refused`; `role` is
//! `open_text`, `weight`, `strata`, `units`, `identifier`, `personal` or `interview` with what it says of it; the kind of a set is `dichotomies` (`chosen`
//! where not 1), `categories`, `joined` (`separator`, `choices`) or `items`. An end of a range that is `null` is open.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    codebook::Codebook,
    diagnostic::{Diagnostic, Diagnostics, Place, quoted_list},
};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    topline_codebook: u32,
    #[serde(flatten)]
    codebook: &'a Codebook,
}

#[derive(Deserialize)]
struct Read {
    topline_codebook: u32,
    #[serde(flatten)]
    codebook: serde_json::Value,
}

/// Where the description of a table is.
#[must_use]
pub fn codebook_path(table: &Path) -> PathBuf {
    let mut name = table.file_name().unwrap_or_default().to_owned();
    name.push(".codebook.json");
    table.with_file_name(name)
}

/// A codebook as text.
#[must_use]
pub fn codebook_text(codebook: &Codebook) -> String {
    let written = Written { topline_codebook: VERSION, codebook };
    serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
}

/// The description beside a table, if there is one.
pub(super) fn beside(table: &Path, columns: &[String]) -> Result<Option<(PathBuf, Codebook)>, Diagnostics> {
    let path = codebook_path(table);
    if !path.is_file() {
        return Ok(None);
    }
    let complain = |message: String, hint: String| -> Diagnostics {
        Diagnostic::error("bad-codebook", Place::File(path.display().to_string()), message).hint(hint).into()
    };
    let remedy = || "remove it, or write it anew with `topline convert`".to_owned();
    let text = std::fs::read_to_string(&path).map_err(|error| complain(error.to_string(), remedy()))?;
    let read: Read =
        serde_json::from_str(&text).map_err(|error| complain(format!("this is no codebook: {error}"), remedy()))?;
    if read.topline_codebook != VERSION {
        let message = format!("this codebook is of version {}", read.topline_codebook);
        return Err(complain(message, format!("this topline reads version {VERSION}")));
    }
    let codebook: Codebook = serde_json::from_value(read.codebook)
        .map_err(|error| complain(format!("this is no codebook: {error}"), remedy()))?;
    let named = codebook.variables.iter().map(|variable| &variable.column);
    let named = named.chain(codebook.sets.iter().flat_map(|set| set.members.iter().map(|member| &member.column)));
    let mut strange: Vec<&str> = named.filter(|column| !columns.contains(column)).map(String::as_str).collect();
    strange.dedup();
    if !strange.is_empty() {
        let message = format!("it describes columns that {} does not have: {}", table.display(), quoted_list(strange));
        return Err(complain(message, remedy()));
    }
    Ok(Some((path, codebook)))
}
