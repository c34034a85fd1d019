//! Each question: its wording and base, all answers, and charts and tables by every segment.

use super::{Block, Column, Grid, Level, Section, Source, findings::limits_or_symbol};
use crate::{
    chart::{
        Chart,
        compose::{Unsaid, by_segment, ranked, strays_from_hundred},
    },
    disclosure::Figure,
    estimate::Statistic,
    study::{Further, Kind},
    table::cross,
    words::{self, Term, Unit},
};

/// A chapter, a part for each question and in it one for each segment.
pub(super) fn sections(source: &Source<'_>) -> Vec<Section> {
    let study = &source.survey.study;
    let mut sections = vec![Section::new("questions", Level::Chapter, source.phrases.questions, Vec::new())];
    for question in 0..study.questions.len() {
        sections.push(of_question(source, question));
        sections.extend((0..study.segments.len()).map(|segment| of_segment(source, question, segment)));
    }
    sections
}

fn of_question(source: &Source<'_>, index: usize) -> Section {
    let (language, phrases, survey) = (source.language, source.phrases, source.survey);
    let question = &survey.study.questions[index];
    let wording = if question.measured { phrases.measured } else { phrases.wording };
    let mut facts = vec![
        (wording, question.text.text(language).to_owned()),
        (words::term(Term::Base, language), source.base_with_size(question, index)),
    ];
    if !question.measured {
        facts.push((phrases.form, phrases.kind(question.kind).to_owned()));
    }
    let chart = ranked(&survey.study, &survey.plan, source.release, index, language);
    let id = format!("q{}", index + 1);
    let mut blocks = vec![
        Block::Facts(facts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()),
        chart_or_reason(source, chart, &id),
        Block::Grid(all_answers(source, index)),
    ];
    if strays_from_hundred(question.kind, &source.release.questions[index].domains[0].shares) {
        blocks.push(Block::Note(words::term(Term::Rounding, language).to_owned()));
    }
    Section::new(id, Level::Part, question.short.text(language), blocks)
}

fn of_segment(source: &Source<'_>, question: usize, segment: usize) -> Section {
    let (language, survey) = (source.language, source.survey);
    let id = format!("q{}-s{}", question + 1, segment + 1);
    let chart = by_segment(&survey.study, &survey.plan, source.release, question, segment, language);
    let mut table = cross(&survey.study, &survey.plan, source.release, question, &[segment], language);
    let name = survey.study.segments[segment].label.text(language);
    // The wording stands above: here a table is found by what it splits.
    table.title = format!("{} – {name}", survey.study.questions[question].short.text(language));
    let domains = &source.release.questions[question].domains;
    let strays = |domain: usize| strays_from_hundred(survey.study.questions[question].kind, &domains[domain].shares);
    if strays(0) || survey.plan.levels(segment).any(strays) {
        // Right after what the figures are.
        table.notes.insert(1, words::term(Term::Rounding, language).to_owned());
    }
    let chart = chart_or_reason(source, chart, &id);
    Section::new(id, Level::Detail, name, vec![chart, Block::Table(Box::new(table))])
}

/// The chart with the id of its section, or why there is none.
fn chart_or_reason(source: &Source<'_>, chart: Result<Chart, Unsaid>, section: &str) -> Block {
    match chart {
        Ok(chart) => Block::Chart(Box::new(Chart { id: format!("{section}-chart"), ..chart })),
        Err(unsaid) => Block::Note(unsaid.text(source.language).to_owned()),
    }
}

/// Every answer with its interval: what the chart shows, in figures.
fn all_answers(source: &Source<'_>, index: usize) -> Grid {
    let (language, phrases) = (source.language, source.phrases);
    let question = &source.survey.study.questions[index];
    let total = &source.release.questions[index].domains[0];
    let row = |label: &str, figure: &Figure, unit: Unit| {
        vec![label.to_owned(), words::figure(figure, unit, language), limits_or_symbol(source, figure, unit)]
    };
    let options = question.options.iter().zip(&total.shares);
    let mut rows: Vec<Vec<String>> =
        options.map(|(option, figure)| row(option.label.text(language), figure, Unit::Share)).collect();
    let of_all = if question.kind == Kind::Ratio { Statistic::Ratio } else { Statistic::Mean };
    let (of_all, _) = words::statistic(of_all, language);
    rows.extend(total.mean.iter().map(|mean| row(&of_all, mean, Unit::Mean)));
    let domains = &source.release.questions[index].domains;
    for (position, (statistic, figure)) in total.further.iter().enumerate() {
        let (name, _) = words::statistic(*statistic, language);
        let unit = words::unit(*statistic, domains.iter().map(|all| &all.further[position].1), language);
        match statistic {
            Statistic::Net(net) => rows.push(row(question.nets[*net].label.text(language), figure, unit)),
            // Numbers in the population stand beside their shares.
            Statistic::Count(option) => {
                rows[*option].extend([words::figure(figure, unit, language), limits_or_symbol(source, figure, unit)]);
            }
            _ => rows.push(row(&name, figure, unit)),
        }
    }
    let interval = words::confidence_interval(source.survey.study.design.confidence, language);
    let (all, answer) = if question.measured {
        (phrases.all_results, question.short.text(language))
    } else {
        (phrases.all_answers, words::term(Term::Answer, language))
    };
    let is_share =
        |(statistic, _): &(Statistic, Figure)| statistic.is_share() || matches!(statistic, Statistic::Count(_));
    let value = match question.kind {
        Kind::Ratio => of_all.as_str(),
        Kind::Number if total.further.is_empty() => words::term(Term::Mean, language),
        _ if total.mean.is_none() && total.further.iter().all(is_share) => words::term(Term::Share, language),
        _ => phrases.value,
    };
    let mut columns = vec![Column::text(answer), Column::numbers(value), Column::numbers(&interval)];
    if question.further.contains(&Further::Count) {
        let (number, _) = words::statistic(Statistic::Count(0), language);
        columns.extend([Column::numbers(&number), Column::numbers(&interval)]);
        for row in &mut rows {
            row.resize(columns.len(), String::new());
        }
    }
    let caption =
        format!("{} ({}: {})", all, words::term(Term::Base, language), source.base_with_size(question, index));
    Grid { caption, columns, rows }
}
