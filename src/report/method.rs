//! How the study was done, and what it does not tell.

use super::{Block, Column, Grid, Level, Section, Source, fill, weighting};
use crate::{
    disclosure::{Counting, asked},
    study::{Label, Reason, Sample},
    words::{self, Term, quality::exclusions},
};

/// The items that a published survey discloses, and those that are missing from the study file.
pub(super) fn sections(source: &Source<'_>) -> Vec<Section> {
    let phrases = source.phrases;
    let mut facts = Vec::new();
    let mut missing = Vec::new();
    for (name, text) in items(source) {
        match text {
            Some(text) => facts.push((name.to_owned(), text)),
            None => missing.push(name.to_owned()),
        }
    }
    if let Some(notes) = &source.survey.study.about.notes {
        facts.push((phrases.notes.to_owned(), notes.text(source.language).to_owned()));
    }
    let missing = if missing.is_empty() {
        vec![Block::Paragraph(phrases.missing_none.to_owned())]
    } else {
        let count = phrases.missing_items.text(missing.len() as u64, source.language);
        vec![Block::Paragraph(count), Block::List(missing)]
    };
    let method = Section::new("method", Level::Chapter, phrases.method, vec![Block::Facts(facts)]);
    let rest = [
        Section::new("bases", Level::Part, phrases.bases, bases_and_absences(source)),
        Section::new("missing", Level::Part, phrases.missing, missing),
    ];
    [method].into_iter().chain(weighting::section(source)).chain(rest).collect()
}

/// Every item in the order of the report; `None` where the study file says nothing.
fn items(source: &Source<'_>) -> Vec<(&'static str, Option<String>)> {
    let (phrases, study) = (source.phrases, &source.survey.study);
    let about = &study.about;
    let text = |label: &Option<Label>| label.as_ref().map(|label| label.text(source.language).to_owned());
    let sample = about.sample.map(|sample| match sample {
        _ if study.data.synthetic => phrases.simulated.to_owned(),
        Sample::Probability => phrases.probability.to_owned(),
        Sample::OptIn => phrases.opt_in.to_owned(),
    });
    // What the study file says of it, then what was done.
    let ended = |text: String| if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") };
    let said = text(&about.weighting).map(|text| if study.weighting.is_some() { ended(text) } else { text });
    let weighting: Vec<String> = said.into_iter().chain(weighting::description(source)).collect();
    let weighting = (!weighting.is_empty()).then(|| weighting.join(" "));
    let checked = text(&about.quality);
    let left_out = exclusions(source.survey, source.language);
    let left_out = left_out.map(|reasons| fill(phrases.excluded, &[("reasons", &reasons)]));
    let checked = checked.map(|text| if left_out.is_some() { ended(text) } else { text });
    let quality: Vec<String> = checked.into_iter().chain(left_out).collect();
    let quality = (!quality.is_empty()).then(|| quality.join(" "));
    let unweighted = || study.design.weight.is_none().then(|| phrases.not_weighted.to_owned());
    vec![
        (phrases.population, text(&about.population)),
        (phrases.sample, sample),
        (phrases.conducted_by, text(&about.conducted_by)),
        (phrases.sponsor, text(&about.sponsor)),
        (phrases.frame, text(&about.frame)),
        (phrases.recruitment, text(&about.recruitment)),
        (phrases.mode, text(&about.mode)),
        (phrases.fieldwork, words::fieldwork(study, source.language)),
        (phrases.size, Some(size(source))),
        (phrases.weighting, weighting.or_else(unweighted)),
        (phrases.quality, quality),
        (phrases.limitations, text(&about.limitations)),
        (phrases.contact, text(&about.contact)),
    ]
}

fn size(source: &Source<'_>) -> String {
    let tally = &source.survey.tally;
    let synthetic = source.survey.study.data.synthetic;
    let responses = if synthetic { &source.phrases.made_up } else { &source.phrases.respondents };
    let size = responses.text(tally.rows, source.language);
    match tally.rows - tally.weighted_rows {
        0 => size,
        without => format!("{size}; {}", source.phrases.without_weight.text(without, source.language)),
    }
}

fn bases(source: &Source<'_>) -> Grid {
    let (language, study) = (source.language, &source.survey.study);
    let rows = study.questions.iter().zip(&source.release.questions).map(|(question, released)| {
        let bases = released.domains[0].bases;
        let effective =
            bases.map_or(words::WITHHELD.to_owned(), |bases| words::effective_base(bases.effective, language));
        vec![
            question.short.text(language).to_owned(),
            words::base_label(question.base.label.as_ref(), language).to_owned(),
            words::base_count(bases.as_ref(), study, language),
            effective,
        ]
    });
    let columns = vec![
        Column::text(words::term(Term::Question, language)),
        Column::text(words::term(Term::Base, language)),
        Column::numbers(words::term(Term::Unweighted, language)),
        Column::numbers(words::term(Term::Effective, language)),
    ];
    Grid { caption: source.phrases.bases_caption.to_owned(), columns, rows: rows.collect() }
}

fn bases_and_absences(source: &Source<'_>) -> Vec<Block> {
    let absences = absences(source);
    let mut blocks = vec![Block::Grid(bases(source))];
    if !absences.rows.is_empty() {
        blocks.extend([Block::Grid(absences), Block::Note(source.phrases.absences_note.to_owned())]);
    }
    blocks
}

/// Why respondents are not in the base of a question, each reason by itself.
fn absences(source: &Source<'_>) -> Grid {
    let (language, survey) = (source.language, source.survey);
    let counting = Counting::new(survey);
    let rows = survey.study.questions.iter().zip(&survey.tally.absences).enumerate();
    let rows = rows.filter_map(|(index, (question, absences))| {
        let not_asked = survey.tally.rows - asked(survey, index);
        let numbers: Vec<u64> = [not_asked].into_iter().chain(absences.missing).collect();
        if numbers.iter().all(|number| *number == 0) {
            return None;
        }
        let counts = counting.of_parts(&numbers).map_or_else(
            || vec![words::WITHHELD.to_owned(); numbers.len()],
            |counts| counts.into_iter().map(|count| words::respondents(count, language)).collect(),
        );
        Some([question.short.text(language).to_owned()].into_iter().chain(counts).collect())
    });
    let reasons = Reason::ALL.map(|reason| Column::numbers(words::reason(reason, language)));
    let not_asked = Column::numbers(source.phrases.not_asked);
    let columns = [Column::text(words::term(Term::Question, language)), not_asked].into_iter().chain(reasons);
    Grid { caption: source.phrases.absences_caption.to_owned(), columns: columns.collect(), rows: rows.collect() }
}
