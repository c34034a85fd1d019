//! Which data belong to a definition, and the other way round.

use std::path::{Path, PathBuf};

use super::{
    definition::{Definition, Layout},
    reader::read,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};

/// Endings of data, those of fixed positions first.
const DATA: [&str; 3] = ["asc", "dat", "csv"];
const DEFINITIONS: [&str; 2] = ["sss", "xml"];

/// The data of a definition: the file that it names, or one of its name beside it.
pub(super) fn data_of(path: &Path, definition: &Definition) -> Result<PathBuf, Diagnostics> {
    if let Some(named) = definition.data.as_deref().and_then(|name| named(path, name)) {
        return Ok(named);
    }
    let endings: Vec<&str> = match definition.layout {
        Layout::Fixed => DATA.to_vec(),
        Layout::Csv => DATA.iter().rev().copied().collect(),
    };
    if let Some(data) = sibling(path, &endings) {
        return Ok(data);
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let message = format!("this definition says what stands where, but its data are not beside it: no {stem}.{}", {
        endings.join(&format!(", {stem}."))
    });
    let hint = match &definition.data {
        Some(name) => format!("it names {name}: put that file into the same folder"),
        None => "put the file of data into the same folder, under the same name".to_owned(),
    };
    Err(Diagnostic::error("no-data", Place::File(path.display().to_string()), message).hint(hint).into())
}

/// The definition beside a file of data, where there is one.
pub(in crate::io) fn definition_of(data: &Path) -> Option<PathBuf> {
    let ending = data.extension()?.to_str()?.to_lowercase();
    if !DATA.contains(&ending.as_str()) {
        return None;
    }
    let is_its_own =
        |path: &PathBuf| read(path).is_ok_and(|definition| data_of(path, &definition).is_ok_and(|own| own == data));
    sibling(data, &DEFINITIONS).filter(is_its_own)
}

/// A file in the folder of the definition, whatever folder its name speaks of: that is one of another machine.
fn named(path: &Path, name: &str) -> Option<PathBuf> {
    let name = name.rsplit(['/', '\\']).next().filter(|name| !name.is_empty() && *name != "..")?;
    Some(path.with_file_name(name)).filter(|path| path.is_file())
}

/// A file of the same name with one of these endings, in any case.
fn sibling(path: &Path, endings: &[&str]) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_str()?.to_lowercase();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    endings.iter().find_map(|ending| {
        let wanted = format!("{stem}.{ending}");
        let name = names.iter().find(|name| name.to_lowercase() == wanted)?;
        Some(path.with_file_name(name)).filter(|path| path.is_file())
    })
}
