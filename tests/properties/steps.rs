//! What a figure is made of adds up to it.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use topline::{
    design::SampleDesign,
    estimate::{Estimator, Spread, Statistic},
    study::{Kind, LonelyUnit},
    tally::Plan,
};

use crate::{DESIGNS, batches, close, rows, study, tally};

proptest! {
    #[test]
    fn parts_of_strata_add_up_to_the_variance(rows in rows(), design in 0_usize..4, rule in 0_usize..4) {
        let mut study = study(DESIGNS[design]);
        study.design.lonely_unit = LonelyUnit::ALL[1 + rule];
        let plan = Plan::new(&study);
        let tally = tally(&plan, &batches(&plan, &rows, 50));
        let (sample, _) = SampleDesign::new(&study.design, &tally.frame, |_, key| key.to_string());
        let estimator = Estimator::new(&study, &plan, &sample, &tally);
        for (question, figures) in estimator.all().questions.iter().enumerate() {
            for (domain, figures) in figures.domains.iter().enumerate() {
                let shares = figures.shares.iter().enumerate();
                let shares = shares.map(|(option, share)| (Statistic::Share(option), share.estimate));
                let is_ratio = study.questions[question].kind == Kind::Ratio;
                let of_all = if is_ratio { Statistic::Ratio } else { Statistic::Mean };
                let mean = figures.mean.map(|mean| (of_all, Some(mean)));
                let further = figures.further.iter().map(|further| (further.statistic, further.estimate));
                for (statistic, estimate) in shares.chain(mean).chain(further) {
                    let steps = estimator.steps(question, domain, statistic);
                    let (Some(steps), Some(estimate)) = (steps, estimate) else {
                        prop_assert!(estimate.is_none());
                        continue;
                    };
                    prop_assert_eq!(format!("{:?}", steps.estimate), format!("{estimate:?}"));
                    let Spread::Strata(parts) = &steps.spread else { panic!("it is linearised") };
                    let sum: f64 = parts.iter().map(|part| part.covariances[0]).sum();
                    let of = steps.spreading();
                    let variance = of.standard_error.powi(2);
                    let has_none = estimate.degrees_of_freedom <= 0.0;
                    prop_assert!(has_none || close(sum, variance), "{statistic:?}: {sum} {variance}");
                    let quotient = steps.numerator / steps.denominator.unwrap_or(1.0);
                    prop_assert!(close(quotient, of.value), "{statistic:?}: {quotient} {}", of.value);
                }
            }
        }
    }
}
