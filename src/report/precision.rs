//! Weighting and precision, the protection of respondents, and the symbols.

use super::{Block, Level, Section, Source, phrases::fill};
use crate::{
    disclosure::{ReleasedWeighting, Reliability, Withheld},
    estimate::everybody,
    study::{Chances, DegreesOfFreedom, Further, Study},
    words::{self, Term, weighting as in_words},
};

/// How sure the figures are, what is kept back and why, and what the symbols mean.
pub(super) fn sections(source: &Source<'_>) -> Vec<Section> {
    let phrases = source.phrases;
    vec![
        Section::new("precision", Level::Chapter, phrases.precision, precision(source)),
        Section::new("protection", Level::Chapter, phrases.protection, protection(source)),
        Section::new("symbols", Level::Chapter, phrases.symbols, vec![Block::Facts(symbols(source))]),
    ]
}

fn precision(source: &Source<'_>) -> Vec<Block> {
    let (phrases, survey) = (source.phrases, source.survey);
    let design = &survey.study.design;
    let level = words::percent(design.confidence, words::decimals_of_level(design.confidence), source.language);
    // What can only be said of intervals that follow the design.
    let (effect, in_intervals) =
        if design.interval.ignores_design() { ("", "") } else { (phrases.effect, phrases.in_intervals) };
    let meaning = fill(phrases.precise(&survey.study), &[("level", &level), ("effect", effect)]);
    let errors = match &survey.design.replicates {
        None => fill(phrases.errors, &[("in_intervals", in_intervals)]),
        Some(replicates) => {
            let count = words::count(replicates.count() as u64, source.language);
            let method = words::replicates(replicates, source.language);
            fill(phrases.replicated, &[("count", &count), ("replicates", &method), ("in_intervals", in_intervals)])
        }
    };
    let mut plan = design_in_words(source);
    let stages = source.survey.design.stages.len();
    if stages > 1 {
        plan = format!("{plan} {}", fill(phrases.stages, &[("count", &stages.to_string())]));
    }
    if design.chances == Chances::Brewer {
        plan = format!("{plan} {}", phrases.unequal_chances);
    } else if survey.design.has_finite_populations() {
        plan = format!("{plan} {}", phrases.finite);
    }
    let rule = match design.degrees_of_freedom {
        DegreesOfFreedom::Design => None,
        DegreesOfFreedom::Domain => Some(phrases.degrees_of_domain.to_owned()),
        DegreesOfFreedom::Strata => Some(phrases.degrees_of_strata.to_owned()),
    };
    let like = design.like.map(|system| fill(phrases.like, &[("system", system.label())]));
    for sentence in rule.into_iter().chain(like) {
        plan = format!("{plan} {sentence}");
    }
    let kind = [Some(phrases.interval(design.interval)), phrases.beside_interval(design.interval)];
    let intervals = [phrases.level].into_iter().chain(kind.into_iter().flatten());
    let of_quantiles = Some(phrases.quantiles).filter(|_| has_quantiles(&survey.study));
    let further = [Some(phrases.means), of_quantiles, Some(phrases.all_intervals)];
    let intervals: Vec<&str> = intervals.chain(further.into_iter().flatten()).collect();
    let (quantile, kind) = (phrases.quantile(design.quantile), design.interval_of_quantiles().name());
    let intervals = fill(&intervals.join(" "), &[("level", &level), ("quantile", quantile), ("kind", kind)]);
    let texts = [meaning, weights(source), plan, errors, intervals];
    texts.into_iter().map(Block::Paragraph).collect()
}

fn has_quantiles(study: &Study) -> bool {
    let mut further = study.questions.iter().flat_map(|question| &question.further);
    further.any(|further| matches!(further, Further::Quantile(_)))
}

fn weights(source: &Source<'_>) -> String {
    let (language, phrases, tally) = (source.language, source.phrases, &source.survey.tally);
    let count = words::count(tally.weighted_rows, language);
    let everybody = everybody(&source.survey.plan, tally, 0);
    let sum = everybody.weighted;
    let fitted = ReleasedWeighting::of(source.survey);
    let is_weighted = source.survey.study.design.weight.is_some() || fitted.is_some();
    if !is_weighted || sum <= 0.0 {
        return fill(phrases.equal_weights, &[("n", &count)]);
    }
    let n = tally.weighted_rows as f64;
    let multiples = |(low, high): (f64, f64)| [low, high].map(|weight| weight / sum * n);
    // Who has no weight is no lowest one.
    let range = match &fitted {
        Some(fitted) => fitted.last().and_then(|step| step.range),
        None => tally.weight_range.map(multiples),
    };
    let effective = match &fitted {
        Some(fitted) => fitted.last().and_then(|step| step.effective_base),
        None => Some(everybody.effective),
    };
    let range = range.map_or(String::new(), |range| {
        let [low, high] = range.map(|multiple| words::decimal(multiple, 2, language));
        fill(phrases.weight_range, &[("low", &low), ("high", &high)])
    });
    let kish = effective.map(|effective| {
        let effect = words::decimal(n / effective, 2, language);
        let effective = words::decimal(effective, 0, language);
        let kish = fill(phrases.kish, &[("n", &count), ("effective", &effective), ("effect", &effect)]);
        if fitted.is_some() { format!("{kish} {}", phrases.gain) } else { kish }
    });
    let sentences = [calibration(source), Some(range), kish].into_iter().flatten().filter(|text| !text.is_empty());
    sentences.collect::<Vec<_>>().join(" ")
}

/// To what weights were fitted, and that errors know of it; none where they were not.
fn calibration(source: &Source<'_>) -> Option<String> {
    let (phrases, study, language) = (source.phrases, &source.survey.study, source.language);
    let weighting = study.weighting.as_ref()?;
    let margins = weighting.margins.iter().map(|margin| in_words::margin(weighting, margin, language));
    let margins: Vec<String> = margins.chain(weighting.numbers.iter().map(|number| number.column.clone())).collect();
    let method = in_words::method(weighting.method, language);
    let replicates = source.survey.design.replicates.is_some();
    let errors = if replicates { phrases.refitted } else { phrases.residuals };
    let fitted = fill(phrases.calibrated, &[("margins", &words::list(&margins, language)), ("method", method)]);
    let sentences = [fitted, errors.to_owned()].into_iter().chain(in_words::limits(weighting, language));
    Some(sentences.collect::<Vec<_>>().join(" "))
}

fn design_in_words(source: &Source<'_>) -> String {
    let (language, phrases, survey) = (source.language, source.phrases, source.survey);
    let sample = &survey.design;
    let degrees = phrases.degrees.text(sample.degrees_of_freedom.max(0.0) as u64, language);
    if !survey.plan.replicate_columns().is_empty() {
        return fill(phrases.plan_of_replicates, &[("degrees", &degrees)]);
    }
    let strata = match &survey.study.design.first().strata {
        Some(_) => phrases.strata.text(sample.strata().len() as u64, language),
        None => phrases.no_strata.to_owned(),
    };
    let units = match &survey.study.design.first().units {
        Some(_) => phrases.units.text(sample.strata().iter().map(|stratum| stratum.units).sum(), language),
        None => phrases.every_respondent.to_owned(),
    };
    fill(phrases.plan, &[("strata", &strata), ("units", &units), ("degrees", &degrees)])
}

fn protection(source: &Source<'_>) -> Vec<Block> {
    let (language, phrases, release) = (source.language, source.phrases, source.release);
    let rules = &source.survey.study.publication;
    let minimum = words::count(rules.minimum_count, language);
    let very_low = words::count(rules.very_low_base, language);
    let rule = if rules.minimum_count == 0 { phrases.no_minimum } else { phrases.minimum };
    let mut blocks = vec![Block::Paragraph(fill(rule, &[("minimum", &minimum), ("very_low", &very_low)]))];
    let figures = words::count(release.figures as u64, language);
    if release.withheld == 0 {
        blocks.push(Block::Paragraph(fill(phrases.withheld_none, &[("figures", &figures)])));
    } else {
        let withheld = phrases.withheld.text(release.withheld as u64, language);
        blocks.push(Block::Paragraph(fill(&withheld, &[("figures", &figures)])));
        blocks.push(Block::List(reasons(source)));
    }
    if rules.minimum_count > 0 {
        blocks.push(Block::Paragraph(phrases.complement.to_owned()));
    }
    let mut columns: Vec<&str> = source.survey.plan.requests.iter().map(|request| request.column.as_str()).collect();
    columns.sort_unstable();
    columns.dedup();
    let columns = phrases.columns.text(columns.len() as u64, language);
    blocks.push(Block::Paragraph(format!("{columns} {}", phrases.scope)));
    blocks
}

/// How many figures are withheld for each reason that occurs.
fn reasons(source: &Source<'_>) -> Vec<String> {
    let phrases = source.phrases;
    let domains = || source.release.questions.iter().flat_map(|question| &question.domains);
    let figures = || domains().flat_map(|domain| domain.shares.iter().chain(&domain.mean));
    let reasons = [(Withheld::Base, phrases.withheld_base), (Withheld::Cell, phrases.withheld_cell)];
    let counted = reasons.into_iter().map(|(why, text)| {
        let count = figures().filter(|figure| figure.withheld() == Some(why)).count() as u64;
        (count, fill(text, &[("count", &words::count(count, source.language))]))
    });
    counted.filter(|(count, _)| *count > 0).map(|(_, text)| text).collect()
}

fn symbols(source: &Source<'_>) -> Vec<(String, String)> {
    let (language, rules) = (source.language, &source.survey.study.publication);
    let low = |term, limit| format!("{} (n < {})", words::term(term, language), words::count(limit, language));
    let example = format!("{}–{}", words::decimal(1.2, 1, language), words::decimal(3.4, 1, language));
    vec![
        (words::WITHHELD.to_owned(), words::term(Term::Withheld, language).to_owned()),
        (words::EMPTY.to_owned(), words::term(Term::Nobody, language).to_owned()),
        (Reliability::Low.mark().to_owned(), low(Term::LowBase, rules.low_base)),
        (Reliability::VeryLow.mark().to_owned(), low(Term::VeryLowBase, rules.very_low_base)),
        (example, source.phrases.interval_mark.to_owned()),
    ]
}
