//! Names that a format allows, for columns that may be called anything.

use std::collections::HashSet;

/// Makes names.
pub(super) struct Names {
    longest: usize,
    reserved: &'static [&'static str],
    given: HashSet<String>,
}

impl Names {
    /// Those of SPSS: a letter, then letters, digits, `_`, `.`, `$`, `#`, `@`, at most 64 bytes, no full stop at the end, no word of its language.
    /// IBM SPSS Statistics, Command Syntax Reference, "Variable Names".
    pub fn of_spss() -> Self {
        const RESERVED: [&str; 13] =
            ["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"];
        Self { longest: 64, reserved: &RESERVED, given: HashSet::new() }
    }

    /// Those of Triple-S: a letter, then letters, digits, `_` and `.`. The standard, "Triple-S names".
    pub fn of_triple_s() -> Self {
        Self { longest: 100, reserved: &[], given: HashSet::new() }
    }

    /// A name for a column; the same one where it is allowed and not given yet.
    pub fn make(&mut self, column: &str) -> String {
        let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
        let mut name: String = column.chars().map(|letter| if allowed(letter) { letter } else { '_' }).collect();
        if !name.starts_with(char::is_alphabetic) {
            name.insert(0, 'v');
        }
        shorten(&mut name, self.longest);
        while name.ends_with('.') {
            name.pop();
        }
        if self.reserved.contains(&name.to_uppercase().as_str()) {
            name.push('_');
        }
        let mut unique = name.clone();
        for number in 2.. {
            // Formats do not tell capital letters from small ones.
            if self.given.insert(unique.to_lowercase()) {
                break;
            }
            let ending = format!("_{number}");
            unique.clone_from(&name);
            shorten(&mut unique, self.longest - ending.len());
            unique += &ending;
        }
        unique
    }
}

/// Cuts a text to so many bytes, between letters.
pub(super) fn shorten(text: &mut String, most: usize) {
    while text.len() > most {
        text.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_allowed_and_given_once() {
        let mut names = Names::of_spss();
        let given = ["Q1", "q1", "Wie alt?", "2nd", "by", "größe.", &"ä".repeat(40)].map(|name| names.make(name));
        let long = "ä".repeat(32);
        assert_eq!(given, ["Q1", "q1_2", "Wie_alt_", "v2nd", "by_", "größe", &long]);
    }
}
