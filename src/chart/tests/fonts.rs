//! The shipped fonts: symbols, measures, contrast.

use crate::chart::font::Face;
use crate::chart::style::{ACCENT, BADGE_INK, BADGE_PAPER, COMPARISON, Color, GREY, INK, MUTED, PAPER};
use ab_glyph::Font;

#[test]
fn every_symbol_we_print_is_in_the_font() {
    let printed = "ÄÖÜäöüß–—%−±×≥≤„“”‘’…*·•→Δ²½€\u{202f}\u{a0}0123456789+-/()[]<>=&,.;:!?";
    for face in [Face::Regular, Face::SemiBold, Face::Italic] {
        for symbol in printed.chars() {
            assert_ne!(face.font().glyph_id(symbol).0, 0, "{symbol:?} is missing in {face:?}");
        }
    }
}

#[test]
fn texts_and_marks_stand_out_from_their_ground() {
    for (text, ground) in [(INK, PAPER), (GREY, PAPER), (COMPARISON, PAPER), (BADGE_INK, BADGE_PAPER)] {
        assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
    }
    for tone in [ACCENT, MUTED] {
        assert!(contrast(tone.edge, PAPER) >= 3.0, "mark {tone:?} on paper");
        assert!(contrast(INK, tone.edge) >= 3.0, "whisker on {tone:?}");
        assert!(contrast(tone.edge, tone.inside) >= 2.5, "edge of a hollow mark {tone:?}");
    }
}

#[test]
fn the_accent_is_darker_than_what_steps_back() {
    assert!(contrast(ACCENT.edge, MUTED.edge) >= 1.4);
}

/// The contrast ratio of WCAG 2.
fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

fn luminance(Color(red, green, blue): Color) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
