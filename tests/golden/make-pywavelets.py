"""Writes pywavelets.json: PyWavelets' transforms and filtered signals, for a few wavelets, lengths and levels.

    python make-pywavelets.py

Needs numpy, PyWavelets.
"""

import json
import pathlib
import warnings

import numpy as np
import pywt

warnings.filterwarnings("ignore", message="Level value")  # some cases test more levels than useful
rng = np.random.default_rng(1992)


def denoise(x, wavelet, levels, mode):
    c = pywt.wavedec(x, wavelet, level=levels)
    u = np.median(np.abs(c[-1])) / 0.6745 * np.sqrt(2 * np.log(len(x)))
    c[1:] = [pywt.threshold(d, u, mode) for d in c[1:]]
    return pywt.waverec(c, wavelet)[: len(x)]


def beat(n):
    """Returns waves of an ECG with noise, in steps of 1/200 mV."""
    t = np.arange(n) / n
    bumps = [(0.15, 0.3, 0.03), (1.2, 0.5, 0.012), (-0.3, 0.53, 0.015), (0.3, 0.75, 0.06)]
    clean = sum(height * np.exp(-(((t - at) / width) ** 2)) for height, at, width in bumps)
    return np.round(200 * (clean + 0.1 * np.sin(7 * t) + 0.015 * rng.standard_normal(n))) / 200


def transform(wavelet, n, levels):
    x = rng.standard_normal(n).round(3)
    *_, finest = coefficients = pywt.wavedec(x, wavelet, level=levels)
    assert len(finest) == pywt.dwt_coeff_len(n, pywt.Wavelet(wavelet).dec_len, "symmetric")
    return {
        "wavelet": wavelet,
        "levels": levels,
        "signal": x.tolist(),
        "approximation": coefficients[0].tolist(),
        "details": [d.tolist() for d in coefficients[:0:-1]],
        "reconstruction": pywt.waverec(coefficients, wavelet).tolist(),
    }


def denoised(wavelet, n, levels, mode):
    x = beat(n)
    return {
        "wavelet": wavelet,
        "levels": levels,
        "threshold": mode,
        "signal": x.tolist(),
        "denoised": denoise(x, wavelet, levels, mode).tolist(),
    }


filters = {}
for name in ["db1", "db2", "db4", "db38"]:
    w = pywt.Wavelet(name)
    filters[name] = [w.dec_lo, w.dec_hi, w.rec_lo, w.rec_hi]
result = {
    "madeWith": f"PyWavelets {pywt.__version__}, numpy {np.__version__}",
    "filters": filters,
    "transforms": [
        transform(*case)
        for case in [
            ("db1", 1, 1), ("db1", 2, 1), ("db1", 9, 4), ("db2", 1, 3), ("db2", 33, 3), ("db3", 2, 2), ("db4", 1, 7),
            ("db4", 2, 1), ("db4", 3, 2), ("db4", 7, 3), ("db4", 64, 3), ("db4", 101, 7), ("db5", 6, 9), ("db9", 50, 2),
            ("db20", 5, 2), ("db20", 77, 3), ("db38", 1, 2), ("db38", 25, 2), ("db38", 80, 1),
        ]
    ],
    "denoised": [
        denoised(*case)
        for case in [
            ("db4", 360, 7, "soft"), ("db4", 360, 7, "hard"), ("db4", 359, 7, "soft"), ("db2", 91, 3, "soft"),
            ("db6", 250, 5, "hard"), ("db20", 128, 4, "soft"), ("db4", 5, 7, "soft"),
        ]
    ],
}
text = json.dumps(result, separators=(",", ":"))
(pathlib.Path(__file__).parent / "pywavelets.json").write_text(text + "\n")
