//! Tests of what `[design.replicates]` may say.

use std::path::Path;

use super::{Holds, ReplicateSource, columns::matches};
use crate::{
    diagnostic::Diagnostics,
    study::{
        Study,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
};

fn study(design: &str) -> Result<Study, Diagnostics> {
    study_with(design, "options = [\"1\"]")
}

fn study_with(design: &str, question: &str) -> Result<Study, Diagnostics> {
    let text = format!("[data]\nfile = \"a.csv\"\n[design]\n{design}\n[[question]]\nid = \"q\"\n{question}\n");
    let (spec, problems) = Spec::parse("study.toml", &text);
    let columns = ["q", "w", "rw10", "rw2", "rw1", "stratum", "psu"].map(str::to_owned).to_vec();
    resolve(&spec, Path::new(""), &Catalog { columns: Some(columns), ..Catalog::default() }, problems)
}

fn complaint(design: &str) -> String {
    study(design).expect_err("a mistake").to_string()
}

#[test]
fn a_pattern_stands_for_columns_in_natural_order() {
    let design = "weight = \"w\"\n[design.replicates]\ntype = \"brr\"\ncolumns = \"rw*\"\ncombined = false";
    let replicates = study(design).expect("in order").design.replicates.expect("replicates");
    let names = ["rw1", "rw2", "rw10"].map(str::to_owned).to_vec();
    assert_eq!(replicates.source, ReplicateSource::Columns { names, holds: Holds::Factors });
    for (pattern, name, fits) in [
        ("rw*", "rw", true),
        ("*w*", "rw1", true),
        ("r*1*0", "rw10", true),
        ("rw*1", "rw12", false),
        ("a*a", "a", false),
    ] {
        assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
    }
}

#[test]
fn what_does_not_fit_is_said_with_a_way_out() {
    let table = "[design.replicates]\n";
    let near = complaint(&format!("weight = \"w\"\n{table}type = \"brr\"\ncolumns = \"rww*\""));
    assert!(near.contains("no column of the data matches `rww*`") && near.contains("rw1"), "{near}");
    for (design, part) in [
        ("type = \"fay\"\ncolumns = \"rw*\"", "need `rho`"),
        ("type = \"jkn\"\ncolumns = \"rw*\"", "need `rscales`"),
        ("type = \"jkn\"\ncolumns = \"rw*\"\nrscales = [1, 2]", "2 numbers for 3 replicates"),
        ("type = \"brr\"\ncolumns = \"rw*\"\ncount = 4", "`count` is 4"),
        ("type = \"brr\"\ncolumns = \"rw*\"\nscale = 2", "`scale` means nothing"),
        ("type = \"brr\"\ncolumns = [\"rw1\", \"rw*\"]", "named twice"),
        ("type = \"brr\"\ncolumns = \"rw*\"", "need the weight"),
        ("type = \"other\"", "cannot be made"),
        ("type = \"brr\"", "needs strata"),
        ("type = \"jk1\"\ncount = 3", "`count` means nothing"),
        ("columns = \"rw*\"", "has no `type`"),
        ("type = \"bootstrap\"\ncount = 1", "from 2"),
    ] {
        let found = complaint(&format!("{table}{design}"));
        assert!(found.contains(part), "{design}: {found}");
    }
    assert!(complaint(&format!("strata = \"stratum\"\n{table}type = \"jk1\"")).contains("use type = \"jkn\""));
    let domain = format!("degrees_of_freedom = \"domain\"\n{table}type = \"jk1\"");
    assert!(complaint(&domain).contains("degrees of freedom"), "{}", complaint(&domain));
}
