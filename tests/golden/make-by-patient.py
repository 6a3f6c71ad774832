"""Writes by-patient.json: metrics by recording and a bootstrap over patients, by scikit-learn and NumPy.

    python make-by-patient.py

Needs numpy, scikit-learn.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, log_loss, precision_recall_fscore_support, roc_auc_score

rng = np.random.default_rng(20041122)
patients = [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10]
labels = ["N", "S", "V"]
truth, record, probabilities = [], [], []
for number in range(len(patients)):
    # Recording 3 has most beats of S.
    counts = [60, 70 if number == 3 else 3, int(rng.integers(2, 12))]
    skill = rng.uniform(0.5, 3)
    for label, count in enumerate(counts):
        logits = rng.normal(0, 1, (count, 3))
        logits[:, label] += skill
        shares = np.exp(logits)
        probabilities.append((shares / shares.sum(1, keepdims=True)).astype("f4"))
        truth += [label] * count
        record += [number] * count
truth, record, probabilities = np.array(truth), np.array(record), np.concatenate(probabilities)
probabilities = probabilities.round(4).astype("f4")
predicted = probabilities.argmax(1)
patient = np.array(patients)[record]


def metrics(chosen):
    ppv, sensitivity, f1, support = precision_recall_fscore_support(
        truth[chosen], predicted[chosen], labels=range(3), zero_division=0
    )
    return [
        {"ppv": a, "sensitivity": b, "f1": c, "support": int(d)} for a, b, c, d in zip(ppv, sensitivity, f1, support)
    ]


def summary(chosen):
    t, p, scores = truth[chosen], predicted[chosen], probabilities[chosen].astype("f8")
    scores = scores / scores.sum(1, keepdims=True)
    values = {"accuracy": (t == p).mean(), "loss": log_loss(t, scores, labels=range(3))}
    each = metrics(chosen)
    values["macroF1"] = np.mean([m["f1"] for m in each])
    for c in range(3):
        of, as_ = t == c, p == c
        values |= {f"{k}{c}": each[c][k] for k in ("sensitivity", "ppv", "f1")}
        values[f"specificity{c}"] = (~of & ~as_).sum() / (~of).sum()
    return values


def areas(chosen):
    t, scores = truth[chosen], probabilities[chosen]
    roc = [roc_auc_score(t == c, scores[:, c]) for c in range(3)]
    ap = [average_precision_score(t == c, scores[:, c]) for c in range(3)]
    values = {"macroRocArea": np.mean(roc), "macroAveragePrecision": np.mean(ap)}
    return values | {f"rocArea{c}": roc[c] for c in range(3)} | {f"averagePrecision{c}": ap[c] for c in range(3)}


beats_of = [np.flatnonzero(patient == number) for number in range(11)]


def bounds(statistic, resamples):
    samples = []
    for _ in range(resamples):
        drawn = rng.integers(0, 11, 11)
        samples.append(statistic(np.concatenate([beats_of[number] for number in drawn])))
    return {key: np.percentile([s[key] for s in samples], [2.5, 97.5]).tolist() for key in samples[0]}


intervals = bounds(summary, 4000) | bounds(areas, 2000)
every = np.arange(len(truth))
out = pathlib.Path(__file__).with_name("by-patient.json")
out.write_text(
    json.dumps(
        {
            "madeWith": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
            "labels": labels,
            "patients": patients,
            "record": record.tolist(),
            "truth": truth.tolist(),
            "probabilities": [round(float(x), 4) for x in probabilities.ravel()],
            "byRecording": [metrics(every[record == number]) for number in range(len(patients))],
            "withoutRecording3": metrics(every[record != 3]),
            "intervals": intervals,
        },
        separators=(",", ":"),
    )
    + "\n"
)
