//! What single values look like.

use std::net::IpAddr;

/// A date, with or without a time after it: `2024-05-01 12:30`, `1.5.2024`, `05/01/24`.
#[must_use]
pub fn looks_like_date(value: &str) -> bool {
    let date = value.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['-', '.', '/']).collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part.len());
    let lengths: Vec<usize> = parts.iter().map_while(digits).collect();
    matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4 | 2]) && parts.len() == 3
}

/// One word with an `@` and a domain.
pub(super) fn email(value: &str) -> bool {
    let Some((person, domain)) = value.split_once('@') else { return false };
    let names: Vec<&str> = domain.split('.').collect();
    let is_word = !value.contains(char::is_whitespace) && !domain.contains('@');
    is_word && !person.is_empty() && names.len() >= 2 && names.iter().all(|name| !name.is_empty())
}

/// Seven to fifteen digits written as people write telephone numbers: they begin with `+`, `(` or a zero, or are
/// grouped `555-123-4567`.
pub(super) fn phone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let allowed = value.chars().all(|c| c.is_ascii_digit() || " +-/().".contains(c));
    let is_number = value.contains('.') && value.parse::<f64>().is_ok();
    if !allowed || is_number || !(7..=15).contains(&digits) || looks_like_date(value) {
        return false;
    }
    let groups: Vec<usize> = value.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|len| *len > 0).collect();
    let mut letters = value.chars();
    match (letters.next(), letters.next()) {
        (Some('+' | '('), _) => true,
        (Some('0'), Some(second)) => (second.is_ascii_digit() || second == ' ') && (groups.len() > 1 || digits >= 9),
        _ => groups == [3, 3, 4],
    }
}

pub(super) fn ip_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

/// Two letters, two check digits that are right, and the account.
pub(super) fn iban(value: &str) -> bool {
    let letters: Vec<u8> = value.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_uppercase()).collect();
    let shape = (15..=34).contains(&letters.len())
        && letters.iter().all(u8::is_ascii_alphanumeric)
        && letters[..2].iter().all(u8::is_ascii_alphabetic)
        && letters[2..4].iter().all(u8::is_ascii_digit);
    let remainder = |rest: u32, letter: &u8| match letter {
        b'0'..=b'9' => (rest * 10 + u32::from(letter - b'0')) % 97,
        _ => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    };
    shape && letters[4..].iter().chain(&letters[..4]).fold(0, remainder) == 1
}

/// A house number after the word for a street.
pub(super) fn address(value: &str) -> bool {
    const STREETS: [&str; 15] = [
        "straße", "strasse", "str.", "weg ", "allee", "platz ", "gasse ", " street", " st.", " road", " rd", " avenue",
        " ave", " lane", " drive",
    ];
    let value = value.to_lowercase();
    value.contains(|c: char| c.is_ascii_digit()) && STREETS.iter().any(|street| value.contains(street))
}

/// A hardware address, or what a browser says about itself.
pub(super) fn device(value: &str) -> bool {
    let pairs: Vec<&str> = value.split([':', '-']).collect();
    let hardware = pairs.len() == 6 && pairs.iter().all(|pair| pair.len() == 2 && hex(pair));
    hardware || value.starts_with("Mozilla/")
}

/// Latitude and longitude with decimals, separated by a comma.
pub(super) fn coordinates(value: &str) -> bool {
    let degrees = |text: &str, most: f64| {
        text.contains('.') && text.trim().parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most)
    };
    value.split_once(',').is_some_and(|(latitude, longitude)| degrees(latitude, 90.0) && degrees(longitude, 180.0))
}

/// 32 hexadecimal digits in groups of 8-4-4-4-12.
pub(super) fn uuid(value: &str) -> bool {
    let groups: Vec<&str> = value.trim_matches(['{', '}']).split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|group| hex(group))
}

fn hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{address, coordinates, device, email, iban, ip_address, looks_like_date, phone, uuid};

    #[test]
    fn each_look_is_told_from_its_neighbours() {
        type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);
        let cases: [Case; 9] = [
            (email, &["a@b.de", "x.y+z@mail.example.com"], &["@home", "a@b", "write to a@b.de", "a@b..de"]),
            (
                phone,
                &["+49 30 901820", "0171/2345678", "(555) 123-4567", "555-123-4567", "01712345678"],
                &["01.05.2024", "2024-05-01", "0.1234567", "1234567", "0-1000000", "18-24", "00123"],
            ),
            (ip_address, &["192.168.0.1", "2001:db8::1"], &["12:30:45", "1.2.3", "300.1.1.1"]),
            (iban, &["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], &["DE88370400440532013000", "Q1"]),
            (address, &["Hauptstraße 5", "12 Elm Street"], &["Straße", "Berlin 2"]),
            (device, &["00:1A:2b:3c:4d:5e", "Mozilla/5.0 (X11)"], &["12:30:45", "iPhone"]),
            (coordinates, &["52.52, 13.405"], &["1,2", "95.1,3.2", "3,5"]),
            (uuid, &["123e4567-e89b-12d3-a456-426614174000"], &["123e4567", "2024-05-01"]),
            (
                looks_like_date,
                &["2024-05-01", "1.5.2024", "05/01/24 10:00", "2024-05-01T10:00"],
                &["18-24", "1.5", "3.14.15.9"],
            ),
        ];
        for (test, yes, no) in cases {
            for value in yes {
                assert!(test(value), "{value}");
            }
            for value in no {
                assert!(!test(value), "{value}");
            }
        }
    }
}
