//! Weighting, as meant: its variables beside the segments of the study, and the columns that it reads.

use std::path::Path;

use super::Resolver;
use crate::study::{Segment, Weighting, weighting::Known};

impl Resolver<'_> {
    /// The variables that only weighting reads.
    pub(super) fn weighting_variables(&mut self) -> Vec<Segment> {
        let spec = self.spec;
        let variables: Vec<_> = spec.weighting.iter().flat_map(|weighting| &weighting.variables).collect();
        for (index, variable) in variables.iter().enumerate().filter(|(_, variable)| !variable.id.value.is_empty()) {
            let id = &variable.id.value;
            if spec.segments.iter().any(|segment| segment.id.value == *id) {
                let message = format!("`{id}` is a segment already");
                let hint = "margins may name segments: leave the variable out, or give it another id and a `column`";
                self.reader.error("listed-twice", variable.id.span.clone(), message, Some(hint.to_owned()));
            } else if variables[..index].iter().any(|earlier| earlier.id.value == *id) {
                let message = format!("there are two variables `{id}`");
                self.reader.error("listed-twice", variable.id.span.clone(), message, None);
            }
        }
        variables.into_iter().map(|variable| self.segment(variable)).collect()
    }

    pub(super) fn weighting(&mut self, segments: &[Segment], own: Vec<Segment>, folder: &Path) -> Option<Weighting> {
        let spec = self.spec.weighting.as_ref()?;
        for (index, column) in spec.numbers.iter().filter_map(|number| number.column.as_ref()).enumerate() {
            self.column_exists(column);
            let mut earlier = spec.numbers.iter().filter_map(|number| number.column.as_ref()).take(index);
            if earlier.any(|earlier| earlier.value == column.value) {
                let message = format!("there are two numbers of column `{}`", column.value);
                self.reader.error("listed-twice", column.span.clone(), message, None);
            }
        }
        let known = Known {
            segments: segments.iter().cloned().chain(own).collect(),
            files: self.spec.target_files(),
            tables: &self.catalog.targets,
            folder,
        };
        let origin = self.origin(spec.span.clone());
        Some(spec.meant(&mut self.reader, &known, self.spec.design.like, origin))
    }
}
