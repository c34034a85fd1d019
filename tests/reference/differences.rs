//! The one comparison of a value with R's, and what is kept of all of them: how many there were and how far off the worst was.

use std::{collections::BTreeMap, fmt::Write};

/// A relative difference that no value exceeds, unless a comparison says otherwise.
const TOLERANCE: f64 = 1e-9;
/// Below this two numbers of the processor are as good as equal; the page names no smaller difference.
const SMALLEST: f64 = 1e-15;

/// A table of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Figures,
    Quantiles,
    Replicates,
    Weights,
    Intervals,
    Tests,
    Functions,
}

/// What is compared of a figure: a column of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    Value,
    Statistic,
    StandardError,
    /// An error that is 0 in R, to the size of the value: what rounding leaves of it.
    ErrorOfZero,
    DegreesOfFreedom,
    DesignEffect,
    Bases,
    /// To the size of the value where that is larger: an end of an interval may be close to zero.
    Limit,
    P,
    /// A p-value below 1e-12 answers to its statistic with many times its relative error.
    TinyP,
}

/// What is kept of the values of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    count: usize,
    worst: f64,
}

/// All comparisons so far.
#[derive(Debug, Default)]
pub struct Differences {
    kept: BTreeMap<(Section, String, Number), Kept>,
}

/// A figure whose numbers are compared.
pub struct Figure<'a> {
    differences: &'a mut Differences,
    section: Section,
    estimator: &'a str,
    place: &'a str,
    value: f64,
    tolerance: f64,
}

impl Differences {
    /// What a comparison keeps.
    pub fn of(compare: fn(&mut Self)) -> Self {
        let mut differences = Self::default();
        compare(&mut differences);
        differences
    }

    /// Adds those of another comparison.
    pub fn add(&mut self, other: &Self) {
        for (name, other) in &other.kept {
            let kept = self.kept.entry(name.clone()).or_default();
            *kept = Kept { count: kept.count + other.count, worst: kept.worst.max(other.worst) };
        }
    }

    /// The figure of an estimator at a place that messages name.
    pub fn figure<'a>(&'a mut self, section: Section, estimator: &'a str, place: &'a str) -> Figure<'a> {
        let tolerance = if section == Section::Functions { TOLERANCE / 10.0 } else { TOLERANCE };
        Figure { differences: self, section, estimator, place, value: 0.0, tolerance }
    }

    /// All values that were compared.
    pub fn total(&self) -> usize {
        self.kept.values().map(|kept| kept.count).sum()
    }

    /// The tables as the page has them.
    pub fn tables(&self) -> String {
        let mut text = String::new();
        for section in Section::ALL {
            let own: Vec<_> = self.kept.iter().filter(|((of, _, _), _)| *of == section).collect();
            let numbers: Vec<Number> =
                Number::ALL.into_iter().filter(|number| own.iter().any(|((_, _, of), _)| of == number)).collect();
            let mut row = |head: &str, cells: &mut dyn Iterator<Item = String>| {
                let cells: String = cells.map(|cell| format!(" {cell} |")).collect();
                writeln!(text, "| {head} |{cells}").expect("text grows");
            };
            row(section.name(), &mut numbers.iter().map(|number| number.name().to_owned()));
            row("---", &mut numbers.iter().map(|_| "---".to_owned()));
            let mut estimators: Vec<&str> = own.iter().map(|((_, estimator, _), _)| estimator.as_str()).collect();
            estimators.dedup();
            for estimator in estimators {
                let cell = |number: &Number| self.kept.get(&(section, estimator.to_owned(), *number));
                row(
                    estimator,
                    &mut numbers.iter().map(|number| cell(number).map_or(String::new(), |kept| kept.print())),
                );
            }
            text.push('\n');
        }
        text
    }

    /// What the page says otherwise: another count, a smaller worst difference, a row too many or too few.
    pub fn not_on(&self, page: &str) -> Vec<String> {
        let mut stated = on(page);
        let mut wrong = Vec::new();
        for ((section, estimator, number), kept) in &self.kept {
            let name = [section.name(), estimator, number.name()].map(str::to_owned);
            match stated.remove(&name) {
                Some((bound, count)) if count == kept.count && kept.worst <= bound => {}
                other => wrong.push(format!("{name:?}: {} of {}, the page has {other:?}", kept.worst, kept.count)),
            }
        }
        wrong.extend(stated.keys().map(|name| format!("{name:?} is on the page only")));
        wrong
    }
}

impl Figure<'_> {
    /// Allows more, for a reason that the caller gives.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Says how large the value is whose limits are compared.
    pub fn of_size(mut self, value: f64) -> Self {
        self.value = value.abs();
        self
    }

    /// Compares and keeps the value itself, to whose size limits and errors of zero are held.
    pub fn value(&mut self, found: f64, expected: f64) {
        self.value = expected.abs();
        self.equal(Number::Value, found, expected);
    }

    /// Compares and keeps a number.
    pub fn equal(&mut self, number: Number, found: f64, expected: f64) {
        let (number, size, tolerance) = match number {
            // The root of what rounding leaves of a variance; the page is stricter wherever it can be.
            Number::StandardError if expected == 0.0 => (Number::ErrorOfZero, self.value, self.tolerance.max(1e-5)),
            Number::Limit => (number, expected.abs().max(self.value), self.tolerance),
            Number::P if expected < 1e-12 => (Number::TinyP, expected, 1e-7),
            number => (number, expected.abs(), self.tolerance),
        };
        let off = (found - expected).abs();
        let difference = if off == 0.0 || size == 0.0 { off } else { off / size };
        let (estimator, place) = (self.estimator, self.place);
        assert!(difference <= tolerance, "{estimator} {place}: {number:?} is {found}, R has {expected}");
        let kept = self.differences.kept.entry((self.section, estimator.to_owned(), number)).or_default();
        kept.count += 1;
        kept.worst = kept.worst.max(difference);
    }
}

impl Kept {
    /// A power of ten that the worst difference is below, by half, so that another processor is too; and the count.
    fn print(self) -> String {
        let bound = (2.0 * self.worst).max(SMALLEST).log10().ceil();
        format!("1e{bound} ({})", self.count)
    }
}

impl Section {
    pub const ALL: [Self; 7] = [
        Self::Figures,
        Self::Quantiles,
        Self::Replicates,
        Self::Weights,
        Self::Intervals,
        Self::Tests,
        Self::Functions,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Figures => "figure",
            Self::Quantiles => "rule of quantiles",
            Self::Replicates => "replicate weights",
            Self::Weights => "fitted weights",
            Self::Intervals => "interval of a share",
            Self::Tests => "test",
            Self::Functions => "function",
        }
    }
}

impl Number {
    const ALL: [Self; 10] = [
        Self::Value,
        Self::Statistic,
        Self::StandardError,
        Self::ErrorOfZero,
        Self::DegreesOfFreedom,
        Self::DesignEffect,
        Self::Bases,
        Self::Limit,
        Self::P,
        Self::TinyP,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Statistic => "statistic",
            Self::StandardError => "standard error",
            Self::ErrorOfZero => "error that is 0",
            Self::DegreesOfFreedom => "df",
            Self::DesignEffect => "design effect",
            Self::Bases => "base",
            Self::Limit => "limits",
            Self::P => "p",
            Self::TinyP => "p under 1e-12",
        }
    }
}

/// The bounds and counts of a page's tables, by table, row and column.
fn on(page: &str) -> BTreeMap<[String; 3], (f64, usize)> {
    let mut found = BTreeMap::new();
    let mut head: Vec<&str> = Vec::new();
    for line in page.lines() {
        let Some(line) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else {
            head.clear();
            continue;
        };
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if head.is_empty() {
            head = cells;
            continue;
        }
        for (column, cell) in head.iter().zip(&cells).skip(1) {
            let Some((bound, count)) = cell.split_once(' ') else { continue };
            let count = count.trim_matches(['(', ')']).parse().expect("a count in brackets");
            let name = [head[0], cells[0], column].map(str::to_owned);
            found.insert(name, (bound.parse().expect("a bound"), count));
        }
    }
    found
}
