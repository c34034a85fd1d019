//! How the sample was weighted to the population, and what that did.

use super::{Block, Level, Section, Source};
use crate::{
    chart::{Chart, compose},
    disclosure::ReleasedWeighting,
    table::{figure_shifts, margin_shares, numbers, weight_steps},
    words::weighting as in_words,
};

/// How weights were made, in sentences; none where they were not fitted.
pub(super) fn description(source: &Source<'_>) -> Option<String> {
    let study = &source.survey.study;
    let released = ReleasedWeighting::of(source.survey)?;
    Some(in_words::description(study, study.weighting.as_ref()?, &released, source.language))
}

/// The margins as a chart and as tables, then the weights after each step, then how far the headline figures moved.
pub(super) fn section(source: &Source<'_>) -> Option<Section> {
    let (survey, language) = (source.survey, source.language);
    let released = ReleasedWeighting::of(survey)?;
    let weighting = survey.study.weighting.as_ref()?;
    let chart = compose::weighting(survey, &released, language).ok();
    let chart = chart.map(|chart| Block::Chart(Box::new(Chart { id: "weighting-chart".to_owned(), ..chart })));
    let margins = (0..weighting.margins.len()).map(|index| margin_shares(weighting, &released, index, language));
    let numbers = (!weighting.numbers.is_empty()).then(|| numbers(weighting, &released, language));
    let grids = margins.chain(numbers).chain([weight_steps(&released, language)]).map(Block::Grid);
    let moved = (!source.shifts.is_empty()).then(|| figure_shifts(&survey.study, source.shifts, language));
    let note = in_words::withheld(&released, source.shifts, language).map(Block::Note);
    let blocks = chart.into_iter().chain(grids).chain(moved.map(Block::Grid)).chain(note).collect();
    Some(Section::new("weighting", Level::Part, source.phrases.weighting, blocks))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::{
        disclosure::{release, shifts},
        report::{Report, markdown},
        study::Language::{self, De, En},
        survey::Survey,
    };

    fn report(language: Language) -> String {
        let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/weight/study.toml");
        let survey = Survey::open(&study, &mut |_, _| ()).expect("it is bundled");
        let (study, table) = (survey.study.clone(), survey.table.clone());
        let (weighted, base) = Survey::count_beside_base(study, table, &mut |_, _| ()).expect("it is counted");
        let release = release(&survey.study, &survey.plan, &survey.estimates());
        markdown::render(&Report::new(&survey, &release, &shifts(&weighted, &base), language))
    }

    #[test]
    fn precision_says_to_what_weights_were_fitted_and_what_it_cost() {
        let (german, english) = (report(De), report(En));
        for sentence in [
            "Die Stichprobe stimmt mit ihr überein in Alter × Geschlecht und Schulabschluss.",
            "Standardfehler sind aus dem linearisiert, was die Zielgrößen an einem Wert nicht erklären",
            "240\u{a0}/\u{a0}175\u{a0}=\u{a0}1,37",
            "Die Gewichte sind getrimmt: auf das 0,30- bis 2,50-Fache des Durchschnitts. Die Gewichte reichen",
            "Was sich durch die Gewichtung verschob",
            "| Kauft im Internet ein: Ja | 240 | 78,8\u{202f}% | 75,1\u{202f}% | −3,7 | 240 → 175 |",
        ] {
            assert!(german.contains(sentence), "{sentence}: {german}");
        }
        for sentence in [
            "Weights were fitted to the population by raking (iterative proportional fitting), so that the sample agrees \
             with it in Age × Sex and Education.",
            "standard errors are linearised from what the targets leave unexplained of a figure",
            "240\u{a0}/\u{a0}175\u{a0}=\u{a0}1.37",
            "Weights are trimmed to 0.30 to 2.50 times the average. Weights run",
            "What weighting moved",
            "| Shops online: Yes | 240 | 78.8% | 75.1% | −3.7 | 240 → 175 |",
        ] {
            assert!(english.contains(sentence), "{sentence}: {english}");
        }
    }
}
