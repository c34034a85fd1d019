//! Files of statistics programs that are cut off, or some of whose bytes are others: they are read or complained of,
//! without a panic and without more memory than they could hold.

use std::{fs, path::Path};

use proptest::{
    prelude::{ProptestConfig, any, prop},
    proptest,
};
use topline::{diagnostic::Place, draft::draft, io::Table};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/statistics");

/// A file for each way in which rows are stored.
const FILES: [&str; 11] = [
    "vote.sav",
    "vote-packed.sav",
    "vote.zsav",
    "pyreadstat-simple-alltypes.sav",
    "panel-8.dta",
    "panel-10.dta",
    "panel-13.dta",
    "panel-15.dta",
    "essay.dta",
    "meal.dta",
    "haven-datetime.sas7bdat",
];

/// Reads all that there is; what is wrong, if anything.
fn read(path: &Path) -> Result<(), String> {
    let said = |problems: topline::diagnostic::Diagnostics| problems.to_string();
    let table = Table::open(path, None, &Place::File("here".to_owned())).map_err(said)?;
    draft(&table, None, "file", &mut |_| {}).map(|_| ()).map_err(said)
}

#[test]
fn a_file_that_is_cut_off_is_called_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in FILES {
        let bytes = fs::read(format!("{FOLDER}/{name}")).expect("there");
        let path = folder.path().join(name);
        for part in 0..60 {
            let length = bytes.len() * part / 60;
            fs::write(&path, &bytes[..length]).expect("written");
            let problem = read(&path).expect_err(&format!("{name}: {length} of {}", bytes.len()));
            assert!(problem.contains("damaged") || problem.contains("unreadable"), "{name}: {length}\n{problem}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn other_bytes_are_read_or_complained_of(
        file in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        early in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = fs::read(format!("{FOLDER}/{}", FILES[file])).expect("there");
        // Most of what matters stands in the first bytes.
        let within = if early { bytes.len().min(600) } else { bytes.len() };
        for (at, byte) in changes {
            bytes[at.index(within)] = byte;
        }
        let path = folder.path().join(FILES[file]);
        fs::write(&path, &bytes).expect("written");
        let _ = read(&path);
        assert!(most_memory().is_none_or(|most| most < 400_000), "{:?} kB", most_memory());
    }
}

/// The most memory that this process ever had, in kB, where the system tells.
fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
