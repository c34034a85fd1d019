//! Charts of shares: ranked bars or dots, each with its confidence interval.
//!
//! A [`Chart`] says what is to be seen and nothing about where: values on one axis, rows in panels, and texts. All
//! texts arrive ready to print, numbers included, so this room knows no language and no statistics. A withheld value
//! simply has no [`Point`]: the room cannot draw what it was never given. Only [`compose`], which makes charts out of what
//! may be published, knows studies and their words.
//!
//! One description, one renderer a format: [`svg::render`] lays the chart out for a [`svg::Width`],
//! [`svg::standalone`] adds the font for a file of its own, and [`png::render`] turns exactly that SVG into pixels. Texts are measured with the font that is shipped in [`font`], so
//! labels wrap where they must and are neither clipped nor printed over one another. The same chart gives the same
//! bytes, every time.

mod block;
pub mod compose;
pub mod font;
mod layout;
pub mod png;
mod scene;
mod style;
pub mod svg;
pub mod text;

#[cfg(test)]
mod tests;

/// Everything a reader is to see, free of pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Prefix of the ids inside the SVG: unique among the charts of one page.
    pub id: String,
    /// The finding, as a headline.
    pub title: String,
    /// What was measured, and among whom.
    pub subtitle: String,
    /// What the chart shows, for those who cannot see it.
    pub description: String,
    /// Number of interviews, fieldwork, weighting.
    pub source: String,
    /// A badge above the headline, such as "Synthetic data". It is part of the picture, so it travels with it.
    pub warning: Option<String>,
    /// The one axis that all panels share.
    pub axis: Axis,
    /// How a value is drawn.
    pub mark: Mark,
    /// One panel is a plain chart; several are small multiples.
    pub panels: Vec<Panel>,
}

/// The range of values from left to right, and the places where it is labelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The left end: 0 for shares. Bars start here, so only dots may start elsewhere.
    pub min: f64,
    /// The right end: it should hold all intervals. What reaches further is cut there, without an end stroke.
    pub max: f64,
    /// Labelled values, in ascending order. Labels that find no room are left out at even steps.
    pub ticks: Vec<Tick>,
}

/// A labelled value on the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where it stands.
    pub value: f64,
    /// What is printed there.
    pub label: String,
}

/// How a value is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A bar from the start of the axis, for shares of one question.
    Bar,
    /// A dot, for the comparison of one share between groups, and for means.
    Dot,
}

/// Rows below one another, with a heading if there are several panels.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The group or the item that the panel shows.
    pub heading: Option<String>,
    /// The rows, in the order in which they are printed. Panels with the same labels share one column of labels.
    pub rows: Vec<Row>,
    /// A value to compare all rows with. Outside of the axis it is not drawn.
    pub reference: Option<Reference>,
}

/// A thin vertical line with a label on top, such as the total.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Where the line stands.
    pub value: f64,
    /// What it is, number included.
    pub label: String,
}

/// One label with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The answer or the group.
    pub label: String,
    /// What is drawn, or nothing where the value is withheld or cannot be computed.
    pub point: Option<Point>,
    /// What is printed beside the mark: the value, or the reason why there is none.
    pub text: String,
    /// Low base: the mark is hollow.
    pub faint: bool,
    /// The row that the headline is about: it keeps the accent colour while all others step back.
    pub emphasis: bool,
    /// What a dot is compared with, in its own row.
    pub compared: Option<Compared>,
}

/// Where a dot came from, and where it should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// A hollow dot, from which a line leads to the dot.
    pub before: Option<f64>,
    /// A short vertical line.
    pub target: Option<f64>,
}

/// An estimate with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The estimate, in the unit of the axis.
    pub value: f64,
    /// Lower end of the interval; an interval is drawn if both ends are known.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}
