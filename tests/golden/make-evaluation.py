"""Writes evaluation.json: scikit-learn's metrics and Keras' loss of small random predictions.

    python make-evaluation.py

Needs numpy, scikit-learn, keras with tensorflow.
"""

import json
import pathlib

import keras
import numpy as np
import sklearn
from sklearn.metrics import classification_report, confusion_matrix

rng = np.random.default_rng(20040701)
cases = []
for beats, classes, used in [(200, 14, 14), (60, 5, 3), (12, 4, 2), (1, 3, 3)]:
    truth = rng.integers(0, used, beats)
    probabilities = rng.dirichlet(np.full(classes, 0.2), beats).astype("f4")
    probabilities[0] = np.eye(classes, dtype="f4")[(truth[0] + 1) % classes]  # wrong with probability 1: its loss is clipped
    predicted = probabilities.argmax(1)
    report = classification_report(truth, predicted, labels=range(classes), output_dict=True, zero_division=0)
    default = classification_report(truth, predicted, output_dict=True, zero_division=0)
    loss = keras.losses.sparse_categorical_crossentropy(truth, probabilities)
    cases.append(
        {
            "classes": classes,
            "truth": truth.tolist(),
            "probabilities": probabilities.ravel().astype(float).round(9).tolist(),
            "confusion": confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
            "perClass": [
                {name: report[str(c)][key] for name, key in
                 [("precision", "precision"), ("recall", "recall"), ("f1", "f1-score"), ("support", "support")]}
                for c in range(classes)
            ],
            "accuracy": float((truth == predicted).mean()),
            "macroF1": default["macro avg"]["f1-score"],
            "weightedF1": default["weighted avg"]["f1-score"],
            "loss": float(np.mean(np.asarray(loss, "f8"))),
        }
    )
made_with = f"scikit-learn {sklearn.__version__}, keras {keras.__version__}"
text = json.dumps({"madeWith": made_with, "cases": cases}, indent=None, separators=(",", ":"))
(pathlib.Path(__file__).parent / "evaluation.json").write_text(text + "\n")
