//! The report as one HTML page that needs nothing else: charts, styles and fonts are inside, there is no script.

use base64::{Engine, prelude::BASE64_STANDARD};
use minijinja::{Environment, Value, context, syntax::SyntaxConfig};

use super::{Block, Grid, Holds, Level, Report, Section, phrases::Phrases};
use crate::{
    chart::{
        Chart,
        font::FAMILY,
        svg::{self, Width},
    },
    study::Language,
    table::to_html,
};

/// The page.
///
/// # Panics
///
/// Never: the template is part of the program and its tests.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the usual ones"));
    environment.add_template("report.html", TEMPLATE).expect("the shipped template is valid");
    let template = environment.get_template("report.html").expect("it was just added");
    let phrases = Phrases::of(report.language);
    let sections: Vec<Value> = report.sections.iter().map(section).collect();
    let page = context! {
        language => match report.language { Language::De => "de", Language::En => "en" },
        title => &report.title,
        warning => &report.warning,
        skip => phrases.skip,
        contents => phrases.contents,
        footer => &report.footer,
        style => Value::from_safe_string(format!("{}{STYLE}", font_faces())),
        sections => sections,
    };
    template.render(page).expect("every value of the shipped template is given")
}

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const FONTS: [(u16, &[u8]); 2] = [
    (400, include_bytes!("../assets/fonts/source-sans-3-latin-400-normal.woff2")),
    (600, include_bytes!("../assets/fonts/source-sans-3-latin-600-normal.woff2")),
];

fn font_faces() -> String {
    let face = |(weight, bytes): &(u16, &[u8])| {
        let data = BASE64_STANDARD.encode(bytes);
        format!(
            "@font-face{{font-family:'{FAMILY}';font-style:normal;font-weight:{weight};\
             src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
        )
    };
    FONTS.iter().map(face).collect()
}

fn section(section: &Section) -> Value {
    let level = match section.level {
        Level::Chapter => 2,
        Level::Part => 3,
        Level::Detail => 4,
    };
    let blocks: Vec<Value> = section.blocks.iter().map(block).collect();
    context! { id => &section.id, level => level, heading => &section.heading, blocks => blocks }
}

fn block(block: &Block) -> Value {
    match block {
        Block::Paragraph(text) => context! { kind => "paragraph", text => text },
        Block::List(items) => context! { kind => "list", items => items },
        Block::Facts(facts) => context! { kind => "facts", facts => facts },
        Block::Finding(finding) => {
            context! { kind => "finding", sentence => &finding.sentence, base => &finding.base }
        }
        Block::Chart(chart) => chart_block(chart),
        Block::Table(table) => {
            context! { kind => "table", name => &table.title, table => Value::from_safe_string(to_html(table)) }
        }
        Block::Grid(grid) => grid_block(grid),
    }
}

/// Twice, for wide and for narrow screens: letters of a chart that is merely shrunk cannot be read on a phone.
fn chart_block(chart: &Chart) -> Value {
    let narrow = Chart { id: format!("{}-phone", chart.id), ..chart.clone() };
    context! {
        kind => "chart",
        wide => Value::from_safe_string(svg::render(chart, Width::PAGE)),
        narrow => Value::from_safe_string(svg::render(&narrow, Width::pixels(336))),
    }
}

fn grid_block(grid: &Grid) -> Value {
    let columns = grid.columns.iter().map(|column| {
        let class = match column.holds {
            Holds::Text => "text",
            Holds::Numbers => "numbers",
        };
        context! { heading => &column.heading, class => class }
    });
    let columns: Vec<Value> = columns.collect();
    context! { kind => "grid", name => &grid.caption, columns => columns, rows => &grid.rows }
}
