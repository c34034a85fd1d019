//! Whether margins agree with each other and with the population.

use super::{Given, Margin, Weighting, targets::short};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    study::reader::{Reader, Typed},
};

/// Fills in the population from margins that are numbers of people, and complains where margins disagree.
pub fn population(reader: &mut Reader, mut weighting: Weighting, typed: Option<&Typed<f64>>) -> Weighting {
    let said = typed.map(|typed| (typed.value, "`population`".to_owned()));
    let mut known = said.filter(|(people, _)| *people > 0.0);
    for margin in &weighting.margins {
        let Some(sum) = margin.given.people() else { continue };
        let name = weighting.name_of(margin);
        match &known {
            None => known = Some((sum, format!("margin `{name}`"))),
            Some((people, who)) if (sum / people - 1.0).abs() > Weighting::ROUNDING => {
                let message = format!(
                    "the totals of margin `{name}` add up to {}, but {who} says {}",
                    short(sum),
                    short(*people)
                );
                let hint = "both are the same people; totals in thousands must all be written out";
                reader.problems.push(Diagnostic::error("targets-sum", margin.origin.0.clone(), message).hint(hint));
            }
            Some(_) => {}
        }
    }
    weighting.population = known.map(|(people, _)| people);
    for Disagreement { margin, message, is_contradiction } in weighting.disagreements() {
        if is_contradiction {
            let place = weighting.margins[margin].origin.0.clone();
            let hint = "no weights meet both; are they of the same population, date and region?";
            reader.problems.push(Diagnostic::error("margins-disagree", place, message).hint(hint));
        }
    }
    weighting
}

/// What two margins say differently.
struct Disagreement {
    /// The later margin, as an index.
    margin: usize,
    message: String,
    /// Whether more than rounding, between tables of the whole population.
    is_contradiction: bool,
}

impl Weighting {
    /// Warnings of targets that were made to add up, or that agree with those of another margin only nearly.
    #[must_use]
    pub fn rounding(&self) -> Diagnostics {
        /// Below the last digit of any table.
        const NOISE: f64 = 1e-6;
        let mut warnings = Diagnostics::default();
        for margin in &self.margins {
            let name = self.name_of(margin);
            let (message, hint) = match (margin.given, self.population) {
                (Given::Percent(sum), _) if (sum / 100.0 - 1.0).abs() > NOISE => (
                    format!("the targets of margin `{name}` add up to {}%", short(sum)),
                    "they were multiplied so that they add up to 100%: rounding explains the difference",
                ),
                (Given::Totals(sum), Some(people)) if (sum / people - 1.0).abs() > NOISE => (
                    format!("the totals of margin `{name}` add up to {}, not to {}", short(sum), short(people)),
                    "they were multiplied so that they add up to the population",
                ),
                _ => continue,
            };
            warnings.push(Diagnostic::warning("targets-sum", margin.origin.0.clone(), message).hint(hint));
        }
        for Disagreement { margin, message, .. } in self.disagreements() {
            let hint = "weights can meet both only as nearly; take one table for both margins, or cross them";
            let place = self.margins[margin].origin.0.clone();
            warnings.push(Diagnostic::warning("margins-disagree", place, message).hint(hint));
        }
        warnings
    }

    /// For each pair of margins that share variables where they differ most in what they say of these, if they do.
    fn disagreements(&self) -> Vec<Disagreement> {
        const NOISE: f64 = 1e-9;
        let mut found = Vec::new();
        for (later, margin) in self.margins.iter().enumerate() {
            for earlier in &self.margins[..later] {
                let shared = margin.variables.iter().filter(|variable| earlier.variables.contains(variable));
                let shared: Vec<usize> = shared.copied().collect();
                if shared.is_empty() {
                    continue;
                }
                let pairs = self.implied(earlier, &earlier.targets, &shared).into_iter().zip(self.implied(
                    margin,
                    &margin.targets,
                    &shared,
                ));
                let differences = pairs.enumerate().map(|(cell, (one, other))| (cell, one, other));
                let most = differences.max_by(|a, b| (a.1 - a.2).abs().total_cmp(&(b.1 - b.2).abs()));
                let Some((cell, one, other)) = most.filter(|(_, one, other)| (one - other).abs() > NOISE) else {
                    continue;
                };
                let message = format!(
                    "margins `{}` and `{}` give `{}` {}% and {}%",
                    self.name_of(earlier),
                    self.name_of(margin),
                    self.codes(&shared, cell),
                    short(one * 100.0),
                    short(other * 100.0)
                );
                // A survey leaves out, for each margin, those whose levels it does not know.
                let is_counted = [earlier, margin].iter().any(|margin| matches!(margin.given, Given::Reference(_)));
                let is_contradiction = (one - other).abs() > Self::ROUNDING && !is_counted;
                found.push(Disagreement { margin: later, message, is_contradiction });
            }
        }
        found
    }

    /// The targets of each margin where all say the same of variables that they share: what the first says of them. Tables
    /// that are rounded could not be met together.
    #[must_use]
    pub fn agreed(&self) -> Vec<Vec<f64>> {
        /// Of two margins one round does; of more that cross each other these bring all together.
        const ROUNDS: usize = 200;
        let mut agreed: Vec<Vec<f64>> = Vec::new();
        for margin in &self.margins {
            let mut shares = margin.targets.clone();
            let shared = |earlier: &Margin| -> Vec<usize> {
                earlier.variables.iter().copied().filter(|variable| margin.variables.contains(variable)).collect()
            };
            let earlier = self.margins.iter().zip(&agreed).map(|(earlier, fixed)| {
                let shared = shared(earlier);
                (self.implied(earlier, fixed, &shared), shared)
            });
            let earlier: Vec<(Vec<f64>, Vec<usize>)> = earlier.filter(|(_, shared)| !shared.is_empty()).collect();
            for _ in 0..if earlier.len() > 1 { ROUNDS } else { 1 } {
                for (fixed, shared) in &earlier {
                    let own = self.implied(margin, &shares, shared);
                    for (cell, share) in shares.iter_mut().enumerate() {
                        let place = self.place(margin, cell, shared);
                        *share *= fixed[place] / own[place];
                    }
                }
            }
            agreed.push(shares);
        }
        agreed
    }

    /// The shares of crossed levels of some of a margin's variables.
    fn implied(&self, margin: &Margin, targets: &[f64], shared: &[usize]) -> Vec<f64> {
        let levels = |variable: &usize| self.variables[*variable].segment.levels().len();
        let mut shares = vec![0.0; shared.iter().map(levels).product()];
        for (cell, share) in targets.iter().enumerate() {
            shares[self.place(margin, cell, shared)] += share;
        }
        shares
    }

    /// Where a cell of a margin stands among the crossed levels of some of its variables.
    fn place(&self, margin: &Margin, cell: usize, shared: &[usize]) -> usize {
        let levels = |variable: usize| self.variables[variable].segment.levels().len();
        let mut rest = cell;
        let mut level_of = vec![0; self.variables.len()];
        for variable in margin.variables.iter().rev() {
            level_of[*variable] = rest % levels(*variable);
            rest /= levels(*variable);
        }
        shared.iter().fold(0, |place, variable| place * levels(*variable) + level_of[*variable])
    }

    fn codes(&self, variables: &[usize], cell: usize) -> String {
        let mut rest = cell;
        let mut codes = Vec::new();
        for variable in variables.iter().rev() {
            let levels = self.variables[*variable].segment.levels();
            codes.push(levels[rest % levels.len()].code.as_str());
            rest /= levels.len();
        }
        codes.reverse();
        codes.join(" × ")
    }
}
