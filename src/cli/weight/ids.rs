//! Whether a column tells all respondents apart, so that weights can be joined by it.
//!
//! Equal ids have equal hashes. The hashes of a column are kept, eight bytes a row, and sorted: where no two are the same, no
//! two ids are. Where some are, another reading holds their texts against each other, so that nothing rests on luck. Of very
//! long files only the smaller hashes are kept, and the rest is left to a further reading unless some repeat: memory has a bound.

use std::collections::{BTreeMap, HashMap};

use rayon::slice::ParallelSliceMut;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    io::Table,
    responses::{Cells, hash_of_number, hash_of_text},
    survey::Progress,
};

/// Hashes that are kept at once: a quarter of a gigabyte.
const MOST_HASHES: usize = 1 << 25;

/// Complains of ids that several respondents have, and of respondents without one.
pub(super) fn check(table: &Table, column: &str, progress: &mut Progress<'_>) -> Result<(), Diagnostics> {
    check_in_parts(table, column, MOST_HASHES, progress)
}

fn check_in_parts(table: &Table, column: &str, most: usize, progress: &mut Progress<'_>) -> Result<(), Diagnostics> {
    let mut progress = |bytes| progress(bytes, table.bytes);
    let mut problems = Diagnostics::default();
    let (mut repeated, mut left) = (Vec::new(), Some(0));
    while let Some(from) = left {
        let mut hashes = [Hashes { column, from, most, ..Hashes::default() }];
        table.read(&mut hashes, |hashes| hashes.column, &mut progress)?;
        let [mut hashes] = hashes;
        hashes.compare();
        if let Some(first) = hashes.first_blank.filter(|_| from == 0) {
            problems.push(missing(table, column, first, hashes.blank));
        }
        repeated = hashes.repeated;
        left = hashes.end.filter(|_| repeated.is_empty());
    }
    if !repeated.is_empty() {
        let mut texts = [Texts { column, hashes: repeated, ..Texts::default() }];
        table.read(&mut texts, |texts| texts.column, &mut progress)?;
        problems.append(texts[0].complaint(table));
    }
    problems.unless_errors(()).map(|_| ())
}

fn missing(table: &Table, column: &str, first: u64, blank: u64) -> Diagnostic {
    let position = table.position_name();
    let message = match blank {
        1 => format!("`{column}` is no id: it is blank in {position} {first}"),
        rows => format!("`{column}` is no id: it is blank in {rows} rows, the first is {position} {first}"),
    };
    Diagnostic::error("missing-id", Place::File(table.name()), message).hint(HINT)
}

const HINT: &str = "joined by it, weights would meet the wrong rows; leave out --id to write the number of each row";

/// The hashes of a column's ids that are `from` so much or more.
#[derive(Default)]
struct Hashes<'a> {
    column: &'a str,
    from: u64,
    /// The first that is left to another reading.
    end: Option<u64>,
    kept: Vec<u64>,
    /// How many are kept.
    most: usize,
    /// Those that were seen more than once.
    repeated: Vec<u64>,
    blank: u64,
    first_blank: Option<u64>,
}

impl Hashes<'_> {
    fn add(&mut self, hash: Option<u64>, position: u64) {
        let Some(hash) = hash else {
            self.blank += 1;
            self.first_blank.get_or_insert(position);
            return;
        };
        if hash < self.from || self.end.is_some_and(|end| hash >= end) {
            return;
        }
        self.kept.push(hash);
        if self.kept.len() >= self.most {
            self.compare();
            let half = self.most / 2;
            if self.kept.len() > half {
                self.end = Some(self.kept[half]);
                self.kept.truncate(half);
            }
        }
    }

    /// Finds those that are the same, and keeps one of them.
    fn compare(&mut self) {
        self.kept.par_sort_unstable();
        let again = self.kept.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        self.repeated.extend(again);
        self.repeated.sort_unstable();
        self.repeated.dedup();
        self.kept.dedup();
    }
}

impl Cells for Hashes<'_> {
    fn text(&mut self, value: &str, position: u64) {
        self.add(hash_of_text(value), position);
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        for (value, position) in values.iter().zip(first..) {
            self.add(hash_of_number(*value), position);
        }
    }

    fn repeated(&mut self, texts: &[&str], keys: &[u32], first: u64) {
        let hashes: Vec<Option<u64>> = texts.iter().map(|text| hash_of_text(text)).collect();
        for (key, position) in keys.iter().zip(first..) {
            self.add(hashes[*key as usize], position);
        }
    }
}

/// The ids of some hashes, in the order of the file.
#[derive(Default)]
struct Texts<'a> {
    column: &'a str,
    /// Rising.
    hashes: Vec<u64>,
    /// Where each id stands first.
    first: HashMap<String, u64>,
    /// Of those that stand somewhere else too, by where they stand first, that place and the id.
    again: BTreeMap<u64, (u64, String)>,
}

impl Texts<'_> {
    /// Ids that are told apart, the first ones.
    const MOST: usize = 1 << 16;
    /// Ids that are named.
    const NAMED: usize = 3;

    fn add(&mut self, hash: Option<u64>, id: &str, position: u64) {
        let id = id.trim();
        if hash.is_none_or(|hash| self.hashes.binary_search(&hash).is_err()) {
            return;
        }
        if let Some(first) = self.first.get(id) {
            self.again.entry(*first).or_insert_with(|| (position, id.to_owned()));
        } else if self.first.len() < Self::MOST {
            self.first.insert(id.to_owned(), position);
        }
    }

    fn complaint(&self, table: &Table) -> Diagnostics {
        let position = table.position_name();
        let named = self.again.iter().take(Self::NAMED);
        let named = named.map(|(first, (second, id))| format!("`{id}` in {position}s {first} and {second}"));
        let named: Vec<String> = named.collect();
        if named.is_empty() {
            return Diagnostics::default();
        }
        let others = if self.again.len() > Self::NAMED { ", and others" } else { "" };
        let message = format!("`{}` is no id, it repeats: {}{others}", self.column, named.join(", "));
        Diagnostic::error("repeated-id", Place::File(table.name()), message).hint(HINT).into()
    }
}

impl Cells for Texts<'_> {
    fn text(&mut self, value: &str, position: u64) {
        self.add(hash_of_text(value), value, position);
    }

    fn numbers(&mut self, values: &[f64], first: u64) {
        for (value, position) in values.iter().zip(first..) {
            self.add(hash_of_number(*value), &value.to_string(), position);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use polars::prelude::{Column, DataFrame, ParquetWriter};
    use tempfile::tempdir;

    use super::{check, check_in_parts};
    use crate::{
        diagnostic::{Diagnostics, Place},
        io::{Table, write_parquet},
    };

    /// What is said of ids in a text of one column, where so many hashes are kept at once.
    fn said(ids: &[&str], most: usize) -> String {
        let mut text = "id,other\n".to_owned();
        for id in ids {
            writeln!(text, "{id},x").expect("text");
        }
        let folder = tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).expect("written");
        let table = Table::open(&path, None, &Place::File("a.csv".to_owned())).expect("opened");
        messages(check_in_parts(&table, "id", most, &mut |_, _| ())).join("\n")
    }

    fn messages(checked: Result<(), Diagnostics>) -> Vec<String> {
        let problems = checked.err().unwrap_or_default();
        problems.iter().map(|problem| problem.message.clone()).collect()
    }

    #[test]
    fn ids_that_repeat_anywhere_in_a_file_are_named_with_their_lines() {
        let mut ids: Vec<String> = (1..=1000).map(|id| format!("p{id}")).collect();
        ids.push("p7".to_owned());
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for most in [9, 64, 1001, 5000] {
            assert_eq!(said(&ids[..1000], most), "", "{most}");
            assert_eq!(said(&ids, most), "`id` is no id, it repeats: `p7` in lines 8 and 1002", "{most}");
        }
        ids.splice(3..3, ["p1000", "p1000", "p998", "", " p9", " "]);
        let expected = "`id` is no id: it is blank in 2 rows, the first is line 8\n`id` is no id, it repeats: \
                        `p1000` in lines 5 and 6, `p998` in lines 7 and 1005, `p9` in lines 9 and 16, and others";
        assert_eq!(said(&ids, 5000), expected);
        assert!(said(&ids, 100).contains("`p1000` in lines 5 and 6"), "what one reading finds is enough");
        assert_eq!(said(&["1", "", "2"], 9), "`id` is no id: it is blank in line 3");
    }

    #[test]
    fn ids_that_are_written_differently_are_different() {
        assert_eq!(said(&["1", "01", "1.0", "+1", "-1", "0", "00", "1e0", "ä", "a\u{308}", "A", "a"], 9), "");
        assert_eq!(said(&["9007199254740992", "9007199254740993"], 9), "");
        assert_eq!(
            said(&["m", "f", "m", "f"], 9),
            "`id` is no id, it repeats: `m` in lines 2 and 4, `f` in lines 3 and 5"
        );
    }

    #[test]
    fn long_integers_are_told_apart_to_the_last_digit() {
        let folder = tempdir().expect("a folder");
        let path = folder.path().join("a.parquet");
        let said = |ids: Vec<Option<i64>>| {
            let file = std::fs::File::create(&path).expect("made");
            write_parquet(file, vec![Column::new("id".into(), ids)], Vec::new()).expect("written");
            let table = Table::open(&path, None, &Place::File("a.parquet".to_owned())).expect("opened");
            messages(check(&table, "id", &mut |_, _| ())).join("\n")
        };
        assert_eq!(said(vec![Some(1 << 53), Some((1 << 53) + 1), Some(5)]), "");
        assert_eq!(said(vec![Some(3), Some(1 << 60), Some(3)]), "`id` is no id, it repeats: `3` in rows 1 and 3");
        assert_eq!(said(vec![Some(3), None]), "`id` is no id: it is blank in row 2");
    }

    #[test]
    fn a_number_and_its_text_are_one_id() {
        // One row group after the other: the first holds numbers, the second text.
        let folder = tempdir().expect("a folder");
        let path = folder.path().join("a.parquet");
        let mut frame = DataFrame::new_infer_height(vec![Column::new("id".into(), vec![3_i64, -4, 0, 1 << 60, -4])]);
        let file = std::fs::File::create(&path).expect("made");
        let frame = frame.as_mut().expect("a frame");
        ParquetWriter::new(file).with_row_group_size(Some(3)).finish(frame).expect("written");
        let table = Table::open(&path, None, &Place::File("a.parquet".to_owned())).expect("opened");
        let problems = check(&table, "id", &mut |_, _| ()).expect_err("it repeats").to_string();
        assert!(problems.contains("`-4` in rows 2 and 5"), "{problems}");
    }
}
