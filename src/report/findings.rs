//! The headline figures in sentences, and published beside reproduced shares.

use super::{Block, Column, Finding, Grid, Level, Section, Source, phrases::fill};
use crate::{
    chart::compose::finding,
    disclosure::Figure,
    estimate::Estimate,
    study::{Kind, Question},
    words::{self, Term, Unit},
};

/// A sentence for each headline figure, with its base.
pub(super) fn headline(source: &Source<'_>) -> Section {
    let mut blocks = Vec::new();
    for (index, question) in source.survey.study.questions.iter().enumerate() {
        let released = &source.release.questions[index];
        let total = &released.domains[0];
        let figures: Vec<(Option<usize>, &Estimate)> = match question.kind {
            Kind::Number | Kind::Ratio => total.mean.iter().filter_map(|mean| Some((None, mean.shown()?))).collect(),
            _ => (released.headline(question).into_iter())
                .filter_map(|option| Some((Some(option), total.shares[option].shown()?)))
                .collect(),
        };
        if figures.is_empty() {
            let sentence = format!("{}: {}", question.short.text(source.language), source.phrases.nothing_shown);
            blocks.push(Block::Finding(Finding { sentence, base: source.base(question, index) }));
        }
        for (option, estimate) in figures {
            let sentence = finding(question, option, estimate, source.language);
            let unit = if option.is_some() { Unit::Share } else { Unit::Mean };
            blocks.push(Block::Finding(Finding { sentence, base: source.footing(question, estimate, unit) }));
        }
    }
    Section::new("headline", Level::Chapter, source.phrases.headline, blocks)
}

/// Published shares beside those of the responses; `None` where nothing was published.
pub(super) fn published(source: &Source<'_>) -> Option<Section> {
    let phrases = source.phrases;
    let mut comparison = Comparison { inside: 0, rows: Vec::new() };
    for (index, question) in source.survey.study.questions.iter().enumerate() {
        for (option, details) in question.options.iter().enumerate() {
            if let Some(published) = details.published {
                comparison.add(source, index, option, published);
            }
        }
    }
    let Comparison { inside, rows } = comparison;
    if rows.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Paragraph(phrases.published_intro.to_owned())];
    if source.survey.study.data.synthetic {
        blocks.push(Block::Paragraph(phrases.published_synthetic.to_owned()));
    }
    let found = phrases.published_found.text(rows.len() as u64, source.language);
    let caption = fill(&found, &[("inside", &words::count(inside, source.language))]);
    let columns = vec![
        Column::text(words::term(Term::Answer, source.language)),
        Column::numbers(phrases.published_share),
        Column::numbers(phrases.reproduced_share),
        Column::numbers(phrases.limits),
        Column::text(phrases.inside),
        Column::text(words::term(Term::Base, source.language)),
    ];
    blocks.push(Block::Grid(Grid { caption, columns, rows }));
    Some(Section::new("published", Level::Chapter, phrases.published, blocks))
}

/// The rows of the comparison, and how many published shares lie inside their intervals.
struct Comparison {
    inside: u64,
    rows: Vec<Vec<String>>,
}

impl Comparison {
    fn add(&mut self, source: &Source<'_>, index: usize, option: usize, published: f64) {
        let language = source.language;
        let question = &source.survey.study.questions[index];
        let figure = &source.release.questions[index].domains[0].shares[option];
        let limits = figure.shown().and_then(|estimate| estimate.limits);
        let inside = limits.map(|limits| (limits.low..=limits.high).contains(&(published / 100.0)));
        self.inside += u64::from(inside == Some(true));
        let digits = usize::from(published.fract().abs() > 1e-9);
        let name = format!("{} – {}", question.short.text(language), question.options[option].label.text(language));
        self.rows.push(vec![
            name,
            words::percent(published / 100.0, digits, language),
            words::figure(figure, Unit::Share, language),
            limits_or_symbol(source, figure, Unit::Share),
            match inside {
                Some(true) => source.phrases.yes.to_owned(),
                Some(false) => source.phrases.no.to_owned(),
                None => words::figure(&without_value(figure), Unit::Share, language),
            },
            source.base_with_size(question, index),
        ]);
    }
}

/// The limits of a figure, or the symbol for why there are none.
pub(super) fn limits_or_symbol(source: &Source<'_>, figure: &Figure, unit: Unit) -> String {
    let limits = figure.shown().map(|estimate| words::limits(estimate, unit, source.language));
    limits
        .filter(|limits| !limits.is_empty())
        .unwrap_or_else(|| words::figure(&without_value(figure), unit, source.language))
}

impl Source<'_> {
    /// The base of a question in a sentence.
    fn base(&self, question: &Question, index: usize) -> String {
        format!("{}: {}.", words::term(Term::Base, self.language), self.base_with_size(question, index))
    }

    /// Who was asked, and how many.
    pub(super) fn base_with_size(&self, question: &Question, index: usize) -> String {
        let bases = self.release.questions[index].domains[0].bases;
        let n = words::base_count(bases.as_ref(), &self.survey.study, self.language);
        format!("{}, n\u{a0}=\u{a0}{n}", words::base_label(question.base.label.as_ref(), self.language))
    }

    /// The base of a figure, its size and its interval.
    fn footing(&self, question: &Question, estimate: &Estimate, unit: Unit) -> String {
        let limits = words::limits(estimate, unit, self.language);
        let limits = match (limits.is_empty(), unit) {
            (true, _) => self.phrases.no_interval.to_owned(),
            // The sign of `0 %` is that of the language.
            (false, Unit::Share) => format!("{limits}{}", &words::percent(0.0, 0, self.language)[1..]),
            (false, _) => limits,
        };
        let interval = words::confidence_interval(self.survey.study.design.confidence, self.language);
        let values = [
            ("base", words::term(Term::Base, self.language)),
            ("label", words::base_label(question.base.label.as_ref(), self.language)),
            ("n", &words::base_count(Some(&estimate.bases), &self.survey.study, self.language)),
            ("interval", &interval),
            ("limits", &limits),
        ];
        fill(self.phrases.finding_base, &values)
    }
}

/// A figure that is there but has no interval is printed like one that is not there.
fn without_value(figure: &Figure) -> Figure {
    match figure {
        Figure::Shown(_) => Figure::Empty,
        other => *other,
    }
}
