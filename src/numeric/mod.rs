//! Distributions and other numbers that know nothing of surveys.

mod distribution;

pub use distribution::{beta_quantile, normal_quantile, t_quantile};
