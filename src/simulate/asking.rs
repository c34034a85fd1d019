//! One question: who is asked, who keeps silent, and what the others say.

use super::{
    amount::Amount,
    chance::{Seed, Stream},
    choice::{Choice, Choosers},
    effects::{Effects, Group},
    plan::{Columns, Look},
    respondents::Rows,
    shares,
};
use crate::{
    diagnostic::Diagnostic,
    responses::{BLANK, Column, Selection, Truth},
    study::{Kind, Question, Reason},
};

/// Asks one question.
#[derive(Clone, Debug)]
pub struct Asking {
    base: Option<Selection>,
    answers: Answers,
}

#[derive(Clone, Debug)]
enum Answers {
    One { silence: Silent<u8>, choice: Choice },
    Several { tendency: Stream, choices: Vec<Choice> },
    Number { silence: Silent<f64>, effects: Effects, amount: Amount, stream: Stream },
}

impl Asking {
    /// A question for those in `base`, answered by respondents of these groups, all but the part `silence` of them; a
    /// question for a number by this `amount`. Adds the columns that it makes; none are left to make if it returns nothing.
    pub fn new(
        question: &Question,
        base: Option<Selection>,
        silence: f64,
        amount: Amount,
        groups: &[Group],
        columns: &mut Columns,
    ) -> Result<Option<Self>, Diagnostic> {
        let open: Vec<usize> =
            (0..question.columns.len()).filter(|index| columns.position(&question.columns[*index]).is_none()).collect();
        if open.is_empty() {
            return Ok(None);
        }
        let answers = match question.kind {
            Kind::Single | Kind::Scale => one(question, silence, groups, columns)?,
            Kind::Multiple => several(question, &open, groups, columns),
            Kind::Number | Kind::Ratio => number(question, silence, amount, groups, columns),
        };
        Ok(Some(Self { base, answers }))
    }

    /// Goes back to the first respondent.
    pub fn start(&mut self, seed: Seed) {
        match &mut self.answers {
            Answers::One { silence, choice } => {
                silence.stream.start(seed);
                choice.start(seed);
            }
            Answers::Several { tendency, choices } => {
                tendency.start(seed);
                for choice in choices {
                    choice.start(seed);
                }
            }
            Answers::Number { silence, stream, .. } => {
                silence.stream.start(seed);
                stream.start(seed);
            }
        }
    }

    /// Asks respondents, and adds their answers.
    pub fn ask(&mut self, rows: &mut Rows, seed: Seed) {
        let mut asked: Vec<bool> = match &self.base {
            None => vec![true; rows.batch.rows],
            Some(base) => base.evaluate(&rows.batch).into_iter().map(|truth| truth == Truth::True).collect(),
        };
        let mut made = match &mut self.answers {
            Answers::One { silence, choice } => {
                let silent = silence.draw(&mut asked);
                let choosers = Choosers { rows, asked: &asked, tendency: None };
                let mut codes = choose(choice, choosers, seed);
                for (row, code) in silent {
                    codes[row] = code;
                }
                vec![Column::Codes(codes)]
            }
            Answers::Several { tendency, choices } => {
                const TALKATIVE: f64 = 0.5;
                let tendency: Vec<f64> = asked.iter().map(|_| TALKATIVE * tendency.bell()).collect();
                let choosers = Choosers { rows, asked: &asked, tendency: Some(&tendency) };
                choices.iter_mut().map(|choice| Column::Codes(choose(choice, choosers, seed))).collect()
            }
            Answers::Number { silence, effects, amount, stream } => {
                let silent = silence.draw(&mut asked);
                let mut numbers = amounts(rows, &asked, effects, *amount, stream);
                for (row, number) in silent {
                    numbers[row] = number;
                }
                vec![Column::Numbers(numbers)]
            }
        };
        rows.batch.columns.append(&mut made);
    }
}

/// Draws answers; the pilot first fits the intercepts to those who choose.
fn choose(choice: &mut Choice, choosers: Choosers<'_>, seed: Seed) -> Vec<u8> {
    if let Seed::Pilot = seed {
        choice.fit(choosers);
    }
    choice.draw(choosers)
}

fn one(question: &Question, silence: f64, groups: &[Group], columns: &mut Columns) -> Result<Answers, Diagnostic> {
    let missing = silent_reasons(question, silence);
    let codes: Vec<u8> =
        missing.iter().map(|index| index.map_or(BLANK, |index| (question.options.len() + index) as u8)).collect();
    let counting = missing
        .iter()
        .filter(|index| question.counts_in_base(index.map_or(question.blank, |index| question.missing[index].reason)));
    let silent_in_base = silence * counting.count() as f64 / missing.len().max(1) as f64;
    let targets = shares::of_options(question, silent_in_base)?;
    let options: Vec<Option<&str>> = question.options.iter().map(|option| Some(option.code.as_str())).collect();
    let effects = Effects::new(&question.id, &options, groups, &question.lean);
    let missing_codes = question.missing.iter().map(|missing| missing.code.clone());
    let values = question.options.iter().map(|option| option.code.clone()).chain(missing_codes).collect();
    columns.add(&question.columns[0], Look::Codes(values));
    let choice = Choice::new(targets, effects, Stream::new(&["question", &question.id, "answer"]));
    Ok(Answers::One { silence: Silent::new(question, silence, codes), choice })
}

fn several(question: &Question, open: &[usize], groups: &[Group], columns: &mut Columns) -> Answers {
    let mut choices = Vec::new();
    for index in open {
        let option = &question.options[*index];
        let share = shares::of_mention(question, option);
        // `lean` speaks of the first option of the question.
        let lean = if *index == 0 { question.lean.as_slice() } else { &[] };
        let effects = Effects::new(&question.id, &[Some(&option.code), None], groups, lean);
        let stream = Stream::new(&["question", &question.id, "answer", &option.code]);
        choices.push(Choice::new(vec![share, 1.0 - share], effects, stream));
        columns.add(&question.columns[*index], Look::Codes(vec!["1".to_owned(), "0".to_owned()]));
    }
    Answers::Several { tendency: Stream::new(&["question", &question.id, "tendency"]), choices }
}

fn number(question: &Question, silence: f64, amount: Amount, groups: &[Group], columns: &mut Columns) -> Answers {
    let values = silent_reasons(question, silence)
        .into_iter()
        .filter_map(|index| index.map_or(Some(f64::NAN), |index| question.missing[index].code.parse().ok()));
    columns.add(&question.columns[0], amount.look());
    Answers::Number {
        silence: Silent::new(question, silence, values.collect()),
        effects: Effects::new(&question.id, &[Some("amount")], groups, &question.lean),
        amount,
        stream: Stream::new(&["question", &question.id, "answer"]),
    }
}

/// The ways in which somebody who was asked gives no answer: positions of missing codes, `None` for a blank.
fn silent_reasons(question: &Question, silence: f64) -> Vec<Option<usize>> {
    if silence == 0.0 {
        return Vec::new();
    }
    if question.missing.is_empty() {
        return vec![None];
    }
    (0..question.missing.len()).filter(|index| question.missing[*index].reason != Reason::NotShown).map(Some).collect()
}

fn amounts(rows: &Rows, asked: &[bool], effects: &Effects, amount: Amount, stream: &mut Stream) -> Vec<f64> {
    let number = |row: usize| {
        let mut deviations = [stream.bell()];
        effects.add(&rows.levels, row, &mut deviations);
        if asked[row] { amount.at(deviations[0]) } else { f64::NAN }
    };
    (0..asked.len()).map(number).collect()
}

/// Keeps some of those asked from answering; what their cells hold instead is one of `values`.
#[derive(Clone, Debug)]
struct Silent<T> {
    part: f64,
    values: Vec<T>,
    stream: Stream,
}

impl<T: Copy> Silent<T> {
    fn new(question: &Question, part: f64, values: Vec<T>) -> Self {
        Self { part, values, stream: Stream::new(&["question", &question.id, "silence"]) }
    }

    /// Takes the silent out of `asked`; returns their rows and cells.
    fn draw(&mut self, asked: &mut [bool]) -> Vec<(usize, T)> {
        let mut silent = Vec::new();
        for (row, asked) in asked.iter_mut().enumerate() {
            let part = self.stream.uniform() / self.part;
            if *asked && part < 1.0 && !self.values.is_empty() {
                *asked = false;
                silent.push((row, self.values[(part * self.values.len() as f64) as usize]));
            }
        }
        silent
    }
}
