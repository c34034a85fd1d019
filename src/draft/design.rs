//! Recognises columns that say how respondents were chosen and weighted.

use crate::{personal::words, responses::Profile};

/// The part of a design that a column plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Weights.
    Weight,
    /// Strata.
    Strata,
    /// Primary sampling units.
    Units,
}

impl Part {
    /// Its key in the study file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Strata => "strata",
            Self::Units => "units",
        }
    }
}

const WEIGHT: [&str; 16] = [
    "weight",
    "weights",
    "gewicht",
    "gewichte",
    "gewichtung",
    "gewichtungsfaktor",
    "hochrechnungsfaktor",
    "wgt",
    "wt",
    "wts",
    "pweight",
    "dweight",
    "pspwght",
    "pspwgt",
    "anweight",
    "finalweight",
];
const STRATA: [&str; 8] = ["strata", "stratum", "schicht", "schichten", "schichtung", "sdmvstra", "vstrat", "vestrat"];
const UNITS: [&str; 9] = ["psu", "cluster", "unit", "units", "klumpen", "sdmvpsu", "vpsu", "vepsu", "samplepoint"];
/// Weights of examinations and interviews in official health surveys: `WTMEC2YR`.
const WEIGHT_STEMS: [&str; 2] = ["wtmec", "wtint"];
/// Words that may stand beside those for strata and units.
const AROUND: [&str; 9] = ["id", "nr", "var", "variance", "design", "sample", "sampling", "primary", "point"];

/// The part that a column plays by its name and values.
pub(super) fn part(profile: &Profile) -> Option<Part> {
    const MOST_CUSTOMER_CLUSTERS: usize = 10;
    let words = words(&profile.column);
    let words: Vec<&str> = words.iter().map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
    let named = |names: &[&str]| {
        words.iter().any(|word| names.contains(word))
            && words.iter().all(|word| word.is_empty() || names.contains(word) || AROUND.contains(word))
    };
    let distinct = profile.values.len();
    let weighs = |word: &&str| WEIGHT.contains(word) || WEIGHT_STEMS.iter().any(|stem| word.starts_with(stem));
    if words.iter().any(weighs) && is_weight(profile, &words) {
        Some(Part::Weight)
    } else if named(&STRATA) && distinct > 1 {
        Some(Part::Strata)
    } else if named(&UNITS) && distinct > 1 && (!words.contains(&"cluster") || distinct > MOST_CUSTOMER_CLUSTERS) {
        Some(Part::Units)
    } else {
        None
    }
}

/// Why a column of weights cannot simply be used.
pub(super) fn doubt(profile: &Profile) -> Option<String> {
    let (low, high) = profile.range?;
    let whole = profile.values.iter().all(|(value, _)| value.parse::<f64>().is_ok_and(|number| number.fract() == 0.0));
    if profile.blank > 0 {
        Some(format!("{} rows have no weight", profile.blank))
    } else if whole && low >= 30.0 && high <= 250.0 {
        Some("may be what people weigh".to_owned())
    } else {
        None
    }
}

fn is_weight(profile: &Profile, words: &[&str]) -> bool {
    const OTHER: [&str; 9] = ["kg", "lb", "lbs", "body", "koerper", "gain", "loss", "rep", "replicate"];
    let positive = profile.range.is_some_and(|(low, high)| low >= 0.0 && high > 0.0);
    profile.is_numeric() && positive && profile.values.len() >= 3 && !words.iter().any(|word| OTHER.contains(word))
}
