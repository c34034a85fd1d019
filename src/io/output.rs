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
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        let mut writer = BufWriter::new(file.as_file_mut());
        write(&mut writer)?;
        writer.flush()?;
        drop(writer);
        readable_by_all(file.as_file())?;
        file.persist(path).map(|_| ()).map_err(|error| error.error)
    };
    attempt().map_err(|error: std::io::Error| {
        let place = Place::File(path.display().to_string());
        Diagnostic::error("cannot-write", place, format!("cannot write: {error}")).into()
    })
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
