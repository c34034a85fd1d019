//! The report as Markdown. Charts become sentences: their figures stand in them and in the tables beside.

use super::{Block, Level, Report, Section};
use crate::table::{escape_markdown as escape, to_markdown};

/// The whole report as one text.
#[must_use]
pub fn render(report: &Report) -> String {
    let warning = report.warning.iter().map(|warning| format!("> **{}**\n\n", escape(warning)));
    let sections = report.sections.iter().map(render_section);
    let body: String = warning.chain(sections).collect();
    format!("# {}\n\n{body}---\n\n{}\n", escape(&report.title), escape(&report.footer))
}

fn render_section(section: &Section) -> String {
    let marks = match section.level {
        Level::Chapter => "##",
        Level::Part => "###",
        Level::Detail => "####",
    };
    let mut text = format!("{marks} {}\n\n", escape(&section.heading));
    for block in &section.blocks {
        text.push_str(&render_block(block));
        text.push_str("\n\n");
    }
    text
}

fn render_block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) | Block::Note(text) => escape(text),
        Block::List(items) => items.iter().map(|item| format!("- {}", escape(item))).collect::<Vec<_>>().join("\n"),
        Block::Facts(facts) => {
            let fact = |(name, text): &(String, String)| format!("- **{}:** {}", escape(name), escape(text));
            facts.iter().map(fact).collect::<Vec<_>>().join("\n")
        }
        Block::Finding(finding) => format!("**{}**\\\n{}", escape(&finding.sentence), escape(&finding.base)),
        Block::Chart(chart) => format!("**{}**\\\n{}", escape(&chart.title), escape(&chart.description)),
        Block::Table(table) => to_markdown(table).trim_end().to_owned(),
        Block::Grid(grid) => grid.to_markdown(),
    }
}
