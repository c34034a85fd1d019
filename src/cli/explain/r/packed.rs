//! Multiple responses that are packed into few cells, as lines of R that make a column of 0 and 1 for each option.

use super::condition::{text, texts};
use crate::study::{Packing, Study};

/// Makes the columns; nothing where no answers are packed.
pub(super) fn lines(study: &Study) -> Vec<String> {
    if study.packings.is_empty() {
        return Vec::new();
    }
    HELPERS.map(str::to_owned).into_iter().chain(study.packings.iter().flat_map(unpacked)).collect()
}

/// The codes of a cell; a code may hold what stands between codes.
const HELPERS: [&str; 23] = [
    "codes_of <- function(cell, separator, options, missing) {",
    "  if (is.na(cell)) return(character(0))",
    "  if (is.na(separator)) return(cell)",
    "  parts <- trimws(strsplit(cell, separator, fixed = TRUE)[[1]])",
    "  parts <- parts[parts != \"\"]",
    "  if (all(same(parts, c(options, missing)))) return(parts)",
    "  known <- options[order(-nchar(options))]",
    "  found <- character(0)",
    "  while (nzchar(cell)) {",
    "    after <- substring(cell, nchar(known) + 1)",
    "    begins <- known[startsWith(cell, known) & (after == \"\" | startsWith(after, separator))]",
    "    part <- if (length(begins)) begins[1] else strsplit(cell, separator, fixed = TRUE)[[1]][1]",
    "    found <- c(found, part)",
    "    cell <- trimws(substring(cell, nchar(part) + nchar(separator) + 1))",
    "  }",
    "  found",
    "}",
    "chosen <- function(answers, option, options, missing) vapply(answers, function(x) {",
    "  if (any(same(x, option))) return(\"1\")",
    "  if (any(same(x, options))) return(\"0\")",
    "  x <- x[same(x, missing)]",
    "  if (length(x)) x[length(x)] else NA_character_",
    "}, \"\")",
];

fn unpacked(packing: &Packing) -> Vec<String> {
    let list = |codes: &mut dyn Iterator<Item = &String>| texts(codes.map(String::as_str));
    let separator = packing.separator.as_deref().map_or("NA".to_owned(), text);
    let mut lines = vec![
        format!("options <- {}", list(&mut packing.codes.iter().flatten())),
        format!("missing <- {}", list(&mut packing.missing.iter())),
        format!(
            "cells <- lapply(unname(d[{}]), lapply, codes_of, {separator}, options, missing)",
            list(&mut packing.packed.iter())
        ),
        "answers <- do.call(Map, c(list(c), cells))".to_owned(),
    ];
    if let Some(other) = packing.other {
        let other = text(&packing.codes[other][0]);
        lines.push("listed <- c(options, missing)".to_owned());
        lines.push(format!("answers <- lapply(answers, function(x) replace(x, !same(x, listed), {other}))"));
    }
    lines.extend(packing.columns.iter().zip(&packing.codes).map(|(column, codes)| {
        format!("d[[{}]] <- chosen(answers, {}, options, missing)", text(column), list(&mut codes.iter()))
    }));
    lines
}
