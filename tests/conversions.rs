//! Tables that are written in every format and read again: what a format holds comes back.

use std::{fs, path::Path};

use ambers::{MissingSpec, MrType, SpssMetadata, Value as SpssValue};
use arrow::array::{Array, Float64Array, StringArray, StringViewArray};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert_eq, proptest};
use topline::{
    codebook::{Base, Codebook, Measure, Member, Role, Set, SetKind, Value, Variable},
    convert::{Personal, convert},
    diagnostic::Place,
    io::{Table, codebook_path, codebook_text},
    responses::Cells,
    study::{Reason, same_code},
};

const COLUMNS: [&str; 12] = [
    "satisfied",
    "hours",
    "seen_1",
    "seen_2",
    "seen_4",
    "liked_1",
    "liked_2",
    "ticket",
    "note",
    "again",
    "when",
    "weight",
];

/// Cells of a column as text.
struct Texts(String, Vec<String>);

impl Cells for Texts {
    fn text(&mut self, value: &str, _: u64) {
        self.1.push(value.trim().to_owned());
    }

    fn numbers(&mut self, values: &[f64], _: u64) {
        self.1.extend(values.iter().map(|number| if number.is_nan() { String::new() } else { number.to_string() }));
    }
}

fn open(path: &Path) -> Table {
    Table::open(path, None, &Place::File("test".to_owned())).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn cells(table: &Table) -> Vec<Vec<String>> {
    let mut columns: Vec<Texts> = table.columns.iter().map(|name| Texts(name.clone(), Vec::new())).collect();
    table.read(&mut columns, |texts| &texts.0, &mut |_| ()).unwrap_or_else(|problems| panic!("{problems:?}"));
    columns.into_iter().map(|texts| texts.1).collect()
}

fn assert_same(was: &[Vec<String>], is: &[Vec<String>], format: &str) {
    assert_eq!(was.len(), is.len(), "{format}");
    for (column, (was, is)) in was.iter().zip(is).enumerate() {
        assert_eq!(was.len(), is.len(), "{format}: {column}");
        for (was, is) in was.iter().zip(is) {
            assert!(same_code(was, is), "{format}: column {column} was {was:?} and is {is:?}");
        }
    }
}

fn codebook() -> Codebook {
    let variable = |column: &str, label: &str, measure, values: &[(&str, &str)]| Variable {
        measure,
        values: values.iter().map(|(code, label)| Value::answer(code, label)).collect(),
        ..Variable::new(column).labelled(label)
    };
    let nominal = Some(Measure::Nominal);
    let liked = [("1", "House"), ("2", "\"Garden\""), ("10", "Tea & cake")];
    let mut satisfied =
        variable("satisfied", "Zufrieden?", Some(Measure::Ordinal), &[("1", "sehr"), ("5", "gar nicht")]);
    satisfied.values.push(Value::missing("98", Some("weiß nicht"), Reason::DontKnow));
    satisfied.values.push(Value::missing("99", Some("keine Angabe"), Reason::Refused));
    let mut hours = variable("hours", "Hours", Some(Measure::Number), &[]);
    hours.values.push(Value::missing("-999", Some("not asked"), Reason::NotShown));
    let mut when = variable("when", "When?", nominal, &[("1", "soon"), ("2", "later")]);
    when.base = Some(Base { label: Some("Again?".to_owned()), condition: "again = '1'".to_owned() });
    let seen = |column: &str| variable(column, "Seen?", None, &[]);
    let member = |column: &str, label: &str| Member { column: column.to_owned(), label: label.to_owned() };
    let set = |name: &str, label: &str, kind, members| Set {
        name: name.to_owned(),
        label: Some(label.to_owned()),
        kind,
        members,
    };
    Codebook {
        title: Some("Besuch <2026>".to_owned()),
        variables: vec![
            satisfied,
            hours,
            seen("seen_1"),
            seen("seen_2"),
            seen("seen_4"),
            variable("liked_1", "Liked?", nominal, &liked),
            variable("liked_2", "Liked?", nominal, &liked),
            variable("ticket", "Ticket", nominal, &[("AD", "Adult"), ("CH", "Child")]),
            variable("note", "Note", None, &[]).used_as(Role::OpenText),
            variable("again", "Again?", nominal, &[("1", "Yes"), ("0", "No")]),
            when,
            variable("weight", "Weight", Some(Measure::Number), &[]).used_as(Role::Weight),
        ],
        sets: vec![
            set(
                "seen",
                "Seen?",
                SetKind::Dichotomies { chosen: Vec::new() },
                vec![member("seen_1", "House"), member("seen_2", "Garden"), member("seen_4", "Shop")],
            ),
            set("liked", "Liked?", SetKind::Categories, vec![member("liked_1", "1"), member("liked_2", "2")]),
        ],
        ..Codebook::default()
    }
}

/// What Triple-S holds of a codebook: not which codes are no answers.
fn without_reasons(mut codebook: Codebook) -> Codebook {
    for variable in &mut codebook.variables {
        variable.values.iter_mut().for_each(|value| value.missing = None);
    }
    codebook
}

fn row() -> impl Strategy<Value = Vec<String>> {
    let one = |codes: &'static [&'static str]| prop::sample::select(codes).prop_map(str::to_owned);
    let hours = proptest::prop_oneof![
        (0_u32..4000).prop_map(|hours| format!("{}", f64::from(hours) / 8.0)),
        one(&["-999", ""]),
    ];
    let seen = proptest::prop_oneof![
        prop::collection::vec(one(&["0", "1"]), 3),
        proptest::prelude::Just(vec![String::new(); 3]),
    ];
    let first =
        (one(&["1", "5", "98", "99", "", "3"]), hours, seen, one(&["1", "2", "10", ""]), one(&["1", "2", "10", ""]));
    let then =
        (one(&["AD", "CH", ""]), "[a-zäöß\",;&<>'=. -]{0,14}", one(&["0", "1", ""]), one(&["1", "2", ""]), 1_u32..400);
    (first, then).prop_map(|((satisfied, hours, seen, first, second), (ticket, note, again, when, weight))| {
        let weight = format!("{:.2}", f64::from(weight) / 100.0);
        let seen = seen.into_iter();
        let rest = [first, second, ticket, note.trim().to_owned(), again, when, weight];
        [satisfied, hours].into_iter().chain(seen).chain(rest).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_a_format_holds_comes_back(mut rows in prop::collection::vec(row(), 1..40)) {
        // Where no cell says that something was not chosen, blank cells do.
        rows[0][2..5].fill("0".to_owned());
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(","));
        let text: Vec<String> = [COLUMNS.join(",")].into_iter().chain(lines).collect();
        fs::write(at("source.csv"), text.join("\n") + "\n").expect("written");
        fs::write(codebook_path(&at("source.csv")), codebook_text(&codebook())).expect("written");
        let source = open(&at("source.csv"));
        prop_assert_eq!(&source.codebook, &codebook());
        let was = cells(&source);
        for name in ["plain.csv", "columns.parquet", "fixed.sss", "spss.sav", "packed.zsav"] {
            let written = convert(&source, &at(name), Personal::Kept, &mut |_, _| ());
            let written = written.unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
            prop_assert_eq!(written.rows, rows.len() as u64);
            if name.ends_with("sav") {
                let (is, metadata) = of_spss(&at(name));
                assert_same(&was, &is, name);
                as_spss_has_it(&metadata);
                continue;
            }
            let read = open(&at(name));
            prop_assert_eq!(&read.columns, &COLUMNS);
            assert_same(&was, &cells(&read), name);
            let expected = if name.ends_with("sss") { described_by_triple_s(&was) } else { codebook() };
            prop_assert_eq!(&read.codebook, &expected, "{}", name);
        }
    }
}

/// A code that has no label is described too, once it is in the data.
fn described_by_triple_s(was: &[Vec<String>]) -> Codebook {
    let mut codebook = without_reasons(codebook());
    if was[0].iter().any(|code| code == "3") {
        let value = Value { code: "3".to_owned(), label: None, missing: None };
        codebook.variables[0].values.push(value);
    }
    codebook
}

fn of_spss(path: &Path) -> (Vec<Vec<String>>, SpssMetadata) {
    let (batch, metadata) = ambers::read_sav(path).expect("ambers reads what it wrote");
    let text = |array: &dyn Array, row: usize| {
        if array.is_null(row) {
            return String::new();
        }
        let numbers = array.as_any().downcast_ref::<Float64Array>().map(|array| array.value(row).to_string());
        let text = array.as_any().downcast_ref::<StringArray>().map(|array| array.value(row).trim_end().to_owned());
        let view = array.as_any().downcast_ref::<StringViewArray>().map(|array| array.value(row).trim_end().to_owned());
        numbers.or(text).or(view).expect("a number or a text")
    };
    let columns = batch.columns().iter().map(|array| (0..array.len()).map(|row| text(array, row)).collect());
    (columns.collect(), metadata)
}

fn as_spss_has_it(metadata: &SpssMetadata) {
    assert_eq!(metadata.variable_names, COLUMNS);
    assert_eq!(metadata.label("hours"), Some("Hours"));
    // A set of ticks is printed by the labels of its variables.
    assert_eq!(metadata.label("seen_4"), Some("Shop"));
    let labels = metadata.value_labels("satisfied").expect("labels");
    assert_eq!(labels.get(&SpssValue::Numeric(98.0)).map(String::as_str), Some("weiß nicht"));
    let missing = |name: &str| metadata.variable_missing_values.get(name).cloned().unwrap_or_default();
    assert!(matches!(missing("satisfied").as_slice(), [MissingSpec::Value(98.0), MissingSpec::Value(99.0)]));
    assert!(matches!(missing("hours").as_slice(), [MissingSpec::Value(-999.0)]));
    assert_eq!(metadata.weight_variable.as_deref(), Some("weight"));
    let sets: Vec<_> = metadata.mr_sets.values().map(|set| (set.mr_type.clone(), set.variables.len())).collect();
    assert_eq!(sets, [(MrType::MultipleDichotomy, 3), (MrType::MultipleCategory, 2)]);
}

#[test]
fn personal_data_stay_where_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let rows: String = (0..30).map(|row| format!("{},p{row}@example.org,{}\n", 1000 + row, row % 3)).collect();
    fs::write(at("people.csv"), format!("id,contact,answer\n{rows}")).expect("written");
    for (name, personal, columns) in [
        ("a.csv", Personal::LeftOut, &["answer"][..]),
        ("a.sss", Personal::LeftOut, &["answer"]),
        ("b.parquet", Personal::Kept, &["id", "contact", "answer"]),
    ] {
        let converted = convert(&open(&at("people.csv")), &at(name), personal, &mut |_, _| ()).expect("converted");
        assert_eq!(open(&at(name)).columns, columns);
        assert!(!converted.notes.iter().any(|note| note.contains("example.org")), "values are not repeated");
    }
    let source = open(&at("people.csv"));
    let problems = convert(&source, &at("people.csv"), Personal::Kept, &mut |_, _| ()).expect_err("it is read");
    assert!(problems.iter().any(|problem| problem.code == "overwrites-input"));
}

#[test]
fn the_spss_file_that_others_read_is_still_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/convert");
    let written = folder.path().join("described.sav");
    convert(&open(&files.join("described.csv")), &written, Personal::LeftOut, &mut |_, _| ()).expect("converted");
    let (was, known) = of_spss(&files.join("described.sav"));
    let (is, metadata) = of_spss(&written);
    assert_eq!(was, is);
    assert_eq!(known.variable_names, metadata.variable_names);
    assert_eq!(known.variable_labels, metadata.variable_labels);
    assert_eq!(known.variable_value_labels, metadata.variable_value_labels);
    assert_eq!(known.variable_attributes, metadata.variable_attributes);
    assert_eq!(format!("{:?}", known.variable_missing_values), format!("{:?}", metadata.variable_missing_values));
    assert_eq!(format!("{:?}", known.mr_sets), format!("{:?}", metadata.mr_sets));
}
