//! `topline keys`: every key of a study file.

use super::{Screen, chosen};
use crate::{
    diagnostic::Diagnostics,
    study::keys::{TABLES, Table},
    table::{left, wrap},
};

/// Explain every key of a study file: its value, its default, what it means
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline keys
  topline keys question")]
pub struct Keys {
    /// Names of tables; all unless given
    table: Vec<String>,
}

impl Keys {
    pub fn run(&self, screen: &Screen) -> Result<(), Diagnostics> {
        let names = TABLES.map(|table| table.name);
        let tables =
            if self.table.is_empty() { (0..TABLES.len()).collect() } else { chosen(&self.table, &names, "table")? };
        let texts: Vec<String> = tables.into_iter().map(|index| explained(&TABLES[index], screen.width())).collect();
        let note = "A label is a text, or { de = \"...\", en = \"...\" } for both languages.\n";
        screen.print(&format!("{}\n{note}", texts.join("\n")))
    }
}

fn explained(table: &Table, width: usize) -> String {
    const NAMES: usize = 20;
    let brackets = match table.name {
        "segment" | "question" => format!("[[{}]]", table.name),
        "replicates" => "[design.replicates]".to_owned(),
        name @ ("study" | "data" | "design" | "publication" | "simulation") => format!("[{name}]"),
        name => name.to_owned(),
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
