//! What a tally has to count: compiled once from a study.

use std::ops::Range;

use super::{Crossing, Fitted, FittedReplicates};
use crate::{
    design::Members,
    responses::{BLANK, NumberRule, OTHER, Request, Requests, Selection, Unlisted},
    study::{
        Design, Further, Holds, Kind, Levels, Question, Reason, ReplicateSource, Replicates, Segment, Stage, Study,
        weighting::{Residuals, Variable, Weighting},
    },
};

/// What to read and what to count.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The columns to read; positions below count in this list.
    pub requests: Vec<Request>,
    /// The column of weights; base weights where they were fitted.
    pub weight: Option<usize>,
    /// What weights are fitted by.
    pub weighting: Option<WeightingPlan>,
    /// Weights that were fitted to a population before.
    pub fitted: Option<Fitted>,
    /// The stages of the sample that variances need.
    pub stages: Vec<StagePlan>,
    /// Whether a contrast compares figures of several questions.
    pub compares_questions: bool,
    /// Answers that contrasts compare and one respondent may give both.
    pub crossings: Vec<Crossing>,
    /// Replicate weights; `None` for linearised variances.
    pub replicates: Option<ReplicatePlan>,
    /// The conditions of bases; questions share those that are the same.
    pub bases: Vec<Selection>,
    /// One for each question of the study.
    pub questions: Vec<QuestionPlan>,
    /// One for each segment of the study.
    pub segments: Vec<SegmentPlan>,
    /// The total and every segment level, in the order of the study.
    pub domains: Vec<Domain>,
}

/// Where the sums under replicate weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicatePlan {
    /// From the sums of each primary sampling unit, later.
    Made,
    /// From columns, counted with the rows.
    Read {
        /// The columns.
        columns: Vec<usize>,
        /// What they hold.
        holds: Holds,
    },
}

/// The columns of a weighting.
#[derive(Clone, Debug)]
pub struct WeightingPlan {
    /// Its variables, whose places begin at 0.
    pub variables: Vec<SegmentPlan>,
    /// Its numbers.
    pub numbers: Vec<usize>,
    /// The column of base weights, where respondents of a cell must have the same: trimmed weights are bounded one by one, and
    /// sums of influences are not told from weighted ones otherwise.
    pub base: Option<usize>,
}

/// The columns of a stage of the sample.
#[derive(Clone, Copy, Debug, Default)]
pub struct StagePlan {
    /// The column of strata.
    pub strata: Option<usize>,
    /// The column of units.
    pub units: Option<usize>,
    /// The column of finite populations.
    pub fpc: Option<usize>,
}

/// Some of the respondents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Everybody.
    Total,
    /// A level of a segment, both as indices.
    Level(usize, usize),
}

/// How a question is counted.
#[derive(Clone, Debug)]
pub struct QuestionPlan {
    /// Index in [`Plan::bases`]; `None` is everybody.
    pub base: Option<usize>,
    /// What is read.
    pub measure: Measure,
    /// Slots for each domain.
    pub slots: usize,
    /// Whether the numbers themselves are kept, for quantiles and ranks.
    pub keeps_numbers: bool,
}

/// Why there is no answer, by what a cell holds.
#[derive(Clone, Debug)]
pub struct Reasons {
    /// Of the codes that are no answer, in their order.
    pub codes: Vec<Reason>,
    /// Of a blank cell.
    pub blank: Reason,
}

/// What is read for a question.
#[derive(Clone, Debug)]
pub enum Measure {
    /// One column of codes. Slot `o` is option `o`; the last slot is missing answers that count in the base.
    Single {
        /// The column.
        column: usize,
        /// The slot of each code; 255 where it is counted nowhere.
        slots: Box<[u8; 256]>,
        /// The codes that are counted nowhere, and why.
        silent: Vec<(u8, Reason)>,
    },
    /// A 0/1 column for each option. Slot `o` is option `o` chosen; then there is a slot for each set; the last slot is
    /// the whole base.
    Multiple {
        /// The columns in the order of the options.
        columns: Vec<usize>,
        /// Options that are counted together.
        sets: Vec<Set>,
        /// The reasons of the missing codes, which follow 0 and 1.
        reasons: Reasons,
        /// Whether somebody who chose nothing for a reason counts in the base, in the order of [`Reason::ALL`].
        counts: [bool; 4],
    },
    /// A column of numbers. Slot `k` is the sum of their powers `k`, from 0, the base, to 4: the standard error of a
    /// standard deviation needs them all.
    Number {
        /// The column.
        column: usize,
        /// The same column as codes of what is missing, where the study names such codes.
        codes: Option<usize>,
        /// The reasons of those codes.
        reasons: Reasons,
    },
    /// Two columns of numbers, `x` and `y`. Slot 0 is the base, those who gave both; then `x`, `y`, `x²`, `xy`, `y²`.
    Ratio {
        /// The columns.
        columns: [usize; 2],
        /// Why there is no answer.
        reasons: Reasons,
    },
}

/// Options of a multiple response that are counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Set {
    /// Who chose any of them: a net.
    Any(Vec<usize>),
    /// Who chose both.
    Both([usize; 2]),
}

/// Powers of a number that are summed.
pub const POWERS: usize = 5;

/// The slot of answers that are counted nowhere.
pub const NO_SLOT: u8 = u8::MAX;

/// How a segment is read.
#[derive(Clone, Debug)]
pub struct SegmentPlan {
    /// The column.
    pub column: usize,
    /// Lower ends of bands; `None` where the column holds codes.
    pub bands: Option<Vec<f64>>,
    /// How many levels.
    pub levels: usize,
    /// The place of the first level. Respondents in no level have the place after the last.
    pub first_place: usize,
}

impl Plan {
    /// Compiles a study.
    #[must_use]
    pub fn new(study: &Study) -> Self {
        let mut requests = Requests::default();
        let plan = Self::of_sample(study, &mut requests);
        let mut domains = vec![Domain::Total];
        let mut segments = Vec::new();
        for (index, segment) in study.segments.iter().enumerate() {
            // Each segment before this one has a place for those in no level.
            let missing = study.missing_codes(&segment.column);
            segments.push(segment_plan(segment, &missing, domains.len() + index, &mut requests));
            domains.extend((0..segment.levels().len()).map(|level| Domain::Level(index, level)));
        }
        let measures: Vec<Measure> = study.questions.iter().map(|question| measure(question, &mut requests)).collect();
        let mut bases = Vec::new();
        let mut conditions = Vec::new();
        let mut questions = Vec::new();
        for (question, measure) in study.questions.iter().zip(measures) {
            let base = question.base.condition.as_ref().map(|condition| {
                conditions.iter().position(|known| *known == condition).unwrap_or_else(|| {
                    conditions.push(condition);
                    bases.push(Selection::compile(condition, &|column| study.missing_codes(column), &mut requests));
                    bases.len() - 1
                })
            });
            let slots = match &measure {
                Measure::Single { .. } => question.options.len() + 1,
                Measure::Multiple { columns, sets, .. } => columns.len() + sets.len() + 1,
                Measure::Number { .. } => POWERS,
                Measure::Ratio { .. } => 6,
            };
            let keeps_numbers = question.further.iter().any(|further| matches!(further, Further::Quantile(_)));
            questions.push(QuestionPlan { base, measure, slots, keeps_numbers });
        }
        let crossings = Crossing::all(study);
        Self { requests: finished(requests, study), crossings, bases, questions, segments, domains, ..plan }
    }

    /// What the first of two passes needs where weights are fitted: the sample and the weighting. The columns have the same
    /// positions as in the plan of the study.
    #[must_use]
    pub fn of_weights(study: &Study) -> Self {
        let mut requests = Requests::default();
        let plan = Self::of_sample(study, &mut requests);
        Self { requests: finished(requests, study), ..plan }
    }

    fn of_sample(study: &Study, requests: &mut Requests) -> Self {
        let design = &study.design;
        let weight = design.weight.as_ref().map(|(column, _)| requests.numbers(column, &NumberRule::Weight));
        let replicates = design.replicates.as_ref().map(|replicates| replicate_plan(replicates, requests));
        let stages = stages(design, replicates.as_ref(), requests);
        let weighting = study.weighting.as_ref().map(|weighting| weighting_plan(study, weighting, weight, requests));
        Self {
            requests: Vec::new(),
            weight,
            weighting,
            fitted: None,
            stages,
            compares_questions: study.contrasts.iter().any(|contrast| !contrast.is_of_one_question()),
            crossings: Vec::new(),
            replicates,
            bases: Vec::new(),
            questions: Vec::new(),
            segments: Vec::new(),
            domains: vec![Domain::Total],
        }
    }

    /// Keeps the numbers of a question, which ranks need, though the study asks for no quantile of them. A question of
    /// another kind has none to keep.
    pub fn keep_numbers(&mut self, question: usize) {
        let question = &mut self.questions[question];
        question.keeps_numbers |= matches!(question.measure, Measure::Number { .. });
    }

    /// The domains that are the levels of a segment, in their order.
    #[must_use]
    pub fn levels(&self, segment: usize) -> Range<usize> {
        // Places count those in no level of each segment before, domains do not.
        let first = self.segments[segment].first_place - segment;
        first..first + self.segments[segment].levels
    }

    /// The place of a domain in the sums; 0 is the total.
    #[must_use]
    pub fn place(&self, domain: usize) -> usize {
        match self.domains[domain] {
            Domain::Total => 0,
            Domain::Level(segment, level) => self.segments[segment].first_place + level,
        }
    }

    /// The column of each level of the [`Frame`](crate::design::Frame): strata and units of each stage in turn.
    #[must_use]
    pub fn levels_of_frame(&self) -> Vec<Option<usize>> {
        let levels = self.stages.iter().flat_map(|stage| [stage.strata, stage.units]);
        levels.take(2 * self.stages.len() - usize::from(self.squares_are_needed())).collect()
    }

    /// Whether groups are strata in which each respondent is a unit of the last stage, so that variances need squares.
    #[must_use]
    pub fn squares_are_needed(&self) -> bool {
        self.stages.last().is_none_or(|stage| stage.units.is_none()) && self.members() == Members::Named
    }

    /// Whether sums are those of the parts of groups that are in one cell of a weighting: where respondents are units of
    /// their own, what a calibration takes from their influence is not told by the sums of a group.
    #[must_use]
    pub fn sums_are_by_part(&self) -> bool {
        self.fitted.is_some()
            && self.replicates.is_none()
            && (self.squares_are_needed() || self.members() == Members::Respondents)
    }

    /// What the groups of the [`Frame`](crate::design::Frame) are: replicates are made of units, and where the design names
    /// none, each respondent is one. So it is where figures of several questions are compared: what a respondent adds to
    /// each of them is in no sum of one question.
    #[must_use]
    pub fn members(&self) -> Members {
        let is_unit = |stage: Option<&StagePlan>| stage.is_some_and(|stage| stage.units.is_none());
        match &self.replicates {
            Some(ReplicatePlan::Made) if is_unit(self.stages.first()) => Members::Respondents,
            None if self.compares_questions && is_unit(self.stages.last()) => Members::Respondents,
            _ => Members::Named,
        }
    }

    /// How many replicates are counted with the rows: those that are read, and those that are fitted.
    #[must_use]
    pub fn replicates_counted(&self) -> usize {
        self.fitted_replicates().map_or(self.replicate_columns().len(), |replicates| replicates.count)
    }

    /// The replicates that are fitted.
    pub(super) fn fitted_replicates(&self) -> Option<&FittedReplicates> {
        self.fitted.as_ref()?.replicates.as_ref()
    }

    /// Whether replicates are weights as they are read, rather than what base weights are multiplied by.
    pub(super) fn replicates_are_weights(&self) -> bool {
        matches!(self.replicates, Some(ReplicatePlan::Read { holds: Holds::Weights, .. }))
    }

    /// The columns of replicate weights.
    #[must_use]
    pub fn replicate_columns(&self) -> &[usize] {
        if let Some(ReplicatePlan::Read { columns, .. }) = &self.replicates { columns } else { &[] }
    }

    /// How many respondents can be counted; unlimited unless each is a group of its own, with sums for every cell of every
    /// question, 16 bytes each, or has replicate weights that are kept with its answers, for quantiles and ranks. Of either
    /// two gigabytes are kept at most.
    #[must_use]
    pub fn most_respondents(&self) -> u64 {
        const SUMS: usize = 1 << 27;
        const RESPONDENTS: u64 = 200_000;
        let cells: usize = self.questions.iter().map(|question| (question.slots + 1) * self.places()).sum();
        let kept = self.questions.iter().filter(|question| question.keeps_numbers).count() * self.replicates_counted();
        match self.members() {
            Members::Named if kept > 0 => (2 * SUMS / kept) as u64,
            Members::Named => u64::MAX,
            Members::Respondents => RESPONDENTS.min((SUMS / cells.max(1)) as u64),
        }
    }

    /// How many places there are: the total, and for each segment its levels and those in none of them.
    #[must_use]
    pub fn places(&self) -> usize {
        self.domains.len() + self.segments.len()
    }
}

/// A stage chosen with replacement makes those after it add nothing: they are not read.
/// Replicates are made of the first stage alone; where they are read, they are all that is needed.
fn stages(design: &Design, replicates: Option<&ReplicatePlan>, requests: &mut Requests) -> Vec<StagePlan> {
    let with_replacement = || design.stages.iter().position(|stage| stage.fpc.is_none());
    let needed = match replicates {
        None => with_replacement().map_or(design.stages.len(), |last| last + 1),
        Some(ReplicatePlan::Made) => 1,
        Some(ReplicatePlan::Read { .. }) => return vec![StagePlan::default()],
    };
    let any = NumberRule::any(&[]);
    let plan = |stage: &Stage| StagePlan {
        strata: stage.strata.as_ref().map(|(column, _)| requests.keys(column)),
        units: stage.units.as_ref().map(|(column, _)| requests.keys(column)),
        fpc: stage.fpc.as_ref().map(|(column, _)| requests.numbers(column, &any)),
    };
    design.stages[..needed].iter().map(plan).collect()
}

fn replicate_plan(replicates: &Replicates, requests: &mut Requests) -> ReplicatePlan {
    match &replicates.source {
        ReplicateSource::Made { .. } => ReplicatePlan::Made,
        ReplicateSource::Columns { names, holds } => {
            let columns = names.iter().map(|name| requests.numbers(name, &NumberRule::Weight)).collect();
            ReplicatePlan::Read { columns, holds: *holds }
        }
    }
}

fn weighting_plan(
    study: &Study,
    weighting: &Weighting,
    weight: Option<usize>,
    requests: &mut Requests,
) -> WeightingPlan {
    let variable = |variable: &Variable, requests: &mut Requests| {
        segment_plan(&variable.segment, &study.missing_codes(&variable.segment.column), 0, requests)
    };
    WeightingPlan {
        variables: weighting.variables.iter().map(|own| variable(own, requests)).collect(),
        numbers: (weighting.numbers.iter())
            .map(|number| requests.numbers(&number.column, &NumberRule::any(&study.missing_codes(&number.column))))
            .collect(),
        base: weight.filter(|_| weighting.trim.is_some() || study.residuals() == Some(Residuals::Respondents)),
    }
}

fn finished(requests: Requests, study: &Study) -> Vec<Request> {
    let mut requests = requests.0;
    for request in &mut requests {
        request.decimal_comma = study.data.decimal_comma;
    }
    requests
}

fn segment_plan(segment: &Segment, missing: &[String], first_place: usize, requests: &mut Requests) -> SegmentPlan {
    let levels = segment.levels().len();
    match &segment.levels {
        Levels::Codes(codes) => {
            let values: Vec<String> =
                codes.iter().map(|level| level.code.clone()).chain(missing.iter().cloned()).collect();
            let spellings = spellings(codes.iter().map(|level| level.also.as_slice()));
            let column = requests.spelled(&segment.column, &values, &spellings, Unlisted::Reported);
            SegmentPlan { column, bands: None, levels, first_place }
        }
        Levels::Bands { starts, .. } => {
            let column = requests.numbers(&segment.column, &NumberRule::any(missing));
            SegmentPlan { column, bands: Some(starts.clone()), levels, first_place }
        }
    }
}

/// The other spellings of each value, with its position.
fn spellings<'a>(values: impl Iterator<Item = &'a [String]>) -> Vec<(usize, String)> {
    values.enumerate().flat_map(|(position, also)| also.iter().map(move |text| (position, text.clone()))).collect()
}

impl Reasons {
    fn of(question: &Question) -> Self {
        let codes = question.missing.iter().map(|missing| missing.reason).collect();
        Self { codes, blank: question.blank }
    }
}

fn measure(question: &Question, requests: &mut Requests) -> Measure {
    let missing = || question.missing.iter().map(|missing| missing.code.clone());
    match question.kind {
        Kind::Single | Kind::Scale => {
            let options = question.options.len();
            let values: Vec<String> =
                question.options.iter().map(|option| option.code.clone()).chain(missing()).collect();
            let spellings = spellings(question.options.iter().map(|option| option.also.as_slice()));
            let column = requests.spelled(&question.columns[0], &values, &spellings, Unlisted::Reported);
            let mut slots = Box::new([NO_SLOT; 256]);
            let mut silent = Vec::new();
            let mut rest = |code: u8, reason: Reason| {
                if question.counts_in_base(reason) {
                    slots[usize::from(code)] = options as u8;
                } else {
                    silent.push((code, reason));
                }
            };
            for (code, missing) in (options as u8..).zip(&question.missing) {
                rest(code, missing.reason);
            }
            rest(OTHER, Reason::Skipped);
            rest(BLANK, question.blank);
            for option in 0..options {
                slots[option] = option as u8;
            }
            Measure::Single { column, slots, silent }
        }
        Kind::Multiple => {
            let marks = question.marks();
            let values: Vec<String> = marks.iter().map(|marks| marks[0].clone()).chain(missing()).collect();
            let spellings = spellings(marks.iter().map(|marks| &marks[1..]));
            let mut request = |column: &String| requests.spelled(column, &values, &spellings, Unlisted::Reported);
            let columns = question.columns.iter().map(&mut request).collect();
            let reasons = Reasons::of(question);
            let counts = Reason::ALL.map(|reason| question.counts_in_base(reason));
            let nets = question.nets.iter().map(|net| Set::Any(net.options.clone()));
            let sets = nets.chain(question.both.iter().map(|pair| Set::Both(*pair))).collect();
            Measure::Multiple { columns, sets, reasons, counts }
        }
        Kind::Number => {
            let missing: Vec<String> = missing().collect();
            let name = &question.columns[0];
            let column = requests.numbers(name, &NumberRule::any(&missing));
            let codes = (!missing.is_empty()).then(|| requests.codes(name, &missing, Unlisted::Accepted));
            let reasons = Reasons::of(question);
            Measure::Number { column, codes, reasons }
        }
        Kind::Ratio => {
            let missing: Vec<String> = missing().collect();
            let column = |index: usize| question.columns.get(index).unwrap_or(&question.columns[0]);
            let columns = [0, 1].map(|index| requests.numbers(column(index), &NumberRule::any(&missing)));
            Measure::Ratio { columns, reasons: Reasons::of(question) }
        }
    }
}
