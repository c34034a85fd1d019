//! A margin from as typed to as meant.

use std::{collections::HashMap, path::Path};

use super::{
    Margin, TargetFile, TargetTable, Unknown,
    targets::{Shares, Targets, Unit},
    typed::{MarginSpec, TargetsSpec},
};
use crate::{
    diagnostic::{did_you_mean, quoted_list},
    study::{
        Origin, Segment,
        reader::{Reader, Typed},
    },
};

/// What margins can name, and what was found in the files that they name.
pub struct Known<'a> {
    /// The segments of the study, and after them the variables that only weighting reads.
    pub segments: Vec<Segment>,
    /// The files that margins name.
    pub files: Vec<TargetFile>,
    /// What was found in them, by the position of the margin.
    pub tables: &'a HashMap<usize, Option<TargetTable>>,
    /// The folder of the study file.
    pub folder: &'a Path,
}

/// Variables of margins as they are first named, each with the rule for those of unknown level where a margin has one.
pub type Variables = Vec<(Segment, Option<Typed<Unknown>>)>;

impl MarginSpec {
    /// The margin as meant; its variables are added to those of earlier ones.
    pub fn meant(
        &self,
        reader: &mut Reader,
        index: usize,
        known: &Known<'_>,
        variables: &mut Variables,
    ) -> Option<Margin> {
        let segments = self.segments(reader, &known.segments)?;
        let indices = segments.iter().map(|segment| self.variable(reader, segment, variables)).collect();
        // A level that could not be read has been complained of, and may be any.
        if segments.iter().any(|segment| segment.levels().iter().any(|level| level.code.is_empty())) {
            return None;
        }
        let name = self.by.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(" × ");
        let (targets, given) = self.shares(reader, index, known, &segments, &name)?;
        let file = known.files.iter().find(|file| file.margin == index).map(|file| known.folder.join(&file.file));
        let origin = Origin(reader.place(self.span.clone()));
        let (source, date) = (self.source.clone(), self.date.clone());
        Some(Margin { variables: indices, targets, given, file, source, date, origin })
    }

    fn segments<'a>(&self, reader: &mut Reader, segments: &'a [Segment]) -> Option<Vec<&'a Segment>> {
        let mut found: Vec<&Segment> = Vec::new();
        for name in &self.by {
            let Some(segment) = segments.iter().find(|segment| segment.id == name.value) else {
                let ids = || segments.iter().map(|segment| segment.id.as_str()).filter(|id| !id.is_empty());
                if name.value.trim().is_empty() {
                    reader.error("empty", name.span.clone(), "this is empty, expected the id of a segment", None);
                    continue;
                }
                // One whose id could not be read may be any.
                if segments.iter().any(|segment| segment.id.is_empty()) {
                    continue;
                }
                let hint = did_you_mean(&name.value, ids()).unwrap_or_else(|| {
                    let add = "add a [[segment]], or a [[weighting.variable]] that only weighting reads";
                    format!("there are {}; {add}", quoted_list(ids()))
                });
                let message = format!("there is no segment `{}`", name.value);
                reader.error("unknown-id", name.span.clone(), message, Some(hint));
                continue;
            };
            if found.iter().any(|known| known.id == segment.id) {
                let message = format!("segment `{}` is crossed with itself", segment.id);
                reader.error("listed-twice", name.span.clone(), message, None);
            }
            found.push(segment);
        }
        (found.len() == self.by.len() && !found.is_empty()).then_some(found)
    }

    /// The position of a variable, which is added where no earlier margin names it; margins must agree on its rule.
    fn variable(&self, reader: &mut Reader, segment: &Segment, variables: &mut Variables) -> usize {
        let Some(index) = variables.iter().position(|(known, _)| known.id == segment.id) else {
            variables.push((segment.clone(), self.unknown.clone()));
            return variables.len() - 1;
        };
        match (&variables[index].1, &self.unknown) {
            (Some(earlier), Some(own)) if earlier.value != own.value => {
                let message = format!(
                    "`unknown` is `{}` here, but another margin says `{}` for `{}`",
                    own.value.name(),
                    earlier.value.name(),
                    segment.id
                );
                let hint = "whose level is not known is one group of people: write the same in both margins";
                reader.error("weighting", own.span.clone(), message, Some(hint.to_owned()));
            }
            (None, Some(own)) => variables[index].1 = Some(own.clone()),
            _ => {}
        }
        index
    }

    fn shares(
        &self,
        reader: &mut Reader,
        index: usize,
        known: &Known<'_>,
        segments: &[&Segment],
        name: &str,
    ) -> Shares {
        let file = match self.targets.as_ref()? {
            TargetsSpec::Here { tree, are_totals } => {
                let unit = if *are_totals { Unit::People } else { Unit::Percent };
                return Targets::new(reader, segments, name, tree.span.clone())?.of_tree(&tree.value, unit);
            }
            TargetsSpec::File(file) | TargetsSpec::Reference { file, .. } => file,
        };
        let place = known.files.iter().find(|file| file.margin == index);
        let (Some(place), Some(table)) = (place, known.tables.get(&index)) else {
            let message = format!("the targets in {} have not been read", file.value);
            reader.error("target-file", file.span.clone(), message, None);
            return None;
        };
        Targets::new(reader, segments, name, file.span.clone())?.of_table(place, table.as_ref()?)
    }
}
