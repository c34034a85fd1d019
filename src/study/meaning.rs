//! The study as meant: names resolved, defaults filled in.

use std::{path::PathBuf, sync::Arc};

use super::{Condition, Contrast, Exclusion, Label, Language, Replicates, System, Weighting};
use crate::diagnostic::{Place, Source};

/// A whole study.
#[derive(Clone, Debug)]
pub struct Study {
    /// What the study is and how it was done.
    pub about: About,
    /// Where the responses are.
    pub data: Data,
    /// How respondents were chosen and weighted.
    pub design: Design,
    /// What may be published.
    pub publication: Publication,
    /// What dummy data need to know beyond the study.
    pub simulation: Simulation,
    /// The segments, in the order of the file.
    pub segments: Vec<Segment>,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
    /// Multiple responses whose answers are packed into few cells.
    pub packings: Vec<super::Packing>,
    /// The contrasts, in the order of the file.
    pub contrasts: Vec<Contrast>,
    /// What weights are made to agree with, where they are made here.
    pub weighting: Option<Weighting>,
    /// The study file itself, for diagnostics.
    pub source: Arc<Source>,
}

impl Study {
    /// The question of an id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.id == id)
    }

    /// The codes that are no answer wherever a column is read: by its questions, by segments, by conditions and by weighting.
    #[must_use]
    pub fn missing_codes(&self, column: &str) -> Vec<String> {
        let questions = self.questions.iter().filter(|question| question.columns.iter().any(|own| own == column));
        let mut codes: Vec<String> = Vec::new();
        let variables = self.weighting.iter().flat_map(|weighting| weighting.own_variables(&self.segments));
        let segments = self.segments.iter().chain(variables).filter(|segment| segment.column == column);
        let numbers = self.weighting.iter().flat_map(|weighting| &weighting.numbers);
        let numbers = numbers.filter(|number| number.column == column).flat_map(|number| &number.missing);
        let own = questions.flat_map(|question| &question.missing).chain(segments.flat_map(|segment| &segment.missing));
        let own = own.chain(numbers);
        for missing in own.chain(&self.data.missing) {
            if !codes.contains(&missing.code) {
                codes.push(missing.code.clone());
            }
        }
        codes
    }

    /// The segment of an id.
    #[must_use]
    pub fn segment(&self, id: &str) -> Option<usize> {
        self.segments.iter().position(|segment| segment.id == id)
    }
}

/// Where something stands in the study file, for diagnostics found later.
#[derive(Clone, Debug)]
pub struct Origin(pub Place);

/// What the study is, who made it and how: the items that a published survey must disclose.
#[derive(Clone, Debug)]
pub struct About {
    /// The title.
    pub title: Label,
    /// The language of the output unless another is asked for.
    pub language: Language,
    /// Probability or opt-in sample: decides how precision is worded.
    pub sample: Option<Sample>,
    /// First day of fieldwork, as an ISO date.
    pub fieldwork_from: Option<String>,
    /// Last day of fieldwork, as an ISO date.
    pub fieldwork_to: Option<String>,
    /// Who was meant to be represented.
    pub population: Option<Label>,
    /// Who carried it out.
    pub conducted_by: Option<Label>,
    /// Who paid.
    pub sponsor: Option<Label>,
    /// From which list or panel respondents came.
    pub frame: Option<Label>,
    /// How respondents were recruited.
    pub recruitment: Option<Label>,
    /// Online, telephone, face to face ...
    pub mode: Option<Label>,
    /// How weights were made.
    pub weighting: Option<Label>,
    /// Checks of data quality.
    pub quality: Option<Label>,
    /// What the study cannot say.
    pub limitations: Option<Label>,
    /// Whom to ask.
    pub contact: Option<Label>,
    /// Anything else.
    pub notes: Option<Label>,
}

/// How respondents came into the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Every member of the population had a known chance.
    Probability,
    /// People chose to take part: sampling error is a model.
    OptIn,
}

/// Where the responses are.
#[derive(Clone, Debug)]
pub struct Data {
    /// The file, relative to the working directory.
    pub file: PathBuf,
    /// The format where it is not guessed from the ending.
    pub format: Option<String>,
    /// Codes that are no answer in any column.
    pub missing: Vec<Missing>,
    /// Whether numbers in text are written `1,5`.
    pub decimal_comma: bool,
    /// Whether the responses are made up.
    pub synthetic: bool,
    /// Who is left out of everything, in the order in which that is decided.
    pub exclude: Vec<Exclusion>,
    /// Where `file` stands in the study file.
    pub origin: Origin,
}

/// How respondents were chosen and weighted, and how precision is computed.
#[derive(Clone, Debug)]
pub struct Design {
    /// Column of weights; without one everybody counts 1.
    pub weight: Option<(String, Origin)>,
    /// The stages in which respondents were chosen, at least one.
    pub stages: Vec<Stage>,
    /// Whether unit codes are numbered anew in each stratum, so that a code may stand for several units.
    pub nested: bool,
    /// With what chances units were chosen.
    pub chances: Chances,
    /// The system whose definitions were taken over, where one was named. Other keys may have changed them since.
    pub like: Option<System>,
    /// What to do with a stratum that has a single unit.
    pub lonely_unit: LonelyUnit,
    /// Whose degrees of freedom an interval has.
    pub degrees_of_freedom: DegreesOfFreedom,
    /// What is called the design effect where one is shown; the tidy estimates have both.
    pub design_effect: DesignEffect,
    /// How quantiles are read off.
    pub quantile_rule: QuantileRule,
    /// Kind of interval for the share up to a quantile, which makes that of the quantile; where there is none, that of shares.
    pub quantile_interval: Option<Interval>,
    /// Confidence level of intervals, such as 0.95.
    pub confidence: f64,
    /// Kind of interval for a share.
    pub interval: Interval,
    /// Where the quantiles of intervals come from.
    pub quantile: Quantile,
    /// Replicate weights, where variances come from them.
    pub replicates: Option<Replicates>,
}

/// One stage of a sample: units chosen in strata. Units of a later stage are chosen within those of the one before.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// Column of strata; without one there is one stratum.
    pub strata: Option<(String, Origin)>,
    /// Column of units; without one, which only the last stage may have, each respondent is a unit.
    pub units: Option<(String, Origin)>,
    /// Column of finite populations: sizes of the strata in units, or sampled fractions (0 to 1). Without one units
    /// count as chosen with replacement, and what was chosen within them adds nothing to variances.
    pub fpc: Option<(String, Origin)>,
}

/// With what chances the units of a stratum were chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chances {
    /// The same for all units of a stratum, or, without finite populations, any: with replacement only weights matter
    /// (Hansen & Hurwitz 1943).
    #[default]
    Equal,
    /// In proportion to size, without replacement: `fpc` holds the chance of each unit, and the variance is Brewer's
    /// approximation (Brewer 2002, *Combined Survey Sampling Inference*, ch. 9; R: `pps = "brewer"`).
    Brewer,
}

/// What a stratum with a single primary sampling unit contributes to a variance, unless that unit is all that the
/// population has there. A domain makes no unit lonely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LonelyUnit {
    /// Nothing can be said: an error that names the stratum (the default).
    #[default]
    Fail,
    /// The unit was certain to be chosen: no variance.
    Certainty,
    /// Left out of the variance (the same sum as certainty).
    Remove,
    /// Centred at the mean of all units instead of its own.
    Adjust,
    /// The average of the other strata that the figure reaches; unknown where it reaches none that has a variance.
    Average,
}

impl LonelyUnit {
    /// All rules.
    pub const ALL: [Self; 5] = [Self::Fail, Self::Certainty, Self::Remove, Self::Adjust, Self::Average];

    /// The name in study files, and R's `survey.lonely.psu`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Certainty => "certainty",
            Self::Remove => "remove",
            Self::Adjust => "adjust",
            Self::Average => "average",
        }
    }
}

/// Whose primary sampling units and strata count as degrees of freedom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DegreesOfFreedom {
    /// Those of the whole sample, for every figure (the default).
    #[default]
    Design,
    /// Those with anybody in the figure's base (Korn & Graubard 1999, *Analysis of Health Surveys*, p. 209).
    Domain,
    /// The strata with anybody in the figure's base, with all their units (Stata's `subpop`).
    Strata,
}

impl DegreesOfFreedom {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::Design, Self::Domain, Self::Strata];

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Design => "design",
            Self::Domain => "domain",
            Self::Strata => "strata",
        }
    }
}

/// The simple random sample that a design effect compares with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DesignEffect {
    /// With replacement (the default; Kish 1965, *Survey Sampling*, p. 258; R: `deff = "replace"`).
    #[default]
    With,
    /// Without replacement, from a population as large as the sum of weights (R: `deff = TRUE`).
    Without,
}

impl DesignEffect {
    /// Both.
    pub const ALL: [Self; 2] = [Self::With, Self::Without];

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::With => "with",
            Self::Without => "without",
        }
    }
}

impl Design {
    /// The first stage.
    #[must_use]
    pub fn first(&self) -> &Stage {
        &self.stages[0]
    }

    /// Kind of interval for the share up to a quantile.
    #[must_use]
    pub fn interval_of_quantiles(&self) -> Interval {
        self.quantile_interval.unwrap_or(self.interval)
    }
}

/// Kind of confidence interval for a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interval {
    /// Wald on the logit scale: never leaves 0 to 1 (the default).
    #[default]
    Logit,
    /// Estimate plus and minus t standard errors.
    Wald,
    /// Wald on the scale of the arcsine of the root.
    Arcsine,
    /// Wilson's score interval on the effective sample size.
    Wilson,
    /// The values that a likelihood ratio does not reject, scaled by the design effect.
    Likelihood,
    /// Clopper-Pearson on the effective sample size (Korn & Graubard 1998).
    KornGraubard,
    /// Korn-Graubard with an effective sample size of at most the sample size (Parker et al. 2017).
    Nchs,
    /// Clopper-Pearson for independent draws.
    ClopperPearson,
    /// Agresti-Coull for independent draws.
    AgrestiCoull,
    /// Equal tails of the posterior under Jeffreys' prior, for independent draws.
    Jeffreys,
}

impl Interval {
    /// All kinds: those that follow the design, then those for independent draws.
    pub const ALL: [Self; 10] = [
        Self::Logit,
        Self::Wald,
        Self::Arcsine,
        Self::Wilson,
        Self::Likelihood,
        Self::KornGraubard,
        Self::Nchs,
        Self::ClopperPearson,
        Self::AgrestiCoull,
        Self::Jeffreys,
    ];

    /// What R's `svyciprop` calls kinds that have another name here.
    pub const NAMES_IN_R: [(&str, Self); 3] =
        [("xlogit", Self::Logit), ("asin", Self::Arcsine), ("beta", Self::KornGraubard)];

    /// The name in study files and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Logit => "logit",
            Self::Wald => "wald",
            Self::Arcsine => "arcsine",
            Self::Wilson => "wilson",
            Self::Likelihood => "likelihood",
            Self::KornGraubard => "korn_graubard",
            Self::Nchs => "nchs",
            Self::ClopperPearson => "clopper_pearson",
            Self::AgrestiCoull => "agresti_coull",
            Self::Jeffreys => "jeffreys",
        }
    }

    /// Every accepted name with its kind.
    pub fn names() -> impl Iterator<Item = (&'static str, Self)> {
        Self::ALL.into_iter().map(|interval| (interval.name(), interval)).chain(Self::NAMES_IN_R)
    }

    /// Whether the kind takes answers as independent draws: it uses the share and the number of respondents, and ignores
    /// weights, strata and units.
    #[must_use]
    pub fn ignores_design(self) -> bool {
        matches!(self, Self::ClopperPearson | Self::AgrestiCoull | Self::Jeffreys)
    }
}

/// Where the quantiles of intervals come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantile {
    /// Student's t with the degrees of freedom of the design (the default).
    #[default]
    T,
    /// The normal distribution, as in R's `confint` and where degrees of freedom are taken as infinite.
    Z,
}

impl Quantile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::T, Self::Z];

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::Z => "z",
        }
    }
}

/// How a quantile is read off the ordered answers; `estimate::quantile` has the formulas. Those called hf are types 4 to 9
/// of Hyndman & Fan 1996, *The American Statistician* 50, p. 361.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuantileRule {
    /// The first answer up to which the part is reached (type 1; R's default and ours).
    #[default]
    Math,
    /// The same, but the middle of two answers where the part is reached exactly (type 2; Stata's `_pctile`).
    School,
    /// Joins the upper ends of answers.
    Hf4,
    /// Joins the middles of answers.
    Hf5,
    /// Leaves room beyond the last answer.
    Hf6,
    /// The first answer is the minimum, the last the maximum.
    Hf7,
    /// Nearly unbiased for the median.
    Hf8,
    /// Nearly unbiased for normal numbers.
    Hf9,
}

impl QuantileRule {
    /// All rules.
    pub const ALL: [Self; 8] =
        [Self::Math, Self::School, Self::Hf4, Self::Hf5, Self::Hf6, Self::Hf7, Self::Hf8, Self::Hf9];

    /// The name in study files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Math => "math",
            Self::School => "school",
            Self::Hf4 => "hf4",
            Self::Hf5 => "hf5",
            Self::Hf6 => "hf6",
            Self::Hf7 => "hf7",
            Self::Hf8 => "hf8",
            Self::Hf9 => "hf9",
        }
    }
}

/// What may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Cells and bases with fewer respondents are withheld. 5 by default.
    pub minimum_count: u64,
    /// Bases below are marked `*`. 100 by default.
    pub low_base: u64,
    /// Bases below are marked `**`. 30 by default.
    pub very_low_base: u64,
}

/// What dummy data need to know beyond the study.
#[derive(Clone, Debug, Default)]
pub struct Simulation {
    /// How many strata to make where the design names a column of strata.
    pub strata: u32,
    /// How many primary sampling units to make where the design names a column of them.
    pub units: u32,
    /// The part of those asked who give no answer, from 0 to 1.
    pub no_answer: f64,
}

/// A way to split respondents, such as age groups.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The name used in commands.
    pub id: String,
    /// The name that is printed.
    pub label: Label,
    /// The column that is read.
    pub column: String,
    /// Its levels.
    pub levels: Levels,
    /// Codes that put nobody into a level.
    pub missing: Vec<Missing>,
    /// Whether a level may have nobody in it.
    pub allow_empty: bool,
    /// Where it stands in the study file.
    pub origin: Origin,
}

impl Segment {
    /// The levels in order.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        match &self.levels {
            Levels::Codes(levels) | Levels::Bands { levels, .. } => levels,
        }
    }
}

/// How a column becomes levels.
#[derive(Clone, Debug)]
pub enum Levels {
    /// The column holds the codes of the levels.
    Codes(Vec<Level>),
    /// The column holds numbers; level `i` reaches from `starts[i]` to just below `starts[i + 1]`, the last is open.
    Bands {
        /// Lower ends, rising.
        starts: Vec<f64>,
        /// One level for each lower end.
        levels: Vec<Level>,
    },
}

/// One level of a segment.
#[derive(Clone, Debug)]
pub struct Level {
    /// What the data hold.
    pub code: String,
    /// Other spellings of the code in the data.
    pub also: Vec<String>,
    /// What is printed.
    pub label: Label,
    /// Share in the population in percent, for dummy data.
    pub share: Option<f64>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// The name used in commands.
    pub id: String,
    /// The wording, or what was measured.
    pub text: Label,
    /// A few words for headings and charts; the wording where absent.
    pub short: Label,
    /// How it is answered.
    pub kind: Kind,
    /// The column, or one column for each option of a multiple-response question.
    pub columns: Vec<String>,
    /// What else than 1 stands for a chosen option of a multiple response, such as `x`.
    pub chosen: Vec<String>,
    /// What else than 0 stands for one that was not chosen.
    pub not_chosen: Vec<String>,
    /// The options in order; none for a number.
    pub options: Vec<QuestionOption>,
    /// Codes that are no answer.
    pub missing: Vec<Missing>,
    /// Why there is no answer where the cell is blank.
    pub blank: Reason,
    /// Reasons for missing that stay in the base.
    pub missing_in_base: Vec<Reason>,
    /// Who was asked.
    pub base: Base,
    /// Whether it was measured rather than asked, so that nobody "answers" it.
    pub measured: bool,
    /// The options that the headline prints, as indices; empty for the most frequent.
    pub headline: Vec<usize>,
    /// For dummy data: how strongly the first option rises from the first to the last level of a segment, in logits.
    pub lean: Vec<(usize, f64)>,
    /// Answers that are also counted together.
    pub nets: Vec<Net>,
    /// Pairs of options of a multiple response of which contrasts need to know who chose both, the smaller index first.
    pub both: Vec<[usize; 2]>,
    /// Figures beside shares, nets and means.
    pub further: Vec<Further>,
    /// Where it stands in the study file.
    pub origin: Origin,
    /// Where its column, or list of columns, stands in the study file.
    pub column_origin: Origin,
}

impl Question {
    /// Whether a code stands for an answer that is missing but counts in the base.
    #[must_use]
    pub fn counts_in_base(&self, reason: Reason) -> bool {
        self.missing_in_base.contains(&reason)
    }

    /// What stands in a column of a multiple response for an option that was not chosen, and for one that was: 0 and 1 come
    /// first, unless the study gives them the other meaning.
    #[must_use]
    pub fn marks(&self) -> [Vec<String>; 2] {
        let of = |usual: &str, own: &[String], other: &[String]| -> Vec<String> {
            let usual = Some(usual.to_owned()).filter(|usual| !other.iter().any(|mark| same_code(mark, usual)));
            usual.into_iter().chain(own.iter().cloned()).collect()
        };
        [of("0", &self.not_chosen, &self.chosen), of("1", &self.chosen, &self.not_chosen)]
    }

    /// 1 and the index of each option of promoters, from 9, and -1 and that of each of detractors, up to 6.
    pub fn promoters(&self) -> impl Iterator<Item = (f64, usize)> {
        let side = |value: f64| match value {
            9.0.. => Some(1.0),
            ..=6.0 => Some(-1.0),
            _ => None,
        };
        let options = self.options.iter().enumerate();
        options.filter_map(move |(index, option)| Some((side(option.value?)?, index)))
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of the options.
    Single,
    /// Any number of the options: one 0/1 column each.
    Multiple,
    /// One of ordered options; also has a mean where options have values.
    Scale,
    /// A number: has a mean.
    Number,
    /// Two numbers: has the ratio of their totals.
    Ratio,
}

impl Kind {
    /// Whether its answers are numbers, so that there are no options.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Ratio)
    }

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::Scale => "scale",
            Self::Number => "number",
            Self::Ratio => "ratio",
        }
    }
}

/// An option of a question.
#[derive(Clone, Debug)]
pub struct QuestionOption {
    /// What the data hold; for multiple response the name of the option.
    pub code: String,
    /// Other spellings of the code in the data.
    pub also: Vec<String>,
    /// What is printed.
    pub label: Label,
    /// The number that a scale's mean uses.
    pub value: Option<f64>,
    /// The published share in percent, to be checked against.
    pub published: Option<f64>,
    /// The share in percent that dummy data assume where none was published.
    pub assumed: Option<f64>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// Answers that are also counted together, such as the two highest of a scale.
#[derive(Clone, Debug)]
pub struct Net {
    /// The name used in output.
    pub id: String,
    /// What is printed.
    pub label: Label,
    /// The options, as indices in rising order.
    pub options: Vec<usize>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

impl Net {
    /// Whether all its options are in another net.
    #[must_use]
    pub fn lies_within(&self, other: &Self) -> bool {
        self.options.iter().all(|option| other.options.contains(option))
    }

    /// Whether two nets share options, though neither lies within the other.
    #[must_use]
    pub fn crosses(&self, other: &Self) -> bool {
        let share = self.options.iter().any(|option| other.options.contains(option));
        share && !self.lies_within(other) && !other.lies_within(self)
    }
}

/// A figure that is made only where the study asks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Further {
    /// For each option the estimated number in the population.
    Count,
    /// The estimated sum of a number in the population.
    Total,
    /// The standard deviation of a number or of a scale's values.
    StandardDeviation,
    /// Promoters less detractors on a scale from 0 to 10.
    NetPromoterScore,
    /// A quantile of a number, such as 0.5.
    Quantile(f64),
}

/// A code that is no answer.
#[derive(Clone, Debug)]
pub struct Missing {
    /// What the data hold.
    pub code: String,
    /// Why there is no answer.
    pub reason: Reason,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The question was not put.
    NotShown,
    /// It was put and passed over.
    Skipped,
    /// The respondent does not know.
    DontKnow,
    /// The respondent would not say.
    Refused,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::NotShown, Self::Skipped, Self::DontKnow, Self::Refused];

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotShown => "not_shown",
            Self::Skipped => "skipped",
            Self::DontKnow => "dont_know",
            Self::Refused => "refused",
        }
    }
}

/// Who was asked a question.
#[derive(Clone, Debug)]
pub struct Base {
    /// How the base is printed; `None` means all respondents.
    pub label: Option<Label>,
    /// The condition on a respondent's other answers; `None` means everybody.
    pub condition: Option<Condition>,
    /// Where it stands in the study file.
    pub origin: Origin,
}

/// Whether the data cannot tell two codes apart: `1`, `1.0` and `01` are one number.
#[must_use]
pub fn same_code(one: &str, other: &str) -> bool {
    one == other || matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if one == other)
}

/// The number that a code is; `inf` and `nan` are words.
#[must_use]
pub fn finite(code: &str) -> Option<f64> {
    code.parse().ok().filter(|number: &f64| number.is_finite())
}
