//! Writing without ever losing a file.

use std::{
    io::{BufWriter, Write},
    path::Path,
};

use tempfile::NamedTempFile;

use crate::diagnostic::{Diagnostic, Diagnostics, Place};

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
        let mut file = NamedTempFile::new_in(folder)?;
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
