//! Tests between groups of what may be published.
//!
//! A test is a figure too: with the totals and all but one of the cells of a table known, its statistic gives the last
//! one away, and a p of three digits is enough where counts are small. So a test is made of nothing but what
//! [`disclosure`](crate::disclosure) has released:
//!
//! * a level whose base is withheld, or at which no answer is shown, is left out;
//! * of a single choice or a scale, the answers that are withheld at any of the other levels are counted together, with
//!   those who gave none: what they are together follows from the base and the shares that are shown. Where nothing
//!   is withheld this is the test of the whole table;
//! * an option of a multiple response is tested between the levels at which its share is shown, and so are pairs of
//!   levels, for each answer;
//! * means are compared between the levels whose mean is shown. So are ranks, which need every answer: where one of a
//!   scale is withheld, the mean is; and a number stands for itself in the mean as in the ranks.
//!
//! The bases named are those of the levels compared, which are shown themselves.

use crate::{
    disclosure::{Figure, Release, ReleasedDomain, ReleasedQuestion},
    estimate::{Bases, Estimator, Statistic},
    significance::{
        Adjustment, CrossTable, Difference, Groups, Independence, TableTest, Test, adjusted, figures, independence,
        mean_ranks,
    },
    study::{Kind, Question},
};

/// How groups are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Whether answers depend on the levels.
    Table(TableTest),
    /// Whether means differ.
    Means,
    /// Whether answers lie higher at some levels. Of numbers the plan has to [keep](crate::tally::Plan::keep_numbers)
    /// them all.
    Ranks,
}

/// What is compared between two levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The shares of an answer.
    Shares,
    /// The means of a number or of a scale.
    Means,
    /// The ratios of two numbers.
    Ratios,
    /// The mean ranks among the answers at all levels.
    MeanRanks,
}

/// A question between the levels of a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The question, as an index of the study.
    pub question: usize,
    /// The segment, as an index of the study.
    pub segment: usize,
    /// How it is tested.
    pub method: Method,
    /// What pairs of levels are compared in.
    pub compared: Compared,
    /// How p-values are adjusted: those of the options of a multiple response, and those of the pairs of each answer.
    pub adjustment: Adjustment,
    /// The levels that are compared, with their bases.
    pub levels: Vec<(usize, Bases)>,
    /// The tests of all levels: one, or one for each option of a multiple response. None where nothing can be tested.
    pub tests: Vec<OverallTest>,
    /// Every two levels, for each answer, or for the mean or mean rank.
    pub pairs: Vec<Pair>,
    /// The options that the test counts together because they are withheld somewhere.
    pub together: Vec<usize>,
    /// Levels with a base but without a mean or ratio, which are left out.
    pub without_figure: Vec<usize>,
    /// Whether figures of this question at these levels are withheld.
    pub is_withheld: bool,
    /// Whether everybody was asked, so that differences are no matter of chance.
    pub is_census: bool,
}

/// A test of all levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverallTest {
    /// The option of a multiple response.
    pub option: Option<usize>,
    /// The test.
    pub test: Test,
    /// Its p, adjusted for the number of options.
    pub adjusted_p: f64,
    /// Cramér's V, where answers are tested.
    pub cramers_v: Option<f64>,
}

/// Two levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The option whose share differs; none of a mean or mean rank.
    pub option: Option<usize>,
    /// Their difference, with the levels as indices of the segment.
    pub difference: Difference,
    /// Its p, adjusted for the number of pairs.
    pub adjusted_p: Option<f64>,
}

impl Method {
    /// Every method, with its name on the command line and in output.
    pub const ALL: [(&str, Self); 7] = [
        ("rao-scott", Self::Table(TableTest::RaoScott)),
        ("rao-scott-1", Self::Table(TableTest::RaoScottFirstOrder)),
        ("exact", Self::Table(TableTest::Exact)),
        ("wald", Self::Table(TableTest::Wald)),
        ("adjusted-wald", Self::Table(TableTest::AdjustedWald)),
        ("t", Self::Means),
        ("rank", Self::Ranks),
    ];

    /// What suits a kind of question best: its answers, or its mean where there are none.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        if kind.is_numeric() { Self::Means } else { Self::Table(TableTest::default()) }
    }

    /// Whether a kind of question can be tested so.
    #[must_use]
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Table(_) => !kind.is_numeric(),
            Self::Means => kind.is_numeric() || kind == Kind::Scale,
            Self::Ranks => matches!(kind, Kind::Scale | Kind::Number),
        }
    }

    /// The name on the command line and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }
}

impl Compared {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shares => "share",
            Self::Means => "mean",
            Self::Ratios => "ratio",
            Self::MeanRanks => "mean_rank",
        }
    }

    fn of(method: Method, kind: Kind) -> Self {
        match method {
            Method::Table(_) => Self::Shares,
            Method::Means if kind == Kind::Ratio => Self::Ratios,
            Method::Means => Self::Means,
            Method::Ranks => Self::MeanRanks,
        }
    }
}

/// Compares the levels of a segment as far as `release` shows them. A method that does not fit the kind of question
/// finds nothing to test.
#[must_use]
pub fn compare(
    estimator: &Estimator<'_>,
    release: &Release,
    (question, segment): (usize, usize),
    method: Method,
    adjustment: Adjustment,
) -> Comparison {
    let source = Source { estimator, released: &release.questions[question], question, segment };
    let levels = source.levels(|domain| domain.bases.is_some_and(|bases| bases.unweighted > 0));
    let bases = |level: usize| source.domain(level).bases.map(|bases| (level, bases));
    let mut comparison = Comparison {
        question,
        segment,
        method,
        compared: Compared::of(method, source.kind()),
        adjustment,
        levels: levels.into_iter().filter_map(bases).collect(),
        tests: Vec::new(),
        pairs: Vec::new(),
        together: Vec::new(),
        without_figure: Vec::new(),
        is_withheld: source.is_withheld(),
        is_census: estimator.design.is_census(),
    };
    match method {
        _ if !method.fits(source.kind()) => {}
        Method::Table(test) if source.kind() == Kind::Multiple => comparison.add_options(&source, test),
        Method::Table(test) => comparison.add_table(&source, test),
        Method::Means | Method::Ranks => comparison.add_means(&source),
    }
    let p: Vec<f64> = comparison.tests.iter().map(|test| test.test.p).collect();
    for (test, p) in comparison.tests.iter_mut().zip(adjusted(&p, adjustment)) {
        test.adjusted_p = p;
        test.test.bases = release.told(test.test.bases);
    }
    comparison
}

impl Comparison {
    fn add_table(&mut self, source: &Source<'_>, test: TableTest) {
        let levels = source.levels(|domain| domain.shares.iter().any(|figure| figure.shown().is_some()));
        self.together = (0..source.options())
            .filter(|option| levels.iter().any(|level| source.share(*level, *option).shown().is_none()))
            .collect();
        let table = CrossTable::of_answers(source.asked(), &self.together, levels);
        self.tests.extend(source.independence(&table, test, None));
        self.add_shares(source);
    }

    fn add_options(&mut self, source: &Source<'_>, test: TableTest) {
        for option in 0..source.options() {
            let levels = source.levels(|domain| domain.shares[option].shown().is_some());
            let table = CrossTable::of_option(source.asked(), option, levels);
            self.tests.extend(source.independence(&table, test, Some(option)));
        }
        self.add_shares(source);
    }

    fn add_shares(&mut self, source: &Source<'_>) {
        for option in 0..source.options() {
            let levels = source.levels(|domain| domain.shares[option].shown().is_some());
            if let Some(groups) = source.figures(&levels, Statistic::Share(option)) {
                self.add_pairs(source, Some(option), &groups);
            }
        }
    }

    fn add_means(&mut self, source: &Source<'_>) {
        let levels = source.levels(|domain| domain.mean.is_some_and(|mean| mean.shown().is_some()));
        let is_without = |domain: &ReleasedDomain| {
            domain.mean.is_none_or(|mean| mean.shown().is_none() && mean.withheld().is_none())
        };
        let with_base = self.levels.iter().map(|(level, _)| *level);
        self.without_figure = with_base.filter(|level| is_without(source.domain(*level))).collect();
        let statistic = if self.compared == Compared::Ratios { Statistic::Ratio } else { Statistic::Mean };
        let groups = match self.method {
            Method::Ranks => mean_ranks(source.estimator, source.question, source.segment, &levels),
            _ => source.figures(&levels, statistic),
        };
        let Some(mut groups) = groups else { return };
        let test = groups.equal();
        self.tests.extend(test.map(|test| OverallTest { option: None, test, adjusted_p: test.p, cramers_v: None }));
        // Two levels are one pair: it has the degrees of freedom, and so the p, of the test.
        if groups.levels.len() == 2 {
            groups.degrees_of_freedom -= 1.0;
        }
        self.add_pairs(source, None, &groups);
    }

    fn add_pairs(&mut self, source: &Source<'_>, option: Option<usize>, groups: &Groups) {
        let differences = groups.differences(source.estimator.study.design.confidence);
        let p: Vec<f64> = differences.iter().filter_map(|difference| Some(difference.test?.p)).collect();
        let mut adjusted = adjusted(&p, self.adjustment).into_iter();
        self.pairs.extend(differences.into_iter().map(|difference| Pair {
            option,
            difference,
            adjusted_p: difference.test.and_then(|_| adjusted.next()),
        }));
    }
}

/// A question and a segment, with what of them may be published.
struct Source<'a> {
    estimator: &'a Estimator<'a>,
    released: &'a ReleasedQuestion,
    question: usize,
    segment: usize,
}

impl<'a> Source<'a> {
    fn asked(&self) -> &'a Question {
        &self.estimator.study.questions[self.question]
    }

    fn kind(&self) -> Kind {
        self.asked().kind
    }

    fn options(&self) -> usize {
        self.asked().options.len()
    }

    fn domain(&self, level: usize) -> &'a ReleasedDomain {
        &self.released.domains[self.estimator.plan.levels(self.segment).start + level]
    }

    fn share(&self, level: usize, option: usize) -> &'a Figure {
        &self.domain(level).shares[option]
    }

    /// The levels that show something. One whose base may not be named shows nothing.
    fn levels(&self, shows: impl Fn(&ReleasedDomain) -> bool) -> Vec<usize> {
        let levels = 0..self.estimator.plan.segments[self.segment].levels;
        levels.filter(|level| self.domain(*level).bases.is_some() && shows(self.domain(*level))).collect()
    }

    fn is_withheld(&self) -> bool {
        let mut domains = (0..self.estimator.plan.segments[self.segment].levels).map(|level| self.domain(level));
        domains.any(|domain| {
            let mut figures = domain.shares.iter().chain(&domain.mean);
            domain.bases.is_none() || figures.any(|figure| figure.withheld().is_some())
        })
    }

    fn figures(&self, levels: &[usize], statistic: Statistic) -> Option<Groups> {
        figures(self.estimator, self.question, self.segment, levels, statistic)
    }

    fn independence(&self, table: &CrossTable, test: TableTest, option: Option<usize>) -> Option<OverallTest> {
        let found = independence(self.estimator, self.question, self.segment, table, test)?;
        let Independence { test, cramers_v } = found;
        Some(OverallTest { option, test, adjusted_p: test.p, cramers_v: Some(cramers_v) })
    }
}
