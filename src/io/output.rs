//! Writing without ever losing a file.

use std::{
    io::{BufWriter, Write},
    path::Path,
    time::Duration,
};

use tempfile::Builder;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, slip};

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// Text in UTF-8 with one header row and this between cells.
    Text(Separator),
    /// Apache Parquet.
    Parquet,
}

/// What stands between the cells of a text that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `,`, of .csv files.
    Comma,
    /// A tab, of .tsv files.
    Tab,
}

impl OutputFormat {
    /// The format that the ending of a file to be written says.
    pub fn of(path: &Path, place: &Place) -> Result<Self, Diagnostics> {
        const ENDINGS: [&str; 3] = ["csv", "tsv", "parquet"];
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        match ending.as_str() {
            "csv" => return Ok(Self::Text(Separator::Comma)),
            "tsv" | "tab" => return Ok(Self::Text(Separator::Tab)),
            "parquet" | "pq" => return Ok(Self::Parquet),
            _ => {}
        }
        let name = path.display();
        let message = match ending.as_str() {
            "" => format!("the name of {name} does not say what to write"),
            ending => format!("topline does not write .{ending} files ({name})"),
        };
        let reads = match ending.as_str() {
            "sav" | "zsav" | "por" => "; SPSS opens .csv",
            "xlsx" | "xls" | "xlsm" | "xlsb" | "ods" | "numbers" => "; a spreadsheet opens .csv",
            "dta" => "; Stata reads .csv with import delimited",
            "rds" | "rdata" | "rda" => "; R reads .csv with read.csv",
            _ => "",
        };
        let meant = ENDINGS.into_iter().find(|known| slip(&ending, [*known]).is_some());
        let hint = match meant {
            Some(known) => format!("did you mean {}?", path.with_extension(known).display()),
            None => format!("write .csv, .tsv or .parquet, as in {}{reads}", path.with_extension("csv").display()),
        };
        Err(Diagnostic::error("unknown-format", place.clone(), message).hint(hint).into())
    }
}

/// Writes a file aside and renames it into place when `write` has succeeded; folders are made as needed.
/// A file that was there before stays as it was until then.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut std::fs::File>) -> std::io::Result<()>,
) -> Result<(), Diagnostics> {
    let attempt = || {
        // Through a link the file it leads to is written; a pipe or a device is no file that could be replaced.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if std::fs::metadata(&path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            let mut file = std::fs::File::options().write(true).open(&path)?;
            let mut writer = BufWriter::new(&mut file);
            write(&mut writer)?;
            return writer.flush();
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        sweep(folder);
        let mut file = Builder::new().prefix(BEGINNING).suffix(ENDING).tempfile_in(folder)?;
        let mut writer = BufWriter::new(file.as_file_mut());
        write(&mut writer)?;
        writer.flush()?;
        drop(writer);
        readable_by_all(file.as_file())?;
        file.persist(&path).map(|_| ()).map_err(|error| error.error)
    };
    attempt().map_err(|error: std::io::Error| {
        let place = Place::File(path.display().to_string());
        Diagnostic::error("cannot-write", place, format!("cannot write: {error}")).into()
    })
}

/// Names of files that are being written, with a few letters between that no other run has.
const BEGINNING: &str = ".topline-";
const ENDING: &str = ".tmp";

/// Removes what runs left behind that were killed while they wrote. No run writes for a day.
fn sweep(folder: &Path) {
    const STALE: Duration = Duration::from_hours(24);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(BEGINNING) && name.ends_with(ENDING));
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > STALE) {
            // Somebody else may have been faster, or own it: it disturbs nobody.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Refuses to write over one of the files that are read.
pub fn keep_inputs(output: &Path, inputs: &[&Path]) -> Result<(), Diagnostics> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let overwritten = inputs.iter().find(|input| real(output).is_some_and(|output| Some(output) == real(input)));
    let Some(input) = overwritten else { return Ok(()) };
    let place = Place::File("command line".to_owned());
    let message = format!("writing to {} would destroy {}, which is read here", output.display(), input.display());
    Err(Diagnostic::error("overwrites-input", place, message).hint("choose another name with -o").into())
}

/// Temporary files are private; what a user asked for gets the usual rights.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::Write,
        path::Path,
        time::{Duration, SystemTime},
    };

    use super::{OutputFormat, Separator, write_atomically};
    use crate::diagnostic::Place;

    #[test]
    fn the_ending_says_what_is_written() {
        let format = |name: &str| OutputFormat::of(Path::new(name), &Place::File("here".to_owned()));
        assert_eq!(format("a.CSV"), Ok(OutputFormat::Text(Separator::Comma)));
        assert_eq!(format("a.tsv"), Ok(OutputFormat::Text(Separator::Tab)));
        assert_eq!(format("a.b.parquet"), Ok(OutputFormat::Parquet));
        for (name, said) in [
            ("w.sav", "as in w.csv; SPSS opens .csv"),
            ("w.parqet", "did you mean w.parquet?"),
            ("weights", "as in weights.csv"),
            ("w.txt", "does not write .txt files (w.txt)"),
        ] {
            let problems = format(name).expect_err(name).to_string();
            assert!(problems.contains(said), "{problems}");
        }
    }

    #[test]
    fn what_killed_runs_left_is_removed_and_what_others_write_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |name: &str| folder.path().join(name);
        let old = SystemTime::now() - Duration::from_hours(25);
        for (name, is_old) in [(".topline-a.tmp", true), (".topline-b.tmp", false), (".tmpc", true)] {
            let file = fs::File::create(place(name)).expect("written");
            if is_old {
                file.set_modified(old).expect("dated");
            }
        }
        write_atomically(&place("out.csv"), |writer| writer.write_all(b"x")).expect("written");
        let mut names: Vec<_> = fs::read_dir(folder.path()).expect("read").flatten().map(|e| e.file_name()).collect();
        names.sort();
        assert_eq!(names, [".tmpc", ".topline-b.tmp", "out.csv"]);
    }
}
