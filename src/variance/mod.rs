//! Variances and covariances of estimates: from what each unit adds to them ([`linearized`]), or from how they come out under
//! replicate weights ([`replicate`]).

pub mod linearized;
pub mod replicate;

/// What summing in floating point may leave of equal numbers, relative to them or to their squares.
pub const ROUNDING: f64 = 1e-13;
