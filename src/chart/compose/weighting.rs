//! Sample and population, before and after weighting.

use super::{Unsaid, axis, phrases};
use crate::{
    chart::{Chart, Compared, Mark, Panel, Point, Row},
    disclosure::{ReleasedLevel, ReleasedWeighting},
    estimate::everybody,
    study::{Language, weighting::Weighting},
    survey::Survey,
    words::{self, Term, weighting as in_words},
};

/// The levels of all margins: where they were in the sample, where weighting put them, and where they are in the population.
pub fn weighting(survey: &Survey, released: &ReleasedWeighting, language: Language) -> Result<Chart, Unsaid> {
    let study = &survey.study;
    let weighting = study.weighting.as_ref().filter(|weighting| !weighting.margins.is_empty());
    let Some(weighting) = weighting else { return Err(Unsaid::NoFigure) };
    let panels: Vec<Panel> = (0..weighting.margins.len())
        .map(|index| Panel {
            heading: Some(in_words::margin(weighting, &weighting.margins[index], language)),
            rows: rows(weighting, released, index, language),
            reference: None,
        })
        .collect();
    let all = || panels.iter().flat_map(|panel| &panel.rows);
    let values = all().flat_map(|row| {
        let compared = row.compared.map(|compared| [compared.before, compared.target]);
        compared.into_iter().flatten().flatten().chain(row.point.map(|point| point.value))
    });
    let highest = values.fold(0.0, f64::max);
    let bases = everybody(&survey.plan, &survey.tally, 0);
    let legend = language.choose(
        "Offene Kreise: Anteil vor der Gewichtung; Punkte: danach; Striche: Grundgesamtheit",
        "Open circles: share before weighting; dots: after it; strokes: population",
    );
    let withheld = format!("{}: {}", words::WITHHELD, phrases::withheld(language));
    let hides = all().any(|row| row.compared.is_some_and(|compared| compared.before.is_none()));
    let notes = [legend.to_owned()].into_iter().chain(hides.then_some(withheld)).collect();
    Ok(Chart {
        id: "weighting".to_owned(),
        title: title(&panels, hides, language),
        subtitle: language
            .choose(
                "Zusammensetzung der Stichprobe vor und nach der Gewichtung. Anteile in Prozent.",
                "Composition of the sample before and after weighting. Shares in percent.",
            )
            .to_owned(),
        description: description(&panels),
        source: phrases::source(study, Some(&bases), notes, language),
        warning: study.data.synthetic.then(|| words::term(Term::Synthetic, language).to_owned()),
        axis: axis::of_shares(highest, language),
        mark: Mark::Dot,
        panels,
    })
}

fn rows(weighting: &Weighting, released: &ReleasedWeighting, index: usize, language: Language) -> Vec<Row> {
    let (margin, shares) = (&weighting.margins[index], &released.margins[index]);
    let row = |label: String, level: &ReleasedLevel| {
        let before = level.before.map_or(words::WITHHELD.to_owned(), |share| words::points(share, 1, language));
        let text = level.after.map_or_else(
            || phrases::withheld(language).to_owned(),
            |after| format!("{before} → {}", words::percent(after, 1, language)),
        );
        Row {
            label,
            point: level.after.map(|value| Point { value, low: None, high: None }),
            text,
            faint: false,
            emphasis: false,
            compared: Some(Compared { before: level.before, target: level.target }),
        }
    };
    let levels = shares.levels.iter().enumerate();
    let levels = levels.map(|(cell, level)| row(in_words::level(weighting, margin, cell, language), level));
    let unknown = shares.unknown.iter().map(|level| row(in_words::unknown_of_all(language), level));
    levels.chain(unknown).collect()
}

/// The level that weighting moves most.
fn title(panels: &[Panel], hides: bool, language: Language) -> String {
    let moved = |row: &Row| Some((row.point?.value - row.compared?.before?).abs());
    let rows = panels.iter().flat_map(|panel| &panel.rows).filter_map(|row| Some((row, moved(row)?)));
    rows.max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or_else(
        || language.choose("Stichprobe und Grundgesamtheit", "Sample and population").to_owned(),
        |(row, _)| {
            // One that is withheld may have moved further.
            let head = if hides {
                language.choose(
                    "Von dem, was ausgewiesen ist, verschiebt die Gewichtung am stärksten",
                    "Of what is shown weighting moves most",
                )
            } else {
                language.choose("Am stärksten verschiebt die Gewichtung", "Weighting moves most")
            };
            format!("{head}: {} ({})", row.label, row.text)
        },
    )
}

fn description(panels: &[Panel]) -> String {
    let of_panel = |panel: &Panel| {
        let rows: Vec<String> = panel.rows.iter().map(|row| format!("{}: {}", row.label, row.text)).collect();
        format!("{} – {}.", panel.heading.as_deref().unwrap_or_default(), rows.join("; "))
    };
    panels.iter().map(of_panel).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::weighting;
    use crate::{disclosure::ReleasedWeighting, study::Language::En, survey::Survey};

    #[test]
    fn sample_and_population_are_drawn_as_far_as_they_may_be_shown() {
        let chart = |name: &str| {
            let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/weight").join(name);
            let survey = Survey::open(&study, &mut |_, _| ()).expect("it is bundled");
            let released = ReleasedWeighting::of(&survey).expect("it is weighted");
            weighting(&survey, &released, En).expect("it is drawn")
        };
        let shown = chart("study.toml");
        assert_eq!(shown.title, "Weighting moves most: 18–34 × Women (32.1 → 12.0%)");
        let rows = || shown.panels.iter().flat_map(|panel| &panel.rows);
        assert!(
            rows().all(|row| row.point.is_some() && row.compared.is_some_and(|compared| compared.before.is_some()))
        );
        assert!(shown.axis.max > 0.504, "the highest share before weighting is on the axis");
        let withheld = chart("small.toml");
        let [usage, education] = &withheld.panels[..] else { panic!("two margins") };
        let before = usage.rows.iter().map(|row| row.compared.and_then(|compared| compared.before).is_some());
        assert_eq!(before.collect::<Vec<bool>>(), [false, true, false]);
        assert_eq!(withheld.title, "Of what is shown weighting moves most: 2–4 (74.2 → 62.0%)");
        assert_eq!(usage.rows[2].text, "· → 3.0%");
        assert_eq!(education.rows[0].text, "49.8 → 40.0%");
        assert!(withheld.source.contains("·: withheld"));
    }
}
