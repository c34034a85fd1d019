//! Words in German and English.

/// A language that topline writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// German.
    De,
    /// English, the default.
    #[default]
    En,
}

impl Language {
    /// One of two things, by language.
    pub fn choose<T>(self, german: T, english: T) -> T {
        match self {
            Self::De => german,
            Self::En => english,
        }
    }
}

/// A text in one language or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    de: Option<String>,
    en: Option<String>,
}

impl Label {
    /// The same text in every language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { de: Some(text.clone()), en: Some(text) }
    }

    /// A text of its own for each language; where one is absent the other serves.
    #[must_use]
    pub fn new(de: Option<String>, en: Option<String>) -> Self {
        Self { de, en }
    }

    /// The text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::De => (&self.de, &self.en),
            Language::En => (&self.en, &self.de),
        };
        first.as_ref().or(second.as_ref()).map_or("", String::as_str)
    }
}
