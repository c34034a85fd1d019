//! The one gate that every output passes: what may be published.
//!
//! [`release`] turns [`Estimates`] into a [`Release`]; tables, charts and reports take nothing else. Rules, with
//! `m` the study's `minimum_count` (5 unless set) on unweighted counts:
//!
//! * a base of fewer than `m` respondents is withheld with everything that stands on it;
//! * a share is withheld where fewer than `m` but at least one gave the answer, or fewer than `m` but at least one
//!   did not: the complement is a cell too;
//! * where nobody or everybody gave the answer, it is withheld in bases under `very_low_base` (30 unless set):
//!   "all of a small group" says something about each of them;
//! * complementary: a withheld cell must not come back by subtraction. In each table of a question by a segment, a
//!   single-choice column with one withheld share loses its next smallest too, and an option that is withheld at
//!   one level of a segment is withheld at the level with the next smallest count. The same for levels whose base
//!   is withheld. The mean of a scale goes where one of its shares is withheld. Repeated until nothing changes; the
//!   total stays.
//!
//! What this does not do: it looks at one table at a time, so it does not see what several studies, or overlapping
//! segments together, give away.

use crate::{
    estimate::{Bases, DomainEstimates, Estimate, Estimates},
    study::{Kind, Question, Study},
    tally::{Domain, Plan},
};

/// Figures that may be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// In the order of the study.
    pub questions: Vec<ReleasedQuestion>,
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
    /// Its base is too small.
    Base,
    /// Too few gave this answer, or too few did not.
    Count,
    /// Another withheld figure could be computed from it.
    Complement,
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
            Self::Count => "count",
            Self::Complement => "complement",
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
    let mut release = Release { questions: Vec::new(), withheld: 0, figures: 0 };
    for (question, estimates) in study.questions.iter().zip(&estimates.questions) {
        let mut gate = Gate::new(study, question.kind, &estimates.domains);
        for segment in 0..study.segments.len() {
            let levels: Vec<usize> = (plan.domains.iter().enumerate())
                .filter(|(_, domain)| matches!(domain, Domain::Level(of, _) if *of == segment))
                .map(|(domain, _)| domain)
                .collect();
            gate.complement(&levels);
        }
        let released = gate.finish(&estimates.domains);
        let figures = released.domains.iter().flat_map(|domain| domain.shares.iter().chain(&domain.mean));
        for figure in figures {
            release.figures += 1;
            release.withheld += usize::from(figure.withheld().is_some());
        }
        release.questions.push(released);
    }
    release
}

/// The decisions about one question: `why[domain][option]`, and the bases that are withheld.
struct Gate {
    kind: Kind,
    counts: Vec<Vec<u64>>,
    bases: Vec<u64>,
    base_withheld: Vec<Option<Withheld>>,
    why: Vec<Vec<Option<Withheld>>>,
    mean_why: Vec<Option<Withheld>>,
}

impl Gate {
    fn new(study: &Study, kind: Kind, domains: &[DomainEstimates]) -> Self {
        let rules = &study.publication;
        let small = |count: u64| count > 0 && count < rules.minimum_count;
        let mut gate = Self {
            kind,
            counts: Vec::new(),
            bases: Vec::new(),
            base_withheld: Vec::new(),
            why: Vec::new(),
            mean_why: Vec::new(),
        };
        for domain in domains {
            let n = domain.bases.unweighted;
            let counts: Vec<u64> = domain.shares.iter().map(|share| share.count).collect();
            let base = small(n).then_some(Withheld::Base);
            let why = counts.iter().map(|count| {
                let whole = (*count == 0 || *count == n) && n > 0 && n < rules.very_low_base && rules.minimum_count > 0;
                base.or((small(*count) || small(n - count) || whole).then_some(Withheld::Count))
            });
            gate.why.push(why.collect());
            gate.base_withheld.push(base);
            gate.mean_why.push(base);
            gate.bases.push(n);
            gate.counts.push(counts);
        }
        // The total column stands beside every segment, so it is settled first.
        if gate.kind != Kind::Multiple {
            gate.complement_column(0);
        }
        gate.complement_mean(0);
        gate
    }

    /// Withholds further cells of the table with these levels until none can be computed from the others.
    fn complement(&mut self, levels: &[usize]) {
        loop {
            let mut changed = self.complement_bases(levels);
            for level in levels {
                changed |= self.kind != Kind::Multiple && self.complement_column(*level);
                changed |= self.complement_mean(*level);
            }
            changed |= self.complement_means(levels);
            for option in 0..self.why.first().map_or(0, Vec::len) {
                changed |= self.complement_row(levels, option);
            }
            if !changed {
                return;
            }
        }
    }

    /// The base of a level is the base of the total less those of the others.
    fn complement_bases(&mut self, levels: &[usize]) -> bool {
        let withheld = |gate: &Self, level: &&usize| gate.base_withheld[**level].is_some();
        if levels.iter().filter(|level| withheld(self, level)).count() != 1 {
            return false;
        }
        let next = levels.iter().filter(|level| !withheld(self, level) && self.bases[**level] > 0);
        let Some(level) = next.min_by_key(|level| self.bases[**level]).copied() else { return false };
        self.base_withheld[level] = Some(Withheld::Complement);
        for why in &mut self.why[level] {
            *why = why.or(Some(Withheld::Complement));
        }
        true
    }

    /// The shares of a single choice sum to 1.
    fn complement_column(&mut self, domain: usize) -> bool {
        let (why, counts) = (&mut self.why[domain], &self.counts[domain]);
        if why.iter().filter(|why| why.is_some()).count() != 1 || why.len() < 2 {
            return false;
        }
        let next = (0..why.len()).filter(|option| why[*option].is_none()).min_by_key(|option| counts[*option]);
        let Some(option) = next else { return false };
        why[option] = Some(Withheld::Complement);
        true
    }

    /// The count of an option in the total is the sum over the levels.
    fn complement_row(&mut self, levels: &[usize], option: usize) -> bool {
        let withheld = |gate: &Self, level: &&usize| gate.why[**level][option].is_some();
        let total_shown = self.why[0][option].is_none();
        if !total_shown || levels.iter().filter(|level| withheld(self, level)).count() != 1 {
            return false;
        }
        let next = levels.iter().filter(|level| !withheld(self, level) && self.bases[**level] > 0);
        let Some(level) = next.min_by_key(|level| self.counts[**level][option]).copied() else { return false };
        self.why[level][option] = Some(Withheld::Complement);
        true
    }

    /// The mean of a scale is a sum of its shares: with one of them withheld it would help to find it.
    fn complement_mean(&mut self, domain: usize) -> bool {
        let any_share = self.why[domain].iter().any(Option::is_some);
        if self.kind != Kind::Scale || !any_share || self.mean_why[domain].is_some() {
            return false;
        }
        self.mean_why[domain] = Some(Withheld::Complement);
        true
    }

    /// The mean of the total is the mean of the levels, weighted by their bases.
    fn complement_means(&mut self, levels: &[usize]) -> bool {
        let withheld = levels.iter().filter(|level| self.mean_why[**level].is_some()).count();
        if withheld != 1 || self.mean_why[0].is_some() {
            return false;
        }
        let next = levels.iter().filter(|level| self.mean_why[**level].is_none() && self.bases[**level] > 0);
        let Some(level) = next.min_by_key(|level| self.bases[**level]).copied() else { return false };
        self.mean_why[level] = Some(Withheld::Complement);
        true
    }

    fn finish(self, domains: &[DomainEstimates]) -> ReleasedQuestion {
        let domains = domains.iter().enumerate().map(|(index, domain)| {
            let figure = |estimate: Option<Estimate>, why: Option<Withheld>| match (why, estimate) {
                (Some(why), _) => Figure::Withheld(why),
                (None, Some(estimate)) => Figure::Shown(estimate),
                (None, None) => Figure::Empty,
            };
            let shares = domain.shares.iter().zip(&self.why[index]).map(|(share, why)| figure(share.estimate, *why));
            let mean = domain.mean.map(|mean| figure(Some(mean), self.mean_why[index]));
            let bases = self.base_withheld[index].is_none().then_some(domain.bases);
            ReleasedDomain { bases, shares: shares.collect(), mean }
        });
        ReleasedQuestion { domains: domains.collect() }
    }
}
