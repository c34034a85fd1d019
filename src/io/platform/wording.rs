//! Texts in the first rows of exports: markup, names of columns, questions and their items.

use crate::codebook::{Member, Set, SetKind};

/// A text without tags, entities and line breaks.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(length) = tag(rest) {
            plain.push(' ');
            rest = &rest[length..];
        } else if let Some((letter, length)) = entity(rest) {
            plain.push(letter);
            rest = &rest[length..];
        } else {
            plain.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same names, each once: the second of two that are alike is `name (2)`.
pub(super) fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let most = names.len() + 1;
    let once = |name: String| {
        // A column without a name gets one by its position later.
        if name.is_empty() || seen.insert(name.clone()) {
            return name;
        }
        let numbered = (2..=most).map(|number| format!("{name} ({number})")).find(|name| seen.insert(name.clone()));
        numbered.unwrap_or(name)
    };
    names.into_iter().map(once).collect()
}

/// What tells names apart: their letters and digits, in lower case.
pub(super) fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Columns called `Question [Row]`, as items of their question.
pub(super) fn grids(columns: &[String]) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    for column in columns {
        let parts = column.strip_suffix(']').and_then(|column| column.rsplit_once('['));
        let Some((question, row)) = parts.map(|(question, row)| (question.trim(), row.trim())) else { continue };
        let member = Member { column: column.clone(), label: row.to_owned() };
        match sets.iter_mut().find(|set| set.name == question) {
            Some(set) => set.members.push(member),
            None => sets.push(Set {
                name: question.to_owned(),
                label: Some(question.to_owned()),
                kind: SetKind::Items,
                members: vec![member],
            }),
        }
    }
    sets.retain(|set| set.members.len() > 1 && !set.name.is_empty());
    sets
}

/// The length of the tag that a text begins with.
fn tag(text: &str) -> Option<usize> {
    let begins = text[1..].starts_with(|letter: char| letter.is_ascii_alphabetic() || "/!".contains(letter));
    if text.starts_with('<') && begins { text.find('>').map(|end| end + 1) } else { None }
}

/// The letter that the entity at the beginning of a text stands for, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    const NAMED: [(&str, char); 22] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("auml", 'ä'),
        ("ouml", 'ö'),
        ("uuml", 'ü'),
        ("Auml", 'Ä'),
        ("Ouml", 'Ö'),
        ("Uuml", 'Ü'),
        ("szlig", 'ß'),
        ("euro", '€'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("rsquo", '’'),
        ("lsquo", '‘'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bdquo", '„'),
    ];
    let name = &text.strip_prefix('&')?[..text[1..].find(';').filter(|length| *length <= LONGEST)?];
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let named = || NAMED.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
    Some((number.and_then(char::from_u32).or_else(named)?, name.len() + 2))
}

#[cfg(test)]
mod tests {
    use super::{grids, plain, unique};

    #[test]
    fn markup_leaves_the_words() {
        for (text, expected) in [
            ("<p>How <b>satisfied</b>\r\nare&nbsp;you?</p>", "How satisfied are you?"),
            ("Gr&ouml;&szlig;e &#8211; in&#x20;cm", "Größe – in cm"),
            ("A & B < C > D &unknown; &", "A & B < C > D &unknown; &"),
            ("x <br", "x <br"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn names_are_given_once() {
        let names = ["a", "", "a", "a (2)", "a", ""].map(str::to_owned).to_vec();
        assert_eq!(unique(names), ["a", "", "a (2)", "a (2) (2)", "a (3)", ""]);
    }

    #[test]
    fn rows_in_brackets_are_items() {
        let columns = ["Rate us [Price]", "Rate us [Taste]", "Age [years]"].map(str::to_owned);
        let sets = grids(&columns);
        assert_eq!(sets.len(), 1);
        assert_eq!(sets[0].members[1].label, "Taste");
    }
}
