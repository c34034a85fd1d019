//! The `.lss` file of LimeSurvey: the tables of a survey as XML.
//!
//! Since version 4 wordings stand in tables of their own (`question_l10ns`, `answer_l10ns`), before that beside the
//! questions, a row for each language. Source: `application/helpers/export_helper.php` of LimeSurvey.

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};

use super::{
    plain::plain,
    survey::{Offered, Part, Question, Survey, filters},
};

/// More elements than any survey has.
const MOST_NODES: u32 = 4_000_000;

/// A survey in more languages is read in the first of them.
const MOST_LANGUAGES: usize = 30;

/// The values of a row by the names of its columns.
type Row<'a> = HashMap<&'a str, &'a str>;

/// The tables of a survey.
struct Tables<'a> {
    tables: HashMap<&'a str, Vec<Row<'a>>>,
    language: &'a str,
}

/// Reads a survey in each of its languages, the base language first; none if the text is none of LimeSurvey's.
pub(super) fn read(text: &str) -> Result<Vec<Survey>, String> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| format!("bad XML: {error}"))?;
    let root = document.root_element();
    let kind = root.children().find(|node| node.has_tag_name("LimeSurveyDocType")).and_then(|node| node.text());
    match kind.map(str::trim) {
        Some("Survey") => {}
        Some(other) => return Err(format!("it holds a {} of LimeSurvey, not a survey", other.to_lowercase())),
        None => return Ok(Vec::new()),
    }
    let tables = root.children().filter(Node::is_element).map(|table| (table.tag_name().name(), rows(table))).collect();
    let mut tables = Tables { tables, language: "" };
    let base = tables.value("surveys", "language").or_else(|| first_language(root)).unwrap_or_default();
    let others = tables.value("surveys", "additional_languages").unwrap_or_default().split_whitespace();
    let surveys = [base].into_iter().chain(others).take(MOST_LANGUAGES).map(|language| {
        tables.language = language;
        tables.survey()
    });
    Ok(surveys.collect())
}

fn rows<'a>(table: Node<'a, '_>) -> Vec<Row<'a>> {
    let rows = table.children().filter(|node| node.has_tag_name("rows"));
    let cell = |node: Node<'a, '_>| (node.tag_name().name(), node.text().unwrap_or_default());
    let row = |row: Node<'a, '_>| row.children().filter(Node::is_element).map(cell).collect();
    rows.flat_map(|rows| rows.children().filter(|node| node.has_tag_name("row"))).map(row).collect()
}

fn first_language<'a>(root: Node<'a, '_>) -> Option<&'a str> {
    root.children().find(|node| node.has_tag_name("languages"))?.children().find(Node::is_element)?.text()
}

impl<'a> Tables<'a> {
    fn rows(&self, table: &str) -> &[Row<'a>] {
        self.tables.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    fn value(&self, table: &str, column: &str) -> Option<&'a str> {
        self.rows(table).first()?.get(column).copied().filter(|value| !value.is_empty())
    }

    fn survey(&self) -> Survey {
        let titles = self.rows("surveys_languagesettings").iter();
        let mut titles = titles.filter(|row| get(row, "surveyls_language") == self.language);
        let title = titles.next().map(|row| get(row, "surveyls_title"));
        let groups = self.groups();
        let mut questions: Vec<(i64, i64, Question)> = Vec::new();
        let texts = self.texts("question_l10ns", "qid", "question", &["questions", "subquestions"]);
        let (parts, answers, settings) = (self.parts(&texts), self.answers(), self.settings());
        for row in self.in_language("questions") {
            let qid = get(row, "qid");
            let (group_order, group_relevance) = groups.get(get(row, "gid")).copied().unwrap_or_default();
            let of = |name: &str| settings.get(&(qid, name)).copied().unwrap_or_default();
            let relevance = [group_relevance, get(row, "relevance")].into_iter().filter_map(Survey::condition);
            let question = Question {
                code: get(row, "title").to_owned(),
                old_name: format!("{}X{}X{qid}", get(row, "sid"), get(row, "gid")),
                kind: get(row, "type").to_owned(),
                text: texts.get(qid).cloned().unwrap_or_default(),
                relevance: relevance.collect(),
                mandatory: get(row, "mandatory") == "Y",
                other: get(row, "other") == "Y",
                parts: parts.get(qid).cloned().unwrap_or_default(),
                answers: answers.get(qid).cloned().unwrap_or_default(),
                scales: [plain(of("dualscale_headerA")), plain(of("dualscale_headerB"))],
                filters: filters(of("array_filter"), of("array_filter_exclude")),
                is_ticked: of("multiflexible_checkbox") == "1",
            };
            questions.push((group_order, number(row, "question_order"), question));
        }
        questions.sort_by_key(|(group, order, _)| (*group, *order));
        Survey {
            title: plain(title.unwrap_or_default()),
            language: self.language.to_owned(),
            questions: questions.into_iter().map(|(.., question)| question).collect(),
        }
    }

    /// Old files repeat the rows of a table for each language.
    fn in_language(&self, table: &str) -> impl Iterator<Item = &Row<'a>> {
        let is_it = |row: &&Row<'a>| row.get("language").is_none_or(|language| *language == self.language);
        self.rows(table).iter().filter(is_it)
    }

    /// The order and the condition of each group.
    fn groups(&self) -> HashMap<&'a str, (i64, &'a str)> {
        let groups = self.in_language("groups");
        groups.map(|row| (get(row, "gid"), (number(row, "group_order"), get(row, "grelevance")))).collect()
    }

    /// Wordings, from the table of wordings or from those where they stood before.
    fn texts(&self, table: &str, key: &str, column: &str, older: &[&str]) -> HashMap<&'a str, String> {
        let older = older.iter().flat_map(|table| self.in_language(table));
        let rows = older.chain(self.in_language(table));
        rows.filter(|row| row.contains_key(column)).map(|row| (get(row, key), plain(get(row, column)))).collect()
    }

    fn parts(&self, texts: &HashMap<&'a str, String>) -> HashMap<&'a str, [Vec<Part>; 2]> {
        let mut rows: Vec<&Row<'a>> = self.in_language("subquestions").collect();
        rows.sort_by_key(|row| number(row, "question_order"));
        let mut parts: HashMap<&str, [Vec<Part>; 2]> = HashMap::new();
        for row in rows {
            let axis = usize::from(get(row, "scale_id") == "1");
            parts.entry(get(row, "parent_qid")).or_default()[axis].push(Part {
                code: get(row, "title").to_owned(),
                text: texts.get(get(row, "qid")).cloned().unwrap_or_default(),
                relevance: get(row, "relevance").to_owned(),
            });
        }
        parts
    }

    fn answers(&self) -> HashMap<&'a str, [Vec<Offered>; 2]> {
        let mut worded: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
        for row in self.rows("answer_l10ns") {
            worded.entry(get(row, "aid")).or_default().push((get(row, "language"), get(row, "answer")));
        }
        let mut rows: Vec<&Row<'a>> = self.in_language("answers").collect();
        rows.sort_by_key(|row| number(row, "sortorder"));
        let mut answers: HashMap<&str, [Vec<Offered>; 2]> = HashMap::new();
        for row in rows {
            let scale = usize::from(get(row, "scale_id") == "1");
            let texts = worded.get(get(row, "aid")).map(Vec::as_slice).unwrap_or_default();
            let own = texts.iter().find(|(language, _)| *language == self.language).map(|(_, text)| *text);
            answers.entry(get(row, "qid")).or_default()[scale].push(Offered {
                code: get(row, "code").to_owned(),
                text: own.unwrap_or_else(|| get(row, "answer")).to_owned(),
            });
        }
        answers
    }

    /// Settings of questions: in this language, or in none.
    fn settings(&self) -> HashMap<(&'a str, &'a str), &'a str> {
        let rows = self.rows("question_attributes").iter();
        let rows = rows.filter(|row| ["", self.language].contains(&get(row, "language")));
        rows.map(|row| ((get(row, "qid"), get(row, "attribute")), get(row, "value"))).collect()
    }
}

fn get<'a>(row: &Row<'a>, column: &str) -> &'a str {
    row.get(column).copied().unwrap_or_default()
}

fn number(row: &Row<'_>, column: &str) -> i64 {
    get(row, column).parse().unwrap_or(0)
}
