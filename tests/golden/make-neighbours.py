"""Writes neighbours.json: scikit-learn's nearest neighbours of beat-like and of random float32 rows.

    python make-neighbours.py

Needs numpy, scikit-learn. All distances of a row differ, so the order is unique.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors

rng = np.random.default_rng(1967)


def beats(rows, length):
    """Returns sums of a few bumps, with a little noise: few principal directions, as in filtered beats."""
    t = np.linspace(0, 1, length)
    bumps = np.exp(-(((t - rng.uniform(0, 1, (6, 1))) / 0.08) ** 2))
    return rng.normal(size=(rows, 6)) @ bumps + 0.01 * rng.normal(size=(rows, length))


cases = []
for name, data in [("beat-like", beats(150, 40)), ("random", rng.normal(size=(120, 24)))]:
    values = data.round(4).astype("f4")
    k = 5
    # The first neighbour is the point itself, as in imbalanced-learn's SMOTE.
    found = NearestNeighbors(n_neighbors=k + 1).fit(values).kneighbors(return_distance=True, X=values)
    cases.append(
        {
            "name": name,
            "length": values.shape[1],
            "k": k,
            "values": [round(float(v), 4) for v in values.ravel()],
            "neighbours": found[1][:, 1:].ravel().tolist(),
        }
    )
text = json.dumps({"madeWith": f"scikit-learn {sklearn.__version__}", "cases": cases}, separators=(",", ":"))
(pathlib.Path(__file__).parent / "neighbours.json").write_text(text + "\n")
