//! What the fuzz targets do with bytes, and what must hold whatever the bytes are. The tests of topline include this file,
//! and do the same with a fixed corpus: see README.md.

use std::{fs, path::Path};

use topline::{
    diagnostic::Place,
    draft::draft,
    io::{Given, ShortRows, Table},
    responses::Profile,
    study::spec::Spec,
};

/// A file that is called like this holds these bytes: it is read, or it is complained of.
pub fn file(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the folder can be written to");
    read(&path, &Given::default());
}

/// The same for a text in an encoding that somebody said.
pub fn text(folder: &Path, bytes: &[u8]) {
    let path = folder.join("responses.csv");
    fs::write(&path, bytes).expect("the folder can be written to");
    let encodings = ["utf-8", "windows-1252", "utf-16le", "shift_jis", "gb18030"];
    for encoding in encodings.map(Some).into_iter().chain([None]) {
        for short_rows in [ShortRows::Refused, ShortRows::Blank, ShortRows::Judged] {
            read(&path, &Given { encoding, short_rows, ..Given::default() });
        }
    }
}

/// A study file holds this text.
pub fn study(text: &str) {
    let (spec, problems) = Spec::parse("study.toml", text);
    // Whoever asks for the complaints prints them.
    let _ = (spec.data_file(), problems.to_string());
}

fn read(path: &Path, given: &Given<'_>) {
    let Ok(table) = Table::open_as(path, given, &Place::File("fuzz".to_owned())) else { return };
    let mut profiles: Vec<Profile> = table.columns.iter().map(|column| Profile::new(column)).collect();
    let Ok(rows) = table.read(&mut profiles, |profile| &profile.column, &mut |_| ()) else { return };
    for profile in &profiles {
        assert_eq!(profile.filled + profile.blank, rows.all, "column {} has a cell in every row", profile.column);
    }
    // Any one column alone holds what it holds among all.
    if let Some(last) = profiles.last() {
        let mut alone = [Profile::new(&last.column)];
        let again = table.read(&mut alone, |profile| &profile.column, &mut |_| ()).expect("it was read before");
        assert_eq!((again, &alone[0].values), (rows, &last.values));
    }
    if let Ok(draft) = draft(&table, None, "responses.csv", &mut |_| ()) {
        let (_, problems) = Spec::parse("study.toml", &draft.text);
        assert!(problems.is_empty(), "the draft of any file is a study file: {problems}");
    }
}
