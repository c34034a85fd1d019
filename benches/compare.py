#!/usr/bin/env python3
"""Times topline against what else can do its work, side by side in one run.

    cargo build --release --locked
    python3 benches/compare.py --rows 10000000 [--runs 3] [--keep DIR]

W1 is a table book: 30 questions by 5 segments of a stratified cluster sample (`table-book/study.toml`), with
linearised standard errors. W2 is one question by one segment. W3 rakes all to four margins and says what that did to one
question. `topline simulate` makes the responses. The yardsticks:

* floor: polars only reads the columns that topline reads (the least that has to be done);
* DuckDB: the group-bys by stratum, unit, segment and question that the same sums need, without their variances; a
  query for each, which is the fastest way seen (one query with grouping sets takes four times as long, unpivoting twice);
* R: `survey` with the standard errors of W2 (`table-book/w2.R`), up to a million rows. W1 would take it hours.

Each is used where it is installed: polars and duckdb in the Python that runs this, R with `survey`. The figures are
compared: all weighted shares with DuckDB's, the shares and standard errors of W2 with R's, all within 1e-9. Absolute
times mean nothing on another machine; ratios of one run do.
"""

import argparse
import collections
import csv
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOPLINE = HERE.parent / "target" / "release" / "topline"
FLOOR = "import sys, polars; polars.scan_parquet(sys.argv[1]).select(sys.argv[2:]).collect()"
FLOOR_CSV = "import sys, polars; polars.scan_csv(sys.argv[1]).select(sys.argv[2:]).collect()"
MOST_ROWS_FOR_R = 1_000_000
MARGINS = ["sex", "age", "state", "education"]
DUCKDB = "import sys, duckdb; duckdb.sql('set threads=2'); [duckdb.sql(q).fetchall() for q in sys.argv[1:]]"


def main():
    arguments = parse()
    study = (HERE / "table-book" / "study.toml").read_text()
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(arguments.keep or made)
        folder.mkdir(exist_ok=True)
        rows = []
        for ending in ["parquet", "csv"]:
            data = folder / f"responses.{ending}"
            w1 = write(folder / f"w1-{ending}.toml", study, data.name)
            w2 = write(folder / f"w2-{ending}.toml", only(study, "state", "agree_1"), data.name)
            if not data.exists():
                run([TOPLINE, "simulate", w1, "-n", str(arguments.rows), "--seed", "1", "-o", data])
            for name, file, segments, questions in [("W1", w1, ids(study, "segment"), ids(study, "question")),
                                                    ("W2", w2, ["state"], ["agree_1"])]:
                columns = ["weight", "stratum", "psu", *segments, *questions]
                rows += compare(f"{name} {ending}", file, data, columns, segments, questions, arguments)
            w3 = write(folder / f"w3-{ending}.toml", raked(study), data.name)
            rows += compare_weighting(f"W3 {ending}", w3, data, arguments)
        report(rows, arguments.rows)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", help="a folder that keeps the data for the next run")
    return parser.parse_args()


def compare(work, study, data, columns, segments, questions, arguments):
    """One yardstick after the other, again and again, so that all see the same machine; the best time counts."""
    out = data.parent / f"{study.stem}.csv"
    commands = {"topline": [TOPLINE, "estimates", "--quiet", study, "-o", out]}
    if has("polars"):
        commands["floor"] = [sys.executable, "-c", FLOOR_CSV if data.suffix == ".csv" else FLOOR, data, *columns]
    if has("duckdb") and data.suffix == ".parquet":
        commands["DuckDB"] = [sys.executable, "-c", DUCKDB, *queries(data, segments, questions)]
    best = {}
    for _ in range(arguments.runs):
        for name, command in commands.items():
            best[name] = min(best.get(name, (float("inf"),) * 3), measured(command))
    if "DuckDB" in commands:
        agree(out, data, segments, questions)
    if work == "W2 csv" and arguments.rows <= MOST_ROWS_FOR_R and has_r():
        figures = data.parent / "w2-r.csv"
        commands["R survey"] = ["Rscript", HERE / "table-book" / "w2.R", data, figures]
        best["R survey"] = measured(commands["R survey"])
        agree_with_r(out, figures)
    return [(work, name, *best[name], *(best[name][i] / best["topline"][i] for i in (0, 1))) for name in commands]


def compare_weighting(work, study, data, arguments):
    """Raking reads the columns of its margins, then these and the question once more."""
    commands = {"topline": [TOPLINE, "weight", "--quiet", study]}
    if has("polars"):
        commands["floor"] = [sys.executable, "-c", FLOOR_CSV if data.suffix == ".csv" else FLOOR, data, *MARGINS]
    best = {}
    for _ in range(arguments.runs):
        for name, command in commands.items():
            best[name] = min(best.get(name, (float("inf"),) * 3), measured(command))
    return [(work, name, *best[name], *(best[name][i] / best["topline"][i] for i in (0, 1))) for name in commands]


def queries(data, segments, questions):
    """One query a question and segment: sums by unit and cell."""
    sql = ("select stratum, psu, {s}, {q}, count(*), sum(weight), sum(weight * weight) "
           "from '{d}' where {q} is not null group by all")
    return [sql.format(d=data, s=segment, q=question) for segment in segments for question in questions]


def agree(out, data, segments, questions):
    import duckdb
    ours = {(row["question"], row["segment"], row["level"], row["option"]): float(row["estimate"])
            for row in csv.DictReader(out.open())}
    checked = 0
    for segment in segments:
        for question in questions:
            sql = f"select {segment}, {question}, sum(weight) from '{data}' where {question} is not null group by all"
            sums = duckdb.sql(sql).fetchall()
            bases = collections.defaultdict(float)
            for level, _, weight in sums:
                bases[level] += weight
            for level, answer, weight in sums:
                share = ours[question, segment, level, answer]
                assert abs(share - weight / bases[level]) <= 1e-9, (question, segment, level, answer)
                checked += 1
    print(f"{checked} shares agree with DuckDB within 1e-9")


def agree_with_r(out, figures):
    ours = {(row["segment"], row["level"], row["option"]): row for row in csv.DictReader(out.open())}
    checked = 0
    for row in csv.DictReader(figures.open()):
        own = ours[row["segment"], row["level"], row["option"]]
        assert abs(float(own["estimate"]) - float(row["share"])) <= 1e-9, (own, row)
        assert abs(float(own["standard_error"]) - float(row["error"])) <= 1e-9, (own, row)
        checked += 1
    print(f"{checked} shares and standard errors agree with R survey within 1e-9")


def measured(command):
    """Wall time, CPU time and peak memory of a whole process."""
    before = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {command[0]} {command[1]}")
    return time.perf_counter() - before, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def report(rows, count):
    names = [line for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    machine = names[0].split(":")[1].strip() if names else platform.machine()
    versions = " ".join(f"{name} {__import__(name).__version__}" for name in ["polars", "duckdb"] if has(name))
    if has_r():
        versions += " " + subprocess.check_output(["Rscript", "-e", "cat('R survey', format(packageVersion('survey')))"], text=True)
    print(f"\n{count:,} rows, {os.cpu_count()} cores, {machine}; {version()}, {versions}\n")
    print("| work | program | wall s | CPU s | peak MB | wall / topline | CPU / topline |\n|---|---|---|---|---|---|---|")
    for work, name, wall, cpu, memory, wall_ratio, cpu_ratio in rows:
        print(f"| {work} | {name} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {wall_ratio:.2f} | {cpu_ratio:.2f} |")


def write(path, study, data):
    path.write_text(study.replace('file = "responses.parquet"', f'file = "{data}"'))
    return path


def only(study, segment, question):
    """The study with one segment and one question."""
    head, *parts = re.split(r"(?m)^(?=\[\[)", study)
    return head + "".join(part for part in parts if f'id = "{segment}"\n' in part or f'id = "{question}"\n' in part)


def raked(study):
    """The study without its design, raked to margins that rise a little from level to level."""
    head, *parts = re.split(r"(?m)^(?=\[)", study)
    kept = [part for part in parts if not part.startswith(("[design]", "[simulation]", "[[question]]"))]
    question = next(part for part in parts if part.startswith("[[question]]"))
    weighting = '[weighting]\nmethod = "raking"\n'
    for margin in MARGINS:
        segment = next(part for part in parts if f'id = "{margin}"\n' in part)
        levels = re.findall(rf'"({margin}-\d+)"', segment)
        shares = [1 + index / len(levels) for index in range(len(levels))]
        targets = ", ".join(f'"{level}" = {round(1e6 * share / sum(shares))}' for level, share in zip(levels, shares))
        weighting += f'[[weighting.margin]]\nby = "{margin}"\ntotals = {{ {targets} }}\n'
    return head + "".join(kept) + question + weighting


def ids(study, kind):
    return re.findall(rf'\[\[{kind}\]\]\nid = "(\w+)"', study)


def has(module):
    try:
        __import__(module)
        return True
    except ImportError:
        return False


def has_r():
    try:
        return subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def version():
    return subprocess.check_output([TOPLINE, "--version"], text=True).strip()


def run(command):
    subprocess.run([str(part) for part in command], check=True)


if __name__ == "__main__":
    main()
