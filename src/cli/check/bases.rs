//! Bases held against the data: who answered though not asked, and who was asked and has nothing.
//!
//! Many are more than one in ten: of those who answered, or of those who were asked. Fewer are slips of single respondents;
//! more say that the base, or a code for no answer, is not what the study says.

use super::super::{counts::Counts, paper::Paper};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
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

/// Warnings of bases that many respondents contradict.
pub(super) fn contradicted(survey: &Survey) -> Diagnostics {
    let mut warnings = Diagnostics::default();
    for (index, question) in survey.study.questions.iter().enumerate() {
        let absences = survey.tally.absences[index];
        let asked = asked(survey, index);
        let missing: u64 = absences.missing.iter().sum();
        let answered = asked - missing + absences.answered_unasked;
        let nothing = absences.missing[position(Reason::Skipped)];
        let place = question.base.origin.0.clone();
        if is_many(absences.answered_unasked, answered, survey) {
            let message =
                format!("of those who answered `{}` more than one in ten were not asked it by its base", question.id);
            let hint = "write the base as the questionnaire had it, or leave it out where everybody was asked";
            warnings.push(Diagnostic::warning("many-unasked", place.clone(), message).hint(hint));
        }
        if is_many(not_shown(&absences), asked, survey) {
            let message =
                format!("of those whom the base of `{}` asks more than one in ten were not shown it", question.id);
            warnings.push(Diagnostic::warning("many-not-shown", place.clone(), message).hint(hint_to_base(question)));
        }
        if is_many(nothing, asked, survey) {
            let message = format!("of those asked `{}` more than one in ten have no answer", question.id);
            let hint =
                "were they asked? Say by `base` who was, and by `missing` why cells are blank or what codes mean";
            warnings.push(Diagnostic::warning("many-skipped", place, message).hint(hint));
        }
    }
    warnings
}

fn hint_to_base(question: &Question) -> &'static str {
    if question.base.condition.is_none() {
        "say who was asked: base = { label = \"Users\", where = \"use = 'yes'\" }"
    } else {
        "the base and the codes for `not_shown` contradict each other: one of them is wrong"
    }
}

/// Many, and so many that this may be said.
fn is_many(some: u64, all: u64, survey: &Survey) -> bool {
    some as f64 > MANY * all as f64 && some >= survey.study.publication.minimum_count
}

fn not_shown(absences: &Absences) -> u64 {
    absences.missing[position(Reason::NotShown)]
}

fn position(reason: Reason) -> usize {
    Reason::ALL.iter().position(|known| *known == reason).unwrap_or_default()
}
