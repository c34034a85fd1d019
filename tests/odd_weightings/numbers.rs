//! Means and totals of numbers, bounds of factors and trimmed weights.

use super::{
    BOTH_MET, Case,
    Outcome::{Met, Refused},
    SEX_MET, case, nothing, set,
};

/// Means and totals.
pub fn of_numbers() -> Vec<Case> {
    vec![
        case(
            "a mean",
            nothing,
            "method = 'linear'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 25",
            "",
            Met(0, &[SEX_MET, ("minutes", 25.0)]),
        ),
        case(
            "a mean out of reach",
            nothing,
            "method = 'exponential'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 60",
            "",
            Refused("weighting", "minutes"),
        ),
        case(
            "a mean at the edge",
            nothing,
            "method = 'exponential'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 49",
            "",
            Refused("vanishing-weights", "edge"),
        ),
        case(
            "a mean that is NaN",
            nothing,
            "method = 'linear'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = nan",
            "",
            Refused("wrong-type", "nan"),
        ),
        case(
            "a mean that is infinite",
            nothing,
            "method = 'linear'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = inf",
            "",
            Refused("wrong-type", "inf"),
        ),
        case(
            "a mean and a total",
            nothing,
            "method = 'linear'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 2\ntotal = 3",
            "",
            Refused("weighting", "both"),
        ),
        case(
            "a number raked to",
            nothing,
            "[[weighting.number]]\ncolumn = 'minutes'\nmean = 25",
            "",
            Refused("weighting", "raking"),
        ),
    ]
}

/// The columns that have the numbers.
pub fn of_columns() -> Vec<Case> {
    vec![
        case(
            "the same number twice",
            nothing,
            "method = 'linear'\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 25\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 26",
            "",
            Refused("listed-twice", "minutes"),
        ),
        case(
            "a number that everybody has alike",
            |rows| set(rows, 3, "7"),
            "method = 'linear'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 8",
            "",
            Refused("weighting", "minutes"),
        ),
        case(
            "a number that is 0 for all",
            |rows| set(rows, 3, "0"),
            "method = 'linear'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 8",
            "",
            Refused("weighting", "minutes"),
        ),
        case(
            "a number that nobody has",
            |rows| set(rows, 3, ""),
            "method = 'linear'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 8",
            "",
            Refused("weighting", "minutes"),
        ),
        case(
            "a number that is text",
            |rows| set(&mut rows[..1], 3, "many"),
            "method = 'linear'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 8",
            "",
            Refused("not-a-number", "many"),
        ),
        case(
            "huge numbers",
            |rows| rows.iter_mut().for_each(|row| row[3] += "e200"),
            "method = 'exponential'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 25e200",
            "",
            Refused("weighting", ""),
        ),
        case(
            "tiny numbers",
            |rows| rows.iter_mut().for_each(|row| row[3] += "e-200"),
            "method = 'exponential'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 25e-200",
            "",
            Refused("weighting", "other units"),
        ),
        case(
            "numbers far from 0",
            |rows| rows.iter_mut().for_each(|row| row[3] = format!("{}", 1e9 + row[3].parse::<f64>().unwrap_or(0.0))),
            "method = 'linear'\nSEX\n[[weighting.number]]\ncolumn = 'minutes'\nmean = 1000000025",
            "",
            Met(0, &[SEX_MET, ("minutes", 1_000_000_025.0)]),
        ),
        case(
            "a column that is not there",
            nothing,
            "method = 'linear'\n[[weighting.number]]\ncolumn = 'minute'\nmean = 8",
            "",
            Refused("unknown-column", "minutes"),
        ),
    ]
}

/// Bounds and trimming.
pub fn of_bounds() -> Vec<Case> {
    vec![
        case("logit within bounds", nothing, "method = 'logit'\nbounds = [0.2, 5]\nSEX\nAGE\n", "", BOTH_MET),
        case("logit without bounds", nothing, "method = 'logit'\nSEX\n", "", Refused("weighting", "bounds")),
        case(
            "bounds too tight",
            nothing,
            "method = 'logit'\nbounds = [0.99, 1.01]\nSEX\n",
            "",
            Refused("weighting", "sex"),
        ),
        case(
            "truncated bounds too tight",
            nothing,
            "method = 'linear'\nbounds = [0.99, 1.01]\nSEX\n",
            "",
            Refused("weighting", "sex"),
        ),
        case(
            "bounds upside down",
            nothing,
            "method = 'linear'\nbounds = [3, 0.3]\nSEX\n",
            "",
            Refused("out-of-range", "rise"),
        ),
        case(
            "bounds that are NaN",
            nothing,
            "method = 'linear'\nbounds = [nan, 3]\nSEX\n",
            "",
            Refused("wrong-type", "nan"),
        ),
        case(
            "a bound that is infinite",
            nothing,
            "method = 'logit'\nbounds = [0.2, inf]\nSEX\n",
            "",
            Refused("wrong-type", "inf"),
        ),
        case(
            "trimming too hard",
            nothing,
            "SEX\nAGE\n[weighting.trim]\nbounds = [0.99, 1.01]",
            "",
            Refused("weighting", "the bounds are too tight"),
        ),
        case(
            "a design effect out of reach",
            nothing,
            "SEX\nAGE\n[weighting.trim]\ndesign_effect = 1.0001",
            "",
            Refused("weighting", "design effect"),
        ),
        case(
            "a design effect that is NaN",
            nothing,
            "SEX\n[weighting.trim]\ndesign_effect = nan",
            "",
            Refused("wrong-type", "nan"),
        ),
        case(
            "quantiles that leave one weight",
            nothing,
            "SEX\n[weighting.trim]\nquantiles = [0.5, 0.5]",
            "",
            Refused("out-of-range", "rise"),
        ),
    ]
}
