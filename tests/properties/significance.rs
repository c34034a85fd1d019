//! Tests between groups: what must hold for any survey, and that nothing withheld speaks through them.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use topline::{
    comparison::{Comparison, Method, compare},
    design::SampleDesign,
    disclosure::{Release, release},
    estimate::{Estimator, Statistic},
    significance::{Adjustment, CrossTable, TableTest, figures, independence},
    study::Study,
    tally::{Plan, Tally},
};

use super::{DESIGNS, Row, batches, close, rows, study, tally};

const TESTS: [TableTest; 5] =
    [TableTest::RaoScott, TableTest::RaoScottFirstOrder, TableTest::Exact, TableTest::Wald, TableTest::AdjustedWald];

/// What estimates are made of, kept together.
struct Counted {
    study: Study,
    plan: Plan,
    tally: Tally,
    design: SampleDesign,
}

impl Counted {
    fn new(rows: &[Row], design: &str) -> Self {
        let study = study(design);
        let mut plan = Plan::new(&study);
        (0..study.questions.len()).for_each(|question| plan.keep_numbers(question));
        let tally = tally(&plan, &batches(&plan, rows, 50));
        let (design, _) = SampleDesign::new(&study.design, &tally.frame, |_, key| key.to_string());
        Self { study, plan, tally, design }
    }

    fn estimator(&self) -> Estimator<'_> {
        Estimator::new(&self.study, &self.plan, &self.design, &self.tally)
    }

    fn release(&self) -> Release {
        release(&self.study, &self.plan, &self.estimator().all())
    }

    fn compare(&self, release: &Release, question: &str, adjustment: Adjustment) -> Comparison {
        let method = Method::of(self.study.questions[self.question(question)].kind);
        compare(&self.estimator(), release, (self.question(question), 0), method, adjustment)
    }

    fn ranks(&self, release: &Release) -> Comparison {
        compare(&self.estimator(), release, (self.question("number"), 0), Method::Ranks, Adjustment::Holm)
    }

    fn question(&self, id: &str) -> usize {
        self.study.question(id).expect("it is asked")
    }
}

proptest! {
    #[test]
    fn every_p_is_a_probability_and_adjusting_only_raises_it(rows in rows(), design in 0_usize..4) {
        let counted = Counted::new(&rows, DESIGNS[design]);
        let release = counted.release();
        for question in ["single", "many", "number"] {
            for adjustment in Adjustment::ALL {
                let comparison = counted.compare(&release, question, adjustment);
                for test in &comparison.tests {
                    prop_assert!((0.0..=1.0).contains(&test.test.p) && test.test.p <= test.adjusted_p);
                    prop_assert!(test.adjusted_p <= 1.0 && test.cramers_v.is_none_or(|v| (0.0..=1.0 + 1e-9).contains(&v)));
                }
                for pair in &comparison.pairs {
                    let Some(test) = pair.difference.test else { continue };
                    let adjusted = pair.adjusted_p.expect("what is tested is adjusted");
                    prop_assert!((0.0..=1.0).contains(&test.p) && test.p <= adjusted && adjusted <= 1.0);
                }
            }
        }
    }

    #[test]
    fn the_order_of_levels_does_not_matter(rows in rows(), design in 0_usize..4) {
        let counted = Counted::new(&rows, DESIGNS[design]);
        let estimator = counted.estimator();
        let [single, many, number] = ["single", "many", "number"].map(|id| counted.study.question(id).expect("asked"));
        let asked = &counted.study.questions;
        for method in TESTS {
            let of_answers = |levels: Vec<usize>| {
                independence(&estimator, single, 0, &CrossTable::of_answers(&asked[single], &[], levels), method)
            };
            let of_option = |levels: Vec<usize>| {
                independence(&estimator, many, 0, &CrossTable::of_option(&asked[many], 1, levels), method)
            };
            let pairs = [
                (of_answers(vec![0, 1, 2]), of_answers(vec![2, 0, 1])),
                (of_option(vec![0, 1, 2]), of_option(vec![1, 2, 0])),
            ];
            for (one, other) in pairs {
                // What has hardly any variance may pass for none in one order.
                let (Some(one), Some(other)) = (one, other) else { continue };
                prop_assert!((one.test.p - other.test.p).abs() < 1e-6, "{:?} {:?}", one, other);
            }
        }
        let equal = |levels: &[usize]| figures(&estimator, number, 0, levels, Statistic::Mean)?.equal();
        if let (Some(one), Some(other)) = (equal(&[0, 1, 2]), equal(&[2, 0, 1])) {
            prop_assert!((one.p - other.p).abs() < 1e-6, "{:?} {:?}", one, other);
        }
    }

    /// With other responses that leave all that is shown as it is, every test is the same.
    #[test]
    fn nothing_withheld_speaks_through_a_test(mut rows in rows(), changed in 0_usize..3, design in 0_usize..4) {
        let before = Counted::new(&rows, DESIGNS[design]);
        let release = before.release();
        let (single, number) = (0, 2);
        let all = |counted: &Counted| {
            let [answers, means] = ["single", "number"].map(|id| counted.compare(&release, id, Adjustment::Holm));
            [answers, means, counted.ranks(&release)]
        };
        let compared = all(&before);
        let together: Vec<u8> = compared[0].together.iter().map(|option| *option as u8).collect();
        for row in &mut rows {
            let level = usize::from(row.3);
            // At one level only: new names for the same answers everywhere would change no test of any kind.
            if level != changed {
                continue;
            }
            let domains = [single, number].map(|question| &release.questions[question].domains[1 + level]);
            // Nothing of this level is shown: it answers something else. Otherwise withheld answers change places.
            if domains[0].bases.is_none() || domains[0].shares.iter().all(|figure| figure.shown().is_none()) {
                row.4 = if row.4 < 3 { (row.4 + 1) % 3 } else { row.4 };
            } else if let [one, .., other] = together[..] {
                row.4 = if row.4 == one { other } else if row.4 == other { one } else { row.4 };
            }
            if domains[1].mean.is_none_or(|mean| mean.shown().is_none()) {
                row.7 += 17;
            }
        }
        let after = all(&Counted::new(&rows, DESIGNS[design]));
        for (before, after) in compared.iter().zip(&after) {
            prop_assert_eq!((before.tests.len(), before.pairs.len()), (after.tests.len(), after.pairs.len()));
            for (before, after) in before.tests.iter().zip(&after.tests) {
                prop_assert!((before.test.p - after.test.p).abs() < 1e-6, "{:?} {:?}", before, after);
                prop_assert!(close(before.cramers_v.unwrap_or(0.0), after.cramers_v.unwrap_or(0.0)));
            }
            let shown = |pairs: &Comparison| -> Vec<_> {
                // Options that are counted together have pairs only where they are shown.
                let pairs = pairs.pairs.iter().filter(|pair| pair.option.is_none_or(|o| !together.contains(&(o as u8))));
                pairs.map(|pair| (pair.difference.estimate, pair.difference.standard_error)).collect()
            };
            for (before, after) in shown(before).iter().zip(shown(after)) {
                prop_assert!(close(before.0, after.0) && close(before.1, after.1), "{:?} {:?}", before, after);
            }
        }
    }
}
