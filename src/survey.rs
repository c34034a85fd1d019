//! The road through the house: a study file and its responses in, estimates out.

mod reading;
mod rows;
mod shares;
mod targets;
mod warnings;
mod weights;

use std::{path::Path, sync::Arc};

use self::{
    reading::read_batches,
    targets::read_targets,
    warnings::{told_from_the_file, worth_knowing},
};
pub use self::{
    rows::{Beside, Take, WeightedRows, weighted_rows},
    shares::{LevelShares, MarginShares, NumberShift, WeightSteps},
    weights::Weights,
};
use crate::{
    design::SampleDesign,
    diagnostic::{Diagnostic, Diagnostics, Place, counted, quoted_list, slip},
    estimate::{Estimates, Estimator, everybody},
    io::{Given, ShortRows, Table},
    quality,
    responses::{Finding, Findings, Form, Profile, What},
    study::{
        Kind, Origin, Segment, Study, disputed, overlapping_nets,
        resolve::{Catalog, Values, resolve},
        spec::Spec,
    },
    tally::{Counter, Domain, Measure, Plan, Tally},
};

/// A study with its responses counted.
#[derive(Debug)]
pub struct Survey {
    /// The study as meant. A file of responses that marks itself as synthetic makes the study synthetic.
    pub study: Study,
    /// The file of responses.
    pub table: Table,
    /// What was counted.
    pub plan: Plan,
    /// The sums.
    pub tally: Tally,
    /// How respondents were chosen.
    pub design: SampleDesign,
    /// Weights that were fitted to the population.
    pub weights: Option<Weights>,
    /// What is worth knowing but no error.
    pub warnings: Diagnostics,
}

/// Told the bytes read so far and the bytes in all.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

/// Reads and checks a study file against the columns and values of its data, without counting yet.
pub fn read_study(path: &Path, progress: &mut Progress<'_>) -> Result<(Study, Table), Diagnostics> {
    let (study, table) = read_study_to_weight(path, progress)?;
    asks_something(&study)?;
    Ok((study, table))
}

/// The same of a study that is looked at: it asks something, or is weighted.
pub fn read_study_to_look_at(path: &Path, progress: &mut Progress<'_>) -> Result<(Study, Table), Diagnostics> {
    let (study, table) = read_study_to_weight(path, progress)?;
    if study.weighting.is_none() {
        asks_something(&study)?;
    }
    Ok((study, table))
}

/// The same of a study that is only to be weighted, which needs no question.
pub fn read_study_to_weight(path: &Path, progress: &mut Progress<'_>) -> Result<(Study, Table), Diagnostics> {
    let (spec, mut problems) = parse(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut catalog = Catalog::default();
    let mut table = None;
    if let Some((file, place)) = spec.data_file() {
        let looked_at = Table::open_as(&folder.join(file), &given(&spec), &place).and_then(|mut opened| {
            opened.unpack(spec.packings());
            catalog.columns = Some(opened.all_columns().map(str::to_owned).collect());
            catalog.values = undeclared_values(&spec, &opened, progress)?;
            table = Some(opened);
            Ok(())
        });
        // Without data every column would be unknown: that is one mistake, not many.
        if let Err(unreadable) = looked_at {
            problems.append(unreadable);
            return Err(problems);
        }
    }
    catalog.targets = read_targets(&spec, folder, &mut problems);
    let mut study = resolve(&spec, folder, &catalog, problems.clone())?;
    let Some(mut table) = table else { return Err(no_data(path)) };
    if !study.data.exclude.is_empty() {
        let left_out = quality::left_out(&study, &table, progress)?;
        table.leave_out(left_out);
        // Options and levels are those of the respondents who are left.
        catalog.values = undeclared_values(&spec, &table, progress)?;
        catalog.has_excluded = true;
        study = resolve(&spec, folder, &catalog, problems)?;
    }
    study.data.synthetic |= table.is_marked_synthetic();
    Ok((study, table))
}

/// What a study file says of its data.
fn given(spec: &Spec) -> Given<'_> {
    Given {
        format: spec.data_format(),
        encoding: spec.data_encoding(),
        sheet: spec.data_sheet(),
        short_rows: if spec.data_has_short_rows() { ShortRows::Blank } else { ShortRows::Refused },
    }
}

/// Reads a study file for which there are no data yet: every option must be listed.
pub fn read_study_without_data(path: &Path) -> Result<Study, Diagnostics> {
    let (spec, mut problems) = parse(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let targets = read_targets(&spec, folder, &mut problems);
    let study = resolve(&spec, folder, &Catalog { targets, ..Catalog::default() }, problems)?;
    asks_something(&study)?;
    Ok(study)
}

fn asks_something(study: &Study) -> Result<(), Diagnostics> {
    if !study.questions.is_empty() {
        return Ok(());
    }
    let place = Place::Text(Arc::clone(&study.source), 0..0);
    let hint = "add [[question]] with id = \"column_name\"";
    Err(Diagnostic::error("no-question", place, "the study file has no question").hint(hint).into())
}

impl Survey {
    /// Reads a study file and counts its responses in one pass. All complaints come together.
    pub fn open(path: &Path, progress: &mut Progress<'_>) -> Result<Self, Diagnostics> {
        let (study, table) = read_study(path, progress)?;
        Self::count(study, table, progress)
    }

    /// Counts the responses of a study.
    pub fn count(study: Study, table: Table, progress: &mut Progress<'_>) -> Result<Self, Diagnostics> {
        let plan = Plan::new(&study);
        Self::count_planned(study, plan, table, progress)
    }

    /// The same by a plan of the study that asks for more, such as [numbers to rank](Plan::keep_numbers).
    pub fn count_planned(
        study: Study,
        mut plan: Plan,
        table: Table,
        progress: &mut Progress<'_>,
    ) -> Result<Self, Diagnostics> {
        let (weights, fitted) = weights::fit(&study, &table, progress)?.unzip();
        plan.fitted = fitted;
        let mut counter = Counter::new(&plan);
        let read = read_batches(&plan, &study, &table, progress, &mut |batch| counter.add(batch))?;
        let tally = counter.finish();
        Self::counted(study, plan, table, weights, tally, &read)
    }

    /// Counts the responses with the weights that are fitted, and in the same pass once more with base weights alone. A figure
    /// before and after weighting is an equation of its cells at the levels that weights are fitted to: variables that only
    /// weighting reads are counted as segments, so that the gate sees these cells.
    pub fn count_beside_base(
        mut study: Study,
        table: Table,
        progress: &mut Progress<'_>,
    ) -> Result<(Self, Self), Diagnostics> {
        let own = study.weighting.iter().flat_map(|weighting| weighting.own_variables(&study.segments));
        let own: Vec<Segment> = own.map(|variable| Segment { allow_empty: true, ..variable.clone() }).collect();
        study.segments.extend(own);
        let mut plan = Plan::new(&study);
        let base = Study { weighting: None, ..study.clone() };
        // What weighting reads is read for both: columns have the same positions.
        let base_plan = Plan { weighting: None, ..plan.clone() };
        let (weights, fitted) = weights::fit(&study, &table, progress)?.unzip();
        plan.fitted = fitted;
        let [mut counter, mut base_counter] = [Counter::new(&plan), Counter::new(&base_plan)];
        let read = read_batches(&plan, &study, &table, progress, &mut |batch| {
            counter.add(batch);
            base_counter.add(batch);
        })?;
        let (tally, base_tally) = (counter.finish(), base_counter.finish());
        let survey = Self::counted(study, plan, table.clone(), weights, tally, &read)?;
        let base = Self::counted(base, base_plan, table, None, base_tally, &read)?;
        Ok((survey, base))
    }

    /// A survey whose responses have been counted, unless something is wrong with them.
    fn counted(
        study: Study,
        plan: Plan,
        table: Table,
        weights: Option<Weights>,
        tally: Tally,
        read: &[(Findings, Vec<String>)],
    ) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::default();
        for (request, (findings, _)) in read.iter().enumerate() {
            disagreements(&study, &plan, &table, request, findings, &mut problems);
        }
        let columns = plan.levels_of_frame();
        let name = |level: usize, key: u32| {
            columns[level].map_or(String::new(), |column| read[column].1[key as usize].clone())
        };
        let (design, lonely) = SampleDesign::new(&study.design, &tally.frame, name);
        problems.append(lonely);
        empty_places(&study, &plan, &tally, read, &mut problems);
        unexpected_answers(&study, &tally, &mut problems);
        let ((), mut warnings) = problems.unless_errors(())?;
        warnings.append(disputed(&study));
        warnings.append(overlapping_nets(&study));
        if let Some(weighting) = &study.weighting {
            warnings.append(weighting.rounding());
        }
        if let Some(weights) = &weights {
            warnings.append(weights.warnings.clone());
        }
        warnings.append(told_from_the_file(&study, &plan, &table));
        warnings.append(worth_knowing(&study, &everybody(&plan, &tally, 0), tally.weight_range, &design));
        Ok(Self { study, table, plan, tally, design, weights, warnings })
    }

    /// What makes estimates of these responses.
    #[must_use]
    pub fn estimator(&self) -> Estimator<'_> {
        Estimator::new(&self.study, &self.plan, &self.design, &self.tally)
    }

    /// Every figure, as computed: not for publication before [`disclosure`](crate::disclosure) has seen it.
    #[must_use]
    pub fn estimates(&self) -> Estimates {
        self.estimator().all()
    }
}

fn parse(path: &Path) -> Result<(Spec, Diagnostics), Diagnostics> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let hint = "write a first study file with `topline init DATA`, or try the bundled one: `topline example`";
        let message = format!("cannot read the study file: {error}");
        Diagnostics::from(Diagnostic::error("unreadable", Place::File(name.clone()), message).hint(hint))
    })?;
    Ok(Spec::parse(&name, &text))
}

fn no_data(path: &Path) -> Diagnostics {
    Diagnostic::error("no-data", Place::File(path.display().to_string()), "the study file names no data").into()
}

fn undeclared_values(
    spec: &Spec,
    table: &Table,
    progress: &mut Progress<'_>,
) -> Result<std::collections::HashMap<String, Values>, Diagnostics> {
    const MOST_OPTIONS: usize = 60;
    let mut columns: Vec<String> =
        spec.undeclared_columns().into_iter().filter(|column| table.columns.contains(column)).collect();
    columns.dedup();
    if columns.is_empty() {
        return Ok(std::collections::HashMap::new());
    }
    let mut profiles: Vec<Profile> = columns.iter().map(|column| Profile::new(column)).collect();
    table.read(&mut profiles, |profile| &profile.column, &mut |bytes| progress(bytes, table.bytes))?;
    let values = profiles.into_iter().map(|profile| {
        let values = if profile.values.len() <= MOST_OPTIONS {
            Values::Few(profile.values)
        } else if profile.numbers == profile.filled {
            Values::ManyNumbers
        } else {
            Values::ManyTexts
        };
        (profile.column, values)
    });
    Ok(values.collect())
}

/// What is wrong with the cells of one column, said at the place of the study file that names the column.
fn disagreements(
    study: &Study,
    plan: &Plan,
    table: &Table,
    request: usize,
    findings: &Findings,
    problems: &mut Diagnostics,
) {
    // Who wanted a column is looked for in the whole study.
    if findings.found.is_empty() && findings.further_rows == 0 {
        return;
    }
    let wanted = &plan.requests[request];
    let (owner, origin) = owner_of(study, plan, request);
    let (commas, others): (Vec<&Finding>, Vec<&Finding>) = findings
        .found
        .iter()
        .partition(|finding| finding.what == What::NotANumber && has_decimal_comma(&finding.value));
    if let Some(first) = commas.first() {
        let position = format!("{} {} of {}", table.position_name(), first.first, table.name());
        let message = format!(
            "column `{}` holds numbers with a decimal comma, expected a point for {owner}; the first is `{}` in {position}",
            wanted.column, first.value
        );
        let hint = "add decimal = \",\" to [data], or write 1.5 instead of 1,5 in the whole column";
        problems.push(Diagnostic::error("decimal-comma", origin.0.clone(), message).hint(hint));
    }
    for finding in others {
        let seen = format!(
            "{} {}, first in {} {} of {}",
            finding.rows,
            if finding.rows == 1 { "response" } else { "responses" },
            table.position_name(),
            finding.first,
            table.name()
        );
        let (code, message, hint) = explain(&wanted.column, &owner, &wanted.form, finding);
        problems.push(Diagnostic::error(code, origin.0.clone(), format!("{message} ({seen})")).hint(hint));
    }
    // Further numbers with a comma are what has been said already.
    if findings.further_rows > 0 && commas.is_empty() {
        let more = findings.further_rows;
        let rows = if more == 1 { "1 more response has".to_owned() } else { format!("{more} more responses have") };
        let message = format!("{rows} yet other values in `{}`", wanted.column);
        let hint = "is this the right column? A question with many numbers is kind = \"number\"";
        problems.push(Diagnostic::error("unlisted-code", origin.0, message).hint(hint));
    }
}

fn explain(column: &str, owner: &str, form: &Form, finding: &Finding) -> (&'static str, String, String) {
    let value = &finding.value;
    match finding.what {
        What::Unlisted => {
            let Form::Codes(coder) = form else { return ("unlisted-code", String::new(), String::new()) };
            let known = || coder.values().iter().map(String::as_str);
            if owner.starts_with(MULTIPLE) {
                let hint = format!(
                    "a column of a multiple response holds 1 where the option was chosen, else 0 or nothing; if `{value}` means chosen, add chosen = [\"{value}\"] to the question"
                );
                let message = format!("column `{column}` of {owner} holds `{value}`, expected 0 or 1");
                return ("not-0-or-1", message, hint);
            }
            let spelling = known().find(|known| known.to_lowercase() == value.to_lowercase()).map(|known| {
                format!("if it means `{known}`, add it as a spelling: {known:?} = {{ label = {known:?}, also = [{value:?}] }}")
            });
            let twin = known().find(|known| is_composed_otherwise(known, value)).map(|known| {
                format!("it looks like `{known}`, but its accents are letters of their own, as Macs write them: copy it from the data")
            });
            let hint = spelling
                .or(twin)
                .or_else(|| slip(value, known()))
                .unwrap_or_else(|| format!("listed are {}; list it too, or as missing", quoted_list(known())));
            ("unlisted-code", format!("column `{column}` holds `{value}`, which {owner} does not list"), hint)
        }
        What::NotANumber => {
            let hint = if value.parse::<f64>().is_ok_and(f64::is_finite) {
                "with decimal = \",\" in [data] numbers are written 1500 or 1,5: a point would be ambiguous"
            } else if owner == WEIGHT || owner.starts_with(REPLICATE) {
                "weights are numbers from 0 upwards"
            } else {
                "leave the cell blank where there is no number"
            };
            (
                "not-a-number",
                format!("column `{column}` holds `{value}`, expected a number for {owner}"),
                hint.to_owned(),
            )
        }
        What::BadWeight => {
            let negative = value.starts_with('-');
            let hint =
                if negative { "weights are numbers from 0 upwards" } else { "weights are 0, or from 1e-100 to 1e100" };
            ("bad-weight", format!("column `{column}` holds the weight {value}"), hint.to_owned())
        }
        What::NoKey => {
            let hint = "every response belongs to a stratum and a primary sampling unit";
            ("no-unit", format!("column `{column}` has no value"), hint.to_owned())
        }
        What::NoWeight => {
            let hint = "give everybody a weight; 0 takes a response out of every base";
            ("no-weight", format!("column `{column}` has no weight"), hint.to_owned())
        }
    }
}

/// Whether a text would be a number with a point instead of its comma.
fn has_decimal_comma(value: &str) -> bool {
    value.contains(',') && value.replacen(',', ".", 1).parse::<f64>().is_ok()
}

/// Whether two texts look alike but one writes `ü` as `u` and a mark (Unicode's NFD and NFC).
fn is_composed_otherwise(one: &str, other: &str) -> bool {
    let is_mark = |letter: &char| ('\u{300}'..='\u{36f}').contains(letter);
    let marked = |text: &str| text.chars().any(|letter| is_mark(&letter));
    let bare = |text: &str| text.chars().filter(|letter| !is_mark(letter)).collect::<Vec<char>>();
    let (left, right) = (bare(one), bare(other));
    // A composed letter is none of ASCII; it stands where the other has its base letter.
    let alike = |(a, b): (&char, &char)| a == b || !a.is_ascii() || !b.is_ascii();
    marked(one) != marked(other) && left.len() == right.len() && left.iter().zip(&right).all(alike)
}

const WEIGHT: &str = "the weight";
const REPLICATE: &str = "the replicate weights";
const MULTIPLE: &str = "multiple-response question";

/// Who wanted a column, for a sentence, and where it says so.
fn owner_of(study: &Study, plan: &Plan, request: usize) -> (String, Origin) {
    let design = &study.design;
    if plan.weight == Some(request)
        && let Some((_, origin)) = &design.weight
    {
        return (WEIGHT.to_owned(), origin.clone());
    }
    let replicate = plan.replicate_columns().iter().position(|column| *column == request);
    if let (Some(index), Some(replicates)) = (replicate, &design.replicates) {
        return match replicates.typed.get(index) {
            Some((pattern, origin)) if pattern.contains('*') => {
                (format!("{REPLICATE} that `{pattern}` matches"), origin.clone())
            }
            Some((_, origin)) => (REPLICATE.to_owned(), origin.clone()),
            None => (REPLICATE.to_owned(), replicates.origin.clone()),
        };
    }
    for (stage, plan) in design.stages.iter().zip(&plan.stages) {
        if plan.fpc == Some(request)
            && let Some((_, origin)) = &stage.fpc
        {
            return ("the finite population".to_owned(), origin.clone());
        }
    }
    for (question, plan) in study.questions.iter().zip(&plan.questions) {
        let wants = match &plan.measure {
            Measure::Single { column, .. } | Measure::Number { column, .. } => *column == request,
            Measure::Multiple { columns, .. } => columns.contains(&request),
            Measure::Ratio { columns, .. } => columns.contains(&request),
        };
        if wants {
            let kind = if question.kind == Kind::Multiple { MULTIPLE } else { "question" };
            return (format!("{kind} `{}`", question.id), question.column_origin.clone());
        }
    }
    for (segment, plan) in study.segments.iter().zip(&plan.segments) {
        if plan.column == request {
            return (format!("segment `{}`", segment.id), segment.origin.clone());
        }
    }
    if let (Some(weighting), Some(plan)) = (&study.weighting, &plan.weighting) {
        for (variable, plan) in weighting.variables.iter().zip(&plan.variables) {
            if plan.column == request {
                let name = format!("weighting variable `{}`", variable.segment.id);
                return (name, variable.segment.origin.clone());
            }
        }
        for (number, column) in weighting.numbers.iter().zip(&plan.numbers) {
            if *column == request {
                return (format!("weighting number `{}`", number.column), number.origin.clone());
            }
        }
    }
    ("a base".to_owned(), study.data.origin.clone())
}

/// Bases that select nobody and segment levels that nobody has.
fn empty_places(
    study: &Study,
    plan: &Plan,
    tally: &Tally,
    read: &[(Findings, Vec<String>)],
    problems: &mut Diagnostics,
) {
    // Answers that could not be read are a complaint already.
    let misread = |column: usize| !read[column].0.found.is_empty();
    let is_misread = |measure: &Measure| match measure {
        Measure::Single { column, .. } | Measure::Number { column, .. } => misread(*column),
        Measure::Multiple { columns, .. } => columns.iter().any(|column| misread(*column)),
        Measure::Ratio { columns, .. } => columns.iter().any(|column| misread(*column)),
    };
    for (index, question) in study.questions.iter().enumerate() {
        let absences = tally.absences[index];
        let asked = tally.rows - absences.not_asked - absences.answered_unasked;
        let in_base: u64 = (0..plan.questions[index].slots).map(|slot| tally.questions[index].count(0, slot)).sum();
        if asked == 0 {
            let message = format!("the base of question `{}` selects nobody", question.id);
            problems.push(Diagnostic::error("empty-base", question.base.origin.0.clone(), message));
        } else if in_base == 0 && !is_misread(&plan.questions[index].measure) {
            let message = format!("nobody answered question `{}`", question.id);
            problems.push(Diagnostic::error("empty-base", question.origin.0.clone(), message));
        }
    }
    for (domain, level) in plan.domains.iter().enumerate() {
        let Domain::Level(segment, level) = *level else { continue };
        let segment = &study.segments[segment];
        let anybody = tally.everybody.count(plan.place(domain), 0) > 0;
        if !anybody && !segment.allow_empty {
            let level = &segment.levels()[level];
            let message = format!("segment `{}` has nobody at level `{}`", segment.id, level.code);
            let hint = "remove the level, or set allow_empty = true in the segment";
            problems.push(Diagnostic::error("empty-level", level.origin.0.clone(), message).hint(hint));
        }
    }
}

/// Answers of people whom the base says were not asked: left out, but worth a word. How many is not said of a few.
fn unexpected_answers(study: &Study, tally: &Tally, problems: &mut Diagnostics) {
    for (question, absences) in study.questions.iter().zip(&tally.absences) {
        if absences.answered_unasked > 0 {
            let minimum = study.publication.minimum_count;
            let responses = match absences.answered_unasked {
                count if count < minimum => format!("fewer than {minimum} responses"),
                count => counted(count as usize, "response"),
            };
            let message = format!("{responses} to question `{}` came from outside its base", question.id);
            let hint = "they are left out; is the base right?";
            problems.push(Diagnostic::warning("answered-unasked", question.base.origin.0.clone(), message).hint(hint));
        }
    }
}
