//! German.

use super::{Counted, Phrases};

pub(super) const PHRASES: Phrases = Phrases {
    skip: "Zum Inhalt springen",
    contents: "Inhalt",
    footer: "Erstellt mit topline {version}. Gleiche Eingaben ergeben denselben Bericht, Zeichen für Zeichen.",
    finding_base: "{base}: {label}, n\u{a0}=\u{a0}{n}. {interval}: {limits}.",
    no_interval: "nicht bestimmbar",

    headline: "Die wichtigsten Zahlen",
    nothing_shown: "aus Datenschutzgründen ist hier kein Wert ausgewiesen.",

    published: "Veröffentlicht und nachgerechnet",
    published_intro: "Veröffentlichte Anteile neben den Anteilen, die sich aus den vorliegenden Antworten ergeben, \
                      jeweils auf der Basis, auf der sie erhoben wurden.",
    published_synthetic: "Die Antworten sind synthetisch. Die Übereinstimmung zeigt daher nur, dass sie die \
                          veröffentlichten Anteile nachbilden; sie bestätigt die Veröffentlichung nicht.",
    published_found: Counted {
        one: "{count} veröffentlichter Anteil, davon im Intervall: {inside}.",
        other: "{count} veröffentlichte Anteile, davon im Intervall: {inside}.",
    },
    published_share: "Veröffentlicht",
    reproduced_share: "Nachgerechnet",
    limits: "Intervall in\u{a0}%",
    inside: "Im Intervall",
    yes: "ja",
    no: "nein",

    questions: "Frage für Frage",
    wording: "Wortlaut",
    measured: "Gemessen",
    form: "Antwortform",
    single: "eine Antwort",
    multiple: "mehrere Antworten möglich",
    scale: "Skala",
    number: "Zahl",
    ratio: "Verhältnis zweier Zahlen",
    all_answers: "Alle Antworten",
    all_results: "Alle Ergebnisse",
    value: "Wert",
    small_figures: "Kleine Ziffern: Konfidenzintervalle.",
    scroll: "Die Tabelle ist breiter als der Bildschirm: seitlich verschieben\u{a0}→",

    method: "Wie die Studie entstanden ist",
    population: "Grundgesamtheit",
    sample: "Art der Stichprobe",
    probability: "Zufallsstichprobe: Die Chance, ausgewählt zu werden, war für alle bekannt.",
    simulated: "Keine Stichprobe: Die Antworten sind simuliert.",
    opt_in: "Stichprobe mit Selbstauswahl: Die Befragten haben sich selbst zur Teilnahme entschieden, etwa in einem \
             Panel.",
    conducted_by: "Durchgeführt von",
    sponsor: "Auftrag und Finanzierung",
    frame: "Auswahlgrundlage",
    recruitment: "Rekrutierung",
    mode: "Erhebungsweise",
    fieldwork: "Feldzeit",
    size: "Stichprobengröße",
    respondents: Counted { one: "{count} befragte Person", other: "{count} Befragte" },
    made_up: Counted {
        one: "{count} erzeugte Antwort; niemand wurde befragt",
        other: "{count} erzeugte Antworten; niemand wurde befragt",
    },
    without_weight: Counted {
        one: "{count} befragte Person mit dem Gewicht 0 zählt nirgends",
        other: "{count} Befragte mit dem Gewicht 0 zählen nirgends",
    },
    weighting: "Gewichtung",
    not_weighted: "Nicht gewichtet",
    quality: "Qualitätsprüfung",
    excluded: "Aus allen Zahlen ausgeschlossen, der Reihe nach: {reasons}.",
    limitations: "Grenzen der Aussagekraft",
    contact: "Kontakt",
    notes: "Anmerkungen",
    bases: "Fallzahlen",
    bases_caption: "Fallzahlen der Fragen; die der Gruppen stehen unter jeder Tabelle",
    absences_caption: "Befragte außerhalb der Basis einer Frage, nach Grund",
    absences_note: "Wer nicht gefragt wurde, gehört nicht zur Basis. Die übrigen Gründe gelten für Befragte, die nach der Basis \
                    gefragt waren; heißt es dort, die Frage sei nicht gezeigt worden, widersprechen sich Basis und Daten. Eine \
                    nicht gewählte Antwort unter mehreren möglichen ist kein solcher Grund: Sie zählt als nein.",
    not_asked: "nicht gefragt",
    missing: "Was die Studie nicht offenlegt",
    missing_items: Counted {
        one: "{count} Angabe, die zu einer veröffentlichten Umfrage gehört, fehlt in der Studiendatei:",
        other: "{count} Angaben, die zu einer veröffentlichten Umfrage gehören, fehlen in der Studiendatei:",
    },
    missing_none: "Die Studiendatei macht alle Angaben, die zu einer veröffentlichten Umfrage gehören.",

    precision: "Gewichtung und Genauigkeit",
    equal_weights: "Alle Befragten zählen gleich: Es gibt keine Gewichte. Die effektive Fallzahl ist die Fallzahl, \
                    n\u{a0}=\u{a0}{n}.",
    calibrated: "Die Gewichte wurden durch {method} an die Grundgesamtheit angepasst: Die Stichprobe stimmt mit ihr überein in \
                 {margins}.",
    residuals: "Die Intervalle berücksichtigen das: Standardfehler sind aus dem linearisiert, was die Zielgrößen an einem Wert \
                nicht erklären (Deville und Särndal 1992).",
    refitted: "Die Intervalle berücksichtigen das: Die Gewichte jedes Replikats wurden neu angepasst.",
    gain: "Das ist der Preis für Werte, die die Zielgrößen nicht erklären; was sie gut erklären, ist genauer.",
    weight_range: "Die Gewichte reichen vom {low}-Fachen bis zum {high}-Fachen des durchschnittlichen Gewichts.",
    kish: "Der Designeffekt der Gewichtung nach Kish beträgt {n}\u{a0}/\u{a0}{effective}\u{a0}=\u{a0}{effect} \
           (Fallzahl durch effektive Fallzahl): Die Stichprobe ist, was die Gewichte angeht, so genau wie eine \
           ungewichtete mit {effective} Befragten.",
    plan: "Stichprobenplan: {strata}; {units}; {degrees}.",
    stages: "Die Befragten wurden in {count} Stufen ausgewählt, die alle in die Fehler eingehen.",
    unequal_chances: "Die Einheiten wurden mit ungleichen Wahrscheinlichkeiten ohne Zurücklegen gezogen (Varianz nach \
                      Brewers Näherung).",
    strata: Counted { one: "{count} Schicht", other: "{count} Schichten" },
    no_strata: "keine Schichtung",
    units: Counted { one: "{count} Auswahleinheit", other: "{count} Auswahleinheiten" },
    every_respondent: "jede befragte Person ist eine eigene Auswahleinheit",
    degrees: Counted { one: "{count} Freiheitsgrad", other: "{count} Freiheitsgrade" },
    degrees_of_domain: "Die Freiheitsgrade eines Werts sind die der Einheiten und Schichten, aus denen jemand in seiner Basis \
                        ist.",
    degrees_of_strata: "Die Freiheitsgrade eines Werts sind die der Schichten, aus denen jemand in seiner Basis ist, mit \
                        allen ihren Einheiten.",
    like: "Wo Auswertungsprogramme sich unterscheiden und hier nichts anderes steht, gelten die Definitionen von {system}.",
    finite: "Die Größe der endlichen Grundgesamtheit ist berücksichtigt.",
    errors: "Standardfehler sind linearisiert (Taylor-Reihe, Binder 1983). Gewichte und Stichprobenplan gehen in sie \
             ein{in_intervals}.",
    replicated: "Standardfehler stammen aus {count} Replikatgewichten ({replicates}): Sie geben an, wie stark ein Wert über \
                 Stichproben streut, wie sie auch hätten ausfallen können. Gewichte und Stichprobenplan gehen in sie \
                 ein{in_intervals}.",
    plan_of_replicates: "Der Stichprobenplan steckt in den Replikatgewichten; {degrees}.",
    in_intervals: ", der Designeffekt ist also in allen Intervallen enthalten",
    logit: "Konfidenzintervalle von Anteilen sind auf der Logit-Skala mit Quantilen der {quantile} berechnet (Korn \
            und Graubard 1999, S.\u{a0}64) und bleiben daher stets zwischen 0 und 100\u{202f}%.",
    wald: "Konfidenzintervalle von Anteilen sind der Anteil plus und minus Standardfehler mal Quantil der \
           {quantile} (Wald).",
    wilson: "Konfidenzintervalle von Anteilen folgen Wilson (1927), mit der effektiven Fallzahl und Quantilen der \
             {quantile}.",
    arcsine: "Konfidenzintervalle von Anteilen sind auf der Skala des Arkussinus der Wurzel berechnet, mit Quantilen \
              der {quantile}.",
    likelihood: "Konfidenzintervalle von Anteilen enthalten die Werte, die ein Likelihood-Quotient mit der effektiven \
                 Fallzahl nicht verwirft (Rao und Scott 1984), mit Quantilen der {quantile}.",
    korn_graubard: "Konfidenzintervalle von Anteilen folgen Clopper und Pearson mit der effektiven Fallzahl (Korn und \
                    Graubard 1998, S.\u{a0}193).",
    nchs: "Konfidenzintervalle von Anteilen folgen Clopper und Pearson mit der effektiven Fallzahl, die höchstens so \
           groß wie die Fallzahl angesetzt wird (Parker et al. 2017). Wo niemand oder alle so geantwortet haben, gilt \
           die Fallzahl.",
    clopper_pearson: "Konfidenzintervalle von Anteilen folgen Clopper und Pearson (1934).",
    agresti_coull: "Konfidenzintervalle von Anteilen folgen Agresti und Coull (1998).",
    jeffreys: "Konfidenzintervalle von Anteilen beruhen auf der A-priori-Verteilung von Jeffreys (Brown, Cai und \
               DasGupta 2001).",
    independent: "Sie behandeln Antworten als unabhängige Ziehungen: Anteil und Fallzahl gehen ein, Gewichte, \
                  Schichten und Auswahleinheiten nicht.",
    student: "t-Verteilung",
    normal: "Normalverteilung",
    extremes: "Wo niemand oder alle so geantwortet haben, gilt das Intervall nach Clopper und Pearson auf der \
               effektiven Fallzahl.",
    means: "Konfidenzintervalle von Mittelwerten sind der Mittelwert plus und minus Standardfehler mal Quantil der \
            {quantile}.",
    quantiles: "Die von Medianen und anderen Quantilen sind die Grenzen des Anteils der Antworten bis zu ihnen ({kind}), \
                abgelesen wie das Quantil selbst (Woodruff 1952).",
    all_intervals: "Die Intervalle aller Werte, auch die der Gruppen, gibt „topline estimates“ aus.",
    level: "Das Konfidenzniveau beträgt {level}.",
    precise_probability: "Die Intervalle beschreiben den Stichprobenfehler: Bei wiederholter Ziehung enthielten \
                          {level} solcher Intervalle den Wert der Grundgesamtheit. Andere Fehler, etwa durch \
                          Ausfälle, Wortlaut oder Erfassung, enthalten sie nicht.",
    precise_simulated: "Die Antworten sind simuliert. Die Intervalle sind so breit, wie sie bei ebenso vielen echten \
                        Antworten wären; über Menschen sagen sie nichts.",
    precise_opt_in: "Die Befragten haben sich selbst zur Teilnahme entschieden; einen Stichprobenfehler, der aus der \
                     Auswahl folgt, gibt es daher nicht. Die Intervalle sind modellbasiert: Sie setzen voraus, dass \
                     sich die Befragten nach der Gewichtung von der Grundgesamtheit nur zufällig \
                     unterscheiden{effect}. Ob das zutrifft, lässt sich aus den Antworten nicht ablesen.",
    effect: ", und schließen den Designeffekt ein",
    precise_undeclared: "Die Art der Stichprobe ist nicht angegeben. Als Stichprobenfehler dürfen die Intervalle nur \
                         gelesen werden, wenn die Befragten zufällig ausgewählt wurden.",

    protection: "Schutz der Befragten",
    minimum: "Ausgewiesen wird nur, was auf mindestens {minimum} Befragten beruht: Ein Anteil fehlt, wenn weniger als \
              {minimum} so geantwortet haben, wenn weniger als {minimum} anders geantwortet haben oder wenn weniger \
              als {minimum} in der Basis sind. In Basen unter {very_low} fehlen auch Anteile von 0 und 100\u{202f}%.",
    no_minimum: "Die Studiendatei verlangt keine Mindestfallzahl; kein Wert wird wegen kleiner Fallzahlen \
                 zurückgehalten.",
    withheld: Counted {
        one: "{count} von {figures} Werten ist nicht ausgewiesen. Gründe:",
        other: "{count} von {figures} Werten sind nicht ausgewiesen. Gründe:",
    },
    withheld_none: "Kein Wert musste zurückgehalten werden; ausgewiesen sind {figures}.",
    withheld_base: "Basis zu klein: {count}",
    withheld_cell: "zu wenige mit oder ohne diese Antwort, oder ein solcher Wert ließe sich sonst ausrechnen: {count}",
    complement: "Ein zurückgehaltener Wert darf sich nicht aus den übrigen ergeben. Deshalb fehlen weitere, bis \
                 keine Differenz mehr eine kleine Fallzahl verrät. Geprüft wird jede Tabelle für sich.",
    columns: Counted {
        one: "Von der Datei mit den Antworten ist nur die {count} Spalte ausgewertet, die die Studiendatei nennt.",
        other: "Von der Datei mit den Antworten sind nur die {count} Spalten ausgewertet, die die Studiendatei nennt.",
    },
    scope: "Der Bericht enthält keine Angaben zu einzelnen Personen.",

    symbols: "Zeichenerklärung",
    interval_mark: "von der unteren bis zur oberen Grenze des Konfidenzintervalls",
};
