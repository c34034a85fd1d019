//! `[design.replicates]` as typed, and what is wrong with it.

use std::ops::Range;

use super::{Centre, Holds, Method, ReplicateSource, Replicates, columns::names};
use crate::{
    diagnostic::{counted, first_few},
    study::{
        Origin,
        reader::{Reader, Section, Typed, number_of},
    },
};

/// `[design.replicates]` as typed.
#[derive(Clone, Debug)]
pub struct ReplicatesSpec {
    method: Option<Method>,
    columns: Option<Typed<Vec<Typed<String>>>>,
    count: Option<Typed<f64>>,
    seed: Option<Typed<f64>>,
    rho: Option<Typed<f64>>,
    scale: Option<Typed<f64>>,
    rscales: Option<Typed<Vec<Typed<f64>>>>,
    centre: Centre,
    combined: Option<(Range<usize>, Holds)>,
    pub span: Range<usize>,
}

/// What else the design says, as far as replicates must agree with it.
pub struct Beside<'a> {
    pub weight: Option<&'a str>,
    pub has_strata: bool,
    pub unequal_chances: bool,
    pub columns: Option<&'a [String]>,
}

impl ReplicatesSpec {
    /// Reads the table.
    pub fn read(reader: &mut Reader, design: &mut Section<'_>) -> Option<Self> {
        let mut section = design.section(reader, "replicates")?;
        let span = section.span.clone();
        let methods = Method::ALL.map(|method| (method.name(), method));
        if section.lacks("type") {
            let hint = Some("write type = \"brr\", or the type that the documentation of the weights names".to_owned());
            reader.error("replicates", span.clone(), "[design.replicates] has no `type`", hint);
        }
        let spec = Self {
            method: section.choice(reader, "type", &methods),
            columns: section.columns(reader, "columns"),
            count: section.number(reader, "count"),
            seed: section.number(reader, "seed"),
            rho: section.number(reader, "rho"),
            scale: section.number(reader, "scale"),
            rscales: rscales(reader, &mut section),
            centre: if section.flag(reader, "mse") { Centre::Estimate } else { Centre::Mean },
            combined: combined(reader, &mut section),
            span,
        };
        section.finish(reader);
        Some(spec)
    }

    /// The replicates as meant.
    pub fn meant(&self, reader: &mut Reader, beside: &Beside<'_>, origin: Origin) -> Option<Replicates> {
        let method = self.method?;
        let count = self.whole(reader, self.count.as_ref(), "count", 2.0);
        let seed = self.whole(reader, self.seed.as_ref(), "seed", 0.0);
        let rho = self.rho(reader, method);
        for (name, number) in [("scale", self.scale.as_ref())].into_iter().chain(self.typed_rscales()) {
            if let Some(number) = number.filter(|number| number.value < 0.0) {
                let message = format!("`{name}` is {}, expected a number from 0", reader.typed(number));
                reader.error("out-of-range", number.span.clone(), message, None);
            }
        }
        let (source, typed) = match &self.columns {
            Some(columns) => self.read_from(reader, method, columns, count, beside)?,
            None => (self.made(reader, method, count, seed.unwrap_or(1) as u64, beside), Vec::new()),
        };
        let rscales: Vec<f64> = self.rscales.iter().flat_map(|list| &list.value).map(|rscale| rscale.value).collect();
        Some(Replicates {
            method,
            source,
            typed,
            rho,
            scale: self.scale.as_ref().map(|scale| scale.value),
            rscales,
            centre: self.centre,
            origin,
        })
    }

    fn typed_rscales(&self) -> impl Iterator<Item = (&'static str, Option<&Typed<f64>>)> {
        self.rscales.iter().flat_map(|list| &list.value).map(|rscale| ("rscales", Some(rscale)))
    }

    fn rho(&self, reader: &mut Reader, method: Method) -> f64 {
        match (&self.rho, method) {
            (Some(rho), Method::Fay) if (0.0..1.0).contains(&rho.value) => return rho.value,
            (Some(rho), Method::Fay) => {
                let message = format!("`rho` is {}, expected a number from 0 to below 1", reader.typed(rho));
                reader.error("out-of-range", rho.span.clone(), message, Some("0.3 and 0.5 are usual".to_owned()));
            }
            (Some(rho), method) => self.needless(reader, &rho.span, "rho", method, "only Fay's method has one"),
            (None, Method::Fay) => {
                let hint = Some("write the ρ of the weights' documentation, such as rho = 0.3".to_owned());
                reader.error("replicates", self.span.clone(), "replicates of type `fay` need `rho`", hint);
            }
            _ => {}
        }
        0.0
    }

    fn made(
        &self,
        reader: &mut Reader,
        method: Method,
        count: Option<usize>,
        seed: u64,
        beside: &Beside<'_>,
    ) -> ReplicateSource {
        let mut refuse = |message: String, hint: &str| {
            reader.error("replicates", self.span.clone(), message, Some(hint.to_owned()));
        };
        let name = method.name();
        match method {
            Method::Other => refuse(
                "replicates of type `other` cannot be made".to_owned(),
                "name the columns of the weights: columns = \"rw*\"",
            ),
            Method::Jk1 if beside.has_strata => refuse(
                "`jk1` is for samples without strata, but [design] names `strata`".to_owned(),
                "use type = \"jkn\"",
            ),
            Method::Jk2 | Method::Brr | Method::Fay if !beside.has_strata => refuse(
                format!("`{name}` needs strata of two units, but [design] names no `strata`"),
                "name the column of strata, or use type = \"jk1\"",
            ),
            _ => {}
        }
        if beside.unequal_chances {
            refuse(
                "replicates cannot be made of units with unequal chances".to_owned(),
                "leave out pps and fpc: then units count as chosen with replacement",
            );
        }
        let has_count = matches!(method, Method::Bootstrap | Method::SuccessiveDifference);
        if let Some(count) = self.count.as_ref().filter(|_| !has_count) {
            self.needless(reader, &count.span, "count", method, "how many there are follows from strata and units");
        }
        if let Some(seed) = self.seed.as_ref().filter(|_| !matches!(method, Method::Bootstrap | Method::Jk2)) {
            self.needless(reader, &seed.span, "seed", method, "no chance is in it");
        }
        let why = "made replicates bring their scales";
        if let Some(scale) = &self.scale {
            self.needless(reader, &scale.span, "scale", method, why);
        }
        if let Some(rscales) = &self.rscales {
            self.needless(reader, &rscales.span, "rscales", method, why);
        }
        if let Some((span, _)) = &self.combined {
            self.needless(reader, span, "combined", method, "it says what columns hold");
        }
        ReplicateSource::Made { count, seed }
    }

    fn read_from(
        &self,
        reader: &mut Reader,
        method: Method,
        columns: &Typed<Vec<Typed<String>>>,
        count: Option<usize>,
        beside: &Beside<'_>,
    ) -> Option<(ReplicateSource, Vec<(String, Origin)>)> {
        let names = names(reader, columns, count.unwrap_or(Replicates::COUNT), beside);
        let holds = self.combined.as_ref().map_or(Holds::default(), |(_, holds)| *holds);
        // Without data a pattern stands for as many as `count` says.
        if let (Some(names), Some(_)) = (&names, beside.columns) {
            self.counts_agree(reader, columns, count, names);
        }
        if beside.weight.is_none() && holds == Holds::Weights {
            let hint =
                Some("add weight = \"...\" to [design]: estimates themselves come from the full weight".to_owned());
            reader.error("replicates", columns.span.clone(), "replicate weights need the weight beside them", hint);
        }
        if let Some(seed) = &self.seed {
            self.needless(reader, &seed.span, "seed", method, "columns hold what chance has made");
        }
        if method.has_fixed_scales() {
            let why = "its scales follow from the number of replicates; use type = \"other\" for your own";
            if let Some(scale) = &self.scale {
                self.needless(reader, &scale.span, "scale", method, why);
            }
            if let Some(rscales) = &self.rscales {
                self.needless(reader, &rscales.span, "rscales", method, why);
            }
        }
        if method == Method::Jkn && self.rscales.is_none() {
            let hint = Some(
                "write (n - 1) / n for each column, n being the units of the stratum in which it drops one".to_owned(),
            );
            reader.error("replicates", self.span.clone(), "columns of type `jkn` need `rscales`", hint);
        }
        let typed = |typed: &Typed<String>| (typed.value.clone(), Origin(reader.place(typed.span.clone())));
        let (names, typed) = names?.into_iter().map(|(name, by)| (name, typed(by))).unzip();
        Some((ReplicateSource::Columns { names, holds }, typed))
    }

    fn counts_agree(
        &self,
        reader: &mut Reader,
        columns: &Typed<Vec<Typed<String>>>,
        count: Option<usize>,
        names: &[(String, &Typed<String>)],
    ) {
        let n = names.len();
        if n < 2 {
            let names = first_few(columns.value.iter().map(|name| name.value.as_str()));
            let message = format!("there is {n} column of replicate weights by {names}, expected two or more");
            let hint = Some("a pattern such as \"rw*\" stands for all that are called so".to_owned());
            reader.error("replicates", columns.span.clone(), message, hint);
        }
        if let (Some(count), Some(typed)) = (count.filter(|count| *count != n), &self.count) {
            let message = format!("there are {} of replicate weights, but `count` is {count}", counted(n, "column"));
            let hint = Some(format!("they are {}", first_few(names.iter().map(|(name, _)| name.as_str()))));
            reader.error("replicates", typed.span.clone(), message, hint);
        }
        let scales = self.rscales.as_ref().filter(|scales| scales.value.len() > 1 && scales.value.len() != n);
        if let Some(scales) = scales {
            let message = format!("`rscales` has {} for {n} replicates", counted(scales.value.len(), "number"));
            let hint = Some("write one number for each column in its order, or one for all".to_owned());
            reader.error("replicates", scales.span.clone(), message, hint);
        }
    }

    fn needless(&self, reader: &mut Reader, span: &Range<usize>, key: &str, method: Method, why: &str) {
        let message = format!("`{key}` means nothing for these replicates of type `{}`", method.name());
        reader.error("replicates", span.clone(), message, Some(why.to_owned()));
    }

    fn whole(&self, reader: &mut Reader, typed: Option<&Typed<f64>>, key: &str, least: f64) -> Option<usize> {
        const MOST: f64 = 1e6;
        let typed = typed?;
        if typed.value >= least && typed.value <= MOST && typed.value.fract() == 0.0 {
            return Some(typed.value as usize);
        }
        let message = format!("`{key}` is {}, expected a whole number from {least} to {MOST}", reader.typed(typed));
        reader.error("out-of-range", typed.span.clone(), message, None);
        None
    }
}

/// One number, or a list.
fn rscales(reader: &mut Reader, section: &mut Section<'_>) -> Option<Typed<Vec<Typed<f64>>>> {
    let (_, value) = section.take("rscales")?;
    let numbers = match value.get_ref() {
        toml::de::DeValue::Array(items) => items.iter().filter_map(|item| number_of(reader, item, "rscales")).collect(),
        _ => number_of(reader, value, "rscales").into_iter().collect(),
    };
    Some(Typed { value: numbers, span: value.span() })
}

fn combined(reader: &mut Reader, section: &mut Section<'_>) -> Option<(Range<usize>, Holds)> {
    let given = section.span_of("combined");
    let holds = if section.flag(reader, "combined") { Holds::Weights } else { Holds::Factors };
    given.map(|span| (span, holds))
}
