"""Writes wilson.json: SciPy's 95 % Wilson score intervals.

    python make-wilson.py

Needs scipy.
"""

import json
import pathlib

import scipy
from scipy.stats import binomtest

cases = []
for hits, trials in [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (81, 263), (975, 982), (74_998, 75_011), (204_291, 205_029)]:
    interval = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    cases.append({"hits": hits, "trials": trials, "low": interval.low, "high": interval.high})

out = pathlib.Path(__file__).with_name("wilson.json")
out.write_text(json.dumps({"madeWith": f"scipy {scipy.__version__}", "cases": cases}, separators=(",", ":")) + "\n")
