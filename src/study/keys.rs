//! Every key of a study file, for people who write one.

/// A table of a study file.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name between brackets.
    pub name: &'static str,
    /// What it is for.
    pub meaning: &'static str,
    /// Its keys, in the order of reading.
    pub keys: &'static [Key],
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What kind of value it has.
    pub value: &'static str,
    /// What holds without it; empty for nothing.
    pub default: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

const fn key(name: &'static str, value: &'static str, default: &'static str, meaning: &'static str) -> Key {
    Key { name, value, default, meaning }
}

/// How a table of this name is written, for a sentence.
#[must_use]
pub fn heading(table: &str) -> String {
    match table {
        "study file" => "the study file".to_owned(),
        "segment" | "question" | "contrast" => format!("[[{table}]]"),
        "replicates" => "[design.replicates]".to_owned(),
        "trim" => "[weighting.trim]".to_owned(),
        "exclude" => "`exclude` of [data]".to_owned(),
        "margin" | "variable" | "number" => format!("[[weighting.{table}]]"),
        "fieldwork" => "[study.fieldwork]".to_owned(),
        "study" | "data" | "design" | "weighting" | "publication" | "simulation" => format!("[{table}]"),
        _ => format!("`{table}`"),
    }
}

/// The position of a table in [`TABLES`] by any name that it goes by: `replicates`, `design.replicates`,
/// `[design.replicates]`; the key that holds it, such as `levels`.
#[must_use]
pub fn position(name: &str) -> Option<usize> {
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let name = match name.rsplit('.').next().unwrap_or(name) {
        "options" | "levels" => "option",
        "nets" => "net",
        name => name,
    };
    TABLES.iter().position(|table| table.name == name)
}

/// The tables that have a key of this name.
pub fn tables_with(key: &str) -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(move |table| table.keys.iter().any(|known| known.name == key))
}

/// What holds without a key of a table.
#[must_use]
pub fn default_of(table: &str, key: &str) -> Option<&'static str> {
    let table = TABLES.iter().find(|known| known.name == table)?;
    table.keys.iter().find(|known| known.name == key).map(|key| key.default)
}

/// All tables. A label is a text, or `{ de = "...", en = "..." }`.
pub const TABLES: [Table; 21] = [
    Table {
        name: "study",
        meaning: "What the study is and how it was done; what readers of a survey are owed",
        keys: &[
            key("title", "label", "`Untitled`", "the title"),
            key("language", "`de` or `en`", "`de`", "the language of what is printed"),
            key(
                "sample",
                "`probability` or `opt-in`",
                "",
                "how respondents came into the sample: decides how precision is worded",
            ),
            key("fieldwork", "table", "", "when it was done: { from = 2026-03-02, to = 2026-03-15 }"),
            key("population", "label", "", "who is represented"),
            key("conducted_by", "label", "", "who carried it out"),
            key("sponsor", "label", "", "who paid"),
            key("frame", "label", "", "the list or panel that respondents came from"),
            key("recruitment", "label", "", "how respondents were recruited"),
            key("mode", "label", "", "online, by telephone, face to face"),
            key("weighting", "label", "", "how weights were made"),
            key("quality", "label", "", "checks of data quality"),
            key("limitations", "label", "", "what the study cannot say"),
            key("contact", "label", "", "whom to ask"),
            key("notes", "label", "", "anything else"),
        ],
    },
    Table {
        name: "fieldwork",
        meaning: "In [study]: when it was done",
        keys: &[key("from", "date", "", "the first day, as 2026-03-02"), key("to", "date", "", "the last day")],
    },
    Table {
        name: "data",
        meaning: "Where the responses are",
        keys: &[
            key("file", "text", "required", "the file of responses, relative to the study file"),
            key(
                "format",
                "`csv`, `parquet`, `excel`, `ods`, `arrow`, `sav`, `dta`, `sas7bdat`, `qualtrics`, `surveymonkey`, `limesurvey`, `kobo` …",
                "told from the file",
                "the format of the file, or the platform that it was exported from",
            ),
            key(
                "encoding",
                "text",
                "told from the file",
                "the encoding of a text, as the web names them: `utf-8`, `windows-1252`, `utf-16le`, `macintosh`",
            ),
            key("sheet", "text", "the first that is filled", "the sheet of a workbook"),
            key(
                "short_rows",
                "`error` or `blank`",
                "`error`",
                "rows of a text that end early: with `blank` their missing cells are; a row that was torn by a line break looks the same",
            ),
            key(
                "decimal",
                "`.` or `,`",
                "`.`",
                "what stands in front of decimals; with `,` a point is no part of a number",
            ),
            key("synthetic", "true or false", "false", "the responses are made up; every output says so"),
            key(
                "exclude",
                "list",
                "nobody",
                "who is left out of every figure, weight and base, one reason after the other: [\"tests\", \"duplicates\"], conditions { where = \"...\", label = \"...\" }; `topline keys exclude` lists the rules",
            ),
            key(
                "missing",
                "codes with reasons",
                "",
                "codes that are no answer in any column: { \"-99\" = \"skipped\" }; reasons are `not_shown`, `skipped`, `dont_know`, `refused`",
            ),
        ],
    },
    Table {
        name: "exclude",
        meaning: "In [data]: a reason to leave respondents out. They are taken away where the file is read and counted by \
                  reason; each reason is applied to those whom the reasons before it have left",
        keys: &[
            key(
                "where",
                "condition",
                "",
                "those of whom this is true, in the SQL of bases: \"Status = 'Survey Preview'\"; required, or `rule`",
            ),
            key(
                "rule",
                "`tests`, `incomplete`, `duplicates`, `copies`, `speeders` or `straightliners`",
                "",
                "`tests`: tests, previews, spam, and what a reviewer rejected; `incomplete`: who did not reach the end; `duplicates`: all but the first of an id; `copies`: all but the first of rows that are the same in every column; `speeders`: who took less than `share` of the median duration of those left; `straightliners`: who gave the same answer to all items of every battery answered. The name alone stands for a rule without further keys",
            ),
            key(
                "column",
                "column",
                "by what the file says of its columns, or their names",
                "which column tells: the status, the id, the seconds",
            ),
            key("columns", "columns", "", "several of them, or the items of a battery for `straightliners`"),
            key("share", "number", "1/3", "for `speeders`: the share of the median duration"),
            key("label", "label", "the rule in words", "how the reason is printed"),
        ],
    },
    Table {
        name: "design",
        meaning: "How respondents were chosen and weighted, and how precision is computed",
        keys: &[
            key("weight", "column", "everybody counts 1", "the weights"),
            key("strata", "column", "one stratum", "the strata of the sample; of several stages, a list of columns"),
            key(
                "units",
                "column",
                "each respondent is one",
                "the sampling units; of several stages, a list of columns",
            ),
            key(
                "fpc",
                "column",
                "with replacement",
                "finite populations: units in the stratum, or the sampled fraction from 0 to 1; of several stages, a list",
            ),
            key("nested", "true or false", "false", "unit codes are numbered anew in each stratum"),
            key("pps", "`brewer`", "equal chances", "units were chosen with the chances in `fpc`, without replacement"),
            key(
                "like",
                "`r`, `stata`, `sas` or `spss`",
                "topline's own",
                "the definitions of this system for the keys that follow; each of them may still be set",
            ),
            key(
                "lonely_unit",
                "`fail`, `certainty`, `remove`, `adjust` or `average`",
                "`fail`",
                "what a stratum with a single unit adds to variances",
            ),
            key(
                "degrees_of_freedom",
                "`design`, `domain` or `strata`",
                "`design`",
                "units minus strata of the whole sample, of those with anybody in the figure's base, or of the strata with anybody there",
            ),
            key(
                "design_effect",
                "`with` or `without`",
                "`with`",
                "what is called the design effect: against a simple random sample with or without replacement",
            ),
            key(
                "quantile_rule",
                "`math`, `school`, `hf4` to `hf9`",
                "`math`",
                "how medians and other quantiles are read off the ordered answers",
            ),
            key(
                "quantile_interval",
                "as `interval`",
                "that of `interval`",
                "the interval of the share up to a quantile, whose limits are read off to make that of the quantile: \"wald\" in R and SAS",
            ),
            key("confidence", "number", "0.95", "the level of confidence intervals"),
            key(
                "interval",
                "`logit`, `wald`, `arcsine`, `wilson`, `likelihood`, `korn_graubard`, `nchs`, `clopper_pearson`, `agresti_coull` or `jeffreys`",
                "`logit`",
                "the interval of a share; R's names `xlogit`, `asin` and `beta` are understood, and the last three take answers as independent draws",
            ),
            key(
                "quantile",
                "`t` or `z`",
                "`t`",
                "where the quantiles of intervals come from: Student's t with the degrees of freedom of the design, or the normal distribution",
            ),
            key("replicates", "table", "linearised variances", "variances from replicate weights: [design.replicates]"),
        ],
    },
    Table {
        name: "replicates",
        meaning: "In [design]: replicate weights, read from columns or made of strata and units; variances come from them",
        keys: &[
            key(
                "type",
                "`jk1`, `jkn`, `jk2`, `brr`, `fay`, `bootstrap`, `sdr` or `other`",
                "required",
                "how they were made, or are to be made; scales and degrees of freedom are those of R's `svrepdesign`",
            ),
            key(
                "columns",
                "columns",
                "made by topline",
                "the columns that hold them: [\"rw1\", \"rw2\"], or \"rw*\" for all that are called so",
            ),
            key(
                "count",
                "number",
                "500",
                "how many `bootstrap` or `sdr` replicates to make; of columns, how many there must be",
            ),
            key("seed", "number", "1", "the start of chance for `bootstrap` and `jk2`"),
            key("rho", "number", "", "what is left of the weights that `fay` turns down: 0.3"),
            key("scale", "number", "by type", "what sums of squares are multiplied by"),
            key("rscales", "number or numbers", "by type", "what the square of each replicate is multiplied by"),
            key(
                "mse",
                "true or false",
                "false",
                "squares are about the estimate instead of the mean of the replicates",
            ),
            key("combined", "true or false", "true", "columns hold whole weights; false: factors of the weight"),
        ],
    },
    Table {
        name: "weighting",
        meaning: "What weights are made to agree with; the weight of [design] is where they start from",
        keys: &[
            key(
                "method",
                "`post-stratification`, `raking`, `linear`, `exponential` or `logit`",
                "`raking`",
                "how weights are made; the last three also meet numbers and keep `bounds` (Deville & Särndal 1992)",
            ),
            key(
                "bounds",
                "two numbers",
                "",
                "for `linear`, `exponential` and `logit`: between which factors base weights may be multiplied, [0.3, 3]; required for `logit`",
            ),
            key(
                "population",
                "number",
                "that of `totals`, or the sum of the base weights",
                "what the weights add up to",
            ),
            key(
                "trim",
                "table",
                "weights are not trimmed",
                "how final weights are trimmed while the margins hold: [weighting.trim]",
            ),
            key(
                "residuals",
                "`base-weights` or `respondents`",
                "`base-weights`; `respondents` with `raking` and like = \"r\"",
                "how respondents count where errors leave out what the margins explain: by their base weights, or each as 1, as after `rake` in R",
            ),
            key("margin", "tables", "", "margins of the population: [[weighting.margin]]"),
            key("variable", "tables", "", "variables that only weighting reads: [[weighting.variable]]"),
            key("number", "tables", "", "means and totals of numbers: [[weighting.number]]"),
        ],
    },
    Table {
        name: "trim",
        meaning: "In [weighting]: how final weights are trimmed, in one of three ways. Margins still hold, or it is an error; \
                  replicates keep the bounds of the whole sample",
        keys: &[
            key("bounds", "two numbers", "", "to these multiples of the mean weight: [0.2, 5]"),
            key("quantiles", "two numbers", "", "to these quantiles of the weights: [0.01, 0.99]"),
            key("design_effect", "number", "", "until the design effect of weighting (Kish) is at most this: 1.5"),
        ],
    },
    Table {
        name: "margin",
        meaning: "In [weighting]: how the population is distributed, one [[weighting.margin]] for each table of it",
        keys: &[
            key(
                "by",
                "text or texts",
                "required",
                "a segment or variable, by its id; several are crossed: [\"age\", \"sex\"]",
            ),
            key(
                "unknown",
                "`own`, `drop` or `spread`",
                "`own`",
                "what becomes of respondents in no level: `own`, they keep the share that they have; `drop`, they get weight 0; `spread`, they count in every level as its target says",
            ),
            key(
                "targets",
                "levels with percent, or text",
                "",
                "required, or one of the next two: percent of each level, which add up to 100 but for rounding, { m = 48.88, f = 51.12 }, crossed { m = { young = 20, old = 28.88 }, ... }; or a CSV or Parquet file, relative to the study file, with a column for each segment, called like its id, and `share` (percent) or `total` (people)",
            ),
            key(
                "totals",
                "levels with numbers",
                "",
                "numbers of people instead of percent; their sum is the population",
            ),
            key(
                "reference",
                "table",
                "",
                "a survey to count the targets in: { file = \"microcensus.parquet\", weight = \"w\" }",
            ),
            key(
                "decimal",
                "`.` or `,`",
                "`.`",
                "what stands in front of decimals in its file, whatever [data] says of the responses",
            ),
            key("source", "label", "", "who counted the targets and where that is published; printed with the method"),
            key("date", "date", "", "the day, month or year that the targets are of: 2016-12-31, \"2016-12\", 2016"),
        ],
    },
    Table {
        name: "reference",
        meaning: "In [[weighting.margin]]: a survey of the population, with the columns and codes that the segments read",
        keys: &[
            key("file", "text", "required", "its file, CSV or Parquet, relative to the study file"),
            key("weight", "column", "everybody counts 1", "its weights"),
        ],
    },
    Table {
        name: "variable",
        meaning: "In [weighting]: a variable of margins that is not reported; written like a [[segment]]",
        keys: &[
            key("id", "text", "required", "its name in margins; its column, unless `column` says another"),
            key("label", "label", "the id", "the printed name"),
            key("column", "column", "the id", "the column that is read"),
            key("levels", "options", "those in the data", "its levels: [\"m\", \"f\"]; `also` joins codes into one"),
            key(
                "bands",
                "numbers",
                "",
                "instead of levels, over a column of numbers: where each band begins, [18, 25, 35]",
            ),
            key("missing", "codes with reasons", "", "codes that put nobody into a level: { \"d\" = \"refused\" }"),
        ],
    },
    Table {
        name: "number",
        meaning: "In [weighting]: a number that has a known mean or total in the population; not for raking",
        keys: &[
            key("column", "column", "required", "the column that is read"),
            key("mean", "number", "", "its mean in the population; required, or `total`"),
            key("total", "number", "", "its sum over the population; required, or `mean`"),
            key("missing", "codes with reasons", "", "codes that are no number; whoever has none counts in neither"),
        ],
    },
    Table {
        name: "publication",
        meaning: "What may be published",
        keys: &[
            key("minimum_count", "number", "5", "cells and bases with fewer respondents are withheld"),
            key("low_base", "number", "100", "bases below are marked `*`"),
            key("very_low_base", "number", "30", "bases below are marked `**`"),
        ],
    },
    Table {
        name: "simulation",
        meaning: "What `topline simulate` needs to know beyond the study",
        keys: &[
            key("strata", "number", "10", "how many strata to make"),
            key("units", "number", "100", "how many primary sampling units to make"),
            key("no_answer", "percent", "1.5", "those asked who give no answer"),
        ],
    },
    Table {
        name: "segment",
        meaning: "A way to split respondents, one [[segment]] each",
        keys: &[
            key("id", "text", "required", "its name in commands; its column, unless `column` says another"),
            key("label", "label", "the id", "the printed name"),
            key("column", "column", "the id", "the column that is read"),
            key(
                "levels",
                "options",
                "those in the data",
                "its levels in order: [\"m\", \"f\"], { m = \"Men\" }, or [segment.levels]",
            ),
            key(
                "bands",
                "numbers",
                "",
                "instead of levels, over a column of numbers: where each band begins, [18, 25, 35]",
            ),
            key(
                "missing",
                "codes with reasons",
                "",
                "codes that put nobody into a level, nor into bands of the same column",
            ),
            key("allow_empty", "true or false", "false", "a level may have nobody in it"),
        ],
    },
    Table {
        name: "question",
        meaning: "A question, one [[question]] each",
        keys: &[
            key("id", "text", "required", "its name in commands; its column, unless `column` says another"),
            key(
                "kind",
                "`single`, `multiple`, `scale`, `number` or `ratio`",
                "by its columns and values",
                "how it was answered; `multiple` has a column of 0 and 1 for each option, `ratio` two columns of numbers",
            ),
            key("measured", "true or false", "false", "it was measured rather than asked: nobody answered it"),
            key("text", "label", "the id", "the wording as asked"),
            key("short", "label", "the text", "a few words for headings and charts"),
            key("column", "column", "the id", "the column that is read"),
            key("columns", "columns", "id_code", "the columns of a multiple response, in the order of its options"),
            key(
                "cells",
                "`ticks` or `codes`",
                "`ticks`",
                "whether columns of a multiple response say of one option each whether it was chosen, or hold codes of those that were",
            ),
            key(
                "separator",
                "text",
                "",
                "what stands between the answers of a multiple response whose one column holds them all: \", \"",
            ),
            key(
                "other",
                "code",
                "what is not listed is an error",
                "with `separator` or `cells = \"codes\"`: the option that everything counts as which is not listed, such as what people typed",
            ),
            key("not_chosen", "texts", "", "what stands for an option that was not chosen besides 0: [\"no\"]"),
            key("chosen", "texts", "", "what stands for a chosen option of a multiple response besides 1: [\"x\"]"),
            key(
                "options",
                "options",
                "those in the data",
                "the options in order: [\"yes\", \"no\"], { yes = \"Yes\" }, or [question.options]",
            ),
            key(
                "missing",
                "codes with reasons",
                "",
                "codes that are no answer: { 98 = \"dont_know\", \"k.A.\" = \"refused\" }; `\"\"` is a blank cell, skipped unless said otherwise",
            ),
            key("missing_in_base", "reasons", "", "reasons for no answer that stay in the base: [\"skipped\"]"),
            key("base", "table", "all respondents", "who was asked: { label = \"Users\", where = \"use = 'yes'\" }"),
            key(
                "headline",
                "codes",
                "the yes of yes and no, otherwise the most frequent",
                "the options that `headline` prints",
            ),
            key("nets", "nets", "", "answers that are also counted together: { top2 = [\"4\", \"5\"] }"),
            key(
                "statistics",
                "`count`, `total`, `sd`, `nps`, `median`",
                "",
                "beside shares and means: `count`, how many of the population stand behind each option; `total` and `median` of a number; `sd`, the standard deviation of a number or of a scale with values; `nps`, the net promoter score of a scale from 0 to 10",
            ),
            key(
                "quantiles",
                "numbers",
                "",
                "quantiles of a number, by the part of the answers up to them: [0.25, 0.5, 0.75]; from 1e-6 to 1 - 1e-6",
            ),
            key("published", "codes with percent", "", "published shares to check against: { yes = 20 }"),
            key("assumed", "codes with percent", "", "shares that dummy data assume"),
            key(
                "lean",
                "segments with numbers",
                "",
                "for dummy data: how strongly the first option rises along a segment",
            ),
        ],
    },
    Table {
        name: "net",
        meaning: "In nets, where a name is not enough: { label = \"Satisfied\", options = [\"4\", \"5\"] }",
        keys: &[
            key("label", "label", "its name", "what is printed"),
            key("options", "codes", "required", "the answers that are counted together, two or more"),
        ],
    },
    Table {
        name: "contrast",
        meaning: "A comparison of cells, one [[contrast]] each",
        keys: &[
            key("id", "text", "required", "its name in output"),
            key("label", "label", "what is compared, such as `Yes: E − H`", "the printed name"),
            key("question", "text", "that of each cell", "the question, by its id"),
            key("segment", "text", "", "the segment whose levels are compared, by its id"),
            key("scale", "`difference`, `relative_risk` or `odds_ratio`", "`difference`", "how cells are compared"),
            key(
                "cells",
                "cells",
                "required",
                "the cells: [{ option = \"yes\", level = \"f\" }, { option = \"yes\", level = \"m\" }]; two or more",
            ),
        ],
    },
    Table {
        name: "cells",
        meaning: "In [[contrast]]: one cell",
        keys: &[
            key("question", "text", "that of the contrast", "the question, by its id"),
            key("option", "code", "the mean", "the option, or the net, whose share is meant"),
            key("figure", "`mean` or `nps`", "`mean`", "the figure where no option is named"),
            key("level", "code", "the total", "the level of the segment"),
            key("rest_of", "code", "", "instead of a level: everybody but this one"),
            key("factor", "number", "1, and -1 for the second of two", "what the figure is multiplied by"),
        ],
    },
    Table {
        name: "base",
        meaning: "In [[question]]: who was asked",
        keys: &[
            key("label", "label", "the condition", "what the base is called"),
            key("where", "condition", "all respondents", "an SQL condition on columns: use = 'yes' AND age >= 18"),
        ],
    },
    Table {
        name: "option",
        meaning: "In options and levels, where a label is not enough: { code = \"yes\", label = \"Yes\", value = 1 }",
        keys: &[
            key("code", "text", "the name in a table", "what the data hold"),
            key("label", "label", "the code", "what is printed"),
            key("also", "texts", "", "other spellings of the code in the data: [\"YES\", \"yes\"]"),
            key("value", "number", "the code, if a number", "what it counts in the mean of a scale"),
            key("share", "percent", "", "for dummy data: the part of the population at this level"),
            key("column", "column", "id_code", "the column of this option of a multiple response"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::TABLES;
    use crate::study::spec::Spec;

    /// The keys that the reader of a table asks for, out of its complaint about one that it does not know.
    fn known(table: &str) -> BTreeSet<String> {
        let text = match table {
            "fieldwork" => "study.fieldwork.zzzzzzzz = 1".to_owned(),
            "replicates" => "design.replicates = { type = \"brr\", zzzzzzzz = 1 }".to_owned(),
            "segment" | "question" | "contrast" => format!("{table} = [{{ id = \"a\", zzzzzzzz = 1 }}]"),
            "trim" => "weighting.trim.zzzzzzzz = 1".to_owned(),
            "exclude" => "data.exclude = [{ rule = \"tests\", zzzzzzzz = 1 }]".to_owned(),
            "margin" | "variable" | "number" => format!("weighting.{table} = [{{ zzzzzzzz = 1 }}]"),
            "reference" => "weighting.margin = [{ by = \"a\", reference.zzzzzzzz = 1 }]".to_owned(),
            "net" => "question = [{ id = \"a\", nets.b.zzzzzzzz = 1 }]".to_owned(),
            "cells" => "contrast = [{ id = \"a\", cells = [{ zzzzzzzz = 1 }] }]".to_owned(),
            "base" => "question = [{ id = \"a\", base.zzzzzzzz = 1 }]".to_owned(),
            "option" => "question = [{ id = \"a\", options = [{ code = \"a\", zzzzzzzz = 1 }] }]".to_owned(),
            _ => format!("{table}.zzzzzzzz = 1"),
        };
        let (_, problems) = Spec::parse("study.toml", &text);
        let unknown = problems.iter().find(|problem| problem.code == "unknown-key").expect("an unknown key");
        let hint = unknown.hint.as_deref().unwrap_or_default();
        let list = hint.split_once("knows ").and_then(|(_, rest)| rest.split_once(';')).expect("a list of keys").0;
        list.split(", ").map(|key| key.trim_matches('`').to_owned()).collect()
    }

    #[test]
    fn the_reference_names_every_key_that_is_read_and_no_other() {
        for table in TABLES {
            let keys: BTreeSet<String> = table.keys.iter().map(|key| key.name.to_owned()).collect();
            assert_eq!(keys, known(table.name), "[{}]", table.name);
        }
        let (_, problems) = Spec::parse("study.toml", "zzzzzzzz = 1");
        let hint = problems.iter().filter_map(|problem| problem.hint.as_deref()).find(|hint| hint.contains("knows"));
        let tables = hint.expect("a list of tables").split_once("knows ").expect("a list").1;
        let tables = tables.split_once(';').expect("an end").0.split(", ").map(|name| name.trim_matches('`'));
        for table in tables {
            assert!(TABLES.iter().any(|known| known.name == table), "[{table}] is not explained");
        }
    }
}
