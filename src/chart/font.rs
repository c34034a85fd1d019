//! Source Sans 3, the font of all graphics and reports, under the SIL Open Font License (`src/assets/fonts/OFL.txt`).

use std::sync::LazyLock;

use ab_glyph::FontRef;
use base64::{Engine, prelude::BASE64_STANDARD};

/// The font of running text.
pub const REGULAR: &[u8] = include_bytes!("../assets/fonts/SourceSans3-Regular.ttf");

/// The font of headlines and of emphasis.
pub const SEMIBOLD: &[u8] = include_bytes!("../assets/fonts/SourceSans3-SemiBold.ttf");

/// The font of what is said instead of a value.
pub const ITALIC: &[u8] = include_bytes!("../assets/fonts/SourceSans3-Italic.ttf");

/// The name of the family as font files and style sheets give it.
pub const FAMILY: &str = "Source Sans 3";

/// The family, and what to take where a program does not read fonts out of a file.
pub const FAMILIES: &str = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', Arial, sans-serif";

/// One of the three cuts that are shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Running text.
    Regular,
    /// Headlines and emphasis, weight 600.
    SemiBold,
    /// What is said instead of a value.
    Italic,
}

/// Style rules that carry these faces, so that a page or a drawing looks the same where the font is not installed.
#[must_use]
pub fn rules(faces: &[Face]) -> String {
    let rule = |face: &Face| {
        let (style, weight, bytes) = face.carried();
        let data = BASE64_STANDARD.encode(bytes);
        format!(
            "@font-face{{font-family:'{FAMILY}';font-style:{style};font-weight:{weight};\
             src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
        )
    };
    faces.iter().map(rule).collect()
}

impl Face {
    /// All cuts.
    pub const ALL: [Self; 3] = [Self::Regular, Self::SemiBold, Self::Italic];

    /// Style and weight in a style sheet, and the subset of letters that travels with it.
    fn carried(self) -> (&'static str, u16, &'static [u8]) {
        match self {
            Self::Regular => ("normal", 400, include_bytes!("../assets/fonts/SourceSans3-Regular.woff2")),
            Self::SemiBold => ("normal", 600, include_bytes!("../assets/fonts/SourceSans3-SemiBold.woff2")),
            Self::Italic => ("italic", 400, include_bytes!("../assets/fonts/SourceSans3-Italic.woff2")),
        }
    }

    pub(super) fn font(self) -> &'static FontRef<'static> {
        match self {
            Self::Regular => &REGULAR_FONT,
            Self::SemiBold => &SEMIBOLD_FONT,
            Self::Italic => &ITALIC_FONT,
        }
    }
}

static REGULAR_FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| shipped(REGULAR));
static SEMIBOLD_FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| shipped(SEMIBOLD));
static ITALIC_FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| shipped(ITALIC));

fn shipped(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the shipped fonts are valid")
}
