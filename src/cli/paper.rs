//! Facts with their names, in lines that fit the screen.

use std::fmt::Write;

use crate::{
    study::Language,
    table::{left, wrap},
};

/// What is printed.
pub(super) struct Paper {
    pub text: String,
    pub width: usize,
    pub language: Language,
}

impl Paper {
    pub(super) fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.lines("", text);
    }

    /// A fact with its name, in two columns.
    pub(super) fn fact(&mut self, name: &str, fact: &str) {
        const NAMES: usize = 14;
        self.lines(&format!("  {}  ", left(name, NAMES)), fact);
    }

    /// A text after what stands before it, which later lines leave free.
    pub(super) fn lines(&mut self, before: &str, text: &str) {
        let indent = before.chars().count();
        let mut before = before.to_owned();
        for line in wrap(text, self.width.saturating_sub(indent).max(20)) {
            let _ = writeln!(self.text, "{}", format!("{before}{line}").trim_end());
            before = " ".repeat(indent);
        }
    }
}
