//! The `topline` command.
fn main() {}
