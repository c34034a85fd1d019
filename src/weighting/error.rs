//! Why factors cannot be found.

use super::{Bounded, Bounds, Constraint};

/// Why factors cannot be found. Margins, levels, numbers and cells are counted from 0, in messages from 1; who knows
/// their names has them in [`Error::describe`].
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// There is neither a margin nor a number, or a margin without a target above 0.
    NoTargets,
    /// A target is negative, or no number.
    BadTarget {
        /// The constraint.
        constraint: Constraint,
        /// Its target.
        target: f64,
    },
    /// The targets of a margin sum to another population than those of the first.
    TotalsDiffer {
        /// The margin.
        margin: usize,
        /// The sum of its targets.
        total: f64,
        /// The sum of the targets of the first margin.
        first: f64,
    },
    /// Respondents are at a level that has no target, or one of 0.
    NoTarget {
        /// The margin.
        margin: usize,
        /// The level.
        level: usize,
        /// How many they are.
        respondents: u64,
    },
    /// A level with a target has no respondents.
    NoRespondents {
        /// The margin.
        margin: usize,
        /// The level.
        level: usize,
        /// Its target.
        target: f64,
        /// The level to collapse it with.
        collapse_with: Option<usize>,
    },
    /// A cell has not one level for each margin and one finite value for each number, or its weights are negative.
    BadCell(usize),
    /// Base weights are not given for each cell.
    BaseOfOtherCells {
        /// How many cells there are.
        cells: usize,
        /// For how many weights were given.
        weights: usize,
    },
    /// A target is not what the others leave: no weights whatsoever have these totals.
    Contradiction {
        /// The constraint.
        constraint: Constraint,
        /// The total that follows from the others.
        implied: f64,
        /// Its target.
        target: f64,
    },
    /// The method knows only margins, or only one.
    MethodFitsNot {
        /// The name of the method.
        method: &'static str,
        /// How many margins there are.
        margins: usize,
        /// How many numbers.
        numbers: usize,
    },
    /// Bounds of factors do not have 1 between them, or are infinite where they may not be.
    BoundsNotAroundOne(Bounds),
    /// The population is so many times the base weights that factors cannot lie within their bounds.
    ScaleBeyondBounds {
        /// The sum of base weights.
        base: f64,
        /// The population.
        total: f64,
        /// The bounds.
        bounds: Bounds,
    },
    /// All base weights at a level with a target are 0, as can be in a replicate.
    NoBaseWeight(Constraint),
    /// No factors were found that fit; the worst of the constraints.
    NotConverged {
        /// After how many steps of Newton's method.
        iterations: usize,
        /// The constraint that is furthest off.
        constraint: Constraint,
        /// The total reached.
        reached: f64,
        /// Its target.
        target: f64,
    },
    /// Respondents of a cell have different base weights, so that bounds of weights are no bounds of its factor.
    MixedBaseWeights(usize),
    /// No factor within its bounds brings respondents of this base weight within the bounds of weights.
    BoundsApart {
        /// The base weight.
        base: f64,
        /// The bounds of factors.
        factors: Bounds,
        /// The bounds of weights.
        bounds: Bounds,
    },
    /// With every weight, or factor, at a bound a level is still short of its target, or above it.
    BoundsTooTight {
        /// The level.
        constraint: Constraint,
        /// The total at the bound.
        reachable: f64,
        /// Its target.
        target: f64,
        /// The bounds.
        bounds: Bounds,
        /// What they are of.
        of: Bounded,
    },
    /// Bounds of weights do not have the mean weight between them.
    MeanBeyondBounds {
        /// The mean weight.
        mean: f64,
        /// The bounds of weights.
        bounds: Bounds,
    },
    /// Weights were cut again and again, and are still not within bounds.
    NotTrimmed {
        /// The bounds of weights.
        bounds: Bounds,
        /// How often they were cut.
        rounds: usize,
    },
    /// What weights are to be trimmed to has no meaning: bounds in the wrong order, parts beyond 0 and 1, a design
    /// effect below 1.
    BadTrimming(Bounds),
    /// No bound makes weights that equal.
    DesignEffectOutOfReach {
        /// The design effect wanted.
        wanted: f64,
        /// The lowest found, where any weights fit.
        lowest: Option<f64>,
    },
}

impl std::error::Error for Error {}
