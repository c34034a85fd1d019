//! How survey platforms lay out their exports, one file here for each.
//!
//! A platform writes a text or a spreadsheet like any other, but its first rows say more than names: wordings, choices,
//! internal ids. A [`Layout`] says how many rows those are, what the columns are called, and what they tell.
//! A platform is recognised from these rows alone, and says by what.

mod google_forms;
mod limesurvey;
mod microsoft_forms;
mod odk;
mod qualtrics;
mod survey_monkey;
mod wording;

use crate::codebook::Codebook;

/// A survey platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Qualtrics.
    Qualtrics,
    /// SurveyMonkey.
    SurveyMonkey,
    /// Microsoft Forms.
    MicrosoftForms,
    /// Google Forms.
    GoogleForms,
    /// LimeSurvey.
    LimeSurvey,
    /// KoBoToolbox, and what is built alike: ODK and SurveyCTO.
    Kobo,
}

/// How an export is laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// By what the platform was recognised, to be printed after "because": "the third row holds ImportId".
    pub why: String,
    /// Rows before the first respondent.
    pub header_rows: usize,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// What these rows say of them.
    pub codebook: Codebook,
}

impl Platform {
    /// All that are recognised, those with the surest marks first.
    pub const ALL: [Self; 6] =
        [Self::Qualtrics, Self::SurveyMonkey, Self::LimeSurvey, Self::Kobo, Self::MicrosoftForms, Self::GoogleForms];

    /// How many rows are looked at.
    pub const ROWS: usize = 4;

    /// The name in study files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Qualtrics => "qualtrics",
            Self::SurveyMonkey => "surveymonkey",
            Self::MicrosoftForms => "microsoft-forms",
            Self::GoogleForms => "google-forms",
            Self::LimeSurvey => "limesurvey",
            Self::Kobo => "kobo",
        }
    }

    /// The name of the product.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Qualtrics => "Qualtrics",
            Self::SurveyMonkey => "SurveyMonkey",
            Self::MicrosoftForms => "Microsoft Forms",
            Self::GoogleForms => "Google Forms",
            Self::LimeSurvey => "LimeSurvey",
            Self::Kobo => "KoBoToolbox, ODK or SurveyCTO",
        }
    }

    /// The file with the questionnaire, where the platform exports one that topline reads.
    #[must_use]
    pub fn questionnaire(self) -> Option<&'static str> {
        match self {
            Self::LimeSurvey => Some("the survey structure (.lss)"),
            Self::Kobo => Some("the XLSForm (.xlsx)"),
            Self::Qualtrics | Self::SurveyMonkey | Self::MicrosoftForms | Self::GoogleForms => None,
        }
    }

    /// The platform that wrote a table which begins with these rows, if one did.
    #[must_use]
    pub fn recognise(head: &[Vec<String>]) -> Option<(Self, Layout)> {
        Self::ALL.into_iter().find_map(|platform| Some((platform, platform.layout(head)?)))
    }

    /// The layout of an export that begins with these rows, if it is one of this platform.
    #[must_use]
    pub fn layout(self, head: &[Vec<String>]) -> Option<Layout> {
        match self {
            Self::Qualtrics => qualtrics::layout(head),
            Self::SurveyMonkey => survey_monkey::layout(head),
            Self::MicrosoftForms => microsoft_forms::layout(head),
            Self::GoogleForms => google_forms::layout(head),
            Self::LimeSurvey => limesurvey::layout(head),
            Self::Kobo => odk::layout(head),
        }
    }
}
