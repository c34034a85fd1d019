//! Files that cannot be read: whatever they are, there is a complaint that says what is wrong and what to do.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;
use topline::{
    diagnostic::{Diagnostics, Place},
    draft::draft,
    io::{Given, Table},
};

/// Opens a file and looks at all of it, as `topline init` does.
fn look(path: &Path, given: &Given<'_>) -> Result<String, Diagnostics> {
    let table = Table::open_as(path, given, &Place::File("command line".to_owned()))?;
    draft(&table, None, "responses.csv", &mut |_| ()).map(|draft| draft.text)
}

fn complaint(path: &Path) -> String {
    let problems = look(path, &Given::default()).expect_err(&format!("{} is read", path.display()));
    let text = problems.to_string().split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    let name = path.file_name().expect("it has a name").to_string_lossy();
    let is_named = text.contains(name.as_ref()) || text.contains("command line") || text.contains("responses.csv");
    assert!(is_named, "{name} is named: {text}");
    assert!(text.len() < 1000, "{name}: {text}");
    text
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).expect("the fixture is there")
}

/// Bytes without any order that are the same everywhere.
fn garbage(length: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| byte()).collect()
}

/// A name, what the file holds, and what is said of it.
type Case = (&'static str, Vec<u8>, &'static str);

fn cases() -> Vec<Case> {
    let text = |text: &str| text.as_bytes().to_vec();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let workbook = || fixture("workbooks/survey.xlsx");
    vec![
        ("empty.csv", text(""), "the file is empty"),
        ("blank.csv", text("\n\n  \n"), "the file is empty"),
        ("unnamed.csv", text(",,\n1,2,3\n"), "the file is empty"),
        ("header.csv", text("a,b\n"), "a header row but no responses"),
        ("header.tsv", text("a\tb"), "a header row but no responses"),
        ("blank-rows.csv", text("a,b\n,\n , \n"), "a header row but no responses"),
        ("garbage.csv", garbage(5000), "this is no text"),
        ("garbage.txt", garbage(100), "this is no text"),
        ("zeros.csv", vec![0; 3000], "this is no text"),
        ("zero.csv", text("a,b\nx\0y,2\nz,1\n"), "cell 1 of line 2 is not text in utf-8"),
        ("two.csv", [&text("größe,b\nä,1\nö,2\n")[..], b"\xfc,3\n"].concat(), "cell 1 of line 4 is not text in utf-8"),
        ("dos.csv", b"a,b\nM\x81ller,1\nHans,2\n".repeat(3), "not text in windows-125"),
        ("long.csv", text("a,b\n1,2\n1,2,3\n"), "line 3 has 3 cells, expected 2"),
        ("torn.csv", text("a,b,c\n1,x\ny,2\n1,x,2\n"), "the first is line 2 with 2"),
        ("quote.csv", text("a,b\n\"1,2\n"), "never closed"),
        ("stray.csv", text("a,b\n\"1\"2,3\n"), "goes on after its closing quote"),
        ("utf32.csv", b"\xFF\xFE\0\0a\0\0\0".to_vec(), "UTF-32"),
        ("wide.csv", wide("a;b\n"), "a header row but no responses"),
        ("odd.csv", [&wide("\u{feff}a;b\n1;2\n3;4")[..], b"x"].concat(), "in utf-16le"),
        ("page.csv", text("<!DOCTYPE html><html></html>"), "this is a web page"),
        ("gzip.csv", b"\x1f\x8b\x08\0\0\0".to_vec(), "packed with gzip"),
        ("report.csv", text("%PDF-1.7\n"), "this is a PDF"),
        ("base.csv", b"SQLite format 3\0".to_vec(), "a database of SQLite"),
        ("letter.txt", text("no table at all"), "a header row but no responses"),
        ("empty.xlsx", text(""), "the file is empty, expected a workbook"),
        ("empty.ods", text(""), "the file is empty, expected a workbook"),
        ("garbage.xlsx", garbage(5000), "this is no workbook"),
        ("garbage.xls", garbage(5000), "this is no workbook"),
        ("garbage.ods", garbage(5000), "this is no workbook"),
        ("magic.xlsx", b"PK\x03\x04".to_vec(), "damaged or was cut off"),
        ("magic.csv", b"PK\x03\x04\0\0\0".to_vec(), "damaged or was cut off"),
        ("magic.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "damaged"),
        ("old.xls", [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &garbage(4096)].concat(), "damaged"),
        ("password.xlsx", fixture("workbooks/password.xlsx"), "protected with a password"),
        ("password.xls", fixture("workbooks/password.xlsx"), "protected with a password"),
        ("page.xls", fixture("workbooks/page.xls"), "this is a web page"),
        ("formulas.xlsx", fixture("workbooks/never-computed.xlsx"), "never computed; the first is in row 2, column 3"),
        ("bomb.xlsx", stating_two_gigabytes(workbook()), "unpacks to more than 1 GiB"),
        ("letter.docx.xlsx", zip_of("word/document.xml"), "a zip file that holds no workbook"),
        ("letter.zip.csv", zip_of("responses.csv"), "a zip file that holds no workbook"),
        ("hollow.xlsx", zip_of("xl/workbook.xml"), "damaged"),
        ("hollow.ods", zip_of("content.xml"), "damaged"),
        ("empty.parquet", text(""), "no Parquet file"),
        ("garbage.parquet", garbage(5000), "no Parquet file"),
        ("magic.parquet", b"PAR1PAR1PAR1PAR1".to_vec(), "no Parquet file"),
        ("empty.arrow", text(""), "no Arrow file"),
        ("garbage.feather", garbage(5000), "no Arrow file"),
        ("magic.arrow", b"ARROW1\0\0".to_vec(), "damaged or was cut off"),
        ("stream.arrows", b"\xFF\xFF\xFF\xFF\x10\0\0\0".to_vec(), "damaged or was cut off"),
        ("nested.arrow", fixture("arrow/nested.arrow"), "column `several` holds lists or structures"),
        ("first.feather", fixture("arrow/version1.feather"), "Feather of version 1"),
        ("responses.xyz", text("a,b\n1,2\n"), "topline does not read .xyz files"),
        ("responses", text("a,b\n1,2\n"), "does not say what it holds"),
    ]
}

/// A zip file with a single part that holds an empty element.
fn zip_of(part: &str) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(part, zip::write::SimpleFileOptions::default()).expect("begun");
    archive.write_all(b"<a/>").expect("written");
    archive.finish().expect("finished").into_inner()
}

/// The same workbook, whose directory states that a part is large.
fn stating_two_gigabytes(mut workbook: Vec<u8>) -> Vec<u8> {
    const ENTRY: &[u8] = b"PK\x01\x02";
    const SIZE: usize = 24;
    let entry = workbook.windows(ENTRY.len()).position(|window| window == ENTRY).expect("a directory");
    workbook[entry + SIZE..entry + SIZE + 4].copy_from_slice(&(i32::MAX as u32).to_le_bytes());
    workbook
}

#[test]
fn bad_files_are_complained_of() {
    let folder = TempDir::new().expect("a folder");
    let mut wrong = Vec::new();
    for (name, bytes, expected) in cases() {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let text = complaint(&path);
        if !text.contains(expected) {
            wrong.push(format!("{name}: expected {expected:?}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_that_were_cut_off_are_complained_of_wherever_that_was() {
    let folder = TempDir::new().expect("a folder");
    for name in [
        "workbooks/survey.xlsx",
        "workbooks/survey.ods",
        "workbooks/survey.xls",
        "arrow/survey.arrow",
        "arrow/survey.feather",
        "arrow/stream.arrows",
        "arrow/zstd.arrow",
    ] {
        let whole = fixture(name);
        let path = folder.path().join(Path::new(name).file_name().expect("a name"));
        let step = whole.len() / 40;
        for length in (0..40).map(|part| part * step).chain([whole.len() - 1]) {
            fs::write(&path, &whole[..length]).expect("written");
            // The container of old workbooks ends in sectors that need not be there.
            if name != "workbooks/survey.xls" || length < whole.len() / 2 {
                complaint(&path);
            } else {
                let _ = look(&path, &Given::default());
            }
        }
    }
}

#[test]
fn bytes_that_were_changed_never_stop_the_program() {
    let folder = TempDir::new().expect("a folder");
    for name in ["workbooks/survey.xlsx", "workbooks/survey.xls", "arrow/survey.arrow", "arrow/stream.arrows"] {
        let whole = fixture(name);
        let path = folder.path().join(Path::new(name).file_name().expect("a name"));
        let places = garbage(210);
        for triple in places.chunks(3) {
            let mut changed = whole.clone();
            let at = (usize::from(triple[0]) * 256 + usize::from(triple[1])) % whole.len();
            changed[at] ^= triple[2] | 1;
            fs::write(&path, &changed).expect("written");
            let _ = look(&path, &Given::default());
        }
    }
}

#[test]
fn what_is_no_file_is_complained_of() {
    let folder = TempDir::new().expect("a folder");
    assert!(complaint(folder.path()).contains("it is a folder"));
    assert!(complaint(&folder.path().join("none.csv")).contains("there is no such file"));
    let pipe = folder.path().join("pipe.csv");
    if Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        assert!(complaint(&pipe).contains("it is not a file"));
    }
}

#[test]
fn what_was_said_of_a_file_must_be_possible() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("responses.csv");
    fs::write(&path, "\u{feff}a,b\nx,1\ny,2\n").expect("written");
    let said = |given: Given<'_>| look(&path, &given).expect_err("it is read").to_string();
    assert!(said(Given { encoding: Some("windows-1225"), ..Given::default() }).contains("windows-1252"));
    assert!(said(Given { encoding: Some("utf-16"), ..Given::default() }).contains("byte order mark"));
    assert!(said(Given { format: Some("parquet"), ..Given::default() }).contains("no Parquet file"));
    assert!(said(Given { format: Some("excel"), ..Given::default() }).contains("no workbook"));
    assert!(said(Given { format: Some("arrow"), ..Given::default() }).contains("no Arrow file"));
    assert!(said(Given { sheet: Some("Daten"), ..Given::default() }).contains("is said of a workbook, but"));
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/workbooks/survey.xlsx");
    let other = look(&book, &Given { sheet: Some("Date"), ..Given::default() }).expect_err("there is no such sheet");
    assert!(other.to_string().contains("did you mean `Daten`?"));
}
