//! Files under any ending: the first byte chooses it.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 7] = ["a.csv", "a.xlsx", "a.xls", "a.ods", "a.parquet", "a.arrow", "a.txt"];

fuzz_target!(|bytes: &[u8]| {
    let Some((ending, bytes)) = bytes.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    topline_fuzz::file(folder.path(), NAMES[usize::from(*ending) % NAMES.len()], bytes);
});
