//! Every draft can be read back, whatever columns are called and hold.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{covers, read_back};
use crate::{
    codebook::Codebook,
    draft::write,
    responses::{Cells, Profile},
};

fn nasty_text() -> impl Strategy<Value = String> {
    let known = select(vec![
        "yes",
        "no",
        "0",
        "1",
        "1.0",
        "2",
        "5",
        "98",
        "-99",
        "k.A.",
        "don't know",
        "N/A",
        "-",
        "agree",
        "disagree",
        "NaN",
        "inf",
        "1e400",
        "a\"b",
        "it's",
        "a\\",
        "'''",
        "\"\"\"",
        "x\ny",
        "tab\there",
        "\u{0}",
        "\u{7f}",
        "ä ö",
        "# no",
        "[x]",
        "de",
        "en",
        "code",
        "label",
        "",
        "1,5",
        "2024-05-01",
        "a@b.de",
        "0.0",
        "-0",
        "🙂",
        "very long text that goes on and on, because somebody had a lot to say about the matter at hand, and did so",
    ])
    .prop_map(str::to_owned);
    prop_oneof![6 => known, 1 => any::<String>(), 1 => "[ -~]{0,12}"]
}

fn nasty_name() -> impl Strategy<Value = String> {
    let known = select(vec![
        "age",
        "Alter",
        "sex",
        "weight",
        "strata",
        "psu",
        "synthetic",
        "Q1_1",
        "Q1_2",
        "Q1[SQ001]",
        "Q1[SQ002]",
        "use.a",
        "use.b",
        "use_a",
        "use a",
        "Q",
        "email",
        "region",
        "",
        "über uns",
        "x_",
        "x__",
        "1",
        "2",
        "1.1",
        "1.2",
        "a\"b",
        "a\nb",
        "date",
        "key",
        "de",
        "total",
        "Wie alt sind Sie?",
        "q",
        "q_2",
        "sex_2",
        "SEX",
    ])
    .prop_map(str::to_owned);
    prop_oneof![4 => known, 1 => any::<String>(), 1 => "[a-c]{1,2}[_. ][a-c0-9]{1,3}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_draft_can_be_read_back(
        columns in vec((nasty_name(), vec(nasty_text(), 1..4), 1_usize..30), 1..12),
        file in nasty_text(),
    ) {
        let mut names: Vec<String> = Vec::new();
        let columns: Vec<_> = columns.into_iter().filter(|(name, ..)| {
            let fresh = !names.contains(name);
            names.push(name.clone());
            fresh
        }).collect();
        let names: Vec<String> = columns.iter().map(|(name, ..)| name.clone()).collect();
        let mut profiles: Vec<Profile> = names.iter().map(|name| Profile::new(name)).collect();
        for (column, (_, values, times)) in columns.iter().enumerate() {
            (0..values.len() * times).for_each(|i| profiles[column].text(&values[i % values.len()], 1));
        }
        if let Ok(draft) = write(&profiles, &Codebook::default(), &file, None) {
            let study = read_back(&draft, &profiles);
            let study = study.map_err(|problems| TestCaseError::fail(format!("{problems:?}\n{}", draft.text)))?;
            covers(&study, &profiles).map_err(|problem| TestCaseError::fail(format!("{problem}\n{}", draft.text)))?;
        }
    }
}
