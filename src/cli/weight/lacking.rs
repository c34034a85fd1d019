//! The weighting of a study, or what to add where there is none.

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    study::{Study, weighting::Weighting},
};

/// The weighting of a study that must have one.
pub(in crate::cli) fn weighting_of(study: &Study) -> Result<&Weighting, Diagnostics> {
    study.weighting.as_ref().ok_or_else(|| {
        let message = "the study has no [weighting], which says what weights are to agree with";
        let used = study.design.weight.as_ref().map_or(String::new(), |(column, _)| {
            format!("\nThe weights in `{column}`, [design] weight, are used as they are.")
        });
        let hint = format!("add a margin, in percent of the population:\n{}{used}", example(study));
        Diagnostic::error("no-weighting", Place::File(study.source.name.clone()), message).hint(hint).into()
    })
}

/// A margin of the first segment, or of a variable that is yet to be described.
fn example(study: &Study) -> String {
    const SHOWN: usize = 3;
    let Some(segment) = study.segments.first() else {
        return "[[weighting.margin]]\nby = \"sex\"\ntargets = { m = ..., f = ... }\nwith a [[segment]] or \
                [[weighting.variable]] of that id; `topline keys weighting` has the rest."
            .to_owned();
    };
    let shown = segment.levels().iter().take(SHOWN).map(|level| format!("{} = ...", key(&level.code)));
    let more = (segment.levels().len() > SHOWN).then(|| "...".to_owned());
    let targets: Vec<String> = shown.chain(more).collect();
    format!(
        "[[weighting.margin]]\nby = {:?}\ntargets = {{ {} }}\n`topline keys weighting` has the rest.",
        segment.id,
        targets.join(", ")
    )
}

/// A key of TOML, in quotes where it needs them.
fn key(code: &str) -> String {
    let is_bare =
        !code.is_empty() && code.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    if is_bare { code.to_owned() } else { format!("{code:?}") }
}
