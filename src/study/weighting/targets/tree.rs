//! Targets in a table of the study file.

use super::{Amount, Shares, Targets, Unit, decimals_of, level_of};
use crate::study::{
    Segment,
    reader::Typed,
    weighting::typed::{Branch, Holding},
};

impl Targets<'_> {
    /// Takes them from a table of the study file.
    pub fn of_tree(mut self, tree: &[Branch], unit: Unit) -> Shares {
        let before = self.reader.problems.iter().count();
        self.branches(tree, 0, 0);
        self.complete(before, "")?;
        self.shares(unit)
    }

    fn branches(&mut self, branches: &[Branch], depth: usize, cell: usize) {
        let segment = self.segments[depth];
        let is_last = depth + 1 == self.segments.len();
        let mut seen = Vec::new();
        for Branch { code, holds } in branches {
            let Some(level) = self.level(segment, code) else { continue };
            if seen.contains(&level) {
                let message = format!("margin `{}` has two targets for `{}`", self.name, code.value);
                self.reader.error("listed-twice", code.span.clone(), message, None);
            }
            seen.push(level);
            let cell = cell * segment.levels().len() + level;
            match holds {
                Holding::Branches(inner) if !is_last => self.branches(inner, depth + 1, cell),
                Holding::Amount(amount) if is_last => {
                    let typed = self.reader.typed(amount).to_owned();
                    let of = format!("`{}`", code.value);
                    if self.is_possible(amount.value, &typed, &of, amount.span.clone()) {
                        let decimals = decimals_of(&typed.replace('_', ""), '.');
                        self.cells[cell] = Some(Amount { value: amount.value, decimals });
                    }
                }
                Holding::Amount(amount) => {
                    let next = self.segments[depth + 1];
                    let example = next.levels().first().map_or("level", |level| level.code.as_str());
                    let message =
                        format!("`{}` has one number, expected one for each level of `{}`", code.value, next.id);
                    let hint = format!("write {:?} = {{ {example:?} = ..., ... }}", code.value);
                    self.reader.error("margin", amount.span.clone(), message, Some(hint));
                }
                Holding::Branches(_) => {
                    let message = format!("`{}` has a table, expected a number", code.value);
                    let hint = format!("margin `{}` crosses {} segments; name more in `by`", self.name, depth + 1);
                    self.reader.error("margin", code.span.clone(), message, Some(hint));
                }
                Holding::Broken => self.is_broken = true,
            }
        }
    }

    fn level(&mut self, segment: &Segment, code: &Typed<String>) -> Option<usize> {
        let level = level_of(segment, &code.value);
        if level.is_none() {
            let message = format!("segment `{}` has no level `{}`", segment.id, code.value);
            let hint = self.hint_of_level(segment, &code.value);
            self.reader.error("unknown-level", code.span.clone(), message, Some(hint));
        }
        level
    }
}
