//! `topline keys`: every key of a study file.

use super::Screen;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    study::keys::{TABLES, Table, heading, position, tables_with},
    table::{left, wrap},
};

/// Explain every key of a study file: its value, its default, what it means
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline keys
  topline keys question")]
pub struct Keys {
    /// Names of tables, such as design or design.replicates; all unless given
    table: Vec<String>,
}

impl Keys {
    pub fn run(&self, screen: &Screen) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        let mut tables = Vec::new();
        for name in &self.table {
            match position(name) {
                Some(index) => tables.push(index),
                None => problems.push(unknown(name)),
            }
        }
        let (mut tables, _) = problems.unless_errors(tables)?;
        if self.table.is_empty() {
            tables = (0..TABLES.len()).collect();
        }
        let texts: Vec<String> = tables.into_iter().map(|index| explained(&TABLES[index], screen.width())).collect();
        let note = "A label is a text, or { de = \"...\", en = \"...\" } for both languages.\n";
        screen.print(&format!("{}\n{note}", texts.join("\n")))
    }
}

/// A name that no table has may be that of a key.
fn unknown(name: &str) -> Diagnostic {
    let names = || TABLES.iter().map(|table| table.name);
    let name = name.trim_matches(['[', ']']);
    let of_keys: Vec<&str> = tables_with(name).map(|table| table.name).collect();
    let hint = match of_keys.as_slice() {
        [] => did_you_mean(name, names()).unwrap_or_else(|| format!("there are {}", quoted_list(names()))),
        tables => format!("it is a key: `topline keys {}` explains it", tables.join(" ")),
    };
    let place = Place::File("command line".to_owned());
    Diagnostic::error("unknown-id", place, format!("there is no table `{name}`")).hint(hint)
}

fn explained(table: &Table, width: usize) -> String {
    const NAMES: usize = 20;
    let brackets = match table.name {
        name @ ("cells" | "base" | "option" | "net" | "reference") => name.to_owned(),
        name => heading(name),
    };
    let mut text = String::new();
    for line in wrap(&format!("{brackets}  {}", table.meaning), width) {
        text.push_str(&format!("{line}\n"));
    }
    for key in table.keys {
        let default = match key.default {
            "" => String::new(),
            "required" => "; required".to_owned(),
            default => format!("; without it {default}"),
        };
        let mut name = left(key.name, NAMES);
        let lines = [wrap(key.meaning, width - NAMES - 2), wrap(&format!("{}{default}", key.value), width - NAMES - 4)];
        for (line, indent) in
            lines.iter().zip(["", "  "]).flat_map(|(lines, indent)| lines.iter().map(move |l| (l, indent)))
        {
            text.push_str(format!("  {name}{indent}{line}").trim_end());
            text.push('\n');
            name = " ".repeat(NAMES);
        }
    }
    text
}
