//! How base weights become final ones, and what that is called elsewhere.

/// How base weights `d` become final weights `w = d·F(x'λ)` that meet the targets: the distance that is made small, after
/// Deville & Särndal 1992, *Journal of the American Statistical Association* 87, p. 378, and Deville, Särndal & Sautory
/// 1993, same journal 88, p. 1014.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// The one margin is met by one factor a cell.
    PostStratification,
    /// Margins are met one after the other until all are: `F(u) = exp(u)`, by iterative proportional fitting (the default).
    #[default]
    Raking,
    /// `F(u) = 1 + u`, the regression estimator; with bounds cut off at them. Without bounds it can make weights below 0, which
    /// is an error.
    Linear,
    /// `F(u) = exp(u)`, as raking, but also for numbers; with bounds cut off at them.
    Exponential,
    /// `F` between its bounds, as a logistic curve.
    Logit,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 5] = [Self::PostStratification, Self::Raking, Self::Linear, Self::Exponential, Self::Logit];

    /// The name in study files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PostStratification => "post-stratification",
            Self::Raking => "raking",
            Self::Linear => "linear",
            Self::Exponential => "exponential",
            Self::Logit => "logit",
        }
    }

    /// Whether the method solves for `λ`, so that it can meet numbers and keep bounds.
    #[must_use]
    pub fn is_calibration(self) -> bool {
        matches!(self, Self::Linear | Self::Exponential | Self::Logit)
    }

    /// What to write for a name that other programs and books use.
    pub(super) fn called_elsewhere(typed: &str) -> Option<String> {
        let plain: String = typed.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect();
        let (_, method, what) = ELSEWHERE.iter().find(|(names, ..)| names.contains(&plain.as_str()))?;
        Some(match method {
            Some(method) => format!("write method = {:?}: {what}", method.name()),
            None => format!("say {what}"),
        })
    }
}

/// Names in lower case without what is no letter, the method that is meant, and what it is.
const ELSEWHERE: [(&[&str], Option<Method>, &str); 7] = [
    (
        &[
            "rake",
            "rakes",
            "ipf",
            "rim",
            "rimweighting",
            "rakingratio",
            "iterativeproportionalfitting",
            "samplebalancing",
        ],
        Some(Method::Raking),
        "raking is iterative proportional fitting, also called RIM weighting",
    ),
    (
        &["poststratify", "poststrat", "poststratified", "cell", "cells", "cellweighting", "celladjustment"],
        Some(Method::PostStratification),
        "each cell of one margin gets its factor",
    ),
    (
        &["greg", "regression", "ols", "generalizedregression", "generalisedregression", "chisquare", "chisquared"],
        Some(Method::Linear),
        "linear calibration is the generalised regression estimator (GREG)",
    ),
    (
        &["entropy", "entropybalancing", "multiplicative", "ebal"],
        Some(Method::Exponential),
        "what raking arrives at, with numbers and bounds too",
    ),
    (
        &["truncated", "truncatedlinear", "lineartruncated"],
        Some(Method::Linear),
        "with `bounds` its factors are cut off at them",
    ),
    (
        &["bounded", "logistic"],
        Some(Method::Logit),
        "its factors stay between `bounds`; linear and exponential take them too",
    ),
    (
        &["calibrate", "calibration", "calib", "calibrated"],
        None,
        "which calibration: method = \"linear\" (GREG), \"exponential\" (as raking) or \"logit\" (within bounds)",
    ),
];
