"""Adds to meal.dta, which make.R writes, what `svyset school [pweight=wt], strata(layer)` would: haven cannot.

Also writes what other programs read in each file, for the tests: NAME.read, with pyreadstat 1.3.7 (and pandas).
Usage: python make.py (in this folder, after make.sps and make.R).
"""

import datetime
import glob
import math
import struct

import pandas
import pyreadstat

SETTINGS = {
    "_svy_version": "2",
    "_svy_su1": "school",
    "_svy_strata1": "layer",
    "_svy_wtype": "pweight",
    "_svy_wvar": "wt",
    "_svy_wexp": "= wt",
}


def add_settings(path):
    """Version 114 has its characteristics before the rows, in fields of 33 bytes, and a field of zeros after them."""
    file = open(path, "rb").read()
    columns = struct.unpack("<H", file[4:6])[0]
    at = 109 + columns * (1 + 33 + 49 + 33 + 81) + 2 * (columns + 1)
    assert file[0] == 114 and file[at : at + 5] == bytes(5)
    fields = b""
    for name, value in SETTINGS.items():
        content = b"_dta".ljust(33, b"\0") + name.encode().ljust(33, b"\0") + value.encode() + b"\0"
        fields += b"\1" + struct.pack("<I", len(content)) + content
    open(path, "wb").write(file[:at] + fields + file[at:])


def cell(value):
    """As topline writes it."""
    if value is None or isinstance(value, float) and math.isnan(value) or value is pandas.NaT:
        return ""
    if isinstance(value, (datetime.datetime, pandas.Timestamp)):
        return value.isoformat(sep=" ", timespec="milliseconds").removesuffix(".000")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, str):
        return value.rstrip(" ")
    if float(value).is_integer():
        return str(int(value))
    return repr(float(value))


def read(path):
    if path.endswith("sav"):
        return pyreadstat.read_sav(path, user_missing=True)
    if path.endswith("dta"):
        return pyreadstat.read_dta(path, user_missing=True)
    data, described = pyreadstat.read_sas7bdat(path, user_missing=True)
    for catalogue in glob.glob(path.replace("sas7bdat", "sas7bcat")):
        # With labels, pyreadstat puts them in place of the values.
        labels = pyreadstat.read_sas7bdat(path, catalog_file=catalogue)[1].variable_value_labels
        described.variable_value_labels = labels
    return data, described


def write(path):
    data, described = read(path)
    lines = [["title", (described.file_label or "").strip()]]
    for name in described.column_names:
        label = described.column_names_to_labels[name] or ""
        lines.append(["column", name, label.strip(), described.variable_measure.get(name, "unknown")])
        special = set(described.missing_user_values.get(name, []))
        is_text = described.readstat_variable_types[name] == "string"
        for value, label in described.variable_value_labels.get(name, {}).items():
            is_letter = isinstance(value, str) and not is_text
            lines.append(["value", name, "." + value if is_letter else cell(value), label.strip()])
        for span in described.missing_ranges.get(name, []):
            lines.append(["missing", name, cell_or_end(span["lo"]), cell_or_end(span["hi"])])
        cells = ["." + value if value in special else cell(value) for value in data[name]]
        lines.append(["cells", name, *cells])
    for name, found in (described.mr_sets or {}).items():
        lines.append(["set", name, found["type"], found["label"], *found["variable_list"]])
    open(path + ".read", "w", encoding="utf-8").write("".join("\t".join(line) + "\n" for line in lines))


def cell_or_end(value):
    return ("inf" if value > 0 else "-inf") if isinstance(value, float) and math.isinf(value) else cell(value)


if __name__ == "__main__":
    if b"_svy_" not in open("meal.dta", "rb").read():
        add_settings("meal.dta")
    for path in sorted(glob.glob("*.sav") + glob.glob("*.zsav") + glob.glob("*.dta") + glob.glob("*.sas7bdat")):
        write(path)
