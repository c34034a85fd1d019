//! Recognises what respondents are split by: age, sex, region, education, by name in German and English.

use super::{
    codes::{Choice, Codes, number},
    described::{self, described},
};
use crate::{
    codebook::Variable,
    personal::words,
    responses::Profile,
    study::{Language, Reason, same_code},
};

/// A segment to be.
#[derive(Clone, Debug)]
pub(super) struct Split {
    /// The printed name.
    pub label: String,
    /// How the column is split.
    pub parts: Parts,
    /// What puts nobody into a band.
    pub missing: Vec<(String, Reason)>,
}

/// How a column is split.
#[derive(Clone, Debug)]
pub(super) enum Parts {
    /// By its codes.
    Codes(Vec<Choice>),
    /// Into bands of numbers, each with somebody in it.
    Bands(Vec<f64>),
}

/// The words that name a segment, and what it is called in German and English.
const NAMES: [(&str, &str, &[&str]); 9] = [
    (
        "Alter",
        "Age",
        &[
            "age",
            "ages",
            "alter",
            "agecat",
            "agegroup",
            "agegrp",
            "altersgruppe",
            "altersgruppen",
            "alterskategorie",
            "altersklasse",
            "ridageyr",
            "alt",
            "old",
        ],
    ),
    ("Geschlecht", "Sex", &["sex", "gender", "geschlecht", "riagendr"]),
    (
        "Region",
        "Region",
        &[
            "region",
            "bundesland",
            "land",
            "state",
            "country",
            "staat",
            "kanton",
            "province",
            "bezirk",
            "stype",
            "ostwest",
        ],
    ),
    (
        "Bildung",
        "Education",
        &["education", "educ", "edu", "bildung", "bildungsabschluss", "schulabschluss", "schulbildung", "bildungsgrad"],
    ),
    ("Einkommen", "Income", &["income", "einkommen", "haushaltseinkommen", "nettoeinkommen", "hhincome", "hhnek"]),
    ("Herkunft", "Race", &["race", "ethnicity", "ethnie", "herkunft", "ridreth", "raceethnicity"]),
    ("Familienstand", "Marital status", &["marital", "familienstand", "maritalstatus"]),
    (
        "Erwerbstätigkeit",
        "Employment",
        &["employment", "erwerbstaetigkeit", "erwerbsstatus", "occupation", "berufsstatus", "beruf"],
    ),
    ("Siedlungsform", "Urbanity", &["urban", "urbanicity", "urbanrural", "ortsgroesse", "gemeindegroesse"]),
];

/// Words around the name of a segment that do not change what it is.
const AROUND: [&str; 58] = [
    "demo",
    "dem",
    "d",
    "s",
    "sd",
    "q",
    "soz",
    "recode",
    "rec",
    "grp",
    "group",
    "groups",
    "gruppe",
    "gruppen",
    "kat",
    "cat",
    "category",
    "kategorie",
    "klasse",
    "class",
    "code",
    "level",
    "status",
    "of",
    "the",
    "your",
    "ihr",
    "ihre",
    "r",
    "respondent",
    "hh",
    "household",
    "haushalt",
    "net",
    "netto",
    "highest",
    "years",
    "year",
    "jahre",
    "jahren",
    "in",
    "what",
    "is",
    "how",
    "are",
    "you",
    "wie",
    "sind",
    "sie",
    "welches",
    "welchem",
    "haben",
    "which",
    "do",
    "live",
    "wohnen",
    "a",
    "identity",
];

/// The segment that a column is by its name, or by what its file calls it, if its values allow.
pub(super) fn split(profile: &Profile, variable: Option<&Variable>, language: Language) -> Option<Split> {
    let label = variable.and_then(|variable| variable.label.as_deref());
    let (name, (de, en)) =
        [Some(profile.column.as_str()), label].into_iter().flatten().find_map(|name| Some((name, kind(name)?)))?;
    let label = match (en, language) {
        // A state is printed as a state.
        ("Region", _) if words(name).len() == 1 => super::naming::label(name),
        (_, Language::De) => de.to_owned(),
        (_, Language::En) => en.to_owned(),
    };
    let missing = variable.map(|variable| described::missing(profile, variable)).unwrap_or_default();
    let is_missing = |value: &str| missing.iter().any(|(code, _)| same_code(code, value));
    let rest = profile.without(is_missing);
    let described =
        variable.and_then(|variable| described(profile, variable)).filter(|described| described.options.len() > 1);
    let parts = match described {
        Some(described) => Parts::Codes(described.options),
        _ if en == "Age" => age_parts(&rest)?,
        _ => few_codes(&rest, MOST_LEVELS, language)?,
    };
    let missing = match parts {
        Parts::Bands(_) => missing.into_iter().chain(Codes::of(&rest).missing).collect(),
        Parts::Codes(_) => missing,
    };
    Some(Split { label, parts, missing })
}

/// More levels are no segment.
const MOST_LEVELS: usize = 60;

/// What is named by the name of a column, in German and in English.
fn kind(name: &str) -> Option<(&'static str, &'static str)> {
    let words = words(name);
    let stripped = words.iter().map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let mut telling: Vec<&str> = stripped.filter(|word| !word.is_empty() && !AROUND.contains(word)).collect();
    telling.dedup();
    let known = |names: &[&str]| !telling.is_empty() && telling.iter().all(|word| names.contains(word));
    NAMES.iter().find(|(.., names)| known(names)).map(|(de, en, _)| (*de, *en))
}

fn age_parts(profile: &Profile) -> Option<Parts> {
    const FEW: usize = 9;
    const MOST_GROUPS: usize = 20;
    let codes = Codes::of(profile);
    if !codes.are_numbers(profile) {
        return few_codes(profile, MOST_GROUPS, Language::default());
    }
    let ages = codes.numbers()?;
    let looks_coded = ages.len() <= FEW && ages.iter().all(|age| *age <= FEW as f64);
    if looks_coded { few_codes(profile, MOST_GROUPS, Language::default()) } else { bands(&ages).map(Parts::Bands) }
}

/// The usual age bands, fewer where nobody is so old or so young, finer where all are of similar age.
fn bands(ages: &[f64]) -> Option<Vec<f64>> {
    const USUAL: [f64; 7] = [0.0, 18.0, 25.0, 35.0, 45.0, 55.0, 65.0];
    let fives: Vec<f64> = (0..24).map(|i| f64::from(i) * 5.0).collect();
    let occupied = |starts: &[f64]| -> Vec<f64> {
        let end = |i: usize| starts.get(i + 1).copied().unwrap_or(f64::INFINITY);
        let anybody = |i: usize| ages.iter().any(|age| (starts[i]..end(i)).contains(age));
        (0..starts.len()).filter(|i| anybody(*i)).map(|i| starts[i]).collect()
    };
    let usual = occupied(&USUAL);
    let bands = if usual.len() >= 3 { usual } else { occupied(&fives) };
    (bands.len() >= 2).then_some(bands)
}

fn few_codes(profile: &Profile, most: usize, language: Language) -> Option<Parts> {
    const MOST_NUMBERS: usize = 12;
    let known = Codes::of(profile);
    let codes = known.all();
    let short = codes.iter().filter_map(|code| number(code)).all(|code| code.abs() < 100.0);
    let repeated = profile.values.len() <= 7 && short || profile.filled >= 2 * profile.values.len() as u64;
    let whole = codes.iter().filter_map(|code| number(code)).all(|code| code.fract() == 0.0);
    let measured = !short && known.numbers().is_some_and(|numbers| numbers.len() > MOST_NUMBERS);
    if profile.many || measured || !repeated || !whole || !(2..=most).contains(&codes.len()) {
        return None;
    }
    // `w` alone may be the west.
    let are_sexes = codes.iter().filter(|code| sex(code).is_some()).count() > 1;
    let mut levels: Vec<Choice> = Vec::new();
    for code in codes {
        let spoken =
            sex(&code).filter(|_| are_sexes).map(|(_, de, en)| if language == Language::De { *de } else { *en });
        let choice = known.choice(&code, super::naming::label(spoken.unwrap_or(&code)));
        match levels.iter_mut().find(|level| level.label == choice.label) {
            // `w` and `weiblich`
            Some(level) => level.also.extend([choice.code].into_iter().chain(choice.also)),
            None => levels.push(choice),
        }
    }
    (levels.len() >= 2).then_some(Parts::Codes(levels))
}

/// What a code of a sex is called, in German and in English.
fn sex(code: &str) -> Option<&'static (&'static [&'static str], &'static str, &'static str)> {
    const SEXES: [(&[&str], &str, &str); 3] = [
        (&["f", "w", "female", "weiblich"], "weiblich", "female"),
        (&["m", "male", "maennlich"], "männlich", "male"),
        (&["d", "divers", "diverse"], "divers", "diverse"),
    ];
    let spoken = words(code).concat();
    SEXES.iter().find(|(codes, ..)| codes.contains(&spoken.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Parts, bands, split};
    use crate::{responses::Profile, study::Language};

    #[test]
    fn bands_fit_the_people() {
        assert_eq!(bands(&[18.0, 30.0, 44.0, 80.0]).unwrap(), [18.0, 25.0, 35.0, 65.0]);
        assert_eq!(bands(&[12.0, 30.0, 44.0]).unwrap(), [0.0, 25.0, 35.0]);
        assert_eq!(bands(&[19.0, 20.0, 24.0]).unwrap(), [15.0, 20.0]);
        assert_eq!(bands(&[30.0, 31.0]), None);
    }

    #[test]
    fn segments_are_known_by_name() {
        let label = |column: &str, values: &[&str]| {
            let profile = Profile::of(column, values);
            split(&profile, None, Language::En).map(|split| (split.label, split.parts))
        };
        for (column, expected) in [
            ("D2_gender", "Sex"),
            ("Welches Geschlecht haben Sie?", "Sex"),
            ("agecat", "Age"),
            ("Altersgruppe", "Age"),
            ("highest education", "Education"),
        ] {
            assert_eq!(label(column, &["a", "b"]).unwrap().0, expected);
        }
        assert!(matches!(label("Wie alt sind Sie?", &["20", "30", "70"]).unwrap().1, Parts::Bands(_)));
        assert!(label("state_of_mind", &["a", "b"]).is_none());
        assert!(label("job_satisfaction", &["a", "b"]).is_none());
    }
}
