//! How the answers of a multiple response are written: with the marks of the study, and packed where it says that they are.
//!
//! Where codes stand in fewer cells than there are answers, the first that were chosen are written; of later options fewer are
//! then found in the file than were chosen.

use super::{
    plan::{Look, Output},
    shares::of_mention,
};
use crate::{
    responses::Batch,
    study::{Kind, Packing, Question, Study},
};

/// Answers that share cells.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The codes of the options.
    codes: Vec<String>,
    /// Their columns in the batch.
    positions: Vec<usize>,
    /// What stands between them in a cell; without it a cell holds the one that was chosen so many places after the first.
    between: Result<String, usize>,
}

impl Packed {
    /// What a cell holds.
    pub fn cell(&self, batch: &Batch, row: usize) -> String {
        let options = self.codes.iter().zip(&self.positions);
        // An option that was chosen has the first code of its column.
        let mut chosen =
            options.filter(|(_, position)| batch.columns[**position].codes()[row] == 0).map(|(code, _)| code);
        match &self.between {
            Ok(separator) => chosen.cloned().collect::<Vec<_>>().join(separator),
            Err(place) => chosen.nth(*place).cloned().unwrap_or_default(),
        }
    }
}

/// A question whose answers are packed, with the shares that lead to those of the study: a cell cannot say that somebody was
/// asked and chose nothing, so who chose nothing is in no base. Of independent options with shares `s` times `c` nobody is
/// chosen by `1 − c` where `c = 1 − ∏(1 − c s)`; there is such a `c` where shares add up to more than 1. Else they come out higher.
pub fn with_somebody_chosen(study: &Study, question: &Question) -> Question {
    let mut question = question.clone();
    if study.packings.iter().any(|packing| packing.columns == question.columns) {
        let shares: Vec<f64> = question.options.iter().map(|option| of_mention(&question, option)).collect();
        let mut part = 1.0;
        if shares.iter().sum::<f64>() > 1.0 {
            for _ in 0..500 {
                part = 1.0 - shares.iter().map(|share| 1.0 - part * share).product::<f64>();
            }
        }
        for (option, share) in question.options.iter_mut().zip(shares) {
            (option.published, option.assumed) = (None, Some(100.0 * part * share));
        }
    }
    question
}

/// The columns of the file instead of those that were made.
pub fn as_described(study: &Study, mut outputs: Vec<Output>) -> Vec<Output> {
    for question in study.questions.iter().filter(|question| question.kind == Kind::Multiple) {
        match study.packings.iter().find(|packing| packing.columns == question.columns) {
            Some(packing) => pack(packing, &mut outputs),
            None => mark(question, &mut outputs),
        }
    }
    outputs
}

fn mark(question: &Question, outputs: &mut [Output]) {
    let [denied, chosen] = question.marks();
    let first = |own: &[String], all: &[String]| own.first().or(all.first()).cloned().unwrap_or_default();
    let marks = [first(&question.chosen, &chosen), first(&question.not_chosen, &denied)];
    for output in outputs.iter_mut().filter(|output| question.columns.contains(&output.name)) {
        if matches!(&output.look, Look::Codes(values) if values.len() == marks.len()) {
            output.look = Look::Codes(marks.to_vec());
        }
    }
}

fn pack(packing: &Packing, outputs: &mut Vec<Output>) {
    let position_of =
        |column: &String| outputs.iter().find(|output| output.name == *column).map(|output| output.position);
    let positions: Option<Vec<usize>> = packing.columns.iter().map(position_of).collect();
    let (Some(positions), Some(at)) =
        (positions, outputs.iter().position(|output| packing.columns.contains(&output.name)))
    else {
        return;
    };
    outputs.retain(|output| !packing.columns.contains(&output.name));
    let codes: Vec<String> = packing.codes.iter().map(|codes| codes[0].clone()).collect();
    let packed = packing.packed.iter().enumerate().map(|(place, name)| {
        let between = packing.separator.clone().ok_or(place);
        let packed = Packed { codes: codes.clone(), positions: positions.clone(), between };
        Output { name: name.clone(), position: positions[0], look: Look::Packed(Box::new(packed)) }
    });
    outputs.splice(at..at, packed);
}
