# SPDX-License-Identifier: Apache-2.0
"""Compares the defaults of masktape train with those of scikit-learn on the tables of a folder.

    bench/cli/tables/compare.py FOLDER WORK                  all methods, all tables, seeds 1 to 5; then the table
    bench/cli/tables/compare.py FOLDER WORK --method mlp     only scikit-learn's multilayer perceptron
    bench/cli/tables/compare.py FOLDER WORK --table iris     only this table

tables.csv beside this script describes the files of the folder: name, file, separator, header, label column, task,
texts for a missing cell, test file, columns to ignore, a column of dates and a column of times. Only scikit-learn needs
all of this; masktape train gets the file, the label column, the task and the text for a missing cell if it is a number.

The script writes a training part and a test part (a fifth) for each seed into WORK; the rows are the lines of the file,
unchanged. Every method reads the same two files. WORK/results.csv collects the results; what it holds already is not
computed again. The metric is the error rate for labels, and the root mean squared error for a quantity.

The methods:

    mlp        MLPClassifier or MLPRegressor with default settings; SimpleImputer, StandardScaler and OneHotEncoder
               prepare the columns; a quantity is standardized as well
    boosting   HistGradientBoostingClassifier or -Regressor with default settings, after the same preparation
    masktape   java -jar bench/cli/target/masktape.jar train, with default settings
    tune       the same jar's tune with --trials; only if --method asks for it
    search     RandomizedSearchCV of mlp with as many candidates, cv=5; only if --method asks for it

Needs Python 3.11, scikit-learn 1.2 and pandas 1.5, which are Debian's python3-sklearn and python3-pandas.
"""

import argparse
import csv
import gzip
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import warnings

# One thread: so the sums of scikit-learn have one order, and the processor time is that of one core.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

HERE = pathlib.Path(__file__).resolve().parent
JAR = HERE.parent / "target" / "masktape.jar"
SEPARATORS = {"comma": ",", "semicolon": ";", "spaces": r"\s+"}
METHODS = ("mlp", "boosting", "masktape")
SEARCHES = ("search", "tune")
DIFFERENCES = (("masktape", "mlp"), ("tune", "masktape"), ("tune", "search"))
FIELDS = ("table", "seed", "method", "metric", "error", "seconds")


class Table:
    """A row of tables.csv."""

    def __init__(self, folder, row):
        self.name = row["name"]
        self.file = folder / row["file"]
        self.separator = SEPARATORS[row["separator"]]
        self.header = row["header"] == "yes"
        self.label = row["label"]
        self.is_regression = row["task"] == "regression"
        self.missing = row["missing"].split()
        self.test = folder / row["test"] if row["test"] else None
        self.ignored = row["ignore"].split()
        self.days = row["days"]
        self.hours = row["hours"]

    def column(self, name, columns):
        """The label of a column of a data frame, given its name, its number from 1, or the word last."""
        return columns[-1] if name == "last" else name if self.header else columns[int(name) - 1]

    def frame(self, file):
        """The cells of a file, with the columns that are ignored, and the label."""
        import pandas

        frame = pandas.read_csv(
            file,
            sep=self.separator,
            header=0 if self.header else None,
            na_values=self.missing,
            skipinitialspace=True,
        )
        label = self.column(self.label, frame.columns)
        frame = frame[frame[label].notna()]
        y = frame[label]
        if not self.is_regression:
            y = y.astype(str).str.rstrip(".")
        x = frame.drop(columns=[label] + [self.column(name, frame.columns) for name in self.ignored])
        if self.days:
            x[self.days] = pandas.to_datetime(x[self.days], dayfirst=True).map(lambda day: day.toordinal())
        if self.hours:
            x[self.hours] = x[self.hours].str.split(":").str[0].astype(float)
        return x, y

    # ---- training and test parts ----

    def split(self, work, seed):
        """The two files of a seed, written if they do not exist."""
        parts = [work / f"{self.name}-{seed}-{part}.csv" for part in ("train", "test")]
        if self.test is not None:
            for part, file in zip(parts, (self.file, self.test)):
                write(part, lines(file))
        elif not all(part.exists() for part in parts):
            from sklearn.model_selection import train_test_split

            head, rows = lines(self.file)[: self.header], lines(self.file)[self.header :]
            _, y = self.frame(self.file)
            # Rows without a label stay in the training part: what reads them must leave them out.
            unlabeled = sorted(set(range(len(rows))) - set(y.index))
            classes = None if self.is_regression else y
            train, test = train_test_split(y.index, test_size=0.2, random_state=seed, stratify=classes)
            for part, indices in zip(parts, ([*train, *unlabeled], test)):
                # The first line of scikit-learn's own files begins with the number of rows.
                counted = [re.sub(rf"^{len(rows)}(?=,)", str(len(indices)), line) for line in head]
                write(part, counted + [rows[i] for i in sorted(indices)])
        return parts


def lines(file):
    """The lines of a file without those that are blank."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return [line for line in content.decode().replace("\r\n", "\n").split("\n") if line.strip()]


def write(file, rows):
    if not file.exists():
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")


# ---- methods ----


def prepared(table, train, test):
    """The features and targets of both parts as scikit-learn's estimators take them, and the unit of the target."""
    import numpy
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    (x, y), (x_test, y_test) = table.frame(train), table.frame(test)
    numbers = make_column_selector(dtype_include="number")
    words = make_column_selector(dtype_exclude="number")
    preparation = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (
            make_pipeline(
                SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)
            ),
            words,
        ),
    )
    x.columns, x_test.columns = x.columns.astype(str), x_test.columns.astype(str)
    # A column of numbers in one part may hold words in the other.
    x_test = x_test.astype({name: x[name].dtype for name in x.columns if x[name].dtype == object})
    x, x_test = preparation.fit_transform(x), preparation.transform(x_test)
    if not table.is_regression:
        return x, y.to_numpy(), x_test, y_test.to_numpy(), 1.0
    mean, unit = y.mean(), y.std(ddof=0)
    return x, ((y - mean) / unit).to_numpy(), x_test, ((y_test - mean) / unit).to_numpy(), unit


def estimator(table, method, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    if method == "mlp":
        return (MLPRegressor if table.is_regression else MLPClassifier)(random_state=seed)
    return (HistGradientBoostingRegressor if table.is_regression else HistGradientBoostingClassifier)(random_state=seed)


def search(table, seed, trials):
    """A random search over about the ranges of masktape tune; alpha is the nearest to its weight decay."""
    from scipy.stats import loguniform
    from sklearn.model_selection import RandomizedSearchCV

    ranges = {
        "hidden_layer_sizes": [(32,), (64,), (128,), (32, 32), (64, 64), (128, 128)],
        "activation": ["relu", "tanh"],
        "alpha": loguniform(1e-5, 1),
        "learning_rate_init": loguniform(0.0005, 0.012),
        "batch_size": [16, 32, 64, 128, 200],
        "max_iter": [60, 120, 240],
    }
    scoring = "neg_root_mean_squared_error" if table.is_regression else "accuracy"
    mlp = estimator(table, "mlp", seed)
    return RandomizedSearchCV(mlp, ranges, n_iter=trials, cv=5, scoring=scoring, random_state=seed)


def scikit(table, method, seed, train, test, trials):
    """The error of one of scikit-learn's estimators on the test part."""
    import numpy

    x, y, x_test, y_test, unit = prepared(table, train, test)
    model = search(table, seed, trials) if method == "search" else estimator(table, method, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = model.fit(x, y).predict(x_test)
    if table.is_regression:
        return unit * math.sqrt(numpy.mean((predicted - y_test) ** 2))
    return numpy.mean(predicted != y_test)


def masktape(table, seed, train, test, options, command=("train",)):
    """The error that a command of masktape reports for the test part."""
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    command = [java, "-jar", os.environ.get("MASKTAPE_JAR", str(JAR)), *command]
    command += ["--data", str(train), "--test-data", str(test), "--seed", str(seed)]
    command += ["--split-seed", str(seed), "--task", "regression" if table.is_regression else "classification"]
    command += [] if table.label == "last" else ["--label-column", table.label]
    command += [f"--na={','.join(table.missing)}"] if table.missing else []
    command += options
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"^test (?:rmse ([\d.e+-]+)|error .*\((\d+) of (\d+)\))", done.stdout, re.MULTILINE)
    if done.returncode != 0 or found is None:
        print(" ".join(command), done.stderr, sep="\n", file=sys.stderr)
        return math.nan
    return float(found[1]) if found[1] else int(found[2]) / int(found[3])


# ---- results ----


def collect(tables, work, methods, seeds, options, trials):
    """The results of all methods by table, method and seed; those that were missing are computed."""
    file = work / "results.csv"
    results = {}
    if file.exists():
        with open(file, newline="") as rows:
            for row in csv.DictReader(rows):
                results[row["table"], row["method"], int(row["seed"])] = float(row["error"])
    else:
        file.write_text(",".join(FIELDS) + "\n")
    for seed in seeds:
        for table in tables:
            for method in methods:
                if (table.name, method, seed) in results:
                    continue
                train, test = table.split(work, seed)
                begun = time.time()
                if method == "masktape":
                    error = masktape(table, seed, train, test, options)
                elif method == "tune":
                    out = str(work / f"{table.name}-{seed}-tuned")
                    command = ("tune", "--trials", str(trials), "--out", out)
                    error = masktape(table, seed, train, test, options, command)
                else:
                    error = scikit(table, method, seed, train, test, trials)
                results[table.name, method, seed] = error
                metric = "rmse" if table.is_regression else "error"
                with open(file, "a", newline="") as rows:
                    row = (table.name, seed, method, metric, f"{error:.6g}", f"{time.time() - begun:.1f}")
                    csv.writer(rows, lineterminator="\n").writerow(row)
                print(*row, flush=True)
    return results


def report(tables, results, seeds):
    """Prints the mean and the standard deviation of each method, and where masktape wins."""
    methods = [m for m in METHODS + SEARCHES if any((t.name, m, s) in results for t in tables for s in seeds)]
    pairs = [(a, b) for a, b in DIFFERENCES if a in methods and b in methods]
    heads = [f"{a} − {b}" for a, b in pairs]
    print("\n| table | metric | " + " | ".join(methods + heads) + " |")
    print("|---" * (len(methods + heads) + 2) + "|")
    good, ranks = [], []
    for table in tables:
        errors = {m: [results.get((table.name, m, s), math.nan) for s in seeds] for m in methods}
        cells = [f"{mean(errors[m])} ± {deviation(errors[m])}" for m in methods]
        for pair in pairs:
            paired = [a - b for a, b in zip(errors[pair[0]], errors[pair[1]]) if math.isfinite(a - b)]
            error = statistics.stdev(paired) / math.sqrt(len(paired)) if len(paired) > 1 else 0
            worse = statistics.fmean(paired) > error
            cells.append(f"{statistics.fmean(paired):+.3g} ± {error:.2g}" + (" (worse)" if worse else ""))
            if pair == DIFFERENCES[0]:
                good.append(not worse)
                ranks.append([rank(errors, m) for m in methods])
        print(f"| {table.name} | {'RMSE' if table.is_regression else 'error'} | {' | '.join(cells)} |")
    if good:
        print(f"\nbetter than mlp or within one standard error: {sum(good)} of {len(good)}")
        print("mean rank: " + ", ".join(f"{m} {statistics.fmean(r[i] for r in ranks):.2f}" for i, m in enumerate(methods)))


def rank(errors, method):
    """The rank of a method by its mean error, from 1; equal errors share a rank."""
    means = [statistics.fmean(values) for values in errors.values()]
    own = statistics.fmean(errors[method])
    return (sum(m < own for m in means) + sum(m <= own for m in means) + 1) / 2


def mean(values):
    return f"{statistics.fmean(values):.4g}"


def deviation(values):
    return f"{statistics.stdev(values):.2g}" if len(values) > 1 and all(map(math.isfinite, values)) else "?"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="the folder that holds the files")
    parser.add_argument("work", type=pathlib.Path, help="the folder for parts and results")
    parser.add_argument("--tables", type=pathlib.Path, default=HERE / "tables.csv", help="the description of the files")
    parser.add_argument("--table", action="append", help="run only this table; may be repeated")
    parser.add_argument("--method", action="append", choices=METHODS + SEARCHES, help="run only this method; may be repeated")
    parser.add_argument("--seeds", type=int, default=5, help="the number of seeds (default: 5)")
    parser.add_argument("--trials", type=int, default=16, help="the number of trials of a search (default: 16)")
    parser.add_argument("--options", default="", help="more options for masktape train, in one word")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    with open(arguments.tables, newline="") as rows:
        all_tables = [Table(arguments.folder, row) for row in csv.DictReader(rows)]
    chosen = [t for t in all_tables if not arguments.table or t.name in arguments.table]
    seed_range = range(1, arguments.seeds + 1)
    report(
        chosen,
        collect(chosen, arguments.work, arguments.method or METHODS, seed_range, arguments.options.split(), arguments.trials),
        seed_range,
    )
