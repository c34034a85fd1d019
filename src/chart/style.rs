//! How charts look: colours, text styles and distances, in pixels.

use super::font::Face;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(pub u8, pub u8, pub u8);

pub(super) const PAPER: Color = Color(0xff, 0xff, 0xff);
pub(super) const INK: Color = Color(0x1a, 0x1a, 0x1a);
pub(super) const GREY: Color = Color(0x59, 0x59, 0x59);
pub(super) const GRID: Color = Color(0xe4, 0xe6, 0xe8);
pub(super) const BASELINE: Color = Color(0x80, 0x86, 0x8b);
/// Blue and vermilion stay apart for all common kinds of colour blindness, and by lightness in print.
pub(super) const COMPARISON: Color = Color(0xa8, 0x3c, 0x0c);
pub(super) const BADGE_PAPER: Color = Color(0xfd, 0xec, 0xc8);
pub(super) const BADGE_INK: Color = Color(0x6b, 0x3a, 0x00);

/// The two colours of a mark. The inside differs from the edge only where the base is low.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tone {
    pub edge: Color,
    pub inside: Color,
}

impl Tone {
    pub(super) fn filled(self) -> Self {
        Self { inside: self.edge, ..self }
    }
}

/// Hollow, as for a low base; [`Tone::filled`] otherwise. A mid-tone: dark enough on paper, light enough for a dark whisker on top.
pub(super) const ACCENT: Tone = Tone { edge: Color(0x2f, 0x7d, 0xb8), inside: Color(0xde, 0xec, 0xf7) };
/// Steps back behind [`ACCENT`], by hue and by lightness.
pub(super) const MUTED: Tone = Tone { edge: Color(0x87, 0x95, 0xa3), inside: Color(0xee, 0xf1, 0xf4) };

/// Face, size, distance between lines and colour of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextStyle {
    pub class: &'static str,
    pub face: Face,
    pub size: f64,
    pub leading: f64,
    pub color: Color,
}

pub(super) const TITLE: TextStyle =
    TextStyle { class: "title", face: Face::SemiBold, size: 20.0, leading: 25.0, color: INK };
pub(super) const SUBTITLE: TextStyle =
    TextStyle { class: "subtitle", face: Face::Regular, size: 14.5, leading: 19.5, color: GREY };
pub(super) const WARNING: TextStyle =
    TextStyle { class: "warning", face: Face::SemiBold, size: 12.0, leading: 16.0, color: BADGE_INK };
pub(super) const HEADING: TextStyle =
    TextStyle { class: "heading", face: Face::SemiBold, size: 14.0, leading: 18.0, color: INK };
pub(super) const LABEL: TextStyle =
    TextStyle { class: "label", face: Face::Regular, size: 14.0, leading: 17.0, color: INK };
pub(super) const LABEL_EMPHASIS: TextStyle = TextStyle { face: Face::SemiBold, ..LABEL };
pub(super) const VALUE: TextStyle = TextStyle { class: "value", ..LABEL };
pub(super) const VALUE_EMPHASIS: TextStyle = TextStyle { face: Face::SemiBold, ..VALUE };
pub(super) const VALUE_FAINT: TextStyle = TextStyle { color: GREY, ..VALUE };
pub(super) const WITHHELD: TextStyle = TextStyle { class: "withheld", face: Face::Italic, color: GREY, ..LABEL };
pub(super) const TICK: TextStyle =
    TextStyle { class: "tick", face: Face::Regular, size: 12.0, leading: 15.0, color: GREY };
pub(super) const REFERENCE: TextStyle =
    TextStyle { class: "reference", face: Face::SemiBold, size: 12.0, leading: 15.0, color: COMPARISON };
pub(super) const SOURCE: TextStyle =
    TextStyle { class: "source", face: Face::Regular, size: 12.0, leading: 16.0, color: GREY };

/// Between columns: label, plot, value.
pub(super) const GUTTER: f64 = 12.0;
/// Between panels side by side.
pub(super) const PANEL_GAP: f64 = 24.0;
/// Between a whisker's end and the value that follows it.
pub(super) const VALUE_GAP: f64 = 7.0;
pub(super) const WHISKER_WIDTH: f64 = 1.5;
/// Half the height of a whisker's end stroke.
pub(super) const WHISKER_END: f64 = 4.0;
pub(super) const DOT_RADIUS: f64 = 5.0;
/// The edge of a hollow mark.
pub(super) const EDGE: f64 = 1.5;
