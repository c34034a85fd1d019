//! Source Sans 3, the font of all graphics and reports, under the SIL Open Font License (`src/assets/fonts/OFL.txt`).

use std::sync::LazyLock;

use ab_glyph::FontRef;

/// The font of running text.
pub const REGULAR: &[u8] = include_bytes!("../assets/fonts/SourceSans3-Regular.ttf");

/// The font of headlines and of emphasis.
pub const SEMIBOLD: &[u8] = include_bytes!("../assets/fonts/SourceSans3-SemiBold.ttf");

/// The font of what is said instead of a value.
pub const ITALIC: &[u8] = include_bytes!("../assets/fonts/SourceSans3-Italic.ttf");

/// The name of the family as font files and style sheets give it.
pub const FAMILY: &str = "Source Sans 3";

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

impl Face {
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
