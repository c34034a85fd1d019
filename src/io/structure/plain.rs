//! Texts of questionnaires without their mark-up.

/// Without tags, with entities as letters, on one line.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let (put, length) = if rest.starts_with('<') { tag(rest) } else { entity(rest) };
        shown.push_str(&put);
        rest = &rest[length..];
    }
    shown.push_str(rest);
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands for a tag, and how long it is; a sign is no tag.
fn tag(text: &str) -> (String, usize) {
    let is_tag = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    match text.find('>') {
        Some(end) if is_tag => {
            let breaks = ["<br", "</p", "</div", "</li", "<p", "<div", "<li"];
            let is_break =
                breaks.iter().any(|tag| text.get(..tag.len()).is_some_and(|own| own.eq_ignore_ascii_case(tag)));
            (if is_break { " " } else { "" }.to_owned(), end + 1)
        }
        _ => ("<".to_owned(), 1),
    }
}

fn entity(text: &str) -> (String, usize) {
    const LONGEST: usize = 10;
    const NAMED: [(&str, &str); 17] = [
        ("amp", "&"),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("nbsp", " "),
        ("auml", "ä"),
        ("ouml", "ö"),
        ("uuml", "ü"),
        ("Auml", "Ä"),
        ("Ouml", "Ö"),
        ("Uuml", "Ü"),
        ("szlig", "ß"),
        ("eacute", "é"),
        ("ndash", "–"),
        ("bdquo", "„"),
        ("ldquo", "“"),
    ];
    let none = ("&".to_owned(), 1);
    let Some(end) = text.find(';').filter(|end| *end <= LONGEST) else { return none };
    let name = &text[1..end];
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    });
    let named = || NAMED.iter().find(|(known, _)| *known == name).map(|(_, letter)| (*letter).to_owned());
    match number.and_then(char::from_u32).map(String::from).or_else(named) {
        Some(letter) => (letter, end + 1),
        None => none,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn markup_goes_and_words_stay() {
        for (text, shown) in [
            ("<p>Wie <b>zufrieden</b> sind&nbsp;Sie?</p>\n", "Wie zufrieden sind Sie?"),
            ("a<br />b &amp; c &#8211; d &auml; &x;", "a b & c – d ä &x;"),
            ("weniger als < 5 & mehr", "weniger als < 5 & mehr"),
            ("<", "<"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
