"""Prepares MIT-BIH by the reference protocol with wfdb, PyWavelets, imbalanced-learn and scikit-learn.

    python bench/peers/prepare.py MITDB_FOLDER

Reads the records that RECORDS names, cuts beats of 360 samples, denoises each (Daubechies 4, seven levels, soft universal
threshold), drops classes under 6 beats, oversamples by SMOTE (k = 5), samples N down to 50,000 and splits 60/20/20, stratified.
Prints one JSON line with the fields of `ectopy bench prepare --json`: counts, seconds of each stage, peak memory in MB.
"""

import json
import resource
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pywt
import wfdb
from imblearn.over_sampling import SMOTE
from sklearn.model_selection import train_test_split

SYMBOLS = frozenset("NLRVAFfjaEJQexS")
BEFORE = AFTER = 180
LEVELS = 7
NEIGHBOURS = 5
LARGEST_N = 50_000
SEED = 42


def denoise(beat: np.ndarray) -> np.ndarray:
    approximation, *details = pywt.wavedec(beat, "db4", level=LEVELS)
    sigma = np.median(np.abs(details[-1])) / 0.6745
    threshold = sigma * np.sqrt(2 * np.log(len(beat)))
    shrunk = [pywt.threshold(detail, threshold, "soft") for detail in details]
    return pywt.waverec([approximation, *shrunk], "db4")[: len(beat)]


def read_beats(folder: Path) -> tuple[list[np.ndarray], list[str]]:
    """Returns the windows of all beats that lie wholly inside their record, in mV, and their symbols."""
    windows, symbols = [], []
    for name in (folder / "RECORDS").read_text().split():
        lead = wfdb.rdrecord(str(folder / name)).p_signal[:, 0]
        annotation = wfdb.rdann(str(folder / name), "atr")
        for peak, symbol in zip(annotation.sample, annotation.symbol):
            if symbol in SYMBOLS and peak >= BEFORE and peak + AFTER <= len(lead):
                windows.append(lead[peak - BEFORE : peak + AFTER])
                symbols.append(symbol)
    return windows, symbols


def cap_normal_beats(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    normal = np.flatnonzero(y == "N")
    excess = max(0, len(normal) - LARGEST_N)
    kept = np.ones(len(y), bool)
    kept[np.random.default_rng(SEED).choice(normal, excess, replace=False)] = False
    return x[kept], y[kept]


def main() -> None:
    warnings.filterwarnings("ignore")
    laps = [time.perf_counter()]

    def lap() -> None:
        laps.append(time.perf_counter())

    windows, symbols = read_beats(Path(sys.argv[1]))
    lap()
    x, y = np.array([denoise(window) for window in windows], "f4"), np.array(symbols)
    beats = Counter(symbols)
    lap()
    large_enough = np.isin(y, [symbol for symbol, count in beats.items() if count > NEIGHBOURS])
    x, y = SMOTE(random_state=SEED, k_neighbors=NEIGHBOURS).fit_resample(x[large_enough], y[large_enough])
    lap()
    x, y = cap_normal_beats(x, y)
    rest, test, rest_y, _ = train_test_split(x, y, test_size=0.2, stratify=y, random_state=SEED)
    train, validation, _, _ = train_test_split(rest, rest_y, test_size=0.25, stratify=rest_y, random_state=SEED)
    lap()
    seconds = dict(zip(("read", "denoise", "smote", "cap_split"), np.diff(laps).round(2).tolist()))
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    result = {
        "beats": len(symbols),
        "classes": len(set(y.tolist())),
        "balanced": len(y),
        "split": [len(train), len(validation), len(test)],
        "seconds": {**seconds, "total": round(laps[-1] - laps[0], 2)},
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2),
    }
    print(json.dumps(result))


main()
