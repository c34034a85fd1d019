//! Google Forms: one row of wordings, a time stamp first; rows of a grid stand in brackets behind its question.
//!
//! Several answers in a cell have a comma between them in the linked spreadsheet, and a semicolon in the file that the
//! form itself gives out, whose time stamps name their time zone.

use super::{
    Layout,
    wording::{grids, key, plain, unique},
};
use crate::codebook::{Codebook, Interview, Role, Variable};

/// The time stamp in the languages of the product.
const TIMESTAMPS: [&str; 16] = [
    "timestamp",
    "zeitstempel",
    "horodateur",
    "horodatage",
    "marcatemporal",
    "carimbodedatahora",
    "informazionicronologiche",
    "tijdstempel",
    "sygnaturaczasowa",
    "časovéoznačení",
    "tidsstämpel",
    "tidsstempel",
    "aikaleima",
    "zamandamgası",
    "отметкавремени",
    "タイムスタンプ",
];
const ADDRESSES: [&str; 8] = [
    "username",
    "emailaddress",
    "email",
    "nutzername",
    "benutzername",
    "emailadresse",
    "adresseemail",
    "direccióndecorreoelectrónico",
];
const SCORES: [&str; 5] = ["score", "totalscore", "punktzahl", "punkte", "gesamtpunktzahl"];

/// The layout, if the first column is called a time stamp.
pub(super) fn layout(head: &[Vec<String>]) -> Option<Layout> {
    let names = head.first()?;
    if names.len() < 2 || !TIMESTAMPS.contains(&key(names.first()?).as_str()) {
        return None;
    }
    let columns = unique(names.iter().map(|name| plain(name)).collect());
    let variables = columns.iter().enumerate().map(|(position, column)| {
        let role = match key(column).as_str() {
            _ if position == 0 => Role::Interview(Interview::Ended),
            name if position <= 2 && ADDRESSES.contains(&name) => Role::Personal,
            name if position <= 2 && SCORES.contains(&name) => Role::Interview(Interview::Other),
            _ => Role::Answer,
        };
        Variable::new(column).labelled(column).used_as(role)
    });
    let stamp = head.get(1).and_then(|row| row.first()).map(String::as_str).unwrap_or_default();
    let separator = if names_its_zone(stamp) { ";" } else { ", " };
    let codebook = Codebook {
        variables: variables.collect(),
        sets: grids(&columns),
        separator: Some(separator.to_owned()),
        ..Codebook::default()
    };
    let why = format!("its first column is `{}`", names[0].trim());
    Some(Layout { why, header_rows: 1, columns, codebook })
}

/// `2026/03/02 9:14:00 AM GMT+1`
fn names_its_zone(stamp: &str) -> bool {
    let last = stamp.split_whitespace().last().unwrap_or_default();
    let is_zone = last.len() > 2 && last.starts_with(|letter: char| letter.is_ascii_uppercase());
    stamp.chars().nth(4) == Some('/') && is_zone
}

#[cfg(test)]
mod tests {
    use super::layout;

    fn separator(stamp: &str) -> Option<String> {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        layout(&[row(["Zeitstempel", "Marken"]), row([stamp, "A"])])?.codebook.separator
    }

    #[test]
    fn the_time_stamp_tells_where_the_file_comes_from() {
        assert_eq!(separator("2026/03/02 9:14:00 AM GMT+1").unwrap(), ";");
        assert_eq!(separator("2026/03/02 9:14:00 AM OEZ").unwrap(), ";");
        assert_eq!(separator("02.03.2026 09:14:00").unwrap(), ", ");
        assert_eq!(separator("2026/03/02 9:14:00 AM").unwrap(), ", ");
    }
}
