//! One table in every encoding and with every line end is one table, wherever the pieces are cut in which it is read.

use std::{fs, path::Path};

use topline::{
    diagnostic::{Diagnostics, Place},
    io::Table,
    responses::{Cells, Profile},
};

/// Text of more than two blocks, with letters that are cut at their borders, quotes, and line breaks in quotes.
fn table() -> String {
    let mut text = "nr;größe;wörter;leer\n".to_owned();
    for row in 0..60_000 {
        let word = ["täglich", "\"über; \"\"alles\"\"\"", "\"zwei\nZeilen\"", "nie", "ÄÖÜß"][row % 5];
        text +=
            &format!("{row};{};{word}{};\n", row % 7, if row % 5 == 3 { "é".repeat(row % 11) } else { String::new() });
    }
    text
}

/// The cells of a column with their lines.
struct Seen {
    column: String,
    cells: Vec<(String, u64)>,
}

impl Cells for Seen {
    fn text(&mut self, value: &str, position: u64) {
        self.cells.push((value.to_owned(), position));
    }

    fn numbers(&mut self, _: &[f64], _: u64) {}
}

fn seen(path: &Path, bytes: &[u8]) -> Vec<Vec<(String, u64)>> {
    fs::write(path, bytes).expect("written");
    let table = Table::open(path, None, &Place::File("test".to_owned())).expect("opened");
    let columns = table.columns.iter();
    let mut columns: Vec<Seen> = columns.map(|column| Seen { column: column.clone(), cells: Vec::new() }).collect();
    table.read(&mut columns, |column| &column.column, &mut |_| ()).expect("read");
    columns.into_iter().map(|column| column.cells).collect()
}

#[test]
fn a_table_is_the_same_in_every_encoding() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("responses.csv");
    let text = table();
    let plain = seen(&path, text.as_bytes());
    assert_eq!(plain[0].len(), 60_000);
    let wide = |text: &str, of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    let latin: Vec<u8> = text.chars().map(|letter| letter as u32 as u8).collect();
    for (name, bytes) in [
        ("UTF-8 with a mark", marked.clone().into_bytes()),
        ("UTF-16 LE with a mark", wide(&marked, u16::to_le_bytes)),
        ("UTF-16 BE with a mark", wide(&marked, u16::to_be_bytes)),
        ("UTF-16 LE", wide(&text, u16::to_le_bytes)),
        ("UTF-16 BE", wide(&text, u16::to_be_bytes)),
        ("Windows-1252", latin),
        ("lines of old Macs", text.replace('\n', "\r").into_bytes()),
    ] {
        assert!(seen(&path, &bytes) == plain, "{name}");
    }
    // A line break within a cell is what it was.
    let dos = seen(&path, text.replace('\n', "\r\n").as_bytes());
    let same =
        |(one, other): (&(String, u64), &(String, u64))| one.0.replace("\r\n", "\n") == other.0 && one.1 == other.1;
    assert!(dos.iter().zip(&plain).all(|(one, other)| one.iter().zip(other).all(same)));
    // Excel's first line moves all others down.
    let told = seen(&path, format!("sep=;\n{text}").as_bytes());
    assert!(told.iter().zip(&plain).all(|(one, other)| one.iter().zip(other).all(|(one, other)| one.1 == other.1 + 1)));
}

#[test]
fn another_encoding_after_the_first_megabyte_is_complained_of_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("responses.csv");
    let rows = "1,täglich\n".repeat(150_000);
    fs::write(&path, [b"id,often\n", rows.as_bytes(), b"1,t\xe4glich\n"].concat()).expect("written");
    let table = Table::open(&path, None, &Place::File("test".to_owned())).expect("opened");
    let look = |column: &str| -> Result<u64, Diagnostics> {
        table.read(&mut [Profile::new(column)], |profile| &profile.column, &mut |_| ()).map(|rows| rows.all)
    };
    assert_eq!(look("id").expect("nobody wants the other column"), 150_001);
    let complaint = look("often").expect_err("it is no text").to_string();
    assert!(complaint.contains("cell 2 of line 150002 is not text in utf-8"), "{complaint}");
}
