//! Conditions of bases, held against columns, options and spellings.

use std::collections::HashMap;

use super::{MOST_OPTIONS, Resolver, UNKNOWN, Values};
use crate::{
    diagnostic::{did_you_mean, quoted_list, slip},
    study::{
        Atom, Comparison, Condition, Exclusion, Literal, Question, Rule, Segment, exclusion::RuleSpec,
        meaning::same_code, reader::Typed,
    },
};

impl Resolver<'_> {
    /// Those of bases. Gives the columns that ids stand for.
    pub(super) fn conditions(&mut self, questions: &mut [Question], segments: &[Segment]) -> HashMap<String, String> {
        let ids: HashMap<String, String> = questions
            .iter()
            .filter(|question| question.columns.len() == 1)
            .map(|question| (question.id.clone(), question.columns[0].clone()))
            .chain(segments.iter().map(|segment| (segment.id.clone(), segment.column.clone())))
            .collect();
        for (question, spec) in questions.iter_mut().zip(&self.spec.questions) {
            question.base.condition = spec.base_where.as_ref().and_then(|sql| self.condition(sql, &ids, false));
        }
        ids
    }

    /// Who is left out. Once they are, nobody has the values any more that say so.
    pub(super) fn exclusions(&mut self, ids: &HashMap<String, String>) -> Vec<Exclusion> {
        let mut exclusions = Vec::new();
        for spec in &self.spec.data.exclude {
            let rule = match &spec.rule {
                RuleSpec::Named(rule) => Some(rule.clone()),
                RuleSpec::Where(sql) => self.condition(sql, ids, self.catalog.has_excluded).map(Rule::Where),
            };
            for column in &spec.columns {
                self.column_exists(column);
            }
            exclusions.extend(rule.map(|rule| Exclusion {
                rule,
                columns: spec.columns.iter().map(|column| column.value.clone()).collect(),
                label: spec.label.clone(),
                origin: self.origin(spec.span.clone()),
            }));
        }
        exclusions
    }

    fn condition(&mut self, sql: &Typed<String>, ids: &HashMap<String, String>, is_checked: bool) -> Option<Condition> {
        match Condition::parse(&sql.value) {
            Ok(mut condition) => {
                self.columns_of_ids(&mut condition, ids);
                self.one_spelling(&mut condition);
                if !is_checked {
                    self.condition_makes_sense(&condition, sql);
                }
                Some(condition)
            }
            Err(message) => {
                let hint = "write conditions as in: use = 'yes' AND age >= 18 AND brand IN ('Acme', 'Bolt')";
                self.reader.error("bad-condition", sql.span.clone(), message, Some(hint.to_owned()));
                None
            }
        }
    }

    /// A condition may name a question or a segment where the column has another name.
    fn columns_of_ids(&self, condition: &mut Condition, ids: &HashMap<String, String>) {
        match condition {
            Condition::Atom(atom) => {
                let is_column = self.catalog.columns.as_ref().is_some_and(|columns| columns.contains(&atom.column));
                if let (false, Some(column)) = (is_column, ids.get(&atom.column)) {
                    atom.column.clone_from(column);
                }
            }
            Condition::Not(inner) => self.columns_of_ids(inner, ids),
            Condition::And(left, right) | Condition::Or(left, right) => {
                self.columns_of_ids(left, ids);
                self.columns_of_ids(right, ids);
            }
        }
    }

    pub(super) fn note_spellings<'a>(
        &mut self,
        column: &str,
        codes: impl Iterator<Item = (&'a String, &'a Vec<String>)>,
    ) {
        let spellings = codes.flat_map(|(code, also)| also.iter().map(|spelling| (spelling.clone(), code.clone())));
        self.spellings.entry(column.to_owned()).or_default().extend(spellings);
    }

    /// A condition may name any spelling of a code; it means the code.
    fn one_spelling(&self, condition: &mut Condition) {
        match condition {
            Condition::Atom(Atom { column, test: Comparison::In(literals) }) => {
                let spellings = self.spellings.get(column).map(Vec::as_slice).unwrap_or_default();
                for literal in literals {
                    if let Some((_, code)) = spellings.iter().find(|(spelling, _)| spelling == literal.as_code()) {
                        *literal = Literal::Text(code.clone());
                    }
                }
            }
            Condition::Atom(_) => {}
            Condition::Not(inner) => self.one_spelling(inner),
            Condition::And(left, right) | Condition::Or(left, right) => {
                self.one_spelling(left);
                self.one_spelling(right);
            }
        }
    }

    fn condition_makes_sense(&mut self, condition: &Condition, sql: &Typed<String>) {
        for atom in condition.atoms() {
            self.column_exists(&Typed { value: atom.column.clone(), span: sql.span.clone() });
            let Comparison::In(literals) = &atom.test else { continue };
            if literals.len() > MOST_OPTIONS {
                let message = format!(
                    "`{}` is compared with {} values, at most {MOST_OPTIONS} are possible",
                    atom.column,
                    literals.len()
                );
                let hint = Some("use BETWEEN, or make a column of the answer".to_owned());
                self.reader.error("too-many-values", sql.span.clone(), message, hint);
            }
            let declared = self.columns.get(&atom.column);
            let codes: Vec<String> = match (declared, self.catalog.values.get(&atom.column)) {
                (Some(codes), _) => codes.clone(),
                (None, Some(Values::Few(found))) => found.iter().map(|(value, _)| value.clone()).collect(),
                _ => continue,
            };
            if codes.iter().any(|code| code == UNKNOWN) {
                continue;
            }
            let is_declared = declared.is_some();
            for literal in literals {
                let code = literal.as_code();
                if !codes.iter().any(|known| same_code(known, code)) {
                    let codes = || codes.iter().map(String::as_str);
                    let hint = match (is_declared, slip(code, codes())) {
                        (true, _) => did_you_mean(code, codes())
                            .or_else(|| Some(format!("`{}` holds {}", atom.column, quoted_list(codes())))),
                        // What nobody has said so far is no mistake, unless it is a slip for what somebody said.
                        (false, Some(near)) if code.parse::<f64>().is_err() => Some(format!(
                            "{near} If nobody has said `{code}` so far, list it: add a question or segment on `{}`",
                            atom.column
                        )),
                        (false, _) => continue,
                    };
                    let message = format!("`{}` never is `{code}`", atom.column);
                    self.reader.error("unknown-option", sql.span.clone(), message, hint);
                }
            }
        }
    }
}
