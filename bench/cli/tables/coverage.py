#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the coverage of the intervals of masktape predict on the regressions among the tables of a folder.

    bench/cli/tables/coverage.py FOLDER WORK [TABLE ...]         a line for each table, over seeds 1 to 5

tables.csv beside this script names the files, as for compare.py. A third of the rows, drawn by the seed, is kept apart.
masktape train --out trains on the others; its own test part, a fifth of them, calibrates the intervals. The coverage is
the share of the rows kept apart whose target lies in its interval. WORK holds the parts and the models.

MASKTAPE_JAR chooses another jar. Needs Python 3.11.
"""

import csv
import gzip
import io
import os
import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
JAR = os.environ.get("MASKTAPE_JAR", str(HERE.parent / "target" / "masktape.jar"))
LEVELS = (0.8, 0.9, 0.95)
SEEDS = range(1, 6)


def masktape(*words):
    run = subprocess.run(["java", "-jar", JAR, *words], capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"masktape {' '.join(words)}: {run.stderr.splitlines()[-1]}")
    return run.stdout


def coverage(row, folder, work, seed):
    """The number of rows kept apart, and for each level how many of them lie in their interval, and the mean width."""
    file = folder / row["file"]
    text = (gzip.open(file, "rt") if file.suffix == ".gz" else open(file)).read()
    lines = [line for line in text.splitlines() if line.strip(" ;,")]
    header = [lines.pop(0)] if row["header"] == "yes" else []
    random.Random(seed).shuffle(lines)
    count = len(lines) // 3
    train, fresh, model = (work / f"{row['name']}-{seed}{end}" for end in ("-train.csv", "-fresh.csv", ""))
    train.write_text("\n".join(header + lines[count:]) + "\n")
    fresh.write_text("\n".join(header + lines[:count]) + "\n")
    options = ["--header", "yes" if header else "no"]
    missing = row["missing"]
    if missing.lstrip("-").isdigit():
        options.append("--na=" + missing)
    if not (model / "model.safetensors").exists():
        masktape("train", "--data", str(train), "--label-column", row["label"], "--task", "regression", "--seed",
                 str(seed), "--out", str(model), *options)
    inside = []
    for level in LEVELS:
        answers = masktape("predict", "--model", str(model), "--data", str(fresh), "--interval", str(level), "--keep",
                           row["label"], "--header", options[1])
        held = [(float(low) <= float(actual) <= float(high)) for actual, _, low, high in
                list(csv.reader(io.StringIO(answers)))[1:] if is_number(actual)]
        inside.append(sum(held) / len(held))
    return len(held), inside


def is_number(text):
    try:
        return float(text) != -200
    except ValueError:
        return False


def main():
    folder, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    for row in csv.DictReader(open(HERE / "tables.csv")):
        if row["task"] == "regression" and (row["name"] in sys.argv[3:] or not sys.argv[3:]):
            runs = [coverage(row, folder, work, seed) for seed in SEEDS]
            means = [sum(inside[k] for _, inside in runs) / len(runs) for k in range(len(LEVELS))]
            print(f"| `{row['name']}` | {runs[0][0]} | " + " | ".join(f"{100 * mean:.1f} %" for mean in means) + " |",
                  flush=True)


if __name__ == "__main__":
    main()
