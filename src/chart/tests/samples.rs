//! Charts that are hard to lay out.

use crate::chart::{Axis, Chart, Mark, Panel, Point, Reference, Row, Tick};

/// Five answers, ranked, the first one in the headline.
pub fn ranked() -> Chart {
    let rows = [
        ("Kundenservice", 0.542, 0.032),
        ("Preis-Leistungs-Verhältnis", 0.42, 0.031),
        ("Auswahl an Produkten in der Filiale vor Ort", 0.28, 0.029),
        ("Lieferung", 0.27, 0.028),
        ("Nichts davon", 0.12, 0.021),
    ];
    let mut rows: Vec<Row> = rows.iter().map(|&(label, value, half)| share(label, value, half)).collect();
    rows[0].emphasis = true;
    chart("Mehr als die Hälfte wechselt wegen des Kundenservice", Mark::Bar, 0.7, vec![panel(None, rows)])
}

/// One share by age, compared with the total. The last group is too small to be sure, and one is withheld.
pub fn by_age() -> Chart {
    let ages = ["16–24", "25–34", "35–44", "45–54", "55–64", "65–74", "75+"];
    let mut rows: Vec<Row> = ages
        .iter()
        .enumerate()
        .map(|(index, label)| share(label, 0.31 + 0.035 * index as f64, 0.045 + 0.005 * index as f64))
        .collect();
    rows[5].faint = true;
    rows[6] = withheld("75+");
    let reference = Some(Reference { value: 0.424, label: "Gesamt 42,4\u{a0}%".to_owned() });
    chart("Ältere sind zufriedener", Mark::Dot, 0.7, vec![Panel { heading: None, rows, reference }])
}

/// Five items with the same six answers.
pub fn multiples() -> Chart {
    let items = ["Kundenservice", "Preis", "Auswahl", "Lieferung und Rückgabe", "Nachhaltigkeit der Produkte"];
    let answers =
        ["Sehr zufrieden", "Eher zufrieden", "Teils/teils", "Eher unzufrieden", "Sehr unzufrieden", "Weiß nicht"];
    let panels = items.iter().enumerate().map(|(item, heading)| {
        let rows = answers.iter().enumerate().map(|(answer, label)| {
            let value = [0.32, 0.27, 0.18, 0.11, 0.07, 0.05][(answer + item) % 6];
            share(label, value, 0.02 + value / 20.0)
        });
        panel(Some(heading), rows.collect())
    });
    chart("Der Service überzeugt, die Lieferung nicht", Mark::Bar, 0.4, panels.collect())
}

/// Groups that are withheld, long labels, a reference line and a low base in panels with rows of their own.
pub fn segments() -> Chart {
    let education = [
        "Hauptschulabschluss oder kein Abschluss",
        "Mittlere Reife oder Polytechnische Oberschule",
        "Abitur oder Fachhochschulreife",
        "Hochschulabschluss",
    ];
    let mut first: Vec<Row> =
        education.iter().enumerate().map(|(index, label)| share(label, 0.35 + 0.05 * index as f64, 0.05)).collect();
    first[0] = withheld(education[0]);
    first[1].faint = true;
    let second = vec![share("Frauen", 0.44, 0.03), share("Männer", 0.41, 0.03), withheld("Divers")];
    let third = ["Baden-Württemberg", "Mecklenburg-Vorpommern", "Nordrhein-Westfalen"];
    let third = third.iter().map(|label| share(label, 0.4, 0.1)).collect();
    let reference = Some(Reference { value: 0.424, label: "Gesamt 42,4\u{a0}%".to_owned() });
    let panels = [("Bildung", first), ("Geschlecht", second), ("Bundesland", third)].map(|(heading, rows)| Panel {
        heading: Some(heading.to_owned()),
        rows,
        reference: reference.clone(),
    });
    chart("Zufriedenheit nach Gruppen", Mark::Dot, 0.6, panels.into())
}

/// Twenty rows with labels of very different length; some are withheld, some faint.
pub fn many() -> Chart {
    let words = "Anbieter mit einem ziemlich langen Namen, der in keine Zeile passen will und daher umbricht";
    let rows = (0..20).map(|index| {
        let label: String = words.chars().take(8 + (index * 7) % 60).collect();
        let mut row = share(label.trim(), 0.68 - 0.033 * index as f64, 0.03);
        row.faint = index % 5 == 3;
        row.emphasis = index == 4;
        if index % 9 == 7 { withheld(label.trim()) } else { row }
    });
    chart("Zwanzig Anbieter im Vergleich", Mark::Bar, 0.75, vec![panel(None, rows.collect())])
}

/// A single row, without warning.
pub fn single() -> Chart {
    let mut chart =
        chart("Drei von vier sind zufrieden", Mark::Bar, 1.0, vec![panel(None, vec![share("Zufrieden", 0.75, 0.02)])]);
    chart.warning = None;
    chart
}

/// Nothing may be shown.
pub fn all_withheld() -> Chart {
    chart("Zu wenige Interviews", Mark::Bar, 0.5, vec![panel(None, vec![withheld("Ja"), withheld("Nein")])])
}

/// Intervals that leave the axis, values at both of its ends, a text that needs escaping and one word without end.
pub fn extreme() -> Chart {
    let endless = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let rows = vec![
        share("Müller & Söhne <\"GmbH\">", 0.0, 0.0),
        share(endless, 0.5, 0.3),
        share("It's 100\u{202f}%", 0.6, 0.0),
        Row { point: Some(Point { value: 0.2, low: None, high: None }), ..share("Ohne Intervall", 0.2, 0.0) },
    ];
    chart("Werte < 10 & > 20", Mark::Bar, 0.6, vec![panel(None, rows)])
}

/// Means on a scale from 1 to 5, with intervals in the text.
pub fn means() -> Chart {
    let rows = ["Service", "Preis", "Auswahl der Produkte im Geschäft"].iter().enumerate().map(|(index, label)| {
        let value = 2.1 + 0.9 * index as f64;
        let text = format!("{value:.1} ({:.1}–{:.1})", value - 0.15, value + 0.15).replace('.', ",");
        Row { text, ..share(label, value, 0.15) }
    });
    let mut chart = chart("Mittlere Zufriedenheit", Mark::Dot, 5.0, vec![panel(None, rows.collect())]);
    let ticks = ["1 sehr unzufrieden", "2", "3", "4", "5 sehr zufrieden"];
    let ticks = ticks.iter().enumerate().map(|(index, label)| tick(1.0 + index as f64, (*label).to_owned()));
    chart.axis = Axis { min: 1.0, max: 5.0, ticks: ticks.collect() };
    chart
}

/// All of them, by name.
pub fn all() -> Vec<(&'static str, Chart)> {
    vec![
        ("ranked", ranked()),
        ("by_age", by_age()),
        ("multiples", multiples()),
        ("segments", segments()),
        ("many", many()),
        ("single", single()),
        ("all_withheld", all_withheld()),
        ("extreme", extreme()),
        ("means", means()),
    ]
}

fn chart(title: &str, mark: Mark, max: f64, panels: Vec<Panel>) -> Chart {
    let ticks = (0..=10).map(|tenth| f64::from(tenth) / 10.0).filter(|&value| value <= max);
    Chart {
        id: "q1".to_owned(),
        title: title.to_owned(),
        subtitle: "„Welche der folgenden Gründe waren für Sie ausschlaggebend, als Sie im letzten Jahr Ihren Anbieter \
                   gewechselt haben oder wechseln wollten?“ Mehrfachnennungen, Wechsler ab 16 Jahren, Anteile in Prozent"
            .to_owned(),
        description: "Balkendiagramm mit Anteilen und 95-%-Intervallen.".to_owned(),
        source: "n = 1\u{202f}204 (ungewichtet), Feldzeit 3. bis 17. März 2025, gewichtet nach Alter, Geschlecht und \
                 Bildung. Striche: 95-%-Konfidenzintervalle. Blasse Zeichen: weniger als 100 Befragte."
            .to_owned(),
        warning: Some("Synthetische Daten".to_owned()),
        axis: Axis {
            min: 0.0,
            max,
            ticks: ticks.map(|value| tick(value, format!("{:.0}\u{a0}%", value * 100.0))).collect(),
        },
        mark,
        panels,
    }
}

fn tick(value: f64, label: String) -> Tick {
    Tick { value, label }
}

fn panel(heading: Option<&str>, rows: Vec<Row>) -> Panel {
    Panel { heading: heading.map(str::to_owned), rows, reference: None }
}

fn share(label: &str, value: f64, half: f64) -> Row {
    Row {
        label: label.to_owned(),
        point: Some(Point { value, low: Some((value - half).max(0.0)), high: Some(value + half) }),
        text: format!("{:.1}\u{a0}%", value * 100.0).replace('.', ","),
        faint: false,
        emphasis: false,
        compared: None,
    }
}

fn withheld(label: &str) -> Row {
    let text = "nicht ausgewiesen (n\u{a0}<\u{a0}30)".to_owned();
    Row { label: label.to_owned(), point: None, text, faint: false, emphasis: false, compared: None }
}
