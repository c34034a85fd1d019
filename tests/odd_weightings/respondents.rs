//! Respondents, and the weights that they start from.

use super::{
    AGE_MET, BOTH_MET, CROSSED, CROSSED_MET, Case,
    Outcome::{Met, Refused},
    SEX_MET, age_of, case, nothing, set,
};

/// Who is there, and who is not.
pub fn of_respondents() -> Vec<Case> {
    vec![
        case("nothing is odd", nothing, "SEX\nAGE\n", "", BOTH_MET),
        case("nothing is odd in crossed cells", nothing, CROSSED, "", CROSSED_MET),
        case("nobody at all", Vec::clear, "SEX\n", "", Refused("unreadable", "no responses")),
        case("a level without respondents", |rows| set(rows, 1, "m"), "SEX\n", "", Refused("weighting", "`f`")),
        case(
            "a crossed cell without respondents",
            |rows| rows.retain(|row| row[1] == "m" || age_of(row) != "65+"),
            CROSSED,
            "",
            Refused("weighting", "65+"),
        ),
        case(
            "empty crossed cells under margins",
            |rows| rows.retain(|row| row[1] == "m" || age_of(row) != "65+"),
            "SEX\nAGE\n",
            "",
            BOTH_MET,
        ),
        case(
            "empty cells that margins contradict",
            |rows| rows.retain(|row| (row[1] == "f") == (age_of(row) == "65+")),
            "SEX\nAGE\n",
            "",
            Refused("weighting", "the other targets leave"),
        ),
        case(
            "empty cells at whose edge margins lie",
            |rows| rows.retain(|row| age_of(row) == "30-64" || (row[1] == "m") == (age_of(row) == "65+")),
            "AGE\n[[weighting.margin]]\nby = 'sex'\ntargets = { m = 80, f = 20 }",
            "",
            Refused("vanishing-weights", "edge"),
        ),
        case(
            "a level that is no level",
            |rows| set(&mut rows[..1], 1, "x"),
            "SEX\n",
            "",
            Refused("unlisted-code", "`x`"),
        ),
        case("blank levels", |rows| set(&mut rows[..9], 1, ""), "SEX\nAGE\n", "", BOTH_MET),
        case(
            "blank levels that are dropped",
            |rows| set(&mut rows[..9], 1, ""),
            "[[weighting.margin]]\nby = 'sex'\nunknown = 'drop'\ntargets = { m = 49, f = 51 }",
            "",
            Met(9, &[SEX_MET]),
        ),
        case("all levels blank", |rows| set(rows, 1, ""), "SEX\n", "", Refused("weighting", "no respondents")),
        case(
            "all levels blank and dropped",
            |rows| set(rows, 1, ""),
            "[[weighting.margin]]\nby = 'sex'\nunknown = 'drop'\ntargets = { m = 49, f = 51 }",
            "",
            Refused("weighting", "nobody"),
        ),
        case(
            "all levels blank and spread",
            |rows| set(rows, 1, ""),
            "[[weighting.margin]]\nby = 'sex'\nunknown = 'spread'\ntargets = { m = 49, f = 51 }",
            "",
            Refused("weighting", "no respondents"),
        ),
        case("below the first band", |rows| set(&mut rows[..9], 2, "12"), "AGE\n", "", Met(0, &[AGE_MET])),
        case(
            "one respondent a level",
            |rows| {
                rows.truncate(4);
                rows.remove(1);
                rows.remove(1);
            },
            "SEX\n",
            "",
            Met(0, &[SEX_MET]),
        ),
        case(
            "one level only",
            |rows| set(rows, 1, "m"),
            "[[weighting.margin]]\nby = 'one'\ntargets = { m = 100 }\n[[weighting.variable]]\nid = 'one'\ncolumn = 'sex'\nlevels = ['m']",
            "",
            Met(0, &[("m", 100.0)]),
        ),
    ]
}

/// Base weights.
pub fn of_weights() -> Vec<Case> {
    vec![
        case("all 0", |rows| set(rows, 0, "0"), "SEX\n", "", Refused("weighting", "nobody is left")),
        case(
            "all of a level 0",
            |rows| rows.iter_mut().filter(|row| row[1] == "f").for_each(|row| row[0] = "0".into()),
            "SEX\nAGE\n",
            "",
            Refused("weighting", "`f`"),
        ),
        case("some 0", |rows| set(&mut rows[..5], 0, "0"), "SEX\nAGE\n", "", Met(5, &[SEX_MET, AGE_MET])),
        case("one negative", |rows| set(&mut rows[..1], 0, "-1"), "SEX\n", "", Refused("bad-weight", "the weight -1")),
        case("one NaN", |rows| set(&mut rows[..1], 0, "NaN"), "SEX\n", "", Refused("not-a-number", "NaN")),
        case("one infinite", |rows| set(&mut rows[..1], 0, "inf"), "SEX\n", "", Refused("not-a-number", "inf")),
        case("one blank", |rows| set(&mut rows[..1], 0, ""), "SEX\n", "", Refused("no-weight", "weight")),
        case(
            "one with a decimal comma",
            |rows| set(&mut rows[..1], 0, "\"1,5\""),
            "SEX\n",
            "",
            Refused("decimal-comma", "1,5"),
        ),
        case("all huge", |rows| set(rows, 0, "1e300"), "SEX\nAGE\n", "", Refused("bad-weight", "1e300")),
        case("all tiny", |rows| set(rows, 0, "1e-300"), "SEX\nAGE\n", "", Refused("bad-weight", "1e-300")),
        case(
            "all so small that they are hardly numbers",
            |rows| set(rows, 0, "1e-320"),
            "SEX\nAGE\n",
            "",
            Refused("bad-weight", "1e-320"),
        ),
        case("one that outweighs all", |rows| set(&mut rows[..1], 0, "1e12"), "SEX\nAGE\n", "", BOTH_MET),
        case(
            "one huge beside one tiny",
            |rows| {
                set(&mut rows[..1], 0, "1e15");
                set(&mut rows[1..2], 0, "1e-15");
            },
            "SEX\nAGE\n",
            "",
            BOTH_MET,
        ),
    ]
}
