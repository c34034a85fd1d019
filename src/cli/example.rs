//! `topline example`: the bundled study, from inside the binary.

use std::{io::Write, path::PathBuf};

use super::Screen;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::write_atomically,
    study::Language,
};

/// Write the bundled study on messengers in customer contact: study file, responses, codebook
///
/// The study file is the real one; the 3,000 responses are synthetic and say so.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  topline example\n  topline example /tmp/demo && topline headline /tmp/demo/study.toml"
)]
pub struct Example {
    /// The folder to write into
    #[arg(default_value = "messenger-2017")]
    dir: PathBuf,
}

const FILES: [(&str, &[u8]); 4] = [
    ("study.toml", include_bytes!("../../data/messenger-2017/study.toml")),
    ("responses.csv", include_bytes!("../../data/messenger-2017/responses.csv")),
    ("codebook.md", include_bytes!("../../data/messenger-2017/codebook.md")),
    ("README.md", include_bytes!("../../data/messenger-2017/README.md")),
];

impl Example {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        for (name, _) in FILES {
            let path = self.dir.join(name);
            if path.exists() {
                let place = Place::File(path.display().to_string());
                let hint = "choose another folder: topline example OTHER";
                problems.push(Diagnostic::error("exists", place, "there is such a file already").hint(hint));
            }
        }
        problems.unless_errors(())?;
        for (name, bytes) in FILES {
            write_atomically(&self.dir.join(name), |writer| writer.write_all(bytes))?;
        }
        let study = self.dir.join("study.toml").display().to_string();
        screen.note(&match lang {
            Some(Language::De) => format!("geschrieben: {study}\nweiter mit: topline headline {study}"),
            _ => format!("wrote {study}\nnext: topline headline {study}"),
        });
        Ok(())
    }
}
