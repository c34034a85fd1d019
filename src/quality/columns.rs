//! Which columns say something of the interview: those that the file calls so, and those whose names are known.

use crate::{
    codebook::{Interview, Role},
    io::{Platform, Table},
};

/// How long an interview took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duration {
    /// A column of seconds.
    Seconds(String),
    /// From the time in one column to that in another.
    Between(String, String),
}

/// What a cell says that is no ordinary answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telltale {
    /// That the row is a test, a preview, spam, or was rejected.
    Test,
    /// The same, also by the numbers that Qualtrics writes.
    QualtricsTest,
    /// The same, by a bare yes.
    TestFlag,
    /// That the interview has no end: the cell is blank.
    NoEnd,
    /// That it was not finished.
    NotFinished,
    /// That it went on for less than a hundred percent.
    BelowHundred,
}

/// Names of a column, small and without anything but letters and digits.
const STATUS: [&str; 8] = [
    "status",
    "distributionchannel",
    "validationstatus",
    "reviewstate",
    "reviewstatus",
    "responsetype",
    "responsestatus",
    "istest",
];
const ENDS: [&str; 5] = ["submitdate", "datesubmitted", "datumabgeschickt", "submittedat", "submittime"];
const FINISHED: [&str; 5] = ["finished", "completed", "complete", "beendet", "abgeschlossen"];
const PROGRESS: [&str; 2] = ["progress", "fortschritt"];
const IDS: [&str; 20] = [
    "id",
    "uuid",
    "token",
    "key",
    "serial",
    "responseid",
    "respondentid",
    "recordid",
    "submissionid",
    "interviewid",
    "participantid",
    "panelid",
    "panelistid",
    "caseid",
    "lfdn",
    "fallnummer",
    "befragtenid",
    "befragtennummer",
    "teilnehmerid",
    "antwortid",
];
/// Identifiers that several rows may well have.
const SHARED_IDS: [&str; 3] = ["index", "rootuuid", "deprecatedid"];
const SECONDS: [&str; 12] = [
    "durationinseconds",
    "dauerinsekunden",
    "interviewtime",
    "totaltime",
    "gesamtzeit",
    "duration",
    "dauer",
    "durationseconds",
    "seconds",
    "sekunden",
    "timeinseconds",
    "completiontimeinseconds",
];

/// What the values of Qualtrics' `Status` and `DistributionChannel`, `KoBo`'s `_validation_status` and their like stand for:
/// no ordinary response. Qualtrics writes its own also as numbers.
const TESTS: [&str; 15] = [
    "surveypreview",
    "surveytest",
    "spam",
    "surveypreviewspam",
    "importedspam",
    "offlinepreview",
    "offlinesurveypreview",
    "preview",
    "test",
    "testresponse",
    "notapproved",
    "validationstatusnotapproved",
    "rejected",
    "vorschau",
    "abgelehnt",
];
/// Qualtrics: 1 preview, 2 test, 8 spam, 9 preview spam, 12 imported spam, 17 offline preview.
const TEST_NUMBERS: [&str; 6] = ["1", "2", "8", "9", "12", "17"];
const YES: [&str; 5] = ["1", "true", "yes", "ja", "wahr"];
const NO: [&str; 10] =
    ["false", "0", "no", "nein", "falsch", "n", "incomplete", "partial", "unvollstaendig", "unvollständig"];

/// The columns that tell tests from respondents.
#[must_use]
pub fn status(table: &Table) -> Vec<String> {
    let is_status =
        |column: &str| role(table, column) == Role::Interview(Interview::Status) || STATUS.contains(&&*key(column));
    having(table, is_status)
}

/// The columns that tell who reached the end.
#[must_use]
pub fn completion(table: &Table) -> Vec<String> {
    having(table, |column| {
        let known = [&ENDS[..], &FINISHED, &PROGRESS].iter().any(|names| names.contains(&&*key(column)));
        known && matches!(role(table, column), Role::Answer | Role::Interview(_))
    })
}

/// The columns that tell respondents apart.
#[must_use]
pub fn identifiers(table: &Table) -> Vec<String> {
    having(table, |column| {
        let name = key(column);
        let is_known = role(table, column) == Role::Identifier || IDS.contains(&&*name);
        is_known && !SHARED_IDS.contains(&&*name)
    })
}

/// The columns that tell by which link or channel respondents came, such as `Collector ID` of `SurveyMonkey`: one of several may
/// have been for tests.
#[must_use]
pub fn collectors(table: &Table) -> Vec<String> {
    having(table, |column| ["collectorid", "kollektorid", "collector"].contains(&&*key(column)))
}

/// What tells how long an interview took.
#[must_use]
pub fn duration(table: &Table) -> Option<Duration> {
    let of = |interview: Interview| having(table, |column| role(table, column) == Role::Interview(interview));
    // A file that says so of several says it of single questions too.
    let seconds = of(Interview::Seconds);
    let named = SECONDS.iter().find_map(|name| table.columns.iter().find(|column| key(column) == *name));
    let only = if let [column] = seconds.as_slice() { Some(column) } else { None };
    if let Some(column) = named.or(only) {
        return Some(Duration::Seconds(column.clone()));
    }
    let start = of(Interview::Started).into_iter().next()?;
    let ends = of(Interview::Ended);
    // `end` beside `start`, rather than when the server got it.
    let twin = key(&start).replace("start", "end");
    let end = ends.iter().find(|end| key(end) == twin).or(ends.first())?;
    Some(Duration::Between(start, end.clone()))
}

impl Duration {
    /// The columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::Seconds(column) => (column, None),
            Self::Between(start, end) => (start, Some(end)),
        };
        [Some(first), second].into_iter().flatten().map(String::as_str)
    }
}

impl Telltale {
    /// What to look for in a column that tells tests from respondents. Elsewhere than in an export of Qualtrics the numbers of
    /// a column `Status` may be anybody's.
    pub(super) fn of_status(table: &Table, column: &str) -> Self {
        match key(column).as_str() {
            "status" if table.platform == Some(Platform::Qualtrics) => Self::QualtricsTest,
            "istest" => Self::TestFlag,
            _ => Self::Test,
        }
    }

    /// What to look for in a column that says who reached the end.
    pub(super) fn of_completion(column: &str) -> Self {
        match key(column).as_str() {
            name if PROGRESS.contains(&name) => Self::BelowHundred,
            name if FINISHED.contains(&name) => Self::NotFinished,
            _ => Self::NoEnd,
        }
    }

    /// The words that say it, small; for tests without anything but letters and digits.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        let further: &[&str] = match self {
            Self::Test => &[],
            Self::QualtricsTest => &TEST_NUMBERS,
            Self::TestFlag => &YES,
            Self::NoEnd | Self::NotFinished => return NO.to_vec(),
            Self::BelowHundred => return Vec::new(),
        };
        TESTS.iter().chain(further).copied().collect()
    }

    /// Whether a cell says it.
    pub(super) fn is_said_by(self, cell: &str) -> bool {
        let cell = cell.trim();
        match self {
            Self::Test => TESTS.contains(&&*key(cell)),
            Self::QualtricsTest => TEST_NUMBERS.contains(&cell) || Self::Test.is_said_by(cell),
            Self::TestFlag => YES.contains(&&*key(cell)) || Self::Test.is_said_by(cell),
            Self::NoEnd => cell.is_empty() || NO.contains(&&*cell.to_lowercase()),
            Self::NotFinished => NO.contains(&&*cell.to_lowercase()),
            Self::BelowHundred => cell.trim_end_matches('%').trim().parse::<f64>().is_ok_and(|part| part < 100.0),
        }
    }
}

fn having(table: &Table, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    table.columns.iter().filter(|column| is_meant(column)).cloned().collect()
}

fn role(table: &Table, column: &str) -> Role {
    table.codebook.variable(column).map_or(Role::Answer, |variable| variable.role)
}

/// A name without what programs write differently.
fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::Telltale;

    #[test]
    fn tests_are_told_by_the_words_of_platforms() {
        use Telltale::{QualtricsTest, Test, TestFlag};
        for (telltale, cell, is_test) in [
            (QualtricsTest, "Survey Preview", true),
            (QualtricsTest, "1", true),
            (QualtricsTest, "0", false),
            (QualtricsTest, "IP Address", false),
            (QualtricsTest, "4", false),
            (Test, "preview", true),
            (Test, "anonymous", false),
            (Test, "1", false),
            (Test, "Not approved", true),
            (Test, "validation_status_on_hold", false),
            (Test, "true", false),
            (TestFlag, "true", true),
            (TestFlag, "2", false),
        ] {
            assert_eq!(telltale.is_said_by(cell), is_test, "{telltale:?} {cell}");
        }
    }

    #[test]
    fn who_did_not_reach_the_end_is_told_by_blank_ends_and_progress() {
        for (column, cell, is_incomplete) in [
            ("submitdate", " ", true),
            ("submitdate", "1980-01-01 00:00:00", false),
            ("Progress", "99", true),
            ("Progress", "100", false),
            ("Finished", "False", true),
            ("Finished", "1", false),
            ("Finished", "", false),
        ] {
            assert_eq!(Telltale::of_completion(column).is_said_by(cell), is_incomplete, "{column} {cell}");
        }
    }
}
