//! The definition as a tree, safely.
//!
//! The standard's own examples begin with a document type that names its rules by an address. It is skipped and never
//! fetched. One that declares anything itself, such as entities, is refused.

use std::{fs::File, io::Read, path::Path, sync::Arc};

use roxmltree::{Document, Node, ParsingOptions};

use super::encoding;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, Source},
    io::damaged::unreadable,
};

/// Longer definitions are none.
const LONGEST: u64 = 1 << 26;
const MOST_NODES: u32 = 5_000_000;
/// Elements lie in fewer elements than this; deeper ones would need more stack than there is.
const DEEPEST: usize = 64;

/// The text of a definition, with its document type blanked out.
pub(super) fn text(path: &Path) -> Result<Arc<Source>, Diagnostics> {
    let name = path.display().to_string();
    let complain = |message: &str, hint: &str| -> Diagnostics { unreadable(path, message).hint(hint).into() };
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| complain(&error.to_string(), "is it open in another program?"))?;
    if bytes.len() as u64 > LONGEST {
        return Err(complain("this is longer than any definition of a survey: more than 64 MB", "is it the data?"));
    }
    let text = without_document_type(&encoding::text(&bytes)).map_err(|()| {
        complain(
            "its document type declares something itself; only one that names the rules of Triple-S is allowed",
            "remove the part in square brackets from the line with <!DOCTYPE",
        )
    })?;
    if depth(&text) > DEEPEST {
        return Err(complain("its elements lie too deep in each other", "this is no Triple-S definition"));
    }
    Ok(Arc::new(Source { name, text }))
}

/// The tree of a definition.
pub(super) fn tree(source: &Arc<Source>) -> Result<Document<'_>, Diagnostics> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(&source.text, options).map_err(|error| {
        let position = error.pos();
        let start = source.text.split_inclusive('\n').take(position.row.saturating_sub(1) as usize).map(str::len).sum();
        let line: &str = source.text[start..].lines().next().unwrap_or_default();
        let column = line.char_indices().nth(position.col.saturating_sub(1) as usize).map_or(0, |(at, _)| at);
        let place = Place::Text(Arc::clone(source), start + column..start + column);
        Diagnostic::error("not-xml", place, format!("this is no XML: {error}")).into()
    })
}

/// The text within an element; line breaks are spaces.
pub(super) fn words(node: Node<'_, '_>) -> String {
    let mut words = String::new();
    for part in node.descendants() {
        if part.is_text() {
            words += part.text().unwrap_or_default();
        } else if part.has_tag_name("br") {
            words.push(' ');
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The element of this name within another.
pub(super) fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn without_document_type(text: &str) -> Result<String, ()> {
    let mut text = text.trim_start_matches('\u{feff}').to_owned();
    let Some(start) = text.find("<!DOCTYPE") else { return Ok(text) };
    let mut quote = None;
    for (at, letter) in text[start..].char_indices() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            ('[', None) => return Err(()),
            ('>', None) => {
                let blank: String =
                    text[start..=start + at].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
                text.replace_range(start..=start + at, &blank);
                return Ok(text);
            }
            _ => {}
        }
    }
    Err(())
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in text.split('<').skip(1) {
        match tag.as_bytes().first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) if tag.split('>').next().is_some_and(|tag| tag.ends_with('/')) => {}
            Some(_) => depth += 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::{depth, without_document_type};

    #[test]
    fn a_document_type_is_skipped_unless_it_declares_something() {
        let plain = "<?xml version=\"1.0\"?>\n<!DOCTYPE sss PUBLIC \"-//x>\"\n \"http://y\">\n<sss/>";
        let text = without_document_type(plain).expect("allowed");
        assert_eq!((text.len(), text.lines().count()), (plain.len(), plain.lines().count()));
        assert!(!text.contains("DOCTYPE"));
        assert!(without_document_type("<!DOCTYPE sss [<!ENTITY a \"b\">]><sss>&a;</sss>").is_err());
        assert!(without_document_type("<!DOCTYPE sss").is_err());
        assert_eq!(depth("<a><b/><c>x</c></a>"), 2);
    }
}
