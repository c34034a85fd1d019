//! The tab-separated structure of LimeSurvey: a row for each group, question, subquestion and answer, below each other.
//!
//! Source: <https://www.limesurvey.org/manual/Tab_Separated_Value_survey_structure>.

use csv::{ReaderBuilder, StringRecord};

use super::{
    plain::plain,
    survey::{Offered, Part, Question, Survey, filters},
};

/// Reads a survey in each of its languages, the base language first; none if the text has not its columns.
pub(super) fn read(text: &str) -> Result<Vec<Survey>, String> {
    let mut reader = ReaderBuilder::new().delimiter(b'\t').flexible(true).from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Ok(Vec::new()) };
    if !["class", "type/scale", "name", "text"].iter().all(|name| header.iter().any(|column| column == *name)) {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        rows.push(record.map_err(|error| format!("a row cannot be read: {error}"))?);
    }
    let table = Table { header, rows };
    let first = || table.rows.iter().map(|row| table.get(row, "language")).find(|language| !language.is_empty());
    let base = table.setting("S", "language", None).or_else(first).unwrap_or_default();
    let mut languages = vec![base];
    for language in table.rows.iter().filter(|row| table.get(row, "class") == "Q").map(|row| table.get(row, "language"))
    {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    Ok(languages.iter().map(|language| table.survey(language)).collect())
}

/// The rows of a structure.
struct Table {
    header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Table {
    fn get<'a>(&self, row: &'a StringRecord, column: &str) -> &'a str {
        let position = self.header.iter().position(|name| name == column);
        let cell = position.and_then(|position| row.get(position)).unwrap_or_default();
        // A formula is masked.
        cell.strip_prefix('\'').filter(|rest| rest.starts_with('=')).unwrap_or(cell)
    }

    fn setting(&self, class: &str, name: &str, language: Option<&str>) -> Option<&str> {
        let is_it = |row: &&StringRecord| {
            self.get(row, "class") == class
                && self.get(row, "name") == name
                && language.is_none_or(|language| self.get(row, "language") == language)
        };
        self.rows.iter().find(is_it).map(|row| self.get(row, "text")).filter(|text| !text.is_empty())
    }

    fn survey(&self, language: &str) -> Survey {
        let mut survey = Survey {
            title: plain(self.setting("SL", "surveyls_title", Some(language)).unwrap_or_default()),
            language: language.to_owned(),
            questions: Vec::new(),
        };
        let mut group_relevance = None;
        for row in self.rows.iter().filter(|row| self.get(row, "language") == language) {
            let get = |column: &str| self.get(row, column);
            let scale = usize::from(get("type/scale") == "1");
            let (name, text) = (get("name").to_owned(), plain(get("text")));
            match (get("class"), survey.questions.last_mut()) {
                ("G", _) => group_relevance = Survey::condition(get("relevance")),
                ("Q", _) => {
                    let own = Survey::condition(get("relevance"));
                    survey.questions.push(Question {
                        code: name,
                        kind: get("type/scale").to_owned(),
                        text,
                        relevance: group_relevance.iter().cloned().chain(own).collect(),
                        mandatory: get("mandatory") == "Y",
                        other: get("other") == "Y",
                        scales: [plain(get("dualscale_headerA")), plain(get("dualscale_headerB"))],
                        filters: filters(get("array_filter"), get("array_filter_exclude")),
                        is_ticked: get("multiflexible_checkbox") == "1",
                        ..Question::default()
                    });
                }
                ("SQ", Some(question)) => {
                    let relevance = get("relevance").to_owned();
                    question.parts[scale].push(Part { code: name, text, relevance });
                }
                ("A", Some(question)) => question.answers[scale].push(Offered { code: name, text }),
                _ => {}
            }
        }
        survey
    }
}
