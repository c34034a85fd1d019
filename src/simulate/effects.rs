//! How answers differ between groups of respondents: invented, but the same for every seed.

use super::chance::bell_of;

/// A way in which respondents are alike: a segment, a stratum, a primary sampling unit.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub id: String,
    /// Position of the segment that it is, if it is one.
    pub segment: Option<usize>,
    /// The names of its levels.
    pub levels: Vec<String>,
    /// In what way its levels differ.
    pub spread: Spread,
}

/// In what way the levels of a group differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Each from each a little.
    Unordered,
    /// A mild trend and less of anything else.
    Ordered,
    /// Like neighbours who think alike: gives a design effect above 1.
    Cluster,
}

/// What the options of a choice, in order, gain in each level of each group that is known so far.
#[derive(Clone, Debug)]
pub struct Effects {
    width: usize,
    /// For each group, `width` logits for each level, and zeros for respondents of no level.
    tables: Vec<Vec<f64>>,
}

impl Effects {
    /// Effects for the `options` of a question; an option without a name has none. `lean` are segments and how much
    /// the first option rises from their first to their last level.
    pub fn new(question: &str, options: &[Option<&str>], groups: &[Group], lean: &[(usize, f64)]) -> Self {
        let tables = groups.iter().map(|group| {
            let strength: f64 =
                lean.iter().filter(|(segment, _)| group.segment == Some(*segment)).map(|(_, strength)| strength).sum();
            let mut table = Vec::with_capacity((group.levels.len() + 1) * options.len());
            for level in 0..group.levels.len() {
                for (index, option) in options.iter().enumerate() {
                    let own = option.map_or(0.0, |option| group.effect(question, option, level));
                    table.push(if index == 0 { own + strength * group.position(level) } else { own });
                }
            }
            table.resize(table.len() + options.len(), 0.0);
            table
        });
        Self { width: options.len(), tables: tables.collect() }
    }

    /// Adds what a respondent's groups say to `logits`; `levels` has one column for each group.
    pub fn add(&self, levels: &[Vec<u16>], row: usize, logits: &mut [f64]) {
        for (table, levels) in self.tables.iter().zip(levels) {
            let start = usize::from(levels[row]) * self.width;
            for (logit, effect) in logits.iter_mut().zip(&table[start..]) {
                *logit += effect;
            }
        }
    }
}

impl Group {
    fn effect(&self, question: &str, option: &str, level: usize) -> f64 {
        let own = bell_of(&[question, option, &self.id, &self.levels[level]]);
        match self.spread {
            Spread::Unordered => 0.15 * own,
            Spread::Ordered => 0.06 * own + 0.4 * bell_of(&[question, option, &self.id]) * (self.position(level) - 0.5),
            Spread::Cluster => 0.3 * own,
        }
    }

    /// 0 for the first level, 1 for the last.
    fn position(&self, level: usize) -> f64 {
        level as f64 / (self.levels.len() - 1).max(1) as f64
    }
}
