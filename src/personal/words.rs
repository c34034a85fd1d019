//! What a column name or an answer says, free of spelling: `eMail-Adresse`, `E_MAIL_ADRESSE` are the same words.

/// The words of a text in lower-case ASCII. A new word begins after anything that is no letter or digit, and at an
/// upper-case letter that begins a word in `StartDate` or `IPAddress`.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (i, letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| letters[i]);
        let after = letters.get(i + 1);
        let begins_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase() || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if begins_word || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            letter.to_lowercase().for_each(|letter| word.push_str(ascii(letter)));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A lower-case letter without its accents; nothing for what has no such form.
fn ascii(letter: char) -> &'static str {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ę' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'ù' | 'ú' | 'û' => "u",
        'ý' | 'ÿ' => "y",
        'ł' => "l",
        'š' | 'ś' => "s",
        'ž' | 'ź' | 'ż' => "z",
        other => PLAIN.find(other).map_or("", |at| &PLAIN[at..=at]),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_are_split_as_people_read_them() {
        assert_eq!(words("eMail-Adresse"), ["e", "mail", "adresse"]);
        assert_eq!(words("IPAddress"), ["ip", "address"]);
        assert_eq!(words("RecipientLastName"), ["recipient", "last", "name"]);
        assert_eq!(words("Größe (in cm)"), ["groesse", "in", "cm"]);
        assert_eq!(words("SDMVSTRA"), ["sdmvstra"]);
        assert_eq!(words("Q1[SQ001]"), ["q1", "sq001"]);
        assert!(words("возраст!").is_empty());
    }
}
