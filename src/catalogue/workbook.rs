//! The codebook as a workbook: the long table, with numbers as numbers.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use super::{
    Catalogue,
    table::{COLUMNS, cells, lines},
};

/// How wide columns are, in letters.
const WIDTHS: [f64; COLUMNS.len()] = [10.0, 16.0, 20.0, 44.0, 16.0, 24.0, 24.0, 9.0, 9.0, 9.0, 14.0, 36.0, 12.0, 14.0];
/// Columns of numbers: asked, answered, respondents.
const NUMBERS: [usize; 3] = [7, 8, 12];

/// The bytes of a workbook.
pub fn to_workbook(catalogue: &Catalogue) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Without a date, so that the same study gives the same bytes.
    let undated = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = rust_xlsxwriter::DocProperties::new().set_title(&catalogue.title).set_creation_datetime(&undated);
    book.set_properties(&properties);
    let heading = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let number = Format::new().set_align(FormatAlign::Top);
    let sheet = book.add_worksheet().set_name(catalogue.language.choose("Codebuch", "Codebook"))?;
    let mut row = 0;
    if let Some(warning) = &catalogue.warning {
        sheet.write_with_format(row, 0, warning, &Format::new().set_bold())?;
        row += 1;
    }
    for (column, name) in (0_u16..).zip(COLUMNS) {
        sheet.write_with_format(row, column, name, &heading)?;
        sheet.set_column_width(column, WIDTHS[usize::from(column)])?;
    }
    row += 1;
    sheet.set_freeze_panes(row, 2)?;
    for (entry, item) in lines(catalogue) {
        for (column, cell) in (0_u16..).zip(cells(entry, item, catalogue.language)) {
            match cell.parse::<f64>() {
                Ok(count) if NUMBERS.contains(&usize::from(column)) => {
                    sheet.write_with_format(row, column, count, &number)?;
                }
                // Excel holds no longer text in a cell.
                _ => {
                    sheet.write_with_format(row, column, cell.chars().take(32_000).collect::<String>(), &text)?;
                }
            }
        }
        row += 1;
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::to_workbook;
    use crate::{
        catalogue::{Catalogue, Entry, Item, Part, Said, Sort},
        disclosure::Count,
        study::Language,
    };

    #[test]
    fn numbers_are_numbers_and_what_is_not_said_is_blank() {
        let item =
            |code: &str, count| Item { sort: Sort::Option, code: code.to_owned(), label: "Ja".to_owned(), count };
        let catalogue = Catalogue {
            language: Language::De,
            title: "t".to_owned(),
            warning: None,
            file: "f.csv".to_owned(),
            respondents: 60,
            entries: vec![Entry {
                part: Part::Question,
                id: "q".to_owned(),
                columns: vec!["q".to_owned()],
                wording: "=1+1".to_owned(),
                kind: "k".to_owned(),
                base: None,
                asked: Some(Said::Count(Count::Exactly(60))),
                answered: Some(Said::NearlyAll),
                items: vec![item("01", Said::Count(Count::Exactly(48))), item("2", Said::Withheld)],
            }],
            minimum: 5,
        };
        let mut book = Xlsx::new(Cursor::new(to_workbook(&catalogue).expect("written"))).expect("a workbook");
        let sheet = book.worksheet_range("Codebuch").expect("there");
        let cell = |row: u32, column: u32| sheet.get_value((row, column)).cloned().unwrap_or_default();
        assert_eq!(cell(0, 12), Data::String("respondents".to_owned()));
        assert_eq!([cell(1, 7), cell(1, 12)], [60.0, 48.0].map(Data::Float));
        assert_eq!(cell(1, 10), Data::String("01".to_owned()));
        assert_eq!(cell(1, 3), Data::String("=1+1".to_owned()));
        assert!(matches!(cell(2, 12), Data::Empty | Data::String(_)) && !matches!(cell(2, 12), Data::Float(_)));
        assert_eq!(cell(2, 13), Data::String("·".to_owned()));
    }
}
