//! Who answers: sampling units, segments and weights.

use super::{
    amount::Amount,
    chance::{Seed, Stream, uniform_of},
    effects::{Group, Spread},
    plan::{Columns, Look},
    replicates::Replicates,
    shares,
};
use crate::{
    responses::{Batch, Column},
    study::{Chances, Levels, Segment, Stage, Study},
};

/// Some respondents as far as they have been made.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The columns made so far, in the order of their requests.
    pub batch: Batch,
    /// The level of each respondent in each group; one beyond the last for no level.
    pub levels: Vec<Vec<u16>>,
    /// The weight of each respondent.
    pub weights: Vec<f64>,
}

/// Makes respondents before they are asked anything.
#[derive(Clone, Debug)]
pub struct Respondents {
    clusters: Option<Clusters>,
    population: Option<f64>,
    later: Vec<LaterStage>,
    segments: Vec<SegmentDraw>,
    weight: Option<Stream>,
    replicates: Option<Replicates>,
    numbers: Vec<NumberDraw>,
}

impl Respondents {
    /// Respondents of a study; `is_asked` says which columns are made by questions instead. Adds the columns and the
    /// groups that it makes.
    pub fn new(
        study: &Study,
        rows: u64,
        is_asked: impl Fn(&str) -> bool,
        columns: &mut Columns,
        groups: &mut Vec<Group>,
    ) -> Self {
        let drawn_elsewhere =
            |name: &str| is_asked(name) || study.segments.iter().any(|segment| segment.column == name);
        let clusters = Clusters::new(study, drawn_elsewhere, columns, groups);
        let population =
            study.design.first().fpc.as_ref().filter(|(name, _)| !drawn_elsewhere(name)).map(|(name, _)| {
                // No stratum can hold more than the whole sample, so this is always a population.
                let sampled =
                    if study.design.first().units.is_some() { u64::from(unit_count(study)) } else { rows.max(1) };
                finite_population(study, name, sampled, columns)
            });
        let later = study.design.stages.iter().enumerate().skip(1);
        let later =
            later.map(|(index, stage)| LaterStage::new(study, stage, index, rows, drawn_elsewhere, columns)).collect();
        let mut segments = Vec::new();
        let own = study.weighting.iter().flat_map(|weighting| weighting.own_variables(&study.segments));
        let variables = study.segments.iter().enumerate().map(|(index, segment)| (Some(index), segment));
        for (index, segment) in variables.chain(own.map(|variable| (None, variable))) {
            if segment.levels().is_empty() || is_asked(&segment.column) || columns.position(&segment.column).is_some() {
                continue;
            }
            let draw = SegmentDraw::new(segment, study);
            columns.add(&segment.column, draw.look());
            groups.push(Group::of_segment(index, segment));
            segments.push(draw);
        }
        let weight = study.design.weight.as_ref().filter(|(name, _)| !drawn_elsewhere(name)).map(|(name, _)| {
            columns.add_first(name, Look::Decimals(4));
            Stream::new(&["weight"])
        });
        let replicates = Replicates::new(study, drawn_elsewhere, columns);
        let mut numbers = Vec::new();
        if let Some(weighting) = &study.weighting {
            for column in weighting.numbers.iter().map(|number| &number.column).filter(|name| !is_asked(name)) {
                // One that is also a weight, a stratum or a band of a segment is made already.
                let amount =
                    Amount::of_weighting(weighting, column, rows).filter(|_| columns.position(column).is_none());
                numbers.extend(amount.map(|amount| NumberDraw::new(column, amount, columns)));
            }
        }
        Self { clusters, population, later, segments, weight, replicates, numbers }
    }

    /// Goes back to the first respondent.
    pub fn start(&mut self, seed: Seed) {
        if let Some(clusters) = &mut self.clusters {
            clusters.start(seed);
        }
        for stage in &mut self.later {
            stage.stream.start(seed);
        }
        for segment in &mut self.segments {
            segment.start(seed);
        }
        if let Some(weight) = &mut self.weight {
            weight.start(seed);
        }
        if let Some(replicates) = &mut self.replicates {
            replicates.start();
        }
        for number in &mut self.numbers {
            number.stream.start(seed);
        }
    }

    /// The next respondents.
    pub fn draw(&mut self, count: usize) -> Rows {
        let batch = Batch { rows: count, columns: Vec::new() };
        let mut rows = Rows { batch, levels: Vec::new(), weights: vec![1.0; count] };
        let mut units = None;
        if let Some(clusters) = &mut self.clusters {
            clusters.draw(count, &mut rows);
            units = clusters.units.and(rows.batch.columns.len().checked_sub(1));
        }
        if let Some(population) = self.population {
            rows.batch.columns.push(Column::Numbers(vec![population; count]));
        }
        for stage in &mut self.later {
            stage.draw(count, &mut rows);
        }
        for segment in &mut self.segments {
            segment.draw(count, &mut rows);
        }
        if let Some(stream) = &mut self.weight {
            for weight in &mut rows.weights {
                let noisy = *weight * (0.9 + 0.2 * stream.uniform());
                *weight = (noisy * 1e4).round().max(1.0) / 1e4;
            }
            rows.batch.columns.push(Column::Numbers(rows.weights.clone()));
        }
        if let Some(replicates) = &mut self.replicates {
            let units = units.map(|column| rows.batch.columns[column].numbers());
            let drawn = replicates.draw(&rows.weights, units);
            rows.batch.columns.extend(drawn);
        }
        for number in &mut self.numbers {
            let drawn = (0..count).map(|_| number.amount.at(number.stream.bell())).collect();
            rows.batch.columns.push(Column::Numbers(drawn));
        }
        rows
    }
}

/// A number that only weighting reads.
#[derive(Clone, Debug)]
struct NumberDraw {
    amount: Amount,
    stream: Stream,
}

impl NumberDraw {
    fn new(column: &str, amount: Amount, columns: &mut Columns) -> Self {
        columns.add(column, amount.look());
        Self { amount, stream: Stream::new(&["number", column]) }
    }
}

/// A stage within the units of the first: a few strata and units that nobody's answers depend on.
#[derive(Clone, Debug)]
struct LaterStage {
    stream: Stream,
    has_strata: bool,
    has_units: bool,
    population: Option<f64>,
}

impl LaterStage {
    const UNITS: u32 = 4;
    const STRATA: u32 = 2;

    fn new(
        study: &Study,
        stage: &Stage,
        index: usize,
        rows: u64,
        drawn_elsewhere: impl Fn(&str) -> bool,
        columns: &mut Columns,
    ) -> Self {
        let mut open = |column: &Option<(String, _)>| {
            let name = column.as_ref().map(|(name, _)| name).filter(|name| !drawn_elsewhere(name));
            name.inspect(|name| columns.add(name, Look::Whole)).is_some()
        };
        let (has_strata, has_units) = (open(&stage.strata), open(&stage.units));
        let sampled = if has_units { u64::from(Self::UNITS) } else { rows.max(1) };
        let fpc = stage.fpc.as_ref().filter(|(name, _)| !drawn_elsewhere(name));
        let population = fpc.map(|(name, _)| finite_population(study, name, sampled, columns));
        Self { stream: Stream::new(&["stage", &index.to_string()]), has_strata, has_units, population }
    }

    fn draw(&mut self, count: usize, rows: &mut Rows) {
        let cards: Vec<u32> = (0..count).map(|_| (self.stream.uniform() * f64::from(Self::UNITS)) as u32).collect();
        let numbers = |size: u32| Column::Numbers(cards.iter().map(|card| f64::from(card % size + 1)).collect());
        rows.batch.columns.extend(self.has_strata.then(|| numbers(Self::STRATA)));
        rows.batch.columns.extend(self.has_units.then(|| numbers(Self::UNITS)));
        rows.batch.columns.extend(self.population.map(|population| Column::Numbers(vec![population; count])));
    }
}

/// What the column of a finite population holds: fifty times what is sampled, or the same as a chance.
fn finite_population(study: &Study, column: &str, sampled: u64, columns: &mut Columns) -> f64 {
    const POPULATION: f64 = 50.0;
    match study.design.chances {
        Chances::Equal => {
            columns.add(column, Look::Whole);
            POPULATION * sampled as f64
        }
        Chances::Brewer => {
            columns.add(column, Look::Decimals(2));
            1.0 / POPULATION
        }
    }
}

impl Group {
    /// The group that a segment is.
    pub fn of_segment(index: Option<usize>, segment: &Segment) -> Self {
        let spread = match &segment.levels {
            Levels::Codes(_) => Spread::Unordered,
            Levels::Bands { .. } => Spread::Ordered,
        };
        let levels = segment.levels().iter().map(|level| level.code.clone()).collect();
        Self { id: segment.id.clone(), segment: index, levels, spread }
    }
}

/// Strata and the primary sampling units in them.
#[derive(Clone, Debug)]
struct Clusters {
    stream: Stream,
    /// The units, or the strata where every respondent is a unit. Each is dealt once before any is dealt again.
    deck: Vec<u32>,
    dealt: usize,
    /// Number of strata, where strata are written.
    strata: Option<u32>,
    /// Number of units, where units are written.
    units: Option<u32>,
}

impl Clusters {
    /// Units beyond these think like one of these, so that tables stay small.
    const MOST_LEVELS: u32 = 4096;

    fn new(
        study: &Study,
        drawn_elsewhere: impl Fn(&str) -> bool,
        columns: &mut Columns,
        groups: &mut Vec<Group>,
    ) -> Option<Self> {
        let mut add = |name: &str, id: &str, count: u32, spread: Spread| {
            columns.add(name, Look::Whole);
            let levels = (1..=count.min(Self::MOST_LEVELS)).map(|level| level.to_string()).collect();
            groups.push(Group { id: id.to_owned(), segment: None, levels, spread });
            count
        };
        let written = |column: &Option<(String, _)>| {
            column.as_ref().map(|(name, _)| name.clone()).filter(|name| !drawn_elsewhere(name))
        };
        let units = written(&study.design.first().units).map(|name| (name, unit_count(study)));
        // Two units in each stratum at least, so that every stratum has a variance.
        let most = units.as_ref().map_or(u32::MAX, |(_, count)| count / 2);
        let strata = written(&study.design.first().strata)
            .map(|name| add(&name, "stratum", study.simulation.strata.clamp(1, most), Spread::Unordered));
        let units = units.map(|(name, count)| add(&name, "unit", count, Spread::Cluster));
        let deck = (0..units.or(strata)?).collect();
        Some(Self { stream: Stream::new(&["units"]), deck, dealt: 0, strata, units })
    }

    fn start(&mut self, seed: Seed) {
        self.stream.start(seed);
        self.deck.sort_unstable();
        self.dealt = 0;
    }

    fn draw(&mut self, count: usize, rows: &mut Rows) {
        let cards: Vec<u32> = (0..count).map(|_| self.deal()).collect();
        for size in [self.strata, self.units].into_iter().flatten() {
            let numbers = cards.iter().map(|card| f64::from(card % size + 1)).collect();
            rows.batch.columns.push(Column::Numbers(numbers));
            let levels = size.min(Self::MOST_LEVELS);
            rows.levels.push(cards.iter().map(|card| (card % size % levels) as u16).collect());
        }
    }

    fn deal(&mut self) -> u32 {
        if self.dealt == self.deck.len() {
            self.dealt = 0;
        }
        if self.dealt == 0 {
            for last in (1..self.deck.len()).rev() {
                let other = (self.stream.uniform() * (last + 1) as f64) as usize;
                self.deck.swap(last, other);
            }
        }
        self.dealt += 1;
        self.deck[self.dealt - 1]
    }
}

fn unit_count(study: &Study) -> u32 {
    study.simulation.units.max(2)
}

/// Draws a segment.
#[derive(Clone, Debug)]
struct SegmentDraw {
    levels: Levels,
    /// Shares in the sample, which differ from those in the population by the willingness to answer.
    shares: Vec<f64>,
    /// Population share by sample share.
    weights: Vec<f64>,
    /// By how many respondents each level lags behind its share so far: samples are drawn to quotas.
    lags: Vec<f64>,
    level_stream: Stream,
    value_stream: Stream,
}

impl SegmentDraw {
    fn new(segment: &Segment, study: &Study) -> Self {
        const WILLINGNESS: f64 = 0.3;
        let is_weighted = study.design.weight.is_some() || study.weighting.is_some();
        let population = shares::of_levels(segment, study.weighting.as_ref());
        let willing = segment.levels().iter().map(|level| {
            let place = 2.0 * uniform_of(&[&segment.id, &level.code, "willing"]) - 1.0;
            if is_weighted { (WILLINGNESS * place).exp() } else { 1.0 }
        });
        let willing: Vec<f64> = willing.collect();
        let mean: f64 = population.iter().zip(&willing).map(|(share, willing)| share * willing).sum();
        Self {
            levels: segment.levels.clone(),
            shares: population.iter().zip(&willing).map(|(share, willing)| share * willing / mean).collect(),
            weights: willing.iter().map(|willing| mean / willing).collect(),
            lags: vec![0.0; population.len()],
            level_stream: Stream::new(&["segment", &segment.column, "level"]),
            value_stream: Stream::new(&["segment", &segment.column, "value"]),
        }
    }

    fn look(&self) -> Look {
        match &self.levels {
            Levels::Codes(levels) => Look::Codes(levels.iter().map(|level| level.code.clone()).collect()),
            Levels::Bands { starts, .. } if is_whole(starts) => Look::Whole,
            Levels::Bands { .. } => Look::Decimals(2),
        }
    }

    fn start(&mut self, seed: Seed) {
        self.level_stream.start(seed);
        self.value_stream.start(seed);
        self.lags.fill(0.0);
    }

    fn draw(&mut self, count: usize, rows: &mut Rows) {
        let drawn: Vec<u16> = (0..count).map(|_| self.draw_level()).collect();
        for (weight, level) in rows.weights.iter_mut().zip(&drawn) {
            *weight *= self.weights[usize::from(*level)];
        }
        let stream = &mut self.value_stream;
        rows.batch.columns.push(match &self.levels {
            Levels::Codes(_) => Column::Codes(drawn.iter().map(|level| *level as u8).collect()),
            Levels::Bands { starts, .. } => {
                Column::Numbers(drawn.iter().map(|level| value_in(starts, usize::from(*level), stream)).collect())
            }
        });
        rows.levels.push(drawn);
    }

    fn draw_level(&mut self) -> u16 {
        const PULL: f64 = 0.02;
        let chance = |share: f64, lag: f64| (share + PULL * lag * share.sqrt()).max(0.0);
        let sum: f64 = self.shares.iter().zip(&self.lags).map(|(share, lag)| chance(*share, *lag)).sum();
        let mut rest = self.level_stream.uniform() * sum;
        let mut drawn = 0;
        for (level, (share, lag)) in self.shares.iter().zip(&mut self.lags).enumerate() {
            let chance = chance(*share, *lag);
            if rest >= 0.0 && chance > 0.0 {
                drawn = level;
            }
            rest -= chance;
            *lag += share;
        }
        self.lags[drawn] -= 1.0;
        drawn as u16
    }
}

/// A number within a band; the last band is open and thins out.
fn value_in(starts: &[f64], level: usize, stream: &mut Stream) -> f64 {
    const OPEN: f64 = 25.0;
    let start = starts[level];
    let point = stream.uniform();
    let (width, part) = match starts.get(level + 1) {
        Some(next) => (next - start, point),
        None => (OPEN, 1.0 - (1.0 - point).sqrt()),
    };
    if is_whole(starts) { start + (width * part).floor() } else { start + (width * part * 100.0).floor() / 100.0 }
}

fn is_whole(starts: &[f64]) -> bool {
    starts.iter().all(|start| start.fract() == 0.0)
}
