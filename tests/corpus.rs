//! What the fuzz targets do, done with a fixed corpus.

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files of a corpus, in the order of their names.
fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the corpus is there").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn texts() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in corpus("text") {
        println!("{}", path.display());
        targets::text(folder.path(), &fs::read(&path).expect("read"));
    }
}

#[test]
fn study_files() {
    for path in corpus("study") {
        println!("{}", path.display());
        targets::study(&String::from_utf8_lossy(&fs::read(&path).expect("read")));
    }
}

#[test]
fn files_under_any_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in corpus("text").into_iter().chain(corpus("binary")) {
        let bytes = fs::read(&path).expect("read");
        for name in ["a.csv", "a.xlsx", "a.xls", "a.ods", "a.parquet", "a.arrow", "a.txt"] {
            println!("{} as {name}", path.display());
            targets::file(folder.path(), name, &bytes);
        }
    }
}
