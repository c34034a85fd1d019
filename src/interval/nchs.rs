//! The standard of the US National Center for Health Statistics: an interval, and whether a share may be presented.
//!
//! Source: Parker, Talih, Malec et al. 2017, *National Center for Health Statistics Data Presentation Standards for
//! Proportions*, Vital and Health Statistics 2(175), and the SAS macro of the centre that applies it (Martin 2021,
//! `calculate_KornGraubard_CIs` 2.0).

use super::{Confidence, Limits, ShareFacts, exact};

/// Whether a share may be presented, and why not. Where several reasons hold, the first of the list is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// It may.
    Present,
    /// It may, with a note that its complement is not reliable: the interval is wider than 130 % of `1 - p`.
    PresentWithoutComplement,
    /// A statistician has to look at it.
    Review(Review),
    /// It may not.
    Suppress(Suppress),
}

/// Why a statistician has to look at a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// Nobody or everybody said so.
    NobodyOrEverybody,
    /// Fewer than 8 degrees of freedom.
    FewDegreesOfFreedom,
}

/// Why a share may not be presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppress {
    /// Fewer than 30 respondents, or an effective sample size under 30.
    SmallSample,
    /// The interval is at least 0.30 wide.
    WideInterval,
    /// The interval is wider than 0.05 and wider than 130 % of the share.
    RelativelyWideInterval,
}

impl Presentation {
    /// The name in the tidy estimates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::PresentWithoutComplement => "present_without_complement",
            Self::Review(Review::NobodyOrEverybody) => "review_nobody_or_everybody",
            Self::Review(Review::FewDegreesOfFreedom) => "review_few_degrees_of_freedom",
            Self::Suppress(Suppress::SmallSample) => "suppress_small_sample",
            Self::Suppress(Suppress::WideInterval) => "suppress_wide_interval",
            Self::Suppress(Suppress::RelativelyWideInterval) => "suppress_relatively_wide_interval",
        }
    }
}

/// Respondents, and effective ones, that a share needs.
const FEWEST: f64 = 30.0;
/// From this width on an interval is too wide for any share.
const TOO_WIDE: f64 = 0.30;
/// Up to this width it is narrow enough for any share.
const NARROW: f64 = 0.05;
/// In between it may be this many times the share.
const RELATIVELY_WIDE: f64 = 1.30;
/// Degrees of freedom below which the variance itself is too uncertain.
const FEWEST_DEGREES_OF_FREEDOM: f64 = 8.0;

/// Clopper-Pearson with `min(n, m (t_{n-1} / t_df)²)` respondents; where nobody or everybody said so, or the design
/// leaves the share no variance, with `n`.
pub(super) fn limits(facts: ShareFacts, confidence: Confidence) -> (f64, f64) {
    let whole = facts.share == 0.0 || facts.share == 1.0 || facts.variance == 0.0;
    let fewer = if whole { 1.0 } else { exact::fewer_units(facts.n, confidence) };
    exact::clopper_pearson(facts.share, (size(facts) * fewer).min(facts.n), confidence.upper)
}

/// Judges a share by its [`nchs`](crate::study::Interval::Nchs) interval, which the standard wants at a level of 0.95.
#[must_use]
pub fn presentation(facts: ShareFacts, limits: Limits, degrees_of_freedom: f64) -> Presentation {
    let (p, width) = (facts.share, limits.high - limits.low);
    let is_relatively_wide = |share: f64| width > NARROW && width > RELATIVELY_WIDE * share;
    // Asked so that what is no number is not presented.
    let is_large = size(facts) >= FEWEST && facts.n >= FEWEST;
    let is_narrow = width < TOO_WIDE;
    let is_sure = degrees_of_freedom >= FEWEST_DEGREES_OF_FREEDOM;
    if !is_large {
        Presentation::Suppress(Suppress::SmallSample)
    } else if !is_narrow {
        Presentation::Suppress(Suppress::WideInterval)
    } else if is_relatively_wide(p) {
        Presentation::Suppress(Suppress::RelativelyWideInterval)
    } else if p == 0.0 || p == 1.0 {
        Presentation::Review(Review::NobodyOrEverybody)
    } else if !is_sure {
        Presentation::Review(Review::FewDegreesOfFreedom)
    } else if is_relatively_wide(1.0 - p) {
        Presentation::PresentWithoutComplement
    } else {
        Presentation::Present
    }
}

/// `m`, or `n` where it is not known.
fn size(facts: ShareFacts) -> f64 {
    let is_whole = facts.share == 0.0 || facts.share == 1.0;
    if is_whole || facts.variance == 0.0 { facts.n } else { exact::effective_size(facts) }
}
