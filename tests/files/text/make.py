"""Makes the texts of this folder. Synthetic: nobody was asked. What each imitates stands in README.md."""

import pathlib

HERE = pathlib.Path(__file__).parent


def write(name, text, encoding="utf-8"):
    (HERE / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))


def table(separator, end, names, rows):
    return "".join(separator.join(cells) + end for cells in [names, *rows])


answers = ["täglich", "wöchentlich", "nie"]
rows = [[["männlich", "weiblich"][i % 2], answers[i % 3], f"{i},5"] for i in range(24)]
write("excel-german.csv", table(";", "\r\n", ["Geschlecht", "Häufigkeit", "Ausgaben in €"], rows), "cp1252")
write("excel-unicode.txt", table("\t", "\r\n", ["Geschlecht", "Häufigkeit", "Ausgaben in €"], rows), "utf-16")
write("old-mac.csv", table(";", "\r", ["sex", "often"], [["fm"[i % 2], "yes no".split()[i % 2]] for i in range(12)]))
same = [["yes no".split()[i % 2], "often never".split()[i // 2 % 2], "", "x"[: i % 2]] for i in range(12)]
write("same-names.csv", "sep=;\r\n" + table(";", "\r\n", ["Q1", "Q1", "", "Q1"], same))
left_out = [["fm"[i % 2], "yes no".split()[i % 2], ["", "good", "bad"][i % 3]] for i in range(12)]
short = [row if row[-1] else row[:-1] for row in left_out]
write("left-out.csv", table(",", "\n", ["sex", "use", "how"], short))
write("torn.csv", table(",", "\n", ["sex", "comment", "use"], [["f", "good\nenough", "yes"], *([["m", "fine", "no"]] * 11)]))
late = table(",", "\n", ["sex", "often"], [["fm"[i % 2], "täglich"] for i in range(8)])
write("two-encodings.csv", late.encode() + "f,völlig\n".encode("cp1252"))
