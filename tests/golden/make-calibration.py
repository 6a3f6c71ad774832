"""Writes calibration.json: temperature by SciPy, calibration errors by NumPy, sensitivities at false positives per hour
from scikit-learn's ROC curve.

    python make-calibration.py

Needs numpy, scipy, scikit-learn.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.metrics import log_loss, precision_score, roc_curve

rng = np.random.default_rng(20170806)
BEATS, CLASSES, HOURS, RATE, BINS = 300, 4, 2.5, 6.0, 15
truth = rng.choice(CLASSES, BEATS, p=[0.7, 0.15, 0.1, 0.05])
logits = rng.normal(0, 1.5, (BEATS, CLASSES))
logits[np.arange(BEATS), truth] += 1.5
probabilities = softmax(2 * logits, 1).round(4)
probabilities[:, 0] += 1 - probabilities.sum(1)
probabilities = np.clip(probabilities, 0, 1).astype("f4").astype("f8")
logs = np.log(np.maximum(probabilities, 1e-7))


def at(temperature):
    return softmax(logs / temperature, 1)


fit = minimize_scalar(
    lambda t: log_loss(truth, at(t), labels=range(CLASSES)), bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10}
)


def reliability(p):
    confidence, hit = p.max(1), p.argmax(1) == truth
    number = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    bins = []
    for b in range(BINS):
        chosen = number == b
        n = int(chosen.sum())
        bins.append({"beats": n, "confidence": confidence[chosen].mean() if n else None, "accuracy": hit[chosen].mean() if n else None})
    error = sum(b["beats"] / BEATS * abs(b["accuracy"] - b["confidence"]) for b in bins if b["beats"])
    return {"bins": bins, "error": error}


alarms = []
for c in range(CLASSES):
    of = truth == c
    fpr, tpr, thresholds = roc_curve(of, probabilities[:, c], drop_intermediate=False)
    allowed = np.flatnonzero(fpr * (~of).sum() <= RATE * HOURS + 1e-9)[-1]
    as_ = probabilities[:, c] >= thresholds[allowed]
    alarms.append({
        "threshold": float(thresholds[allowed]),
        "sensitivity": float(tpr[allowed]),
        "ppv": float(precision_score(of, as_)),
        "perHour": float(fpr[allowed] * (~of).sum() / HOURS),
    })

out = pathlib.Path(__file__).with_name("calibration.json")
out.write_text(
    json.dumps(
        {
            "madeWith": f"scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}",
            "classes": CLASSES,
            "truth": truth.tolist(),
            "probabilities": [round(float(x), 9) for x in probabilities.ravel()],
            "temperature": float(fit.x),
            "before": reliability(probabilities),
            "after": reliability(at(fit.x)),
            "hours": HOURS,
            "rate": RATE,
            "alarms": alarms,
        },
        separators=(",", ":"),
    )
    + "\n"
)
