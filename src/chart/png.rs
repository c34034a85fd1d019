//! Charts as PNG: the same SVG, drawn with the shipped font.

use std::fmt;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

use super::font::{FAMILY, ITALIC, REGULAR, SEMIBOLD};

/// Why there is no picture.
#[derive(Debug)]
pub enum Error {
    /// The text is not an SVG document.
    Unreadable(resvg::usvg::Error),
    /// The picture would have no pixels, or too many.
    Size,
    /// The pixels could not be written as PNG.
    Encoding(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(formatter, "the chart is not a readable SVG: {error}"),
            Self::Size => write!(formatter, "a picture of this size cannot be drawn"),
            Self::Encoding(error) => write!(formatter, "the picture cannot be written as PNG: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// Draws an SVG at `scale` pixels for each of its own. Fonts of the machine are never used, so the result is the same
/// everywhere.
pub fn render(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    let tree = tree(svg)?;
    let pixels = |length: f32| (length * scale).round() as u32;
    let mut picture = Pixmap::new(pixels(tree.size().width()), pixels(tree.size().height())).ok_or(Error::Size)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|error| Error::Encoding(error.to_string()))
}

/// The parsed SVG, its texts set in the shipped font.
pub(super) fn tree(svg: &str) -> Result<Tree, Error> {
    let options = Options { font_family: FAMILY.to_owned(), fontdb: Arc::clone(&FONTS), ..Options::default() };
    Tree::from_str(svg, &options).map_err(Error::Unreadable)
}

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in [REGULAR, SEMIBOLD, ITALIC] {
        fonts.load_font_data(font.to_vec());
    }
    Arc::new(fonts)
});
