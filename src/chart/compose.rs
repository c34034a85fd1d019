//! Builds charts out of what may be published: [`ranked`] for one question, [`by_segment`] for its headline by groups.
//!
//! Order of the bars: scales, questions of one or two answers and answers that have an order of their own (numbers,
//! ranges, known scales) keep the order of the study. All others are sorted by size, with "other", "none" and "don't
//! know" last. Withheld answers follow the shown ones in the order of the study, because their rank would tell how
//! frequent they are.
//!
//! [`weighting()`] compares sample and population before and after weighting.
//!
//! A chart that would say nothing is [`Unsaid`] instead.

mod axis;
mod legend;
mod phrases;
mod rounding;
mod unsaid;
mod weighting;

#[cfg(test)]
mod tests;

use self::phrases::Shown;
pub use self::{rounding::strays_from_hundred, unsaid::Unsaid, weighting::weighting};
use super::{Chart, Mark, Panel, Point, Reference, Row};
use crate::{
    disclosure::{Figure, Release, ReleasedDomain, ReleasedQuestion, Reliability},
    estimate::Estimate,
    study::{Kind, Language, Question, Study, order},
    tally::{Domain, Plan},
    words::{self, Term, Unit},
};

/// All answers of a question among everybody in its base: bars, ranked; the mean as one dot for a number question.
pub fn ranked(
    study: &Study,
    plan: &Plan,
    release: &Release,
    question: usize,
    language: Language,
) -> Result<Chart, Unsaid> {
    let composer = Composer::new(study, plan, release, question, language);
    let panel = match composer.question.kind {
        Kind::Number | Kind::Ratio => Panel { heading: None, rows: vec![composer.mean_row(0)], reference: None },
        _ => Panel { heading: None, rows: composer.ranked_rows(), reference: None },
    };
    if shown_rows(&panel) == 0 {
        return Err(Unsaid::NoFigure);
    }
    let mark = if composer.unit() == Unit::Mean { Mark::Dot } else { Mark::Bar };
    let domains = vec![0; panel.rows.len()];
    Ok(composer.chart(composer.question.id.clone(), composer.title(), mark, vec![panel], &domains))
}

/// The headline answers of a question by the levels of a segment: a panel of dots for each answer, with the total as
/// a line; the mean for a number question.
pub fn by_segment(
    study: &Study,
    plan: &Plan,
    release: &Release,
    question: usize,
    segment: usize,
    language: Language,
) -> Result<Chart, Unsaid> {
    let composer = Composer::new(study, plan, release, question, language);
    if composer.question.columns == [study.segments[segment].column.as_str()] {
        return Err(Unsaid::SameColumn);
    }
    let levels: Vec<usize> = plan.levels(segment).collect();
    let options = match composer.question.kind {
        Kind::Number | Kind::Ratio => vec![None],
        _ => composer.headline().into_iter().map(Some).collect(),
    };
    let panels: Vec<Panel> = options.iter().map(|option| composer.segment_panel(*option, &levels)).collect();
    match panels.iter().map(shown_rows).max() {
        None | Some(0) => return Err(Unsaid::NoFigure),
        Some(1) => return Err(Unsaid::OneGroup),
        Some(_) => {}
    }
    let id = format!("{}-by-{}", composer.question.id, study.segments[segment].id);
    let title = composer.title_of_levels(&options, &levels).unwrap_or_else(|| {
        let segment = study.segments[segment].label.text(language);
        format!("{}{segment}", phrases::lead(composer.question.short.text(language)))
    });
    Ok(composer.chart(id, title, Mark::Dot, panels, &levels))
}

/// What a figure of the total says, as a headline: `Anlässe: 54,2 % nennen „Kundenservice“`. `option` is `None` for the mean
/// of a number question.
#[must_use]
pub fn finding(question: &Question, option: Option<usize>, estimate: &Estimate, language: Language) -> String {
    let short = question.short.text(language);
    match option {
        Some(option) => {
            let share = words::percent(estimate.value, 1, language);
            phrases::share(question, short, question.options[option].label.text(language), &share, language)
        }
        None if question.kind == Kind::Ratio => format!("{short}: {}", words::decimal(estimate.value, 2, language)),
        None => phrases::mean(short, &words::decimal(estimate.value, 2, language), language),
    }
}

/// One question on its way into charts.
struct Composer<'a> {
    study: &'a Study,
    plan: &'a Plan,
    question: &'a Question,
    released: &'a ReleasedQuestion,
    language: Language,
}

impl<'a> Composer<'a> {
    fn new(study: &'a Study, plan: &'a Plan, release: &'a Release, question: usize, language: Language) -> Self {
        let released = &release.questions[question];
        Self { study, plan, question: &study.questions[question], released, language }
    }

    /// `domains` are those of the rows of each panel.
    fn chart(&self, id: String, title: String, mark: Mark, panels: Vec<Panel>, domains: &[usize]) -> Chart {
        let points = || panels.iter().flat_map(|panel| &panel.rows).filter_map(|row| row.point);
        let low = points().map(|point| point.low.unwrap_or(point.value)).fold(f64::INFINITY, f64::min);
        let high = points().map(|point| point.high.unwrap_or(point.value)).fold(f64::NEG_INFINITY, f64::max);
        let axis = match self.unit() {
            Unit::Share => axis::of_shares(high, self.language),
            _ => axis::of_means(low, high, self.language),
        };
        let total = self.total();
        let mut notes = self.legend(mark, &panels, domains);
        if mark == Mark::Bar && strays_from_hundred(self.question.kind, &total.shares) {
            notes.push(words::term(Term::Rounding, self.language).to_owned());
        }
        Chart {
            id,
            title,
            subtitle: phrases::subtitle(self.question, self.language),
            description: self.description(&panels),
            source: phrases::source(self.study, total.bases.as_ref(), notes, self.language),
            warning: self.study.data.synthetic.then(|| words::term(Term::Synthetic, self.language).to_owned()),
            axis,
            mark,
            panels,
        }
    }

    /// The largest headline figure that may be shown.
    fn title(&self) -> String {
        let total = self.total();
        let largest = match self.question.kind {
            Kind::Number | Kind::Ratio => total.mean.as_ref().and_then(|mean| Some((None, mean.shown()?))),
            _ => (self.headline().into_iter())
                .filter_map(|option| Some((Some(option), total.shares[option].shown()?)))
                .max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value)),
        };
        largest.map_or_else(
            || self.question.short.text(self.language).to_owned(),
            |(option, estimate)| finding(self.question, option, estimate, self.language),
        )
    }

    /// From which level to which level the first headline figure reaches. Levels of low base do not make headlines.
    fn title_of_levels(&self, options: &[Option<usize>], levels: &[usize]) -> Option<String> {
        let range = |option: Option<usize>| {
            let shown = |domain: &usize| Some((*domain, self.figure(*domain, option)?.shown()?.value));
            let all: Vec<(usize, f64)> = levels.iter().filter_map(shown).collect();
            let sure = || all.iter().filter(|(domain, _)| self.reliability(*domain) == Reliability::Ordinary);
            let low = sure().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
            let high = sure().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
            let reaches_further = all.iter().any(|(_, value)| *value < low.1 || *value > high.1);
            (low.0 != high.0).then_some((option, *low, *high, reaches_further))
        };
        let size = |option: &Option<usize>| {
            let total = self.figure(0, *option).and_then(Figure::shown);
            total.map_or(-1.0, |estimate| estimate.value)
        };
        let mut options = options.to_vec();
        options.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let (option, low, high, reaches_further) = options.into_iter().find_map(range)?;
        let end = |(domain, value): (usize, f64)| format!("{} ({})", self.number(value), self.level(domain));
        let name = option.map_or(self.question.short.text(self.language), |option| self.option(option));
        let title = phrases::range(self.question, name, &end(low), &end(high), self.language);
        let limit = self.study.publication.low_base;
        Some(if reaches_further {
            format!("{title} {}", phrases::without_low_bases(limit, self.language))
        } else {
            title
        })
    }

    fn ranked_rows(&self) -> Vec<Row> {
        let total = self.total();
        let headline = self.headline();
        let row = |option: usize| {
            let label = self.option(option).to_owned();
            Row { emphasis: headline.contains(&option), ..self.row(label, &total.shares[option], 0) }
        };
        order_of_bars(self.question, &total.shares, self.language).into_iter().map(row).collect()
    }

    fn segment_panel(&self, option: Option<usize>, levels: &[usize]) -> Panel {
        let row = |domain: &usize| {
            let label = match &self.released.domains[*domain].bases {
                Some(bases) => {
                    let n = words::count(bases.unweighted, self.language);
                    format!("{} (n\u{a0}=\u{a0}{n}{})", self.level(*domain), self.reliability(*domain).mark())
                }
                None => self.level(*domain).to_owned(),
            };
            self.row(label, self.figure(*domain, option).unwrap_or(&Figure::Empty), *domain)
        };
        let total = words::term(Term::Total, self.language);
        let reference = self.figure(0, option).and_then(Figure::shown).map(|estimate| Reference {
            value: estimate.value,
            label: format!("{total} {}", self.number(estimate.value)),
        });
        let heading = option.map(|option| self.option(option).to_owned());
        Panel { heading, rows: levels.iter().map(row).collect(), reference }
    }

    fn mean_row(&self, domain: usize) -> Row {
        let label = words::term(Term::Total, self.language).to_owned();
        self.row(label, self.figure(domain, None).unwrap_or(&Figure::Empty), domain)
    }

    fn row(&self, label: String, figure: &Figure, domain: usize) -> Row {
        let reliability = self.reliability(domain);
        let point = figure.shown().map(|estimate| Point {
            value: estimate.value,
            low: estimate.limits.map(|limits| limits.low),
            high: estimate.limits.map(|limits| limits.high),
        });
        let text = match figure {
            Figure::Shown(estimate) => format!("{}{}", self.number(estimate.value), reliability.mark()),
            Figure::Withheld(_) => phrases::withheld(self.language).to_owned(),
            Figure::Empty => words::term(Term::Nobody, self.language).to_owned(),
        };
        let faint = point.is_some() && reliability != Reliability::Ordinary;
        Row { label, faint, point, text, emphasis: false, compared: None }
    }

    /// Every figure in words, with the base.
    fn description(&self, panels: &[Panel]) -> String {
        let limits = |point: &Point| {
            let (low, high) = point.low.zip(point.high)?;
            Some(format!("{}–{}", self.bare(low), self.bare(high)))
        };
        let rows = |panel: &Panel| {
            let row = |row: &Row| {
                let limits = row.point.as_ref().and_then(limits);
                Shown { label: &row.label, value: &row.text, limits }.text()
            };
            let rows: Vec<String> = panel.rows.iter().map(row).collect();
            let total = panel.reference.iter().map(|reference| reference.label.clone());
            let figures: Vec<String> = total.chain(rows).collect();
            let heading = panel.heading.as_ref().map(|heading| format!("{heading} – ")).unwrap_or_default();
            format!("{heading}{}.", figures.join("; "))
        };
        let panels: Vec<String> = panels.iter().map(rows).collect();
        let base = phrases::base(self.question, self.total().bases.as_ref(), self.study, self.language);
        format!("{base}. {}", panels.join(" "))
    }

    /// The options that the headline prints; the first one if none may be shown.
    fn headline(&self) -> Vec<usize> {
        let headline = self.released.headline(self.question);
        if headline.is_empty() && !self.question.options.is_empty() { vec![0] } else { headline }
    }

    fn figure(&self, domain: usize, option: Option<usize>) -> Option<&Figure> {
        let released = &self.released.domains[domain];
        match option {
            Some(option) => released.shares.get(option),
            None => released.mean.as_ref(),
        }
    }

    fn number(&self, value: f64) -> String {
        words::amount(value, self.unit(), self.language)
    }

    fn bare(&self, value: f64) -> String {
        match self.unit() {
            Unit::Share => words::points(value, 1, self.language),
            unit => words::amount(value, unit, self.language),
        }
    }

    fn unit(&self) -> Unit {
        if self.question.kind.is_numeric() { Unit::Mean } else { Unit::Share }
    }

    fn total(&self) -> &ReleasedDomain {
        &self.released.domains[0]
    }

    fn option(&self, option: usize) -> &str {
        self.question.options[option].label.text(self.language)
    }

    fn level(&self, domain: usize) -> &str {
        match self.plan.domains[domain] {
            Domain::Total => words::term(Term::Total, self.language),
            Domain::Level(segment, level) => self.study.segments[segment].levels()[level].label.text(self.language),
        }
    }
}

/// How many rows have a figure.
fn shown_rows(panel: &Panel) -> usize {
    panel.rows.iter().filter(|row| row.point.is_some()).count()
}

/// The options of a question in the order in which bars are printed, as the head of this file says.
fn order_of_bars(question: &Question, shares: &[Figure], language: Language) -> Vec<usize> {
    let mut options: Vec<usize> = (0..question.options.len()).collect();
    let label = |option: usize| question.options[option].label.text(language);
    let labels: Vec<&str> = options.iter().map(|option| label(*option)).collect();
    if question.kind == Kind::Scale || options.len() <= 2 || order::is_ordered(&labels) {
        return options;
    }
    let last = |option: usize| order::is_last(label(option)) || order::is_last(&question.options[option].code);
    let size = |option: usize| shares[option].shown().map_or(f64::NEG_INFINITY, |estimate| estimate.value);
    // A stable sort: whatever compares equal stays in the order of the study.
    options.sort_by(|a, b| last(*a).cmp(&last(*b)).then_with(|| size(*b).total_cmp(&size(*a))));
    options
}
