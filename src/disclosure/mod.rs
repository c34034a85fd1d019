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
//! * what is withheld must not come back within the table of a question by a segment. Somebody who reads the table knows
//!   that options add up to the base and levels to the total, that those in no level are the rest, and that no count is
//!   below 0. So further cells are withheld until every withheld small cell has another value in
//!   some table that agrees with what is shown (`network` says how that is seen), and until in each row and column those
//!   withheld together are not a small cell themselves. What everybody in the total gave, or nobody, is known of each level
//!   and cannot be protected. An option that is withheld in the total is withheld at every level. Where a share is withheld
//!   the mean goes too;
//! * what else a study asks for follows these: a count its share, a total and a deviation their mean, a net and a score
//!   their answers, a contrast its cells. A net of a multiple response is withheld where few lie between it and what lies
//!   within it; a contrast where few gave both of its answers, or one of them alone, because its error tells how many; a
//!   quantile in bases under `very_low_base` too, because it is the number that somebody gave, and where the quantiles of a
//!   base are too many for it;
//! * margins that weights are fitted to are tables of counts too: small levels are withheld, with their shares before
//!   weighting, and others so that they do not follow, for crossed variables within rows and columns (`margins`). Where any
//!   is withheld so are the range of fitted weights, how many are at a bound, and the effective base before trimming. The
//!   effective base in use, wherever it is told, is rounded until small levels do not follow from it (`effective`);
//! * an output never says which cells were small and which were withheld for their sake.
//!
//! What this does not do: it looks at one table at a time, so it does not see what several studies, or overlapping
//! segments together, give away. It keeps counts from following exactly by sums, not from being narrowed down to a range, and does not ask
//! which sums of withheld cells follow:
//! * somebody who knows these rules may exclude some of the counts that would have led to other cells being withheld;
//! * where strata are the levels of a segment, or all of a level have the same weight, the total with its error is a further
//!   equation between the levels, which integers may solve in one way only;
//! * a `number` with few values is no scale: its mean and error are two equations of how many gave each;
//! * where all at a level of a margin have the same weight, a weighted figure or its error to all digits, as in JSON, tidy
//!   estimates and `explain`, is an equation between whole numbers, how many are at the level and how many of them gave the
//!   answer. So is an interval that is made of the effective base, where all gave an answer or nobody did;
//! * small levels are kept from following from the effective base also for somebody who knows by which rule it is rounded. That
//!   is asked of one margin at a time, as if weights were alike within its levels. Attacks on small samples find no small level
//!   where two or three variables are crossed, or two are raked (`tests/properties/margins`). With respondents of unknown level,
//!   unequal base weights, trimmed ones or the target of a number it is asked of weights that are not quite those: there a
//!   reader who knows base weight and number of everybody whom he guesses finds a small level in about a tenth of samples of
//!   some 15 respondents. Nor is it asked of the effective base of a question that some did not answer;
//! * bounds of weights say with the targets between which numbers a level must be;
//! * with three or more variables crossed it does not look at which cells follow: all of such a margin are shown, or none. A crossed level
//!   that follows from the sums of its variables alone, as where every level of one has a single respondent, is not kept, nor
//!   from sums of two of its variables, where these are a margin too;
//! * that somebody is of unknown level of a variable is no answer, and its number no secret by itself. How many have no weight for
//!   it is told: it is what those with a weight leave of all.
//!
//! How many in a base gave no answer is no secret.

mod contrasts;
mod counts;
mod effective;
mod further;
mod margins;
mod means;
mod nets;
mod network;
mod others;
mod shifts;
mod suppression;
mod weighting;

pub use self::{
    counts::{Count, Counting, asked, left_out, levels},
    shifts::{Shift, shifts},
    weighting::{ReleasedLevel, ReleasedMargin, ReleasedNumber, ReleasedStep, ReleasedWeighting},
};
use self::{effective::Rounding, margins::groups};
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
    /// How exactly effective bases are told.
    rounding: Rounding,
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

impl Release {
    /// A base as it may be told. The effective base is not a number where it is withheld.
    #[must_use]
    pub fn told(&self, bases: Bases) -> Bases {
        Bases { effective: self.rounding.apply(bases.effective).unwrap_or(f64::NAN), ..bases }
    }
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
    let minimum = study.publication.minimum_count;
    let rounding = Rounding::of(&groups(study, plan.fitted.as_ref()), plan.fitted.as_ref(), minimum);
    let mut release = Release { questions: Vec::new(), contrasts: Vec::new(), withheld: 0, figures: 0, rounding };
    for (question, estimates) in study.questions.iter().zip(&estimates.questions) {
        let mut gate = Gate::new(study, question.kind, estimates);
        for segment in 0..study.segments.len() {
            gate.protect(plan, segment, estimates);
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
    effective::round(&mut release);
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
