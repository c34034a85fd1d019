//! `topline explain`: one figure from raw sums to the printed percentage, and the same in R.
//!
//! Only a figure that [`disclosure`](crate::disclosure) shows is explained; of one that is withheld nothing is told but
//! the rule. What single strata add to its variance has [a rule of its own](strata), and so has the share of answers up to a
//! [quantile](below). Of replicates only their number, their centre and the sum of squares are told: each is a figure of
//! nearly the same respondents.

mod account;
mod below;
mod contrast;
mod limits;
mod phrases;
mod r;
mod replicates;
mod strata;
mod table;
mod text;

use clap::ValueEnum;

use self::account::Account;
use super::{Precision, Screen, StudyFile, chosen, chosen_segments, published};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list},
    disclosure::{Figure, ReleasedQuestion, Withheld},
    estimate::Statistic,
    study::{Further, Kind, Language, Publication, Question, Study},
    survey::Survey,
    tidy::{mean, records},
    words,
};

/// Explain one figure or contrast step by step: base, sums, variance, interval, rounding; and the same in R
///
/// Every rule and number from the responses to what is printed, then a script for R's package survey that recomputes it.
/// Figures that are withheld are not explained, nor are quantiles with a few on one side of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  topline explain study.toml purpose --option support
  topline explain study.toml purpose --option support --by age --level 18-24
  topline explain study.toml minutes --statistic mean --lang de
  topline explain study.toml minutes --statistic quantile --option 0.9
  topline explain study.toml women_and_men
  topline explain study.toml purpose --format json | jq -r .r > figure.R")]
pub struct Explain {
    #[command(flatten)]
    file: StudyFile,
    /// Id of a question, or of a contrast
    #[arg(value_name = "QUESTION")]
    question: String,
    /// Code of an option, name of a net, or part of a quantile; the headline option, or the only one, unless given
    #[arg(long, value_name = "CODE")]
    option: Option<String>,
    /// Id of a segment
    #[arg(long, value_name = "SEGMENT", requires = "level")]
    by: Option<String>,
    /// Code of a level of the segment; all respondents unless given
    #[arg(long, value_name = "CODE", requires = "by")]
    level: Option<String>,
    /// What is explained: share, mean, net, nps, count, total, sd, ratio, median or quantile; a share, or the mean of a
    /// number, unless given
    #[arg(long, value_enum, value_name = "STATISTIC", hide_possible_values = true)]
    statistic: Option<Wish>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    precision: Precision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Wish {
    Share,
    Mean,
    Net,
    Nps,
    Count,
    Total,
    Sd,
    Ratio,
    Median,
    Quantile,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// One document with numbers at full precision
    Json,
}

/// What is explained, as an index of the study.
enum Subject {
    Question(usize),
    Contrast(usize),
}

impl Explain {
    pub fn run(&self, screen: &Screen, lang: Option<Language>) -> Result<(), Diagnostics> {
        let survey = self.file.open_with(&self.precision, screen)?;
        let study = &survey.study;
        let language = lang.unwrap_or(study.about.language);
        let question = match self.subject(study)? {
            Subject::Question(question) => question,
            Subject::Contrast(contrast) => {
                return contrast::explain(&survey, &published(&survey), contrast, self.format, screen, language);
            }
        };
        let level = self.level(&survey)?;
        let domain = level.map_or(0, |(segment, level)| survey.plan.levels(segment).start + level);
        let release = published(&survey);
        let released = &release.questions[question];
        let statistic = self.statistic(&study.questions[question], released)?;
        let figure = figure(released, domain, statistic)
            .ok_or_else(|| complaint("unknown-statistic", &unasked(&study.questions[question], statistic), None))?;
        if let Some(why) = figure.withheld() {
            let message = "this figure is withheld to protect respondents, and so is how it was computed";
            return Err(complaint("withheld", message, Some(rule(why, &study.publication))));
        }
        let steps = survey.estimator().steps(question, domain, statistic);
        let (Some(steps), Some(_)) = (steps, figure.shown()) else {
            return Err(complaint("nobody", "nobody is in the base of this figure", None));
        };
        let segment = level.map(|(segment, _)| segment);
        if steps.reading.is_some() && !below::may_be_told(&survey, question, segment, steps.estimate.value) {
            let message = "how this quantile was computed is withheld to protect respondents: it would tell of a few";
            return Err(complaint("withheld", message, Some(rule(Withheld::Cell, &study.publication))));
        }
        let further = released.domains.iter().flat_map(|domain| &domain.further);
        let alike = further.filter(|(known, _)| *known == statistic).map(|(_, figure)| figure);
        let unit = words::unit(statistic, alike, language);
        let printed = words::figure(&figure, unit, language);
        let record = records(&survey, &release).into_iter().find(|record| {
            let question = &study.questions[question];
            let at = level.map_or(("total", "total"), |(segment, level)| {
                let segment = &study.segments[segment];
                (segment.id.as_str(), segment.levels()[level].code.as_str())
            });
            record.question == question.id
                && record.option == name_of(question, statistic)
                && (record.segment.as_str(), record.level.as_str()) == at
                && record.statistic == statistic.name()
        });
        let Some(record) = record else {
            return Err(complaint("nobody", "the estimates have no such figure", None));
        };
        let account = Account::new(&survey, (question, level), record, steps);
        let script = r::script(&survey, &account)?;
        screen.print(&match self.format {
            Format::Text => text::print(&survey, &account, (&printed, unit), script.as_deref(), screen, language),
            Format::Json => account.to_json(&survey, &printed, script.as_deref()),
        })
    }

    /// What is called like that. A contrast is a figure by itself and takes no options.
    fn subject(&self, study: &Study) -> Result<Subject, Diagnostics> {
        let questions = study.questions.iter().map(|question| question.id.as_str());
        let contrasts = study.contrasts.iter().map(|contrast| contrast.id.as_str());
        let known: Vec<&str> = questions.chain(contrasts).collect();
        let kind = if study.contrasts.is_empty() { "question" } else { "question or contrast" };
        let index = chosen(std::slice::from_ref(&self.question), &known, kind)?[0];
        let Some(contrast) = index.checked_sub(study.questions.len()) else { return Ok(Subject::Question(index)) };
        if self.option.is_some() || self.level.is_some() || self.statistic.is_some() {
            let message = format!("`{}` is a contrast, whose cells are in the study file", self.question);
            let hint = "leave --option, --by, --level and --statistic out".to_owned();
            return Err(complaint("unfit-option", &message, Some(hint)));
        }
        Ok(Subject::Contrast(contrast))
    }

    fn level(&self, survey: &Survey) -> Result<Option<(usize, usize)>, Diagnostics> {
        let (Some(segment), Some(level)) = (&self.by, &self.level) else { return Ok(None) };
        let segment = chosen_segments(&survey.study, std::slice::from_ref(segment))?[0];
        let levels = survey.study.segments[segment].levels();
        let codes: Vec<&str> = levels.iter().map(|level| level.code.as_str()).collect();
        Ok(Some((segment, chosen(std::slice::from_ref(level), &codes, "level")?[0])))
    }

    fn statistic(&self, question: &Question, released: &ReleasedQuestion) -> Result<Statistic, Diagnostics> {
        let mean = if question.kind == Kind::Ratio { Statistic::Ratio } else { Statistic::Mean };
        let wish = self.statistic.unwrap_or(if question.kind.is_numeric() { Wish::Mean } else { Wish::Share });
        match wish {
            Wish::Share | Wish::Net | Wish::Count => self.of_option(question, released, wish),
            Wish::Quantile => self.quantile(question),
            _ if self.option.is_some() => {
                let message =
                    format!("`{}` of question `{}` is no figure of an option", statistic_name(wish), question.id);
                Err(complaint("unfit-option", &message, Some("leave --option out".to_owned())))
            }
            Wish::Mean => Ok(mean),
            Wish::Ratio => Ok(Statistic::Ratio),
            Wish::Nps => Ok(Statistic::NetPromoterScore),
            Wish::Total => Ok(Statistic::Total),
            Wish::Sd => Ok(Statistic::StandardDeviation),
            Wish::Median => Ok(Statistic::Quantile(0.5)),
        }
    }

    fn quantile(&self, question: &Question) -> Result<Statistic, Diagnostics> {
        let part = |further: &Further| if let Further::Quantile(part) = further { Some(*part) } else { None };
        let parts: Vec<f64> = question.further.iter().filter_map(part).collect();
        match (&self.option, parts.as_slice()) {
            (None, [only]) => Ok(Statistic::Quantile(*only)),
            (Some(text), [_, ..]) if text.parse().is_ok_and(|part| parts.contains(&part)) => {
                Ok(Statistic::Quantile(text.parse().unwrap_or_default()))
            }
            (_, []) => Err(complaint("unknown-statistic", &unasked(question, Statistic::Quantile(0.5)), None)),
            (option, _) => {
                let message = match option {
                    Some(text) => format!("question `{}` has no quantile `{text}`", question.id),
                    None => "name the part of a quantile with --option".to_owned(),
                };
                let parts: Vec<String> = parts.iter().map(f64::to_string).collect();
                let hint = format!("the question has {}", quoted_list(parts.iter().map(String::as_str)));
                Err(complaint("unknown-option", &message, Some(hint)))
            }
        }
    }

    fn of_option(
        &self,
        question: &Question,
        released: &ReleasedQuestion,
        wish: Wish,
    ) -> Result<Statistic, Diagnostics> {
        let Some(code) = &self.option else {
            let headline = released.headline(question).first().copied();
            return match (wish, headline) {
                (Wish::Share, Some(option)) => Ok(Statistic::Share(option)),
                (Wish::Count, Some(option)) => Ok(Statistic::Count(option)),
                (Wish::Net, _) if question.nets.len() == 1 => Ok(Statistic::Net(0)),
                _ => Err(complaint("unknown-option", "name an option, or a net, with --option", None)),
            };
        };
        let option = question.options.iter().position(|option| option.code == *code);
        let net = question.nets.iter().position(|net| net.id == *code);
        match (wish, option, net) {
            (Wish::Share, Some(option), _) => Ok(Statistic::Share(option)),
            (Wish::Count, Some(option), _) => Ok(Statistic::Count(option)),
            (Wish::Share | Wish::Net, _, Some(net)) => Ok(Statistic::Net(net)),
            _ => {
                let options = question.options.iter().map(|option| option.code.as_str());
                let nets = question.nets.iter().map(|net| net.id.as_str());
                let known: Vec<&str> = if wish == Wish::Net { nets.collect() } else { options.chain(nets).collect() };
                let hint = did_you_mean(code, known.iter().copied())
                    .unwrap_or_else(|| format!("the question has {}", quoted_list(known.iter().copied())));
                let message = format!("question `{}` has no `{code}`", question.id);
                Err(complaint("unknown-option", &message, Some(hint)))
            }
        }
    }
}

fn statistic_name(wish: Wish) -> String {
    wish.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// A figure of a question, where the study asks for it.
fn figure(released: &ReleasedQuestion, domain: usize, statistic: Statistic) -> Option<Figure> {
    let figures = &released.domains[domain];
    match statistic {
        Statistic::Share(option) => figures.shares.get(option).copied(),
        Statistic::Mean | Statistic::Ratio => mean(released, domain),
        _ => figures.further.iter().find(|(known, _)| *known == statistic).map(|(_, figure)| *figure),
    }
}

/// What stands in the column `option` of the tidy estimates.
fn name_of(question: &Question, statistic: Statistic) -> String {
    match statistic {
        Statistic::Share(option) | Statistic::Count(option) => question.options[option].code.clone(),
        Statistic::Net(net) => question.nets[net].id.clone(),
        Statistic::Quantile(part) => part.to_string(),
        _ => String::new(),
    }
}

fn unasked(question: &Question, statistic: Statistic) -> String {
    let (id, kind, name) = (&question.id, question.kind.name(), statistic.name());
    match statistic {
        Statistic::Mean | Statistic::Ratio | Statistic::Share(_) => {
            format!("question `{id}` is of kind `{kind}` and has no {name}")
        }
        Statistic::Quantile(part) => {
            let typed = if part == 0.5 { "\"median\"".to_owned() } else { part.to_string() };
            format!("the study does not ask for it: add statistics = [{typed}] to question `{id}`, of kind `{kind}`")
        }
        _ => {
            format!("the study does not ask for it: add statistics = [\"{name}\"] to question `{id}`, of kind `{kind}`")
        }
    }
}

/// The rule by which a figure is withheld, without its numbers.
fn rule(why: Withheld, rules: &Publication) -> String {
    let (minimum, very_low) = (rules.minimum_count, rules.very_low_base);
    match why {
        Withheld::Base => format!(
            "rule `base`: a base under {minimum} respondents, for a quantile under {very_low}, or one that would give away such a base by subtraction"
        ),
        Withheld::Cell => format!(
            "rule `cell`: under {minimum} respondents gave the answer, or under {minimum} did not, or all or none did in a base under {very_low}, or it would give away such a figure"
        ),
    }
}

fn complaint(code: &'static str, message: &str, hint: Option<String>) -> Diagnostics {
    Diagnostic::error(code, Place::File("command line".to_owned()), message).maybe_hint(hint).into()
}
