//! What kind of question the values of a column answer, if any.

use super::codes::{Codes, number, ticks};
use crate::{
    personal::{looks_like_date, words},
    responses::Profile,
    study::{Kind, order::is_known_scale},
};

/// What a column holds.
#[derive(Clone, Debug)]
pub(super) enum Answers {
    /// Answers to a question.
    To(Kind, Codes),
    /// Nothing to be counted, and why.
    None(String),
}

impl Answers {
    /// Judges the values of a column.
    pub fn of(profile: &Profile) -> Self {
        let codes = Codes::of(profile);
        if profile.blank > 0 && ticks(profile).is_some() && paradata(profile).is_none() {
            return Self::To(Kind::Single, codes);
        }
        let nothing = unanswered(profile, &codes).or_else(|| paradata(profile));
        let judged = nothing.map_or_else(|| kind(profile, &codes), Err);
        match judged {
            Ok(Kind::Single) => Self::To(Kind::Single, codes.with_undecided()),
            Ok(Kind::Scale) => {
                let codes = if codes.numbers().is_some() { filled_in(codes) } else { codes };
                Self::To(Kind::Scale, codes)
            }
            Ok(kind) => Self::To(kind, codes),
            Err(why) => Self::None(why),
        }
    }
}

fn unanswered(profile: &Profile, codes: &Codes) -> Option<String> {
    let why = match (codes.options.len(), codes.missing.len(), profile.blank) {
        (2.., ..) => return None,
        (0, 0, _) => "empty",
        (1, 0, 0) => "the same value in every row",
        (1, 0, _) => "a single value, or blank",
        // "Don't know" beside one other answer is a second answer.
        (1, ..) if codes.clone().with_undecided().options.len() > 1 => return None,
        (1, ..) => "a single value besides codes for no answer",
        _ => "nothing but codes for no answer",
    };
    Some(why.to_owned())
}

/// Data about the interview rather than answers.
fn paradata(profile: &Profile) -> Option<String> {
    const MEASURED: [&str; 18] = [
        "timestamp",
        "zeitstempel",
        "date",
        "datum",
        "datestamp",
        "submitdate",
        "startdate",
        "enddate",
        "recordeddate",
        "duration",
        "dauer",
        "interviewtime",
        "bearbeitungszeit",
        "seconds",
        "sekunden",
        "starttime",
        "endtime",
        "seed",
    ];
    const ALWAYS: [&str; 8] = [
        "lastpage",
        "startlanguage",
        "progress",
        "finished",
        "refurl",
        "distributionchannel",
        "userlanguage",
        "browser",
    ];
    let is_time = |value: &str| {
        looks_like_date(value) || value.contains(':') && value.chars().all(|c| c.is_ascii_digit() || ":. ".contains(c))
    };
    if profile.values.iter().filter(|(value, _)| is_time(value)).count() * 2 > profile.values.len() {
        return Some("dates or times".to_owned());
    }
    let words = words(&profile.column);
    let joined = words.concat();
    let measured = words.iter().chain([&joined]).any(|word| MEASURED.contains(&word.as_str()));
    let varied = profile.many || profile.values.len() > 12 || profile.filled < 3 * profile.values.len() as u64;
    (measured && varied && profile.numbers > 0 || ALWAYS.contains(&joined.as_str()))
        .then(|| "about the interview, no answer".to_owned())
}

fn kind(profile: &Profile, codes: &Codes) -> Result<Kind, String> {
    match codes.numbers() {
        Some(numbers) => kind_of_numbers(profile, codes, &numbers),
        None => kind_of_texts(profile, codes),
    }
}

fn kind_of_numbers(profile: &Profile, codes: &Codes, numbers: &[f64]) -> Result<Kind, String> {
    const MOST_CODES: usize = 12;
    const LONGEST_SCALE: f64 = 10.0;
    let (low, high) = numbers.iter().fold((f64::MAX, f64::MIN), |(low, high), n| (low.min(*n), high.max(*n)));
    let whole = numbers.iter().all(|number| number.fract() == 0.0);
    let few = !profile.many && numbers.len() <= MOST_CODES;
    if few && whole && (0.0..=1.0).contains(&low) && high <= LONGEST_SCALE {
        let steps = high - low + 1.0;
        // From 0 to 10 is a scale even where few were asked and most steps are still empty.
        let is_dense = numbers.len() as f64 * 2.0 > steps || steps > LONGEST_SCALE;
        return Ok(if steps >= 5.0 && is_dense { Kind::Scale } else { Kind::Single });
    }
    let repeated = profile.filled >= 2 * numbers.len() as u64;
    if few && whole && (repeated || high <= 20.0) {
        Ok(Kind::Single)
    } else if codes.are_numbers(profile) {
        Ok(Kind::Number)
    } else {
        Err(format!("{} of {} values are no numbers", profile.filled - profile.numbers, profile.filled))
    }
}

fn kind_of_texts(profile: &Profile, codes: &Codes) -> Result<Kind, String> {
    const MOST_OPTIONS: usize = 40;
    const MOST_SHORT: usize = 7;
    const LONGEST: usize = 80;
    const LONGEST_NAME: usize = 25;
    let distinct = codes.options.len();
    let letters = codes.options.iter().map(|(code, _)| code.chars().count());
    let (longest, average) = (letters.clone().max().unwrap_or(0), letters.sum::<usize>() / distinct.max(1));
    let decimal_comma = |code: &str| code.contains(',') && number(&code.replacen(',', ".", 1)).is_some();
    let written = codes.options.iter().filter(|(code, _)| decimal_comma(code) || number(code).is_some()).count();
    let repeated = codes.options.iter().map(|(_, count)| count).sum::<u64>() >= 2 * distinct as u64;
    let invites_text = || {
        let words = words(&profile.column);
        let names = [
            "comment",
            "comments",
            "kommentar",
            "feedback",
            "anmerkung",
            "anmerkungen",
            "verbatim",
            "freitext",
            "specify",
        ];
        words.iter().any(|word| names.contains(&word.as_str()))
    };
    let is_long = longest > LONGEST && average > LONGEST / 2;
    let is_varied = !repeated && (invites_text() || average > LONGEST_NAME || distinct > MOST_SHORT);
    if is_known_scale(&codes.options) {
        Ok(Kind::Scale)
    } else if written == distinct {
        Err("numbers with a decimal comma; topline reads a point".to_owned())
    } else if profile.numbers * 2 > profile.filled && (profile.many || distinct > MOST_OPTIONS) {
        Err(format!("{} of {} values are no numbers", profile.filled - profile.numbers, profile.filled))
    } else if profile.many {
        Err(format!("open text: more than {} different answers", Profile::MOST))
    } else if is_long || is_varied {
        Err(format!("open text: {distinct} different answers"))
    } else if !repeated && profile.filled * 2 < profile.blank {
        Err(format!("open text: {} answers", profile.filled))
    } else if distinct > MOST_OPTIONS {
        Err(format!("{distinct} different answers are too many for options"))
    } else {
        Ok(Kind::Single)
    }
}

/// A scale has all its steps, whether anybody chose them or not.
fn filled_in(mut codes: Codes) -> Codes {
    let numbers = codes.numbers().unwrap_or_default();
    let (low, high) = numbers.iter().fold((u32::MAX, 0), |(low, high), n| (low.min(*n as u32), high.max(*n as u32)));
    for step in low..=high {
        if !numbers.contains(&f64::from(step)) {
            codes.options.push((step.to_string(), 0));
        }
    }
    codes.options.sort_by(|(a, _), (b, _)| number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)));
    codes
}

#[cfg(test)]
mod tests {
    use super::Answers;
    use crate::responses::Profile;

    fn judged(column: &str, values: &[&str]) -> String {
        let profile = Profile::of(column, values);
        match Answers::of(&profile) {
            Answers::To(kind, codes) => format!("{kind:?} {}", codes.all().join(" ")),
            Answers::None(why) => why,
        }
    }

    #[test]
    fn values_tell_what_was_asked() {
        for (values, expected) in [
            (&["1", "2", "5", "3", "98"][..], "Scale 1 2 3 4 5 98"),
            (&["0", "10", "9"], "Scale 0 1 2 3 4 5 6 7 8 9 10"),
            (&["1", "2", "2", "1"], "Single 1 2"),
            (&["agree", "disagree", "neutral"], "Scale agree neutral disagree"),
            (&["yes", "don't know", "no"], "Single yes no don't know"),
            (&["120", "80.5", "99.9"], "Number 80.5 99.9 120"),
            (&["12,5", "3,75", "8"], "numbers with a decimal comma; topline reads a point"),
            (&["2024-01-01", "2024-01-02"], "dates or times"),
            (&["a", "a"], "the same value in every row"),
            (&["1", ""], "Single 1"),
            (&["X", "x", ""], "Single x"),
            (&["green", ""], "a single value, or blank"),
            (&["120", "80.5", "k.A."], "Number 80.5 120 k.A."),
            (&["I liked the colours very much", "Nothing, thank you very much."], "open text: 2 different answers"),
        ] {
            assert_eq!(judged("x", values), expected);
        }
        assert_eq!(judged("Duration (in seconds)", &["63", "99", "3002"]), "about the interview, no answer");
    }
}
