//! Drawn pages: no text overlaps another, nothing leaves the page.

use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Group, Node, Rect};

use super::samples;
use crate::chart::scene::{Area, Form, Scene};
use crate::chart::svg::Width;
use crate::chart::{Mark, layout, png, svg, text};

const WIDTHS: [u32; 6] = [280, 360, 430, 560, 720, 1100];

#[test]
fn texts_stay_on_the_canvas_and_apart() {
    for (name, chart) in samples::all() {
        for width in WIDTHS {
            let tree = png::tree(&svg::render(&chart, Width::pixels(width))).expect("we write readable SVG");
            let mut texts = Vec::new();
            collect_texts(tree.root(), &mut texts);
            assert!(texts.len() > 5, "{name}: no texts");
            for (index, (text, ink)) in texts.iter().enumerate() {
                let inside = ink.left() >= 4.0
                    && ink.top() >= 4.0
                    && ink.right() <= tree.size().width() - 4.0
                    && ink.bottom() <= tree.size().height() - 4.0;
                assert!(inside, "{name} at {width}: {text:?} leaves the canvas");
                for (other, other_ink) in &texts[index + 1..] {
                    assert!(ink.intersect(other_ink).is_none(), "{name} at {width}: {text:?} meets {other:?}");
                }
            }
        }
    }
}

#[test]
fn no_mark_runs_through_a_text() {
    for (name, chart) in samples::all() {
        for width in WIDTHS {
            let scene = layout::scene(&chart, f64::from(width));
            for (text, text_area) in texts(&scene) {
                // What stands instead of a mark may cover the reference line: it lies on a patch of paper.
                let withheld = text.starts_with("nicht ausgewiesen");
                for (class, mark) in
                    marks(&scene).into_iter().filter(|(class, _)| !withheld || *class != "reference-line")
                {
                    assert!(!meet(text_area, mark), "{name} at {width}: {class} runs through {text:?}");
                }
            }
        }
    }
}

/// Widths without kerning are an upper bound, up to what a letter leans out of its own box.
#[test]
fn texts_are_never_set_wider_than_measured() {
    for (name, chart) in samples::all() {
        let tree = png::tree(&svg::render(&chart, Width::PAGE)).expect("we write readable SVG");
        let mut set = Vec::new();
        collect_texts(tree.root(), &mut set);
        let scene = layout::scene(&chart, 720.0);
        for ((text, area), (_, ink)) in texts(&scene).into_iter().zip(&set) {
            let measured = area.right - area.left;
            assert!(f64::from(ink.width()) <= measured + 1.0, "{name}: {text:?} is wider than {measured}");
        }
    }
}

#[test]
fn a_withheld_row_has_no_mark() {
    let svg = svg::render(&samples::all_withheld(), Width::PAGE);
    assert_eq!(svg.matches(r#"class="withheld""#).count(), 2);
    for mark in ["bar", "dot", "whisker"] {
        assert!(!svg.contains(&format!(r#"class="{mark}""#)));
    }
}

#[test]
fn a_faint_mark_is_hollow() {
    assert_eq!(svg::render(&samples::by_age(), Width::PAGE).matches(r#"class="dot-inside""#).count(), 1);
    assert_eq!(svg::render(&samples::ranked(), Width::PAGE).matches(r#"class="bar-inside""#).count(), 0);
}

#[test]
fn an_interval_that_leaves_the_axis_has_one_end_stroke() {
    let mut chart = samples::single();
    chart.axis.max = 0.76;
    let svg = svg::render(&chart, Width::PAGE);
    assert_eq!(svg.matches(r#"class="whisker""#).count(), 2, "the whisker itself and its lower end");
}

#[test]
fn the_warning_is_always_printed() {
    for width in WIDTHS {
        assert!(svg::render(&samples::ranked(), Width::pixels(width)).contains(">Synthetische Daten</text>"));
    }
}

#[test]
fn printed_texts_are_texts_in_our_font() {
    let svg = svg::render(&samples::ranked(), Width::PAGE);
    let label = svg.lines().find(|line| line.ends_with(">Lieferung</text>")).expect("the label stands in one line");
    assert!(label.contains("font-family=\"&apos;Source Sans 3&apos;, "));
    assert!(label.contains(", sans-serif\""));
    assert!(label.contains(r#"font-size="140""#));
}

#[test]
fn a_file_of_its_own_carries_the_faces_that_it_uses() {
    for (chart, faces) in [(samples::ranked(), 2), (samples::by_age(), 3)] {
        let svg = svg::standalone(&chart, Width::PAGE);
        assert_eq!(svg.matches("@font-face{font-family:'Source Sans 3';").count(), faces);
        assert!(svg.len() < 100_000, "{} bytes", svg.len());
        let (carried, bare) = (png::render(&svg, 1.0), png::render(&svg::render(&chart, Width::PAGE), 1.0));
        assert_eq!(carried.expect("it can be drawn"), bare.expect("it can be drawn"));
    }
}

#[test]
fn what_is_not_seen_is_told() {
    let svg = svg::render(&samples::extreme(), Width::PAGE);
    assert!(svg.contains(r#"role="img" aria-labelledby="q1-title q1-desc""#));
    assert!(svg.contains(r#"<title id="q1-title">Werte &lt; 10 &amp; &gt; 20</title>"#));
    assert!(svg.contains(r#"<desc id="q1-desc">Balkendiagramm"#));
}

#[test]
fn texts_are_escaped() {
    let mut chart = samples::extreme();
    chart.id = "a\"b".to_owned();
    let svg = svg::render(&chart, Width::PAGE);
    assert!(svg.contains(">Müller &amp; Söhne &lt;&quot;GmbH&quot;&gt;</text>"));
    assert!(svg.contains(r#"id="a&quot;b-title""#));
    png::tree(&svg).expect("we write readable SVG");
}

#[test]
fn values_that_are_no_numbers_do_not_break_the_drawing() {
    let mut chart = samples::ranked();
    chart.axis.max = 0.0;
    chart.panels[0].rows[0].point.as_mut().expect("the row has a point").value = f64::NAN;
    for mark in [Mark::Bar, Mark::Dot] {
        chart.mark = mark;
        png::tree(&svg::render(&chart, Width::PAGE)).expect("we write readable SVG");
    }
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let picture = || png::render(&svg::render(&samples::single(), Width::PHONE), 1.0).expect("it can be drawn");
    assert_eq!(svg::render(&samples::many(), Width::PAGE), svg::render(&samples::many(), Width::PAGE));
    assert_eq!(picture(), picture());
}

#[test]
fn the_picture_has_the_size_of_the_chart() {
    let svg = svg::render(&samples::single(), Width::PHONE);
    let height = layout::scene(&samples::single(), 360.0).height;
    let picture = Pixmap::decode_png(&png::render(&svg, 2.0).expect("it can be drawn")).expect("it is a PNG");
    assert_eq!((picture.width(), f64::from(picture.height())), (720, 2.0 * height));
}

#[test]
fn what_is_no_svg_is_refused() {
    assert!(matches!(png::render("<p>", 1.0), Err(png::Error::Unreadable(_))));
    assert!(matches!(png::render(&svg::render(&samples::single(), Width::PAGE), 0.0), Err(png::Error::Size)));
}

/// All texts with the box of their ink, as they are set.
fn collect_texts(group: &Group, texts: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect_texts(group, texts),
            Node::Text(text) => {
                let letters = text.chunks().iter().map(resvg::usvg::TextChunk::text).collect();
                texts.push((letters, ink(text)));
            }
            _ => {}
        }
    }
}

fn ink(text: &resvg::usvg::Text) -> Rect {
    let ink = text.flattened().bounding_box().transform(text.abs_transform());
    ink.expect("no text is infinite")
}

/// All texts with the box they are given, from the height of capitals down to descenders.
fn texts(scene: &Scene) -> Vec<(String, Area)> {
    let texts = scene.shapes.iter().filter_map(|shape| match &shape.form {
        Form::Text { x, baseline, anchor, text, style } => {
            let width = text::width(text, style.face, style.size);
            let left = anchor.left(*x, width);
            let (top, bottom) = (baseline - 0.7 * style.size, baseline + 0.2 * style.size);
            Some((text.clone(), Area { left, top, right: left + width, bottom }))
        }
        _ => None,
    });
    texts.collect()
}

/// Everything that stands for a value.
fn marks(scene: &Scene) -> Vec<(&'static str, Area)> {
    let marks = scene.shapes.iter().filter(|shape| ["bar", "whisker", "dot", "reference-line"].contains(&shape.class));
    let areas = marks.filter_map(|shape| match shape.form {
        Form::Box(area) => Some((shape.class, area)),
        Form::Line { from, to, .. } => {
            Some((shape.class, Area { left: from.0, top: from.1, right: to.0, bottom: to.1 }))
        }
        Form::Dot { center: (x, y), radius } => {
            let center = Area { left: x, top: y, right: x, bottom: y };
            Some((shape.class, center.inset(-radius)))
        }
        Form::Text { .. } => None,
    });
    areas.collect()
}

fn meet(one: Area, other: Area) -> bool {
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}
