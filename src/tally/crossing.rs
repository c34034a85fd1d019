//! Two answers that one respondent may give both, and how they meet.
//!
//! The standard error of a contrast of two options of a multiple response, or of answers to two questions, depends on how
//! many gave both: with equal weights it tells their number. So they are counted, for
//! [`disclosure`](crate::disclosure) to decide whether it may.

use std::ops::{AddAssign, Range};

use super::replicates::Mark;
use crate::study::{Kind, Of, Question, Study};

/// Two answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// Each as a question and what is compared of it.
    pub answers: [(usize, Of); 2],
    /// The slots of each.
    slots: [Vec<usize>; 2],
}

/// How two answers meet among those in the bases of both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossed {
    /// Respondents who gave both.
    pub both: u64,
    /// Who gave the first alone.
    pub first: u64,
    /// Who gave the second alone.
    pub second: u64,
    /// Who gave neither.
    pub neither: u64,
}

impl Crossing {
    /// The pairs of answers in the contrasts of a study that one respondent may give both.
    pub(super) fn all(study: &Study) -> Vec<Self> {
        let mut crossings = Vec::new();
        for contrast in &study.contrasts {
            for (index, one) in contrast.cells.iter().enumerate() {
                for other in &contrast.cells[..index] {
                    let answers = [one, other].map(|cell| (cell.question, cell.of));
                    let crossing = Self::between(study, answers);
                    crossings.extend(crossing.filter(|crossing| !crossings.contains(crossing)));
                }
            }
        }
        crossings
    }

    /// Whether it is one of these two figures.
    #[must_use]
    pub fn is_of(&self, one: (usize, Of), other: (usize, Of)) -> bool {
        self.answers == [one, other] || self.answers == [other, one]
    }

    fn between(study: &Study, answers: [(usize, Of); 2]) -> Option<Self> {
        let [one, other] = answers;
        let is_single = study.questions[one.0].kind != Kind::Multiple;
        if one == other || (one.0 == other.0 && is_single) {
            return None;
        }
        let [first, second] = answers.map(|(question, of)| slots(&study.questions[question], of));
        Some(Self { answers, slots: [first?, second?] })
    }

    /// Counts respondents in all their places; `marks` are those of each question.
    pub(super) fn count(&self, marks: &[Vec<Mark>], places: &[Vec<u16>], nowhere: &[u8], crossed: &mut [Crossed]) {
        let answer = |side: usize, row: usize| {
            let question = self.answers[side].0;
            let slots = || marks[question].iter().map(|mark| mark.slots[row]).filter(|slot| *slot != nowhere[question]);
            slots().next().map(|_| slots().any(|slot| self.slots[side].contains(&usize::from(slot))))
        };
        for row in 0..places.first().map_or(0, Vec::len) {
            let (Some(first), Some(second)) = (answer(0, row), answer(1, row)) else { continue };
            for places in places {
                crossed[usize::from(places[row])] += Crossed::one(first, second);
            }
        }
    }
}

impl Crossed {
    /// One respondent.
    fn one(first: bool, second: bool) -> Self {
        let count = |is: bool| u64::from(is);
        Self {
            both: count(first && second),
            first: count(first && !second),
            second: count(second && !first),
            neither: count(!first && !second),
        }
    }

    /// Each of the four kinds.
    #[must_use]
    pub fn cells(&self) -> [u64; 4] {
        [self.both, self.first, self.second, self.neither]
    }
}

impl AddAssign for Crossed {
    fn add_assign(&mut self, other: Self) {
        self.both += other.both;
        self.first += other.first;
        self.second += other.second;
        self.neither += other.neither;
    }
}

/// Fills the total from the places of a segment.
pub(super) fn finish(crossings: &mut [Vec<Crossed>], places: Option<Range<usize>>) {
    let Some(places) = places else { return };
    for crossed in crossings {
        let mut total = Crossed::default();
        crossed[places.clone()].iter().for_each(|place| total += *place);
        crossed[0] = total;
    }
}

/// The slots of those who gave the answer that a figure is about. A score, and the mean of more than two numbers, are about
/// several: how these meet in pairs is not told by one error.
fn slots(question: &Question, of: Of) -> Option<Vec<usize>> {
    let options = question.options.len();
    match of {
        Of::Option(option) => Some(vec![option]),
        Of::Net(net) if question.kind == Kind::Multiple => Some(vec![options + net]),
        Of::Net(net) => Some(question.nets[net].options.clone()),
        Of::NetPromoterScore => None,
        // Those who gave another number than the first in the file.
        Of::Mean if question.kind == Kind::Number => Some(vec![1]),
        Of::Mean => {
            let valued: Vec<usize> = (0..options).filter(|option| question.options[*option].value.is_some()).collect();
            if let [first, _] = valued[..] { Some(vec![first]) } else { None }
        }
    }
}
