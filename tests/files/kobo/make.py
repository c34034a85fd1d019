"""Makes the synthetic form in this folder and the exports that four servers write of the same submissions.

Needs openpyxl. What an export does with headings and cells is written down here as the servers' code and
documentation have it (see README.md).
"""

import csv
import datetime
import random

import openpyxl

random.seed(20260401)

SURVEY = [
    # type, name, label en, label de, relevant, required
    ("start", "start", "", "", "", ""),
    ("end", "end", "", "", "", ""),
    ("deviceid", "deviceid", "", "", "", ""),
    ("note", "welcome", "Welcome", "Willkommen", "", ""),
    ("integer", "hh_size", "How many people live here?", "Wie viele Personen leben hier?", "", "yes"),
    ("select_one yn", "grows", "Do you grow crops?", "Bauen Sie etwas an?", "", "yes"),
    ("begin_group", "farm", "The farm", "Der Hof", "${grows} = 'yes'", ""),
    ("select_multiple crop", "crops", "Which crops do you grow?", "Was bauen Sie an?", "", "yes"),
    ("text", "crops_text", "Which other crops?", "Was sonst?", "selected(${crops}, 'other')", ""),
    ("select_one crop", "main", "Which of them is the most important?", "Was davon ist am wichtigsten?", "count-selected(${crops}) >= 1 and not(selected(${crops}, 'rice'))", ""),
    ("begin_group", "maize", "Maize", "Mais", "selected(${crops}, 'maize')", ""),
    ("select_one yn", "stored", "Do you store the maize?", "Lagern Sie den Mais?", "", ""),
    ("decimal", "area", "On how many hectares?", "Auf wie vielen Hektar?", "${hh_size} >= 3 and ${main} != 'rice'", ""),
    ("end_group", "", "", "", "", ""),
    ("end_group", "", "", "", "", ""),
    ("select_one agree", "water", "Are you satisfied with the water?", "Sind Sie mit dem Wasser zufrieden?", "", ""),
    ("select_one yn", "source", "Is there another source?", "Gibt es eine andere Quelle?", "${water} != '98'", ""),
    ("select_one yn", "crowded", "Is there enough room?", "Ist genug Platz?", "${hh_size} * 2 > 5", ""),
    ("select_one yn", "young", "Do you want to stay?", "Möchten Sie bleiben?", "${hh_size} < 3 or ${grows} = 'no'", ""),
    ("geopoint", "gps", "Where is it?", "Wo ist es?", "", ""),
    ("date", "visit", "When was the last visit?", "Wann war der letzte Besuch?", "", ""),
    ("text", "remark", "Anything else?", "Noch etwas?", "", ""),
]
CHOICES = [
    ("yn", "yes", "Yes", "Ja"), ("yn", "no", "No", "Nein"),
    ("crop", "maize", "Maize", "Mais"), ("crop", "rice", "Rice", "Reis"), ("crop", "sweet_potato", "Sweet potato", "Süßkartoffel"), ("crop", "other", "Other", "Anderes"),
    ("agree", "1", "Very satisfied", "Sehr zufrieden"), ("agree", "2", "Rather satisfied", "Eher zufrieden"), ("agree", "3", "Rather dissatisfied", "Eher unzufrieden"),
    ("agree", "4", "Very dissatisfied", "Sehr unzufrieden"), ("agree", "98", "Refused", "Keine Angabe"), ("agree", "99", "Don't know", "Weiß nicht"),
]
LISTS = {name: [c[1:] for c in CHOICES if c[0] == name] for name in ("yn", "crop", "agree")}


def submit(number):
    pick = random.choice
    s = {"start": f"2026-04-{number % 28 + 1:02}T09:00:00.000+02:00", "end": f"2026-04-{number % 28 + 1:02}T09:1{number % 10}:00.000+02:00",
         "deviceid": f"collect:{number:04}", "hh_size": str(random.randint(1, 7)), "grows": pick(["yes", "yes", "no"]),
         "water": pick(["1", "2", "2", "3", "4", "98", "99", None]), "gps": f"{random.uniform(-1, 1):.4f} {random.uniform(30, 31):.4f} 0 5",
         "visit": f"2026-03-{number % 28 + 1:02}", "remark": pick([None, "Thank you"])}
    if s["grows"] == "yes":
        s["crops"] = " ".join(c for c in ("maize", "rice", "sweet_potato", "other") if random.random() < 0.5) or "maize"
        chosen = s["crops"].split()
        s["crops_text"] = "beans" if "other" in chosen else None
        s["main"] = pick(chosen + [None]) if "rice" not in chosen else None
        if "maize" in chosen:
            s["stored"] = pick(["yes", "no", None])
            s["area"] = pick(["0.5", "1", "2.25", None]) if int(s["hh_size"]) >= 3 and s["main"] != "rice" else None
    s["source"] = pick(["yes", "no"]) if s["water"] != "98" else None
    s["crowded"] = pick(["yes", "no"]) if int(s["hh_size"]) * 2 > 5 else None
    s["young"] = pick(["yes", "no"]) if int(s["hh_size"]) < 3 or s["grows"] == "no" else None
    s["_id"], s["_uuid"] = str(9000 + number), f"00000000-0000-4000-8000-{number:012}"
    return s


def form():
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime.datetime(2026, 4, 1)
    sheet = book.active
    sheet.title = "survey"
    sheet.append(["type", "name", "label::English (en)", "label::Deutsch (de)", "relevant", "required"])
    for row in SURVEY:
        sheet.append([cell or None for cell in row])
    sheet = book.create_sheet("choices")
    sheet.append(["list_name", "name", "label::English (en)", "label::Deutsch (de)"])
    for row in CHOICES:
        sheet.append(list(row))
    sheet = book.create_sheet("settings")
    sheet.append(["form_title", "form_id", "default_language"])
    sheet.append(["Farms and water 2026", "farms", "English (en)"])
    book.save("form.xlsx")


def questions():
    groups = []
    for kind, name, en, de, _, _ in SURVEY:
        if kind == "begin_group":
            groups.append(name)
        elif kind == "end_group":
            groups.pop()
        elif kind != "note":
            yield kind.split()[0], kind.split()[-1], name, de, list(groups)


def write(name, delimiter, columns, mark=""):
    with open(name, "w", encoding="utf-8", newline="") as out:
        out.write(mark)
        writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if delimiter == ";" else csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerow([heading for heading, _ in columns])
        for s in SUBMISSIONS:
            writer.writerow([cell(s) for _, cell in columns])


def value(name):
    return lambda s: s.get(name) or ""


def chosen(name, code):
    return lambda s: "" if s.get(name) is None else "1" if code in s[name].split() else "0"


def in_words(kind, listed, name):
    words = {code: de for code, _, de in LISTS.get(listed, [])}
    return lambda s: " ".join(words.get(code, code) for code in (s.get(name) or "").split()) if kind.startswith("select") else s.get(name) or ""


GPS = ["latitude", "longitude", "altitude", "precision"]


def part(position):
    return lambda s: s["gps"].split()[position]


def kobo(words):
    columns = []
    for kind, listed, name, de, groups in questions():
        heading = (de or name) if words else "/".join(groups + [name])
        columns.append((heading, in_words(kind, listed, name) if words else value(name)))
        if kind == "select_multiple":
            columns += [(f"{heading}/{label if words else code}", chosen(name, code)) for code, _, label in LISTS[listed]]
        if kind == "geopoint":
            columns += [(f"_{heading}_{axis}", part(i)) for i, axis in enumerate(GPS)]
    columns += [("_id", value("_id")), ("_uuid", value("_uuid")), ("_submission_time", lambda s: s["end"][:19]), ("_validation_status", lambda s: ""),
                ("_notes", lambda s: ""), ("_status", lambda s: "submitted_via_web"), ("_submitted_by", lambda s: "enumerator1"), ("__version__", lambda s: "v1"),
                ("_tags", lambda s: ""), ("_index", lambda s: str(int(s["_id"]) - 9000))]
    return columns


def central():
    columns = [("SubmissionDate", lambda s: s["end"])]
    for kind, listed, name, _, groups in questions():
        heading = "-".join(groups + [name])
        if kind == "geopoint":
            columns += [(f"{heading}-{axis.replace('precision', 'accuracy').capitalize()}", part(i)) for i, axis in enumerate(GPS)]
        else:
            columns.append((heading, value(name)))
    columns += [("meta-instanceID", lambda s: "uuid:" + s["_uuid"]), ("KEY", lambda s: "uuid:" + s["_uuid"]), ("SubmitterID", lambda s: "7"),
                ("SubmitterName", lambda s: "enumerator1"), ("AttachmentsPresent", lambda s: "0"), ("AttachmentsExpected", lambda s: "0"), ("Status", lambda s: ""),
                ("ReviewState", lambda s: "approved"), ("DeviceID", value("deviceid")), ("Edits", lambda s: "0"), ("FormVersion", lambda s: "1")]
    return columns


def surveycto():
    columns = [("SubmissionDate", lambda s: s["end"]), ("starttime", value("start")), ("endtime", value("end"))]
    for kind, listed, name, _, _ in questions():
        if kind in ("start", "end"):
            continue
        if kind == "geopoint":
            columns += [(f"{name}-{axis.replace('precision', 'accuracy').capitalize()}", part(i)) for i, axis in enumerate(GPS)]
            continue
        columns.append((name, value(name)))
        if kind == "select_multiple":
            columns += [(f"{name}_{code}", chosen(name, code)) for code, _, _ in LISTS[listed]]
    columns += [("instanceID", lambda s: "uuid:" + s["_uuid"]), ("formdef_version", lambda s: "2604010900"), ("review_status", lambda s: "APPROVED"), ("KEY", lambda s: "uuid:" + s["_uuid"])]
    return columns


SUBMISSIONS = [submit(number) for number in range(1, 61)]
form()
write("kobo-names.csv", ";", kobo(words=False))
write("kobo-labels.csv", ";", kobo(words=True))
write("central.csv", ",", central())
write("surveycto.csv", ",", surveycto())
