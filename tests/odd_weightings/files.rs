//! Files of targets.

use super::{
    Case,
    Outcome::{Met, Refused},
    SEX_MET, case, nothing,
};

/// Files of targets.
pub fn of_files() -> Vec<Case> {
    const FROM_FILE: &str = "[[weighting.margin]]\nby = 'sex'\ntargets = 'targets.csv'";
    const COMMA: &str = "[[weighting.margin]]\nby = 'sex'\ndecimal = ','\ntargets = 'targets.csv'";
    const SURVEY: &str = "[[weighting.margin]]\nby = 'sex'\nreference = { file = 'targets.csv', weight = 'w' }";
    let from = |name, file, outcome| case(name, nothing, FROM_FILE, file, outcome);
    vec![
        from("an empty file", "", Refused("unreadable", "targets.csv")),
        from("a file of a head alone", "sex,share\n", Refused("unreadable", "no responses")),
        from("a file without shares", "sex,people\nm,49\nf,51\n", Refused("target-file", "`share`")),
        from("a file with shares and totals", "sex,share,total\nm,49,4\nf,51,5\n", Refused("target-file", "`share`")),
        from("a file without the variable", "gender,share\nm,49\nf,51\n", Refused("target-file", "`sex`")),
        from("a file with a byte order mark", "\u{feff}sex,share\nm,49\nf,51\n", Met(0, &[SEX_MET])),
        from("a file with line ends of another system", "sex,share\r\nm,49\r\nf,51\r\n", Met(0, &[SEX_MET])),
        from("a file with semicolons", "sex;share\nm;49\nf;51\n", Met(0, &[SEX_MET])),
        from("a decimal comma that is not told", "sex;share\nm;48,5\nf;51,5\n", Refused("target-file", "48,5")),
        case("a decimal comma that is told", nothing, COMMA, "sex;share\nm;48,5\nf;51,5\n", Met(0, &[("f", 51.5)])),
        case(
            "a decimal point where a comma is told",
            nothing,
            COMMA,
            "sex;share\nm;48.5\nf;51.5\n",
            Refused("target-file", "48.5"),
        ),
        case(
            "thousands with a point where a comma is told",
            nothing,
            COMMA,
            "sex;total\nm;4.850\nf;5.150\n",
            Refused("target-file", "4.850"),
        ),
        from("a level twice in a file", "sex,share\nm,49\nm,49\nf,51\n", Refused("listed-twice", "`m`")),
        from("a level left out of a file", "sex,share\nm,100\n", Refused("no-target", "`f`")),
        from("a level too many in a file", "sex,share\nm,49\nf,50\nd,1\n", Refused("unknown-level", "`d`")),
        from("a blank target in a file", "sex,share\nm,49\nf,\n", Refused("target-file", "no target in line 3")),
        from("a NaN in a file", "sex,share\nm,49\nf,NaN\n", Refused("target-file", "NaN")),
        from("a zero in a file", "sex,share\nm,100\nf,0\n", Refused("out-of-range", "more than 0")),
        from("a percent sign in a file", "sex,share\nm,49%\nf,51%\n", Refused("target-file", "49%")),
        from("a short line in a file", "sex,share\nm,49\nf\n", Refused("ragged-row", "line 3")),
        from("a sum line in a file", "sex,share\nm,49\nf,51\ntotal,100\n", Refused("unknown-level", "`total`")),
        case("a reference survey without women", nothing, SURVEY, "sex,w\nm,1\nm,2\n", Refused("no-target", "`f`")),
        case("a reference survey of weights 0", nothing, SURVEY, "sex,w\nm,0\nf,0\n", Refused("no-target", "`m`, `f`")),
        case("a reference survey of a NaN", nothing, SURVEY, "sex,w\nm,1\nf,NaN\n", Refused("target-file", "NaN")),
        case(
            "a reference survey without its weight",
            nothing,
            SURVEY,
            "sex,v\nm,1\nf,1\n",
            Refused("target-file", "`w`"),
        ),
        case("a reference survey of blanks", nothing, SURVEY, "sex,w\nm,49\n,7\nf,51\n", Met(0, &[SEX_MET])),
    ]
}
