"""Writes the fixtures of this folder: python3 make.py. All answers are made up; the first three rows are the standard's own."""

import random
from pathlib import Path

HERE = Path(__file__).parent
ATTRACTIONS = [(1, "Sherwood Forest"), (2, "Nottingham Castle"), (3, "&quot;Friar Tuck&quot; Restaurant"),
               (4, "&quot;Maid Marion&quot; Cafe"), (5, "Mining museum"), (9, "Other")]
VISITS = [(1, "First visit"), (2, "Visited before within the year"), (3, "Visited before that")]
WHEN = [(1, "Within 3 months"), (2, "Between 3 months and 1 year"), (3, "More than 1 years time")]
FIRST = [
    ("2", "101000001", "Amusement Park", "19", "012", "1", "1", "01.4000"),
    ("3", "010000000", "", "20", "999", "1", "3", "00.9000"),
    ("2", "100100001", '"Marco\'s" Restaurant', "94", "058", "0", " ", "00.7000"),
]


def rows():
    yield from FIRST
    draw = random.Random(1994)
    for _ in range(57):
        chosen = [code for code, _ in ATTRACTIONS if draw.random() < 0.45]
        bits = "".join("1" if code in chosen else "0" for code in range(1, 10))
        favourites = draw.sample(chosen, min(len(chosen), draw.choice([1, 2, 2])))
        spread = "".join(str(code) for code in favourites).ljust(2, "0")
        miles = draw.choice(["%03d" % draw.randint(1, 499)] * 8 + ["500", "999"])
        again = draw.choice("1110")
        when = draw.choice("123") if again == "1" else " "
        visits = draw.choice("1233")
        if draw.random() < 0.06:
            bits, spread = " " * 9, "  "
        other = draw.choice(["Café", "Grüner Garten"]) if 9 in chosen and draw.random() < 0.3 else ""
        yield visits, bits, other, spread, miles, again, when, draw.choice(["00.7000", "00.9000", "01.4000"])


def values(codes, score=False):
    value = lambda code, label: '<value code="%d"%s>%s</value>' % (code, ' score="%d"' % -code if score else "", label)
    return "<values>\n%s\n</values>" % "\n".join(value(*pair) for pair in codes)


def fixed(name, version, encoding, filter_of, doctype):
    attribute, element = (' filter="Q6"', "") if filter_of == "attribute" else ("", "\n<filter>Q6</filter>")
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
{doctype}<sss version="{version}">
<date>21 September 2001</date>
<survey>
<title>Historic House Exit Survey<br/>First Wave</title>
<record ident="V">
<variable ident="1" type="single">
<name>Q1</name>
<label>Number of visits</label>
<position start="1"/>
{values(VISITS)}
</variable>
<variable ident="2" type="multiple">
<name>Q2</name>
<label>Attractions visited</label>
<position start="2" finish="10"/>
{values(ATTRACTIONS)}
</variable>
<variable ident="3" type="character">
<name>Q3</name>
<label>Other attractions visited</label>
<position start="11" finish="40"/>
<size>30</size>
</variable>
<variable ident="4" type="multiple">
<name>Q4</name>
<label>Two favourite attractions visited</label>
<position start="41" finish="42"/>
<spread subfields="2"/>
{values(ATTRACTIONS)}
</variable>
<variable ident="5" type="quantity">
<name>Q5</name>
<label>Miles travelled</label>
<position start="43" finish="45"/>
<values>
<range from="1" to="499"/>
<value code="500">500 or more</value>
<value code="999">Not stated</value>
</values>
</variable>
<variable ident="6" type="logical">
<name>Q6</name>
<label>Would come again</label>
<position start="46"/>
</variable>
<variable ident="7" type="single"{attribute}>
<name>Q7</name>
<label>When is that most likely to be</label>
<position start="47"/>{element}
{values(WHEN)}
</variable>
<variable ident="99" type="quantity" use="weight">
<name>Q99</name>
<label>Case weight</label>
<position start="48" finish="54"/>
<values>
<range from="0.0000" to="99.9999"/>
</values>
</variable>
</record>
</survey>
</sss>
"""
    (HERE / f"{name}.sss").write_bytes(text.encode(encoding))
    lines = ["".join((v, b, o.ljust(30), s, m, a, w, weight)) for v, b, o, s, m, a, w, weight in rows()]
    # Only the definition of version 1.1 has data in the encoding of older systems.
    data = encoding if encoding != "utf-16" else "utf-8"
    (HERE / f"{name}.asc").write_bytes(("\r\n".join(lines) + "\r\n").encode(data))


def csv():
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<sss version="2.0" languages="en de" modes="interview analysis">
<survey>
<title><text xml:lang="en">Exit survey</text><text xml:lang="de">Besucherbefragung</text></title>
<record ident="V" format="csv" skip="1" href="C:\\exports\\visitors.csv">
<variable ident="1" type="quantity" use="serial"><name>id</name><label>Serial number</label><position start="1"/></variable>
<variable ident="2" type="date"><name>visited</name><label>Day of the visit</label><position start="2"/></variable>
<variable ident="3" type="time"><name>left_at</name><label>Time of leaving</label><position start="3"/></variable>
<variable ident="4" type="single">
<name>satisfied</name>
<label>
<text xml:lang="en" mode="analysis">Satisfaction</text>
<text xml:lang="en" mode="interview">How satisfied were you with your visit?</text>
<text xml:lang="de" mode="interview">Wie zufrieden waren Sie mit Ihrem Besuch?</text>
</label>
<position start="4"/>
{values([(1, "Very satisfied"), (2, "Satisfied"), (3, "Neither"), (4, "Dissatisfied"), (5, "Very dissatisfied")], score=True)}
</variable>
<variable ident="5" type="multiple">
<name>seen</name><label>What did you see?</label><position start="5"/>
{values([(1, "House"), (2, "Garden"), (3, "Shop")])}
</variable>
<variable ident="6" type="multiple">
<name>liked</name><label>What did you like most?</label><position start="6" finish="7"/><spread subfields="2"/>
{values([(1, "House"), (2, "Garden"), (10, "Tea room")])}
</variable>
<variable ident="7" type="single" format="literal">
<name>ticket</name><label>Ticket</label><position start="8"/>
<values><value code="AD">Adult</value><value code="CH">Child</value><value code="FAM">Family</value></values>
</variable>
</record>
</survey>
</sss>
"""
    (HERE / "visitors.xml").write_text(text, encoding="utf-8")
    draw = random.Random(2011)
    lines = ["id,visited,left_at,satisfied,seen,liked_1,liked_2,ticket"]
    for serial in range(1, 61):
        seen = "".join(draw.choice("01") for _ in range(3))
        liked = draw.sample(["1", "2", "10"], 2) if draw.random() < 0.7 else [draw.choice(["1", "2"]), "0"]
        day, hour = draw.randint(1, 28), draw.randint(10, 17)
        lines.append(f'{serial},202609{day:02},{hour}{draw.randint(0, 59):02}00,{draw.choice("1122345")},"{seen}",'
                     f'{liked[0]},{liked[1]},{draw.choice(["AD", "AD", "CH", "FAM"])}')
    (HERE / "visitors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


DTD = '<!DOCTYPE sss PUBLIC "-//Triple-S//DTD Survey Interchange v1.2//EN"\n"http://triple-s.org/dtd/sss_v12.dtd">\n'
fixed("house-1.1", "1.1", "iso-8859-1", "element", DTD.replace("v1.2", "v1.1"))
fixed("house-1.2", "1.2", "utf-8", "attribute", DTD)
fixed("house-2.0", "2.0", "utf-16", "attribute", DTD.replace("v1.2", "v2.0"))
csv()
