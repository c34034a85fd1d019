//! In which order the columns of a study are made.

use std::collections::HashSet;

use super::{
    amount::Amount,
    asking::Asking,
    chance::Seed,
    effects::Group,
    grouping::Grouping,
    left_out::{Filler, fillers},
    respondents::{Respondents, Rows},
    written::{Packed, as_described, with_somebody_chosen},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    responses::{Coder, Column, Form, NumberRule, Requests, Selection, Unlisted},
    study::{Kind, Question, Study},
};

/// Everything that makes respondents and their answers, in order.
#[derive(Clone, Debug)]
pub struct Plan {
    respondents: Respondents,
    steps: Vec<Step>,
    outputs: Vec<Output>,
    seed: Seed,
}

/// A column that is written.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its position in the batch.
    pub position: usize,
    /// How its cells are written.
    pub look: Look,
}

/// How cells are written.
#[derive(Clone, Debug)]
pub enum Look {
    /// As the texts of codes.
    Codes(Vec<String>),
    /// As whole numbers.
    Whole,
    /// As numbers with so many decimals.
    Decimals(usize),
    /// As the codes of several columns.
    Packed(Box<Packed>),
}

#[derive(Clone, Debug)]
enum Step {
    /// Asks a question.
    Ask(Box<Asking>),
    /// Finds the levels of a segment in a question's column.
    Group(Grouping),
    /// Makes a column that is only read to leave respondents out.
    Fill(Filler),
    /// Codes a numeric column as a condition needs it.
    Code { source: usize, coder: Coder },
}

impl Plan {
    /// A plan for `rows` responses to a study.
    pub fn new(study: &Study, rows: u64) -> Result<Self, Diagnostics> {
        let asked: HashSet<&str> =
            study.questions.iter().flat_map(|question| &question.columns).map(String::as_str).collect();
        let mut columns = Columns::default();
        let mut groups = Vec::new();
        let respondents = Respondents::new(study, rows, |name| asked.contains(name), &mut columns, &mut groups);
        let mut planner = Planner { study, rows, columns, groups, steps: Vec::new(), problems: Diagnostics::default() };
        planner.group_segments();
        for question in &study.questions {
            let question = with_somebody_chosen(study, question);
            if let Err(problems) = planner.question(&question) {
                planner.problems.append(problems);
            }
            planner.group_segments();
        }
        let Planner { mut columns, mut steps, problems, .. } = planner;
        steps.extend(fillers(study, &mut columns).into_iter().map(Step::Fill));
        let plan = Self { respondents, steps, outputs: as_described(study, columns.outputs), seed: Seed::Pilot };
        problems.unless_errors(plan).map(|(plan, _)| plan)
    }

    /// The columns that are written, in order.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Fits the answers to their shares on a pilot of so many respondents.
    pub fn fit(&mut self, rows: usize) {
        self.start(Seed::Pilot);
        self.draw(rows);
    }

    /// Goes back to the first respondent of a seed.
    pub fn start(&mut self, seed: Seed) {
        self.seed = seed;
        self.respondents.start(seed);
        for step in &mut self.steps {
            match step {
                Step::Ask(asking) => asking.start(seed),
                Step::Fill(filler) => filler.start(),
                Step::Group(_) | Step::Code { .. } => {}
            }
        }
    }

    /// The next respondents with all their answers.
    pub fn draw(&mut self, count: usize) -> Rows {
        let mut rows = self.respondents.draw(count);
        for step in &mut self.steps {
            match step {
                Step::Ask(asking) => asking.ask(&mut rows, self.seed),
                Step::Group(grouping) => grouping.add(&mut rows),
                Step::Fill(filler) => {
                    let column = filler.draw(rows.batch.rows);
                    rows.batch.columns.push(column);
                }
                Step::Code { source, coder } => {
                    let numbers = rows.batch.columns[*source].numbers();
                    let codes = numbers.iter().map(|number| coder.code_of_number(*number)).collect();
                    rows.batch.columns.push(Column::Codes(codes));
                }
            }
        }
        rows
    }
}

struct Planner<'a> {
    study: &'a Study,
    rows: u64,
    columns: Columns,
    groups: Vec<Group>,
    steps: Vec<Step>,
    problems: Diagnostics,
}

impl Planner<'_> {
    fn question(&mut self, question: &Question) -> Result<(), Diagnostics> {
        for (segment, _) in &question.lean {
            self.is_known(*segment, question)?;
        }
        let base = self.base(question)?;
        let builds_on = |column: &String| {
            let in_base = |other: &Question| {
                let condition = other.base.condition.as_ref();
                condition.is_some_and(|condition| condition.atoms().iter().any(|atom| atom.column == *column))
            };
            self.study.segments.iter().any(|segment| segment.column == *column)
                || self.study.questions.iter().any(in_base)
        };
        // Everybody answers what other questions or segments build on.
        let silence = if question.columns.iter().any(builds_on) { 0.0 } else { self.study.simulation.no_answer };
        // The two numbers of a ratio are asked one after the other.
        let parts = question.columns.iter().filter(|_| question.kind == Kind::Ratio).map(|column| {
            let id = format!("{} {column}", question.id);
            Question { id, kind: Kind::Number, columns: vec![column.clone()], ..question.clone() }
        });
        let parts: Vec<Question> = parts.collect();
        for part in if parts.is_empty() { std::slice::from_ref(question) } else { &parts } {
            let weighting = self.study.weighting.as_ref().zip(part.columns.first());
            let amount = weighting.and_then(|(weighting, column)| Amount::of_weighting(weighting, column, self.rows));
            let amount = amount.unwrap_or_else(|| Amount::of_question(part));
            let asking = Asking::new(part, base.clone(), silence, amount, &self.groups, &mut self.columns)?;
            self.steps.extend(asking.map(|asking| Step::Ask(Box::new(asking))));
        }
        Ok(())
    }

    /// The base of a question, with the steps that make further columns for it.
    fn base(&mut self, question: &Question) -> Result<Option<Selection>, Diagnostics> {
        let Some(condition) = &question.base.condition else { return Ok(None) };
        let mut problems = Diagnostics::default();
        for atom in condition.atoms().iter().filter(|atom| self.columns.position(&atom.column).is_none()) {
            problems.push(self.not_made(&atom.column, question));
        }
        problems.unless_errors(())?;
        let requests = &mut self.columns.requests;
        let before = requests.0.len();
        let selection = Selection::compile(condition, &|_| Vec::new(), requests);
        let further = requests.0[before..].to_vec();
        for request in further {
            if let (Some(source), Form::Codes(coder)) = (self.columns.position(&request.column), request.form) {
                self.steps.push(Step::Code { source, coder });
            }
        }
        Ok(Some(selection))
    }

    fn not_made(&self, column: &str, question: &Question) -> Diagnostic {
        let place = question.base.origin.0.clone();
        let asked_later = self.study.questions.iter().find(|other| other.columns.iter().any(|own| own == column));
        let depends = format!("who is asked `{}` depends on `{column}`", question.id);
        if let Some(later) = asked_later {
            let hint = format!("move question `{}` above question `{}`", later.id, question.id);
            return Diagnostic::error("asked-later", place, format!("{depends}, which is only asked later")).hint(hint);
        }
        let hint = format!("add a segment or a question with column = \"{column}\"");
        Diagnostic::error("not-made", place, format!("{depends}, which nothing makes")).hint(hint)
    }

    fn is_known(&self, segment: usize, question: &Question) -> Result<(), Diagnostic> {
        if self.groups.iter().any(|group| group.segment == Some(segment)) {
            return Ok(());
        }
        let segment = &self.study.segments[segment];
        let message = format!(
            "`lean` of `{}` depends on segment `{}`, whose column `{}` is only asked later",
            question.id, segment.id, segment.column
        );
        let hint = format!("move the question that asks `{}` above question `{}`", segment.column, question.id);
        Err(Diagnostic::error("asked-later", question.origin.0.clone(), message).hint(hint))
    }

    /// Finds the levels of segments as soon as their columns are made.
    fn group_segments(&mut self) {
        for (index, segment) in self.study.segments.iter().enumerate() {
            if self.groups.iter().any(|group| group.segment == Some(index)) {
                continue;
            }
            let Some(output) = self.columns.outputs.iter().find(|output| output.name == segment.column) else {
                continue;
            };
            let values = if let Look::Codes(values) = &output.look { values.as_slice() } else { &[] };
            self.steps.push(Step::Group(Grouping::new(segment, output.position, values)));
            self.groups.push(Group::of_segment(Some(index), segment));
        }
    }
}

/// The columns that are made, in the order in which they are made and in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    requests: Requests,
    outputs: Vec<Output>,
}

impl Columns {
    /// Adds a column that is written after the others.
    pub fn add(&mut self, name: &str, look: Look) {
        let output = self.output(name, look);
        self.outputs.push(output);
    }

    /// Adds a column that is written before the others.
    pub fn add_first(&mut self, name: &str, look: Look) {
        let output = self.output(name, look);
        self.outputs.insert(0, output);
    }

    /// The position in the batch of a column that is written.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.outputs.iter().find(|output| output.name == name).map(|output| output.position)
    }

    fn output(&mut self, name: &str, look: Look) -> Output {
        let position = match &look {
            Look::Codes(values) => self.requests.codes(name, values, Unlisted::Reported),
            _ => self.requests.numbers(name, &NumberRule::any(&[])),
        };
        Output { name: name.to_owned(), position, look }
    }
}
