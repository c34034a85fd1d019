//! stdout and stderr: what a terminal gets, what a pipe gets.

use std::{
    io::{ErrorKind, IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use terminal_size::terminal_size;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, Severity, Style},
    survey::Progress,
};

/// Where results and complaints go.
pub struct Screen {
    quiet: bool,
}

impl Screen {
    /// `quiet` shows neither progress nor warnings.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Whether somebody is looking at stdout.
    pub fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// Columns of the terminal; 80 where there is none.
    pub fn width(&self) -> usize {
        let columns = if self.is_terminal() { terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
        columns.unwrap_or(80).clamp(40, 160)
    }

    /// Bold on a terminal that shows it.
    pub fn bold(&self, text: &str) -> String {
        if self.is_terminal() && allows_color() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Prints a result. A reader who has gone away, as `head` does, is no error.
    pub fn print(&self, text: &str) -> Result<(), Diagnostics> {
        self.print_bytes(text.as_bytes())
    }

    /// Prints a result that is not text.
    pub fn print_bytes(&self, bytes: &[u8]) -> Result<(), Diagnostics> {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let place = Place::File("stdout".to_owned());
                Err(Diagnostic::error("cannot-write", place, format!("cannot write: {error}")).into())
            }
            _ => Ok(()),
        }
    }

    /// Says on stderr what was written where.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            to_stderr(text);
        }
    }

    /// Shows warnings.
    pub fn warn(&self, problems: &Diagnostics) {
        if !self.quiet && !problems.is_empty() {
            self.complain(problems);
        }
    }

    /// Shows complaints, and how many errors there are.
    pub fn complain(&self, problems: &Diagnostics) {
        let style = if std::io::stderr().is_terminal() && allows_color() { Style::Color } else { Style::Plain };
        to_stderr(problems.render(self.width(), style).trim_end_matches('\n'));
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        if errors > 1 {
            to_stderr(&format!("{errors} errors; nothing was written"));
        }
    }

    /// Does something that may take long, with a bar after a second where stderr is a terminal that shows it.
    pub fn with_progress<T>(&self, doing: &'static str, work: impl FnOnce(&mut Progress<'_>) -> T) -> T {
        let started = Instant::now();
        let bar = ProgressBar::hidden();
        let style = ProgressStyle::with_template("{msg} {bar:30} {percent}% {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(doing);
        // A bar is drawn with the codes that colours need: who refuses them, or has none, gets no bar.
        let visible = !self.quiet && std::io::stderr().is_terminal() && allows_color();
        let done = work(&mut |position, length| {
            if visible && started.elapsed() > Duration::from_secs(1) && bar.is_hidden() {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.set_length(length);
            bar.set_position(position);
        });
        bar.finish_and_clear();
        done
    }
}

fn allows_color() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// A stderr that is closed has nobody to tell.
fn to_stderr(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
