//! A comparison of groups for people.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{
    super::Screen,
    Pairs, notes,
    phrases::{self, alpha, heads_of_p, p_number, p_value},
};
use crate::{
    comparison::{Compared, Comparison, OverallTest, Pair},
    estimate::Bases,
    significance::Adjustment,
    study::{Kind, Language, Question, Study},
    table::{left, reliability, right, wrap},
    words::{self, Term},
};

/// The finding in words, the method with its source, the groups, and the table of pairs.
pub(super) fn print(
    study: &Study,
    comparison: &Comparison,
    shown: Pairs,
    screen: &Screen,
    language: Language,
) -> String {
    let question = &study.questions[comparison.question];
    let segment = study.segments[comparison.segment].label.text(language);
    let mut paper = Paper { text: String::new(), width: screen.width() };
    for line in wrap(&sentence(study, comparison, question, segment, language), paper.width) {
        let _ = writeln!(paper.text, "{}", screen.bold(&line));
    }
    if study.data.synthetic {
        paper.lines(words::term(Term::Synthetic, language));
    }
    paper.gap();
    let is_many = comparison.tests.iter().any(|test| test.option.is_some());
    if !comparison.tests.is_empty() {
        let method = language.choose("Methode", "Method");
        paper.lines(&format!("{method}: {}.", phrases::method(comparison, language)));
    }
    if let ([OverallTest { cramers_v: Some(v), .. }], false) = (&comparison.tests[..], is_many) {
        let v = words::decimal(*v, 2, language);
        paper.lines(&language.choose(
            format!("Stärke des Zusammenhangs: Cramérs V = {v} (0: keiner, 1: vollständig)."),
            format!("Strength of the association: Cramér’s V = {v} (0: none, 1: complete)."),
        ));
    }
    paper.lines(&groups(study, comparison, language));
    if is_many {
        paper.gap();
        options(&mut paper, study, comparison, language);
    }
    if !comparison.pairs.is_empty() {
        paper.gap();
        pairs(&mut paper, study, comparison, shown, language);
    }
    paper.gap();
    for note in notes(study, comparison, language) {
        paper.lines(&note);
    }
    paper.text
}

struct Paper {
    text: String,
    width: usize,
}

impl Paper {
    fn lines(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            let _ = writeln!(self.text, "{line}");
        }
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Rows of a name and cells. A name that is too long takes several lines, which begin where the name does.
    fn rows(&mut self, rows: &[(String, Vec<String>)]) {
        const NARROWEST: usize = 16;
        let cells = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let wide = |cell: usize| rows.iter().filter_map(|(_, cells)| cells.get(cell)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..cells).map(|cell| wide(cell).unwrap_or(0)).collect();
        let room = self.width.saturating_sub(widths.iter().map(|width| width + 2).sum::<usize>()).max(NARROWEST);
        let name = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0).min(room);
        for (label, cells) in rows {
            let text = label.trim_start();
            let indent = " ".repeat(label.len() - text.len());
            let lines = wrap(text, name - indent.len().min(name));
            let Some((last, before)) = lines.split_last() else { continue };
            for line in before {
                let _ = writeln!(self.text, "{indent}{line}");
            }
            let last = left(&format!("{indent}{last}"), name);
            let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("  {}", right(cell, *width)));
            let _ = writeln!(self.text, "{}", format!("{last}{}", cells.collect::<String>()).trim_end());
        }
    }
}

fn sentence(study: &Study, comparison: &Comparison, question: &Question, segment: &str, language: Language) -> String {
    let short = question.short.text(language);
    let alpha = alpha(study);
    let base = words::base_label(question.base.label.as_ref(), language);
    let (finding, numbers) = match &comparison.tests[..] {
        [] => (phrases::untestable(comparison, segment, language), String::new()),
        tests if question.kind == Kind::Multiple => {
            let name =
                |test: &OverallTest| test.option.map_or("", |option| question.options[option].label.text(language));
            let found: Vec<&str> = tests.iter().filter(|test| test.adjusted_p < alpha).map(name).collect();
            // An option that is withheld at some levels stands on fewer.
            let largest = tests.iter().map(|test| &test.test.bases).max_by_key(|bases| bases.unweighted);
            let finding = phrases::found_options(&found, tests.len(), segment, language);
            (finding, largest.map(|bases| of_base(bases, base, language)).unwrap_or_default())
        }
        [test, ..] => {
            let finding = phrases::finding(test.test.p < alpha, comparison.compared, segment, language);
            let (statistic, p) = (phrases::statistic(&test.test, language), p_value(test.test.p, study, language));
            (finding, format!("{statistic}, {p}; {}", of_base(&test.test.bases, base, language)))
        }
    };
    let numbers = if numbers.is_empty() { numbers } else { format!(" ({numbers})") };
    format!("{short}: {finding}{numbers}.")
}

/// `n = 2,070 users, effective base 1,790`.
fn of_base(bases: &Bases, label: &str, language: Language) -> String {
    let (n, effective) = (words::count(bases.unweighted, language), words::effective_base(bases.effective, language));
    let name = language.choose("effektive Basis", "effective base");
    format!("n\u{a0}=\u{a0}{n}, {label}; {name} {effective}")
}

/// Who is compared.
fn groups(study: &Study, comparison: &Comparison, language: Language) -> String {
    let levels = study.segments[comparison.segment].levels();
    let group = |(level, bases): &(usize, Bases)| {
        let (n, mark) = (words::count(bases.unweighted, language), reliability(Some(bases), study).mark());
        let effective = words::effective_base(bases.effective, language);
        let name = levels[*level].label.text(language);
        format!("{name} (n\u{a0}=\u{a0}{n}{mark}, {}\u{a0}{effective})", language.choose("effektiv", "effective"))
    };
    let groups: Vec<String> = comparison.levels.iter().map(group).collect();
    if groups.is_empty() {
        return language.choose("Gruppen: keine", "Groups: none").to_owned();
    }
    format!("{}: {}.", language.choose("Gruppen", "Groups"), groups.join(", "))
}

/// The test of each option of a multiple response.
fn options(paper: &mut Paper, study: &Study, comparison: &Comparison, language: Language) {
    let question = &study.questions[comparison.question];
    let mut heads = vec![String::new()];
    heads.extend(heads_of_p(comparison.adjustment, language));
    let mut rows = vec![(String::new(), heads)];
    rows.extend(comparison.tests.iter().map(|test| {
        let name = test.option.map_or("", |option| question.options[option].label.text(language));
        let mut cells = vec![phrases::statistic(&test.test, language)];
        cells.extend(p_cells(Some(test.test.p), Some(test.adjusted_p), study, comparison, language));
        (name.to_owned(), cells)
    }));
    paper.lines(&format!(
        "{}, p {}:",
        language.choose("Jede Antwort zwischen den Gruppen", "Each answer between the groups"),
        phrases::adjustment(comparison.adjustment, language)
    ));
    paper.rows(&rows);
}

/// Two groups at a time, for each answer.
fn pairs(paper: &mut Paper, study: &Study, comparison: &Comparison, shown: Pairs, language: Language) {
    let question = &study.questions[comparison.question];
    // Of two answers that make up the base, one says the same as the other with its sign turned.
    let is_either_or = matches!(question.kind, Kind::Single | Kind::Scale)
        && question.options.len() == 2
        && question.missing_in_base.is_empty();
    let alpha = alpha(study);
    let differs = |pair: &Pair| pair.adjusted_p.map_or(pair.difference.estimate != 0.0, |p| p < alpha);
    let mut heads = vec![language.choose("Unterschied", "difference").to_owned(), String::new()];
    if !comparison.is_census {
        heads.extend(heads_of_p(comparison.adjustment, language));
    }
    let (mut rows, mut left_out, mut is_untested) = (Vec::new(), 0, false);
    let answers = comparison.pairs.chunk_by(|one, other| one.option == other.option);
    for answer in answers.take(if is_either_or { 1 } else { usize::MAX }) {
        // The interval of an only pair is worth a line whatever it shows.
        let is_all = shown == Pairs::All || answer.len() == 1;
        let listed: Vec<&Pair> = answer.iter().filter(|pair| is_all || differs(pair)).collect();
        left_out += answer.len() - listed.len();
        is_untested |= listed.iter().any(|pair| pair.difference.test.is_none());
        if listed.is_empty() {
            continue;
        }
        let head = answer[0].option.map_or("", |option| question.options[option].label.text(language));
        rows.push((head.to_owned(), std::mem::take(&mut heads)));
        rows.extend(listed.into_iter().map(|pair| pair_row(study, comparison, pair, language)));
    }
    if rows.is_empty() {
        return paper.lines(&phrases::no_pairs(left_out, study, comparison, language));
    }
    paper.lines(&format!("{}:", phrases::pairs(study, comparison, language)));
    paper.rows(&rows);
    if left_out > 0 {
        paper.lines(&phrases::further_pairs(left_out, language));
    }
    if is_untested && !comparison.is_census {
        let text = language.choose(
            "kein Test: die Werte streuen nicht, oder es ist unbekannt, wie sehr",
            "no test: the figures have no spread, or none that is known",
        );
        paper.lines(&format!("{} {text}", words::EMPTY));
    }
}

fn pair_row(study: &Study, comparison: &Comparison, pair: &Pair, language: Language) -> (String, Vec<String>) {
    let levels = study.segments[comparison.segment].levels();
    let name = |level: usize| levels[level].label.text(language);
    let print = |value: f64| match comparison.compared {
        Compared::Means | Compared::Ratios => words::decimal(value, 2, language),
        Compared::Shares | Compared::MeanRanks => words::points(value, 1, language),
    };
    let difference = &pair.difference;
    let sign = if difference.estimate > 0.0 { "+" } else { "" };
    let to = language.choose("bis", "to");
    let limits = difference.limits.map(|limits| format!("({} {to} {})", print(limits.low), print(limits.high)));
    let mut cells = vec![format!("{sign}{}", print(difference.estimate)), limits.unwrap_or_default()];
    cells.extend(p_cells(difference.test.map(|test| test.p), pair.adjusted_p, study, comparison, language));
    (format!("  {}", phrases::pair(name(difference.of), name(difference.from), language)), cells)
}

fn p_cells(
    p: Option<f64>,
    adjusted: Option<f64>,
    study: &Study,
    comparison: &Comparison,
    language: Language,
) -> Vec<String> {
    let print = |p: Option<f64>| p.map_or(words::EMPTY.to_owned(), |p| p_number(p, study, language));
    match comparison.adjustment {
        _ if comparison.is_census => Vec::new(),
        Adjustment::None => vec![print(p)],
        _ => vec![print(p), print(adjusted)],
    }
}

fn notes(study: &Study, comparison: &Comparison, language: Language) -> Vec<String> {
    let mut notes = notes::notes(study, comparison, language);
    notes.extend(words::legend_of_marks(study, language, |mark| {
        comparison.levels.iter().any(|(_, bases)| reliability(Some(bases), study) == mark)
    }));
    notes
}
