//! Bases held against the data: who answered though not asked, and who was asked and has nothing.
//!
//! Many are more than one in ten, of those who answered or of those who were asked, and no fewer than may be spoken of. Fewer are
//! slips of single respondents; more say that the base, or a code for no answer, is not what the study says.

use super::super::{counts::Counts, paper::Paper};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, quoted_list},
    disclosure::asked,
    study::{Kind, Question, Reason},
    survey::Survey,
    tally::Absences,
    words,
};

/// More than this part is many.
const MANY: f64 = 0.1;

/// Who was asked a question, and each way of having no answer by itself.
pub(super) fn print(paper: &mut Paper, survey: &Survey, counts: &Counts<'_>, index: usize) {
    let (question, language) = (&survey.study.questions[index], paper.language);
    let absences = survey.tally.absences[index];
    let base = words::base_label(question.base.label.as_ref(), language);
    paper.fact(language.choose("gefragt", "asked"), &format!("{}: {base}", counts.asked(index)));
    let missing = counts.missing(index).into_iter().filter(|(reason, _)| *reason != Reason::NotShown);
    let missing: Vec<String> =
        missing.map(|(reason, count)| format!("{count} {}", words::reason(reason, language))).collect();
    if !missing.is_empty() {
        paper.fact(language.choose("ohne Antwort", "missing"), &missing.join(", "));
    }
    if question.kind == Kind::Multiple {
        let text = language.choose("zählt als nein, in der Basis", "counts as no, in the base");
        paper.fact(language.choose("nicht gewählt", "not chosen"), text);
    }
    let not_shown = not_shown(&absences);
    if not_shown > 0 {
        let count = counts.of(not_shown);
        let text = match (&question.base.condition, question.base.label.is_some()) {
            (None, false) => language.choose(
                format!("{count}, obwohl ohne base alle als gefragt gelten: nicht in der Basis"),
                format!("{count}, though without a base everybody counts as asked: not in the base"),
            ),
            _ => language.choose(
                format!("{count} nach ihren Codes, obwohl nach der Basis gefragt: ein Widerspruch; nicht in der Basis"),
                format!("{count} by their codes, though asked by the base: a contradiction; not in the base"),
            ),
        };
        paper.fact(language.choose("nicht gezeigt", "not shown"), &text);
    }
    if absences.answered_unasked > 0 {
        let count = counts.of(absences.answered_unasked);
        let text = language.choose(
            format!("{count}, die trotzdem geantwortet haben: nicht in der Basis"),
            format!("{count} who answered all the same: not in the base"),
        );
        paper.fact(language.choose("nicht gefragt", "not asked"), &text);
    }
}

/// Warnings of bases that many respondents contradict, one for all questions of a kind.
pub(super) fn contradicted(survey: &Survey) -> Diagnostics {
    let (mut unasked, mut not_shown, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    for (index, question) in survey.study.questions.iter().enumerate() {
        let absences = survey.tally.absences[index];
        let asked = asked(survey, index);
        let answered = asked - absences.missing.iter().sum::<u64>() + absences.answered_unasked;
        let is_many =
            |some: u64, all: u64| some as f64 > MANY * all as f64 && some >= survey.study.publication.minimum_count;
        for (questions, some, all) in [
            (&mut unasked, absences.answered_unasked, answered),
            (&mut not_shown, self::not_shown(&absences), asked),
            (&mut silent, absences.missing[position(Reason::Skipped)], asked),
        ] {
            if is_many(some, all) {
                questions.push(question);
            }
        }
    }
    let mut warnings = Diagnostics::default();
    let mut warn = |code: &'static str, questions: &[&Question], message: &dyn Fn(&str) -> String, hint: &str| {
        let Some(first) = questions.first() else { return };
        let ids = quoted_list(questions.iter().map(|question| question.id.as_str()));
        let place = first.base.origin.0.clone();
        warnings.push(Diagnostic::warning(code, place, message(&ids)).hint(hint));
    };
    warn(
        "many-unasked",
        &unasked,
        &|ids| format!("of those who answered {ids} more than one in ten were not asked by the base"),
        "write the base as the questionnaire had it, or leave it out where everybody was asked",
    );
    warn(
        "many-not-shown",
        &not_shown,
        &|ids| format!("of those whom the base asks, more than one in ten were not shown {ids}"),
        "base and codes contradict each other: say who was asked, base = { label = \"Users\", where = \"use = 'yes'\" }",
    );
    warn(
        "many-skipped",
        &silent,
        &|ids| format!("of those asked {ids} more than one in ten have no answer"),
        "were they asked? Say by `base` who was, and by `missing` why cells are blank or what codes mean",
    );
    warnings
}

fn not_shown(absences: &Absences) -> u64 {
    absences.missing[position(Reason::NotShown)]
}

fn position(reason: Reason) -> usize {
    Reason::ALL.iter().position(|known| *known == reason).unwrap_or_default()
}
