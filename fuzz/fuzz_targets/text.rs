//! Text: encodings, cutting into records, splitting into cells, names, the draft.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    topline_fuzz::text(folder.path(), bytes);
});
