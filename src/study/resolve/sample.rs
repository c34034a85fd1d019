//! How respondents were chosen: stages and replicates, as meant.

use super::Resolver;
use crate::study::{Chances, DegreesOfFreedom, Design, Origin, Replicates, Stage, reader::Typed, replicates::Beside};

impl Resolver<'_> {
    pub(super) fn design(&mut self) -> Design {
        let spec = &self.spec.design;
        let weight = self.design_column(spec.weight.as_ref());
        let stages = self.stages();
        Design {
            weight,
            stages,
            nested: spec.nested,
            chances: spec.chances,
            like: spec.like,
            lonely_unit: spec.definitions.lonely_unit,
            degrees_of_freedom: spec.definitions.degrees_of_freedom,
            design_effect: spec.definitions.design_effect,
            quantile_rule: spec.definitions.quantile_rule,
            quantile_interval: spec.definitions.quantile_interval,
            confidence: spec.confidence,
            interval: spec.definitions.interval,
            quantile: spec.definitions.quantile,
            replicates: self.replicates(),
        }
    }

    fn replicates(&mut self) -> Option<Replicates> {
        let design = &self.spec.design;
        let spec = design.replicates.as_ref()?;
        let beside = Beside {
            weight: design.weight.as_ref().map(|weight| weight.value.as_str()),
            has_strata: design.strata.first().is_some_and(|strata| !strata.value.is_empty()),
            unequal_chances: design.chances == Chances::Brewer,
            columns: self.catalog.columns.as_deref(),
        };
        if design.definitions.degrees_of_freedom != DegreesOfFreedom::Design {
            let message = "degrees of freedom of a domain are not known under replicate weights";
            let hint = Some("write degrees_of_freedom = \"design\": those of the whole design".to_owned());
            self.reader.error("replicates", design.span.clone(), message, hint);
        }
        let origin = self.origin(spec.span.clone());
        spec.meant(&mut self.reader, &beside, origin)
    }

    /// A list of columns has one for each stage, from the first on; an empty name is none.
    fn stages(&mut self) -> Vec<Stage> {
        let spec = &self.spec.design;
        let stages = [&spec.strata, &spec.units, &spec.fpc].map(Vec::len).into_iter().max().unwrap_or(0).max(1);
        let blank = (spec.units.iter().enumerate()).find(|(stage, name)| name.value.is_empty() && stage + 1 < stages);
        let lacking = (spec.units.len() + 1 < stages)
            .then(|| [&spec.strata, &spec.fpc].into_iter().filter_map(|list| list.last()));
        if let Some(name) = blank.map(|(_, name)| name).or_else(|| lacking?.next()) {
            let hint = Some(
                "units lists one column for each stage; only in the last stage may respondents be the units".to_owned(),
            );
            let message = format!("the sample has {stages} stages, but units for {} of them", spec.units.len());
            self.reader.error("stage-without-units", name.span.clone(), message, hint);
        }
        if spec.chances == Chances::Brewer && spec.fpc.is_empty() {
            let hint = Some("name the column with the chance of each unit: fpc = \"chance\"".to_owned());
            self.reader.error("no-chances", self.spec.design.span.clone(), "pps needs the chances of the units", hint);
        }
        if spec.chances == Chances::Brewer && spec.units.len() < stages {
            let hint = Some("name a column that tells units apart, such as a running number".to_owned());
            self.reader.error("no-units", self.spec.design.span.clone(), "pps needs units, each with its chance", hint);
        }
        let of = |list: &[Typed<String>], stage: usize| list.get(stage).filter(|name| !name.value.is_empty()).cloned();
        (0..stages)
            .map(|stage| Stage {
                strata: self.design_column(of(&spec.strata, stage).as_ref()),
                units: self.design_column(of(&spec.units, stage).as_ref()),
                fpc: self.design_column(of(&spec.fpc, stage).as_ref()),
            })
            .collect()
    }

    fn design_column(&mut self, typed: Option<&Typed<String>>) -> Option<(String, Origin)> {
        let typed = typed?;
        self.column_exists(typed);
        Some((typed.value.clone(), self.origin(typed.span.clone())))
    }
}
