//! The plan of the house, held against the code: each room may use only those above it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From the ground up. A room may use itself and everything before it.
const ROOMS: [&str; 30] = [
    "diagnostic",
    "numeric",
    "study",
    "responses",
    "codebook",
    "io",
    "quality",
    "design",
    "weighting",
    "tally",
    "variance",
    "interval",
    "estimate",
    "significance",
    "survey",
    "disclosure",
    "comparison",
    "words",
    "tidy",
    "table",
    "chart",
    "report",
    "catalogue",
    "simulate",
    "personal",
    "convert",
    "draft",
    "cli",
    "accuracy",
    "main",
];

#[test]
fn no_room_uses_one_below_it() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let room = room_of(&path);
        if room == "lib" {
            continue;
        }
        let rank = |name: &str| ROOMS.iter().position(|known| *known == name);
        let own = rank(&room).unwrap_or_else(|| panic!("{} is in no known room", path.display()));
        for used in uses(&text) {
            match rank(&used) {
                Some(other) if other > own => wrong.push(format!("{} uses {used}", path.display())),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{} has no module documentation", path.display());
    }
}

#[test]
fn nothing_is_imported_without_its_name() {
    for (path, text) in sources() {
        assert!(!text.contains("use super::*"), "{} uses super::*", path.display());
    }
}

#[test]
fn the_core_touches_neither_files_nor_clock_nor_environment() {
    const CORE: [&str; 15] = [
        "diagnostic",
        "numeric",
        "study",
        "responses",
        "design",
        "weighting",
        "tally",
        "variance",
        "interval",
        "estimate",
        "significance",
        "disclosure",
        "comparison",
        "words",
        "table",
    ];
    for (path, text) in sources() {
        if CORE.contains(&room_of(&path).as_str()) {
            for outside in ["std::fs", "std::env", "std::time", "std::io::stdout", "std::net"] {
                assert!(!text.contains(outside), "{} uses {outside}", path.display());
            }
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("sources are text");
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 30, "the sources were not found");
    found
}

/// The folder or file right under `src`.
fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("it is in src");
    let first = inside.components().next().expect("it has a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a file names after `crate::`, alone or in braces.
fn uses(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            rooms.push(first_word(rest));
            continue;
        };
        let mut depth = 0;
        let mut item = String::new();
        for character in list.chars() {
            match character {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    rooms.push(first_word(item.trim()));
                    item.clear();
                    continue;
                }
                _ => {}
            }
            item.push(character);
        }
        rooms.push(first_word(item.trim()));
    }
    rooms
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
