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
    let notes = vec![
        language
            .choose(
                "Offene Kreise: Anteil vor der Gewichtung; Punkte: danach; Striche: Grundgesamtheit",
                "Open circles: share before weighting; dots: after it; strokes: population",
            )
            .to_owned(),
    ];
    Ok(Chart {
        id: "weighting".to_owned(),
        title: title(&panels, language),
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
    let unknown = shares.unknown.iter().map(|level| row(in_words::unknown(language).to_owned(), level));
    levels.chain(unknown).collect()
}

/// The level that weighting moves most.
fn title(panels: &[Panel], language: Language) -> String {
    let moved = |row: &Row| Some((row.point?.value - row.compared?.before?).abs());
    let rows = panels.iter().flat_map(|panel| &panel.rows).filter_map(|row| Some((row, moved(row)?)));
    rows.max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or_else(
        || language.choose("Stichprobe und Grundgesamtheit", "Sample and population").to_owned(),
        |(row, _)| {
            let head = language.choose("Am stärksten verschiebt die Gewichtung", "Weighting moves most");
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
