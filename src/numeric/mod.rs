//! Distributions and other numbers that know nothing of surveys.
//!
//! Tail probabilities are computed where they are small, never as a difference from 1, so that a p-value of 1e-30
//! has as many digits as one of 0.3. Quantiles are bracketed on the same functions. All of it is checked against R in
//! `tests/reference/quantiles.csv` and `distributions.csv`, to 1e-10 relative. A nonsensical argument gives NaN.

mod cholesky;
mod distribution;
mod eigen;
mod incomplete;
mod quadratic_form;
mod root;

pub use cholesky::Cholesky;
pub use distribution::{
    beta_quantile, chi_squared_quantile, chi_squared_upper_tail, f_quantile, f_upper_tail, normal_quantile,
    normal_upper_tail, t_quantile, t_two_sided,
};
pub use eigen::symmetric_eigenvalues;
pub use incomplete::deviance_term;
pub use quadratic_form::chi_squared_sum_upper_tail;
pub use root::falling_root_below;
