//! What a renderer draws: simple shapes in pixels, from back to front.

use super::style::{Color, PAPER, TextStyle};
use super::text;

/// A drawing surface and what is on it.
pub(super) struct Scene {
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}

/// A shape with the class that names its part in the chart.
pub(super) struct Shape {
    pub class: &'static str,
    pub color: Color,
    pub form: Form,
}

pub(super) enum Form {
    Box(Area),
    Line { from: (f64, f64), to: (f64, f64), width: f64 },
    Dot { center: (f64, f64), radius: f64 },
    Text { x: f64, baseline: f64, anchor: Anchor, text: String, style: TextStyle },
}

/// Which point of a text stands at its x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The left end of a text of this width.
    pub(super) fn left(self, x: f64, width: f64) -> f64 {
        match self {
            Self::Start => x,
            Self::Middle => x - width / 2.0,
            Self::End => x - width,
        }
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// The area that lies further inside by `distance` (outside if negative).
    pub(super) fn inset(self, distance: f64) -> Self {
        Self {
            left: self.left + distance,
            top: self.top + distance,
            right: (self.right - distance).max(self.left + distance),
            bottom: self.bottom - distance,
        }
    }
}

impl Scene {
    pub(super) fn area(&mut self, class: &'static str, color: Color, area: Area) {
        self.shapes.push(Shape { class, color, form: Form::Box(area) });
    }

    pub(super) fn line(&mut self, class: &'static str, color: Color, width: f64, [from, to]: [(f64, f64); 2]) {
        self.shapes.push(Shape { class, color, form: Form::Line { from, to, width } });
    }

    pub(super) fn dot(&mut self, class: &'static str, color: Color, center: (f64, f64), radius: f64) {
        self.shapes.push(Shape { class, color, form: Form::Dot { center, radius } });
    }

    /// Prints lines of text below one another, the first one's box starting at `top`; gives back where the last ends.
    pub(super) fn text(&mut self, style: TextStyle, anchor: Anchor, (x, top): (f64, f64), lines: &[String]) -> f64 {
        let mut line_top = top;
        for line in lines {
            // Digits and capitals are 0.66 em high in this font: half of that below the middle centres them.
            let baseline = line_top + style.leading / 2.0 + 0.33 * style.size;
            let form = Form::Text { x, baseline, anchor, text: line.clone(), style };
            self.shapes.push(Shape { class: style.class, color: style.color, form });
            line_top += style.leading;
        }
        line_top
    }

    /// As [`Scene::text`], on a patch of paper that keeps the lines behind it from crossing the letters.
    pub(super) fn patched_text(&mut self, style: TextStyle, anchor: Anchor, (x, top): (f64, f64), lines: &[String]) {
        let width = widest(lines, style);
        let left = anchor.left(x, width);
        let text = Area { left, top, right: left + width, bottom: top + height(lines, style) };
        self.area("patch", PAPER, text.inset(-2.0));
        self.text(style, anchor, (x, top), lines);
    }
}

/// The width of the widest line.
pub(super) fn widest(lines: &[String], style: TextStyle) -> f64 {
    lines.iter().map(|line| text::width(line, style.face, style.size)).fold(0.0, f64::max)
}

/// The height of lines below one another.
pub(super) fn height(lines: &[String], style: TextStyle) -> f64 {
    lines.len() as f64 * style.leading
}

/// Lines no wider than `limit`, each as full as possible: for running text.
pub(super) fn wrapped(text: &str, style: TextStyle, limit: f64) -> Vec<String> {
    text::wrap(text, style.face, style.size, limit)
}

/// Lines no wider than `limit`, all about as long: for headlines and labels.
pub(super) fn balanced(text: &str, style: TextStyle, limit: f64) -> Vec<String> {
    text::wrap_balanced(text, style.face, style.size, limit)
}
