//! Finds personal data: by what a column is called, and by what its values look like.
//!
//! Survey exports carry more than answers: e-mail addresses, IP addresses, names. None of it belongs into figures.
//! A [`Finding`] says why a column is suspected, never what stands in it.

mod looks;
mod names;
mod words;

pub use self::{looks::looks_like_date, words::words};
use crate::{responses::Profile, study::Language};

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalData {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Internet addresses.
    IpAddress,
    /// Names of persons.
    Name,
    /// Postal addresses.
    Address,
    /// Bank accounts.
    Iban,
    /// Numbers and descriptions of devices.
    DeviceId,
    /// Dates of birth.
    BirthDate,
    /// Places: coordinates, postal codes, towns.
    Location,
    /// What tells one respondent from all others.
    Identifier,
}

impl PersonalData {
    /// What it is, in the plural.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        let (de, en) = match self {
            Self::Email => ("E-Mail-Adressen", "e-mail addresses"),
            Self::Phone => ("Telefonnummern", "telephone numbers"),
            Self::IpAddress => ("IP-Adressen", "IP addresses"),
            Self::Name => ("Namen von Personen", "names of persons"),
            Self::Address => ("Postanschriften", "postal addresses"),
            Self::Iban => ("Bankkonten", "bank accounts"),
            Self::DeviceId => ("Geräte", "devices"),
            Self::BirthDate => ("Geburtsdaten", "dates of birth"),
            Self::Location => ("Orte", "places"),
            Self::Identifier => ("Kennungen von Befragten", "identifiers of respondents"),
        };
        language.choose(de, en)
    }
}

/// Personal data in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: PersonalData,
    /// Why it is suspected.
    pub evidence: Evidence,
}

/// What gives personal data away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// What the column is called.
    Name,
    /// What its values look like.
    Values {
        /// How many look like it.
        alike: u64,
        /// Of how many.
        seen: u64,
    },
    /// A number that rises by one with each row.
    RunningNumber,
    /// A different code in each row.
    CodeEach,
}

impl Finding {
    /// Why the column is suspected, without quoting any value: "its name", "12 of 14 values look like e-mail addresses".
    #[must_use]
    pub fn why(&self, language: Language) -> String {
        let what = self.kind.name(language);
        match self.evidence {
            Evidence::Name => language.choose(format!("{what}, dem Namen nach"), format!("{what}, by its name")),
            Evidence::Values { alike, seen } => language.choose(
                format!("{alike} von {seen} Werten sehen aus wie {what}"),
                format!("{alike} of {seen} values look like {what}"),
            ),
            Evidence::RunningNumber => language.choose("eine laufende Nummer", "a running number").to_owned(),
            Evidence::CodeEach => {
                language.choose("in jeder Zeile ein anderer Code", "a different code in every row").to_owned()
            }
        }
    }
}

/// Looks for personal data in a column.
#[must_use]
pub fn scan(profile: &Profile) -> Option<Finding> {
    by_values(profile).or_else(|| by_name(profile)).or_else(|| by_uniqueness(profile))
}

/// Whether no value that was kept occurs twice.
#[must_use]
pub fn is_unique(profile: &Profile) -> bool {
    profile.values.len() > 1 && profile.values.iter().all(|(_, count)| *count == 1)
}

/// How many values must look alike.
#[derive(Clone, Copy)]
enum Needed {
    /// The look is so particular that one value will do.
    One,
    /// Other things can look like it, too.
    Half,
}

fn by_values(profile: &Profile) -> Option<Finding> {
    type Look = (PersonalData, fn(&str) -> bool, Needed);
    const LOOKS: [Look; 8] = [
        (PersonalData::Email, looks::email, Needed::One),
        (PersonalData::Iban, looks::iban, Needed::One),
        (PersonalData::IpAddress, looks::ip_address, Needed::Half),
        (PersonalData::DeviceId, looks::device, Needed::Half),
        (PersonalData::Identifier, looks::uuid, Needed::Half),
        (PersonalData::Location, looks::coordinates, Needed::Half),
        (PersonalData::Phone, looks::phone, Needed::Half),
        (PersonalData::Address, looks::address, Needed::Half),
    ];
    let seen: u64 = profile.values.iter().map(|(_, count)| count).sum();
    LOOKS.iter().find_map(|(kind, look, needed)| {
        let alike: u64 = profile.values.iter().filter(|(value, _)| look(value)).map(|(_, count)| count).sum();
        let enough = match needed {
            Needed::One => alike > 0,
            Needed::Half => alike > 0 && alike * 2 >= seen,
        };
        enough.then_some(Finding { kind: *kind, evidence: Evidence::Values { alike, seen } })
    })
}

/// The personal data that a column holds by what it is called; its values may say otherwise.
#[must_use]
pub fn named(column: &str) -> Option<PersonalData> {
    let words = words(column);
    let joined = words.concat();
    let named = names::NAMES.iter().find(|(kind, parts, whole)| {
        // `brand_name` and `mail_order` are questions; only a lone `name` is a person's.
        let is_word = |word: &&str| match kind {
            PersonalData::Name => joined == *word,
            _ => words.iter().any(|own| own.trim_end_matches(|c: char| c.is_ascii_digit()) == *word || own == word),
        };
        parts.iter().any(|part| joined.contains(part)) || whole.iter().any(is_word)
    });
    named.map(|(kind, ..)| *kind)
}

fn by_name(profile: &Profile) -> Option<Finding> {
    let kind = named(&profile.column)?;
    let believable = match kind {
        PersonalData::Identifier => is_unique(profile),
        _ => !is_coded(profile),
    };
    believable.then_some(Finding { kind, evidence: Evidence::Name })
}

/// Answers rather than data of a person: a few values that occur again and again (`phone_use`: 0, 1).
fn is_coded(profile: &Profile) -> bool {
    const WORDS: [&str; 9] = ["yes", "no", "ja", "nein", "true", "false", "y", "n", "x"];
    let distinct = profile.values.len() as u64;
    let name = words(&profile.column);
    // `Channel: Phone` holds `Phone` where it was ticked.
    let ticked = |value: &str| distinct == 1 && name.ends_with(&words(value)) && name.len() > words(value).len();
    let short = |value: &str| {
        ticked(value)
            || value.parse::<f64>().is_ok_and(|number| number.fract() == 0.0 && number.abs() < 100.0)
            || WORDS.contains(&value.to_lowercase().as_str())
    };
    let codes = distinct <= 12 && profile.values.iter().all(|(value, _)| short(value));
    !profile.many && (codes || distinct <= 20 && profile.filled >= distinct * 5)
}

/// A different whole number or a different code of the same length in every row.
fn by_uniqueness(profile: &Profile) -> Option<Finding> {
    const FEWEST: u64 = 20;
    if !is_unique(profile) || profile.filled < FEWEST {
        return None;
    }
    let finding = |evidence| Some(Finding { kind: PersonalData::Identifier, evidence });
    if let (true, Some((low, high))) = (profile.is_numeric(), profile.range) {
        let whole = profile.values.iter().all(|(value, _)| value.parse::<f64>().is_ok_and(|n| n.fract() == 0.0));
        let running = whole && high - low < profile.filled as f64 * 1.05;
        return if running { finding(Evidence::RunningNumber) } else { None };
    }
    let length = profile.values[0].0.chars().count();
    let is_code = |value: &str| {
        value.chars().count() == length
            && value.chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
            && value.contains(|c: char| c.is_ascii_digit())
    };
    let codes = length >= 6 && profile.values.iter().all(|(value, _)| is_code(value) && !looks_like_date(value));
    if codes { finding(Evidence::CodeEach) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{PersonalData, scan};
    use crate::{responses::Profile, study::Language};

    #[test]
    fn names_and_values_give_personal_data_away() {
        let cases: [(&str, &[&str], PersonalData); 9] = [
            ("Q17", &["a@b.de", "nein", "nein"], PersonalData::Email),
            ("E-Mail-Adresse", &["vertraulich", "keine", "xy"], PersonalData::Email),
            ("RecipientLastName", &["Meier", "Schulze", "Özil"], PersonalData::Name),
            ("Name", &["Meier", "Schulze", "Özil"], PersonalData::Name),
            ("ip", &["10.0.0.1", "10.0.0.2"], PersonalData::IpAddress),
            ("Geburtsdatum", &["1.5.1980", "2.5.1990", "3.5.1999"], PersonalData::BirthDate),
            ("LocationLatitude", &["52.5", "48.1", "50.9"], PersonalData::Location),
            ("PLZ", &["10115", "80331", "50667"], PersonalData::Location),
            ("RespondentID", &["11", "12", "15"], PersonalData::Identifier),
        ];
        for (column, values, kind) in cases {
            assert_eq!(scan(&Profile::of(column, values)).map(|finding| finding.kind), Some(kind), "{column}");
        }
    }

    #[test]
    fn answers_are_no_personal_data() {
        let cases: [(&str, &[&str]); 6] = [
            ("Channel: Phone", &["Phone", ""]),
            ("phone", &["0", "1", "1"]),
            ("brand_name", &["Acme", "Bolt", "Acme"]),
            ("address_changed", &["yes", "no", "no"]),
            ("id", &["3", "3", "4"]),
            ("trip", &["1", "2", "3"]),
        ];
        for (column, values) in cases {
            assert_eq!(scan(&Profile::of(column, values)), None, "{column}");
        }
    }

    #[test]
    fn reasons_count_values_and_never_quote_them() {
        let finding = scan(&Profile::of("kontakt", &["a@b.de", "c@d.com", "-"])).unwrap();
        assert_eq!(finding.why(Language::En), "2 of 3 values look like e-mail addresses");
        let numbers: Vec<String> = (1..=300).map(|i| i.to_string()).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        assert_eq!(scan(&Profile::of("X", &numbers)).unwrap().why(Language::En), "a running number");
    }
}
