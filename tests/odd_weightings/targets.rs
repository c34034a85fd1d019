//! Targets in the study file.

use super::{
    AGE_MET, BOTH_MET, Case,
    Outcome::{Met, Refused},
    case, nothing,
};

/// Targets in the study file.
pub fn of_targets() -> Vec<Case> {
    vec![
        case("none", nothing, "method = 'raking'", "", Refused("weighting", "no margin")),
        case(
            "a zero",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 100, f = 0 }",
            "",
            Refused("out-of-range", "more than 0"),
        ),
        case(
            "a negative one",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 101, f = -1 }",
            "",
            Refused("out-of-range", "more than 0"),
        ),
        case(
            "one that is NaN",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 50, f = nan }",
            "",
            Refused("wrong-type", "nan"),
        ),
        case(
            "one that is infinite",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntotals = { m = 50, f = inf }",
            "",
            Refused("wrong-type", "inf"),
        ),
        case(
            "a text",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 50, f = '50' }",
            "",
            Refused("wrong-type", "'50'"),
        ),
        case(
            "shares as parts of 1",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 0.49, f = 0.51 }",
            "",
            Refused("targets-sum", "percent"),
        ),
        case(
            "a sum that is off",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 49, f = 41 }",
            "",
            Refused("targets-sum", "90"),
        ),
        case(
            "a sum that is rounded",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 49.0, f = 50.9 }",
            "",
            Met(0, &[("f", 5090.0 / 99.9)]),
        ),
    ]
}

/// Margins as a whole, and the population.
pub fn of_margins() -> Vec<Case> {
    vec![
        case(
            "a level left out",
            nothing,
            "[[weighting.margin]]\nby = 'age'\ntargets = { '18-29' = 50, '65+' = 50 }",
            "",
            Refused("no-target", "30-64"),
        ),
        case(
            "a level too many",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 49, f = 50, d = 1 }",
            "",
            Refused("unknown-level", "`d`"),
        ),
        case(
            "a level twice",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 49, m = 49, f = 51 }",
            "",
            Refused("toml", "duplicate key"),
        ),
        case("a margin twice", nothing, "SEX\nSEX\n", "", Refused("listed-twice", "there already")),
        case(
            "a variable crossed with itself",
            nothing,
            "[[weighting.margin]]\nby = ['sex', 'sex']\ntargets = { m = { m = 50 }, f = { f = 50 } }",
            "",
            Refused("listed-twice", "itself"),
        ),
        case(
            "margins that contradict a crossed one",
            nothing,
            "AGE\n[[weighting.margin]]\nby = ['sex', 'age']\n[weighting.margin.targets]\n\
             m = { '18-29' = 20, '30-64' = 15, '65+' = 14 }\nf = { '18-29' = 10, '30-64' = 25, '65+' = 16 }",
            "",
            Refused("margins-disagree", "18-29"),
        ),
        case(
            "totals of two populations",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntotals = { m = 49, f = 51 }\n[[weighting.margin]]\nby = 'age'\ntotals = { '18-29' = 40, '30-64' = 100, '65+' = 60 }",
            "",
            Refused("targets-sum", "200"),
        ),
        case(
            "a population that totals contradict",
            nothing,
            "population = 5000\n[[weighting.margin]]\nby = 'sex'\ntotals = { m = 49, f = 51 }",
            "",
            Refused("targets-sum", "5000"),
        ),
        case("a population of nobody", nothing, "population = 0\nSEX\n", "", Refused("out-of-range", "0")),
        case("a huge population", nothing, "population = 8e9\nSEX\nAGE\n", "", BOTH_MET),
        case(
            "a level of a billionth",
            nothing,
            "[[weighting.margin]]\nby = 'sex'\ntargets = { m = 99.9999999, f = 0.0000001 }\nAGE\n",
            "",
            Met(0, &[("f", 1e-7), AGE_MET]),
        ),
        case("a method that is none", nothing, "method = 'rakeing'\nSEX\n", "", Refused("unknown-choice", "raking")),
        case(
            "post-stratification to two margins",
            nothing,
            "method = 'post-stratification'\nSEX\nAGE\n",
            "",
            Refused("weighting", "one margin"),
        ),
        case(
            "linear weights below 0",
            nothing,
            "method = 'linear'\n[[weighting.margin]]\nby = 'sex'\ntargets = { m = 1, f = 99 }\n[[weighting.margin]]\nby = 'age'\ntargets = { '18-29' = 1, '30-64' = 1, '65+' = 98 }",
            "",
            Refused("negative-weights", "below 0"),
        ),
    ]
}
