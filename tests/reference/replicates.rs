//! Variances from replicate weights, read from columns and made by topline.

use std::{collections::HashMap, fmt::Write, fs};

use topline::{
    estimate::{Cell, DomainEstimates, Estimate, Formula, Joint, Statistic},
    io::Table,
    study::{
        Among, Contrast, ContrastCell, Of, Scale,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
    survey::Survey,
};

use crate::{
    Row,
    differences::{Differences, Number, Section},
    domain, number, read, root,
};

/// Replicates that topline makes and R does not make alike.
const MADE_HERE: [&str; 6] =
    ["topline_jk2", "topline_brr", "topline_fay", "topline_bootstrap", "topline_sdr", "topline_sdr_short"];

/// Whether topline makes a statistic. Medians have Woodruff's interval, not R's from the medians of the replicates; R's own
/// half-samples have another Hadamard matrix.
fn is_made(row: &Row) -> bool {
    match row["statistic"].as_str() {
        "median_replicates" => false,
        "median_woodruff" => !["made_brr", "made_fay"].iter().any(|made| row["design"].starts_with(made)),
        _ => true,
    }
}

pub fn read_from_columns(differences: &mut Differences) {
    let mut compared = 0;
    for name in ["jk1", "jkn", "jkn_fpc", "jk2", "brr", "fay", "bootstrap", "rao_wu", "sdr", "other"] {
        compared += compare(differences, name, |_| true);
    }
    assert_eq!(compared, 1962);
}

pub fn made_by_jackknife(differences: &mut Differences) {
    let mut compared = 0;
    for name in ["jk1_apiclus1", "jk1_apisrs", "jkn_apistrat", "jkn_uneven", "jkn_uneven_fpc"] {
        compared += compare(differences, &format!("made_{name}"), |_| true);
    }
    assert_eq!(compared, 738);
}

pub fn half_samples(differences: &mut Differences) {
    let independent = |row: &Row| row["statistic"] == "count" || row["statistic"] == "total";
    for name in ["brr_paired", "brr_paired_fpc", "fay_paired"] {
        assert_eq!(compare(differences, &format!("made_{name}"), independent), 48);
    }
}

/// Of those that depend on chance or on a Hadamard matrix R is told the factors.
pub fn made_here(differences: &mut Differences) {
    let rows = read("data/made_factors");
    let mut compared = 0;
    for name in MADE_HERE {
        let file: Vec<f64> = (rows.iter().filter(|row| row["design"] == name))
            .map(|row| row["factor"].parse().expect("a factor"))
            .collect();
        let made: Vec<f64> = factors(name).into_iter().map(|(_, _, factor)| factor).collect();
        assert_eq!(made, file, "{name} has the factors that R was told");
        compared += compare(differences, name, |_| true);
    }
    assert_eq!(compared, 1188);
}

#[test]
#[ignore = "writes the factors that replicates.R reads"]
fn write_the_factors_that_are_made_here() {
    let mut text = "design,unit,replicate,factor\n".to_owned();
    for name in MADE_HERE {
        for (unit, replicate, factor) in factors(name) {
            writeln!(text, "{name},{unit},r{replicate},{factor}").expect("text can be written");
        }
    }
    fs::write(root().join("tests/reference/data/made_factors.csv"), text).expect("the file can be written");
}

/// Unit, replicate and factor; units in the order of the file are 1, 2, ...
fn factors(name: &str) -> Vec<(usize, usize, f64)> {
    let survey = open(name, "true", Some(&table_of(name)));
    let units = survey.design.stages[0].units.len();
    let factors = survey.design.replicates.and_then(|replicates| replicates.factors).expect("they are made");
    // What becomes of a sum that only one unit has.
    let alone: Vec<Vec<f64>> =
        (0..units).map(|one| (0..units).map(|other| if one == other { 1.0 } else { 0.0 }).collect()).collect();
    let sums = factors.sums(alone.iter().map(Vec::as_slice), units);
    let count = factors.replicates();
    sums.iter().enumerate().map(|(index, factor)| (1 + index / count, 1 + index % count, *factor)).collect()
}

#[test]
fn successive_differences_of_totals_are_half_the_squares_between_neighbours() {
    let survey = open("sdr", "true", Some("type = \"sdr\"\ncount = 32"));
    let rows = read("data/replicates_sdr");
    let mut units: Vec<(String, f64)> = Vec::new();
    for row in rows.iter().filter(|row| row["answer"] == "yes" || row["answer"] == "no" || row["answer"] == "unsure") {
        let weight: f64 = if row["answer"] == "yes" { row["weight"].parse().expect("a weight") } else { 0.0 };
        match units.last_mut().filter(|(unit, _)| *unit == row["unit"]) {
            Some((_, sum)) => *sum += weight,
            None => units.push((row["unit"].clone(), weight)),
        }
    }
    let next = units.iter().skip(1).chain(units.first());
    let squares: f64 = units.iter().zip(next).map(|((_, a), (_, b))| (a - b).powi(2)).sum();
    let estimates = survey.estimates();
    let count = further(&estimates.questions[0].domains[0], Statistic::Count(2));
    assert!((count.standard_error / (squares / 2.0).sqrt() - 1.0).abs() < 1e-9);
    assert_eq!(count.degrees_of_freedom, 23.0);
}

#[test]
fn made_replicates_with_chance_are_near_the_linearised_error_and_follow_the_seed() {
    let error = |table: Option<&str>| {
        let estimates = open("jkn_uneven", "false", table).estimates();
        further(&estimates.questions[0].domains[0], Statistic::Count(2)).standard_error
    };
    let linearised = error(None);
    let [one, again, other] =
        [1, 1, 2].map(|seed| error(Some(&format!("type = \"bootstrap\"\ncount = 2000\nseed = {seed}"))));
    assert!((one / linearised - 1.0).abs() < 0.05, "{one} {linearised}");
    assert!(one == again && one != other);
}

pub fn lonely(differences: &mut Differences) {
    let rows = read("replicates_lonely");
    assert_eq!(rows.len(), 160);
    for treatment in ["certainty", "remove", "adjust", "average"] {
        for mse in ["true", "false"] {
            let survey = counted(&format!(
                "[data]\nfile = \"lonely.csv\"\n[design]\nweight = \"weight\"\nstrata = \"stratum\"\nunits = \"unit\"\n\
                 fpc = \"population\"\nnested = true\nlonely_unit = \"{treatment}\"\n\
                 [design.replicates]\ntype = \"jkn\"\nmse = {mse}\n\
                 [[segment]]\nid = \"region\"\nlevels = [\"north\", \"south\", \"harbour\", \"island\"]\n\
                 [[segment]]\nid = \"sex\"\nlevels = [\"female\", \"male\"]\n\
                 [[question]]\nid = \"answer\"\noptions = [\"yes\", \"no\", \"unsure\"]\nstatistics = [\"count\"]\n\
                 [[question]]\nid = \"minutes\"\nkind = \"number\"\nstatistics = [\"total\"]\n"
            ));
            let estimates = survey.estimates();
            let own = |row: &&Row| row["lonely_unit"] == treatment && row["mse"].to_lowercase() == mse;
            for row in rows.iter().filter(own) {
                let segment = match row["level"].as_str() {
                    "total" => "total",
                    "female" | "male" => "sex",
                    _ => "region",
                };
                let domain = domain(&survey, segment, &row["level"]);
                let question = usize::from(row["statistic"] == "mean" || row["statistic"] == "total");
                let found = &estimates.questions[question].domains[domain];
                let found = match row["statistic"].as_str() {
                    "share" => found.shares[0].estimate.expect("a share"),
                    "count" => further(found, Statistic::Count(0)),
                    "mean" => found.mean.expect("a mean"),
                    _ => further(found, Statistic::Total),
                };
                let place = format!("{treatment} {mse} {} {}", row["statistic"], row["level"]);
                let found = [found.value, found.standard_error, found.degrees_of_freedom];
                equal(differences, "jkn, made, single units", &place, row, found);
            }
        }
    }
}

/// Compares the rows of a design; returns how many there were.
fn compare(differences: &mut Differences, name: &str, wanted: impl Fn(&Row) -> bool) -> usize {
    let rows: Vec<Row> = read("replicates").into_iter().filter(|row| row["design"] == name).collect();
    let kind = match name.strip_prefix("made_") {
        None if MADE_HERE.contains(&name) => {
            format!("{}, made, by their factors", name.split('_').nth(1).expect("a type"))
        }
        Some(made) => format!("{}, made", made.split('_').next().expect("a type")),
        None => format!("{}, read", name.split('_').next().expect("a type").replace("rao", "bootstrap")),
    };
    let mut count = 0;
    for mse in ["true", "false"] {
        let survey = open(name.trim_start_matches("made_"), mse, Some(&table_of(name)));
        let estimates = survey.estimates();
        let rows = rows.iter().filter(|row| row["mse"].to_lowercase() == mse);
        for row in rows.filter(|row| is_made(row) && wanted(row)) {
            let place = format!("{name} {} {} {} {}", row["mse"], row["statistic"], row["option"], row["level"]);
            let question = match row["variable"].as_str() {
                ratio if ratio.contains('/') => 2,
                "answer" | "comp.imp" => 0,
                _ => 1,
            };
            let levels = row["level"].split_once(" - ").or_else(|| row["level"].split_once(" / "));
            let found = if let Some((upper, lower)) = levels {
                contrast(&survey, row, question, [upper, lower])
            } else {
                let domain = domain(&survey, &row["segment"], &row["level"]);
                let estimate = estimate(&survey, &estimates.questions[question].domains[domain], row);
                [estimate.value, estimate.standard_error, estimate.degrees_of_freedom]
            };
            equal(differences, &kind, &place, row, found);
            count += 1;
        }
    }
    count
}

fn equal(differences: &mut Differences, kind: &str, place: &str, row: &Row, [value, error, df]: [f64; 3]) {
    let expected = |name: &str| number(row, name).expect("R has a number");
    let mut figure = differences.figure(Section::Replicates, kind, place);
    figure.value(value, expected("estimate"));
    figure.equal(Number::StandardError, error, expected("standard_error"));
    figure.equal(Number::DegreesOfFreedom, df, expected("df"));
}

fn estimate(survey: &Survey, found: &DomainEstimates, row: &Row) -> Estimate {
    let option = || survey.study.questions[0].options.iter().position(|option| option.code == row["option"]);
    let option = || option().expect("the option is listed");
    match row["statistic"].as_str() {
        "share" => found.shares[option()].estimate.expect("a share"),
        "count" => further(found, Statistic::Count(option())),
        "total" => further(found, Statistic::Total),
        "median_woodruff" => further(found, Statistic::Quantile(0.5)),
        _ => found.mean.expect("a mean or a ratio"),
    }
}

fn further(found: &DomainEstimates, statistic: Statistic) -> Estimate {
    let found = found.further.iter().find(|further| further.statistic == statistic).expect("it is asked for");
    found.estimate.expect("somebody is there")
}

/// Value, standard error and degrees of freedom of a comparison of two levels.
fn contrast(survey: &Survey, row: &Row, question: usize, levels: [&str; 2]) -> [f64; 3] {
    let segment = survey.study.segment(&row["segment"]).expect("the segment is in the study");
    let all = survey.study.segments[segment].levels();
    let [upper, lower] = levels.map(|level| all.iter().position(|known| known.code == level).expect("a level"));
    let options = &survey.study.questions[0].options;
    let option = options.iter().position(|option| option.code == row["option"]);
    if row["statistic"].starts_with("difference") {
        let of = option.map_or(Of::Mean, Of::Option);
        let cell = |factor: f64, level: usize| ContrastCell { factor, question, of, among: Among::Level(level) };
        let contrast = Contrast {
            id: "difference".to_owned(),
            label: None,
            question,
            segment: Some(segment),
            cells: vec![cell(1.0, upper), cell(-1.0, lower)],
            scale: Scale::Difference,
            origin: survey.study.questions[question].origin.clone(),
        };
        let found = survey.estimator().contrast(&contrast).expect("both levels have somebody");
        return [found.value, found.standard_error, found.degrees_of_freedom];
    }
    let option = option.expect("the option is listed");
    let places = [upper, lower].map(|level| survey.plan.segments[segment].first_place + level);
    let every: Vec<usize> = (0..options.len()).collect();
    let others: Vec<usize> = every.iter().copied().filter(|other| *other != option).collect();
    let share = |place| Formula::ratio(Formula::slots(place, &[option]), Formula::slots(place, &every));
    let odds = |place| Formula::ratio(Formula::slots(place, &[option]), Formula::slots(place, &others));
    let base: Vec<Cell> =
        places.iter().flat_map(|place| every.iter().map(|slot| Cell { place: *place, slot: *slot })).collect();
    let joint = |formulas: &[Formula]| -> Joint { survey.estimator().joint(question, Some(segment), formulas, &base) };
    let ratio = Formula::ratio(odds(places[0]), odds(places[1]));
    match row["statistic"].as_str() {
        "odds_ratio" | "log_odds_ratio" => {
            let found = joint(&[if row["statistic"] == "odds_ratio" { ratio } else { ratio.ln() }]);
            [found.values[0], found.covariances[0].sqrt(), found.degrees_of_freedom]
        }
        // By the covariances of the two shares and the gradient of the ratio in them.
        _ => {
            let shares = joint(&places.map(share));
            let value = joint(&[ratio]).values[0];
            let slope = |share: f64| value / (share * (1.0 - share));
            let slopes = [slope(shares.values[0]), -slope(shares.values[1])];
            let covariances = shares.covariances.iter().enumerate();
            let variance: f64 = covariances.map(|(index, c)| slopes[index / 2] * slopes[index % 2] * c).sum();
            [value, variance.sqrt(), shares.degrees_of_freedom]
        }
    }
}

/// The table of replicates of a design of the reference file.
fn table_of(name: &str) -> String {
    if let Some(made) = name.strip_prefix("made_") {
        let method = made.split('_').next().expect("a type");
        let rho = if method == "fay" { "\nrho = 0.3" } else { "" };
        return format!("type = \"{method}\"{rho}");
    }
    if let Some(made) = name.strip_prefix("topline_") {
        let table = match made {
            "fay" => "type = \"fay\"\nrho = 0.3",
            "bootstrap" => "type = \"bootstrap\"\ncount = 20\nseed = 7",
            "sdr" => "type = \"sdr\"\ncount = 32",
            // Fewer rows of the Hadamard matrix than units: they are used again.
            "sdr_short" => "type = \"sdr\"\ncount = 16",
            method => return format!("type = \"{method}\""),
        };
        return table.to_owned();
    }
    let scales: Vec<Row> = read("data/replicate_scales").into_iter().filter(|row| row["design"] == name).collect();
    let first = &scales[0];
    let rscales: Vec<&str> = scales.iter().map(|row| row["rscale"].as_str()).collect();
    let rscales = format!("rscales = [{}]", rscales.join(", "));
    let (method, further) = match name {
        // The weights of `rao_wu` have the default scale of a bootstrap.
        "bootstrap" => ("bootstrap", format!("scale = {}", first["scale"])),
        "rao_wu" => ("bootstrap", String::new()),
        "jkn" | "jkn_fpc" => ("jkn", rscales),
        "other" => ("other", format!("scale = {}\n{rscales}", first["scale"])),
        "fay" => ("fay", "rho = 0.3".to_owned()),
        method => (method, String::new()),
    };
    // `r*` would be the region too.
    let columns: Vec<String> = scales.iter().map(|row| format!("\"{}\"", row["replicate"])).collect();
    let columns = columns.join(", ");
    format!("type = \"{method}\"\ncolumns = [{columns}]\ncount = {}\n{further}", scales.len())
}

/// The file and the study of a design, with this table of replicates or with linearised variances.
fn open(name: &str, mse: &str, replicates: Option<&str>) -> Survey {
    const API: [&str; 5] = ["comp.imp", "api00", "enroll", "[\"No\", \"Yes\"]", "pw"];
    const OWN: [&str; 5] = ["answer", "minutes", "visits", "[\"no\", \"unsure\", \"yes\"]", "weight"];
    let strata = "strata = \"stratum\"\nunits = \"unit\"";
    let (file, [answer, number, second, options, weight], design) = match name {
        "jk1_apiclus1" => ("apiclus1", API, "units = \"dnum\"\nfpc = \"fpc\"".to_owned()),
        "jk1_apisrs" => ("apisrs", API, "fpc = \"fpc\"".to_owned()),
        "jkn_apistrat" => ("apistrat", API, "strata = \"stype\"\nfpc = \"fpc\"".to_owned()),
        "topline_bootstrap" => ("replicates_jkn", OWN, strata.to_owned()),
        name if name.starts_with("topline_") => ("replicates_brr", OWN, strata.to_owned()),
        "jkn_uneven" => ("replicates_jkn", OWN, strata.to_owned()),
        "jkn_uneven_fpc" => ("replicates_jkn", OWN, format!("{strata}\nfpc = \"population\"")),
        "brr_paired" | "fay_paired" => ("replicates_brr", OWN, strata.to_owned()),
        "brr_paired_fpc" => ("replicates_brr", OWN, format!("{strata}\nfpc = \"population\"")),
        "sdr" => ("replicates_sdr", OWN, "units = \"unit\"".to_owned()),
        "jkn_fpc" | "other" => ("replicates_jkn", OWN, String::new()),
        name => (
            match name {
                "jk1" => "replicates_jk1",
                "jkn" => "replicates_jkn",
                "jk2" => "replicates_jk2",
                "brr" => "replicates_brr",
                "fay" => "replicates_fay",
                "bootstrap" => "replicates_bootstrap",
                _ => "replicates_rao_wu",
            },
            OWN,
            String::new(),
        ),
    };
    let segments = match file {
        "apiclus1" => HashMap::from([("stype", "[\"E\", \"M\"]")]),
        "apisrs" | "apistrat" => HashMap::from([("stype", "[\"E\", \"H\", \"M\"]"), ("awards", "[\"No\", \"Yes\"]")]),
        _ => HashMap::from([("region", "[\"north\", \"south\", \"west\"]"), ("sex", "[\"female\", \"male\"]")]),
    };
    let segments: String = segments
        .into_iter()
        .map(|(id, levels)| {
            // Levels that are left out put nobody into a level.
            let missing = if file == "apiclus1" { "missing = { H = \"skipped\" }\n" } else { "" };
            format!("[[segment]]\nid = \"{id}\"\nlevels = {levels}\n{missing}")
        })
        .collect();
    let replicates = replicates.map_or(String::new(), |table| format!("[design.replicates]\nmse = {mse}\n{table}\n"));
    let text = format!(
        "[data]\nfile = \"{file}.csv\"\n[design]\nweight = \"{weight}\"\ninterval = \"wald\"\n{design}\n{replicates}\n{segments}\n\
         [[question]]\nid = \"answer\"\ncolumn = \"{answer}\"\noptions = {options}\nstatistics = [\"count\"]\n\
         [[question]]\nid = \"number\"\ncolumn = \"{number}\"\nkind = \"number\"\nstatistics = [\"total\", \"median\"]\n\
         [[question]]\nid = \"ratio\"\nkind = \"ratio\"\ncolumns = [\"{number}\", \"{second}\"]\n"
    );
    counted(&text)
}

fn counted(text: &str) -> Survey {
    let folder = root().join("tests/reference/data");
    let (spec, problems) = Spec::parse("study.toml", text);
    let (file, place) = spec.data_file().expect("a file");
    let table = Table::open(&folder.join(file), None, &place).unwrap_or_else(|problems| panic!("{problems}"));
    let catalog = Catalog { columns: Some(table.columns.clone()), ..Catalog::default() };
    let study = resolve(&spec, &folder, &catalog, problems).unwrap_or_else(|problems| panic!("{problems}"));
    Survey::count(study, table, &mut |_, _| ()).unwrap_or_else(|problems| panic!("{problems}"))
}
