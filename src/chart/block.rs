//! One column of labels with the panels that read by it: grid, marks, values and axis.

use super::scene::{Anchor, Area, Scene, balanced, height, widest, wrapped};
use super::style::{
    ACCENT, BASELINE, COMPARISON, DOT_RADIUS, EDGE, GRID, GUTTER, HEADING, INK, LABEL, LABEL_EMPHASIS, MUTED,
    PANEL_GAP, PAPER, REFERENCE, TICK, TextStyle, Tone, VALUE, VALUE_EMPHASIS, VALUE_FAINT, VALUE_GAP, WHISKER_END,
    WHISKER_WIDTH, WITHHELD,
};
use super::{Axis, Chart, Compared, Mark, Panel, Point, Reference, Row, text};

/// More rows than this stand closer together.
const MANY_ROWS: usize = 10;
/// Tick labels keep at least this distance.
const TICK_GAP: f64 = 8.0;

/// A part of a chart, and the place where it is drawn.
pub(super) struct Block<'a> {
    pub chart: &'a Chart,
    pub panels: &'a [Panel],
    pub columns: Columns,
    pub left: f64,
    pub top: f64,
}

/// The widths that all blocks of a chart have in common, so that their axes can be compared.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub labels: Labels,
    /// Plot and values of one panel.
    pub cell: f64,
    /// The room for values at the right of each cell.
    pub values: f64,
}

/// Where the labels of rows stand.
#[derive(Clone, Copy)]
pub(super) enum Labels {
    /// To the left of the plot, in a column of this width.
    Beside(f64),
    /// Above each mark, over the whole width: for narrow charts.
    Above,
}

/// Draws the block and gives back where it ends.
pub(super) fn draw(scene: &mut Scene, block: &Block) -> f64 {
    let rows_top = block.heads(scene);
    let bands = block.bands(rows_top);
    let rows_bottom = bands.last().map_or(rows_top, |band| band.bottom);
    let zones = block.zones(&bands);
    for (index, panel) in block.panels.iter().enumerate() {
        let plot = block.plot(index);
        plot.grid(scene, &zones);
        if plot.chart.mark == Mark::Dot {
            plot.guides(scene, panel, &bands);
        }
        if let Some(reference) = &panel.reference {
            plot.reference(scene, &zones, reference);
        }
        for (row, band) in panel.rows.iter().zip(&bands) {
            plot.row(scene, row, band);
        }
        plot.tick_labels(scene, rows_bottom + 4.0);
    }
    block.labels(scene, &bands);
    rows_bottom + 4.0 + TICK.leading
}

/// The room that printed values need to the right of a plot, the gap before them included.
pub(super) fn value_width(chart: &Chart) -> f64 {
    let rows = chart.panels.iter().flat_map(|panel| &panel.rows).filter(|row| row.point.is_some());
    let width = rows.map(|row| text::width(&row.text, VALUE_EMPHASIS.face, VALUE_EMPHASIS.size)).fold(0.0, f64::max);
    if width > 0.0 { width.ceil() + GUTTER } else { 0.0 }
}

/// What is printed above the rows of one panel.
struct Head {
    left: f64,
    heading: Vec<String>,
    reference: Vec<String>,
    reference_middle: f64,
}

impl Head {
    fn fits_in_one_line(&self) -> bool {
        let reference_left = self.reference_middle - widest(&self.reference, REFERENCE) / 2.0;
        let heading_right = self.left + widest(&self.heading, HEADING);
        let one_line = self.heading.len() <= 1 && self.reference.len() <= 1;
        one_line && (self.reference.is_empty() || heading_right + GUTTER <= reference_left)
    }
}

/// The vertical extent of one row.
struct Band {
    label: Vec<String>,
    label_top: f64,
    /// The middle of mark and value.
    middle: f64,
    /// Where the mark's own part begins, below a label that stands above.
    mark_top: f64,
    bottom: f64,
}

impl Block<'_> {
    /// Headings, and the labels of reference lines below them or, where there is room, beside their last line.
    fn heads(&self, scene: &mut Scene) -> f64 {
        let heads: Vec<Head> = (0..self.panels.len()).map(|index| self.head(index)).collect();
        let tallest = |lines: fn(&Head) -> f64| heads.iter().map(lines).fold(0.0, f64::max);
        let headings = tallest(|head| height(&head.heading, HEADING));
        let references = tallest(|head| height(&head.reference, REFERENCE));
        let beside = heads.iter().all(Head::fits_in_one_line);
        let heights = if beside { headings.max(references) } else { headings + references };
        let bottom = self.top + heights + if headings > 0.0 { 4.0 } else { 0.0 };
        for head in &heads {
            scene.text(HEADING, Anchor::Start, (head.left, self.top), &head.heading);
            let top = bottom - height(&head.reference, REFERENCE);
            scene.text(REFERENCE, Anchor::Middle, (head.reference_middle, top), &head.reference);
        }
        bottom
    }

    fn head(&self, index: usize) -> Head {
        let plot = self.plot(index);
        let panel = &self.panels[index];
        let right = plot.left + self.columns.cell;
        // A panel with labels of its own is headed from its very left, panels that share labels above the plot.
        let left = if self.panels.len() == 1 { self.left } else { plot.left };
        let heading = balanced(panel.heading.as_deref().unwrap_or_default(), HEADING, right - left);
        let drawn = panel.reference.as_ref().filter(|reference| plot.covers(reference.value));
        let label = drawn.map_or("", |reference| &reference.label);
        let reference = wrapped(label, REFERENCE, self.columns.cell);
        let half = widest(&reference, REFERENCE) / 2.0;
        let value = drawn.map_or(0.0, |reference| reference.value);
        let reference_middle = between(plot.x(value), plot.left + half, right - half);
        Head { left, heading, reference, reference_middle }
    }

    /// One band a row, as high as the largest of its texts needs.
    fn bands(&self, top: f64) -> Vec<Band> {
        let count = self.panels.iter().map(|panel| panel.rows.len()).max().unwrap_or_default();
        let padding = if count > MANY_ROWS { 4.0 } else { 6.0 };
        let thickness = self.thickness();
        let mut bands = Vec::new();
        let mut y = top;
        for index in 0..count {
            let rows: Vec<&Row> = self.panels.iter().filter_map(|panel| panel.rows.get(index)).collect();
            let label_text = rows.first().map_or("", |row| row.label.as_str());
            let plot = self.plot(0);
            let values = rows.iter().map(|row| height(&plot.value(row).0, VALUE)).fold(thickness, f64::max);
            let band = match self.columns.labels {
                Labels::Beside(width) => {
                    let label = balanced(label_text, LABEL_EMPHASIS, width);
                    let middle = y + padding + height(&label, LABEL).max(values) / 2.0;
                    let bottom = 2.0 * middle - y;
                    Band { label_top: middle - height(&label, LABEL) / 2.0, label, middle, mark_top: y, bottom }
                }
                Labels::Above => {
                    let label = balanced(label_text, LABEL_EMPHASIS, self.columns.cell);
                    let label_top = y + 3.0;
                    let mark_top = label_top + height(&label, LABEL);
                    let bottom = mark_top + 1.0 + values + padding;
                    Band { label, label_top, middle: mark_top + 1.0 + values / 2.0, mark_top, bottom }
                }
            };
            y = band.bottom;
            bands.push(band);
        }
        bands
    }

    /// Where vertical lines may run: all along labels that stand beside, but not through labels that stand above.
    fn zones(&self, bands: &[Band]) -> Vec<(f64, f64)> {
        match (self.columns.labels, bands) {
            (Labels::Beside(_), [first, .., last]) => vec![(first.mark_top, last.bottom)],
            _ => bands.iter().map(|band| (band.mark_top, band.bottom)).collect(),
        }
    }

    fn labels(&self, scene: &mut Scene, bands: &[Band]) {
        for (index, band) in bands.iter().enumerate() {
            let emphasis = self.panels.iter().any(|panel| panel.rows.get(index).is_some_and(|row| row.emphasis));
            let style = if emphasis { LABEL_EMPHASIS } else { LABEL };
            scene.text(style, Anchor::Start, (self.left, band.label_top), &band.label);
        }
    }

    fn plot(&self, index: usize) -> Plot<'_> {
        let labels = match self.columns.labels {
            Labels::Beside(width) if width > 0.0 => width + GUTTER,
            _ => 0.0,
        };
        let left = (self.left + labels + index as f64 * (self.columns.cell + PANEL_GAP)).round();
        let right = left + self.columns.cell - self.columns.values;
        Plot { chart: self.chart, left, right, columns: self.columns, thickness: self.thickness() }
    }

    fn thickness(&self) -> f64 {
        let many = self.panels.iter().any(|panel| panel.rows.len() > MANY_ROWS);
        match self.columns.labels {
            Labels::Beside(_) if !many => 18.0,
            _ => 14.0,
        }
    }
}

/// The plot of one panel.
struct Plot<'a> {
    chart: &'a Chart,
    left: f64,
    right: f64,
    columns: Columns,
    /// The thickness of bars.
    thickness: f64,
}

impl Plot<'_> {
    /// The place of a value; what lies outside of the axis is put at its end.
    fn x(&self, value: f64) -> f64 {
        let Axis { min, max, .. } = self.chart.axis;
        let share = if max > min { (value - min) / (max - min) } else { 0.0 };
        between(self.left + share * (self.right - self.left), self.left, self.right)
    }

    fn covers(&self, value: f64) -> bool {
        (self.chart.axis.min..=self.chart.axis.max).contains(&value)
    }

    fn grid(&self, scene: &mut Scene, zones: &[(f64, f64)]) {
        for &(top, bottom) in zones {
            for tick in self.chart.axis.ticks.iter().filter(|tick| self.covers(tick.value)) {
                let x = self.x(tick.value);
                scene.line("grid", GRID, 1.0, [(x, top), (x, bottom)]);
            }
            if self.chart.mark == Mark::Bar {
                scene.line("baseline", BASELINE, 1.0, [(self.left, top), (self.left, bottom)]);
            }
        }
    }

    /// Lines that lead from the label past the dot to the value.
    fn guides(&self, scene: &mut Scene, panel: &Panel, bands: &[Band]) {
        for (_, band) in panel.rows.iter().zip(bands).filter(|(row, _)| row.point.is_some()) {
            scene.line("guide", GRID, 1.0, [(self.left, band.middle), (self.right, band.middle)]);
        }
    }

    fn reference(&self, scene: &mut Scene, zones: &[(f64, f64)], reference: &Reference) {
        let x = self.x(reference.value);
        for &(top, bottom) in zones.iter().filter(|_| self.covers(reference.value)) {
            scene.line("reference-line", COMPARISON, 1.5, [(x, top), (x, bottom)]);
        }
    }

    fn row(&self, scene: &mut Scene, row: &Row, band: &Band) {
        let (lines, style) = self.value(row);
        let top = band.middle - height(&lines, style) / 2.0;
        let Some(point) = row.point else {
            scene.patched_text(style, Anchor::Start, (self.left + VALUE_GAP, top), &lines);
            return;
        };
        let tone = self.tone(row);
        match self.chart.mark {
            Mark::Bar => self.bar(scene, point, tone, band.middle),
            Mark::Dot => {
                let compared = row.compared.unwrap_or(Compared { before: None, target: None });
                self.target(scene, compared, band.middle);
                self.before(scene, compared, point, band.middle);
                self.dot(scene, point, tone, band.middle);
            }
        }
        if self.values_follow_marks() {
            let end = self.x(point.high.map_or(point.value, |high| high.max(point.value)));
            scene.patched_text(style, Anchor::Start, (end + VALUE_GAP, top), &lines);
        } else {
            scene.text(style, Anchor::End, (self.left + self.columns.cell, top), &lines);
        }
    }

    fn bar(&self, scene: &mut Scene, point: Point, tone: Tone, middle: f64) {
        let half = self.thickness / 2.0;
        let area = Area { left: self.left, right: self.x(point.value), top: middle - half, bottom: middle + half };
        scene.area("bar", tone.edge, area);
        if tone.inside != tone.edge && area.right - area.left > 2.0 * EDGE {
            scene.area("bar-inside", tone.inside, area.inset(EDGE));
        }
        let Some((low, high)) = interval(point) else { return };
        scene.line("whisker", INK, WHISKER_WIDTH, [(self.x(low), middle), (self.x(high), middle)]);
        for end in [low, high].into_iter().filter(|&end| self.covers(end)) {
            let x = self.x(end);
            scene.line("whisker", INK, WHISKER_WIDTH, [(x, middle - WHISKER_END), (x, middle + WHISKER_END)]);
        }
    }

    fn dot(&self, scene: &mut Scene, point: Point, tone: Tone, middle: f64) {
        if let Some((low, high)) = interval(point) {
            scene.line("whisker", tone.edge, 2.5, [(self.x(low), middle), (self.x(high), middle)]);
        }
        if !self.covers(point.value) {
            return;
        }
        let center = (self.x(point.value), middle);
        scene.dot("dot", tone.edge, center, DOT_RADIUS);
        if tone.inside != tone.edge {
            scene.dot("dot-inside", tone.inside, center, DOT_RADIUS - EDGE);
        }
    }

    /// The way from where a dot was.
    fn before(&self, scene: &mut Scene, compared: Compared, point: Point, middle: f64) {
        let Some(before) = compared.before.filter(|before| self.covers(*before)) else { return };
        scene.line("move", MUTED.edge, 2.5, [(self.x(before), middle), (self.x(point.value), middle)]);
        scene.dot("before", MUTED.edge, (self.x(before), middle), DOT_RADIUS);
        scene.dot("before-inside", PAPER, (self.x(before), middle), DOT_RADIUS - EDGE);
    }

    fn target(&self, scene: &mut Scene, compared: Compared, middle: f64) {
        let Some(target) = compared.target.filter(|target| self.covers(*target)) else { return };
        let (x, half) = (self.x(target), DOT_RADIUS + WHISKER_END);
        scene.line("target", COMPARISON, EDGE, [(x, middle - half), (x, middle + half)]);
    }

    /// The labels of the axis: all of them, or every second, third … where they would meet.
    fn tick_labels(&self, scene: &mut Scene, top: f64) {
        let ticks: Vec<_> = self.chart.axis.ticks.iter().filter(|tick| self.covers(tick.value)).collect();
        // The gutter beside a column of labels is free for the first one.
        let start = match self.columns.labels {
            Labels::Beside(width) if width > 0.0 => self.left - GUTTER,
            _ => self.left,
        };
        let spans = ticks.iter().map(|tick| {
            let half = text::width(&tick.label, TICK.face, TICK.size) / 2.0;
            let middle = between(self.x(tick.value), start + half, self.left + self.columns.cell - half);
            (middle - half, middle + half)
        });
        let spans: Vec<(f64, f64)> = spans.collect();
        let meets = |step: &usize| {
            let shown: Vec<_> = spans.iter().step_by(*step).collect();
            shown.windows(2).any(|pair| pair[1].0 - pair[0].1 < TICK_GAP)
        };
        let step = (1..=spans.len()).find(|step| !meets(step)).unwrap_or(1);
        for (tick, span) in ticks.iter().zip(&spans).step_by(step) {
            let middle = f64::midpoint(span.0, span.1);
            scene.text(TICK, Anchor::Middle, (middle, top), std::slice::from_ref(&tick.label));
        }
    }

    /// The printed value, in lines. What is said instead of a value may run across the empty plot.
    fn value(&self, row: &Row) -> (Vec<String>, TextStyle) {
        let style = match row {
            Row { point: None, .. } => WITHHELD,
            Row { emphasis: true, .. } => VALUE_EMPHASIS,
            Row { faint: true, .. } => VALUE_FAINT,
            Row { .. } => VALUE,
        };
        let limit = if row.point.is_some() { self.columns.values - GUTTER } else { self.columns.cell - VALUE_GAP };
        (wrapped(&row.text, style, limit), style)
    }

    /// Bars carry their values at the end of the whisker. A reference line would run through them, and dots stand in
    /// the middle of the plot: there, values have a column of their own.
    fn values_follow_marks(&self) -> bool {
        self.chart.mark == Mark::Bar && self.chart.panels.iter().all(|panel| panel.reference.is_none())
    }

    fn tone(&self, row: &Row) -> Tone {
        let mut rows = self.chart.panels.iter().flat_map(|panel| &panel.rows);
        let tone = if row.emphasis || rows.all(|row| !row.emphasis) { ACCENT } else { MUTED };
        if row.faint { tone } else { tone.filled() }
    }
}

/// The interval of a point that has one.
fn interval(point: Point) -> Option<(f64, f64)> {
    point.low.zip(point.high)
}

/// `value` kept within a range; a value that is no number goes to its start.
fn between(value: f64, start: f64, end: f64) -> f64 {
    value.max(start).min(end.max(start))
}
