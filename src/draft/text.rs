//! The text of a drafted study file.

use std::path::Path;

use super::{
    DataFile,
    codes::{Choice, number},
    exclusions::Proposal,
    naming::label,
    outline::{Outline, Segment},
    questions::{Question, Stored},
    segments::Parts,
    toml::{Block, inline, list, one_line, quoted, shortened},
};
use crate::study::{Kind, Language, Reason};

const HEADER: &str = "\
# Read it through once: the wording, what codes stand for, and at the end what was left out and why.
# Lines that begin with # are comments; take the # away and fill in what you know.
#
#   topline check study.toml       finds mistakes, in this file and in the data
#   topline headline study.toml    prints the main figures
";

const DISCLOSURE: &str = "\
# What readers of a survey are owed:
# population   = \"Adults in Germany\"
# sample       = \"opt-in\"  # or \"probability\"
# fieldwork    = { from = 2026-03-02, to = 2026-03-15 }
# mode         = \"Online\"
# frame        = \"Online panel\"
# recruitment  = \"Invitation by e-mail\"
# weighting    = \"By age, sex and region\"
# conducted_by = \"\"
# sponsor      = \"\"
# limitations  = \"\"
# contact      = \"\"
";

const DESIGN: &str = "\
# confidence = 0.95
# interval   = \"logit\"
";

const PUBLICATION: &str = "\
# [publication]
# minimum_count = 5    # cells with fewer respondents are withheld
# low_base      = 100  # bases below are marked *
# very_low_base = 30   # bases below are marked **
";

const QUESTIONS: &str = "\
# Questions. `text` is the wording as asked; options are printed in this order. Where only some were asked, add
# base = { label = \"Users\", where = \"use = 'yes'\" }
";

/// Codes that mean no answer in several questions, declared once.
type Missing = [(String, Reason)];

/// Writes the file.
pub(super) fn text(outline: &Outline, file: &DataFile<'_>) -> String {
    let general = general_missing(&outline.questions);
    let (file_name, rows, columns) = (one_line(file.file), outline.rows, outline.columns);
    let head = format!(
        "# A first study file, drafted by `topline init` from {file_name}:\n# {rows} respondents, {columns} columns.\n#\n"
    );
    let mut sections = vec![
        head + HEADER,
        format!("[study]\n{}\n{DISCLOSURE}", study(outline, file.file).lines()),
        format!("[data]\n{}{}", data(outline, file, &general).lines(), exclude(&outline.exclude)),
        format!("[design]\n{}{DESIGN}", design(outline)),
        PUBLICATION.to_owned(),
    ];
    sections.extend(outline.segments.iter().map(|segment| self::segment(segment, &general)));
    sections.push(QUESTIONS.to_owned());
    sections.extend(outline.questions.iter().map(|question| self::question(question, &general)));
    sections.extend(left_out(&outline.left_out));
    sections.join("\n")
}

fn study(outline: &Outline, file: &str) -> Block {
    let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().replace(['-', '_', '.'], " "));
    let title = outline.title.clone().or_else(|| stem.map(|stem| label(&stem))).filter(|title| !title.is_empty());
    let mut block = Block::default();
    block.entry("title", quoted(&title.unwrap_or_else(|| "Survey".to_owned())));
    block.entry("language", quoted(if outline.language == Language::De { "de" } else { "en" }));
    block
}

fn data(outline: &Outline, file: &DataFile<'_>, general: &Missing) -> Block {
    let mut block = Block::default();
    block.entry("file", quoted(file.file));
    for (key, value) in [("format", file.format), ("encoding", file.encoding), ("sheet", file.sheet)] {
        if let Some(value) = value {
            block.entry(key, quoted(value));
        }
    }
    if file.short.is_some() {
        block.entry("short_rows", quoted("blank"));
        block.remark("rows may end early: their missing cells are blank");
    }
    if outline.decimal_comma {
        block.entry("decimal", quoted(","));
        block.remark("numbers are written 1,5");
    }
    if outline.synthetic {
        block.entry("synthetic", "true");
    }
    if !general.is_empty() {
        block.entry("missing", missing(general));
        block.remark("no answer, in all questions");
    }
    block
}

/// Nobody is left out before a person has looked at it.
fn exclude(proposals: &[Proposal]) -> String {
    if proposals.is_empty() {
        return String::new();
    }
    let widest = proposals.iter().map(|proposal| proposal.entry.chars().count()).max().unwrap_or(0);
    let entry = |proposal: &Proposal| {
        let comma = format!("{},", proposal.entry);
        format!("#     {comma:<width$}  # {}\n", one_line(&proposal.seen), width = widest + 1)
    };
    let entries: String = proposals.iter().map(entry).collect();
    format!(
        "# Whom to leave out of every figure, one reason after the other; seen in the file:\n# exclude = [\n{entries}# ]\n"
    )
}

fn design(outline: &Outline) -> String {
    let mut block = Block::default();
    let mut proposed = Vec::new();
    for (part, column, doubt) in &outline.design {
        match doubt {
            None => block.entry(part.key(), quoted(column)),
            Some(doubt) => proposed.push(format!("# {} = {}  # {doubt}\n", part.key(), quoted(column))),
        }
    }
    if outline.design.is_empty() {
        proposed.push("# weight     = \"column\"  # without one everybody counts 1\n".to_owned());
    }
    block.lines() + &proposed.concat()
}

fn segment(segment: &Segment, general: &Missing) -> String {
    let mut block = Block::default();
    block.entry("id", quoted(&segment.id));
    block.entry("label", quoted(&segment.label));
    if segment.column != segment.id {
        block.entry("column", quoted(&segment.column));
    }
    let mut table = String::new();
    match &segment.parts {
        Parts::Bands(starts) => {
            let starts: Vec<String> = starts.iter().map(f64::to_string).collect();
            block.entry("bands", format!("[{}]", starts.join(", ")));
            block.remark("where each band begins");
        }
        Parts::Codes(codes) => table = choices(&mut block, "segment", "levels", codes),
    }
    let own: Vec<(String, Reason)> = segment.missing.iter().filter(|code| !general.contains(code)).cloned().collect();
    if !own.is_empty() {
        block.entry("missing", missing(&own));
        if matches!(segment.parts, Parts::Bands(_)) {
            block.remark("in no band");
        }
    }
    format!("[[segment]]\n{}{table}", block.lines())
}

fn question(question: &Question, general: &Missing) -> String {
    let mut block = Block::default();
    block.entry("id", quoted(&question.id));
    block.entry("kind", quoted(question.kind.name()));
    block.entry("text", quoted(&question.text));
    match &question.columns[..] {
        columns if question.kind == Kind::Multiple && !matches!(question.stored, Stored::List { .. }) => {
            block.entry("columns", list(columns.iter().map(String::as_str)));
        }
        [column] if *column != question.id => block.entry("column", quoted(column)),
        _ => {}
    }
    match &question.stored {
        Stored::Ticks { chosen, not_chosen } => {
            if !chosen.is_empty() {
                block.entry("chosen", list(chosen.iter().map(String::as_str)));
                block.remark("besides 1; empty or 0 is not chosen");
            }
            if !not_chosen.is_empty() {
                block.entry("not_chosen", list(not_chosen.iter().map(String::as_str)));
            }
        }
        Stored::Codes => block.entry("cells", quoted("codes")),
        Stored::List { separator, other } => {
            block.entry("separator", quoted(separator));
            if let Some(other) = other {
                block.entry("other", quoted(other));
                block.remark("whatever is not listed");
            }
        }
    }
    if let Some(base) = &question.base {
        let label = base.label.as_ref().map(|label| format!("label = {}, ", quoted(label))).unwrap_or_default();
        block.entry("base", format!("{{ {label}where = {} }}", quoted(&base.condition)));
    }
    let own: Vec<(String, Reason)> = question.missing.iter().filter(|code| !general.contains(code)).cloned().collect();
    if !own.is_empty() {
        block.entry("missing", missing(&own));
    }
    if !question.missing_in_base.is_empty() {
        block.entry("missing_in_base", list(question.missing_in_base.iter().map(|reason| reason.name())));
    }
    let table = match question.kind {
        Kind::Number => String::new(),
        _ => choices(&mut block, "question", "options", &question.options),
    };
    let remarks: Vec<String> = question.remarks.iter().map(|remark| format!("# {}\n", one_line(remark))).collect();
    let remarks = remarks.concat();
    format!("{remarks}[[question]]\n{}{table}", block.lines())
}

/// Options or levels: a list where codes speak for themselves, otherwise a table, on one line while it is short.
fn choices(block: &mut Block, owner: &str, key: &str, choices: &[Choice]) -> String {
    const FEW: usize = 3;
    const SHORT: usize = 70;
    let pairs = || choices.iter().map(|choice| (choice.code.as_str(), choice.label.as_str()));
    let one_spelling = choices.iter().all(|choice| choice.also.is_empty());
    if one_spelling && pairs().all(|(code, label)| code == label) {
        block.entry(key, list(pairs().map(|(code, _)| code)));
        if pairs().all(|(code, _)| number(code).is_some()) {
            let code = &choices[0].code;
            block.remark(&format!("say what they mean: {{ {code} = \"...\" }}"));
        }
        return String::new();
    }
    let line = inline(pairs());
    if one_spelling && choices.len() <= FEW && line.chars().count() <= SHORT {
        block.entry(key, line);
        return String::new();
    }
    let mut table = Block::default();
    for choice in choices {
        let label = quoted(&choice.label);
        if choice.also.is_empty() {
            table.entry(&choice.code, label);
        } else {
            let also = choice.also.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
            table.entry(&choice.code, format!("{{ label = {label}, also = [{also}] }}"));
        }
    }
    format!("\n[{owner}.{key}]\n{}", table.lines())
}

fn missing(codes: &Missing) -> String {
    inline(codes.iter().map(|(code, reason)| (code.as_str(), reason.name())))
}

/// Words and negative numbers that mean no answer in several questions and are an answer in none.
fn general_missing(questions: &[Question]) -> Vec<(String, Reason)> {
    const SEVERAL: usize = 3;
    let mut general: Vec<(String, Reason)> = Vec::new();
    for missing in questions.iter().flat_map(|question| &question.missing) {
        let uses = questions.iter().filter(|question| question.missing.contains(missing)).count();
        let is_option =
            || questions.iter().any(|question| question.options.iter().any(|option| option.code == missing.0));
        // A number question lists no options, so a code of its own may hide among its values.
        let is_number = || {
            let silent = |question: &Question| question.kind == Kind::Number && !question.missing.contains(missing);
            number(&missing.0).is_some_and(|number| number >= 0.0 || questions.iter().any(silent))
        };
        let known = general.iter().any(|(code, _)| *code == missing.0);
        // What a blank cell means must hold for all.
        let is_partial = missing.0.is_empty() && uses < questions.len();
        if uses >= SEVERAL && !is_partial && !known && !is_option() && !is_number() {
            general.push(missing.clone());
        }
    }
    general
}

fn left_out(columns: &[(String, String)]) -> Option<String> {
    const WIDEST: usize = 28;
    if columns.is_empty() {
        return None;
    }
    let name = |column: &str| match shortened(&one_line(column), WIDEST) {
        name if name.is_empty() => "(no name)".to_owned(),
        name => name,
    };
    let width = columns.iter().map(|(column, _)| name(column).chars().count()).max().unwrap_or(0);
    let line = |(column, why): &(String, String)| {
        let name = name(column);
        let gap = " ".repeat(width - name.chars().count());
        format!("#   {name}{gap}  {}\n", one_line(why))
    };
    let lines: Vec<String> = columns.iter().map(line).collect();
    Some(format!("# Left out: topline reads only the columns that are named above.\n{}", lines.concat()))
}
