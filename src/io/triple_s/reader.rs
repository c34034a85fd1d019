//! A definition as typed, checked for what cannot be.

use std::{path::Path, sync::Arc};

use encoding_rs::{Encoding, WINDOWS_1252};
use roxmltree::Node;

use super::{
    definition::{Code, Codes, Definition, Kind, Layout, Usage, Variable, canonical},
    encoding::of_data_beside,
    xml::{child, text, tree, words},
};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source, did_you_mean, quoted_list};

/// Reads a definition.
pub(super) fn read(path: &Path) -> Result<Definition, Diagnostics> {
    let source = text(path)?;
    let document = tree(&source)?;
    let reader = Reader { source: &source };
    let definition = reader.definition(document.root_element())?;
    Ok(Definition { other_encoding: of_data_beside(path), ..definition })
}

struct Reader<'a> {
    source: &'a Arc<Source>,
}

type Found<T> = Result<T, Diagnostic>;

impl Reader<'_> {
    fn definition(&self, root: Node<'_, '_>) -> Result<Definition, Diagnostics> {
        if !root.has_tag_name("sss") {
            let message = format!("this is no Triple-S definition: its outermost element is <{}>, not <sss>", {
                root.tag_name().name()
            });
            return Err(self.error(root, "not-triple-s", message).into());
        }
        if let Some(hierarchy) = child(root, "hierarchy") {
            return Err(self.hierarchical(hierarchy).into());
        }
        let version = root.attribute("version").unwrap_or_default().to_owned();
        if !["1.1", "1.2", "2.0"].contains(&version.as_str()) {
            let message = format!("version {version:?} of Triple-S");
            return Err(self.error(root, "not-triple-s", message).hint("topline reads 1.1, 1.2 and 2.0").into());
        }
        let survey = self.element(root, "survey")?;
        let record = self.element(survey, "record")?;
        let spoken = languages(root);
        let language = spoken.first().map(String::as_str);
        let mut problems = Diagnostics::default();
        let mut variables: Vec<Variable> = Vec::new();
        let layout = match record.attribute("format") {
            None | Some("fixed") => Layout::Fixed,
            Some("csv") => Layout::Csv,
            Some(other) => {
                let message = format!("data of the format {other:?}");
                return Err(self.error(record, "not-triple-s", message).hint("there are fixed and csv").into());
            }
        };
        for node in record.children().filter(|node| node.has_tag_name("variable")) {
            match self.variable(node, layout, language) {
                Ok(variable) => variables.push(variable),
                Err(problem) => problems.push(problem),
            }
        }
        if variables.is_empty() && problems.is_empty() {
            problems.push(self.error(record, "no-variable", "this record has no variables".to_owned()));
        }
        let skip = self.number(record, "skip").unwrap_or(Ok(0));
        let definition = Definition {
            version,
            title: child(survey, "title").map(|title| spoken_words(title, language)).filter(|title| !title.is_empty()),
            layout,
            skip: skip?,
            data: record.attribute("href").map(str::to_owned).filter(|name| !name.trim().is_empty()),
            encoding: record.attribute("data-file-encoding").and_then(|name| Encoding::for_label(name.as_bytes())),
            other_encoding: WINDOWS_1252,
            variables,
            spoken,
        };
        // A variable that cannot be read may be the one that is named.
        let is_whole = problems.is_empty();
        for (name, place) in definition.variables.iter().filter_map(|variable| variable.filter.as_ref()) {
            if is_whole && definition.named(name).is_none() {
                let names = || definition.variables.iter().map(|variable| variable.name.as_str());
                let hint = did_you_mean(name, names().collect::<Vec<_>>())
                    .unwrap_or_else(|| format!("there are {}", quoted_list(names())));
                let message = format!("the filter names a variable that there is not: `{name}`");
                problems.push(Diagnostic::error("unknown-variable", place.clone(), message).hint(hint));
            }
        }
        problems.unless_errors(definition).map(|(definition, _)| definition)
    }

    fn hierarchical(&self, hierarchy: Node<'_, '_>) -> Diagnostic {
        let levels = hierarchy.descendants().filter(|node| node.has_tag_name("level"));
        let files: Vec<&str> = levels.filter_map(|level| level.attribute("href")).collect();
        let message =
            "this describes several levels of data, such as households and persons, not one survey".to_owned();
        let hint = if files.is_empty() {
            "open the definition of one level".to_owned()
        } else {
            format!("open that of one level, whose rows are then the respondents: {}", quoted_list(files))
        };
        self.error(hierarchy, "hierarchical", message).hint(hint)
    }

    fn variable(&self, node: Node<'_, '_>, layout: Layout, language: Option<&str>) -> Found<Variable> {
        let name = child(node, "name").map(words).unwrap_or_default();
        if name.is_empty() {
            return Err(self.error(node, "no-name", "this variable has no <name>".to_owned()));
        }
        let position = self.position(node, &name)?;
        let list = child(node, "values").unwrap_or(node);
        let code = |value: Node<'_, '_>| {
            let code = value.attribute("code").map(str::trim).filter(|code| !code.is_empty());
            Some(Code {
                value: code?.to_owned(),
                label: spoken_words(value, language),
                has_score: value.attribute("score").is_some(),
            })
        };
        let mut codes: Vec<Code> =
            list.children().filter(|child| child.has_tag_name("value")).filter_map(code).collect();
        let ranges = list.children().filter(|child| child.has_tag_name("range")).map(|range| self.range(range));
        let ranges = ranges.collect::<Found<Vec<_>>>()?;
        let kind = self.kind(node, &name, position, layout, &codes, &ranges)?;
        for code in &mut codes {
            let as_number = match kind {
                Kind::Single(Codes::Literal) => Some(code.value.clone()),
                Kind::Quantity => code.value.parse::<f64>().ok().map(|_| code.value.clone()),
                _ => canonical(&code.value),
            };
            let message = || format!("{name}: code {:?} is no number", code.value);
            code.value = as_number.ok_or_else(|| self.error(node, "bad-code", message()))?;
        }
        let usage = match node.attribute("use") {
            Some("serial") => Some(Usage::Serial),
            Some("weight") => Some(Usage::Weight),
            _ => None,
        };
        let filter = match (node.attribute("filter"), child(node, "filter")) {
            (Some(name), _) => Some((name.trim().to_owned(), self.place(node))),
            (None, Some(filter)) => Some((words(filter), self.place(filter))),
            (None, None) => None,
        };
        let label = child(node, "label").map(|label| spoken_words(label, language)).unwrap_or_default();
        let ident = node.attribute("ident").unwrap_or_default().to_owned();
        Ok(Variable { name, label, kind, position, usage, filter, codes, ranges, ident })
    }

    fn kind(
        &self,
        node: Node<'_, '_>,
        name: &str,
        (start, finish): (usize, usize),
        layout: Layout,
        codes: &[Code],
        ranges: &[(f64, f64)],
    ) -> Found<Kind> {
        let kind = node.attribute("type").unwrap_or_default();
        Ok(match kind {
            "single" if node.attribute("format") == Some("literal") => Kind::Single(Codes::Literal),
            "single" => Kind::Single(Codes::Numeric),
            "quantity" => Kind::Quantity,
            "character" => Kind::Character,
            "logical" => Kind::Logical,
            "date" => Kind::Date,
            "time" => Kind::Time,
            "multiple" => {
                let highest = codes.iter().filter_map(|code| code.value.parse::<usize>().ok());
                let highest = highest.chain(ranges.iter().map(|(_, high)| *high as usize)).max().unwrap_or(0);
                if highest == 0 {
                    return Err(self.error(node, "no-codes", format!("{name}: a multiple response without codes")));
                }
                let space = finish - start + 1;
                let Some(spread) = child(node, "spread") else {
                    if highest > HIGHEST_BIT {
                        let message = format!("{name}: a bitstring with codes to {highest}");
                        let hint = format!("topline reads bitstrings of at most {HIGHEST_BIT} codes");
                        return Err(self.error(node, "bad-code", message).hint(hint));
                    }
                    if layout == Layout::Fixed && space < highest {
                        let message = format!("{name} has codes to {highest}, but only {space} positions");
                        let hint = "a bitstring has a position for each code from 1 to the highest";
                        return Err(self.error(node, "bad-position", message).hint(hint));
                    }
                    return Ok(Kind::Bits);
                };
                let subfields = self.number(spread, "subfields").unwrap_or(Ok(0))?;
                let width = match self.number(spread, "width") {
                    Some(width) => width?,
                    None if layout == Layout::Fixed => space / subfields.max(1),
                    None => highest.to_string().len(),
                };
                let is_in_place = layout == Layout::Csv || subfields.saturating_mul(width) <= space;
                if subfields == 0 || width == 0 || width > WIDEST_SUBFIELD || subfields > MOST_SUBFIELDS || !is_in_place
                {
                    let message = format!("{name}: {subfields} subfields of {width} do not fit {space} positions");
                    return Err(self.error(spread, "bad-position", message));
                }
                Kind::Spread { subfields, width }
            }
            other => {
                let kinds = ["single", "multiple", "quantity", "character", "logical", "date", "time"];
                let hint = did_you_mean(other, kinds).unwrap_or_else(|| format!("there are {}", quoted_list(kinds)));
                return Err(self.error(node, "unknown-type", format!("{name}: type {other:?}")).hint(hint));
            }
        })
    }

    fn position(&self, node: Node<'_, '_>, name: &str) -> Found<(usize, usize)> {
        let missing = || self.error(node, "bad-position", format!("{name} has no <position start=\"…\">"));
        let position = child(node, "position").ok_or_else(missing)?;
        let start = self.number(position, "start").ok_or_else(missing)??;
        let finish = self.number(position, "finish").unwrap_or(Ok(start))?;
        if start == 0 || finish < start || finish > LAST_POSITION {
            let message = format!("{name} stands from {start} to {finish}");
            return Err(self.error(position, "bad-position", message).hint("positions are counted from 1"));
        }
        Ok((start, finish))
    }

    fn range(&self, node: Node<'_, '_>) -> Found<(f64, f64)> {
        let end = |name: &str| node.attribute(name).and_then(|text| text.trim().parse::<f64>().ok());
        match (end("from"), end("to")) {
            (Some(from), Some(to)) if from <= to => Ok((from, to)),
            _ => Err(self.error(node, "bad-range", "a range needs numbers, from the lower to the higher".to_owned())),
        }
    }

    fn number(&self, node: Node<'_, '_>, name: &str) -> Option<Found<usize>> {
        let text = node.attribute(name)?;
        let wrong = || self.error(node, "bad-number", format!("{name} is {text:?}, expected a whole number"));
        Some(text.trim().parse().map_err(|_| wrong()))
    }

    fn element<'a, 'input>(&self, node: Node<'a, 'input>, name: &str) -> Found<Node<'a, 'input>> {
        let message = || format!("there is no <{name}> in <{}>", node.tag_name().name());
        child(node, name).ok_or_else(|| self.error(node, "not-triple-s", message()))
    }

    fn place(&self, node: Node<'_, '_>) -> Place {
        let range = node.range();
        let first_line = self.source.text[range.clone()].lines().next().map_or(0, str::len);
        Place::Text(Arc::clone(self.source), range.start..range.start + first_line)
    }

    fn error(&self, node: Node<'_, '_>, code: &'static str, message: String) -> Diagnostic {
        Diagnostic::error(code, self.place(node), message)
    }
}

/// Beyond these nothing stands in a line of a survey.
const LAST_POSITION: usize = 10_000_000;
const MOST_SUBFIELDS: usize = 10_000;
const WIDEST_SUBFIELD: usize = 18;
const HIGHEST_BIT: usize = 20_000;

fn languages(root: Node<'_, '_>) -> Vec<String> {
    root.attribute("languages").unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// The words of an element: those in the language, for the interview where texts have modes.
fn spoken_words(node: Node<'_, '_>, language: Option<&str>) -> String {
    const LANG: (&str, &str) = ("http://www.w3.org/XML/1998/namespace", "lang");
    let texts: Vec<_> = node.children().filter(|child| child.has_tag_name("text")).collect();
    let rank = |text: &&Node<'_, '_>| {
        let spoken = text.attribute(LANG);
        let is_other = spoken.is_some() && language.is_some_and(|language| spoken != Some(language));
        let mode = text.attribute("mode").map_or(1, |mode| if mode == "interview" { 0 } else { 2 });
        (words(**text).is_empty(), is_other, mode)
    };
    texts.iter().min_by_key(rank).map_or_else(|| words(node), |text| words(*text))
}
