"""Makes the samples of survey platforms: their documented layouts, rebuilt by hand, with made-up answers.

python3 tests/files/platforms.py    (needs openpyxl for the workbook)
"""

import csv
import json
import random
from pathlib import Path

HERE = Path(__file__).parent
ROWS = 60


def write(name, rows, separator=","):
    with open(HERE / name, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator, lineterminator="\n").writerows(rows)


def people(seed):
    chance = random.Random(seed)
    for number in range(1, ROWS + 1):
        yield number, chance


def stamp(number):
    return f"2026-03-{2 + number // 20:02d} {8 + number % 10:02d}:{number % 60:02d}:07"


def some(chance, choices, part=0.45):
    return [choice for choice in choices if chance.random() < part]


def qualtrics():
    meta = [("StartDate", "Start Date", "startDate"), ("EndDate", "End Date", "endDate"), ("Status", "Response Type", "status"),
            ("IPAddress", "IP Address", "ipAddress"), ("Progress", "Progress", "progress"),
            ("Duration (in seconds)", "Duration (in seconds)", "duration"), ("Finished", "Finished", "finished"),
            ("RecordedDate", "Recorded Date", "recordedDate"), ("ResponseId", "Response ID", "_recordId"),
            ("RecipientLastName", "Recipient Last Name", "recipientLastName"), ("RecipientFirstName", "Recipient First Name", "recipientFirstName"),
            ("RecipientEmail", "Recipient Email", "recipientEmail"), ("ExternalReference", "External Data Reference", "externalDataReference"),
            ("LocationLatitude", "Location Latitude", "locationLatitude"), ("LocationLongitude", "Location Longitude", "locationLongitude"),
            ("DistributionChannel", "Distribution Channel", "distributionChannel"), ("UserLanguage", "User Language", "userLanguage")]
    german = ["Anfangsdatum", "Enddatum", "Antworttyp", "IP-Adresse", "Aktueller Stand", "Dauer (in Sekunden)", "Beendet",
              "Erfassungsdatum", "Antwort-ID", "Nachname des Empfängers", "Vorname des Empfängers", "E-Mail des Empfängers",
              "Externe Datenreferenz", "Breitengrad des Standorts", "Längengrad des Standorts", "Verteilungskanal", "Benutzersprache"]

    def about(number, text):
        preview = number % 20 == 0
        status = ("Survey Preview" if preview else "IP Address") if text else (1 if preview else 0)
        return [stamp(number), stamp(number), status, f"192.0.2.{number}", 100, 100 + number * 7 % 240, "True" if text else 1,
                stamp(number), f"R_{number * 7919 + 10**6:015d}", "", "", f"p{number}@example.org", "", f"52.{number:03d}", f"13.{number:03d}",
                "preview" if preview else "anonymous", "EN" if text else "DE"]

    def header(questions, wordings=None):
        names = [name for name, *_ in meta] + [question[0] for question in questions]
        texts = (wordings or [text for _, text, _ in meta]) + [question[1] for question in questions]
        ids = [{"ImportId": id, **({"timeZone": "Europe/Berlin"} if "Date" in id else {})} for *_, id in meta]
        ids += [question[2] if isinstance(question[2], dict) else {"ImportId": question[2]} for question in questions]
        return [names, texts, [json.dumps(id, separators=(",", ":")) for id in ids]]

    # Choice text, seen but unanswered as -99, suffixes of columns that differ from the ids of choices.
    use = "<p>Which of these <strong>brands</strong>\nhave you used?&nbsp;Tick all that apply.</p>"
    brands = [("1", "3", "Acme"), ("2", "7", "Bolt & Co"), ("3", "9", "Core - Classic"), ("4", "10", "Other (please specify):")]
    questions = [("Q1", "What is your gender?", "QID1"), ("Q2", "How satisfied are you with our\r\nservice overall?", "QID2")]
    questions += [(f"Q13_{at}", f"{use} - Selected Choice - {text}", {"ImportId": "QID20", "choiceId": id}) for at, id, text in brands]
    questions += [("Q13_4_TEXT", f"{use} - Other (please specify): - Text", "QID20_10_TEXT")]
    questions += [("Q14_1", "Please rate our shop. - Price", "QID21_1"), ("Q14_2", "Please rate our shop. - Quality", "QID21_2")]
    questions += [("Q15", "How much did you spend (in euros)?", "QID22_TEXT"), ("Q16", "Anything else?", "QID23_TEXT"),
                  ("Q17_First Click", "Timing - First Click", "QID24_FIRST_CLICK"), ("Q17_Last Click", "Timing - Last Click", "QID24_LAST_CLICK"),
                  ("Q17_Page Submit", "Timing - Page Submit", "QID24_PAGE_SUBMIT"), ("Q17_Click Count", "Timing - Click Count", "QID24_CLICK_COUNT"),
                  ("Q13_DO_1", "Which brands? - Display Order", {"ImportId": "QID20_DO", "choiceId": "3"}), ("source", "source", "source")]
    rows = header(questions)
    steps = ["Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied"]
    marks = ["Poor", "Fair", "Good", "Excellent"]
    for number, chance in people(1):
        row = about(number, True) + [chance.choice(["Female", "Male"]), -99 if number % 15 == 0 else chance.choice(steps)]
        user = number % 5 != 0
        chosen = some(chance, [text for *_, text in brands]) if user else []
        row += [(text if text in chosen else -99) if user else "" for *_, text in brands]
        row += [f"brand {number}" if brands[3][2] in chosen else ("" if not user else -99)]
        row += [chance.choice(marks) if user else "", (chance.choice(marks) if number % 7 else -99) if user else ""]
        row += [chance.randint(5, 90), "All fine, thank you." if number % 9 == 0 else -99]
        row += [chance.random().__round__(3), 2.5, 3.1, 2, 1 + number % 3, "panel A" if number % 2 else "panel B"]
        rows.append(row)
    write("qualtrics/choice-text.csv", rows)

    # Numbers, the older ids of multiple responses, no code for what was left, several answers in a cell; German, tabs.
    questions = [("Q1", "Welches Geschlecht haben Sie?", "QID1"), ("Q2", "Wie wahrscheinlich empfehlen Sie uns weiter?", "QID2"),
                 ("Q2_NPS_GROUP", "Wie wahrscheinlich empfehlen Sie uns weiter? - Gruppe", "QID2_NPS_GROUP")]
    questions += [(f"Q13_{at}", f"Welche Marken kennen Sie? - {text}", f"QID20_{id}") for at, id, text in [(1, 3, "Acme"), (2, 7, "Bolt"), (3, 9, "Keine davon")]]
    questions += [("Q14", "Was kaufen Sie bei uns?", "QID25")]
    rows = header(questions, german)
    for number, chance in people(2):
        known = [brand for brand in (0, 1) if chance.random() < 0.6]
        score = chance.randint(0, 10)
        row = about(number, False) + [chance.choice([1, 2]), score, 1 + (score > 6) + (score > 8)]
        row += [1 if at in (known or [2]) else "" for at in range(3)]
        row += [",".join(map(str, some(chance, [1, 2, 3, 4]))) or 4]
        rows.append(row)
    write("qualtrics/numbers.tsv", rows, "\t")
    # The same from a German Excel.
    write("qualtrics/numbers-semicolons.csv", rows, ";")

    # The oldest layout: V1 to V10, two rows, a column without a name at the end.
    rows = [[f"V{at}" for at in range(1, 11)] + ["Q1", "Q2_1", "Q2_2", "LocationLatitude", "LocationLongitude", "LocationAccuracy", ""],
            ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate", "EndDate", "Finished",
             "Do you own a car?", "How far do you agree? - Cars are cheap", "How far do you agree? - Cars are fast",
             "LocationLatitude", "LocationLongitude", "LocationAccuracy", ""]]
    for number, chance in people(3):
        rows.append([f"R_{number * 7919 + 10**6:015d}", "Default Response Set", "Anonymous", "", "", f"192.0.2.{number}", 0, stamp(number), stamp(number), 1,
                     chance.choice([1, 2]), chance.randint(1, 5), chance.randint(1, 5), f"52.{number:03d}", f"13.{number:03d}", -1, ""])
    write("qualtrics/legacy.csv", rows)


def survey_monkey():
    about = ["Respondent ID", "Collector ID", "Date Created", "Date Modified", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1"]
    films, marks = ["A New Hope", "The Empire Strikes Back", "Return of the Jedi"], ["Very favorably", "Neutral", "Very unfavorably"]
    rows = [about + ["Are you a fan?", "Which of these films have you seen? Please select all that apply.", "", "", "", "How do you view these characters?", "", "Why?", "Gender"],
            [""] * len(about) + ["Response", *films, "Other (please specify)", "Han Solo", "Luke Skywalker", "Open-Ended Response", "Response"]]
    for number, chance in people(4):
        seen = some(chance, films, 0.6)
        rows.append([118000000000 + number * 7919, 401, stamp(number), stamp(number), f"192.0.2.{number}", "", "", "", "", chance.choice(["Yes", "No"]),
                     *[film if film in seen else "" for film in films], f"film {number}" if number % 11 == 0 else "",
                     chance.choice(marks), chance.choice(marks), "I like it a lot." if number % 8 == 0 else "", chance.choice(["Female", "Male"])])
    write("surveymonkey/answers.csv", rows)
    about = ["Befragten-ID", "Collector-ID", "Startdatum", "Enddatum", "IP-Adresse", "E-Mail-Adresse", "Vorname", "Nachname", "Benutzerdefinierte Daten 1"]
    rows = [about + ["Wie zufrieden sind Sie?", "Was nutzen Sie?", "", "", "Geschlecht"],
            [""] * len(about) + ["Antwort", "E-Mail", "Telefon", "Sonstiges (bitte angeben)", "Antwort"]]
    for number, chance in people(5):
        # Numbers instead of texts: in a column of a multiple response the number of its choice.
        rows.append([118000000000 + number * 7919, 402, stamp(number), stamp(number), f"192.0.2.{number}", f"p{number}@example.org", "", "", "",
                     chance.randint(1, 5), 1 if chance.random() < 0.7 else "", 2 if chance.random() < 0.4 else "",
                     f"Brief {number}" if number % 9 == 0 else "", chance.choice([1, 2])])
    write("surveymonkey/zahlen.csv", rows, ";")


def google_forms():
    breads = ["Brot, Brötchen", "Käse", "Obst und Gemüse"]
    rows = [["Zeitstempel", "E-Mail-Adresse", "Was kaufen Sie auf dem Markt?", "Wie zufrieden sind Sie? [Preise]", "Wie zufrieden sind Sie? [Auswahl]", "Altersgruppe"]]
    for number, chance in people(6):
        bought = some(chance, breads) + ([f"Blumen Nr. {number}"] if number % 12 == 0 else [])
        rows.append([f"{2 + number // 20:02d}.03.2026 {8 + number % 10:02d}:{number % 60:02d}:07", f"p{number}@example.org", ", ".join(bought),
                     chance.choice(["zufrieden", "unzufrieden"]), chance.choice(["zufrieden", "unzufrieden"]), chance.choice(["18-29", "30-59", "60+"])])
    write("google-forms/tabelle.csv", rows)
    write("google-forms/tabelle-semikolon.csv", rows, ";")
    rows = [["Timestamp", "Which snacks do you buy?", "How often do you buy snacks?"]]
    for number, chance in people(7):
        bought = some(chance, ["Chips, salted", "Nuts", "Chocolate"]) + ([f"my own, number {number}"] if number % 13 == 0 else [])
        rows.append([f"2026/03/{2 + number // 20:02d} {8 + number % 4}:{number % 60:02d}:07 AM GMT+1", ";".join(bought), chance.choice(["Daily", "Weekly", "Never"])])
    write("google-forms/form.csv", rows)


def microsoft_forms():
    rows = [["ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "Welche Kanäle nutzen Sie?\u00a0", "Beratung", "Preise", "Ordnen Sie nach Wichtigkeit"]]
    likert = ["Stimme nicht zu", "Teils/teils", "Stimme zu"]
    for number, chance in people(8):
        order = ["Preis", "Service", "Auswahl"]
        chance.shuffle(order)
        channels = some(chance, ["E-Mail", "Telefon", "Filiale"]) + ([f"per Brief {number}"] if number % 14 == 0 else [])
        rows.append([number, f"{stamp(number)}", f"{stamp(number)}", "anonymous", "", "".join(channel + ";" for channel in channels),
                     chance.choice(likert), chance.choice(likert), "".join(part + ";" for part in order)])
    write("microsoft-forms/antworten.csv", rows, ";")
    import openpyxl

    rows[0] = ["ID", "Start time", "Completion time", "Email", "Name", "Which channels do you use?\u00a0", "Advice", "Prices", "Rank these"]
    english = {"E-Mail": "E-mail", "Telefon": "Telephone", "Filiale": "Shop", "Stimme nicht zu": "Disagree", "Teils/teils": "Neutral",
               "Stimme zu": "Agree", "Preis": "Price", "Auswahl": "Choice", "per Brief": "by letter"}
    book = openpyxl.Workbook()
    book.active.append(rows[0])
    for row in rows[1:]:
        cells = [cell if not isinstance(cell, str) else cell for cell in row]
        for at in (5, 6, 7, 8):
            for german, text in english.items():
                cells[at] = cells[at].replace(german, text)
        # The date as a serial, as a workbook has it that lost its formats.
        cells[1] = cells[2] = 46083 + row[0] / 100
        book.active.append([None if cell == "" else cell for cell in cells])
    book.save(HERE / "microsoft-forms/answers.xlsx")


qualtrics()
survey_monkey()
google_forms()
microsoft_forms()
