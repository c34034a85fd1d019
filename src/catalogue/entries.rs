//! What stands in the codebook of a study.

use super::{Entry, Item, Part, Said, Sort, said_of_asked};
use crate::{
    disclosure::{Count, Counting, Release, left_out, levels},
    estimate::Statistic,
    quality::{Sieve, sieves},
    study::{Exclusion, Kind, Language, Levels, Question, Reason, Segment, Study},
    survey::Survey,
    words::{self, quality::exclusion_label},
};

/// All entries: questions, segments, then the design.
pub(super) fn entries(survey: &Survey, release: &Release, language: Language) -> Vec<Entry> {
    let counting = Counting::new(survey);
    let estimates = survey.estimates();
    let study = &survey.study;
    let questions = study.questions.iter().enumerate().map(|(index, question)| {
        let source = Source { survey, release, counting, language, index };
        source.question(question, &estimates.questions[index].domains[0])
    });
    let segments = study.segments.iter().enumerate().map(|(index, of)| segment(survey, counting, index, of, language));
    questions.chain(segments).chain(design(study, language)).chain(exclusions(survey, language)).collect()
}

struct Source<'a> {
    survey: &'a Survey,
    release: &'a Release,
    counting: Counting,
    language: Language,
    index: usize,
}

impl Source<'_> {
    fn question(&self, question: &Question, counted: &crate::estimate::DomainEstimates) -> Entry {
        let released = &self.release.questions[self.index].domains[0];
        let language = self.language;
        let hides = self.hides_the_base();
        let rounds = hides && matches!(question.kind, Kind::Single | Kind::Scale);
        let said = |count: u64, is_shown: bool| match is_shown {
            true if rounds && count > 0 => Said::Count(rounded(count)),
            true => Said::Count(Count::Exactly(count)),
            false => Said::Withheld,
        };
        let options = question.options.iter().enumerate().map(|(index, option)| Item {
            sort: Sort::Option,
            code: option.code.clone(),
            label: option.label.text(language).to_owned(),
            count: said(counted.shares[index].count, released.shares[index].withheld().is_none()),
        });
        let nets = question.nets.iter().enumerate().map(|(index, net)| {
            let figure = released.further.iter().find(|(statistic, _)| *statistic == Statistic::Net(index));
            let count = counted.further.iter().find(|further| further.statistic == Statistic::Net(index));
            let is_shown = figure.is_some_and(|(_, figure)| figure.withheld().is_none());
            Item {
                sort: Sort::Net,
                code: net.id.clone(),
                label: net.label.text(language).to_owned(),
                count: said(count.and_then(|further| further.count).unwrap_or(0), is_shown && count.is_some()),
            }
        });
        let mut items: Vec<Item> = options.chain(nets).collect();
        items.extend(self.missing(question));
        let condition = question.base.condition.as_ref().map(ToString::to_string);
        Entry {
            part: Part::Question,
            id: question.id.clone(),
            columns: columns(&self.survey.study, question),
            wording: question.text.text(language).to_owned(),
            kind: words::kind(question.kind, language).to_owned(),
            base: Some((words::base_label(question.base.label.as_ref(), language).to_owned(), condition)),
            asked: Some(said_of_asked(self.survey, self.counting, self.index)),
            answered: Some(match released.bases {
                None => Said::Withheld,
                Some(_) if hides => Said::NearlyAll,
                Some(bases) => Said::Count(Count::Exactly(bases.unweighted)),
            }),
            items,
        }
    }

    /// Whether those in the base, or answers that add up to them, would tell how few did not answer for some reason.
    fn hides_the_base(&self) -> bool {
        let missing = self.survey.tally.absences[self.index].missing;
        let some: Vec<u64> = missing.into_iter().filter(|number| *number > 0).collect();
        let are_small = !some.is_empty() && some.iter().all(|number| self.counting.is_small(*number));
        are_small || self.counting.is_small(some.iter().sum())
    }

    /// Why others did not answer. Together they are everybody who did not, so that a small one hides the others, too.
    fn missing(&self, question: &Question) -> Vec<Item> {
        let numbers = self.survey.tally.absences[self.index].missing;
        let said = self.counting.of_all(&numbers);
        let is_hidden = numbers.iter().any(|number| self.counting.is_small(*number));
        let reasons = Reason::ALL.into_iter().zip(numbers).zip(said);
        let codes = |reason: Reason| {
            let listed = question.missing.iter().filter(|missing| missing.reason == reason);
            let blank = (question.blank == reason).then(|| self.language.choose("leer", "blank").to_owned());
            listed.map(|missing| missing.code.clone()).chain(blank).collect::<Vec<_>>()
        };
        let is_listed = |reason: Reason| question.missing.iter().any(|missing| missing.reason == reason);
        let item = |((reason, number), said): ((Reason, u64), Count)| {
            (number > 0 || is_listed(reason)).then(|| Item {
                sort: Sort::Missing,
                code: codes(reason).join(", "),
                label: words::reason(reason, self.language).to_owned(),
                count: match said {
                    Count::Exactly(number) if is_hidden && number > 0 => Said::Count(rounded(number)),
                    said => Said::Count(said),
                },
            })
        };
        reasons.filter_map(item).collect()
    }
}

fn rounded(number: u64) -> Count {
    const ROUND: u64 = 10;
    Count::About((number + ROUND / 2) / ROUND * ROUND)
}

/// The columns of the file, where answers are packed those that hold them.
fn columns(study: &Study, question: &Question) -> Vec<String> {
    let packing = study.packings.iter().find(|packing| packing.columns == question.columns);
    packing.map_or_else(|| question.columns.clone(), |packing| packing.packed.clone())
}

fn segment(survey: &Survey, counting: Counting, index: usize, segment: &Segment, language: Language) -> Entry {
    let counts = counting.of_all(&levels(survey, index));
    let names = segment.levels().iter().map(|level| (level.code.clone(), level.label.text(language).to_owned()));
    let nowhere = (String::new(), language.choose("in keiner", "in no level").to_owned());
    let items = names.chain([nowhere]).zip(counts);
    let items = items.filter(|((code, _), count)| !code.is_empty() || *count != Count::Exactly(0));
    Entry {
        part: Part::Segment,
        id: segment.id.clone(),
        columns: vec![segment.column.clone()],
        wording: segment.label.text(language).to_owned(),
        kind: match segment.levels {
            Levels::Codes(_) => language.choose("Segment", "segment").to_owned(),
            Levels::Bands { .. } => language.choose("Segment aus Zahlen", "segment of numbers").to_owned(),
        },
        base: None,
        asked: None,
        answered: None,
        items: items
            .map(|((code, label), count)| Item { sort: Sort::Level, code, label, count: Said::Count(count) })
            .collect(),
    }
}

fn design(study: &Study, language: Language) -> Vec<Entry> {
    let design = &study.design;
    let mut entries = Vec::new();
    let mut add = |id: &str, column: Option<&String>, wording: &str| {
        let Some(column) = column else { return };
        entries.push(Entry {
            part: Part::Design,
            id: id.to_owned(),
            columns: vec![column.clone()],
            wording: wording.to_owned(),
            kind: language.choose("Stichprobe", "sample design").to_owned(),
            base: None,
            asked: None,
            answered: None,
            items: Vec::new(),
        });
    };
    let weight = language.choose("Gewicht jeder Person", "weight of each respondent");
    add("weight", design.weight.as_ref().map(|(column, _)| column), weight);
    for stage in &design.stages {
        let strata = language.choose("Schichten, aus denen gezogen wurde", "strata that were chosen from");
        add("strata", stage.strata.as_ref().map(|(column, _)| column), strata);
        let units = language.choose("Einheiten, die gezogen wurden", "units that were chosen");
        add("units", stage.units.as_ref().map(|(column, _)| column), units);
        let fpc = language.choose("Umfang der Grundgesamtheit", "size of the population");
        add("fpc", stage.fpc.as_ref().map(|(column, _)| column), fpc);
    }
    entries
}

/// Who is not among the respondents, in the order in which that was decided.
fn exclusions(survey: &Survey, language: Language) -> Vec<Entry> {
    let left_out = left_out(survey).into_iter().zip(sieves(&survey.study, &survey.table));
    let entry = |((exclusion, count), sieve): ((&Exclusion, Count), Sieve)| Entry {
        part: Part::Design,
        id: format!("exclude {}", exclusion.rule.name()),
        columns: sieve.columns(),
        wording: format!("{} ({})", exclusion_label(exclusion, language), words::respondents(count, language)),
        kind: language.choose("ausgeschlossen", "left out").to_owned(),
        base: None,
        asked: None,
        answered: None,
        items: Vec::new(),
    };
    left_out.map(entry).collect()
}
