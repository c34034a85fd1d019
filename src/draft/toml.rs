//! TOML as a person would type it: keys bare where they can be, equals signs below each other.

/// The lines of one table.
#[derive(Debug, Default)]
pub(super) struct Block(Vec<Line>);

#[derive(Debug)]
struct Line {
    key: String,
    value: String,
    remark: String,
}

impl Block {
    /// A key with a value that is TOML already.
    pub fn entry(&mut self, key: &str, value: impl Into<String>) {
        self.0.push(Line { key: bare(key), value: value.into(), remark: String::new() });
    }

    /// A comment behind the last entry.
    pub fn remark(&mut self, remark: &str) {
        if let Some(line) = self.0.last_mut() {
            line.remark = format!("  # {}", one_line(remark));
        }
    }

    /// The lines, with all equals signs in one column.
    pub fn lines(&self) -> String {
        let width = self.0.iter().map(|line| line.key.chars().count()).max().unwrap_or(0);
        let line = |line: &Line| {
            let gap = " ".repeat(width - line.key.chars().count());
            // A list of many lines cannot have a comment behind its first line.
            if line.value.contains('\n') && !line.remark.is_empty() {
                format!("{}\n{}{gap} = {}\n", line.remark.trim_start(), line.key, line.value)
            } else {
                format!("{}{gap} = {}{}\n", line.key, line.value, line.remark)
            }
        };
        self.0.iter().map(line).collect()
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            control if control.is_control() => quoted.extend(control_escape(control)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn control_escape(control: char) -> impl Iterator<Item = char> {
    format!("\\u{:04X}", u32::from(control)).chars().collect::<Vec<_>>().into_iter()
}

/// A list of texts: on one line, or one line each where that would be too long.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    const WIDEST: usize = 90;
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    let line = texts.join(", ");
    if line.chars().count() <= WIDEST { format!("[{line}]") } else { format!("[\n  {},\n]", texts.join(",\n  ")) }
}

/// A table on one line.
pub(super) fn inline<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let entries: Vec<String> =
        entries.into_iter().map(|(key, value)| format!("{} = {}", bare(key), quoted(value))).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// A text for comments: no line breaks, no control characters, not endless.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 160;
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    shortened(&words.join(" "), LONGEST)
}

/// The beginning of a text.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}

fn bare(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_bare { key.to_owned() } else { quoted(key) }
}

#[cfg(test)]
mod tests {
    use super::{Block, inline, list, quoted};

    #[test]
    fn any_text_can_be_quoted() {
        let nasty = "a\"b\\c\nd\te\u{7f}\u{0}é\u{2028}";
        let document: toml::Table = format!("x = {}", quoted(nasty)).parse().unwrap();
        assert_eq!(document["x"].as_str(), Some(nasty));
    }

    #[test]
    fn blocks_are_aligned() {
        let mut block = Block::default();
        block.entry("id", quoted("use"));
        block.remark("a\nremark");
        block.entry("options", list(["yes", "no"]));
        assert_eq!(block.lines(), "id      = \"use\"  # a remark\noptions = [\"yes\", \"no\"]\n");
        assert_eq!(inline([("-9", "skipped"), ("yes", "Yes")]), r#"{ "-9" = "skipped", yes = "Yes" }"#);
    }
}
