//! How respondents count in the regression that errors of fitted weights rest on.

/// The `W` of the regression `(Σ W x x')⁻¹ Σ W x z` whose residuals make the errors of fitted weights
/// ([`Basis`](crate::weighting::Basis)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Residuals {
    /// The base weight of each (the default; Deville & Särndal 1992, p. 380; R: `calibrate`, `postStratify`).
    #[default]
    BaseWeights,
    /// 1 for each: unweighted means by level, margin after margin, in ten rounds. R: `rake`. With equal base weights the same
    /// but for what the rounds leave.
    Respondents,
}

impl Residuals {
    /// Both.
    pub const ALL: [Self; 2] = [Self::BaseWeights, Self::Respondents];

    /// The name in study files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BaseWeights => "base-weights",
            Self::Respondents => "respondents",
        }
    }
}
