//! Where everything stands: the head, the panels in lines, the source.

use super::block::{self, Block, Columns, Labels};
use super::font::Face;
use super::scene::{Anchor, Area, Form, Scene, Shape, balanced, height, widest, wrapped};
use super::style::{
    BADGE_PAPER, GUTTER, LABEL_EMPHASIS, PANEL_GAP, PAPER, SOURCE, SUBTITLE, TITLE, TextStyle, WARNING,
};
use super::{Chart, Panel, text};

/// Below this width labels stand above their bars, unless they are short.
const ROOM_FOR_LABELS: f64 = 420.0;
/// Above this width panels with the same rows stand side by side and share their labels.
const ROOM_FOR_SHARING: f64 = 520.0;
/// No plot is narrower than this if it stands beside others.
const PLOT_MIN: f64 = 96.0;

/// Lays `chart` out for the given width; the height follows from what there is to print.
pub(super) fn scene(chart: &Chart, width: f64) -> Scene {
    let margin = if width < ROOM_FOR_LABELS { 12.0 } else { 16.0 };
    let mut page = Page {
        scene: Scene { width, height: 0.0, shapes: Vec::new() },
        left: margin,
        width: width - 2.0 * margin,
        y: margin,
    };
    if let Some(warning) = &chart.warning {
        page.badge(warning);
    }
    page.headline(&chart.title);
    page.y += 3.0;
    page.paragraph(&chart.subtitle, SUBTITLE);
    page.y += 14.0;
    page.panels(chart);
    page.y += 12.0;
    page.paragraph(&chart.source, SOURCE);

    let mut scene = page.scene;
    scene.height = (page.y + margin).ceil();
    let paper = Form::Box(Area { left: 0.0, top: 0.0, right: width, bottom: scene.height });
    scene.shapes.insert(0, Shape { class: "paper", color: PAPER, form: paper });
    scene
}

/// A scene that is filled from top to bottom.
struct Page {
    scene: Scene,
    left: f64,
    width: f64,
    y: f64,
}

impl Page {
    fn headline(&mut self, text: &str) {
        let lines = balanced(text, TITLE, self.width);
        self.y = self.scene.text(TITLE, Anchor::Start, (self.left, self.y), &lines);
    }

    fn paragraph(&mut self, text: &str, style: TextStyle) {
        let lines = wrapped(text, style, self.width);
        self.y = self.scene.text(style, Anchor::Start, (self.left, self.y), &lines);
    }

    fn badge(&mut self, text: &str) {
        const PADDING: (f64, f64) = (7.0, 2.0);
        let lines = wrapped(text, WARNING, self.width - 2.0 * PADDING.0);
        let area = Area {
            left: self.left,
            top: self.y,
            right: self.left + widest(&lines, WARNING) + 2.0 * PADDING.0,
            bottom: self.y + height(&lines, WARNING) + 2.0 * PADDING.1,
        };
        self.scene.area("badge", BADGE_PAPER, area);
        self.scene.text(WARNING, Anchor::Start, (area.left + PADDING.0, area.top + PADDING.1), &lines);
        self.y = area.bottom + 8.0;
    }

    fn panels(&mut self, chart: &Chart) {
        let grid = Grid::of(chart, self.width);
        let blocks: Vec<&[Panel]> = chart.panels.chunks(grid.panels_per_block).collect();
        for (index, line) in blocks.chunks(grid.blocks_per_line).enumerate() {
            if index > 0 {
                self.y += 22.0;
            }
            let mut left = self.left;
            let mut bottom = self.y;
            for panels in line {
                let block = Block { chart, panels, columns: grid.columns, left, top: self.y };
                bottom = bottom.max(block::draw(&mut self.scene, &block));
                left += grid.block_width + PANEL_GAP;
            }
            self.y = bottom;
        }
    }
}

/// How panels are set in lines. A block is one column of labels with the panels that read by it.
struct Grid {
    columns: Columns,
    panels_per_block: usize,
    blocks_per_line: usize,
    block_width: f64,
}

impl Grid {
    fn of(chart: &Chart, width: f64) -> Self {
        if chart.panels.len() > 1 && same_labels(&chart.panels) && width >= ROOM_FOR_SHARING {
            Self::shared(chart, width)
        } else {
            Self::separate(chart, width)
        }
    }

    /// Panels side by side, with one column of labels at the left of each line.
    fn shared(chart: &Chart, width: f64) -> Self {
        let label = label_column(chart, width, 0.28);
        let values = block::value_width(chart);
        let room = width - label - GUTTER;
        let fitting = fitting(room, PLOT_MIN + values).clamp(1, 3);
        let panels_per_block = even_lines(chart.panels.len(), fitting);
        let cell = divided(room, panels_per_block);
        let columns = Columns { labels: Labels::Beside(label), cell, values: values.min(0.5 * cell) };
        Self { columns, panels_per_block, blocks_per_line: 1, block_width: width }
    }

    /// Every panel with its own labels, beside the marks if there is room.
    fn separate(chart: &Chart, width: f64) -> Self {
        let fitting = fitting(width, ROOM_FOR_LABELS).clamp(1, 2);
        let blocks_per_line = even_lines(chart.panels.len().max(1), fitting);
        let block_width = divided(width, blocks_per_line);
        let labels = if block_width >= ROOM_FOR_LABELS || widest_label(chart, text::width) <= 0.36 * block_width {
            Labels::Beside(label_column(chart, block_width, 0.36))
        } else {
            Labels::Above
        };
        let cell = match labels {
            Labels::Beside(label) => block_width - label - GUTTER,
            Labels::Above => block_width,
        };
        let values = block::value_width(chart).min(0.5 * cell);
        Self { columns: Columns { labels, cell, values }, panels_per_block: 1, blocks_per_line, block_width }
    }
}

/// The width of the column of labels: at most this share of `width`, except that words are not cut if they fit into a
/// slightly wider column.
fn label_column(chart: &Chart, width: f64, share: f64) -> f64 {
    let longest_word = widest_label(chart, text::longest_piece).min((share + 0.1) * width);
    let limit = longest_word.max(share * width);
    let in_lines = |label: &str, face, size| {
        let lines = text::wrap_balanced(label, face, size, limit);
        lines.iter().map(|line| text::width(line, face, size)).fold(0.0, f64::max)
    };
    widest_label(chart, in_lines).ceil()
}

/// How many parts of at least `part` fit side by side.
fn fitting(width: f64, part: f64) -> usize {
    ((width + PANEL_GAP) / (part + PANEL_GAP)) as usize
}

/// The width of each part if `count` parts stand side by side.
fn divided(width: f64, count: usize) -> f64 {
    (width - (count as f64 - 1.0) * PANEL_GAP) / count as f64
}

/// How many stand in a line if `count` are spread over as few lines as `most` a line allows, evenly.
fn even_lines(count: usize, most: usize) -> usize {
    count.div_ceil(count.div_ceil(most))
}

fn same_labels(panels: &[Panel]) -> bool {
    let labels = |panel: &Panel| panel.rows.iter().map(|row| row.label.clone()).collect::<Vec<_>>();
    panels.windows(2).all(|pair| labels(&pair[0]) == labels(&pair[1]))
}

/// Measured in the face of emphasis, the wider one, so that emphasis never changes the layout.
fn widest_label(chart: &Chart, measure: impl Fn(&str, Face, f64) -> f64) -> f64 {
    let rows = chart.panels.iter().flat_map(|panel| &panel.rows);
    rows.map(|row| measure(&row.label, LABEL_EMPHASIS.face, LABEL_EMPHASIS.size)).fold(0.0, f64::max)
}
