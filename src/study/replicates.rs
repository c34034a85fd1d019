//! Replicate weights: as typed in `[design.replicates]` and as meant.

use std::{cmp::Ordering, ops::Range};

use super::{
    Origin,
    reader::{Reader, Section, Typed, number_of},
};
use crate::diagnostic::{did_you_mean, quoted_list};

/// Replicate weights: the sample as it might also have come out, many times over. The spread of a figure over them is its
/// variance.
#[derive(Clone, Debug)]
pub struct Replicates {
    /// How they are, or were, made.
    pub method: Method,
    /// Where they come from.
    pub source: ReplicateSource,
    /// Fay's ρ: what is left of the weight of the half that is turned down.
    pub rho: f64,
    /// What the sum of squares is multiplied by, where the study says so.
    pub scale: Option<f64>,
    /// What the square of each replicate is multiplied by; empty for the default of the method, one for all alike.
    pub rscales: Vec<f64>,
    /// What squares are measured from.
    pub centre: Centre,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// How replicate weights are made, under the names of R's `svrepdesign`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Jackknife: one unit left out, of a sample without strata.
    Jk1,
    /// Stratified jackknife: one unit of a stratum left out.
    Jkn,
    /// Paired jackknife: in one stratum of two units one is dropped and the other doubled.
    Jk2,
    /// Balanced half-samples: one of the two units of each stratum is doubled, the other dropped.
    Brr,
    /// Balanced half-samples with Fay's ρ: weights times 2 - ρ and ρ.
    Fay,
    /// Bootstrap; made by this tool, that of Rao and Wu.
    Bootstrap,
    /// Successive differences.
    SuccessiveDifference,
    /// Anything else, with its own scales.
    Other,
}

/// Where replicate weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicateSource {
    /// Made of strata and units.
    Made {
        /// How many, where the method leaves it open.
        count: Option<usize>,
        /// The start of chance.
        seed: u64,
    },
    /// Read from columns of the responses.
    Columns {
        /// The columns; without data a pattern stands for numbered ones.
        names: Vec<String>,
        /// What they hold.
        holds: Holds,
    },
}

/// What a column of replicates holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Whole weights (the default).
    #[default]
    Weights,
    /// Factors of the weight.
    Factors,
}

/// What the squares of a replicate variance are measured from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Centre {
    /// The mean of the replicates (the default, as in R).
    #[default]
    Mean,
    /// The estimate from the full sample: a mean squared error.
    Estimate,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 8] = [
        Self::Jk1,
        Self::Jkn,
        Self::Jk2,
        Self::Brr,
        Self::Fay,
        Self::Bootstrap,
        Self::SuccessiveDifference,
        Self::Other,
    ];

    /// The name in study files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jk1 => "jk1",
            Self::Jkn => "jkn",
            Self::Jk2 => "jk2",
            Self::Brr => "brr",
            Self::Fay => "fay",
            Self::Bootstrap => "bootstrap",
            Self::SuccessiveDifference => "sdr",
            Self::Other => "other",
        }
    }

    /// Whether the scales follow from the number of replicates alone.
    fn has_fixed_scales(self) -> bool {
        matches!(self, Self::Jk2 | Self::Brr | Self::Fay | Self::SuccessiveDifference)
    }
}

impl Replicates {
    /// How many replicates there are where nothing says so, of methods that leave it open.
    pub const COUNT: usize = 500;

    /// The columns that are read; none where replicates are made.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        if let ReplicateSource::Columns { names, .. } = &self.source { names } else { &[] }
    }
}

/// `[design.replicates]` as typed.
#[derive(Clone, Debug)]
pub(super) struct ReplicatesSpec {
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
pub(super) struct Beside<'a> {
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
            columns: section.texts(reader, "columns"),
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
                let message = format!("`{name}` is {}, expected a number from 0", number.value);
                reader.error("out-of-range", number.span.clone(), message, None);
            }
        }
        let source = match &self.columns {
            Some(columns) => self.read_from(reader, method, columns, count, beside)?,
            None => self.made(reader, method, count, seed.unwrap_or(1) as u64, beside),
        };
        let rscales: Vec<f64> = self.rscales.iter().flat_map(|list| &list.value).map(|rscale| rscale.value).collect();
        Some(Replicates {
            method,
            source,
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
                let message = format!("`rho` is {}, expected a number from 0 to below 1", rho.value);
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
    ) -> Option<ReplicateSource> {
        let names = names(reader, columns, count.unwrap_or(Replicates::COUNT), beside)?;
        let holds = self.combined.as_ref().map_or(Holds::default(), |(_, holds)| *holds);
        let n = names.len();
        // Without data a pattern stands for as many as `count` says.
        if beside.columns.is_some() {
            if n < 2 {
                let message = format!("there is {n} column of replicate weights, expected two or more");
                reader.error("replicates", columns.span.clone(), message, None);
            }
            if let (Some(count), Some(typed)) = (count.filter(|count| *count != n), &self.count) {
                let message = format!("there are {n} columns of replicate weights, but `count` is {count}");
                let hint = Some(format!("they are {}", quoted_list(names.iter().map(String::as_str))));
                reader.error("replicates", typed.span.clone(), message, hint);
            }
            let scales = self.rscales.as_ref().filter(|scales| scales.value.len() > 1 && scales.value.len() != n);
            if let Some(scales) = scales {
                let message = format!("`rscales` has {} numbers for {n} replicates", scales.value.len());
                let hint = Some("write one number for each column in its order, or one for all".to_owned());
                reader.error("replicates", scales.span.clone(), message, hint);
            }
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
        Some(ReplicateSource::Columns { names, holds })
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
        let message = format!("`{key}` is {}, expected a whole number from {least} to {MOST}", typed.value);
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

/// The columns that names and patterns stand for; those of a pattern in natural order. `None` where one stands for none.
fn names(
    reader: &mut Reader,
    typed: &Typed<Vec<Typed<String>>>,
    count: usize,
    beside: &Beside<'_>,
) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut complete = true;
    for name in &typed.value {
        let Some(columns) = beside.columns else {
            match name.value.split_once('*') {
                Some((start, end)) => found.extend((1..=count).map(|number| format!("{start}{number}{end}"))),
                None => found.push(name.value.clone()),
            }
            continue;
        };
        let known = || columns.iter().map(String::as_str);
        let matching: Vec<&String> = if columns.contains(&name.value) {
            vec![&name.value]
        } else {
            let is_other = |column: &&String| beside.weight != Some(column.as_str());
            let mut matching: Vec<&String> =
                columns.iter().filter(|column| matches(&name.value, column)).filter(is_other).collect();
            matching.sort_by(|a, b| natural(a, b));
            matching
        };
        if matching.is_empty() {
            complete = false;
            let stem: String = name.value.chars().take_while(|letter| *letter != '*').collect();
            let begins =
                known().filter(|column| !stem.is_empty() && column.to_lowercase().starts_with(&stem.to_lowercase()));
            let near: Vec<String> = begins.take(3).map(|column| format!("`{column}`")).collect();
            let hint = did_you_mean(&name.value, known()).or_else(|| did_you_mean(&format!("{stem}1"), known()));
            let hint = if near.is_empty() { hint } else { Some(format!("near are {}", near.join(", "))) };
            let message = if name.value.contains('*') {
                format!("no column of the data matches `{}`", name.value)
            } else {
                format!("the data have no column `{}`", name.value)
            };
            reader.error("unknown-column", name.span.clone(), message, hint);
        }
        for column in matching {
            if found.contains(column) {
                let message = format!("column `{column}` is named twice as replicate weights");
                reader.error("listed-twice", name.span.clone(), message, None);
                return None;
            }
            found.push(column.clone());
        }
    }
    complete.then_some(found)
}

/// Whether a name fits a pattern in which `*` stands for any letters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((end, middle)) = parts.split_last() else { return true };
    for part in middle {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(end)
}

/// `rw2` comes before `rw10`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (next, against) = (run(left), run(right));
        let (digits, digits_too) = (next.trim_start_matches('0'), against.trim_start_matches('0'));
        let are_numbers = [next, against].iter().all(|run| run.starts_with(|letter: char| letter.is_ascii_digit()));
        let order = if are_numbers {
            digits.len().cmp(&digits_too.len()).then_with(|| digits.cmp(digits_too))
        } else {
            next.cmp(against)
        };
        if order != Ordering::Equal || next.is_empty() {
            return order;
        }
        (left, right) = (&left[next.len()..], &right[against.len()..]);
    }
}

/// The digits that a text begins with, or its first letter.
fn run(text: &str) -> &str {
    match text.find(|letter: char| !letter.is_ascii_digit()) {
        Some(0) => &text[..text.chars().next().map_or(0, char::len_utf8)],
        Some(end) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Holds, ReplicateSource, matches};
    use crate::{
        diagnostic::Diagnostics,
        study::{
            Study,
            resolve::{Catalog, resolve},
            spec::Spec,
        },
    };

    fn study(design: &str) -> Result<Study, Diagnostics> {
        let text =
            format!("[data]\nfile = \"a.csv\"\n[design]\n{design}\n[[question]]\nid = \"q\"\noptions = [\"1\"]\n");
        let (spec, problems) = Spec::parse("study.toml", &text);
        let columns = ["q", "w", "rw10", "rw2", "rw1", "stratum", "psu"].map(str::to_owned).to_vec();
        resolve(&spec, Path::new(""), &Catalog { columns: Some(columns), ..Catalog::default() }, problems)
    }

    fn complaint(design: &str) -> String {
        study(design).expect_err("a mistake").to_string()
    }

    #[test]
    fn a_pattern_stands_for_columns_in_natural_order() {
        let design = "weight = \"w\"\n[design.replicates]\ntype = \"brr\"\ncolumns = \"rw*\"\ncombined = false";
        let replicates = study(design).expect("in order").design.replicates.expect("replicates");
        let names = ["rw1", "rw2", "rw10"].map(str::to_owned).to_vec();
        assert_eq!(replicates.source, ReplicateSource::Columns { names, holds: Holds::Factors });
        for (pattern, name, fits) in [
            ("rw*", "rw", true),
            ("*w*", "rw1", true),
            ("r*1*0", "rw10", true),
            ("rw*1", "rw12", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said_with_a_way_out() {
        let table = "[design.replicates]\n";
        let near = complaint(&format!("weight = \"w\"\n{table}type = \"brr\"\ncolumns = \"rww*\""));
        assert!(near.contains("no column of the data matches `rww*`") && near.contains("rw1"), "{near}");
        for (design, part) in [
            ("type = \"fay\"\ncolumns = \"rw*\"", "need `rho`"),
            ("type = \"jkn\"\ncolumns = \"rw*\"", "need `rscales`"),
            ("type = \"jkn\"\ncolumns = \"rw*\"\nrscales = [1, 2]", "2 numbers for 3 replicates"),
            ("type = \"brr\"\ncolumns = \"rw*\"\ncount = 4", "`count` is 4"),
            ("type = \"brr\"\ncolumns = \"rw*\"\nscale = 2", "`scale` means nothing"),
            ("type = \"brr\"\ncolumns = [\"rw1\", \"rw*\"]", "named twice"),
            ("type = \"brr\"\ncolumns = \"rw*\"", "need the weight"),
            ("type = \"other\"", "cannot be made"),
            ("type = \"brr\"", "needs strata"),
            ("type = \"jk1\"\ncount = 3", "`count` means nothing"),
            ("columns = \"rw*\"", "has no `type`"),
            ("type = \"bootstrap\"\ncount = 1", "from 2"),
        ] {
            let found = complaint(&format!("{table}{design}"));
            assert!(found.contains(part), "{design}: {found}");
        }
        assert!(complaint(&format!("strata = \"stratum\"\n{table}type = \"jk1\"")).contains("use type = \"jkn\""));
        let domain = format!("degrees_of_freedom = \"domain\"\n{table}type = \"jk1\"");
        assert!(complaint(&domain).contains("degrees of freedom"), "{}", complaint(&domain));
    }
}
