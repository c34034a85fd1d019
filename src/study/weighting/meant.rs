//! `[weighting]` from as typed to as meant.

use std::ops::RangeInclusive;

use super::{
    Margin, Method, Number, NumberTarget, Residuals, Trim, Unknown, Variable, Weighting, agreement,
    margin::{Known, Variables},
    typed::{NumberSpec, TrimSpec, WeightingSpec},
};
use crate::{
    diagnostic::{Diagnostic, did_you_mean, quoted_list},
    study::{
        Origin, Segment, System,
        reader::{Reader, Typed},
        spec::MissingSpec,
    },
};

impl WeightingSpec {
    /// The weighting as meant, in a study that is like a system.
    pub fn meant(&self, reader: &mut Reader, known: &Known<'_>, like: Option<System>, origin: Origin) -> Weighting {
        let method = self.method.unwrap_or_default();
        let mut variables = Variables::new();
        let margins = self.margins.iter().enumerate();
        let margins: Vec<Margin> =
            margins.filter_map(|(index, spec)| spec.meant(reader, index, known, &mut variables)).collect();
        let variable = |(segment, unknown): (Segment, Option<Typed<Unknown>>)| Variable {
            segment,
            unknown: unknown.map(|typed| typed.value).unwrap_or_default(),
        };
        let mut weighting = Weighting {
            method,
            bounds: self.bounds(reader, method),
            population: self.population.as_ref().map(|population| population.value),
            variables: variables.into_iter().map(variable).collect(),
            margins,
            numbers: self.numbers.iter().filter_map(|number| number.meant(reader)).collect(),
            trim: self.trim.as_ref().and_then(|trim| trim.meant(reader)),
            residuals: Residuals::default(),
            origin,
        };
        if let Some(system) = like {
            weighting.follow(system);
        }
        self.residuals(reader, &mut weighting);
        self.says_something(reader);
        self.method_fits(reader, method);
        same_margins(reader, &weighting);
        self.variables_are_used(reader);
        agreement::population(reader, weighting, self.population.as_ref())
    }

    fn says_something(&self, reader: &mut Reader) {
        const PEOPLE: RangeInclusive<f64> = 1.0..=1e15;
        if self.says_nothing && self.margins.is_empty() && self.numbers.is_empty() {
            let hint = "add [[weighting.margin]] with by = \"age\" and targets = { ... }";
            let message = "[weighting] has no margin, so nothing that weights could agree with";
            reader.error("weighting", self.span.clone(), message, Some(hint.to_owned()));
        }
        if let Some(population) = self.population.as_ref().filter(|population| !PEOPLE.contains(&population.value)) {
            let message = format!("`population` is {}, expected 1 or more people", reader.typed(population));
            let hint = "the number of people whom the weights stand for".to_owned();
            reader.error("out-of-range", population.span.clone(), message, Some(hint));
        }
    }

    fn bounds(&self, reader: &mut Reader, method: Method) -> Option<[f64; 2]> {
        let Some(bounds) = &self.bounds else {
            if method == Method::Logit {
                let hint = Some("write bounds = [0.3, 3]: the lowest and the highest factor of a weight".to_owned());
                reader.error("weighting", self.span.clone(), "the method `logit` needs `bounds`", hint);
            }
            return None;
        };
        if !method.is_calibration() && !self.has_unknown_method {
            let hint = match method {
                Method::Raking => {
                    "method = \"exponential\" meets the same margins with bounds; [weighting.trim] cuts final weights"
                }
                _ => "with one cell for each factor there is no choice; [weighting.trim] cuts final weights",
            };
            let message = format!("`bounds` mean nothing for the method `{}`", method.name());
            reader.error("weighting", bounds.span.clone(), message, Some(hint.to_owned()));
        }
        pair_around_one(reader, bounds, "factors of the base weights, the lowest and the highest: [0.3, 3]")
    }

    /// Those of respondents are what R's `rake` takes, so there are none where it has no such weights.
    fn residuals(&self, reader: &mut Reader, weighting: &mut Weighting) {
        let Some(residuals) = &self.residuals else { return };
        weighting.residuals = residuals.value;
        if residuals.value == Residuals::BaseWeights || self.has_unknown_method {
            return;
        }
        if let Some(other) = weighting.not_of_rake() {
            let message = format!("residuals = \"respondents\" is as in R's `rake`, which has no {other}");
            let hint = "leave `residuals` out: base weights are what `calibrate` takes, which does the rest in R";
            reader.error("weighting", residuals.span.clone(), message, Some(hint.to_owned()));
        }
    }

    fn method_fits(&self, reader: &mut Reader, method: Method) {
        if method.is_calibration() || self.has_unknown_method {
            return;
        }
        if let (Method::PostStratification, Some(second)) = (method, self.margins.get(1)) {
            let message = format!("post-stratification has one margin, but [weighting] has {}", self.margins.len());
            let hint = "cross the segments in one margin, by = [\"age\", \"sex\"], or write method = \"raking\"";
            reader.error("weighting", second.span.clone(), message, Some(hint.to_owned()));
        }
        for number in &self.numbers {
            let message = format!("the method `{}` cannot meet the mean or total of a number", method.name());
            let hint = "write method = \"linear\", \"exponential\" or \"logit\"; or make bands of it, as a variable";
            reader.error("weighting", number.place(), message, Some(hint.to_owned()));
        }
    }

    /// Nothing is read of a person for nothing.
    fn variables_are_used(&self, reader: &mut Reader) {
        let named: Vec<&str> =
            self.margins.iter().flat_map(|margin| &margin.by).map(|name| name.value.as_str()).collect();
        for variable in self.variables.iter().filter(|variable| !variable.id.value.is_empty()) {
            if !named.contains(&variable.id.value.as_str()) {
                let message = format!("no margin names the variable `{}`", variable.id.value);
                let hint = did_you_mean(&variable.id.value, named.iter().copied())
                    .unwrap_or_else(|| format!("add [[weighting.margin]] with by = {:?}", variable.id.value));
                reader.error("weighting", variable.id.span.clone(), message, Some(hint));
            }
        }
    }
}

impl NumberSpec {
    fn place(&self) -> std::ops::Range<usize> {
        self.column.as_ref().map_or(self.span.clone(), |column| column.span.clone())
    }

    fn meant(&self, reader: &mut Reader) -> Option<Number> {
        let target = match (&self.mean, &self.total) {
            (Some(mean), None) => Some(NumberTarget::Mean(mean.value)),
            (None, Some(total)) => Some(NumberTarget::Total(total.value)),
            (mean, _) => {
                if mean.is_some() || self.lacks_target {
                    let has = if mean.is_some() { "both `mean` and `total`" } else { "neither `mean` nor `total`" };
                    let message = format!("this [[weighting.number]] has {has}");
                    let hint = "write mean = 2450.0, or total = ... over the whole population";
                    reader.error("weighting", self.place(), message, Some(hint.to_owned()));
                }
                None
            }
        };
        let Some(column) = &self.column else {
            let hint = Some("write column = \"income\"".to_owned());
            reader.error("weighting", self.span.clone(), "this [[weighting.number]] names no `column`", hint);
            return None;
        };
        Some(Number {
            column: column.value.clone(),
            target: target?,
            missing: self.missing.iter().map(MissingSpec::meant).collect(),
            origin: Origin(reader.place(column.span.clone())),
        })
    }
}

impl TrimSpec {
    fn meant(&self, reader: &mut Reader) -> Option<Trim> {
        const WAYS: &str = "write one of bounds = [0.2, 5], quantiles = [0.01, 0.99], design_effect = 1.5";
        let given: Vec<&str> = [
            ("bounds", self.bounds.is_some()),
            ("quantiles", self.quantiles.is_some()),
            ("design_effect", self.design_effect.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, is_given)| is_given.then_some(key))
        .collect();
        if given.len() > 1 || self.lacks_way {
            let message = match given.len() {
                0 => "[weighting.trim] does not say how to trim".to_owned(),
                _ => format!("[weighting.trim] has {}: weights are trimmed in one way", quoted_list(given)),
            };
            reader.error("weighting", self.span.clone(), message, Some(WAYS.to_owned()));
            return None;
        }
        if let Some(bounds) = &self.bounds {
            let pair = pair_around_one(reader, bounds, "multiples of the mean weight: [0.2, 5]")?;
            return Some(Trim::Bounds(pair));
        }
        if let Some(quantiles) = &self.quantiles {
            let [low, high] = pair(reader, quantiles, "two quantiles: [0.01, 0.99]")?;
            if low < 0.0 || high > 1.0 {
                let message = format!("`quantiles` is {}, expected parts from 0 to 1", reader.typed(quantiles));
                let hint = "[0.01, 0.99] trims the hundredth part on either side".to_owned();
                reader.error("out-of-range", quantiles.span.clone(), message, Some(hint));
                return None;
            }
            return Some(Trim::Quantiles([low, high]));
        }
        let effect = self.design_effect.as_ref()?;
        if effect.value <= 1.0 {
            let message = format!("`design_effect` is {}, expected more than 1", reader.typed(effect));
            let hint = "1 would be equal weights; 1.5 lets a sample of 1,500 count as 1,000".to_owned();
            reader.error("out-of-range", effect.span.clone(), message, Some(hint));
            return None;
        }
        Some(Trim::DesignEffect(effect.value))
    }
}

/// Two margins of the same variables either say the same or cannot both be met.
fn same_margins(reader: &mut Reader, weighting: &Weighting) {
    let variables = |margin: &Margin| {
        let mut variables = margin.variables.clone();
        variables.sort_unstable();
        variables
    };
    for (index, margin) in weighting.margins.iter().enumerate() {
        if weighting.margins[..index].iter().any(|earlier| variables(earlier) == variables(margin)) {
            let message = format!("margin `{}` is there already", weighting.name_of(margin));
            let diagnostic = Diagnostic::error("listed-twice", margin.origin.0.clone(), message);
            reader.problems.push(diagnostic.hint("keep one of the two"));
        }
    }
}

/// Two numbers, the first below the second.
fn pair(reader: &mut Reader, typed: &Typed<Vec<Typed<f64>>>, expected: &str) -> Option<[f64; 2]> {
    if reader.has_complained_within(&typed.span) {
        return None;
    }
    let written = reader.typed(typed).to_owned();
    let message = match typed.value[..] {
        [ref low, ref high] if low.value < high.value => return Some([low.value, high.value]),
        [_, _] => format!("{written} does not rise: the first number is the lowest"),
        _ => format!("{written} has {} numbers, expected two", typed.value.len()),
    };
    reader.error("out-of-range", typed.span.clone(), message, Some(format!("write {expected}")));
    None
}

/// Two numbers from 0, the first below and the second above 1.
fn pair_around_one(reader: &mut Reader, typed: &Typed<Vec<Typed<f64>>>, expected: &str) -> Option<[f64; 2]> {
    let [low, high] = pair(reader, typed, expected)?;
    if (0.0..1.0).contains(&low) && high > 1.0 {
        return Some([low, high]);
    }
    let written = reader.typed(typed);
    let message = match low {
        ..0.0 => format!("{written} begins below 0: weights would be negative"),
        _ => format!("{written} does not hold 1 between its ends, as the mean of all"),
    };
    reader.error("out-of-range", typed.span.clone(), message, Some(format!("write {expected}")));
    None
}
