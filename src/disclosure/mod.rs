//! The one gate that every output passes: what may be published.
//!
//! [`release`] turns [`Estimates`] into a [`Release`]; tables, charts and reports take nothing else. Rules, with
//! `m` the study's `minimum_count` (5 unless set) on unweighted counts:
//!
//! * a base of fewer than `m` respondents is withheld with everything that stands on it;
//! * a share is withheld where fewer than `m` but at least one gave the answer, or fewer than `m` but at least one
//!   did not: the complement is a cell too;
//! * where nobody or everybody gave the answer, it is withheld in bases under `very_low_base` (30 unless set):
//!   "all of a small group" says something about each of them; so is a mean where all said the same number. The mean of a
//!   number that has two values only, such as 0 and 1, is a share and treated like one, also where it has two in a group
//!   alone; so is a ratio of which one number is 0 or 1;
//! * what is withheld must not come back by subtraction within the table of a question by a segment. Somebody who
//!   reads the table knows that options add up to the base and levels to the total, and that those in no level are
//!   the rest. So further cells are withheld until, in each row and column, those withheld together are not a small
//!   cell themselves, and until no withheld small cell follows from the equations of the table (`audit` below). An
//!   option that is withheld in the total is withheld at every level. Where a share is withheld the mean goes too;
//! * what else a study asks for follows these: a count its share, a total and a deviation their mean, a net and a score
//!   their answers, a contrast its cells. A net of a multiple response is withheld where few lie between it and what lies
//!   within it; a contrast where few gave both of its answers, or one of them alone, because its error tells how many; a
//!   quantile in bases under `very_low_base` too, because it is the number that somebody gave, and where the quantiles of a
//!   base are too many for it;
//! * of what weights are fitted to, a margin with a level of fewer than `m` shows no share before weighting, and the range of
//!   the weights is withheld: with the targets it would tell that share. Counts are given in [round numbers](Counting);
//! * an output never says which cells were small and which were withheld for their sake.
//!
//! What this does not do: it looks at one table at a time, so it does not see what several studies, or overlapping
//! segments together, give away. It keeps counts from following exactly by sums, not from being narrowed down to a range:
//! * somebody who knows these rules may exclude some of the counts that would have led to other cells being withheld;
//! * where strata are the levels of a segment, or all of a level have the same weight, the total with its error is a further
//!   equation between the levels, which integers may solve in one way only;
//! * a `number` with few values is no scale: its mean and error are two equations of how many gave each.
//!
//! How many in a base gave no answer is no secret.

mod contrasts;
mod counts;
mod further;
mod nets;
mod weighting;

use std::ops::Range;

pub use self::{
    counts::{Count, Counting, asked, levels},
    weighting::{ReleasedLevel, ReleasedMargin, ReleasedStep, ReleasedWeighting},
};
use crate::{
    estimate::{Bases, DomainEstimates, Estimate, Estimates, QuestionEstimates, Statistic, Variety},
    study::{Kind, Publication, Question, Study},
    tally::Plan,
};

/// Figures that may be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// In the order of the study.
    pub questions: Vec<ReleasedQuestion>,
    /// The contrasts, in the order of the study.
    pub contrasts: Vec<Figure>,
    /// How many figures were withheld.
    pub withheld: usize,
    /// How many figures there are in all.
    pub figures: usize,
}

/// The figures of a question, one column for each domain of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedQuestion {
    /// In the order of [`Plan::domains`].
    pub domains: Vec<ReleasedDomain>,
}

/// The figures of a question among some respondents.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedDomain {
    /// The base, unless it is too small to be named.
    pub bases: Option<Bases>,
    /// The share of each option.
    pub shares: Vec<Figure>,
    /// The mean where the question has one.
    pub mean: Option<Figure>,
    /// What else the study asks for.
    pub further: Vec<(Statistic, Figure)>,
}

/// A figure, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// It may be published.
    Shown(Estimate),
    /// Nobody to compute it from.
    Empty,
    /// It is kept back.
    Withheld(Withheld),
}

/// Why a figure is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Its base is too small, or would give away one that is.
    Base,
    /// Too few gave this answer or too few did not, or it would give away such a figure.
    Cell,
}

/// How far a base can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reliability {
    /// No mark.
    Ordinary,
    /// `*`
    Low,
    /// `**`
    VeryLow,
}

impl ReleasedQuestion {
    /// The options of the headline: those that the study names, otherwise the most frequent that is shown.
    #[must_use]
    pub fn headline(&self, question: &Question) -> Vec<usize> {
        if !question.headline.is_empty() {
            return question.headline.clone();
        }
        let shares = self.domains[0].shares.iter().enumerate();
        let shown = shares.filter_map(|(option, figure)| Some((option, figure.shown()?.value)));
        shown.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(option, _)| option).into_iter().collect()
    }
}

impl Figure {
    /// A figure, and why it is kept back where it is.
    fn of(estimate: Option<Estimate>, why: Option<Withheld>) -> Self {
        match (why, estimate) {
            (Some(why), _) => Self::Withheld(why),
            (None, Some(estimate)) => Self::Shown(estimate),
            (None, None) => Self::Empty,
        }
    }

    /// The figure where it may be published.
    #[must_use]
    pub fn shown(&self) -> Option<&Estimate> {
        if let Self::Shown(estimate) = self { Some(estimate) } else { None }
    }

    /// Why it is kept back, where it is.
    #[must_use]
    pub fn withheld(&self) -> Option<Withheld> {
        if let Self::Withheld(why) = self { Some(*why) } else { None }
    }
}

impl Withheld {
    /// The name in the tidy estimates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Cell => "cell",
        }
    }
}

impl Reliability {
    /// The reliability of a base of `unweighted` respondents.
    #[must_use]
    pub fn of(unweighted: u64, study: &Study) -> Self {
        match unweighted {
            n if n < study.publication.very_low_base => Self::VeryLow,
            n if n < study.publication.low_base => Self::Low,
            _ => Self::Ordinary,
        }
    }

    /// What is printed beside the base.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Ordinary => "",
            Self::Low => "*",
            Self::VeryLow => "**",
        }
    }
}

/// Decides on every figure.
#[must_use]
pub fn release(study: &Study, plan: &Plan, estimates: &Estimates) -> Release {
    let mut release = Release { questions: Vec::new(), contrasts: Vec::new(), withheld: 0, figures: 0 };
    for (question, estimates) in study.questions.iter().zip(&estimates.questions) {
        let mut gate = Gate::new(study, question.kind, estimates);
        for segment in 0..study.segments.len() {
            gate.protect(plan.levels(segment), estimates.in_no_level[segment]);
        }
        let mut released = gate.finish(&estimates.domains);
        let further = further::further(study, plan, question, &estimates.domains, &released);
        for (domain, further) in released.domains.iter_mut().zip(further) {
            domain.further = further;
        }
        let figures = released.domains.iter().flat_map(|domain| {
            domain.shares.iter().chain(&domain.mean).chain(domain.further.iter().map(|(_, figure)| figure))
        });
        for figure in figures {
            release.figures += 1;
            release.withheld += usize::from(figure.withheld().is_some());
        }
        release.questions.push(released);
    }
    release.contrasts = contrasts::decide(study, plan, estimates, &release);
    release.figures += release.contrasts.len();
    release.withheld += release.contrasts.iter().filter(|figure| figure.withheld().is_some()).count();
    release
}

/// The decisions about one question.
struct Gate<'a> {
    rules: &'a Publication,
    /// Whether answers add up to the base.
    adds_up: bool,
    /// Whether there is a mean where nobody was asked.
    is_numeric: bool,
    /// Whether the mean is made of counts of answers.
    mean_is_of_counts: bool,
    /// Respondents in the base of each domain.
    bases: Vec<u64>,
    /// Respondents who gave each answer, by domain and option. A number with two values has one answer.
    counts: Vec<Vec<u64>>,
    base_hidden: Vec<bool>,
    hidden: Vec<Vec<bool>>,
    mean_hidden: Vec<bool>,
}

/// Somewhere a count is kept: a level, or those in no level.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Level(usize),
    NoLevel,
}

const TOTAL: usize = 0;

impl<'a> Gate<'a> {
    /// What is too small in itself, and the total, which stands beside every segment.
    fn new(study: &'a Study, kind: Kind, estimates: &QuestionEstimates) -> Self {
        let (rules, domains) = (&study.publication, &estimates.domains);
        let bases: Vec<u64> = domains.iter().map(|domain| domain.bases.unweighted).collect();
        let is_share = matches!(domains[TOTAL].variety, Variety::Two(_)) && kind == Kind::Number;
        let of_domain = |domain: &DomainEstimates| -> Vec<u64> {
            if is_share { vec![domain.others] } else { domain.shares.iter().map(|share| share.count).collect() }
        };
        let counts: Vec<Vec<u64>> = domains.iter().map(of_domain).collect();
        let tell = |(counts, n): (&Vec<u64>, &u64)| {
            counts.iter().map(|count| is_small(rules, *n) || tells_too_much(rules, *count, *n)).collect()
        };
        let mut gate = Self {
            rules,
            adds_up: matches!(kind, Kind::Single | Kind::Scale),
            is_numeric: kind.is_numeric(),
            mean_is_of_counts: is_share || kind == Kind::Scale,
            base_hidden: bases.iter().map(|n| is_small(rules, *n)).collect(),
            hidden: counts.iter().zip(&bases).map(tell).collect(),
            mean_hidden: (domains.iter().map(|domain| (domain.variety, domain.bases.unweighted)))
                .map(|(variety, n)| is_small(rules, n) || (!is_share && mean_tells(rules, variety, n)))
                .collect(),
            bases,
            counts,
        };
        while gate.protect_column(TOTAL) {}
        gate.hide_means();
        gate
    }

    /// Withholds further cells of the table with these levels until none can be computed from the others.
    fn protect(&mut self, levels: Range<usize>, in_no_level: Variety) {
        let mut columns: Vec<Column> = levels.filter(|level| self.bases[*level] > 0).map(Column::Level).collect();
        if self.base(&columns, Column::NoLevel) > 0 {
            columns.push(Column::NoLevel);
        }
        loop {
            let mut changed = self.protect_bases(&columns);
            for column in &columns {
                if let Column::Level(level) = column {
                    for option in 0..self.counts[TOTAL].len() {
                        let follows = self.base_hidden[*level] || self.hidden[TOTAL][option];
                        changed |= follows && !std::mem::replace(&mut self.hidden[*level][option], true);
                    }
                    changed |= self.protect_column(*level);
                }
            }
            for option in 0..self.counts[TOTAL].len() {
                changed |= self.protect_row(&columns, option);
            }
            self.hide_means();
            changed |= self.protect_means(&columns, in_no_level);
            if !changed && !self.audit(&columns) {
                return;
            }
        }
    }

    /// The bases of levels add up to that of the total.
    fn protect_bases(&mut self, columns: &[Column]) -> bool {
        let hidden: u64 = columns
            .iter()
            .filter(|column| self.is_base_hidden(**column))
            .map(|column| self.base(columns, *column))
            .sum();
        if !is_small(self.rules, hidden) {
            return false;
        }
        let Some(level) =
            self.smallest(columns, |gate, level| !gate.base_hidden[level], |gate, level| gate.bases[level])
        else {
            return false;
        };
        self.base_hidden[level] = true;
        self.mean_hidden[level] = true;
        true
    }

    /// The answers of a single choice add up to those who answered.
    fn protect_column(&mut self, domain: usize) -> bool {
        if !self.adds_up || self.base_hidden[domain] {
            return false;
        }
        let (counts, hidden) = (&self.counts[domain], &self.hidden[domain]);
        let answered: u64 = counts.iter().sum();
        let together: u64 =
            counts.iter().zip(hidden.iter()).filter(|(_, hidden)| **hidden).map(|(count, _)| count).sum();
        let number = hidden.iter().filter(|hidden| **hidden).count();
        let is_safe = number == 0 || (number > 1 && !tells_too_much(self.rules, together, answered.max(together)));
        // Everything withheld tells nothing but the base.
        if is_safe || number == hidden.len() {
            return false;
        }
        self.hide_in_column(domain)
    }

    /// An answer at all levels adds up to the total.
    fn protect_row(&mut self, columns: &[Column], option: usize) -> bool {
        if self.hidden[TOTAL][option] {
            return false;
        }
        let hidden = || columns.iter().filter(|column| self.is_hidden(**column, option));
        let together: u64 = hidden().map(|column| self.count(columns, *column, option)).sum();
        let base: u64 = hidden().map(|column| self.base(columns, *column)).sum();
        tells_too_much(self.rules, together, base) && self.hide_in_row(columns, option)
    }

    /// The mean of the total is the mean of the levels, weighted by their bases.
    fn protect_means(&mut self, columns: &[Column], in_no_level: Variety) -> bool {
        let levels =
            || columns.iter().filter_map(|column| if let Column::Level(level) = column { Some(*level) } else { None });
        if self.mean_hidden[TOTAL] {
            let before = levels().filter(|level| self.mean_hidden[*level]).count();
            levels().for_each(|level| self.mean_hidden[level] = true);
            return before < levels().count();
        }
        let no_level = self.base(columns, Column::NoLevel);
        let hidden = levels().filter(|level| self.mean_hidden[*level]).count() + usize::from(no_level > 0);
        let base: u64 =
            levels().filter(|level| self.mean_hidden[*level]).map(|level| self.bases[level]).sum::<u64>() + no_level;
        let tells = is_small(self.rules, no_level) || mean_tells(self.rules, in_no_level, no_level);
        let is_no_secret = hidden == 1 && no_level > 0 && !tells;
        if hidden == 0 || is_no_secret || (hidden > 1 && !is_small(self.rules, base)) {
            return false;
        }
        let open = |gate: &Self, level: usize| !gate.mean_hidden[level];
        let Some(level) = self.smallest(columns, open, |gate, level| gate.bases[level]) else { return false };
        self.mean_hidden[level] = true;
        true
    }

    /// The mean of a scale is a sum of its shares: with one of them withheld it would help to find it. That of a number with
    /// two values is a share.
    fn hide_means(&mut self) {
        for (mean, hidden) in self.mean_hidden.iter_mut().zip(&self.hidden) {
            *mean |= self.mean_is_of_counts && hidden.contains(&true);
        }
    }

    /// Looks for a small cell that follows from the equations of the table of a single choice, as from two rows less
    /// two columns; withholds another cell of its row or column. In the reduced equations such a cell stands alone.
    fn audit(&mut self, columns: &[Column]) -> bool {
        if !self.adds_up {
            return false;
        }
        let options = self.counts[TOTAL].len();
        let mut unknown = Vec::new();
        for column in columns {
            unknown
                .extend((0..options).filter(|option| self.is_hidden(*column, *option)).map(|option| (*column, option)));
        }
        let equation = |holds: &dyn Fn(Column, usize) -> bool| -> Vec<f64> {
            unknown.iter().map(|(column, option)| f64::from(u8::from(holds(*column, *option)))).collect()
        };
        let mut equations = Vec::new();
        for option in (0..options).filter(|option| !self.hidden[TOTAL][*option]) {
            equations.push(equation(&|_, of| of == option));
        }
        for known in columns.iter().filter(|column| !self.is_base_hidden(**column)) {
            equations.push(equation(&|column, _| column == *known));
        }
        equations.push(equation(&|column, _| self.is_base_hidden(column)));
        equations.push(equation(&|_, option| self.hidden[TOTAL][option]));
        for position in alone(equations) {
            let (column, option) = unknown[position];
            let (count, base) = (self.count(columns, column, option), self.base(columns, column));
            let is_secret = tells_too_much(self.rules, count, base) || is_small(self.rules, base);
            if is_secret && self.hide_beside(columns, column, option) {
                return true;
            }
        }
        false
    }

    /// Withholds another cell of the same row, or else of the same column.
    fn hide_beside(&mut self, columns: &[Column], column: Column, option: usize) -> bool {
        let in_column =
            |gate: &mut Self| if let Column::Level(level) = column { gate.hide_in_column(level) } else { false };
        self.hide_in_row(columns, option) || in_column(self)
    }

    fn hide_in_row(&mut self, columns: &[Column], option: usize) -> bool {
        let open = |gate: &Self, level: usize| !gate.hidden[level][option];
        let Some(level) = self.smallest(columns, open, |gate, level| as_partner(gate.counts[level][option])) else {
            return false;
        };
        self.hidden[level][option] = true;
        true
    }

    fn hide_in_column(&mut self, domain: usize) -> bool {
        let open = (0..self.counts[domain].len()).filter(|option| !self.hidden[domain][*option]);
        let Some(option) = open.min_by_key(|option| as_partner(self.counts[domain][*option])) else { return false };
        self.hidden[domain][option] = true;
        true
    }

    fn smallest<K: Ord>(
        &self,
        columns: &[Column],
        open: impl Fn(&Self, usize) -> bool,
        size: impl Fn(&Self, usize) -> K,
    ) -> Option<usize> {
        let level = |column: &Column| match column {
            Column::Level(level) if open(self, *level) => Some(*level),
            _ => None,
        };
        columns.iter().filter_map(level).min_by_key(|level| size(self, *level))
    }

    fn is_hidden(&self, column: Column, option: usize) -> bool {
        if let Column::Level(level) = column { self.hidden[level][option] } else { true }
    }

    fn is_base_hidden(&self, column: Column) -> bool {
        if let Column::Level(level) = column { self.base_hidden[level] } else { true }
    }

    fn count(&self, columns: &[Column], column: Column, option: usize) -> u64 {
        self.of(columns, column, |domain| self.counts[domain][option])
    }

    fn base(&self, columns: &[Column], column: Column) -> u64 {
        self.of(columns, column, |domain| self.bases[domain])
    }

    /// Those in no level are what the levels leave of the total.
    fn of(&self, columns: &[Column], column: Column, number: impl Fn(usize) -> u64) -> u64 {
        let of_level = |column: &Column| if let Column::Level(level) = column { number(*level) } else { 0 };
        match column {
            Column::Level(level) => number(level),
            Column::NoLevel => number(TOTAL) - columns.iter().map(of_level).sum::<u64>(),
        }
    }

    fn finish(self, domains: &[DomainEstimates]) -> ReleasedQuestion {
        let domains = domains.iter().enumerate().map(|(index, domain)| {
            let why = if self.base_hidden[index] { Withheld::Base } else { Withheld::Cell };
            let figure = |estimate: Option<Estimate>, hidden: bool| Figure::of(estimate, hidden.then_some(why));
            let shares = domain.shares.iter().zip(&self.hidden[index]);
            let has_mean = self.is_numeric || domain.mean.is_some();
            ReleasedDomain {
                bases: (!self.base_hidden[index]).then_some(domain.bases),
                shares: shares.map(|(share, hidden)| figure(share.estimate, *hidden)).collect(),
                mean: has_mean.then(|| figure(domain.mean, self.mean_hidden[index])),
                further: Vec::new(),
            }
        });
        ReleasedQuestion { domains: domains.collect() }
    }
}

/// The order in which cells are withheld for others' sake: small ones first, but one of nobody would protect nothing.
fn as_partner(count: u64) -> (bool, u64) {
    (count == 0, count)
}

/// At least one, but fewer than the minimum.
fn is_small(rules: &Publication, count: u64) -> bool {
    count > 0 && count < rules.minimum_count
}

/// Whether a mean says what each of few gave, or how few gave one of two numbers.
fn mean_tells(rules: &Publication, variety: Variety, base: u64) -> bool {
    match variety {
        Variety::One => base < rules.very_low_base && rules.minimum_count > 0,
        Variety::Two(rarer) => tells_too_much(rules, rarer, base),
        Variety::Many => false,
    }
}

/// Whether an answer that `count` of `base` gave may not be published: too few did or did not, or all of few.
pub(crate) fn tells_too_much(rules: &Publication, count: u64, base: u64) -> bool {
    let whole = (count == 0 || count == base) && base > 0 && base < rules.very_low_base && rules.minimum_count > 0;
    is_small(rules, count) || is_small(rules, base - count) || whole
}

/// The unknowns that linear equations determine: after elimination each stands alone in one.
fn alone(mut equations: Vec<Vec<f64>>) -> Vec<usize> {
    const ROUNDING: f64 = 1e-9;
    let width = equations.first().map_or(0, Vec::len);
    let mut done = 0;
    for column in 0..width {
        let Some(pivot) = (done..equations.len()).find(|row| equations[*row][column].abs() > ROUNDING) else {
            continue;
        };
        equations.swap(done, pivot);
        let scale = equations[done][column];
        equations[done].iter_mut().for_each(|factor| *factor /= scale);
        let reduced = equations[done].clone();
        for (_, row) in equations.iter_mut().enumerate().filter(|(row, _)| *row != done) {
            let times = row[column];
            row.iter_mut().zip(&reduced).for_each(|(factor, other)| *factor -= times * other);
        }
        done += 1;
    }
    let only = |row: &Vec<f64>| {
        let mut factors = row.iter().enumerate().filter(|(_, factor)| factor.abs() > ROUNDING);
        factors.next().filter(|_| factors.next().is_none()).map(|(column, _)| column)
    };
    equations.iter().filter_map(only).collect()
}
