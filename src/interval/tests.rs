//! What holds for every interval.

use proptest::prelude::{Strategy, prop_assert, proptest};

use super::{
    Confidence, Limits, ShareFacts,
    nchs::{Presentation, Review, Suppress, presentation},
    of_share,
};
use crate::study::{Interval, Quantile};

#[test]
fn nobody_and_everybody_still_have_an_interval() {
    for kind in Interval::ALL.into_iter().filter(|kind| !kind.ignores_design()) {
        let facts = |share| ShareFacts { share, variance: 0.0, n: 30.0, n_effective: 30.0 };
        let confidence = Confidence::new(0.95, Quantile::T, 29.0);
        let none = of_share(facts(0.0), kind, confidence).unwrap();
        let all = of_share(facts(1.0), kind, confidence).unwrap();
        // The rule of three, exactly: 1 - 0.025^(1/30).
        assert!((none.high - (1.0 - 0.025_f64.powf(1.0 / 30.0))).abs() < 1e-12, "{}", none.high);
        assert!(none.low == 0.0 && all.high == 1.0 && (all.low + none.high - 1.0).abs() < 1e-12);
    }
}

/// A share of so many respondents with a design effect, for a design with so many degrees of freedom.
fn facts(share: f64, n: f64, effect: f64) -> ShareFacts {
    ShareFacts { share, variance: share * (1.0 - share) / n * effect, n, n_effective: n / effect.max(1.0) }
}

fn kinds() -> impl Strategy<Value = Interval> {
    (0..Interval::ALL.len()).prop_map(|index| Interval::ALL[index])
}

fn quantiles() -> impl Strategy<Value = Quantile> {
    (0..2_usize).prop_map(|index| Quantile::ALL[index])
}

proptest! {
    #[test]
    fn an_interval_holds_its_share_and_stays_among_shares(
        share in 0.0..=1.0_f64, n in 2..3000_u32, effect in 0.3..5.0_f64, df in 1..500_u32,
        kind in kinds(), quantile in quantiles(), level in 0.5..0.999_f64,
    ) {
        let confidence = Confidence::new(level, quantile, f64::from(df));
        let Limits { low, high, .. } = of_share(facts(share, f64::from(n), effect), kind, confidence).unwrap();
        prop_assert!(low <= share && share <= high && low < high, "{low} {share} {high}");
        if !matches!(kind, Interval::Wald | Interval::AgrestiCoull) {
            prop_assert!(0.0 <= low && high <= 1.0, "{low} {high}");
        }
    }

    #[test]
    fn the_interval_of_the_complement_is_the_complement(
        share in 0.0..=1.0_f64, n in 2..3000_u32, effect in 0.3..5.0_f64, df in 1..500_u32,
        kind in kinds(), quantile in quantiles(),
    ) {
        let confidence = Confidence::new(0.95, quantile, f64::from(df));
        let of = |share| of_share(facts(share, f64::from(n), effect), kind, confidence).unwrap();
        let (one, other) = (of(share), of(1.0 - share));
        prop_assert!((one.low + other.high - 1.0).abs() < 1e-9 && (one.high + other.low - 1.0).abs() < 1e-9);
    }

    #[test]
    fn more_respondents_make_it_narrower_and_more_confidence_wider(
        share in 0.0..=1.0_f64, n in 10..3000_u32, effect in 0.3..5.0_f64, df in 1..500_u32,
        kind in kinds(), quantile in quantiles(), level in 0.5..0.99_f64,
    ) {
        let n = f64::from(n);
        let width = |n, level| {
            let confidence = Confidence::new(level, quantile, f64::from(df));
            let limits = of_share(facts(share, n, effect), kind, confidence).unwrap();
            limits.high - limits.low
        };
        let (plain, larger, surer) = (width(n, level), width(2.0 * n, level), width(n, level + 0.009));
        prop_assert!(larger < plain + 1e-12, "{larger} {plain}");
        prop_assert!(surer > plain - 1e-12, "{surer} {plain}");
    }
}

#[test]
fn without_degrees_of_freedom_only_intervals_that_ignore_the_design_are_known() {
    for kind in Interval::ALL {
        for quantile in Quantile::ALL {
            let limits = of_share(facts(0.4, 50.0, 1.0), kind, Confidence::new(0.95, quantile, 0.0));
            assert_eq!(limits.is_some(), kind.ignores_design(), "{kind:?}");
        }
    }
}

#[test]
fn normal_quantiles_are_those_of_infinite_degrees_of_freedom() {
    for kind in Interval::ALL {
        // So many respondents that their own t is normal too.
        let of = |quantile, df| of_share(facts(0.3, 1e15, 1e13), kind, Confidence::new(0.9, quantile, df)).unwrap();
        let (few, many) = (of(Quantile::Z, 5.0), of(Quantile::T, f64::INFINITY));
        assert!((few.low - many.low).abs() < 1e-12 && (few.high - many.high).abs() < 1e-12, "{kind:?}");
    }
}

#[test]
fn the_effective_size_of_nchs_is_at_most_the_sample() {
    let confidence = Confidence::new(0.95, Quantile::T, 99.0);
    let of = |effect, kind| of_share(facts(0.3, 100.0, effect), kind, confidence).unwrap();
    let exact = of(1.0, Interval::ClopperPearson);
    let capped = of(0.5, Interval::Nchs);
    assert!((capped.low - exact.low).abs() < 1e-12 && (capped.high - exact.high).abs() < 1e-12);
    let (nchs, korn_graubard) = (of(2.0, Interval::Nchs), of(2.0, Interval::KornGraubard));
    assert!((nchs.low, nchs.high) == (korn_graubard.low, korn_graubard.high));
}

#[test]
fn the_standard_of_nchs_presents_reviews_and_suppresses() {
    let judge = |share, n, effect, df| {
        let facts = facts(share, n, effect);
        let limits = of_share(facts, Interval::Nchs, Confidence::new(0.95, Quantile::T, df)).unwrap();
        presentation(facts, limits, df)
    };
    assert_eq!(judge(0.3, 1000.0, 1.5, 40.0), Presentation::Present);
    // The sample, or what it is worth, is under 30.
    assert_eq!(judge(0.3, 29.0, 1.0, 28.0), Presentation::Suppress(Suppress::SmallSample));
    assert_eq!(judge(0.3, 50.0, 2.0, 40.0), Presentation::Suppress(Suppress::SmallSample));
    assert_eq!(judge(0.3, 29.0, 0.5, 28.0), Presentation::Suppress(Suppress::SmallSample));
    // 15 of 30: 31.3 to 68.7 %. 25 of 50 is 28.9 points wide and may stand.
    assert_eq!(judge(0.5, 30.0, 1.0, 29.0), Presentation::Suppress(Suppress::WideInterval));
    assert_eq!(judge(0.5, 50.0, 1.0, 49.0), Presentation::Present);
    // 2 of 60: 0.4 to 11.5 %, more than thrice the share; 2 of 300 is narrower than 5 points and may stand.
    assert_eq!(judge(2.0 / 60.0, 60.0, 1.0, 59.0), Presentation::Suppress(Suppress::RelativelyWideInterval));
    assert_eq!(judge(2.0 / 300.0, 300.0, 1.0, 299.0), Presentation::Present);
    assert_eq!(judge(58.0 / 60.0, 60.0, 1.0, 59.0), Presentation::PresentWithoutComplement);
    // Nobody of 100: 0 to 3.6 %. Nobody of 60: 0 to 6.0 %, wider than any multiple of 0.
    assert_eq!(judge(0.0, 100.0, 1.0, 99.0), Presentation::Review(Review::NobodyOrEverybody));
    assert_eq!(judge(1.0, 100.0, 1.0, 99.0), Presentation::Review(Review::NobodyOrEverybody));
    assert_eq!(judge(0.0, 60.0, 1.0, 59.0), Presentation::Suppress(Suppress::RelativelyWideInterval));
    assert_eq!(judge(0.3, 1000.0, 1.0, 7.0), Presentation::Review(Review::FewDegreesOfFreedom));
    assert_eq!(judge(0.3, 1000.0, 1.0, 8.0), Presentation::Present);
}
