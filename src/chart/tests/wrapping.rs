//! Wrapped lines fit their width.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use crate::chart::font::Face;
use crate::chart::text::{width, wrap, wrap_balanced};

const SIZE: f64 = 14.0;

proptest! {
    #[test]
    fn no_line_is_wider_than_allowed(text in "[A-Za-zÄÖÜäöüß0-9 ,./%–\u{a0}\u{202f}-]{0,200}", limit in 40.0..400.0) {
        for lines in [wrap(&text, Face::SemiBold, SIZE, limit), wrap_balanced(&text, Face::SemiBold, SIZE, limit)] {
            for line in lines {
                prop_assert!(width(&line, Face::SemiBold, SIZE) <= limit, "{line:?}");
            }
        }
    }

    #[test]
    fn nothing_gets_lost(text in "[a-zäöü ]{0,200}", limit in 30.0..400.0) {
        let letters = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).collect::<String>();
        prop_assert_eq!(letters(&wrap(&text, Face::Regular, SIZE, limit).concat()), letters(&text));
    }

    #[test]
    fn balancing_adds_no_line(text in "[a-zäöü ]{0,200}", limit in 60.0..400.0) {
        let plain = wrap(&text, Face::Regular, SIZE, limit);
        prop_assert_eq!(wrap_balanced(&text, Face::Regular, SIZE, limit).len(), plain.len());
    }
}

#[test]
fn numbers_stay_with_their_signs() {
    let lines = wrap("rund 54,2\u{202f}% von 1\u{a0}204", Face::Regular, SIZE, 60.0);
    assert_eq!(lines, ["rund", "54,2\u{202f}%", "von 1\u{a0}204"]);
}

#[test]
fn compounds_break_after_the_hyphen_and_ranges_do_not() {
    assert_eq!(wrap("Preis-Leistungs-Verhältnis", Face::Regular, SIZE, 100.0), ["Preis-Leistungs-", "Verhältnis"]);
    assert_eq!(wrap("im Alter von 18-29", Face::Regular, SIZE, 90.0), ["im Alter von", "18-29"]);
}

#[test]
fn a_unit_with_a_slash_is_broken_only_where_no_line_holds_it() {
    assert_eq!(wrap("Ja, über 240 mg/dl", Face::Regular, SIZE, 100.0), ["Ja, über 240", "mg/dl"]);
    assert_eq!(wrap("Kundenservice/Beratung", Face::Regular, SIZE, 100.0), ["Kundenservice/", "Beratung"]);
}

#[test]
fn an_empty_text_has_no_lines() {
    assert!(wrap(" ", Face::Regular, SIZE, 100.0).is_empty());
}
