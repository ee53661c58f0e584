"""The work loads with other people's tools: CSV files in, held-out loss as JSON out.

    python peers.py TOOL WORKLOAD TYPE TRAIN.csv TEST.csv

TOOL: sgd (pandas, encoding, SGDClassifier or SGDRegressor, 10 passes), exact (LogisticRegression or Ridge), vw (10 passes)
"""

import json
import os
import re
import resource
import subprocess
import sys

tool, workload, kind, train_path, test_path = sys.argv[1:]
L2 = 1e-6


def log_loss(labels, probabilities):
    import numpy as np

    return float(-np.log(np.clip(probabilities[np.arange(len(labels)), labels], 1e-15, 1)).mean())


def read(path):
    import pandas

    frame = pandas.read_csv(path)
    return frame.drop(columns="y"), frame["y"].to_numpy()


def encoder(frame):
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if workload == "W3":
        return ColumnTransformer([("t", CountVectorizer(ngram_range=(1, 2), binary=True), "t")])
    numbers = [name for name in frame if name[0] in "nb"]
    words = [name for name in frame if name[0] == "c"]
    parts = [("n", StandardScaler(), numbers)]
    if words:
        parts.append(("c", OneHotEncoder(handle_unknown="ignore"), words))
    return ColumnTransformer(parts)


def scikit_learn():
    import numpy as np
    from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier, SGDRegressor

    x, y = read(train_path)
    encode = encoder(x)
    x = encode.fit_transform(x)
    if kind == "REGRESSION":
        mean, deviation = y.mean(), y.std()
        model = (
            Ridge(alpha=1 + len(y) * L2)
            if tool == "exact"
            else SGDRegressor(max_iter=10, tol=None, random_state=1)
        )
        model.fit(x, (y - mean) / deviation)
        test, t = read(test_path)
        error = model.predict(encode.transform(test)) - (t - mean) / deviation
        return float((error**2).mean() / 2)
    model = (
        LogisticRegression(C=1 / (1 + len(y) * L2), max_iter=300)
        if tool == "exact"
        else SGDClassifier(loss="log_loss", max_iter=10, tol=None, random_state=1)
    )
    model.fit(x, y)
    test, t = read(test_path)
    return log_loss(np.searchsorted(model.classes_, t), model.predict_proba(encode.transform(test)))


def convert(path, out):
    """To what VW reads: its CSV without the header, or its text form for words and for classes, which its CSV cannot have."""
    command = ["sed", "-e", {"BINARY": "1d;s/^0,/-1,/", "REGRESSION": "1d"}.get(kind, ""), path]
    if workload == "W3":
        command = ["sed", "-e", "1d;s/^0,/-1 | /;s/^1,/1 | /", path]
    elif kind == "MULTICLASS":
        program = 'NR>1{printf "%s |",$1;for(i=2;i<=NF;i++)if($i!=0)printf " %d:%s",i,$i;print ""}'
        command = ["awk", "-F,", program, path]
    with open(out, "w") as target:
        subprocess.run(command, stdout=target, check=True)


def vowpal_wabbit():
    import numpy as np
    import vowpalwabbit

    header = open(test_path).readline().strip().split(",")
    common = "-b 24 --quiet"
    if workload == "W3":
        common += " --ngram 2"
    elif kind != "MULTICLASS":
        common += " --csv --csv_no_file_header --csv_header _label," + ",".join(header[1:])
    learn = {
        "BINARY": "--loss_function logistic",
        "MULTICLASS": "--oaa 7 --loss_function logistic --probabilities",
        "REGRESSION": "--loss_function squared",
    }[kind]
    data, test, model, predictions = (train_path + suffix for suffix in (".vw", ".vwtest", ".vwmodel", ".vwpred"))
    convert(train_path, data)
    convert(test_path, test)
    cache = train_path + ".vwcache"
    if os.path.exists(cache):
        os.remove(cache)
    vowpalwabbit.Workspace(
        f"{common} {learn} -d {data} --passes 10 --holdout_off --cache_file {cache} -f {model}"
    ).finish()
    link = "--link logistic" if kind == "BINARY" else ""
    probabilities = "--probabilities" if kind == "MULTICLASS" else ""
    vowpalwabbit.Workspace(f"{common} {link} {probabilities} -d {test} -t -i {model} -p {predictions}").finish()
    labels = np.array([float(line.split(",", 1)[0]) for line in open(test_path).readlines()[1:]])
    lines = [line for line in open(predictions).read().splitlines() if line]
    if kind == "REGRESSION":
        deviation = np.std([float(line.split(",", 1)[0]) for line in open(train_path).readlines()[1:]])
        scores = np.array([float(line) for line in lines])
        return float((((scores - labels) / deviation) ** 2).mean() / 2)
    if kind == "BINARY":
        p = np.array([float(line) for line in lines])
        return log_loss(labels.astype(int), np.stack([1 - p, p], axis=1))
    rows = np.array([[float(part) for part in re.findall(r":([0-9.e+-]+)", line)] for line in lines])
    return log_loss(labels.astype(int) - 1, rows / rows.sum(axis=1, keepdims=True))


loss = vowpal_wabbit() if tool == "vw" else scikit_learn()
usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(
    json.dumps(
        {
            "loss": loss,
            "cpuMs": 1000 * sum(u.ru_utime + u.ru_stime for u in usage),
            "peakMegabytes": max(u.ru_maxrss for u in usage) / 1000,
        }
    )
)
