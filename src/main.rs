//! The `topline` command: see [`topline::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    topline::cli::run()
}
