"""Makes the synthetic survey in this folder: its structure in both formats and four exports of the same responses.

What LimeSurvey does with a value is written down here as its code does it (see README.md for where it stands there).
Needs nothing but Python.
"""

import csv
import random
from xml.sax.saxutils import escape

random.seed(20260301)
BASE, OTHER = "de", "en"

# code, type, relevance, mandatory, other, {language: text}, subquestions, answers
GROUPS = [("1", "Mobilität"), ('Q02.NAOK == "Y"', "Fahrrad"), ("1", "Zur Person")]
QUESTIONS = [
    (0, "Q01", "L", "1", "N", "N", ("<p>Wie zufrieden sind Sie mit dem <b>Nahverkehr</b>?</p>", "How satisfied are you with public transport?"), [],
     [("A1", "Sehr zufrieden", "Very satisfied"), ("A2", "Eher zufrieden", "Rather satisfied"),
      ("A3", "Eher unzufrieden", "Rather dissatisfied"), ("A4", "Sehr unzufrieden", "Very dissatisfied"),
      ("A5", "Weiß nicht", "Don't know")]),
    (0, "Q02", "Y", "1", "Y", "N", ("Sind Sie in den letzten 12 Monaten Fahrrad gefahren?", "Have you cycled in the last 12 months?"), [], []),
    (0, "Q03", "!", "1", "N", "Y", ("Was nutzen Sie am häufigsten?", "What do you use most?"), [],
     [("A1", "Auto", "Car"), ("A2", "Bus und Bahn", "Public transport"), ("A3", "Fahrrad", "Bicycle")]),
    (1, "Q04", "M", "1", "N", "Y", ("Wofür nutzen Sie das Fahrrad?", "What do you cycle for?"),
     [("SQ001", "Arbeit", "Work", "1"), ("SQ002", "Einkaufen", "Shopping", "1"), ("SQ003", "Freizeit", "Leisure", "1")], []),
    (1, "Q05", "F", 'Q04_SQ001.NAOK == "Y" or Q04_SQ002.NAOK == "Y"', "N", "N", ("Wie wichtig sind Ihnen auf diesen Wegen …", "How important are these to you?"),
     [("SQ001", "sichere Radwege", "safe cycle paths", "1"), ("SQ002", "gute Stellplätze", "good parking", "1")],
     [("1", "sehr wichtig", "very important"), ("2", "eher wichtig", "rather important"),
      ("3", "eher unwichtig", "rather unimportant"), ("4", "ganz unwichtig", "not important")]),
    (1, "Q06", "K", "1", "N", "N", ("Wie viele Kilometer fahren Sie in der Woche …", "How many kilometres do you cycle …"),
     [("SQ001", "werktags", "on working days", "1"), ("SQ002", "am Wochenende", "at the weekend", "1")], []),
    (2, "alter", "N", "1", "Y", "N", ("Wie alt sind Sie?", "How old are you?"), [], []),
    (2, "geschlecht", "G", "1", "N", "N", ("Welches Geschlecht haben Sie?", "What is your gender?"), [], []),
    (2, "Q09", "Y", 'alter.NAOK >= 18 and Q03.NAOK != "A3"', "N", "N", ("Haben Sie einen Führerschein?", "Do you have a driving licence?"), [], []),
    (2, "Q10", "R", "1", "N", "N", ("Was soll die Stadt zuerst tun?", "What should the city do first?"), [],
     [("A1", "Radwege", "Cycle paths"), ("A2", "Busse", "Buses"), ("A3", "Parkplätze", "Parking")]),
    (2, "Q11", "L", 'regexMatch("/Danke/", Q12.NAOK)', "N", "N", ("Ist Ihr Ort größer geworden?", "Has your town grown?"), [],
     [("A1", "Ja", "Yes"), ("A2", "Nein", "No")]),
    (2, "Q12", "T", "1", "N", "N", ("Was möchten Sie uns noch sagen?", "Anything else?"), [], []),
]
YES_NO = {"Y": "Ja", "N": "Nein", "M": "Männlich", "F": "Weiblich"}


# ---- the data base: None is NULL (not shown), "" is shown and left

def respond(number):
    r = {"id": number, "lastpage": 3, "startlanguage": BASE, "seed": random.randint(10**8, 10**9),
         "startdate": "1980-01-01 00:00:00", "datestamp": "1980-01-01 00:00:00", "ipaddr": f"192.0.2.{number}"}
    r["submitdate"] = "1980-01-01 00:00:00" if number % 15 else None
    pick = random.choice
    r["Q01"] = pick(["A1", "A2", "A2", "A3", "A4", "A5", ""])
    r["Q02"] = pick(["Y", "Y", "N"])
    r["Q03"] = pick(["A1", "A2", "A2", "A3", "-oth-", ""])
    r["Q03other"] = "Roller" if r["Q03"] == "-oth-" else ""
    cycles = r["Q02"] == "Y"
    for sub in ("SQ001", "SQ002", "SQ003"):
        r["Q04" + sub] = pick(["Y", "Y", ""]) if cycles else None
    r["Q04other"] = (pick(["", "", "", "Sport"]) if cycles else None)
    important = cycles and "Y" in (r["Q04SQ001"], r["Q04SQ002"])
    for sub in ("SQ001", "SQ002"):
        r["Q05" + sub] = pick(["1", "1", "2", "3", "4", ""]) if important else None
        r["Q06" + sub] = pick(["5", "10", "20", "35.5", "0", ""]) if cycles else None
    reached = number % 15 != 0  # the others left before the last page
    if not reached:
        r["lastpage"] = 2
    r["alter"] = str(random.randint(16, 79)) if reached else None
    r["geschlecht"] = pick(["F", "M", "F", "M", ""]) if reached else None
    asked = reached and int(r["alter"]) >= 18 and r["Q03"] != "A3"
    r["Q09"] = pick(["Y", "Y", "Y", "N", ""]) if asked else None
    ranks = random.sample(["A1", "A2", "A3"], 3)
    kept = random.choice([0, 1, 3, 3])
    for place in (1, 2, 3):
        r[f"Q10{place}"] = (ranks[place - 1] if place <= kept else "") if reached else None
    r["Q12"] = pick(["", "Danke!", "Danke!", "=Mehr Radwege"]) if reached else None
    r["Q11"] = (pick(["A1", "A2"]) if "Danke" in (r["Q12"] or "") else None)
    return r


# ---- headings and cells of an export

def fields():
    about = [("id", "Antwort ID"), ("submitdate", "Datum Abgeschickt"), ("lastpage", "Letzte Seite"),
             ("startlanguage", "Start-Sprache"), ("seed", "Zufallsstartwert"), ("startdate", "Datum gestartet"),
             ("datestamp", "Datum letzte Aktivität"), ("ipaddr", "IP-Adresse")]
    for name, text in about:
        yield name, name, text, "about", None
    for group, code, kind, _, _, other, texts, subs, answers in QUESTIONS:
        text = flat(texts[0])
        if kind == "R":
            for place in range(1, len(answers) + 1):
                yield f"{code}{place}", f"{code}[{place}]", f"{text} [Rang {place}]", kind, answers
        elif subs:
            for sub in subs:
                yield f"{code}{sub[0]}", f"{code}[{sub[0]}]", f"{text} [{sub[1]}]", kind, answers
        else:
            yield code, code, text, kind, answers
        if other == "Y":
            yield f"{code}other", f"{code}[other]", f"{text} [Sonstiges]", kind, None


def flat(text):
    for tag in ("<p>", "</p>", "<b>", "</b>"):
        text = text.replace(tag, "")
    return text


def short(value, kind, field, convert):
    if value is None:
        return ""
    if convert and kind in "MPY" and len(kind) == 1:
        if value in ("N", ""):
            value = "2"
        elif value == "Y":
            value = "1"
    return "'" + value if str(value).startswith("=") else value


def long(value, kind, field, answers):
    if field.endswith("other"):
        return value or ""
    if kind == "Y" or kind == "G":
        return YES_NO.get(value, "N/A")
    if kind == "M":
        return "Ja" if value == "Y" else "Nein" if value in ("N", "") else "N/A"
    if value == "-oth-":
        return "Sonstiges"
    if answers:
        return dict((code, text) for code, text, *_ in answers).get(value, "")
    return short(value, kind, field, False)


def write(name, heading, cell, lines_before=()):
    with open(name, "w", encoding="utf-8", newline="") as out:
        out.write("\ufeff")
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([heading(*f) for f in fields()])
        for r in RESPONSES:
            writer.writerow([cell(r[f[0]], f[3], f[0], f[4]) for f in fields()])


# ---- the structure

def row(cells):
    inner = "".join(f"    <{k}><![CDATA[{v}]]></{k}>\n" if v != "" else f"    <{k}/>\n" for k, v in cells.items())
    return f"   <row>\n{inner}   </row>\n"


def table(name, rows):
    return f" <{name}>\n  <rows>\n{''.join(row(r) for r in rows)}  </rows>\n </{name}>\n" if rows else ""


def lss():
    tables = {name: [] for name in ("answers", "answer_l10ns", "groups", "group_l10ns", "questions", "subquestions", "question_l10ns", "surveys", "surveys_languagesettings")}
    for gid, (relevance, name) in enumerate(GROUPS, 1):
        tables["groups"].append({"gid": gid, "sid": 123456, "group_order": gid, "grelevance": relevance})
        tables["group_l10ns"].append({"id": gid, "gid": gid, "group_name": name, "language": BASE})
    ids = iter(range(1, 1000))
    for order, (group, code, kind, relevance, mandatory, other, texts, subs, answers) in enumerate(QUESTIONS, 1):
        qid = next(ids)
        common = {"sid": 123456, "gid": group + 1}
        tables["questions"].append({"qid": qid, "parent_qid": 0, **common, "type": kind, "title": code, "other": other, "mandatory": mandatory, "question_order": order, "scale_id": 0, "relevance": relevance})
        for language, text in zip((BASE, OTHER), texts):
            tables["question_l10ns"].append({"id": qid, "qid": qid, "question": text, "language": language})
        for suborder, (sub, de, en, subrelevance) in enumerate(subs, 1):
            sid = next(ids)
            tables["subquestions"].append({"qid": sid, "parent_qid": qid, **common, "type": "T", "title": sub, "question_order": suborder, "scale_id": 0, "relevance": subrelevance})
            tables["question_l10ns"] += [{"id": sid, "qid": sid, "question": text, "language": language} for language, text in ((BASE, de), (OTHER, en))]
        for sort, (acode, de, en) in enumerate(answers, 1):
            aid = next(ids)
            tables["answers"].append({"aid": aid, "qid": qid, "code": acode, "sortorder": sort, "assessment_value": 0, "scale_id": 0})
            tables["answer_l10ns"] += [{"id": aid, "aid": aid, "answer": text, "language": language} for language, text in ((BASE, de), (OTHER, en))]
    tables["surveys"].append({"sid": 123456, "anonymized": "Y", "language": BASE, "additional_languages": OTHER})
    tables["surveys_languagesettings"] = [{"surveyls_survey_id": 123456, "surveyls_language": BASE, "surveyls_title": "Unterwegs in der Stadt 2026"}, {"surveyls_survey_id": 123456, "surveyls_language": OTHER, "surveyls_title": "Mobility in town 2026"}]
    body = "".join(table(name, rows) for name, rows in tables.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n <DBVersion>640</DBVersion>\n <languages>\n  <language>{BASE}</language>\n  <language>{OTHER}</language>\n </languages>\n{body}</document>\n'


def tsv():
    names = ["id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "other"]
    rows = [{"class": "S", "name": "sid", "text": "123456"}, {"class": "S", "name": "language", "text": BASE},
            {"class": "SL", "name": "surveyls_title", "text": "Unterwegs in der Stadt 2026", "language": BASE},
            {"class": "SL", "name": "surveyls_title", "text": "Mobility in town 2026", "language": OTHER}]
    for at, language in ((0, BASE), (1, OTHER)):
        for gid, (relevance, name) in enumerate(GROUPS):
            rows.append({"id": gid + 1, "class": "G", "type/scale": gid + 1, "name": name, "relevance": relevance, "language": language})
            for group, code, kind, relevance, mandatory, other, texts, subs, answers in QUESTIONS:
                if group != gid:
                    continue
                rows.append({"class": "Q", "type/scale": kind, "name": code, "relevance": relevance, "text": texts[at], "language": language, "mandatory": mandatory, "other": other})
                rows += [{"class": "SQ", "name": sub, "relevance": relevance, "text": (de, en)[at], "language": language} for sub, de, en, relevance in subs]
                rows += [{"class": "A", "type/scale": "", "name": acode, "text": (de, en)[at], "language": language} for acode, de, en in answers]
    return names, rows


RESPONSES = [respond(number) for number in range(1, 61)]
write("codes.csv", lambda field, code, text, kind, answers: code, lambda v, kind, field, answers: short(v, kind, field, False))
write("words.csv", lambda field, code, text, kind, answers: text, long)
write("codes-and-words.csv", lambda field, code, text, kind, answers: f"{code}. {text}", lambda v, kind, field, answers: short(v, kind, field, True))
with open("vvexport.txt", "w", encoding="utf-8", newline="") as out:
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([f[2] for f in fields()])
    writer.writerow([f[1].replace("[", "_").replace("]", "") for f in fields()])
    for r in RESPONSES:
        writer.writerow(["{question_not_shown}" if r[f[0]] is None else r[f[0]] for f in fields()])
with open("survey.lss", "w", encoding="utf-8") as out:
    out.write(lss())
with open("survey.txt", "w", encoding="utf-8", newline="") as out:
    out.write("\ufeff")
    names, rows = tsv()
    writer = csv.DictWriter(out, names, delimiter="\t", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
