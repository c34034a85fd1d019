//! The report as one HTML page that needs nothing else: charts, styles and fonts are inside, there is no script.

use minijinja::{Environment, Value, context, syntax::SyntaxConfig};

use super::{Block, Finding, Level, Report, Section, phrases::Phrases};
use crate::{
    chart::{
        Chart,
        font::{self, Face},
        svg::{self, Width},
    },
    study::Language,
    table::{Column, Grid, Holds, Table, number_and_mark, to_html},
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
    let sections: Vec<Value> = report.sections.iter().map(|part| section(part, phrases)).collect();
    let page = context! {
        language => match report.language { Language::De => "de", Language::En => "en" },
        title => unbroken(&report.title),
        warning => &report.warning,
        skip => phrases.skip,
        contents => phrases.contents,
        footer => &report.footer,
        style => Value::from_safe_string(format!("{}{STYLE}", font::rules(&Face::ALL))),
        sections => sections,
    };
    template.render(page).expect("every value of the shipped template is given")
}

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");

/// Tables of this many columns are wider than a phone.
const WIDE: usize = 4;

fn section(section: &Section, phrases: &Phrases) -> Value {
    let level = match section.level {
        Level::Chapter => 2,
        Level::Part => 3,
        Level::Detail => 4,
    };
    let blocks: Vec<Value> = section.blocks.iter().map(|part| block(part, phrases)).collect();
    context! { id => &section.id, level => level, heading => unbroken(&section.heading), blocks => blocks }
}

fn block(block: &Block, phrases: &Phrases) -> Value {
    match block {
        Block::Note(text) => context! { kind => "note", text => text },
        Block::Paragraph(text) => context! { kind => "paragraph", text => text },
        Block::List(items) => context! { kind => "list", items => items },
        Block::Facts(facts) => context! { kind => "facts", facts => facts },
        Block::Finding(Finding { sentence, base }) => {
            context! { kind => "finding", sentence => unbroken(sentence), base => unbroken(base) }
        }
        Block::Chart(chart) => chart_block(chart),
        Block::Table(table) => table_block(table, phrases),
        Block::Grid(grid) => grid_block(grid, phrases),
    }
}

/// The style sheet prints the intervals, which the cells carry as titles, below the figures.
fn table_block(table: &Table, phrases: &Phrases) -> Value {
    let has_limits = |row: &crate::table::Row| {
        row.figures.iter().any(|figure| figure.shown().is_some_and(|estimate| estimate.limits.is_some()))
    };
    context! {
        kind => "table",
        name => &table.title,
        table => Value::from_safe_string(unbroken(&to_html(table))),
        note => table.rows.iter().any(has_limits).then_some(phrases.small_figures),
        hint => (table.columns().count() >= WIDE).then_some(phrases.scroll),
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

fn grid_block(grid: &Grid, phrases: &Phrases) -> Value {
    let headings = grid.columns.iter().map(|column| {
        let class = match column.holds {
            Holds::Text => "text",
            Holds::Numbers => "numbers",
        };
        context! { heading => &column.heading, class => class }
    });
    let headings: Vec<Value> = headings.collect();
    let cell = |(cell, column): (&String, &Column)| {
        let (text, mark) = match column.holds {
            Holds::Text => (cell.as_str(), ""),
            Holds::Numbers => number_and_mark(cell),
        };
        context! { text => unbroken(text), mark => mark }
    };
    let rows: Vec<Vec<Value>> = grid.rows.iter().map(|row| row.iter().zip(&grid.columns).map(cell).collect()).collect();
    let hint = (grid.columns.len() > WIDE).then_some(phrases.scroll);
    context! { kind => "grid", name => &grid.caption, columns => headings, rows => rows, hint => hint }
}

/// Keeps ranges such as 17,6–21,0 and units such as mg/dl in one line. Addresses are left as they are, to be copied.
fn unbroken(text: &str) -> String {
    const WORD_JOINER: char = '\u{2060}';
    if text.contains("://") {
        return text.to_owned();
    }
    let mut unbroken = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        unbroken.push(letter);
        let joins = letters.peek().is_some_and(|after| match letter {
            '–' => before.is_numeric() && after.is_numeric(),
            '/' => before.is_alphabetic() && after.is_alphabetic(),
            _ => false,
        });
        if joins {
            unbroken.push(WORD_JOINER);
        }
        before = letter;
    }
    unbroken
}
