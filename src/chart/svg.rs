//! Charts as SVG, with texts as texts.
//!
//! plotters draws the shapes. Its SVG surface knows whole numbers only, so it works on a canvas ten times as large,
//! which the root element scales back. What the surface does not write is added afterwards, element by element:
//! classes, the weight and the exact size of fonts, title and description for those who cannot see the chart.

use std::fmt::Write;

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::font::{self, Face};
use super::scene::{Anchor, Form, Scene, Shape};
use super::style::Color;
use super::{Chart, layout};

/// Canvas units in one pixel.
const UNITS: f64 = 10.0;

/// The width of a chart, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(u32);

impl Width {
    /// For reports and articles.
    pub const PAGE: Self = Self(720);
    /// For small screens.
    pub const PHONE: Self = Self(360);

    /// Any width, but never less than 280 pixels: below, no layout keeps texts and marks apart.
    #[must_use]
    pub fn pixels(width: u32) -> Self {
        Self(width.max(280))
    }
}

impl Default for Width {
    fn default() -> Self {
        Self::PAGE
    }
}

/// Draws the chart for a page that carries the font.
#[must_use]
pub fn render(chart: &Chart, width: Width) -> String {
    drawn(chart, width, |_| String::new())
}

/// Draws the chart as a file of its own, with those faces of the font inside that it uses.
#[must_use]
pub fn standalone(chart: &Chart, width: Width) -> String {
    drawn(chart, width, |scene| format!("<style>\n{}</style>\n", font::rules(&faces(scene))))
}

/// The drawing, with what `style` makes of its scene.
fn drawn(chart: &Chart, width: Width, style: impl Fn(&Scene) -> String) -> String {
    let scene = layout::scene(chart, f64::from(width.0));
    let drawing = draw(&scene);
    finished(&format!("{}{}", opening(chart, &scene), style(&scene)), &scene, &drawing)
}

fn faces(scene: &Scene) -> Vec<Face> {
    let is_used = |face: &Face| {
        scene.shapes.iter().any(|shape| matches!(&shape.form, Form::Text { style, .. } if style.face == *face))
    };
    Face::ALL.into_iter().filter(is_used).collect()
}

fn draw(scene: &Scene) -> String {
    let mut drawing = String::new();
    let size = (units(scene.width).unsigned_abs(), units(scene.height).unsigned_abs());
    let mut surface = SVGBackend::with_string(&mut drawing, size);
    for shape in &scene.shapes {
        draw_shape(&mut surface, shape);
    }
    surface.present().expect("a string can always be written");
    drop(surface);
    drawing
}

fn draw_shape(surface: &mut SVGBackend, shape: &Shape) {
    let Color(red, green, blue) = shape.color;
    let color = RGBColor(red, green, blue);
    let drawn = match &shape.form {
        Form::Box(area) => surface.draw_rect(at((area.left, area.top)), at((area.right, area.bottom)), &color, true),
        Form::Line { from, to, width } => {
            let stroke = ShapeStyle { color: color.into(), filled: false, stroke_width: units(*width).unsigned_abs() };
            surface.draw_line(at(*from), at(*to), &stroke)
        }
        Form::Dot { center, radius } => surface.draw_circle(at(*center), units(*radius).unsigned_abs(), &color, true),
        Form::Text { x, baseline, anchor, text, style } => {
            let h_pos = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            let slant = if style.face == Face::Italic { FontStyle::Italic } else { FontStyle::Normal };
            let font = FontDesc::new(FontFamily::Name(font::FAMILIES), UNITS * style.size, slant);
            // The surface moves a text that hangs from its top by 0.76 em: this takes it back to the baseline.
            let position = at((*x, baseline - 0.76 * style.size));
            let style = TextStyle::from(font).color(&color).pos(Pos::new(h_pos, VPos::Top));
            surface.draw_text(text, &style, position)
        }
    };
    drawn.expect("a string can always be written");
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

/// The drawing with its own root element, and with classes and fonts at every shape.
fn finished(opening: &str, scene: &Scene, drawing: &str) -> String {
    let mut svg = opening.to_owned();
    let mut shapes = scene.shapes.iter();
    let mut in_text = false;
    // The surface writes each shape as one element that begins its own line. Only texts span several lines; they
    // are joined, so that no space is added to what is printed.
    for line in drawing.lines().skip(1) {
        if in_text {
            svg.push_str(line);
            in_text = line != "</text>";
        } else if let Some(shape) = shapes.next() {
            svg.push_str(&classified(line, shape));
            in_text = line.starts_with("<text");
        } else {
            svg.push_str(line);
        }
        if !in_text {
            svg.push('\n');
        }
    }
    svg
}

fn opening(chart: &Chart, scene: &Scene) -> String {
    let id = escaped(&chart.id);
    let mut opening = String::new();
    write!(
        opening,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="topline-chart" width="{}" height="{}" viewBox="0 0 {} {}""#,
        scene.width,
        scene.height,
        units(scene.width),
        units(scene.height),
    )
    .and_then(|()| writeln!(opening, r#" role="img" aria-labelledby="{id}-title {id}-desc">"#))
    .and_then(|()| writeln!(opening, r#"<title id="{id}-title">{}</title>"#, escaped(&chart.title)))
    .and_then(|()| writeln!(opening, r#"<desc id="{id}-desc">{}</desc>"#, escaped(&chart.description)))
    .expect("a string can always be written");
    opening
}

fn classified(element: &str, shape: &Shape) -> String {
    let name_end = element.find(' ').unwrap_or(element.len());
    let (name, attributes) = element.split_at(name_end);
    let mut attributes = attributes.replace(r#" opacity="1""#, "");
    if let Form::Text { style, .. } = &shape.form {
        // The surface divides font sizes by 1.24, for fonts of its own choice.
        attributes = with_attribute(&attributes, "font-size", &(style.size * UNITS).to_string());
        if style.face == Face::SemiBold {
            attributes.insert_str(0, r#" font-weight="600""#);
        }
    }
    format!(r#"{name} class="{}"{attributes}"#, shape.class)
}

/// Replaces the value of an attribute that is there.
fn with_attribute(attributes: &str, name: &str, value: &str) -> String {
    let opening = format!(r#" {name}=""#);
    let Some(start) = attributes.find(&opening).map(|at| at + opening.len()) else { return attributes.to_owned() };
    let end = attributes[start..].find('"').map_or(attributes.len(), |length| start + length);
    format!("{}{value}{}", &attributes[..start], &attributes[end..])
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
