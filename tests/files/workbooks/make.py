"""Makes the workbooks of this folder. Synthetic: nobody was asked.

python3 -m venv venv && venv/bin/pip install openpyxl==3.1.5 xlsxwriter==3.3.1 msoffcrypto-tool==6.1.0
venv/bin/python make.py        (needs soffice of LibreOffice 7.4 in the path)
"""

import datetime
import pathlib
import subprocess

import msoffcrypto
import msoffcrypto.format.ooxml
import openpyxl
import xlsxwriter

HERE = pathlib.Path(__file__).parent
CHANNELS = ["E-Mail", "Telefon", "WhatsApp"]


def rows():
    for i in range(40):
        yield {
            "Nr": 1001 + i,
            "Geschlecht": "weiblich" if i % 2 else "männlich",
            "Alter": 18 + (i * 7) % 60,
            "Zufriedenheit": str(1 + (i * 3) % 5),  # a number that is stored as text
            "Kanal": ["x" if (i >> bit) % 2 else None for bit in range(3)],
            "Kunde": i % 3 == 0,
            "Rabatt": [0.1, 0.25, 0.5][i % 3],
            "Datum": datetime.datetime(2026, 3, 2) + datetime.timedelta(days=i % 9),
        }


def survey(path, **options):
    """Title, names in two rows, number as text, booleans, percent, dates, formulas, an error; sheets beside it, one hidden."""
    book = xlsxwriter.Workbook(path, options)
    data, codes, hidden = (book.add_worksheet(name) for name in ["Daten", "Codebuch", "Intern"])
    hidden.hide()
    percent, date = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "dd.mm.yyyy"})
    data.write("A1", "Umfrage unter Kunden, März 2026")
    names = ["Nr", "Geschlecht", "Alter", "Zufriedenheit", "Kanal", None, None, "Kunde", "Rabatt", "Datum", "Ausgaben"]
    for column, name in enumerate(names):
        if name and name != "Kanal":
            data.merge_range(2, column, 3, column, name)
    data.merge_range(2, 4, 2, 6, "Kanal")
    for offset, channel in enumerate(CHANNELS):
        data.write(3, 4 + offset, channel)
    for number, row in enumerate(rows(), start=4):
        data.write(number, 0, row["Nr"])
        data.write(number, 1, row["Geschlecht"])
        data.write(number, 2, row["Alter"])
        data.write_string(number, 3, row["Zufriedenheit"])
        for offset, ticked in enumerate(row["Kanal"]):
            if ticked:
                data.write(number, 4 + offset, ticked)
        data.write_boolean(number, 7, row["Kunde"])
        data.write_number(number, 8, row["Rabatt"], percent)
        data.write_datetime(number, 9, row["Datum"], date)
        if number == 7:
            data.write_formula(number, 10, "=NA()", None, "#N/A")
        else:
            data.write_formula(number, 10, f"=C{number + 1}*10", None, row["Alter"] * 10)
    data.write_blank(60, 14, None, percent)  # formatted, but empty
    codes.write_row("A1", ["Code", "Bedeutung"])
    codes.write_row("A2", [1, "sehr zufrieden"])
    hidden.write("A1", "nicht zeigen")
    book.close()


def convert(source, ending):
    command = ["soffice", "--headless", "--convert-to", ending, "--outdir", HERE, source]
    subprocess.run(command, check=True, capture_output=True)


survey(HERE / "survey.xlsx")
survey(HERE / "survey-1904.xlsx", date_1904=True)
# Written by LibreOffice.
convert(HERE / "survey.xlsx", "ods")
convert(HERE / "survey.xlsx", "xls")

plain = openpyxl.Workbook()
sheet = plain.active
sheet.append(["id", "answer", "double"])
for i in range(20):
    sheet.append([i + 1, ["yes", "no"][i % 2], f"=A{i + 2}*2"])
plain.save(HERE / "never-computed.xlsx")  # openpyxl stores no values of formulas

with open(HERE / "survey.xlsx", "rb") as source, open(HERE / "password.xlsx", "wb") as target:
    file = msoffcrypto.format.ooxml.OOXMLFile(source)
    file.encrypt("secret", target)

(HERE / "page.xls").write_text(
    "<html><head><meta charset='utf-8'></head><body><table><tr><th>id</th><th>answer</th></tr>"
    "<tr><td>1</td><td>yes</td></tr></table></body></html>\n"
)
(HERE / "text.xls").write_bytes(("id\tanswer\n" + "".join(f"{i}\t{['ja', 'nein'][i % 2]}\n" for i in range(12))).encode())
