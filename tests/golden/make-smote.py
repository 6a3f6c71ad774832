"""Writes smote.json: imbalanced-learn's class sizes and interpolation, scikit-learn's stratified split sizes.

    python make-smote.py

Needs numpy, imbalanced-learn, scikit-learn.
"""

import json
import pathlib
import warnings
from collections import Counter

import imblearn
import numpy as np
import sklearn
from imblearn.over_sampling import SMOTE
from sklearn.model_selection import train_test_split

warnings.filterwarnings("ignore")
rng = np.random.default_rng(2002)

# Class sizes after SMOTE.
sizes = [40, 6, 17, 40, 9]
labels = np.repeat(np.arange(len(sizes)), sizes)
_, balanced = SMOTE(random_state=1).fit_resample(rng.normal(size=(len(labels), 3)).astype("f4"), labels)
balanced_sizes = [Counter(balanced.tolist())[c] for c in range(len(sizes))]

# Points between beats, by imbalanced-learn's formula.
values = rng.normal(size=(8, 5)).round(3).astype("f4")
base = rng.integers(0, 8, 12)
table = rng.integers(0, 8, (8, 3))
column = rng.integers(0, 3, 12)
steps = (rng.integers(0, 2**24, 12) / 2**24).astype("f4")
points = SMOTE()._generate_samples(values, values, table, base, column, steps[:, None].astype("f8"))

# Sizes of a stratified 60/20/20 split, by class. Counts without equal remainders, which scikit-learn resolves at random.
splits = []
for counts in [[45, 7, 23, 11], [100, 53, 5], [75011, 2546, 106, 16, 8071], [991, 19]]:
    y = np.repeat(np.arange(len(counts)), counts)
    rest, test = train_test_split(y, test_size=0.2, stratify=y, random_state=3)
    train, validation = train_test_split(rest, test_size=0.25, stratify=rest, random_state=3)
    splits.append(
        {
            "counts": counts,
            "parts": [[int((part == c).sum()) for c in range(len(counts))] for part in (train, validation, test)],
        }
    )
total_sizes = []
for n in [1_025_143, 102_606, 1000, 101, 17]:
    rest, test = train_test_split(np.zeros(n, "u1"), test_size=0.2)
    train, validation = train_test_split(rest, test_size=0.25)
    total_sizes.append([n, len(train), len(validation), len(test)])

result = {
    "madeWith": f"imbalanced-learn {imblearn.__version__}, scikit-learn {sklearn.__version__}",
    "sizes": sizes,
    "balancedSizes": balanced_sizes,
    "interpolation": {
        "length": 5,
        "values": [round(float(v), 3) for v in values.ravel()],
        "base": base.tolist(),
        "neighbour": table[base, column].tolist(),
        "lambda": [float(v) for v in steps],
        "points": [float(v) for v in np.asarray(points, "f4").ravel()],
    },
    "splits": splits,
    "totalSizes": total_sizes,
}
text = json.dumps(result, separators=(",", ":"))
(pathlib.Path(__file__).parent / "smote.json").write_text(text + "\n")
